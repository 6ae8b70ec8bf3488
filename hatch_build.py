"""What hatchling does for a wheel besides copying files: compile the shipped names, so that the first run is quick."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ReadyMade(BuildHookInterface[Any]):
    """Puts the compiled names and words into the wheel; an editable install compiles at its first run, as ever."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile into a folder of its own.

        Args:
            version: what kind of wheel is built.
            build_data: hatchling's; told which files to take in.
        """
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from fixer.project.glossaries import compile_shipped

        self._folder = tempfile.TemporaryDirectory()
        for path in compile_shipped(Path(self._folder.name)):
            build_data["force_include"][str(path)] = f"fixer/compiled/{path.name}"
