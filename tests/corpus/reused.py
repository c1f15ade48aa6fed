"""Names used again, as people do: for a loop's counter, after the loop, for another type of number."""

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.5, -1.5, 2.0, 0.25, 1.1])


@case(1.3, 0)
@case(1.3, 3)
def float_then_counter(x, n):
    i = x
    for i in range(n):
        x = x * 1.1
    return i * i * x


@case(0.4, 0)
@case(0.4, 3)
@case(1.7, 3)
def none_then_counter(x, n):
    last = None
    for last in range(n):
        if last * x > 3.0:
            break
    if last is None:
        return x * x
    return last * x


@case(0.3, 3)
def counter_becomes_float(x, n):
    s = 0.0
    for i in range(n):
        s += i * x
        i = i * x
        s += i
    for i in range(n):
        for i in range(i):
            s += i * x
        s *= i
    i += 0.5
    return s * i * x


@case(0.3, 3)
@case(0.3, -1)
def parameter_is_counter(x, n):
    y = x * x
    for x in range(n, -1, -1):
        y = y * x + 0.1
        if y > 4.0:
            break
    else:
        return y + x
    return y * x


@case(V, 2.0)
def counter_of_a_while(v, x):
    k = x
    while k < 9.0:
        for k in range(len(v)):
            x += v[k] * k
            if x > 4.0:
                break
        x += 1.5
        k = k + x
    return k * x


@case(1.3, 3)
@case(-1.3, 3)
def int_argument_becomes_float(x, n):
    while n > 0.5:
        n /= 2
        x *= 1.1
    if x > 0.0:
        n = x
    n += 0.5
    return n * x
