"""Python's lists, in the language itself as the functions of `library.py` are: methods, `sorted`, `max` and `min`.

    lst.sort(key=f)      ->      order = the indices of [f(v) for v in lst] in order;  held = lst.copy()
                                 for k in range(len(lst)):  lst[k] = held[order[k]]
    lst.insert(0, v)     ->      lst.append(v);  for k in range(len(lst) - 1, 0, -1):  lst[k] = lst[k - 1];  lst[0] = v

What holds items of any kind is compared as Python compares these: tuples item by item.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from srcad.parse.library import merged
from srcad.parse.ordered import sort


def order_of_items(a, reverse):
    """The indices of the items in order; equals stay in place, in the reverse order too."""
    if reverse:
        return merged(a, lambda one, two: not one < two)
    return merged(a, lambda one, two: not two < one)


def order_by(a, key, reverse):
    if key is None:
        return order_of_items(a, reverse)
    return order_of_items([key(v) for v in a], reverse)


def in_order(values, *, key=None, reverse=False):
    """`sorted(values)`: a list."""
    items = [v for v in values]  # noqa: C416
    order = order_by(items, key, reverse)
    return [items[k] for k in order]


def largest(values, *, key=None, default=None):
    if default is not None and len(values) == 0:
        return default
    if key is None:
        return max(values)
    return first_of(values, key, lambda new, old: new > old)


def smallest(values, *, key=None, default=None):
    if default is not None and len(values) == 0:
        return default
    if key is None:
        return min(values)
    return first_of(values, key, lambda new, old: new < old)


def first_of(values, key, better):
    """The first of those whose key no other one's is better than."""
    if len(values) == 0:
        raise ValueError("max or min of nothing has no value")
    best, top = values[0], key(values[0])
    for v in values:
        now = key(v)
        if better(now, top):
            best, top = v, now
    return best


# ---------------------------------------------------------------------------------------------- methods


def check_list(a):
    if not isinstance(a, list):
        raise NotImplementedError("only a list has this method", "a list, or a function of NumPy", "srcad")


def sort_in_place(a, axis=-1, *, key=None, reverse=False):
    """`a.sort()`, of a list or of an array: each item has the derivative of the one that it was."""
    if isinstance(a, list):
        order, held = order_by(a, key, reverse), a.copy()
        for k in range(len(a)):
            a[k] = held[order[k]]
    elif key is None and reverse is False:
        ordered = sort(a, axis)
        for k in range(len(a)):
            a[k] = ordered[k]
    else:
        raise NotImplementedError("an array is sorted without key= and reverse=", "x[np.argsort(keys)]", "srcad")


def reverse_in_place(a):
    check_list(a)
    n = len(a)
    for k in range(n // 2):
        a[k], a[n - 1 - k] = a[n - 1 - k], a[k]


def extend(a, items):
    check_list(a)
    if isinstance(items, list):
        a += items
    else:
        for v in items:
            a.append(v)


def insert(a, i, v):
    check_list(a)
    n = len(a)
    at = max(i + n, 0) if i < 0 else min(i, n)
    a.append(v)
    for k in range(n, at, -1):
        a[k] = a[k - 1]
    a[at] = v


def place(a, i, beyond):
    """Where the item `i` of the list `a` is, counted from the start; there has to be one."""
    check_list(a)
    n = len(a)
    at = i + n if i < 0 else i
    if at < 0 or at >= n:
        raise IndexError(beyond)
    return at


def taken_at(a, i):
    """`a.pop(i)`"""
    at = place(a, i, "pop index out of range")
    v = a[at]
    drop(a, at)
    return v


def delete(a, i):
    """`del a[i]`"""
    drop(a, place(a, i, "list assignment index out of range"))


def drop(a, at):
    for k in range(at, len(a) - 1):
        a[k] = a[k + 1]
    a.pop()


def clear(a):
    check_list(a)
    while len(a) > 0:
        a.pop()


def index(a, value):
    check_list(a)
    for k in range(len(a)):
        if a[k] == value:
            return k
    raise ValueError("the value is not in the list")


def count(a, value):
    check_list(a)
    n = 0
    for v in a:
        if v == value:
            n += 1
    return n


def contains(a, value):
    return any(v == value for v in a)


def copied(a):
    return [v for v in a]  # noqa: C416


def remove(a, value):
    drop(a, index(a, value))


READING: dict[str, Callable[..., Any]] = {"index": index, "count": count, "copy": copied}  # which change nothing
METHODS: dict[str, Callable[..., Any]] = {
    "sort": sort_in_place, "reverse": reverse_in_place, "extend": extend, "insert": insert, "remove": remove,
    "clear": clear, "index": index, "count": count,
}  # fmt: skip
