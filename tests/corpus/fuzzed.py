"""Programs on which the fuzzer once found a fault, shrunk.

`python -m tests.fuzz` prints such a program, ready to be pasted here, when it fails.
"""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)


@case(np.array([-0.3, 0.4, 0.2, 0.7, -0.6]), np.array([-0.2, 1.1, 0.5, -0.7, 0.3]), 4)
def one_intermediate_kept_at_two_places(x, y, n):
    s = 0.0
    z = np.ones(5)
    for i in range(len(x)):
        for j in range(n):
            for k in range(-2, 3):
                s -= max(z[-i % 5] if y[(k + j) % 5] > 0.1 else y[(k + j) % 5] * 0.5, y[j % 5 - 1])
    for i in range(3, 1):
        z[i] = x[i]
    return s * x[1]


@case(0.6, -0.8, np.array([0.4, -1.1, 0.9, 1.7]), 3)
def what_is_never_reached(x, y, v, n):
    s = 0.3
    for i in range(n, 0, -1):
        if x * i > 5.0:
            return v[2] + s
            s += 1.0
        for _ in range(3):
            continue
            if x < y:
                break
        else:
            s += math.sin(s) - x * v[i]
    return s * x


@case(0.6, 3)
def a_branch_that_the_compiler_rules_out(x, n):
    s = 0.3
    if 0.5 > s:
        k = 0
        while k < 2 and x > -3.0:
            return math.tanh(x) + s
    else:
        s += ((x if n > 2 else 2.0 * x) - x * x) if n > 2 and x > s else max(0.5, x / n)
    return s + x


@case(0.6, 0.8, 3)
@case(0.6, 0.8, 0)
def an_argument_assigned_where_no_iteration_follows(x, y, n):
    s = x * y
    for _ in range(n):
        for k in range(n):
            s += math.sin(s * y)
            if s > 50.0:
                y -= x * k
        break
    return s * x


@case(0.6, np.array([0.2, 0.5]), 0)
@case(0.6, np.array([0.2, 0.5]), 2)
def a_loop_beside_a_raise(x, v, n):
    s = x
    if s > 0.2:
        k = 0
        while k < n:
            s += v[0] * s
            k += 1
    elif n > 7:
        raise ValueError("n")
    else:
        raise ValueError("x")
    t = math.sin(s)
    s += 1.0
    return t * s


@case(0.6, 0.4, 3)
def a_raise_in_a_helper_in_a_loop(x, y, n):
    def g(a, b, n):
        s = 0.3
        if not n:
            raise ValueError("n")
        else:
            s -= a
            c = 0
            while True:
                c += 1
                if c > n:
                    break
                s += s * b
        return s

    t = x
    for k in range(n):
        t += g(y, g(t, x, 2), k + 1)
        if t > 9.0:
            break
    return t
