"""What could go wrong where a loop's values are computed before it, and where fewer are kept.

Loops that may not run over values without a derivative there; writes by another name between two loads; names that no
path binds; counters; places that several iterations share though the bounds of the loops inside vary.
"""

import math
from typing import NamedTuple

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1])
S = np.sin(np.arange(25.0)).reshape(5, 5)
NAN = np.array([0.5, math.nan, 2.0, math.inf, 1.1])
COUNTS = np.array([2, 0, 3, 0, 1])
ORDER = np.array([2, 0, 3, 1, 4])


class P(NamedTuple):
    x: float
    w: np.ndarray


# ------------------------------------------------------------------------------ loops that may not run


@case(0.0, 1.5, 0)
@case(2.0, 1.5, 3)
def product_with_an_infinite_factor(c, b, n):
    s = b * b
    for i in range(n):
        s += 1.0 / c * b * (i + 1)
    return s


@case(X, 800.0, 1.5, 0)
@case(X, 0.5, 1.5, 2)
def overflow_before_a_loop(x, a, b, n):
    s = x[0] * b
    for i in range(n):
        s += math.exp(a) * math.exp(a) * b * x[i] + (a * a) ** 100 * b
    return s


@case(NAN, COUNTS, 1.5)
def rows_without_entries(x, counts, c):
    """NaN stands for what is missing, and has no iterations."""
    s = c * c
    for i in range(5):
        for j in range(counts[i]):
            s += x[i] * c * math.sin(x[i]) * (j + 1)
    return s


@case(NAN, COUNTS, 1.5)
def rows_without_entries_under_while(x, counts, c):
    s = c * c
    for i in range(5):
        j = 0
        while j < counts[i]:
            s += x[i] * c / (x[i] + c) * s
            j += 1
    return s


@case(math.nan, 1.5, 0)
@case(math.inf, 1.5, 0)
@case(0.5, 1.5, 2)
def an_input_nobody_asks_for(c, b, n):
    s = b * 2.0
    for i in range(n):
        s += math.hypot(c, b) * (c - b) * i + max(c, b) * b
    return s


@case(X, -1.0, 0)
@case(X, 2.0, 2)
def domains_of_no_iteration(x, c, n):
    s = x[0] * c
    for i in range(n):
        s += math.log(c) * x[i] + math.sqrt(c) + math.acos(c / 4.0) + c**0.5 + math.atanh(c / 4) * math.lgamma(c)
    return s


@case(X, math.nan, 0)
@case(X, 2.3, 2)
def integers_of_no_iteration(x, c, n):
    s = x[0] * x[1]
    for i in range(n):
        s += x[int(c)] * math.floor(c) * round(c) * math.ceil(c * 0.5)
    return s


@case(X, 7, 0)
@case(X, 3, 2)
def elements_out_of_reach(x, k, n):
    s = x[0] * x[1]
    for i in range(n):
        s += x[k] * x[k - 2] * x[k + 1 - i]
    return s


@case(X, 0)
@case(X, 3)
def row_of_an_empty_matrix(x, n):
    m = np.empty((n, 2))
    for i in range(n):
        for j in range(2):
            m[i, j] = x[i] * x[j]
    s = x[4] * x[4]
    for j in range(2):
        for i in range(n):
            for k in range(3):
                s += m[0, j] * m[i, j] * x[k]
    return s


@case(X, 0)
@case(X, 2)
def name_that_may_have_no_value(x, n):
    if n > 0:
        c = math.sin(x[0])
        w = x * 2.0
    s = x[1] * x[1]
    for i in range(n):
        s += c * c * x[i]
        for j in range(len(w)):
            s += w[j] * len(w) * c
    return s


@case(X, 0)
@case(X, 2)
def name_of_the_loop_before(x, n):
    s = x[1] * x[1]
    for i in range(n):
        last = x[i] * s
    for j in range(n):
        s += last * last * x[j]
    return s


@case(X, 0)
@case(X, 3)
def both_branches_or_none(x, n):
    s = x[0] * 2.0
    for i in range(5):
        if i >= n:
            continue
        r = math.sqrt(x[4])
        for j in range(i):
            s += r * r * math.exp(x[i]) / (x[1] + 1.5 + n) * (j + s)
    return s


@case(X, 0.0)
@case(X, 0.8)
def test_guards_the_body(x, c):
    s, k = x[0] * x[0], 0
    while c > 0.0 and k < 3:
        s += 1.0 / c * x[k] * math.log(c) * c
        k += 1
    return s


@case(X, 5)
@case(X, 2)
def backwards_over_nothing(x, n):
    s = x[0]
    for i in range(4, n, -1):
        for j in range(n, i):
            s += math.sin(x[n] * x[i] * s) + x[n] * x[n]
    return s


@case(X, 0.0)
@case(X, 1.0)
def break_before_the_division(x, c):
    s = x[0] * 1.5
    for i in range(5):
        if c == 0.0:
            break
        s += x[i] / c * c**-1.5
    return s


@case(X, 0, 3)
@case(X, 2, 3)
def powers_and_shifts(x, n, k):
    s = x[0] * x[2]
    for i in range(n):
        s += x[i] * 2**k * (k % (n + 1)) * (k // max(n, 1)) * n**2 * 2.0 ** (k - n)
    return s


# ------------------------------------------------------------------------------ writes in between


@case(X)
def slice_store_between(x):
    y = x * 2.0
    s = 0.0
    for i in range(3):
        a = y[i]
        y[i : i + 2] = x[1:3] * a
        b = y[i]
        y[:] = y * 0.5 + b
        s += a * b * y[i]
    return s


@case(X)
def in_place_operator_between(x):
    y = x.copy()
    v = y[::2]
    s = 0.0
    for i in range(3):
        a = y[2 * i]
        v *= 1.5
        b = y[2 * i]
        y -= 0.1
        s += a * b * y[2 * i] * v[i]
    return s


def scale(a, k, c):
    a[k] = a[k] * c
    return a[k] + c


@case(X)
def write_in_a_callee(x):
    y = x.copy()
    s = 0.0
    for i in range(4):
        a = y[i]
        s += scale(y, i, x[4])
        s += a * y[i] * scale(y[i:], 0, y[i])
    return s * y[0]


@case(X, 1)
@case(X, 3)
def write_on_a_branch(x, k):
    y = x.copy()
    s = 0.0
    for i in range(4):
        a = y[i]
        if i == k:
            y[i] = s + a
            b = y[i]
        else:
            b = y[i] * 2.0
        s += a * b * y[i] + y[k]
    return s


@case(X)
def write_in_an_inner_loop(x):
    y = x.copy()
    s = 0.0
    for i in range(4):
        a = y[i] * y[4]
        for j in range(i, 5):
            s += y[4] * a
            y[j] = y[j] * x[j] + y[i]
        s += a * y[i] * y[4]
    return s


@case(S)
def rows_of_one_matrix(m):
    y = m.copy()
    s = 0.0
    for i in range(4):
        row, other = y[i], y[i + 1]
        for j in range(5):
            a = row[j]
            other[j] = a * y[i, j] + other[j]
            s += y[i + 1, j] * other[j] * row[4 - j]
    return s


@case(X)
def transpose_and_diagonal(x):
    y = np.zeros((5, 5))
    t = y.T
    s = 0.0
    for i in range(5):
        for j in range(5):
            y[i, j] = x[i] * x[j] + s
            a = t[j, i]
            t[j, i] = a * x[0]
            s += y[i, j] * 0.1 + a
        s += y[i, i] * t[i, i]
    return s


@case(X)
def arrays_exchanged(x):
    a = x.copy()
    b = x * 3.0
    s = 0.0
    for t in range(4):
        p = a[t]
        a, b = b, a
        q = a[t]
        a[t] = p * q
        s += b[t] * a[t] + p
    return s


@case(X, 2)
def one_of_two_arrays(x, k):
    a = x.copy()
    b = x * 2.0
    s = 0.0
    for t in range(4):
        w = a if t < k else b
        p = a[t] * b[t]
        w[t] = p * w[t]
        s += a[t] * b[t] + w[4] * p
    return s


@case(X)
def items_of_lists(x):
    some = [x[0], x[1]]
    s = 0.0
    for t in range(3):
        a = some[0]
        some[0] = a * x[t]
        s += some[0] * a
        some.append(s * some[t])
    return s + some[4]


@case(X)
def load_kept_over_a_rebinding(x):
    """The name of an element means something else by the time the element is loaded again."""
    s = 0.0
    for i in range(4):
        a = x[i]
        s += a * a
        a = x[i + 1]
        s += x[i] * a
        a, b = x[i], a
        s += a * b * x[i + 1]
    return s


@case(X)
def index_rebound_between(x):
    s, k = 0.0, 0
    for i in range(4):
        a = x[k]
        k = (k * 2 + 1) % 5
        s += a * x[k]
        k += 1
        s += x[k - 1] * x[k % 5] * a
    return s


# ------------------------------------------------------------------------------ counters


@case(X)
def counters_by_more(x):
    s, a, b, c = 0.1, 0, 40, 3
    for i in range(4):
        s += math.sin(s * x[a % 5] + x[b % 5] * x[c])
        a += 3
        b -= 7
        c = c - 1
    return s * x[a % 5] * (b + c)


@case(X, 6, 4)
@case(X, 6, 0)
def step_divided_in_the_loop(x, n, m):
    """The step is made in the loop, and can't be made before it."""
    s, at = 0.1, 0
    for i in range(m):
        step = n // m
        s += math.sin(s * x[at % 5])
        at += step
    return s


@case(X)
def step_of_the_outer_index(x):
    s, at = 0.1, 0
    for i in range(4):
        for j in range(i, 4):
            s += math.sin(s * x[at % 5]) * x[j]
            at += i
        for j in range(i, i + 2):
            s += math.sin(s * x[at % 5]) * x[i]
            at += j
    return s


@case(X)
def counter_with_continue(x):
    s, at = 0.1, 0
    for i in range(8):
        s += math.sin(s * x[at])
        if i % 3 == 1:
            continue
        at += 1
        if at > 4:
            break
    return s


@case(X)
def counter_twice_in_one_iteration(x):
    s, at = 0.1, 0
    for i in range(2):
        s += math.sin(s * x[at])
        at += 1
        s += math.sin(s * x[at])
        at += 1
        for j in range(2):
            s += math.cos(s * x[at - j])
    return s


@case(X)
def counter_read_before_and_after(x):
    s, at = 0.1, 4
    for i in range(3, -1, -1):
        s = math.sin(s * x[at]) + x[i]
        at -= 1
        s = math.sin(s * x[at])
    return s * x[at]


@case(X)
def counters_of_while(x):
    s, i, at = 0.1, 0, 0
    while i < 7:
        s += math.sin(s * x[at])
        i += 2
        for j in range(2):
            s *= math.cos(x[at] * s)
            at += 1
        at -= 1
    return s


@case(X)
def counter_of_floats(x):
    s, at, h = 0.1, 0.0, x[4]
    for i in range(4):
        s += math.sin(s * x[i] * at)
        at += h
        s += math.sin(at * at)
    return s


@case(X, np.uint8(250))
def counter_that_wraps(x, small):
    s, at = 0.1, small
    for i in range(5):
        s += math.sin(s * x[int(at) % 5])
        at = np.uint8(at + np.uint8(3))
    return s


@case(X)
def counter_over_a_list(x):
    s, at = 0.1, 0
    some = [x[0]]
    for i in range(4):
        for v in some:
            s += math.sin(s * v * x[at % 5])
            at += 1
        some.append(s * x[i])
    return s


# ------------------------------------------------------------------------------ places that iterations share


@case(S, X)
def shared_place_with_varying_bounds(m, x):
    w = x.copy()
    s = 0.0
    for t in range(3):
        for i in range(5):
            for j in range(5 - i, 5 - t):
                s += math.sin(m[i, j] * w[j]) * w[i]
            for j in range(i, -1, -1):
                s += math.cos(m[i, j] * w[j]) * w[t]
        for i in range(t, 5):
            w[i] = math.sin(w[i] + s)
    return s


@case(S, X, np.array([3, 0, 5]))
def bounds_in_memory(m, x, counts):
    w = x.copy()
    counts = counts.copy()
    s = 0.0
    for t in range(3):
        n = counts[t]
        for i in range(4):
            for j in range(n):
                s += math.sin(m[i, j] * w[j])
            for j in range(counts[0]):
                s += math.cos(s * w[j])
            counts[0] = i + 1
        for j in range(n):
            w[j] *= s
    return s


@case(S, 2)
@case(S, 4)
def extent_rebound(m, b):
    w = np.ones((3, b))
    s = 0.0
    if m[1, 1] > 0.0:
        b = 1
    for t in range(3):
        row = w[t]
        for j in range(len(row)):
            s = math.sin(0.2 * s + row[j] * m[t, j]) * b
    return s


@case(S, 2)
def array_rebound(m, b):
    w = m[:, :b]
    s = 0.1
    for t in range(4):
        row = w[t]
        for j in range(len(row)):
            s = math.sin(s + row[j])
        if t == 1:
            w = m * 2.0
    return s


@case(S, X)
def kept_once_and_read_later(m, x):
    s = 0.0
    for t in range(3):
        e = 0.0
        for j in range(5):
            e = math.exp(x[j]) * (j + 1)
            s += math.sin(s * e)
        for i in range(5):
            s += math.sin(e * m[t, i]) * s
    return s


@case(S, X)
def place_written_on_a_branch(m, x):
    w = x.copy()
    s = 0.1
    for t in range(4):
        for i in range(5):
            if i != t:
                e = math.exp(w[i] * 0.1)
                if m[t, i] > 0.0:
                    s += math.sin(s * e)
        w[t] = s
    return s


@case(S, X)
def while_in_the_middle(m, x):
    w = x.copy()
    s = 0.1
    for t in range(2):
        k = 0
        while k < 3 - t:
            for j in range(t, 5):
                e = math.exp(w[j] * 0.1)
                s = math.sin(s * e + x[k])
            k += 1
        for j in range(5):
            w[j] = w[j] * s
    return s


@case(S, X)
def one_pass_with_a_scratch(m, x):
    s = 0.0
    w = np.empty(5)
    for t in range(5):
        for j in range(5):
            w[j] = math.exp(m[t, j] * x[j])
        z = 0.0
        for j in range(5):
            z += w[j] * w[j]
        for i in range(2):
            for j in range(5):
                s += math.sin(w[j] / z) * w[i]
    return s


@case(S, X)
def one_pass_with_a_counter(m, x):
    s = 0.0
    for t in range(5):
        at, p = 0, 1.0
        for j in range(2):
            p = p * math.sin(x[at] * m[t, at])
            at += 2
        s += p * p
    return s


def climb(a, n, depth):
    s = 0.0
    for i in range(n):
        e = math.exp(a[depth] * 0.1)
        for j in range(i, n):
            s += math.sin(e * a[j]) * a[depth]
    if depth > 0:
        a[depth] = a[depth] * s
        s += climb(a, n - 1, depth - 1) * a[depth]
    return s + a[0]


@case(X)
def recursion_with_invariants(x):
    y = x.copy()
    return climb(y, 4, 3) + climb(y, 0, 1) + y[2]


def tree(a, lo, hi, c):
    if hi - lo < 1:
        return 0.0
    s, at = 0.0, lo
    mid = (lo + hi) // 2
    for i in range(lo, hi):
        s += a[mid] * c * a[at] * math.tanh(c)
        at += 1
    return s + tree(a, lo, mid, c * 0.9) * tree(a, mid + 1, hi, c * a[mid])


@case(X, 0.7)
def recursion_with_counters(x, c):
    return tree(x, 0, 5, c)


@case(X.astype(np.float32), np.float32(0.7))
def single_precision_invariants(x, c):
    y = x.copy()
    s = np.float32(0.0)
    for i in range(5):
        for j in range(5):
            s += np.float32(math.exp(c)) * x[j] * c * y[i]
        y[i] = s * c
    return s


@case(X)
def squares_of_all_kinds(x):
    s = x[0]
    for i in range(1, 5):
        s = s * s + x[i] * x[i]
        d = x[i] - s
        s += d * d + d + d
        s = s * 0.1 + s / (1.0 + s * s)
    return s * s


# ------------------------------------------------------------------------------ arrays that outlive their body


@case(X, 0)
@case(X, 3)
def array_of_a_branch(x, n):
    if n > 0:
        w = x * 2.0
    s = x[1] * x[1]
    if n > 1:
        s = s + w[0] * w[1]
    return s


@case(X, 3)
def array_of_the_last_iteration(x, n):
    for i in range(n):
        w = x * (2.0 + i)
    s = x[1] * x[1]
    for j in range(n):
        s = s * math.sin(w[0] * w[j])
    return s


@case(X)
def view_of_a_loop(x):
    y = x.copy()
    for t in range(3):
        v = y[t:]
        v[0] *= v[1]
    v[1] = v[0] * x[0]
    return y[2] * y[3] * v[1]


# ------------------------------------------------------------------------------ all of it together


@case(S, X, 0)
@case(S, X, 3)
def matmul_rows(m, x, n):
    out = np.zeros(5)
    for i in range(n):
        row = m[i]
        acc = 0.0
        for j in range(len(row)):
            acc += row[j] * x[j] * row[i]
        out[i] = acc / n
    return np.sum(out * out) + x[0]


@case(P(0.7, X), 2)
@case(P(0.7, X), 0)
def fields(p, n):
    s = p.x * 2.0
    for i in range(n):
        for j in range(len(p.w)):
            s += math.exp(p.x) * p.w[j] * p.x * math.sin(s)
    return s


@case(X, ORDER)
def gather(x, idx):
    s = 0.1
    y = x.copy()
    for t in range(3):
        for i in range(len(idx)):
            k = idx[i]
            for j in range(t):
                s += math.sin(s * y[k]) * y[idx[j]]
            y[k] = s * y[k]
    return s


@case(X, ORDER)
def gather_changed_index(x, idx):
    s = 0.1
    idx = idx.copy()
    for t in range(3):
        for i in range(5):
            s += math.sin(s * x[idx[i]]) * x[idx[t]]
            idx[i] = (idx[i] + 1) % 5
    return s


@case(X)
def over_elements(x):
    s = 0.1
    for v in x:
        e = math.exp(v) * v
        for k, u in enumerate(x):
            s += 0.05 * math.sin(0.1 * s * e) * u * k + 0.1 * v * v
    return s


@case(X)
def zipped(x):
    s = 0.1
    y = x * 2.0
    for a, b in zip(x, y):
        for c in y[1:3]:
            s += math.sin(a * b * c) * s * math.sqrt(a * a + 1.0)
        y[0] = s
    return s * y[0]


@case(X, 0)
@case(X, 2)
def comprehension(x, n):
    a = [x[i] * math.exp(x[0]) for i in range(5)]
    b = [math.sin(a[k]) * math.cos(x[1]) for k in range(3)]
    s = 0.0
    for i in range(n):
        s += a[i] * b[i] * math.log(x[0])
    return s + a[0]


@case(X)
def nested_while(x):
    s, i = 0.1, 0
    while i < 4:
        j, w = 0, math.exp(x[4] * 0.3)
        while j < i:
            q = w * math.tanh(x[0]) / (1.0 + x[2])
            s += math.sin(q * s) * x[j]
            if s > 1.0:
                break
            j += 1
        i += 1
    return s


@case(X)
def whiles_and_lists(x):
    acc = []
    s, i = x[0], 0
    while s < 30.0 and i < 8:
        c = math.exp(x[4] * 0.5)
        for k in range(3):
            s += c * abs(x[k]) * (1.0 + s * 0.1)
        acc.append(s * c)
        i += 1
    t = 0.0
    for k in range(len(acc)):
        t += acc[k] * acc[len(acc) - 1]
    return t


@case(X, 3)
@case(X, 0)
def early_return(x, n):
    s = 0.3
    for i in range(n):
        r = math.sqrt(x[0]) * math.exp(x[2])
        for j in range(5):
            s += math.sin(r * s) * x[j]
            if s > 0.8:
                return s * r
    return s + x[1]


@case(S)
def triangular_solve(m):
    y = np.zeros(5)
    for i in range(5):
        acc = m[i, 0]
        for j in range(i):
            acc -= m[i, j] * y[j]
        y[i] = acc / (m[i, i] + 3.0)
        y[0] += y[i] * y[i]
    s = 0.0
    for i in range(4, -1, -1):
        for j in range(i + 1, 5):
            y[i] -= m[j, i] * y[j] * y[i]
        s += y[i] * y[i]
    return s


@case(S)
def cholesky_like(m):
    a = m @ m.T + 3.0 * np.eye(5)
    for k in range(5):
        a[k, k] = math.sqrt(a[k, k])
        for i in range(k + 1, 5):
            a[i, k] = a[i, k] / a[k, k]
        for j in range(k + 1, 5):
            for i in range(j, 5):
                a[i, j] -= a[i, k] * a[j, k]
    s = 0.0
    for k in range(5):
        s += math.log(a[k, k]) + a[k, 0]
    return s


@case(S, X)
def lu_with_pivots(m, x):
    a = m + 2.0 * np.eye(5)
    p = 0
    s = 0.0
    for k in range(4):
        p = k
        for i in range(k + 1, 5):
            if abs(a[i, k]) > abs(a[p, k]):
                p = i
        for j in range(5):
            t = a[k, j]
            a[k, j] = a[p, j]
            a[p, j] = t
        for i in range(k + 1, 5):
            f = a[i, k] / a[k, k]
            for j in range(k, 5):
                a[i, j] -= f * a[k, j]
        s += a[k, k] * x[p]
    return s + a[4, 4]


@case(X, 5)
def slice_of_varying_width(x, n):
    s = 0.1
    for i in range(1, n):
        v = x[:i]
        for k in range(2):
            for j in range(len(v)):
                s += math.sin(s * v[j]) * v[i - 1]
    return s


@case(X)
def empty_made_in_the_loop(x):
    s = 0.1
    for i in range(4):
        w = np.empty(i)
        for j in range(len(w)):
            w[j] = x[j] * s
        for k in range(3):
            for j in range(i):
                s += math.sin(w[j] * x[k])
    return s


@case(X, 0.5)
def scalar_carried_and_reset(x, c):
    s, e = 0.1, 0.0
    for i in range(3):
        c = c * 0.9
        for j in range(4):
            g = math.exp(c) * c
            for k in range(2):
                s += math.sin(0.2 * g * s + x[j]) * math.exp(-g)
            e += g
    return s * e


@case(X.astype(np.float32), np.float32(0.0), 0)
@case(X.astype(np.float32), np.float32(0.5), 2)
def single_zero_trip(x, c, n):
    s = x[0] * x[0]
    for i in range(n):
        s += x[i] / c * np.float32(2.0) * c * x[4]
    return s


def ackermannish(a, b, n):
    s = 0.0
    for i in range(n):
        k = b[0]
        for j in range(2):
            a[j] = a[j] * 0.5 + k
            s += b[0] * a[j] * b[1] * b[1]
    if n > 1:
        s += ackermannish(b, a, n - 1) + ackermannish(a, a, n - 2)
    return s


@case(X)
def swapped_arguments(x):
    y = x.copy()
    z = x * 0.3
    return ackermannish(y, z, 3) + ackermannish(y, y, 2) + z[1]


def leaf(x, d, n):
    w = np.empty(n)
    for i in range(n):
        w[i] = math.exp(x * 0.1) * (i + 1) * x
    t = 0.0
    for i in range(n):
        for j in range(n):
            t += 0.1 * math.sin(w[i] * x) * w[j]
    if d > 0:
        if t > 0.3:
            u = t * t / (1.0 + t * t)
            for i in range(2):
                t += leaf(u, d - 1, n - 1) * math.sqrt(u)
        else:
            t -= leaf(t, d - 1, n)
    return t


@case(0.7)
@case(1.7)
def recursion_with_scratch(x):
    return leaf(x, 3, 3) + leaf(x * 0.5, 2, 0)


@case(S, X, 0, 3)
@case(S, X, 3, 0)
def bounds_of_nests(m, x, n, k):
    w = x.copy()
    s = 0.1
    for t in range(n):
        for i in range(k):
            for j in range(i, k):
                e = math.exp(w[j] * 0.1) * w[i]
                s += math.sin(s * e)
        for j in range(k):
            w[j] *= s
    return s * x[0]


@case(S, 4)
@case(S, 0)
def bounds_computed_inside(m, n):
    s = 0.1
    for t in range(n):
        k = n // n + t % 3
        h = int(n / (t + 1))
        for i in range(k):
            for j in range(h):
                s = math.sin(s + m[i, j] * m[j, i])
    return s + m[0, 0]


@case(S, 3)
def index_beyond(m, n):
    s = 0.1
    for t in range(n):
        for i in range(t, t + 3):
            for j in range(i - t, i):
                s = math.sin(s + m[i, j])
            for j in range(i, t, -1):
                s = math.sin(s + m[j, i])
    return s


@case(X, True)
@case(X, False)
def bools(x, b):
    s = 0.1
    for i in range(4):
        c = x[i] > 0.3 and b
        for j in range(2):
            d = c or j == 1
            if d:
                s += math.sin(s * x[i])
            else:
                s *= x[j]
    return s


@case(X)
def two_counters_one_reset(x):
    s, a, b = 0.1, 0, 0
    for i in range(3):
        b = 0
        for j in range(3):
            s += math.sin(s * x[a % 5] * x[b])
            a += 1
            b += 1
        a = a - b + 1
    return s * x[a]


@case(X)
def counter_copied(x):
    s, a = 0.1, 0
    for i in range(4):
        b = a
        a += 1
        c = a
        s += math.sin(s * x[b] * x[c])
    return s


@case(X)
def counter_in_both_branches(x):
    s, a = 0.1, 0
    for i in range(4):
        s += math.sin(s * x[a])
        if s > 0.2:
            a += 1
        else:
            a += 1
    return s


@case(X, 3)
def counter_from_an_argument(x, a):
    s = 0.1
    for i in range(3):
        s += math.sin(s * x[a])
        a -= 1
    for i in range(2, 5):
        s += math.sin(s * x[a + 1])
        a += 1
    return s * x[a]
