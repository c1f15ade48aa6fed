"""Reverse mode of any result: a cotangent times the Jacobian, against the oracle's; errors as whole texts."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from srcad import SrcadError, grad, vjp

from .corpus import Case, all_cases, fresh, identifiers, sample
from .directions import floats, generator, like, near, untouched
from .oracle import compare, flatten, oracle_grad, oracle_jacobian
from .results import RESULTS
from .test_corpus import plain_value

ALL = list(all_cases())
EVERY, COMPILED_EVERY = 20, 400  # one case in so many is run by default, and compiled
RESULTS_COMPILED_EVERY = 20


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    sample(metafunc, "sampled_case", ALL, EVERY)
    sample(metafunc, "compiled_case", ALL, COMPILED_EVERY)
    sample(metafunc, "compiled_result", RESULTS, RESULTS_COMPILED_EVERY)


# --- one float -------------------------------------------------------------------------------------------------------


def check_scalar(case: Case, call: Any) -> None:
    """The gradients of a weighted result are the weight times the gradient, in the same structure."""
    weight = float(generator(case).standard_normal())
    args = tuple(fresh(a) for a in case.args)
    with np.errstate(all="ignore"):
        value, gradients = call(args, weight)
    _, want = oracle_grad(case.f, case.args, case.wrt)
    assert compare(gradients, weighted(want, weight), case.tolerance) is None, (gradients, want)
    np.testing.assert_allclose(float(value), plain_value(case), rtol=case.tolerance, atol=0.0)
    assert untouched(case.args, args)


def weighted(x: Any, weight: float) -> Any:
    """`x` times `weight`, in the same structure; the integer 0 for an integer stays."""
    if isinstance(x, tuple):
        items = [weighted(v, weight) for v in x]
        return type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    return x if isinstance(x, int) else x * weight


def test_interpreted(sampled_case: Case) -> None:
    check_scalar(sampled_case, vjp(sampled_case.f, wrt=sampled_case.wrt).interpreted)


def test_compiled(compiled_case: Case) -> None:
    check_scalar(compiled_case, vjp(compiled_case.f, wrt=compiled_case.wrt))


# --- results of every structure --------------------------------------------------------------------------------------


def check_result(case: Case, call: Any) -> None:
    values, jacobian = oracle_jacobian(case.f, case.args, case.wrt)
    weights = like(case.f(*(fresh(a) for a in case.args)), generator(case))
    args, before = tuple(fresh(a) for a in case.args), fresh(weights)
    value, gradients = call(args, weights)
    assert near(floats(value), values, case)
    assert near(floats(gradients), floats(weights) @ jacobian, case)
    assert untouched(case.args, args)
    assert untouched(before, weights)


@pytest.mark.parametrize("case", RESULTS, ids=identifiers(RESULTS))
def test_results(case: Case) -> None:
    check_result(case, vjp(case.f, wrt=case.wrt).interpreted)


def test_results_compiled(compiled_result: Case) -> None:
    check_result(compiled_result, vjp(compiled_result.f, wrt=compiled_result.wrt))


V = np.array([0.5, -1.5, 2.0])
M = np.arange(6.0).reshape(2, 3)


def test_a_cotangent_of_one_picks_a_row_of_the_jacobian() -> None:
    def f(x):
        y = np.empty(3)
        for i in range(3):
            y[i] = x[i] * x[(i + 1) % 3]
        return y

    _, jacobian = oracle_jacobian(f, (V,))
    rows = [vjp(f)((V,), unit)[1] for unit in np.eye(3)]
    np.testing.assert_array_equal(rows, jacobian)


def test_an_array_returned_twice_has_two_cotangents() -> None:
    def f(x):
        y = x * x
        return y, y, y[0]

    _, gradient = vjp(f)((V,), (V, 2.0 * V, 1.0))
    np.testing.assert_allclose(gradient, 2.0 * V * (3.0 * V + np.array([1.0, 0.0, 0.0])), rtol=1e-15)


def test_the_value_is_not_the_callers_array_where_it_is_written_to() -> None:
    def f(x):
        x[0] = x[1] * x[2]
        return x

    x = V.copy()
    value, gradient = vjp(f)((x,), np.ones(3))
    value[:] = 9.0
    gradient[:] = 9.0
    assert x.tolist() == V.tolist()


@pytest.mark.parametrize("weights", [M, np.asfortranarray(M), np.arange(12.0).reshape(2, 6)[:, ::2], M[::-1]])
@pytest.mark.parametrize("of", [M + 1.0, np.asfortranarray(M + 1.0)])
def test_cotangents_of_another_layout(weights: np.ndarray, of: np.ndarray) -> None:
    def f(x):
        return x * x[0, 1]

    _, gradient = vjp(f).interpreted((of,), weights)
    want = weights * of[0, 1]
    want[0, 1] += np.sum(weights * of)
    np.testing.assert_allclose(gradient, want, rtol=1e-14)


def test_cotangents_of_another_layout_compiled() -> None:
    def f(x):
        return x * x

    for weights in (M, np.asfortranarray(M), M[::-1]):
        np.testing.assert_array_equal(vjp(f)((M,), weights)[1], 2.0 * M * weights)


def test_defaults_and_wrt() -> None:
    def f(x, y, n=2):
        return x * y**n, y

    assert vjp(f)((2.0, 3.0), (1.0, 10.0)) == ((18.0, 3.0), (9.0, 22.0))
    assert vjp(f, wrt="y")((2.0, 3.0, 1), (1.0, 0.0)) == ((6.0, 3.0), 2.0)
    assert vjp(f, wrt=("y", "x"))((2.0, 3.0), (1.0, 0.0)) == ((18.0, 3.0), (12.0, 9.0))


def test_an_integer_weighs_as_a_float() -> None:
    def f(x, y):
        return x * y

    assert vjp(f)((2.0, 3.0), 2) == (6.0, (6.0, 4.0))


def test_single_precision() -> None:
    def f(x, s):
        return x * s, s * s

    x, s = V.astype(np.float32), np.float32(3.0)
    (value, _), (of_x, of_s) = vjp(f)((x, s), (x, 1.0))
    assert (value.dtype, of_x.dtype) == (np.float32, np.float32)
    np.testing.assert_allclose(of_x, 3.0 * x, rtol=1e-6)
    np.testing.assert_allclose(of_s, np.sum(x * x) + 6.0, rtol=1e-6)


def test_the_structure_of_the_gradients_is_that_of_grad() -> None:
    class Parts(NamedTuple):
        w: np.ndarray
        inner: tuple
        n: int

    def f(p, x):
        return p.w[0] * p.inner[0] * x * p.n

    args = (Parts(V, (2.0, 3.0), 4), 5.0)
    _, got = vjp(f)(args, 1.0)
    want = grad(f)(*args)
    assert isinstance(got[0], Parts)
    assert compare(got, want) is None
    assert flatten(got).tolist() == flatten(want).tolist()


# --- errors, as whole texts ------------------------------------------------------------------------------------------


def sine(x, y):
    return x * np.sin(y)


def doubled(x, n):
    return x * 2.0, (x[0], n)


def an_integer(x):
    return 3, True


def nothing(x):
    pass


def two_lengths(x):
    return x, x[1:]


PASS = "; pass what the function returns, with the cotangents in it"
ARRAY = "an array of float64 with 1 dimension"
WRONG: list[tuple[Any, tuple[Any, ...], type[Exception], str]] = [
    (doubled, ((V, 2), (V, 1.0)), TypeError,
     "doubled: the cotangent of the result[1] is a float, and the result[1] is a tuple of 2" + PASS),
    (doubled, ((V, 2), (V, (1.0, 2, 3))), TypeError,
     "doubled: the cotangent of the result[1] is a tuple of 3, and the result[1] is a tuple of 2" + PASS),
    (doubled, ((V, 2), V), TypeError,
     f"doubled: the cotangent of the result is {ARRAY}, and the result is a tuple of 2" + PASS),
    (doubled, ((V, 2), (V.astype(int), (1.0, 0))), TypeError,
     f"doubled: the cotangent of the result[0] is an array of int64 with 1 dimension, and the result[0] is {ARRAY}"
     + PASS),
    (doubled, ((V, 2), (M, (1.0, 0))), TypeError,
     f"doubled: the cotangent of the result[0] is an array of float64 with 2 dimensions, and the result[0] is {ARRAY}"
     + PASS),
    (doubled, ((V, 2), (V, (None, 0))), TypeError,
     "doubled: the cotangent of the result[1][0] is None, and the result[1][0] is a float" + PASS),
    (doubled, ((V, 2), (V[:2], (1.0, 0))), ValueError,
     "doubled: the cotangent of the result[0] has another shape than the result[0]"),
    (two_lengths, ((V,), (V, V)), ValueError,
     "two_lengths: the cotangent of the result[1] has another shape than the result[1]"),
    (sine, ((1.0, 2.0), V), TypeError,
     f"sine: the cotangent of the result is {ARRAY}, and the result is a float" + PASS),
    (sine, ((1.0, 2.0), [1.0]), TypeError, "vjp(sine) takes floats, arrays of floats and tuples of them, not a list"),
    (sine, (1.0, 2.0), TypeError,
     "vjp(sine) takes the arguments of sine as a tuple, (x, y), and a float was given"),
    (an_integer, ((1.0,), (1, 1)), SrcadError, "an_integer returns a tuple, which has no derivative"),
    (nothing, ((1.0,), 1.0), SrcadError, "nothing returns nothing, so there is nothing to differentiate"),
]  # fmt: skip


@pytest.mark.parametrize(("f", "given", "error", "said"), WRONG, ids=range(len(WRONG)))
def test_wrong_cotangents(f: Any, given: tuple[Any, ...], error: type[Exception], said: str) -> None:
    for call in (vjp(f).interpreted, vjp(f)):
        with pytest.raises(error) as raised:
            call(*given)
        assert (raised.value.msg.splitlines()[0] if error is SrcadError else str(raised.value)) == said  # type: ignore[attr-defined]
