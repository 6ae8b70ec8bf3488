"""Where things lie in this checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
GOLDEN = ROOT / "tests" / "golden"
CLEAN = ROOT / "tests" / "clean"
