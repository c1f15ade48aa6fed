"""The square of a number, and its derivative."""

from __future__ import annotations

from typing import Any

from benchmarks.gradbench.protocol import Eval, Function, Input
from srcad import grad


def square(x):
    return x * x


def read(given: Input) -> tuple[Any, ...]:
    return (given.alone(),)


gradient = grad(square)

EVAL = Eval(
    square=Function(read, gradient.primal),
    double=Function(read, gradient),
)
