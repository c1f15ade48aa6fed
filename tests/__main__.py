"""The gate: ruff, mypy and pytest, the same for everyone and for continuous integration.

    python -m tests              all of it
    python -m tests -k cli -x    the same with arguments for pytest

All three run even where one fails; the exit status is 0 only if all pass.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Run the gate with `arguments` for pytest; return the exit status."""
    workers = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal"] if find_spec("xdist") else []
    tools = {"ruff": ["ruff", "check", "."], "mypy": ["mypy"], "pytest": ["pytest", *workers, *arguments]}
    failed = [name for name, command in tools.items() if not _passes(name, command)]
    if failed:
        print(f"the gate is shut: {', '.join(failed)} failed", file=sys.stderr)
    return 1 if failed else 0


def _passes(name: str, command: list[str]) -> bool:
    print(f"== {name}", flush=True)
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
