"""Statements being written: what a pass that makes new code adds to, with the types of the names that it makes.

    b = Builder(f); b.emit(Apply("*", (Var("x"), Var("y"))))      ->      %7 = x * y, and %7's type
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from numba.core import types

from srcad.analysis.kinds import kind
from srcad.errors import NOWHERE, Location, unsupported
from srcad.ir import (
    ONE,
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
    Item,
    Note,
    Raise,
    Stmt,
    Store,
    Tuple,
    Var,
    is_atom,
    mentioned,
    names,
    reads,
)
from srcad.names import Names
from srcad.types import Type


class Builder:
    """The statements of one body at a time; `at` is the place in the user's source that they come from."""

    def __init__(self, f: Function) -> None:
        self.types: dict[str, Type] = dict(f.types)
        self.names = Names({*mentioned(f.body), *f.params, *f.types, *names(f.result)})
        self._made: set[str] = set()
        self.sums: set[str] = set()  # scalars that are sums without an order
        self.out: list[Stmt] = []
        self.at: Location = NOWHERE

    # ------------------------------------------------------------------ names

    def new(self, name: str, t: Type) -> str:
        """A fresh name like `name`; an intermediate's where that is one's."""
        made = self.names.numbered("%") if name.startswith("%") else self.names.fresh(name)
        self.types[made] = types.unliteral(t)
        self._made.add(made)
        return made

    def kind(self, e: Expr) -> Type:
        """The type of `e`."""
        return kind(e, self.types)

    # ------------------------------------------------------------------ statements

    def add(self, s: Stmt) -> None:
        self.out.append(s)

    def assign(self, target: str, value: Expr) -> None:
        self.add(Assign(target, value, self.at))

    def give(self, target: str, value: Expr) -> bool:
        """`target = value`. If `value` is the intermediate made last, it is given that name, and True is returned."""
        last = self.out[-1] if self.out else None
        if isinstance(last, Assign) and value == Var(last.target) and last.target in self._made:
            self.out[-1] = replace(last, target=target)
            self.types.pop(last.target)
            return True
        self.assign(target, value)
        return False

    def store(self, array: Expr, index: tuple[Expr, ...], value: Expr, op: str | None = None) -> None:
        self.add(Store(array, index, value, op, self.at))

    def emit(self, value: Expr, t: Type = None) -> Expr:
        """An atom that holds `value`."""
        if is_atom(value):
            return value
        name = self.new("%", self.kind(value) if t is None else t)
        self.assign(name, value)
        return Var(name)

    def refuse(self, test: Expr, message: str) -> If:
        """`if test: raise ValueError(message)`."""
        check = If(test, (Raise(Apply("ValueError", (Const(message),)), self.at),), at=self.at)
        self.add(check)
        return check

    # ------------------------------------------------------------------ bodies

    def block(self) -> list[Stmt]:
        """Start a new body; the old one is returned, to be put back."""
        old, self.out = self.out, []
        return old

    def taken(self, old: list[Stmt]) -> Body:
        """The statements since `block`, with the old body in place again."""
        new, self.out = self.out, old
        return tuple(new)

    def branch(self, test: Expr, body: Body, orelse: Body = ()) -> None:
        """`if test: body; else: orelse`."""
        self.add(If(test, body, orelse, at=self.at))

    def length(self, array: str) -> Expr:
        """The first extent of `array`."""
        return Item(Field(Var(array), "shape"), (ZERO,))

    def loop(self, target: str, stop: Expr, body: Body, start: Expr = ZERO) -> None:
        """`for target in range(start, stop)`."""
        self.add(For(target, start, stop, ONE, body, at=self.at))


def dtype_name(t: Type) -> str:
    """The name that NumPy has for a number's type."""
    return "bool_" if t == types.boolean else str(t)


Where = tuple[Expr, ...]


class Rewriter:
    """Writes a function anew, statement by statement; `present` is the one that is at hand."""

    def __init__(self, f: Function) -> None:
        self.f, self.b = f, Builder(f)
        self.present: Stmt = Note("")

    def function(self) -> Function:
        return replace(self.f, body=self.body(self.f.body), types=self.b.types)

    def body(self, body: Body) -> Body:
        old = self.b.block()
        for s in body:
            self.b.at, self.present = s.at, s
            self.statement(s)
        return self.b.taken(old)

    def statement(self, s: Stmt) -> None:
        """Add what stands for `s`."""
        raise NotImplementedError


class Filler(Rewriter):
    """Writes new arrays, and loops that fill them."""

    def __init__(self, f: Function) -> None:
        super().__init__(f)
        self.indices: list[str] = []
        self.deep = 0  # loops around what is being written

    def extent(self, x: str, k: int) -> Expr:
        """The extent of the array `x` along the axis `k`."""
        return self.b.emit(Item(Field(Var(x), "shape"), (Const(k),)), types.intp)

    def made(self, target: str, op: str, shape: tuple[Expr, ...], fill: Callable[[Var], None]) -> None:
        """`target` is a new array; what it is filled with may be made of the array that had its name."""
        t = self.b.types[target]
        if t.ndim > 1 and t.layout != "C":
            raise unsupported(self.b.at, "this of arrays in Fortran order can't be read", "x.copy()")
        read = (n for e in reads(self.present) for n in names(e))
        made = self.b.new(target, t) if target in read else target
        self.b.assign(made, Apply(op, (shape[0] if len(shape) == 1 else Tuple(shape),)))
        fill(Var(made))
        if made != target:
            self.b.assign(target, Var(made))

    def over(self, extents: tuple[Expr, ...], write: Callable[[Where], None], known: Where = ()) -> None:
        """Loops over all of `extents` around what `write` writes, at the places `known` and then the loops' indices."""
        if not extents:
            write(known)
            return
        if self.deep == len(self.indices):
            self.indices.append(self.b.new("i", types.intp))
        i = self.indices[self.deep]
        old = self.b.block()
        self.deep += 1
        self.over(extents[1:], write, (*known, Var(i)))
        self.deep -= 1
        self.b.loop(i, extents[0], self.b.taken(old))
