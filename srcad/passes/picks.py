"""Elements and rows picked by arrays of indices or by masks, read and stored, as loops over single elements.

    y = m[rows, cols]     ->     y = np.empty(n)
                                 for i in 0:n:1:  %1 = rows[i];  %2 = cols[i];  %3 = m[%1, %2];  y[i] = %3
    x[order] = a          ->     %5 = a.copy();  for i in 0:n:1:  %6 = order[i];  %7 = %5[i];  x[%6] = %7
    y = x[mask]           ->     count how many are true;  y = np.empty(count);  each of them is copied

The arrays among the parts of an index are broadcast against each other, as NumPy does; a mask beside other parts is
the indices of what is true in it. All values are made before one is stored; of two for one place the later stays.
Needs: types of all names, each array operation in a statement of its own. Guarantees: an index is of ints and slices,
but where one number is stored by a mask of the whole array, which is left to `scalarise`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from numba.core import types

from srcad.analysis.kinds import kind, slice_type, view_type
from srcad.analysis.shapes import WHOLE
from srcad.build import Filler, Where
from srcad.errors import unsupported
from srcad.flow import is_mask
from srcad.ir import (
    AXIS,
    ONE,
    ZERO,
    Apply,
    Array,
    Assign,
    Expr,
    Function,
    Item,
    Select,
    Slice,
    Stmt,
    Store,
    Var,
    bindings,
    map_bodies,
    nodes,
    reads,
    walk,
)
from srcad.types import is_array

Index = tuple[Expr, ...]
NOT_MATCHED = "boolean index did not match indexed array"
SHAPES_DIFFER = "the arrays of an index could not be broadcast together"
COUNT_DIFFERS = "as many elements as the indices pick are needed"


def picks(f: Function) -> Function:
    """`f` with loops for indices by arrays.

    Raises:
        SrcadError: an index with both an array and a new axis.
    """
    return _Picks(f).function() if any(_index(s) for s in walk(f.body)) else f


def beyond(f: Function) -> bool:
    """Is there what Numba does not compile: elements picked by masks of matrices, or an array displayed by its rows?"""
    displays = (s.value.items for s in walk(f.body) if isinstance(s, Assign) and isinstance(s.value, Array))
    if any(is_array(kind(i, f.types)) for items in displays for i in items if isinstance(i, Var)):
        return True
    indices = (n.index for s in walk(f.body) for e in reads(s) for n in nodes(e) if isinstance(n, Item))
    stored = (s.index for s in walk(f.body) if isinstance(s, Store))
    parts = {p for index in (*indices, *stored) for p in index if isinstance(p, Var | Apply)}
    return any(is_mask(kind(p, f.types)) for p in parts)


def _index(s: object) -> Index:
    match s:
        case Assign(_, Item(Var(), index)) | Store(Var(), index):
            return index
    return ()


class _Picks(Filler):
    def __init__(self, f: Function) -> None:
        super().__init__(f)
        self.definitions = Counter(bindings(f.body))
        self.own: set[str] = set()  # new arrays with one definition

    def statement(self, s: Stmt) -> None:
        match s:
            case Assign(target, Item(Var(x), (Var(mask),))) if self._is_mask(x, mask):
                self._masked(target, Var(x), Var(mask))
            case Assign(target, Item(Var(x), index)) if self._picks(x, index):
                self._gathered(target, Var(x), index)
            case Store(Var(x), (Var(mask),), v, op) if self._is_mask(x, mask):
                if self._rank(v) or self._rank(Var(mask)) < self._rank(Var(x)):
                    self._spread(Var(x), Var(mask), v, op)
                else:
                    self.b.add(s)
            case Store(Var(x), index, v, op) if self._picks(x, index):
                self._scattered(Var(x), index, v, op)
            case _:
                self.b.add(map_bodies(s, self.body))

    # ------------------------------------------------------------------ what an index is

    def _rank(self, e: Expr) -> int:
        t = self.b.kind(e)
        return int(t.ndim) if is_array(t) else 0

    def _is_bool(self, e: Expr) -> bool:
        return bool(self._rank(e) and self.b.kind(e).dtype == types.boolean)

    def _is_mask(self, x: str, mask: str) -> bool:
        return 0 < self._rank(Var(mask)) <= self._rank(Var(x)) and self._is_bool(Var(mask))

    def _picks(self, x: str, index: Index) -> bool:
        return is_array(self.b.types.get(x)) and any(isinstance(p, Var) and self._rank(p) for p in index)

    def _parts(self, x: Var, index: Index) -> tuple[Var, Index]:
        """An array and an index of it with ints, arrays of ints and whole slices, which mean `x[index]`."""
        if AXIS in index:
            raise unsupported(self.b.at, "an array and a new axis in one index can't be read", "x[index][:, None]")
        parts: list[Expr] = []
        for p in index:
            axis = len(parts)
            if self._is_bool(p):
                assert isinstance(p, Var)
                parts += self._places(x, p, axis)
            else:
                parts.append(p)
        parts += (WHOLE,) * (self._rank(x) - len(parts))
        basic = tuple(p if isinstance(p, Slice) else WHOLE for p in parts)
        if any(p != WHOLE for p in basic):
            view = self.b.new("%", view_type(self.b.types[x.name], tuple(map(slice_type, basic))))
            self.b.assign(view, Item(x, basic))
            x = Var(view)
        return x, tuple(WHOLE if isinstance(p, Slice) else self.b.emit(p) for p in parts)

    def _places(self, x: Var, mask: Var, axis: int) -> list[Expr]:
        """The indices of what is true in `mask`: a vector for each of its dimensions."""
        rank = self._rank(mask)
        count = self._count(x, mask, axis)
        vector = types.Array(types.intp, 1, "C")
        found = [self.b.new("%", vector) for _ in range(rank)]
        for name in found:
            self.b.assign(name, Apply("np.empty", (count,), (("dtype", Var("np.int64")),)))
        k = self.b.new("k", types.intp)

        def note(at: Where) -> None:
            for name, i in zip(found, at, strict=True):
                self.b.store(Var(name), (Var(k),), i)

        self._true(mask, k, note)
        return [Var(name) for name in found]

    # ------------------------------------------------------------------ by indices

    def _region(self, x: Var, index: Index) -> tuple[Index, Callable[[Where], Where]]:
        """The extents of `x[index]`, and which element of `x` stands where in it.

        The dimensions of the arrays stand where the first of them does, or at the front where a slice parts them.
        """
        advanced = [k for k, p in enumerate(index) if p != WHOLE]
        arrays = [p for p in index if p != WHOLE and self._rank(p)]
        joint = self._joint(arrays)
        apart = advanced[-1] - advanced[0] + 1 != len(advanced)
        first = 0 if apart else advanced[0]
        rest = [self.extent(x.name, k) for k, p in enumerate(index) if p == WHOLE]
        extents = (*rest[:first], *joint, *rest[first:])

        def element(at: Where) -> Where:
            along = at[first : first + len(joint)]
            others = iter((*at[:first], *at[first + len(joint) :]))
            return tuple(next(others) if p == WHOLE else self._looked_up(p, along, arrays) for p in index)

        return extents, element

    def _joint(self, arrays: list[Expr]) -> Index:
        """The extents of arrays broadcast together, with a check."""
        rank = max(map(self._rank, arrays))
        joint: list[Expr] = []
        for axis in range(rank):
            found = [self.extent(a.name, k) for a in arrays if (k := axis - rank + self._rank(a)) >= 0]  # type: ignore[union-attr]
            n = found[0]
            for other in found[1:]:
                n = self.b.emit(Select(Apply("!=", (n, ONE)), n, other), types.intp)
            for other in found if len(found) > 1 else ():
                self.b.refuse(Apply("and", (Apply("!=", (other, n)), Apply("!=", (other, ONE)))), SHAPES_DIFFER)
            joint.append(n)
        return tuple(joint)

    def _looked_up(self, part: Expr, along: Where, arrays: list[Expr]) -> Expr:
        """The index that `part` gives at the place `along` of the arrays broadcast together."""
        rank = self._rank(part)
        if not rank:
            return part
        return self.b.emit(Item(part, self._fitted(part, along[len(along) - rank :], len(arrays) > 1)))

    def _fitted(self, array: Expr, at: Where, may_be_one: bool) -> Where:
        """The place in `array`, whose extents may be one where others are not."""
        if not may_be_one:
            return at
        assert isinstance(array, Var)
        ones = (Apply("==", (self.extent(array.name, k), ONE)) for k in range(len(at)))
        return tuple(self.b.emit(Select(one, ZERO, i), types.intp) for one, i in zip(ones, at, strict=True))

    def _gathered(self, target: str, x: Var, index: Index) -> None:
        x, index = self._parts(x, index)
        extents, element = self._region(x, index)
        if len(extents) != self.b.types[target].ndim:  # a mask of which Numba alone has said what it gives
            raise unsupported(self.b.at, "this index by a mask can't be read here", "x.ravel()[mask.ravel()]")

        def copy(made: Var, at: Where) -> None:
            self.b.store(made, at, self.b.emit(Item(x, element(at))))

        self.made(target, "np.empty", extents, lambda made: self.over(extents, lambda at: copy(made, at)))

    def _scattered(self, x: Var, index: Index, value: Expr, op: str | None) -> None:
        x, index = self._parts(x, index)
        if op is not None:
            value = self._combined(x, index, value, op)
        elif self._rank(value):
            value = self._copied(value)
        extents, element = self._region(x, index)
        own = self._rank(value)
        if own > len(extents):
            raise unsupported(self.b.at, "an array can't be assigned to one with fewer dimensions", "its row")
        wide = own > 1
        for k, extent in enumerate(extents[len(extents) - own :]):
            assert isinstance(value, Var)
            n = self.extent(value.name, k)
            wrong = Apply("!=", (n, extent))
            self.b.refuse(Apply("and", (wrong, Apply("!=", (n, ONE)))) if wide else wrong, COUNT_DIFFERS)

        def put(at: Where) -> None:
            place = element(at)
            given = self._fitted(value, at[len(at) - own :], wide)
            self.b.store(x, place, self.b.emit(Item(value, given)) if own else value)

        self.over(extents, put)

    def _combined(self, x: Var, index: Index, value: Expr, op: str) -> Expr:
        """`x[index] op value`, in an array of its own."""
        rank = sum(p == WHOLE for p in index) + max(map(self._rank, index))
        old = self.b.new("%", types.Array(self.b.types[x.name].dtype, rank, "C"))
        self._gathered(old, x, index)
        combined = Apply(op, (Var(old), value))
        made = self.b.new("%", self.b.kind(combined))
        self.b.assign(made, combined)
        return Var(made)

    def _copied(self, value: Expr) -> Var:
        """The array `value` in memory of its own."""
        copy = self.b.new("%", self.b.kind(value).copy(layout="C", readonly=False))
        self.b.assign(copy, Apply(".copy", (value,)))
        return Var(copy)

    # ------------------------------------------------------------------ by a mask

    def _masked(self, target: str, x: Var, mask: Var) -> None:
        k, count = self.b.new("k", types.intp), self._count(x, mask, 0)
        rest = tuple(self.extent(x.name, axis) for axis in range(self._rank(mask), self._rank(x)))
        if 1 + len(rest) != self.b.types[target].ndim:
            raise unsupported(self.b.at, "this index by a mask can't be read here", "x.ravel()[mask.ravel()]")

        def copy(made: Var, at: Where) -> None:
            def element(where: Where) -> None:
                self.b.store(made, (Var(k), *where[len(at) :]), self.b.emit(Item(x, where)))

            self.over(rest, element, at)

        self.made(target, "np.empty", (count, *rest), lambda made: self._true(mask, k, lambda at: copy(made, at)))
        if self.definitions[target] == 1:
            self.own.add(target)

    def _spread(self, x: Var, mask: Var, value: Expr, op: str | None) -> None:
        """`x[mask] op= value`: a number, or an array with an element or a row for each that is true, or for all."""
        rest = tuple(self.extent(x.name, axis) for axis in range(self._rank(mask), self._rank(x)))
        k, count, own = self.b.new("k", types.intp), self._count(x, mask, 0), self._rank(value)
        if own > 1 + len(rest):
            raise unsupported(self.b.at, "a matrix can't be stored by a mask", "a vector with the elements")
        for axis, extent in enumerate((count, *rest)[1 + len(rest) - own :]):
            assert isinstance(value, Var)
            self.b.refuse(Apply("!=", (self.extent(value.name, axis), extent)), COUNT_DIFFERS)
        if own and not (isinstance(value, Var) and value.name in self.own):  # it may share memory with `x`
            value = self._copied(value)

        def put(at: Where, true: Where) -> None:
            given = (Var(k), *at[len(true) :])[1 + len(rest) - own :]
            element = self.b.emit(Item(value, given)) if own else value
            if op not in (None, "+", "-"):
                element = self.b.emit(Apply(op, (self.b.emit(Item(x, at)), element)))
            self.b.store(x, at, element, op if op in ("+", "-") else None)

        self._true(mask, k, lambda true: self.over(rest, lambda at: put(at, true), true))

    def _count(self, x: Var, mask: Var, axis: int) -> Var:
        """How many elements of `x` the mask picks, which stands at the dimension `axis` of it."""
        for k in range(self._rank(mask)):
            wrong = Apply("!=", (self.extent(x.name, axis + k), self.extent(mask.name, k)))
            self.b.refuse(wrong, NOT_MATCHED)
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
        self.over(tuple(self.extent(mask.name, k) for k in range(self._rank(mask))), look)
