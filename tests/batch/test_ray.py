"""``fixer batch --engine ray``: the same rows, from a clean environment; skipped where Ray is not installed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fixer.cli import main
from tests.support.paths import ROOT

WITH_RAY = importlib.util.find_spec("ray") is not None
NAMES = "version: 1\nterms:\n  - {term: Imagen, aliases: [Imogen]}\n  - term: HumanEval\n"


@pytest.mark.slow
@pytest.mark.skipif(not WITH_RAY, reason="Ray is not installed: pip install 'fixer[ray]' runs this test too")
def test_ray_gives_the_same_rows(here: Path) -> None:
    (here / "names.yaml").write_text(NAMES, "utf-8")
    lines = [f'{{"text": "number {k}: 推出Imogen and Humanivow"}}\n' for k in range(3000)]
    for shard in range(3):
        (here / "shards").mkdir(exist_ok=True)
        (here / f"shards/{shard}.jsonl").write_text("".join(lines[shard::3]), "utf-8")
    words = ["--no-default-glossary", "--glossary", "names.yaml", "-j", "2"]
    kept = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")
    clean = {name: os.environ[name] for name in kept if name in os.environ}
    clean |= {"PYTHONPATH": str(ROOT), "FIXER_CACHE_DIR": str(here / "cache")}

    done = subprocess.run(
        [sys.executable, "-m", "fixer", "batch", "shards", "ray", "--engine", "ray", *words],
        env=clean, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert main(["batch", "shards", "local", *words]) == 0
    parts = sorted(path.name for path in (here / "local").glob("*.jsonl"))
    assert len(parts) == 3
    for name in parts:
        assert (here / "ray" / name).read_bytes() == (here / "local" / name).read_bytes()


@pytest.mark.skipif(WITH_RAY, reason="Ray is installed")
def test_without_ray_it_is_said_what_to_install(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "names.yaml").write_text(NAMES, "utf-8")
    (here / "in.jsonl").write_text('{"text": "Imogen"}\n')
    words = ["--no-default-glossary", "--glossary", "names.yaml", "--engine", "ray"]

    assert main(["batch", "in.jsonl", "out", *words]) == 2
    assert "pip install 'ray[data]'" in capsys.readouterr().err
