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

from collections.abc import Set as AbstractSet
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
    is_pop,
    may_write,
    names,
    nodes,
    reads,
)
from srcad.rules import RULES
from srcad.types import is_float

Live = set[str]  # the names that are still read; what goes back over the code changes it


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
        live = self._read(self.f.result) if self.f.result is not None else set()
        wanted, pairs = frozenset(live), []
        for s in reversed(self.f.body):
            pairs.append((s, self.statement(s, live, wanted, live_loop=True)))
        return replace(self.f, body=self._with_steps(pairs[::-1]))

    def _read(self, e: Expr) -> Live:
        """The names that `e` reads, and the contents of the arrays."""
        found = set(names(e))
        return found.union([g for n in found if (g := self.aliases.of(n)) is not None])

    def _reads(self, s: Stmt) -> Live:
        return set().union(*(self._read(e) for e in reads(s)))

    def block(self, body: Body, live: Live, at_break: AbstractSet[str], live_loop: bool) -> Body:
        """What is live of `body`; after it, `live` is before it."""
        out: list[Stmt] = []
        for s in reversed(body):
            kept = self.statement(s, live, at_break, live_loop)
            if kept is not None and not (isinstance(s, Note) and not out):  # a heading of nothing
                out.append(kept)
        return tuple(reversed(out))

    def statement(self, s: Stmt, live: Live, at_break: AbstractSet[str], live_loop: bool) -> Stmt | None:
        """What is kept of `s`: None if nothing is, and then `live` stays as it is."""
        match s:
            case Assign(target, value):
                found = self._read(value)
                taken = is_pop(value) and not live.isdisjoint(found)
                if target not in live and not taken:  # what a live list holds is taken off it all the same
                    return None
                live.discard(target)
                live |= found
            case Store(array, index, value):
                group = self.aliases.of(array.name) if isinstance(array, Var) else None
                if group not in live:
                    return None
                live |= self._read(value).union(*(self._read(i) for i in index), names(array))
            case Append(lst, value):
                if self.aliases.of(lst) not in live:
                    return None
                live |= self._read(value) | {lst}
            case Invoke(targets):
                groups = {self.aliases.of(n) for a in may_write(s) for n in names(a)}
                if live.isdisjoint(targets) and live.isdisjoint(groups):
                    return None
                live.difference_update(targets)
                live |= self._reads(s)
            case If():
                other = set(live)
                then = self.block(s.body, live, at_break, live_loop)
                orelse = self.block(s.orelse, other, at_break, live_loop)
                if not then and not orelse:
                    return None
                live |= other | self._read(s.test)
                return replace(s, body=then, orelse=orelse)
            case For() | While():
                return self.loop(s, live)
            case Exit():
                if not live_loop:
                    return None
                live.clear()
                live |= at_break
            case Raise():
                live.clear()
                live |= self._reads(s)
        return s

    def loop(self, s: For | While, live: Live) -> Stmt | None:
        after, head = frozenset(live), set(live)
        is_live = isinstance(s, For) and s.target in live
        while True:
            before = set(head)
            body = self.block(s.body, before, after, live_loop=is_live)
            if not is_live:
                if not body:
                    return None
                is_live = True
                continue
            if isinstance(s, For):
                before.discard(s.target)
            else:
                before |= self._read(s.test)
            if before <= head:
                break
            head |= before
        live |= head | self._reads(s)
        if isinstance(s, For) and s.target not in head:
            live.discard(s.target)
        return replace(s, body=body)

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
