# ruff: noqa: F841
"""Branches that Numba leaves out, since constants or the types of arguments decide them."""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1])


def r(x, n):
    return x if n <= 0 else r(x * x, n - 1) * x


@case(X, 0.3)
def p1(x, s):
    k = 1
    if k % 3:
        y = x * 2.0
        s = s * y[0]
    else:
        z = s * 2.0
        w = z * z
        s = w * x[1]
        for i in range(3):
            q = w * x[i]
            s = s + q
    return s * r(s, 2)


@case(X, 0.3)
def p2(x, s):
    k = 0
    flag = False
    v = [s]
    if k:
        z = s * 2.0
        s = z * x[1]
    while flag:
        z = s * 3.0
        s = z * z
    for i in range(k):
        z = s * s
        s = z
    if not k and x[0] > 0:
        u = s * x[0]
        s = u * u
    return s * v[0] * r(s, 1)


@case(X, "mean")
@case(X, "sum")
def p3(x, mode):
    s = 0.0
    if mode == "sum":
        for v in x:
            s = s + v * v
    elif mode == "mean":
        z = 0.0
        for v in x:
            z = z + v
        s = z / len(x)
    else:
        raise ValueError("mode")
    return s * r(s, 1)


@case(X, 2)
def p4(x, n=2):
    if n == 2:
        a = x[0] * x[1]
        return a * a
    b = x[0]
    return b * r(b, 2)


def h5(v, x, n):
    if n <= 0:
        return x
    m6 = np.zeros((2, 2))
    m6[0, 1] = 0.67 * (x + (n + 1) / 4)
    y = h5(v[::-1], x * 0.4, n - 1)
    v[0] = -x
    return m6[-2][0] * v[0] + x * 0.1 * n


@case(X, 0.3)
def k1(x, s):
    return h5(x, s, 2)


def h6(v, x, n):
    if n <= 0:
        return x
    y = h6(v, x * 0.4, n - 1)
    v[0] = -x
    return v[0] + x * 0.1 * n


@case(X, 0.3)
def k2(x, s):
    return h6(x, s, 2)


@case(X, 0.3)
def k3(x, s):
    return h6(x[::2], s, 2) * x[0] + h6(x, s, 1)


@case(0.6, 0.4)
def a_while_that_always_breaks_in_a_branch(x, y):
    """Numba prunes what a constant decides: what was bound there is read under the same condition."""
    s = x
    if y > 0.5:
        return s * y
    else:
        i = 0
        while i < 3:
            i += 1
            break
        else:
            s -= math.sin(0.5 * x * s)
        s += y * s
    return s * x


@case(0.6, 0.4, 3)
def a_constant_decides_in_a_branch(x, y, n):
    s, k = 0.3, 0
    if max(math.sin(x), y) < 0.7:
        if k < 4:
            k += 1
        else:
            for i in range(n):
                if k < 5:
                    return s * x
                s += math.sin(s * y)
    return s + x * y


@case(X, 0.3)
@case(X, 1.3)
def k4(x, s):
    """Only what is inside the else is left out, not the else."""
    k = 2
    if s > 1.0:
        s = s * x[0]
    elif k > 1:
        s *= 2.0
    else:
        z = s * x[2]
        s = z * z
    return s * r(s, 1)


@case(X, 0.3, 2.0)
@case(X, 1.3, 2.0)
def k5(x, s, y):
    """What a pruned condition keeps from being read has no type either, and the test is run."""
    k = 2
    if k > 3:
        z = s * y
    if s > 1.0 and (k < 3 or z > 0.5):
        s = s * x[1] * y
    return s * r(s, 1)


DEBUG = False


@case(0.6, 0.4)
def a_loop_that_never_runs(x, y):
    """What it would keep for the reverse sweep has no type: Python itself leaves the loop out."""
    s, z = y, x
    while not not DEBUG:
        z = x * y
        while 1:
            s += y
            break
    return s * z


@case(0.6, 0.4)
def a_loop_whose_test_ends_in_a_constant(x, y):
    s, z, c = y, x, 0
    while c < 2 and DEBUG:
        z = x * y
        while 1:
            s += y
            break
    return s * z * x


@case(0.6, 0.4)
def an_else_behind_a_loop_that_never_runs(x, y):
    while DEBUG or False:
        y = x * x
        break
    else:
        y *= x
    return x * y if x > 0.0 or DEBUG else y


@case(0.6, 0.4)
def a_return_in_a_loop_whose_test_a_constant_decides(x, y):
    c = 0
    while c > 1:
        c += 1
        if x < y:
            if c:
                y *= x
            else:
                return 1.3
        break
    return x * y
