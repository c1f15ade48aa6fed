"""Lists made empty in lists, and filled by index: groups, histograms of values, neighbours."""

import math

import numpy as np

from . import into

CASES = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4])


@case(V, 3)
def groups(v, n):
    found = [[] for _ in range(n)]
    for i in range(len(v)):
        found[i % n].append(v[i] * v[0])
    s = 0.0
    for k in range(n):
        for x in found[k]:
            s += x * x * (k + 1)
        s *= 1.0 + len(found[k])
    return s


@case(V, 3)
def made_by_append(v, n):
    found = []
    for _ in range(n):
        found.append([])
    for x in v:
        found[int(abs(x) * 9.7) % n].append(x)
    s = 0.0
    for group in found:
        if group:
            s += group[0] * group[-1] * len(group)
    return s + max(sum(group) for group in found if group)


@case(V, 3)
def one_list_many_times(v, n):
    found = [[]] * n
    for x in v:
        found[0].append(x * x)
    pair = [[], [v[2]]]
    pair[0].append(v[1])
    rows = [[1.0]] * n
    rows[n - 1].append(v[1] * v[3])
    pair[1][0] += sum(x * x for row in rows for x in row)
    return sum(sum(group) for group in found) * v[1] + pair[0][0] * pair[1][0]


@case(V, 4)
def neighbours(v, n):
    graph = [[] for _ in range(n)]
    for i in range(n):
        for j in range(n):
            if (i * j + i) % 3 == 1:
                graph[i].append(j)
                graph[j].append(i)
    x = v.copy()
    for _ in range(3):
        y = x.copy()
        for i in range(n):
            for j in graph[i]:
                y[i] += 0.3 * math.sin(x[j])
            if len(graph[i]) > 1:
                y[i] /= len(graph[i])
        x = y
    return np.sum(x * x)


@case(V)
def other_names(v):
    b = [[] for _ in range(3)]
    a = b[1]
    a.append(v[0])
    b[1].append(v[1] * a[0])
    b[0] = b[1]
    b[0].append(v[2] * b[1][-1])
    c = b[0]
    c[0] *= 2.0
    for i in range(1, 3):
        b[i].append(b[i - 1][-1] * v[1])
    s = 0.0
    for row in b:
        for x in row:
            s += x * x
    return s


@case(V, 2)
def lists_in_lists_in_lists(v, n):
    cells = [[[] for _ in range(2)] for _ in range(n)]
    for i in range(n):
        for k, x in enumerate(v):
            cells[i][k % 2].append(x * v[i])
    s = 0.0
    for i in range(n):
        for j in range(2):
            for x in cells[i][j]:
                if x > 3.0:
                    break
                s += x * x * (i + j + 1)
    return s


@case(V)
@case(-V)
def in_a_branch(v):
    if v[0] > 0.0:
        b = [[] for _ in range(2)]
        b[0].append(v[1])
        b[0].append(1)
    else:
        b = [[v[2]] for _ in range(2)]
    b[1].append(v[3] * v[3])
    s = 0.0
    for row in b:
        for x in row:
            s += x * x
    return s


@case(V)
def taken_off_and_sorted(v):
    b = [[] for _ in range(2)]
    for i in range(len(v)):
        b[i % 2].append(v[i] * v[i])
    for row in b:
        row.sort()
    s = b[0][0] * 2.0 - b[1][-1]
    while b[0]:
        x = b[0].pop()
        s = math.sin(s + x * v[0])
        if x > 2.0 and len(b[1]) < 5:
            b[1].append(x * s)
    return s + sum(b[1]) * b[1][-1]


@case(V)
def of_arrays(v):
    b = [[] for _ in range(2)]
    for i in range(4):
        b[i % 2].append(v * v[i])
    s = b[0][0] @ b[1][0]
    for row in b:
        for a in row:
            s += a[0] * a[1]
    return s


def _filled(out, v, i):
    if i < len(v):
        out[i % 2].append(v[i] * v[0])
        _filled(out, v, i + 1)
    return len(out)


@case(V)
def filled_by_recursion(v):
    out, flat = [[], []], []

    def add(i):
        if i > 0:
            flat.append(v[i])
            add(i - 1)
        return i

    n = _filled(out, v, 0) + add(3)
    return n * sum(flat) * out[0][-1] * out[1][-1]


@case(V, 4)
def weighted_neighbours(v, n):
    graph = [[] for _ in range(n)]
    for i in range(n - 1):
        graph[i].append((i + 1, v[i] ** 2))
        graph[i].append(((i + 2) % n, abs(v[i])))
    distance = [1e9] * n
    distance[0] = 0.0
    todo = [(0.0, 0)]
    while todo:
        todo.sort()
        d, i = todo.pop(0)
        if d > distance[i]:
            continue
        for j, w in graph[i]:
            if d + w < distance[j]:
                distance[j] = d + w
                todo.append((d + w, j))
    return distance[n - 1] * distance[1]


@case(V)
def tuples_in_lists_in_lists(v):
    t = [[(v[0], 1), (v[1], 2)], [(v[2], 3)], []]
    t[2].append((v[3] * v[0], 1))
    t.append([(v[1], 5)])
    t[0] = t[1]
    t[0].append((v[1], 4))
    row = t[1]
    row[0] = (row[0][0] * 2.0, 7)
    a, k = t[1][-1]
    s = a * k
    for r in t:
        for x, c in r:
            s += x * x * c
        s += len(r)
    last = t.pop()
    many = [[(0.0, 0)] * 0] * 3
    many[0].append((v[0], 1))
    many[1].append((v[1], 2))
    for r in many:
        for x, c in r:
            s += x * x * c
    return s + last[0][0] * len(t) * max(many[2])[0] + sorted(many[1], key=lambda p: -p[0])[0][0]


@case(V, 2)
def tuples_three_deep(v, n):
    cells = [[[] for _ in range(2)] for _ in range(n)]
    for i in range(n):
        cells[i][i % 2].append((v[i], (v[0] * i, 2)))
        cells[i][0].append((v[1] * v[i], (v[2], i)))
    s = 0.0
    for rows in cells:
        for row in rows:
            for x, (y, k) in row:
                s += x * y * k
            if row:
                s *= row[0][0]
    first = cells[1].copy()
    turned = [row[::-1] for row in cells[0]]
    return s + first[0][0][1][0] * turned[0][0][0]


def _linked(graph, v, i):
    if i < len(v):
        graph[i % 2].append((i, v[i] * v[0]))
        return _linked(graph, v, i + 1)
    return 0


@case(V)
def tuples_from_recursion(v):
    graph = [[], []]
    _linked(graph, v, 0)

    def walk(i):
        if i >= len(graph[0]):
            return 0.0
        j, w = graph[0][i]
        graph[1].append((j, w * 2.0))
        return w * j + walk(i + 1) * v[1]

    s = walk(0)
    for row in graph:
        for i, w in row:
            s += w * w * v[i]
    return s * graph[1][-1][1]
