"""What loops compute again and again: values hoisted, elements loaded once, kept once, counters that step evenly.

Each program was written to break `passes/hoist.py`, `passes/reuse.py` or `analysis/varies.py`: loops that do not run,
elements out of reach, writes in between by another name, sizes that memory decides, counters that skip a step.
"""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
X = np.array([0.5, -1.5, 2.0, 0.25, 1.1])
M = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]) / 3
SQUARE = np.sin(np.arange(25.0)).reshape(5, 5)


@case(2.0, 3, X)
@case(0.0, 0, X)
def divisor_of_no_iteration(c, n, x):
    s = x[0] * x[1]
    for i in range(n):
        s += x[i] / c * math.log(c)
    return s


@case(X, 0, 0)
@case(X, 3, 2)
def integer_division_of_no_iteration(x, n, k):
    s = x[0] * x[1]
    for i in range(n):
        s += x[i] * x[n // k] * (n % k)
    return s


@case(X)
def element_after_the_last_row(x):
    s = 0.0
    for i in range(5):
        for j in range(i + 1, 5):
            s += math.sin(x[i + 1] * x[j])
    return s


@case(X, 0)
@case(X, 3)
def element_of_an_empty_loop(x, n):
    empty = np.empty(n)
    s = x[2] * x[2]
    for i in range(n):
        empty[i] = x[i]
    for k in range(5):
        for j in range(n):
            s += math.sin(empty[j] * x[k]) * empty[n - 1]
    return s


@case(X)
def size_in_memory(x):
    sizes = np.array([3, 5])
    s = 0.0
    for t in range(2):
        w = np.empty(sizes[0])
        for i in range(sizes[0]):
            w[i] = x[i]
        sizes[0] = 2
        for i in range(sizes[0]):
            w[i] = x[i] * x[i + 1] * (t + 1)
        for i in range(len(w)):
            s += math.sin(w[i] * w[0])
    return s


@case(X)
def scratch_of_a_size_in_memory(x):
    """Not all of w is written anew: what an earlier iteration left is read."""
    sizes = np.array([5])
    w = np.zeros(sizes[0])
    s = 0.0
    for t in range(3):
        for j in range(sizes[0]):
            w[j] = x[j] * x[t] + w[j]
        s += w[4] * w[0] * w[3]
        sizes[0] = 4 - t
    return s


@case(X)
def step_in_memory(x):
    step = np.array([1, 2])
    at = 0
    s = 0.0
    for i in range(3):
        s += math.sin(x[at] * x[i])
        at += step[0]
        step[0] = 2
    return s


@case(X)
def written_by_a_view(x):
    y = x.copy()
    v = y[1:]
    s = 0.0
    for i in range(4):
        a = y[i + 1]
        v[i] = a * x[i]
        b = y[i + 1]
        s += a * b * y[i]
        y[i] = s
    return s


@case(X)
def stored_then_loaded(x):
    y = np.zeros(5)
    for i in range(5):
        t = x[i] * x[i]
        y[i] = t
        t = y[i] * x[0]
        y[i - 1] = t * y[i]
        t = math.sin(y[i] * t + y[i - 1])
        y[i] += t
    return y[0] * y[1] + y[2] * y[3] * y[4]


@case(X.astype(np.float32))
def stored_in_single_precision(x):
    y = x.copy()
    for i in range(5):
        t = math.sin(float(x[i]) * 1.5)
        y[i] = t
        y[0] += y[i] * y[i]
    return y[0]


@case(X)
def negative_spelling(x):
    y = x.copy()
    a = y[-1]
    y[4] = a * x[0]
    b = y[-1]
    y[-1] = b * x[1]
    return a * b * y[4]


@case(X, 1.5)
def index_in_memory(x, c):
    at = np.array([0, 1, 2])
    s = 0.0
    for i in range(3):
        a = x[at[0]]
        at[0] = i + 1
        b = x[at[0]]
        s += math.sin(a * b * c)
    return s


def blend(a, b, depth):
    if depth == 0:
        return a[0] * b[0]
    s = 0.0
    for i in range(2):
        before = b[i]
        a[i] = a[i] * 1.5 + before * before
        s += b[i] * before
    return s + blend(a, b, depth - 1)


@case(X)
def one_memory_by_two_names(x):
    y = x.copy()
    z = x * 2.0
    return blend(y, y, 2) + blend(y, z, 1) + z[0]


@case(0.7, X)
def invariant_of_the_outer_loop(h, x):
    s = 0.0
    for i in range(5):
        h = math.sin(h + x[i])
        for j in range(3):
            for k in range(2):
                s += math.exp(h) / (1.0 + h * h) * x[j] + math.exp(x[i]) * x[k]
    return s


@case(0.7, X)
def invariant_on_a_branch(h, x):
    s = 0.0
    for i in range(5):
        if x[i] > 0.4:
            s += math.exp(h) * x[i] * s
        else:
            s -= math.tanh(h * 3.0) * x[i] * s + x[i]
    return s


@case(0.7, X)
def invariant_under_while(h, x):
    s, i = 0.1, 0
    while i < 5:
        if s < 3.0:
            s += math.exp(h) * math.sin(s * x[i])
        j = 0
        while j < 2:
            s += math.sqrt(h) * s * x[j]
            j += 1
        i += 1
    return s


@case(0.7, X)
def invariant_until_changed(h, x):
    s = 0.0
    g = h
    for i in range(5):
        s += math.exp(g) * x[i]
        if i == 2:
            g = h * x[0]
    return s * math.exp(g)


@case(X, 3)
def invariant_read_after(x, n):
    t = 1.0
    for i in range(n):
        t = math.exp(x[0])
        s = x[i] * t
    return t * s


@case(X, 2)
def loops_that_break(x, n):
    s = 0.0
    for i in range(5):
        e = math.exp(x[1] * n)
        if s > 2.0:
            break
        for j in range(5):
            if j == i + 1:
                break
            s += math.sin(e * x[j] * 0.01) * math.exp(x[i])
    return s


@case(SQUARE, X)
def matrix_times_scratch(m, x):
    """w is written in each step, and read n times in each."""
    w = np.empty(5)
    out = x.copy()
    for t in range(3):
        for j in range(5):
            w[j] = math.sin(out[j]) * (t + 1.0)
        for i in range(5):
            out[i] = 0.0
            for j in range(5):
                out[i] += m[i, j] * w[j] * w[j]
    s = 0.0
    for i in range(5):
        s += out[i] * out[i]
    return s


@case(SQUARE, X)
def scratch_written_in_the_nest(m, x):
    w = x.copy()
    s = 0.0
    for t in range(2):
        for i in range(5):
            for j in range(5):
                s += math.sin(m[i, j] * w[j])
            w[i] = s * w[i]
    return s


@case(SQUARE, X)
def scratch_read_in_a_triangle(m, x):
    w = x.copy()
    s = 0.0
    for t in range(3):
        for i in range(5):
            for j in range(i, 5):
                if m[i, j] > 0.0:
                    s += math.sin(m[i, j] * w[j]) * w[i]
        for i in range(5):
            w[i] = math.cos(w[i] * s)
    return s


@case(SQUARE, X)
def scratch_read_in_a_band(m, x):
    w = x.copy()
    s = 0.0
    for t in range(3):
        for i in range(1, 4):
            for k in range(2):
                for j in range(i - 1, i + 2):
                    s += math.sin(m[i, j] * w[j]) * w[i] * (k + 1)
        for i in range(5):
            w[i] = math.cos(w[i] * s)
    return s


@case(SQUARE, X)
def scratch_read_backwards(m, x):
    w = x.copy()
    s = 0.0
    for t in range(2, -1, -1):
        for i in range(4, -1, -1):
            for j in range(4, i - 1, -1):
                s += math.sin(m[i, j] * w[j]) * w[t]
        for i in range(5):
            w[i] = w[i] * s
    return s


@case(SQUARE, X)
def scratch_that_changes_places(m, x):
    a = x.copy()
    b = x * 0.5
    s = 0.0
    for t in range(3):
        for i in range(5):
            b[i] = 0.0
            for j in range(5):
                b[i] += m[i, j] * math.sin(a[j])
        a, b = b, a
        s += a[0] * b[1]
    return s


@case(SQUARE, X)
def scratch_under_while(m, x):
    w = x.copy()
    s, t = 0.0, 0
    while t < 3:
        for i in range(5):
            for j in range(5):
                s += math.sin(m[i, j] * w[j])
        for j in range(5):
            w[j] *= math.cos(s)
        t += 1
    return s


@case(SQUARE, X)
def while_around_a_steady_array(m, x):
    w = x * x
    s, t = 0.0, 0
    while t < 3:
        for j in range(5):
            s += 0.2 * math.exp(-w[j]) * math.sin(s + m[t, j])
        t += 1
    w[0] = 3.0
    w[1] = s
    return s * w[1]


@case(SQUARE, X)
def rows_as_scratch(m, x):
    w = m.copy()
    s = 0.0
    for t in range(4):
        row = w[t]
        for i in range(5):
            for j in range(5):
                s += math.sin(row[j] * x[i])
        for j in range(5):
            w[t + 1, j] *= s
    return s + w[4, 4]


@case(SQUARE, X)
def scratch_made_anew(m, x):
    s = 0.0
    for t in range(3):
        w = np.zeros(5)
        for j in range(5):
            w[j] = x[j] * math.sin(s + x[t])
        for i in range(5):
            for j in range(5):
                s += m[i, j] * w[j] * w[j]
    return s


@case(SQUARE, X)
def chosen_by_the_outer_index(m, x):
    w = x.copy()
    s = 0.0
    for t in range(3):
        for i in range(5):
            for j in range(5):
                k = j if i % 2 == 0 else 4 - j
                s += math.sin(m[i, j] * w[k])
        for j in range(5):
            w[j] = w[j] * s
    return s


@case(X)
def counter_of_a_triangle(x):
    """w[at] in row order: at steps evenly within a row."""
    w = np.empty(10)
    for i in range(10):
        w[i] = math.sin(x[i % 5] * (i + 1))
    at = 0
    s = 0.0
    for i in range(5):
        for j in range(i + 1, 5):
            s += math.sin(s * w[at] * x[j])
            at += 1
    return s


@case(X)
def counters_of_all_kinds(x):
    s = 0.0
    up, down, by_two, skipping, late = 0, 4, 0, 0, 0
    for i in range(4, 0, -1):
        s += math.sin(s + x[up] * x[down])
        s += math.sin(s * x[by_two % 5] + x[skipping] * x[late])
        up += 1
        down = down - 1
        by_two = 2 + by_two
        if x[i] > 0.4:
            skipping += 1
        late = up
    return s


@case(X, 2)
def counter_by_an_argument(x, k):
    s = 0.1
    at = 0
    for t in range(2):
        for i in range(1, 3):
            s += math.sin(s * x[at % 5])
            at += k
        k += 1
    return s


@case(X)
def counter_and_break(x):
    at = 0
    s = 0.1
    for i in range(2, 9):
        s += math.sin(s * x[at])
        if s > 0.6 or at == 4:
            break
        at += 1
    return s * x[at]


@case(X)
def counter_set_back(x):
    at = 0
    s = 0.1
    for i in range(7):
        s += math.sin(s * x[at])
        at += 1
        if at == 5:
            at = 0
    return s


@case(X)
def counter_of_the_index(x):
    """The loop's index is assigned in its body: it does not count the iterations."""
    at = 0
    s = 0.1
    for i in range(4):
        i = i * 2
        s += math.sin(s * x[at] * i)
        at += 1
    return s


@case(X)
def list_that_grows(x):
    """How far the inner loop gets changes with the outer one, though the list is the same."""
    some = [x[0]]
    s = 0.1
    for t in range(4):
        for j in range(len(some)):
            s += math.sin(s * some[j])
        some.append(x[t + 1] * s)
    return s


@case(X)
def list_that_grows_under_while(x):
    some = [x[0]]
    s, t = 0.1, 0
    while t < 4:
        for j in range(len(some)):
            s += math.exp(some[j] * x[j]) * math.sin(s)
        some.append(x[t + 1] * x[t])
        t += 1
    return s


@case((X, SQUARE))
def items_of_a_tuple(p):
    w = p[0].copy()
    s = 0.0
    for t in range(3):
        for i in range(5):
            for j in range(5):
                s += math.sin(p[1][i, j] * w[j]) * p[0][i] * p[0][i]
        for j in range(5):
            w[j] = w[j] * s
    return s


@case(SQUARE, X)
def float_counter(m, x):
    """Not an integer: its sum is rounded in each step."""
    s, at = 0.1, 0.0
    for i in range(5):
        s += math.sin(s * x[i] * at)
        at += 0.1
    return s
