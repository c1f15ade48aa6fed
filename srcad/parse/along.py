"""Reductions along an axis, written in the language itself as the functions of `library.py` are.

    m.max(axis=1)      ->      b = m.reshape((m.shape[0], m.shape[1], 1));  y = np.empty(b.shape[0], dtype=m.dtype)
                               for i in range(b.shape[0]):  y[i] = np.max(b[i, :, 0])
                               y

`np.sum` along an axis is the one that stays a call, as of all elements they all do. An array is seen as (before, along,
after) the axis, by its number of dimensions, which types say (`ranks.py`).
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.parse.library import expand_dims


def in_three(a, axis):
    """`a` as (before, along, after): a view, or a copy where it is not laid out like that."""
    check_axis_of(a, axis)
    flat = np.ascontiguousarray(a)
    if a.ndim == 1:
        return flat.reshape((1, a.shape[0], 1))
    if a.ndim == 2:
        return three_of_two(flat, axis % 2)
    if a.ndim == 3:
        return three_of_three(flat, axis % 3)
    if a.ndim == 4:
        return three_of_four(flat, axis % 4)
    raise NotImplementedError("this of so many dimensions can't be read", "x.reshape((n, m, -1))", "srcad")


def check_axis_of(a, axis):
    """Is it one that `a` has?"""
    if axis < -a.ndim or axis >= a.ndim:
        raise NotImplementedError("the array has no such axis", "one that it has", "srcad")


def three_of_two(a, axis):
    if axis == 0:
        return a.reshape((1, a.shape[0], a.shape[1]))
    return a.reshape((a.shape[0], a.shape[1], 1))


def three_of_three(a, axis):
    if axis == 0:
        return a.reshape((1, a.shape[0], a.shape[1] * a.shape[2]))
    if axis == 1:
        return a.reshape((a.shape[0], a.shape[1], a.shape[2]))
    return a.reshape((a.shape[0] * a.shape[1], a.shape[2], 1))


def three_of_four(a, axis):
    if axis == 0:
        return a.reshape((1, a.shape[0], a.shape[1] * a.shape[2] * a.shape[3]))
    if axis == 1:
        return a.reshape((a.shape[0], a.shape[1], a.shape[2] * a.shape[3]))
    if axis == 2:
        return a.reshape((a.shape[0] * a.shape[1], a.shape[2], a.shape[3]))
    return a.reshape((a.shape[0] * a.shape[1] * a.shape[2], a.shape[3], 1))


def left(flat, a, axis):
    """`flat`, a number for each vector along the axis, in the shape that is left without it."""
    if a.ndim == 2:
        return flat
    if a.ndim == 3:
        return left_of_three(flat, a.shape, axis % 3)
    return left_of_four(flat, a.shape, axis % 4)


def left_of_three(flat, shape, axis):
    if axis == 0:
        return flat.reshape((shape[1], shape[2]))
    if axis == 1:
        return flat.reshape((shape[0], shape[2]))
    return flat.reshape((shape[0], shape[1]))


def left_of_four(flat, shape, axis):
    if axis == 0:
        return flat.reshape((shape[1], shape[2], shape[3]))
    if axis == 1:
        return flat.reshape((shape[0], shape[2], shape[3]))
    if axis == 2:
        return flat.reshape((shape[0], shape[1], shape[3]))
    return flat.reshape((shape[0], shape[1], shape[2]))


def numbers(reduce, a, axis, keepdims=False):
    """`reduce` of all vectors along the axis, of the type of the elements; without an axis, of all elements."""
    return vectors(reduce, room_for_elements, a, axis, keepdims)


def floats(reduce, a, axis, keepdims=False):
    """What is a float, of integers too."""
    return vectors(reduce, room_for_floats, a, axis, keepdims)


def places(reduce, a, axis, keepdims=False):
    """What is an index."""
    return vectors(reduce, room_for_indices, a, axis, keepdims)


def truths(reduce, a, axis, keepdims=False):
    """What is True or False."""
    return vectors(reduce, room_for_truths, a, axis, keepdims)


def room_for_elements(n, a):
    return np.empty(n, dtype=a.dtype)


def room_for_floats(n, a):
    return np.empty(n)


def room_for_indices(n, a):
    return np.empty(n, dtype=np.int64)


def room_for_truths(n, a):
    return np.empty(n, dtype=np.bool_)


def vectors(reduce, room, a, axis, keepdims):
    if isinstance(axis, tuple):
        raise NotImplementedError("this along several axes can't be read", "x.reshape((n, -1)), and axis=1", "srcad")
    if axis is None:
        return whole(reduce(a.ravel()), a, keepdims)
    if a.ndim == 1:
        return of_vector(reduce, a, axis, keepdims)
    parts = in_three(a, axis)
    return reduced(reduce, a, axis, parts, room(parts.shape[0] * parts.shape[2], a), keepdims)


def reduced(reduce, a, axis, parts, flat, keepdims):
    """`flat` is to hold what `reduce` gives for `parts`."""
    for i in range(parts.shape[0]):
        for j in range(parts.shape[2]):
            flat[i * parts.shape[2] + j] = reduce(parts[i, :, j])
    return kept(left(flat, a, axis), axis, keepdims)


def of_vector(reduce, a, axis, keepdims):
    check_axis(axis)
    return whole(reduce(a), a, keepdims)


def check_axis(axis):
    """Is it one that a vector has?"""
    if axis != 0 and axis != -1:
        raise NotImplementedError("a vector has no such axis", "axis=0", "srcad")


def whole(value, a, keepdims):
    """`value`, which is of all of `a`; with as many dimensions, if they are kept."""
    if keepdims:
        if a.ndim == 1:
            return np.array([value])
        if a.ndim == 2:
            return np.array([[value]])
        if a.ndim == 3:
            return np.array([[[value]]])
        raise NotImplementedError("keepdims without an axis is read of three dimensions or less", "axis=", "srcad")
    return value


def kept(values, axis, keepdims):
    if keepdims:
        return expand_dims(values, axis)
    return values


def sum_(a, axis, keepdims=False):
    if a.ndim == 1:
        return of_vector(np.sum, a, axis, keepdims)
    return kept(np.sum(a, axis=axis), axis, keepdims)


def mean(a, axis, keepdims=False):
    if a.ndim == 1:
        return of_vector(np.mean, a, axis, keepdims)
    return kept(np.sum(a, axis=axis) / a.shape[axis], axis, keepdims)


def prod(a, axis, keepdims=False):
    return numbers(np.prod, a, axis, keepdims)


def max_(a, axis, keepdims=False):
    return numbers(np.max, a, axis, keepdims)


def min_(a, axis, keepdims=False):
    return numbers(np.min, a, axis, keepdims)


def argmax(a, axis, keepdims=False):
    return places(np.argmax, a, axis, keepdims)


def argmin(a, axis, keepdims=False):
    return places(np.argmin, a, axis, keepdims)


def any_(a, axis, keepdims=False):
    return truths(np.any, a, axis, keepdims)


def all_(a, axis, keepdims=False):
    return truths(np.all, a, axis, keepdims)


def var(a, axis=None, ddof=0, keepdims=False):
    """The mean of the squares of what is left without the mean; `ddof` fewer terms are counted in the last mean."""
    if axis is None:
        return whole(var_of_all(a, ddof), a, keepdims)
    if a.ndim == 1:
        check_axis(axis)
        return whole(var_of_all(a, ddof), a, keepdims)
    left = a - mean(a, axis, True)
    return kept(np.sum(left * left, axis=axis) / (a.shape[axis] - ddof), axis, keepdims)


def var_of_all(a, ddof):
    left = a - np.mean(a)
    if ddof == 0:
        return np.mean(left * left)
    return np.sum(left * left) / (a.size - ddof)


def std(a, axis=None, ddof=0, keepdims=False):
    """The root of the variance; its derivative where all are equal is 0, as a norm's at 0."""
    return root(var(a, axis, ddof, keepdims))


def root(v):
    if np.ndim(v) == 0:
        return np.sqrt(v) if v > 0.0 else 0.0 * v
    return np.where(v > 0.0, np.sqrt(v), 0.0 * v)


def running(step, a, axis):
    """What `step` makes of the first, the first two, ... along the axis, as a run of all elements without one."""
    if axis is None:
        return run_of(step, a.ravel())
    if a.ndim == 1:
        check_axis(axis)
        return run_of(step, a)
    parts = in_three(a, axis)
    out = np.empty(parts.shape, dtype=a.dtype)
    for i in range(parts.shape[0]):
        for k in range(parts.shape[1]):
            for j in range(parts.shape[2]):
                out[i, k, j] = parts[i, k, j] if k == 0 else step(out[i, k - 1, j], parts[i, k, j])
    return out.reshape(a.shape)


def run_of(step, v):
    out = np.empty(len(v), dtype=v.dtype)
    for k in range(len(v)):
        out[k] = v[k] if k == 0 else step(out[k - 1], v[k])
    return out


def added(x, y):
    return x + y


def multiplied(x, y):
    return x * y


def largest(a, initial):
    """`np.max(a, initial=initial)`, also of no elements."""
    return np.maximum(np.max(a), initial) if a.size > 0 else initial


def smallest(a, initial):
    return np.minimum(np.min(a), initial) if a.size > 0 else initial


def cumsum(a, axis=None):
    return running(added, a * 1, axis)


def cumprod(a, axis=None):
    return running(multiplied, a * 1, axis)


def apply_along_axis(func1d, axis, arr, *args):
    """What a function makes of each vector along the axis: a number, or a vector in its place."""
    if arr.ndim == 1:
        return func1d(arr, *args)
    if arr.ndim != 2:
        raise NotImplementedError("np.apply_along_axis of such an array can't be read", "a loop over it", "srcad")
    check_axis_of(arr, axis)
    if axis == 0 or axis == -2:
        return of_each_row(func1d, arr.T, *args).T
    return of_each_row(func1d, arr, *args)


def of_each_row(func1d, rows, *args):
    if len(rows) == 0:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    return np.array([func1d(rows[i], *args) for i in range(len(rows))])


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "np.sum": sum_, "np.mean": mean, "np.prod": prod, "np.max": max_, "np.min": min_, "np.argmax": argmax,
    "np.argmin": argmin, "np.any": any_, "np.all": all_, "np.var": var, "np.std": std,
}  # fmt: skip
OF_SEVERAL = frozenset({"np.sum", "np.mean", "np.prod", "np.max", "np.min", "np.any", "np.all"})  # axes, one by one
