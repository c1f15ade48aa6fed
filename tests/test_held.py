"""Arrays passed by reference between functions that allocate nothing."""

from __future__ import annotations

import ast
import re
from copy import deepcopy
from textwrap import dedent
from typing import Any

import numba
import numpy as np
import pytest

from srcad import grad, jvp
from srcad.machine.held import Positions, by_reference, held, hold, keep
from tests.oracle import oracle_grad


def rewritten(text: str, positions: Positions) -> str:
    return ast.unparse(by_reference(ast.parse(dedent(text)), positions, lambda _, name: name))


def test_what_a_function_was_given_it_hands_on() -> None:
    text = """
        def g(v, n):
            g(v, n - 1)
            v[n] = v[0]
    """
    assert rewritten(text, {"g": (0,)}) == dedent(
        """\
        def g(v_held, n):
            v = held(v_held)
            g(v_held, n - 1)
            v[n] = v[0]"""
    )


def test_what_only_calls_read_is_not_looked_up() -> None:
    assert rewritten("def g(v, n): g(v, n - 1)", {"g": (0,)}) == "def g(v_held, n):\n    g(v_held, n - 1)"


def test_an_array_of_its_own_is_held_for_the_call() -> None:
    text = """
        def g(v, n):
            v_held = 1.0
            if n > v_held:
                v = v[1:]
            return_value = g(v, n)
            y = g(v[n:], n)
    """
    assert rewritten(text, {"g": (0,)}) == dedent(
        """\
        def g(v_held_, n):
            v = held(v_held_)
            v_held = 1.0
            if n > v_held:
                v = v[1:]
            return_value = g(hold(v), n)
            y = g(hold(v[n:]), n)"""
    )


def test_who_counts_references_gives_nothing_back_before_the_call_ends() -> None:
    text = """
        def f(v):
            x, y = g(v, 1, v[1:])
            return x
    """
    assert rewritten(text, {"g": (0, 2)}) == dedent(
        """\
        def f(v):
            passed = v
            passed_ = v[1:]
            x, y = g(hold(passed), 1, hold(passed_))
            keep(passed)
            keep(passed_)
            return x"""
    )


def _folded(v, n):
    """Views made for each call, and writes to what they show."""
    if n == 0:
        return v[0] * v[1]
    v[0] = v[0] * v[1]
    return _folded(v[1:], n - 1) + v[0] * _folded(v[::-1], n - 1)


def made_for_the_call(x, n):
    s = 0.0
    for i in range(n):
        w = np.empty(8 + i)
        for j in range(len(w)):
            w[j] = x * (j + 1) + 0.1 * i
        s += _folded(w, 4)  # the last mention of w
        other = np.zeros(8 + i)  # which would get its memory
        s += other[0]
    return s


def _spread(a, b, rows, i):
    """Two dimensions, other layouts, integers, and writes that the caller sees."""
    if i >= len(rows):
        return a[0, 0] * b[1, 0]
    a[rows[i], 0] += b[0, rows[i]] * a[0, 1]
    first = _spread(b, a, rows, i + 1)
    return first * a[rows[i], 1] + _spread(a.T, b, rows[::-1], i + 2)


def spread(a, rows):
    b = a.T.copy()
    y = _spread(a[:, ::-1], b, rows, 0)
    return y + b[0, 0] * a[1, 1]


@pytest.mark.parametrize(
    "f, arguments, wrt",
    [
        (made_for_the_call, (0.7, 5), "x"),
        (spread, (np.array([[0.3, 0.8], [1.1, -0.4]]), np.array([0, 1, 1, 0])), "a"),
    ],
)
def test_compiled(f: Any, arguments: Any, wrt: str) -> None:
    """Several times, as memory that was freed too soon need not have been used again yet."""
    value, slopes = oracle_grad(f, deepcopy(arguments))
    slope = slopes[0] if isinstance(slopes, tuple) else slopes
    one = np.ones_like(arguments[0]) if isinstance(arguments[0], np.ndarray) else 1.0
    g, push = grad(f, wrt=wrt), jvp(f, wrt=wrt)
    if f is spread:  # eight signatures of it in each transform: compiled in reverse mode alone
        push = push.interpreted
    for _ in range(3):
        np.testing.assert_allclose(g(*arguments), slope, rtol=1e-12)
        assert push(deepcopy(arguments), one) == pytest.approx((value, np.sum(slope)), rel=1e-12)
    if f is not spread:
        assert g.primal(*deepcopy(arguments)) == pytest.approx(value, rel=1e-12)


@numba.njit(_nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[untyped-decorator]
def visited(address: Any, n: int) -> Any:
    v = held(address)
    return v[0] if n == 0 else v[n % 2] * visited(address, n - 1) + visited(address, n // 2)


@numba.njit  # type: ignore[untyped-decorator]
def safely(n: int) -> Any:
    v = np.ones(n)
    y = visited(hold(v), n)
    keep(v)
    return y


@numba.njit  # type: ignore[untyped-decorator]
def rashly(n: int) -> Any:
    v = np.ones(n)
    return visited(hold(v), n)


def test_memory_is_given_back_after_the_call() -> None:
    """And would be before it, but for `keep`: as the machine code has it, since what was freed may look the same."""
    order = {}
    for f in (safely, rashly):
        f.compile("float64(int64)")
        (text,) = f.inspect_llvm().values()
        body = next(part for part in text.split("\ndefine ")[1:] if f.__name__ in part.partition("\n")[0])
        body = body.partition("\n}")[0]
        order[f] = [m[0] for m in re.finditer(r"NRT_decref|visited", body)]
    assert order == {safely: ["visited", "NRT_decref"], rashly: ["NRT_decref", "visited"]}
