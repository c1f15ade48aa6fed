"""Lists of arrays and of lists: what reverse mode refuses. What it takes is in the corpus, `array_lists` and on."""

from __future__ import annotations

import numpy as np
import pytest

from srcad import SrcadError, grad, jvp

X = np.array([0.3, -0.7, 1.1, 0.6])


def lists_of_numbers(x):
    table = []
    for i in range(len(x)):
        row = []
        for j in range(i + 1):
            row.append(x[j] * x[i])
        table.append(row)
    s = 0.0
    for row in table:
        s += row[0] * row[len(row) - 1]
    return s


def test_forward_mode_takes_lists_of_lists() -> None:
    found, tangent = jvp(lists_of_numbers)((X,), np.ones(4))
    assert found == pytest.approx(lists_of_numbers(X), rel=1e-13)
    assert tangent == pytest.approx(sum(X**3 + 3.0 * X[0] * X**2), rel=1e-12)


def test_reverse_mode_says_what_to_write() -> None:
    with pytest.raises(SrcadError, match="'row' may be one of several lists"):
        grad(lists_of_numbers)(X)


def _summed(rest, s, n):
    if n == 0:
        return s
    rest.append(s * n)
    return _summed(rest, s + rest[0], n - 1)


def looked_into(x):
    return _summed([x], x, 3)


def test_numbers_shared_with_a_recursive_function_are_only_put_on_and_taken_off() -> None:
    with pytest.raises(SrcadError, match=r"a list that _summed shares with a function that calls itself, and reads"):
        grad(looked_into)(0.5)


def _pushed(x, n, kept):
    if n == 0:
        return x
    kept.append(x)
    return _pushed(x * 0.5, n - 1, kept) * kept.pop()


def left_after_its_use(x):
    s = x
    for n in range(4):
        kept = [s]
        s += _pushed(s, n, kept)
        if s > 5.0:
            break
        s = s * 1.1
    return s


def left_while_in_use(x):
    s = x
    for n in range(4):
        kept = [s]
        if s > 5.0:
            break
        s += _pushed(s, n, kept)
    return s


def test_a_loop_that_is_left() -> None:
    """How many numbers are left in a list that is shared has to be known."""
    want = jvp(left_after_its_use).interpreted((1.3,), 1.0)[1]
    assert grad(left_after_its_use).interpreted(1.3) == pytest.approx(want, rel=1e-12)
    with pytest.raises(SrcadError, match="the loop is left while 'kept' is in use"):
        grad(left_while_in_use)(1.3)
