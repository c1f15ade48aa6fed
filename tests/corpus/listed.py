"""Lists and generators where Python takes any iterable: in functions of NumPy, in max and min, in `extend`."""

import math

import numpy as np

from . import Case, into

CASES: list[Case] = []
case = into(CASES)
V = np.array([0.6, -1.3, 2.0, 0.4])


@case(V)
def lists_given_to_numpy(v):
    s = np.sum([v[0] * v[1], v[2]]) * np.max([v[0], 2.0 * v[1], v[3] ** 2]) + np.mean([x * x for x in v])
    s += np.std([math.sin(x) for x in v if x > 0.0]) * np.median([x * v[0] for x in v])
    s += np.dot([v[0], v[1]], [2.0, v[2]]) * np.cumsum([v[0], v[1], v[2]])[1]
    s += np.exp([v[0], 1, v[1]]).sum() + np.argmax([x * x for x in v]) * v[3]
    return s + np.sum([[x * y for y in v[:2]] for x in v]) * np.prod([[v[0], 2.0], [v[1], v[2]]])


@case(V)
def extremes_of_generators(v):
    near = min(abs(x - y) for x in v for y in v if x != y)
    return max(x * x * near for x in v) + min((x - 1.0) ** 2 for x in v[1:])


def _add(items, x):
    items.extend([x, x * x])
    return len(items)


@case(V)
def extended(v):
    out = [v[0]]
    out.extend(x * v[1] for x in v)
    out.extend(v[1:3])
    out.extend((v[3], 2.0))
    out.extend(out)
    n = _add(out, out[-1] + v[2])
    other = out
    other.extend([v[0] for _ in range(2)])
    s = 0.0
    for k, x in enumerate(out):
        s += k * x * x
    return s * n


@case(V)
def extended_in_a_loop(v):
    todo = [v[0]]
    s = 0.0
    while todo and len(todo) < 12:
        x = todo.pop()
        s += x * x
        if x < 1.5:
            todo.extend([x + v[2], x * v[1]])
    return s + sum(todo)
