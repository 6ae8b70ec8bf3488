"""Compile the inner loops of the search where there is a C compiler: ``python scripts/build_core.py``.

Makes ``fixer/search/_core.so``, which ``fixer/search/core.py`` takes when it was made from the very source beside it.
Without it everything is the same, only slower. ``pip install`` does this by itself (``hatch_build.py``).
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "fixer" / "search" / "core.c"
TARGET = SOURCE.with_name("_core.so")


def build(target: Path = TARGET) -> str:
    """Compile, and say why not where that fails; "" when it is done."""
    compiler = next((c for c in (os.environ.get("CC", ""), "cc", "gcc", "clang") if c and shutil.which(c)), "")
    if not compiler or os.name == "nt":
        return "no C compiler"
    digest = blake2b(SOURCE.read_bytes(), digest_size=16).hexdigest()
    # contraction would round once where numpy rounds twice; popcnt: every such processor since 2008 has it
    flags = ["-O3", "-std=c99", "-ffp-contract=off", "-fPIC", "-shared", f'-DFIXER_SOURCE="{digest}"']
    flags += ["-mpopcnt"] if platform.machine() in ("x86_64", "AMD64") else []
    made = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        done = subprocess.run(
            [compiler, *flags, "-o", str(made), str(SOURCE)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            return f"{compiler} failed: {(done.stderr.strip().splitlines() or ['no reason'])[0]}"
        made.replace(target)
    except OSError as error:
        return f"{compiler} cannot be run: {error}"
    finally:
        made.unlink(missing_ok=True)
    return ""


if __name__ == "__main__":
    sys.exit(build() or None)
