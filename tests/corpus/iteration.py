"""for over arrays, tuples, enumerate, zip, reversed, and the loop variables they leave behind."""

import math

import numpy as np

from . import Case


def over_array(v):
    s = 0.0
    for t in v:
        s += t * t
    return s


def over_array_carried(v):
    s = 0.5
    for t in v:
        s = math.sin(s * t) + t
    return s


def over_array_variable_after(v):
    s = 1.0
    for t in v:
        s += t * s
    return s * t


def over_array_variable_overwritten(v):
    s = 0.0
    for t in v:
        t = t * t
        s += t
        t += 1.0
        s *= t
    return s


def over_array_written_meanwhile(v):
    s = 0.0
    i = 0
    for t in v:
        s += t * t
        if i + 1 < len(v):
            v[i + 1] = t * 0.5 + v[i + 1]
        i += 1
    return s


def over_rows(a):
    s = 0.0
    for row in a:
        p = 1.0
        for t in row:
            p *= t + 1.0
        s += p * p
    return s


def over_rows_written(a):
    for row in a:
        row[0] = row[1] * row[2]
    return a[0, 0] * a[1, 0]


def over_slice(v):
    s = 1.0
    for t in v[1:-1]:
        s = s * t + 0.3
    return s


def over_strided_view(v):
    s = 1.0
    for t in v[::-2]:
        s = s * t + 0.3
    return s


def over_tuple_of_scalars(x, y):
    s = 1.0
    for t in (x, y, x * y):
        s = s * t + 0.2
    return s


def over_literal_ints(v):
    s = 0.0
    for i in (2, 0, 1):
        s = s * 0.5 + v[i]
    return s


def over_int_array(v, idx):
    s = 0.0
    for i in idx:
        s = s * 0.5 + v[i]
    return s


def enumerated(v):
    s = 0.0
    for i, t in enumerate(v):
        s = s * 0.7 + t * (i + 1)
    return s


def enumerated_from(v, start):
    s = 0.0
    for i, t in enumerate(v, start):
        s += t * i * t
    return s


def enumerated_write(v):
    for i, t in enumerate(v):
        v[i] = t * t + i
    return v[0] * v[1]


def enumerated_after(v):
    s = 1.0
    for i, t in enumerate(v):
        s *= 1.0 + t
    return s * i * t


def zipped(v, w):
    s = 0.0
    for a, b in zip(v, w):
        s = s * 0.5 + a * b
    return s


def zipped_unequal(v, w):
    s = 0.0
    for a, b in zip(v, w):
        s += a * b * b
    return s


def zipped_three(v, w, u):
    s = 1.0
    for a, b, c in zip(v, w, u):
        s = math.tanh(s + a * b) + c
    return s


def zipped_with_range(v):
    s = 0.0
    for i, t in zip(range(1, 10), v):
        s += t**i
    return s


def enumerate_zip(v, w):
    s = 0.0
    for i, (a, b) in enumerate(zip(v, w)):
        s = s * 0.5 + a * b * i
    return s


def reversed_range(v):
    s = 0.0
    for i in reversed(range(len(v))):
        s = s * 0.5 + v[i]
    return s


def reversed_range_with_step(v):
    s = 0.0
    for i in reversed(range(1, len(v), 2)):
        s = s * 0.5 + v[i] * i
    return s


def reversed_array(v):
    s = 0.0
    for t in v[::-1]:
        s = s * 0.5 + t * t
    return s


def break_in_array_loop(v):
    s = 0.0
    for t in v:
        if t > 0.8:
            break
        s += t * t
    return s * t


def continue_in_enumerate(v):
    s = 1.0
    for i, t in enumerate(v):
        if t < 0.0:
            continue
        s = s * t + i
    return s


def return_in_zip(v, w, limit):
    s = 0.0
    for a, b in zip(v, w):
        s += a * b
        if s > limit:
            return s * a
    return s


def else_after_array_loop(v):
    s = 0.0
    for t in v:
        s += t * t
        if s > 100.0:
            break
    else:
        s = s * s
    return s


def nested_over_arrays(v, w):
    s = 0.0
    for a in v:
        for b in w:
            s = 0.9 * s + math.sin(a * b)
    return s


def over_empty(v, x):
    s = x * x
    for t in v:
        s += t
    return s


def array_rebound_while_iterating(v):
    s = 0.0
    w = v
    for t in w:
        w = v * 2.0
        s += t * w[0]
    return s + w[1]


def range_of_shape(a):
    s = 0.0
    for i in range(a.shape[0]):
        for j in range(i, a.shape[1]):
            s += a[i, j] * a[i, j]
    return s


V = np.array([0.3, -0.2, 0.9, 0.4, 0.7])
W = np.array([0.1, 0.5, 1.1])
M = np.array([[0.3, -0.2, 0.9], [0.4, 0.7, -0.5]])
CASES = [
    Case(over_array, (V,)),
    Case(over_array_carried, (V,)),
    Case(over_array_carried, (np.arange(10.0)[::3] * 0.1,)),
    Case(over_array_variable_after, (V,)),
    Case(over_array_variable_overwritten, (V,)),
    Case(over_array_written_meanwhile, (V,)),
    Case(over_rows, (M,)),
    Case(over_rows_written, (M,)),
    Case(over_slice, (V,)),
    Case(over_strided_view, (V,)),
    Case(over_tuple_of_scalars, (1.3, 0.4)),
    Case(over_literal_ints, (V,)),
    Case(over_int_array, (V, np.array([3, 1, 1]))),
    Case(enumerated, (V,)),
    Case(enumerated_from, (V, 2)),
    Case(enumerated_write, (V,)),
    Case(enumerated_after, (V,)),
    Case(zipped, (W, W + 1.0)),
    Case(zipped_unequal, (V, W)),
    Case(zipped_unequal, (W, V)),
    Case(zipped_three, (W, V, W * 0.5)),
    Case(zipped_with_range, (V,)),
    Case(enumerate_zip, (V, W)),
    Case(reversed_range, (V,)),
    Case(reversed_range_with_step, (V,)),
    Case(reversed_array, (V,)),
    Case(break_in_array_loop, (V,)),
    Case(continue_in_enumerate, (V,)),
    Case(return_in_zip, (V, W, 0.5)),
    Case(return_in_zip, (V, W, 5.0)),
    Case(else_after_array_loop, (V,)),
    Case(nested_over_arrays, (V, W)),
    Case(over_empty, (np.zeros(0), 1.3)),
    Case(array_rebound_while_iterating, (V,)),
    Case(range_of_shape, (M,)),
]
