"""Arrays that change their names, sizes and aliases in loops and branches."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1])
M = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]) / 3


@case(X, 3)
def array_branch_shapes(x, n):
    s = 0.3
    for i in range(n):
        if i % 2 == 0:
            y = np.zeros(i + 1)
        else:
            y = np.ones(3)
        y[0] = x[i] * s
        for j in range(1, len(y)):
            y[j] = y[j - 1] * x[j] + y[j]
        s = s + y[-1] * y[0]
    return s


@case(X, 4)
def growing(x, n):
    y = x[:1].copy()
    for i in range(n):
        z = np.empty(len(y) + 1)
        for j in range(len(y)):
            z[j] = y[j] * x[i]
        z[len(y)] = y[0] * z[0]
        y = z
    return y.sum() * y[-1]


@case(X, 4)
def shrinking_while(x, n):
    y = x.copy()
    s = 0.2
    while len(y) > 1:
        y = y[1:] * y[:-1]
        s = s * 0.5 + y[0]
        if s > 5.0:
            break
    return s * y[0]


@case(X, 4)
def maybe_array(x, n):
    s = 0.2
    for i in range(n):
        if i == 0:
            y = x * s
        else:
            y[i] = y[i - 1] * s
            if y[i] > 0.5:
                y = y + x
            s = s + y[0]
    return s + y[2]


@case(X, 2)
def arr_of_outer_loop_used_inner(x, n):
    s = 0.2
    for i in range(n):
        w = x * s
        for j in range(3):
            v = w[j:]
            for k in range(len(v)):
                v[k] = v[k] * 1.1 + s
            s = s + v[0] * w[4]
    return s


@case(M)
def mat_rows_swap(m):
    a = m.copy()
    b = np.empty_like(a)
    for k in range(3):
        for i in range(2):
            b[i] = a[1 - i] * (k + 1.0)
        a, b = b, a
        a[0] += b[1]
    return (a * b).sum()


@case(M)
def row_refs_swap(m):
    r = m[0]
    q = m[1]
    for k in range(3):
        r, q = q, r
        r[k] = q[k] * r[k - 1]
    return r[0] * q[1] + m[0, 2] * m[1, 1]


@case(M, 2)
def row_ref_choice(m, n):
    best = m[0]
    for i in range(n):
        if m[i, 0] > best[0]:
            best = m[i]
        best[1] = best[1] * best[0]
    return best[1] * best[2] + m[0, 1]


@case(X, 3)
def ref_from_list_index(x, n):
    bufs = np.zeros((3, 5))
    bufs[0] = x
    s = 0.1
    for i in range(6):
        cur = bufs[i % 3]
        nxt = bufs[(i + 1) % 3]
        for j in range(5):
            nxt[j] = cur[j] * cur[j - 1] * 0.5 + s
        s = s + nxt[i % 5]
    return s * bufs[0, 0] + bufs[2, 1]


@case(X)
def cond_alias_read(x):
    y = x * 2.0
    z = y if x[0] > 0 else x
    s = 0.1
    for i in range(5):
        y[i] = y[i] * s + z[i - 1]
        s = s + z[i] * y[i]
    return s


@case(X)
def cond_alias_write(x):
    y = x * 2.0
    z = y if x[0] > 5 else x
    s = 0.1
    for i in range(5):
        z[i] = z[i] * s + y[i - 1]
        s = s + z[i] * y[i]
    return s + x[1]


@case(X)
def alias_in_loop_only(x):
    y = x * 2.0
    s = 0.1
    for i in range(5):
        z = y
        z[i] = z[i] * s
        z = z[1:]
        z[0] = z[0] + s * z[-1]
        s = s + y[1] * y[i]
    return s


@case(X, 3)
def while_shadow(x, n):
    y = x
    k = 0
    while k < n:
        z = np.zeros(5)
        for i in range(5):
            z[i] = y[i] * y[i - 1]
        if z[k] < 0:
            y = z
        else:
            z[k] = y[k]
            k += 1
            continue
        k += 1
        y[0] = y[0] * 0.5
    return y[0] * y[1] + x[0]


@case(X)
def const_index_in_loop(x):
    s = 0.3
    for i in range(4):
        x[0] = x[0] * x[i] + s
        s = s * x[0] + x[-1]
        x[-1] = x[-1] * x[0]
    return s


@case(X)
def accum_then_scale(x):
    tot = 0.0
    for i in range(5):
        tot += x[i] * x[i]
    for i in range(5):
        x[i] /= tot
        tot = tot * 1.01
    return x[0] * x[1] * tot


@case(X)
def two_loops_same_array(x):
    for i in range(4):
        x[i] = x[i + 1] * x[i]
    s = 0.0
    for i in range(5):
        s += x[i] * s + x[i]
    for i in range(4, 0, -1):
        x[i] = x[i - 1] * x[i]
        s += x[i]
    return s * x[0]


@case(X)
def early_values(x):
    a = x[0] * x[1]
    x[0] = a
    b = x[0] * x[1]
    x[1] = b
    c = x[0] * x[1] * a
    x[0], x[1] = x[1], x[0]
    return a * b * c * x[0] * x[1]
