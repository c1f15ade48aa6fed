"""Data with missing or infinite values, which the function looks for: they have no part in the derivative."""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
T = np.array([1.0, 2.0, 3.0])
X = np.array([1.5, math.nan, 2.0])


@case(0.7, T, X)
@case(0.7, T, X, wrt="a")
def sum_of_squares(a, t, x):
    return np.nansum((x - a * t) ** 2) + np.nanmean(np.sin(a * x) * x)


@case(0.7, T, X, wrt=("a", "t"))
def overwritten(a, t, x):
    r = a * x * t
    r[np.isnan(r)] = 0.0
    return np.sum(r * r)


@case(0.7, T, X, wrt=("a", "t"))
def masked(a, t, x):
    r = a * x * t
    s = r * r
    return s[~np.isnan(x)].sum()


@case(0.7, T, X, wrt=("a", "t"))
def asked_in_a_loop(a, t, x):
    s = 0.0
    for v in (x - a * t) ** 2:
        if not math.isnan(v):
            s += v * a
    return s


@case(0.7, T, X, wrt=("a", "t"))
def compared_with_itself(a, t, x):
    s, most = 0.0, -math.inf
    for i in range(len(x)):
        d = a * x[i] * math.sin(x[i] * t[i])
        if d != d:
            continue
        s += d
        most = max(most, d * t[i])
    return s * most


@case(0.7, T, X, wrt=("a", "t"))
def infinite_scores(a, t, x):
    scores = np.where(np.isnan(x), -math.inf, a * t * t)
    total = 0.0
    for v in scores * scores * a:
        if v < math.inf:
            total += v
    return total


@case(np.array([0.3, -0.2]), T, np.array([2.0, math.inf, 1.0]))
def infinite_distance(w, t, d):
    best = math.inf
    for i in range(len(d)):
        cost = w[0] * d[i] * d[i] + w[1] * t[i]
        if cost != math.inf and cost < best:
            best = cost
    return best
