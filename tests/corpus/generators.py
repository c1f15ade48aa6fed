"""Loops over generators, which are read in place: what they yield, how they are left, what they share with the loop."""

import numpy as np

from . import into

CASES = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4, 0.9])


def leapfrog(q, p, k, dt, n):
    for _ in range(n):
        p -= dt / 2 * k * q
        q += dt * p
        p -= dt / 2 * k * q
        yield q, p


def halves(t):
    while True:
        yield t
        t *= 0.5


def pairs(x):
    for i in range(len(x)):
        for j in range(i):
            yield x[i], x[j]
    yield x[0], 2.0
    if len(x) > 3:
        yield 1.0, x[1]


def windows(x, n):
    if n > len(x):
        return
    for i in range(len(x) - n + 1):
        yield x[i:i + n]


@case(V)
def traj(x):
    s = 0.0
    for q, p in leapfrog(x[0], x[1], x[2], 0.1, 10):
        s += q * q + p
    return s


@case(V)
def infinite(x):
    s = 0.0
    for t in halves(x[2] ** 2):
        if t < 0.1:
            break
        if t < 0.6:
            continue
        s += t * t * x[0]
    return s * t


@case(V)
def several(x):
    s = 0.0
    for a, b in pairs(x):
        if a < 0:
            continue
        s += a * b ** 2
        for k in range(3):
            if k == 1:
                continue
            if k * a > 1.5:
                break
            s *= 1.1
        else:
            s += 0.1
        if s > 4:
            break
    else:
        s *= 2
    for a, b in pairs(x[:2]):
        s += a * b
        if s > 1e9:
            break
    else:
        s *= 3
    return s + sum(a * b for a, b in pairs(x) if a > b) + sum(w.sum() ** 2 for w in windows(x, 3))


@case(V)
def lists(x):
    few = list(halves5(x[0]))
    m = [a * b for a, b in pairs(x)]
    t = [v for w in windows(x, 2) for v in w]
    s = sum(v * i for i, v in enumerate(t)) + max(a for a, b in pairs(x)) + sum(list(halves5(x[1])))
    return few[2] * len(few) + sum(m) * m[1] + s


def halves5(t):
    for _ in range(5):
        yield t
        t *= 0.5


@case(V)
def bound_param(x):
    s = x[0]
    n = 3
    r = 0.0
    for v in scaled(x, s, n):
        s += v
        n += 1
        r += s * n
    return r


def scaled(x, s, n):
    for k in range(n):
        yield x[k] * s


@case(V)
def closure_gen(x):
    w = x[1]
    n = 3
    def gen():
        for k in range(n):
            yield w * x[k]
    s = 0.0
    for v in gen():
        w = w + v * x[0]
        n = 2
        s += v * w
    return s * w


@case(V)
def array_gen(x):
    def steps(y, n):
        for _ in range(n):
            y[1:] += 0.5 * y[:-1]
            yield y
    y = x.copy()
    s = 0.0
    for z in steps(y, 3):
        s += (z * z).sum()
        z[0] = s * 0.1
    return s + y.sum()


@case(V)
def nested_gen(x):
    def outer(n):
        for k in range(n):
            for v in halves(x[k] ** 2):
                if v < 0.1:
                    break
                yield v * (k + 1)
    s = 0.0
    for v in outer(3):
        for u in halves(v):
            if u < 0.5:
                break
            s += u * v
            if s > 100:
                break
        if s > 50:
            break
    return s


@case(V)
def genexpr_inside(x):
    for a in [1.0, 2.0]:
        for v in halves5(a * x[0]):
            if v < 0.2:
                break
            x = x * (1 + 0.1 * v)
    return (x * x).sum()


@case(V)
def early(x):
    s = 1.0
    for w in windows(x, 7):
        s += w[0]
    return s * x[0]


@case(V)
def prevcarry(x):
    prev = 0.0
    s = 0.0
    for a, b in pairs(x):
        s += a * prev + b
        prev = b * a
    return s


@case(V)
def gen_raise(x):
    def g(n):
        if n < 0:
            raise ValueError("n")
        for k in range(n):
            if x[k] < 0:
                continue
            if k == 4:
                return
            yield x[k]
    s = 0.0
    for v in g(5):
        s += v * v
    return s


@case(V)
def nested_ret(x):
    def inner(y):
        yield y * 1.5
        yield from halves(y)
        yield from (y, 2.0)

    def outer(n):
        for k in range(n):
            for v in inner(x[k] ** 2):
                for m in range(3):
                    if m * v > 0.5 and k == 2:
                        return
                else:
                    if v < 0.2:
                        break
                yield v * (k + 1)
    s = 0.0
    for v in outer(5):
        s += v * v
        if s > 100:
            break
    else:
        s *= 1.5
    return s
