"""Arrays put together from the elements of others, as an allocation and loops that copy.

    y = np.concatenate((a, b))    ->    %1 = a.shape[0];  %2 = b.shape[0];  %3 = %1 + %2
                                        y = np.empty(%3)
                                        for i in 0:%1:1:  %4 = a[i];  y[i] = %4
                                        for i in 0:%2:1:  %5 = b[i];  y[%1 + i] = %5
    m = np.vstack((a, b))         ->    m = np.empty((2, n));  ...  m[0, i] = %4;  ...  m[1, i] = %5
    x[order] = a                  ->    %5 = a.copy();  for i in 0:n:1:  %6 = order[i];  %7 = %5[i];  x[%6] = %7
    d = np.diag(M)                ->    d = np.empty(n);  for i in 0:n:1:  d[i] = M[i, i]
    z = x.astype(np.float32)      ->    z = np.float32(x)

Needs: types of all names, each array operation in a statement of its own, items of tuples that are atoms.
Guarantees: none of these functions is left. The element types are those that Numba gives to the results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from numba.core import types

from srcad.build import Builder
from srcad.errors import unsupported
from srcad.ir import (
    ONE,
    ZERO,
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    Field,
    Function,
    Item,
    Store,
    Tuple,
    Var,
    map_bodies,
    names,
    reads,
    walk,
    writes,
)
from srcad.rules import RULES
from srcad.rules.arrays import ASSEMBLE
from srcad.types import is_array

JOINED = frozenset({"np.concatenate", "np.hstack", "np.append", "np.vstack", "np.column_stack", "np.stack"})
LIFTED = frozenset({"np.vstack", "np.column_stack", "np.stack"})  # what has a dimension less is one step on the axis
SCANS = {"np.cumsum": "+", "np.cumprod": "*"}
LENGTHS = "all the input array dimensions except for the concatenation axis must match exactly"
Where = tuple[Expr, ...]


def assemble(f: Function) -> Function:
    """`f` with loops for what puts arrays together.

    Raises:
        SrcadError: an axis, a number of dimensions or a dtype for which there is no such loop.
    """
    return _Assemble(f).function()


class _Assemble:
    def __init__(self, f: Function) -> None:
        self.f, self.b = f, Builder(f)
        self.read: frozenset[str] = frozenset()  # the names that the present statement reads
        self.indices: list[str] = []
        self.definitions = Counter(n for s in walk(f.body) for n in writes(s))
        self.picked: set[str] = set()  # new arrays with one definition

    def function(self) -> Function:
        return replace(self.f, body=self.body(self.f.body), types=self.b.types)

    def body(self, body: Body) -> Body:
        old = self.b.block()
        for s in body:
            self.b.at = s.at
            self.read = frozenset(n for e in reads(s) for n in names(e))
            match s:
                case Assign(target, Apply(op, (Tuple(parts, _), *axis))) if op in JOINED:
                    self._joined(target, op, parts, tuple(axis))
                case Assign(target, Apply("np.append" as op, (a, v))):
                    self._joined(target, op, (a, v), ())
                case Assign(target, Apply("np.diag", (Var(x),))):
                    self._diagonal(target, Var(x))
                case Assign(target, Apply(op, (Var(x),))) if op in SCANS:
                    self._scan(target, SCANS[op], Var(x))
                case Assign(target, Apply(".astype", (x, Var(dtype)))):
                    self._converted(target, x, dtype)
                case Assign(target, Item(Var(x), (Var(index),))) if self._picks(x, index):
                    pick = self._masked if self.b.types[index].dtype == types.boolean else self._gathered
                    pick(target, Var(x), Var(index))
                case Store(Var(x), (Var(mask),), Var(v), op) if self._masks(x, mask) and is_array(self.b.kind(Var(v))):
                    self._spread(x, mask, v, op)
                case Store(Var(x), (Var(index),), v, op) if self._picks(x, index) and not self._masks(x, index):
                    self._scattered(Var(x), Var(index), v, op)
                case Assign(_, Apply(op)) if op in ASSEMBLE or op == ".astype":
                    raise unsupported(s.at, f"{op.lstrip('.')} of this can't be read", "a loop over the elements")
                case _:
                    self.b.add(map_bodies(s, self.body))
        return self.b.taken(old)

    def _extent(self, x: str, k: int) -> Expr:
        return self.b.emit(Item(Field(Var(x), "shape"), (Const(k),)), types.intp)

    def _made(self, target: str, op: str, shape: tuple[Expr, ...], fill: Callable[[Var], None]) -> None:
        """`target` is a new array; what it is filled with may be made of the array that had its name."""
        t = self.b.types[target]
        if t.ndim > 1 and t.layout != "C":
            raise unsupported(self.b.at, "this of arrays in Fortran order can't be read", "x.copy()")
        made = self.b.new(target, t) if target in self.read else target
        self.b.assign(made, Apply(op, (shape[0] if len(shape) == 1 else Tuple(shape),)))
        fill(Var(made))
        if made != target:
            self.b.assign(target, Var(made))

    def _over(self, extents: tuple[Expr, ...], write: Callable[[Where], None], where: Where = ()) -> None:
        """Loops over all of `extents` around what `write` writes."""
        if not extents:
            write(where)
            return
        if len(where) == len(self.indices):
            self.indices.append(self.b.new("i", types.intp))
        i = self.indices[len(where)]
        old = self.b.block()
        self._over(extents[1:], write, (*where, Var(i)))
        self.b.loop(i, extents[0], self.b.taken(old))

    # ------------------------------------------------------------------ joined along an axis

    def _joined(self, target: str, op: str, parts: tuple[Expr, ...], axis: tuple[Expr, ...]) -> None:
        ndim = self.b.types[target].ndim
        k = min(ndim, 2) - 1 if op == "np.hstack" else 1 if op == "np.column_stack" else 0
        match axis:
            case (Const(int(given)),) if -ndim <= given < ndim:
                k = given % ndim
            case (_,):
                raise unsupported(self.b.at, f"{op} along such an axis can't be read", "a number, such as axis=0")
        ranks = [t.ndim if is_array(t := self.b.kind(p)) else 0 for p in parts]
        for rank in ranks:
            if not (rank == ndim or (rank == ndim - 1 and op in LIFTED) or (op == "np.append" and ndim == 1)):
                raise unsupported(self.b.at, f"{op} of this can't be read", "arrays of the same number of dimensions")

        def extents(part: Expr, rank: int) -> dict[int, Expr]:
            """The extents of `part` on the axes of the result, but for `k` where it is one step on that."""
            axes = [j for j in range(ndim) if j != k or rank == ndim]
            return {j: Item(Field(part, "shape"), (Const(axis),)) for axis, j in enumerate(axes)}

        known = [extents(p, rank) if rank else {} for p, rank in zip(parts, ranks, strict=True)]
        lengths = [self.b.emit(own[k], types.intp) if k in own else ONE for own in known]
        first = next(n for n, own in enumerate(known) if own)
        others = {j: self.b.emit(n, types.intp) for j, n in known[first].items() if j != k}
        for own in (own for n, own in enumerate(known) if n != first):
            for j, n in others.items():
                self.b.refuse(Apply("!=", (own[j], n)), LENGTHS)
        starts: list[Expr] = [ZERO]
        for n in lengths:
            starts.append(n if starts[-1] == ZERO else self.b.emit(Apply("+", (starts[-1], n)), types.intp))
        shape = tuple(others.get(j, starts[-1]) for j in range(ndim))

        def fill(made: Var) -> None:
            for p, rank, start, n in zip(parts, ranks, starts, lengths, strict=False):
                self._copied(made, p, rank, k, start, tuple(others.get(j, n) for j in range(ndim)))

        self._made(target, "np.empty", shape, fill)

    def _copied(self, made: Var, part: Expr, rank: int, k: int, start: Expr, extents: tuple[Expr, ...]) -> None:
        """The elements of `part` into those of `made` from `start` on, along the axis `k`, which it may lack."""
        if not rank:
            self.b.store(made, (start,), part)
            return

        def copy(at: Where) -> None:
            place = at[k] if start == ZERO else self.b.emit(Apply("+", (start, at[k])), types.intp)
            self.b.store(made, (*at[:k], place, *at[k + 1 :]), self.b.emit(Item(part, at)))

        def step(at: Where) -> None:
            self.b.store(made, (*at[:k], start, *at[k:]), self.b.emit(Item(part, at)))

        if rank == len(extents):
            self._over(extents, copy)
        else:
            self._over(extents[:k] + extents[k + 1 :], step)

    # ------------------------------------------------------------------ picked

    def _picks(self, x: str, index: str) -> bool:
        """Are elements or rows of `x` picked, by a vector of indices, or by a mask of a vector?"""
        t, by = self.b.types.get(x), self.b.types.get(index)
        if t is None or by is None or not (is_array(t) and is_array(by)):
            return False
        return self._masks(x, index) or bool(by.ndim == 1 and isinstance(by.dtype, types.Integer))

    def _masks(self, x: str, mask: str) -> bool:
        """Is `mask` a vector of bools, one for each element of the vector `x`?"""
        t, by = self.b.types.get(x), self.b.types.get(mask)
        if t is None or by is None or not (is_array(t) and is_array(by)):
            return False
        return bool(t.ndim == by.ndim == 1 and by.dtype == types.boolean)

    def _gathered(self, target: str, x: Var, index: Var) -> None:
        n = self._extent(index.name, 0)
        rest = tuple(self._extent(x.name, k) for k in range(1, self.b.types[x.name].ndim))

        def copy(made: Var, at: Where) -> None:
            place = self.b.emit(Item(index, at[:1]))
            self.b.store(made, at, self.b.emit(Item(x, (place, *at[1:]))))

        self._made(target, "np.empty", (n, *rest), lambda made: self._over((n, *rest), lambda at: copy(made, at)))

    def _masked(self, target: str, x: Var, mask: Var) -> None:
        k, count = self.b.new("k", types.intp), self._count(x, mask)
        self._made(
            target, "np.empty", (count,),
            lambda made: self._true(mask, k, lambda at: self.b.store(made, (Var(k),), self.b.emit(Item(x, at)))),
        )  # fmt: skip
        if self.definitions[target] == 1:
            self.picked.add(target)

    def _spread(self, x: str, mask: str, value: str, op: str | None) -> None:
        """`x[mask] op= value`, a vector with an element for each that is true."""
        if self.b.types[value].ndim != 1:
            raise unsupported(self.b.at, "a matrix can't be stored by a mask", "a vector with the elements")
        k, count = self.b.new("k", types.intp), self._count(Var(x), Var(mask))
        self.b.refuse(Apply("!=", (self._extent(value, 0), count)), "as many elements as the mask picks are needed")
        if value not in self.picked:  # it may share memory with `x`
            copy = self.b.new("%", self.b.types[value].copy(layout="C", readonly=False))
            self.b.assign(copy, Apply(".copy", (Var(value),)))
            value = copy

        def put(at: Where) -> None:
            element = self.b.emit(Item(Var(value), (Var(k),)))
            if op not in (None, "+", "-"):
                element = self.b.emit(Apply(op, (self.b.emit(Item(Var(x), at)), element)))
            self.b.store(Var(x), at, element, op if op in ("+", "-") else None)

        self._true(Var(mask), k, put)

    def _scattered(self, x: Var, index: Var, value: Expr, op: str | None) -> None:
        """`x[index] op= value`: all values are made before one is stored; of two for one place the later stays."""
        rank, n = self.b.types[x.name].ndim, self._extent(index.name, 0)
        rest = tuple(self._extent(x.name, k) for k in range(1, rank))
        if op is not None:
            old = self.b.new("%", self.b.types[x.name].copy(layout="C", readonly=False))
            self._gathered(old, x, index)
            combined = Apply(op, (Var(old), value))
            value = Var(self.b.new("%", self.b.kind(combined)))
            self.b.assign(value.name, combined)
        elif is_array(t := self.b.kind(value)):  # it may share memory with `x`
            copy = self.b.new("%", t.copy(layout="C", readonly=False))
            self.b.assign(copy, Apply(".copy", (value,)))
            value = Var(copy)
        own = self.b.types[value.name].ndim if isinstance(value, Var) and is_array(self.b.kind(value)) else 0
        if own > rank:
            raise unsupported(self.b.at, "an array can't be assigned to one with fewer dimensions", "its row")
        for k, extent in enumerate((n, *rest)[rank - own :]):
            assert isinstance(value, Var)
            wrong = Apply("!=", (self._extent(value.name, k), extent))
            self.b.refuse(wrong, "as many elements as the indices pick are needed")

        def put(at: Where) -> None:
            place = self.b.emit(Item(index, at[:1]))
            self.b.store(x, (place, *at[1:]), self.b.emit(Item(value, at[rank - own :])) if own else value)

        self._over((n, *rest), put)

    def _count(self, x: Var, mask: Var) -> Var:
        """How many elements of `x` the mask picks."""
        test = Apply("!=", (self._extent(x.name, 0), self._extent(mask.name, 0)))
        self.b.refuse(test, "boolean index did not match indexed array")
        count = self.b.new("count", types.intp)
        self._true(mask, count, lambda at: None)
        return Var(count)

    def _true(self, mask: Var, number: str, then: Callable[[Where], None]) -> None:
        """Do `then` where the mask is true; `number` counts these places."""

        def look(at: Where) -> None:
            old = self.b.block()
            then(at)
            self.b.assign(number, Apply("+", (Var(number), ONE)))
            body = self.b.taken(old)
            self.b.branch(self.b.emit(Item(mask, at)), body)

        self.b.assign(number, ZERO)
        self._over((self._extent(mask.name, 0),), look)

    # ------------------------------------------------------------------ others

    def _diagonal(self, target: str, x: Var) -> None:
        n = self._extent(x.name, 0)
        if self.b.types[x.name].ndim == 1:

            def spread(made: Var) -> None:
                self._over((n,), lambda i: self.b.store(made, i * 2, self.b.emit(Item(x, i))))

            self._made(target, "np.zeros", (n, n), spread)
            return
        n = self.b.emit(Apply("min", (n, self._extent(x.name, 1))), types.intp)
        self._made(
            target, "np.empty", (n,),
            lambda made: self._over((n,), lambda i: self.b.store(made, i, self.b.emit(Item(x, i * 2)))),
        )  # fmt: skip

    def _scan(self, target: str, op: str, x: Var) -> None:
        if self.b.types[x.name].ndim != 1:
            raise unsupported(self.b.at, "a running sum or product of a matrix can't be read", "a loop over its rows")
        n, element = self._extent(x.name, 0), self.b.types[target].dtype
        total = self.b.new("total", element)

        def fill(made: Var) -> None:
            first = Const(0 if op == "+" else 1)
            self.b.assign(total, Apply(f"np.{element}", (first,)) if element == types.float32 else _as(first, element))

            def step(i: Where) -> None:
                self.b.assign(total, Apply(op, (Var(total), self.b.emit(Item(x, i)))))
                self.b.store(made, i, Var(total))

            self._over((n,), step)

        self._made(target, "np.empty", (n,), fill)

    def _converted(self, target: str, x: Expr, dtype: str) -> None:
        if dtype not in {name.partition("(")[0] for name in RULES}:
            raise unsupported(self.b.at, f"astype({dtype}) can't be read", "np.float64, np.float32 or np.int64")
        self.b.assign(target, Apply(dtype, (x,)))


def _as(value: Const, t: object) -> Const:
    return Const(float(value.value)) if isinstance(t, types.Float) else value
