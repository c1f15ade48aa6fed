"""Small kernels on which some published tool gave a silently wrong gradient."""

import numpy as np

from . import Case


def c01_loop_product(x, n):
    p = 1.0
    for i in range(n):
        p *= x[i]
    return p


def c02_preloop_value(x, n):
    a = x[0] * x[0]
    s = 0.0
    for i in range(n):
        s += x[i]
    return a * s


def c04_continue_running_max(x, n):
    m = -1e9
    for i in range(n):
        v = x[i] * x[i]
        if v <= m:
            continue
        m = v
    return m


def c05_break(x, n):
    s = 0.0
    for i in range(n):
        s += x[i] * x[i]
        if s > 2.0:
            break
    return s


def c06_while(x, n):
    s = x[0]
    i = 0
    while i < n:
        s = s * x[i]
        i += 1
    return s


def c07_own_element(x, n):
    y = np.zeros(n)
    s = 0.0
    for i in range(n):
        y[i] = x[i]
        y[i] = y[i] * y[i]
        s += y[i]
    return s


def c08_imul_element(x, n):
    y = x.copy()
    s = 0.0
    for i in range(n):
        y[i] *= x[i]
        s += y[i]
    return s


def c09_const_overwritten_after_use(x, n):
    w = np.ones(n)
    s = 0.0
    for i in range(n):
        s += w[i] * x[i]
    for i in range(n):
        w[i] = 5.0
    return s


def c13_loop_local(a, n):
    s = 0.0
    for i in range(n):
        t = a
        s += t
    return s


def c16_dead_nan(c, a):
    u = np.arccos(-c / a)  # noqa: F841
    return 2.0 * c * c * a


def c19_repeated_index(x, idx, n):
    s = 0.0
    for k in range(n):
        s += x[idx[k]] * x[idx[k]]
    return s


def c20_scalar_divided_by_array(s, x):
    return np.sum(s / x)


def c21_view_write(x):
    y = x * 1.0
    z = y[1:3]
    z[0] = z[0] * z[1]
    return np.sum(y * y)


def _sq_into(x, y, n):
    for i in range(n):
        y[i] = x[i] * x[i] + y[i]


def c24_same_array_twice(x, n):
    u = x.copy()
    _sq_into(u, u, n)
    s = 0.0
    for i in range(n):
        s += u[i]
    return s


def c28_swap(a, b, n):
    for i in range(n):
        a, b = b, a * b
    return a * a * b


def c33_loop_var_after_loop(x, n):
    k = 0
    for k in range(n):
        x = x * 1.5
    return x * x * k


A = np.array([1.3, 0.7, 1.1, 0.4])
CASES = [
    Case(c01_loop_product, (A, 4), 0),
    Case(c02_preloop_value, (A, 4), 0),
    Case(c04_continue_running_max, (A, 4), 0),
    Case(c05_break, (A, 4), 0),
    Case(c06_while, (A, 4), 0),
    Case(c07_own_element, (A, 4), 0),
    Case(c08_imul_element, (A, 4), 0),
    Case(c09_const_overwritten_after_use, (A, 4), 0),
    Case(c13_loop_local, (1.3, 3), 0),
    Case(c16_dead_nan, (5.0, 3.0), 0),
    Case(c19_repeated_index, (A, np.array([0, 0, 2]), 3), 0),
    Case(c20_scalar_divided_by_array, (2.0, A), 0),
    Case(c21_view_write, (A,), 0),
    Case(c24_same_array_twice, (A, 4), 0),
    Case(c28_swap, (1.3, 0.7, 3), 0),
    Case(c33_loop_var_after_loop, (1.3, 4), 0),
]
