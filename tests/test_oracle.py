"""The oracle itself: against closed forms, against finite differences, and shown able to fail."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from .corpus import Case, all_cases, fresh, sample
from .oracle import (
    CURVES,
    FLOAT_TYPES,
    SMOOTH,
    OracleError,
    compare,
    count,
    digamma,
    flatten,
    oracle_grad,
    oracle_hessian,
    oracle_hvp,
    oracle_jacobian,
    oracle_run,
    positions,
    trigamma,
)

CASES = list(all_cases())
EVERY = 4  # one case in so many is run by default


# --- closed forms ----------------------------------------------------------------------------------------------------


def test_the_lecture() -> None:
    def f(x1, x2):
        return x1 * x2 + math.sin(x2)

    value, (g1, g2) = oracle_grad(f, (2.0, 3.0))
    assert value == 6.0 + math.sin(3.0)
    assert g1 == 3.0
    assert g2 == pytest.approx(2.0 + math.cos(3.0), rel=1e-15)


def test_logistic_loss_has_the_closed_form_of_the_lecture() -> None:
    def f(w, x):
        u = 0.0
        for i in range(len(w)):
            u += w[i] * x[i]
        return -math.log(1.0 / (1.0 + math.exp(-u)))

    w, x = np.array([0.3, -1.2, 0.5]), np.array([1.0, 0.4, -2.0])
    _, g = oracle_grad(f, (w, x), "w")
    sigma = 1.0 / (1.0 + math.exp(-w @ x))
    np.testing.assert_allclose(g, -(1.0 - sigma) * x, rtol=1e-14)


def test_quadratic_form_and_determinant() -> None:
    def quadratic(a, x):
        s = 0.0
        for i in range(len(x)):
            for j in range(len(x)):
                s += x[i] * a[i, j] * x[j]
        return s

    def det(a):
        return a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]

    a, x = np.array([[1.0, 2.0], [3.0, 4.5]]), np.array([0.5, -1.5])
    _, (ga, gx) = oracle_grad(quadratic, (a, x))
    np.testing.assert_allclose(ga, np.outer(x, x), rtol=1e-15)
    np.testing.assert_allclose(gx, (a + a.T) @ x, rtol=1e-15)
    value, g = oracle_grad(det, (a,))
    np.testing.assert_allclose(g, value * np.linalg.inv(a).T, rtol=1e-14)


@pytest.mark.parametrize("x", [-7.3, -0.5, 1e-3, 0.2, 1.0, 2.5, 9.9, 30.0])
def test_digamma_recurrence_and_derivative_of_lgamma(x: float) -> None:
    assert digamma(x + 1.0) == pytest.approx(digamma(x) + 1.0 / x, rel=1e-13)
    h = 1e-6 * max(1.0, abs(x))
    if x > 0.01:
        assert digamma(x) == pytest.approx((math.lgamma(x + h) - math.lgamma(x - h)) / (2 * h), rel=1e-6, abs=1e-8)


def test_digamma_at_one_is_minus_eulers_constant() -> None:
    assert digamma(1.0) == pytest.approx(-np.euler_gamma, rel=1e-15)
    assert digamma(0.5) == pytest.approx(-np.euler_gamma - 2.0 * math.log(2.0), rel=1e-15)


POINTS = {"arccosh": (1.2, 3.4), "arcsin": (-0.7, 0.2), "arccos": (-0.7, 0.2), "arctanh": (-0.7, 0.2)}
POSITIVE = ("log", "log1p", "log2", "log10", "sqrt")


@pytest.mark.parametrize("name", SMOOTH)
def test_every_smooth_function_against_a_complex_free_difference(name: str) -> None:
    """Richardson-extrapolated central differences, of the value and of the slope: good to some 1e-10."""
    value, of = SMOOTH[name]

    def slope(x: float) -> float:
        return float(of(np.float64(x), np.float64(value(x))))  # type: ignore[arg-type]

    for x in POINTS.get(name, (0.3, 1.7) if name in POSITIVE else (-1.3, 0.4, 1.7)):
        assert slope(x) == pytest.approx(extrapolated(value, x), rel=1e-8)
        curve = float(CURVES[name](np.float64(x), np.float64(value(x))))  # type: ignore[arg-type]
        assert curve == pytest.approx(extrapolated(slope, x), rel=1e-8, abs=1e-10)


def extrapolated(fn: Callable[[float], float], x: float) -> float:
    """The derivative of `fn` at x."""

    def central(h: float) -> float:
        return (fn(x + h) - fn(x - h)) / (2.0 * h)

    a, b, c = (central(h) for h in (1e-3, 5e-4, 2.5e-4))
    first, second = (4.0 * b - a) / 3.0, (4.0 * c - b) / 3.0
    return (16.0 * second - first) / 15.0


# --- second derivatives, and results that are no scalars --------------------------------------------------------------


def test_hessians_with_closed_forms() -> None:
    def quadratic(a, x):
        s = 0.0
        for i in range(len(x)):
            for j in range(len(x)):
                s += x[i] * a[i, j] * x[j]
        return s

    def rosenbrock(x, y):
        return (1.0 - x) ** 2 + 100.0 * (y - x * x) ** 2

    def quotient(x, y):
        return math.exp(x) / y

    a, x = np.array([[1.0, 2.0], [3.0, 4.5]]), np.array([0.5, -1.5])
    np.testing.assert_allclose(oracle_hessian(quadratic, (a, x), "x"), a + a.T, rtol=1e-15)
    want = [[1200.0 * 4.0 - 400.0 * 3.0 + 2.0, -800.0], [-800.0, 200.0]]
    np.testing.assert_allclose(oracle_hessian(rosenbrock, (2.0, 3.0)), want, rtol=1e-14)
    e = math.exp(0.5)
    np.testing.assert_allclose(oracle_hessian(quotient, (0.5, 2.0)), [[e / 2.0, -e / 4.0], [-e / 4.0, e / 4.0]])


TWO = {
    "x / y": lambda x, y: x / y,
    "x * y": lambda x, y: x * y,
    "x ** y": lambda x, y: x**y,
    "pow": lambda x, y: math.pow(x, y),
    "atan2": lambda x, y: math.atan2(x, y),
    "hypot": lambda x, y: math.hypot(x, y, 0.5),
    "logaddexp": lambda x, y: np.logaddexp(x, y),
    "logaddexp2": lambda x, y: np.logaddexp2(x, y),
    "copysign": lambda x, y: math.copysign(x, y) * x,
    "fmod": lambda x, y: math.fmod(x, y) * x,
    "mod": lambda x, y: (x % y) * y,
    "remainder": lambda x, y: math.remainder(x, y) * y,
    "abs": lambda x, y: abs(x - y) * x,
    "max": lambda x, y: max(x, y) * x,
    "x ** 3": lambda x, y: x**3 * y**-2,
}


@pytest.mark.parametrize("name", TWO)
def test_second_partials_against_differences(name: str) -> None:
    f = TWO[name]
    at = (1.7, 0.6)
    hessian = oracle_hessian(f, at)
    for k in range(2):

        def moved(t: float, k: int = k) -> np.ndarray:
            return flatten(oracle_grad(f, (at[0] + t * (k == 0), at[1] + t * (k == 1)))[1])

        np.testing.assert_allclose(hessian[k], extrapolated(moved, 0.0), rtol=1e-7, atol=1e-9)  # type: ignore[arg-type]


@pytest.mark.parametrize("x", [-7.3, -0.5, 0.2, 1.0, 30.0])
def test_trigamma_is_the_derivative_of_digamma(x: float) -> None:
    assert trigamma(x) == pytest.approx(extrapolated(digamma, x), rel=1e-6)
    assert trigamma(x + 1.0) == pytest.approx(trigamma(x) - 1.0 / (x * x), rel=1e-12)


def test_jacobians_of_results_with_structure() -> None:
    def f(x, s, n):
        out = np.zeros(2)
        out[0] = x[0] * s
        out[1] = x[1] * x[0]
        return (s * s, n), out, 3.0

    values, jacobian = oracle_jacobian(f, (np.array([2.0, 3.0]), 5.0, 7))
    assert values.tolist() == [25.0, 10.0, 6.0, 3.0]
    assert jacobian.tolist() == [[0.0, 0.0, 10.0], [5.0, 0.0, 2.0], [3.0, 2.0, 0.0], [0.0, 0.0, 0.0]]


# --- structure of the answer -----------------------------------------------------------------------------------------


class Pair(NamedTuple):
    weights: np.ndarray
    bias: float


def structured(p, x, t, n):
    return p.weights[0] * p.bias + p.weights[1] * x + t[0] * t[1] * n


ARGS = (Pair(np.array([2.0, 3.0]), 5.0), 7.0, (11.0, 13.0), 2)


def test_gradients_come_in_the_structure_of_the_arguments() -> None:
    _, g = oracle_grad(structured, ARGS)
    assert isinstance(g, tuple)
    p, x, t = g
    assert isinstance(p, Pair)
    np.testing.assert_array_equal(p.weights, [5.0, 7.0])
    assert (p.bias, x, t) == (2.0, 3.0, (26.0, 22.0))


@pytest.mark.parametrize("wrt", ["x", 1, -3, ("x",)])
def test_one_argument_gives_a_bare_gradient(wrt: Any) -> None:
    assert oracle_grad(structured, ARGS, wrt)[1] == 3.0


def test_several_arguments_in_the_order_asked_for() -> None:
    _, (t, x) = oracle_grad(structured, ARGS, ("t", 1))
    assert (t, x) == ((26.0, 22.0), 3.0)


def test_the_callers_arrays_are_not_changed() -> None:
    def f(v):
        v[0] *= 2.0
        return v[0]

    v = np.array([1.5])
    assert oracle_grad(f, (v,))[1][0] == 2.0
    assert v[0] == 1.5


# --- rebuilding functions --------------------------------------------------------------------------------------------


def test_globals_closures_defaults_and_recursion_are_followed() -> None:
    k = 3.0

    def fact(x, n, scale=2.0):
        return scale if n == 0 else x * fact(x, n - 1) * math.cos(k * 0.0)

    assert oracle_grad(fact, (1.5, 3), "x") == (2.0 * 1.5**3, pytest.approx(2.0 * 3 * 1.5**2, rel=1e-14))


def test_views_share_memory_and_copies_do_not() -> None:
    def f(a):
        t = a.T
        t[0, 1] = a[0, 0] * 3.0
        c = a.copy()
        c[1, 0] = 0.0
        flat = a.reshape(4)
        flat[3] = flat[2] * a[0, 1]
        return a[1, 0] * a[1, 1]

    a = np.array([[2.0, 3.0], [4.0, 5.0]])  # result: (3 a00)^2 a01
    np.testing.assert_array_equal(oracle_grad(f, (a,))[1], [[18.0 * 2.0 * 3.0, 9.0 * 4.0], [0.0, 0.0]])


def test_an_unknown_function_is_an_error_not_a_zero() -> None:
    def f(x):
        return np.i0(x)

    with pytest.raises(OracleError, match=r"numpy\.i0"):
        oracle_grad(f, (1.0,))


def test_a_lost_tangent_is_an_error_not_a_zero() -> None:
    def f(x, n):
        a = n / 2.0  # a real array, in which a dual has no place
        a[0] = x
        return a[0] * x

    with pytest.raises(OracleError, match="lose its tangent"):
        oracle_grad(f, (1.0, np.array([1, 2])))


# --- conventions -----------------------------------------------------------------------------------------------------


def _gradients(f: Callable[..., Any], *args: float) -> list[float]:
    return flatten(oracle_grad(f, args)[1]).tolist()


def test_ties() -> None:
    assert _gradients(lambda x: max(x, 0.0), 0.0) == [0.0]
    assert _gradients(lambda x: max(0.0, x), 0.0) == [0.0]
    assert _gradients(lambda x: min(x, 0), 0.0) == [0.0]
    assert _gradients(lambda x, y: max(x, y), 1.0, 1.0) == [1.0, 0.0]
    assert _gradients(lambda x, y: min(y, x), 1.0, 1.0) == [0.0, 1.0]
    assert _gradients(lambda x, y: np.maximum(x, y), 1.0, 1.0) == [1.0, 0.0]
    assert _gradients(lambda x: np.where(x > 0.0, x, 0.0), 0.0) == [0.0]


def test_edges() -> None:
    assert _gradients(lambda x: abs(x), 0.0) == [0.0]
    assert _gradients(lambda x: x**3 + x**0 + x**2.5, 0.0) == [0.0]
    assert _gradients(lambda x: x**1, 0.0) == [1.0]
    assert _gradients(lambda x, y: x**y, 0.0, 2.5) == [0.0, 0.0]
    assert _gradients(lambda x: math.sqrt(x), 0.0) == [math.inf]
    assert _gradients(lambda x: math.sqrt(x) * 0.0 + x, 0.0) == [1.0]
    assert _gradients(lambda x: np.where(x > 0.0, np.log(x), 0.0) + x, -1.0) == [1.0]
    assert _gradients(lambda x, y: math.hypot(x, y), 0.0, 0.0) == [0.0, 0.0]
    assert oracle_grad(lambda x: 1.0 / x, (0.0,)) == (math.inf, -math.inf)


def test_margin_is_the_distance_to_the_nearest_branch_point() -> None:
    def f(x, n):
        y = x * x if x > 1.0 else x
        return y * int(x) if n > 2 else y

    assert oracle_run(f, (1.25, 1)).margin == 0.25
    assert oracle_run(f, (1.875, 3)).margin == 0.125
    assert oracle_run(lambda x: x * x, (1.25,)).margin == math.inf
    assert oracle_run(lambda x: max(x, x), (1.25,)).margin == math.inf


# --- the corpus against finite differences ---------------------------------------------------------------------------


def nudged(x: Any, which: int, h: float) -> tuple[Any, float]:
    """`x` with its float number `which` moved by about h of its size, and by how much that was."""
    if isinstance(x, tuple):
        items, moved = [], 0.0
        for v in x:
            item, step = nudged(v, which, h)
            items.append(item)
            moved += step
            which -= count(v)
        return (type(x)(*items) if hasattr(x, "_fields") else tuple(items)), moved
    if isinstance(x, np.ndarray) and 0 <= which < x.size:
        out = fresh(x)
        out.flags.writeable = True
        at = np.unravel_index(which, x.shape)
        out[at] += h * (abs(float(x[at])) or 1.0)
        return out, float(out[at]) - float(x[at])
    if isinstance(x, FLOAT_TYPES) and which == 0:
        relative = h if x == 0.0 or abs(x) > 1e-4 else 1000.0 * h  # a tiny step would drown in rounding
        moved_to = type(x)(x + relative * (abs(x) or 1.0))
        return moved_to, float(moved_to) - float(x)
    return fresh(x), 0.0


def differences(case: Case, h: float) -> np.ndarray:
    """Central differences of the plain function in every differentiated float."""
    f = getattr(case.f, "py_func", case.f)
    out = []
    for k in positions(case.f, case.args, case.wrt):
        for which in range(count(case.args[k])):
            values, steps = [], []
            for sign in (1.0, -1.0):
                args = [fresh(a) for a in case.args]
                args[k], step = nudged(case.args[k], which, sign * h)
                values.append(float(f(*args)))
                steps.append(step)
            out.append((values[0] - values[1]) / (steps[0] - steps[1]))
    return np.array(out)


DOUBLE = [c for c in CASES if c.tolerance < 1e-6]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    sample(metafunc, "case", DOUBLE, EVERY)


def inputs_of(case: Case) -> np.ndarray:
    """All the floats that are differentiated."""
    chosen = positions(case.f, case.args, case.wrt)
    return np.concatenate([np.zeros(0), *(flatten(x) for k in chosen for x in [numbers(case.args[k])])])


def test_against_finite_differences(case: Case) -> None:
    run = oracle_run(case.f, case.args, case.wrt)
    f = getattr(case.f, "py_func", case.f)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if case.name.startswith("kinks.") or run.margin < 1e-5:
            pytest.skip("at a kink, where differences mean nothing")
        if not np.isfinite(inputs_of(case)).all():
            pytest.skip("beside what is not finite there is nothing to differ from")
        try:
            value = float(f(*(fresh(a) for a in case.args)))
        except ZeroDivisionError:
            pytest.skip("plain Python raises where IEEE does not")
        assert run.value == pytest.approx(value, rel=1e-13, nan_ok=True)
        try:
            numeric = differences(case, 1e-6)
        except ValueError:
            pytest.skip("at the end of a function's domain, where there is no difference to both sides")
        if not np.isfinite(value):
            pytest.skip("an infinite value, of which there are no differences")
    exact = flatten(run.gradient)
    assert np.linalg.norm(exact - numeric) <= 1e-6 * max(float(np.linalg.norm(exact)), abs(value), 1e-3)


def test_second_derivatives_against_differences_of_gradients(case: Case) -> None:
    """Central differences of the exact gradient along a random direction."""
    run = oracle_run(case.f, case.args, case.wrt)
    exact = flatten(run.gradient)
    if case.name.startswith("kinks.") or run.margin < 1e-5 or not np.isfinite(exact).all():
        pytest.skip("at a kink, where differences mean nothing")
    if not np.isfinite(inputs_of(case)).all():
        pytest.skip("beside what is not finite there is nothing to differ from")
    chosen = positions(case.f, case.args, case.wrt)
    inputs = [case.args[k] for k in chosen]
    at = np.concatenate([flatten(x) for x in map(numbers, inputs)])
    direction = np.random.default_rng(0).standard_normal(at.size) * np.where(at != 0.0, np.abs(at), 1.0)
    gradient, product = oracle_hvp(case.f, case.args, direction, case.wrt)
    assert np.array_equal(flatten(gradient), exact)

    def moved(h: float) -> np.ndarray:
        args = list(case.args)
        ends = np.cumsum([count(x) for x in inputs])[:-1]
        for k, x, d in zip(chosen, inputs, np.split(direction, ends), strict=True):
            args[k] = shifted(x, h * d)
        return flatten(oracle_grad(case.f, args, case.wrt)[1])

    with np.errstate(all="ignore"):
        numeric = (moved(1e-6) - moved(-1e-6)) / 2e-6
    size = max(float(np.linalg.norm(flatten(product))), float(np.linalg.norm(exact)), 1e-3)
    assert np.linalg.norm(flatten(product) - numeric) <= 1e-6 * size


def numbers(x: Any) -> Any:
    """`x` with 0.0 for what is no float, as gradients have."""
    if isinstance(x, tuple):
        return tuple(y for v in x for y in (numbers(v),) if not isinstance(v, (int, str)))
    return x


def shifted(x: Any, by: np.ndarray) -> Any:
    """`x` with its floats moved."""
    if isinstance(x, tuple):
        ends = np.cumsum([count(v) for v in x])[:-1]
        items = [shifted(v, d) for v, d in zip(x, np.split(by, ends), strict=True)]
        return type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    if isinstance(x, np.ndarray):
        out = fresh(x)
        out.flags.writeable = True
        out += by.reshape(x.shape)
        return out
    return x + type(x)(by[0]) if isinstance(x, FLOAT_TYPES) else x


# --- the comparison can fail -----------------------------------------------------------------------------------------


def test_a_wrong_gradient_is_told_from_a_right_one() -> None:
    """The classic fault: the value after the loop where the reverse sweep needs the one before each step."""

    def f(v):
        p = 1.0
        for i in range(len(v)):
            p *= v[i]
        return p

    def wrong_adjoint(v):
        p = 1.0
        for i in range(len(v)):
            p *= v[i]
        bars = np.zeros(len(v))
        p_bar = 1.0
        for i in range(len(v) - 1, -1, -1):
            bars[i] += p_bar * p
            p_bar *= v[i]
        return bars

    def right_adjoint(v):
        return np.array([np.prod(np.delete(v, i)) for i in range(len(v))])

    v = np.array([1.3, 0.7, 1.1, 0.4])
    _, want = oracle_grad(f, (v,))
    assert compare(right_adjoint(v), want) is None
    assert "of the norm" in str(compare(wrong_adjoint(v), want))


def test_comparison_sees_small_errors_structure_and_non_finite_values() -> None:
    want = (np.array([1.0, 2.0]), 3.0)
    assert compare((np.array([1.0, 2.0]), 3.0), want) is None
    assert compare((np.array([1.0, 2.0 + 1e-11]), 3.0), want) is not None
    assert compare((np.array([1.0, 2.0 + 1e-13]), 3.0), want) is None
    assert compare((np.array([[1.0, 2.0]]), 3.0), want) is not None
    assert compare(np.array([1.0, 2.0, 3.0]), want) is not None
    assert compare((np.array([1.0, math.nan]), 3.0), want) is not None
    assert compare(1e-300, 0.0) is not None
    assert compare(math.inf, math.inf) is None
    assert compare(-math.inf, math.inf) is not None
    assert compare(1, 1.0) is not None
    assert compare(Pair(np.zeros(1), 0.0), (np.zeros(1), 0.0)) is not None
