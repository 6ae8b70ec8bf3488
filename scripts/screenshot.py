"""Draw the pictures of the review: ``python scripts/screenshot.py``.

``docs/review.svg`` is one screen of a real episode, ``docs/demo.svg`` a few seconds of the review that ``fixer demo``
opens, one screen after another, moved by the style sheet in it.
"""

from __future__ import annotations

import asyncio
import html
import re
import tempfile
from pathlib import Path

from rich.cells import cell_len

from fixer.engine import Fixer
from fixer.judge.policy import Policy
from fixer.project import collect, load_index, read
from fixer.project.review_store import ReviewStore
from fixer.review.review import Reviewed, queue
from fixer.review.session import Session
from fixer.transcripts.transcript import Transcript
from fixer.tui.app import ReviewApp

ROOT = Path(__file__).parents[1]
EPISODE = "2024-03-w4"
KEYS = "y n y"
SIZE = (132, 32)
FRAMES = (("", 2.5), ("y", 1.5), ("y", 1.5), ("y", 1.5), ("v", 3.0), ("w", 4.0))
"""What is pressed, and seconds that the screen after it stays."""
SMALL = (104, 26)
"""So that it can be read where the README is narrow."""


def main() -> None:
    """Review for a few keys, then draw; twice."""
    index = load_index(collect(()))
    (screen,) = pictures(ROOT / f"corpus/{EPISODE}.txt", Fixer(index, Policy()), [KEYS], SIZE)
    screens = pictures(ROOT / "fixer/data/demo.txt", Fixer(index, Policy(aliases=False)), [k for k, _ in FRAMES], SMALL)
    for target, svg in (("review.svg", screen), ("demo.svg", moving(screens))):
        (ROOT / "docs" / target).write_text(svg, "utf-8")
        print(f"docs/{target}: {len(svg):,} characters")


def pictures(talk: Path, fixer: Fixer, keys: list[str], size: tuple[int, int]) -> list[str]:
    """The screens of a review after some keys each."""
    file = read(talk)
    transcript = Transcript.parse(file.raw, talk.name)
    reviewed = Reviewed(talk.name, transcript, *queue(fixer.listen(transcript)))
    with tempfile.TemporaryDirectory() as folder:
        store = ReviewStore(Path(folder), {talk.name: file}, state=Path(folder))
        try:
            return asyncio.run(drawn(Session([reviewed], store), keys, size))
        finally:
            store.close()


async def drawn(session: Session, keys: list[str], size: tuple[int, int]) -> list[str]:
    """Screens as SVG; they name fonts, but load none from elsewhere."""
    app = ReviewApp(session)
    out = []
    async with app.run_test(size=size) as pilot:
        for some in keys:
            await pilot.pause()
            await pilot.press(*some.split())
            await pilot.pause()
            svg = app.export_screenshot(title="fixer review", simplify=True)
            svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S)
            out.append(re.sub(r'textLength="([\d.]+)"([^>]*)>([^<]*)<', _wide, svg))
    return out


def moving(screens: list[str]) -> str:
    """One picture that shows screens in turn, for ever."""
    whole = sum(seconds for _, seconds in FRAMES)
    box = re.search(r'viewBox="([^"]+)"', screens[0])
    assert box
    rules, groups, at = [], [], 0.0
    for number, (screen, (_, seconds)) in enumerate(zip(screens, FRAMES, strict=True)):
        start, end = 100 * at / whole, 100 * (at + seconds) / whole
        hidden = f"0%{{visibility:hidden}}{start:.2f}%{{visibility:visible}}" if number else "0%{visibility:visible}"
        rules.append(f"@keyframes f{number}{{{hidden}{end:.2f}%,100%{{visibility:hidden}}}}")
        rules.append(f".f{number}{{animation:f{number} {whole:g}s step-end infinite}}")
        groups.append(f'<g class="f{number}">{screen}</g>')
        at += seconds
    style = "\n".join(rules)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box[1]}">\n<style>{style}</style>\n'
    return head + "".join(groups) + "\n</svg>\n"


def _wide(found: re.Match[str]) -> str:
    """A stretch of text as long as its cells are: the export counts a Han character as one."""
    length, rest, text = found.groups()
    said = html.unescape(text)
    cells = float(length) / len(said) * cell_len(said) if said else float(length)
    return f'textLength="{cells:g}"{rest}>{text}<'


if __name__ == "__main__":
    main()
