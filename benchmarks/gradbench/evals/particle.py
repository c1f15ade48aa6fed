"""A particle pushed off by two charges, the place of one of which depends on w: the w with which it hits the origin.

Euler's method follows the particle, with the force from the potential's gradient, until it crosses the axis; gradient
descent on w takes the derivative of the squared miss by w, through all steps and through the gradients in them.
Of a variant's two letters, the first is the mode of the derivative by w, the second that of the force.
"""

from __future__ import annotations

import math

import numba

from benchmarks.gradbench import readers
from benchmarks.gradbench.protocol import Eval, Function
from srcad import grad, jacfwd, jvp


@numba.njit
def distance(x, y, u, v):
    return math.sqrt((x - u) * (x - u) + (y - v) * (y - v))


@numba.njit
def potential(x, y, w):
    return 1.0 / distance(x, y, 10.0, 10.0 - w) + 1.0 / distance(x, y, 10.0, 0.0)


uphill = grad(potential, wrt=("x", "y"))
uphill_forward = jacfwd(potential, wrt=("x", "y"))


def flight(slope):
    """The squared distance from the origin at which the particle crosses the axis, as a function of w."""

    @numba.njit
    def miss(w):
        x, y = 0.0, 8.0
        vx, vy = 0.75, 0.0
        step = 0.1
        while True:
            ax, ay = slope(x, y, w)
            x += step * vx
            y += step * vy
            if y <= 0.0:
                landed = x - y / vy * vx
                return landed * landed
            vx -= step * ax
            vy -= step * ay

    return miss


def forward(f):
    push = jvp(f)

    @numba.njit
    def slope(w):
        _, by_w = push((w,), (1.0,))
        return by_w

    return slope


def lowest(f, slope):
    """The function that follows -slope(w) from w to a minimum of f(w)."""

    @numba.njit
    def place(w):
        value = f(w)
        dw = slope(w)
        rate = 1e-5
        steps = 0
        while abs(dw) > 1e-5:
            if steps == 10:
                rate *= 2.0
                steps = 0
                continue
            moved = w - rate * dw
            if abs(w - moved) <= 1e-5:
                break
            there = f(moved)
            if there < value:
                w, value = moved, there
                dw = slope(w)
                steps += 1
            else:
                rate *= 0.5
                steps = 0
        return w

    return place


def variant(outer, slope):
    miss = flight(slope)
    return lowest(miss, outer(miss))


EVAL = Eval(
    ff=Function(readers.particle, variant(forward, uphill_forward)),
    fr=Function(readers.particle, variant(forward, uphill)),
    rf=Function(readers.particle, variant(grad, uphill_forward)),
    rr=Function(readers.particle, variant(grad, uphill)),
)
