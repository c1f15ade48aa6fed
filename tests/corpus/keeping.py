# ruff: noqa: RUF007
"""What the reverse sweep reads again, computes again or keeps: odd loops, views that move, names used twice.

Each program was written to break one assumption of `analysis/alias.py`, `passes/save.py` or a pass around them.
"""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1])
M = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]) / 3


@case(X)
def wrap_load(x):
    y = np.zeros(5)
    for i in range(5):
        y[i - 1] = x[i] * y[i - 2] + x[i]
        y[i] = math.sin(y[i - 1])
    return y[0] * y[1] + y[2] * y[3] * y[4]


@case(X)
def wrap_inplace(x):
    for i in range(5):
        x[i] = x[i - 1] * x[i]
    return x[0] + 2 * x[1] + 3 * x[4] * x[3]


@case(X)
def wrap_inplace2(x):
    for i in range(4, -1, -1):
        x[i] = x[i - 5] * x[i - 4] + 0.1
    return x[0] * x[1] + 2 * x[1] + 3 * x[4] * x[3]


@case(X)
def neg_index_const(x):
    for i in range(5):
        x[-1] = x[-1] * x[i]
        x[4] = math.sin(x[4])
    return x[-1] + x[0] * x[1]


@case(X)
def views_alias(x):
    y = x.copy()
    v = y[1:]
    for i in range(4):
        v[i] = v[i] * y[i]
        y[i] = y[i] * v[i]
    return y[0] * v[3] + v[0] * y[1] * y[2]


@case(X)
def views_alias_rev(x):
    y = x.copy()
    v = y[::-1]
    for i in range(5):
        y[i] = v[i] * y[i] * 1.3
    s = 0.0
    for i in range(5):
        s += v[i] * y[i] * (i + 1)
    return s


@case(X)
def store_through_views(x):
    y = x.copy()
    a = y[:3]
    b = y[2:]
    s = 0.0
    for i in range(3):
        s += a[i] * b[i]
        b[i] = s * a[i]
        a[0] = b[0] * a[1]
    return s + y[0] * y[2] * y[4]


@case(X, 3)
def view_in_loop(x, n):
    y = x.copy()
    s = 0.0
    for i in range(n):
        v = y[i : i + 2]
        v[0] = v[1] * v[0]
        v[1] = math.sin(v[0])
        s += v[1] * v[0]
    return s


@case(X, 3)
def view_moving(x, n):
    y = x.copy()
    v = y[:]
    s = 0.0
    for i in range(n):
        v = v[1:]
        v[0] = v[1] * v[0]
        s += v[0] ** 2 * y[i]
    return s


@case(X, 3)
def array_in_loop(x, n):
    s = 0.0
    for i in range(n):
        y = np.zeros(5)
        for j in range(5):
            y[j] = x[j] * s + x[i]
        y[0] = y[1] * y[2]
        s += y[0] * y[3]
    return s


@case(X, 3)
def array_in_loop_phi(x, n):
    y = x.copy()
    for i in range(n):
        z = np.zeros(5)
        for j in range(5):
            z[j] = math.sin(y[j] * y[j - 1])
        y = z
    return y[0] * y[1] + y[4] * y[2]


@case(X, 3)
def array_in_branch(x, n):
    y = x.copy()
    for i in range(n):
        if i % 2 == 0:
            z = np.zeros(5)
            for j in range(5):
                z[j] = y[j] * y[4 - j]
        else:
            z = y
        z[0] = z[0] * z[1]
        y = z
    return y[0] * y[1] + y[4] * y[2] + x[0] * x[1]


@case(X, 4)
def slots_swap(x, n):
    a = x.copy()
    b = np.zeros(5)
    for i in range(n):
        for j in range(1, 4):
            b[j] = a[j - 1] * a[j + 1] + 0.5 * b[j]
        a, b = b, a
    return a[1] * b[2] + a[3] * b[3] + a[0]


@case(X, 4)
def swap_sometimes(x, n):
    a = x.copy()
    b = np.ones(5)
    for i in range(n):
        if a[i] > 0.3:
            a, b = b, a
        a[i] = b[i] * a[i] + x[i]
    return a[1] * b[2] + a[3] * b[3] + a[0]


@case(X, 0.7)
def loop_name_reassigned(x, s):
    for i in range(4):
        i = i // 2
        s = s * x[i]
        i = i + 2
        s = math.sin(s) * x[i]
    return s * i


@case(X, 0.7)
def loop_name_shared_inner(x, s):
    for i in range(3):
        s = s * x[i]
        for i in range(2):
            s = math.sin(s) * x[i]
        s = s * x[i] * s
    return s * i


@case(X, 0.7)
def loop_name_sibling(x, s):
    for i in range(3):
        s = s * x[i]
    for i in range(1, 4):
        s = math.sin(s * x[i])
    s = s * x[i]
    for j in range(i):
        s = s * s * x[j] + x[i]
    return s * x[i]


@case(X, 4)
def bounds_changed(x, n):
    s = 0.4
    m = n
    for i in range(m):
        m = 1
        s = s * s + x[i]
        for j in range(m, i):
            m = 2
            s = s * x[j] + s * s
    return s * m


@case(X, 3, -2)
def negative_ranges(x, a, b):
    s = 0.4
    for i in range(a, b):
        s = s * s
    for i in range(a, b, -1):
        s = 0.2 * s * s * x[i] + 0.9
    for i in range(b, a):
        s = 0.2 * s * s * x[i] + 0.9
    for i in range(b, a, 2):
        s = 0.2 * s * s * x[i] + 0.8
    for i in range(a, b, -3):
        s = 0.2 * s * s * x[i] + 0.8
    return s


@case(X, 3, -2, 2)
def runtime_step(x, a, b, c):
    s = 0.4
    for i in range(b, a, c):
        s = s * s * x[i] + 0.8
        for j in range(a, i, -c):
            s = s * s * x[j] + 0.8
    return s


@case(X, 5)
def nested_breaks(x, n):
    s = 0.3
    for i in range(n):
        for j in range(n):
            s = s * x[j] + math.sin(s)
            if s > 1.2:
                break
            s = s * s
        if s < -1.2:
            break
        s = s * 1.1 * x[i]
    return s * s * i + j * s


@case(X, 5)
def while_breaks(x, n):
    s = 0.3
    k = 0
    while True:
        k += 1
        if k > n:
            break
        j = 0
        while s < 5.0:
            s = s * s + x[j]
            j += 1
            if j > 3:
                break
            if s < -3.0:
                s = -s
                continue
            s = s * 0.5
        s = math.sin(s) * j
    return s * k


@case(0.4, 0)
def zero_trip(x, n):
    s = x
    for i in range(n):
        s = s * s
    while s > 100.0:
        s = s * 0.5 * s
    for i in range(n, 0):
        for j in range(i):
            s = s * s
    return s * x


@case(0.4, 3)
def value_in_branch(x, n):
    s = x
    y = 0.0
    for i in range(n):
        if i == 1:
            y = s * s
            z = math.exp(y)
        else:
            z = s * 2.0
            w = z * z
            y = y + w
        s = s * y * z
    return s


def search(v, s):
    for i in range(len(v)):
        for j in range(i + 1):
            s = s * v[j] + v[i]
            if s > 1.0:
                return s * v[i]
            if s < -2.0:
                return s * s
    return s * s * s


@case(X, 0.4)
@case(X, 1.4)
@case(-X, -1.4)
def inline_returns(x, s):
    for k in range(3):
        s = search(x, s) * 0.8 + search(x[k:], s * 0.5)
    return s


@case(X, 3)
def guard(x, n):
    s = 0.0
    for i in range(n):
        if s != 0.0:
            s = s * x[i]
        s = s + math.sqrt(abs(x[i]))
    return s


@case(X, 0.5)
def break_after_use(x, t):
    for i in range(5):
        v = x[i] * t
        if v > 0.9:
            break
        t = t * 1.3 + x[i] * x[i]
    return v * x[i] * t


@case(X)
def elem_saved_cond(x):
    y = x.copy()
    for i in range(5):
        if y[i] > 0.3:
            y[i] = y[i] * y[(i + 1) % 5]
            y[(i + 2) % 5] = -y[(i + 2) % 5]
        elif y[i - 1] > 0:
            y[i - 1] *= y[i]
    return y[0] * y[1] + y[2] * y[3] + y[4] ** 2


@case(X, np.array([1, 0, 3, 2, 4]))
def indirect(x, idx):
    y = x.copy()
    for i in range(5):
        y[idx[i]] = y[idx[i]] * y[idx[i - 1]]
        y[i] = y[idx[idx[i]]] * 1.1
    return y[0] * y[1] + y[2] * y[3] + y[4] ** 2


@case(X, np.array([1, 0, 3, 2, 4]))
def indirect_changes(x, idx):
    idx = idx.copy()
    y = x.copy()
    for i in range(5):
        y[idx[i]] = y[idx[i]] * y[idx[i - 1]]
        idx[i] = (idx[i] + 2) % 5
        y[idx[i]] = y[idx[i]] * y[i]
    return y[0] * y[1] + y[2] * y[3] + y[4] ** 2


@case(M)
def rows(m):
    s = 0.0
    for i in range(2):
        r = m[i]
        for j in range(3):
            r[j] = r[j] * r[j - 1]
            s += r[j] * m[0, j]
    return s


@case(M)
def transposed(m):
    tr = m.T
    for i in range(3):
        for j in range(2):
            tr[i, j] = tr[i, j] * m[j, i - 1]
    return m[0, 0] * m[1, 1] * tr[2, 0] + m[1, 2] * tr[0, 1]


@case(M)
def ravelled(m):
    r = m.ravel()
    q = r.reshape(3, 2)
    for i in range(6):
        r[i] = r[i] * q[1, 1] * 0.5
        q[i % 3, 0] *= m[1, i % 3]
    return m[0, 0] * m[1, 1] * r[2] + m[1, 2] * q[0, 1]


@case(X)
def moving_view(x):
    y = x.copy()
    s = 0.0
    for i in range(3):
        v = y[3 - i :]
        v[i] = v[i] * 1.3 + s
        s = s + math.sin(v[i])
    return s


@case(X)
def moving_view2(x):
    y = x.copy()
    s = 0.0
    v = y[3:]
    for i in range(3):
        v[i] = v[i] * 1.3 + s
        s = s + math.sin(v[i])
        v = y[2 - i :]
    return s


@case(X, 0)
@case(X, 2)
def self_assign(x, k):
    x[k] = x[0]
    return x[0] * x[1] * x[2]


@case(X)
def self_assign_loop(x):
    for j in range(5):
        x[j] = x[0]
    return x[0] * x[1] + x[2] * x[3]


@case(X, np.array([1, 0, 2, 3, 3]))
def self_assign_idx(x, idx):
    y = x.copy()
    for j in range(5):
        y[j] = y[idx[j]]
    return y[0] * y[1] + y[2] * y[3] * y[4]


@case(X, np.array([1, 0, 2, 3, 3]))
def self_assign_aug(x, idx):
    y = x.copy()
    for j in range(5):
        y[j] += y[idx[j]]
    for j in range(5):
        y[j] -= y[idx[j]]
    for j in range(5):
        y[j] *= y[idx[j]]
    for j in range(5):
        y[j] /= y[idx[j]] + 3.0
    return y[0] * y[1] + y[2] * y[3] * y[4]


@case(X)
def select_overwritten(x):
    y = x.copy()
    s = 2.0 * y[0] if y[1] > 0 else y[2] * y[2]
    y[1] = -y[1]
    return s * y[0] + y[1]


@case(X)
def select_overwritten_loop(x):
    y = x.copy()
    s = 0.2
    for i in range(5):
        s += s * y[0] if y[i] > 0 else y[2] * y[2]
        y[i] = -y[i]
        s += np.where(y[i - 1] > 0, s * y[0], y[2])
        y[i - 1] = -y[i - 1]
    return s * y[0] + y[1]


@case(X, 3)
def double_pop(x, n):
    y = x.copy()
    s = 0.4
    k = 0
    while k < n:
        k += 1
        a = y[0]
        if s < 1.0:
            z = 2.0 * a
            s += z * z
        else:
            z = 3.0
        s = s + z * s
        y[0] = math.sin(s)
    return s


@case(X, 3)
def double_pop2(x, n):
    y = x.copy()
    s = 0.4
    k = 0
    while k < n:
        k += 1
        a = y[0]
        if s < 1.0:
            if a > 0.1:
                z = 2.0 * a
                s += z * z
            else:
                z = a + 1.0
                s = z * s
        else:
            z = 3.0 * a
            s += z
            if z > 0.5:
                z = z * a
        s = s + z * s
        y[0] = math.sin(s)
    return s


@case(X, 1, 4)
def slot_start(x, m, n):
    s = 0.3
    for i in range(m, n):
        m = m + 1
        s = math.sin(s * x[i]) * m
    return s * m


@case(X, 3, 0)
def slot_start_neg(x, m, n):
    s = 0.3
    for i in range(m, n, -1):
        m = m + 1
        s = math.sin(s * x[i]) * m
    return s * m


@case(X, 1, 4)
def slot_start_nested(x, m, n):
    s = 0.3
    for j in range(2):
        for i in range(m, n):
            m = m - 1
            s = math.sin(s * x[i]) * m
    for j in range(2):
        q = n - 1
        for i in range(q - 2, q):
            q = 3
            s = math.sin(s * x[i]) * q
    return s * m


@case(X)
def overlap1(x):
    y = x.copy()
    y[1:] = y[:-1]
    y[:] = y[::-1] * 2.0
    y += y[::-1]
    y[:3] *= y[2:]
    y[2:] -= y[:3] * y[1]
    y *= y[0]
    return (y * np.arange(5)).sum() + y[0] * y[4]


@case(X)
def overlap2(x):
    x[1:] = x[:-1] * x[1:]
    x /= x[1] + 4.0
    x[::2] = x[:3].copy()
    x[:] = x
    return (x * x).sum()


@case(X, 3)
def view_before_rebind(x, n):
    y = x.copy()
    v = y[1:]
    y = np.ones(5)
    for i in range(n):
        y[i] = v[i] * y[i - 1]
        v[i] = y[i] * v[i]
    return y[0] * y[1] * v[0] * y[2] + v[2]


@case(X, 3)
def cond_view(x, n):
    y = x.copy()
    s = 0.2
    for i in range(n):
        if y[i] > 0:
            v = y[i:]
        else:
            v = x[i:]
        s = s * v[0] + v[1]
        y[i] = s * y[i]
    return s + y[0]


@case(X, 3)
def cond_view_store(x, n):
    y = x.copy()
    z = np.zeros(5)
    s = 0.2
    for i in range(n):
        if y[i] > 0:
            v = y[i:]
        else:
            v = z[i:]
        v[0] = s * v[0] + v[1]
        v[1] *= v[0]
        s = s * v[0] + v[1]
    return s + y[0] * z[1]


@case(X, 3)
def while_array(x, n):
    y = x.copy()
    k = 0
    while k < n:
        z = y * 1.1
        if z[k] > 1.0:
            z[k] = z[k] * y[0]
            y = z
        else:
            y = z + y[1]
        k += 1
        if k > 2:
            break
    return (y * y).sum()


@case(X, 3)
def while_true_array(x, n):
    y = x.copy()
    s = 0.3
    k = 0
    while True:
        y = y * s
        s = s + y[k]
        for j in range(5):
            if y[j] > 1.0:
                break
            y[j] = y[j] * y[j - 1]
        y[j] = y[j] * s
        k += 1
        if k > n:
            break
        s = s * 0.7
    return (y * y).sum() + s


@case(X)
def int_from_float(x):
    s = 0.3
    y = x.copy()
    for i in range(5):
        k = int(abs(y[i]) * 2.0) % 5
        y[k] = y[k] * y[i] + s
        s = s + float(int(y[i] * 2.0)) * 0.25 * y[k]
        y[i] = math.floor(y[k]) * y[i] + round(s, 1) * y[i]
    return s + y[0]


@case(X, True)
@case(X, False)
def maybe1(x, c):
    s = 1.0
    if c:
        w = x[0] * x[1]
    for i in range(3):
        if c:
            s = s * w + s * s
            q = s * w
        if c:
            s = s * q * q
    if c:
        s = s * w * w
    return s * x[3]


@case(X, 3)
@case(X, 0)
def maybe2(x, n):
    s = 1.0
    for i in range(n):
        w = x[i] * s
        s = s * w
    if n > 0:
        s = s * w * w * i
    return s * x[3]


@case(X, 3)
def maybe3(x, n):
    s = 1.0
    k = 0
    while k < n:
        if k == 0:
            w = x[0] * x[1]
        else:
            s = s * w + s * s
            w = w * s
        if k > 0:
            z = w * w
            s = s + z * z
        k += 1
        if k > 1:
            s = s * z
    return s * w * z


@case(X)
def inf2(x):
    s = 0.0
    for i in range(5):
        r = math.sqrt(abs(x[i] - x[i]))
        if x[i] > 100.0:
            s += r
        s += x[i]
    return s


@case(X)
def where_nan(x):
    s = 0.0
    for i in range(5):
        s += np.where(x[i] > 0, math.sqrt(abs(x[i])), x[i]) + (math.log(x[i]) if x[i] > 0 else 0.0)
    return s


def two(a, b):
    for i in range(len(a)):
        a[i] = a[i] * b[len(b) - 1 - i]
    return a[0] * b[1]


@case(X)
def twice(x):
    y = x * 1.5
    r = two(y, y)
    return r + two(y, x) + y[2]


@case(X)
def twice_views(x):
    y = x * 1.5
    r = two(y[1:], y[:4])
    r = r * two(y[::2], y[::2])
    return r + y[0] + y[3]


def deep(v, s):
    i = 0
    while i < len(v):
        j = i
        while True:
            if j >= len(v):
                break
            if s * v[j] > 2.0:
                return s * v[j], i
            if v[j] < -1.0:
                s = s - v[j] * s
                j += 1
                continue
            for k in range(j):
                s = s * 1.1 + v[k] * v[j]
                if s > 50.0:
                    return s, k
            j += 2
        i += 1
    return s * s, -1


@case(X, 0.3)
@case(X * 2, 0.3)
@case(-X * 0.3, 0.1)
def deep1(x, s):
    a, k = deep(x, s)
    for m in range(3):
        b, k2 = deep(x[m:], a * 0.1)
        a = a + b * k2
    return a * k + a


@case(X)
def loopvar_after(x):
    s = 0.5
    for i in range(5):
        if x[i] > 1.5:
            break
        s = s * x[i]
    s = s * x[i] * i
    for j in range(i):
        for i in range(j, 3):
            s = s * s + x[i]
            if s > 4.0:
                break
        s = s + x[i] * s
    return s * i * x[i]


@case(X)
def loop_over_modified(x):
    y = x.copy()
    s = 0.1
    for v in y:
        s = s * v + 0.3
        y[0] = s
        y[4] = y[4] * s
        v = v * s
        s = s + v
    return s * y[0] + y[4]


@case(X)
def zip_modified(x):
    y = x.copy()
    s = 0.1
    for i, (a, b) in enumerate(zip(y, y[1:])):
        y[i + 1] = a * b
        y[i] = s
        s = s + a * b * y[i + 1]
    return s * y[0] + y[4]


@case(M)
def row_loop(m):
    s = 0.2
    for r in m:
        r[0] = r[1] * s
        for v in r:
            s = s * v + 0.1
            r[2] *= s
    return s + m[0, 2] * m[1, 0]


@case(M)
def cols(m):
    s = 0.2
    for j in range(3):
        c = m[:, j]
        c[0], c[1] = c[1] * s, c[0] * c[1]
        s += c[0] * m[0, (j + 1) % 3]
    for c in m.T:
        s += c[0] * c[1] * s
        c[1] = s
    return s + m[0, 2] * m[1, 0]


@case(X, 3)
def saved_ints(x, n):
    s = 0.5
    k = n
    m = 1
    for i in range(6):
        k = (k * 3 + 1) % 5
        if k % 2 == 0:
            m = k
        s = s * x[k] + x[m] * s * s * 0.1
        while k > 2:
            k -= 1
            s = s + x[k] * math.sin(s)
            m += 1
        m = m % 5
    return s


@case(X)
def cond_int(x):
    s = 0.5
    j = 0
    for i in range(5):
        j = i if x[i] > 0 else j
        s = s * x[j] + 0.2 * s * s
        x[j] = x[j] * s
    return s * x[j]


@case(X)
def aug_views(x):
    y = np.zeros((2, 5))
    y[0] += x
    y[1] = y[0] * x
    v = y[:, 1:4]
    v *= 2.0
    v[1] += v[0] * y[1, 0]
    y[0, 1:] -= v[1, 0]
    return (y * y).sum() + v[1, 2]


@case(X, 2)
def shadow_phi_zero_trip(x, n):
    a = x.copy()
    b = x * 2.0
    for k in range(n - 2):
        a, b = b, a
        a[0] = b[1] * a[0]
    if n > 1:
        a, b = b, a
    a[1] = a[0] * b[0]
    while n < 2:
        a, b = b, a
        n += 1
    return a[0] * b[1] + a[1] * a[2]


@case(X)
def ring(x):
    a = x.copy()
    b = x * x
    c = np.zeros(5)
    s = 0.1
    for k in range(7):
        for i in range(5):
            c[i] = a[i] * 0.3 + b[i - 1] * 0.4 + s
        s += c[k % 5] * a[0]
        a, b, c = c, a, b
    return s + a[0] * b[1] + c[2]


@case(X)
def alloc_outer(x):
    hist = np.zeros((4, 5))
    for k in range(4):
        cur = hist[k]
        for i in range(5):
            if k > 0:
                prev = hist[k - 1]
                cur[i] = prev[i] * prev[i - 1] + x[i]
            else:
                cur[i] = x[i] * x[i]
    return hist[3, 0] * hist[2, 1] + hist[3].sum()


@case(X)
def walrus_index(x):
    i = 0
    s = 0.3
    for k in range(4):
        s = s + x[i] * (i := i + 1) * s
    return s


@case(X)
def walrus_array(x):
    i = 0
    s = 0.3
    y = x
    for k in range(3):
        s = s + y[i] * len(y := y[1:]) * s
    return s * y[0]


@case(X)
def cond_move(x):
    s = 0.3
    n = 0
    for k in range(4):
        c = n > 1 and s > 0.0
        n = n + 2
        if c:
            s = s * x[k]
        else:
            s = s + x[k] * x[k]
        c = not c
        if c:
            n = n - 1
            s = s * s
    return s * n


@case(X)
def index_chain(x):
    idx = np.array([1, 2, 3, 4, 0])
    i = 0
    s = 0.3
    while s < 4.0:
        j = idx[i]
        idx[i] = (j + 1) % 5
        s = s + abs(x[j]) * s + x[idx[i]] ** 2
        i = j
    return s * x[i]


@case(X)
def unroll_like(x):
    a = x[0]
    b = x[1]
    for i in range(3):
        a, b = b, a * b + x[i]
        b = b if b > a else a
        a = -a if a < 0 else a
    return a * b


@case(X)
def temp_overwrite(x):
    y = x.copy()
    for i in range(4):
        tmp = y[i]
        y[i] = y[i + 1]
        y[i + 1] = tmp * y[i]
    return y[0] * y[1] * y[4]


@case(X)
def bubble(x):
    y = x.copy()
    for i in range(5):
        for j in range(4 - i):
            if y[j] > y[j + 1]:
                y[j], y[j + 1] = y[j + 1], y[j]
    return y[0] * 1.0 + y[1] * y[2] + y[4] ** 2


@case(M)
def lu(m):
    a = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            a[i, j] = m[0, i] * m[1, j] + (3.0 if i == j else 0.0)
    for k in range(3):
        for i in range(k + 1, 3):
            a[i, k] /= a[k, k]
            for j in range(k + 1, 3):
                a[i, j] -= a[i, k] * a[k, j]
    d = 1.0
    for k in range(3):
        d *= a[k, k]
    return d


@case(X)
def cumsum_inplace(x):
    for i in range(1, 5):
        x[i] += x[i - 1]
    for i in range(3, -1, -1):
        x[i] *= x[i + 1]
    return x[0] + x[2]


@case(X)
def prefix_scan_steps(x):
    y = x.copy()
    d = 1
    while d < 5:
        for i in range(4, d - 1, -1):
            y[i] = y[i] + y[i - d] * 0.5 * y[i]
        d *= 2
    return (y * y).sum()


@case(X, 1)
def stop_changes(x, n):
    s = 0.3
    for i in range(4):
        for j in range(n):
            s = s + math.sin(s * x[j])
        if s > 1.0:
            n = 3 - n if n < 3 else 1
        else:
            n += 1
    return s * n


@case(X, 3)
def start_expr(x, n):
    s = 0.3
    for i in range(n - 2, n + 1):
        for j in range(i, n - i, -1):
            s = s * 0.9 + math.sin(s * x[j])
        for j in range(n - i, i):
            s = s * 0.9 + math.sin(s * x[j])
        for j in range(2 * i, 2 * i + 2):
            s = s * 0.9 + math.sin(s * x[j % 5])
    return s


@case(X)
def len_changes(x):
    s = 0.3
    y = x
    for i in range(len(y)):
        y = y[: len(y) - 1]
        for j in range(len(y)):
            s = s * 0.9 + math.sin(s * y[j])
    return s


@case(X)
def triple_nested_break(x):
    s = 0.3
    for i in range(3):
        for j in range(3):
            for k in range(3):
                s = s * 0.8 + x[i] * x[j] * math.cos(s * x[k])
                if s > 2.0:
                    break
                if s < -2.0:
                    s = -s * 0.5
                    continue
                s = s + 0.1 * s * x[k]
            else:
                s = s * 1.1
            if k == 1:
                break
        s = s * x[k] + j
    return s


@case(X)
def vals_after_branch(x):
    s = 0.3
    for i in range(4):
        if s > 0.5:
            u = s * x[i]
            v = u * u
            if v > 0.2:
                w = u * v
            else:
                w = v
        else:
            u = x[i]
            v = x[i + 1] * u
            w = u * s * v
        s = s + w * v * u
        if w > 0:
            s = s * w
    return s


@case(X)
def vals_after_branch_while(x):
    s = 0.3
    i = 0
    while i < 4:
        if s > 0.5:
            u = s * x[i]
            v = u * u
            if v > 0.2:
                w = u * v
            else:
                w = v
        else:
            u = x[i]
            v = x[i + 1] * u
            w = u * s * v
        s = s + w * v * u
        if w > 0:
            s = s * w
        i += 1
        if s > 20.0:
            s = s * u * v
            break
    return s * w


@case(X)
def exp_chain_while(x):
    s = 0.3
    i = 0
    while i < 4:
        if s > 0.2:
            u = s * x[i]
            v = u * u
            v = v + u
            v = v * v
            v = v + u * v
            v = v * 0.1 - u
            v = v * v
        else:
            v = 0.1 * s
        s = s + v * s * 0.1
        i += 1
    return s


@case(X)
def exit_phi_in_branch(x):
    s = 0.3
    i = 0
    while i < 3:
        if s > 0.2:
            u = s
            for j in range(i):
                u = u * x[j] + 0.1
        else:
            u = x[i]
            k = 0
            while u < 1.0:
                u = u + abs(x[k]) * 0.5 + 0.1
                k += 1
        s = s + u * u * 0.1
        i += 1
    return s * u


@case(X, 0.3)
@case(X, 1.3)
def nested_if_break(x, s):
    for i in range(5):
        if x[i] > 0.0:
            if s * x[i] > 1.0:
                s = s * s
                break
            s = s + x[i]
        s = s * x[i] + 0.3
    return s


@case(X, 0.3)
@case(X, 1.3)
@case(-X, 0.3)
def nested_if_break2(x, s):
    k = 0
    while k < 5:
        if x[k] > 0.0:
            s = s * 1.1
            if s * x[k] > 1.0:
                s = s * s
                if s > 2.0:
                    break
                s = s * x[0]
            elif s < 0.2:
                k += 1
                continue
            s = s + x[k]
        else:
            if s > 0.7:
                s = s - 0.1 * s * s
                break
        s = s * x[k] + 0.3
        k += 1
        if x[k % 5] < -1.0:
            if s > 0.4:
                s = s * x[1]
                break
            s = s * 2.0
        s = s + x[k % 5] ** 2
    return s * s


@case(X, 0.3)
@case(X, 1.3)
def nested_if_return(x, s):
    for i in range(5):
        if x[i] > 0.0:
            for j in range(3):
                if s * x[j] > 1.0:
                    if s > 0.9:
                        return s * x[i]
                    s = s + 0.1
                s = s * 1.2
            s = s + x[i]
        s = s * x[i] + 0.3
    return s


@case(X, 0.3)
@case(X, 1.3)
def break_else(x, s):
    for i in range(4):
        for j in range(4):
            if x[j] > 0.2:
                if s * x[j] > 1.0:
                    break
                s = s + 0.3 * x[j]
            s = s * 0.9 + x[i] * x[j] * 0.1
        else:
            s = s * x[0]
        if s > 1.5:
            if x[i] < 1.9:
                continue
            if s > 3.0:
                break
            s = s * x[2]
        s = s + 0.1 * s * s
    else:
        s = s * 2
    return s


@case(X, 0.3)
def linear_break(x, s):
    t = 0.0
    for i in range(5):
        if i > 1:
            if x[i] > 1.0:
                break
            t = t + s
        t = t + x[i] * 2.0
    return t


@case(X, 2.0 - X)
def kept_in_a_triangle(x, y):
    s = 1.0
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            s = s * math.sin(x[j] * y[i]) + 1.0
    return s


@case(X, 2.0 - X)
def kept_in_nested_triangles(x, y):
    s = 1.0
    for i in range(len(x)):
        for j in range(i, -1, -1):
            for k in range(j - 1, i + 2):
                s = s * math.sin(x[j] * y[i] + k) + 1.0
    return s


@case(X, 2.0 - X)
def kept_in_triangles_downwards(x, y):
    s = 1.0
    for i in range(len(x) - 1, 1, -1):
        m = i - 1
        for j in range(m, len(x) - i):
            s = s * math.sin(x[j] * y[i]) + 1.0
        for j in range(i - 2, m - 4, -1):
            s = s * math.sin(x[j] * y[i]) + 1.0
    return s


@case(X, 2.0 - X)
def kept_in_a_band(x, y):
    s = 1.0
    for i in range(1, len(x) - 2):
        for j in range(i - 1, i + 2):
            s = s * math.sin(x[j] * y[i]) + 1.0
        for j in range(i + 1, i - 2, -1):
            s = s * math.sin(x[j] * y[i]) + 1.0
    return s


@case(X, 0.7)
@case(X, -1.0)
def sign_by_the_iteration(v, start):
    sign = start
    total = 0.3
    for i in range(len(v)):
        total += sign * v[i] * v[i] * total + v[i]
        sign = -sign
    return total * sign


@case(X, 0)
@case(X, 2)
def sign_counted_from_a_start(v, first):
    sign = -2.0
    total = 1.0
    for i in range(first, len(v)):
        total = total * (1.0 + sign * v[i])
        sign *= -1.0
    for i in range(len(v) - 1, first, -1):
        total = total + math.sin(sign * v[i] * total)
        sign = -1 * sign
    return total * sign


@case(X)
def integer_sign(v):
    total = 0.5
    for i in range(len(v)):
        sign = 1
        for j in range(i, len(v)):
            total += sign * v[i] * v[j] * math.cos(total)
            sign *= -1
        total = total * sign
    return total


@case(X)
def sign_turned_sometimes_or_twice(v):
    a = 1.0
    b = 1.0
    total = 0.3
    for i in range(len(v)):
        total += a * b * v[i] * total
        if v[i] > 0.5:
            a = -a
        b = -b
        total = total * (1.0 + b * v[i])
        b = -b
    return total


@case(X)
def sign_of_a_loop_left_early(v):
    sign = 1.0
    total = 0.3
    for i in range(len(v)):
        total += sign * v[i] * total
        sign = -sign
        if total > 0.8:
            break
        total += sign * v[i]
    return total * sign


@case(0.7, 5)
@case(0.7, 0)
def sign_of_a_value_that_moves(x, n):
    y = x * x
    total = 1.0
    for _ in range(n):
        total += math.sin(y * total)
        y = -y
    return total * y


@case(X)
def sign_of_two_loops_and_an_index_assigned_again(v):
    sign = 1.0
    total = 0.3
    for i in range(2):
        for j in range(len(v)):
            total += math.sin(sign * v[j] * total)
            sign = -sign
            j = i + j
            total = total * (1.0 + 0.1 * j)
    return total


@case(X[:2], M)
def in_a_nest_of_six(x, a):
    """What is kept of each iteration here weighs more than all that is in one piece elsewhere."""
    t = 0.0
    for i in range(2):
        for _ in range(2):
            for _ in range(i, 2):
                for _ in range(i):
                    t += np.mean(np.tanh(a))
                    a[i, :2] += np.tanh(x)
    return t


@case(np.linspace(-1.0, 1.0, 32).reshape(2, 1, 4, 4), np.linspace(-0.5, 0.7, 16).reshape(2, 2, 2, 2)[:, :1])
def convolutions_of_a_batch(images, filters):
    loss = 0.0
    for n in range(images.shape[0]):
        for o in range(filters.shape[0]):
            for i in range(images.shape[2] - 1):
                for j in range(images.shape[3] - 1):
                    for c in range(filters.shape[1]):
                        for a in range(2):
                            for b in range(2):
                                loss = np.tanh(loss + images[n, c, i + a, j + b] * filters[o, c, a, b])
    return loss
