"""Second and higher derivatives: the corpus against the oracle's, and transforms of transforms in every order."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from srcad import grad, hvp, jvp, value_and_grad, vjp

from .corpus import Case, all_cases, fresh, sample
from .directions import direction, floats, untouched
from .jets import mixed
from .oracle import compare, oracle_grad, oracle_hvp, positions

ALL = list(all_cases())
EVERY, COMPILED_EVERY = 50, 400  # one case in so many is run by default, and compiled
ONE_FLOAT = [
    c for c in ALL
    if (chosen := positions(c.f, c.args, c.wrt)) and len(chosen) == 1 and isinstance(c.args[chosen[0]], float)
]  # fmt: skip
ONE_EVERY = 18


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    sample(metafunc, "case", ALL, EVERY)
    sample(metafunc, "compiled_case", ALL, COMPILED_EVERY)
    sample(metafunc, "one_float", ONE_FLOAT, ONE_EVERY)


def check(case: Case, call: Callable[..., Any], slack: float = 10.0) -> None:
    vectors = direction(case)
    args = tuple(fresh(a) for a in case.args)
    _, want = oracle_hvp(case.f, case.args, floats(vectors), case.wrt)
    if not np.isfinite(floats(want)).all():
        pytest.skip("no second derivative here")
    with np.errstate(all="ignore"):
        got = call(args, vectors)
    assert (problem := compare(got, want, slack * case.tolerance)) is None, problem
    assert untouched(case.args, args)


def test_interpreted(case: Case) -> None:
    check(case, hvp(case.f, wrt=case.wrt).interpreted)


def test_compiled(compiled_case: Case) -> None:
    check(compiled_case, hvp(compiled_case.f, wrt=compiled_case.wrt))


def test_vjp_of_grad(case: Case) -> None:
    """Reverse over reverse, which rounds more: a long integration amplifies it."""
    again = vjp(grad(case.f, wrt=case.wrt), wrt=case.wrt)
    check(case, lambda args, vectors: again.interpreted(args, vectors)[1], slack=200.0)


def test_grad_of_grad(one_float: Case) -> None:
    """Reverse over reverse, of the functions of one float."""
    case = one_float
    _, want = oracle_hvp(case.f, case.args, 1.0, case.wrt)
    if not math.isfinite(want):
        pytest.skip("no second derivative here")
    with np.errstate(all="ignore"):
        got = grad(grad(case.f, wrt=case.wrt), wrt=case.wrt).interpreted(*(fresh(a) for a in case.args))
    assert abs(got - want) <= 10.0 * case.tolerance * abs(want), (got, want)


# --- transforms of transforms ----------------------------------------------------------------------------------------


def cubic(x):
    return x**3 * math.sin(x)


def quotient(x):
    return math.exp(-x * x) / (1.0 + x * x)


def looped(x):
    s = x
    for i in range(4):
        s = math.sin(s) * x + 0.1 * i
    return s


def branched(x):
    s = 0.0
    for i in range(3):
        if x * i > 0.9:
            s += math.exp(x * s)
        else:
            s -= x**2 * math.cos(x + i)
    return s


def converging(x):
    s = 1.0
    while abs(s * s - x) > 1e-3:
        s = 0.5 * (s + x / s)
    return s


def left(x):
    s = x
    for _ in range(10):
        s = s * s * 0.9
        if s < 0.1:
            break
    return s * math.log(x)


def _step(x, y):
    return x * math.tanh(y) + y


def helped(x):
    return _step(_step(x, 0.5), x * x)


def overwritten(x):
    a = x * x
    a *= math.sin(a)
    a = a / (2.0 + a)
    return a * a


ONE = [cubic, quotient, looped, branched, converging, left, helped, overwritten]
X = 0.63


@pytest.mark.parametrize("f", ONE)
def test_third_derivatives_of_one_float(f: Callable[[float], float]) -> None:
    """Every mixture of three that gives a number."""
    first, second, third = (mixed(f, (X,), [(1.0,)] * k) for k in (1, 2, 3))
    ways: dict[str, Callable[[], Any]] = {
        "hvp(grad)": lambda: hvp(grad(f)).interpreted((X,), 1.0),
        "jvp(jvp(grad))": lambda: jvp(jvp(grad(f))).interpreted(((X,), 1.0), ((1.0,), 0.0))[1][1],
        "jvp(hvp)": lambda: jvp(hvp(f)).interpreted(((X,), 1.0), ((1.0,), 0.0))[1],
        "jvp(jvp(jvp))": lambda: jvp(jvp(jvp(f))).interpreted(
            (((X,), 1.0), ((1.0,), 0.0)), (((1.0,), 0.0), ((0.0,), 0.0))
        )[1][1][1],
        "grad(hvp)": lambda: grad(hvp(f), wrt="args").interpreted((X,), 1.0)[0],
        "grad(grad(grad))": lambda: grad(grad(grad(f))).interpreted(X),
        "vjp(vjp(grad))": lambda: vjp(vjp(grad(f))).interpreted(((X,), 1.0), (0.0, 1.0))[1][0][0],
        "vjp(jvp(grad))": lambda: vjp(jvp(grad(f))).interpreted(((X,), 1.0), (0.0, 1.0))[1][0][0],
        "jvp(vjp(grad))": lambda: jvp(vjp(grad(f))).interpreted(((X,), 1.0), ((1.0,), 0.0))[1][1],
    }
    assert jvp(f).interpreted((X,), 1.0)[1] == pytest.approx(first, rel=1e-12)
    for name, way in ways.items():
        assert way() == pytest.approx(third, rel=1e-11), name
    assert hvp(f).interpreted((X,), 1.0) == pytest.approx(second, rel=1e-12)


def exponential(x, y):
    return math.exp(x * y) + x**2 * y


def waves(x, s):
    t = 0.0
    for i in range(len(x)):
        t += math.sin(x[i] * s) * x[i]
    return t


def in_place(x, s):
    for i in range(1, len(x)):
        x[i] = x[i] * x[i - 1] + s
    return x[len(x) - 1] * x[0]


def chained(x, s):
    y = x * s
    for k in range(3):
        for i in range(len(x)):
            y[i] = math.tanh(y[(i + 1) % len(x)] + 0.1 * k * x[i])
    return y[0] * y[1]


V = np.array([0.3, 0.7, -0.4])
SEVERAL: list[tuple[Any, tuple[Any, ...]]] = [
    (exponential, (0.5, 0.3)), (waves, (V, 0.3)), (in_place, (V, 0.8)), (chained, (V, 0.6)),
]  # fmt: skip


def random_like(args: tuple[Any, ...], seed: int) -> tuple[Any, ...]:
    random = np.random.default_rng(seed)
    return tuple(random.standard_normal(np.shape(a)) if np.ndim(a) else float(random.standard_normal()) for a in args)


@pytest.mark.parametrize(("f", "args"), SEVERAL, ids=[f.__name__ for f, _ in SEVERAL])
def test_third_derivatives_of_several_inputs(f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """D^3 f along three directions, by forward and reverse mode over hvp, and by three kinds of nesting."""
    u, v, w = (random_like(args, k) for k in range(3))
    zero = tuple(x * 0.0 for x in args)
    want = mixed(f, args, (u, v, w))
    third = jvp(hvp(f)).interpreted((args, u), (v, zero))[1]
    assert floats(third) @ floats(w) == pytest.approx(want, rel=1e-11)
    back = vjp(hvp(f)).interpreted((args, u), w)[1]
    assert floats(back[0]) @ floats(v) == pytest.approx(want, rel=1e-11)
    assert floats(back[1]) @ floats(v) == pytest.approx(mixed(f, args, (v, w)), rel=1e-11)
    forward = jvp(jvp(jvp(f))).interpreted(((args, u), (v, zero)), ((w, zero), (zero, zero)))[1][1][1]
    assert forward == pytest.approx(want, rel=1e-11)
    both = jvp(jvp(value_and_grad(f))).interpreted((args, u), (v, zero))
    assert floats(both[1][1][1]) @ floats(w) == pytest.approx(want, rel=1e-11)
    assert both[0][0][0] == pytest.approx(f(*map(fresh, args)), rel=1e-14)
    twice = vjp(vjp(grad(f))).interpreted((args, u), (zero, w))[1]
    assert floats(twice[0]) @ floats(v) == pytest.approx(want, rel=1e-11)


@pytest.mark.parametrize(("f", "args"), SEVERAL, ids=[f.__name__ for f, _ in SEVERAL])
def test_hvp_is_the_jvp_of_grad_and_symmetric(f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    u, v = random_like(args, 1), random_like(args, 2)
    product = hvp(f).interpreted(args, u)
    gradient, same = jvp(grad(f)).interpreted(args, u)
    assert floats(product).tolist() == floats(same).tolist()
    assert compare(gradient, oracle_grad(f, args)[1]) is None
    assert floats(product) @ floats(v) == pytest.approx(floats(hvp(f).interpreted(args, v)) @ floats(u), rel=1e-12)


def test_third_derivatives_compiled() -> None:
    u, v, w = (random_like((V, 0.8), k) for k in range(3))
    zero = (V * 0.0, 0.0)
    third = jvp(hvp(in_place))(((V, 0.8), u), (v, zero))[1]
    assert floats(third) @ floats(w) == pytest.approx(mixed(in_place, (V, 0.8), (u, v, w)), rel=1e-11)
    assert grad(grad(grad(cubic)))(X) == pytest.approx(mixed(cubic, (X,), [(1.0,)] * 3), rel=1e-11)


def test_fourth_derivative() -> None:
    want = mixed(cubic, (X,), [(1.0,)] * 4)
    assert grad(grad(grad(grad(cubic)))).interpreted(X) == pytest.approx(want, rel=1e-10)
    assert hvp(grad(grad(cubic))).interpreted((X,), 1.0) == pytest.approx(want, rel=1e-10)


def test_by_some_arguments() -> None:
    assert hvp(exponential, wrt="y").interpreted((0.5, 0.3), 1.0) == pytest.approx(
        mixed(exponential, (0.5, 0.3), [(0.0, 1.0)] * 2), rel=1e-13
    )
    mixed_partial = grad(grad(exponential, wrt="x"), wrt="y")
    want = mixed(exponential, (0.5, 0.3), [(1.0, 0.0), (0.0, 1.0)])
    assert mixed_partial.interpreted(0.5, 0.3) == pytest.approx(want, rel=1e-13)


# --- the reference itself --------------------------------------------------------------------------------------------


def test_jets_against_closed_forms_and_the_oracle() -> None:
    def power(x):
        return x**5

    assert [mixed(power, (2.0,), [(1.0,)] * k) for k in (1, 2, 3)] == [80.0, 160.0, 240.0]
    for f in ONE:
        assert mixed(f, (X,), [(1.0,)]) == pytest.approx(oracle_grad(f, (X,))[1], rel=1e-13)
        assert mixed(f, (X,), [(1.0,)] * 2) == pytest.approx(oracle_hvp(f, (X,), 1.0)[1], rel=1e-12)
    for f, args in SEVERAL:
        u, v = random_like(args, 1), random_like(args, 2)
        want = floats(oracle_hvp(f, args, floats(u))[1]) @ floats(v)
        assert mixed(f, args, (u, v)) == pytest.approx(want, rel=1e-12)
    h = 1e-3  # and the third against differences of the second
    moved = [mixed(looped, (X + s * h,), [(1.0,)] * 2) for s in (-2, -1, 1, 2)]
    slope = (moved[0] - 8.0 * moved[1] + 8.0 * moved[2] - moved[3]) / (12.0 * h)
    assert mixed(looped, (X,), [(1.0,)] * 3) == pytest.approx(slope, rel=1e-8)


# --- bars that are zero ----------------------------------------------------------------------------------------------


def times_root(x, y):
    return x * math.sqrt(y)


def weighed_quotient(x, y):
    t = x / y
    return t * t * x + t


def powers_of(x, y):
    s = 0.0
    for k in range(1, 4):
        s += x**k / (y + k) * math.log(y * k)
    return s


def _falling(x, y, n):
    if n == 0:
        return y
    return math.exp(-x) * math.sin(x) * _falling(x, y, n - 1) / y


def recursive(x, y):
    return _falling(x, y, 1) + _falling(x, y, 3)


def untrained(w, x):
    """A layer whose weights are all zero."""
    s = 0.0
    for i in range(len(w)):
        a = 0.0
        for j in range(len(x)):
            a += w[j] * x[(i + j) % len(x)]
        s += w[i] / (x[i] * x[i]) * math.sqrt(x[i]) + math.log(x[i]) * a * a
    return s


ZERO_BARS: list[tuple[Any, tuple[Any, ...]]] = [
    (times_root, (0.0, 4.0)), (weighed_quotient, (0.0, 0.7)), (powers_of, (0.0, 1.3)),
    (untrained, (np.zeros(3), np.array([0.3, 1.7, 0.9]))),
]  # fmt: skip


@pytest.mark.parametrize(("f", "args"), ZERO_BARS, ids=[f.__name__ for f, _ in ZERO_BARS])
def test_a_guard_is_no_branch(f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """What keeps an infinite partial from a bar of zero leaves the derivatives of the product as they are."""
    u, v, w = (random_like(args, k) for k in range(3))
    zero = tuple(x * 0.0 for x in args)
    second, third = mixed(f, args, (u, v)), mixed(f, args, (u, v, w))
    for product in (hvp(f).interpreted, hvp(f)):
        assert floats(product(args, u)) @ floats(v) == pytest.approx(second, rel=1e-12)
    assert floats(vjp(grad(f)).interpreted(args, u)[1]) @ floats(v) == pytest.approx(second, rel=1e-12)
    assert floats(jvp(hvp(f)).interpreted((args, u), (v, zero))[1]) @ floats(w) == pytest.approx(third, rel=1e-11)
    assert floats(vjp(hvp(f)).interpreted((args, u), v)[1][0]) @ floats(w) == pytest.approx(third, rel=1e-11)
    twice = vjp(vjp(grad(f))).interpreted((args, u), (zero, v))[1]
    assert floats(twice[0]) @ floats(w) == pytest.approx(third, rel=1e-11)


def test_a_guard_in_recursion_is_no_branch() -> None:
    args, u, v = (0.0, 1.7), (0.3, -0.8), (1.1, 0.4)
    want = mixed(recursive, args, (u, v))
    assert floats(hvp(recursive).interpreted(args, u)) @ floats(v) == pytest.approx(want, rel=1e-12)


def test_an_infinite_partial_contributes_nothing_where_the_bar_is_zero() -> None:
    """At y = 0, where d sqrt(y) is infinite: nothing of it is left in any direction that does not move x."""
    assert hvp(times_root).interpreted((0.0, 0.0), (0.0, 1.0)) == (math.inf, 0.0)
    assert hvp(times_root).interpreted((0.0, 0.0), (1.0, 0.0)) == (0.0, math.inf)


# --- lists that items are taken off ----------------------------------------------------------------------------------


def emptied(x):
    s = [x]
    t = s.pop() * x
    return t + s.pop()


def looked_at(x):
    s = [x, x * x]
    t = s.pop()
    return t + s[0]


def test_taking_from_an_empty_list_is_an_error() -> None:
    for call in (grad(emptied), grad(emptied).interpreted):
        with pytest.raises(IndexError, match="pop from empty list"):
            call(2.0)


def test_lists_that_are_popped_and_read() -> None:
    assert jvp(looked_at).interpreted((2.0,), 1.0) == (6.0, 5.0)
    assert grad(looked_at)(2.0) == grad(looked_at).interpreted(2.0) == 5.0


def looked_at_too_late(x, k):
    s = [x, x * x]
    t = s.pop()
    return t * s[k]


@pytest.mark.parametrize("k", [1, -2])
def test_what_was_taken_off_a_list_is_no_longer_in_it(k: int) -> None:
    g = grad(looked_at_too_late)
    for call in (looked_at_too_late, g, g.interpreted):
        with pytest.raises(IndexError, match=r"out of (range|bounds)"):
            call(2.0, k)
