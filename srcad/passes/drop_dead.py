"""Drop what nobody reads.

    s = 0.0
    for i in range(n): s += x[i] * x[i]       ->       (nothing, where only x_bar is asked for)
    for i in range(n): x_bar[i] = 2 * x[i]             for i in range(n): x_bar[i] = 2 * x[i]

Backwards over the code with the names that are still read; an array's contents count as one name, which no store
ends. A loop is live if something in its body is; then its exits are too. What raises stays. Straight-line steps
towards the primal's `value` whose operands are there anyway stay as well: they are the intermediates that a reader
looks for, and the compiler removes them.
"""

from __future__ import annotations

from dataclasses import replace

from srcad.analysis.alias import Aliases
from srcad.ir import (
    Append,
    Apply,
    Assign,
    Body,
    Exit,
    Expr,
    For,
    Function,
    If,
    Invoke,
    Item,
    Note,
    Raise,
    Stmt,
    Store,
    Var,
    While,
    may_write,
    names,
    nodes,
    reads,
)
from srcad.rules import RULES
from srcad.types import is_float

Live = frozenset[str]


def drop_dead(f: Function, value: Expr | None = None) -> Function:
    """`f` without the statements on which its result does not depend, but for the steps that make `value`."""
    return _Dropper(f, value).function()


class _Dropper:
    def __init__(self, f: Function, value: Expr | None) -> None:
        self.f = f
        self.aliases = Aliases(f)
        self.shown = set(names(value))  # the names that lead to the value
        for s in reversed(f.body):
            if isinstance(s, Assign) and s.target in self.shown:
                self.shown |= set(names(s.value))

    def function(self) -> Function:
        wanted = self._read(self.f.result) if self.f.result is not None else frozenset()
        live, pairs = wanted, []
        for s in reversed(self.f.body):
            live, kept = self.statement(s, live, wanted, live_loop=True)
            pairs.append((s, kept))
        return replace(self.f, body=self._with_steps(pairs[::-1]))

    def _read(self, e: Expr) -> Live:
        """The names that `e` reads, and the contents of the arrays."""
        found = set(names(e))
        return frozenset(found | {g for n in found if (g := self.aliases.of(n)) is not None})

    def _reads(self, s: Stmt) -> Live:
        out: Live = frozenset()
        for e in reads(s):
            out |= self._read(e)
        return out

    def block(self, body: Body, live: Live, at_break: Live, live_loop: bool) -> tuple[Live, Body]:
        """The names live before `body`, and what is live of it."""
        out: list[Stmt] = []
        for s in reversed(body):
            live, kept = self.statement(s, live, at_break, live_loop)
            if kept is not None and not (isinstance(s, Note) and not out):  # a heading of nothing
                out.append(kept)
        return live, tuple(reversed(out))

    def statement(self, s: Stmt, live: Live, at_break: Live, live_loop: bool) -> tuple[Live, Stmt | None]:
        match s:
            case Assign(target, value):
                taken = isinstance(value, Apply) and value.op == ".pop" and bool(self._read(value) & live)
                if target not in live and not taken:  # what a live list holds is taken off it all the same
                    return live, None
                return (live - {target}) | self._read(value), s
            case Store(array, index, value):
                group = self.aliases.of(array.name) if isinstance(array, Var) else None
                if group not in live:
                    return live, None
                found = self._read(value).union(*(self._read(i) for i in index), names(array))
                return live | found, s
            case Append(lst, value):
                if self.aliases.of(lst) not in live:
                    return live, None
                return live | self._read(value) | {lst}, s
            case Invoke(targets):
                groups = {self.aliases.of(n) for a in may_write(s) for n in names(a)}
                if not (set(targets) & live or groups & live):
                    return live, None
                return (live - set(targets)) | self._reads(s), s
            case If():
                one, then = self.block(s.body, live, at_break, live_loop)
                two, orelse = self.block(s.orelse, live, at_break, live_loop)
                if not then and not orelse:
                    return live, None
                return one | two | self._read(s.test), replace(s, body=then, orelse=orelse)
            case For() | While():
                return self.loop(s, live)
            case Exit():
                return (at_break, s) if live_loop else (live, None)
            case Raise():
                return self._reads(s), s
            case Note():
                return live, s

    def loop(self, s: For | While, live: Live) -> tuple[Live, Stmt | None]:
        head, is_live = live, isinstance(s, For) and s.target in live
        while True:
            before, body = self.block(s.body, head, live, live_loop=is_live)
            if body and not is_live:
                is_live = True
                continue
            if not is_live:
                return live, None
            if isinstance(s, For):
                before -= {s.target}
            grown = head | before | (self._read(s.test) if isinstance(s, While) else frozenset())
            if grown == head:
                break
            head = grown
        live = head | self._reads(s)
        if isinstance(s, For) and s.target in live and s.target not in head:
            live -= {s.target}
        return live, replace(s, body=body)

    # ------------------------------------------------------------------ the intermediates of straight-line code

    def _with_steps(self, pairs: list[tuple[Stmt, Stmt | None]]) -> Body:
        """What is kept of each statement, and the dead scalar steps whose operands are there."""
        there = set(self.f.params)
        out: list[Stmt] = []
        for s, kept in pairs:
            if kept is None and isinstance(s, Assign) and self._is_step(s):
                operands = {n for n in names(s.value) if "." not in n}
                kept = s if operands <= there else None
            if kept is not None:
                out.append(kept)
                there |= {kept.target} if isinstance(kept, Assign) else set()
        return tuple(out)

    def _is_step(self, s: Assign) -> bool:
        simple = isinstance(s.value, Apply) and s.value.op in RULES
        loads = any(isinstance(n, Item) for n in nodes(s.value))
        return simple and not loads and s.target in self.shown and is_float(self.f.types.get(s.target))
