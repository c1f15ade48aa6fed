"""Recursions that end in a few steps, which stand in place of the call that would end: names, orders, exits.

Arguments that change places, parameters that are assigned to, tests that fail after a few steps, several ends, ends
that give no value, and calls in loops, conditions and in the arguments of calls.
"""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1, 0.7, -0.4])
LEFT = np.array([1, 3, -1, -1, 5, -1, -1])
RIGHT = np.array([2, 4, -1, -1, 6, -1, -1])


def fibonacci(x, y, n):
    if n < 2:
        return x * y if n == 1 else math.sin(x)
    return fibonacci(x, y, n - 1) * 0.5 + fibonacci(y, x, n - 2) * y


@case(0.7, 1.3, 0)
@case(0.7, 1.3, 1)
@case(0.7, 1.3, 7)
def arguments_that_change_places(x, y, n):
    return fibonacci(x, y, n)


def rotated(a, b, c, n):
    if n == 0:
        return a + 2.0 * b * c
    return a * rotated(b, c, a, n - 1)


@case(0.7, 1.3, -0.4, 5)
def arguments_that_go_round(a, b, c, n):
    return rotated(a, b, c, n)


def of_node(x, i):
    here = x[i]
    if LEFT[i] < 0:
        return math.tanh(here)
    return here * of_node(x, LEFT[i]) + of_node(x, RIGHT[i])


@case(X)
def a_tree(x):
    return of_node(x, 0)


def assigned(x, n):
    n = n - 1
    x = x * 1.1
    if n < 0:
        return x * x
    return math.sin(assigned(x, n) * x) + n


@case(0.7, 0)
@case(0.7, 4)
def parameters_that_are_assigned_to(x, n):
    return assigned(x, n)


def several(x, n):
    if n == 0:
        return x
    if n == 1:
        y = x * x
        return math.exp(-y)
    if n % 2 == 0:
        return several(x * 0.9, n // 2) ** 2
    return x * several(x, n - 1)


@case(0.7, 0)
@case(0.7, 1)
@case(0.7, 11)
def several_ends(x, n):
    return several(x, n)


def behind(x, n):
    result = x * 0.5
    if n > 0 and result > 0.01:
        result = behind(result, n - 1) + math.sin(x)
    return result


@case(0.7, 3)
@case(0.7, 30)
def a_result_that_is_there_before(x, n):
    return behind(x, n)


def sort(x, low, high):
    if low >= high:
        return
    pivot, i = x[high], low
    for j in range(low, high):
        if x[j] < pivot:
            x[i], x[j] = x[j], x[i]
            i += 1
    x[i], x[high] = x[high], x[i]
    sort(x, low, i - 1)
    sort(x, i + 1, high)


@case(X)
@case(X[:1])
def quicksort(x):
    y = x * 1.0
    sort(y, 0, len(y) - 1)
    s = 0.0
    for i in range(len(y)):
        s += y[i] * (i + 1)
    return s


def scaled(x, n):
    if n <= 0:
        pass
    else:
        x[n - 1] *= x[n]
        scaled(x, n - 1)
        x[n] += x[n - 1]


@case(X)
def a_procedure_that_writes(x):
    y = x.copy()
    scaled(y, len(y) - 1)
    return y[0] * y[-1] + y[2]


def simpson(a, b, fa, fm, fb, whole, eps):
    m = 0.5 * (a + b)
    left, right = 0.5 * (a + m), 0.5 * (m + b)
    fl, fr = math.exp(-left * left * a), math.exp(-right * right * a)
    one = (m - a) / 6.0 * (fa + 4.0 * fl + fm)
    two = (b - m) / 6.0 * (fm + 4.0 * fr + fb)
    if abs(one + two - whole) < 15.0 * eps:
        return one + two
    return simpson(a, m, fa, fl, fm, one, eps / 2) + simpson(m, b, fm, fr, fb, two, eps / 2)


@case(0.3, 1.9)
def a_test_that_takes_work(a, b):
    return simpson(a, b, 1.0, math.cos(a), math.exp(-b), b - a, 1e-3)


def halves(x, low, high, w):
    if high - low == 1:
        return x[low] * w
    m = (low + high) // 2
    return max(halves(x, low, m, w), halves(x, m, high, w * 0.5))


@case(X, 1.3)
@case(X[:1], 1.3)
def a_maximum_by_halves(x, w):
    return halves(x, 0, len(x), w)


def inside(x, n):
    if n == 0:
        return x
    return inside(inside(x * 0.9, n - 1) + math.sin(x), n - 1)


@case(0.7, 3)
def a_call_in_the_argument_of_a_call(x, n):
    return inside(x, n)


def looped(x, n):
    if n < 1:
        return x[0] + n
    s = 1.0
    k = 0
    while k < 3 and looped(x[k:], n - 2) * s < 2.0:
        s += x[k] * looped(x[k + 1 :], n - 1)
        k += 1
    return s


@case(X, 1)
@case(np.tile(X, 2), 3)
def calls_in_a_loop_and_its_test(x, n):
    return looped(x, n)


def guarded(x, i):
    if i >= len(x) or x[i] < 0.0:
        return 1.0 / (i + 1)
    return x[i] * guarded(x, i + 2) - guarded(x, i + 3)


@case(X)
@case(-X)
@case(X[:0])
def a_test_of_elements(x):
    return guarded(x, 0)


def stores(x, keep, n):
    if n == 0:
        keep[0] += x
        return x * keep[0]
    keep[n] = x * n
    return stores(x * 1.1, keep, n - 1) + keep[n] * stores(x, keep, n - 1)


@case(0.7, 3)
def an_end_that_writes(x, n):
    keep = np.zeros(5)
    return stores(x, keep, n) + keep[0]


def count(n):
    if n == 0:
        return 2
    return count(n - 1) + n


@case(0.7, 3)
def a_recursion_of_integers(x, n):
    return x ** count(n) + math.sin(x * count(n - 3))


def weighted(x, order, n):
    """Indices that a list of places gives, which only the end and one branch of the rest ask for."""
    first, last = order[0], order[1]
    here, there = first, last
    scale = x[here] + 0.5
    if n <= 1:
        return x[here] * x[there] * scale
    order[0], order[1] = last, (first + 2) % x.size
    first = last
    if x[there] > 0.0:
        step = x[there] * x[first]
        made = scale * weighted(x, order, n - 1) * step
        if step > 0.1:
            made *= math.exp(x[here]) * weighted(x, order, n - 2)
    else:
        made = weighted(x, order, n - 2) / (1.0 + x[here] ** 2)
    order[0], order[1] = here, there
    return made


@case(X)
@case(-X)
@case(np.array([0.4, 0.7, 0.9, -0.2]))
def values_of_one_branch(x):
    return weighted(x, np.array([0, 1]), 5)


def quotient(x, n):
    if n == 0:
        return x
    if n < 0:
        return 2.0 - x
    return (1.0 + x) / quotient(x * 1.1, n - 2) - x ** quotient(0.5 * x, n - 3)


@case(0.7, 4)
@case(0.7, 5)
def results_that_divide(x, n):
    return quotient(x, n)


def shared_test(x, n):
    """Two branches on one test: what each needs is had in each."""
    a = x[n] * x[n]
    b = a * x[0]
    c, a = a, b + 1.0
    if n > 1:
        s = math.sin(c) * shared_test(x, n - 1)
    else:
        s = b
    a = a * s
    if n > 1:
        return s * math.cos(c) + shared_test(x, n - 2) * a
    return s * a * c


@case(np.array([0.4, 0.7, 0.9, -0.2]))
def two_branches_on_one_test(x):
    return shared_test(x, 3)
