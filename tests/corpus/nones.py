"""Names that are None until something is assigned to them: see `passes/nones.py`."""

import math
from typing import NamedTuple

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.5, -1.5, 2.0, 0.25, 1.1, 0.7])


@case(V)
@case(V[:1])
def best_none(v):
    best = None
    for x in v:
        if best is None or x * x > best:
            best = x * x
    return best * best


@case(V)
def best_pair(v):
    best = None
    for i, x in enumerate(v):
        if best is None or x > best[0]:
            best = (x * x, i)
    return best[0] * (best[1] + 1)


@case(V)
def prev_vals(v):
    prev = prev2 = None
    s = 0.0
    for x in v:
        if prev2 is not None and prev is not None:
            s += (x - 2 * prev + prev2) ** 2
        elif prev is None:
            s += x
        prev, prev2 = x, prev
    return s * prev


@case(V)
def arr_none(v):
    old = None
    s = 0.0
    x = v * 1.0
    for k in range(3):
        if old is not None:
            s += np.sum((x - old) ** 2)
        old = x
        x = np.tanh(x) * v[k]
    return s


@case(V, None)
@case(V, V * 2)
def default_arr(v, w=None):
    if w is None:
        w = v * 2
    return (w * v).sum()


@case(2.0, None, None)
@case(2.0, 3.0, None)
@case(2.0, 3.0, 4.0)
def default_none(x, y=None, z=None):
    if y is None:
        y = x * x
    z = y * x if z is None else z
    return x * y * z


@case(2.0, 0)
@case(2.0, 1)
def cond_none(x, n):
    y = None if n == 0 else x * n
    z = x if y is None else y * y
    y = y if y is not None else x * 3
    return z * y


@case(V)
def reset_none(v):
    run = None
    tot = 0.0
    for x in v:
        if x < 0:
            if run is not None:
                tot += run * run
            run = None
            continue
        run = x if run is None else run * x
    if run != None:  # noqa: E711
        tot += run
    return tot


@case(V)
def none_while(v):
    root = None
    lo, hi = -3.0, 3.0
    k = 0
    while root is None:
        m = 0.5 * (lo + hi)
        if hi - lo < 1e-1:
            root = m * v[0]
        elif m**3 + m - v[2] > 0:
            hi = m
        else:
            lo = m
        k += 1
    return root * v[1]


@case(V)
def none_float_given(v):
    x = v[0]
    for i in range(3):
        if x is not None and x > 1.0:
            x = None
        elif x is None:
            x = v[i]
        else:
            x = x * 3
    return 1.0 if x is None else x * x


@case(1.5)
def param_to_none(x):
    y = 2.0 * x
    if x > 1:
        x = None
    if x is None:
        return y * y
    return y + x


@case(V)
def none_walrus(v):
    last = None
    s = 0.0
    for x in v:
        if (d := (x - last if last is not None else x)) > 0:
            s += d * d
        last = x
    return s


@case(V)
def result_none(v):
    best = None
    for x in v:
        if best is None or x > best:
            best = x
    return best


@case(V)
def in_arithmetic(v):
    m = np.array([0.0, 0.0])
    b = None
    for k in range(2):
        b = v[k] if b is None else b * v[k]
        m[k] = b
        m[k] += b
    return m @ m + max(b, 1.0) + abs(b) + b**2 + (b > 0) * b


def _root(a, b, c):
    d = b * b - 4.0 * a * c
    if d < 0.0:
        return None
    return (math.sqrt(d) - b) / (2.0 * a)


@case(1.0, 3.0, 1.0)
@case(1.0, 0.5, 1.0)
def none_of_a_helper(a, b, c):
    r = _root(a, b, c)
    if r is None:
        return a * b * c
    return r * r * a


def _both(x):
    low = _root(1.0, x, -x)
    if low is None:
        return
    if low < -5.0:
        return low, x
    high = _root(1.0, x, 0.1)
    if high is not None:
        return low * high, high


@case(V)
def none_of_helpers_in_loops(v):
    s = 0.0
    for x in v:
        pair = _both(x)
        if pair is None:
            s -= x * x
            continue
        a, b = pair
        s += a * b * x
    return s if _root(v[0], v[2], v[1]) is None else s * s


def _scaled(v, k):
    if k > 2:
        return None
    for x in v:
        if x > 1.0:
            return v * x * (k + 1)
    return None


@case(V)
def none_or_an_array(v):
    s = 0.0
    for k in range(4):
        w = _scaled(v, k)
        if w is None:
            break
        s += w @ w
    while (w := _scaled(v, 0)) is not None:
        v = w * 0.3
    return s + v @ v


class Hit(NamedTuple):
    distance: float
    x: float


def _hit(o, d):
    disc = d * d - o
    if disc < 0.0:
        return None
    return Hit(math.sqrt(disc), o + d)


@case(V)
def what_is_not_none_behind_a_test(v):
    nearest, hits = None, []
    for i in range(6):
        h = _hit(v[i], v[(i + 1) % 6])
        if h is None:
            continue
        if nearest is None or h.distance < nearest.distance:
            nearest = h
        hits.append(h)
        found = nearest is not None
        if found and len(hits) < 2:
            hits.append(Hit(nearest.x, h.x))
    s = v[0] if nearest is None else nearest.x * nearest.distance
    for t, x in hits:
        s += t * x * x
    return s


@case(V)
def none_again_behind_a_test(v):
    x, y = None, None
    s = 0.0
    for k in range(6):
        known = x is not None
        if known and x > 0.1:
            y = (x, s)
            x = None if k == 2 else x * v[k]
            if x is not None:
                x = x + 1.0
                s += x
        if y is not None and y[0] > 0.2:
            s += y[0] * y[1] + 1.0
        x = v[k] if k % 2 == 0 or x is None else x
    t = (x, s) if x is not None else (s, v[0])
    return t[0] * t[1]
