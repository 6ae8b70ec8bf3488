"""Build ``fixer/data/chinese_sequences.bin``: which Chinese words follow which, from sunpinyin's open-gram model.

    apt-get download sunpinyin-data && dpkg-deb -x sunpinyin-data_*.deb data
    python scripts/build_sequences.py data/usr/lib/*/sunpinyin/data

sunpinyin's model of three words in a row is 39 MB; two in a row, of which those are kept that tell most, are 3 MB and
measured to be as good for judging names. Its data is shared under CC BY-SA 3.0, whose clause 4 b allows adaptations
under a later version; what was changed: pruned, rounded, third words left out, words of ``chinese.tsv`` added.
"""

from __future__ import annotations

import argparse
import re
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fixer.language.chinese_sequences import STEPS, SequenceModel
from fixer.language.hash_table import exact_hash

DATA = Path(__file__).parents[1] / "fixer" / "data"
KEEP = 500_000
"""Pairs kept. Measured on fifteen Mandarin press conferences with a show's own list (average precision of candidates,
``row_heard`` or ``row_gain`` alone): none .622 and .527, 500,000 .638 and .582; more gives nothing."""
LONGEST = 8
"""Characters of the longest words kept; longer ones are titles."""
FRESH_COST = 14.0
"""Nats of the rarest words taken over from ``chinese.tsv`` because sunpinyin does not have them."""
_UNKNOWN = 0
"""Number under which sunpinyin counts what it has no word for."""
_FIRST_WORD = 80
"""Number from which its words stand; below are its marks (comma, full stop …)."""


@dataclass(frozen=True, slots=True)
class Open:
    """sunpinyin's model as it is read from its files."""

    words: list[str]
    """Number → word; the empty string where there is none."""
    number: NDArray[np.int64]
    """Numbers of the words that have a probability."""
    alone: NDArray[np.float64]
    """Their probabilities, in the same order."""
    first: NDArray[np.int64]
    """First word of every pair, as a place in ``number``."""
    second: NDArray[np.int64]
    """Second word of every pair, as a number."""
    together: NDArray[np.float64]
    """Probability of the second after the first."""


def read(folder: Path) -> Open:
    """Read ``lm_sc.t3g`` (nodes of a trie, level by level) and ``pydict_sc.bin`` (the words at its end)."""
    model = (folder / "lm_sc.t3g").read_bytes()
    depth, logarithms, *sizes = struct.unpack("<6I", model[:24])
    if (depth, logarithms) != (3, 0):
        raise SystemExit(f"{folder}/lm_sc.t3g: not a model of three words in a row with plain probabilities")
    probability = np.frombuffer(model, "<f4", 1 << 16, 24).astype(np.float64)
    at = 24 + 4 * ((1 << 16) + (1 << 14)) + 12 * sizes[0]
    one = np.frombuffer(model, "<u4", sizes[1] * 3, at).reshape(-1, 3)
    two = np.frombuffer(model, "<u4", sizes[2] * 3, at + 12 * sizes[1]).reshape(-1, 3)
    child = (one[:, 1] >> 16 | one[:, 2] >> 25 << 16).astype(np.int64)
    pairs, words = two[: child[-1]], one[:-1]  # the last of each level only says where it ends
    book = (folder / "pydict_sc.bin").read_bytes()
    letters = np.frombuffer(book, "<u4", -1, struct.unpack("<3I", book[:12])[2])
    return Open(
        words="".join(map(chr, letters)).split("\0"),
        number=(words[:, 0] & 0x3FFFF).astype(np.int64),
        alone=probability[words[:, 1] & 0xFFFF],
        first=np.repeat(np.arange(len(words)), np.diff(child)),
        second=(pairs[:, 0] & 0x3FFFF).astype(np.int64),
        together=probability[pairs[:, 1] & 0xFFFF],
    )


def usable(word: str, number: int) -> bool:
    """Whether a word is kept: the unknown one, marks, and words in simplified characters."""
    return number < _FIRST_WORD or (re.fullmatch("[一-鿿]+", word) is not None and len(word) <= LONGEST)


def fresh(known: dict[str, float]) -> dict[str, float]:
    """Words of ``chinese.tsv`` that sunpinyin lacks, with nats on its scale."""
    rows = (row.split("\t") for row in (DATA / "chinese.tsv").read_text("utf-8").splitlines())
    others = {word: int(tenths) / 10 for word, tenths in rows}
    both = [(known[word], nats) for word, nats in others.items() if word in known and nats < FRESH_COST]
    shift = float(np.median([a - b for a, b in both]))
    new = {w: n + shift for w, n in others.items() if w not in known and n < FRESH_COST and len(w) <= LONGEST}
    print(f"{len(new)} words added; the scales are {shift:.2f} nats apart")
    return new


def build(model: Open, keep: int) -> bytes:
    """The compact model."""
    names = [
        ("" if n == _UNKNOWN else model.words[n]) if usable(model.words[n], n) else None for n in model.number.tolist()
    ]
    cost = {w: -float(np.log(p)) for w, p in zip(names, model.alone, strict=True) if w is not None}
    cost |= fresh(cost)
    order = sorted(cost, key=exact_hash)
    rank = {word: k for k, word in enumerate(order)}
    place = np.array([-1 if w is None else rank[w] for w in names])
    by_number = np.full(len(model.words) + 1, -1)
    by_number[model.number] = place
    first, second = place[model.first], by_number[model.second]
    alone = np.exp(-np.array([cost[word] for word in order]))
    good = np.flatnonzero((first >= 0) & (second >= 0))
    first, second, together = first[good], second[good], model.together[good]
    first, second, together = _prune(first, second, together, alone, keep)
    left = np.ones(len(order))
    np.subtract.at(left, first, together)
    free = np.ones(len(order))
    np.subtract.at(free, first, alone[second])
    back = np.log(np.maximum(left, 1e-3) / np.maximum(free, 1e-3))
    return SequenceModel.pack(
        np.array([exact_hash(word) for word in order], np.uint64),
        -np.log(alone),
        -back,
        np.append(0, np.cumsum(np.bincount(first, minlength=len(order)))),
        second,
        -np.log(together),
    )


def _prune(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    together: NDArray[np.float64],
    alone: NDArray[np.float64],
    keep: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """The pairs whose loss would cost most: how often they come times how wrong backing off would be (Stolcke)."""
    left, free = np.ones(len(alone)), np.ones(len(alone))
    np.subtract.at(left, first, together)
    np.subtract.at(free, first, alone[second])
    back = np.maximum(left, 1e-3) / np.maximum(free, 1e-3)
    gain = alone[first] * together * np.abs(np.log(together / (back[first] * alone[second])))
    best = np.argsort(-gain)[:keep]
    best = best[np.lexsort((second[best], first[best]))]
    return first[best], second[best], together[best]


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="with lm_sc.t3g and pydict_sc.bin of the package sunpinyin-data")
    parser.add_argument("--keep", type=int, default=KEEP, help="pairs of words kept")
    parser.add_argument("-o", "--output", type=Path, default=DATA / "chinese_sequences.bin")
    args = parser.parse_args()
    packed = build(read(args.folder), args.keep)
    args.output.write_bytes(packed)
    print(f"{args.output}: {len(packed) / 1e6:.1f} MB, a step of {1 / STEPS:.3f} nats")


if __name__ == "__main__":
    main()
