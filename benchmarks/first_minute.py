"""How long a newcomer waits: from ``pip install`` to a first corrected file, in a bare environment.

    python benchmarks/first_minute.py dist/fixer-*.whl        # or . for this checkout, which is built first

Makes an environment with nothing in it, a folder with a space and a Chinese name, and a subtitle file of ``examples/``;
types what the README says and prints the seconds of every command. No file has to be written by hand.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMES = "Priya Raghunathan, QuillDeck, Weaviate, Elasticsearch, LangChain, LlamaIndex"


def main(package: str) -> int:
    """Install, begin a project, fix; 1 when the file is not corrected."""
    with tempfile.TemporaryDirectory() as made:
        home = Path(made) / "home"
        show = Path(made) / "我的 播客"
        show.mkdir()
        talk = show / "第 1 期.srt"
        talk.write_bytes((ROOT / "examples/talk.srt").read_bytes())
        venv.create(home / "env", with_pip=True)
        programs = home / "env" / ("Scripts" if sys.platform == "win32" else "bin")
        here = str(Path(package).resolve()) if Path(package).exists() else package
        commands = (
            ["pip", "install", "--quiet", here],
            ["fixer", "init", "--names", NAMES, "--field", "ai"],
            ["fixer", "fix", "."],
        )
        total = 0.0
        for words in commands:
            env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH" and not k.startswith("FIXER_")}
            began = time.monotonic()
            subprocess.run(
                [str(programs / words[0]), *words[1:]], cwd=show, env={**env, "HOME": str(home)}, check=False,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            took = time.monotonic() - began
            total += took
            sys.stdout.write(f"{took:6.1f} s  {' '.join(words[:2])}\n")
        sys.stdout.write(f"{total:6.1f} s  {len(commands)} commands\n")
        return 0 if "LangChain, and then LlamaIndex" in talk.read_text("utf-8") else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
