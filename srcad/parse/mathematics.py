"""Functions of `math` and of `statistics` that no rule is for, in the language itself as those of `library.py` are.

    c = math.comb(n, k)      ->      c = 1;  for i in range(1, k + 1):  c = c * (n - k + i) // i
    d = math.dist(p, q)      ->      d = math.sqrt(np.sum((p - q) ** 2)), and 0.0 where they are one

Integers are those of 64 bits here: what is greater raises an error, where Python would go on.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.parse.library import there

GREATEST = 9223372036854775807


def comb(n, k):
    if n < 0 or k < 0:
        raise ValueError("math.comb takes numbers that are not negative")
    less = min(k, n - k)
    out = 1 if less >= 0 else 0
    for i in range(1, less + 1):
        if out > GREATEST // (n - less + i):
            raise OverflowError("math.comb of these is beyond 64 bits: math.exp of sums of math.lgamma is a float")
        out = out * (n - less + i) // i
    return out


def perm(n, k=None):
    if k is None:
        return factorial(n)
    if n < 0 or k < 0:
        raise ValueError("math.perm takes numbers that are not negative")
    out = 1 if k <= n else 0
    for i in range(min(k, n)):
        if out > GREATEST // (n - i):
            raise OverflowError("math.perm of these is beyond 64 bits: math.gamma(n + 1.0) is a float")
        out = out * (n - i)
    return out


def factorial(n):
    if n < 0:
        raise ValueError("math.factorial takes a number that is not negative")
    if n > 20:
        raise OverflowError("math.factorial of more than 20 is beyond 64 bits: math.gamma(n + 1.0) is a float")
    out = 1
    for i in range(2, n + 1):
        out = out * i
    return out


def isqrt(n):
    if n < 0:
        raise ValueError("math.isqrt takes a number that is not negative")
    root = int(math.sqrt(n))
    while root > 0 and root > n // root:
        root -= 1
    while root + 1 <= n // (root + 1):
        root += 1
    return root


def gcd(*integers):
    out = 0
    for v in integers:
        out = math.gcd(out, v)
    return out


def lcm(*integers):
    out = 1
    for v in integers:
        out = 0 if v == 0 else abs(out // math.gcd(out, v) * v)
    return out


def hypot(*coordinates):
    out = 0.0
    for v in coordinates:
        out = math.hypot(out, v)
    return out


def log(x, base):
    return math.log(x) / math.log(base)


def dist(p, q):
    if len(p) != len(q):
        raise ValueError("both points must have the same number of dimensions")
    step = np.array(p) - np.array(q)
    square = np.sum(step * step)
    return 0.0 if square == 0.0 else math.sqrt(square)


def prod(iterable, *, start=1):
    out = start
    for v in iterable:
        out = out * v
    return out


def fsum(seq):
    """The sum, and beside it the sum of what each addition rounds off, by Neumaier's method."""
    total, rest = 0.0, 0.0
    for v in seq:
        new = total + v
        if abs(total) >= abs(v):
            rest += (total - new) + v
        else:
            rest += (v - new) + total
        total = new
    return total + rest if math.isfinite(rest) else total


def sumprod(p, q):
    if len(p) != len(q):
        raise ValueError("Inputs are not the same length")
    total = 0
    for k in range(len(p)):
        total += p[k] * q[k]
    return total


def isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    if a == b:
        return True
    if math.isinf(a) or math.isinf(b):
        return False
    return abs(a - b) <= max(rel_tol * max(abs(a), abs(b)), abs_tol)


def modf(x):
    whole = np.trunc(x)
    return x - whole, whole


# ---------------------------------------------------------------------------------------------- statistics


def mean(data):
    return np.mean(np.array(data))


def geometric_mean(data):
    return math.exp(np.mean(np.log(np.array(data))))


def harmonic_mean(data):
    return 1.0 / np.mean(1.0 / np.array(data))


def variance(data, xbar=None):
    return spread(np.array(data), xbar, 1)


def pvariance(data, mu=None):
    return spread(np.array(data), mu, 0)


def stdev(data, xbar=None):
    return math.sqrt(spread(np.array(data), xbar, 1))


def pstdev(data, mu=None):
    return math.sqrt(spread(np.array(data), mu, 0))


def spread(a, middle, ddof):
    step = a - (np.mean(a) if middle is None else middle)
    return np.sum(step * step) / (len(a) - ddof)


def median(data):
    return np.median(np.array(data))


SEVERAL = {"math.gcd": gcd, "math.hypot": hypot, "math.log": log}  # rules for so many operands, and more than those
FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    math.comb: comb, math.dist: dist, math.factorial: factorial, math.fsum: fsum, math.isclose: isclose,
    math.isqrt: isqrt, math.lcm: lcm, math.modf: modf, math.perm: perm, math.prod: prod,
    statistics.fmean: mean, statistics.geometric_mean: geometric_mean, statistics.harmonic_mean: harmonic_mean,
    statistics.mean: mean, statistics.median: median, statistics.pstdev: pstdev, statistics.pvariance: pvariance,
    statistics.stdev: stdev, statistics.variance: variance,
    **there(math, sumprod=sumprod),
}  # fmt: skip
METHODS: dict[str, Callable[..., Any]] = {}
