"""The logarithm of a sum of exponentials, with the maximum taken out first, and its gradient."""

from __future__ import annotations

import math

from benchmarks.gradbench import readers
from benchmarks.gradbench.evals import OPTIONS
from benchmarks.gradbench.protocol import Eval, Function
from srcad import grad


def primal(x):
    top = x[0]
    for i in range(1, len(x)):
        top = max(top, x[i])
    total = 0.0
    for i in range(len(x)):
        total += math.exp(x[i] - top)
    return math.log(total) + top


gradient = grad(primal, **OPTIONS)

EVAL = Eval(
    primal=Function(readers.lse, gradient.primal),
    gradient=Function(readers.lse, gradient),
)
