"""Lists: what is refused, and what to write instead. What is taken is in the corpus, `lists` and on."""

from __future__ import annotations

import numpy as np
import pytest

from srcad import SrcadError, grad, jvp

X = np.array([0.3, -0.7, 1.1, 0.6])


def grows(x):
    rows = [x[0]]
    s = 0.0
    for v in rows:
        rows.append(v * x[1])
        s += v
    return s


def _put(rows, v):
    if len(rows) < 5:
        rows.append(v)


def grows_by_another_name(x):
    rows = [x[0]]
    others = rows
    s = 0.0
    for k, v in enumerate(rows):
        _put(others, v * x[1])
        s += v * k
    return s


def grows_beside_another(x):
    rows = [x[0], x[1]]
    s = 0.0
    for w, v in zip(x, rows):
        _put(rows, v * w)
        s += v
    return s


def shrinks(x):
    rows = [x[0], x[1], x[2]]
    s = 0.0
    for v in rows:
        s += v * rows.pop()
    return s


@pytest.mark.parametrize("transform", [grad, jvp])
@pytest.mark.parametrize("f", [grows, grows_by_another_name, grows_beside_another, shrinks])
def test_a_loop_over_a_list_that_gets_longer_or_shorter(f, transform) -> None:
    with pytest.raises(SrcadError, match="gets longer or shorter while the loop runs over it") as error:
        transform(f).inspect(*((X,) if transform is grad else ((X,), (X,))))
    assert "for " in error.value.location.text
    assert error.value.instead == "a loop over lst.copy(), or a while loop with an index"


def lengthened(x):
    rows = [x[0], x[1]]
    s = 0.0
    for v in rows:
        s += v
        if len(rows) < 5:
            rows += [v * x[2]]
    return s


def changing_places(x):
    old, new = [x[0], x[1]], [x[2]]
    s = 0.0
    for k in range(3):
        for v in old:
            new.append(v * x[k])
            s += v
        old, new = new, old
    return s


def test_where_it_may_be_another_list_the_loop_looks() -> None:
    """What it is appended to is known to be another list when the loop runs."""
    with pytest.raises(RuntimeError, match="gets longer or shorter while the loop runs over it"):
        jvp(lengthened).interpreted((X,), X)
    step = 1e-6
    want = (changing_places(X + step * X) - changing_places(X - step * X)) / (2.0 * step)
    assert jvp(changing_places).interpreted((X,), X)[1] == pytest.approx(want, rel=1e-8)


def _pairs(x):
    return [(v, k) for k, v in enumerate(x)]


def added_to_an_item(x):
    pairs = _pairs(x)
    pairs[1:2] = [(x[0], 1)]
    return pairs[0][0]


@pytest.mark.parametrize(
    ("f", "reason"),
    [
        (added_to_an_item, "this assignment to items of a list of tuples can't be read"),
        (lambda x: [("a", x[0])][0][1], "a list of tuples can't be read that hold something else than numbers"),
        (lambda x: [(x[0], [(x[1], 1)])][0][0], "a list of tuples in a list of tuples can't be read"),
        (lambda x: len([() for v in x]) * x[0], "a list of empty tuples can't be read"),
        (lambda x: [(x[0], None), (x[1], 2)][0][0], "None and something else can't be items"),
        (lambda x: x[0] if _pairs(x) == _pairs(x) else x[1], "a comparison of a list of tuples can't be read"),
        (lambda x: x[0] if (x[0], 0) in _pairs(x) else x[1], "in of a list of tuples can't be read"),
        (lambda x: x[0] if [x[0]] == [x[1]] else x[1], "lists can't be compared here"),
        (lambda x: _repeated([x[0]], len(x)), "a list repeated in place so often can't be read"),
    ],
)
def test_refused(f, reason) -> None:
    with pytest.raises(SrcadError, match=reason):
        grad(f).inspect(X)


def _repeated(rows, n):
    rows *= n
    return rows[-1]
