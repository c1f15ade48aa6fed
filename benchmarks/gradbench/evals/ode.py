"""A system of ordinary equations, y_0' = x_0 and y_i' = x_i y_(i-1), solved from 0 to time 2 by s steps of the classic
Runge-Kutta method; and the gradient of the last y at the end.
"""

from __future__ import annotations

import numba
import numpy as np

from benchmarks.gradbench import readers
from benchmarks.gradbench.evals import OPTIONS
from benchmarks.gradbench.protocol import Eval, Function
from srcad import grad


@numba.njit(error_model="numpy")
def slope(x, y, out):
    out[0] = x[0]
    for i in range(1, len(x)):
        out[i] = x[i] * y[i - 1]


@numba.njit(error_model="numpy")
def solve(x, s):
    n = len(x)
    h = 2.0 / s
    y = np.zeros(n)
    moved = np.empty(n)
    k1 = np.empty(n)
    k2 = np.empty(n)
    k3 = np.empty(n)
    k4 = np.empty(n)
    for _ in range(s):
        slope(x, y, k1)
        for i in range(n):
            moved[i] = y[i] + 0.5 * h * k1[i]
        slope(x, moved, k2)
        for i in range(n):
            moved[i] = y[i] + 0.5 * h * k2[i]
        slope(x, moved, k3)
        for i in range(n):
            moved[i] = y[i] + h * k3[i]
        slope(x, moved, k4)
        for i in range(n):
            y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i])
    return y


def last(x, s):
    return solve(x, s)[-1]


gradient = grad(last, wrt="x", **OPTIONS)

EVAL = Eval(
    primal=Function(readers.ode, solve),
    gradient=Function(readers.ode, gradient),
)
