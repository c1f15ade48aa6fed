"""Variables that inner functions assign, namedtuples with other values in some fields, and functions of `math`."""

import math
import statistics
from collections import namedtuple
from typing import NamedTuple

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.5, -1.5, 2.0, 0.25])
W = np.array([1.25, 0.5, 1.0, 3.0])
Point = namedtuple("Point", "x y")


class Model(NamedTuple):
    weights: np.ndarray
    bias: float = 0.5


@case(V)
def running_sum(v):
    s = 0.0

    def add(x):
        nonlocal s
        s = 0.5 * s + x * x

    for x in v:
        add(x)
    return s


@case(V)
def an_argument_is_read_before(v):
    s = 2.0 * v[0]

    def inner(x):
        nonlocal s
        s = s * x
        return x

    def outer(w):
        inner(v[1])
        return w

    return inner(s) * s + outer(s) * s + inner(s * v[2])


@case(V)
def what_a_loop_runs_over_changes(v):
    n, y = 2, v

    def more():
        nonlocal n, y
        n += 1
        y = y * 0.5

    t = 0.0
    for i in range(n):
        more()
        t += v[i] * n
    for x in y:
        more()
        t += x * y[0]
    return t


@case(V)
def operands_are_read_from_left_to_right(v):
    s = v[0]

    def times(x):
        nonlocal s
        s = s * x
        return s

    a, b = s, times(v[3])
    return s + times(v[1]) * s + times(v[2]) * s + a * b


@case(V)
def of_the_function_two_further_out(v):
    c = 1.0

    def through(k):
        m = k

        def step(x):
            nonlocal c, m, k
            c = c * x + k
            m, k = m * c, k + x
            return c * m

        return step(v[0]) + step(v[1]) * m * k

    return through(2.0) * through(v[2]) * c


@case(V)
def an_inner_name_of_the_same_spelling(v):
    c = v[0]

    def given(g):
        c = v[3]
        g()
        return c

    def square():
        nonlocal c
        c = c * c

    return given(square) * c + given(square)


@case(V)
def greatest_so_far(v):
    best = None

    def look(x):
        nonlocal best
        if best is None or x > best:
            best = x
            return 1
        return 2

    counts = [look(x) for x in v]
    return best * best * sum(counts)


@case(Point(1.5, 0.7))
def replaced(p):
    q = p._replace(y=2.0 * p.x)
    for _ in range(3):
        q = q._replace(x=q.x * p.y)
    r = Point(p.x, q.y)._replace(x=q.x * q.x)
    return q.x * q.y + r.x * r.y + Point._make((p.y, p.x)).x


@case(Model(V, 0.3))
def replaced_of_an_argument(m):
    m = m._replace(bias=m.bias * m.weights[0])
    return m.weights[2] * m.bias * m.bias


@case(0.7, 5)
def whole_numbers(x, n):
    s = math.perm(n, 2) * x + math.perm(n) * x**3 + math.isqrt(n + 4) * x
    for k in range(n + 1):
        s += math.comb(n, k) * x**k * (1.0 - x) ** (n - k) * k * k
        s += x**k / math.factorial(k) * math.gcd(12, k, 18) * math.lcm(4, k + 1)
    return s


@case(V, W)
def distances(v, w):
    near = math.dist((v[0], v[1]), (w[0], w[1])) * math.dist(v, w)
    near *= math.hypot(v[0], v[1], w[2]) + math.hypot(v[1])
    return near + math.hypot(*(v[0], w[0])) + math.dist([v[2]], [w[3]])


@case(V, W)
def sums_and_products(v, w):
    s = math.prod([v[0], v[1], w[0]]) + math.prod(v) * math.prod(x * x for x in w) + math.prod((v[0], w[1]), start=2.0)
    s *= math.prod(v.shape) * math.fsum(v) + math.fsum([x * x for x in w])
    whole, part = math.modf(v[1])[1], math.modf(w[0])[0]
    if math.isclose(v[0], w[1], abs_tol=0.2) and not math.isclose(v[0], w[2], rel_tol=0.1):
        s *= v[0]
    return s + whole * part * w[0] + math.log(w[3], w[0])


@case(V, W)
def statistics_of_numbers(v, w):
    s = statistics.mean(v) * statistics.fmean(w) + statistics.median(v) + statistics.stdev(v) * statistics.pstdev(w)
    return s + statistics.variance([x * v[0] for x in w]) * statistics.pvariance(v)
