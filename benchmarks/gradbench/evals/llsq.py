"""Least squares: a polynomial with coefficients x fitted to the sign function at n points, and its gradient."""

from __future__ import annotations

from benchmarks.gradbench import readers
from benchmarks.gradbench.evals import OPTIONS
from benchmarks.gradbench.protocol import Eval, Function
from srcad import grad


def sign(t):
    if t > 0.0:
        return 1.0
    if t < 0.0:
        return -1.0
    return 0.0


def primal(x, n):
    total = 0.0
    for i in range(n):
        t = -1.0 + i * 2.0 / (n - 1)
        rest = sign(t)
        power = 1.0
        for j in range(len(x)):
            rest -= x[j] * power
            power *= t
        total += rest * rest
    return 0.5 * total


gradient = grad(primal, wrt="x", **OPTIONS)

EVAL = Eval(
    primal=Function(readers.llsq, gradient.primal),
    gradient=Function(readers.llsq, gradient),
)
