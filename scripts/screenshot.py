"""Draw the README's picture of the review, from a real episode: ``python scripts/screenshot.py``."""

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
KEYS = "n y y"
SIZE = (132, 32)


def main() -> None:
    """Review for a few keys, then draw."""
    fixer = Fixer(load_index(collect(())), Policy())
    file = read(ROOT / "corpus" / f"{EPISODE}.txt")
    name = f"{EPISODE}.txt"
    transcript = Transcript.parse(file.raw, name)
    reviewed = Reviewed(name, transcript, *queue(fixer.listen(transcript)))
    with tempfile.TemporaryDirectory() as folder:
        keeper = ReviewStore(Path(folder), {name: file}, state=Path(folder))
        svg = asyncio.run(drawn(Session([reviewed], keeper)))
        keeper.close()
    target = ROOT / "docs" / "review.svg"
    target.parent.mkdir(exist_ok=True)
    target.write_text(svg, "utf-8")
    print(f"{target.relative_to(ROOT)}: {len(svg):,} characters")


async def drawn(session: Session) -> str:
    """The screen as SVG; it names fonts, but loads none from elsewhere."""
    app = ReviewApp(session)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press(*KEYS.split())
        await pilot.pause()
        svg = app.export_screenshot(title="fixer review", simplify=True)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S)
    return re.sub(r'textLength="([\d.]+)"([^>]*)>([^<]*)<', _wide, svg)


def _wide(found: re.Match[str]) -> str:
    """A stretch of text as long as its cells are: the export counts a Han character as one."""
    length, rest, text = found.groups()
    said = html.unescape(text)
    cells = float(length) / len(said) * cell_len(said) if said else float(length)
    return f'textLength="{cells:g}"{rest}>{text}<'


if __name__ == "__main__":
    main()
