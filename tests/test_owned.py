"""Arrays that lie apart from all others: which ones do, and that the compiler's knowledge of it changes no result."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest

from srcad import grad, jvp, value_and_grad
from srcad.pipeline import evaluate
from tests.oracle import oracle_grad

from .machine import machine_code

X = np.array([0.4, -0.3, 0.8, 0.2, 0.6])
W = np.array([0.1, 0.7, -0.2, 0.5, 0.3])


def regions(f: Any, *arguments: Any) -> dict[str, str]:
    """The regions of the arrays of `f`."""
    return dict(evaluate(f, tuple(numba.typeof(a) for a in arguments)).functions[-1].owners)


def made_apart(x):
    u = np.zeros(len(x))
    row = u[1:]
    v = x.copy()
    given = x[::2]
    s = 0.0
    for i in range(len(row)):
        row[i] = v[i] * given[i // 2]
        s += u[i + 1]
    return s


def through_a_tuple(x):
    u = np.zeros(len(x))
    pair = (u, x)
    s = 0.0
    for k in range(2):
        a = pair[0]
        a[k] = x[k] * 2.0
        s += u[k] * a[k]
    return s


def one_of_two(x, flag):
    u = np.ones(len(x))
    a = u if flag else x
    b = np.zeros(len(x))
    for i in range(len(x)):
        b[i] = a[i] * u[i]
        u[i] = 3.0 * x[i]
        b[i] += a[i]
    return b[0] + b[len(b) - 1]


def argument_bound_again(x):
    s = 0.0
    for k in range(3):
        s += x[0] * x[1]
        x = np.full(2, s)
    return s


def swapped(x, n):
    u = x.copy()
    v = np.zeros(len(x))
    for k in range(n):
        for i in range(1, len(u) - 1):
            v[i] = 0.5 * u[i] + 0.25 * (u[i - 1] + u[i + 1])
        u, v = v, u
    s = 0.0
    for i in range(len(u)):
        s += u[i] * u[i]
    return s


def step(x, w):
    first = x[0]
    u = np.zeros(len(x))
    for i in range(len(x)):
        u[i] = np.sin(x[i]) * w[i] + first
    return u


def steps(x, w, n):
    for k in range(n):
        x = step(x, w)
    return x[0] + 2.0 * x[len(x) - 1]


def halves(x, w, depth):
    if depth == 0:
        return x.copy()
    u = np.empty(len(x))
    for i in range(len(x)):
        u[i] = x[i] * w[i] + x[len(x) - 1 - i]
    return halves(u, w, depth - 1)


def recursive(x, w):
    y = halves(x, w, 3)
    return y[0] * y[1] + y[4]


def same_twice(x, y):
    z = np.zeros(len(x))
    for i in range(len(x) - 1):
        z[i] = x[i] * y[i + 1]
        x[i + 1] += 0.5 * z[i]
    return z[len(z) - 2] + y[len(y) - 1]


def twice(x):
    return same_twice(x, x)


def test_what_is_made_lies_apart_and_its_views_in_it() -> None:
    found = regions(made_apart, X)
    assert found["x"] == found["given"] == ""
    assert found["u"] == found["row"] != "" and found["v"] not in ("", found["u"])


@pytest.mark.parametrize("f", [through_a_tuple, argument_bound_again], ids=lambda f: f.__name__)
def test_nothing_is_said_of_what_may_be_either(f: Any) -> None:
    found = regions(f, X)
    assert "a" not in found and (f is through_a_tuple or "x" not in found)


CASES = [
    (made_apart, (X,)), (through_a_tuple, (X,)), (one_of_two, (X, True)), (one_of_two, (X, False)),
    (argument_bound_again, (X,)), (swapped, (X, 4)), (swapped, (X, 5)), (steps, (X, W, 4)), (recursive, (X, W)),
    (twice, (X,)),
]  # fmt: skip


@pytest.mark.parametrize(("f", "arguments"), CASES, ids=[f.__name__ for f, _ in CASES])
def test_compiled_derivatives_are_the_oracles(f: Any, arguments: tuple[Any, ...]) -> None:
    value, want = oracle_grad(f, arguments)
    want = want if isinstance(want, tuple) else (want,)
    got = value_and_grad(f, cache=False)(*arguments)
    assert got[0] == pytest.approx(value, rel=1e-13)
    slopes = got[1] if isinstance(got[1], tuple) else (got[1],)
    for one, two in zip(slopes, want, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-12, atol=1e-13)
    floats = tuple(a for a in arguments if not isinstance(a, (bool, int)))
    dot = jvp(f, cache=False)(arguments, tuple(np.ones_like(a) for a in floats))[1]
    assert dot == pytest.approx(sum(np.sum(one) for one in want), rel=1e-12)


def test_the_machine_is_told() -> None:
    code = machine_code(grad(swapped, cache=False), X, 3)
    assert "!alias.scope" in code and "!noalias" in code
    assert "!alias.scope" not in machine_code(grad(swapped, cache=False, boundscheck=True), X, 3)


def test_what_one_call_made_the_next_one_is_given() -> None:
    g = grad(swapped, cache=False)

    @numba.njit
    def repeated(x: Any, n: int) -> Any:
        for k in range(n):
            x = g(x, 2)
        return x.copy()

    want = X
    for _ in range(7):
        want = np.asarray(oracle_grad(swapped, (want, 2))[1]).reshape(-1)
    np.testing.assert_allclose(repeated(X, 7), want, rtol=1e-12)
