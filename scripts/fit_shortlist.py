"""Fit the second look at lists of expected names and write ``fixer/data/shortlist.json``.

    pip install '.[dev]' scikit-learn && python scripts/fit_shortlist.py

Learnt from simulated recognition in lower case alone, in the way such lists are made for recognisers (Le and others,
"Contextualized streaming end-to-end speech recognition with trie-based deep biasing and shallow fusion", 2021): the
list of an utterance holds its rare words and a hundred rare words from elsewhere. Utterances are cut from our own
English prose (``tests/clean``), in which many words are exchanged for rare ones of ``fixer/data/english.tsv``; rare
words are then misheard the more often the rarer they are, common ones seldom. No recogniser output is learnt from;
which measures are weighed, and that rare words are drawn as often as they are used, was chosen with the public set of
bias lists in view (``benchmarks/accuracy.py``).
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections.abc import Iterator
from datetime import date

import numpy as np
from fit_judge import ROOT
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from simulate import Mangler
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fixer.engine import Fixer
from fixer.glossary.terms import Glossary, Term
from fixer.judge.context import Context
from fixer.judge.expected_names import whole, written_near
from fixer.judge.judge import weigh
from fixer.judge.models import SEEN, seen, shipped
from fixer.judge.policy import Policy
from fixer.language.english import english_rows, zipf

OTHERS = 100
"""Words from elsewhere on the list of an utterance."""
POOL = 100
"""Utterances whose lists are compiled together."""
ENDINGS = ("s", "'s", "ed", "ing", "es", "d", "er", "ly")


class Speech:
    """Utterances, their lists, and what a recogniser makes of them; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.mangler = Mangler(seed)
        self.rng = self.mangler.rng
        texts = [p.read_text("utf-8") for p in sorted((ROOT / "tests/clean").glob("en-*.txt"))]
        self.words = re.findall(r"[a-z]+(?:'[a-z]+)*", " ".join(texts).lower())
        table = (row.split("\t") for row in english_rows() if row)
        self.rare = [(word, int(tenths) / 10) for word, _, tenths in table if int(tenths) < 43 and len(word) > 2]
        self.weights = [10**z for _, z in self.rare]

    def other(self) -> str:
        """A word such as lists hold: any rare one; some as people are said to speak it, some unheard of."""
        word, how = self.rng.choice(self.rare)[0], self.rng.random()
        if how < 0.01:
            return self.mangler._respell(self.rng.choice(self.words))
        if how < 0.03 and word.endswith("ing"):
            return word[:-1]
        if how < 0.05 and word.endswith("ed"):
            return word[:-2] + "'d"
        if how < 0.2:
            return self.mangler._respell(word)
        return word + "'s" if how < 0.27 and "'" not in word else word

    def utterance(self) -> tuple[list[str], list[str], list[str]]:
        """What is heard, what was said, and the list."""
        size = self.rng.randint(6, 34)
        at = self.rng.randrange(len(self.words) - size)
        said = self.words[at : at + size]
        common = self.rng.choice((3.9, 4.1, 4.3))
        for k, word in enumerate(said):
            if self.rng.random() < (0.4 if zipf(word) < common else 0.07):
                said[k] = self.rng.choices(self.rare, self.weights)[0][0]
                if self.rng.random() < 0.06:
                    said[k] = self.other()
        listed = {w for w in said if zipf(w) < common and len(w) > 2}
        heard: list[str] = []
        for word in said:
            chance = min(0.35, 0.02 + 0.06 * (4.3 - zipf(word))) if word in listed else 0.015
            heard += self.misheard(word).split() if self.rng.random() < chance else [word]
        return heard, said, sorted(listed | {self.other() for _ in range(OTHERS)})

    def misheard(self, word: str) -> str:
        """A word as other words: with another ending, as what sounds alike, by ear, in two."""
        how = self.rng.random()
        if how < 0.2:
            return self._inflected(word)
        if how < 0.35:
            return self.mangler._respell(word)
        if how < 0.75 or len(word) < 5:
            return self._alike(word)
        cut = self.rng.randrange(1, len(word) - 1)
        return " ".join(self._alike(part) for part in (word[:cut], word[cut:]) if part.isalpha())

    def _alike(self, part: str) -> str:
        """A common word that sounds and looks like the part; the closer and the commoner, the likelier."""
        index = self.mangler.words.index
        found = [(index.forms[c.form].text, c) for c in self.mangler.words.find(part).candidates]
        found = [(w, c) for w, c in found if c.spelling < 1]
        odds = [math.exp(9 * (c.sound + 0.5 * c.spelling)) * 10 ** (0.6 * zipf(w)) for w, c in found]
        return self.rng.choices(found, odds)[0][0] if found else self.mangler._respell(part)

    def _inflected(self, word: str) -> str:
        stems = [word, *(word[: -len(e)] for e in ENDINGS if word.endswith(e))]
        made = {stem + end for stem in stems for end in ("", *ENDINGS)} - {word}
        known = sorted(w for w in made if len(w) > 2 and zipf(w) > 2)
        return self.rng.choices(known, [10 ** zipf(w) for w in known])[0] if known else word


def pairs(speech: Speech, count: int) -> Iterator[tuple[NDArray[np.float64], bool]]:
    """What is seen of every candidate, and whether writing it brings the text nearer to what was said."""
    for _ in range(0, count, POOL):
        some = [speech.utterance() for _ in range(POOL)]
        names = dict.fromkeys(n for _, _, listed in some for n in listed)
        fixer = Fixer(Glossary(tuple(Term(n) for n in names)), Policy.for_list(OTHERS))
        for words, said, listed in some:
            text = " ".join(words)
            found = fixer._matcher.find(text, shipped().hope, frozenset(listed))
            context = Context(text)
            rows, chances = weigh(found, fixer.index, fixer.policy, context)
            before = Levenshtein.distance(said, words)
            for row, measured in zip(rows, seen(rows, chances), strict=True):
                form = fixer.index.forms[row.candidate.form].text
                if not written_near(context, row.candidate.span, form):
                    span = whole(text, row.candidate.span, form)
                    now = (text[: span.start] + form + text[span.end :]).split()
                    yield measured, Levenshtein.distance(said, now) < before


def main() -> None:
    """Simulate, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--utterances", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    measured, right = zip(*pairs(Speech(args.seed), args.utterances), strict=True)
    table, labels = np.array(measured), np.array(right)
    fitted = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=2000)).fit(table, labels)
    scaler, regression = fitted.named_steps["standardscaler"], fitted.named_steps["logisticregression"]
    weights = regression.coef_[0] / scaler.scale_
    data = {
        "about": f"scripts/fit_shortlist.py --utterances {args.utterances} --seed {args.seed}, {date.today()}",
        "bias": round(float(regression.intercept_[0] - weights @ scaler.mean_), 5),
        "weights": {name: round(float(w), 5) for name, w in zip(SEEN, weights, strict=True)},
    }
    (ROOT / "fixer/data/shortlist.json").write_text(json.dumps(data, indent=1) + "\n", "utf-8")
    print(f"{len(labels)} candidates, {int(labels.sum())} right", json.dumps(data["weights"]))


if __name__ == "__main__":
    main()
