"""Lists of tuples, which become lists of numbers that keep in step: see `passes/unzip.py`."""

import math
from typing import NamedTuple

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.3, -0.7, 1.1, 0.6])


def _bump(t):
    return math.exp(-t * t) * t


@case(0.2, 1.7)
def adaptive_quadrature(a, b):
    stack = [(a, b)]
    s = 0.0
    while stack:
        lo, hi = stack.pop()
        mid = 0.5 * (lo + hi)
        one = (hi - lo) * _bump(mid)
        two = 0.5 * (hi - lo) * (_bump(0.5 * (lo + mid)) + _bump(0.5 * (mid + hi)))
        if abs(one - two) < 1e-3:
            s += two
        else:
            stack.append((lo, mid))
            stack.append((mid, hi))
    return s


@case(V)
def trapezia(v):
    points = []
    for x in v:
        points.append((x, x * x + v[0]))
    s = points[-1][0] * points[0][1] * len(points)
    for (x0, y0), (x1, y1) in zip(points, points[1:]):  # noqa: RUF007
        s += 0.5 * (x1 - x0) * (y0 + y1)
    for k, (x, y) in enumerate(points):
        s += k * x * y
    return s


@case(V)
def two_names(v):
    a = [(v[0], 1)]
    b = a
    b.append((v[1], 2))
    a.append((v[2] * v[0], 3))
    x, k = b[-1]
    a[0] = (x * x, 7)
    y, j = b[0]
    return x * k + y * j * len(b)


def _put(pairs, x, y):
    pairs.append((x * y, x))


def _powers(x, n):
    out = []
    for k in range(n):
        out.append((x**k, k))
    return out


def _weighed(pairs):
    s = 0.0
    for a, b in pairs:
        s += a * b
    return s


@case(0.7, 4)
def given_and_returned(x, n):
    pairs = _powers(x, n)
    _put(pairs, x, x)
    same = pairs
    _put(same, x, 2)
    return _weighed(pairs) + _weighed(_powers(pairs[1][0], 3))


@case(V)
def tuples_and_arrays_in_them(v):
    rows = []
    for i in range(4):
        rows.append((i, (v[i], v[i] * v[0]), v * v[i]))
    s = 0.0
    for i, (a, b), w in rows:
        s += i * a * b + w[i] * w[0]
    k, (p, q), w = rows[2]
    w[0] = p * q
    return s * k + rows[2][2][0] * rows[2][1][0]


class Point(NamedTuple):
    x: float
    y: float


@case(V)
def points(v):
    path = [Point(v[0], 1.0)]
    for x in v:
        path.append(Point(x * path[-1].x + 0.1, path[-1].y * x))
    s = 0.0
    for p in path:
        s += p.x * p.y
    last = path.pop()
    return s * last.x + path[0].y * last.y


@case(V)
def ints_and_floats(v):
    pairs = [(0, 1.0), (1, v[0]), (2.5 * v[1], 3)]
    s = 0.0
    for a, b in pairs:
        s += a * b
    for w, x in [(0.2, v[0]), (1, v[2])]:
        s += w * x * x
    return s * pairs[2][0]


@case(V)
def exchanged(v):
    pairs = [(x, k) for k, x in enumerate(v)]
    for i in range(len(pairs)):
        for j in range(len(pairs) - 1 - i):
            if pairs[j] > pairs[j + 1]:
                pairs[j], pairs[j + 1] = pairs[j + 1], pairs[j]
    s = 0.0
    for rank, (x, k) in enumerate(pairs):
        s += rank * x * x + k * x
    return s


@case(V)
def parts_and_sums(v):
    a = [(x, 1.0) for x in v]
    b = a + [(v[0] * v[1], v[2])]
    c = b[1:3]
    c += a
    c = c[::-1]
    d = c.copy()
    d[0] = (v[0], v[1])
    e = [(v[3], 0.5)] * 3
    e[1] = (e[0][0] * 2, e[2][1])
    a = a[1 : len(a)]
    s = 0.0
    for x, y in a + b + c + d + e:
        s = 1.1 * s + x * y
    return s


@case(V)
def in_a_tuple(v):
    both = ([(v[0], v[1])], v[2])
    both[0].append((v[2], both[1]))
    pairs, z = both
    pairs.append((z, z))
    s = 0.0
    for x, y in pairs:
        s += x * y * z
    return s * len(pairs)


@case(V)
@case(-V)
def work_that_makes_work(v):
    work = [(x, 2.0 * x) for x in v]
    s = 1.0
    while work:
        a, b = work.pop()
        if a < 0.0:
            continue
        if a > 1.0 and not (len(work) > 9):
            work.append((a * 0.3, b * s))
            work.append((b * 0.3, a * 0.2))
        s = s * 1.1 + a * b
    if not work:
        work.append((s, 1.0))
    return s + work[0][0] * work[0][1]


@case(V)
def bound_in_a_loop(v):
    s = 0.2
    for i in range(4):
        pairs = [(s, v[i])]
        same = pairs
        for j in range(i):
            same.append((pairs[-1][0] * v[j], pairs[-1][1] * s))
        s = s + pairs[-1][0] * pairs[-1][1]
        if s > 1.5:
            break
        pairs.append((s * v[i], s))
        s = s * same[-1][0] + v[0]
    return s


@case(V)
def as_an_array(v):
    rows = [(x, x * x, 1) for x in v]
    m = np.array(rows)
    first, *rest = rows
    return (m @ m.T).sum() + m[1, 0] * first[1] + rest[0][0] * rest[-1][1] + sum(a for a, _, _ in rest)


def _recursive(pairs, x, n):
    if n == 0:
        return x
    pairs.append((x * n, x))
    y = _recursive(pairs, math.sin(x) + 0.2, n - 1)
    a, b = pairs.pop()
    return y * a + b


@case(0.6)
def shared_by_recursive_calls(x):
    pairs = [(x * x, x)]
    return _recursive(pairs, x, 3)


@case(V)
def two_lists_in_turns(x):
    old, new = [(x[0], x[1])], [(x[2], x[3])]
    for _ in range(3):
        old, new = new, old
        new.append((old[0][1], x[0]))
    return old[-1][0] * new[-1][1]
