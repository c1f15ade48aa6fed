"""Arrays in memory that earlier ones left: which they are, and that whoever holds an array has it alone."""

from __future__ import annotations

import math
import threading
from typing import Any

import numba
import numpy as np
import pytest

from srcad import grad, value_and_grad
from srcad.machine import kept
from srcad.machine.lent import empty
from tests.oracle import oracle_grad
from tests.test_tape import kept_bytes

LONG = kept.SMALL // 8 + 1000


def recurrence(x, n):
    s = 0.5
    for _ in range(n):
        s = math.sin(s * x) + 0.5
    return s


def layers(x, n):
    """Arrays that the function makes, of three types, one of them made again and again."""
    total = 0.0
    chosen = np.empty(len(x), np.bool_)
    single = np.empty(len(x), dtype=np.float32)
    for k in range(n):
        inner = np.empty((2, len(x)))
        for i in range(len(x)):
            chosen[i] = x[i] > 0.5
            single[i] = 0.25 * k
            inner[0, i] = math.sin(x[i] + k)
            inner[1, i] = inner[0, i] * x[i] if chosen[i] else 0.0
        for i in range(len(x)):
            total += inner[1, i] * inner[0, len(x) - 1 - i] + single[i] * x[i]
    return total


def inside(g: Any, *arguments: Any) -> frozenset[str]:
    made: frozenset[str] = g._write(g._types(arguments)).functions[-1].inside
    return made


# ---------------------------------------------------------------------------------------------- which


def test_what_is_saved_is_inside() -> None:
    assert inside(grad(recurrence), 0.5, 3) == {"s_saved"}
    assert inside(grad(layers).primal, np.ones(3), 2) == set()  # the user's own


def returned(n, x):
    made_saved = np.empty(n)
    made_saved[:] = x
    other = np.empty(n)
    other[:] = 2.0 * x
    other[0] += made_saved[n - 1]
    return other


def a_view(n, x):
    made_saved = np.empty((2, n))
    made_saved[:] = x
    return made_saved[1]


def in_a_tuple(n, x):
    made_saved = np.empty(n)
    made_saved[:] = x
    pair = made_saved, x
    return pair[0]


def by_a_branch(n, x):
    made_saved = np.empty(n)
    made_saved[:] = x
    result = made_saved if x > 0.0 else np.zeros(n)
    return result


def in_a_list(n, x):
    made_saved = np.empty(n)
    made_saved[:] = x
    rows = [made_saved]
    rows.append(made_saved)
    return rows[-1]


@pytest.mark.parametrize(
    ("f", "names"),
    [(returned, {"made_saved"}), (a_view, set()), (in_a_tuple, set()), (by_a_branch, set()), (in_a_list, set())],
    ids=lambda f: getattr(f, "__name__", ""),
)
def test_what_is_let_out_is_not(f: Any, names: set[str]) -> None:
    """Of the primal, which returns what it makes."""
    primal = grad(f).primal
    assert inside(primal, LONG, 2.0) == names
    first = np.asarray(primal(LONG, 2.0))
    held = first.copy()
    for _ in range(3):
        primal(LONG, 5.0)
    np.testing.assert_array_equal(first, held)


# ---------------------------------------------------------------------------------------------- right


def test_gradients() -> None:
    x = np.linspace(0.1, 0.9, 7)
    wanted = oracle_grad(layers, (x, 3), ("x",))[1]
    for f in (grad(layers, wrt="x"), grad(layers, wrt="x").interpreted):
        np.testing.assert_allclose(f(x, 3), wanted, rtol=1e-12)


def test_long_ones_are_those_of_short_ones_side_by_side() -> None:
    """The gradient of a long vector, by blocks that do not depend on each other, against the oracle of one block."""
    block = np.linspace(0.1, 0.9, 8)
    x = np.tile(block, LONG // 4)

    def blocks(x):
        total = 0.0
        kept_here = np.empty(len(x))
        for i in range(0, len(x), 8):
            s = 0.0
            for k in range(8):
                s = math.sin(s + x[i + k])
                kept_here[i + k] = s
            for k in range(8):
                total += kept_here[i + k] * kept_here[i + 7 - k]
        return total

    wanted = oracle_grad(blocks, (block,))[1]
    g = grad(blocks)
    for _ in range(3):
        np.testing.assert_allclose(g(x).reshape(-1, 8), np.tile(wanted, (len(x) // 8, 1)), rtol=1e-12)


def test_memory_is_kept_and_used_again() -> None:
    g = grad(recurrence)
    g(0.5, 3 * LONG)
    before = kept_bytes()
    assert before >= 24 * LONG
    for _ in range(3):
        g(0.7, 3 * LONG)
        assert kept_bytes() == before
    for n in (LONG, 10 * LONG, 2 * LONG, kept.OWN // 4, 3):
        assert math.isfinite(g(0.5, n))
        assert kept_bytes() <= kept.LIMIT


def test_threads() -> None:
    g = value_and_grad(recurrence)
    points = [(0.1 + 0.1 * k, LONG + 100 * k) for k in range(8)]
    wanted = [g(*p) for p in points]
    wrong: list[tuple[int, int]] = []

    def work(k: int) -> None:
        wrong.extend((k, j) for turn in range(200) if g(*points[j := (k + turn) % 8]) != wanted[j])

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


# ---------------------------------------------------------------------------------------------- the array itself


@numba.njit  # type: ignore[untyped-decorator]
def made(m: int, n: int) -> Any:
    one, two, three = empty((m, n), np.float32), empty(n, np.int64), empty((m, n, 2), np.bool_)
    one[:] = 1.5
    two[:] = 2
    three[:] = True
    return one.sum(), two.sum(), three.sum(), one.ctypes.data % 64, two.ctypes.data % 64


@pytest.mark.parametrize(("m", "n"), [(0, 5), (2, 3), (3, LONG), (1, 8 * LONG)])
def test_it_is_an_array_like_any_other(m: int, n: int) -> None:
    for _ in range(3):
        a, b, c, first, second = made(m, n)
        assert (a, b, c) == (1.5 * m * n, 2 * n, 2 * m * n)
        assert n < LONG or first == second == 0  # it starts with a line of the cache


def test_too_large_and_negative() -> None:
    with pytest.raises(ValueError, match="negative dimensions"):
        made(1, -5)
    with pytest.raises(ValueError, match="too big"):
        made(1 << 40, 1 << 40)
    with pytest.raises(MemoryError):
        made(1 << 20, 1 << 40)
