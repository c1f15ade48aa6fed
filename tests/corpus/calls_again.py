# ruff: noqa: E731
"""Functions that call themselves: in loops and branches, with arrays, views, lists and several results."""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1])
M = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]) / 3


def rec_arr(v, n):
    if n <= 0:
        return v[0]
    v[n] = v[n] * v[n - 1]
    return rec_arr(v, n - 1) * v[n]


@case(X, 4)
def r1(x, n):
    return rec_arr(x, n) + x[0] * x[3]


def rec_in_loop(x, n):
    if n <= 0:
        return x
    s = 0.0
    for i in range(n):
        s = s * s + rec_in_loop(x * s + 0.3, n - 1 - i)
    return s * x


@case(0.5, 3)
def r2(x, n):
    return rec_in_loop(x, n) * rec_in_loop(x * x, n - 1)


def even(v, x, n):
    if n == 0:
        return x * v[0]
    v[n % 5] = math.sin(v[n % 5] * x)
    return odd(v, x * v[n % 5], n - 1) + x


def odd(v, x, n):
    if n == 0:
        return x * x
    y = x
    while y < 2.0:
        y = y * y + 1.0 + x
        v[0] = v[0] * y * 0.1
    return even(v, y * 0.3, n - 1) * v[0]


@case(X, 0.6, 4)
def r3(v, x, n):
    s = 0.0
    for i in range(3):
        s += even(v, x * v[i], n) * s + x
        if s > 1.0:
            s = s * odd(v, x, i)
    return s


def rec_list(x, n):
    v = [x]
    for i in range(n):
        v.append(v[-1] * x)
    if n <= 0:
        return x
    y = rec_list(v[-1], n - 1)
    s = y
    for u in v:
        s += u * u * y
    return s


@case(0.5, 3)
def r4(x, n):
    return rec_list(x, n)


def rec_local(x, n):
    y = np.zeros(3)
    for i in range(3):
        y[i] = x * (i + 1)
    y[1] = y[0] * y[2]
    if n <= 0:
        return y[1]
    y[2] = rec_local(y[1] * 0.3, n - 1) * y[1]
    return y[2] * y[0] + y[1]


@case(0.5, 3)
def r5(x, n):
    return rec_local(x, n)


def rec_view(v, n):
    if len(v) <= 1:
        return v[0] * v[0]
    h = len(v) // 2
    a = rec_view(v[:h], n)
    b = rec_view(v[h:], n)
    v[0] = a * v[-1]
    return a * b + v[0]


@case(X, 4)
def r6(x, n):
    return rec_view(x, n) + x[0] * x[1]


@case(X, 4)
def r6b(x, n):
    y = np.zeros(5)
    for i in range(5):
        y[i] = x[i] * x[0]
    return rec_view(y, n) + y[0] * y[1]


def rec_pair(x, y, n):
    if n == 0:
        return x * y, y
    a, b = rec_pair(y * 0.5, x, n - 1)
    return a * b + x, b * y


@case(0.5, 0.7, 3)
def r7(x, y, n):
    a, b = rec_pair(x, y, n)
    c, d = rec_pair(a, b, n - 1)
    return a * b + c * d


def rec_early(v, i, s):
    if i >= len(v):
        return s
    for k in range(i):
        if v[k] > 1.9:
            return s * v[k] * v[k]
        s = s * v[k] + s * s
    return rec_early(v, i + 1, s * 0.9)


@case(X, 0, 0.3)
@case(-X, 0, 0.3)
def r8(v, i, s):
    return rec_early(v, i, s) * s


def rec_matrix(m, i):
    if i >= m.shape[0]:
        return 1.0
    m[i, 0] *= m[i, 1]
    return rec_matrix(m, i + 1) * m[i, 0] + m[0, 2] * m[i, 2]


@case(M, 0)
def r9(m, i):
    return rec_matrix(m, i)


def rec_void(v, n):
    if n > 0:
        v[n] = v[n] * v[n - 1]
        rec_void(v, n - 1)
        v[n - 1] = v[n] * v[n - 1]


@case(X, 4)
def r10(x, n):
    rec_void(x, n)
    return x[0] * x[1] + x[2] * x[3] * x[4]


@case(X, 4)
def r10b(x, n):
    y = x * x
    rec_void(y, n)
    rec_void(x, n - 1)
    return y[0] * y[1] + y[2] * x[3] * x[4]


def rec_two(v, w, n):
    if n <= 0:
        return v[0] * w[0]
    v[n] += w[n] * v[n]
    return rec_two(w, v, n - 1) * v[n]


@case(X, X * 0.5 + 1, 4)
def r11(x, y, n):
    return rec_two(x, y, n) + x[1] * y[1]


@case(X, 4)
def r12(x, n):
    y = np.sin(x)
    z = y
    return rec_two(y, z, n) + y[1] * z[2]


def rec_mixed(x, n):
    if n <= 0:
        return x
    if x > 0.4:
        y = rec_mixed(x * 0.6, n - 1)
    else:
        y = x * x
    if n % 2:
        z = rec_mixed(y * x, n - 2) * y
    else:
        z = y
    return z * x + y


@case(0.9, 5)
def r13(x, n):
    return rec_mixed(x, n)


def rec_const(x, n):
    if n <= 0:
        return 1.0
    return rec_const(0.5, n - 1) * x


@case(0.9, 5)
def r14(x, n):
    return rec_const(x, n) * rec_const(2.0, n)


def rec_passive(x, n):
    if n <= 0:
        return 1
    return rec_passive(x, n - 1) + n


@case(0.9, 5)
def r15(x, n):
    return rec_passive(x, n) * x


def rec_new(v, n):
    w = np.zeros(len(v))
    for i in range(len(v)):
        w[i] = v[i] * v[i - 1]
    if n <= 0:
        return w[0]
    return rec_new(w, n - 1) * w[1]


@case(X, 3)
def r18(x, n):
    return rec_new(x, n)


@case(0.5, 3)
def r23(x, n=2):
    if n <= 0:
        return x
    return r23(x * x, n - 1) * x


def ack(m, n, x):
    if m == 0:
        return x * (n + 1)
    if n == 0:
        return ack(m - 1, 1, x * 0.9)
    return ack(m - 1, n - 1, ack(m, n - 1, x) * 0.1 + x)


@case(0.5)
def r24(x):
    return ack(2, 2, x)


def rec_alias_list(x, n):
    v = [x]
    w = v
    for i in range(n):
        w.append(w[-1] * x + v[0])
    if n <= 0:
        return x
    y = rec_alias_list(v[-1] * 0.3, n - 1)
    for i in range(len(v)):
        y = y + y * w[i] * v[i]
    return y


@case(0.5, 3)
def g1(x, n):
    return rec_alias_list(x, n)


def rec_view2(v, n):
    if n <= 0:
        return v[0] * v[-1]
    a = rec_view2(v[::2], n - 1)
    b = v[::-1]
    b[0] = b[0] * a
    return b[0] * b[1] * a + rec_view2(b, n - 1)


@case(X, 2)
def g2(x, n):
    y = np.sin(x)
    return rec_view2(y, n) + y[0]


def rec_int(x, n):
    if n <= 0:
        return 1
    return rec_int(x, n - 1) + 2


@case(0.5, 2)
def g3(x, n):
    s = x
    for i in range(3):
        if i > 1:
            s = rec_int(x, n)
        s = s * x
    return s


def rec_if(x, n):
    if n <= 0:
        return x, n
    y, k = rec_if(x * 0.9, n - 1)
    return y * x, k + 2


@case(0.5, 3)
def g4(x, n):
    s = 0.1
    for i in range(3):
        y, k = rec_if(x + s, i)
        s = s + y * k
    z, _ = rec_if(s, 2)
    return s * z


def rec_types(x, n):
    if n <= 0:
        return x * 1.0
    return rec_types(x * 0.5, n - 1) * x


@case(0.5, 3)
def g5(x, n):
    return rec_types(2, n) * rec_types(x, n) + rec_types(3, 1) * x


def rec_mat(m, i, s):
    if i >= m.shape[0]:
        return s
    r = m[i]
    for j in range(r.shape[0]):
        s = s * r[j] + 0.1
        r[j] = s
    return rec_mat(m, i + 1, s) * r[0]


@case(M, 0.4)
def g6(m, s):
    return rec_mat(m, 0, s) + rec_mat(m.T, 0, s * 0.1) + m[0, 1]


def rec_default(x, n=3, k=0.5):
    if n == 0:
        return x * k
    return rec_default(x * k, n - 1) + rec_default(k, n=n - 1, k=x) * x


@case(0.5)
def g7(x):
    return rec_default(x) * rec_default(x, 2)


def rec_while(v, lo, hi):
    s = 0.0
    while lo < hi:
        mid = (lo + hi) // 2
        s = s + v[mid] * v[lo]
        if v[mid] > 0.3:
            s = s * rec_while(v, lo, mid) + v[mid]
            lo = mid + 1
        else:
            v[mid] = v[mid] * s + 0.5
            if s > 3.0:
                break
            hi = mid
    return s + 0.7


@case(X)
def g8(x):
    return rec_while(x, 0, 5) * x[0] + x[2]


def rec_pass_arr(k, n):
    k[n] = k[n] + 1
    if n > 0:
        rec_pass_arr(k, n - 1)


@case(X)
def g9(x):
    k = np.zeros(5, dtype=np.int64)
    rec_pass_arr(k, 3)
    s = x[k[0]] * x[k[1]]
    rec_pass_arr(k, 2)
    s = s * x[k[0]] + x[k[3]] ** 2
    return s


def rec_twice(v, w, n):
    if n <= 0:
        return v[0] * w[1]
    v[n] = v[n] * w[n - 1]
    s = rec_twice(w, v, n - 1)
    w[n] = w[n] + s * v[0]
    return rec_twice(v, v, n - 2) * s


@case(X)
def g10(x):
    y = x * 1.1
    z = np.cos(x)
    s = rec_twice(y, z, 3)
    return s + y[1] * z[2] + rec_twice(y, y, 2)


def tree(i, v):
    if 2 * i + 1 >= len(v):
        return math.tanh(v[i])
    return v[i] * tree(2 * i + 1, v) + tree((2 * i + 2) % len(v), v)


@case(np.linspace(0.1, 0.9, 7))
def g11(v):
    return tree(0, v)


def fib(n, x):
    return x if n < 2 else fib(n - 1, x) * 0.7 + fib(n - 2, x * x)


@case(0.8)
def g12(x):
    return fib(6, x)


def collatz(n, x, depth):
    if n == 1 or depth > 12:
        return x
    if n % 2 == 0:
        return collatz(n // 2, x * 0.9 + 0.1, depth + 1) * x
    return collatz(3 * n + 1, math.sin(x), depth + 1) + x * x


@case(0.8)
def g13(x):
    s = 0.0
    for n in range(1, 6):
        s += collatz(n, x * n, 0)
    return s


def simpson(f, a, b):
    return (b - a) * (f(a) + 4 * f((a + b) / 2) + f(b)) / 6


def adaptive(a, b, k, depth):
    f = lambda t: math.exp(-k * t) * math.sin(t * k)
    m = (a + b) / 2
    one = simpson(f, a, b)
    two = simpson(f, a, m) + simpson(f, m, b)
    if abs(one - two) < 1e-3 or depth > 5:
        return two + (two - one) / 15
    return adaptive(a, m, k, depth + 1) + adaptive(m, b, k, depth + 1)


@case(0.1, 2.3, 1.7)
def g14(a, b, k):
    return adaptive(a, b, k, 0)


def rec_for_ret(v, n):
    for i in range(len(v)):
        if v[i] > 1.0 and n > 0:
            v[i] = v[i] * 0.5
            return rec_for_ret(v, n - 1) * v[i] + v[0]
    return v[0] * v[1]


@case(X, 3)
def g15(x, n):
    return rec_for_ret(x, n) + x[2]


def rec_zero(x, n):
    y = np.zeros(0)
    if n > 0:
        y = np.zeros(n)
        y[0] = x
    for i in range(1, n):
        y[i] = y[i - 1] * x + rec_zero(y[i - 1], n - 2)
    s = x
    for v in y:
        s += v * v * s
    return s


@case(0.6, 4)
def g16(x, n):
    return rec_zero(x, n)


def rec_scalar_saved(x, n):
    s = x
    k = 0
    while s < 3.0:
        s = s * s + 0.8
        k += 1
        if k > n:
            break
        s = s + 0.1 * rec_scalar_saved(s * 0.3, n - 1)
    return s * k


@case(0.6, 3)
def g17(x, n):
    return rec_scalar_saved(x, n)


def is_even(x, n):
    return x if n == 0 else is_odd(x * 0.9, n - 1)


def is_odd(x, n):
    return 0.0 if n == 0 else is_even(x + 0.1, n - 1) * x


@case(0.6, 4)
@case(0.6, 3)
def g18(x, n):
    return is_even(x, n) + x


def rec_loop_arrays(x, n):
    s = x
    for i in range(n):
        y = np.zeros(2)
        y[0] = s * x
        y[1] = y[0] * y[0]
        s = s + y[1] * 0.1 * rec_loop_arrays(y[0], n - 1)
    return s


@case(0.5, 2)
def g20(x, n):
    return rec_loop_arrays(x, n)


def rec_loop_views(v, n):
    s = v[0]
    for i in range(n):
        y = v[i:]
        y[0] = y[0] * s
        s = s + y[1] * y[0] * rec_loop_views(y, n - 1)
    return s


@case(X, 2)
def g22(x, n):
    return rec_loop_views(x, n)
