"""How large arrays are, in terms of as few names as can be: two sizes that come out the same are equal.

    w = np.empty(len(x)); n = len(w)       ->      n and the extent of w are x.shape[0]
    row = m[i]                             ->      len(row) is m.shape[1]
"""

from __future__ import annotations

from srcad.analysis.alias import Aliases
from srcad.analysis.places import Places
from srcad.ir import ONE, ZERO, Apply, Assign, Const, Expr, Field, For, Item, Tuple, Var
from srcad.names import base
from srcad.types import is_array, is_int

DEPTH = 8  # definitions followed to find out what a size is
MAKERS = frozenset({"np.empty", "np.zeros", "np.ones", "np.full"})
PURE = frozenset({"+", "-", "*", "//", "%", "neg", "min", "max", "abs"})
LIKE = frozenset({".copy", "np.copy", "np.empty_like", "np.zeros_like", "np.ones_like", "np.full_like"})


class Extents:
    """Answers how large arrays are."""

    def __init__(self, where: Places, aliases: Aliases) -> None:
        self.where, self.aliases = where, aliases

    def size(self, e: Expr, depth: int = DEPTH) -> Expr:
        """The integer `e` in terms of as few names as can be; what memory decides, or a call, equals nothing else."""
        match e:
            case Const():
                return e
            case Var(name):
                d = self.where.definitions.get(name)
                if depth and d is not None and d.kind == "assign" and isinstance(d.stmt, Assign):
                    found = self.size(d.stmt.value, depth - 1)
                    return e if _is_unknown(found) else found
                return e
            case Apply("len", (Var(name),)) if self._is_array(name):
                return self.extent(name, 0, depth)
            case Item(Field(Var(name), "shape"), (Const(int(k)),)) if k >= 0 and self._is_array(name):
                return self.extent(name, k, depth)
            case Apply(op, args) if op in PURE and not e.keywords:
                parts = tuple(self.size(a, depth) for a in args)
                return _unknown() if any(map(_is_unknown, parts)) else Apply(op, parts)
        return _unknown()

    def extent(self, array: str, k: int, depth: int = DEPTH) -> Expr:
        """The size of dimension `k` of `array`."""
        here = Item(Field(Var(array), "shape"), (Const(k),))
        d = self.where.definitions.get(array)
        if not depth or d is None or d.kind != "assign" or not isinstance(d.stmt, Assign):
            return here
        match d.stmt.value:
            case Var(name):
                return self.extent(name, k, depth - 1)
            case Apply(op, (shape, *_)) if op in MAKERS:
                items = shape.items if isinstance(shape, Tuple) else (shape,)
                if k < len(items) and all(map(self._is_int, items)):
                    return self.size(items[k], depth - 1)
            case Apply(op, (Var(name), *_)) if op in LIKE and self._is_array(name):
                return self.extent(name, k, depth - 1)
            case Item(Var(name), index) if self._is_array(name) and all(map(self._is_int, index)):
                return self.extent(name, k + len(index), depth - 1)  # a row, and the like
        return here

    def within(self, array: str, index: tuple[Expr, ...]) -> bool:
        """Is the element at `index` known to be there, each subscript being that of a loop over just this dimension?"""
        return all(self._covers(i, array, k) for k, i in enumerate(index))

    def _covers(self, index: Expr, array: str, k: int) -> bool:
        d = self.where.definitions.get(index.name) if isinstance(index, Var) else None
        match d.stmt if d is not None and d.kind == "index" else None:
            case For(_, start, stop, step):
                return start == ZERO and step == ONE and self.size(stop) == self.extent(array, k)
        return False

    def _is_array(self, name: str) -> bool:
        return is_array(self.aliases.f.types.get(base(name)))

    def _is_int(self, e: Expr) -> bool:
        """Is `e`, as a subscript or in a shape, one integer?"""
        match e:
            case Const(value):
                return isinstance(value, int)
            case Var(name):
                return is_int(self.aliases.f.types.get(base(name)))
            case Apply("len", _) | Item(Field(_, "shape"), (Const(int()),)):
                return True
            case Apply(op, args) if op in PURE:
                return all(map(self._is_int, args))
        return False


def _unknown() -> Expr:
    """A size that equals no other."""
    return Const(object())


def is_known(e: Expr) -> bool:
    """Is the size `e` anything but one that equals no other?"""
    return not _is_unknown(e)


def _is_unknown(e: Expr) -> bool:
    return isinstance(e, Const) and type(e.value) is object
