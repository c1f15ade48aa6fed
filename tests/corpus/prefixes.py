"""Scratch space that each iteration writes one element after the other, and reads where it has written; and what only
looks like it."""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
rng = np.random.default_rng(7)
L = np.tril(rng.normal(size=(4, 4))) * 0.3 + 2.0 * np.eye(4)
X = rng.normal(size=(9, 4))
W = rng.normal(size=4) * 0.5


@case(L, X)
def solved(m, x):
    """A triangular system for each row."""
    h = np.empty(m.shape[0])
    t = 0.0
    for i in range(x.shape[0]):
        for a in range(m.shape[0]):
            s = x[i, a]
            for b in range(a):
                s -= m[a, b] * h[b]
            h[a] = s / m[a, a]
            t += math.log1p(h[a] * h[a])
    return t


@case(L, X)
def solved_backwards(m, x):
    """The inner loop counts down, and what has been written is used again behind it."""
    h = np.zeros(m.shape[0])
    t = 0.0
    for i in range(x.shape[0]):
        for a in range(len(h)):
            s = x[i, a]
            for b in range(a - 1, -1, -1):
                s -= m[a, b] * h[b] * h[b]
            h[a] = math.tanh(s)
            h[a] *= m[a, a]
            h[a // 2] += 0.1 * h[a]
            for b in range(a):
                h[b] += 0.01 * h[a]
        for a in range(len(h)):
            t += h[a] * h[len(h) - 1 - a]
    return t


@case(W, X)
def recurrent(w, x):
    """A first element, and each of the others from the one before."""
    h = np.empty(x.shape[1])
    t = 0.0
    for i in range(x.shape[0]):
        h[0] = x[i, 0] * w[0]
        for k in range(1, x.shape[1]):
            h[k] = math.tanh(w[1] * h[k - 1] + w[2] * x[i, k])
        t += h[-1] * h[0]
    return t


@case(W, X)
def two_before(w, x):
    h = np.empty(x.shape[1])
    t = 0.0
    for i in range(x.shape[0]):
        h[0] = x[i, 0]
        h[1] = w[0] * h[0]
        for k in range(2, len(h)):
            back = k - 2
            h[k] = w[1] * h[k - 1] + math.sin(w[2] * h[back]) + w[3] * h[1]
        t += h[len(h) - 1] ** 2
    return t


@case(W, X)
def around(w, x):
    """h[-1] is the last element of the iteration before: it carries."""
    h = np.zeros(x.shape[1])
    t = 0.0
    for i in range(x.shape[0]):
        for k in range(x.shape[1]):
            h[k] = math.tanh(w[0] * h[k - 1] + w[1] * x[i, k])
        t += h[1] * h[2]
    return t


@case(W, X)
def left_out(w, x):
    """The first element is that of the iteration before, and of it the one before that."""
    h = np.ones(x.shape[1])
    t = 0.0
    for i in range(x.shape[0]):
        for k in range(1, x.shape[1]):
            h[k] = w[k] * h[k - 1] + x[i, k]
        h[0] = math.tanh(h[2])
        t += h[3]
    return t


@case(W, X)
def on_a_condition(w, x):
    """Elements that some iterations do not write."""
    h = np.zeros(x.shape[1])
    t = 0.0
    for i in range(x.shape[0]):
        for k in range(x.shape[1]):
            if x[i, k] > 0.0:
                h[k] = w[k] * x[i, k]
        t += h[0] * h[1] + h[2]
    return t


@case(W, X)
def ahead(w, x):
    """Elements that are read before they are written again."""
    h = np.ones(x.shape[1])
    t = 0.0
    for i in range(x.shape[0]):
        for k in range(x.shape[1]):
            s = 0.0
            for j in range(k + 1):
                s += w[j] * h[j]
            h[k] = math.tanh(s + x[i, k])
        t += h[0] + h[3] * h[3]
    return t


@case(W, X, 2)
def up_to_a_count(w, x, n):
    """Less than all of them."""
    h = np.ones(x.shape[1])
    t = 0.0
    for i in range(x.shape[0]):
        for k in range(n):
            h[k] = math.tanh(w[k] * x[i, k])
        for k in range(x.shape[1]):
            t += h[k] * w[k]
        h[3] *= 0.9
    return t


@case(W, X)
def other_first(w, x):
    """The first element of another array is written."""
    h = np.ones(x.shape[1])
    g = np.ones(x.shape[1])
    t = 0.0
    for i in range(x.shape[0]):
        g[0] = h[1] * w[0]
        for k in range(1, x.shape[1]):
            h[k] = math.tanh(h[k - 1] * w[k] + g[0] + x[i, k])
        h[0] = 0.5 * h[1]
        t += h[3]
    return t
