"""Whole-array code as loops over scalars, so that the rules for scalars are all that is needed.

    %1 = v * v                        s = 0.0
    s = np.sum(%1)            ->      for i in 0:v.shape[0]:1:
                                          %2 = v[i]
                                          %3 = %2 * %2
                                          s = s + %3

An intermediate array that one statement of the same body reads, with no write in between to what it is made of, is
never made. Operands whose extents are not known to be equal are broadcast at run time, with NumPy's check. What may
overlap its target is computed before it is stored.
Needs: types of all names, no tuples, each array operation in a statement of its own (`steps`), no displays (`lists`,
`creations`). Guarantees: what is left on arrays are allocations, views, copies of references and single elements.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from numba.core import types

from srcad.analysis.alias import Aliases, input_of
from srcad.analysis.kinds import slice_type, view_type
from srcad.analysis.shapes import Changes, Shapes, whole_index
from srcad.build import Builder
from srcad.elements import Access, Elements, is_elementwise
from srcad.elements.products import PRODUCTS, product
from srcad.elements.reductions import REDUCTIONS, reduction
from srcad.errors import unsupported
from srcad.ir import (
    AXIS,
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    Field,
    Function,
    If,
    Invoke,
    Item,
    Slice,
    Stmt,
    Store,
    Var,
    bindings,
    is_atom,
    map_bodies,
    may_write,
    names,
    nodes,
    reads,
    walk,
    writes,
)
from srcad.rules import RULES
from srcad.syntax import INPLACE
from srcad.types import is_array, is_float


def scalarise(f: Function) -> Function:
    """`f` with loops over scalars for whole-array operations.

    Raises:
        SrcadError: an index or an operation that can't be written as such loops.
    """
    kept = frozenset(n for n, t in f.types.items() if is_array(t))
    kept -= {n for s in walk(f.body) if not isinstance(s, Assign) for n in writes(s)}
    while True:
        try:
            return _Scalariser(f, kept).function()
        except Changes as found:  # each round assumes less, so this ends
            kept -= {str(found)}


class _Scalariser:
    def __init__(self, f: Function, kept: frozenset[str]) -> None:
        self.f = f
        self.b = Builder(f)
        for s in walk(f.body):
            if isinstance(s, Assign) and isinstance(s.value, Apply) and is_elementwise(s.value.op):
                t = self.b.types[s.target]
                if is_array(t) and t.ndim == 0:  # np.where of scalars, as Numba types it
                    self.b.types[s.target] = t.dtype
        self.shapes = Shapes(f, self.b.types, kept)
        self.e = Elements(self.b, self.shapes)
        self.uses = Counter(n for s in walk(f.body) for e in reads(s) for n in names(e))
        self.uses.update(names(f.result))
        self.aliases = Aliases(f)
        self.views: dict[str, str] = {}  # a view made here -> the array it is of
        self.slices: dict[str, tuple[str, tuple[Expr, ...]]] = {}  # a view that stays the same -> of what
        taken = {s.target for s in f.body if isinstance(s, Assign) and input_of(s.value, f)}
        self.arguments = {*f.params, *taken}
        self.inputs = {self.aliases.of(n) for n in self.arguments} - {None}

    def function(self) -> Function:
        body = self.body(self.f.body)
        often = Counter(bindings(body))
        # where it starts and where it grows: nothing of the user's; an int has one sum in whatever order
        sums = {n for n in self.b.sums if often[n] == 2 and is_float(self.b.types[n])}
        return replace(self.f, body=body, types=self.b.types, sums=self.f.sums | sums)

    def body(self, body: Body) -> Body:
        old = self.b.block()
        equal, joint = dict(self.shapes.equal), dict(self.shapes.joint)
        for k, s in enumerate(body):
            self.b.at = s.at
            self.e.fresh()
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
                self.b.add(map_bodies(s, self.body))

    # ------------------------------------------------------------------ assignments

    def assign(self, s: Assign, rest: Body) -> None:
        target, value = s.target, s.value
        match value:
            case Apply(op, args) if op in RULES and RULES[op].own and any(map(self.e.is_array, args)):
                why = f"{op} is declared as a function of numbers, by partials, and is given an array here"
                raise unsupported(s.at, why, "a loop that calls it for each element")
            case Apply(op, (_, v)) if op in INPLACE:
                self._augmented(target, value, v, INPLACE[op])
            case Apply(op, (a, *_), keywords) if op in REDUCTIONS and self.e.is_array(a):
                reduction(self.e, target, op, a, dict(keywords).get("axis", Const(None)))
            case Apply("np.sum" | "np.prod" | "np.mean" | "np.max" | "np.min", (a,), ()) if is_float(self.b.kind(a)):
                self.b.assign(target, a)
            case Apply("max" | "min" | "sum" as op, (a,)) if not is_array(self.b.kind(a)):
                raise unsupported(s.at, f"{op} of one number has no value", f"{op} of an array, a list or a tuple")
            case Apply(op, (a, b)) if op in PRODUCTS:
                product(self.e, target, a, b)
            case Apply("np.where", (test, yes, no)) if not is_array(self.b.types[target]):
                self.b.branch(test, (Assign(target, yes, s.at),), (Assign(target, no, s.at),))
            case Apply(op, args) if is_elementwise(op) and is_array(self.b.types[target]):
                if self._deferrable(s, rest):
                    self.e.deferred[target] = value
                else:
                    self.make(target, value)
            case Apply(op, args) if is_elementwise(op):
                args = tuple(self.e.element(a, (), ()) for a in args)
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
            self.b.assign(target, self.e.scalar(op, (value.args[0], self.e.element(v, (), ()))))
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
        return isinstance(value.base, Var) and is_array(self.b.types.get(value.base.name))

    def view(self, target: str, value: Expr) -> None:
        made = Assign(target, value, self.b.at)
        self.b.add(made)
        self.shapes.note(made)
        once = all(self.shapes.definitions[n] <= 1 for n in (target, *names(value)))
        if once and isinstance(value, Item) and isinstance(value.base, Var):
            self.slices[target] = (value.base.name, value.index)

    # ------------------------------------------------------------------ what need not be made

    def _deferrable(self, s: Assign, rest: Body) -> bool:
        """Can the array `s` makes be computed where it is read, the only time it is?"""
        name = s.target
        if not name.startswith("%") or self.uses[name] != 1 or self.shapes.definitions[name] != 1:
            return False
        is_view = not isinstance(s.value, Apply)
        if is_view and self.e.access(s.value) is None:
            return False
        sources = set(self.e.sources(s.value))
        memory = set() if is_view else {self.aliases.of(n) for n in sources} - {None}
        for t in rest:
            if any(name in names(e) for e in reads(t)):
                return self._takes(t, name, is_view)
            if any(name in names(e) for u in walk((t,)) for e in reads(u)):
                return False
            if any(self._disturbs(u, sources, memory) for u in walk((t,))):
                return False
        return False

    def _disturbs(self, s: Stmt, sources: set[str], memory: set[str | None]) -> bool:
        """Does `s` write a name of `sources` or into their memory?"""
        match s:
            case Store(array):
                changed = {self.aliases.of(n) for n in names(array)}
            case Invoke():
                changed = {self.aliases.of(n) for a in may_write(s) for n in names(a)}
            case _:
                changed = set()
        both = changed & self.inputs and memory & self.inputs  # two arguments may be one array
        return bool(changed & memory or both or sources & set(writes(s)))

    def _takes(self, s: Stmt, name: str, is_view: bool) -> bool:
        """Does `s` read the elements of `name`, each of them once?"""
        ndim = self.b.types[name].ndim
        match s:
            case Assign(_, Apply(op, (Var(a), *_))) if op in REDUCTIONS:
                return a == name
            case Assign(target, Apply(op, args)) if op in INPLACE or is_elementwise(op):
                t = self.b.types[target]
                return is_array(t) and (is_view or t.ndim == ndim) and not (op in INPLACE and args[0] == Var(name))
            case Assign(_, Apply(op, (Var(a), Var(b)))) if op in PRODUCTS:
                # a product uses each element once of a matrix with a vector, and of two vectors
                once = self.b.types[b].ndim == 1 and (a == name or self.b.types[a].ndim == 1)
                return is_view or once
            case Assign(_, Item(Var(a), index)) | Store(Var(a), index) if a == name:
                return is_view and len(index) == ndim and not any(map(self._many, index))
            case Store(Var(array), index, Var(v)) if v == name and not any(name in names(i) for i in index):
                t = self.b.types[array]
                return is_array(t) and (is_view or sum(map(self._many, whole_index(index, t.ndim))) == ndim)
        return False

    def _many(self, part: Expr) -> bool:
        return isinstance(part, Slice) or part == AXIS or self.e.is_array(part)

    # ------------------------------------------------------------------ arrays that are made

    def make(self, target: str, value: Expr) -> None:
        """`target = value`: a new array, filled by loops."""
        dims = self.e.joint(value)
        name, dtype = self.e.free(target, value), self.b.types[target].dtype
        self.e.allocate(name, dims)
        columns = self.e.by_columns(*value.args) if isinstance(value, Apply) else False
        self.e.over(
            dims, lambda at: self.b.store(Var(name), at, self.e.compute(value, at, dims, dtype)), columns=columns
        )
        self.e.name(target, name, dims)

    # ------------------------------------------------------------------ stores

    def store(self, array: Expr, index: tuple[Expr, ...], value: Expr, op: str | None) -> None:
        assert isinstance(array, Var)
        t = self.b.types[array.name]
        if not is_array(t):
            if any(isinstance(i, Slice) for i in index):
                raise unsupported(self.b.at, "a slice of a list can't be assigned to", "a loop over its items")
            self.e.put(Item(array, index), value, op)
            return
        match index:
            case (Var(mask),) if self._is_mask(mask, t.ndim) and not self.e.is_array(value):
                self._masked(array, Var(mask), value, op)
                return
        index = tuple(p if isinstance(p, Slice) else self._plain(p) for p in whole_index(index, t.ndim))
        target = self.e.access(Item(array, index)) or self._viewed(array, index)
        if target.axes:
            self.region(target, value, op)
        else:
            self.e.put(target.at(()), value, op)

    def _is_mask(self, name: str, ndim: int) -> bool:
        t = self.b.types.get(name)
        return t is not None and is_array(t) and bool(t.dtype == types.boolean and t.ndim == ndim)

    def _masked(self, array: Var, mask: Var, value: Expr, op: str | None) -> None:
        """`array[mask] op= value`: one number into the elements where `mask` is true."""
        dims = self.shapes.of(array.name)
        for d, m in zip(dims, self.e.dims(mask), strict=True):
            if d.key != m.key:
                self.b.refuse(Apply("!=", (m.expr, d.expr)), "boolean index did not match indexed array")

        def store(at: tuple[Expr, ...]) -> None:
            test = self.e.element(mask, at, dims)
            old = self.b.block()
            self.e.put(Item(array, at), value, op)
            self.b.branch(test, self.b.taken(old))

        self.e.over(dims, store, columns=self.e.by_columns(array))

    def _plain(self, index: Expr) -> Expr:
        """`index`, in a name where a loop would look it up again and again."""
        return self.b.emit(index) if any(isinstance(n, Item) for n in nodes(index)) else index

    def _viewed(self, array: Var, index: tuple[Expr, ...]) -> Access:
        """The elements of the view `array[index]`, which gets a name."""
        view = self.b.new("%", view_type(self.b.types[array.name], tuple(map(slice_type, index))))
        self.views[view] = array.name
        self.view(view, Item(array, index))
        made = self.e.access(Var(view))
        assert made is not None
        return made

    def region(self, target: Access, value: Expr, op: str | None) -> None:
        """`target op= value` for all elements of `target`."""
        dims = self.e.extents(target)
        if self.e.is_array(value):
            if len(self.e.dims(value)) > len(dims):
                raise unsupported(self.b.at, "an array can't be assigned to one with fewer dimensions", "its row")
            if self._overlaps(target, value):
                value = self._copied(value)
            self.e.fit(value, dims)
        columns = self.e.by_columns(target, value)
        self.e.over(dims, lambda at: self.e.put(target.at(at), self.e.element(value, at, dims), op), columns=columns)

    def _overlaps(self, target: Access, value: Expr) -> bool:
        """May a store into `target` change an element of `value` that is read after it?

        Two arguments are the same array or apart: where they overlap in part, no copy of them keeps what they share.
        """
        own = self._memory(target.base)
        for leaf in self.e.leaves(value):
            memory = self._memory(leaf.base)
            if own is None or memory is None:
                continue
            aligned = (leaf.index, leaf.axes) == (target.index, target.axes)
            same = self._region(leaf.base) == self._region(target.base)
            if memory == own and not (same and (aligned or _apart(leaf.index, target.index))):
                return True
            if memory != own and {memory, own} <= self.inputs and not (aligned and self._alike(leaf.base, target.base)):
                return True
        return False

    def _alike(self, a: str, b: str) -> bool:
        """Are `a` and `b` two arguments, or the same slice of two arguments?"""
        (x, part), (y, other) = self._region(a), self._region(b)
        return part == other and {x, y} <= self.arguments

    def _memory(self, name: str) -> str | None:
        return self.aliases.of(self.views.get(name, name))

    def _region(self, name: str) -> tuple[str, tuple[Expr, ...]]:
        return self.slices.get(name, (name, ()))

    def _copied(self, value: Expr) -> Expr:
        """An array of its own with the elements of `value`."""
        assert isinstance(value, Var)
        made = self.e.deferred.pop(value.name, None)
        if isinstance(made, Apply):
            self.make(value.name, made)
            return value
        if made is not None:
            self.e.deferred[value.name] = made
        copy = self.b.new("%", self.b.types[value.name].copy(layout="C", readonly=False))
        self.make(copy, Apply(".copy", (value,)))
        return Var(copy)


def _apart(a: tuple[Expr | None, ...], b: tuple[Expr | None, ...]) -> bool:
    """Do two indices of one array, which count from its start, differ in some dimension?"""
    pairs = ((x.value, y.value) for x, y in zip(a, b, strict=True) if isinstance(x, Const) and isinstance(y, Const))
    return any(x != y and (x >= 0) == (y >= 0) for x, y in pairs)
