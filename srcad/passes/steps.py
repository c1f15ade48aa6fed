"""Every whole-array operation in a statement of its own, however deep in an expression it was.

    if (v * w)[i] > 0.5:      ->      %1 = v * w
                                      if %1[i] > 0.5:

The test of a `while` that takes such steps is made in the loop: `while True: steps; if test: body; else: break`.
Needs: types of all names, no tuples. Guarantees: an array operation is the whole value of an assignment, and its
operands are atoms. Elements of rows become elements: `A[i][j]` is `A[i, j]`.
"""

from __future__ import annotations

from dataclasses import replace

from numba.core import types

from srcad.build import Rewriter
from srcad.ir import (
    TRUE,
    Apply,
    Assign,
    Body,
    Exit,
    Expr,
    Function,
    If,
    Item,
    Select,
    Slice,
    Stmt,
    Tuple,
    Var,
    While,
    map_bodies,
    map_exprs,
    transform,
)
from srcad.rules.arrays import CREATE
from srcad.types import is_array


def steps(f: Function) -> Function:
    """`f` with one array operation a statement."""
    return _Steps(f).function()


class _Steps(Rewriter):
    def function(self) -> Function:
        body = self.body(self.f.body)
        old = self.b.block()
        result = None if self.f.result is None else self.expr(self.f.result)
        return replace(self.f, body=body + self.b.taken(old), result=result, types=self.b.types)

    def statement(self, s: Stmt) -> None:
        match s:
            case Assign(target, value):
                self.assign(target, value)
            case While(test, inner):
                self._while(s, test, inner)
            case _:
                s = map_exprs(s, self.expr)
                self.b.add(map_bodies(s, self.body))

    def assign(self, target: str, value: Expr) -> None:
        match value:
            case Apply(op, args, keywords):
                args = tuple(self.expr(a) for a in args)
                if self.is_array(Var(target)) and op not in CREATE and not op.startswith("."):
                    args = self._atoms(args)
                self.b.assign(target, Apply(op, args, keywords))
            case Select(test, yes, no) if self.is_array(Var(target)):
                self._choose(target, self.expr(test), yes, no)
            case Item(base, index) if any(map(self.is_array, index)):
                self.b.assign(target, self._picked(self.expr(base), tuple(map(self.expr, index))))
            case _:
                self.b.assign(target, self.expr(value))

    def _choose(self, target: str, test: Expr, yes: Expr, no: Expr) -> None:
        old = self.b.block()
        self.assign(target, yes)
        then = self.b.taken(old)
        old = self.b.block()
        self.assign(target, no)
        self.b.add(If(test, then, self.b.taken(old), at=self.b.at))

    def _while(self, s: While, test: Expr, inner: Body) -> None:
        old = self.b.block()
        test = self.expr(test)
        before = self.b.taken(old)
        if not before:
            self.b.add(replace(s, test=test, body=self.body(inner)))
            return
        leave = (Exit("break", None, s.at),)
        body = (*before, If(test, self.body(inner), leave, at=s.at))
        self.b.add(replace(s, test=TRUE, body=body))

    # ------------------------------------------------------------------ expressions

    def is_array(self, e: Expr) -> bool:
        return is_array(self.b.kind(e))

    def expr(self, e: Expr) -> Expr:
        return transform(e, self._step)

    def _step(self, e: Expr) -> Expr:
        match e:
            case Item(Item(base, outer), inner) if self._elements(base, outer, inner):
                return Item(base, outer + inner)
            case Item(base, index) if any(map(self.is_array, index)):  # a new array
                return self.b.emit(self._picked(base, index))
            case Apply(op, args, keywords) if self.is_array(e):
                made = Apply(op, self._atoms(args), keywords)
                return self.b.emit(made, self.b.kind(made))
            case Select(test, yes, no) if self.is_array(e):
                name = self.b.new("%", self.b.kind(e))
                self._choose(name, test, yes, no)
                return Var(name)
        return e

    def _picked(self, base: Expr, index: tuple[Expr, ...]) -> Item:
        """Elements picked by masks or by arrays of indices."""
        return Item(self.b.emit(base), tuple(self.b.emit(p) if self.is_array(p) else p for p in index))

    def _atoms(self, args: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """`args` as atoms, and a tuple of arrays as a tuple of atoms."""
        return tuple(Tuple(self._atoms(a.items)) if isinstance(a, Tuple) else self.b.emit(a) for a in args)

    def _elements(self, base: Expr, outer: tuple[Expr, ...], inner: tuple[Expr, ...]) -> bool:
        t = self.b.kind(base)
        plain = all(isinstance(self.b.kind(i), types.Integer) for i in (*outer, *inner) if not isinstance(i, Slice))
        return is_array(t) and plain and not any(isinstance(i, Slice) for i in (*outer, *inner))
