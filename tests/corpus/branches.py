"""if/elif/else, short circuits, chained comparisons, bools, variables that live in one branch only."""

import math

import numpy as np

from . import Case


def if_else(x):
    if x > 0.0:
        y = x * x
    else:
        y = -x
    return y * 2.0


def if_without_else(x):
    y = x
    if x > 1.0:
        y = y * x
    return y * y


def elif_ladder(x):
    if x < -1.0:
        y = -x
    elif x < 0.0:
        y = x * x
    elif x < 1.0:
        y = math.sin(x)
    else:
        y = math.log(x)
    return y * x


def nested(x, y):
    if x > 0.0:
        if y > 0.0:
            z = x * y
        else:
            z = x - y
            if z > 3.0:
                z *= z
    else:
        z = y if y > 0.0 else x * x
    return z + x


def branch_only_local(x):
    s = x
    if x > 0.0:
        t = x * x
        s += t
    else:
        u = math.exp(x)
        s -= u
    return s


def overwritten_in_branch(x, y):
    z = x * y
    if x > y:
        x = z
        z = x * x
    else:
        y = z + 1.0
    return x * y * z


def condition_overwritten_afterwards(x):
    c = x > 1.0
    y = x * 2.0 if c else x
    c = not c
    if c:
        y = y * y
    x = y * 3.0
    if x > 1.0:
        y = y * x
    return y


def condition_operand_overwritten(x, y):
    if x > y:
        x = y * y
        z = x * 3.0
    else:
        y = x
        z = y * y
    if x > y:
        z *= x
    return z + y


def chained_comparison(x):
    if 0.0 < x < 1.0:
        return x * x
    if 1.0 <= x <= 2.0 < 3.0:
        return x**3
    return -x


def and_or_not(x, y):
    if (x > 0.0 and y > 0.0) or not x < 5.0:
        return x * y
    if not (x > 0.0 or y > 0.0):
        return x - y
    return x + y * y


def guard_division(x, y):
    if y != 0.0 and x / y > 1.0:
        return x / y
    return x


def guard_index(v, i):
    n = len(v)
    if i < n and v[i] > 0.5:
        return v[i] * 2.0
    if i >= n or v[i] < 0.0:
        return v[0] * v[0]
    return v[i]


def short_circuit_in_loop(v, limit):
    i = 0
    s = 0.0
    while i < len(v) and v[i] < limit:
        s += v[i] * v[i]
        i += 1
    return s


def bool_variable(x, y):
    above = x > y
    both = above and x > 0.0
    if both:
        s = x * y
    else:
        s = x + y
    if not above:
        s *= 2.0
    return s


def bool_accumulated(v):
    seen = False
    s = 0.0
    for i in range(len(v)):
        seen = seen or v[i] > 0.5
        if seen:
            s += v[i] * v[i]
    return s


def int_condition(x, n):
    y = x
    if n % 2 == 0:
        y = y * x
    if n:
        y += x
    return y


def empty_branches(x):
    if x > 0.0:
        pass
    else:
        x = x * 2.0
    if x > 100.0:
        x = 0.0
    return x * x


def conditional_expressions_nested(x, y):
    a = (x if x > y else y) * (x - y if x > 0.0 else x + y)
    return a if a > 0.0 else -a * a


def equality_on_int(x, mode):
    if mode == 0:
        r = math.sin(x)
    elif mode == 1:
        r = math.cos(x)
    elif mode != 2:
        r = math.tan(x)
    else:
        r = x
    return r * x


def same_variable_three_ways(x, y):
    t = x
    if y > 0.0:
        t = t * y
    if y > 1.0:
        t = t * t
    elif y < -1.0:
        t = t + y
    return t


def assertion(x, n):
    assert n > 0
    assert x > 0.0, "x must be positive"
    return math.log(x) * n


def raising(x, n):
    if n < 0:
        raise ValueError("negative")
    if x < -10.0:
        raise ValueError
    return x * x * n


def safe_log(x):
    return math.log(x) if x > 0.0 else 0.0 * x


def leaky_relu(x, alpha):
    return x if x > 0.0 else alpha * x


def huber(x, delta):
    a = abs(x)
    if a <= delta:
        return 0.5 * x * x
    return delta * (a - 0.5 * delta)


def quadratic_root(a, b, c):
    d = b * b - 4.0 * a * c
    if d < 0.0:
        return -b / (2.0 * a)
    root = math.sqrt(d)
    q = -0.5 * (b + root) if b >= 0.0 else -0.5 * (b - root)
    return q / a + c / q


def branch_on_array(v, w):
    s = 0.0
    for i in range(len(v)):
        if v[i] > w[i]:
            s += v[i] * w[i]
        elif v[i] > 0.0:
            s -= v[i]
        else:
            s += w[i] * w[i]
    return s


V = np.array([0.3, -0.2, 0.9, 0.4])
W = np.array([0.1, 0.5, 1.1, -0.6])
CASES = [
    Case(if_else, (1.3,)),
    Case(if_else, (-1.3,)),
    Case(if_without_else, (1.3,)),
    Case(if_without_else, (0.3,)),
    Case(elif_ladder, (-1.5,)),
    Case(elif_ladder, (-0.5,)),
    Case(elif_ladder, (0.5,)),
    Case(elif_ladder, (1.5,)),
    Case(nested, (1.3, 0.4)),
    Case(nested, (1.3, -2.4)),
    Case(nested, (-1.3, -2.4)),
    Case(branch_only_local, (1.3,)),
    Case(branch_only_local, (-1.3,)),
    Case(overwritten_in_branch, (1.3, 0.4)),
    Case(overwritten_in_branch, (0.4, 1.3)),
    Case(condition_overwritten_afterwards, (1.3,)),
    Case(condition_overwritten_afterwards, (0.7,)),
    Case(condition_operand_overwritten, (1.3, 0.4)),
    Case(condition_operand_overwritten, (0.4, 1.3)),
    Case(chained_comparison, (0.5,)),
    Case(chained_comparison, (1.5,)),
    Case(chained_comparison, (2.5,)),
    Case(and_or_not, (1.3, 0.4)),
    Case(and_or_not, (-1.3, -0.4)),
    Case(and_or_not, (-1.3, 0.4)),
    Case(guard_division, (1.3, 0.0)),
    Case(guard_division, (1.3, 0.4)),
    Case(guard_index, (V, 2)),
    Case(guard_index, (V, 7)),
    Case(guard_index, (V, 1)),
    Case(short_circuit_in_loop, (V, 0.5)),
    Case(short_circuit_in_loop, (V, 5.0)),
    Case(bool_variable, (1.3, 0.4)),
    Case(bool_variable, (0.4, 1.3)),
    Case(bool_accumulated, (V,)),
    Case(int_condition, (1.3, 4)),
    Case(int_condition, (1.3, 0)),
    Case(empty_branches, (1.3,)),
    Case(empty_branches, (-1.3,)),
    Case(conditional_expressions_nested, (1.3, 0.4)),
    Case(conditional_expressions_nested, (-1.3, 0.4)),
    Case(equality_on_int, (1.3, 0)),
    Case(equality_on_int, (1.3, 2)),
    Case(equality_on_int, (1.3, 5)),
    Case(same_variable_three_ways, (1.3, 0.4)),
    Case(same_variable_three_ways, (1.3, 1.4)),
    Case(same_variable_three_ways, (1.3, -1.4)),
    Case(assertion, (1.3, 2)),
    Case(raising, (1.3, 2)),
    Case(safe_log, (1.3,)),
    Case(safe_log, (-1.3,)),
    Case(leaky_relu, (1.3, 0.1)),
    Case(leaky_relu, (-1.3, 0.1)),
    Case(huber, (0.3, 1.0)),
    Case(huber, (-3.0, 1.0)),
    Case(quadratic_root, (1.0, -3.0, 1.5)),
    Case(quadratic_root, (1.0, 1.0, 1.5)),
    Case(branch_on_array, (V, W)),
]
