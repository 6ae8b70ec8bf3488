"""The answers of a second reader, in a file made to be committed: the same answer tomorrow, without a network.

One JSON object a line, no line depending on its neighbours. While a run asks, the file only grows, each answer on disk
as it comes; ``tidy`` orders it by key and drops what was answered again later, so that two people's answers merge
like any other text. The last line of a key counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from fixer.errors import FixerError, FormatError
from fixer.project.disk import Journal, read_lines, write
from fixer.project.lock import Lock
from fixer.project.settings import state_dir
from fixer.text import Record

__all__ = ["Answer", "AnswerFile", "parse_answers"]

_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
"""Git's, of a merge by hand."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said to one question."""

    key: str
    """Of the question: a hash of passage, glossary slice, prompts and model."""
    model: str
    prompts: str
    """Version of the prompts."""
    when: str
    sent: int
    received: int
    """Tokens."""
    answer: str
    """The model's message, as it wrote it."""
    bound: int = 0
    """Place in ``budget.BOUNDS`` of the bound that its question kept to; 0 when all lines were sent."""

    def to_line(self) -> str:
        """The record as one JSON object."""
        record = asdict(self)
        if not self.bound:
            del record["bound"]
        return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def parse_answers(lines: Iterable[str], source: str) -> tuple[dict[str, Answer], tuple[FormatError, ...]]:
    """Answers by key, the last of each, and an error for every line that holds none.

    Only ``key`` and ``answer`` must be there; what other programs leave out stays empty.
    """
    found: dict[str, Answer] = {}
    errors: list[FormatError] = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith(_MARKS):
            try:
                answer = _answer(line)
                found.pop(answer.key, None)
                found[answer.key] = answer
            except FormatError as error:
                errors.append(FormatError(error.message, source, number))
    return found, tuple(errors)


def _answer(line: str) -> Answer:
    record = Record.parse(line)
    said = record.fields.get("answer")
    if isinstance(said, dict):  # other programs parse what they were told
        record = Record({**record.fields, "answer": json.dumps(said, ensure_ascii=False)})
    texts = record.texts(("key", "model", "prompts", "when", "answer"))
    for name in ("key", "answer"):
        if not texts[name]:
            raise FormatError(f"'{name}' is missing; it is left out")
    sent, received, bound = (record.number(name, 0) for name in ("sent", "received", "bound"))
    if min(sent, received, bound) < 0:
        raise FormatError("'sent', 'received' and 'bound' take whole numbers from 0; it is left out")
    texts["answer"] = texts["answer"].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Answer(sent=sent, received=received, bound=bound, **texts)


class AnswerFile:
    """An answer file and what is in it. A missing one is empty, and made with the first answer.

    Attributes:
        errors: one for every line that holds no answer.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known, self.errors = parse_answers(read_lines(path), str(path))
        self._journal: Journal | None = None
        self._lock: Lock | None = None

    @property
    def known(self) -> dict[str, Answer]:
        """Answers by key."""
        return dict(self._known)

    def add(self, answer: Answer) -> None:
        """Append an answer; it is on disk when this returns.

        Raises:
            FixerError: when it cannot be kept, or another process adds answers to the same file.
        """
        self.open().append(answer.to_line())
        self._known[answer.key] = answer

    def open(self) -> Journal:
        """Make sure that answers can be kept, before anybody is paid for one.

        Raises:
            FixerError: when they cannot, or another process adds answers to the same file.
        """
        if self._journal is not None:
            return self._journal
        self._hold()
        try:
            self._journal = Journal(self.path)
        except FixerError:
            self.close()
            raise
        return self._journal

    def _hold(self) -> None:
        if self._lock is not None:
            return
        name = hashlib.blake2b(str(self.path.resolve()).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
        self._lock = Lock(state_dir() / f"answers-{name}.lock", f"the answer file {self.path.name}")

    def tidy(self) -> None:
        """Order the file by key, one line each, at once or not at all; lines that hold no answer stay as they are.

        Raises:
            FixerError: when it cannot be written.
        """
        self._hold()
        lines = read_lines(self.path)
        found, errors = parse_answers(lines, str(self.path))
        bad = [lines[error.line - 1] for error in errors]
        wanted = [*bad, *(found[key].to_line() for key in sorted(found))]
        if wanted != lines:
            if self._journal is not None:
                self._journal.close()
                self._journal = None
            write(self.path, "".join(line + "\n" for line in wanted).encode("utf-8", "surrogatepass"))
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None
            with suppress(OSError):
                if not self.path.stat().st_size:
                    self.path.unlink()  # no answer came
        if self._lock is not None:
            self._lock.close()
            self._lock = None
