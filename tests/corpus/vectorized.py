"""Functions that `np.vectorize` and `numba.vectorize` make."""

import math

import numpy as np

from . import into

CASES = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4, 0.9])
M = np.array([[1.0, 2.0, 0.5], [0.3, -1.0, 4.0]])


def leaky(t, a):
    return t if t > 0 else a * t


@case(V)
def inside(x):
    @np.vectorize
    def relu(t):
        return t * x[1] if t > 0 else 0.1 * t

    f = np.vectorize(lambda t: t * t)
    return relu(x).sum() ** 2 + f(x) @ x + f(x[0]) + relu(2.0) * x[3]


@case(V)
def of_two(x):
    f = np.vectorize(leaky)
    s = (f(x, 0.1) ** 2).sum() + f(x[0], x).sum() * f(x[0], x[1])
    for _ in range(2):
        s = s * 0.1 + f(x, x[::-1] * s) @ x
    return s


@case(M)
def of_more(m):
    g = np.vectorize(lambda a, b, c: a * b + math.sin(c))
    h = np.vectorize(lambda a, b, c, d: a * b + c * d if a > 0 else d)
    s = (g(m, 2.0, m[0, 0]) * h(m, m, m[1, 1], 3.0)).sum() + g(m[0, 0], m[0, 1], 1.0)
    return s + g(m[:, 1], m[:, 0], m[:, 2]).sum() + h([1.0, 2.0], m[0, 0], 2.0, m[:, 1]).sum()
