"""The logarithm of a sum of exponentials, with the maximum taken out first, and its gradient."""

from __future__ import annotations

import math
from typing import Any

from benchmarks.gradbench.protocol import Eval, Function, Input
from srcad import grad


def primal(x):
    top = x[0]
    for i in range(1, len(x)):
        top = max(top, x[i])
    total = 0.0
    for i in range(len(x)):
        total += math.exp(x[i] - top)
    return math.log(total) + top


def read(given: Input) -> tuple[Any, ...]:
    x = given.floats("x", None)
    if not len(x):
        raise ValueError("x is empty")
    return (x,)


gradient = grad(primal)

EVAL = Eval(
    primal=Function(read, gradient.primal),
    gradient=Function(read, gradient),
)
