"""Jacobians and Hessians: both modes and every chunk against columns of jvp; structures; bad input; nesting."""

from __future__ import annotations

import inspect
import math
import sys
from collections import namedtuple
from typing import Any

import numba
import numpy as np
import pytest

from srcad import grad, hessian, hvp, jacfwd, jacobian, jacrev, jvp, value_grad_hessian
from srcad.generated import Generated, Printed, joined
from srcad.jacobian import Jacobian

from .corpus import Case, fresh, identifiers
from .directions import untouched
from .oracle import flatten, oracle_jacobian
from .results import RESULTS

Pair = namedtuple("Pair", "level slope")


def ring(x, a):
    y = np.empty((x.size, 2))
    for i in range(x.size):
        y[i, 0] = math.sin(x[i]) * a
        y[i, 1] = x[i] * x[(i + 1) % x.size]
    return y


def split(p, k):
    total = 0.0
    slopes = np.zeros(p.slope.size)
    for i in range(p.slope.size):
        total += p.slope[i] ** k * p.level
        slopes[i] = p.slope[i] * p.level**2
    return Pair(total, slopes)


def three(a, b, c):
    return a * b, math.sin(c) * a


def rosenbrock(x):
    s = 0.0
    for i in range(x.size - 1):
        s += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return s


def columns(f: Any, args: tuple[Any, ...], k: int) -> np.ndarray:
    """The Jacobian by one argument, an array, by single forward sweeps."""
    x = args[k]
    name = list(inspect.signature(f).parameters)[k]
    one = jvp(f, wrt=name)
    units = np.eye(x.size).reshape((x.size, *x.shape))
    return np.stack([one.interpreted(args, u)[1] for u in units], axis=-1).reshape((-1, *x.shape))


@pytest.mark.parametrize("n", [1, 7, 8, 9, 20])
def test_both_modes_are_the_columns(n: int) -> None:
    x = np.linspace(0.1, 1.9, n)
    want = columns(ring, (x, 2.0), 0).reshape((n, 2, n))
    for make in (jacfwd, jacrev):
        by_x, by_a = make(ring).interpreted(x, 2.0)
        np.testing.assert_allclose(by_x, want, rtol=1e-14, atol=1e-14)
        np.testing.assert_allclose(by_a[:, 0], np.sin(x), rtol=1e-14)
        assert by_a.shape == (n, 2)


def test_the_mode_with_fewer_sweeps_is_taken() -> None:
    wide = jacobian(lambda x: np.array([x.sum(), (x * x).sum()]))
    x = np.linspace(0.0, 1.0, 40)
    np.testing.assert_allclose(wide(x), [np.ones(40), 2.0 * x], rtol=1e-15)
    assert "by_rows" in wide.source and "by_columns" in wide.source
    assert "columns" not in jacobian(rosenbrock).inspect(x)
    assert "_row" not in jacobian(three).source


@pytest.mark.parametrize("make", [jacfwd, jacrev])
@pytest.mark.parametrize("case", RESULTS, ids=identifiers(RESULTS))
def test_entries_of_any_result(case: Case, make: Any) -> None:
    """Whatever is returned, and whatever the function writes to: the oracle's entries, and the arguments as before."""
    _, want = oracle_jacobian(case.f, case.args, case.wrt)
    args = tuple(fresh(a) for a in case.args)
    got = entries(make(case.f, wrt=case.wrt).interpreted(*args))
    np.testing.assert_allclose(got, np.sort(want[want != 0.0]), rtol=100.0 * case.tolerance)
    assert untouched(case.args, args)


def entries(found: Any) -> np.ndarray:
    """The entries other than zero, sorted: in whatever structure they are."""
    flat = flatten(found)
    return np.sort(flat[flat != 0.0])


def doubles_what_it_is_given(x, marks):
    for i in range(marks.size):
        x[marks[i]] *= x[i]
        marks[i] = 0
    return x[:2] * x[2]


def test_arguments_that_are_written_to_stay_as_they_are_in_compiled_code() -> None:
    x, marks = np.array([2.0, 3.0, 0.5]), np.array([2, 0, 1])
    want = jacfwd(doubles_what_it_is_given)(x, marks)
    for make in (jacrev, jacobian):
        np.testing.assert_allclose(make(doubles_what_it_is_given)(x, marks), want, rtol=1e-14)
        assert x.tolist() == [2.0, 3.0, 0.5] and marks.tolist() == [2, 0, 1]


def test_compiled_as_interpreted() -> None:
    x = np.linspace(0.1, 1.9, 11)
    for make in (jacobian, jacfwd, jacrev):
        g = make(ring)
        for got, want in zip(g(x, 2.0), g.interpreted(x, 2.0), strict=True):
            np.testing.assert_array_equal(got, want)


def test_structures_come_back() -> None:
    p = Pair(1.5, np.array([0.5, 2.0, 3.0]))
    for make in (jacfwd, jacrev):
        got = make(split).interpreted(p, 3)
        assert type(got).__name__ == "Pair" and type(got.level).__name__ == "Pair"
        assert got.level.level == pytest.approx((p.slope**3).sum())
        np.testing.assert_allclose(got.level.slope, 3.0 * p.slope**2 * p.level)
        np.testing.assert_allclose(got.slope.level, 2.0 * p.level * p.slope)
        np.testing.assert_allclose(got.slope.slope, np.diag([p.level**2] * 3))
    assert jacobian(three)(1.0, 2.0, 3.0) == ((2.0, 1.0, 0.0), (math.sin(3.0), 0.0, math.cos(3.0)))
    assert jacobian(three, wrt="b").interpreted(1.0, 2.0, 3.0) == (1.0, 0.0)


def test_precision_and_layout() -> None:
    def cube(x):
        y = np.zeros_like(x)
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                y[i, j] = x[i, j] ** 3
        return y

    x = np.asfortranarray(np.arange(1.0, 7.0).reshape(2, 3))
    want = np.zeros((2, 3, 2, 3))
    for i in range(2):
        for j in range(3):
            want[i, j, i, j] = 3.0 * x[i, j] ** 2
    for make in (jacfwd, jacrev):
        np.testing.assert_allclose(make(cube)(x), want)
        single = make(cube).interpreted(np.ascontiguousarray(x, dtype=np.float32))
        assert single.dtype == np.float32
        np.testing.assert_allclose(single, want, rtol=1e-6)


def test_no_inputs_at_all() -> None:
    assert jacobian(ring, wrt="x", mode="forward")(np.empty(0), 1.0).shape == (0, 2, 0)
    assert jacrev(ring, wrt="x")(np.empty(0), 1.0).shape == (0, 2, 0)


def test_hessian_is_the_products_of_unit_vectors() -> None:
    x = np.linspace(-1.0, 1.5, 10)
    got = hessian(rosenbrock)(x)
    product = hvp(rosenbrock)
    np.testing.assert_allclose(got, np.stack([product((x,), e) for e in np.eye(10)]), rtol=1e-14)
    np.testing.assert_allclose(got, got.T, rtol=1e-14)
    assert hessian(lambda a, b: a * a * b)(2.0, 3.0) == ((6.0, 4.0), (4.0, 0.0))


def test_value_gradient_and_hessian() -> None:
    x = np.linspace(-1.0, 1.5, 10)
    value, gradient, curvature = value_grad_hessian(rosenbrock).interpreted(x)
    assert value == rosenbrock(x)
    np.testing.assert_array_equal(gradient, grad(rosenbrock).interpreted(x))
    np.testing.assert_allclose(curvature, hessian(rosenbrock).interpreted(x), rtol=1e-15)
    assert value_grad_hessian(saddle).interpreted(2.0, 3.0) == (42.0, (45.0, 20.0), ((36.0, 18.0), (18.0, 4.0)))


def test_inside_compiled_code_and_inside_differentiated_code() -> None:
    h = hessian(rosenbrock)

    @numba.njit
    def trace(x):
        return np.trace(h(x))

    x = np.array([0.5, -0.3, 1.1])
    assert trace(x) == np.trace(h(x))

    def curvature(a, b):
        ((haa, _), (_, hbb)) = hessian(saddle)(a, b)
        return haa * hbb

    # haa = 6 a b, hbb = 2 a
    assert grad(curvature).interpreted(2.0, 3.0) == pytest.approx((24.0 * 2.0 * 3.0, 12.0 * 4.0))


def saddle(a, b):
    return a**3 * b + a * b * b


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: jacobian(ring, mode="both"), ValueError, 'the modes "forward", "reverse" and None, not \'both\''),
        (lambda: jacobian(ring, lanes=0), ValueError, "from 1 to 64, not 0"),
        (lambda: hessian(ring, lanes=1.5), ValueError, "from 1 to 64, not 1.5"),
        (lambda: jacobian(3), TypeError, "jacobian takes a function, not 3"),
        (lambda: jacobian(lambda x: 3)(1.0), Exception, "an int, which has no derivative"),
    ],
)
def test_bad_input(make: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        make()


def test_repr_and_help() -> None:
    g = jacfwd(ring, wrt="x")
    assert repr(g) == "jacobian(ring, wrt=('x',), mode='forward')"
    assert isinstance(g, Jacobian) and g.__doc__ is not None and g.__doc__.startswith("Jacobian of ring(x, a) by x")


def bump(x, t):
    y = np.empty(2)
    d = t - x[0]
    y[0] = x[1] / (1.0 + 100.0 * d * d)
    y[1] = math.sqrt(x[2])
    return y


def test_what_one_result_is_made_of_carries_nothing_in_several_lanes() -> None:
    x, t = np.array([0.3, 1.2, 0.8]), 0.7
    text = jacfwd(bump, wrt="x", lanes=4).inspect(x, t)
    assert "d_dot" in jacfwd(bump, wrt="x", lanes=1).inspect(x, t)
    assert "d_dot" not in text and "partial" in text
    np.testing.assert_allclose(jacfwd(bump, wrt="x", lanes=4).interpreted(x, t), columns(bump, (x, t), 0), rtol=1e-14)


def names_again(x):
    """The name of an operand has another value before the result is computed, and the value that it is made of too."""
    a = x[0] * x[0] * x[1]
    b = math.sin(a) * x[1]
    a = x[1] * x[1] * x[2]
    c = b * a + math.exp(a * b)
    b = c * c
    return b * a * x[0]


def read_elsewhere(x):
    """What a result is made of decides another, is stored, and is carried round a loop."""
    y = np.empty(3)
    s = x[0]
    for i in range(3):
        d = s * s * 0.5 - x[1]
        s = 1.0 + 0.1 * d * d * s
        y[i] = d * math.cos(d * x[2])
        if d > 0.0:
            s -= 0.01 * d * d * d
    return y[0] * y[1] + y[2] * s


def elements_again(x):
    """An element that a result is made of changes before it."""
    y = x.copy()
    a = y[0] * y[0] * y[1]
    y[0] = a * a * y[2]
    b = a * a * y[0] * y[0]
    y[1] = b
    return b * y[1] * y[1] + y[0]


def cancelling(x):
    """An infinite partial of what does not move: nothing is left of it."""
    return math.sqrt(x[0] * x[1] - x[1] * x[0]) + x[2] * math.sqrt((x[0] - x[0]) * x[1])


def several(x):
    """More than a line has terms for, and a result of one value that is used twice in each step."""
    t = (x[0] * x[1] - x[2] * x[0]) * (x[1] * x[2] + x[0] * x[0]) * (x[2] * x[2] + x[1])
    u = t * t
    return (1.0 + u) * u + math.tanh(u - t)


@pytest.mark.parametrize("f", [names_again, read_elsewhere, elements_again, cancelling, several])
def test_several_operations_at_once(f: Any) -> None:
    x = np.array([0.6, 0.9, -0.4])
    expected = oracle_jacobian(f, (x,))[1]
    for lanes in (1, 2, 3, 8):
        found = jacfwd(f, lanes=lanes).interpreted(x)
        np.testing.assert_allclose(np.reshape(found, (-1, 3)), expected, rtol=1e-13, err_msg=str(lanes))
    bent = hessian(f).interpreted(x) if f is not cancelling else np.zeros((3, 3))
    np.testing.assert_allclose(bent, bent.T, atol=1e-12)


def still_branch(a, b, c):
    s = 0.0 * a
    t = b
    for k in range(3):
        if t > 1.0:
            s = a * t
        else:
            t = t + c * b
        s += math.sqrt(b) * c
    return s, t, 0.0 * a


def test_what_stands_still_in_a_lane_is_left_out() -> None:
    """And only that: a name that moves on one path moves, a product with a zero of the user's stays NaN."""
    for args in ((2.0, 0.25, 0.5), (2.0, 1.5, 0.5)):
        (s, t, n) = jacobian(still_branch).interpreted(*args)
        for k, by in enumerate("abc"):
            unit = tuple(float(j == k) for j in range(3))
            _, want = jvp(still_branch).interpreted(args, unit)
            np.testing.assert_allclose((s[k], t[k], n[k]), want, rtol=1e-15, err_msg=by)
    value, _, _ = value_grad_hessian(lambda a, b: 0.0 * a + b * b).interpreted(math.inf, 1.0)
    assert math.isnan(value)
    text = jacobian(still_branch).source
    assert "t_dot1" not in text and "t_dot2" in text and "s_dot1" in text


def total(v, k):
    if v.ndim == 2:
        s = 0.0
        for i in range(v.shape[0]):
            s += total(v[i], k)
        return s
    if k == 0:
        return 0.0
    return v[k - 1] + total(v, k - 1)


def grown(x, k):
    if k == 0:
        return x
    return grown(x, k - 1) * 1.5


def calls_of_many_types(x, a, n):
    y = np.empty(3)
    for i in range(3):
        y[i] = grown(n, 1) * x[i] * x[0] * total(a, 2) + total(x, 3) + grown(x[i], 2) * grown(n, 3)
    return y


def test_helpers_of_columns_and_rows_keep_apart() -> None:
    """Both sweeps stand in one module, and each has its own helpers for the types that it calls them with."""
    args = (np.array([1.0, 2.0, 3.0]), np.full((2, 2), 1.5), 2)
    rows = jacrev(calls_of_many_types).interpreted(*args)
    whole = jacobian(calls_of_many_types)
    for k, unit in enumerate(np.eye(3)):
        _, column = jvp(calls_of_many_types, wrt="x").interpreted(args, unit)
        np.testing.assert_allclose(rows[0][:, k], column, rtol=1e-14)
    found = whole.interpreted(*args)
    np.testing.assert_allclose(found[0], rows[0], rtol=1e-14)
    np.testing.assert_allclose(found[1], rows[1], rtol=1e-14)


def test_helpers_that_differ_are_named_apart() -> None:
    one = Generated("f", (Printed("g", "def g(x):\n    return x\n"), Printed("f", "def f(x):\n    return g(x)\n")), {})
    two = Generated("h", (Printed("g", "def g(x):\n    return -x\n"), Printed("h", "def h(x):\n    return g(x)\n")), {})
    driver = Printed("k", "def k(x):\n    return f(x) + 3.0 * h(x)\n")
    assert joined("k", (one, two, one), (driver,), {}).interpreted()(2.0) == -4.0


def test_a_long_function_takes_fewer_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.linspace(-1.0, 1.0, 11)
    by_default = jacfwd(ring, wrt="x")
    assert "x_e8" in by_default.inspect(x, 2.0)
    want = by_default.interpreted(x, 2.0)
    longest = len(jvp(ring, wrt="x").inspect((x, 2.0), x).splitlines())
    monkeypatch.setattr(sys.modules["srcad.jacobian"], "LINES", longest)
    fewer = jacfwd(ring, wrt="x")
    assert "x_e8" not in fewer.inspect(x, 2.0)
    np.testing.assert_array_equal(fewer.interpreted(x, 2.0), want)
    assert "x_e8" in jacfwd(ring, wrt="x", lanes=8).inspect(x, 2.0)
