"""Recursive functions that take tuples, and return arrays or tuples of them."""

import math

import numpy as np

from . import Case


def _transform(v):
    if len(v) == 1:
        return v * 1.0
    even, odd = _transform(v[::2]), _transform(v[1::2])
    out = np.empty(len(v))
    for i in range(len(even)):
        out[i] = even[i] + math.cos(i) * odd[i]
        out[i + len(even)] = even[i] * odd[i]
    return out


def transformed(v):
    w = _transform(v)
    return w[0] * w[1] + w[2] * w[3]


def _power(a, n):
    if n == 0:
        return np.eye(2)
    if n % 2 == 1:
        return a @ _power(a, n - 1)
    half = _power(a, n // 2)
    return half @ half


def matrix_power(a):
    p = _power(a, 5)
    return p[0, 1] * p[1, 0]


def _split(v, n):
    if n == 0:
        return v * v, v[0]
    left, s = _split(v * 0.5, n - 1)
    return left + v, s * v[1]


def arrays_and_floats(v):
    a, s = _split(v, 3)
    a[0] = a[1] * s
    return a[0] * a[2]


def _rotate(p, n):
    x, y = p
    if n == 0:
        return (x * y, x - y)
    return _rotate((x * math.cos(y), y * math.sin(x)), n - 1)


def tuples_as_arguments(x, y):
    a, b = _rotate((x, y), 3)
    return a * b + x


def _turned(v, n):
    if n == 0:
        return v.copy()
    return _turned(v, n - 1) if v[0] > v[1] else _turned(v[::-1], n - 1)


def copies_of_arguments(v):
    w = _turned(v, 2)
    w[1] *= w[0]
    return w[0] * w[1] * v[1]


def _overwritten(v, n):
    out = v * 2.0
    if n > 0:
        inner = _overwritten(out, n - 1)
        for i in range(len(v)):
            inner[i] = inner[i] * out[i]
        out[0] = inner[1] * inner[2]
        return out
    return out


def results_written_to(v):
    w = _overwritten(v, 2)
    w[1] *= w[0]
    return w[1] + w[2]


V = np.array([0.3, 0.9, 0.7, 1.2])
A = np.array([[0.6, 0.4], [-0.3, 1.1]])
CASES = [
    Case(transformed, (V,)),
    Case(matrix_power, (A,)),
    Case(arrays_and_floats, (V,)),
    Case(tuples_as_arguments, (0.7, 0.4)),
    Case(copies_of_arguments, (V,)),
    Case(results_written_to, (V,)),
]
