"""`heapq`, `bisect`, `collections.deque` and `copy`, in the language itself as the functions of `library.py` are.

    heappush(heap, (d, v))      ->      heap.append((d, v)), and the items above it that are greater go down
    queue.popleft()             ->      v = queue[0];  all others one place on;  queue.pop()

A heap and a deque are lists, in the order that Python's are in. The items move with their derivatives; which one is the
smallest has none.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

import bisect
import collections
import copy
import heapq
from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.parse.listed import check_list, in_order, insert, taken_at


def heappush(heap, item):
    check_list(heap)
    heap.append(item)
    rise(heap, 0, len(heap) - 1)


def heappop(heap):
    check_list(heap)
    last = heap.pop()
    if len(heap) == 0:
        return last
    return heapreplace(heap, last)


def heapreplace(heap, item):
    check_list(heap)
    top = heap[0]
    heap[0] = item
    sink(heap, 0)
    return top


def heappushpop(heap, item):
    check_list(heap)
    if len(heap) > 0 and heap[0] < item:
        return heapreplace(heap, item)
    return item


def heapify(heap):
    check_list(heap)
    for k in range(len(heap) // 2 - 1, -1, -1):
        sink(heap, k)


def rise(heap, top, place):
    """The item at `place` goes up as far as it is less than what is above it, to `top` at most."""
    item = heap[place]
    at = place
    while at > top:
        above = heap[(at - 1) // 2]
        if not item < above:
            break
        heap[at] = above
        at = (at - 1) // 2
    heap[at] = item


def sink(heap, place):
    """The item at `place` goes down to a leaf, where the lesser ones are, and up from there."""
    n = len(heap)
    item = heap[place]
    at = place
    while 2 * at + 1 < n:
        below = 2 * at + 1
        if below + 1 < n and not heap[below] < heap[below + 1]:
            below += 1
        heap[at] = heap[below]
        at = below
    heap[at] = item
    rise(heap, place, at)


def nsmallest(n, items, key=None):
    return in_order(items, key=key)[:n]


def nlargest(n, items, key=None):
    return in_order(items, key=key, reverse=True)[:n]


# ---------------------------------------------------------------------------------------------- bisect


def bisect_left(a, x, lo=0, hi=None):
    start = lo
    end = len(a) if hi is None else hi
    while start < end:
        middle = (start + end) // 2
        if a[middle] < x:
            start = middle + 1
        else:
            end = middle
    return start


def bisect_right(a, x, lo=0, hi=None):
    start = lo
    end = len(a) if hi is None else hi
    while start < end:
        middle = (start + end) // 2
        if x < a[middle]:
            end = middle
        else:
            start = middle + 1
    return start


def insort_left(a, x, lo=0, hi=None):
    insert(a, bisect_left(a, x, lo, hi), x)


def insort_right(a, x, lo=0, hi=None):
    insert(a, bisect_right(a, x, lo, hi), x)


# ---------------------------------------------------------------------------------------------- deque


def deque(items=None, maxlen=None):
    if maxlen is not None:
        raise NotImplementedError("a deque of so many items can't be read", "q.popleft() where it is longer", "srcad")
    if items is None:
        return []
    return [v for v in items]  # noqa: C416


def appendleft(a, v):
    insert(a, 0, v)


def popleft(a):
    return taken_at(a, 0)


def extendleft(a, items):
    for v in items:
        insert(a, 0, v)


def rotate(a, n=1):
    check_list(a)
    held, size = a.copy(), len(a)
    for k in range(size):
        a[(k + n) % size] = held[k]


# ---------------------------------------------------------------------------------------------- copies


def shallow(x):
    if isinstance(x, tuple):
        return x
    return x.copy()


def deep(x):
    if isinstance(x, tuple):
        raise NotImplementedError("a deep copy of a tuple can't be read", "a tuple of copies: (a.copy(), b)", "srcad")
    if isinstance(x, list):
        for v in x:
            if isinstance(v, list) or np.ndim(v) != 0:
                raise NotImplementedError("a deep copy of a list of lists or arrays", "[v.copy() for v in a]", "srcad")
        return [v for v in x]  # noqa: C416
    return x.copy()


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    heapq.heappush: heappush, heapq.heappop: heappop, heapq.heapreplace: heapreplace,
    heapq.heappushpop: heappushpop, heapq.heapify: heapify, heapq.nsmallest: nsmallest, heapq.nlargest: nlargest,
    bisect.bisect_left: bisect_left, bisect.bisect_right: bisect_right, bisect.insort_left: insort_left,
    bisect.insort_right: insort_right, collections.deque: deque, copy.copy: shallow, copy.deepcopy: deep,
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {
    "appendleft": appendleft, "popleft": popleft, "extendleft": extendleft, "rotate": rotate,
}  # fmt: skip
