"""The memory of a tape, which is kept for the next one: whatever happens in between, and on however many threads."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import threading
from pathlib import Path
from textwrap import dedent
from typing import Any

import numba
import numpy as np
import pytest
from numba.core import types
from numba.extending import intrinsic

from srcad import grad, hvp, nondifferentiable, value_and_grad
from srcad.machine import kept
from srcad.machine.frames import done, put, put_words, take, take_words, words
from tests.oracle import oracle_grad
from tests.rule_points import scratch

ROOT = Path(__file__).resolve().parent.parent
V = np.linspace(0.5, 1.5, 5)


def _grown(v, depth, limit):
    """A binary tree of calls, with a leaf that may refuse."""
    if depth == 0:
        if v[0] * v[1] > limit:
            raise ValueError("beyond the limit")
        return v[0] * v[1] + v[2]
    left = _grown(v, depth - 1, limit)
    return left * v[3] + 0.5 * _grown(v, depth - 1, limit) * v[4] + 1.0


def tree(v, depth, limit):
    return _grown(v, depth, limit)


def by_hand(v: Any, depth: int) -> tuple[float, np.ndarray]:
    """The value and gradient of `tree`, whose calls of one depth are all alike."""
    value, slope = v[0] * v[1] + v[2], np.array([v[1], v[0], 1.0, 0.0, 0.0])
    for _ in range(depth):
        slope = (v[3] + 0.5 * v[4]) * slope + value * np.array([0.0, 0.0, 0.0, 1.0, 0.5])
        value = value * (v[3] + 0.5 * v[4]) + 1.0
    return value, slope


gradient = value_and_grad(tree, wrt="v")


def agrees(depth: int, v: Any = V) -> None:
    value, slope = gradient(v, depth, 1e300)
    expected = by_hand(v, depth)
    assert value == pytest.approx(expected[0], rel=1e-12)
    np.testing.assert_allclose(slope, expected[1], rtol=1e-11)


@intrinsic  # type: ignore[untyped-decorator]
def _kept_bytes(context: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(kept._slot(builder, kept.TOTAL))

    return types.int64(), code


@numba.njit  # type: ignore[untyped-decorator]
def kept_bytes() -> int:
    return _kept_bytes()


@numba.njit  # type: ignore[untyped-decorator]
def used(n: int, finished: bool) -> float:
    """What comes off a stack of `n` numbers."""
    stack = [0.0][:0]
    for i in range(n):
        put(stack, (float(i),))
    total = 0.0
    for _ in range(n):
        (x,) = take(stack, 1)
        total += x
    if finished:
        done((stack,))
    return total


@numba.njit  # type: ignore[untyped-decorator]
def through_words(numbers: Any, counts: Any, flags: Any) -> int:
    """Put numbers of all types on a tape and take them off: how many are left."""
    tape = [False][:0], [0][:0], [0.0][:0]
    stack = words(tape)
    for i in range(len(numbers)):
        put_words(stack, (counts[i], numbers[i], i), "ifi")
        put(tape[0], (flags[i],))
        put_words(stack, (counts[i],), "f")
    for i in range(len(numbers) - 1, -1, -1):
        (rounded,) = take_words(stack, "f")
        k, x, count = take_words(stack, "ifi")
        (flag,) = take(tape[0], 1)
        if k != i or rounded != float(count):
            return -1
        numbers[i], counts[i], flags[i] = x, count, flag
    left = len(stack) + len(tape[0]) + len(tape[1]) + len(tape[2])
    done(tape)
    return left


def test_words_of_several_types_on_one_stack() -> None:
    rng = np.random.default_rng(0)
    numbers = np.concatenate([rng.normal(size=300), [np.nan, -np.inf, -0.0, 5e-324, 1e308]])
    numbers.view(np.int64)[7] = 0x7FF0000000000F0F  # a signalling NaN, with a payload
    counts = rng.integers(-(2**63), 2**63 - 1, size=len(numbers))
    flags = rng.random(len(numbers)) < 0.5
    came = numbers.copy(), counts.copy(), flags.copy()
    assert through_words(*came) == 0
    assert numbers.tobytes() == came[0].tobytes()
    assert counts.tobytes() == came[1].tobytes()
    assert flags.tobytes() == came[2].tobytes()


def test_gradient_of_the_program_here() -> None:
    agrees(3)
    value, (slope, _) = oracle_grad(tree, (V, 3, 1e300))
    np.testing.assert_allclose(slope, by_hand(V, 3)[1], rtol=1e-12)
    assert value == pytest.approx(by_hand(V, 3)[0])


def test_sizes_one_after_the_other() -> None:
    for depth in (1, 16, 0, 4, 17, 2, 13, 18, 16, 3):
        agrees(depth)


def test_memory_is_kept_within_its_bound() -> None:
    agrees(16)
    held = kept_bytes()  # asked in a module of its own: all share the slots
    assert 0 < held <= kept.LIMIT
    for _ in range(5):
        agrees(16)
        assert kept_bytes() == held  # what is kept is used
    for n in (100, 10**5, 3 * 10**6, 2 * 10**7, 10**4, 0):  # the last but two alone are more than is kept for certain
        assert used(n, True) == n * (n - 1) / 2
        assert kept_bytes() <= kept.LIMIT


def test_what_is_not_finished_is_freed_as_lists_are() -> None:
    used(10**5, True)
    before = kept_bytes()
    used(10**5, False)
    assert kept_bytes() < before  # it took the block, and left none


def test_short_tapes_take_nothing() -> None:
    used(10**5, True)
    before = kept_bytes()
    used(1000, False)
    assert kept_bytes() == before


def test_threads() -> None:
    """Many tapes at a time, of all sizes: each its own."""
    depths = [0, 5, 9, 14, 11, 15, 7, 12]
    points = [V * (1.0 + 0.01 * k) for k in range(len(depths))]
    agrees(1)
    wrong: list[BaseException] = []
    start = threading.Barrier(len(depths))

    def work(k: int) -> None:
        try:
            start.wait()
            for turn in range(25):
                agrees(depths[(k + turn) % len(depths)], points[k])
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(len(depths))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong
    assert 0 < kept_bytes() <= kept.LIMIT


def test_an_exception_in_a_sweep() -> None:
    agrees(15)
    for _ in range(20):
        with pytest.raises(ValueError, match="beyond the limit"):
            gradient(V, 15, 0.1)
        agrees(15)
        with pytest.raises(ValueError, match="beyond the limit"):
            gradient(V, 0, 0.1)
    assert 0 <= kept_bytes() <= kept.LIMIT


inner = grad(tree, wrt="v")


def _slope(x):
    """How steep `tree` is, from a tape of its own; the same at every x."""
    return inner(V + 0.0 * x, 12, 1e300)[2]


def _scaled(x, n):
    if n == 0:
        return x * x
    slope = _slope(x)
    return slope * math.sin(_scaled(x, n - 1)) + _scaled(0.5 * x, n - 1) * x


def scaled(x, n):
    return _scaled(x, n)


def _by_dual_numbers(x: float, dx: float, n: int, slope: float) -> tuple[float, float]:
    if n == 0:
        return x * x, 2.0 * x * dx
    (a, da), (b, db) = _by_dual_numbers(x, dx, n - 1, slope), _by_dual_numbers(0.5 * x, 0.5 * dx, n - 1, slope)
    return slope * math.sin(a) + b * x, slope * math.cos(a) * da + db * x + b * dx


def test_a_tape_while_another_is_in_use() -> None:
    expected = _by_dual_numbers(0.7, 1.0, 6, by_hand(V, 12)[1][2])
    with scratch():
        nondifferentiable(_slope)
        assert value_and_grad(scaled)(0.7, 6) == pytest.approx(expected, rel=1e-11)


def test_forward_mode_over_a_taped_gradient() -> None:
    small, vector = 0.3 * V, np.array([0.3, -0.2, 0.5, 0.1, -0.4])
    h = 1e-6
    difference = (by_hand(small + h * vector, 9)[1] - by_hand(small - h * vector, 9)[1]) / (2.0 * h)
    np.testing.assert_allclose(hvp(tree, wrt="v")((small, 9, 1e300), vector), difference, rtol=1e-6)
    agrees(9, small)


def test_inside_compiled_code() -> None:
    @numba.njit(nogil=True)  # type: ignore[untyped-decorator]
    def total(v: Any, depth: int, times: int) -> Any:
        s = np.zeros_like(v)
        for k in range(times):
            s += inner(v, depth + k % 2, 1e300)
        return s

    expected = 4 * by_hand(V, 13)[1] + 4 * by_hand(V, 14)[1]
    np.testing.assert_allclose(total(V, 13, 8), expected, rtol=1e-11)


def damped(x, steps):
    """A loop whose trips nobody counts beforehand, with a branch that keeps something of its own."""
    s, t, k = x, 0.0, 0
    while t < steps:
        if k % 3 == 0:
            s = s - 0.001 * math.sin(s) * x
        else:
            s = s * (1.0 - 1e-5 * s)
        t += 1.0
        k += 1
    return s


def lists_of_its_own(x, n):
    """A list that is a stack, one that is measured, and one that has two names."""
    up = []
    measured = []
    other = []
    same = other
    for i in range(n):
        up.append(x * (i + 1.0))
        measured.append(x + i)
        same.append(x)
    s = 0.0
    for _ in range(n):
        y = up.pop()
        z = other.pop()
        s += y * len(measured) + z
    return s


def told(g: Any, *arguments: Any) -> dict[str, Any]:
    return dict(g._write(g._types(arguments)).functions[-1].stacks)


def test_lists_that_are_stacks() -> None:
    assert told(grad(damped, wrt="x"), 1.3, 1e4).keys() >= {"s_saved"}
    assert told(grad(lists_of_its_own).primal, 0.7, 5) == {"up": types.float64}


def test_loops_with_stacks() -> None:
    g = value_and_grad(damped, wrt="x")
    for steps in (0.0, 3.0, 2e4, 5.0, 1e5, 1e3):
        x, dx = 1.3, 1.0
        for k in range(int(steps)):
            s, ds = (1.3, 1.0) if k == 0 else (x, dx)
            if k % 3 == 0:
                x, dx = s - 0.001 * math.sin(s) * 1.3, ds - 0.001 * (math.cos(s) * ds * 1.3 + math.sin(s))
            else:
                x, dx = s * (1.0 - 1e-5 * s), ds * (1.0 - 2e-5 * s)
        assert g(1.3, steps) == pytest.approx((x, dx), rel=1e-10)
    for _ in range(10):  # stacks of several sizes, which exchange their memory
        held = kept_bytes()
        g(1.3, 1e5)
    assert kept_bytes() == held > 0


def test_lists_of_users() -> None:
    assert grad(lists_of_its_own).primal(0.7, 5) == lists_of_its_own(0.7, 5)

    def too_often(x: float, n: int) -> float:
        kept_here = []
        for i in range(n):
            kept_here.append(x * i)
        s = 0.0
        while s < 1e9:
            y = kept_here.pop()
            s += y
        return s

    for f in (grad(too_often), grad(too_often).primal, numba.njit(too_often), too_often):
        with pytest.raises(IndexError, match="pop from empty list"):
            f(1.0, 5)


PROGRAM = dedent(
    """
    import sys
    import numpy as np
    sys.path.insert(0, {root!r})
    from tests.test_tape import V, agrees, gradient, kept_bytes
    agrees(16)
    held = kept_bytes()
    agrees(16)
    assert 0 < held == kept_bytes()
    print(sum(gradient.stats.cache_hits.values()))
    """
)


def test_code_that_another_process_made(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(PROGRAM.format(root=str(ROOT)))
    where = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    env = {**os.environ, "SRCAD_CACHE_DIR": str(tmp_path / "kept"), "PYTHONPATH": where}
    for hits in ("0", "1"):
        run = subprocess.run([sys.executable, str(file)], env=env, capture_output=True, text=True, timeout=300)
        assert run.returncode == 0, run.stderr
        assert run.stdout.split() == [hits]


BOUNDED = dedent(
    """
    import sys
    sys.path.insert(0, {root!r})
    from srcad.machine import kept
    kept.OWN, kept.LIMIT = {own}, {limit}
    from tests.test_tape import kept_bytes, used
    for n in (100, 3 * 10**4, 10**6, 3 * 10**5, 10**6, 2 * 10**6, 10**5):
        for _ in range(2):
            assert used(n, True) == n * (n - 1) / 2
            assert kept_bytes() <= kept.LIMIT
    print(kept_bytes() > kept.OWN)
    """
)


@pytest.mark.parametrize(("own", "limit"), [(1 << 20, 1 << 20), (1 << 20, 1 << 30), (0, 1 << 30)])
def test_a_bound_that_is_soon_met(own: int, limit: int) -> None:
    text = BOUNDED.format(root=str(ROOT), own=own, limit=limit)
    run = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [str(limit > own)]
