"""Derivatives inside differentiated functions, of each other, to third order, and without mixed perturbations."""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
import pytest

from srcad import SrcadError, grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp


def g(y, a):
    return a * y * y * math.sin(y)


dg = grad(g, wrt="y")


def calls_a_gradient(x):
    s = 0.0
    for _ in range(3):
        s += dg(x, 2.0 * x) * x
    return s


def test_a_gradient_in_a_loop() -> None:
    x = 1.3  # 3 x d/dy (2 x y^2 sin y) at y = x: 3 (4 x^3 sin x + 2 x^4 cos x)
    want = 3.0 * ((12 * x**2 - 2 * x**4) * math.sin(x) + (4 * x**3 + 8 * x**3) * math.cos(x))
    assert grad(calls_a_gradient).interpreted(x) == pytest.approx(want, rel=1e-14)
    assert grad(calls_a_gradient)(x) == pytest.approx(want, rel=1e-14)
    assert jvp(calls_a_gradient).interpreted((x,), 1.0)[1] == pytest.approx(want, rel=1e-14)
    assert grad(calls_a_gradient).primal(x) == pytest.approx(3.0 * dg(x, 2.0 * x) * x, rel=1e-14)


def cost(w):
    s = 0.0
    for i in range(w.size):
        s += (w[i] ** 2 - 1.0) ** 2 + w[i] * w[0]
    return s


def train(w0, rate):
    w = w0.copy()
    for _ in range(5):
        w = w - rate * grad(cost)(w)
    return cost(w)


def test_through_gradient_descent() -> None:
    w0, rate = np.array([0.3, 0.5, -0.2]), 0.05
    primal = grad(train).primal
    by_w0, by_rate = grad(train)(w0, rate)
    h = 1e-6
    for i in range(3):
        step = h * np.eye(3)[i]
        assert by_w0[i] == pytest.approx((primal(w0 + step, rate) - primal(w0 - step, rate)) / (2 * h), rel=1e-7)
    assert by_rate == pytest.approx((primal(w0, rate + h) - primal(w0, rate - h)) / (2 * h), rel=1e-7)
    forward = jvp(train).interpreted((w0, rate), (np.array([1.0, 2.0, 3.0]), 0.5))[1]
    assert forward == pytest.approx(by_w0 @ [1.0, 2.0, 3.0] + 0.5 * by_rate, rel=1e-12)


def h2(x, y):
    return x * x * y + math.exp(y)


def uses_value_and_grad(x, y):
    value, (by_x, by_y) = value_and_grad(h2)(x, y)
    return value * by_x + by_y


def test_structured_results_are_unpacked() -> None:
    x, y = 1.1, 0.4
    value, by_x = x * x * y + math.exp(y), 2 * x * y
    want = (by_x * by_x + value * 2 * y + 2 * x, (x * x + math.exp(y)) * by_x + value * 2 * x + math.exp(y))
    assert grad(uses_value_and_grad).interpreted(x, y) == pytest.approx(want, rel=1e-14)


# ---------------------------------------------------------------------------------------------- perturbations


def outer(a, x):
    def inner(y):
        return a * y * y * math.sin(y)

    return grad(inner)(x) * a


def confused(x):
    return x * grad(lambda y: x + y)(1.0)


def forward_inside(x):
    return x * jvp(lambda y: x * y)((x,), 1.0)[1]


def three_deep(x):
    def f1(y):
        def f2(z):
            return x * y * z * z

        return grad(f2)(y) * y

    return grad(f1)(x)


def product_inside(x):
    return hvp(lambda y: x * y**3)((x,), 2.0)


def reverse_inside(x):
    return vjp(lambda y: (y * y * x, y))((x,), (1.0, x))[1]


@pytest.mark.parametrize(
    ("f", "args", "want"),
    [
        (outer, (1.2, 0.7), None),
        (confused, (3.0,), 1.0),
        (forward_inside, (3.0,), 6.0),
        (three_deep, (2.0,), 72.0),
        (product_inside, (1.5,), 36.0),
        (reverse_inside, (1.5,), 4 * 1.5 + 1.0),
    ],
)
def test_perturbations_are_not_mixed(f: Any, args: tuple[float, ...], want: Any) -> None:
    if want is None:
        a, x = args
        d = 2 * x * math.sin(x) + x * x * math.cos(x)
        want = (2 * a * d, a * a * (2 * math.sin(x) + 4 * x * math.cos(x) - x * x * math.sin(x)))
    assert grad(f).interpreted(*args) == pytest.approx(want, rel=1e-14)
    assert grad(f)(*args) == pytest.approx(want, rel=1e-14)
    pushed = jvp(f).interpreted(args, (1.0,) * len(args) if len(args) > 1 else 1.0)[1]
    assert pushed == pytest.approx(sum(want) if isinstance(want, tuple) else want, rel=1e-14)


# ---------------------------------------------------------------------------------------------- third order


def wave(x):
    s = 0.0
    for k in range(1, 4):
        s += math.sin(k * x) / k
    return s


def powers(x):
    p = 1.0
    for _ in range(5):
        p *= x
    return p


def branch(x):
    return x**4 if x > 0.5 else math.exp(2.0 * x)


def ratio(x):
    return 1.0 / (1.0 + x * x)


THIRD = [
    (wave, 0.7, -sum(k * k * math.cos(k * 0.7) for k in range(1, 4))),
    (powers, 1.3, 60 * 1.3**2),
    (branch, 0.9, 24 * 0.9),
    (branch, 0.2, 8 * math.exp(0.4)),
    (ratio, 0.6, 24 * 0.6 * (1 - 0.36) / (1 + 0.36) ** 4),
]


@pytest.mark.parametrize(("f", "x", "want"), THIRD)
def test_third_order_in_mixed_orders(f: Any, x: float, want: float) -> None:
    ways = {
        "grad grad grad": lambda: grad(grad(grad(f))).interpreted(x),
        "jvp grad grad": lambda: jvp(grad(grad(f))).interpreted((x,), 1.0)[1],
        "grad hessian": lambda: grad(hessian(f)).interpreted(x),
        "jacobian hessian": lambda: jacobian(hessian(f)).interpreted(x),
        "hessian grad": lambda: hessian(grad(f)).interpreted(x),
        "vjp vjp grad": lambda: vjp(vjp_of_grad(f)).interpreted((x,), 1.0)[1],
    }
    for name, way in ways.items():
        assert way() == pytest.approx(want, rel=1e-12), name


def vjp_of_grad(f: Any) -> Any:
    first = vjp(grad(f))

    def second(x):
        return first((x,), 1.0)[1]

    return second


def test_inside_compiled_code() -> None:
    third = grad(grad(grad(wave)))

    @numba.njit
    def twice(x):
        return 2.0 * third(x)

    assert twice(0.7) == pytest.approx(2.0 * THIRD[0][2])


# ---------------------------------------------------------------------------------------------- in recursion


def _relaxed(x, n):
    if n == 0:
        return x
    return _relaxed(x - 0.1 * dg(x, 2.0 * x), n - 1) * x


def relaxed(x):
    return _relaxed(x, 3)


def _descended(w, n):
    if n == 0:
        return cost(w)
    return _descended(w - 0.05 * grad(cost)(w), n - 1) + w[0] * n


def descended(w):
    return _descended(w, 3)


def _pushed(x, n):
    if n == 0:
        return x * x * x
    return jvp(lambda y: y * y * x)((x,), 1.0)[1] * _pushed(x * 0.9, n - 1)


def pushed(x):
    return _pushed(x, 2)


def _either(x, n):
    """Called with floats and with arrays."""
    return grad(ratio)(x) * (x if n == 0 else _either(x * 0.5, n - 1))


def _mixed(v, n):
    return grad(cost)(v)[0] * (v[1] if n == 0 else _mixed(v * v, n - 1))


def both_kinds(v):
    return _either(v[0], 1) * _mixed(v, 2)


IN_RECURSION = [(relaxed, 1.1), (descended, np.array([0.3, 0.5])), (pushed, 0.7), (both_kinds, np.array([0.6, 0.8]))]


@pytest.mark.parametrize(("f", "x"), IN_RECURSION, ids=[f.__name__ for f, _ in IN_RECURSION])
def test_derivatives_in_recursive_functions(f: Any, x: Any) -> None:
    g, product, size = grad(f), hvp(f), np.size(x)
    assert g.primal(x) == pytest.approx(f(x), rel=1e-13)
    gradient = np.atleast_1d(g(x))
    assert np.atleast_1d(g.interpreted(x)) == pytest.approx(gradient, rel=1e-13)
    for i in range(size):
        e = np.eye(size)[i] if size > 1 else 1.0
        assert gradient[i] == pytest.approx(difference(g.primal, x, e), rel=1e-7, abs=1e-8)
        assert jvp(f).interpreted((x,), e)[1] == pytest.approx(gradient[i], rel=1e-12)
        assert np.atleast_1d(product.interpreted((x,), e)) == pytest.approx(difference(g, x, e), rel=1e-7, abs=1e-8)


def difference(f: Any, x: Any, direction: Any, step: float = 1e-3) -> Any:
    """The derivative of f along the direction, to fourth order in the step."""
    values = [np.atleast_1d(f(x + k * step * direction)) for k in (-2, -1, 1, 2)]
    return (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * step)


# ---------------------------------------------------------------------------------------------- what is refused


def not_a_literal(x, k):
    return grad(g, wrt=k)(x, x)


def a_function_as_argument(x):
    return dg(x, math.sin)


@pytest.mark.parametrize(
    ("f", "args", "said"),
    [
        (not_a_literal, (1.0, 2), "the options of grad have to be literals here"),
        (a_function_as_argument, (1.0,), "is given a function as 'a'"),
    ],
)
def test_refusals(f: Any, args: tuple[Any, ...], said: str) -> None:
    with pytest.raises(SrcadError, match=said):
        grad(f)(*args)


def its_own(x, n):
    if n == 0:
        return x * x
    return grad(its_own, wrt="x")(x, n - 1)


def round_and_round(x):
    return grad(and_back)(x)


def and_back(x):
    return x * grad(round_and_round)(x)


@pytest.mark.parametrize(("f", "args"), [(its_own, (2.0, 1)), (round_and_round, (2.0,))])
def test_a_function_that_calls_its_own_derivative(f, args):
    """It would have to be differentiated again for its derivative, and so on."""
    for call in (grad(f), grad(f).primal):
        with pytest.raises(SrcadError, match=rf"{f.__name__} calls a derivative of itself") as caught:
            call(*args)
        assert caught.value.instead == "a function of its own for what is differentiated there"
        assert "grad(" in caught.value.location.text
