"""Sums of bars have no order, the user's sums keep theirs."""

from __future__ import annotations

from typing import Any

import numpy as np

from srcad import grad, hvp, value_and_grad
from srcad.machine.sums import minus, plus
from tests.oracle import oracle_grad

from .corpus import partial_sums
from .machine import machine_code

RANDOM = np.random.default_rng(0)
A, X = RANDOM.normal(size=(40, 50)), RANDOM.normal(size=40)


def product(a, x):
    out = np.zeros(a.shape[1])
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            out[j] += a[i, j] * x[i]
    s = 0.0
    for j in range(len(out)):
        s += out[j] * out[j]
    return s


def test_a_bar_is_summed_in_parts_and_the_value_in_its_order() -> None:
    f = value_and_grad(product, cache=False)
    assert "fadd reassoc <" in machine_code(f, A, X)
    assert "reassoc" not in machine_code(grad(product, cache=False).primal, A, X)
    value, slopes = f(A, X)
    assert value == product(A, X)  # to the last bit
    for got, want in zip(slopes, oracle_grad(product, (A, X))[1], strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


def test_steps_of_sums_take_what_numbers_take() -> None:
    import numba

    @numba.njit
    def steps(a: Any, b: Any) -> Any:
        return plus(a, b), minus(a, b)

    assert steps(1.5, 2) == (3.5, -0.5)
    assert steps(np.float32(1.5), 0.25) == (1.75, 1.25)
    small = steps(np.float32(1.5), np.float32(0.25))
    assert small == (1.75, 1.25)


def test_second_derivatives_go_through_the_test_for_an_iteration() -> None:
    case = next(c for c in partial_sums.CASES if c.f.__name__ == "transposed_product")
    a, x = case.args
    da, dx = np.ones_like(a), np.zeros_like(x)
    got = hvp(case.f)((a, x * 0.0), (da, dx))  # where every first-order sum is zero
    h = 1e-3  # the function is a polynomial of degree two in each argument
    plus_, minus_ = (oracle_grad(case.f, (a + s * da, x * 0.0))[1] for s in (h, -h))
    for g, p, m in zip(got, plus_, minus_, strict=True):
        np.testing.assert_allclose(g, (p - m) / (2 * h), rtol=1e-9, atol=1e-9)


def norm_of_product(a, x):
    y = np.dot(a, x)
    s = np.dot(y, y)
    return s


def going_on_in_order(a, x):
    s = np.dot(x, x)
    for i in range(len(x)):
        s += x[i]
    return s


def test_dot_products_are_summed_in_parts_and_what_goes_on_by_hand_in_its_order() -> None:
    def sums(f: Any) -> set[str]:
        g = value_and_grad(f)
        return set(g._write(g._types((A.T.copy(), X))).functions[-1].sums)

    assert {"s", "total"} <= sums(norm_of_product)
    assert "s" not in sums(going_on_in_order)
    value, slopes = value_and_grad(norm_of_product)(A.T.copy(), X)
    np.testing.assert_allclose(value, norm_of_product(A.T, X), rtol=1e-13)
    for got, want in zip(slopes, oracle_grad(norm_of_product, (A.T.copy(), X))[1], strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


def counted(x, k, marks):
    above = (x > 0.3).sum()
    return np.sum(k) * x[0] + above * x[1] * x[1] + np.sum(marks) * x[2] + np.mean(k) * x[3]


def test_integers_and_truths_are_summed_as_such() -> None:
    k, marks = np.array([3, -1, 4]), np.array([True, False, True])
    g = value_and_grad(counted)
    want = counted(X, k, marks), oracle_grad(counted, (X, k, marks))[1]
    for value, slopes in (g(X, k, marks), g.interpreted(X, k, marks)):
        np.testing.assert_allclose(value, want[0], rtol=1e-15)
        np.testing.assert_allclose(slopes, want[1], rtol=1e-15)
