"""Values computed before a branch and used on one side of it, or on both, or after it: see `passes/sink.py`."""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1])
Y = np.array([1.3, 0.7, -0.4, 0.9, 0.2])


@case(0.7, 0.5)
@case(0.3, 0.5)
@case(-0.7, 0.5)
def huber(x, delta):
    a = abs(x)
    if a <= delta:
        return 0.5 * x * x
    return delta * (a - 0.5 * delta)


@case(0.7, 1.3)
@case(-0.7, 1.3)
def a_chain(x, y):
    a = x * y
    b = math.sin(a)
    c = b * x
    if x > 0.0:
        return c * c
    return y * y


@case(0.7, 1.3)
@case(-0.7, 1.3)
def used_on_both_sides(x, y):
    a = math.sin(x * y)
    if x > 0.0:
        s = a * x
    else:
        s = y - a
    return s


@case(0.7, 1.3)
@case(-0.7, 1.3)
def used_after_as_well(x, y):
    a = math.sin(x * y)
    s = y
    if x > 0.0:
        s = a * x
    return s + a


@case(0.7, 1.3)
@case(-0.7, 1.3)
def used_before_as_well(x, y):
    a = math.sin(x * y)
    t = a * y
    if x > 0.0:
        t += a * x
    return t


@case(0.7, 1.3, 0.2)
@case(0.7, 1.3, -0.2)
@case(-0.7, 1.3, 0.2)
def nested_branches(x, y, z):
    a = math.exp(x * y)
    b = a / z
    if x > 0.0:
        c = b * y
        if z > 0.0:
            s = c * a
        else:
            s = x
    else:
        s = y * z
    return s * x


@case(0.7, 1.3)
@case(-0.7, 1.3)
def overwritten_on_the_side(x, y):
    a = math.exp(x)
    b = a * y
    if y > x + 1.5:
        x = b * 2.0
        y = x * b
        a = x
    return x * y + a


@case(0.7, 1.3)
@case(-0.7, 1.3)
def a_name_taken_again(x, y):
    a = x * y
    b = math.cos(a)
    if x > 0.0:
        s = b
    else:
        s = 0.5 * x
    b = y * s
    a = b * b
    if a > 0.01:
        s += a
    return s


@case(0.7, 1.3)
@case(-0.7, 1.3)
def two_branches(x, y):
    a = math.sin(x) * y
    s = 0.0
    if x > 0.0:
        s += a
    if y > 0.0:
        s += x * y
    if x * y > 0.0:
        s -= a * y
    return s


@case(X, Y)
def in_a_loop(x, y):
    s = 0.0
    for i in range(len(x)):
        d = x[i] - y[i]
        a = abs(d)
        e = math.exp(-a)
        if a < 1.0:
            s += d * d
        elif a < 1.8:
            s += a * y[i]
        else:
            s += e * x[i] + s * 0.1
    return s


@case(X, Y)
def carried_around(x, y):
    s = 0.3
    u = 1.0
    for i in range(len(x)):
        v = u * x[i]
        w = math.tanh(v)
        if x[i] > 0.4:
            u = w
        else:
            s += u * y[i]
    return s * u


@case(X, 4)
def left_early(x, n):
    s = 0.0
    i = 0
    while i < n:
        t = math.sin(x[i])
        q = t * t
        i += 1
        if t < 0.0:
            s -= x[i]
            continue
        if s > 1.5:
            s += q
            break
        s += t * x[i]
    return s


@case(0.7, 1.3)
@case(1.7, 1.3)
def the_larger(x, y):
    a = math.exp(x)
    b = math.sin(y) * 3.0
    return max(a * x, b * y)


@case(X)
def an_infinite_partial_left_out(x):
    s = 0.0
    for i in range(len(x)):
        r = math.sqrt(abs(x[i] - 2.0))
        if x[i] < 1.9:
            s += r
        else:
            s += x[i]
    return s


@case(np.float32(0.7), np.float32(0.5))
def single_precision(x, y):
    a = math.sin(x)
    b = a * y
    if x > np.float32(0.5):
        return b * b
    return x
