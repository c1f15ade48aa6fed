"""Indices written out: a part for every dimension, where `...` or a new axis leaves that to the number of dimensions.

    m[..., 0]        ->      m[:, 0]              of a matrix
    m[None, 0]       ->      m[None, 0, :]
    y[...] = 1.0     ->      y[:] = 1.0

Needs: types of all names. Guarantees: no index has `...`; one with a new axis has a part for each dimension, and one of
them is a slice: it is a view, longer than the array has dimensions, and never mistaken for an element.
"""

from __future__ import annotations

from dataclasses import replace

from numba.core import types

from srcad.analysis.kinds import kind
from srcad.analysis.shapes import WHOLE
from srcad.errors import Location, unsupported
from srcad.ir import AXIS, Body, Const, Expr, Function, Item, Slice, Store, map_bodies, map_exprs, transform
from srcad.types import is_array

ELLIPSIS = Const(...)


def axes(f: Function) -> Function:
    """`f` with such indices written out.

    Raises:
        SrcadError: an index that gives an array without dimensions, or that makes an array of a single element.
    """
    known = dict(f.types)

    def expr(e: Expr, at: Location) -> Expr:
        match e:
            case Item(base, index, shadow) if ELLIPSIS in index or AXIS in index:
                return Item(base, written_out(base, index, at), shadow)
        return e

    def written_out(base: Expr, index: tuple[Expr, ...], at: Location, stored: bool = False) -> tuple[Expr, ...]:
        t = kind(base, known)
        if not is_array(t):
            raise unsupported(at, "only an array takes an index with ... or None", "an array")
        missing = (WHOLE,) * (t.ndim - sum(p not in (ELLIPSIS, AXIS) for p in index))
        where = index.index(ELLIPSIS) if ELLIPSIS in index else len(index)
        whole = (*index[:where], *missing, *index[where + 1 :])
        picked = any(isinstance(p, Slice) or isinstance(kind(p, known), types.Array) for p in whole)
        if AXIS in whole and not picked:
            raise unsupported(at, "a new axis of a single element can't be read", "np.array([x[i]])")
        if not picked and not stored:
            raise unsupported(at, "... makes an array without dimensions here", "the index without ...")
        return whole

    def body(b: Body) -> Body:
        out = []
        for s in b:
            at = s.at
            if isinstance(s, Store) and (ELLIPSIS in s.index or AXIS in s.index):
                s = replace(s, index=written_out(s.array, s.index, at, stored=True))
            s = map_exprs(s, lambda e, at=at: transform(e, lambda x: expr(x, at)))  # type: ignore[misc]
            out.append(map_bodies(s, body))
        return tuple(out)

    result = None if f.result is None else transform(f.result, lambda x: expr(x, f.at))
    return replace(f, body=body(f.body), result=result)
