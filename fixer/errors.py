"""What can go wrong, in words a user can act on.

Every error prints as one line, ``place: what is wrong, what to do``. The pure core raises only for
broken contracts; ``cli.main`` is the one place that turns an error into an exit code.

>>> str(GlossaryError("unknown key 'alias', did you mean 'aliases'?", "names.yaml", 3, 5))
"names.yaml:3:5: unknown key 'alias', did you mean 'aliases'?"
"""

from __future__ import annotations

__all__ = ["FixerError", "FormatError", "GlossaryError", "PolicyError", "StaleError", "nearest", "needs_extra"]


class FixerError(Exception):
    """Root of everything fixer raises on purpose.

    The fields are passed to ``Exception.__init__`` unchanged, so that an error survives pickling on
    its way back from a worker process.
    """

    def __init__(self, message: str, source: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message, source, line, column)
        self.message = message
        """What is wrong and what to do, without the place."""
        self.source = source
        """File name or other origin; empty when there is none."""
        self.line = line
        """1-based; 0 when unknown."""
        self.column = column
        """1-based, in code points; 0 when unknown."""

    def __str__(self) -> str:
        place = self.source
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        return f"{place}: {self.message}" if place else self.message


class GlossaryError(FixerError):
    """A glossary cannot be read or contradicts itself."""


class FormatError(FixerError):
    """A transcript cannot be read as what it claims to be."""


class PolicyError(FixerError):
    """Configuration or a command line that makes no sense."""


class StaleError(FixerError):
    """The text is no longer what it was when a correction was proposed; nothing is written."""


def needs_extra(what: str, extra: str, package: str) -> str:
    """What to say where an optional package is missing: a command that helps wherever fixer came from.

    Args:
        what: cannot be done without it.
        extra: that brings it, where fixer is installed by its name.
        package: as the index has it; installed by itself it serves a checkout, too.
    """
    return f"{what} needs {package}: pip install {package} (the extra fixer[{extra}])"


def nearest(word: str, known: tuple[str, ...]) -> str:
    """``, did you mean 'x'?`` for the known word most like ``word``; the list of all when none is."""
    import difflib  # noqa: PLC0415 - only when something is wrong

    close = difflib.get_close_matches(word, known, n=1)
    return f", did you mean '{close[0]}'?" if close else f"; known are {', '.join(sorted(known))}"
