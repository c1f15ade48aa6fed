"""Loops that are reversed iteration by iteration, and loops that look so and must not be: see `passes/one_pass.py`."""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1])
Y = np.array([1.3, 0.7, -0.4, 0.9, 0.2])
M = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]) / 3


@case(X, Y)
def sums_of_two(x, y):
    s = 0.0
    t = 0.0
    for i in range(len(x)):
        a = math.sin(x[i])
        s += a * y[i]
        t -= math.exp(a * y[i])
    return 2.0 * s - t


@case(X, Y)
def product_of_sums(x, y):
    s = 0.0
    t = 0.0
    for i in range(len(x)):
        s += x[i] * y[i]
        t += x[i] * x[i]
    return s * t


@case(X, Y)
def sum_used_before_and_after(x, y):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * y[i]
        if s > 0.3:
            s += y[i] * y[i]
    return s


@case(X)
def value_that_lives_on(x):
    s = 0.0
    d = 0.0
    for i in range(len(x)):
        d = x[i] * x[i]
        for j in range(3):
            d = d * 0.5
            s += d * j
    return s + d


@case(X)
def last_iteration_read_in_the_next(x):
    s = 0.0
    d = 1.0
    for i in range(len(x)):
        s += x[i] * d
        d = 2.0 * x[i]
    return s


@case(X)
def constant_carried(x):
    s = 0.0
    k = 1
    for i in range(len(x)):
        for j in range(2):
            s += math.sin(x[i] * k) * j
        k = k + 3
    return s


@case(X)
def index_read_after_the_loop(x):
    s = 0.0
    j = 0
    for i in range(len(x)):
        s += x[j] * x[i]
        for j in range(i):
            s += x[j] * x[j] * x[i]
    return s * 1.0


@case(X)
def overwritten_after_the_loop(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
    x[0] = 3.0 * x[1]
    return s + x[0] * x[0]


@case(X)
def overwritten_view_after_the_loop(x):
    z = x[1:4]
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
    z[0] = 3.0 * x[4] * s
    return s + z[0]


@case(X)
def overwritten_in_the_loop(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * x[i]
        x[i] = 2.0 * x[0]
    return s


@case(X)
def scratch_array_of_the_iteration(x):
    s = 0.0
    for i in range(len(x)):
        w = np.zeros(3)
        for j in range(3):
            w[j] = math.sin(x[i] * j)
        for j in range(3):
            s += w[j] * w[2 - j]
    return s


@case(X)
def scratch_array_shared_by_iterations(x):
    w = np.zeros(3)
    s = 0.0
    for i in range(len(x)):
        for j in range(3):
            w[j] = math.sin(x[i] * j)
        for j in range(3):
            s += w[j] * w[2 - j]
    return s


@case(X)
def passive_scratch_array(x):
    w = np.zeros(3)
    s = 0.0
    for i in range(len(x)):
        for j in range(3):
            w[j] = 0.5 * i + w[j]
        for j in range(3):
            s += w[j] * math.sin(w[2 - j] * x[i])
    return s


@case(X)
def scratch_array_read_in_the_next(x):
    w = np.zeros(3)
    s = 0.0
    for i in range(len(x)):
        for j in range(3):
            s += w[j] * w[2 - j]
        for j in range(3):
            w[j] = math.sin(x[i] * j)
    return s


@case(M)
def rows(x):
    s = 0.0
    for i in range(x.shape[0]):
        row = x[i]
        p = 1.0
        for j in range(len(row)):
            p = p * row[j]
        s += p
    return s


@case(M)
def rows_written(x):
    s = 0.0
    for i in range(x.shape[0]):
        row = x[i]
        for j in range(len(row)):
            row[j] = row[j] * row[0]
        s += row[1] * row[2]
    return s


@case(X, Y)
def weight_changed_after_the_inner_loop(x, y):
    s = 0.0
    for i in range(len(x)):
        p = 0.0
        for j in range(len(y)):
            p += x[i] * y[j]
            y[i] = 0.5 * y[i]
        s += y[i] * p
    return s


@case(X, Y, wrt="x")
def passive_weight_changed_by_the_inner_loop(x, y):
    s = 0.0
    for i in range(len(x)):
        p = 0.0
        for j in range(len(y)):
            p += x[i] * x[j]
            y[i] = 0.5 * y[i]
        s += y[i] * p
    return s


@case(X, Y)
def bar_read_between(x, y):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * y[i]
    t = s * y[0]
    s = 2.0 * s
    return s + t


@case(X)
def break_out(x):
    s = 0.0
    for i in range(len(x)):
        s += math.exp(x[i])
        if x[i] > 1.0:
            break
        s += x[i]
    return s


@case(X)
def break_inside(x):
    s = 0.0
    for i in range(len(x)):
        p = 1.0
        for j in range(len(x)):
            p = p * x[j]
            if p > 1.0 + i:
                break
            p = p + x[i]
        s += p
    return s


@case(X, 3.0)
def while_sum(x, stop):
    s = 0.0
    t = 0.5
    i = 0
    while s < stop and i < len(x):
        c = math.cos(x[i]) * x[i]
        s += c * c * t
        i += 1
    return s


@case(X)
def while_inside(x):
    s = 0.0
    for i in range(len(x)):
        v = x[i]
        while v < 3.0:
            v = v * v + 0.8
        s += v
    return s


@case(X)
def loops_one_after_the_other(x):
    m = 0.0
    for i in range(len(x)):
        m += x[i]
    m = m / len(x)
    v = 0.0
    for i in range(len(x)):
        d = x[i] - m
        v += d * d
    return v


@case(X)
def last_word_in_a_sum(x):
    s = 0.0
    for i in range(len(x)):
        best = 1e9
        for j in range(len(x)):
            d = (x[i] - x[j] - 1.0) ** 2
            if d < best:
                best = d
        s += best
    return s


@case(X, 0.3)
def scale_there_before(x, a):
    s = 0.0
    b = math.exp(a)
    for i in range(len(x)):
        s += x[i] ** 3
    return s * b


@case(X, 0.3)
def scale_overwritten_before(x, a):
    s = 0.0
    b = math.exp(a)
    for i in range(len(x)):
        s += x[i] ** 3
        b = b * x[i]
    return s * b


@case(X, 0.3)
def stored_sum(x, a):
    out = np.zeros(2)
    for i in range(len(x)):
        out[0] += x[i] * a
        out[1] += x[i] * x[i]
    return out[0] + out[1]


@case(X)
def swapped_arrays(x):
    u = x.copy()
    v = 2.0 * x
    s = 0.0
    for i in range(len(x)):
        s += u[i] * v[i]
        u, v = v, u
    return s


@case(X)
def index_assigned(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i] * i
        i = len(x) - 1 - i
        s += x[i] * x[i]
    return s


@case(X)
def lists_of_an_iteration(x):
    s = 0.0
    for i in range(len(x)):
        kept = [0.0]
        for j in range(3):
            if x[j] > x[i] - 1.0:
                kept.append(x[j] * x[i])
        for j in range(len(kept)):
            s += kept[j] * kept[j]
    return s


@case(X, Y)
def scratch_arrays_of_nested_loops(x, y):
    a = np.empty(len(y))
    b = np.zeros(len(x))
    s = 0.0
    for i in range(len(x)):
        for k in range(len(x)):
            for j in range(len(y)):
                a[j] = math.sin(x[i] * y[j] + k)
            t = 0.0
            for j in range(len(a)):
                t += a[j] * a[len(a) - 1 - j]
                a[j] = a[j] * a[0]
            b[k] = t * a[2]
        for k in range(len(b)):
            s += math.exp(b[k] - b[0])
    return s


@case(X, Y)
def scratch_array_too_large(x, y):
    a = np.zeros(len(y) + 1)
    s = 0.0
    for i in range(len(x)):
        for j in range(len(y)):
            a[j] = x[i] * y[j]
        for j in range(len(a)):
            s += a[j] * a[j] * x[j - 1]
        a[len(y)] = x[i]
    return s


@case(X, Y)
def scratch_array_read_after(x, y):
    a = np.empty(len(y))
    s = 0.0
    for i in range(len(x)):
        for j in range(len(y)):
            a[j] = x[i] * y[j]
        for j in range(len(y)):
            s += a[j] * a[j]
    return s + a[2]


@case(X, Y)
def scratch_array_written_on_a_branch(x, y):
    a = np.zeros(len(y))
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0.4:
            for j in range(len(y)):
                a[j] = x[i] * y[j]
        for j in range(len(y)):
            s += a[j] * a[j]
    return s


@case(X, Y)
def scratch_array_written_on_both_branches(x, y):
    a = np.zeros(len(y))
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0.4:
            for j in range(len(y)):
                a[j] = x[i] * y[j]
        else:
            for j in range(len(y)):
                a[j] = x[i] + y[j]
        for j in range(len(y)):
            s += a[j] * a[j]
    return s


@case(X, Y)
def scratch_array_written_upside_down(x, y):
    a = np.zeros((2, len(y)))
    s = 0.0
    for i in range(len(x)):
        for j in range(len(y)):
            for k in range(2):
                a[k, j] = x[i] * y[j] + k
        for j in range(len(y)):
            s += a[0, j] * a[1, j] * a[1, 0]
    return s


@case(X, Y)
def scratch_array_by_two_names(x, y):
    a = np.zeros(len(y))
    b = a[1:]
    s = 0.0
    for i in range(len(x)):
        s += b[0] * x[i]
        for j in range(len(y)):
            a[j] = x[i] * y[j]
        s += b[1] * a[1]
    return s


@case(X, Y)
def scratch_array_left_by_a_break(x, y):
    a = np.zeros(len(y))
    s = 0.0
    for i in range(len(x)):
        for j in range(len(y)):
            if x[i] * y[j] > 1.2:
                break
            a[j] = x[i] * y[j]
        for j in range(len(y)):
            s += a[j] * a[j]
    return s


@case(X, Y)
def scratch_array_in_one_of_two_loops(x, y):
    a = np.zeros(len(y))
    for j in range(len(y)):
        a[j] = y[j] * y[j]
    t = a[0] * a[1]
    s = t
    for i in range(len(x)):
        for j in range(len(y)):
            a[j] = x[i] * y[j]
        s += a[1] * a[3]
    return s


@case(X)
def sum_stored_through_a_view(x):
    s = 0.0
    z = np.zeros(4)
    y = z[1:3]
    for i in range(len(x)):
        s += x[i] * x[i]
    y[0] += s
    z[1] *= 2.0
    return z[1] * 2.0 + z[2]


@case(X, Y)
def sum_stored_through_a_row(x, y):
    z = np.zeros((2, 3))
    row = z[1]
    s = 0.0
    for i in range(len(x)):
        s += math.sin(x[i]) * y[i]
    row[2] = s
    column = z[:, 2]
    return column[1] * 3.0


@case(X, Y)
def scratch_array_of_a_size_that_was_loaded(x, y):
    k = np.array([3, 2])
    w = np.zeros(k[0])
    s = 0.0
    k[0] = 2
    for i in range(5):
        for j in range(k[0]):
            w[j] = math.sin(x[i] * (j + 1))
        for j in range(3):
            s += w[j] * w[2 - j] * y[i]
        w[2] = x[i]
    return s


@case(X, Y)
def scratch_array_of_a_length_that_falls(x, y):
    sizes = [3, 2, 1]
    w = np.zeros(len(sizes))
    s = 0.0
    for i in range(5):
        for j in range(len(sizes)):
            w[j] = math.sin(x[i] * (j + 1))
        for j in range(3):
            s += w[j] * w[2 - j] * y[i]
        w[2] = x[i]
        if len(sizes) > 2:
            sizes.pop()
    return s


@case(X, Y)
def whole_row_made_of_all_rows(x, y):
    z = np.ones(5)
    for i in range(3):
        z[i] = np.sum(z) * x[i]
    for i in range(4):
        z[i + 1] = z[i] * y[i]
    return np.sum(z * z)


@case(X[:3], M)
@case(X[:3], np.zeros((0, 3)))
def kept_by_an_index_that_is_named_again(x, m):
    """The two inner loops of the reverse sweep can't have the forward sweep's name: a later loop has it too."""
    loss = 0.0
    for _ in range(2):
        loss += np.sum(np.exp(m @ x))
    return loss + np.sum(x)


@case(np.arange(12.0).reshape(4, 3) / 11, np.cos(np.arange(12.0)).reshape(4, 3), np.array([0, 3, 3, 1, 0]))
def skip_grams(embedding, context, words):
    loss = 0.0
    n = len(words)
    for i in range(n):
        for j in range(max(0, i - 1), min(n, i + 2)):
            if i == j:
                continue
            scores = context @ embedding[words[i]]
            top = scores.max()
            loss += top + np.log(np.exp(scores - top).sum()) - scores[words[j]]
    return loss + (embedding[words] ** 2).sum() * 0.01
