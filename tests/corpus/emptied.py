"""Lists made empty again, and questions whether they are empty."""

import numpy as np

from . import into

CASES = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4, 0.9])


@case(V)
def batches(x):
    pend = []
    s = 0.0
    for i in range(len(x)):
        pend.append(x[i])
        if len(pend) == 2:
            s += sum(pend) ** 2
            pend = []
    if pend:
        s += pend[0] * x[0]
        pend = []
    return s


def chunks(x, n):
    out = []
    cur = list()
    for v in x:
        cur.append(v)
        if len(cur) == n:
            out.append(cur)
            cur = list()
    if cur:
        out.append(cur)
    return out


@case(V)
def in_a_helper(x):
    s = 0.0
    for c in chunks(x, 2):
        s += sum(c) ** 2
    return s


@case(V)
def several(x):
    pairs, values, arrays = [], [], []
    s = 0.0
    for i in range(len(x)):
        pairs.append((x[i], i))
        values.append(x[i])
        arrays.append(x * x[i])
        if len(pairs) > 1:
            for a, k in pairs:
                s += a * values[-1] * k
            s += arrays[0] @ arrays[1]
            pairs, values, arrays = [], [], []
    return s + len(pairs) * values[0]


@case(V)
def on_some_paths(x):
    a = [x[0]]
    s = 0.0
    for i in range(1, len(x)):
        if x[i] < 0.0:
            a = []
        a.append(x[i] * a[-1] if a else x[i])
        if i % 2 == 0:
            t = []
        elif i > 2:
            t.append(a[-1] * x[i])
            s += sum(t)
    return s + sum(a) * a[-1]


@case(V)
def another_name_keeps_it(x):
    a = []
    b = a
    for v in x:
        b.append(v * v)
        if len(a) == 2:
            a = []
        a.append(v)
    return sum(b) * b[0] + a[0] * a[-1] * len(a)


@case(V)
def of_lists(x):
    rows = [[] for _ in range(2)]
    s = 0.0
    for i in range(len(x)):
        rows[i % 2].append(x[i] ** 2)
        if i == 2:
            for r in rows:
                s += sum(r) * (s + 1.0)
            rows = [[] for _ in range(2)]
    return s + sum(rows[1]) * x[0]


@case(V)
def asked(x):
    a, rows = [], [[] for _ in range(3)]
    s = 0.0
    for i, v in enumerate(x):
        if a:
            s += a[-1] * v
        else:
            s += 3.0 * v * v
        if a and a[-1] > 0.0:
            s += a[0] * v
        elif v < 0.0 or not a:
            s -= v * v
        s += (2.0 if a else 5.0) * v
        if rows[i % 2]:
            s += rows[i % 2][-1] * x[0]
        elif not rows[2]:
            s += v
        rows[i % 2].append(v * v)
        a.append(v)
    while a and s < 100.0:
        v = a.pop()
        s += v * v * (2.0 if a else 3.0)
        if len(a) == 3:
            a.append(s * x[3])
    return s
