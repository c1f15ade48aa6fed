"""Arrays put together from the elements of others, as an allocation and loops that copy.

    y = np.concatenate((a, b))    ->    %1 = a.shape[0];  %2 = b.shape[0];  %3 = %1 + %2
                                        y = np.empty(%3)
                                        for i in 0:%1:1:  %4 = a[i];  y[i] = %4
                                        for i in 0:%2:1:  %5 = b[i];  y[%1 + i] = %5
    m = np.vstack((a, b))         ->    m = np.empty((2, n));  ...  m[0, i] = %4;  ...  m[1, i] = %5
    d = np.diag(M)                ->    d = np.empty(n);  for i in 0:n:1:  d[i] = M[i, i]
    z = x.astype(np.float32)      ->    z = np.float32(x)

Needs: types of all names, each array operation in a statement of its own, items of tuples that are atoms.
Guarantees: none of these functions is left. The element types are those that Numba gives to the results.
"""

from __future__ import annotations

from numba.core import types

from srcad.build import Filler, Where
from srcad.errors import unsupported
from srcad.ir import (
    ONE,
    ZERO,
    Apply,
    Array,
    Assign,
    Const,
    Expr,
    Field,
    Function,
    Item,
    Stmt,
    Tuple,
    Var,
    map_bodies,
)
from srcad.rules import RULES
from srcad.rules.arrays import ASSEMBLE
from srcad.types import Type, is_array, is_list

JOINED = frozenset({"np.concatenate", "np.hstack", "np.append", "np.vstack", "np.column_stack", "np.stack"})
LIFTED = frozenset({"np.vstack", "np.column_stack", "np.stack"})  # what has a dimension less is one step on the axis
SCANS = {"np.cumsum": "+", "np.cumprod": "*"}
LENGTHS = "all the input array dimensions except for the concatenation axis must match exactly"


def assemble(f: Function) -> Function:
    """`f` with loops for what puts arrays together.

    Raises:
        SrcadError: an axis, a number of dimensions or a dtype for which there is no such loop.
    """
    return _Assemble(f).function()


class _Assemble(Filler):
    def statement(self, s: Stmt) -> None:
        match s:
            case Assign(target, Apply(op, (Tuple(parts, _), *axis))) if op in JOINED:
                self._joined(target, op, parts, tuple(axis))
            case Assign(target, Array(items)) if items and all(is_array(self.b.kind(i)) for i in items):
                self._joined(target, "np.stack", items, ())
            case Assign(target, Apply("array_of", (Var(x),))) if is_array(t := self._item(x)):
                self._rows(target, Var(x), t)
            case Assign(target, Apply("np.append" as op, (a, v))):
                self._joined(target, op, (a, v), ())
            case Assign(target, Apply("np.diag", (Var(x),))):
                self._diagonal(target, Var(x))
            case Assign(target, Apply(op, (Var(x),))) if op in SCANS:
                self._scan(target, SCANS[op], Var(x))
            case Assign(target, Apply(".astype", (x, Var(dtype)))):
                self._converted(target, x, dtype)
            case Assign(_, Apply(op)) if op in ASSEMBLE or op == ".astype":
                raise unsupported(s.at, f"{op.lstrip('.')} of this can't be read", "a loop over the elements")
            case _:
                self.b.add(map_bodies(s, self.body))

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

        self.made(target, "np.empty", shape, fill)

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
            self.over(extents, copy)
        else:
            self.over(extents[:k] + extents[k + 1 :], step)

    def _item(self, x: str) -> Type:
        """The type of what the list `x` holds; None if it is none."""
        t = self.b.types[x]
        return t.dtype if is_list(t) else None

    def _rows(self, target: str, rows: Var, t: Type) -> None:
        """A list of arrays as one array."""
        n = self.b.emit(Apply("len", (rows,)), types.intp)
        self.b.refuse(Apply("==", (n, ZERO)), "an array of no rows has no shape")
        first = self.b.new("%", t)
        self.b.assign(first, Item(rows, (ZERO,)))
        extents = tuple(self.extent(first, k) for k in range(t.ndim))

        def fill(made: Var) -> None:
            def copy(at: Where) -> None:
                row = self.b.new("%", t)
                self.b.assign(row, Item(rows, at))
                for k, extent in enumerate(extents):
                    self.b.refuse(Apply("!=", (self.extent(row, k), extent)), "the rows of an array differ in length")
                self.over(
                    extents, lambda all_: self.b.store(made, all_, self.b.emit(Item(Var(row), all_[1:]))), at
                )

            self.over((n,), copy)

        self.made(target, "np.empty", (n, *extents), fill)

    # ------------------------------------------------------------------ others

    def _diagonal(self, target: str, x: Var) -> None:
        n = self.extent(x.name, 0)
        if self.b.types[x.name].ndim == 1:

            def spread(made: Var) -> None:
                self.over((n,), lambda i: self.b.store(made, i * 2, self.b.emit(Item(x, i))))

            self.made(target, "np.zeros", (n, n), spread)
            return
        n = self.b.emit(Apply("min", (n, self.extent(x.name, 1))), types.intp)
        self.made(
            target, "np.empty", (n,),
            lambda made: self.over((n,), lambda i: self.b.store(made, i, self.b.emit(Item(x, i * 2)))),
        )  # fmt: skip

    def _scan(self, target: str, op: str, x: Var) -> None:
        rank, element = self.b.types[x.name].ndim, self.b.types[target].dtype
        extents = tuple(self.extent(x.name, k) for k in range(rank))
        n = extents[0]
        for extent in extents[1:]:
            n = self.b.emit(Apply("*", (n, extent)), types.intp)
        total = self.b.new("total", element)
        at = Var(self.b.new("k", types.intp)) if rank > 1 else None

        def fill(made: Var) -> None:
            first = Const(0 if op == "+" else 1)
            self.b.assign(total, Apply(f"np.{element}", (first,)) if element == types.float32 else _as(first, element))
            if at is not None:
                self.b.assign(at.name, ZERO)

            def step(i: Where) -> None:
                self.b.assign(total, Apply(op, (Var(total), self.b.emit(Item(x, i)))))
                self.b.store(made, i if at is None else (at,), Var(total))
                if at is not None:
                    self.b.assign(at.name, Apply("+", (at, ONE)))

            self.over(extents, step)

        self.made(target, "np.empty", (n,), fill)

    def _converted(self, target: str, x: Expr, dtype: str) -> None:
        if dtype not in {name.partition("(")[0] for name in RULES}:
            raise unsupported(self.b.at, f"astype({dtype}) can't be read", "np.float64, np.float32 or np.int64")
        self.b.assign(target, Apply(dtype, (x,)))


def _as(value: Const, t: object) -> Const:
    return Const(float(value.value)) if isinstance(t, types.Float) else value
