"""Calls to other functions: plain and @njit, keywords and defaults, several results, writes to arguments."""

import math

import numpy as np
from numba import njit

from . import Case


def _square(x):
    return x * x


@njit
def _cube(x):
    return x * x * x


def _affine(x, a=2.0, b=1.0):
    return a * x + b


def plain_helper(x):
    return _square(x) + _square(x + 1.0) * x


def compiled_helper(x):
    return _cube(x) * _square(_cube(x))


@njit
def compiled_function(x, y):
    return _cube(x) * y + math.sin(y)


def keywords(x, y):
    return _affine(x, b=y) + _affine(a=y, x=x) * _affine(x=y, b=x, a=3.0)


def defaults(x):
    return _affine(x) * _affine(x, 0.5)


def keyword_only_call(x, y):
    return _weighted(x, y, weight=x * y) + _weighted(y, x)


def _weighted(a, b, *, weight=0.25):
    return weight * a + (1.0 - weight) * b


def chain_of_helpers(x):
    return _outer(x) + _middle(x)


def _outer(x):
    return _middle(x) * _middle(x * 0.5)


def _middle(x):
    return _square(math.sin(x)) + x


def _sum_and_product(a, b):
    return a + b, a * b


def several_results(x, y):
    s, p = _sum_and_product(x, y)
    s, p = _sum_and_product(s * p, p)
    return s - p * x


def one_result_ignored(x, y):
    s, _ = _sum_and_product(x, y)
    _, p = _sum_and_product(s, y)
    return s * p


def _scale(v, c):
    for i in range(len(v)):
        v[i] *= c


def in_place_helper(v, c):
    _scale(v, c)
    _scale(v, v[0])
    return v[0] * v[1] + v[2]


def in_place_on_local(v, c):
    y = np.ones(len(v))
    _scale(y, c)
    for i in range(len(v)):
        y[i] += v[i]
    _scale(y, y[1])
    return y[0] * y[1]


def in_place_on_view(v, c):
    _scale(v[1:], c)
    _scale(v[::2], c)
    return v[0] * v[1] + v[2]


def _axpy(a, x, y):
    for i in range(len(y)):
        y[i] += a * x[i]
    return y[0] * a


def writes_and_returns(v, w, a):
    r = _axpy(a, v, w)
    r += _axpy(r, w, v)
    return r * w[1] + v[2]


def _dot(v, w):
    s = 0.0
    for i in range(len(v)):
        s += v[i] * w[i]
    return s


def helper_with_loop_in_loop(a, v):
    s = 0.0
    for i in range(a.shape[0]):
        s += _dot(a[i], v) ** 2
    return s


def _matvec(a, v, out):
    for i in range(a.shape[0]):
        out[i] = _dot(a[i], v)


def power_iteration(a, n):
    v = np.ones(a.shape[0])
    w = np.zeros(a.shape[0])
    for _ in range(n):
        _matvec(a, v, w)
        norm = math.sqrt(_dot(w, w))
        for i in range(len(v)):
            v[i] = w[i] / norm
    _matvec(a, v, w)
    return _dot(v, w)


def _new_array(v, c):
    out = np.zeros(len(v))
    for i in range(len(v)):
        out[i] = v[i] * c + v[0]
    return out


def helper_returns_array(v, c):
    w = _new_array(v, c)
    u = _new_array(w, w[1])
    return u[0] * w[1] + u[2]


def _relu(x):
    if x > 0.0:
        return x
    return 0.0


def helper_with_early_return(v):
    s = 0.0
    for i in range(len(v)):
        s += _relu(v[i] - 0.1) * (i + 1)
    return s * s


def _first_above(v, limit):
    for i in range(len(v)):
        if v[i] > limit:
            return i, v[i]
    return -1, 0.0


def helper_returns_int_and_float(v, limit):
    i, value = _first_above(v, limit)
    if i < 0:
        return v[0]
    return value * v[i - 1]


def _count_above(v, limit):
    n = 0
    for i in range(len(v)):
        if v[i] > limit:
            n += 1
    return n


def helper_returns_int(v, limit):
    return v[0] * v[1] * _count_above(v, limit)


def _is_big(x):
    return x * x > 0.3


def helper_returns_bool(v):
    s = 0.0
    for i in range(len(v)):
        if _is_big(v[i]):
            s += v[i] * v[i]
        elif not _is_big(v[i] + 0.5):
            s -= v[i]
    return s


def _log_and_count(x, counter):
    counter[0] += 1
    return math.log(x)


def helper_writes_int_array(v):
    calls = np.zeros(1, dtype=np.int64)
    s = 0.0
    for i in range(len(v)):
        if v[i] > 0.0:
            s += _log_and_count(v[i], calls)
    return s * calls[0]


def same_helper_other_types(x, v):
    return _twice(x) + _twice(v)[1] * _twice(3)


def _twice(x):
    return x + x


def argument_expressions(x, y):
    return _affine(x * y + 1.0, math.sin(x), _square(y))


def helper_in_condition(x):
    if _square(x) > 1.0 and _affine(x) > 0.0:
        return _square(x)
    return _affine(x)


def helper_result_overwritten(x):
    y = _square(x)
    y = _square(y)
    x = _affine(y, x)
    return x * y


def helper_named_as_variable(x):
    square = _square(x)
    return square * _square(square)


def _active_trip_count(x, n):
    s = x
    for _ in range(n):
        s = s * x
    return s


def helper_with_int_argument(x):
    return _active_trip_count(x, 2) + _active_trip_count(x, 3) * _active_trip_count(x, 0)


def _unused(x, y):
    return x * 2.0


def helper_ignores_argument(x, y):
    return _unused(x, y * y) * y


def _no_result(v):
    v[0] = 0.0


def helper_kills_value(v):
    s = v[0] * v[0]
    _no_result(v)
    return s + v[0] * v[1]


def _shadowing(x):
    s = 10.0 * x
    v = s * x
    return v + s


def helper_locals_do_not_clash(x):
    s = x
    v = x * x
    s += _shadowing(v)
    return s * v


V = np.array([0.3, -0.2, 0.9, 0.4])
W = np.array([0.1, 0.5, 1.1, -0.3])
M = np.array([[2.0, 0.3, -0.2, 0.1], [0.4, 1.7, 0.2, 0.5]])
S = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, 0.2], [0.1, 0.2, 1.0]])
CASES = [
    Case(plain_helper, (1.3,)),
    Case(compiled_helper, (1.3,)),
    Case(compiled_function, (1.3, 0.4)),
    Case(keywords, (1.3, 0.4)),
    Case(defaults, (1.3,)),
    Case(keyword_only_call, (1.3, 0.4)),
    Case(chain_of_helpers, (1.3,)),
    Case(several_results, (1.3, 0.4)),
    Case(one_result_ignored, (1.3, 0.4)),
    Case(in_place_helper, (V, 1.7)),
    Case(in_place_on_local, (V, 1.7)),
    Case(in_place_on_view, (V, 1.7)),
    Case(writes_and_returns, (V, W, 0.6)),
    Case(helper_with_loop_in_loop, (M, V)),
    Case(power_iteration, (S, 4)),
    Case(helper_returns_array, (V, 1.7)),
    Case(helper_with_early_return, (V,)),
    Case(helper_returns_int_and_float, (V, 0.5)),
    Case(helper_returns_int_and_float, (V, 5.0)),
    Case(helper_returns_int, (V, 0.35)),
    Case(helper_returns_bool, (V,)),
    Case(helper_writes_int_array, (V,)),
    Case(same_helper_other_types, (1.3, V)),
    Case(argument_expressions, (1.3, 0.4)),
    Case(helper_in_condition, (1.3,)),
    Case(helper_in_condition, (0.3,)),
    Case(helper_result_overwritten, (1.3,)),
    Case(helper_named_as_variable, (1.3,)),
    Case(helper_with_int_argument, (1.3,)),
    Case(helper_ignores_argument, (1.3, 0.4)),
    Case(helper_kills_value, (V,)),
    Case(helper_locals_do_not_clash, (1.3,)),
]
