"""Refusals that wait for types: a `raise NotImplementedError(reason, instead, "srcad")` of `parse/library.py`.

    if a.ndim != 1: raise NotImplementedError("np.diff of a matrix can't be read", "m[:, 1:] - m[:, :-1]", "srcad")
        of a vector       ->      nothing
        of a matrix       ->      the error, at the user's call

Needs: types of all names. Guarantees: none of these is left. A call that can't be read is refused in every branch, but
for those that numbers of dimensions rule out.
"""

from __future__ import annotations

from dataclasses import replace

from srcad.algebra import simplify
from srcad.analysis.kinds import kind
from srcad.errors import unsupported
from srcad.ir import Apply, Body, Const, Expr, Field, Function, If, Raise, Stmt, map_bodies, transform
from srcad.parse.library import refused
from srcad.types import is_array, is_tuple


def readable(f: Function) -> Function:
    """`f` without such checks that types decide.

    Raises:
        SrcadError: a call of a function that is not read for arguments of these types.
    """

    def dimensions(e: Expr) -> Expr:
        match e:
            case Field(of, "ndim") if is_array(t := kind(of, f.types)):
                return Const(t.ndim)
            case Apply("len", (of,)) if is_tuple(t := kind(of, f.types)):
                return Const(len(t))
        return e

    def body(b: Body, reached: bool = True) -> Body:
        out: list[Stmt] = []
        for s in b:
            match s:
                case Raise() if (why := refused(s)) is not None:
                    if reached:
                        raise unsupported(s.at, *why)
                case If(test, then, orelse):
                    test = simplify(transform(test, dimensions))
                    way = bool(test.value) if isinstance(test, Const) else None
                    yes, no = body(then, reached and way is not False), body(orelse, reached and way is not True)
                    if yes or no or not then:
                        out.append(replace(s, body=yes, orelse=no))
                case _:
                    out.append(map_bodies(s, lambda inner: body(inner, reached)))
        return tuple(out)

    return replace(f, body=body(f.body))
