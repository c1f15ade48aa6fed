"""Whole-array code as loops over scalars, so that the rules for scalars are all that is needed.

    %1 = v * v                        s = 0.0
    s = np.sum(%1)            ->      for i in 0:v.shape[0]:1:
                                          %2 = v[i]
                                          %3 = %2 * %2
                                          s = s + %3

An intermediate array that one statement of the same body reads, with no write in between to what it is made of, is
never made. Operands whose extents are not known to be equal are broadcast at run time, with NumPy's check. What may
overlap its target is computed before it is stored.
Needs: types of all names, no tuples, each array operation in a statement of its own. Guarantees: what is left on
arrays are allocations, views, copies of references and single elements.
Not for: products, lists, and what makes arrays of given values, which have passes of their own before this one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import reduce

from numba.core import types

from srcad.analysis.alias import Aliases, input_of
from srcad.analysis.kinds import slice_type, view_type
from srcad.analysis.shapes import WHOLE, Dim, Shapes, whole_index
from srcad.build import Builder
from srcad.elements import Access, Elements, is_elementwise
from srcad.errors import unsupported
from srcad.ir import (
    FALSE,
    ONE,
    TRUE,
    ZERO,
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    Field,
    For,
    Function,
    If,
    Invoke,
    Item,
    Slice,
    Stmt,
    Store,
    Tuple,
    Var,
    bodies,
    is_atom,
    map_exprs,
    names,
    nodes,
    reads,
    walk,
    writes,
)
from srcad.syntax import INPLACE
from srcad.types import is_array

SUMS = frozenset({"np.sum", "np.prod", "np.mean", "sum"})
EXTREMES = {"np.max": ">", "np.argmax": ">", "max": ">", "np.min": "<", "np.argmin": "<", "min": "<"}
REDUCTIONS = SUMS | frozenset(EXTREMES) | {"np.any", "np.all"}
EMPTY = "zero-size array to reduction operation which has no identity"


def scalarise(f: Function) -> Function:
    """`f` with loops over scalars for whole-array operations.

    Raises:
        SrcadError: an index or an operation that can't be written as such loops.
    """
    return _Scalariser(f).function()


class _Scalariser:
    def __init__(self, f: Function) -> None:
        self.f = f
        self.b = Builder(f)
        for n, t in f.types.items():
            if is_array(t) and t.ndim == 0:
                if n in f.params:
                    raise unsupported(f.at, f"{n} is an array without dimensions", "a float")
                self.b.types[n] = t.dtype  # np.where of scalars, as Numba types it
        self.shapes = Shapes(f, self.b.types)
        self.e = Elements(self.b, self.shapes)
        self.uses = Counter(n for s in walk(f.body) for e in reads(s) for n in names(e))
        self.uses.update(names(f.result))
        self.aliases = Aliases(f)
        self.views: dict[str, str] = {}  # a view made here -> the array it is of
        self.slices: dict[str, tuple[str, tuple[Expr, ...]]] = {}  # a view that stays the same -> of what
        taken = {s.target for s in f.body if isinstance(s, Assign) and input_of(s.value, f)}
        self.inputs = {self.aliases.of(n) for n in (*f.params, *taken)} - {None}

    def function(self) -> Function:
        body = self.body(self.f.body)
        return replace(self.f, body=body, types=self.b.types)

    def body(self, body: Body) -> Body:
        old = self.b.block()
        equal, joint = dict(self.shapes.equal), dict(self.shapes.joint)
        for k, s in enumerate(body):
            self.b.at = s.at
            self.statement(s, body[k + 1 :])
        self.shapes.equal, self.shapes.joint = equal, joint
        return self.b.taken(old)

    def statement(self, s: Stmt, rest: Body) -> None:
        match s:
            case Assign():
                self.assign(s, rest)
            case Store(array, index, value, op):
                self.store(array, index, value, op)
            case If(test, then, orelse):
                self.b.add(replace(s, test=test, body=self.body(then), orelse=self.body(orelse)))
                self.shapes.learn(s)
            case _:
                self.b.add(replace(s, body=self.body(s.body)) if bodies(s) else s)  # type: ignore[union-attr, call-arg]

    # ------------------------------------------------------------------ assignments

    def assign(self, s: Assign, rest: Body) -> None:
        target, value = s.target, s.value
        match value:
            case Apply(op, (_, v)) if op in INPLACE:
                self._augmented(target, value, v, INPLACE[op])
            case Apply(op, (a, *_), keywords) if op in REDUCTIONS and self.e.is_array(a):
                self.reduce(target, op, a, dict(keywords))
            case Apply("np.where", (test, yes, no)) if not is_array(self.b.types[target]):
                ways = [(Assign(target, e, s.at),) for e in (yes, no)]
                self.b.add(If(test, *ways, at=s.at))
            case Apply(op, args) if is_elementwise(op) and is_array(self.b.types[target]):
                if self._deferrable(s, rest):
                    self.e.deferred[target] = value
                else:
                    self.make(target, value)
            case Apply(op, args) if is_elementwise(op):
                self.b.assign(target, self.e.scalar(op, args) if all(map(is_atom, args)) else value)
            case Item() | Field() if is_array(self.b.types.get(target)) and self._is_view(target, value):
                if self._deferrable(s, rest):
                    self.e.deferred[target] = value
                else:
                    self.view(target, value)
            case _:
                self.plain(s)

    def plain(self, s: Assign) -> None:
        """An assignment that stays, but for an element of a view that is never made."""
        value = s.value
        if isinstance(value, Item) and isinstance(value.base, Var) and value.base.name in self.e.deferred:
            read = self.e.access(value)
            assert read is not None
            value = read.at(())
        self.b.assign(s.target, value)
        self.shapes.note(s)

    def _augmented(self, target: str, value: Apply, v: Expr, op: str) -> None:
        if not is_array(self.b.types[target]):
            self.b.assign(target, self.e.scalar(op, value.args))
            return
        if value.args[0] != Var(target):
            self.b.assign(target, value.args[0])
        whole = self.e.access(Var(target))
        assert whole is not None
        self.region(whole, v, op)

    # ------------------------------------------------------------------ views

    def _is_view(self, target: str, value: Item | Field) -> bool:
        """Is `value` a view of an array by a basic index?"""
        if isinstance(value, Field):
            return value.name == "T"
        if not isinstance(value.base, Var) or not is_array(self.b.types.get(value.base.name)):
            return False
        self.basic(value.index)
        return True

    def basic(self, index: tuple[Expr, ...]) -> None:
        """Refuse an index that is more than ints and slices."""
        for part in index:
            if isinstance(part, Var) and is_array(self.b.types.get(part.name)):
                kind = "a mask" if self.b.types[part.name].dtype == types.boolean else "an array of indices"
                raise unsupported(self.b.at, f"an index by {kind} has no derivative here", "a loop over the elements")

    def view(self, target: str, value: Expr) -> None:
        """`target = value`, where `value` may be a view of a view that is never made."""
        read = self.e.access(value)
        if isinstance(value, Item) and read is not None and read.base not in (target,):
            index = tuple(WHOLE if i is None else i for i in read.index)
            if read.axes == tuple(sorted(read.axes)):
                value = Item(Var(read.base), index if any(isinstance(i, Slice) for i in value.index) else value.index)
                if read.base == value.base.name and not isinstance(value.base, Var):  # type: ignore[union-attr]
                    raise AssertionError
        made = Assign(target, value, self.b.at)
        self.b.add(made)
        self.shapes.note(made)
        if isinstance(value, Item) and self.shapes.stable(value, Var(target)) and isinstance(value.base, Var):
            self.slices[target] = (value.base.name, value.index)
