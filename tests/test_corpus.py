"""Every program of the corpus: srcad's gradient against the oracle's, uncompiled; a sample of them compiled."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import srcad

from .corpus import Case, all_cases, fresh, identifiers, sample
from .oracle import compare, flatten, oracle_grad, positions

ALL = list(all_cases())
EVERY = 150  # one case in so many is compiled by default


def arrays(x: Any) -> list[np.ndarray]:
    """The arrays in an argument."""
    if isinstance(x, tuple):
        return [a for v in x for a in arrays(v)]
    return [x] if isinstance(x, np.ndarray) else []


def check_gradient(case: Case, got: Any, args: tuple[Any, ...]) -> None:
    """`got` agrees with the oracle, in numbers, structure and precision, and `args` are as they were."""
    _, want = oracle_grad(case.f, case.args, case.wrt)
    assert (problem := compare(got, want, case.tolerance)) is None, problem
    chosen = positions(case.f, case.args, case.wrt)
    of_argument = [got] if len(chosen) == 1 else list(got)
    for k, g in zip(chosen, of_argument, strict=True):
        for array, g_array in zip(arrays(case.args[k]), arrays(g), strict=True):
            assert g_array.dtype == array.dtype, f"gradient of {array.dtype} is {g_array.dtype}"
    for before, after in zip(case.args, args, strict=True):
        for a, b in zip(arrays(before), arrays(after), strict=True):
            assert a.tobytes() == b.tobytes(), "the caller's array was changed"


def plain_value(case: Case) -> float:
    """What the function itself returns, or the oracle's value where plain Python raises and IEEE does not."""
    f = getattr(case.f, "py_func", case.f)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return float(f(*(fresh(a) for a in case.args)))
    except (ZeroDivisionError, OverflowError, ValueError):
        return oracle_grad(case.f, case.args, case.wrt)[0]


@pytest.mark.parametrize("case", ALL, ids=identifiers(ALL))
def test_interpreted(case: Case) -> None:
    """The adjoint's text, run as plain Python."""
    g = srcad.grad(case.f, wrt=case.wrt)
    args = tuple(fresh(a) for a in case.args)
    with np.errstate(all="ignore"):
        got = g.interpreted(*args)
    check_gradient(case, got, args)


@pytest.mark.parametrize("case", ALL, ids=identifiers(ALL))
def test_primal(case: Case) -> None:
    """The text of the function itself, with its calls written in place."""
    args = tuple(fresh(a) for a in case.args)
    with np.errstate(all="ignore"):
        value = srcad.grad(case.f, wrt=case.wrt).primal.interpreted(*args)
    np.testing.assert_allclose(float(value), plain_value(case), rtol=max(case.tolerance, 1e-15), atol=0.0)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    sample(metafunc, "compiled_case", ALL, EVERY, "--compiled-all")


def test_compiled(compiled_case: Case) -> None:
    """The same by Numba, with the value from the same sweep."""
    case = compiled_case
    g = srcad.grad(case.f, wrt=case.wrt)
    args = tuple(fresh(a) for a in case.args)
    check_gradient(case, g(*args), args)
    value, got = g.value_and_grad(*args)
    check_gradient(case, got, args)
    np.testing.assert_allclose(float(value), plain_value(case), rtol=case.tolerance, atol=0.0)
    assert flatten(got).size == flatten(g(*args)).size
