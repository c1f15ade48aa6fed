"""What can't be understood counts as active: it is refused where it matters, and never a silent zero."""

import numpy as np
import pytest
from numba import types

from srcad import grad, jvp, pipeline
from srcad.analysis.activity import Activity, differentiated
from srcad.analysis.alias import Aliases
from srcad.errors import SrcadError
from srcad.ir import Apply, Array, Assign, Const, Field, Function, Item, Select, Slice, Tuple, Var

X, N = Var("x"), Var("n")
V = np.array([0.3, -0.2, 0.9])
SHAPE = types.Array(types.float64, 1, "C")


def joined(x):
    y = np.concatenate((x, x * x))
    return y[0] * y[4]


def appended(x):
    y = np.append(x, x[0] * x[1])
    return y[3] * y[0]


def scanned(x):
    return np.cumsum(x)[2] * x[0]


@pytest.mark.parametrize("f", [joined, appended, scanned], ids=lambda f: f.__name__)
@pytest.mark.parametrize("transform", [grad, jvp])
def test_an_operation_that_no_pass_wrote_as_loops_is_refused(f, transform, monkeypatch):
    monkeypatch.setattr(pipeline, "assemble", lambda g: g)
    with pytest.raises(SrcadError, match=r"no derivative|can't be read"):
        made = transform(f)
        made.inspect(V) if transform is grad else made.inspect((V,), (V,))


@pytest.mark.parametrize(
    "e",
    [
        X, Tuple((X,)), Tuple((N, Tuple((X,)))), Array((X,)), Array((Array((X,)),)), Item(X, (N,)), Field(X, "T"),
        Item(Field(X, "T"), (N,)), Select(N, X, Const(0.0)), Select(N, Const(0.0), X), Item(Tuple((X,)), (N,)),
        Apply("unheard", (X,)), Apply("unheard", (Tuple((N, X)),)), Apply("unheard", (N,), (("to", X),)),
        Apply("unheard", (Apply("unheard", (X,)),)), Apply("unheard", (Slice(X, None, None),)), Apply("+", (N, X)),
        Apply("np.full", (N, X)), Apply("unheard", (Select(N, X, N),)), Slice(None, X, None),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_known_to_be_inactive_is_active(e):
    assert "x" in set(differentiated(e))


def test_shapes_and_comparisons_are_inactive():
    shape = Item(Field(X, "shape"), (Const(0),))
    for e in (Apply("<", (X, Const(0.0))), Apply("len", (X,)), Field(X, "size"), Apply("np.full", (X, N))):
        assert "x" not in set(differentiated(e))
    assert "x" not in set(differentiated(Apply("np.zeros", (shape,))))


def test_a_tuple_with_a_derivative_is_refused():
    pair = types.UniTuple(SHAPE, 2)
    kinds = {"x": SHAPE, "t": pair, "y": SHAPE, "out": types.float64}
    body = (
        Assign("t@1", Tuple((Var("x@0"), Var("x@0")))),
        Assign("y@1", Apply("unheard", (Var("t@1"),))),
        Assign("out@1", Item(Var("y@1"), (Const(0),))),
    )
    f = Function("f", ("x",), body, Var("out@1"), types=kinds)
    with pytest.raises(SrcadError, match="this tuple has no derivative"):
        Activity(f, Aliases(f), ["x@0"], ["out@1"])
    assert Activity(f, Aliases(f), ["x@0"], []).active == set()
