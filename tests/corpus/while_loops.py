"""while: counters, convergence, data-dependent trips, nesting, conditions with side conditions."""

import math

import numpy as np

from . import Case


def counter(v):
    i = 0
    s = 0.0
    while i < len(v):
        s += v[i] * v[i]
        i += 1
    return s


def counter_down(v):
    i = len(v)
    s = 1.0
    while i > 0:
        i -= 1
        s = s * 0.5 + v[i]
    return s * i + s


def until_large(x):
    y = x
    n = 0
    while y < 100.0:
        y = y * x
        n += 1
    return y / (1.0 + n)


def never_entered(x):
    y = x * x
    while y < 0.0:
        y += 1.0
    return y


def newton_sqrt(a):
    x = a
    while abs(x * x - a) > 1e-10:
        x = 0.5 * (x + a / x)
    return x


def newton_residual_variable(a, x):
    err = 1.0
    steps = 0
    while err > 1e-8 and steps < 50:
        new = x - (math.cos(x) - a * x) / (-math.sin(x) - a)
        err = abs(new - x)
        x = new
        steps += 1
    return x


def while_true_break(x):
    n = 0
    while True:
        x = math.sin(x) + 0.1 * x
        n += 1
        if n >= 4:
            break
    return x * n


def while_with_continue(v):
    i = -1
    s = 0.0
    while i < len(v) - 1:
        i += 1
        if v[i] < 0.0:
            continue
        s = s * 0.9 + v[i] * v[i]
    return s


def while_nested(x, n):
    s = x
    i = 0
    while i < n:
        j = 0
        while j < i:
            s = math.tanh(s + x * j)
            j += 1
        s *= x
        i += 1
    return s


def while_in_for(v):
    s = 0.0
    for i in range(len(v)):
        t = abs(v[i]) + 0.15
        while t < 1.0:
            t = t * 1.7
        s += t * v[i]
    return s


def for_in_while(v):
    s = 0.1
    k = 0
    while s < 3.0 and k < 10:
        for i in range(len(v)):
            s += v[i] * v[i] * 0.5
        k += 1
    return s * s


def two_conditions(x, y):
    n = 0
    while x > 0.5 or y > 0.5:
        x, y = x * 0.6 + 0.01 * y, y * 0.7
        n += 1
        if n > 100:
            break
    return x + y * n


def collatz_float(x, n):
    s = x
    while n != 1:
        if n % 2 == 0:
            n = n // 2
            s = s * 0.9
        else:
            n = 3 * n + 1
            s = s + 0.1 * x
    return s


def float_counter(x):
    t = 0.0
    s = x
    while t < 1.0:
        s += 0.25 * math.cos(s * t)
        t += 0.25
    return s


def float_counter_active_step(x, h):
    t = 0.0
    s = x
    while t < 1.0:
        s += h * math.cos(s * t)
        t += h
    return s * t


def continued_fraction(x, n):
    f = 0.0
    while n > 0:
        f = n / (x + f)
        n -= 1
    return f


def gcd_like(x, a, b):
    s = x
    while b:
        a, b = b, a % b
        s = s * x + a
    return s


def bisection(c, lo, hi):
    while hi - lo > 1e-3:
        mid = 0.5 * (lo + hi)
        if mid * mid * mid > c:
            hi = mid
        else:
            lo = mid
    return lo * hi


def condition_calls_math(x):
    s = x
    while math.exp(-s) > 0.1:
        s += x * x
    return s * s


def condition_negated(x):
    i = 0
    while not (i >= 3 or x > 50.0):
        x = x * x + 0.1
        i += 1
    return x


def index_walk(v, nxt):
    i = 0
    s = 1.0
    while i >= 0:
        s = s * (1.0 + v[i])
        i = nxt[i]
    return s


def series_until_small(x):
    term = 1.0
    total = 1.0
    n = 1
    while abs(term) > 1e-6:
        term *= x / n
        total += term
        n += 1
    return total


V = np.array([0.3, -0.2, 0.9, 0.4, 0.7])
CASES = [
    Case(counter, (V,)),
    Case(counter_down, (V,)),
    Case(until_large, (1.9,)),
    Case(never_entered, (1.9,)),
    Case(newton_sqrt, (2.3,)),
    Case(newton_residual_variable, (1.2, 0.5)),
    Case(while_true_break, (0.7,)),
    Case(while_with_continue, (V,)),
    Case(while_nested, (0.7, 4)),
    Case(while_in_for, (V,)),
    Case(for_in_while, (V,)),
    Case(two_conditions, (3.1, 2.2)),
    Case(collatz_float, (0.7, 6)),
    Case(float_counter, (0.7,)),
    Case(float_counter_active_step, (0.7, 0.3)),
    Case(continued_fraction, (1.7, 5)),
    Case(gcd_like, (0.7, 21, 13)),
    Case(bisection, (2.3, 1.0, 2.0)),
    Case(condition_calls_math, (0.7,)),
    Case(condition_negated, (0.7,)),
    Case(index_walk, (V, np.array([2, 4, 1, -1, 3]))),
    Case(series_until_small, (0.7,)),
]
