"""Lists of lists, lists of several names, and lists and arrays that recursive functions put where another may be."""

import math

import numpy as np

from . import into

CASES = []
case = into(CASES)

V = np.array([0.7, -0.4, 0.9])
X = np.array([0.3, -0.7, 1.1, 0.6])


@case(X)
def triangle(x):
    table = []
    for i in range(len(x)):
        row = []
        for j in range(i + 1):
            row.append(x[j] * x[i])
        table.append(row)
    s = 0.0
    for row in table:
        s += row[0] * row[len(row) - 1]
    return s


@case(V)
def jagged(x):
    t = [[x[0]], [x[1], x[2]], [x[2]]]
    t[2].append(x[0] * t[1][0])
    t[0] = t[1]
    t[0][1] = t[2][0] * 2.0
    t[1].append(x[2])
    t[2] += t[1]
    s = 0.0
    for r in t:
        for v in r:
            s += v * v * x[0]
    return s


@case(X)
def buckets(x):
    n = len(x)
    found = [[x[k]] for k in range(n)]
    for i in range(n):
        for j in range(n):
            if (i + j) % 2 == 1:
                found[j].append(x[i] * 0.5)
    s = 0.0
    for _ in range(3):
        for i in range(n):
            if len(found[i]) > 0:
                w = found[i].pop()
                s = math.sin(s + w * x[i])
                found[(i + 1) % n].append(s * w)
    return s


@case(X)
def neighbours(x):
    graph = [[1, 2], [0], [0, 1], [2]]
    s = 0.0
    for i in range(len(x)):
        for j in graph[i]:
            s += x[i] * x[j] * x[graph[j][-1]]
    return s


@case(V)
def three_deep(x):
    c = [[[x[0]], [x[1]]], [[x[2] * x[0]]]]
    c[0][1].append(x[1] * c[1][0][0])
    c.append(c[0])
    c[2][0][0] *= x[2]
    s = 0.0
    for p in c:
        for q in p:
            for r in q:
                s += r * r * r
    return s


@case(V)
def rows_change_places(x):
    t = [[x[0], x[1]], [x[2]], [x[1] * x[2], x[0]]]
    for k in range(4):
        t[0], t[k % 3] = t[k % 3], t[0]
        t[0][0] *= math.cos(t[2][0])
        if k % 2 == 0:
            t[1].append(t[0][-1] * x[k % 3])
    last = t.pop()
    last[0] *= t[0][0]
    return sum(last) * t[1][-1] + len(t[0])


@case(X, 2)
@case(X, 9)
def left_early(x, n):
    paths = [[x[0]]]
    s = 0.0
    for k in range(n):
        path = paths[-1].copy()
        path.append(path[-1] * x[k % 4] + 0.1)
        if len(path) > 4:
            s += path[0]
            break
        if path[-1] > 5.0:
            return path[-1]
        paths.append(path)
        paths[0][0] += path[len(path) // 2]
    while len(paths) > 1:
        path = paths.pop()
        s += path.pop() * path[0]
    return s * paths[0][0]


@case(V)
def of_arrays(x):
    levels = [[x * 1.0], [x * x, x + 0.5]]
    for k in range(3):
        made = []
        for a in levels[-1]:
            made.append(a * a[k])
        levels.append(made)
        levels[0].append(made[0])
    made = levels[0]
    made[-1][0] *= levels[1][1][2]
    s = 0.0
    for level in levels:
        for a in level:
            s += a[0] * a[1] + a[2]
    return s


@case(V)
def rows_in_branches(x):
    if x[0] > 0.2:
        v = [x[0], x[1]]
    else:
        v = [x[2]]
    w = v
    w.append(x[1] * v[0])
    t = 0.0
    while len(v) > 1:
        t = t * 0.5 + v.pop() * w[0]
    return t * v[0]


@case(2.0)
def two_names(x):
    s = [x, x * x]
    same = s
    t = same.pop()
    same.append(t * s[0])
    return t * t + s[-1] * s[0]


@case(V)
def made_anew_and_kept(x):
    t = 1.0
    kept = [[1.0]]
    for i in range(len(x)):
        row = []
        for j in range(i + 1):
            row.append(x[j] * x[i] * t)
        if i % 2 == 0:
            kept.append(row)
        for _ in range(i):
            t = t * 0.7 + row.pop() * math.cos(t)
        kept[0] = row
    for row in kept:
        for v in row:
            t += v * v
    return t


def _columns(rows, k):
    s = 0.0
    for row in rows:
        if k < len(row):
            s += row[k] * row[0]
    rows[k % len(rows)].append(s)
    return s


@case(V)
def given_to_a_helper(x):
    rows = [[x[0]], [x[1], x[0]], [x[2], x[1], x[2]]]
    return _columns(rows, 1) * _columns(rows, 2) + rows[1][-1]


# ---------------------------------------------------------------------------------------------- recursion


def _summed(rest, s, n):
    if n == 0:
        return s
    rest.append(s * n)
    return _summed(rest, s + rest[0], n - 1) * rest[-1]


@case(0.5)
def looked_into(x):
    return _summed([x], x, 3)


def _pushed(x, n, kept):
    if n == 0:
        return x
    kept.append(x)
    return _pushed(x * 0.5, n - 1, kept) * kept.pop()


@case(1.3)
def left_while_in_use(x):
    s = x
    for n in range(4):
        kept = [s]
        if s > 5.0:
            break
        s += _pushed(s, n, kept)
    return s


@case(1.3)
def left_after_its_use(x):
    s = x
    for n in range(4):
        kept = [s]
        s += _pushed(s, n, kept)
        if s > 5.0:
            break
        s = s * 1.1
    return s


def _rows(x, n):
    rows = [x, x * 2.0]
    r = rows[n % 2]
    if n == 0:
        return r[0] * r[1]
    return _rows(r * 0.9, n - 1) * rows[1][0] + r[1]


@case(V)
def an_argument_in_a_local_list(x):
    return _rows(x, 3)


def _chosen(x, y, n):
    z = x
    if n % 2 == 0:
        z = y
    z[0] = z[0] * x[1]
    if n == 0:
        return z
    return _chosen(z, x * 0.5, n - 1)


@case(V)
def one_of_two_arguments(x):
    y = x * 2.0
    z = _chosen(x, y, 3)
    return z[0] * y[0] + x[0] * z[2]


def _arranged(x, chosen, used):
    if len(chosen) == len(x):
        p = 1.0 + x[1]
        for i in range(len(chosen)):
            p *= chosen[i] + i * 0.1
        return p
    s = 0.0
    for i in range(len(x)):
        if not used[i]:
            used[i] = True
            chosen.append(x[i])
            s += _arranged(x, chosen, used) * x[i]
            chosen.pop()
            used[i] = False
    return s


@case(V)
def backtracking(x):
    return _arranged(x, [x[0]], [False for _ in range(len(x))])


def _powers(x, n):
    if n == 0:
        return [x, x * x]
    r = _powers(x * 0.9, n - 1)
    r.append(r[-1] * x)
    return r


@case(0.8)
def a_list_is_returned(x):
    s = 0.0
    for v in _powers(x, 3):
        s = s * x + v * v
    return s


def _visited(tree, values, i):
    s = values[i] * values[i]
    for j in tree[i]:
        s += _visited(tree, values, j) * values[j]
        values[j] *= s
    return s


@case(X)
def tree(x):
    values = [v * 0.5 for v in x]
    s = _visited([[1, 2], [3], [1], [0][:0]], values, 0)
    return s * values[3] + values[1]


def _grown(levels, n):
    below = levels[-1]
    row = [below[0] * 0.5]
    for k in range(len(below)):
        row.append(below[k] * row[k])
    levels.append(row)
    if n == 0:
        return row
    top = _grown(levels, n - 1)
    below[0] *= top[-1]
    return levels[n]


@case(0.9)
def levels(x):
    found = [[x, x * x]]
    row = _grown(found, 2)
    row[0] = row[1] * x
    s = 0.0
    for level in found:
        s += level[0] * level[-1]
    return s


@case(V)
def there_on_one_path(x):
    rows = [[x[0]], [x[1] * x[0]]]
    s = 0.0
    for k in range(4):
        if k % 2 == 1:
            row = rows[k % len(rows)]
            row.append(s * x[k % 3] + 0.5)
        s += x[1] * s
        if k % 2 == 1:
            s += row.pop() * row[0]
            rows.append([s])
    return s


def _replaced(x, n):
    other = [x * x, x]
    if n % 2 == 0:
        a = other
    else:
        a = [x + 1.0, x]
    if n > 1:
        a = [x * 0.5]
        a.append(x * x * x)
    s = a[0] * a[-1] + other[1]
    return s * _replaced(x * 0.9, n - 1) if n > 0 else s


@case(0.7)
def made_in_one_branch_after_another(x):
    return _replaced(x, 3)
