"""Try the installed fixer as a stranger would: one real correction and its way back, outside of any checkout.

    cd SOMEWHERE_ELSE && PYTHON -P path/to/scripts/try_installed.py

``PYTHON`` is that of the environment to be tried. Exits with 1 and a line that says why when anything is not as it
should be. Standard library only, so that an environment with nothing but fixer will do.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
CUE = "1\n00:00:01,000 --> 00:00:02,000\n阿里的{}说：“大家好”\r\n"
HEARD, RIGHT = CUE.format("通一千问").encode(), CUE.format("通义千问").encode()


def problems(folder: Path) -> list[str]:
    """What is wrong with the fixer of this environment."""
    talk = folder / "talk.srt"
    talk.write_bytes(HEARD)
    asked = [sys.executable, "-P", "-c", "import fixer; print(fixer.__file__)"]
    place = subprocess.run(asked, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    if place.returncode or Path(place.stdout.strip()).is_relative_to(CHECKOUT / "fixer"):
        return [f"fixer is not installed here: {place.stdout}{place.stderr}"]
    command = [sys.executable, "-P", "-m", "fixer", "fix", "talk.srt", "-o", "out"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        return [f"fix ended with {done.returncode}: {done.stdout}{done.stderr}"]
    found = []
    if (made := (folder / "out" / "talk.srt").read_bytes()) != RIGHT:
        found.append(f"fix made {made.decode('utf-8', 'replace')!r}")
    if talk.read_bytes() != HEARD:
        found.append("fix -o changed the file it read")
    undo = [sys.executable, "-P", "-m", "fixer", "undo", "out"]
    done = subprocess.run(undo, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode or (folder / "out" / "talk.srt").read_bytes() != HEARD:
        found.append(f"undo ended with {done.returncode}: {done.stdout}{done.stderr}")
    return found


def main() -> int:
    """Say what is wrong, or that all is well."""
    with tempfile.TemporaryDirectory() as folder:
        found = problems(Path(folder))
    for line in found:
        sys.stderr.write(f"{line}\n")
    version = ".".join(map(str, sys.version_info[:3]))
    sys.stdout.write(f"Python {version}: " + ("not as it should be\n" if found else "corrects what it should\n"))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
