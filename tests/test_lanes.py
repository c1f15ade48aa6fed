"""Several lanes as one vector: which lines become one, that they compute the same, and what stays apart."""

from __future__ import annotations

import ast
import copy
import inspect
import math
from typing import Any

import numpy as np
import pytest

from srcad import jacfwd
from srcad.machine.lanes import COUNTS, Lanes, in_vectors

from .as_compiled import agree
from .corpus import Case, all_cases, sample
from .in_lanes import in_lanes

X = np.array([0.4, -0.7, 0.9, 0.0, 1.3, 0.2, -0.1, 0.6])
EVERY = 64  # one case in so many is run by default


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    sample(metafunc, "case", list(all_cases()), EVERY)


def written(f: Any, *arguments: Any, lanes: int = 4) -> Any:
    made = jacfwd(f, lanes=lanes)
    return made._write(made._types(arguments))


def test_the_same_in_vectors(case: Case) -> None:
    given = inspect.signature(case.f).bind(*case.args)
    given.apply_defaults()
    jacobian = jacfwd(case.f, wrt=case.wrt, lanes=4)
    made = jacobian._write(jacobian._types(given.args))
    with np.errstate(all="ignore"):
        found = in_lanes(made)[0](*copy.deepcopy(given.args))
        agree(found, made.interpreted()(*copy.deepcopy(given.args)))


# ---------------------------------------------------------------------------------------------- the text


def product(x):
    n = x.size
    y = np.zeros((n, 2))
    for i in range(n):
        y[i, 0] += x[i] * x[n - 1 - i]
        y[i, 1] = -y[i, 0] / (2.0 + x[i])
    return y[:, 0] * y[0, 1]


def test_lines_of_lanes_are_one() -> None:
    made = written(product, X)
    lines = [line.strip() for line in in_lanes(made)[1].splitlines()]
    assert "a1_dot2 = x_dot2[i]" in made.text
    packed = "x_dot1[i], x_dot2[i], x_dot3[i], x_dot4[i]"
    assert f"a1_dot1 = lanes_pack(({packed}))" in lines
    assert not any(line.startswith("a1_dot2") for line in lines)


def elements(x):
    """An array of the function's own whose lanes lie side by side, and views of it."""
    n = x.size
    t = np.empty((2, n))
    row = t[0]
    for i in range(n):
        row[i] = x[i] * x[i]
        t[1, i] = row[i - 1] if i > 0 else x[-1]
        t[-1, i] *= 0.5
    s = 0.0
    for i in range(n):
        s += t[0, i] * t[1, i]
    return np.array([s, t[1, -1]])


def test_lanes_of_an_element_lie_side_by_side() -> None:
    lines = [line.strip() for line in in_lanes(written(elements, X))[1].splitlines()]
    assert "t_dot1 = np.empty(lanes_wide((2, n), 4))" in lines
    assert "row_dot1 = t_dot1[0]" in lines
    assert not any(line.startswith("t_dot2") for line in lines)


def test_views_are_of_all_lanes() -> None:
    lines = [line.strip() for line in in_lanes(written(views, X))[1].splitlines()]
    assert {"u_dot1 = t_dot1[:, 1]", "w_dot1 = t_dot1[::-1]"} <= set(lines)


def test_what_is_another_line_in_some_lane_stays() -> None:
    text = """
def f(x_dot1, x_dot2, x_dot3, x_dot4, x):
    a_dot1 = x_dot1 * x
    a_dot2 = x_dot2 * x
    a_dot3 = x_dot3 + x
    a_dot4 = x_dot4 * x
    b_dot1 = a_dot1 + a_dot1
    b_dot2 = a_dot2 + a_dot1
    b_dot3 = a_dot3 + a_dot3
    b_dot4 = a_dot4 + a_dot4
    c_dot1 = b_dot1 * 2.0
    c_dot2 = b_dot2 * 2.0
    c_dot3 = b_dot3 * 2.0
    c_dot4 = b_dot4 * 2.0
    return c_dot1, c_dot4
"""
    groups = tuple((0, tuple(f"{n}_dot{k}" for k in (1, 2, 3, 4))) for n in "xabc")
    made = ast.unparse(in_vectors(ast.parse(text), [Lanes(groups, ())], lambda function, name: name))
    kept, (last, returned) = made.splitlines()[1:9], made.splitlines()[9:]
    assert [line.strip() for line in kept] == [line.strip() for line in text.strip().splitlines()[1:9]]
    assert last == "    c_dot1 = lanes_mul(lanes_pack((b_dot1, b_dot2, b_dot3, b_dot4)), 2.0)"
    assert returned == "    return (lanes_one(c_dot1, 0), lanes_one(c_dot1, 3))"


def test_what_ints_and_sums_say() -> None:
    """Elements in another place for each lane are packed, and written one after the other; sums are over all lanes."""
    text = """
def f(x, y, w, n):
    h_1 = np.zeros(n)
    h_2 = np.zeros(n)
    h_3 = np.zeros(n)
    h_4 = np.zeros(n)
    a_1 = x[i_1] * w
    a_2 = x[i_2] * w
    a_3 = x[i_3] * w
    a_4 = x[i_4] * w
    h_1[i_1] = a_1
    h_2[i_2] = a_2
    h_3[i_3] = a_3
    h_4[i_4] = a_4
    y[i_1] += a_1
    y[i_2] += a_2
    y[i_3] += a_3
    y[i_4] += a_4
    w += h_1[0] * 2.0 + h_3[0] * 2.0 + (h_2[0] * 2.0 + h_4[0] * 2.0)
    w += a_1 + a_2 + (a_3 + a_4)
"""
    groups = [(d, tuple(f"{n}_{k}" for k in (1, 2, 3, 4))) for d, n in ((1, "h"), (0, "a"), (COUNTS, "i"))]
    told = in_vectors(ast.parse(text), [Lanes(tuple(groups), (("x", 1), ("y", 1)))], lambda function, name: name)
    assert [line.strip() for line in ast.unparse(told).splitlines()[1:]] == [
        "h_1 = np.zeros(lanes_wide(n, 4))",
        "a_1 = lanes_mul(lanes_pack((x[i_1], x[i_2], x[i_3], x[i_4])), w)",
        "made = a_1",
        *(f"h_1[i_{k + 1}, {k}] = lanes_one(made, {k})" for k in range(4)),
        "made_1 = a_1",
        *(f"y[i_{k + 1}] += lanes_one(made_1, {k})" for k in range(4)),
        "w += lanes_total(lanes_mul(lanes_get(h_1, (0,)), 2.0))",
        "w += lanes_one(a_1, 0) + lanes_one(a_1, 1) + (lanes_one(a_1, 2) + lanes_one(a_1, 3))",  # in another order
    ]


def test_an_array_that_is_written_is_not_read_before() -> None:
    text = """
def f(y):
    y[i_1] = y[i_1 - 1] * 2.0
    y[i_2] = y[i_2 - 1] * 2.0
    y[i_3] = y[i_3 - 1] * 2.0
    y[i_4] = y[i_4 - 1] * 2.0
    a_1 = a_2 = a_3 = a_4 = 0.0
"""
    groups = tuple((d, tuple(f"{n}_{k}" for k in (1, 2, 3, 4))) for d, n in ((0, "a"), (COUNTS, "i")))
    told = in_vectors(ast.parse(text), [Lanes(groups, (("y", 1),))], lambda function, name: name)
    assert ast.unparse(told) == text.strip()


# ---------------------------------------------------------------------------------------------- compiled


def guards(x):
    """Partials that are infinite where the tangent is zero, branches, and a loop that nobody counts."""
    y = np.zeros(3)
    for i in range(x.size):
        y[0] += math.sqrt(abs(x[i])) * x[0]
        if x[i] > 0.1:
            y[1] += x[i] ** x[i - 1]
        elif i > 2:
            y[1] -= x[i]
    s = 1.0
    while s < 5.0:
        s = s * (1.2 + x[1] * x[1])
        y[-1] = s / x[0]
    return y


def views(x):
    """Rows, columns and reversed views of an array whose lanes lie side by side."""
    n = x.size
    t = np.zeros((3, 2, n))
    u = t[:, 1]
    w = t[::-1]
    for i in range(n):
        t[0, 0, i] = x[i] * x[i]
        u[2, i] = t[0, 0, i] * x[0]
        w[0, 0, i] = u[-1, i] + x[i]
    s = 0.0
    for i in range(n):
        s += t[2, 0, i] * t[2, 1, -i]
    return np.array([s, w[2, 0, 1]])


def calls(x, n):
    """A function that stays a call: its tangents go from hand to hand as numbers."""
    return x[0] * x[n] if n == 0 else calls(x, n - 1) * x[n] + 0.5 * calls(x, n - 1)


def own_array(x):
    return np.array([calls(x, 3), calls(x, 2) * x[5]])


@pytest.mark.parametrize(("f", "lanes"), [(product, 8), (elements, 5), (guards, 4), (views, 8), (own_array, 4)])
def test_compiled(f: Any, lanes: int) -> None:
    x = X if f is not guards else np.where(X == 0.0, 0.3, X)
    wanted = jacfwd(f, lanes=1).interpreted(x)
    np.testing.assert_allclose(jacfwd(f, lanes=lanes)(x), wanted, rtol=1e-13, atol=1e-15)


def test_an_argument_with_gaps() -> None:
    x = np.repeat(X, 2)[::-2]
    wanted = jacfwd(product, lanes=1).interpreted(x)
    np.testing.assert_allclose(jacfwd(product, lanes=4)(x), wanted, rtol=1e-13, atol=1e-15)


def test_single_precision_stays_apart() -> None:
    x = X.astype(np.float32)
    np.testing.assert_allclose(jacfwd(product, lanes=4)(x), jacfwd(product)(X), rtol=1e-5, atol=1e-6)


def test_an_index_that_is_checked() -> None:
    def beyond(x):
        t = np.zeros(3)
        for i in range(x.size):
            t[i] += x[i]
        return t

    with pytest.raises(IndexError):
        jacfwd(beyond, lanes=4, boundscheck=True)(X)
