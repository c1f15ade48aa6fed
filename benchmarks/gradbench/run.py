"""`python benchmarks/gradbench/run.py`: srcad as a GradBench tool on stdin and stdout, in one thread.

`python benchmarks/gradbench/run.py --check` validates every eval against independent references instead, and
`python benchmarks/gradbench/run.py --measure` prints a table of times.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
EVALS = sorted(path.stem for path in (ROOT / "benchmarks/gradbench/evals").glob("[a-z]*.py"))


def eval_named(name: str):
    """The eval of that name, or None."""
    return importlib.import_module(f"benchmarks.gradbench.evals.{name}").EVAL if name in EVALS else None


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the protocol until stdin ends, or check; return the exit status."""
    from benchmarks.gradbench.peers import LIBRARIES

    parser = argparse.ArgumentParser(prog="run.py", description="srcad as a GradBench tool")
    parser.add_argument("--check", action="store_true", help="validate the evals against independent references")
    parser.add_argument("--measure", nargs="*", metavar="EVAL", help="print a table of times, of all evals or of some")
    parser.add_argument("--tool", action="append", default=[], metavar="NAME=COMMAND", help="another tool to measure")
    parser.add_argument("--peers", nargs="+", default=[], choices=LIBRARIES, help="libraries to measure, if installed")
    parser.add_argument("--python", default=sys.executable, metavar="PATH", help="the interpreter that has the peers")
    parser.add_argument("--record", metavar="FILE", help="add the times to FILE, and say what got slower")
    parser.add_argument("--rounds", type=int, default=3, help="how often each tool is asked for each time")
    options = parser.parse_args(argv)
    if unknown := set(options.measure or ()) - set(EVALS):
        parser.error(f"no eval {', '.join(sorted(unknown))}; there are {', '.join(EVALS)}")
    if options.peers and options.measure is None:
        parser.error("--peers are libraries for --measure; to check one: benchmarks/gradbench/peers NAME --check")
    if shutil.which(options.python) is None:
        parser.error(f"--python: there is no program {options.python}")
    if options.check:
        from benchmarks.gradbench import check

        return check.main()

    if options.measure is not None:
        from benchmarks.gradbench import measure

        return measure.main(
            options.measure, options.tool, options.rounds, options.record, options.peers, options.python
        )

    from benchmarks.gradbench.protocol import serve

    out, sys.stdout = sys.stdout, sys.stderr  # nothing but responses goes out
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        serve(sys.stdin, out, eval_named, {"threads": 1})
    return 0


if __name__ == "__main__":
    for variable in THREADS:
        os.environ.setdefault(variable, "1")  # before NumPy and Numba read them
    sys.path[0] = str(ROOT)  # in place of this file's folder
    raise SystemExit(main())
