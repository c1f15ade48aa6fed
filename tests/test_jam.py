"""Several iterations at a time: which loops, what becomes of their values and arrays, and that nothing else changes."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

from srcad import grad, jvp, value_and_grad
from srcad.machine import jam, lanes
from tests.in_lanes import in_lanes
from tests.oracle import oracle_grad

PAYS = lanes.pays
M, N = 3, 9
rng = np.random.default_rng(0)
X, W, B = rng.normal(size=(N, M)), rng.normal(size=(M, M)), rng.normal(size=M)


def code(g: Any, *arguments: Any) -> str:
    """What is compiled instead of the text, for arguments of these types."""
    text: str = g._write(g._types(arguments)).functions[-1].code
    return text


# ---------------------------------------------------------------------------------------------- the text


def product(w, x):
    total = 0.0
    for i in range(x.shape[0]):
        s = 0.0
        for j in range(len(w)):
            s += w[j] * x[i, j]
        total += s * s
    return total


def test_the_text_that_is_read_is_another() -> None:
    g = value_and_grad(product, wrt="w")
    text, told = g._write(g._types((B, X))).text, code(g, B, X)
    lines = [line.strip() for line in told.splitlines()]
    assert "rest" not in text and "for i in range(x.shape[0]):" in text
    assert sum(line.startswith("for j") for line in lines) == 4  # four iterations together, and what is left alone
    assert sum(line.startswith("total += ") for line in lines) == 5  # one after the other
    assert "for i in range(0, rest, 4):" in lines and "for i in range(rest, x.shape[0]):" in lines


# ---------------------------------------------------------------------------------------------- which loops


def network(w, b, x):
    """Scratch space, which all iterations write and none reads before, and an inner loop that is triangular."""
    h = np.empty(len(b))
    total = 0.0
    for i in range(x.shape[0]):
        for j in range(len(b)):
            h[j] = b[j]
            for k in range(j + 1):
                h[j] += w[j, k] * x[i, k]
        top = h[0]
        for j in range(1, len(b)):
            top = max(top, h[j])
        s = 0.0
        for j in range(len(b)):
            s += math.exp(h[j] - top)
        total += math.log(s) + top
    return total


def rows(w, x):
    """Each iteration has a row of its own."""
    y = np.zeros((x.shape[0], len(w)))
    for i in range(x.shape[0]):
        for j in range(len(w)):
            for k in range(x.shape[1]):
                y[i, j] += w[j] * math.sin(x[i, k])
    return np.sum(y * y)


def closest(w, x):
    """An inner loop as long as the branch in it says, another for each iteration."""
    total = 0.0
    for i in range(x.shape[0]):
        best, at = math.inf, 0
        for j in range(w.shape[0]):
            d = 0.0
            for k in range(x.shape[1]):
                d += (x[i, k] - w[j, k]) ** 2
            if d < best:
                best, at = d, j
        for k in range(at + 1):
            best *= 1.0 + w[k, 0] * w[k, 0]
        total += best
    return total


def steps(w, x):
    """An inner while loop, which ends when it does."""
    total = 0.0
    for i in range(x.shape[0]):
        s = 0.1
        for j in range(x.shape[1]):
            s += w[j] * w[j] * x[i, j] * x[i, j]
        while s < 2.0:
            s = s * 1.5 + 0.1
        total += s
    return total


def made_inside(w, x):
    total = 0.0
    for i in range(x.shape[0]):
        h = np.zeros(len(w))
        for j in range(len(w)):
            h[j] = w[j] * x[i, j]
        s = 1.0
        for j in range(len(w)):
            s += h[j] * h[len(w) - 1 - j]
        total += s
    return total


def counted(w, x):
    """A count that is the same for all iterations, and one that is not."""
    total = 0.0
    for i in range(x.shape[0]):
        at, found = 0, 0
        s = 0.0
        for j in range(x.shape[1]):
            for k in range(j + 1):
                s += w[at % 3] * x[i, k]
                at += 2
                if x[i, k] > 0.0:
                    found += 1
        total += s * found
    return total


def rectified(w, x):
    """A branch whose values its reverse reads on a branch of its own."""
    total = 0.0
    for i in range(x.shape[0]):
        s = 0.1
        for j in range(len(w)):
            s += w[j] * x[i, j]
        if s > 0.0:
            t = math.sqrt(s)
            total += t * math.sin(t)
    return total


def skipping(w, x):
    total = 0.0
    for i in range(x.shape[0]):
        s = 0.1
        for j in range(len(w)):
            s += w[j] * x[i, j]
        if s > 1.0:
            continue
        for j in range(len(w)):
            total += s * w[j]
    return total


QUALIFY = [
    (network, (W, B, X)),
    (rows, (B, X)),
    (closest, (W, X)),
    (steps, (B, X)),
    (made_inside, (B, X)),
    (counted, (B, X)),
    (rectified, (B, X)),
    (skipping, (B, X)),
]


@pytest.mark.parametrize(("f", "arguments"), QUALIFY)
def test_these_do(f: Any, arguments: tuple[Any, ...]) -> None:
    assert code(grad(f, wrt=f.__code__.co_varnames[0]), *arguments)
    assert code(jvp(f, wrt="w"), arguments, arguments[0])


def carried(w, x):
    s = 0.5
    for i in range(x.shape[0]):
        for j in range(len(w)):
            s = math.sin(s + w[j] * x[i, j])
    return s


def scattered(w, x):
    """What one iteration stores another one reads."""
    y = np.zeros(x.shape[0] + 3)
    total = 0.0
    for i in range(x.shape[0]):
        for j in range(len(w)):
            y[i + j] = w[j] * x[i, j] + y[i]
        total += y[i]
    return total


def looked_into(w, x):
    """Scratch space whose last contents are read."""
    h = np.empty(len(w))
    total = 0.0
    for i in range(x.shape[0]):
        for j in range(len(w)):
            h[j] = w[j] * x[i, j]
        for j in range(len(w)):
            total += h[j] * h[j]
    return total * h[0]


def last_of(w, x):
    total, s = 0.0, 0.0
    for i in range(x.shape[0]):
        s = 0.0
        for j in range(len(w)):
            s += w[j] * x[i, j]
        total += s * s
    return total * s


def one_loop(w, x):
    total = 0.0
    for i in range(len(w)):
        total += w[i] * x[i, 0] * w[i]
    return total


def left_early(w, x):
    total = 0.0
    for i in range(x.shape[0]):
        s = 0.1
        for j in range(len(w)):
            s += w[j] * x[i, j]
        if s > 1.0:
            break
        total += s * s
    return total


@pytest.mark.parametrize("f", [left_early, carried, scattered, looked_into, last_of, one_loop])
def test_these_do_not(f: Any) -> None:
    assert not code(value_and_grad(f, wrt="w"), B, X)
    assert not code(jvp(f, wrt="w"), (B, X), B)


def in_order(w, x):
    """The total of the inner loops has an order, and would get another one."""
    total = 0.0
    for i in range(x.shape[0]):
        for j in range(len(w)):
            total += w[j] * w[j] * x[i, j]
    return total


def test_sums_of_the_user_keep_their_order() -> None:
    assert not code(value_and_grad(in_order, wrt="w"), B, X)
    assert code(grad(in_order, wrt="w"), B, X)  # which has no total
    x = np.random.default_rng(1).normal(size=(1001, 3)) * 10.0 ** np.arange(-8, 7, 5)
    assert value_and_grad(product, wrt="w")(B, x)[0] == product(B, x) == grad(product).primal(B, x)


# ---------------------------------------------------------------------------------------------- the numbers


@pytest.mark.parametrize(("f", "arguments"), [*QUALIFY, (product, (B, X))])
@pytest.mark.parametrize("layout", ["C", "F"])
def test_gradients(f: Any, arguments: tuple[Any, ...], layout: str) -> None:
    g = value_and_grad(f)
    for n in (0, 1, jam.LEAST - 1, jam.LEAST, jam.LEAST + 1, 3 * jam.LEAST + 2):
        x = np.asarray(np.random.default_rng(n).normal(size=(n, M)), order=layout)
        given = (*arguments[:-1], x)
        value, slopes = g(*given)
        wanted = oracle_grad(f, given)
        assert value == pytest.approx(wanted[0], rel=1e-13)
        for slope, exact in zip(slopes, wanted[1], strict=True):
            np.testing.assert_allclose(slope, exact, rtol=1e-10, atol=1e-12)


def test_nothing_is_left_in_what_is_given() -> None:
    before = W.copy(), B.copy(), X.copy()
    grad(network)(W, B, X)
    for now, then in zip((W, B, X), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_long_bodies_go_in_pairs_or_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    g = grad(product, wrt="w")
    size = sum(code(g, B, X).count(op) for op in (" = ", " += "))
    monkeypatch.setattr(jam, "STATEMENTS", size // 3)
    assert "range(0, rest, 2)" in code(grad(product, wrt="w"), B, X)
    monkeypatch.setattr(jam, "STATEMENTS", 5)
    assert not code(grad(product, wrt="w"), B, X)


# ---------------------------------------------------------------------------------------------- vectors


def in_vectors(g: Any, *arguments: Any) -> set[str]:
    """The lines of what is compiled, in vectors."""
    return {line.strip() for line in in_lanes(g._write(g._types(arguments)))[1].splitlines()}


def bumps(c, x):
    """Rows that are read again for each centre, one of them by a view; `a` is bound in loops that run apart too."""
    total = 0.0
    for i in range(x.shape[0]):
        closest, at = math.inf, 0
        for k in range(c.shape[0]):
            row, a = x[i], c[k]
            d = 0.0
            for j in range(c.shape[1]):
                d += (row[j] - a[j]) * (x[i, j] - a[j])
            total += math.exp(-d)
            if d < closest:
                closest, at = d, k
        for k in range(at + 1):
            a = c[k]
            for j in range(c.shape[1]):
                total += a[j] * x[i, j]
    return total


def test_rows_that_are_read_again_lie_side_by_side() -> None:
    lines = in_vectors(grad(bumps, wrt="c"), W, X)
    assert "x_row_1 = np.empty(lanes_wide(max(c.shape[1], 0), 4))" in lines
    assert any(line.startswith("lanes_put(x_row_1, (j_") and "x[i, j_" in line for line in lines)
    assert any(re.fullmatch(r"a\w+ = lanes_sub\(lanes_get\(x_row_1, \(j_\w+,\)\), a\w+\)", line) for line in lines)
    assert any(re.search(r"x_row_1\[j_\w+, 3\]", line) for line in lines)  # where iterations run apart


def parts_of_rows(c, x, n, more):
    """Of long rows two parts are read again, one of them up and down; another element now and then."""
    total = 0.0
    for i in range(x.shape[0]):
        s = 0.0
        for k in range(c.shape[0]):
            for j in range(n):
                s += x[i, j] * c[k, j]
            for j in range(n - 1, -1, -1):
                s += x[i, j] * x[i, j] * c[k, 0]
            for j in range(1, n + more):
                s += math.sin(x[i, j] * c[k, 1]) * x[i, k]
        total += s * s
    return total


def rows_and_a_turn(c, x):
    """The least so far, which one iteration after the other changes, and what follows from it."""
    least, total = 10.0, 0.0
    for i in range(x.shape[0]):
        s = 0.0
        for k in range(c.shape[0]):
            for j in range(c.shape[1]):
                s += x[i, j] * x[i, j] * c[k, j]
        if s < least:
            least = s * 0.9
        total += least * s
    return total + least


def test_rows_and_a_turn() -> None:
    x = np.random.default_rng(3).normal(size=(37, M))
    given = (W, x), (np.ones_like(W), np.ones_like(x))
    g = jvp(rows_and_a_turn)
    assert any("x_row" in line for line in in_vectors(g, *given))
    value, slope = g.interpreted(*given)  # beside what is compiled
    wanted, exact = oracle_grad(rows_and_a_turn, (W, x))
    assert value == pytest.approx(wanted, rel=1e-13)
    assert slope == pytest.approx(sum(e.sum() for e in exact), rel=1e-11)


def test_of_rows_what_is_read_again() -> None:
    x = np.random.default_rng(2).normal(size=(70, 9))
    lines = in_vectors(grad(parts_of_rows, wrt="c"), W, x, 2, 2)
    assert sum("np.empty(lanes_wide(max(n, 0), 4))" in line for line in lines) == 1
    assert sum("np.empty(lanes_wide(max(n + more, 0), 4))" in line for line in lines) == 1
    assert any(re.fullmatch(r"for j_\w+ in range\(1, min\(n \+ more, x.shape\[1\]\)\):", line) for line in lines)
    g = grad(parts_of_rows)
    for n, more in ((2, 2), (3, 6), (0, 0), (0, -5)):
        for found, exact in zip(g(W, x, n, more), oracle_grad(parts_of_rows, (W, x, n, more))[1], strict=False):
            np.testing.assert_allclose(found, exact, rtol=1e-11, atol=1e-12)
    none = np.empty((0, M))  # no centre: nothing of x is read, so that its rows may be shorter
    np.testing.assert_array_equal(g(none, x[:, :1], 5, 2)[1], np.zeros((70, 1)))


def test_sums_of_all_iterations_are_made_once() -> None:
    lines = in_vectors(grad(bumps, wrt="c"), W, X)
    assert any(re.fullmatch(r"a\w*_bar\w*\[j_\w+\] [+-]= lanes_total\(.*\)", line) for line in lines)


def test_lengths_of_scratch_space_are_alike() -> None:
    def lengths(w, x):
        h = np.empty(len(w))
        total = 0.0
        for i in range(x.shape[0]):
            for j in range(len(w)):
                h[j] = w[j] * x[i, j]
            s = 0.0
            for j in range(h.size):
                s += h[j] * h[len(h) - 1 - j]
            total += s * s
        return total

    told = code(grad(lengths, wrt="w"), B, X)
    assert sum(line.strip().startswith("for j") for line in told.splitlines()) == 8  # not once for each of four
    np.testing.assert_allclose(grad(lengths, wrt="w")(B, X), oracle_grad(lengths, (B, X))[1][0], rtol=1e-12)


def test_vectors_where_they_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "pays", PAYS)
    assert any("lanes_" in line for line in in_vectors(grad(bumps, wrt="c"), W, X))
    assert not any("lanes_" in line for line in in_vectors(grad(product, wrt="w"), B, X))  # every element in a place


def levels(c, x, k):
    total = 0.0
    for i in range(x.shape[0]):
        s = 0.0
        for m in range(c.shape[0]):
            for j in range(x.shape[1]):
                s += (x[i, j] - c[m, j]) ** 2
        total += s
    return total if k == 0 else total * 0.5 + levels(c, x, k - 1) * 0.1


def test_functions_that_allocate_nothing_do_not_begin_to() -> None:
    x = np.random.default_rng(1).normal(size=(70, M))
    g = jvp(levels, wrt="c")
    helper, *_ = g._write(g._types(((W, x, 2), W))).functions
    assert helper.bare and "range(0, rest, 4)" in helper.code and "np.empty" not in helper.code
    np.testing.assert_allclose(g((W, x, 2), W), g.interpreted((W, x, 2), W), rtol=1e-12)


def test_divisions_that_are_checked() -> None:
    def quotients(w, x):
        total = 0.0
        for i in range(x.shape[0]):
            s = 0.0
            for k in range(len(w)):
                for j in range(x.shape[1]):
                    s += w[k] / x[i, j]
            total += s * s
        return total

    x = np.ones((40, M))
    x[7, 1] = 0.0
    assert not np.isfinite(grad(quotients, wrt="w")(B, x)).any()
    with pytest.raises(ZeroDivisionError):
        grad(quotients, wrt="w", error_model="python")(B, x)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_bumps(kind: Any) -> None:
    c, x = W.astype(kind), np.random.default_rng(1).normal(size=(70, M)).astype(kind)
    g = grad(bumps, wrt="c")
    np.testing.assert_allclose(g(c, x), g.interpreted(c, x), rtol=1e-12 if kind is np.float64 else 1e-4, atol=1e-6)


# ---------------------------------------------------------------------------------------------- one after the other


def distance(a, b):
    s = 0.0
    for j in range(len(a)):
        s += (a[j] - b[j]) * (a[j] - b[j])
    return s


def nearest(x, w, b):
    """A branch that all iterations take in turn, with what is made of it, and loops over rows."""
    closest = math.inf
    second = math.inf
    at = 0
    for i in range(x.shape[0]):
        d = distance(x[i], b)
        if d < closest:
            second = closest
            closest = d
            at = i
        elif d < second:
            second = d
    return closest * w[at % M, 0] + second * w[0, 1]


def kept_on_a_branch(x, w, b):
    """What an earlier iteration bound is read where this one did not bind it."""
    total, t = 0.0, 0.5
    for i in range(x.shape[0]):
        s = 0.1
        for j in range(len(b)):
            s += b[j] * x[i, j]
        if s > 0.0:
            t = s
        if i > 2:
            total += t * t
    return total * w[0, 1]


def turns_that_are_read(x, w, b):
    """What one iteration leaves is read in another statement of the next one: no several at a time."""
    last = 1.0
    total = 0.0
    for i in range(x.shape[0]):
        s = 0.0
        for j in range(x.shape[1]):
            s += x[i, j] * b[j] * last
        last = math.tanh(s)
        total += last * w[i % M, 0]
    return total


def a_test_of_what_they_leave(x, w, b):
    """A branch that depends on what the iteration before left alone."""
    state = 0.3
    total = 0.0
    for i in range(x.shape[0]):
        s = 0.0
        for j in range(x.shape[1]):
            s += x[i, j] * b[j]
        total += s * s
        if state > 0.1:
            state = state * 0.7
        else:
            state = state + w[0, 0]
    return total * state


def test_iterations_that_take_turns() -> None:
    told = code(grad(nearest, wrt=("x", "w")), X, W, B)
    lines = [line.strip() for line in told.splitlines()]
    assert "for j in range(x.shape[1]):" in lines
    assert sum(line.startswith("taken = ") for line in lines) == 2  # in what is left alone, and in its reverse
    assert "for i in range(0, rest, 4):" in lines or "for i_1 in range(0, rest, 4):" in lines


@pytest.mark.parametrize("f", [nearest, kept_on_a_branch, turns_that_are_read, a_test_of_what_they_leave])
def test_turns(f: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jam, "LEAST", 4)
    for x in (X, -X, X[::-1].copy(), np.abs(X)):
        for wrt in ("x", "w", "b"):
            value, expected = oracle_grad(f, (x, W, B), (wrt,))
            got = value_and_grad(f, wrt=wrt)(x, W, B)
            assert got[0] == pytest.approx(value, rel=1e-13)
            np.testing.assert_allclose(got[1], expected, rtol=1e-11, atol=1e-13)
            tangent = jvp(f, wrt=wrt)((x, W, B), {"x": x, "w": W, "b": B}[wrt])[1]
            assert tangent == pytest.approx(float(np.sum(expected * {"x": x, "w": W, "b": B}[wrt])), rel=1e-10)
