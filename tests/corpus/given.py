"""Arrays that recursive functions are given: who may write to them, which are one memory, and what is written later."""

import math

import numpy as np

from . import Case


def _only_read(a, row, used):
    n = a.shape[0]
    if row == n:
        return 1.0
    total = 0.0
    for j in range(n):
        if not used[j]:
            used[j] = True
            total += math.sin(a[row, j]) * _only_read(a, row + 1, used)
            used[j] = False
    return total


def only_read(a):
    return _only_read(a, 0, np.zeros(a.shape[0], dtype=np.bool_))


def _weighed(v, w, i):
    if i == len(v):
        return 1.0
    y = v[i] * w[i] * _weighed(v, w, i + 1)
    return y * v[i] + w[0]


def written_before_the_call(v):
    w = v.copy()
    w[0] = v[1] * v[2]
    return _weighed(v, w, 0)


def written_after_the_call(v):
    w = v.copy()
    y = _weighed(v, w, 0)
    for i in range(len(w)):
        w[i] = w[i] * y + 1.0
    return y + w[0] * w[1]


def written_between_calls(v):
    w = v * 0.5
    total = 0.0
    for i in range(len(v)):
        total += _weighed(v, w, 0)
        w[i] = w[i] * total
    return total * w[0]


def written_on_the_other_arm(v, first):
    w = v * 0.5
    total = 0.0
    if first:
        total = _weighed(v, w, 0)
    else:
        w[0] = v[1] * v[1]
    return total + w[0] * v[0]


def written_behind_a_branch(v, first):
    w = v * 0.5
    total = 1.0
    if first:
        total = _weighed(v, w, 1)
    w[1] = w[2] * total
    w[2] = w[1] * total
    return total + w[1] * v[0]


def argument_written_after_the_call(v):
    y = _weighed(v, v, 0)
    v[1] = y * v[0]
    v[2] = v[1] * v[1]
    return y * v[1] + v[2]


def _both(x, y, i):
    if i == len(x):
        return 0.0
    a = x[i]
    y[i] = a * x[i - 1] + y[i]
    return a * x[i] + _both(x, y, i + 1) * x[i]


def apart(v):
    w = np.ones(len(v))
    return _both(v, w, 0) * w[0] * w[2]


def one_memory_twice(v):
    w = v.copy()
    return _both(w, w, 0) * w[0] * w[2]


def overlapping_views(v):
    w = v.copy()
    return _both(w[1:], w[:-1], 0) * w[0] * w[2]


def sometimes_one_memory(v, same):
    w = v.copy()
    u = np.ones(len(v))
    t = _both(v, u, 0)
    if same:
        t += _both(w, w, 0)
    return t * w[0] + u[1]


def _exchanged(x, y, i):
    if i == 0:
        return x[0] * y[1]
    a = x[i]
    y[i] = a * y[i - 1]
    return a * x[i] * _exchanged(y, x, i - 1) * x[i - 1]


def exchanged_in_the_recursion(v):
    w = np.cos(v)
    u = v.copy()
    return _exchanged(u, w, 3) * w[1] + u[2]


def _becomes_one(x, y, i):
    if i == 0:
        y[0] = x[1] * x[0]
        return x[0] * y[2]
    a = x[i] * x[0]
    return a * _becomes_one(y, y, i - 1) * x[0] + a


def one_memory_deeper(v):
    w = np.cos(v)
    return _becomes_one(v, w, 2) * w[0]


def _written_deep(x, i):
    if i == 3:
        x[0] = x[1] * x[2]
        x[2] = x[0] * x[0]
        return x[0]
    a = x[0] * x[2]
    b = _written_deep(x, i + 1)
    return a * x[0] * x[2] + a * b


def written_deep(v):
    w = v * 1.5
    return _written_deep(w, 0) * w[0]


def _through_a_view(x, i):
    if len(x) < 2:
        x[0] = x[0] * x[0]
        return x[0]
    a = x[0] * x[1]
    b = _through_a_view(x[1:], i + 1)
    return a * x[0] * x[1] + a * b


def written_through_a_view(v):
    w = v * 1.5
    return _through_a_view(w, 0) * w[1]


def _reads(x, i):
    if i == 0:
        return x[0] * x[1]
    return x[i] * x[i] * _writes(x, i - 1)


def _writes(x, i):
    if i == 0:
        return x[1]
    x[i] = x[i] * x[0]
    return x[i] * _reads(x, i - 1)


def one_of_two_writes(v):
    w = v * 1.5
    return _reads(w, 3) * w[2] + _writes(w, 2)


def _reads_only(x, y, i):
    if i == 0:
        return x[0] * x[1]
    return x[i] * x[i] * _writes_other(x, y, i - 1) * y[0]


def _writes_other(x, y, i):
    if i == 0:
        return x[1]
    y[i] = y[i] * x[0]
    return y[i] * y[i] * _reads_only(x, y, i - 1)


def one_of_two_is_written(v):
    w = v * 1.5
    return _reads_only(v, w, 3) * w[2] + _writes_other(v, w, 2)


def _leaf(x, y, i):
    if i <= 0:
        return x[0] * y[1]
    a = _leaf(x, y, i - 1)
    return a * y[0] * _stem(x, y, i - 1) * x[i]


def _stem(x, y, i):
    if i <= 0:
        return x[1]
    a = _stem(x, y, i - 2) * y[i]
    y[i] = y[i] * x[0] + a
    return y[i] * _leaf(x, y, i - 1) * x[i]


def each_calls_both_and_one_writes(v):
    w = v * 1.5
    return _leaf(v, w, 3) * w[2]


def _scale(x, k):
    for j in range(len(x)):
        x[j] *= k


def _helper_writes(x, i):
    if i == 0:
        return x[0] * x[1]
    a = x[i] * x[0]
    _scale(x[:2], 1.0 + 0.1 * i)
    b = _helper_writes(x, i - 1)
    return a * b * x[0] + x[i]


def written_by_a_helper(v):
    w = v * 1.5
    return _helper_writes(w, 3) * w[0]


def _rebound(x, i):
    if i == 0:
        return x[0] * x[1]
    a = x[0] * x[1]
    x = x * 2.0
    x[0] = x[1] * a
    b = _rebound(x, i - 1)
    x[1] = b * x[0]
    return x[1] * x[0] + a


def rebound_parameter(v):
    return _rebound(v, 2) * v[0]


def _reads_first(x):
    if len(x) == 1:
        return x[0] * x[0]
    return x[0] * x[1] * x[1] * _reads_first(x[1:])


def an_array_of_each_iteration(v):
    total = 0.0
    for i in range(3):
        w = np.empty(len(v))
        for j in range(len(v)):
            w[j] = v[j] * (i + 1.0) + total
        total += _reads_first(w)
    return total


def one_array_for_all_iterations(v):
    total = 0.0
    w = np.empty(len(v))
    for i in range(3):
        for j in range(len(v)):
            w[j] = v[j] * (i + 1.0) + total
        total += _reads_first(w)
    return total


def _makes_and_calls(x, i):
    if i == 0:
        return _reads_first(x)
    w = x * x[0]
    y = _makes_and_calls(w, i - 1)
    z = _makes_and_calls(x, i - 1)
    w[0] = y * z
    return w[0] * w[1] + y


def written_by_the_caller_in_the_recursion(v):
    return _makes_and_calls(v, 2)


def _result_of_read(x, i):
    w = x * 2.0
    if i == 0:
        return w
    s = _reads_first(w)
    inner = _result_of_read(w, i - 1)
    inner[0] = inner[1] * s
    w[1] = inner[0] * s
    return w


def results_that_were_given(v):
    w = _result_of_read(v, 2)
    w[0] *= w[1]
    return w[0] + w[2]


def _just_returned(x, i):
    w = x * 2.0
    y = _reads_first(w) * _reads_first(w)
    w[2] = 1.0 + w[0] * y if i == 0 else w[0] * _just_returned(x, i - 1)[2]
    return w


def results_written_after_the_call(v):
    w = _just_returned(v, 1)
    a = w[0] * w[1]
    w[0] = a * a
    w[1] = a * w[0]
    return w[0] * w[1] + w[2]


def _indexed(x, order, i):
    if i == len(order):
        return 1.0
    total = 0.0
    for k in range(2):
        total += x[order[i]] * x[order[k]] * _indexed(x, order, i + 1)
    return total


def indices_written_after_the_call(v):
    order = np.array([2, 0, 1])
    y = _indexed(v, order, 0)
    order[0] = 1
    order[1] = 3
    order[2] = 3
    return y + v[order[0]] * _indexed(v, order, 1)


def _turns_indices(x, order, i):
    if i == 0:
        return x[order[0]]
    a = x[order[i]] * x[order[0]]
    order[0] = order[i]
    b = _turns_indices(x, order, i - 1)
    return a * b * x[order[i - 1]]


def indices_written_in_the_recursion(v):
    order = np.array([2, 0, 1, 3])
    return _turns_indices(v, order, 3) * v[order[0]]


def _two_matrices(a, b, i):
    if i == a.shape[0]:
        return 1.0
    row = a[i]
    out = b[i]
    for j in range(len(row)):
        out[j] = row[j] * row[j - 1] + out[j]
    return row[0] * out[1] * _two_matrices(a, b, i + 1) + row[1] * out[0]


def rows_read_and_rows_written(a):
    b = np.ones((a.shape[0], a.shape[1]))
    return _two_matrices(a, b, 0) * b[0, 0]


def a_matrix_and_its_transpose(a):
    b = a[:, :2].copy()
    return _two_matrices(b, b.T, 0) * b[0, 0]


def _accumulated(x, best, i):
    if i == len(x):
        return x[0]
    best[0] = max(best[0], x[i] * x[i])
    y = _accumulated(x, best, i + 1)
    return y * x[i] + best[0]


def one_cell_written(v):
    best = np.zeros(1)
    return _accumulated(v, best, 0) * best[0]


def _leaves_and_writes(x, w, i):
    if i == 0:
        return x[0] * w[0]
    total = 0.0
    for k in range(2):
        total += x[k] * _leaves_and_writes(x, w, i - 1) * w[k]
    w[i] = total * w[i]
    return total * w[i]


def read_by_some_and_written_by_others(v):
    w = np.cos(v)
    return _leaves_and_writes(v, w, 2) + _leaves_and_writes(w, v, 1) * v[1]


V = np.array([0.7, 1.2, 0.9, 0.4])
A = np.array([[0.7, 1.2, 0.9], [0.4, 1.1, 0.6]])
CASES = [
    Case(only_read, (np.array([[0.7, 1.2, 0.9], [0.4, 1.1, 0.6], [0.3, 0.5, 1.3]]),)),
    Case(written_before_the_call, (V,)),
    Case(written_after_the_call, (V,)),
    Case(written_between_calls, (V,)),
    Case(written_on_the_other_arm, (V, True)),
    Case(written_on_the_other_arm, (V, False)),
    Case(written_behind_a_branch, (V, True)),
    Case(argument_written_after_the_call, (V,)),
    Case(apart, (V,)),
    Case(one_memory_twice, (V,)),
    Case(overlapping_views, (V,)),
    Case(sometimes_one_memory, (V, True)),
    Case(sometimes_one_memory, (V, False)),
    Case(exchanged_in_the_recursion, (V,)),
    Case(one_memory_deeper, (V,)),
    Case(written_deep, (V,)),
    Case(written_through_a_view, (V,)),
    Case(one_of_two_writes, (V,)),
    Case(one_of_two_is_written, (V,)),
    Case(each_calls_both_and_one_writes, (V,)),
    Case(written_by_a_helper, (V,)),
    Case(rebound_parameter, (V,)),
    Case(an_array_of_each_iteration, (V,)),
    Case(one_array_for_all_iterations, (V,)),
    Case(written_by_the_caller_in_the_recursion, (V,)),
    Case(results_that_were_given, (V,)),
    Case(results_written_after_the_call, (V,)),
    Case(indices_written_after_the_call, (V,)),
    Case(indices_written_in_the_recursion, (V,)),
    Case(rows_read_and_rows_written, (A,)),
    Case(a_matrix_and_its_transpose, (A,)),
    Case(one_cell_written, (V,)),
    Case(read_by_some_and_written_by_others, (V,)),
]
