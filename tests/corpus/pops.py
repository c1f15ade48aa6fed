"""Lists that items are taken off again: stacks, phases, lists made anew, and appends after pops."""

from __future__ import annotations

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)

V = np.array([0.3, 0.7, 1.1])


@case(1.3)
@case(0.1)
def stack(x):
    s = [x]
    t = 0.0
    while len(s) > 0:
        v = s.pop()
        t += v * v
        if v > 0.2:
            s.append(v * 0.5)
            s.append(v * 0.3 * x)
    return t


@case(V)
def filled_then_emptied(x):
    s = []
    for i in range(len(x)):
        s.append(x[i] * x[0])
    t = 1.0
    for i in range(len(x)):
        t = t * 0.5 + s.pop() * math.sin(t)
    return t


@case(V)
def made_anew(x):
    t = 1.0
    for i in range(len(x)):
        s = []
        for j in range(i):
            s.append(x[j] * x[i] * t)
        for j in range(i):
            t = t * 0.7 + s.pop() * math.cos(t)
    return t


@case(V)
def stored_over(x):
    s = []
    t = 1.0
    for i in range(len(x)):
        s.append(x[i] * t)
        s.append(x[i] * x[i])
        t = math.sin(s.pop() * t)
    u = 0.0
    while len(s) > 1:
        u += s.pop() * t
    return u * len(s)


@case(V)
def popped_in_a_branch(x):
    s = [x[0], x[1] * x[2], x[2]]
    t = 0.5
    for i in range(3):
        if t < 0.9:
            t += s.pop() * x[i]
        else:
            t *= 0.5
            s.append(t)
    return t * t + len(s)


@case(V)
def two_lists(x):
    a = [x[0], x[1]]
    b = [1.0, 2.0]
    t = 0.0
    for i in range(5):
        v = a.pop() * x[2]
        b.append(v + 0.1 * i)
        t += b.pop() * b.pop()
        b.append(t)
        a.append(math.tanh(v))
    return t * a.pop()


def _last(values, k):
    out = 0.0
    for _ in range(k):
        out += values.pop() * 0.5
    return out


@case(V)
def popped_in_a_helper(x):
    s = [x[0], x[1], x[2] * x[0]]
    t = _last(s, 2)
    s.append(t * t)
    return _last(s, 2)


@case(V)
def popped_integers(x):
    order = []
    for i in range(len(x)):
        order.append(len(x) - 1 - i)
    t = 1.0
    while len(order) > 0:
        k = order.pop()
        t = t * x[k] + math.sin(x[k])
    return t


@case(np.array([0.3, -0.2, 0.9, 0.5, 1.4]))
def the_next_greater_element(x):
    waiting = [x[0]]
    s = 0.0
    for v in x[1:]:
        while waiting and waiting[-1] < v:
            s += (v - waiting[-1]) ** 2
            waiting.pop()
        waiting.append(v * 1.1)
    return s + waiting[0]


@case(np.array([0.5, 1.5, -0.3, 2.0, 0.7, 0.2]))
def a_stack_machine(x):
    # 0 push, 1 add, 2 multiply, 3 subtract, 4 duplicate, 5 sine, 6 exchange
    stack = []
    pushed = 0
    for op in (0, 0, 1, 4, 2, 0, 3, 5, 0, 6, 2, 0, 1, 4, 0, 2, 3):
        if op == 0:
            stack.append(x[pushed])
            pushed += 1
        elif op == 4:
            stack.append(stack[-1])
        elif op == 5:
            stack[-1] = math.sin(stack[-1])
        elif op == 6:
            stack[-1], stack[-2] = stack[-2], stack[-1]
        else:
            b = stack.pop()
            a = stack.pop()
            if op == 1:
                stack.append(a + b)
            elif op == 2:
                stack.append(a * b)
            else:
                stack.append(a - b)
    return stack.pop()


@case(V, 2)
@case(V, -1)
def items_by_index_between_pops(x, k):
    s = []
    t = 1.0
    for v in x:
        s.append(v * t)
        s.append(v * v)
        s[k if len(s) > 2 else 0] *= 1.0 + v
        t = t * 0.5 + s.pop() * s[-1] + s[0]
        for i in range(len(s)):
            t += 0.1 * s[i] * s[i]
    while True:
        if not s:
            break
        s[0] += 0.1 * s[-1]
        t = 0.9 * t + s.pop() * math.cos(t)
    return t
