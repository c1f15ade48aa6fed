"""`map`, `filter`, `functools.reduce` and `itertools`, in the language itself as the functions of `library.py` are.

    for i, j in itertools.combinations(range(n), 2):      ->      pairs = [(i, j) for i in ... for j in ...]
        s += x[i] * x[j]                                          for i, j in pairs:  s += x[i] * x[j]

What Python makes an item at a time is a list here. Tuples of more than three items, and what never ends, can't be read.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Callable
from typing import Any


def mapped(function, items, second=None, third=None):
    if third is not None:
        return [function(u, v, w) for u, v, w in zip(items, second, third)]  # noqa: B905
    if second is not None:
        return [function(u, v) for u, v in zip(items, second)]  # noqa: B905
    return [function(v) for v in items]


def filtered(function, items):
    if function is None:
        return [v for v in items if v]
    return [v for v in items if function(v)]


def reduce(function, items, initial=None):
    if initial is not None:
        total = initial
        for v in items:
            total = function(total, v)
        return total
    if len(items) == 0:
        raise TypeError("reduce() of empty iterable with no initial value")
    first = items[0]
    for k in range(1, len(items)):
        first = function(first, items[k])
    return first


# ---------------------------------------------------------------------------------------------- itertools


def accumulate(items, function=None, *, initial=None):
    made = []
    if initial is not None:
        total = initial
        made.append(total)
        for v in items:
            total = total + v if function is None else function(total, v)
            made.append(total)
        return made
    if len(items) == 0:
        return made
    first = items[0]
    made.append(first)
    for k in range(1, len(items)):
        first = first + items[k] if function is None else function(first, items[k])
        made.append(first)
    return made


def chain(items, second=None, third=None):
    made = [v for v in items]  # noqa: C416
    if second is not None:
        for v in second:
            made.append(v)
    if third is not None:
        for v in third:
            made.append(v)
    return made


def combinations(items, r):
    n = len(items)
    if r == 2:
        return [(items[i], items[j]) for i in range(n) for j in range(i + 1, n)]
    if r == 3:
        return [
            (items[i], items[j], items[k]) for i in range(n) for j in range(i + 1, n) for k in range(j + 1, n)
        ]
    raise NotImplementedError("combinations of so many items can't be read", "loops in each other", "srcad")


def combinations_with_replacement(items, r):
    n = len(items)
    if r == 2:
        return [(items[i], items[j]) for i in range(n) for j in range(i, n)]
    if r == 3:
        return [(items[i], items[j], items[k]) for i in range(n) for j in range(i, n) for k in range(j, n)]
    raise NotImplementedError("combinations of so many items can't be read", "loops in each other", "srcad")


def permutations(items, r=None):
    n = len(items)
    if r == 2:
        return [(items[i], items[j]) for i in range(n) for j in range(n) if i != j]
    if r == 3:
        return [
            (items[i], items[j], items[k])
            for i in range(n)
            for j in range(n)
            if i != j
            for k in range(n)
            if i != k and j != k
        ]
    raise NotImplementedError("permutations of so many items can't be read", "permutations(x, 2), or (x, 3)", "srcad")


def product(items, second=None, third=None, *, repeat=1):
    if repeat == 1:
        if third is not None:
            return [(u, v, w) for u in items for v in second for w in third]
        if second is not None:
            return [(u, v) for u in items for v in second]
    elif second is None:
        if repeat == 2:
            return [(u, v) for u in items for v in items]
        if repeat == 3:
            return [(u, v, w) for u in items for v in items for w in items]
    raise NotImplementedError("a product of so many sequences can't be read", "loops in each other", "srcad")


def pairwise(items):
    return [(items[k], items[k + 1]) for k in range(len(items) - 1)]


def compress(items, selectors):
    return [v for v, s in zip(items, selectors) if s]  # noqa: B905


def islice(items, start, stop=None, step=1):
    if stop is None:
        return [items[k] for k in range(min(start, len(items)))]
    return [items[k] for k in range(start, min(stop, len(items)), step)]


def takewhile(function, items):
    made = []
    for v in items:
        if not function(v):
            break
        made.append(v)
    return made


def repeat(value, times=None):
    if times is None:
        raise NotImplementedError("what is repeated for ever can't be read", "the value itself", "srcad")
    return [value for _ in range(times)]


def getitem(values, index):
    return values[index]


def starmap(function, items):
    return [function(*v) for v in items]


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    map: mapped, filter: filtered, functools.reduce: reduce,
    itertools.accumulate: accumulate, itertools.chain: chain, itertools.combinations: combinations,
    itertools.combinations_with_replacement: combinations_with_replacement, itertools.compress: compress,
    itertools.islice: islice, itertools.pairwise: pairwise, itertools.permutations: permutations,
    itertools.product: product, itertools.repeat: repeat, itertools.starmap: starmap,
    itertools.takewhile: takewhile, operator.getitem: getitem,
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {}
