"""The square of a number, and its derivative."""

from __future__ import annotations

from benchmarks.gradbench import readers
from benchmarks.gradbench.protocol import Eval, Function
from srcad import grad


def square(x):
    return x * x


gradient = grad(square)

EVAL = Eval(
    square=Function(readers.hello, gradient.primal),
    double=Function(readers.hello, gradient),
)
