"""What reading a function's source writes to: statements, intermediates, and the branches of what is read.

    emit(x * y)          ->  %2, having written  %2 = x * y
    join(t, a, b)        ->  %3, having written  if t: %3 = a  else: %3 = b
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from srcad.errors import Location, SrcadError, unsupported
from srcad.ir import (
    Append,
    Assign,
    Body,
    Const,
    Expr,
    If,
    Invoke,
    Slice,
    Stmt,
    Store,
    Tuple,
    Var,
    bindings,
    is_atom,
    names,
    walk,
)
from srcad.parse.scope import Closure, Program, Scope, Static, Value

T = TypeVar("T")


Consumer = Callable[[Value, list[list[Stmt]]], Body]


class Reader:
    """Reads one function; what that takes is appended to `out`."""

    def __init__(self, scope: Scope, active: tuple[Any, ...]) -> None:
        self.scope, self.active = scope, active
        self.program: Program = scope.program
        self.out: list[Stmt] = []
        self.around: list[list[Stmt]] = []  # the lists of statements that `out` is to be put into
        self.caller: Reader | None = None  # the reader of the call that is read in place
        self.result: Value | None = None  # what that returns, if it is something known while reading
        self.consuming: tuple[ast.Call, Consumer] | None = None  # the call of a generator that a loop is over
        self.consumer: Consumer | None = None  # of the generator that is read: what is done with what it yields
        self.last: Location = scope.at(scope.node)  # of the statement being read

    def refuse(self, node: ast.AST, reason: str, instead: str = "") -> SrcadError:
        return unsupported(self.scope.at(node), reason, instead)

    def emit(self, value: Expr, node: ast.AST) -> Var:
        """An intermediate that holds `value`."""
        name = self.program.names.numbered("%")
        self.out.append(Assign(name, value, self.scope.at(node)))
        return Var(name)

    def block(self) -> list[Stmt]:
        """Start a new list of statements; the old one is returned, to be put back."""
        old, self.out = self.out, []
        self.around.append(old)
        return old

    def taken(self, old: list[Stmt]) -> Body:
        """The statements since `block`, with the old list in place again."""
        self.around.pop()
        new, self.out = self.out, old
        self.scope.lost.update(n for n, place in self.scope.entries.items() if place is new)
        return tuple(new)

    def in_order(self, *read: Callable[[], T]) -> list[T]:
        """What each of `read` finds, left to right: `s + (s := 2.0)` adds the old s, `x[0] < g(x)` reads x[0] first."""
        found: list[T] = []
        marks: list[int] = []
        for r in read:
            found.append(r())
            marks.append(len(self.out))
        for k in reversed(range(len(found))):
            later = self.out[marks[k] :]
            if later:
                written, memory = _effects(later)
                kept: list[Stmt] = []
                found[k] = self._keep(found[k], written, memory, kept)
                self.out[marks[k] : marks[k]] = kept
        return found

    def _keep(self, found: Any, written: frozenset[str], memory: bool, kept: list[Stmt]) -> Any:
        """`found`, with what later steps would change held by intermediates, whose statements go to `kept`."""
        match found:
            case Const() | Static() | Closure() | None:
                return found
            case tuple():
                return tuple(self._keep(i, written, memory, kept) for i in found)
            case Tuple(items, maker):
                return Tuple(tuple(self._keep(i, written, memory, kept) for i in items), maker)
            case Slice(lower, upper, step):
                return Slice(*(self._keep(i, written, memory, kept) for i in (lower, upper, step)))
            case _ if (memory and not is_atom(found)) or not written.isdisjoint(names(found)):
                name = self.program.names.numbered("%")
                kept.append(Assign(name, found, self.last))
                return Var(name)
            case _:
                return found

    def location(self, node: ast.AST) -> Location:
        return self.scope.at(node)

    def join(self, test: Expr, then: tuple[Body, Expr], other: tuple[Body, Expr], node: ast.AST) -> Expr:
        """One value from two branches; tuples are joined item by item."""
        (body, yes), (orelse, no) = then, other
        at = self.scope.at(node)
        if isinstance(yes, Tuple) and isinstance(no, Tuple) and len(yes.items) == len(no.items):
            targets = [self.program.names.numbered("%") for _ in yes.items]
            pairs = list(zip(targets, yes.items, no.items, strict=True))
            result: Expr = Tuple(tuple(Var(t) for t in targets), yes.maker)
        else:
            target = self.program.names.numbered("%")
            pairs, result = [(target, yes, no)], Var(target)
        body += tuple(Assign(t, y, at) for t, y, _ in pairs)
        orelse += tuple(Assign(t, n, at) for t, _, n in pairs)
        self.out.append(If(test, body, orelse, at=at))
        return result

    def bodies(self) -> Iterator[list[Stmt]]:
        """The lists of the statements that are read so far."""
        reader: Reader | None = self
        while reader is not None:
            yield from (reader.out, *reader.around)
            reader = reader.caller

    def evaluate(self, node: ast.expr) -> Value:
        """What `node` is: an expression, or something known while reading. `Expressions` says how."""
        raise NotImplementedError

    def value(self, node: ast.expr) -> Expr:
        """`node` as an atom, with the steps before it."""
        raise NotImplementedError


def _effects(body: list[Stmt]) -> tuple[frozenset[str], bool]:
    """The names that `body` binds, and whether it writes to memory."""
    writes = any(isinstance(s, (Store, Append, Invoke)) for s in walk(tuple(body)))
    return frozenset(bindings(tuple(body))), writes
