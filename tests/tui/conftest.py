"""What all tests of screens share."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.support.pilots import rest


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pilot waits for what every key does, and looks every 4 ms whether the screen has come to rest, not every 20."""
    press = Pilot.press

    async def pressed(pilot: Pilot[None], *keys: str) -> None:
        await rest(pilot)
        for key in keys:
            await press(pilot, key)
            await rest(pilot)

    monkeypatch.setattr(Pilot, "press", pressed)
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.004)
