"""exp, log, expm1, log1p and tanh as instructions: their accuracy, their edges, and that loops run in vectors."""

from __future__ import annotations

import math
import re
from decimal import Decimal, localcontext
from typing import Any

import numba
import numpy as np
import pytest

from srcad import grad, jvp, value_and_grad
from srcad.machine.elementary import CALLED, FUNCTIONS, possible
from srcad.machine.vectors import one, pack

from .machine import machine_code

needs_fma = pytest.mark.skipif(not possible(), reason="the processor has no fma")
RANDOM = np.random.default_rng(0)
WIDE = np.concatenate([RANDOM.uniform(-1.5, 1.5, 300), RANDOM.uniform(-40, 40, 200), RANDOM.normal(size=100) * 1e-9])
POSITIVE = np.concatenate([RANDOM.uniform(0, 3, 300), 1 + RANDOM.normal(size=200) * 1e-3])
POSITIVE = np.concatenate([POSITIVE, 10.0 ** RANDOM.uniform(-323, 308, 300)])
ARGUMENTS = {
    "exp": np.concatenate([WIDE, RANDOM.uniform(-745, 709.7, 300), RANDOM.uniform(-745.1, -708, 100)]),
    "expm1": np.concatenate([WIDE, RANDOM.uniform(-60, 709.7, 300), RANDOM.normal(size=50) * 1e-300]),
    "tanh": np.concatenate([WIDE, RANDOM.uniform(-25, 25, 300), RANDOM.normal(size=50) * 1e-300]),
    "log": POSITIVE,
    "log1p": np.concatenate([RANDOM.uniform(-0.9999, 3, 300), WIDE[500:], POSITIVE]),
}
ULPS = {"exp": 1.0, "log": 1.0, "log1p": 1.0, "expm1": 2.0, "tanh": 3.0}
EDGES = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.0, -1.0, -2.0, 709.78, 709.79, -708.4, -745.13, -745.14]
EDGES += [1e308, -1e308, 2.0**-1022, 5e-324, -5e-324, 1e-310, 42.0, -40.0, math.nextafter(-1.0, 0.0)]


def applied(name: str, kind: Any = np.float64, fastmath: Any = False) -> Any:
    called = CALLED[name]

    @numba.njit(error_model="numpy", fastmath=fastmath)
    def loop(x: Any, out: Any) -> None:
        for i in range(len(x)):
            out[i] = called(x[i])

    def apply(x: Any) -> Any:
        out = np.empty(len(x), kind)
        loop(np.asarray(x, kind), out)
        return out

    return apply


@needs_fma
@pytest.mark.parametrize("name", CALLED)
def test_vectors_have_the_same(name: str) -> None:
    called = CALLED[name]

    @numba.njit(error_model="numpy")
    def four(x: Any, out: Any) -> None:
        for i in range(0, len(x), 4):
            together = called(pack((x[i], x[i + 1], x[i + 2], x[i + 3])))
            out[i], out[i + 1] = one(together, 0), one(together, 1)
            out[i + 2], out[i + 3] = one(together, 2), one(together, 3)

    x = np.concatenate([ARGUMENTS[name], EDGES, [0.0, 0.0, 0.0]])
    x = x[: len(x) // 4 * 4]
    out = np.empty(len(x))
    four(x, out)
    np.testing.assert_array_equal(out, applied(name)(x))


def exactly(name: str, x: float) -> Decimal:
    """The function with 60 digits more than cancel."""
    d = Decimal(x)
    with localcontext() as context:
        context.prec = 60 + (abs(d.adjusted()) if name in ("expm1", "tanh", "log1p") and d.adjusted() < 0 else 0)
        match name:
            case "exp":
                return +d.exp()
            case "expm1":
                return d.exp() - 1
            case "tanh":
                e = (2 * abs(d)).exp()
                return ((e - 1) / (e + 1)).copy_sign(d)
            case "log":
                return +d.ln()
        return (1 + d).ln()


@needs_fma
@pytest.mark.parametrize("fastmath", [False, {"contract"}], ids=["", "contracted"])
@pytest.mark.parametrize("name", sorted(CALLED))
def test_errors_in_units_of_the_last_place(name: str, fastmath: Any) -> None:
    x = ARGUMENTS[name]
    for argument, got in zip(x.tolist(), applied(name, fastmath=fastmath)(x).tolist(), strict=True):
        want = exactly(name, argument)
        assert abs(Decimal(got) - want) <= Decimal(ULPS[name]) * Decimal(math.ulp(float(want))), (argument, got)


@needs_fma
@pytest.mark.parametrize("fastmath", [False, {"contract"}], ids=["", "contracted"])
@pytest.mark.parametrize("name", sorted(CALLED))
def test_edges_are_those_of_ieee(name: str, fastmath: Any) -> None:
    with np.errstate(all="ignore"):
        want = getattr(np, name)(np.array(EDGES))
    got = applied(name, fastmath=fastmath)(EDGES)
    np.testing.assert_allclose(got, want, rtol=1e-15, atol=5e-324)
    zeros = want == 0
    np.testing.assert_array_equal(np.signbit(got[zeros]), np.signbit(want[zeros]))


@needs_fma
@pytest.mark.parametrize("name", sorted(CALLED))
def test_float32_stays_float32_and_ints_are_taken(name: str) -> None:
    called = CALLED[name]

    @numba.njit
    def one(x: Any) -> Any:
        return called(x)

    quarter = np.float32(0.25)
    assert one(quarter) == np.float32(getattr(math, name)(quarter))
    assert next(iter(one.nopython_signatures)).return_type == numba.float32
    np.testing.assert_array_equal(applied(name, np.float32)([quarter]), [one(quarter)])
    assert one(2) == getattr(math, name)(2)
    np.testing.assert_array_equal(one(np.array([0.25, 0.5])), getattr(np, name)(np.array([0.25, 0.5])))


def softmax_loss(x):
    top = x[0]
    for i in range(len(x)):
        top = max(top, x[i])
    s = 0.0
    for i in range(len(x)):
        s += math.exp(x[i] - top)
    return top + math.log(s)


def network(x, w):
    s = 0.0
    for i in range(len(x)):
        s += np.tanh(w[i] * x[i]) + np.log1p(x[i] * x[i]) * np.expm1(-w[i]) + np.log(2.0 + w[i] * w[i])
    return s


VECTOR = re.compile(r"<\d+ x double>")


@needs_fma
def test_loops_run_in_vectors_and_sums_keep_their_order() -> None:
    x = RANDOM.normal(size=101) * 3
    f = value_and_grad(softmax_loss, cache=False)
    assert VECTOR.search(machine_code(f, x)) and "@exp" not in machine_code(f, x)
    value, slope = f(x)
    s = 0.0
    for term in applied("exp")(x - x.max()):
        s += float(term)
    assert value == x.max() + applied("log")([s])[0]
    np.testing.assert_allclose(slope, np.exp(x - x.max()) / np.exp(x - x.max()).sum(), rtol=1e-13)


@needs_fma
def test_the_value_is_the_primals_to_the_last_bit() -> None:
    x, w = RANDOM.normal(size=50), RANDOM.normal(size=50)
    f = value_and_grad(network, cache=False)
    assert f(x, w)[0] == f.primal(x, w) == jvp(network, cache=False)((x, w), (x, w))[0]


def test_the_c_librarys_functions_where_they_are_asked_for() -> None:
    x = RANDOM.normal(size=40)
    f = value_and_grad(softmax_loss, cache=False, libm=True)
    assert "@exp" in machine_code(f, x) or "@llvm.exp" in machine_code(f, x)
    assert f(x)[0] == softmax_loss(x)
    fast = machine_code(grad(softmax_loss, cache=False, fastmath=True), x)
    assert "@exp" in fast or "@llvm.exp" in fast


@needs_fma
def test_loops_run_in_vectors_where_products_and_sums_may_be_rounded_once() -> None:
    x = RANDOM.normal(size=40)
    contracted = machine_code(grad(softmax_loss, cache=False, fastmath={"contract"}), x)
    assert VECTOR.search(contracted) and "@exp" not in contracted and " fast " not in contracted


def test_other_code_is_compiled_as_before() -> None:
    grad(softmax_loss, cache=False)(np.ones(3))

    @numba.njit
    def total(x: Any) -> Any:
        s = 0.0
        for i in range(len(x)):
            s += x[i] * x[i] / (1.0 + x[i])
        return s

    assert "reduce.fadd" not in machine_code(total, np.ones(3))


def test_the_text_is_the_users() -> None:
    text = grad(network).inspect(np.ones(2), np.ones(2))
    assert "np.tanh(" in text and all(f" {name}(" not in text for name in CALLED)
    assert sorted(FUNCTIONS) == sorted(f"{m}.{name}" for m in ("math", "np") for name in CALLED)
