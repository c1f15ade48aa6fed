"""break, continue, for-else, while-else, early and nested returns, several returns."""

import math

import numpy as np

from . import Case


def break_on_sum(v):
    s = 0.0
    for i in range(len(v)):
        s += v[i] * v[i]
        if s > 1.0:
            break
    return s


def break_first(v):
    s = v[0]
    for i in range(len(v)):
        if i == 0:
            break
        s *= v[i]
    return s


def break_never(v):
    s = 1.0
    for i in range(len(v)):
        s += v[i] * s
        if s > 1000.0:
            break
    return s


def break_keeps_state(v):
    s = 0.0
    last = 0.0
    for i in range(len(v)):
        last = v[i] * v[i]
        if last > 0.7:
            break
        s += last
    return s * last


def continue_negative(v):
    s = 0.0
    for i in range(len(v)):
        if v[i] < 0.0:
            continue
        s = s * 0.5 + math.sqrt(v[i])
    return s


def continue_after_write(v):
    s = 0.0
    t = 1.0
    for i in range(len(v)):
        t = t * v[i]
        if i % 2 == 0:
            continue
        s += t
    return s + t


def continue_and_break(v):
    s = 0.0
    for i in range(len(v)):
        if v[i] < 0.0:
            continue
        if v[i] > 0.8:
            break
        s += v[i] * v[i] * (i + 1)
    return s


def running_max_continue(v):
    m = -1e9
    for i in range(len(v)):
        w = v[i] * v[i]
        if w <= m:
            continue
        m = w
    return m


def break_inner_only(v):
    s = 0.0
    for i in range(len(v)):
        for j in range(len(v)):
            if j > i:
                break
            s += v[i] * v[j]
        s *= 0.9
    return s


def break_both_with_flag(v):
    s = 0.0
    found = False
    for i in range(len(v)):
        for j in range(len(v)):
            if v[i] + v[j] > 1.25:
                found = True
                break
            s += v[i] * v[j]
        if found:
            break
    return s


def continue_inner(v):
    s = 0.0
    for i in range(len(v)):
        for j in range(len(v)):
            if (i + j) % 2:
                continue
            s = 0.8 * s + v[i] * v[j]
    return s


def for_else_taken(v):
    s = 0.0
    for i in range(len(v)):
        if v[i] > 100.0:
            break
        s += v[i] * v[i]
    else:
        s = s * s
    return s


def for_else_broken(v):
    s = 0.0
    for i in range(len(v)):
        if v[i] > 0.5:
            break
        s += v[i] * v[i]
    else:
        s = s * s
    return s * v[i]


def for_else_zero_trips(x, n):
    for _ in range(n):
        x = x * 2.0
    else:
        x = x * x
    return x


def while_else_taken(x):
    n = 0
    while n < 3:
        x = x * 1.1 + 0.1
        n += 1
        if x > 50.0:
            break
    else:
        x = x * x
    return x


def while_else_broken(x):
    n = 0
    while n < 30:
        x = x * 1.5 + 0.1
        n += 1
        if x > 5.0:
            break
    else:
        x = x * x
    return x * n


def nested_for_else(v):
    s = 0.0
    for i in range(len(v)):
        for j in range(i + 1):
            if v[j] > 0.8:
                s += v[j]
                break
        else:
            s += v[i] * v[i]
            continue
        s *= 1.5
    return s


def for_else_with_return(v, limit):
    for i in range(len(v)):
        if v[i] > limit:
            return v[i] * 3.0
    else:
        return v[0] * v[-1]


def early_return(x):
    if x < 0.0:
        return -x * x
    y = math.sqrt(x)
    if y > 2.0:
        return y
    return y * x


def return_in_loop(v, limit):
    s = 0.0
    for i in range(len(v)):
        s += v[i] * v[i]
        if s > limit:
            return s * v[i]
    return s


def return_in_nested_loop(v, limit):
    s = 0.0
    for i in range(len(v)):
        for j in range(len(v)):
            s += v[i] * v[j]
            if s > limit:
                return s * (i + 1) + j
        s *= 0.9
    return s * s


def return_in_while(x):
    n = 0
    while True:
        x = x * x + 0.3
        n += 1
        if x > 3.0:
            return x / n
        if n > 20:
            return x


def return_inside_branch_in_while(v):
    i = 0
    s = 1.0
    while i < len(v):
        if v[i] > 0.8:
            if s > 0.0:
                return s * v[i]
            return -s
        s -= v[i]
        i += 1
    return s


def several_returns(x, mode):
    if mode == 0:
        return x
    if mode == 1:
        return x * x
    elif mode == 2:
        return math.exp(x)
    else:
        if x > 1.0:
            return x - 1.0
    return 0.0


def return_constant_or_active(x):
    if x > 1.0:
        return 2.0
    return x * 3.0


def return_element(v):
    v[1] = v[0] * v[2]
    return v[1]


def return_after_dead_tail(x):
    for i in range(5):
        x = x * 1.2
        if i == 2:
            return x
        x += 0.1
    x = x * 100.0
    return x


def return_from_two_loops(v, w, a):
    for i in range(len(v)):
        if v[i] > a:
            for j in range(len(w)):
                if w[j] > a:
                    return v[i] * w[j]
            return v[i]
    return a


def break_in_else_branch(v):
    s = 1.0
    for i in range(len(v)):
        if v[i] > 0.0:
            s = s * (1.0 + v[i])
        else:
            s = s - v[i]
            break
        s += 0.01
    return s


def linear_search_then_work(v, t):
    where = -1
    for i in range(len(v)):
        if v[i] > t:
            where = i
            break
    if where < 0:
        return v[0]
    s = 0.0
    for i in range(where, len(v)):
        s += v[i] * v[where]
    return s


def break_on_iteration_count(x):
    s = x
    k = 0
    for k in range(100):
        s = math.cos(s)
        if k == 5:
            break
    return s * k


V = np.array([0.3, -0.2, 0.9, 0.4, 0.7])
W = np.array([0.1, 0.5, 1.1])
CASES = [
    Case(break_on_sum, (V * 1.5,)),
    Case(break_first, (V,)),
    Case(break_never, (V,)),
    Case(break_keeps_state, (V,)),
    Case(continue_negative, (V,)),
    Case(continue_after_write, (V,)),
    Case(continue_and_break, (V,)),
    Case(running_max_continue, (V,)),
    Case(break_inner_only, (V,)),
    Case(break_both_with_flag, (V,)),
    Case(break_both_with_flag, (V * 0.1,)),
    Case(continue_inner, (V,)),
    Case(for_else_taken, (V,)),
    Case(for_else_broken, (V,)),
    Case(for_else_zero_trips, (1.3, 0)),
    Case(for_else_zero_trips, (1.3, 2)),
    Case(while_else_taken, (1.3,)),
    Case(while_else_broken, (1.3,)),
    Case(nested_for_else, (V,)),
    Case(for_else_with_return, (V, 0.5)),
    Case(for_else_with_return, (V, 5.0)),
    Case(early_return, (-1.3,)),
    Case(early_return, (1.3,)),
    Case(early_return, (9.3,)),
    Case(return_in_loop, (V, 0.5)),
    Case(return_in_loop, (V, 50.0)),
    Case(return_in_nested_loop, (V, 0.9)),
    Case(return_in_nested_loop, (V, 90.0)),
    Case(return_in_while, (0.7,)),
    Case(return_inside_branch_in_while, (V,)),
    Case(return_inside_branch_in_while, (V * 0.5,)),
    Case(several_returns, (1.3, 0)),
    Case(several_returns, (1.3, 1)),
    Case(several_returns, (1.3, 2)),
    Case(several_returns, (1.3, 3)),
    Case(several_returns, (0.3, 3)),
    Case(return_constant_or_active, (1.3,)),
    Case(return_constant_or_active, (0.3,)),
    Case(return_element, (V,)),
    Case(return_after_dead_tail, (1.3,)),
    Case(return_from_two_loops, (V, W, 0.6)),
    Case(return_from_two_loops, (V, W, 2.6)),
    Case(break_in_else_branch, (V,)),
    Case(linear_search_then_work, (V, 0.5)),
    Case(linear_search_then_work, (V, 5.0)),
    Case(break_on_iteration_count, (0.7,)),
]
