"""Indices of lists: outside they raise in the gradient as in the function, inside nothing is asked that is known."""

from __future__ import annotations

from typing import Any

import pytest

from srcad import grad, hvp, jvp
from tests.oracle import oracle_grad


def read(x, k):
    v = []
    for i in range(3):
        v.append(x * i)
    return v[k] * 2.0


def written(x, k):
    v = [x, 2.0 * x, 3.0 * x]
    v[k] = x * x
    s = 0.0
    for y in v:
        s += y * y
    return s


def added_to(x, k):
    v = [0.0] * 3
    v[k] += x * x
    return v[0] + v[1] + 2.0 * v[2]


def of_another_name(x, k):
    v = [x, x * x]
    w = v
    w.append(3.0 * x)
    return w[k] * x


def nobody_asks(x, k):
    v = [x, x, 1.0]
    v[k] = 5.0
    return x * x


def in_a_condition(x, k):
    v = [x, 2.0 * x, x * x]
    return x + (v[k] if k > -10 else 0.0)


def beyond_what_was_popped(x, k):
    v = [x, 2.0 * x, x * x, 4.0 * x]
    y = v.pop()
    return v[k] * y


ACCESSES = [read, written, added_to, of_another_name, nobody_asks, in_a_condition, beyond_what_was_popped]


@pytest.mark.parametrize("f", ACCESSES, ids=lambda f: f.__name__)
def test_outside(f: Any) -> None:
    g = grad(f, wrt="x")
    for k in (-3, -1, 0, 2):
        wanted = oracle_grad(f, (1.5, k), ("x",))[1]
        assert g(1.5, k) == pytest.approx(wanted, rel=1e-13)
        assert g.interpreted(1.5, k) == pytest.approx(wanted, rel=1e-13)
    for k in (-5, -4, 3, 4, 10**6):
        with pytest.raises(IndexError):
            f(1.5, k)
        for call in (g, g.interpreted):
            with pytest.raises(IndexError, match=r"list (assignment )?index out of range"):
                call(1.5, k)


def test_outside_in_second_order_and_a_condition_that_says_no() -> None:
    with pytest.raises(IndexError):
        hvp(written, wrt="x")((1.5, 3), (1.0,))
    with pytest.raises(IndexError):
        grad(grad(written, wrt="x"), wrt="x")(1.5, 3)
    assert grad(in_a_condition, wrt="x")(1.5, -11) == 1.0
    assert jvp(read, wrt="x")((1.5, 2), (1.0,)) == (6.0, 4.0)


def by_counters(x):
    v = [x, x * x]
    w = [0.0] * 5
    for i in range(10):
        v.append(x * i)
    for i in range(len(v)):
        v[i] = v[i] * x
    n = len(v)
    for i in range(n):
        w[4] += v[i]
    for i in range(5):
        w[i] *= x
    for y in v:
        w[0] += y
    return w[0] + w[4] + v[-12] + v[11] + v[0]


def test_what_is_known_is_not_asked() -> None:
    g = grad(by_counters)
    assert "IndexError" not in g.inspect(1.5)
    assert g(1.5) == pytest.approx(oracle_grad(by_counters, (1.5,))[1], rel=1e-13)


def made_anew(x, n):
    v = [x, x, x]
    s = v[2]
    for _ in range(n):
        v = [x * x]
        s += v[0] + v[2]
    return s


def in_one_branch(x, n):
    v = [x]
    if n > 1:
        v.append(x * x)
    return v[1]


def by_a_loop_that_may_stop(x, n):
    v = []
    for i in range(3):
        if i == n:
            break
        v.append(x * i)
    return v[2]


def of_the_longer_one(x, n):
    v = [x] * n
    w = [x, x, x]
    s = 0.0
    for i in range(len(w)):
        s += v[i] * w[i]
    return s


UNKNOWN = [made_anew, in_one_branch, by_a_loop_that_may_stop, of_the_longer_one]


@pytest.mark.parametrize("f", UNKNOWN, ids=lambda f: f.__name__)
def test_what_is_not_known_is_asked(f: Any) -> None:
    g = grad(f, wrt="x")
    with pytest.raises(IndexError):
        f(1.5, 1)
    for call in (g, g.interpreted):
        with pytest.raises(IndexError):
            call(1.5, 1)
