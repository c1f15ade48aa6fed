"""Lists of arrays, and of lists: kept rows, slots that change hands, stacks, histories. For forward mode alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from srcad import SrcadError, grad, jvp

from .corpus import Case, fresh
from .directions import direction, floats, untouched
from .oracle import oracle_grad


def kept_rows(m):
    rows = []
    for i in range(m.shape[0]):
        rows.append(m[i] * m[i, 0])
    s = 0.0
    for i in range(len(rows)):
        s += rows[i][1] * rows[-1][0] * math.sin(rows[i][2])
    return s


def views_in_a_list(x):
    halves = [x[:2], x[2:]]
    halves[0][1] = halves[1][0] * x[0]
    s = 0.0
    for h in halves:
        s += h[0] * h[1]
    return s * x[1]


def history(x, n):
    states = [x]
    for k in range(n):
        y = states[k].copy()
        for i in range(len(y)):
            y[i] = math.tanh(states[k][i] + 0.5 * states[max(k - 1, 0)][i - 1])
        states.append(y)
    return states[n][0] * states[n - 1][1]


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


def replaced(x, n):
    slots = [x * 1.0, x * 2.0]
    for k in range(n):
        slots[k % 2] = slots[0] * slots[1]
    return slots[0][0] + slots[1][1] * x[2]


def lists_of_numbers(x):
    table = []
    for i in range(len(x)):
        row = []
        for j in range(i + 1):
            row.append(x[j] * x[i])
        table.append(row)
    s = 0.0
    for row in table:
        s += row[0] * row[len(row) - 1]
    return s


def of_indices(x):
    chosen = [np.arange(2), np.arange(3)]
    s = 0.0
    for idx in chosen:
        for i in idx:
            s += x[i] * x[i] * x[0]
    return s


X = np.array([0.3, -0.7, 1.1, 0.6])
M = np.array([[0.4, 1.2, -0.3], [0.9, -0.8, 0.5]])
CASES = [
    Case(kept_rows, (M,)),
    Case(views_in_a_list, (X,)),
    Case(history, (X, 3)),
    Case(stack_of_arrays, (X,)),
    Case(replaced, (X, 3)),
    Case(lists_of_numbers, (X,)),
    Case(of_indices, (X,)),
]


@pytest.mark.parametrize("case", CASES, ids=[c.f.__name__ for c in CASES])
def test_forward_mode(case: Case) -> None:
    value, gradient = oracle_grad(case.f, case.args, case.wrt)
    tangents, args = direction(case), tuple(fresh(a) for a in case.args)
    for call in (jvp(case.f).interpreted, jvp(case.f)):
        found, tangent = call(args, tangents)
        assert found == pytest.approx(value, rel=1e-13)
        assert tangent == pytest.approx(floats(gradient) @ floats(tangents), rel=1e-12)
    assert untouched(case.args, args)


@pytest.mark.parametrize(
    ("case", "said"),
    [(CASES[0], "'rows' is a list of more than numbers"), (CASES[5], "'row' may be one of several lists")],
    ids=["arrays", "lists"],
)
def test_reverse_mode_says_what_to_write(case: Case, said: str) -> None:
    with pytest.raises(SrcadError, match=said):
        grad(case.f)(*case.args)
