"""Driving an application of ours as Textual's pilot does, for tests and benchmarks."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.pilot import Pilot

from fixer.tui.turns import InTurn

__all__ = ["rest"]


async def rest(pilot: Pilot[Any]) -> None:
    """Wait until every key was taken: they take turns, which a pilot knows nothing of."""
    app = pilot.app
    while isinstance(app, InTurn) and app.taking and app.is_running and not app._exit:
        await asyncio.sleep(0.001)
    await pilot.pause()
