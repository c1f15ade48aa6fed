"""Functions compiled without reference counts, and the tape that recursive functions share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest

from srcad import grad
from srcad.ir import Append, Apply, Assign, Body, Function, Note, Var
from srcad.machine.bare import is_bare
from srcad.machine.frames import put, take
from srcad.passes.split import split
from tests.oracle import oracle_grad

V = np.array([0.3, -0.2, 0.9])


def tree(v, i):
    if i >= len(v):
        return 0.1
    return v[i] + 0.5 * tree(v, 2 * i + 1) * tree(v, 2 * i + 2)


def from_root(v):
    return tree(v, 0)


def shrunk(v, n):
    if n == 0:
        return v[0] * v[1]
    w = np.empty(len(v))
    for i in range(len(v)):
        w[i] = v[i] * 0.5 + 1.0
    return shrunk(w, n - 1) * v[2]


def in_arrays(v):
    return shrunk(v, 2)


def bare(g: Any, *arguments: Any) -> set[str]:
    """The functions beside `g` that are compiled without reference counts."""
    return {h.name for h in g._write(g._types(arguments)).functions if h.bare}


def test_sweeps_on_scalars_and_elements_are_bare() -> None:
    g = grad(from_root)
    assert bare(g, V) == {"tree_forward", "tree_reverse"}
    assert bare(g.primal, V) == {"tree"}
    np.testing.assert_allclose(g(V), oracle_grad(from_root, (V,))[1], rtol=1e-13)


def test_functions_that_make_arrays_are_not() -> None:
    g = grad(in_arrays)
    assert bare(g, V) == set()
    assert bare(g.primal, V) == set()
    np.testing.assert_allclose(g(V), oracle_grad(in_arrays, (V,))[1], rtol=1e-13)


def test_bounds_are_checked_where_asked_for() -> None:
    def outside(v: Any, i: int) -> Any:
        return v[i] if i > len(v) else v[i] * outside(v, i + 1)

    def start(v: Any) -> Any:
        return outside(v, 0)

    with pytest.raises(IndexError):
        grad(start, boundscheck=True)(V)


def _sweeps(forward: Body, reverse: Body) -> Callable[[], Any]:
    from numba.core import types

    known = {"a": types.float64, "b": types.float64, "x": types.float64, "tape_float64": types.List(types.float64)}
    f = Function("f", ("x",), (*forward, Note("backward"), *reverse), Var("a"), types=known)
    return lambda: split(f, (), (), None, (), {})


def test_what_leaves_the_tape_in_disorder_is_refused() -> None:
    push = Append("tape_float64", Var("x"))
    pop = Assign("b", Apply(".pop", (Var("tape_float64"),)))
    assert _sweeps((push, push), (pop, pop))()
    with pytest.raises(AssertionError, match="in disorder"):
        _sweeps((push, push), (pop,))()
    with pytest.raises(AssertionError, match="in disorder"):
        _sweeps((push,), (pop, pop))()


def test_an_unknown_list_is_counted() -> None:
    from numba.core import types

    f = Function("f", ("x",), (), Var("x"), types={"x": types.List(types.float64)})
    assert not is_bare(f)


def test_values_come_off_a_stack_in_the_opposite_order() -> None:
    @numba.njit
    def there_and_back(n: int) -> Any:
        stack = [0.0][:0]
        for i in range(n):  # through many growths
            put(stack, (i, i + 0.5))
            put(stack, (2 * i,))
        wrong = 0
        for i in range(n - 1, -1, -1):
            wrong += take(stack, 3) != (2.0 * i, i + 0.5, float(i))
        return wrong, len(stack)

    assert there_and_back(10_000) == (0, 0)
    assert there_and_back(0) == (0, 0)


def test_an_empty_stack_gives_nothing() -> None:
    @numba.njit
    def short() -> Any:
        stack = [1]
        return take(stack, 2)

    with pytest.raises(IndexError, match="pop from empty list"):
        short()


def test_parameters_that_no_sweep_reads_are_left_out() -> None:
    _, reverse = grad(from_root)._write(grad(from_root)._types((V,))).functions[:2]
    assert reverse.text.startswith("def tree_reverse(")
    assert "v" not in reverse.text.partition("(")[2].partition(")")[0].split(", ")
