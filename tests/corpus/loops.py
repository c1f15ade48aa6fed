"""Counted loops: every start, stop and step; nesting; recurrences; loop variables read, reassigned and left over."""

import math

import numpy as np

from . import Case


def sum_of_squares(v):
    s = 0.0
    for i in range(len(v)):
        s += v[i] * v[i]
    return s


def product(v):
    p = 1.0
    for i in range(v.size):
        p *= v[i]
    return p


def power_by_loop(x, n):
    y = 1.0
    for _ in range(n):
        y *= x
    return y


def recurrence(v):
    s = 0.5
    for i in range(len(v)):
        s = math.sin(s * v[i]) + v[i]
    return s


def logistic_map(x, r, n):
    for _ in range(n):
        x = r * x * (1.0 - x)
    return x


def two_state_recurrence(a, b, n):
    for i in range(n):
        c = math.sin(a) * b
        a = b + 0.1 * c
        b = c - 0.3 * a * i
    return a * b


def start_stop(v, lo, hi):
    s = 0.0
    for i in range(lo, hi):
        s += v[i] * (i + 1)
    return s * s


def step_two(v):
    s = 1.0
    for i in range(0, len(v), 2):
        s *= 1.0 + v[i]
    return s


def step_negative(v):
    s = 0.0
    for i in range(len(v) - 1, -1, -1):
        s = s * 0.5 + v[i] * v[i]
    return s


def step_negative_three(v):
    s = 1.0
    for i in range(len(v) - 1, 0, -3):
        s = s * v[i] + v[i - 1]
    return s


def step_at_run_time(v, start, stop, step):
    s = 1.0
    for i in range(start, stop, step):
        s = math.tanh(s + v[i]) * (1.0 + 0.1 * i)
    return s


def zero_trips(x, n):
    s = x * x
    for i in range(n):
        s = s * x * i
    return s


def zero_trips_reading_variable(x, n):
    i = 7
    for i in range(n):
        x = x * 1.5
    return x * i


def index_used_as_value(x, n):
    s = 0.0
    for i in range(1, n):
        s += x**i / i
    return s


def index_after_loop(v):
    for i in range(len(v)):
        if v[i] > 0.8:
            break
    return v[i] * i


def index_reassigned(v):
    s = 0.0
    for i in range(len(v)):
        s += v[i] * i
        i = i + 10
        s += v[0] * i
    return s + i


def index_shared_by_two_loops(v):
    s = 1.0
    for i in range(len(v)):
        s += v[i] * i
    t = s * i
    for i in range(2):
        t *= v[i]
    return t * s + i


def bound_changed_inside(v):
    n = len(v)
    s = 0.0
    for i in range(n):
        n = 1
        s += v[i] * v[i] * n
    return s * n


def nested_rectangle(v, w):
    s = 0.0
    for i in range(len(v)):
        for j in range(len(w)):
            s += v[i] * w[j] * (i + 2 * j)
    return s


def nested_triangle(v):
    s = 0.0
    for i in range(len(v)):
        for j in range(i):
            d = v[i] - v[j]
            s += d * d
    return math.sqrt(s)


def nested_reset(v):
    s = 0.0
    for i in range(len(v)):
        t = 1.0
        for j in range(i + 1):
            t = t * v[j] + 0.5
        s += t * v[i]
    return s


def nested_carried(v, n):
    s = 1.0
    for k in range(n):
        for i in range(len(v)):
            s = math.sin(s + v[i] * k)
        s = s * v[0]
    return s


def nested_same_index_name(v):
    s = 0.0
    for i in range(2):
        for i in range(len(v)):
            s += v[i] * v[i]
        s *= 1.0 + 0.1 * i
    return s


def nested_four(x):
    s = 0.0
    for i in range(2):
        for j in range(i + 1):
            for k in range(j, 3):
                for m in range(k, k - 2, -1):
                    s = 0.9 * s + x * math.cos(x * (i + j + k + m))
    return s


def loop_after_loop(v):
    a = 0.0
    for i in range(len(v)):
        a += v[i] * v[i]
    b = 0.0
    for i in range(len(v)):
        b += math.exp(-v[i] * a)
    for _ in range(3):
        a = math.sqrt(a + b)
        b = b * a * 0.5
    return a + b


def value_before_loop(v):
    a = v[0] * v[0]
    s = 0.0
    for i in range(len(v)):
        s += v[i]
    return a * s


def loop_local(a, n):
    s = 0.0
    for _ in range(n):
        t = a * a
        s += t
    return s


def loop_local_read_after(v):
    t = 0.0
    for i in range(len(v)):
        t = v[i] * v[i]
    return t * t


def previous_iteration(v):
    prev = v[0]
    s = 0.0
    for i in range(1, len(v)):
        s += prev * v[i]
        prev = v[i] - 0.5 * prev
    return s * prev


def swap(a, b, n):
    for _ in range(n):
        a, b = b, a * b
    return a * a * b


def rotate_three(a, b, c, n):
    for i in range(n):
        a, b, c = b + 0.1 * i, c * a, a - c
    return a * b + c


def branch_in_loop(v):
    s = 1.0
    for i in range(len(v)):
        if i % 2 == 0:
            s = s * v[i]
        else:
            s = s + v[i] * v[i]
    return s


def branch_on_accumulator(v):
    s = 0.1
    for i in range(len(v)):
        if s > 0.8:
            s = s * v[i] * 0.5
        else:
            s = s + v[i]
    return s * s


def max_in_loop(v):
    m = v[0]
    for i in range(1, len(v)):
        m = max(m, v[i] * v[i])
    return m * v[1]


def int_accumulator(v):
    count = 0
    s = 0.0
    for i in range(len(v)):
        if v[i] > 0.35:
            count += 1
            s += v[i] * count
    return s / count


def inner_trip_from_data(v, counts):
    s = 1.0
    for i in range(len(counts)):
        for _ in range(counts[i]):
            s = math.tanh(s * v[i]) + v[i]
    return s


def harmonic_of_float_index(x, n):
    s = 0.0
    for i in range(n):
        s += 1.0 / (x + float(i))
    return s


def loop_over_empty_array(v, x):
    s = x * x
    for i in range(len(v)):
        s += v[i]
    return s


def gradient_descent_inside(x, n):
    w = 0.3
    for _ in range(n):
        g = 2.0 * (w - x) + 4.0 * w * w * w
        w -= 0.05 * g
    return w


def long_recurrence(x, n):
    s = x
    for i in range(n):
        s = math.sin(s) + x * 0.01 * i
    return s


V = np.array([0.3, -0.2, 0.9, 0.4, 0.7])
W = np.array([0.1, 0.5, 1.1])
CASES = [
    Case(sum_of_squares, (V,)),
    Case(product, (V,)),
    Case(product, (np.array([0.3, 0.0, 0.9]),)),
    Case(product, (np.array([0.3, 0.0, 0.0]),)),
    Case(power_by_loop, (1.1, 5)),
    Case(power_by_loop, (1.1, 0)),
    Case(recurrence, (V,)),
    Case(logistic_map, (0.4, 2.7, 6)),
    Case(two_state_recurrence, (0.4, 0.7, 5)),
    Case(start_stop, (V, 1, 4)),
    Case(start_stop, (V, 3, 2)),
    Case(step_two, (V,)),
    Case(step_negative, (V,)),
    Case(step_negative_three, (V,)),
    Case(step_at_run_time, (V, 0, 5, 2)),
    Case(step_at_run_time, (V, 4, 0, -3)),
    Case(step_at_run_time, (V, 4, 0, 1)),
    Case(zero_trips, (1.3, 0)),
    Case(zero_trips, (1.3, -4)),
    Case(zero_trips_reading_variable, (1.3, 0)),
    Case(zero_trips_reading_variable, (1.3, 3)),
    Case(index_used_as_value, (0.6, 6)),
    Case(index_after_loop, (V,)),
    Case(index_after_loop, (W * 0.1,)),
    Case(index_reassigned, (V,)),
    Case(index_shared_by_two_loops, (V,)),
    Case(bound_changed_inside, (V,)),
    Case(nested_rectangle, (V, W)),
    Case(nested_triangle, (V,)),
    Case(nested_reset, (V,)),
    Case(nested_carried, (W, 3)),
    Case(nested_same_index_name, (W,)),
    Case(nested_four, (0.7,)),
    Case(loop_after_loop, (V,)),
    Case(value_before_loop, (V,)),
    Case(loop_local, (0.7, 3)),
    Case(loop_local_read_after, (V,)),
    Case(previous_iteration, (V,)),
    Case(swap, (1.3, 0.7, 3)),
    Case(rotate_three, (1.3, 0.7, 0.2, 4)),
    Case(branch_in_loop, (V,)),
    Case(branch_on_accumulator, (V,)),
    Case(max_in_loop, (V,)),
    Case(int_accumulator, (V,)),
    Case(inner_trip_from_data, (W, np.array([2, 0, 3]))),
    Case(harmonic_of_float_index, (0.7, 4)),
    Case(loop_over_empty_array, (np.zeros(0), 1.3)),
    Case(gradient_descent_inside, (0.7, 5)),
    Case(long_recurrence, (0.7, 300)),
]
