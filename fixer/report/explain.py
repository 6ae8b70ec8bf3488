"""What spoke for and against a candidate, and how two stretches sound, for people and for programs.

Apart from ``text`` and ``json``: it alone needs the phone alphabet, which other reports must not load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING

from fixer.language.phones import Reading, align, closeness, readings
from fixer.report.terminal import Style
from fixer.text import Lines, pad, visible, width

if TYPE_CHECKING:
    from fixer.engine import Explained
    from fixer.transcripts.transcript import Transcript

__all__ = ["evidence_lines", "evidence_record", "sound_lines", "sound_record"]

_TONES = {"safe": ("✓", "good"), "offered": ("?", "doubt")}
"""Verdicts that lead to a proposal; every other one says why there is none."""
# A tenth of what is needed to be offered (``Policy.offer``, .5); a sentence has dozens of such candidates.
_HOPELESS = 0.05


def evidence_lines(
    found: Iterable[Explained], transcript: Transcript, style: Style, *, verbosity: int = 0
) -> Iterator[str]:
    """Every candidate with its place, verdict and evidence; without ``verbosity`` not the hopeless ones."""
    lines = Lines(transcript.raw)
    hidden = 0
    for item in found:
        sign, tone = _TONES.get(item.verdict, ("·", "dim"))
        if tone == "dim" and item.confidence < _HOPELESS and not verbosity:
            hidden += 1
            continue
        line, column = lines.at(transcript.raw_offset(item.span.start))
        pair = f"{visible(item.heard)} {style.sign('→')} {visible(item.replacement)}"
        verdict = f"{item.confidence:.2f} {item.verdict}"
        yield f"{style.paint(style.sign(sign), tone)} {line}:{column}  {pair}  {style.paint(verdict, tone)}"
        for reason in item.reasons:
            yield f"    {reason.name}: {visible(reason.detail)}" if reason.detail else f"    {reason.name}"
    if hidden:
        yield style.paint(f"and {hidden} below {_HOPELESS}, shown with -v", "dim")


def evidence_record(item: Explained, transcript: Transcript) -> dict[str, object]:
    """One candidate as JSON values; offsets in code points of the file."""
    return {
        "start": transcript.raw_offset(item.span.start),
        "end": transcript.raw_offset(item.span.end),
        "heard": item.heard,
        "replacement": item.replacement,
        "confidence": round(item.confidence, 4),
        "verdict": item.verdict,
        "reasons": [{"name": r.name, "detail": r.detail} for r in item.reasons],
    }


def _best(one: str, other: str) -> tuple[float, Reading, Reading] | None:
    """The most alike pair of readings and how alike they are."""
    pairs = product(readings(one), readings(other))
    scored = [(closeness(align(a.phones, b.phones)[0], a.phones, b.phones), a, b) for a, b in pairs]
    return max(scored, key=lambda s: s[0], default=None)


def sound_lines(one: str, other: str, style: Style) -> Iterator[str]:
    """The readings of both, and the best pair phone by phone with what each step costs."""
    for text in (one, other):
        said = ", ".join(f"/{r.phones}/ ({r.how})" for r in readings(text)) or "nothing that can be said"
        yield f"{visible(text)}: {said}"
    best = _best(one, other)
    if best is None:
        return
    like, a, b = best
    gap, steps = align(a.phones, b.phones)
    yield f"similarity {style.paint(f'{like:.2f}', 'strong')}, distance {gap:.2f}"
    columns = [(x or "-", y or "-", f"{cost:.2f}".lstrip("0") if cost else "") for x, y, cost in steps]
    for row in range(3):
        yield "  " + " ".join(pad(c[row], max(map(width, c))) for c in columns).rstrip()


def sound_record(one: str, other: str) -> dict[str, object]:
    """The same as JSON values."""
    record: dict[str, object] = {
        "texts": [
            {"text": text, "readings": [{"phones": r.phones, "how": r.how} for r in readings(text)]}
            for text in (one, other)
        ],
        "similarity": 0.0,
        "alignment": [],
    }
    if best := _best(one, other):
        like, a, b = best
        gap, steps = align(a.phones, b.phones)
        record |= {"similarity": round(like, 4), "distance": round(gap, 4)}
        record["alignment"] = [{"a": x, "b": y, "cost": round(cost, 4)} for x, y, cost in steps]
    return record
