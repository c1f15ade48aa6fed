"""The other derivatives: forward mode over the primal, whole Jacobians over single sweeps, second order over first.

Each is held against what it is made of, compiled and called in the same way; the note says what it took to compile.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import kernels
from benchmarks.harness import Row, Rows, alternate, attempt, compiled, disagreement, effort, ratios
from srcad import grad, hessian, hvp, jacfwd, jvp, value_and_grad

INPUTS = 16


def arithmetic(x: kernels.Array) -> float:
    """A chain of products and sums: no step can start before the one before it."""
    s = 0.3
    for i in range(x.size):
        a = s * x[i]
        b = a * a - x[i]
        s = 0.5 * b + 0.1 * a
    return s


def waves(x: kernels.Array) -> float:
    s = 0.0
    for i in range(x.size):
        s += math.sin(x[i]) * math.exp(-x[i] * x[i])
    return s


def mixture(p: kernels.Array) -> kernels.Array:
    """`INPUTS` parameters, 1,000 outputs: a sum of bumps, as one fits it to a spectrum."""
    y = np.zeros(1000)
    for i in range(y.size):
        t = i / y.size
        for k in range(p.size // 2):
            d = t - p[2 * k]
            y[i] += p[2 * k + 1] / (1.0 + 100.0 * d * d)
    return y


def rosenbrock(x: kernels.Array) -> float:
    s = 0.0
    for i in range(x.size - 1):
        s += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return s


@dataclass(frozen=True)
class Case:
    """A call that is timed, the one that it is held against, how many of these, and the bound of the ratio.

    `first` compiles the call and says what it gives, `right` what it should be.
    """

    ours: Callable[..., Any]
    against: Callable[..., Any]
    times: int
    bound: float
    arguments: Callable[[int], tuple[Any, ...]]
    size: int
    right: Callable[..., Any]


def _directions(n: int) -> tuple[Any, ...]:
    random = np.random.default_rng(1)
    return random.uniform(0.1, 0.9, n), random.standard_normal(n)


def _parameters(n: int) -> tuple[Any, ...]:
    return _directions(INPUTS)


def _forward(f: Any, bound: float) -> Case:
    push, primal, gradient = jvp(f), compiled(f), grad(f)
    return Case(
        lambda x, v: push((x,), v),
        lambda x, v: primal(x),
        1,
        bound,
        _directions,
        10_000,
        lambda x, v: (primal(x), gradient(x) @ v),
    )


def _jacobian() -> Case:
    whole, push = jacfwd(mixture), jvp(mixture)

    def columns(p: Any, v: Any) -> Any:
        return np.stack([push((p,), e)[1] for e in np.eye(INPUTS)], axis=1)

    return Case(lambda p, v: whole(p), lambda p, v: push((p,), v), INPUTS, 0.5, _parameters, INPUTS, columns)


def _hvp() -> Case:
    product, both, whole = hvp(rosenbrock), value_and_grad(rosenbrock), hessian(rosenbrock)
    small = 300

    def right(x: Any, v: Any) -> Any:
        return whole(x) @ v if x.size <= small else product((x,), v)

    return Case(lambda x, v: product((x,), v), lambda x, v: both(x), 1, 2.5, _directions, 10_000, right)


CASES: dict[str, Callable[[], Case]] = {
    "jvp, arithmetic": lambda: _forward(arithmetic, 2.0),
    "jvp, sin and exp": lambda: _forward(waves, 1.3),
    "Jacobian, of 16 single sweeps": _jacobian,
    "hvp, of value and gradient": _hvp,
}


def rows(quick: bool) -> Rows:
    """The table of this section."""
    for name, make in CASES.items():
        yield attempt("derivatives", name, math.nan, measure, name, make(), quick)


def measure(name: str, case: Case, quick: bool) -> Row:
    arguments = case.arguments(min(case.size, 100) if quick else case.size)
    start = time.perf_counter()
    found = case.ours(*arguments)
    note = f"first call {time.perf_counter() - start:.2f} s"
    small = case.arguments(min(case.size, 100))
    error = max(disagreement(case.ours(*small), case.right(*small)), disagreement(found, case.right(*arguments)))
    ours, against = alternate([case.ours, case.against], arguments, effort(quick))
    held = [case.times * t for t in against]
    return Row("derivatives", name, min(ours), case.bound, "s", min(held), *ratios(ours, held), error, note)
