"""Kill a review at a random moment, again and again, and see what is left: ``python benchmarks/kill.py [rounds]``.

What must hold after every kill stands in ``tests/support/kill.py``; the tests do ten rounds of it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.kill import rounds  # noqa: E402 - needs the path above


def main() -> int:
    """Print what was seen."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as folder:
        seen = rounds(count, Path(folder), seed=1)
    print(", ".join(f"{value} {name}" for name, value in seen.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
