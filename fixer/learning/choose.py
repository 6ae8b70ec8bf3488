"""Choosing among mined names: what was said of each, undone step by step, and the terms that follow.

A cluster is taken as a new term, under its commonest spelling or what a person types; or, where a known term was
misheard, as aliases of that. No screen and no disk here.

>>> from fixer.learning.discover import Form
>>> cluster = Cluster((Form("FooBarix", 2, ("a",)), Form("Foobaricks", 1, ("a",))), (), (), ())
>>> selection = Selection([cluster])
>>> selection.accept(0)
>>> [(term.term, [alias.form for alias in term.aliases]) for term in selection.terms()]
[('FooBarix', ['Foobaricks'])]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fixer.glossary.terms import Alias, Term
from fixer.learning.discover import Cluster
from fixer.review.decision import State

__all__ = ["Selection", "as_term", "usual_name"]


def usual_name(cluster: Cluster) -> str:
    """What a cluster is taken for when nobody says otherwise: the known term it sounds like, else its own name."""
    return cluster.nearest[0][0] if cluster.misheard else cluster.name


def as_term(cluster: Cluster, name: str = "") -> Term:
    """A cluster as a term with its other spellings as misheard forms."""
    chosen = name or usual_name(cluster)
    forms = dict.fromkeys(form.text for form in cluster.forms)
    return Term(chosen, aliases=tuple(Alias(form) for form in forms if form != chosen))


class Selection:
    """What was decided of each cluster.

    Args:
        clusters: the names, in the order they are shown.
    """

    def __init__(self, clusters: Sequence[Cluster]) -> None:
        self.clusters = tuple(clusters)
        self._said: dict[int, tuple[State, str]] = {}
        self._steps: list[tuple[int, tuple[State, str] | None]] = []

    def state(self, number: int) -> State:
        """Where a cluster stands."""
        return self._said[number][0] if number in self._said else State.UNDECIDED

    def name(self, number: int) -> str:
        """The term it is, or would be, taken for."""
        said = self._said.get(number)
        return (said[1] if said else "") or usual_name(self.clusters[number])

    def count(self, state: State) -> int:
        """How many are in a state."""
        return sum(self.state(number) is state for number in range(len(self.clusters)))

    def accept(self, number: int, name: str = "") -> None:
        """Take a cluster, under a name of one's own if one is given."""
        self._say(number, (State.ACCEPTED, " ".join(name.split())))

    def reject(self, number: int) -> None:
        """Leave a cluster out."""
        self._say(number, (State.REJECTED, ""))

    def clear(self, number: int) -> None:
        """Make a cluster undecided again."""
        self._say(number, None)

    def undo(self) -> int | None:
        """Take the last step back; the number of the cluster it was about, ``None`` when there is none."""
        if not self._steps:
            return None
        number, before = self._steps.pop()
        self._put(number, before)
        return number

    def waiting(self, number: int) -> int:
        """The next undecided cluster from a place on, else the place itself, or the next one while there is one."""
        after = (k for k in range(number + 1, len(self.clusters)) if self.state(k) is State.UNDECIDED)
        return next(after, min(number + 1, len(self.clusters) - 1))

    def terms(self) -> Iterator[Term]:
        """What was taken."""
        for number, cluster in enumerate(self.clusters):
            if self.state(number) is State.ACCEPTED:
                yield as_term(cluster, self.name(number))

    def _say(self, number: int, said: tuple[State, str] | None) -> None:
        self._steps.append((number, self._said.get(number)))
        self._put(number, said)

    def _put(self, number: int, said: tuple[State, str] | None) -> None:
        if said is None:
            self._said.pop(number, None)
        else:
            self._said[number] = said
