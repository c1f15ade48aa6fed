"""Reverse mode over code that reverse mode wrote: tapes of recursive functions, arrays and lists kept in lists."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from srcad import grad, jvp, vjp

from .corpus import Case, fresh, nested_lists, pops, sample
from .directions import direction, floats, untouched
from .jets import mixed
from .oracle import compare, oracle_hvp


def _fib(x, n):
    if n < 2:
        return x if n == 1 else math.sin(x)
    return _fib(x, n - 1) * _fib(x * 0.9, n - 2) + x


def fibonacci(x):
    return _fib(x, 5)


def determinant(m):
    n = m.shape[0]
    if n == 1:
        return m[0, 0]
    s, sign = 0.0, 1.0
    for j in range(n):
        minor = np.empty((n - 1, n - 1))
        for i in range(1, n):
            c = 0
            for k in range(n):
                if k != j:
                    minor[i - 1, c] = m[i, k]
                    c += 1
        s += sign * m[0, j] * determinant(minor)
        sign = -sign
    return s


def _halved(v, low, high, t):
    if high - low == 1:
        return v[low] * v[low] * t
    middle = (low + high) // 2
    a = _halved(v, low, middle, t * v[low])
    b = _halved(v, middle, high, t + a)
    return a * b + math.sin(a)


def tree(v, t):
    return _halved(v, 0, len(v), t)


def _views(v):
    if len(v) == 1:
        return v[0] + 1.0
    return _views(v[: len(v) // 2]) * _views(v[len(v) // 2 :])


def views(v):
    return _views(v) * v[0]


def _even(x, n):
    return 1.0 + x if n == 0 else _odd(x * 0.8, n - 1) * x


def _odd(x, n):
    return x * x if n == 0 else _even(x + 0.3, n - 1) + x * math.exp(-x)


def mutual(x):
    return _even(x, 4) + _odd(x, 3)


def _leaving(x, n):
    for k in range(n):
        if x * k > 1.7:
            return x * x * k
        x = x * 1.1 + 0.1
    while x < 3.0:
        x = x * x + 0.5
        if x > 2.0:
            return _leaving(x * 0.3, n - 1) * x if n > 0 else x
    return x


def leaving(x):
    return _leaving(x, 3)


def _overwriting(x, n):
    if n == 0:
        return x[0]
    x[n % 3] = x[n % 3] * x[0]
    y = _overwriting(x, n - 1)
    x[0] = y * x[1]
    return y + x[0] * x[2]


def overwriting(x):
    return _overwriting(x, 4)


def _stacked(x, n):
    todo = [x]
    s = 0.0
    while len(todo) > 0:
        v = todo.pop()
        if abs(v) > 0.3:
            todo.append(v * 0.5)
            todo.append(v * v * 0.4)
        s += v * v * x
    return s * _stacked(x * 0.8, n - 1) if n > 0 else s


def stacked(x):
    return _stacked(x, 2)


def layers(x, w):
    for _ in range(3):
        x = np.tanh(w @ x)
    return x[0] * x[1]


def rebound(v):
    w = v
    for _ in range(3):
        w = w * v
    return w[0] * w[1]


V, Q = np.array([0.8, -0.6, 1.1]), np.array([[0.5, 0.3], [-0.2, 0.8]])
M = np.array([[0.5, 0.3, 0.9], [-0.2, 0.8, 0.1], [0.4, -0.7, 1.2]])
PROGRAMS = [
    Case(fibonacci, (0.8,)), Case(determinant, (M,)), Case(tree, (np.array([0.5, 1.2, -0.7, 0.9, 0.3]), 0.7)),
    Case(views, (np.array([0.5, 1.2, -0.7, 0.9]),)), Case(mutual, (0.7,)), Case(leaving, (0.4,)), Case(leaving, (0.9,)),
    Case(overwriting, (V,)), Case(stacked, (1.2,)), Case(layers, (V[:2].copy(), Q)),
    Case(rebound, (V,)),
]  # fmt: skip
COMPILED = [c for c in PROGRAMS if c.f in (fibonacci, views, layers)]


def check(case: Case, call: Any) -> None:
    vectors, args = direction(case), tuple(fresh(a) for a in case.args)
    _, want = oracle_hvp(case.f, case.args, floats(vectors), case.wrt)
    assert (problem := compare(call(args, vectors)[1], want, 1e-11)) is None, problem
    assert untouched(case.args, args)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    sample(metafunc, "of_lists", [*nested_lists.CASES, *pops.CASES], 3)


@pytest.mark.parametrize("case", PROGRAMS, ids=lambda c: c.name)
def test_second_derivatives(case: Case) -> None:
    check(case, vjp(grad(case.f)).interpreted)


def test_of_lists(of_lists: Case) -> None:
    """The gradient keeps the lists of each iteration, and their bars: lists of lists."""
    check(of_lists, vjp(grad(of_lists.f, of_lists.wrt), of_lists.wrt).interpreted)


@pytest.mark.parametrize("case", COMPILED, ids=lambda c: c.name)
def test_compiled(case: Case) -> None:
    check(case, vjp(grad(case.f)))


@pytest.mark.parametrize(("f", "x"), [(fibonacci, 0.8), (stacked, 1.2)])
def test_third_derivatives_of_one_float(f: Any, x: float) -> None:
    want = mixed(f, (x,), [(1.0,)] * 3)
    assert grad(grad(grad(f))).interpreted(x) == pytest.approx(want, rel=1e-11)


@pytest.mark.parametrize(("f", "args"), [(tree, (V, 0.7)), (rebound, (V,))])
def test_third_derivatives_of_arrays(f: Any, args: tuple[Any, ...]) -> None:
    random = np.random.default_rng(3)
    u, v, w = (tuple(random.standard_normal(np.shape(a)) * np.ones_like(a) for a in args) for _ in range(3))
    u, v, w = (tuple(float(x) if np.ndim(x) == 0 else x for x in t) for t in (u, v, w))

    def bare(t: tuple[Any, ...]) -> Any:
        return t[0] if len(t) == 1 else t

    zero = bare(tuple(x * 0.0 for x in u))
    back = vjp(vjp(grad(f))).interpreted((args, bare(u)), (zero, bare(w)))[1]
    assert floats(back[0]) @ floats(v) == pytest.approx(mixed(f, args, (u, v, w)), rel=1e-10)


# ---------------------------------------------------------------------------------------------- inside a function


def steps(x):
    y = x
    for _ in range(9):
        y = y - 0.3 * x * grad(fibonacci)(y)
        if y < 0.5:
            break
        y = y * 1.01
    return y * y * x


def on_a_branch(x):
    s = 0.0
    for k in range(3):
        if k != 1:
            s += grad(_fib, wrt="x")(x * (k + 1) * 0.5, 3) * x
        else:
            s -= x * s
    return s


@pytest.mark.parametrize(("f", "x"), [(steps, 0.9), (on_a_branch, 0.8)])
def test_gradients_of_recursive_functions_in_loops(f: Any, x: float) -> None:
    forward = jvp(f).interpreted((x,), 1.0)[1]
    h, primal = 1e-5, grad(f).primal
    assert forward == pytest.approx((primal(x + h) - primal(x - h)) / (2.0 * h), rel=1e-6)
    assert grad(f).interpreted(x) == pytest.approx(forward, rel=1e-12)


# ---------------------------------------------------------------------------------------------- the text


def _product(x, n):
    return x if n == 0 else _product(x, n - 1) * x


def product(x):
    return _product(x, 3)


def test_the_bars_of_a_tape_go_on_a_tape_of_their_own() -> None:
    """What one function takes off the tape, its reverse puts back as a bar, and the other way round."""
    text = grad(grad(product)).inspect(1.5)
    reverse = text[text.index("def _product_reverse_reverse") : text.index("def _product_forward_forward")]
    forward = text[text.index("def _product_forward_reverse") : text.index("def product_grad_grad")]
    assert "tape_float64_2_bar.append(" in reverse
    assert "_bar.pop()" not in reverse
    assert "term = tape_float64_1_bar.pop()" in forward
    assert "_bar.append(" not in forward
