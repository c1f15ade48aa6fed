"""Heaps, sorted places, deques, copies."""

import bisect
import copy
import heapq
from collections import deque

import numpy as np

from . import into

CASES = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4, 0.85])
ROADS = [[(1, 0), (2, 1)], [(3, 2)], [(1, 3), (3, 4)], [(4, 5)], []]
NEAR = [[1, 2], [3], [3, 4], [], []]


@case(np.array([1.0, 2.5, 0.7, 1.2, 3.1, 0.4]))
def shortest_path(w):
    d = np.full(5, 1e9)
    d[0] = 0.0
    heap = [(0.0, 0)]
    while heap:
        c, u = heapq.heappop(heap)
        if c > d[u]:
            continue
        for v, e in ROADS[u]:
            n = c + w[e] ** 2
            if n < d[v]:
                d[v] = n
                heapq.heappush(heap, (n, v))
    return d[4] * d[3] + d[1]


@case(V)
def heap_of_numbers(x):
    heap = []
    for v in x:
        heapq.heappush(heap, v * v)
    s = heapq.heappop(heap) * 2.0
    other = [v * 1.0 for v in x]
    heapq.heapify(other)
    s += heapq.heappushpop(other, x[0] * x[1]) * heapq.heapreplace(other, x[2] * x[3])
    return s * heap[0] * other[0] * other[-1]


@case(V)
def least_and_greatest(x):
    low, high = heapq.nsmallest(2, x), heapq.nlargest(2, x, key=abs)
    return low[0] * low[1] ** 2 + high[0] * high[1]


@case(np.array([0.1, 0.5, 0.9, 1.5]), V)
def places(grid, x):
    s = 0.0
    for v in x:
        i = bisect.bisect(grid, v)
        if 0 < i < len(grid):
            s += grid[i] * v + bisect.bisect_left(grid, v)
    ordered = [0.0, 0.5, 1.0]
    k = bisect.bisect_right(ordered, x[0])
    bisect.insort(ordered, x[4])
    bisect.insort_left(ordered, x[3])
    return s * ordered[k] * ordered[1] + ordered[3] * ordered[2]


@case(V)
def both_ends(x):
    q = deque()
    q.append(x[0])
    q.append(x[1])
    q.appendleft(x[2])
    a, b = q.popleft(), q.pop()
    r = deque([x[3], x[4]])
    r.extend([x[0], x[1]])
    r.extendleft([x[2] * x[2], 2.0])
    r.rotate(2)
    s = 0.0
    for v in r:
        s = s * 0.5 + v
    while q:
        s += q.popleft() * a
    return s * b * len(r) * r[0] * r[-1]


@case(V)
def breadth_first(x):
    q = deque([0])
    seen = np.zeros(5, np.bool_)
    seen[0] = True
    s, k = 0.0, 1
    while q:
        i = q.popleft()
        s += x[i] ** 2 * k
        k += 1
        for j in NEAR[i]:
            if not seen[j]:
                seen[j] = True
                q.append(j)
    return s


@case(V)
def copies(x):
    y, z = copy.copy(x), copy.deepcopy(x)
    y[0] = 3.0 * x[1]
    z[1] *= 2.0
    a = [x[0], x[1]]
    b, c = copy.copy(a), copy.deepcopy(a)
    b.append(x[2])
    c[0] = x[3]
    rows = [[x[0]], [x[1], x[2]]]
    same = copy.copy(rows)
    same[1][0] *= 2.0
    return (x * y * z).sum() + sum(a) * sum(b) + c[0] * c[1] * rows[1][0]
