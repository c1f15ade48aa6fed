"""A saddle point of x1^2 + y1^2 - x2^2 - y2^2: gradient descent on (x1, y1) of the maximum over (x2, y2).

Gradient descent finds the maximum too, at every step anew; the outer derivative goes through all of it.

Of a variant's two letters, the first is the mode of the outer derivative, the second that of the inner one.
"""

from __future__ import annotations

import math

import numba

from benchmarks.gradbench import readers
from benchmarks.gradbench.protocol import Eval, Function
from srcad import grad, jacfwd


@numba.njit
def objective(x1, y1, x2, y2):
    return (x1 * x1 + y1 * y1) - (x2 * x2 + y2 * y2)


@numba.njit
def depth(x2, y2, x1, y1):
    return -objective(x1, y1, x2, y2)


def lowest(f, slope):
    """The function that follows -slope(x, y, u, v) from (x, y) to a minimum of f(x, y, u, v)."""

    @numba.njit
    def place(x, y, u, v):
        value = f(x, y, u, v)
        dx, dy = slope(x, y, u, v)
        rate = 1e-5
        steps = 0
        while math.sqrt(dx * dx + dy * dy) > 1e-5:
            if steps == 10:
                rate *= 2.0
                steps = 0
                continue
            nx = x - rate * dx
            ny = y - rate * dy
            if math.sqrt((x - nx) * (x - nx) + (y - ny) * (y - ny)) <= 1e-5:
                break
            there = f(nx, ny, u, v)
            if there < value:
                x, y, value = nx, ny, there
                dx, dy = slope(x, y, u, v)
                steps += 1
            else:
                rate *= 0.5
                steps = 0
        return x, y

    return place


def highest(bottom):
    """The maximum of the objective over (x2, y2), where `bottom` finds the place."""

    @numba.njit
    def top(x1, y1, x2, y2):
        x, y = bottom(x2, y2, x1, y1)
        return objective(x1, y1, x, y)

    return top


def forward(f):
    """df/dx and df/dy of f(x, y, u, v), both from one sweep with a lane for each."""
    return jacfwd(f, wrt=(0, 1))


def reverse(f):
    """df/dx and df/dy of f(x, y, u, v), from one sweep."""
    return grad(f, wrt=(0, 1))


def variant(outer, inner):
    bottom = lowest(depth, inner(depth))
    top = highest(bottom)
    bowl = lowest(top, outer(top))

    @numba.njit
    def solve(x, y):
        x1, y1 = bowl(x, y, x, y)
        x2, y2 = bottom(x, y, x1, y1)
        return x1, y1, x2, y2

    return solve


EVAL = Eval(
    ff=Function(readers.saddle, variant(forward, forward)),
    fr=Function(readers.saddle, variant(forward, reverse)),
    rf=Function(readers.saddle, variant(reverse, forward)),
    rr=Function(readers.saddle, variant(reverse, reverse)),
)
