"""Which extents of arrays are the same number, so that a loop over both needs neither a check nor a choice.

    n = len(x); y = np.zeros(n); z = y * x        ->      y, x and z have the one extent x.shape[0]

An extent has an expression, to write as a loop's bound, and a key: the same for extents that are known to be equal.
Extents are followed through names with one definition only; of any other array they are its own `x.shape[k]`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from srcad.ir import (
    AXIS,
    ONE,
    ZERO,
    Apply,
    Assign,
    Const,
    Expr,
    Field,
    Function,
    If,
    Item,
    Raise,
    Slice,
    Stmt,
    Tuple,
    Var,
    bindings,
    names,
    transform,
)
from srcad.types import Type, is_array, is_list

SAME = frozenset({".copy", "np.copy", "np.zeros_like", "np.ones_like", "np.empty_like", "np.full_like"})
MADE = frozenset({"np.zeros", "np.ones", "np.empty", "np.full"})
WHOLE = Slice(None, None, None)


@dataclass(frozen=True)
class Dim:
    """An extent: what to write for it, and its key."""

    expr: Expr
    key: Expr
    of: tuple[Dim, ...] = ()  # those that are broadcast together to make it


class Changes(Exception):
    """An array was assumed to keep its shape, and does not."""


class Shapes:
    """What is known of extents at one point of a function; the point moves on with `note` and `learn`.

    Of the arrays `kept`, which have several definitions, it is assumed that all give them the same shape; the
    definition that does not raises `Changes`, with the array's name.
    """

    def __init__(self, f: Function, types: Mapping[str, Type], kept: frozenset[str] = frozenset()) -> None:
        self.types, self.kept = types, kept
        self.definitions = Counter([*f.params, *bindings(f.body)])
        self._of: dict[str, tuple[Dim, ...]] = {}
        self._ints: dict[str, Expr] = {}
        self.equal: dict[Expr, Expr] = {}  # valid in the body that is being read
        self.joint: dict[frozenset[Expr], Dim] = {}  # extents broadcast together, likewise
        self._of.update({p: self._own(p) for p in f.params if p in kept})

    # ------------------------------------------------------------------ asking

    def of(self, name: str) -> tuple[Dim, ...]:
        """The extents of the array `name`."""
        found = self._of.get(name)
        if found is None:
            return self._own(name)
        return tuple(replace(d, key=self.key(d.key)) for d in found) if self.equal else found

    def key(self, e: Expr) -> Expr:
        """The key of the int `e`."""
        return transform(e, self._step)

    def stable(self, *given: Expr) -> bool:
        """Do these mean the same wherever they can be read?"""
        found = [n for e in given for n in names(e)]
        return all(self._once(n) and not is_list(self.types.get(n)) for n in found)

    def _once(self, name: str) -> bool:
        return self.definitions[name] <= 1 or name in self.kept

    def _own(self, name: str) -> tuple[Dim, ...]:
        if is_list(self.types[name]):
            return (self.dim(Apply("len", (Var(name),))),)
        axes = (Item(Field(Var(name), "shape"), (Const(k),)) for k in range(self.types[name].ndim))
        return tuple(Dim(e, self.equal.get(e, e)) for e in axes)

    def _step(self, e: Expr) -> Expr:
        match e:
            case Var(name):
                e = self._ints.get(name, e)
            case Apply("len", (Var(x),)) if is_array(self.types.get(x)):
                e = self.of(x)[0].key
            case Field(Var(x), "size") if getattr(self.types.get(x), "ndim", 0) == 1:
                e = self.of(x)[0].key
            case Item(Field(Var(x), "shape"), (Const(k),)) if x in self._of and self._of[x][k].key != e:
                e = self.key(self._of[x][k].key)
        return self.equal.get(e, e)

    # ------------------------------------------------------------------ being told

    def note(self, s: Stmt) -> None:
        """Take in what the assignment `s` says."""
        if not isinstance(s, Assign) or not self._once(s.target):
            return
        if is_array(self.types.get(s.target)):
            self.put(s.target, self._value(s.target, s.value) or self._own(s.target))
        elif self._counts(s.value) and self.stable(s.value):
            self._ints[s.target] = self.key(s.value)

    def put(self, name: str, dims: tuple[Dim, ...]) -> None:
        """The array `name` has these extents, as far as they outlive the present."""
        if not self._once(name):
            return
        known = self.of(name) if name in self._of else None
        if known is not None and name in self.kept:
            if [d.key for d in dims] != [d.key for d in known]:
                raise Changes(name)
            own = self._own(name)  # where two branches meet, only one of the two expressions has a value
            self._of[name] = tuple(
                k if k.expr == d.expr else replace(o, key=k.key)
                for k, d, o in zip(self._of[name], dims, own, strict=True)
            )
            return
        own = self._own(name)
        self._of[name] = tuple(d if self.stable(d.expr, d.key) else o for d, o in zip(dims, own, strict=True))

    def learn(self, s: Stmt) -> None:
        """After `if x.shape[0] != n: raise`, the two are the same."""
        if isinstance(s, If) and s.body and isinstance(s.body[-1], Raise) and not s.orelse:
            self._differ(s.test, False)

    def _differ(self, test: Expr, holds: bool) -> None:
        match test:
            case Apply("not", (inner,)):
                self._differ(inner, not holds)
            case Apply("or" | "and" as op, parts) if (op == "and") == holds:
                for p in parts:
                    self._differ(p, holds)
            case Apply("==" | "!=" as op, (a, b)) if (op == "==") == holds and self.stable(a, b):
                x, y = self.key(a), self.key(b)
                if x != y and self._counts(x) and self._counts(y):
                    old, new = (x, y) if isinstance(y, Const) else (y, x)
                    self.equal = {k: new if v == old else v for k, v in self.equal.items()} | {old: new}

    def _counts(self, e: Expr) -> bool:
        """Is `e` an int made of constants and extents?"""
        match e:
            case Const(value):
                return isinstance(value, int)
            case Var(name):
                return str(self.types.get(name)) == "int64"
            case Item(Field(_, "shape"), _) | Field(_, "size") | Apply("len", _):
                return True
            case Apply("+" | "-" | "*" | "//" | "trim" | "slice", args):
                return all(self._counts(a) for a in args)
        return False

    # ------------------------------------------------------------------ what makes an array

    def _value(self, target: str, value: Expr) -> tuple[Dim, ...] | None:
        match value:
            case Var(x) if is_array(self.types.get(x)):
                return self.of(x)
            case Apply(op, (Var(x), *_)) if op in SAME and is_array(self.types.get(x)):
                return self.of(x)
            case Apply(op, (shape, *_)) if op in MADE:
                parts = shape.items if isinstance(shape, Tuple) else (shape,)
                return tuple(self.dim(p) for p in parts)
            case Apply(".reshape", (_, Tuple(parts, _))) if not any(self._negative(p) for p in parts):
                return tuple(self.dim(p) for p in parts)
            case Field(Var(x), "T"):
                return self.of(x)[::-1]
            case Item(Var(x), index) if is_array(self.types.get(x)):
                return self._view(target, self.of(x), whole_index(index, self.types[x].ndim))
        return None

    def dim(self, e: Expr) -> Dim:
        return Dim(e, self.key(e))

    def _negative(self, e: Expr) -> bool:
        return not (isinstance(e, Const) and e.value >= 0) and not isinstance(e, (Item, Field))

    def _view(self, target: str, dims: tuple[Dim, ...], index: tuple[Expr, ...]) -> tuple[Dim, ...]:
        own, given, out = iter(self._own(target)), iter(dims), []
        for part in index:
            if part == AXIS:
                next(own)
                out.append(Dim(ONE, ONE))
                continue
            d = next(given)
            if isinstance(part, Slice):
                out.append(self._cut(d, part, next(own)))
        return tuple(out)

    def _cut(self, d: Dim, part: Slice, own: Dim) -> Dim:
        """The extent of `x[part]`; `own` is the view's own."""
        match part:
            case Slice(None, None, None | Const(1)):
                return d
            case Slice(None | Const(int()) as low, None | Const(int()) as high, None | Const(1)):
                a, b = (0 if e is None else e.value for e in (low, high))
                if a >= 0 and (b < 0 or high is None):
                    return Dim(own.expr, Apply("trim", (d.key, Const(a - b)))) if a - b else d
        given = [p for p in (part.lower, part.upper, part.step) if p is not None]
        if not self.stable(*given):
            return own
        lower, upper, step = part.lower or ZERO, part.upper or d.expr, part.step or ONE
        return Dim(own.expr, Apply("slice", (d.key, *(self.key(p) for p in (lower, upper, step)))))


def whole_index(index: tuple[Expr, ...], ndim: int) -> tuple[Expr, ...]:
    """`index` with a part for each dimension: what is left out are whole slices."""
    return index + (WHOLE,) * (ndim - sum(p != AXIS for p in index))
