"""Refusals that wait for types: a `raise NotImplementedError(reason, instead, "srcad")` of `parse/library.py`.

    if a.ndim != 1: raise NotImplementedError("np.diff of a matrix can't be read", "m[:, 1:] - m[:, :-1]", "srcad")
        of a vector       ->      nothing
        of a matrix       ->      the error, at the user's call

Needs: types of all names. A call that can't be read is refused in every branch, but for those that numbers of dimensions
rule out.
"""

from __future__ import annotations

from srcad.algebra import simplify
from srcad.analysis.kinds import kind
from srcad.errors import unsupported
from srcad.ir import Apply, Body, Const, Expr, Field, For, Function, If, Raise, While, transform
from srcad.types import is_array


def readable(f: Function) -> Function:
    """`f` itself.

    Raises:
        SrcadError: a call of a function that is not read for arguments of these types.
    """

    def dimensions(e: Expr) -> Expr:
        match e:
            case Field(of, "ndim") if is_array(t := kind(of, f.types)):
                return Const(t.ndim)
        return e

    def look(body: Body) -> None:
        for s in body:
            match s:
                case Raise(Apply("NotImplementedError", (Const(str(reason)), Const(str(instead)), Const("srcad")))):
                    raise unsupported(s.at, reason, instead)
                case If(test, then, orelse):
                    test = simplify(transform(test, dimensions))
                    for way, b in ((True, then), (False, orelse)):
                        if not isinstance(test, Const) or bool(test.value) == way:
                            look(b)
                case For() | While():
                    look(s.body)

    look(f.body)
    return f
