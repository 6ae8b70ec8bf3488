"""The promises on real text: five episodes put right, clean text left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixer.engine import Fixer
from fixer.evaluation.gold import Gold, parse_gold, parse_keep
from fixer.evaluation.scoring import Score, score
from fixer.judge.proposal import Safety
from fixer.project import collect, find_config, load_index
from fixer.text import Edit, splice
from fixer.transcripts.transcript import Transcript
from tests.support.paths import CLEAN, CORPUS

EPISODES = sorted(CORPUS.glob("*.txt"))
PROSE = sorted(CLEAN.glob("*.txt"))

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def fixer() -> Fixer:
    """The engine as it ships."""
    return Fixer(load_index(collect(())))


@pytest.fixture(scope="module")
def own() -> Fixer:
    """The engine of the corpus project: its settings name a glossary of its own."""
    settings = find_config([CORPUS])
    return Fixer(load_index(collect([CORPUS / name for name in settings.glossary])))


def _gold(path: Path, text: str) -> tuple[Gold, ...]:
    return parse_gold((path.parent / "gold" / f"{path.stem}.jsonl").read_text("utf-8"), text, path.name)


def test_there_is_something_to_measure() -> None:
    assert len(EPISODES) == 5
    assert sum(len(p.read_text("utf-8")) for p in PROSE if p.stem.startswith("zh")) >= 10_000
    assert sum(len(p.read_text("utf-8")) for p in PROSE if p.stem.startswith("en")) >= 10_000


def _scores(fixer: Fixer) -> tuple[Score, Score]:
    """All proposals, and those applied alone."""
    every, safe = Score(), Score()
    for path in EPISODES:
        text = path.read_bytes().decode("utf-8")
        gold = _gold(path, text)
        keep = parse_keep((path.parent / "gold" / f"{path.stem}.keep.jsonl").read_text("utf-8"), text, path.name)
        proposals = fixer.propose(Transcript.parse(text, path.name))
        every += score(text, gold, keep, [Edit(p.span, p.replacement) for p in proposals])
        safe += score(text, gold, keep, [Edit(p.span, p.replacement) for p in proposals if p.safety >= Safety.SAFE])
    return every, safe


def test_the_episodes_are_put_right(own: Fixer) -> None:
    """A show whose reviews were kept: all proposals at least .95, what is applied alone .99 precise, .85 complete."""
    every, safe = _scores(own)

    assert every.strict.recall >= 0.95
    assert every.strict.precision >= 0.95
    assert safe.strict.recall >= 0.85
    assert safe.strict.precision >= 0.99
    assert safe.violations == ()


def test_a_show_that_nobody_reviewed_is_half_put_right(fixer: Fixer) -> None:
    """As it ships, fixer knows the names and nothing of how this show's recogniser hears them."""
    every, safe = _scores(fixer)

    assert every.strict.recall >= 0.65
    assert every.strict.precision >= 0.95
    assert safe.strict.recall >= 0.5
    assert safe.strict.precision >= 0.98
    assert safe.violations == ()


@pytest.mark.parametrize("path", PROSE, ids=lambda p: p.stem)
def test_clean_prose_is_never_fixed(fixer: Fixer, path: Path) -> None:
    text = path.read_text("utf-8")

    assert [p for p in fixer.propose(Transcript.parse(text, path.name)) if p.safety >= Safety.SAFE] == []


def test_few_offers_on_clean_prose(fixer: Fixer) -> None:
    """At most two in ten thousand characters."""
    texts = [p.read_text("utf-8") for p in PROSE]
    offers = sum(len(fixer.propose(Transcript.parse(t, "a.txt"))) for t in texts)

    assert offers <= 2 * sum(map(len, texts)) / 10_000


@pytest.mark.parametrize("path", EPISODES, ids=lambda p: p.stem)
def test_a_corrected_episode_is_right(own: Fixer, path: Path) -> None:
    """On gold-corrected text nothing is SAFE, and after our own corrections nothing is undone."""
    text = path.read_bytes().decode("utf-8")
    gold = _gold(path, text)
    corrected = splice(text, [Edit(g.span, g.right) for g in gold if g.counts])
    assert [p for p in own.propose(Transcript.parse(corrected, path.name)) if p.safety >= Safety.SAFE] == []
    first = own.fix(text, path.name)
    again = own.fix(first.text, path.name)
    made = {(p.replacement, p.heard) for p in first.proposals if p.safety >= Safety.SAFE}

    assert [p for p in again.proposals if p.safety >= Safety.SAFE] == []
    assert [p for p in again.proposals if (p.heard, p.replacement) in made] == []
