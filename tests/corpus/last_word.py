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


A = np.array([[0.5, -0.7, 0.3], [0.2, 0.9, -0.4], [0.1, 0.15, 0.05], [1.1, -0.2, 0.6]])
B = np.array([0.3, 0.1, 0.2])


def distance(a, b):
    total = 0.0
    for j in range(len(a)):
        total += (a[j] - b[j]) * (a[j] - b[j])
    return total


@case(A, A[:2] * 0.7 + 0.1)
def nearest_by_a_helper(points, centres):
    total = 0.0
    for i in range(len(points)):
        closest = math.inf
        for c in range(len(centres)):
            closest = min(closest, distance(points[i], centres[c]))
        total += closest
    return total


@case(A, B)
def view_read_after_the_loop(A, b):
    best = 10.0
    for i in range(len(A)):
        row = A[i]
        d = distance(row, b)
        if d < best:
            best = d
    return best * row[1]


@case(A, B)
def view_carried(A, b):
    best = 10.0
    near = A[0]
    for i in range(len(A)):
        d = distance(A[i], b)
        if d < best:
            best = d
            near = A[i]
    return best * near[1] * b[0]


@case(A, B)
def view_made_in_the_branch(A, b):
    best = 10.0
    for i in range(len(A)):
        tail = A[i, 1:]
        d = tail[0] * tail[1] * b[0]
        if d < best:
            v = A.T[:, i]
            best = v[0] * d + b[1]
    return best * b[2]


@case(A, B)
def viewed_memory_written_after(A, b):
    C = A * b[0]
    best = 10.0
    for i in range(len(A)):
        d = distance(C[i], b)
        if d < best:
            best = d
    for i in range(len(A)):
        C[i, 0] = best * C[i, 1]
    return best + C[0, 0] * C[3, 0]


@case(A, B)
def viewed_memory_written_in_the_loop(A, b):
    best = 10.0
    for i in range(len(A)):
        row = A[i]
        row[0] = row[1] * b[0]
        d = distance(row, b)
        if d < best:
            best = d
    return best * A[1, 0]


@case(A, B)
def views_in_nested_loops(A, b):
    total = 0.0
    for k in range(3):
        best = -10.0
        b[k] = b[k] * b[(k + 1) % 3]
        for i in range(len(A)):
            rest = A[i][k:]
            d = 0.0
            for j in range(len(rest)):
                d += rest[j] * b[j] * b[k]
            if d > best:
                best = d
        total += best * best
    return total


@case(A, B)
def view_kept_from_the_iteration_before(A, b):
    best = 10.0
    before = A[3]
    for i in range(len(A)):
        d = distance(before, b) * A[i, 0]
        if d < best:
            best = d
        before = A[i]
    return best * b[0]


@case(A, B)
def copy_in_the_loop(A, b):
    best = 10.0
    for i in range(len(A)):
        row = A[i].copy()
        row[0] = row[1] * b[0]
        d = distance(row, b)
        if d < best:
            best = d
    return best * A[1, 0]
