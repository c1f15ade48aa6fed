"""How much memory a gradient call needs beyond its result, in bytes per loop step.

Each case is a fresh process that compiles on a small problem, resets the kernel's high-water mark of
resident memory, calls the gradient once on n steps and reads the mark, then does so on 2n: the growth, less
the result's own, is the cost of a step. (Not `ru_maxrss`: a child inherits its parent's.) Linux only.

    python -m benchmarks.memory NAME N        prints the bytes of a step
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import kernels
from benchmarks.harness import Row, Rows, attempt, child
from srcad import grad

TOLERANCE = 0.25  # bytes a step: pages and the allocator's own


def sum_of_positives(x: kernels.Array) -> float:
    s = 0.0
    for i in range(x.size):
        if x[i] > 0.0:
            s += x[i]
    return s


def decay(x: kernels.Array, rate: float) -> float:
    """Linear in its state: no step's value is needed again when only x is differentiated."""
    s = 0.0
    for i in range(x.size):
        s = rate * s + x[i]
    return s


@dataclass(frozen=True)
class Case:
    """A primal, arguments for n steps, and the bytes a step that its adjoint may keep."""

    primal: Callable[..., float]
    arguments: Callable[[int], tuple[Any, ...]]
    keeps: float
    wrt: str | None = None


CASES = {
    "sum of squares": Case(kernels.sum_of_squares, kernels.vector, 0),
    "dot product": Case(kernels.dot_product, kernels.two_vectors, 0),
    "sum of positives (a branch)": Case(sum_of_positives, kernels.vector, 0),
    "linear recurrence, of x": Case(decay, kernels.sequence, 0, wrt="x"),
    "k-means, of the centres": Case(kernels.k_means, kernels.clusters, 0, wrt="centres"),
    "log-sum-exp": Case(kernels.log_sum_exp, kernels.vector, 8),
    "Horner polynomial": Case(kernels.horner, kernels.polynomial, 8),
    "recurrence": Case(kernels.recurrence, kernels.sequence, 8),
}


def rows(quick: bool) -> Rows:
    for name, case in CASES.items():
        yield attempt("memory", name, case.keeps + TOLERANCE, measure, name, case, quick)


def measure(name: str, case: Case, quick: bool) -> Row:
    n = 250_000 if quick else 2_000_000
    # This setting gives every large array pages of its own, which go back to the system when it is freed.
    printed = child("-m", "benchmarks.memory", name, str(n), MALLOC_MMAP_THRESHOLD_="65536")
    return Row("memory", name, float(printed), case.keeps + TOLERANCE, "B", note=f"{case.keeps:g} B allowed")


def bytes_per_step(case: Case, n: int) -> float:
    gradient = grad(case.primal, wrt=case.wrt)
    gradient(*case.arguments(100))
    once, twice = (peak(gradient, case, steps) for steps in (n, 2 * n))
    return (twice - once) / n


def peak(gradient: Callable[..., Any], case: Case, n: int) -> int:
    """Bytes by which one call raised the process's resident memory, less its result's."""
    arguments = case.arguments(n)
    Path("/proc/self/clear_refs").write_text("5")
    before = high_water()
    result = gradient(*arguments)
    return high_water() - before - size(result)


def high_water() -> int:
    status = Path("/proc/self/status").read_text()
    return 1024 * int(next(text for text in status.splitlines() if text.startswith("VmHWM")).split()[1])


def size(result: Any) -> int:
    return sum(map(size, result)) if isinstance(result, tuple) else np.asarray(result).nbytes


if __name__ == "__main__":
    print(bytes_per_step(CASES[sys.argv[1]], int(sys.argv[2])))
