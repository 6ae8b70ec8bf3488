"""A command as it is typed, in an empty folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixer.cli import main
from tests.support.commands import Ran, Run


@pytest.fixture
def run(here: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def call(*args: str) -> Ran:
        code = main(args)
        return Ran(code, *capfd.readouterr())

    return call
