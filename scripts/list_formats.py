"""Write the table of docs/formats.md anew: python scripts/list_formats.py. Its head is written by hand."""

from __future__ import annotations

from pathlib import Path

from fixer.cli.formats import markdown_lines

PAGE = Path(__file__).parent.parent / "docs/formats.md"
MARK = "## All of them\n\n"

if __name__ == "__main__":
    head, mark, _ = PAGE.read_text("utf-8").partition(MARK)
    PAGE.write_text(head + mark + "\n".join(markdown_lines()) + "\n", "utf-8")
