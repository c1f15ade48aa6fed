"""Programs whose results are arrays, tuples and namedtuples: for the transforms that take such results."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .corpus import Case, into

__all__ = ["RESULTS", "Model", "Pair", "Split"]

RESULTS: list[Case] = []
case = into(RESULTS)


class Pair(NamedTuple):
    x: np.ndarray
    y: np.ndarray


class Model(NamedTuple):
    weights: np.ndarray
    bias: float
    times: int


class Split(NamedTuple):
    parts: tuple
    rest: float


V = np.array([0.3, -1.2, 0.7, 2.1])
M = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]) / 3.0
F = np.asfortranarray(M)
WIDE = np.linspace(-1.0, 2.0, 8)[::2]
SINGLE = np.array([0.5, -1.5, 2.0], dtype=np.float32)


# --- arrays ----------------------------------------------------------------------------------------------------------


@case(V, 1.5)
@case(WIDE, 1.5)
def filled_in_a_loop(x, s):
    y = np.empty(x.shape[0])
    for i in range(x.shape[0]):
        y[i] = math.sin(x[i]) * s
    return y


@case(V)
@case(M)
@case(F)
@case(M.T)
@case(WIDE)
def whole_array(x):
    return np.exp(x) * x + 1.0


@case(V)
@case(M)
def the_argument(x):
    return x


@case(V)
@case(F)
@case(WIDE)
def the_argument_written_to(x):
    x *= x
    return x


@case(V)
@case(WIDE)
def one_element_written(x):
    x[1] = x[0] * x[2]
    return x


@case(M)
@case(F)
def a_view_of_the_argument(x):
    return x.T


@case(M)
@case(F)
def a_row(x):
    return x[1] * 1.0


@case(M)
@case(F)
def a_row_that_is_a_view(x):
    return x[1]


@case(V)
def a_strided_view(x):
    return x[::2]


@case(V)
def a_view_backwards(x):
    y = x * x
    return y[::-1]


@case(M)
@case(F)
def flat(x):
    return x.ravel()


@case(V)
def a_view_written_through(x):
    y = x * 2.0
    z = y[1:]
    z[0] = y[0] * y[3]
    return y


@case(V, 0.4)
@case(V, -0.4)
def made_in_branches(x, s):
    if s > 0.0:
        y = x * s
    else:
        y = np.zeros(x.shape[0])
        y[0] = s * s
    return y


@case(V, 0.4)
@case(V, -0.4)
def returned_in_branches(x, s):
    if s > 0.0:
        return x * s
    return x - s


@case(V, 0.4)
@case(V, -0.4)
def an_argument_or_a_new_array(x, s):
    y = x
    if s > 0.0:
        y = x * s
    return y


@case(V, 3)
def made_again_in_a_loop(x, n):
    y = x * 1.0
    for _ in range(n):
        y = y * x + 0.5
    return y


def _scaled(x, s):
    y = np.empty_like(x)
    for i in range(x.shape[0]):
        y[i] = x[i] * s
    return y


def _both(x, s):
    return _scaled(x, s), s * s


@case(V, 1.5)
def made_in_a_helper(x, s):
    return _scaled(_scaled(x, s), x[0])


@case(V, 1.5)
def a_helpers_tuple(x, s):
    y, t = _both(x, s)
    return y, _both(y, t)


@case(V)
def nothing_that_moves(x):
    return np.ones(3)


@case(V)
def some_that_moves(x):
    y = np.ones(3)
    y[1] = x[2] * x[2]
    return y


@case(V, np.array([2, 0, 2, 1]))
def gathered(x, index):
    y = np.zeros(index.shape[0])
    for i in range(index.shape[0]):
        y[i] = x[index[i]] ** 2
    return y


@case(M, np.array([0.5, -1.0, 2.0]))
@case(F, np.array([0.5, -1.0, 2.0]))
def matrix_times_vector(a, x):
    y = np.zeros(a.shape[0])
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            y[i] += a[i, j] * x[j]
    return y


@case(np.arange(8.0).reshape(2, 2, 2) / 5.0)
def three_dimensions(x):
    return x[:, 1] * x[:, 0]


@case(np.zeros(0))
def empty(x):
    return x * 2.0


@case(np.array(1.5))
def no_dimension(x):
    return x[()] * x[()]


@case(1.5)
def of_scalars(s):
    y = np.empty((2, 2))
    y[0, 0] = s
    y[0, 1] = s * s
    y[1, 0] = math.exp(s)
    y[1, 1] = 3.0
    return y


@case(0.3, 4)
def a_trajectory(s, n):
    out = np.zeros((n, 2))
    x, v = s, 0.0
    for k in range(n):
        v -= 0.1 * math.sin(x)
        x += 0.1 * v
        out[k, 0] = x
        out[k, 1] = v
    return out


@case(SINGLE, np.float32(1.5))
def in_single_precision(x, s):
    return x * s


@case(SINGLE, 1.5)
def of_both_precisions(x, s):
    return x * x, x[0], s * s, x[1] * s


# --- tuples ----------------------------------------------------------------------------------------------------------


@case(2.0, 3.0)
def two_scalars(x, y):
    return x * y, math.sin(x)


@case(2.0, 3.0, 4)
def scalars_and_integers(x, y, n):
    return n, x * y, n > 2, (y**n, n + 1)


@case(V, 2.0)
def scalar_and_array(x, s):
    return s * x[0], x * s


@case(V)
def one_array_twice(x):
    y = x * x
    return y, y


@case(V)
def an_array_and_a_view(x):
    y = x * x
    return y, y[1:]


@case(V)
def an_array_and_its_elements(x):
    y = x * x
    s = y[0]
    y[0] = 2.0 * x[1]
    return y, s, y[0]


@case(V)
def the_argument_in_a_tuple(x):
    return x, x[0] * x[1]


@case(V)
def the_argument_and_what_becomes_of_it(x):
    y = x.copy()
    x *= 2.0
    return x, y, x


@case(V, M)
def nested(x, m):
    return (x[0] * x[1], (m * 2.0, x)), m[0, 0]


@case(V, 2.0)
def a_namedtuple(x, s):
    return Pair(x * s, x + s)


@case(V, 2.0)
def a_namedtuple_in_a_tuple(x, s):
    return s, Pair(x, x * x), Split((s * s, x), 3.0)


@case(V, 2.0)
def constants_among_them(x, s):
    return 1.5, s, np.zeros(2), 7


@case(2.0)
def the_argument_scalar(s):
    return s, s


@case(V)
def one_item(x):
    return (x * x,)


@case(V, 0.4)
@case(V, -0.4)
def tuples_in_branches(x, s):
    if s > 0.0:
        return x * s, s
    return x, s * s


@case(V)
def tuples_in_a_loop(x):
    low, high = x[0], x[0]
    for i in range(x.shape[0]):
        low, high = low + x[i] * high, high - 0.1 * x[i] * low
    return low, high


# --- arguments with structure ----------------------------------------------------------------------------------------


@case(Pair(V, V * 2.0))
def of_a_namedtuple(p):
    return p.x * p.y


@case(Pair(V, WIDE))
def a_namedtuple_of_two_layouts(p):
    return Pair(p.y * 2.0, p.x)


@case(Model(V, 0.5, 3), V)
def of_scalars_arrays_and_integers(model, x):
    s = model.bias
    for _ in range(model.times):
        for i in range(x.shape[0]):
            s += 0.1 * model.weights[i] * math.tanh(s) * x[i]
    return s, model.weights * s


@case(((1.5, V), (M, (2, 0.5))))
def of_nested_tuples(t):
    (s, x), (m, (n, r)) = t
    return x * s + r, (m * n, s * r)


@case((V, V[::-1].copy()), 0.3)
def exchanged(pair, s):
    a, b = pair
    return (b * s, a)


@case((V, 2.0))
def the_argument_tuple(t):
    return t


@case(Model(V, 0.5, 3))
def the_argument_namedtuple(m):
    return m


@case((0.5, 1.5), V, wrt="x")
def by_one_of_them(t, x):
    return x * t[0], t[1]


@case((0.5, 1.5), V, wrt=("x", "t"))
def by_both_turned_round(t, x):
    return x * t[0], t[1] * x[0]


@case((np.float32(0.5), 1.5, SINGLE))
def tuples_of_both_precisions(t):
    return t[2] * t[0], t[1] * t[0]
