"""Recursive functions that take tuples: nested ones, namedtuples, tuples of arrays and of ints."""

import math
from collections import namedtuple

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
S = namedtuple("S", "x v w")
V = np.array([0.5, -1.5, 2.0, 0.25, 1.1, 0.7])
W = np.array([1.2, 0.3, -0.8, 0.9, 2.1, -0.4])


def tuprec(n, t):
    if n == 0:
        return t[0] * t[1]
    return tuprec(n - 1, (t[0] * 0.9, t[1] + t[0]))


@case(0.7, 1.1)
def rec_tuple(a, b):
    return tuprec(4, (a, b))


def tupres(n, a, b):
    if n == 0:
        return (a, b)
    p, q = tupres(n - 1, b * a, a)
    return (p + q, q * a)


@case(0.7, 1.1)
def rec_tuple_result(a, b):
    x, y = tupres(3, a, b)
    return x * y


def leap(s, n):
    if n == 0:
        return s.x * s.v + s.w[1]
    s.w[n % len(s.w)] *= s.x
    return leap(S(s.x + 0.1 * s.v, s.v - 0.1 * math.sin(s.x), s.w), n - 1) + s.w[0]


@case(S(0.4, 0.9, V.copy()), 3)
def rec_nt(s, n):
    return leap(s, n)


def deep(t, n):
    (a, b), c = t
    if n <= 0:
        return a * b + c
    u = ((b, a * c), c + 0.1)
    return deep(u, n - 1) * a + deep(((a, b), c * 0.5), n - 2)


@case(((0.4, 0.9), 1.2))
def rec_nested(t):
    return deep(t, 3)


def odt(t, n):
    if n == 0:
        return t[1]
    return evt((t[0] + 0.1, t[1]), n - 1) + t[0]


def evt(t, n):
    return t[0] if n == 0 else odt((t[1], t[0] * t[1]), n - 1)


@case(0.6, 1.4)
def rec_mutual_tuple(a, b):
    return evt((a, b), 5)


def idxrec(t, i, n):
    if n == 0:
        return t[i] * 2.0
    return idxrec((t[2], t[0], t[1] * t[0]), (i + 1) % 3, n - 1)


@case(0.6, 1.4, 0.3)
def rec_tuple_index(a, b, c):
    return idxrec((a, b, c), 0, 4)


def arrs(t, n):
    u, v = t
    if n == 0:
        return u[0] * v[1]
    u[n] = v[n] * u[n - 1]
    return arrs((v, u), n - 1) * 0.5 + u[0]


@case(V, W)
def rec_tuple_arrays(a, b):
    return arrs((a, b), 3)


def intup(x, sh):
    if sh[0] == 0:
        return x
    return intup(x * math.cos(x), (sh[0] - 1, sh[1] + 1)) * sh[1]


@case(0.7)
def rec_int_tuple(x):
    return intup(x, (3, 1))
