"""Names of the user's that generated code might take for itself."""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1])


def rec(tape, result_bar_0, tape_0):
    if tape_0 <= 0:
        return tape * result_bar_0
    s = tape
    k = 0
    while s < 2.0:
        s = s * s + 0.9
        k += 1
    return rec(tape * 0.5, s, tape_0 - 1) * s + result_bar_0


@case(0.4, 0.7, 3)
def n1(tape, x, n):
    tape_1 = x * x
    return rec(tape, tape_1, n) * tape


def h_forward(x, n):
    return x if n <= 0 else h_forward(x * x, n - 1) * 2.0


def h(x, n):
    return h_forward(x, n) if n <= 0 else h(x * 0.9, n - 1) * h_forward(x, n)


def h_reverse(x, n):
    return h(x, n) * x if n <= 0 else h_reverse(x, n - 1) + x


@case(0.4, 2)
def n2(x, n):
    return h(x, n) * h_reverse(x, n)


@case(X, 0.4)
def n3(x, x_bar):
    s_saved = x_bar
    s = 0.3
    a1 = 1.0
    taken = 0.5
    trips = 2.0
    route = 3.0
    term = 1.5
    for i in range(5):
        s = math.sin(s * x[i]) * x_bar
        a1_bar = max(s, x_bar)
        if s > 0.1:
            a1 = a1 * a1_bar
            taken += s * taken
        while s < 0.2:
            s = s + 0.3
            trips = trips * s
        s_saved = s_saved + s * route * term
        last = s
        left = s * s
        if x[i] > 1:
            if left > 100:
                break
            left = 2.0
        s = s * left * last
    s_bar = s_saved
    return s_bar * a1 * taken * trips


@case(X, 0.4)
def n4(self, lambda_):
    max_ = self[0]
    len_ = lambda_
    range_ = max_ * len_
    _ = range_ * self[1]
    __ = _ * 2
    np_ = __ * lambda_
    return np_ + _


@case(X, 3)
def n5(index, length):
    size = length
    index_bar = 0.3
    v = [index[0]]
    for k in range(size):
        v.append(v[k] * index[k])
        index[k] = v[k + 1]
    v_length = v[0] * v[-1]
    v_size = v_length * index_bar
    v_bar = v_size * v[1]
    return v_bar + v_length


@case(0.3)
def n6(x):
    forward = x * x
    backward = forward * x
    share_memory = backward + 1
    where_of_any = share_memory * 2
    polygamma = math.lgamma(where_of_any)
    digamma = math.gamma(polygamma + 2)
    return digamma * polygamma


@case(0.3)
def math_(x):
    def sin(x):
        return x * 3

    return sin(x) * math.sin(x)


@case(0.3)
def n7(pow):
    abs = pow * 2
    sum = abs + pow
    min = sum * abs
    return min * pow**2


@case(X, 2)
def n8(x, n):
    def inner(x, n):
        return inner2(x, n) + x[n]

    def inner2(n, x):
        return n[x] * n[0]

    n_1 = inner(x, n)
    x_1 = n_1 * n_1
    for n in range(2):
        x_1 = x_1 + inner(x, n) * x_1
    return x_1 * n_1
