"""What is a view and what a copy, of strided arrays: Numba says so by the type, where NumPy looks at the strides.

So these programs are judged by the compiled primal, which plain Python may disagree with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import srcad

from .corpus import fresh, layouts
from .oracle import compare, oracle_grad

PROGRAMS = [layouts.copies_keep_their_order, layouts.made_like, layouts.results_in_the_order_of_operands]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("x", [layouts.S, layouts.S.T[:, :2].T], ids=["rows", "columns"])
def test_as_compiled(f: Callable[..., Any], x: np.ndarray) -> None:
    value, want = oracle_grad(f, (x,))
    g = srcad.grad(f)
    assert g.primal(fresh(x)) == pytest.approx(value, rel=1e-12)
    assert compare(g.interpreted(x), want) is None
    assert compare(g(x), want) is None


def overlapping_steps(v: np.ndarray) -> Any:
    v[::2] = v[:3]
    w = v[1:]
    w[::2] = v[3:] * v[0]
    v[2:5:2] = w[2:]
    return v[0] * v[1] + v[2] * v[3] * v[4]


def test_what_overlaps_is_copied() -> None:
    """NumPy itself takes `v[4]` from the new `v[2]`."""
    x = np.array([0.5, -1.5, 2.0, 0.25, 1.1])
    value, want = oracle_grad(overlapping_steps, (x,))
    g = srcad.grad(overlapping_steps)
    assert g.primal(fresh(x)) == pytest.approx(value, rel=1e-12)
    assert compare(g.interpreted(x), want) is None
    assert compare(g(x), want) is None


def reshaped(m: np.ndarray) -> Any:
    y = np.sin(m)
    r = y.reshape(6)
    r[0] = 1.0
    return y[0, 0] * y[1, 1]


def column_of_columns(m: np.ndarray) -> Any:
    c = m[:, 1]
    c.ravel()[0] = m[0, 0] ** 2
    return c[0]


def two_orders(m: np.ndarray, turned: bool) -> Any:
    y = m.copy()
    if turned:
        y = np.copy(m.T)
    r = y.ravel()
    r[1] = 2.0
    return y[0, 0] * y[0, 1] * y[1, 0]


@pytest.mark.parametrize(
    ("f", "args"),
    [(reshaped, (layouts.F,)), (two_orders, (layouts.M, True)), (column_of_columns, (np.asfortranarray(layouts.M),))],
)
def test_a_view_or_a_copy_as_it_runs(f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    with pytest.raises(srcad.SrcadError, match="may or may not copy an array"):
        srcad.grad(f)(*args)
