"""Lists outside of the function: numbers, tuples, lists in lists, read where they are."""

import numpy as np

from . import into

CASES = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4, 0.9])

KNOTS = [0.0, 0.5, 1.0, 2.0]
PAIRS = [(0, 1), (1, 2), (3, 0)]
PLACES = [3, 1, 2]
TABLE = [[1.0, 2.0, 0.5], [0.3, -1.0, 4.0]]
NEAR = [[1, 2], [0], [3, 4, 0], [], [2]]
WEIGHTED = [[(1, 0.5), (2, 1.5)], [(0, -1.0)], [(3, 2.0), (4, 0.3)], [], [(0, 1.0)]]
MIXED = [1, 0.5, 2]


@case(V)
def numbers(x):
    s = 0.0
    for k in KNOTS:
        s += (x[0] - k) ** 2 * x[1]
    for i in range(len(KNOTS) - 1):
        s += (x[i] - KNOTS[i]) ** 2 * (KNOTS[i + 1] - KNOTS[-1])
    for k, i in zip(KNOTS, PLACES):
        s += k * x[i] * x[PLACES[-i]]
    for p, q in zip(KNOTS[:-1], reversed(KNOTS[1:])):
        s += (q - p) * x[4]
    a, *rest = KNOTS
    return s * sum(KNOTS) * max(*KNOTS) + min(PLACES) * x[PLACES].sum() ** 2 + sum(rest) * (x[0] + a)


@case(V)
def tuples(x):
    s = 0.0
    for i, j in PAIRS:
        s += x[i] * x[j]
    for k, (i, j) in enumerate(PAIRS):
        s += x[i] * x[j] * k
    for p in reversed(PAIRS):
        s = s * x[p[0]] + x[p[1]]
    return s + x[PAIRS[1][0]] * x[PAIRS[-1][1]] + sum(x[i] * x[j] for i, j in PAIRS if i < j)


@case(V)
def lists_in_lists(x):
    s = 0.0
    for i in range(len(TABLE)):
        for j in range(len(TABLE[i])):
            s += TABLE[i][j] * x[i] * x[j]
    for row in TABLE:
        for j, v in enumerate(row):
            s += v * x[j] ** 2
        s += row[-1] * x[0] + len(row)
    for i in range(len(NEAR)):
        for j in NEAR[i]:
            s += x[i] * x[j] ** 2
        if len(NEAR[i]) > 1:
            s += x[NEAR[i][-1]] * x[NEAR[i][-i]]
    for i, row in enumerate(WEIGHTED):
        for j, w in row:
            s += w * x[i] * x[j]
    return s + TABLE[-1][-2] * x[0] + WEIGHTED[0][1][1] * x[WEIGHTED[0][1][0]]


@case(V)
def of_numpy(x):
    m = np.array(TABLE)
    y = np.interp(x[3], KNOTS, [1.0, 2.0, 5.0, -1.0])
    return np.dot(np.array(KNOTS), x[:4]) + (m @ x[:3]).sum() * y * np.mean(KNOTS)


def horner(c, t):
    s = 0.0
    for v in reversed(c):
        s = s * t + v
    return s


def piece(knots, t):
    for i in range(len(knots) - 1):
        if knots[i] <= t < knots[i + 1]:
            return (t - knots[i]) * knots[i + 1]
    return knots[-1] * t


def power_series(c, k, t):
    return 0.0 if k == len(c) else c[k] + t * power_series(c, k + 1, t)


@case(V)
def given_to_others(x):
    knots = KNOTS
    s = horner(KNOTS, x[0]) * piece(knots, x[4]) + horner(MIXED, x[1])
    return s + power_series(KNOTS, 0, x[0]) * power_series(MIXED, 0, x[1])


@case(V)
def copies(x):
    k = KNOTS.copy()
    k.append(x[0])
    k[0] = x[1]
    a = list(KNOTS)
    a[1] = x[2]
    b = sorted(KNOTS, reverse=True)
    s = KNOTS.index(0.5) + KNOTS.count(1.0)
    for i in range(5):
        if i in PLACES:
            s += x[i] ** 2
        if i not in PLACES and 0.5 in KNOTS:
            s += x[i] * s
    return sum(k) ** 2 + a[1] * a[3] + b[0] * x[0] + s * (x[3] if KNOTS else 3.0)
