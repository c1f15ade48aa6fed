"""Loops in which a branch overwrites what earlier iterations carried: the last iteration that took it may be all
that matters, or not quite.
"""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, 0.7, 0.3, 0.9])


def mx11(x0, v):
    s = 0.0
    t = 0.1
    for i in range(4):
        w = v[i] * v[i]
        if w > s:
            s = w
            if i < 2:
                t = v[i] * x0
    return s * s * t


def mx12(x0, v):
    s = 0.0
    t = 0.1
    for i in range(4):
        w = v[i] * v[i]
        if w > s:
            s = w
            t = max(t, v[i])
    return s * s * t


def mx13(x0, v):
    s = 0.0
    t = 0.1
    for i in range(4):
        w = v[i] * v[i]
        if w > s:
            s = w
            t = s if i > 1 else t
    return s * s * t


def mx14(x0, v):
    s = 0.0
    t = 0.1
    for i in range(4):
        w = v[i] * v[i]
        if w > s:
            s = w
            for j in range(2):
                if j > i:
                    t = v[i] * w
    return s * s * t


def mx15(x0, v):
    s = 0.0
    y = v
    for i in range(4):
        w = v[i] * v[i]
        if w > s:
            s = w
            y = v[i:]
    return s * s * y[0] * x0


def mx16(x0, v):
    s = 0.0
    y = v * 2.0
    for i in range(4):
        w = v[i] * v[i]
        if w > s:
            s = w
            y[0] = w * s
    return s * s * y[0] * x0


def mx17(x0, v):
    s = 0.0
    k = 0
    for i in range(4):
        w = v[i] * v[i]
        if w > s:
            s = w
            k = i
        elif w > 0.3:
            k = k + 1
    return s * s * v[k] * x0


def mx18(x0, v):
    s = 0.0
    for i in range(4):
        w = v[i] * v[i]
        if w > s:
            s = w
        else:
            x0 = x0 * w
    return s * s * x0


def mx19(x0, v):
    s = 0.0
    for i in range(4):
        w = v[i] * v[i]
        if w > s:
            s = w
            while w < 2.0:
                w = w * w + 0.5
                s = w
    return s * s * x0


def mx(x0, v):
    s = x0
    for i in range(3):
        s = max(s, v[i])
    return s * s


def mx2(x0, v):
    s = x0
    t = 0.0
    for i in range(3):
        w = v[i] * v[i]
        if w > s:
            s = w
            t = v[i] * x0
    return s * s * t


def mx3(x0, v):
    s = x0
    t = 0.0
    for j in range(3):
        for i in range(j, 3):
            w = v[i] * v[j]
            if w > s:
                s = w
                t = v[i] * x0
    return s * s * t


def mx4(x0, v):
    s = x0
    t = 0.0
    for i in range(3):
        w = v[i] * v[i]
        if w > s:
            s = w
            t = v[i] * x0
        x0 = x0 * 0.9
    return s * s * t


def mx5(x0, v):
    s = x0
    for i in range(3):
        w = v[i] * v[i]
        if w > s:
            s = w
            v[i] = 2.0
    return s * s * v[0]


def mx6(x0, v):
    s = x0
    for i in range(3):
        w = v[i] * v[i]
        if w > s:
            s = w
        else:
            s = 0.3
    return s * s * v[0]


def mx7(x0, v):
    s = x0
    for i in range(3):
        w = v[i] * v[i]
        if w > s:
            s = w
        s = s
    return s * s * v[0]


def mx8(x0, v):
    s = x0
    t = x0
    for i in range(3):
        w = v[i] * v[i]
        if w > s:
            s = w
        if w > t * 2:
            t = s
    return s * s * t


def mx9(x0, v):
    s = x0
    t = x0
    for i in range(3):
        w = v[i] * v[i]
        if w > s:
            s = w
            t = x0 * w
            if i > 1:
                t = v[0]
    return s * s * t


def mx10(x0, v):
    s = x0
    r = 0.0
    for k in range(2):
        for i in range(3):
            w = v[i] * v[i] * (k + 1)
            if w > s:
                s = w
        r += s * s * x0
        s = s * 0.5
    return r


for f in [f for name, f in sorted(globals().items()) if name.startswith("mx")]:
    for args in ((0.3, X), (0.9, X[::-1].copy()), (0.9, np.sort(X)), (0.1, X)):
        case(*args)(f)


@case(np.array([0.9, 2.0, 0.3, 0.5]))
def values_in_a_list(x):
    """What the iterations keep is in a list: the reverse of one of them alone would take what another kept."""
    best = 1e9
    for k in range(len(x)):
        v = x[k]
        while v < 3.0:
            v = v * v + 0.8
        if v < best:
            best = v
    return best


@case(np.array([0.9, 0.3, 1.7, 0.5]))
def values_in_a_list_of_an_outer_loop(x):
    s = 0.0
    t = 1.0
    while t < 9.0:
        best = 1e9
        for k in range(len(x)):
            v = math.exp(x[k] * t - 2.0)
            v = v * v - v
            if v < best:
                best = v
        s += best
        t += 3.0
    return s * s
