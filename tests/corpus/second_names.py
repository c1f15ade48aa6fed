"""Second names of functions and of what holds them: in a loop the first name may be given something else meanwhile."""

import functools
import math
from functools import partial

import numpy as np

from . import into

CASES = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4, 0.9])


@case(V)
def of_tuples(x):
    s = 0.0
    for i in range(len(x)):
        fns = (math.sin, x[i])
        if i % 2 == 0:
            before = fns
        s += before[0](before[1]) * (i + 1)
    return s


@case(V)
def of_defaults(x):
    s = 0.0
    for i in range(len(x)):

        def f(t, a=x[i]):
            return t * a

        if i % 2 == 0:
            g = f
        s += g(x[0]) * (i + 1)
    return s


@case(V)
def of_partials(x):
    s = 0.0
    for i in range(len(x)):
        f = partial(lambda a, t: a * t, x[i])
        give = lambda f=f: f  # noqa: E731
        if i % 2 == 0:
            g = give()
        s += g(x[0]) * (i + 1)
    return s


@case(V)
def of_choices(x):
    s = 0.0
    for i in range(len(x)):
        f = math.sin if x[i] > 0.5 else math.exp
        if i % 2 == 0:
            g = f
        s += g(x[0]) * (i + 1)
    return s


@case(V)
def in_each_other(x):
    s, i = 0.0, 0
    while i < len(x):
        fns = (math.sin, x[i])
        if i % 2 == 0:
            kept = (fns, 2.0, lambda t, fns=fns: fns[0](fns[1] * t))
        s += kept[0][0](kept[0][1]) * (i + 1) + kept[2](x[1])
        i += 1
    return s


@functools.cache
def choose(n, k):
    return 1 if k in {0, n} else choose(n - 1, k - 1) + choose(n - 1, k)


@case(V)
def bernstein(x):
    n = len(x) - 1
    return sum(choose(n, k) * 0.3**k * 0.7 ** (n - k) * v for k, v in enumerate(x)) ** 2


@case(V)
def without_warnings(x):
    s = 0.0
    for v in x:
        with np.errstate(invalid="ignore", divide="ignore"):
            if v < 0.0:
                continue
            s += np.log(v) * x[0]
            if s > 0.2:
                break
    return s * s


@case(V)
def spread(x):
    def total(*args, scale=1.0):
        return scale * sum(a * a for a in args)

    a = [v * v for v in x if v > 0.0]
    d = [*a, x[0], *x[1:3], 1.0]
    e = [*d]
    e[0] = 5.0 * x[1]
    s = sum(v * (i + 1) for i, v in enumerate(d) if i not in {2, 3})
    return s + e[0] * e[1] * d[0] + total(*x[:3]) + math.hypot(*x[1:4]) + max(*x[0:2])
