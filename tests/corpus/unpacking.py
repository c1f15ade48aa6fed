"""Several targets of one assignment, and a starred one: what is read before what is written."""

import math
from typing import NamedTuple

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.3, -0.2, 0.9])


@case((1.0, 2.0, 3.0, 4.0))
@case((1.0, 2.0))
def starred_tuple(t):
    first, *middle, last = t
    s = first
    for m in middle:
        s += m * m * first
    middle.append(s)
    return s * last + middle[0] * len(middle)


@case(V)
@case(V[:2])
def starred_array(v):
    a, b, *rest = v
    v[1:] = 1.0  # the items are no view
    s = a * b
    for r in rest:
        s = s * 0.5 + r * a
    return s + len(rest) * v[1]


@case(np.arange(12.0).reshape(4, 3) / 7.0)
def starred_rows(m):
    head, *tail = m
    s = head.sum()
    m[1] *= s  # the rows are views
    for row in tail:
        s += row @ head
    *_, a, b = m[3]
    return s * a + b


@case(V)
def starred_list(v):
    squares = [x * x for x in v]
    *start, end = squares
    squares[0] = 5.0
    start[1] *= end
    (p, *q), r = (v[0], v[1], v[2]), v[1]
    return sum(start) * end + squares[0] * squares[1] + p * q[0] * q[1] * r


@case(V)
def unpacked_into_itself(v):
    """The items are read before the first of them is assigned."""
    v[0], v[1] = v[:2][::-1]
    a = [v[0], v[1] * 2.0]
    a[1], a[0] = a
    w = np.array([1, 2, 0])
    w[0], w[1], w[2] = w[1:][0], w[0], w[0]
    s = a[0] * a[0] * a[1] * v[w[1]]
    for v[0], b in zip(v[1:], v):
        s += v[0] * b
    return s + v[0] * v[w[0]]


def _weighed(a, b, c=2.0):
    return a * b * b + c * a


def _step(x, v):
    return x + 0.1 * v, v - 0.1 * x * x


class Spring(NamedTuple):
    stiffness: float
    length: float


@case((0.3, 0.4), Spring(0.5, 0.7), ((0.1, 0.2), (0.3, 0.4)))
@case((0.3, 0.4), Spring(0.5, 0.7), wrt=("pair", "spring"))
def arguments(pair, spring, layers=((0.5, 0.2), (0.1, 0.4))):
    """Of parameters, whose types are known."""
    s = _weighed(*pair, spring.length) + _weighed(2.0, *spring) * math.atan2(*pair)
    for layer in layers:
        s = _weighed(s, *layer)
    other = Spring(*pair)
    return s + max(*other) * _weighed(*layers[1])


@case(0.3, 0.4)
@case(-0.3, 0.4)
def state(x, v):
    pair = (x, v)
    for _ in range(4):
        pair = _step(*pair)
    turned = (v, x) if x > 0.0 else (x, x)
    f = lambda a, b: a * b * b  # noqa: E731
    return f(*pair) + _weighed(*_step(*turned)) + np.hypot(*turned) * _weighed(*(*turned, pair[0]))


@case(V)
def of_a_list(v):
    points = [(v[0], v[1], v[2])]
    points.append((v[2], *points[0][1:]))
    s = _weighed(*points[-1]) + np.dot(*(v, v))
    for p in points:
        s *= _weighed(*p)
    return s + _weighed(*points.pop()[:2], c=s)


def _power_sum(x, *more, p=2.0):
    s = abs(x) ** p
    for k, m in enumerate(more):
        s += abs(m) ** p * (k + 1)
    else:
        s += 1.0
    return s + sum(m * x for m in more) + len(more)


@case(0.3, 0.4)
def no_further_arguments(x, y):
    s = _power_sum(x) * _power_sum(x, y) * _power_sum(y, x, y, p=3.0)
    for a in ():
        s *= a
    for a, b in zip((x, y), ()):
        s += a * b
    return s
