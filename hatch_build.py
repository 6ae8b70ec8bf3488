"""What hatchling does for a wheel besides copying files.

The shipped names are compiled, so that the first run is as quick as the second; and where there is a C compiler, the
inner loops of the search. Without one, or with FIXER_PURE=1 in the environment, the wheel is for every machine.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ReadyMade(BuildHookInterface[Any]):
    """Puts what is compiled into the wheel; an editable install compiles names at its first run, as ever."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile into a folder of its own.

        Args:
            version: what kind of wheel is built.
            build_data: hatchling's; told which files to take in.
        """
        sys.path[:0] = [self.root, str(Path(self.root, "scripts"))]
        from build_core import TARGET, build

        pure = bool(os.environ.get("FIXER_PURE"))
        if version == "editable":
            if not pure and (why := build()):
                self.app.display_warning(f"the inner loops are not compiled, and slower: {why}")
            return
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        core = folder / TARGET.name
        if not pure and not (why := build(core)):
            build_data["force_include"][str(core)] = f"fixer/search/{core.name}"
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
        elif not pure:
            self.app.display_warning(f"the inner loops are not compiled, and slower: {why}")
        from fixer.project.glossaries import compile_shipped

        for path in compile_shipped(folder):
            build_data["force_include"][str(path)] = f"fixer/compiled/{path.name}"
