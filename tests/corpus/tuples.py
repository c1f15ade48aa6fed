"""Tuples and namedtuples as arguments, locals, and results of helpers."""

import math
from typing import NamedTuple

import numpy as np

from . import Case


class Point(NamedTuple):
    x: float
    y: float


class Layer(NamedTuple):
    weights: np.ndarray
    bias: float


class Network(NamedTuple):
    first: Layer
    second: Layer


def tuple_argument(p):
    return p[0] * p[1] + math.sin(p[1]) * p[-1]


def tuple_unpacked(p):
    a, b, c = p
    return a * b * c + a


def tuple_and_scalar(p, x):
    return p[0] * x + p[1] * x * x


def tuple_indexed_at_run_time(p, n):
    s = 0.0
    for i in range(n):
        s = 0.5 * s + p[i % 3] * p[i % 2]
    return s


def tuple_iterated(p):
    s = 1.0
    for t in p:
        s = s * t + 0.1
    return s


def tuple_length_and_sum(p):
    return sum(p) * len(p) + max(p) * min(p)


def tuple_of_arrays(p):
    v, w = p
    s = 0.0
    for i in range(len(v)):
        s += v[i] * w[i]
    return s * p[0][0]


def tuple_of_array_and_float(p):
    return p[0][1] * p[1] + p[0][0]


def tuple_nested(p):
    (a, b), c = p
    return a * b + c * p[0][1]


def tuple_array_written(p):
    p[0][0] = p[1] * 2.0
    p[0][1] *= p[0][0]
    return p[0][0] * p[0][1]


def tuple_local(x, y):
    t = (x, y, x * y)
    u = (t[2], t[0])
    return t[0] * u[0] + u[1] * t[1]


def tuple_rebuilt_in_loop(x, y, n):
    t = (x, y)
    for _ in range(n):
        t = (t[1], math.sin(t[0]) + 0.5 * t[1])
    return t[0] * t[1]


def tuple_concatenated(x, y):
    t = (x, y) + (x * y,)
    return t[0] * t[1] + t[2] * t[2]


def tuple_slice(p):
    q = p[1:]
    return q[0] * q[1] + p[0]


def tuple_mixed_int(x, n):
    t = (x, n, x * n)
    return t[0] * t[1] + t[2]


def namedtuple_argument(p):
    return p.x * p.y + math.sin(p.x)


def namedtuple_by_index(p):
    a, b = p
    return a * p[1] + b * p.x


def namedtuple_local(x, y):
    p = Point(x * y, y=x + y)
    q = Point(p.y, p.x * 2.0)
    return p.x * q.x + q.y


def namedtuple_in_loop(p, n):
    for _ in range(n):
        p = Point(p.y, math.sin(p.x) + 0.5 * p.y)
    return p.x * p.y


def namedtuple_with_array(layer, x):
    s = layer.bias
    for i in range(len(layer.weights)):
        s += layer.weights[i] * x[i]
    return math.tanh(s)


def namedtuple_nested(net, x):
    h = net.first.bias
    for i in range(len(x)):
        h += net.first.weights[i] * x[i]
    h = math.tanh(h)
    s = net.second.bias
    for i in range(len(net.second.weights)):
        s += net.second.weights[i] * h
    return s * s


def _polar(x, y):
    return math.hypot(x, y), math.atan2(y, x)


def helper_returns_tuple(x, y):
    r, phi = _polar(x, y)
    return r * phi + r


def helper_returns_tuple_kept(x, y):
    t = _polar(x, y)
    u = _polar(t[0], t[1])
    return t[0] * u[1]


def _step(p, h):
    return Point(p.x + h * p.y, p.y - h * math.sin(p.x))


def helper_returns_namedtuple(x, y, n):
    p = Point(x, y)
    for _ in range(n):
        p = _step(p, 0.1)
    return 0.5 * p.y * p.y - math.cos(p.x)


def _norm(p):
    return p.x * p.x + p[1] * p[1]


def namedtuple_to_helper(p, scale):
    return _norm(p) * scale + _norm(Point(scale, p.x))


def _min_and_max(v):
    low = v[0]
    high = v[0]
    for i in range(1, len(v)):
        if v[i] < low:
            low = v[i]
        if v[i] > high:
            high = v[i]
    return low, high


def helper_returns_range(v):
    low, high = _min_and_max(v)
    s = 0.0
    for i in range(len(v)):
        s += ((v[i] - low) / (high - low)) ** 2
    return s


def tuple_in_branch(x, y):
    if x > y:
        t = (x, y)
    else:
        t = (y, x * x)
    return t[0] * t[0] + t[1]


def swap_in_tuple(p, n):
    a, b = p
    for i in range(n):
        if i % 2 == 0:
            (a, b) = (b, a * b)
        else:
            a, b = a + b, b
    return a - b * a


V = np.array([0.3, -0.2, 0.9])
W = np.array([0.1, 0.5, 1.1])
NETWORK = Network(Layer(V, 0.2), Layer(W, -0.3))
def arrays_of_tuples(p, q):
    """A tuple by its name and a part of one are arrays of their items."""
    t = (p.x, p.y * q, q)
    for _ in range(2):
        t = (t[1], t[2], t[0] * p.x)
    a = np.array(t[1:])
    b = np.asarray(t)
    a[0] *= 2.0
    return a @ b[:2] + np.array(p).sum() * np.array((2, 3))[1]


CASES = [
    Case(arrays_of_tuples, (Point(1.3, 0.4), 0.7)),
    Case(tuple_argument, ((1.3, 0.4),)),
    Case(tuple_unpacked, ((1.3, 0.4, -0.6),)),
    Case(tuple_and_scalar, ((1.3, 0.4), 0.7)),
    Case(tuple_and_scalar, ((1.3, 0.4), 0.7), 0),
    Case(tuple_and_scalar, ((1.3, 0.4), 0.7), "x"),
    Case(tuple_indexed_at_run_time, ((1.3, 0.4, -0.6), 5)),
    Case(tuple_iterated, ((1.3, 0.4, -0.6),)),
    Case(tuple_length_and_sum, ((1.3, 0.4, -0.6),)),
    Case(tuple_of_arrays, ((V, W),)),
    Case(tuple_of_array_and_float, ((V, 0.7),)),
    Case(tuple_nested, (((1.3, 0.4), -0.6),)),
    Case(tuple_array_written, ((V, 0.7),)),
    Case(tuple_local, (1.3, 0.4)),
    Case(tuple_rebuilt_in_loop, (1.3, 0.4, 4)),
    Case(tuple_concatenated, (1.3, 0.4)),
    Case(tuple_slice, ((1.3, 0.4, -0.6),)),
    Case(tuple_mixed_int, (1.3, 4)),
    Case(namedtuple_argument, (Point(1.3, 0.4),)),
    Case(namedtuple_by_index, (Point(1.3, 0.4),)),
    Case(namedtuple_local, (1.3, 0.4)),
    Case(namedtuple_in_loop, (Point(1.3, 0.4), 4)),
    Case(namedtuple_with_array, (Layer(V, 0.7), W)),
    Case(namedtuple_with_array, (Layer(V, 0.7), W), "layer"),
    Case(namedtuple_nested, (NETWORK, V), "net"),
    Case(namedtuple_nested, (NETWORK, V)),
    Case(helper_returns_tuple, (1.3, 0.4)),
    Case(helper_returns_tuple_kept, (1.3, 0.4)),
    Case(helper_returns_namedtuple, (1.3, 0.4, 5)),
    Case(namedtuple_to_helper, (Point(1.3, 0.4), 0.7)),
    Case(helper_returns_range, (V,)),
    Case(tuple_in_branch, (1.3, 0.4)),
    Case(tuple_in_branch, (0.4, 1.3)),
    Case(swap_in_tuple, ((1.3, 0.4), 5)),
]
