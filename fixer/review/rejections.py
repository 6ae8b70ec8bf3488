"""What people turned down before: the proposals that ``check`` and ``fix`` need not make again.

A rejection holds for its place, found again by the proposal's id or by the words around it; what was meant for the
file, the pair or the term holds wherever it fits, until somebody says the opposite as widely.

>>> said = Decision("a.txt", "1", Verdict.REJECT, "", Scope.PAIR, heard="Imogen", proposed="Imagen", term="Imagen")
>>> Rejections([said]).pairs
frozenset({('Imogen', 'Imagen')})
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fixer.judge.proposal import Proposal
from fixer.review.decision import OVERLAP, POLICY, Decision, Key, Scope, Verdict

__all__ = ["Rejections"]


class Rejections:
    """Rejections that stand, of all files.

    Args:
        decisions: everything decided, oldest first; the last word on a place counts.
    """

    def __init__(self, decisions: Iterable[Decision]) -> None:
        last: dict[Key, Decision] = {}
        for d in decisions:
            if d.by not in (POLICY, OVERLAP) and d.verdict is not Verdict.SKIP:
                last.pop(d.key, None)
                last[d.key] = d
        wide: dict[tuple[str, ...], Decision] = {}
        self._here: dict[str, list[Decision]] = {}
        self._taken: set[Key] = set()
        for d in last.values():
            for key in _reach(d):
                wide[key] = d
            if d.verdict is Verdict.REJECT:
                self._here.setdefault(d.file, []).append(d)
            else:
                self._taken.add(d.key)
        self._wide = frozenset(key for key, d in wide.items() if d.verdict is Verdict.REJECT)

    def __bool__(self) -> bool:
        return bool(self._here)

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Heard form and proposed text that are left alone everywhere."""
        return frozenset((key[1], key[2]) for key in self._wide if key[0] == "pair")

    def among(self, proposals: Sequence[Proposal], file: str, text: str) -> frozenset[str]:
        """Ids of the proposals for a file that people have turned down.

        Args:
            proposals: what is proposed now.
            file: the transcript as decisions name it.
            text: its recognised text.
        """
        here = self._here.get(file, [])
        ids = {d.proposal for d in here}
        out = set()
        for p in proposals:
            keys = (("pair", p.heard, p.replacement), ("term", p.term), ("file", file, p.heard, p.replacement))
            wide = any(key in self._wide for key in keys) and Key(file, p.id) not in self._taken
            if p.id in ids or wide or any(_stands(d, p, text) for d in here):
                out.add(p.id)
        return frozenset(out)


def _reach(d: Decision) -> Iterator[tuple[str, ...]]:
    """What a decision speaks of beyond its place."""
    if d.scope in (Scope.PAIR, Scope.ALWAYS):
        yield "pair", d.heard, d.proposed
    elif d.scope is Scope.TERM:
        yield "term", d.term
    elif d.scope is Scope.FILE:
        yield "file", d.file, d.heard, d.proposed


def _stands(d: Decision, p: Proposal, text: str) -> bool:
    """Whether a proposal stands in the very words an earlier decision stood in."""
    if (d.heard, d.proposed) != (p.heard, p.replacement) or not (d.before or d.after):
        return False
    at = p.span.start - len(d.before)
    return at >= 0 and text.startswith(d.before, at) and text.startswith(d.after, p.span.end)
