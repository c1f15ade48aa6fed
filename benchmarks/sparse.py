"""Sparse Jacobians and Hessians of systems with a million variables, held against evaluating what is differentiated.

The bound is three times (number of colours + 1) evaluations, for a pattern that is known; finding the pattern and
colouring it are rows of their own. The systems are test problems 30 and 31 of Moré, Garbow and Hillstrom, Testing
unconstrained optimization software, 1981: Broyden's tridiagonal function, a few operations a row, so that its pages are
what costs, and his banded one with seven diagonals; and the chained Rosenbrock function.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.harness import Effort, Row, Rows, alternate, attempt, disagreement, effort, ratios
from benchmarks.kernels import Array
from srcad import grad, hvp, jvp, sparse_hessian, sparse_jacobian

BOUND = 3.0  # times (number of colours + 1) evaluations
GROWTH = 1.5  # in time a non-zero, from a tenth of the size


def broyden_tridiagonal(x: Array) -> Array:
    n = x.size
    y = np.empty(n)
    for i in range(n):
        s = (3.0 - 2.0 * x[i]) * x[i] + 1.0
        if i > 0:
            s -= x[i - 1]
        if i < n - 1:
            s -= 2.0 * x[i + 1]
        y[i] = s
    return y


def broyden_banded(x: Array) -> Array:
    n = x.size
    y = np.empty(n)
    for i in range(n):
        s = x[i] * (2.0 + 5.0 * x[i] * x[i]) + 1.0
        for j in range(max(0, i - 5), min(n, i + 2)):
            if j != i:
                s -= x[j] * (1.0 + x[j])
        y[i] = s
    return y


def rosenbrock(x: Array) -> float:
    s = 0.0
    for i in range(x.size - 1):
        s += 100.0 * (x[i + 1] - x[i] * x[i]) ** 2 + (1.0 - x[i]) ** 2
    return s


@dataclass(frozen=True)
class Case:
    """What is differentiated, how, what is evaluated for comparison, and the matrix times a vector by another way."""

    sparse: Callable[..., Any]
    function: Callable[..., Any]
    evaluated: Callable[[Any], Any]
    product: Callable[[Any, Array, Array], Any]


def _along(f: Any, x: Array, v: Array) -> Any:
    return jvp(f)((x,), (v,))[1]


CASES = {
    "Broyden tridiagonal": Case(sparse_jacobian, broyden_tridiagonal, lambda f: grad(f).primal, _along),
    "Broyden banded": Case(sparse_jacobian, broyden_banded, lambda f: grad(f).primal, _along),
    "Rosenbrock, Hessian": Case(sparse_hessian, rosenbrock, grad, lambda f, x, v: hvp(f)((x,), (v,))),
}


def rows(quick: bool) -> Rows:
    for name, case in CASES.items():
        yield attempt("sparse", f"{name}, pattern known", BOUND, known, name, case, quick)
        yield attempt("sparse", f"{name}, detection", math.inf, detection, name, case, quick)
        yield attempt("sparse", f"{name}, colouring", math.inf, colouring, name, case, quick)
        yield attempt("sparse", f"{name}, growth", GROWTH, growth, name, case, quick)


def _effort(quick: bool) -> Effort:
    return Effort(effort(quick).rounds if quick else 9, effort(quick).block)


def _size(quick: bool) -> int:
    return 1_000 if quick else 1_000_000


def _point(n: int) -> Array:
    return np.random.default_rng(1).uniform(-1.0, 1.0, n)


def known(name: str, case: Case, quick: bool) -> Row:
    """All entries by sweeps, for a pattern that is given: evaluations, divided by the number of colours + 1."""
    x = _point(_size(quick))
    evaluated = case.evaluated(case.function)
    matrix = case.sparse(case.function, pattern=case.sparse(case.function).pattern(x), check=False)
    v = np.random.default_rng(2).standard_normal(x.size)
    apart = disagreement(matrix(x) @ v, case.product(case.function, x, v))
    ours, reference = alternate([matrix, evaluated], [x], _effort(quick))
    share = matrix.sweeps + 1
    ratio, best = (r / share for r in ratios(ours, reference))
    note = f"{matrix.sweeps} colours, {min(ours) / matrix(x).nnz * 1e9:.1f} ns an entry; against {share} evaluations"
    against = share * min(reference)
    return Row("sparse", f"{name}, pattern known", min(ours), BOUND, "s", against, ratio, best, apart, note)


def detection(name: str, case: Case, quick: bool) -> Row:
    x = _point(_size(quick))
    matrix, evaluated = case.sparse(case.function), case.evaluated(case.function)
    ours, reference = alternate([matrix.pattern, evaluated], [x], _effort(quick))
    note = f"{min(ours) / matrix.pattern(x).nnz * 1e9:.0f} ns an entry; against one evaluation"
    best = ratios(ours, reference)
    return Row("sparse", f"{name}, detection", min(ours), math.inf, "s", min(reference), *best, note=note)


def colouring(name: str, case: Case, quick: bool) -> Row:
    x = _point(_size(quick))
    matrix, evaluated = case.sparse(case.function), case.evaluated(case.function)
    pattern = matrix.pattern(x)

    def coloured(_: Array) -> Any:
        return matrix.coloured(pattern)

    ours, reference = alternate([coloured, evaluated], [x], _effort(quick))
    note = "once for a pattern; against one evaluation"
    best = ratios(ours, reference)
    return Row("sparse", f"{name}, colouring", min(ours), math.inf, "s", min(reference), *best, note=note)


def growth(name: str, case: Case, quick: bool) -> Row:
    """Time a non-zero at the full size, over that at a tenth."""
    sizes = (_size(quick), _size(quick) // 10)
    points = [_point(n) for n in sizes]
    made = [case.sparse(case.function, pattern=case.sparse(case.function).pattern(x), check=False) for x in points]
    calls = [lambda matrix=matrix, x=x: matrix(x) for matrix, x in zip(made, points, strict=True)]
    full, tenth = alternate(calls, [], _effort(quick))
    entries = [matrix(x).nnz for matrix, x in zip(made, points, strict=True)]
    ours, reference = ([t / n for t in times] for times, n in zip((full, tenth), entries, strict=True))
    note = "time an entry, against a tenth of the size"
    return Row("sparse", f"{name}, growth", min(ours), GROWTH, "s", min(reference), *ratios(ours, reference), note=note)
