"""Lists that are sorted, reversed and changed in their midst; `max` and `min` by keys, and of tuples."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.3, -0.7, 1.1, 0.6])
M = np.array([[0.5, 2.0, -1.0], [1.5, -0.5, 0.25]])


def _weighed(items):
    s = 0.0
    for k, v in enumerate(items):
        s = 0.5 * s + (k + 1.0) * v * v
    return s


@case(V)
def sorted_in_place(v):
    a = [x * x for x in v]
    b = a
    a.sort()
    first = b[0] * b[1]
    b.sort(reverse=True)
    return first + _weighed(a)


@case(V)
def sorted_by_a_key(v):
    a = [x * v[0] for x in v]
    a.sort(key=lambda x: -x)
    b = sorted(v, key=abs, reverse=True)
    c = sorted(range(len(v)), key=lambda i: v[i])
    return _weighed(a) + b[0] * b[1] * v[c[0]] * v[c[-1]]


@case(V)
def sorted_in_a_loop(v):
    a = []
    s = 0.0
    for x in v:
        a.append(x * x + v[0])
        a.sort()
        s += a[0] * a[-1] * len(a)
    return s


@case(V)
def reversed_in_place(v):
    a = [x * x for x in v]
    a.reverse()
    a[0] = a[0] * a[1]
    a.reverse()
    return _weighed(a)


@case(V)
def queue(v):
    todo = [v[0], v[1] * v[0]]
    s = 0.0
    while len(todo) > 0:
        x = todo.pop(0)
        s = s * 0.9 + x
        if len(todo) < 3 and abs(x) > 0.1:
            todo.insert(1, 0.5 * x)
            todo.extend([0.3 * x * x])
    return s


@case(V)
def changed_in_their_midst(v):
    a = [v[0]]
    a.extend(v)
    a.extend([x * x for x in v])
    a.insert(0, v[1] * v[2])
    a.insert(-1, v[3] * v[2])
    a.insert(99, v[0] * v[0])
    del a[1]
    del a[-2]
    s = a.pop(2) * a.pop(-3)
    b = a.copy()
    b.clear()
    b.append(v[1] * v[1])
    return s * b[0] + _weighed(a)


@case(V)
def looked_up(v):
    ids = [3, 1, 2, 1]
    ids.remove(1)
    return v[ids.index(1)] * v[ids.count(1)] * v[ids[0]]


@case(V)
def tuples_in_order(v):
    pairs = [(x * x, k % 2, v[0] * x) for k, x in enumerate(v)]
    s = 0.0
    for k, (a, b, c) in enumerate(sorted(pairs, reverse=True)):
        s += (k + 1) * a * (b + 1) * c
    pairs.sort(key=lambda p: (p[1], -p[0]))
    x, _, y = pairs[0]
    pairs.reverse()
    return s + x * y * pairs[0][0]


@case(V)
def greatest_of_tuples(v):
    pairs = [(1, v[0]), (2, v[1] * v[1]), (2, v[2])]
    k, x = max(pairs)
    j, y = min(pairs)
    best, i = max((x * v[0], i) for i, x in enumerate(v))
    low = min((v[0], 1.0), (v[1], v[2] * v[2]))
    return k * x * x + j * y + best * v[i] + low[0] * low[1]


@case(V, M)
def by_a_key(v, m):
    far = max(v, key=lambda x: (x - 0.5) ** 2)
    near = min([x * x for x in v], key=lambda x: abs(x - 0.3))
    where = min(range(len(v)), key=lambda i: v[i])
    row = max(m, key=lambda r: r[1])
    pair = min(zip(v, v * v, strict=True), key=lambda p: p[1])
    return far * near * v[where] + row[0] * row[2] + max(v[0], v[1], v[3], key=abs) * pair[0] * pair[1]


@case(V)
def with_a_default(v):
    none = max([x for x in v if x > 9.0], default=v[0] * v[0])
    some = min((x * x for x in v if x > 0.0), default=0.0)
    return none * some + max(x * v[1] for x in v)


def _by(v, key=None):
    if key is None:
        return v[0]
    return key(v[0]) * v[1]


@case(V)
def a_function_that_may_be_left_out(v):
    return _by(v) + _by(v, lambda x: x * x) + _by(v, key=abs)


def _ranked(v, n):
    if n == 0:
        return [v[0]]
    rest = _ranked(v, n - 1)
    rest.append(v[n] * v[n])
    rest.sort(reverse=True)
    return rest


@case(V)
def sorted_by_a_recursive_function(v):
    return _weighed(_ranked(v, 3))


@case(V)
def added_to_what_was_none(v):
    total = None
    longest = None
    for x in v:
        step = x * v
        if total is None:
            total = step
        else:
            total += step
        if longest is None or x > 0.5:
            longest = x
        longest *= 1.5
    return _weighed(total) * longest


@case(V)
def changed_by_another_name(v):
    m = v.copy()
    w = None
    for k, x in enumerate(v):
        if k == 1:
            w = m
        if w is not None:
            w += x
            m[0] += w[1] * m[2]
    return m[0] * m[1]
