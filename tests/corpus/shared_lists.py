"""Lists that recursive functions are given: numbers and arrays put on in one call, taken off in another one."""

import math

import numpy as np

from . import into

CASES = []
case = into(CASES)

V = np.array([0.8, -0.6, 1.1])


def _pushed(x, n, stack):
    if n == 0:
        return x
    stack.append(x * n)
    y = _pushed(math.sin(x) + 0.2, n - 1, stack)
    return y * stack.pop() + x


@case(0.6)
def balanced(x):
    stack = [x * x]
    return _pushed(x, 3, stack)


def _left(x, n, stack):
    if n == 0:
        return x
    stack.append(x * n)
    stack.append(x * x)
    y = _left(x * 0.7, n - 1, stack)
    return y * stack.pop()


@case(0.9)
def some_are_left(x):
    s = 0.0
    for k in range(3):
        stack = [x]
        s += _left(x + 0.1 * k, k + 1, stack) * x
    return s


def _visited(todo, s, n):
    if n == 0:
        return s
    v = todo.pop()
    if v[0] * v[0] < 0.5:
        todo.append(v * s)
    else:
        todo.append(v + 1.0)
    todo.append(v * 0.5)
    s = _visited(todo, s + v[0] * v[1], n - 1)
    return s * v[1] + todo[0][0]


@case(V)
def agenda_of_arrays(x):
    todo = [x, x * x]
    t = _visited(todo, x[0], 4)
    for r in todo:
        t += r[0] * r[1]
    return t


def _given_back(rows, x, n):
    if n == 0:
        return rows.pop()
    rows.append(x * n)
    w = _given_back(rows, x * 1.1, n - 1)
    w[0] = w[0] * w[1]
    rows.append(w)
    return w


@case(V)
def what_was_in_the_list_is_returned(x):
    rows = [x]
    w = _given_back(rows, x, 2)
    w[1] = w[0] * x[0]
    s = 0.0
    for r in rows:
        s += r[0] * r[1] * w[1]
    return s


def _exchanged(rows, n):
    a, b = rows[0], rows[-1]
    rows[0], rows[len(rows) - 1] = b, a
    a[0] = a[1] * b[0]
    return _exchanged(rows, n - 1) * a[0] if n > 0 else b[1] + a[0]


@case(V)
def slots_are_exchanged(x):
    rows = [x * 1.0, x * 2.0, x]
    r = _exchanged(rows, 3)
    return r * rows[0][0] + rows[1][1]
