"""Array expressions as their elements: what stands at `[i, j]` of `v * w + 1.0`, and over which i and j.

    %1 = v * w                       for i in 0:v.shape[0]:1:
    y = %1 + 1.0          ->             %3 = v[i];  %4 = w[i];  %5 = %3 * %4
                                         %6 = %5 + 1.0;  y[i] = %6

A deferred array (`%1` here) is never made: its elements are computed where they are read. An element that two
operands share is loaded once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from numba.core import types

from srcad.analysis.kinds import rule_name
from srcad.analysis.shapes import WHOLE, Dim, Shapes, whole_index
from srcad.build import Builder, dtype_name
from srcad.ir import (
    AXIS,
    ONE,
    ZERO,
    Apply,
    Body,
    Const,
    Expr,
    Field,
    For,
    Item,
    Select,
    Slice,
    Tuple,
    Var,
    names,
)
from srcad.syntax import COMPARISONS
from srcad.types import Type, is_reference

LETTERS = "ijklpqr"
BITWISE = frozenset({"&", "|", "^", "<<", ">>", "~"})
NOT_ELEMENTWISE = frozenset({"max", "min", "float", "int", "bool", "in", "not in", "is", "is not"})
SHAPES_DIFFER = "operands could not be broadcast together"


def is_elementwise(op: str) -> bool:
    """Does `op`, given arrays, act on each element by itself?"""
    if op in NOT_ELEMENTWISE:
        return False
    if op in COMPARISONS or op in BITWISE or op in (".copy", "np.copy", "np.array"):
        return True
    return rule_name(op) is not None


@dataclass(frozen=True)
class Access:
    """Elements of the array `base`: its index, with None where dimension k of what is accessed goes (`axes[k]`).

    A new axis goes nowhere: it is None itself.
    """

    base: str
    index: tuple[Expr | None, ...]
    axes: tuple[int | None, ...]

    def at(self, where: tuple[Expr, ...]) -> Item:
        """The element at `where`."""
        index = list(self.index)
        for axis, i in zip(self.axes, where, strict=True):
            if axis is not None:
                index[axis] = i
        return Item(Var(self.base), tuple(i for i in index if i is not None))


class Elements:
    """Writes the elements of array expressions into the builder's body."""

    def __init__(self, b: Builder, shapes: Shapes) -> None:
        self.b, self.shapes = b, shapes
        self.deferred: dict[str, Expr] = {}
        self._dims: dict[str, tuple[Dim, ...]] = {}
        self._loaded: dict[Expr, Expr] = {}
        self._indices: list[str] = []
        self._depth = 0

    def fresh(self) -> None:
        """Forget the elements that are loaded: another statement follows."""
        self._loaded = {}

    # ------------------------------------------------------------------ operands

    def is_array(self, e: Expr) -> bool:
        """Does `e` have elements: an array, or a list of numbers?"""
        if not isinstance(e, Var):
            return False
        t = self.b.types.get(e.name)
        assert t is not None or "." in e.name, f"no type is known for the global {e.name}"
        return is_reference(t)

    def dtype(self, e: Expr) -> Type:
        """The type of the elements of the array `e`."""
        assert isinstance(e, Var)
        return self.b.types[e.name].dtype

    def access(self, e: Expr) -> Access | None:
        """How the elements of the array `e` are read, if they are in memory."""
        match e:
            case Var(name) if name in self.deferred:
                value = self.deferred[name]
                return None if isinstance(value, Apply) else self.access(value)
            case Var(name):
                ndim = getattr(self.b.types[name], "ndim", 1)
                return Access(name, (None,) * ndim, tuple(range(ndim)))
            case Field(base, "T") if (of := self.access(base)) is not None:
                return Access(of.base, of.index, of.axes[::-1])
            case Item(base, index) if (of := self.access(base)) is not None:
                return self._part(of, whole_index(index, len(of.axes)))
        return None

    def _part(self, of: Access, parts: tuple[Expr, ...]) -> Access | None:
        index, axes, own = list(of.index), [], iter(of.axes)
        for part in parts:
            axis = None if part == AXIS else next(own)
            if part in (AXIS, WHOLE):
                axes.append(axis)
            elif isinstance(part, Slice):
                return None
            elif axis is not None:
                index[axis] = part
        return Access(of.base, tuple(index), tuple(axes))

    def leaves(self, e: Expr) -> Iterator[Access]:
        """The arrays in memory that the elements of `e` are computed from."""
        if not self.is_array(e):
            return
        read = self.access(e)
        if read is not None:
            yield read
            return
        value = self.deferred[e.name]  # type: ignore[union-attr]
        for a in value.args:  # type: ignore[union-attr]
            yield from self.leaves(a)

    def sources(self, e: Expr) -> Iterator[str]:
        """The names that the elements of `e` are computed from."""
        for n in names(e):
            yield n
            if n in self.deferred:
                yield from self.sources(self.deferred[n])

    # ------------------------------------------------------------------ extents

    def extents(self, a: Access) -> tuple[Dim, ...]:
        """The extents of the elements `a`."""
        known = self.shapes.of(a.base)
        return tuple(Dim(ONE, ONE) if axis is None else known[axis] for axis in a.axes)

    def dims(self, e: Expr) -> tuple[Dim, ...]:
        """The extents of `e`; where operands may have to be broadcast, their check is written."""
        if not self.is_array(e):
            return ()
        read = self.access(e)
        if read is not None:
            return self.extents(read)
        assert isinstance(e, Var)
        if e.name not in self._dims:
            self._dims[e.name] = self.joint(self.deferred[e.name])
        return self._dims[e.name]

    def joint(self, value: Expr) -> tuple[Dim, ...]:
        """The extents of the elementwise `value`."""
        assert isinstance(value, Apply)
        operands = [self.dims(a) for a in value.args]
        rank = max(len(d) for d in operands)
        columns = ([d[k - rank + len(d)] for d in operands if rank - len(d) <= k] for k in range(rank))
        return tuple(map(self._broadcast, columns))

    def _broadcast(self, dims: list[Dim]) -> Dim:
        by_key: dict[Expr, Dim] = {}
        for d in dims:
            for p in d.of or (d,):
                by_key.setdefault(p.key, p)
        by_key.pop(ONE, None)
        different = list(by_key.values())
        if not different:
            return Dim(ONE, ONE)
        if len(different) == 1:
            return different[0]
        keys = frozenset(d.key for d in different)
        if keys in self.shapes.joint:
            return self.shapes.joint[keys]
        n = Var(self.b.new("n", types.intp))
        self.b.assign(n.name, self._chain(different))
        joint = Dim(n, n, tuple(different))
        for d in different[1:]:
            self.check(d, joint)
        if self.shapes.stable(*keys):
            self.shapes.joint[keys] = joint
        return joint

    def _chain(self, dims: list[Dim]) -> Expr:
        """The first of `dims` that is not one, or the last."""
        *rest, n = [d.expr for d in dims]
        for d in reversed(rest):
            n = Select(Apply("!=", (d, ONE)), d, n)
        return n

    def check(self, d: Dim, into: Dim) -> None:
        """Write the check that the extent `d` can be broadcast into `into`, unless it is known to be."""
        if d.key in (into.key, ONE):
            return
        wrong = Apply("!=", (d.expr, into.expr))
        if not isinstance(d.key, Const):
            wrong = Apply("and", (wrong, Apply("!=", (d.expr, ONE))))
        self.b.refuse(wrong, SHAPES_DIFFER)

    def fit(self, e: Expr, into: tuple[Dim, ...]) -> None:
        """Write the check that `e` can be assigned to a region with the extents `into`."""
        own = self.dims(e)
        for d, whole in zip(own, into[len(into) - len(own) :], strict=True):
            self.check(d, whole)

    # ------------------------------------------------------------------ elements

    def element(self, e: Expr, where: tuple[Expr, ...], into: tuple[Dim, ...]) -> Expr:
        """An atom that holds the element of `e` at `where`, an index into the extents `into`."""
        if not self.is_array(e):
            return e
        dims = self.dims(e)
        skipped = len(into) - len(dims)
        where = tuple(self._along(d, o, i) for d, o, i in zip(dims, into[skipped:], where[skipped:], strict=True))
        read = self.access(e)
        if read is not None:
            return self.load(read.at(where))
        assert isinstance(e, Var)
        return self.compute(self.deferred[e.name], where, dims, self.dtype(e))

    def _along(self, d: Dim, into: Dim, i: Expr) -> Expr:
        if d.key == into.key or (isinstance(d.key, Const) and d.key != ONE):
            return i
        return ZERO if d.key == ONE else Select(Apply("==", (d.expr, ONE)), ZERO, i)

    def load(self, item: Item) -> Expr:
        if item not in self._loaded:
            self._loaded[item] = self.b.emit(item)
        return self._loaded[item]

    def compute(self, value: Expr, where: tuple[Expr, ...], dims: tuple[Dim, ...], dtype: Type) -> Expr:
        """An atom that holds the elementwise `value` at `where`."""
        assert isinstance(value, Apply)
        match value:
            case Apply(".copy" | "np.copy" | "np.array", (a,)):
                return self.element(a, where, dims)
            case Apply("np.where", (test, yes, no)):
                return self._where(test, (yes, no), where, dims, dtype)
            case Apply(op, args):
                made = self.scalar(op, tuple(self.element(a, where, dims) for a in args))
        if isinstance(dtype, types.Float) and self.b.kind(made) != dtype:
            made = Apply(f"np.{dtype}", (self.b.emit(made),))
        return self.b.emit(made)

    def scalar(self, op: str, args: tuple[Expr, ...]) -> Expr:
        """`op` of atoms, under the name of its rule where that says the same."""
        if op == "np.clip":
            a, low, high = args
            bounded = a if low == Const(None) else self.b.emit(self.scalar("np.maximum", (a, low)))
            return bounded if high == Const(None) else self.scalar("np.minimum", (bounded, high))
        if op == "~" and self.b.kind(args[0]) == types.boolean:
            return Apply("not", args)  # Python's ~True is -2, which is as true as True
        floats = any(isinstance(self.b.kind(a), types.Float) for a in args)
        return Apply((rule_name(op) if floats else None) or op, args)

    def _where(
        self, test: Expr, ways: tuple[Expr, Expr], where: tuple[Expr, ...], dims: tuple[Dim, ...], dtype: Type
    ) -> Expr:
        """A branch, so that the way not taken is not computed."""
        condition = self.condition(test, where, dims)
        target = self.b.new("%", dtype)
        then, orelse = (self._way(target, e, where, dims) for e in ways)
        self.b.branch(condition, then, orelse)
        return Var(target)

    def _way(self, target: str, e: Expr, where: tuple[Expr, ...], dims: tuple[Dim, ...]) -> Body:
        old, loaded = self.b.block(), dict(self._loaded)
        self.assign(target, self.element(e, where, dims))
        self._loaded = loaded
        return self.b.taken(old)

    def condition(self, e: Expr, where: tuple[Expr, ...], into: tuple[Dim, ...]) -> Expr:
        """The element of `e`, as a test: a comparison stays whole."""
        value = self.deferred.get(e.name) if isinstance(e, Var) else None
        if isinstance(value, Apply) and value.op in COMPARISONS:
            return Apply(value.op, tuple(self.element(a, where, into) for a in value.args))
        return self.element(e, where, into)

    # ------------------------------------------------------------------ arrays that are made

    def assign(self, target: str, value: Expr) -> None:
        """`target = value`, by giving the last intermediate the name `target`, if it is `value`."""
        if self.b.give(target, value):
            self._loaded = {item: v for item, v in self._loaded.items() if v != value}

    def free(self, target: str, *read: Expr) -> str:
        """A name for the array that `target` is to be: `target`, unless the elements of `read` are made of it."""
        if target not in {n for e in read for n in self.sources(e)}:
            return target
        t = self.b.types[target]
        return self.b.new(target, t.copy(layout="F" if t.layout == "F" else "C", readonly=False))

    def name(self, target: str, made: str, dims: tuple[Dim, ...]) -> None:
        """`target` is the array `made`, of the extents `dims`."""
        if made != target:
            self.b.assign(target, Var(made))
        self.shapes.put(target, dims)

    def allocate(self, name: str, dims: tuple[Dim, ...], fill: str = "empty") -> None:
        """Write the allocation of `name`, of the layout and dtype that it has."""
        t = self.b.types[name]
        dtype = () if t.dtype == types.float64 else (("dtype", Var(f"np.{dtype_name(t.dtype)}")),)
        like = self._like(dims)
        if like is not None and t.layout == "C" and self.b.types[like].copy(readonly=False) == t:
            self.b.assign(name, Apply(f"np.{fill}_like", (Var(like),)))
            return
        extents = [d.expr for d in dims]
        if t.layout == "F" and t.ndim > 1:
            turned = self.b.new("%", t.copy(layout="C"))
            self.b.assign(turned, Apply(f"np.{fill}", (Tuple(tuple(extents[::-1])),), dtype))
            self.b.assign(name, Field(Var(turned), "T"))
            return
        shape = extents[0] if len(extents) == 1 else Tuple(tuple(extents))
        self.b.assign(name, Apply(f"np.{fill}", (shape,), dtype))

    def _like(self, dims: tuple[Dim, ...]) -> str | None:
        """The array whose extents `dims` are, if they are written so."""
        match dims[0].expr if dims else None:
            case Item(Field(Var(name), "shape"), _):
                shape = tuple(Item(Field(Var(name), "shape"), (Const(k),)) for k in range(self.b.types[name].ndim))
                return name if shape == tuple(d.expr for d in dims) else None
        return None

    def put(self, item: Item, value: Expr, op: str | None) -> None:
        """`item op= value` of one element."""
        if op not in (None, "+", "-"):
            value = self.b.emit(self.scalar(op, (self.b.emit(item), value)))
            op = None
        self.b.store(item.base, item.index, value, op)

    # ------------------------------------------------------------------ loops

    def index(self, depth: int) -> str:
        """The name of the loop index at `depth`, the same for all loops."""
        while len(self._indices) <= depth:
            free = (c for c in LETTERS if c not in self.b.types and c not in self._indices)
            self._indices.append(self.b.new(next(free, "i"), types.intp))
        return self._indices[depth]

    def by_columns(self, *read: Expr | Access) -> bool:
        """Do the elements of all matrices among `read` lie column by column?"""
        found = {self._columns(a) for r in read for a in ((r,) if isinstance(r, Access) else self.leaves(r))} - {None}
        return found == {True}

    def _columns(self, a: Access) -> bool | None:
        axes = [axis for axis in a.axes if axis is not None]
        if len(axes) < 2:
            return None
        return axes == sorted(axes, reverse=self.b.types[a.base].layout != "F")

    def over(
        self,
        dims: tuple[Dim, ...],
        write: Callable[[tuple[Expr, ...]], None],
        start: Expr = ZERO,
        columns: bool = False,
    ) -> None:
        """Loops over all of `dims`, the last one innermost (`columns`: the first), around what `write` writes."""
        where: list[Expr] = []
        loops: list[tuple[str, Dim]] = []
        for d in dims:
            if d.key == ONE:
                where.append(ZERO)
                continue
            loops.append((self.index(self._depth), d))
            where.append(Var(loops[-1][0]))
            self._depth += 1
        self._depth -= len(loops)
        old, loaded = self.b.block(), self._loaded
        self._loaded = {}
        self._depth += len(loops)
        write(tuple(where))
        self._depth -= len(loops)
        self._loaded = loaded
        body = self.b.taken(old)
        for name, d in loops if columns else reversed(loops):
            body = (For(name, start, d.expr, ONE, body, at=self.b.at),)
        for s in body:
            self.b.add(s)
