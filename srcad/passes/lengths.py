"""How long lists are, counted: the reverse sweep meets them when they have grown.

    v = []                        v = [];  v_length = 0
    v.append(x)           ->      v.append(x) at v_length;  v_length = v_length + 1
    s = v[-1] + len(v)            s = v[v_length - 1] + v_length
                                  v_size = v_length

Every list of numbers has a count of its items, and an index from the end counts from there. Where the list will be no
longer, its size has a name: the reverse sweep makes the shadow of it. Lists of arrays, lists with their bars beside
them, and those that are stacks alone have no count: see `shadows.py`, `analysis/paired.py` and `analysis/stacks.py`.
Needs: breaks that end their iteration. Guarantees: an Append to a counted list has a position.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from numba.core import types

from srcad.analysis.alias import Aliases
from srcad.analysis.loops import counters, leaves
from srcad.analysis.stacks import stacks
from srcad.build import Builder
from srcad.ir import (
    ONE,
    ZERO,
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Expr,
    Function,
    Item,
    Select,
    Stmt,
    Store,
    Var,
    bindings,
    map_bodies,
    map_exprs,
    mentioned,
    transform,
    walk,
)
from srcad.types import holds_arrays, is_list


def lengths(f: Function) -> Function:
    """`f` with its lists counted."""
    if not any(map(is_list, f.types.values())):
        return f
    made = _Lengths(f)
    body = made.body(f.body)
    return replace(f, body=body, types=made.b.types, sizes=made.sizes)


class _Lengths:
    def __init__(self, f: Function) -> None:
        self.f, self.b, self.aliases = f, Builder(f), Aliases(f)
        self.counters = counters(f)
        self.sizes: dict[str, str] = {}
        self.stacks = stacks(f, self.aliases)
        every = {*mentioned(f.body), *f.params}
        self.lengths = self._lengths(sorted(n for n in every if is_list(f.types.get(n))))

    def _lengths(self, lists: list[str]) -> dict[str, str]:
        """The name that counts the items of each list of numbers: one for all the names of a list."""
        made: dict[str | None, list[Assign]] = {}
        for s in walk(self.f.body):
            if isinstance(s, Assign) and isinstance(s.value, Array) and s.value.is_list:
                made.setdefault(self.aliases.of(s.target), []).append(s)
        found: dict[str, str] = {}
        counts: dict[str | None, str] = {}
        for n in lists:
            group = self.aliases.of(n)
            if n in self.f.paired or holds_arrays(self.b.types[n]) or group in self.stacks:
                continue  # `shadows` has a list beside it; or it is a stack that nobody reads
            if group not in counts:
                shown = made[group][0].target
                counts[group] = self.b.new("length" if shown.startswith("%") else f"{shown}_length", types.int64)
            found[n] = counts[group]
        return found

    def body(self, body: Body) -> Body:
        out: list[Stmt] = []
        for s in body:
            out += self._statement(s)
        ends: dict[int, list[Stmt]] = {}
        for s in body:
            if isinstance(s, Assign) and isinstance(s.value, Array) and is_list(self.b.types.get(s.target)):
                at, size = self._size(s, out, leaves(body))
                ends.setdefault(at, []).extend(size)
        return tuple(t for k, s in enumerate(out) for t in (s, *ends.get(k, ())))

    def _size(self, made: Assign, body: list[Stmt], early: bool) -> tuple[int, Body]:
        """How long the list that is `made` in `body` is in the end, and after which statement that is known.

        Its shadow is made of that. Where the body leaves the loop `early`, it is known after the last change; if it
        isn't then, it is the length of the list itself, which the sweep returns to.
        """
        name, group = made.target, self.aliases.of(made.target)
        beside = name in self.f.paired or holds_arrays(self.b.types[name])
        if beside or (name not in self.lengths and group not in self.stacks):
            return 0, ()
        length = self.lengths.get(name)
        names_of = bindings if length else mentioned
        changed = [
            k for k, s in enumerate(body)
            if any(n == length if length else self.aliases.of(n) == group for n in names_of((s,)))
        ]  # fmt: skip
        at = changed[-1] if early else len(body) - 1
        if leaves((body[at],)):
            assert length, f"{name} is in use where a loop is left"
            return 0, ()
        size = self.sizes[name] = self.b.new(f"{name}_size", types.int64)
        value = Var(length) if length else Apply("len", (Var(name),))
        return at, (Assign(size, value, made.at),)

    def _statement(self, s: Stmt) -> Body:
        s = self._counted(s)
        match s:
            case Assign(target, Array(items, True, _, of)) if target in self.lengths:
                start = replace(s, value=Array((), True, of=of)), Assign(self.lengths[target], ZERO, s.at)
                return (*start, *(t for i in items for t in self._appended(Append(target, i, None, s.at))))
            case Append(lst) if lst in self.lengths:
                return self._appended(s)
        return (map_bodies(s, self.body),)

    def _appended(self, s: Append) -> Body:
        length = self.lengths[s.list]
        return replace(s, position=Var(length)), Assign(length, Apply("+", (Var(length), ONE)), s.at)

    def _counted(self, s: Stmt) -> Stmt:
        """`len(v)` of a list is its count, and an index from the end counts from there."""

        def change(e: Expr) -> Expr:
            match e:
                case Apply("len", (Var(lst),)) if lst in self.lengths:
                    return Var(self.lengths[lst])
                case Item(Var(lst) as base, (index,)) if lst in self.lengths:
                    return Item(base, (self._from_start(lst, index),))
            return e

        if isinstance(s, Store) and isinstance(s.array, Var) and s.array.name in self.lengths:
            s = replace(s, index=(self._from_start(s.array.name, s.index[0]),))
        return map_exprs(s, lambda e: transform(e, change)) if self.lengths else s

    def _from_start(self, lst: str, index: Expr, natural: Set[Expr] = frozenset()) -> Expr:
        """An index into a list, counted from its start: the list may have grown when the reverse sweep uses it.

        Those of `natural` are known not to be negative.
        """
        length = Var(self.lengths[lst])
        if index in {*natural, length, Apply("len", (Var(lst),))}:
            return index
        match index:
            case Select(Apply(">=", (tested, Const(0))) as test, yes, no):
                yes = self._from_start(lst, yes, natural | {tested})
                return Select(test, yes, self._from_start(lst, no, natural))
            case Select(test, yes, no):
                return Select(test, *(self._from_start(lst, i, natural) for i in (yes, no)))
            case Const(int(i)):
                return index if i >= 0 else Apply("-", (length, Const(-i)))
            case Var(name) if name in self.counters:
                return index
            case Apply("+", (Var(name), Const(int(i)))) if name in self.counters and i >= 0:
                return index
            case Apply("-", (same, Const())) if same == length:
                return index
        return Select(Apply("<", (index, ZERO)), Apply("+", (index, length)), index)
