# ruff: noqa: RUF007, RUF058
"""`map`, `filter`, `reduce` and `itertools`."""

import functools
import itertools
import math
import operator
from functools import reduce
from itertools import accumulate, chain, combinations, islice, pairwise, permutations, product, repeat, starmap

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1])
Y = np.array([1.2, 0.4, -0.3, 0.7, -0.6])


@case(X, Y)
def maps(x, y):
    s = sum(map(lambda v: v * v, x)) + sum(map(operator.mul, x, y)) + max(map(abs, y))
    for v in map(math.sin, x):
        s += v
    for i, v in enumerate(map(lambda a, b: a * b, x, y)):
        s += i * v
    a, b = map(lambda t: t * t, (x[0], y[1]))
    return s * a * b + np.array(list(map(math.exp, x))) @ y + sum(map(lambda k: x[k] ** 2, range(4)))


@case(X)
def filters(x):
    s = sum(filter(lambda v: v > 0, x)) ** 2
    for v in filter(lambda v: v < 0, x):
        s += v**3
    return s + sum(map(lambda v: v * v, filter(lambda v: v > -1, x))) + len(list(filter(None, [1, 0, 2]))) * x[0]


@case(X)
def reduces(x):
    s = reduce(lambda a, b: a * 0.5 + b * b, x) + functools.reduce(operator.mul, x, 2.0) + reduce(max, x)
    return s + reduce(lambda s, k: s + x[k] * k, range(4), 0) * reduce(operator.add, [v * v for v in x if v > 0], 1.0)


@case(X)
def products(x):
    s = 0.0
    for i, j in product(range(5), repeat=2):
        s += x[i] * x[j] * (i - j) * x[j]
    for a, b in product(x, x[:2]):
        s += a * b * b
    for v, k in product(x, (1, 2, 3)):
        s += v**k
    for i, j, k in itertools.product(range(2), range(2), range(3)):
        if i == j:
            continue
        s += x[i] * x[j] * x[k]
        if s > 3.0:
            break
    else:
        s = -s
    return s


@case(X)
def chosen(x):
    s = 0.0
    for a, b in combinations(x, 2):
        s += a * b * b
    for i, j in combinations(range(4), 2):
        s += (x[i] - x[j]) ** 2 * i
    for i, j, k in combinations(range(4), 3):
        s += x[i] * x[j] ** 2 * x[k]
    for i, j in permutations(range(3), 2):
        s += x[i] * x[j] ** 3
    return s + sum(abs(a - b) for a, b in combinations(x, 2))


@case(X)
@case(X[:1])
@case(X[:0])
def accumulated(x):
    s = 0.0
    for k, t in enumerate(accumulate(x)):
        s += k * t
    for t in accumulate(x, lambda a, b: a * b):
        s += t * t
    for t in accumulate(x, max):
        s += t
    return s + sum(accumulate(x, initial=2.0)) + list(accumulate([1, 2, 3]))[2] * s


@case(X)
def one_after_the_other(x):
    s = 0.0
    for a, b in pairwise(x):
        s += a * b
    for v in chain(x[:2], x[3:], (x[2],)):
        s += v**3
    for v in islice(x, 1, 4):
        s -= v * v
    for v in itertools.takewhile(lambda t: t < 1.0, x):
        s += v * s
    for a, b in zip(x, repeat(2.0, 3), strict=False):
        s += a**b
    return s + sum(starmap(lambda a, b: a * b, zip(x, x[1:]))) + sum(itertools.compress(x, [1, 0, 1, 1, 0]))
