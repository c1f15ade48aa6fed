"""What one call of a small gradient costs, from Python and from compiled code.

Here the derivative is a few nanoseconds of work, so what is measured is everything around it. From Python
both sides are called alike, in a loop of `timeit`; from compiled code, a million times in an @njit loop
with arguments that change at every step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.harness import Row, Rows, alternate, attempt, compiled, disagreement, effort, ratios
from srcad import grad

FROM_PYTHON = 1.15
FROM_NJIT = 1.05


def product_sine(x1: float, x2: float) -> float:
    return x1 * x2 + math.sin(x2)


@compiled
def product_sine_adjoint(x1: float, x2: float) -> tuple[float, float]:
    return x2, x1 + math.cos(x2)


def softplus(x: float) -> float:
    return math.log1p(math.exp(x))


@compiled
def softplus_adjoint(x: float) -> float:
    e = math.exp(x)
    return e / (1.0 + e)


def huber(x: float, delta: float) -> float:
    a = abs(x)
    if a <= delta:
        return 0.5 * x * x
    return delta * (a - 0.5 * delta)


@compiled
def huber_adjoint(x: float, delta: float) -> tuple[float, float]:
    a = abs(x)
    if a <= delta:
        return x, 0.0
    return math.copysign(delta, x), a - delta


def gauss(x: float, mu: float, sigma: float) -> float:
    z = (x - mu) / sigma
    return -0.5 * z * z - math.log(sigma)


@compiled
def gauss_adjoint(x: float, mu: float, sigma: float) -> tuple[float, float, float]:
    z = (x - mu) / sigma
    d = z / sigma
    return -d, d, z * d - 1.0 / sigma


@dataclass(frozen=True)
class Scalar:
    """A function of floats, its hand-written adjoint, and the loop that calls a gradient `n` times."""

    primal: Callable[..., float]
    adjoint: Callable[..., Any]
    at: tuple[float, ...]
    loop: Callable[[Callable[..., Any]], Callable[[int], float]]


def loop_one(gradient: Callable[..., float]) -> Callable[[int], float]:
    @compiled
    def run(n: int) -> float:
        total = 0.0
        for i in range(n):
            total += gradient(1.0 - 2e-6 * i)
        return total

    return run


def loop_two(gradient: Callable[..., tuple[float, float]]) -> Callable[[int], float]:
    @compiled
    def run(n: int) -> float:
        total = 0.0
        for i in range(n):
            a, b = gradient(1.0 - 2e-6 * i, 0.5 + 1e-6 * i)
            total += a - b
        return total

    return run


def loop_three(gradient: Callable[..., tuple[float, float, float]]) -> Callable[[int], float]:
    @compiled
    def run(n: int) -> float:
        total = 0.0
        for i in range(n):
            a, b, c = gradient(1.0 - 2e-6 * i, 0.5 + 1e-6 * i, 1.0 + 1e-6 * i)
            total += a - b + c
        return total

    return run


CASES = {
    "x1 * x2 + sin(x2)": Scalar(product_sine, product_sine_adjoint, (2.0, 3.0), loop_two),
    "softplus": Scalar(softplus, softplus_adjoint, (0.7,), loop_one),
    "Huber loss (a branch)": Scalar(huber, huber_adjoint, (0.7, 0.5), loop_two),
    "Gaussian log-density": Scalar(gauss, gauss_adjoint, (0.7, 0.2, 1.5), loop_three),
}


def rows(quick: bool) -> Rows:
    for name, case in CASES.items():
        label = f"{name}, Python"
        yield attempt("calls", label, FROM_PYTHON, from_python, label, case, quick)
    for name, case in CASES.items():
        label = f"{name}, @njit"
        yield attempt("calls", label, FROM_NJIT, from_njit, label, case, quick)


def from_python(label: str, case: Scalar, quick: bool) -> Row:
    gradient = grad(case.primal)
    error = disagreement(gradient(*case.at), case.adjoint(*case.at))
    ours, hand = alternate([gradient, case.adjoint], case.at, effort(quick))
    return Row("calls", label, min(ours), FROM_PYTHON, "s", min(hand), *ratios(ours, hand), error)


def from_njit(label: str, case: Scalar, quick: bool) -> Row:
    n = 10_000 if quick else 1_000_000
    loops = [case.loop(grad(case.primal)), case.loop(case.adjoint)]
    error = disagreement(loops[0](n), loops[1](n))
    ours, hand = alternate(loops, (n,), effort(quick))
    return Row("calls", label, min(ours) / n, FROM_NJIT, "s", min(hand) / n, *ratios(ours, hand), error)
