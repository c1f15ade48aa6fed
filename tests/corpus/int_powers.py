"""Ints to powers that may be negative, which are floats then, and remainders: see `passes/int_powers.py`."""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)


@case(1.3, 3)
@case(1.3, -2)
def negative_by_its_text(x, n):
    return 2**-n * x + n**-2 * x * x + 10**-3 * x + (-n) ** -1 * x


@case(1.3)
def negative_by_its_loop(x):
    s = 0.0
    for i in range(-3, 3):
        s += 2**i * x + x**2 * (i + 5) ** (-i)
        s += (-1) ** abs(i) * x
    return s


@case(1.3, 3)
@case(1.3, 1)
def kept_and_compared(x, n):
    c = 2 ** (n - 4)
    d = c * 3
    if c > 0.2:
        d = d + 1
    return d * x * x


@case(1.3, 3)
def sizes_stay_ints(x, n):
    k = 2**n
    a = np.zeros(k)
    a[k - 1] = x
    for i in range(2**n):
        a[i % k] += x * i + x * 2 ** (i - 3)
    return a @ a


@case(1.3, 7)
def large_ints_stay_ints(x, n):
    seed, s = 12345, 0.0
    for _ in range(5):
        seed = (1103515245 * seed + 12345) % 2**31
        s += seed / 2**31 * x + (seed >> 2) % 2**n * x
    return s


@case(1.3, 3)
@case(1.3, -3)
def gathered(x, n):
    v = [2 ** (1 - j) for j in range(3)]
    w = np.array([2**-j for j in range(3)])
    u = np.array([3 ** (j + n) if j else 1 for j in range(3)])
    k = pow(2, n)
    return v[-1] * x + w @ w * x + u[1] * x + k * x + n**n * x


@case(1.3, -7)
def remainders(x, n):
    return math.fmod(n, 3) * x + np.fmod(n, 2) * x * x + math.fmod(n, 2.5) * x
