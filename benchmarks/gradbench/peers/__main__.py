"""`python benchmarks/gradbench/peers jax`: a library as a GradBench tool on stdin and stdout, in one thread.

`--check` validates its evals against independent references instead, and `--version` prints what is installed. Where
the library is not installed all three say so, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.metadata
import os
import sys
from collections.abc import Sequence
from pathlib import Path

ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "NPROC": "1",  # the threads that XLA starts
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "JAX_PLATFORMS": "cpu",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the protocol until stdin ends, or check; return the exit status."""
    from benchmarks.gradbench.peers import LIBRARIES

    parser = argparse.ArgumentParser(prog="peers", description="a library for derivatives as a GradBench tool")
    parser.add_argument("library", choices=LIBRARIES)
    parser.add_argument("--check", action="store_true", help="validate its evals against independent references")
    parser.add_argument("--version", action="store_true", help="print which version is installed")
    options = parser.parse_args(argv)
    try:
        importlib.import_module(options.library)
    except ImportError as error:
        print(f"{options.library} can't be imported by {sys.executable}: {error}", file=sys.stderr)
        print(f"install it there (pip install {options.library}), or name an interpreter that has it", file=sys.stderr)
        return 1
    version = importlib.metadata.version(options.library)
    if options.version:
        print(version)
        return 0
    from benchmarks.gradbench import check, protocol

    evals = importlib.import_module(f"benchmarks.gradbench.peers.in_{options.library}").EVALS
    if options.check:
        return check.main(evals.get, sorted(evals))
    out, sys.stdout = sys.stdout, sys.stderr  # nothing but responses goes out
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        protocol.serve(sys.stdin, out, evals.get, {"version": version, "threads": 1}, options.library)
    return 0


if __name__ == "__main__":
    for variable, setting in ONE_THREAD.items():
        os.environ.setdefault(variable, setting)  # before the libraries read them
    sys.path[0] = str(Path(__file__).resolve().parents[3])  # in place of this file's folder
    raise SystemExit(main())
