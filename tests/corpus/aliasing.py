"""Two names of one array; references swapped, passed twice, rebound in branches and loops."""

import math

import numpy as np

from . import Case


def two_names(v):
    w = v
    w[0] = v[1] * v[2]
    v[1] = w[0] * w[1]
    return w[1] * v[0]


def local_alias(v):
    a = v.copy()
    b = a
    b[0] *= 2.0
    a[1] = b[0] * b[1]
    return a[0] * b[1] + v[0]


def alias_dropped_by_rebinding(v):
    a = v.copy()
    b = a
    a = np.zeros(len(v))
    a[0] = b[1] * b[2]
    b[0] = a[0]
    return a[0] * b[0] + b[1]


def _square_into(x, y):
    for i in range(len(x)):
        y[i] = x[i] * x[i] + y[i]


def same_array_twice(v):
    u = v.copy()
    _square_into(u, u)
    s = 0.0
    for i in range(len(u)):
        s += u[i]
    return s


def overlapping_views_to_helper(v):
    u = v.copy()
    _square_into(u[:-1], u[1:])
    s = 0.0
    for i in range(len(u)):
        s += u[i] * u[i]
    return s


def ping_pong(v, n):
    a = v.copy()
    b = np.zeros(len(v))
    for _ in range(n):
        for i in range(len(v)):
            b[i] = math.sin(a[i]) + a[i - 1] * 0.5
        a, b = b, a
    return a[0] * b[1] + a[2]


def ping_pong_three(v, n):
    a = v.copy()
    b = v * 0.5
    c = np.zeros(len(v))
    for _ in range(n):
        for i in range(1, len(v)):
            c[i] = a[i] + b[i - 1] * a[0]
        a, b, c = b, c, a
    return a[1] * b[2] + c[0] * c[1]


def ping_pong_by_temporary(v, n):
    old = v.copy()
    new = v.copy()
    for _ in range(n):
        for i in range(1, len(v) - 1):
            new[i] = old[i] + 0.3 * (old[i - 1] - 2.0 * old[i] + old[i + 1])
        tmp = old
        old = new
        new = tmp
    return old[1] * old[2] + new[3]


def alias_in_branch(v, w, flag):
    if flag:
        t = v
    else:
        t = w
    t[0] = t[1] * v[2]
    return v[0] * w[0]


def alias_by_data(v, w):
    t = v if v[0] > w[0] else w
    t[1] *= t[0]
    return v[1] * w[1] + t[2]


def alias_in_loop(v, w):
    t = v
    s = 0.0
    for i in range(3):
        t[i] = t[i] * w[i]
        s += t[i] * v[i]
        t = w if i % 2 == 0 else v
    return s + w[1]


def array_rebound_each_iteration(v, n):
    x = v
    for _ in range(n):
        y = np.empty(len(x))
        for i in range(len(x)):
            y[i] = math.tanh(x[i] + x[i - 1])
        x = y
    return x[0] * x[1]


def product_rebound_in_a_loop(v, n):
    x = v
    total = x[0]
    for _ in range(n):
        total += x[1] * total
        x = x * 1.1
        x[1] = total * 0.1
    return total * x[1] + v[1]


def rebound_argument(v):
    w = v
    v = v * 2.0
    v[0] = w[1] * v[1]
    w[1] = v[0]
    return v[0] * w[1] + w[0]


def _swap_first(a, b):
    t = a[0]
    a[0] = b[0]
    b[0] = t


def swap_through_helper(v, w):
    _swap_first(v, w)
    _swap_first(v[1:], w[1:])
    return v[0] * 2.0 + w[0] * v[1] + w[1]


def _pick(a, b, first):
    if first:
        return a
    return b


def alias_from_helper(v, w):
    t = _pick(v, w, True)
    t[0] = t[1] * 2.0
    u = _pick(v, w, False)
    u[1] *= t[0]
    return v[0] * w[1]


def _touch(a):
    a[0] *= 3.0
    return a


def helper_returns_its_argument(v):
    w = _touch(v)
    w[1] = w[0] * v[2]
    return v[0] * v[1] + w[1]


def alias_of_row(a):
    r = a[0]
    t = r
    t[0] = a[1, 0] * r[1]
    return r[0] * a[0, 0]


def swap_rows(a, n):
    top = a[0]
    bottom = a[1]
    for _ in range(n):
        for j in range(a.shape[1]):
            top[j] = top[j] * bottom[j] + 0.1
        top, bottom = bottom, top
    return a[0, 0] * a[1, 1] + top[2]


def alias_kept_over_swap(v, w):
    keep = v
    v, w = w, v
    v[0] *= keep[0]
    w[1] = v[0]
    return keep[1] * v[1] + w[0]


V = np.array([0.3, -0.2, 0.9, 0.4])
W = np.array([0.1, 0.5, 1.1, -0.3])
M = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5]])
CASES = [
    Case(two_names, (V,)),
    Case(local_alias, (V,)),
    Case(alias_dropped_by_rebinding, (V,)),
    Case(same_array_twice, (V,)),
    Case(overlapping_views_to_helper, (V,)),
    Case(ping_pong, (V, 3)),
    Case(ping_pong, (V, 4)),
    Case(ping_pong_three, (V, 4)),
    Case(ping_pong_by_temporary, (V, 5)),
    Case(alias_in_branch, (V, W, True)),
    Case(alias_in_branch, (V, W, False)),
    Case(alias_by_data, (V, W)),
    Case(alias_by_data, (W, V)),
    Case(alias_in_loop, (V, W)),
    Case(array_rebound_each_iteration, (V, 3)),
    Case(product_rebound_in_a_loop, (V, 3)),
    Case(rebound_argument, (V,)),
    Case(swap_through_helper, (V, W)),
    Case(alias_from_helper, (V, W)),
    Case(helper_returns_its_argument, (V,)),
    Case(alias_of_row, (M,)),
    Case(swap_rows, (M, 3)),
    Case(alias_kept_over_swap, (V, W)),
]
