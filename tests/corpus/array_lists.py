"""Lists of arrays: kept rows, slots that change hands, stacks, histories; views, aliases and early exits."""

import math

import numpy as np

from . import into

CASES = []
case = into(CASES)

M = np.array([[0.4, 1.2, -0.3], [0.9, -0.8, 0.5]])
Q = np.array([[0.5, 0.3], [-0.2, 0.8]])
V = np.array([0.7, -0.4, 0.9])
X = np.array([0.3, -0.7, 1.1, 0.6])


@case(M)
def kept_rows(m):
    rows = []
    for i in range(m.shape[0]):
        rows.append(m[i] * m[i, 0])
    s = 0.0
    for i in range(len(rows)):
        s += rows[i][1] * rows[-1][0] * math.sin(rows[i][2])
    return s


@case(X)
def views_in_a_list(x):
    halves = [x[:2], x[2:]]
    halves[0][1] = halves[1][0] * x[0]
    s = 0.0
    for h in halves:
        s += h[0] * h[1]
    return s * x[1]


@case(X, 3)
def history(x, n):
    states = [x]
    for k in range(n):
        y = states[k].copy()
        for i in range(len(y)):
            y[i] = math.tanh(states[k][i] + 0.5 * states[max(k - 1, 0)][i - 1])
        states.append(y)
    return states[n][0] * states[n - 1][1]


@case(X)
def stack_of_arrays(x):
    todo = [x]
    s = 0.0
    while len(todo) > 0:
        v = todo.pop()
        if len(v) == 1:
            s += v[0] * v[0] * math.cos(s)
        else:
            todo.append(v[: len(v) // 2])
            todo.append(v[len(v) // 2 :] * v[0])
    return s


@case(X, 3)
def replaced(x, n):
    slots = [x * 1.0, x * 2.0]
    for k in range(n):
        slots[k % 2] = slots[0] * slots[1]
    return slots[0][0] + slots[1][1] * x[2]


@case(X)
def of_indices(x):
    chosen = [np.arange(2), np.arange(3)]
    s = 0.0
    for idx in chosen:
        for i in idx:
            s += x[i] * x[i] * x[0]
    return s


@case(V, 4)
def grown_and_replaced(x, n):
    rows = [x * 2.0, x]
    for k in range(n):
        y = rows[k] * rows[len(rows) - 1][0]
        y[k % len(y)] += math.sin(rows[k + 1][1])
        if k % 2 == 0:
            rows.append(y)
        else:
            rows[0] = y
            rows.append(rows[0])
    s = 0.0
    for r in rows:
        s += r[0] * r[1]
    return s


@case(V, 6)
def changed_after_it_was_taken_off(x, n):
    todo = [x, x * x]
    s = 0.0
    while len(todo) > 0 and n > 0:
        v = todo.pop()
        n -= 1
        s += v[0] * math.cos(s + v[1])
        if s < 3.0:
            todo.append(v * s)
            v[0] = s * v[1]
    return s + len(todo)


@case(V, 4)
@case(3.0 * V, 4)
@case(0.1 * V, 7)
def left_early(x, n):
    states = [x]
    for k in range(n):
        y = states[-1] * x[0]
        if y[0] * y[0] > 2.0:
            return y[1] * states[0][0]
        states.append(y + 0.1 * k)
        if len(states) > 5:
            break
    return states[-1][0] * states[1][1]


@case(V)
def one_array_twice(x):
    a = [x * 1.0, x * 2.0]
    b = a
    b[0][1] = a[1][0] * a[0][0]
    c = [a[0], b[1], a[0]]
    c[2][0] *= c[0][1]
    a[1] = c[0]
    a[1][2] = 2.0 * b[1][0] * c[1][1]
    s = 0.0
    for r in c:
        for k in range(len(r)):
            s += r[k] * r[0]
    return s * b[0][2] + a[0][0]


@case(V, 5)
def chosen_by_a_branch(x, n):
    states = [x]
    s = 0.0
    for k in range(n):
        if len(states) > 2:
            z = states[len(states) - 3]
        else:
            z = states[0]
        y = np.zeros(len(z))
        for i in range(len(z)):
            y[i] = math.tanh(z[i] * states[-1][i - 1] + 0.2 * i * k)
            s += y[i] * z[0]
        states.append(y)
    return s * states[n // 2][0]


@case(Q, 3)
def powers_of_a_matrix(m, n):
    powers = [m]
    for _ in range(n):
        powers.append(powers[-1] @ m)
    t = np.zeros_like(m)
    for p in powers:
        t += p * p[0, 1]
    return t[0, 0] * t[1, 1] + t[0, 1]


@case(V, 3)
def two_buffers(x, n):
    buffers = [np.zeros(len(x)), np.zeros(len(x))]
    buffers[0][:] = x
    for t in range(n):
        u, v = buffers[t % 2], buffers[(t + 1) % 2]
        for i in range(len(x)):
            v[i] = u[i] - 0.3 * u[i - 1] * u[i]
    return buffers[n % 2][0] * buffers[(n + 1) % 2][1]


@case(V, 6)
def taken_off_on_a_branch(x, n):
    keep = [x]
    s = 0.0
    for k in range(n):
        if x[k % 3] > 0.0:
            if keep:
                t = keep.pop()
                s += t[0] * t[1] * s + t[2]
            else:
                s += x[0]
        else:
            keep.append(x * s + x)
            keep.append(x * (k + 1))
    return s * s


@case(V)
def of_constants(x):
    c = [np.ones(3), np.full(3, 2.0)]
    c[1][2] = 5.0
    s = 0.0
    for k in range(2):
        s += c[k][2] * x[k] * x[0]
    return s


@case(V)
def of_several_lengths(x):
    rows = []
    for i in range(len(x)):
        row = np.empty(i + 1)
        for j in range(i + 1):
            row[j] = x[i] * x[j]
            if j > 0:
                row[j] += row[j - 1] * rows[i - 1][j - 1]
        rows.append(row)
    return rows[-1][-1] + rows[1][0]


@case(M)
def columns_written_to(m):
    columns = []
    for j in range(m.shape[1]):
        columns.append(m[:, j])
    s = 0.0
    for c in columns:
        s += c[0] * c[1]
        c[0] = s
    return s * m[0, 0] * columns[-1][0]


@case(X)
def slices_of_lists(x):
    parts = [x[1:], x[:-1], x[::2]]
    s = 0.0
    for p in parts[1:]:
        s += p[0] * p[1]
    q = parts[0:2] + parts
    parts[1][0] = s
    return s * q[2][0] * q[1][0] * len(q)


@case(V)
@case(-V)
def made_on_a_branch(x):
    if x[0] > 0.0:
        rows = [x * 2.0]
    else:
        rows = [x, x * 3.0]
    m = rows[-1]
    m[0] += rows[0][1]
    return m[0] * m[1] + rows[0][0]


@case(M)
def changed_in_place(m):
    """`rows[0] += v` changes the array that is there, by all its names"""
    first, second = m[0] * 2.0, m[1] * m[0]
    rows = [first, second, first]
    rows[0] += second
    rows[2] *= rows[1]
    rows[1] **= 2
    for i in range(3):
        rows[i] /= 1.0 + i
        rows[i] += rows[(i + 1) % 3] * m[0, i]
        rows[i] -= 0.5
    return np.sum(first * second) + rows[0][1] * rows[2][2]


def doubled_first(a):
    a[0] = a[0] * 2.0
    return a[1]


@case(M)
def changed_by_what_writes(m):
    rows = [m[0].copy(), m[1].copy()]
    first = rows[0]
    rows[0] += doubled_first(rows[1])
    rows[1] *= doubled_first(rows[1]) + doubled_first(rows[0])
    rows[0][1:] -= doubled_first(first)
    return np.sum(first * rows[1]) + np.sum(rows[0]) ** 2


@case(X)
def gradients_summed_in_a_list(x):
    weights = [x[:2] * 1.0, x[2:] * 1.0]
    moves = [np.zeros(2) for _ in range(2)]
    for t in range(3):
        for k in range(2):
            moves[k] += weights[k] ** 2 * (t + 1)
        for k in range(2):
            weights[k] -= 0.1 * moves[k]
    return sum(np.sum(w * w) for w in weights) + moves[0][1]


@case(M)
def asked_for_dimensions(m):
    """functions of NumPy that ask how many dimensions there are, of what was in a list"""
    rows = []
    for i in range(2):
        rows.append(m[i] * m[i, 0])
    s = 0.0
    for a in rows:
        s += np.linalg.norm(a) + np.std(a) * np.flip(a)[0]
    for i, a in enumerate(rows):
        s += np.roll(a, i)[0] * np.sort(a)[i]
    last = rows.pop()
    return s + np.linalg.norm(last) * np.pad(rows[0], 1)[1] + np.cross(last, rows[0])[1]


@case(X)
def asked_of_nested_lists(x):
    pairs = [[x[:2] * 1.0, x[2:] * x[0]], [x[1:3] * 2.0]]
    weighted = [(np.outer(x, x), 2.0), (np.outer(x, x[::-1]), x[1])]
    s = 0.0
    for pair in pairs:
        for a in pair:
            s += np.linalg.norm(a) * np.roll(a, 1)[0]
    for m, w in weighted:
        s += np.linalg.norm(m) * w + np.max(m, axis=1)[0] + np.roll(m, 1, axis=0)[0, 1]
    return s + np.std(pairs[0][1])


@case(X)
def asked_of_what_grows(x):
    steps = [x * 1.0]
    for _ in range(3):
        v = np.roll(steps[-1], 1) * x + np.sort(steps[0])
        steps.append(v / np.linalg.norm(v))
    return np.std(steps[2]) + steps.copy()[3][1] + np.linalg.norm((steps + [x])[1:][-1])


@case(X)
def added_at_indices(x):
    sums = [x[:2] * 1.0, x[2:] * 1.0]
    np.add.at(sums[0], np.array([0, 0, 1]), x[:3])
    np.add.at(sums[1], np.array([0, 1]), 2.0 * x[0])
    return np.sum(sums[0] * sums[1] * x[1:3])
