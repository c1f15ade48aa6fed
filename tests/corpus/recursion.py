"""Recursion: direct, mutual, with arrays, with several results, with early exits."""

import math

import numpy as np
from numba import njit

from . import Case


def power(x, n):
    if n == 0:
        return 1.0
    return x * power(x, n - 1)


def power_by_squaring(x, n):
    if n == 0:
        return 1.0
    half = power_by_squaring(x, n // 2)
    if n % 2 == 0:
        return half * half
    return half * half * x


def fibonacci(x, n):
    if n <= 1:
        return x + n
    return fibonacci(x, n - 1) + 0.5 * x * fibonacci(x, n - 2)


def ackermann_like(x, m, n):
    if m == 0:
        return x + n
    if n == 0:
        return ackermann_like(x * 0.9, m - 1, 1)
    return math.tanh(ackermann_like(x, m - 1, 2) * ackermann_like(x, m, n - 1))


def nested_call(x, n):
    if n == 0:
        return math.sin(x)
    return nested_call(nested_call(x * 0.9, n - 1), n - 1)


def _even(x, n):
    if n == 0:
        return x
    return _odd(x * 1.1, n - 1) + x


def _odd(x, n):
    if n == 0:
        return x * x
    return _even(math.sin(x), n - 1) * x


def mutual(x, n):
    return _even(x, n) * _odd(x, n)


def _sum_range(v, lo, hi):
    if hi - lo == 1:
        return v[lo] * v[lo]
    mid = (lo + hi) // 2
    return _sum_range(v, lo, mid) * 0.5 + _sum_range(v, mid, hi)


def divide_and_conquer(v):
    return _sum_range(v, 0, len(v))


def _tree(v, i):
    if i >= len(v):
        return 0.1
    return math.tanh(v[i] + 0.5 * _tree(v, 2 * i + 1) * _tree(v, 2 * i + 2))


def tree(v):
    return _tree(v, 0)


def _minor_det(a, row, used):
    n = a.shape[0]
    if row == n:
        return 1.0
    total = 0.0
    sign = 1.0
    for j in range(n):
        if (used >> j) & 1 == 0:
            total += sign * a[row, j] * _minor_det(a, row + 1, used | (1 << j))
            sign = -sign
    return total


def determinant_by_minors(a):
    return _minor_det(a, 0, 0)


def _fill(v, i, x):
    if i == len(v):
        return
    v[i] = v[i] * x
    _fill(v, i + 1, x * v[i])


def in_place(v, x):
    _fill(v, 0, x)
    return v[0] + v[1] * v[2]


def _euler(y, t, h, n):
    if n == 0:
        return y, t
    return _euler(y + h * math.cos(y * t), t + h, h, n - 1)


def several_results(y, h):
    y, t = _euler(y, 0.0, h, 5)
    return y * t


def _until(x, limit, depth):
    if x > limit or depth > 20:
        return x
    return _until(x * 1.3 + 0.1, limit, depth + 1)


def data_dependent_depth(x, limit):
    return _until(x, limit, 0) * x


@njit
def _compiled_power(x, n):
    if n == 0:
        return 1.0
    return x * _compiled_power(x, n - 1)


def compiled_recursion(x, n):
    return _compiled_power(x, n) + _compiled_power(2.0 * x, n - 1)


def _simpson(a, b, depth):
    m = 0.5 * (a + b)
    fa = math.exp(-a * a)
    fm = math.exp(-m * m)
    fb = math.exp(-b * b)
    whole = (b - a) / 6.0 * (fa + 4.0 * fm + fb)
    if depth == 0 or abs(b - a) < 0.3:
        return whole
    return _simpson(a, m, depth - 1) + _simpson(m, b, depth - 1)


def adaptive_integral(a, b):
    return _simpson(a, b, 6)


def _horner(c, x, i):
    if i == len(c) - 1:
        return c[i]
    return c[i] + x * _horner(c, x, i + 1)


def horner(c, x):
    return _horner(c, x, 0)


def recursion_in_loop(x, n):
    s = 0.0
    for i in range(n):
        s = s * 0.5 + power(x, i)
    return s


def loop_in_recursion(v, n):
    if n == 0:
        return v[0]
    s = 0.0
    for i in range(len(v)):
        s += v[i] * v[i] * n
    return s + 0.5 * loop_in_recursion(v, n - 1)


def _branching_minor(a, m, x):
    if m == 0:
        return x
    total = 0.0
    scale = 1.0
    last = 0.5
    for j in range(m):
        scale = -scale * 1.1
        if a[j] > 0.0:
            step = math.sin(last * a[j])
            last = step * _branching_minor(a, m - 1, x + step)
            total += last * step * scale
        elif j % 2 == 0:
            a[j] = a[j] * x
            total += _branching_minor(a, m - 2 if m > 1 else 0, last) * a[j]
        scale = scale * last + 1.0
    return total * scale


def branches_around_calls(a, x):
    return _branching_minor(a, 4, x) * a[0]


def _until_settled(x, n):
    if n == 0:
        return x * x
    k = 0
    y = x
    while y < 2.0 and k < 3:
        z = y * 1.2
        y = z + 0.1 * _until_settled(z * y, n - 1) * z
        k += 1
    return y * x


def while_around_calls(x):
    return _until_settled(x, 3)


def _first_large(v, i, x):
    if i == len(v):
        return x
    y = x
    for j in range(i, len(v)):
        z = y * v[j]
        y = z + math.cos(_first_large(v, j + 1, z)) * z
        if y > 1.0:
            break
        y = y * z + 0.3
    return y


def break_around_calls(v, x):
    return _first_large(v, 0, x)


def _listed(x, n):
    if n <= 0:
        return math.atan(x)
    for _ in range(2):
        kept = [0.33 * x * x, x]
        x *= math.cos(kept[0]) * kept[-1]
    y = _listed(math.sin(x), n - 1)
    return math.tanh(y + x)


def lists_around_calls(x):
    return _listed(x, 3)


def _mark(x, seen, i):
    y = x * x
    if i > 0:
        y = y * _mark(x * 0.5, seen, i - 1)
    seen[i] = i + 1
    return y


def marks_of_calls(x):
    seen = np.zeros(4, dtype=np.int64)
    y = _mark(x, seen, 2)
    return y * seen[0] * seen[1] * seen[2] * x


def _countdown(x, m, up):
    m = m - 1
    x = x * 1.3
    deep = m > 0 and not up
    total = x
    for j in range(3):
        odd = (j + m) % 2 == 1
        if odd:
            total = total * x
        if deep:
            total += _countdown(total * 0.5, m, odd) * total
        if odd:
            x = math.sin(total)
    return total * x


def arguments_assigned(x, m):
    return _countdown(x, m, False)


def _blend(v, n):
    if n == 0:
        return v[0] * np.float32(0.5)
    total = np.float32(0.0)
    for i in range(len(v)):
        weight = v[i] * total + np.float32(1.0)
        total += weight * _blend(v, n - 1) * weight
    return total


def single_precision(v):
    return _blend(v, 2)


def _product_of_halves(v):
    if len(v) == 1:
        return v[0] + 1.0
    mid = len(v) // 2
    return _product_of_halves(v[:mid]) * _product_of_halves(v[mid:])


def views_as_arguments(v):
    return _product_of_halves(v) * v[0]


def _smoothed(v, n):
    if n == 0:
        return v[0]
    w = np.empty(len(v))
    for i in range(len(v)):
        w[i] = v[i] * v[i - 1]
    return _weighed(w, n - 1) + w[1] * w[2]


def _weighed(v, n):
    total = 0.0
    for i in range(2):
        total += v[i] * _smoothed(v, n) * total + v[i]
    return total


def arrays_made_in_some_calls(v):
    return _weighed(v, 2)


def _rows(a, i):
    if i == a.shape[0]:
        return 1.0
    row = a[i]
    column = a.T[i]
    return (row[0] * column[1] + 1.0) * _rows(a, i + 1) + row[-1]


def rows_and_columns(a):
    return _rows(a, 0)


def _folded(v, n):
    if n == 0:
        return v[0] * v[1]
    a = _folded(v[1:] * v[0], n - 1) if len(v) > 2 else _folded(np.sin(v), n - 1)
    while n > 1:
        if v[0] > 0.1:
            return _folded(v * a, n - 1) * a
        n -= 1
    return a * v[1]


def expressions_as_arguments(v):
    return _folded(v, 3)


def bell(x):
    return 1.0 / (1.0 + x * x)


def trapezia(f, a, b, tolerance, depth):
    m = 0.5 * (a + b)
    coarse, fine = (b - a) * (f(a) + f(b)) / 2.0, (b - a) * (f(a) + 2.0 * f(m) + f(b)) / 4.0
    if depth == 0 or abs(coarse - fine) < tolerance:
        return fine
    return trapezia(f, a, m, tolerance / 2.0, depth - 1) + trapezia(f, m, b, tolerance / 2.0, depth - 1)


def functions_as_arguments(a, b):
    return trapezia(bell, a, b, 1e-3, 5) * trapezia(math.sin, a, b, 1e-3, 3) + trapezia(bell, 0.0, a, 1e-2, 4)


V = np.array([0.3, -0.2, 0.9, 0.4, 0.7])
A3 = np.array([[2.0, 0.3, -0.2], [0.4, 1.7, 0.2], [-0.6, 0.5, 1.2]])
A4 = np.array([[2.0, 0.3, -0.2, 0.1], [0.4, 1.7, 0.2, 0.5], [-0.6, 0.5, 1.2, 0.3], [0.1, 0.2, 0.3, 0.9]])
CASES = [
    Case(power, (1.3, 5)),
    Case(power, (1.3, 0)),
    Case(power_by_squaring, (1.3, 11)),
    Case(fibonacci, (0.7, 6)),
    Case(ackermann_like, (0.3, 2, 2)),
    Case(nested_call, (0.7, 3)),
    Case(mutual, (0.7, 5)),
    Case(divide_and_conquer, (V,)),
    Case(tree, (V,)),
    Case(determinant_by_minors, (A3,)),
    Case(determinant_by_minors, (A4,)),
    Case(in_place, (V, 1.3)),
    Case(several_results, (0.4, 0.1)),
    Case(data_dependent_depth, (0.4, 3.0)),
    Case(compiled_recursion, (1.3, 4)),
    Case(adaptive_integral, (-0.4, 1.7)),
    Case(horner, (V, 0.7)),
    Case(recursion_in_loop, (0.7, 4)),
    Case(loop_in_recursion, (V, 3)),
    Case(views_as_arguments, (V,)),
    Case(arrays_made_in_some_calls, (V,)),
    Case(rows_and_columns, (A3,)),
    Case(expressions_as_arguments, (np.array([0.3, 0.4, 0.7]),)),
    Case(branches_around_calls, (V, 0.7)),
    Case(while_around_calls, (0.9,)),
    Case(break_around_calls, (V, 0.9)),
    Case(break_around_calls, (0.4 + 0.5 * V, 0.9)),
    Case(lists_around_calls, (0.7,)),
    Case(marks_of_calls, (1.3,)),
    Case(functions_as_arguments, (0.2, 2.0)),
    Case(arguments_assigned, (0.4, 3)),
    Case(single_precision, (np.array([0.3, -0.2, 0.9], dtype=np.float32),)),
]
