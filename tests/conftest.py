"""What several test modules share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("fixer", deadline=None)  # machines differ, and a busy one is no defect
settings.load_profile("fixer")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite what tests/golden expects")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Coverage does not watch slow tests: they take up to four times as long, and the others run the same lines."""
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker("no_cover")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """One cache for the whole run, never the user's; colours and settings of this machine left out."""
    base = tmp_path_factory.getbasetemp()
    monkeypatch.setenv("FIXER_CACHE_DIR", str(base / "fixer-cache"))
    monkeypatch.setenv("FIXER_STATE_DIR", str(base / "fixer-state"))
    monkeypatch.setenv("FIXER_CONFIG_DIR", str(base / "fixer-config"))
    for name in ("NO_COLOR", "FORCE_COLOR", "FIXER_TRUST"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
