"""A review that presses keys until it is killed; the other half of the kill tests.

Prints the number of every key after the journal has it, one line each, so that the parent knows what must
be there.
"""

from __future__ import annotations

import hashlib
import random
import sys
from contextlib import suppress
from pathlib import Path

from fixer.errors import FixerError
from fixer.project.disk import read
from fixer.project.review_store import ReviewStore
from fixer.review.actions import SWEEPS
from fixer.review.decision import Scope, Verdict
from fixer.review.review import Review
from fixer.review.session import Machine, Session
from tests.support.review_fakes import reviewed

PAIRS = (("HUX", "HUGS"), ("Imogen", "Imagen"), ("Cody", "Codey"))


def opened(root: Path) -> tuple[Session, ReviewStore]:
    """The session on the one file of a folder."""
    file = read(root / "a.txt")
    keeper = ReviewStore(root, {"a.txt": file}, state=root / "state")
    return Session([reviewed(file.raw, PAIRS)], keeper, machine=Machine(lambda: "2026-01-01T00:00:00+00:00")), keeper


def queue_of(review: Review) -> str:
    """What stands in the queue and how far each decision reaches, in a few signs."""
    said = [(item.key, review.state(item.key), d and d.scope) for item in review.in_order()
            for d in [review.decision(item.key)]]  # fmt: skip
    return hashlib.blake2b(repr(said).encode(), digest_size=8).hexdigest()


def main() -> None:
    """Press keys for ever."""
    session, _ = opened(Path(sys.argv[1]))
    rng = random.Random(int(sys.argv[2]))
    n = 0
    while True:
        match rng.randrange(16):
            case 0:
                session.undo()
            case 1:
                session.redo()
            case 2:
                session.write()
            case 3:
                with suppress(FixerError):
                    start = rng.randrange(20)
                    session.mark("a.txt", (start, start + 2), f"标{n}", Scope.HERE)
            case 4 if session.work.rows:  # a name in all its places
                session.work.cursor = rng.randrange(len(session.work.rows))
                session.decide(rng.choice(list(Verdict)))
            case 5 if session.here:  # a rule
                scope = rng.choice((Scope.FILE, Scope.FOLDER, Scope.ALWAYS))
                _ = session.learn((), scope) if rng.random() < 0.5 else session.never(scope)
            case 6:  # all that waits from here down
                sweep = SWEEPS["reject-below"](session)
                _ = sweep and sweep.do()
            case 7:
                session.lower(rng.choice((1, -1)))
            case _:
                keys = [item.key for item in session.review.in_order()]
                if keys:  # a file that was put right offers none
                    session.decide(rng.choice(list(Verdict)), [rng.choice(keys)])
        n += 1
        text = session.review.result("a.txt")
        sys.stdout.write(f"{n} {session.review.last} {text.encode().hex()} {queue_of(session.review)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
