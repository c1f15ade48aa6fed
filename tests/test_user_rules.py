"""Rules that users declare: of numbers, of arrays, of what srcad can't read, and of equations' solutions.

Each gradient is held against finite differences of the compiled function itself, along slanted directions, and against
the derivative of the same written out in Python where there is one; forward mode against reverse mode.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import math
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import numba
import numpy as np
import pytest
from numba.extending import overload

import srcad
from srcad import (
    SrcadError,
    adjoint,
    cache,
    fixed_point,
    grad,
    hvp,
    implicit,
    jacobian,
    jvp,
    nondifferentiable,
    partials,
    stop_gradient,
    tangent,
    vjp,
)
from srcad.testing import check_rule, slope
from tests.rule_points import scratch


@pytest.fixture(autouse=True)
def own_rules() -> Iterator[None]:
    with scratch():
        yield


def slanted(x: Any, k: int) -> Any:
    if isinstance(x, np.ndarray):
        return (0.9 - 0.35 * np.arange(k, k + x.size) % 1.1).reshape(x.shape)
    return 0.9 - 0.35 * k


def copied(args: Any) -> list[Any]:
    return [a.copy() if isinstance(a, np.ndarray) else a for a in args]


def inner(a: Any, b: Any) -> float:
    return sum(float(np.sum(x * y)) for x, y in zip(a, b, strict=True))


def agree(f: Callable[..., Any], args: tuple[Any, ...], wrt: tuple[str, ...], tolerance: float = 1e-8) -> None:
    """Reverse and forward mode match the slopes of `f`, and the generated text as plain Python gives the same.

    Forward mode is compiled for floats; with arrays, which take ten times as long, its text is run as plain Python.
    """
    names = list(numba.njit(f).py_func.__code__.co_varnames[: len(args)])
    chosen = [names.index(w) for w in wrt]
    dots = tuple(slanted(args[k], k) for k in chosen)

    def along(t: float) -> float:
        moved = list(args)
        for k, d in zip(chosen, dots, strict=True):
            moved[k] = args[k] + t * d
        return float(f(*copied(moved)))

    g, push = grad(f, wrt=wrt), jvp(f, wrt=wrt)
    before = copied(args)
    found = g(*args)
    found = found if len(wrt) > 1 else (found,)
    for a, b in zip(args, before, strict=True):
        np.testing.assert_array_equal(a, b)
    expected, error = slope(along)
    assert error < tolerance * max(1.0, abs(expected))
    assert inner(found, dots) == pytest.approx(expected, rel=tolerance, abs=tolerance)
    value, moved = (push if all(isinstance(a, float) for a in args) else push.interpreted)(tuple(copied(args)), dots)
    assert value == pytest.approx(f(*before), rel=1e-13)
    assert moved == pytest.approx(inner(found, dots), rel=1e-10, abs=1e-10)
    plain = g.interpreted(*args)
    for a, b in zip(plain if len(wrt) > 1 else (plain,), found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


def message(error: pytest.ExceptionInfo[SrcadError]) -> str:
    shown = "".join(traceback.format_exception_only(error.value))
    return shown.split("\n", 1)[1] if "File" in shown else shown


# ------------------------------------------------------------------------------------------------ partials


def c_function(name: str) -> Any:
    made = getattr(ctypes.CDLL(ctypes.util.find_library("m")), name)
    made.restype, made.argtypes = ctypes.c_double, [ctypes.c_double]
    return made


def stub(x):
    raise NotImplementedError


@overload(stub)
def _stub(x):
    return lambda x: x * x * x


@numba.njit
def unreadable(x):
    return sum([x * x * x, 0.0])


@pytest.mark.parametrize(
    ("fn", "partial"),
    [
        (unreadable, "3.0 * x * x"),
        (unreadable, lambda x: 3.0 * x * x),
        (unreadable, lambda x, out: 3.0 * out / x),
        (unreadable, numba.njit(lambda x: 3.0 * x**2)),
        (stub, "3.0 * x * x"),
    ],
)
def test_partials_serve_every_mode(fn, partial):
    assert partials(fn, x=partial) is fn

    def f(x, y):
        return fn(x * y) * y

    def spelled(x, y):
        return (x * y) * (x * y) * (x * y) * y

    point = (1.3, 0.7)
    np.testing.assert_allclose(grad(f)(*point), grad(spelled)(*point), rtol=1e-13)
    np.testing.assert_allclose(jvp(f)(point, (0.3, 0.4)), jvp(spelled)(point, (0.3, 0.4)), rtol=1e-13)
    np.testing.assert_allclose(vjp(f)(point, 2.0)[1], vjp(spelled)(point, 2.0)[1], rtol=1e-13)
    np.testing.assert_allclose(hvp(f)(point, (0.3, 0.4)), hvp(spelled)(point, (0.3, 0.4)), rtol=1e-13)
    twice = grad(grad(f, wrt="x"), wrt="x")
    assert twice(*point) == pytest.approx(grad(grad(spelled, wrt="x"), wrt="x")(*point), rel=1e-13)
    g = grad(f)

    @numba.njit
    def compiled(x, y):
        return g(x, y)[0]

    assert compiled(*point) == pytest.approx(grad(spelled)(*point)[0], rel=1e-13)


def test_c_functions_that_are_each_others_partials():
    sine, cosine = c_function("sin"), c_function("cos")
    partials(sine, x=cosine)
    partials(cosine, x=lambda x: -sine(x))

    def f(x):
        return sine(2.0 * x)

    assert grad(f)(0.4) == pytest.approx(2.0 * math.cos(0.8), rel=1e-14)
    assert hvp(f)((0.4,), (1.0,)) == pytest.approx(-4.0 * math.sin(0.8), rel=1e-14)
    assert grad(grad(grad(f)))(0.4) == pytest.approx(-8.0 * math.cos(0.8), rel=1e-13)
    check_rule(sine, (0.3,), (1.7,))


def test_partials_of_several_operands():
    @numba.njit
    def wave(x, y, n=2):
        return sum([math.sin(x * y) / y**n])

    partials(wave, let="c = math.cos(x * y)", x="c * y / y**n", y="(c * x - n * math.sin(x * y) / y) / y**n", n=None)
    check_rule(wave, (0.3, 0.7, 2), (1.3, -0.7, 3))

    def f(a, b):
        s = 0.0
        for _ in range(3):
            a = wave(a, b) + wave(y=a, x=b, n=1)
            s += a
        return s

    agree(f, (0.4, 1.2), ("a", "b"))


def test_a_rule_is_that_of_the_object_however_it_is_called():
    def plain(x):
        return x * x

    partials(plain, x="100.0")  # no derivative: to be told from what would be read
    compiled, other = numba.njit(plain), plain

    def f(x):
        return compiled(x) + other(x)

    assert grad(f)(2.0) == 200.0
    assert grad(plain)(2.0) == 100.0
    assert grad(compiled)(2.0) == 100.0
    assert jvp(plain)((2.0,), (1.0,)) == (4.0, 100.0)


def test_functions_of_one_name_keep_their_own_rules():
    def make(factor):
        def scaled(x):
            return factor * x

        return partials(scaled, x=str(factor))

    two, three = make(2.0), make(3.0)

    def f(x, y):
        scaled = two(x)
        f_grad = three(y)
        return scaled * f_grad

    assert grad(f)(5.0, 7.0) == (42.0, 30.0)


def test_a_rules_function_has_the_name_of_the_gradient():
    def f_grad(x):
        return 2.0 * x

    @numba.njit
    def square(x):
        return sum([x * x])

    partials(square, x=f_grad)

    def f(x):
        return square(x)

    assert grad(f)(3.0) == 6.0


def test_an_infinite_partial_of_ones_own_adds_nothing_where_the_bar_is_zero():
    @numba.njit
    def root(x):
        return sum([x**0.5])

    partials(root, x="0.5 / out")

    def f(x):
        return 0.0 * root(x) + x

    assert grad(f)(0.0) == 1.0


@pytest.mark.parametrize(
    ("operands", "text"),
    [
        (
            {"x": "1.0"},
            "partials(g) says nothing of 'y': give its partial derivative, or None where there is none (an int)",
        ),
        ({"x": "1.0", "y": None, "z": "1.0"}, "g has no parameter 'z': it has x, y"),
        ({"x": "1.0 +", "y": None}, "rule 'g(x, y)': '1.0 +' is not an expression"),
        ({"x": "z", "y": None}, "rule 'g(x, y)': 'z' in 'z' is no operand, no let name and not out"),
        (
            {"x": "h(x)", "y": None},
            "rule 'g(x, y)': h in 'h(x)' is no function that has a rule in srcad; "
            "give the partial derivative as a function of (x, y)",
        ),
        (
            {"x": lambda x: x, "y": None},
            "rule 'g(x, y)': <lambda> takes 1 arguments, not those of the call (x, y, and out if it wants it)",
        ),
        ({"x": 1.0, "y": None}, "rule 'g(x, y)': a partial derivative is a text, a function or None, not 1.0"),
    ],
)
def test_bad_partials_are_refused(operands, text):
    def g(x, y):
        return x + y

    with pytest.raises((TypeError, ValueError)) as error:
        partials(g, **operands)
    assert str(error.value) == text
    partials(g, x="1.0", y="1.0")  # nothing was registered
    with pytest.raises(ValueError, match=r"^g has a derivative rule already$"):
        partials(g, x="1.0", y="1.0")


def test_partials_are_of_numbers():
    def double(x):
        return 2.0 * x

    partials(double, x="2.0")

    def f(x):
        y = double(x)
        return y.sum()

    with pytest.raises(SrcadError) as error:
        grad(f)(np.ones(3))
    assert message(error) == (
        "    y = double(x)\n"
        "    ^^^^^^^^^^^^^\n"
        "srcad.errors.SrcadError: double is declared as a function of numbers, by partials, "
        "and is given an array here\n"
        "write instead: a loop that calls it for each element\n"
    )


# ------------------------------------------------------------------------------------------------ adjoint, tangent


def declared_solve(**said: Any) -> Callable[..., Any]:
    def solve(A, b):
        return np.linalg.solve(A, b)

    @adjoint(solve, **said)
    def solve_adjoint(A, b, out, out_bar, A_bar, b_bar):
        lam = np.linalg.solve(A.T, out_bar)
        b_bar += lam
        for i in range(len(b)):
            for j in range(len(b)):
                A_bar[i, j] -= lam[i] * out[j]

    @tangent(solve, writes=())
    def solve_tangent(A, b, out, A_dot, b_dot):
        return np.linalg.solve(A, b_dot - A_dot @ out)

    return solve


A = np.array([[3.0, 0.4, -0.2], [0.1, 2.0, 0.5], [0.3, -0.6, 2.5]])
B = np.array([0.7, -1.1, 0.4])


@pytest.mark.parametrize("said", [{}, {"writes": ()}])
def test_a_function_that_returns_an_array(said):
    solve = declared_solve(**said)
    check_rule(solve, (A, B))

    def f(M, v):
        y = solve(M, v)
        s = 0.0
        for i in range(len(y)):
            s += y[i] ** 3
        return s

    agree(f, (A, B), ("M", "v"))
    agree(f, (A, B), ("v",))

    def g(M, v):
        return solve(M, v * v[0])

    forward = jacobian(g, wrt="v", mode="forward")(A, B)
    backward = jacobian(g, wrt="v", mode="reverse")(A, B)
    np.testing.assert_allclose(forward, np.linalg.solve(A, B[0] * np.eye(3) + np.outer(B, [1.0, 0.0, 0.0])), rtol=1e-13)
    np.testing.assert_allclose(backward, forward, rtol=1e-13)


def test_arguments_that_change_after_the_call():
    solve = declared_solve(writes=())

    def f(M, v, n):
        M = M * 1.0
        x = v * 1.0
        s = 0.0
        for i in range(n):
            if i % 2 == 0:
                x = solve(M, x)
            M[0, i] = M[0, i] * 1.2 + x[1]
            x[0] = x[0] * 2.0
            s += x[2] * x[0]
        return s

    agree(f, (A, B, 3), ("M", "v"))


def test_a_call_in_a_recursive_function():
    solve = declared_solve(writes=())

    def down(M, v, n):
        if n == 0:
            return v[0] * v[1]
        y = solve(M, v)
        M[0, 0] = M[0, 0] + 0.1
        s = y[0] * y[2]
        for i in range(3):
            v[i] = v[i] + 0.5 * y[i]
        return s + down(M, v, n - 1)

    def f(M, v):
        return down(M.copy(), v.copy(), 2)

    agree(f, (A, B), ("M", "v"))


def test_floats_ints_and_arrays_together():
    def mixed(x, n, v, table):
        return x**n * v[0] + table[n], x * v[1]

    @adjoint(mixed, writes=())
    def mixed_adjoint(x, n, v, table, out_bar, v_bar):
        v_bar[0] += out_bar[0] * x**n
        v_bar[1] += out_bar[1] * x
        return out_bar[0] * n * x ** (n - 1) * v[0] + out_bar[1] * v[1]

    @tangent(mixed)
    def mixed_tangent(x, n, v, table, x_dot, v_dot):
        first = n * x ** (n - 1) * x_dot * v[0] + x**n * v_dot[0]
        return first, x_dot * v[1] + x * v_dot[1]

    check_rule(mixed, (1.3, 2, np.array([0.7, 0.4]), np.array([1.0, 2.0, 3.0])))

    def f(x, v, table):
        a, b = mixed(x, 2, v, table)
        for _ in range(2):
            a, b = mixed(a * b, 1, v, table)
        c, _ = mixed(1.5, 2, v, table)
        return a * b + c

    agree(f, (0.8, np.array([0.7, 0.4]), np.array([1.0, 0.2, 0.3])), ("x", "v"))
    with pytest.raises(SrcadError) as error:
        grad(f)(0.8, np.array([0.7, 0.4]), np.array([1.0, 0.2, 0.3]))
    why = "mixed is given table, which what is differentiated changes, and its rule has no table_bar"
    assert why in str(error.value)
    assert error.value.location.text.strip() == "c, _ = mixed(1.5, 2, v, table)"


def test_a_function_that_writes_to_its_arguments():
    def advance(x, rate):
        for i in range(len(x)):
            x[i] = x[i] * x[i] * rate

    @adjoint(advance)
    def advance_adjoint(x, rate, x_bar):
        rate_bar = 0.0
        for i in range(len(x)):
            rate_bar += x_bar[i] * x[i] * x[i]
            x_bar[i] *= 2.0 * x[i] * rate
        return rate_bar

    @tangent(advance)
    def advance_tangent(x, rate, x_dot, rate_dot):
        for i in range(len(x)):
            x_dot[i] = 2.0 * x[i] * rate * x_dot[i] + x[i] * x[i] * rate_dot

    check_rule(advance, (np.array([0.3, 1.2]), 0.7))

    def f(x, rate):
        s = 0.0
        for _ in range(3):
            advance(x, rate)
            s += x[0] * x[1]
            x[0] = x[0] + 0.5
        return s

    agree(f, (B, 0.8), ("x", "rate"))


def test_a_rule_in_a_rule_gives_second_derivatives():
    @numba.njit
    def square(x):
        return sum([x * x])

    @adjoint(square)
    def square_adjoint(x, out_bar):
        return 2.0 * x * out_bar

    @tangent(square)
    def square_tangent(x, x_dot):
        return 2.0 * x * x_dot

    def f(x, y):
        return square(x * y) * square(x)

    def spelled(x, y):
        return (x * y) ** 2 * x**2

    np.testing.assert_allclose(hvp(f)((1.3, 0.7), (0.5, 2.0)), hvp(spelled)((1.3, 0.7), (0.5, 2.0)), rtol=1e-13)
    assert grad(grad(f, wrt="x"), wrt="y")(1.3, 0.7) == pytest.approx(8.0 * 1.3**3 * 0.7)
    assert grad(square)(3.0) == 6.0


def test_one_mode_without_a_rule_is_refused():
    def measure(x, v):
        return x * v[0]

    @adjoint(measure)
    def measure_adjoint(x, v, out_bar, v_bar):
        v_bar[0] += out_bar * x
        return out_bar * v[0]

    def f(x, v):
        y = 2.0 * measure(x, v)
        return y

    assert grad(f)(3.0, np.array([4.0, 5.0]))[0] == 8.0
    with pytest.raises(SrcadError) as error:
        jvp(f)((3.0, np.ones(2)), (1.0, np.ones(2)))
    assert message(error) == (
        "    y = 2.0 * measure(x, v)\n"
        "              ^^^^^^^^^^^^^\n"
        "srcad.errors.SrcadError: measure has a rule for reverse mode (grad, vjp), "
        "and none for forward mode (jvp, hvp), which is asked for here\n"
        "write instead: a rule for it, declared once:\n"
        "    @tangent(measure)\n"
        "    def measure_tangent(x, v, x_dot, v_dot):\n"
        "        return ...  # the tangent of its result\n"
    )

    def only_forward(x, v):
        return x + v[0]

    @tangent(only_forward)
    def rule(x, v, x_dot, v_dot):
        return x_dot + v_dot[0]

    with pytest.raises(SrcadError) as error:
        grad(only_forward)(3.0, np.ones(2))
    assert str(error.value).endswith(
        "    @adjoint(only_forward)\n"
        "    def only_forward_adjoint(x, v, out_bar, v_bar):\n"
        "        v_bar += ...\n"
        "        return x_bar"
    )
    assert jvp(only_forward)((3.0, np.ones(2)), (1.0, np.ones(2))) == (4.0, 2.0)


def test_a_rule_that_returns_what_it_must_not():
    def add(x, y):
        return x + y

    @adjoint(add)
    def add_adjoint(x, y, out_bar):
        return out_bar

    def f(x, y):
        return add(x, y)

    with pytest.raises(SrcadError) as error:
        grad(f)(1.0, 2.0)
    assert str(error.value) == (
        "the rule add_adjoint returns float64, and add is called with 2 floats\n"
        "write instead: return x_bar, y_bar: a bar for each float; those of arrays are added to, in place"
    )
    assert error.value.location.text.strip() == "return add(x, y)"
    assert grad(f, wrt="x").primal(1.0, 2.0) == 3.0


def test_a_rule_that_numba_cannot_compile():
    def add(x):
        return x + 1.0

    @adjoint(add)
    def add_adjoint(x, out_bar):
        return out_bar.nothing

    def f(x):
        return add(x)

    with pytest.raises(SrcadError, match=r"^Numba can't compile add_adjoint for this call: Unknown attribute") as error:
        grad(f)(1.0)
    assert error.value.location.text.strip() == "return add(x)"


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (lambda x: x, "it takes 1 arguments"),
        (lambda x, v, y_bar: x, "it has no argument that 'y_bar' could belong to"),
        (lambda x, v, out_dot: x, "it has no argument that 'out_dot' could belong to"),
    ],
)
def test_rules_whose_parameters_do_not_fit(rule, text):
    def g(x, v):
        return x

    with pytest.raises(ValueError) as error:
        adjoint(g)(rule)
    assert str(error.value) == (
        f"<lambda> is no rule of g(x, v): {text}; "
        "it takes the arguments of g in their order, then any of out, out_bar, and x_bar for an array x"
    )
    with pytest.raises(TypeError):
        adjoint(g)(3.0)
    with pytest.raises(ValueError, match=r"^writes='w' is no parameter of g$"):
        adjoint(g, writes="w")(lambda x, v: x)
    adjoint(g)(lambda x, v: 0.0)
    with pytest.raises(ValueError, match=r"^g has a rule for adjoint already$"):
        adjoint(g)(lambda x, v: 0.0)
    with pytest.raises(ValueError, match="nondifferentiable, or with a rule"):
        nondifferentiable(g)
    with pytest.raises(ValueError, match="has a rule of another kind already"):
        partials(g, x="1.0", v="1.0")


def test_a_returned_argument_is_refused_where_something_is_written():
    def same(v):
        return v

    @adjoint(same, writes=())
    def same_adjoint(v, out_bar, v_bar):
        v_bar += out_bar

    @tangent(same, writes=())
    def same_tangent(v, v_dot):
        return v_dot

    def f(v):
        y = same(v)
        return y[0] * y[1]

    def g(v):
        y = same(v)
        y[0] = 3.0 * y[0]
        return y[0] * v[1]

    agree(f, (B,), ("v",))
    for derivative in (grad(g), lambda v: jvp(g)((v,), (v,))):
        with pytest.raises(ValueError, match=r"^same returned memory of its argument: it has to return a new array"):
            derivative(B)


# ------------------------------------------------------------------------------------------------ no derivative


def test_nondifferentiable():
    @nondifferentiable
    @numba.njit
    def place(table, x):
        return len([t for t in table if t < x])

    @nondifferentiable
    def rounded(x):
        return {0: round(x)}.get(0, 0) * 1.0

    @nondifferentiable
    def order(v):
        return np.argsort(v)

    def f(x, v):
        k = place(v, x)
        s = x * v[k]
        for i in order(v):
            s = s * 0.5 + v[i]
        return s

    agree(f, (0.1, np.array([0.7, -1.1, 0.4])), ("x", "v"))

    def g(x):
        y = 3.0 * x
        if x > 1.0:
            y = place(np.array([1.0, 2.0]), x) * 2.0
        return y * x

    assert grad(g)(2.5) == 4.0
    assert jvp(g)((2.5,), (1.0,)) == (10.0, 4.0)
    assert grad(g)(0.5) == 3.0
    with pytest.raises(ValueError, match="has no rule"):
        check_rule(rounded, (0.3,))


def test_stop_gradient_of_numbers_and_arrays():
    def f(x):
        y = x * x
        return stop_gradient(y) * y + srcad.stop_gradient(x)

    assert grad(f)(3.0) == 9.0 * 6.0
    assert jvp(f)((3.0,), (1.0,)) == (84.0, 54.0)
    assert vjp(f)((3.0,), 2.0) == (84.0, 108.0)
    assert hvp(f)((3.0,), (1.0,)) == 18.0  # that of 9 * y, whose factor is a constant again
    assert grad(f).primal(3.0) == 84.0

    def g(v):
        w = stop_gradient(v)
        w[0] = w[0] * 10.0
        s = 0.0
        for i in range(len(v)):
            s += w[i] * v[i]
        return s + stop_gradient(v[1:])[0] * v[0]

    v = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(grad(g)(v), [12.0, 2.0, 3.0])
    assert jvp(g)((v,), (np.ones(3),))[1] == 17.0
    np.testing.assert_array_equal(v, [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(stop_gradient(v), v)
    assert not np.shares_memory(stop_gradient(v), v)


# ------------------------------------------------------------------------------------------------ equations


@numba.njit
def newton(a, b):
    x = 1.0
    for _ in range(60):
        x -= (x**3 + a * x - b) / (3.0 * x * x + a)
    return x


def cubic(x, a, b):
    return x**3 + a * x - b


@numba.njit
def circle(p, v):
    x = np.array([1.0, 0.5])
    for _ in range(30):
        r = residuals(x, p, v)
        J = np.array([[2.0 * x[0], 2.0 * x[1]], [v[1] * x[1], v[1] * x[0] + 3.0]])
        x = x - np.linalg.solve(J, r)
    return x


@numba.njit
def residuals(x, p, v):
    r = np.empty(2)
    r[0] = x[0] ** 2 + x[1] ** 2 - p * v[0]
    r[1] = v[1] * x[0] * x[1] + 3.0 * x[1] - p
    return r


def test_an_implicit_number():
    def root(a, b):
        return newton(a, b)

    implicit(root, cubic)
    check_rule(root, (1.3, 2.0))

    def f(a, b):
        s = 0.0
        for k in range(3):
            s += root(a + k, b * s + 1.0) ** 2
        return s

    def unrolled(a, b):
        s = 0.0
        for k in range(3):
            s += newton(a + k, b * s + 1.0) ** 2
        return s

    agree(f, (1.3, 2.0), ("a", "b"))
    np.testing.assert_allclose(grad(f)(1.3, 2.0), grad(unrolled)(1.3, 2.0), rtol=1e-12)
    second = hvp(lambda a, b: root(a, b) ** 2)
    expected = hvp(lambda a, b: newton(a, b) ** 2)
    np.testing.assert_allclose(second((1.3, 2.0), (1.0, 0.5)), expected((1.3, 2.0), (1.0, 0.5)), rtol=1e-11)


def test_an_implicit_array():
    def meet(p, v):
        return circle(p, v)

    implicit(meet, residuals)
    check_rule(meet, (1.5, np.array([1.4, 0.8])))

    def f(p, v):
        x = meet(p * p, v)
        return x[0] * x[1] ** 2

    agree(f, (1.2, np.array([1.4, 0.8])), ("p", "v"))
    agree(f, (1.2, np.array([1.4, 0.8])), ("v",))


def test_an_implicit_matrix():
    """The inverse of a matrix as the solution of X M = 1."""

    def inverse(M):
        return np.linalg.inv(M)

    def unit(X, M):
        return X @ M - np.eye(len(M))

    implicit(inverse, unit)

    def f(M):
        X = inverse(M)
        return X[0, 1] + 2.0 * X[2, 0]

    agree(f, (A,), ("M",))
    X = np.linalg.inv(A)
    bar = np.zeros((3, 3))
    bar[0, 1], bar[2, 0] = 1.0, 2.0
    np.testing.assert_allclose(grad(f).interpreted(A), -X.T @ bar @ X.T, rtol=1e-12)


def test_equations_that_do_not_fit():
    def root(a, b):
        return a

    with pytest.raises(ValueError, match=r"^implicit: the residual of root takes 3 arguments, the solution first"):
        implicit(root, lambda x, a: x)
    with pytest.raises(TypeError, match="takes a Python function, plain or @njit, of the unknown first"):
        implicit(root, math.sin)
    with pytest.raises(TypeError, match="takes a Python function"):
        fixed_point(math.cos)
    with pytest.raises(ValueError, match="have to be positive"):
        fixed_point(lambda x: x, limit=0)


def cosine_step(x, c, w):
    return math.cos(c * x) + 0.1 * w[0]


def array_step(x, M, c):
    y = np.empty_like(x)
    for i in range(len(x)):
        s = c[i]
        for j in range(len(x)):
            s += M[i, j] * math.tanh(x[j])
        y[i] = s
    return y


def test_a_fixed_point_that_is_a_number():
    settle = fixed_point(cosine_step)
    x = settle(0.5, 0.8, np.array([0.3, 0.7]))
    assert x == pytest.approx(cosine_step(x, 0.8, np.array([0.3])), rel=1e-12)
    check_rule(settle, (0.5, 0.8, np.array([0.3])), tolerance=1e-7)

    def f(c, w, start):
        return settle(start * c, c, w) * w[1]

    def unrolled(c, w, start):
        x = start * c
        for _ in range(400):
            x = cosine_step(x, c, w)
        return x * w[1]

    point = (0.8, np.array([0.3, 0.7]), 0.5)
    agree(f, point, ("c", "w", "start"))
    for found, expected in zip(grad(f)(*point), grad(unrolled)(*point), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12)
    moved = jvp(unrolled)(point, (1.0, point[1], 0.3))[1]
    assert jvp(f)(point, (1.0, point[1], 0.3))[1] == pytest.approx(moved, rel=1e-11)
    assert numba.njit(lambda c: settle(0.5, c, np.ones(2)))(0.5) == settle(0.5, 0.5, np.ones(2))


def test_a_fixed_point_that_is_an_array():
    settle = fixed_point(array_step)

    def f(M, c):
        x = settle(np.zeros(3), M, c)
        return x[0] * x[1] + x[2] ** 2

    def unrolled(M, c):
        x = np.zeros(3)
        for _ in range(300):
            x = array_step(x, M, c)
        return x[0] * x[1] + x[2] ** 2

    point = (0.15 * A, B)
    agree(f, point, ("M", "c"))
    for found, expected in zip(grad(f)(*point), grad(unrolled)(*point), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)


def test_second_derivatives_of_a_fixed_point():
    number, array = fixed_point(cosine_step), fixed_point(array_step)

    def f(c, w, M):
        start = number(0.5, c, w)
        x = array(np.zeros(3), M, start * B)
        return x[0] * x[1] + array(x, M, x)[2] * start

    def unrolled(c, w, M):
        start = 0.5
        for _ in range(300):
            start = cosine_step(start, c, w)
        x = np.zeros(3)
        for _ in range(300):
            x = array_step(x, M, start * B)
        y = x.copy()
        for _ in range(300):
            y = array_step(y, M, x)
        return x[0] * x[1] + y[2] * start

    point, along = (0.8, np.array([0.3, 0.7]), 0.15 * A), (1.0, np.array([0.2, -0.1]), 0.1 * A.T)
    expected = hvp(unrolled).interpreted(point, along)
    for second in (hvp(f).interpreted(point, along), vjp(grad(f)).interpreted(point, along)[1]):
        for found, wanted in zip(second, expected, strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-12)
    compiled, (given, moved) = hvp(lambda c, w: number(0.5, c, w) ** 2), (point[:2], along[:2])
    np.testing.assert_allclose(compiled(given, moved)[0], compiled.interpreted(given, moved)[0], rtol=1e-12)


def test_no_fixed_point_is_an_error():
    settle = fixed_point(lambda x, a: a * x + 1.0, limit=50)
    with pytest.raises(ArithmeticError, match="no fixed point within 50 steps"):
        settle(0.5, 2.0)
    assert settle(0.5, 0.1) == pytest.approx(1.0 / 0.9)
    with pytest.raises(ArithmeticError, match="no fixed point within 50 steps"):
        grad(lambda a: settle(0.3, a))(-1.0)
    unstable = fixed_point(lambda x, a: a * x * (1.0 - x), limit=50)  # x = 0 is one, and repels for a > 1
    assert unstable(0.0, 3.0) == 0.0
    with pytest.raises(ArithmeticError, match="its gradient does not settle within 50 steps"):
        grad(lambda a, b: unstable(0.0, a) * b)(3.0, 1.0)


def test_a_step_that_works_in_place():
    @numba.njit
    def step(x, c):
        for i in range(len(x)):
            x[i] = 0.5 * x[i] + c[i]
        return x

    start = np.zeros(3)
    np.testing.assert_allclose(fixed_point(step)(start, B), 2.0 * B, rtol=1e-12)
    np.testing.assert_array_equal(start, np.zeros(3))


# ----------------------------------------------------------------------------------------- the checker, the cache


def test_the_checker_fails_on_wrong_rules_of_arrays():
    def g(x, v):
        return x * v[0]

    def declared(bar: float, v_bar_0: float, dot: float) -> Callable[..., Any]:
        def g(x, v):
            return x * v[0]

        @adjoint(g)
        def g_adjoint(x, v, out_bar, v_bar):
            v_bar[0] += v_bar_0 * out_bar * x
            return bar * out_bar * v[0]

        @tangent(g)
        def g_tangent(x, v, x_dot, v_dot):
            return dot * (x_dot * v[0] + x * v_dot[0])

        return g

    point = (0.3, np.array([0.7, 0.2]))
    check_rule(declared(1.0, 1.0, 1.0), point)
    for wrong, what in (((1.1, 1.0, 1.0), "d/dx"), ((1.0, 0.9, 1.0), r"d/dv\[0\]"), ((1.0, 1.0, 1.01), "the tangent")):
        with pytest.raises(AssertionError, match=what):
            check_rule(declared(*wrong), point)


def twice(x):
    return 2.0 * x


def test_rules_of_ones_own_are_in_the_key():
    """The state that compiled code is kept under changes with every declaration, and with what it is made of."""

    def key() -> str:
        return cache.state(twice)

    def factory(factor: float) -> Callable[..., Any]:
        def rule(x, out_bar):
            return factor * out_bar

        return rule

    def residual(factor: float) -> Callable[..., Any]:
        return lambda y, x: y - factor * x

    found = [key()]
    for factor in (2.0, 3.0):
        with scratch():
            partials(twice, x=lambda x, factor=factor: factor)
            found.append(key())
        with scratch():
            adjoint(twice)(factory(factor))
            found.append(key())
        with scratch():
            implicit(twice, residual(factor))
            found.append(key())
    with scratch():
        nondifferentiable(twice)
        found.append(key())
    assert len(set(found)) == len(found)
    assert key() == found[0]


def test_an_overload_is_in_the_key():
    def made(factor: float) -> Any:
        def scaled(x):
            raise NotImplementedError

        @overload(scaled)
        def _scaled(x):
            def code(x):
                return factor * x

            return code

        return scaled

    keys = set()
    for factor in (2.0, 3.0):
        with scratch():
            partials(made(factor), x="1.0")
            keys.add(cache.state(twice))
    assert len(keys) == 2
