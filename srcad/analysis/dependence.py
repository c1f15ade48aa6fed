"""May an element that was loaded be written later, in the same iteration of the loops around or in another one?

    for i in range(n):
        for j in range(i + 1):
            for k in range(j):
                s += L[i, k] * L[j, k]      L[j, k]: written at (i', j') = (j, k), and j <= i, k < j: before (i, j)
            L[i, j] = (K[i, j] - s) / d

A question for each loop around both: can the write be in a later iteration of it, in the same one of all loops outside
it, and have the load's indices? What is known are differences of two integers: bounds of loops, equal indices, the
order of iterations. A set of these holds for no integers exactly if it has a cycle whose sum is negative
(Pratt, Two easy theories whose combination is hard, 1977; Bellman and Ford's shortest paths find it).

Indices that may count from the end are not compared, nor are those that are read from memory. Views are seen through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from srcad.analysis.places import Block, Places
from srcad.ir import ONE, Apply, Assign, Const, Expr, Field, For, Item, Slice, Store, Var, While
from srcad.names import base
from srcad.types import Type, is_array

Sum = tuple[str, int]  # a name, or "" for none, and a number that is added to it
Difference = tuple[str, str, int]  # x, y, c: x - y <= c
DEPTH = 8  # of definitions that are followed


def affine(e: Expr) -> Sum | None:
    """`i + 3` -> ("i", 3)."""
    match e:
        case Const(int(c)) if not isinstance(c, bool):
            return "", c
        case Var(name):
            return name, 0
        case Apply("+", (Var(name), Const(int(c)))) | Apply("+", (Const(int(c)), Var(name))):
            return name, c
        case Apply("-", (Var(name), Const(int(c)))):
            return name, -c
    return None


class Dependence:
    """Answers that for the loads and the stores of a function."""

    def __init__(self, where: Places, types: Mapping[str, Type]) -> None:
        self.where, self.types = where, types

    def may_meet_later(
        self, load: Item, at: Block, write: Store, block: Block, loops: Sequence[For | While], after: bool
    ) -> bool:
        """May `write`, in `block`, hit the element that `load`, in `at`, has read?

        `loops` are those around both in whose iterations the array is the same; `after`: does the write come after the
        load in one iteration of all of them?
        """
        read, load_index = self.element(load.base, load.index)
        written, write_index = self.element(write.array, write.index)
        if read != written or len(load_index) != len(write_index):
            return True
        pairs = [
            (a, b)
            for a, b in zip(load_index, write_index, strict=True)
            if a is not None and b is not None and self._counts(a, at) and self._counts(b, block)
        ]
        for loop in loops:
            inside: Block = (loop.key, "body")
            known = [*self._bounds(at, inside, "<"), *self._bounds(block, inside, ">"), *_later(loop)]
            known += [d for a, b in pairs for d in _equal(self._copy(a, inside, "<"), self._copy(b, inside, ">"))]
            if _is_possible(known):
                return True
        if not after:
            return False
        known = [*self._bounds(at), *self._bounds(block), *(d for a, b in pairs for d in _equal(a, b))]
        return _is_possible(known)

    def element(self, array: Expr, index: Sequence[Expr]) -> tuple[Expr, list[Sum | None]]:
        """What `array[index]` is an element of, where `array` is a view: with the indices there, None if unknown."""
        sums = [self._sum(i) for i in index]
        for _ in range(DEPTH):
            view = self._view(array)
            if view is None:
                break
            array, rest = view.base, iter(sums)
            sliced = (
                _plus(self._start(i), next(rest, None)) if isinstance(i, Slice) else self._sum(i) for i in view.index
            )
            sums = [*sliced, *rest]
        return array, sums

    # ------------------------------------------------------------------ what is known

    def _view(self, array: Expr) -> Item | None:
        """The part of another array that `array` is."""
        d = self.where.definitions.get(array.name) if isinstance(array, Var) else None
        match d.stmt if d is not None and d.kind == "assign" else None:
            case Assign(_, Item(Var(whole), index) as view) if is_array(self.types.get(base(whole))):
                return view if all(map(self._is_plain, index)) else None
        return None

    def _is_plain(self, part: Expr) -> bool:
        """Is `part` of an index a slice without a step, or an int?"""
        match part:
            case Slice(step=step):
                return step in (None, ONE)
            case Const(value):
                return isinstance(value, int)
            case Var(name):
                return not is_array(self.types.get(base(name)))
        return True

    def _start(self, s: Slice) -> Sum | None:
        """Where `s` starts, if it does not count from the end."""
        match s.lower:
            case None:
                return "", 0
            case Const(int(c)) if c >= 0:
                return "", c
        return None

    def _extent(self, e: Expr, block: Block) -> Sum | None:
        """What the extent `e` of a view is at most: `v.shape[0]` of `v = x[i, :j]` is at most j."""
        match e:
            case Var(name) if (d := self.where.definitions.get(name)) is not None and isinstance(d.stmt, Assign):
                return self._extent(d.stmt.value, block) if d.kind == "assign" else None
            case Item(Field(array, "shape"), (Const(int(k)),)) if (view := self._view(array)) is not None:
                slices = [i for i in view.index if isinstance(i, Slice)]
                if k < len(slices) and slices[k].upper is not None:
                    start, stop = self._start(slices[k]), self._sum(slices[k].upper)  # type: ignore[arg-type]
                    if start is not None and stop is not None and self._counts(stop, block):
                        return stop[0], stop[1] - start[1]
        return None

    def _sum(self, e: Expr) -> Sum | None:
        """`e` as a name that is defined by no such sum itself, and what is added to it."""
        found = affine(e)
        for _ in range(DEPTH):
            d = self.where.definitions.get(found[0]) if found is not None else None
            if found is None or d is None or not isinstance(d.stmt, Assign) or d.kind != "assign":
                break
            inner = affine(d.stmt.value)
            if inner is None:
                break
            found = inner[0], inner[1] + found[1]
        return found

    def _bounds(self, block: Block, varying: Block | None = None, side: str = "") -> Iterator[Difference]:
        """Between what the indices of the loops around `block` are, with what varies named by `side`."""
        for b in self.where.chain(block):
            loop = self.where.owner.get(b)
            match loop:
                case For(target, start, stop, Const(int(step))) if step:
                    index = self._copy((target, 0), varying, side)
                    low, high = (start, stop) if step > 0 else (stop, start)
                    least, most = self._sum(low), self._extent(high, self.where.parent[b]) or self._sum(high)
                    if least is not None:  # range(a, b) starts with a; range(b, a, -1) ends with a + 1
                        yield from _at_most(self._copy(least, varying, side), index, 0 if step > 0 else 1)
                    if most is not None:
                        yield from _at_most(index, self._copy(most, varying, side), 1 if step > 0 else 0)

    def _copy(self, e: Sum, varying: Block | None, side: str) -> Sum:
        """`e`, of which what the body `varying` defines may differ between its iterations."""
        d = self.where.definitions.get(e[0])
        own = varying is not None and d is not None and self.where.inside(d.block, varying)
        return (f"{side}{e[0]}", e[1]) if own else e

    def _counts(self, e: Sum, block: Block) -> bool:
        """Is `e`, in `block`, never negative?"""
        return not _is_possible([*self._bounds(block), *_at_most(e, ("", -1), 0)])


def _plus(a: Sum | None, b: Sum | None) -> Sum | None:
    """The sum of both, if it has one name."""
    if a is None or b is None or (a[0] and b[0]):
        return None
    return a[0] or b[0], a[1] + b[1]


def _at_most(x: Sum, y: Sum, less: int) -> Iterator[Difference]:
    """`x + less <= y`."""
    yield x[0], y[0], y[1] - x[1] - less


def _equal(x: Sum, y: Sum) -> Iterator[Difference]:
    yield from _at_most(x, y, 0)
    yield from _at_most(y, x, 0)


def _later(loop: For | While) -> Iterator[Difference]:
    """The index of a later iteration of `loop`, ">", beside that of an earlier one, "<"."""
    match loop:
        case For(target, _, _, Const(int(step))) if step > 0:
            yield from _at_most((f"<{target}", 0), (f">{target}", 0), step)
        case For(target, _, _, Const(int(step))) if step < 0:
            yield from _at_most((f">{target}", 0), (f"<{target}", 0), -step)


def _is_possible(known: list[Difference]) -> bool:
    """Are there integers with these differences?"""
    best = {n: 0 for x, y, _ in known for n in (x, y)}
    for _ in range(len(best) + 1):
        changed = False
        for x, y, c in known:  # x <= y + c
            if best[y] + c < best[x]:
                best[x] = best[y] + c
                changed = True
        if not changed:
            return True
    return False
