"""Local lists of floats: literals, append, index, len, iteration."""

import math

import numpy as np

from . import Case


def literal(x, y):
    values = [x, y, x * y]
    return values[0] * values[2] + values[1] * len(values)


def append_in_loop(x, n):
    values = [x]
    for i in range(n):
        values.append(values[i] * x + 0.5)
    return values[-1] * values[1]


def append_then_reduce(v):
    squares = [0.0]
    for i in range(len(v)):
        squares.append(v[i] * v[i])
    s = 0.0
    for i in range(len(squares)):
        s += squares[i] * (i + 1)
    return s


def write_element(x, n):
    values = [x, 1.0, 2.0]
    for i in range(n):
        values[i % 3] = values[(i + 1) % 3] * x + values[i % 3]
    return values[0] * values[1] + values[2]


def augmented_element(v):
    totals = [0.0, 0.0]
    for i in range(len(v)):
        totals[i % 2] += v[i] * v[i]
    totals[0] *= totals[1]
    return totals[0] + totals[1]


def iterate(x, y):
    s = 1.0
    for t in [x, y, x + y]:
        s = s * t + 0.1
    return s


def keep_positive(v):
    kept = [0.5]
    for i in range(len(v)):
        if v[i] > 0.0:
            kept.append(v[i])
    p = 1.0
    for t in kept:
        p *= t
    return p * len(kept)


def as_stack(v):
    stack = [1.0]
    for i in range(len(v)):
        top = stack[-1]
        if v[i] > 0.5:
            stack.append(top * v[i])
        else:
            stack[-1] = top + v[i]
    return stack[-1] * stack[0]


def alias(x):
    a = [x, 2.0]
    b = a
    b[0] = b[0] * b[1]
    a[1] = b[0]
    return a[0] * b[1]


def repeated(x, n):
    row = [x] * 3
    for i in range(n):
        row[i % 3] *= row[(i + 1) % 3]
    return row[0] + row[1] * row[2]


def comprehension(v):
    squares = [t * t for t in v]
    return squares[0] * squares[1] + squares[2]


def comprehension_over_range(v):
    p = [v[i] * (i + 1) for i in range(len(v))]
    s = 0.0
    for i in range(len(p)):
        s += math.sin(p[i])
    return s


def sum_and_extremes(x, y):
    values = [x, y, x * y]
    return sum(values) * max(values) - min(values)


def fibonacci_table(a, b, n):
    table = [a, b]
    for i in range(2, n):
        table.append(table[i - 1] + 0.5 * table[i - 2] * a)
    return table[n - 1]


def _total(values):
    s = 0.0
    for t in values:
        s += t * t
    return s


def to_helper(x, y):
    return _total([x, y, x - y]) * x


def index_list(v):
    order = [2, 0, 1]
    s = 0.0
    for i in order:
        s = s * 0.5 + v[i]
    return s


V = np.array([0.3, -0.2, 0.9, 0.4, 0.7])
CASES = [
    Case(literal, (1.3, 0.4)),
    Case(append_in_loop, (0.7, 4)),
    Case(append_in_loop, (0.7, 1)),
    Case(append_then_reduce, (V,)),
    Case(write_element, (0.7, 5)),
    Case(augmented_element, (V,)),
    Case(iterate, (1.3, 0.4)),
    Case(keep_positive, (V,)),
    Case(as_stack, (V,)),
    Case(alias, (1.3,)),
    Case(repeated, (1.3, 5)),
    Case(comprehension, (V,)),
    Case(comprehension_over_range, (V,)),
    Case(sum_and_extremes, (1.3, 0.4)),
    Case(fibonacci_table, (0.7, 0.4, 6)),
    Case(to_helper, (1.3, 0.4)),
    Case(index_list, (V,)),
]
