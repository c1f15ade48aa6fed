"""The first gradient call of a process: with an empty cache folder, then in a second process with it filled.

Both processes run this module's `main`, which times `grad(f)` and its first call; the parent times the
whole process, interpreter and imports included.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import Row, Rows, attempt, child, ratios
from srcad import grad

BOUND = 0.2  # five times faster
SECONDS = 0.5


def rough_path(x: NDArray[np.float64], w: NDArray[np.float64], rate: float) -> float:
    """Thirty lines with loops, a branch and a local array, as users' functions have."""
    n = x.size
    y = np.zeros(n)
    top = x[0]
    for i in range(1, n):
        if x[i] > top:
            top = x[i]
    s = 0.0
    for i in range(n):
        t = w[i] * (x[i] - top)
        if t > -1.0:
            s += math.exp(t)
        else:
            s += 0.1 * t * t
        y[i] = s * rate
    energy = 0.0
    for i in range(1, n):
        d = y[i] - y[i - 1]
        energy += d * d / (1.0 + abs(d))
    v = 1.0
    k = 0
    while v > 0.01 and k < n:
        v = rate * math.sin(v * x[k]) + 0.5 * v
        k += 1
    smooth = 0.0
    for i in range(n):
        for j in range(i):
            smooth += w[j] * y[i] * y[j]
    return energy + v + smooth / n + math.log(1.0 + s * s)


def rows(quick: bool) -> Rows:
    rounds = 1 if quick else 5
    measured: list[list[tuple[float, float]]] = []

    def once() -> list[list[tuple[float, float]]]:
        if not measured:
            measured.extend([cold_and_warm() for _ in range(rounds)])
        return measured

    def row(name: str, which: int, bound: float) -> Row:
        cold, warm = ([pair[which] for pair in side] for side in zip(*once(), strict=True))
        return Row("cache", name, median(warm), bound, "s", median(cold), *ratios(warm, cold))

    def seconds() -> Row:
        slowest = max(warm[0] for _, warm in once())
        return Row("cache", "first call, in seconds", slowest, SECONDS, note="the slowest")

    yield attempt("cache", "first call", BOUND, row, "first call", 0, BOUND)
    yield attempt("cache", "first call, in seconds", SECONDS, seconds)
    yield attempt("cache", "whole process", 1.0, row, "whole process", 1, 1.0)


def cold_and_warm() -> list[tuple[float, float]]:
    """(first call, whole process) in seconds: where the cache is empty, and in the process after that."""
    with tempfile.TemporaryDirectory() as folder:
        return [process(folder) for _ in range(2)]


def process(folder: str) -> tuple[float, float]:
    start = time.perf_counter()
    printed = child("-m", "benchmarks.cache", SRCAD_CACHE_DIR=folder)
    return float(printed), time.perf_counter() - start


def main() -> None:
    x = np.linspace(0.1, 1.0, 50)
    function: Callable[..., Any] = rough_path
    start = time.perf_counter()
    grad(function)(x, x[::-1].copy(), 0.1)
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main()
