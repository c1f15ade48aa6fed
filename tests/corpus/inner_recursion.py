"""Functions written inside others that call themselves, and lists that recursive functions change in any way."""

import math

import numpy as np

from . import into

CASES = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4])


@case(1.3, 4)
def factorial(x, n):
    def rec(i):
        return 1.0 if i == 0 else x * i * rec(i - 1)

    power = lambda k: 1.0 if k < 1 else x * power(k - 1)  # noqa: E731
    return rec(n) + power(n)


@case(1.2, 5)
def remembered(x, n):
    known, value = np.zeros(n + 1), np.zeros(n + 1)

    def fib(i):
        if i < 2:
            return x * i
        if known[i] == 0.0:
            value[i] = fib(i - 1) * x + fib(i - 2)
            known[i] = 1.0
        return value[i]

    return fib(n) * fib(n - 1)


@case(V)
def in_order(v):
    out = []

    def visit(i, weight):
        if i >= len(v):
            return 0.0
        left = visit(2 * i + 1, weight * v[0])
        out.append(v[i] * weight)
        return left + visit(2 * i + 2, 0.5 * weight) + v[i] * weight

    total = visit(0, v[2])
    return total * sum(k * x * x for k, x in enumerate(out))


@case(V)
def permutations(v):
    n, total, used = len(v), [0.0], [False] * len(v)

    def go(k, product):
        if k == n - 1:
            total[0] += product
            return 0
        for i in range(n):
            if not used[i]:
                used[i] = True
                go(k + 1, product * v[i] + k)
                used[i] = False
        return 1

    go(0, 1.0)
    return total[0]


@case(V)
def inside_each_other(v):
    def outer(k):
        def inner(j):
            return v[0] * k if j <= 0 else inner(j - 1) * v[1] + outer(k - 1)

        return v[2] if k <= 0 else inner(k)

    c = v[3]

    def even(n):
        return v[0] if n == 0 else odd(n - 1) * c

    def odd(n):
        return v[1] if n == 0 else even(n - 1) + c

    return outer(3) + even(4) * odd(3)


@case(V)
def anew_in_each_call(v):
    def power(x, n):
        def rec(i):
            return 1.0 if i == 0 else x * rec(i - 1)

        return rec(n)

    s = power(v[0], 3) + power(v[1] * v[2], 2)
    for k in range(3):
        w = v[k] * (k + 1)

        def rec(i, start=w):
            return start if i == 0 else w * rec(i - 1) + s

        s += rec(2)
    return s


@case(1.2, 3)
def what_is_read_changes_between_calls(x, n):
    def rec(i):
        return 1.0 if i == 0 else y * rec(i - 1)

    y = x * x
    first = rec(n)
    y = y + x
    return first * rec(n - 1)


def _steps(x, n):
    if n == 0:
        return x

    def rec(i, f):
        return x if i == 0 else f(rec(i - 1, f)) * 0.5 + _steps(x * 0.9, n - 1)

    return rec(n, math.sin)


@case(0.8)
def around_which_is_recursion(x):
    return _steps(x, 2)


@case(V)
def the_captured_are_changed(v):
    m, pair = v.copy(), (v[0], v[1])

    def rec(i):
        if i == len(m):
            return pair
        m[i] = m[i] * m[i - 1]
        a, b = rec(i + 1)
        return a + m[i] * b * v[0], b * pair[1]

    x, y = rec(1)
    return x * y * m[2]


def _middle(items, n):
    items.sort()
    if n == 0:
        return items[0] * items[1]
    items[0] = items[0] * 1.4
    items.insert(1, items[-1] * 0.9)
    items.reverse()
    return _middle(items, n - 1) * items[-1]


@case(V)
def sorted_in_recursion(v):
    items = [x * x for x in v]
    return _middle(items, 3) + items[0] + len(items)


def _quick(items):
    if len(items) <= 1:
        return items
    pivot = items[0]
    out = _quick([x for x in items[1:] if x < pivot])
    more = _quick([x for x in items[1:] if x >= pivot])
    out.append(pivot)
    out.extend(more)
    return out


@case(V)
def sorted_by_recursion(v):
    s = 0.0
    for k, x in enumerate(_quick([y * v[0] for y in v])):
        s += k * x * x
    return s


def _merged(items):
    if len(items) <= 1:
        return items
    left, right = _merged(items[: len(items) // 2]), _merged(items[len(items) // 2 :])
    left.sort()
    right.reverse()
    left.extend(right)
    return left


def _in_place(a):
    if len(a) <= 1:
        return a * 1.0
    both = np.concatenate((_in_place(a[:1]), _in_place(a[1:])))
    both.sort()
    return both


@case(V)
def results_are_sorted(v):
    s = sum(k * x * x for k, x in enumerate(_merged([x * v[0] for x in v])))
    return s + np.sum(np.arange(4) * _in_place(v) ** 2)


@case(V)
def lists_made_for_each_call(v):
    def orders(first, rest):
        if not rest:
            return first[0] * first[1] + first[2] * first[-1]
        s = 0.0
        for i in range(len(rest)):
            s = 0.9 * s + orders(first + [rest[i]], rest[:i] + rest[i + 1 :])
        return s

    return orders([], [x for x in v])
