"""How long lists are, counted: the reverse sweep meets them when they have grown.

    v = []                        v = [];  v_length = 0
    v.append(x)           ->      v.append(x) at v_length;  v_length = v_length + 1
    s = v[-1] + len(v)            s = v[v_length - 1] + v_length
                                  v_size = v_length

Every list of numbers has a count of its items, and an index from the end counts from there. Where the list will be no
longer, its size has a name: the reverse sweep makes the shadow of it. Lists that calls share and lists of arrays have
no count: see `analysis/stacks.py` and `shadows.py`. Needs: breaks that end their iteration. Guarantees: an Append to a
counted list has a position.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from numba.core import types

from srcad.analysis.alias import Aliases
from srcad.analysis.loops import counters, leaves
from srcad.analysis.stacks import other_uses, shared, stacks
from srcad.build import Builder
from srcad.errors import irreversible, several_lists
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
    map_bodies,
    map_exprs,
    mentioned,
    transform,
    walk,
    writes,
)
from srcad.types import holds_arrays, is_list, is_reference

TAKEN_OFF = (
    "the adjoint of code that takes items off a list can't be written",
    "an array and an index; or forward mode, jvp",
)


def lengths(f: Function) -> Function:
    """`f` with its lists counted.

    Raises:
        SrcadError: a name may stand for one of several lists, or for one that calls share and read.
    """
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
        """The name that counts the items of each list of numbers: one for all the names of a list.

        Raises:
            SrcadError: a name may stand for one of several lists, or for one that calls share and read.
        """
        made: dict[str | None, list[Assign]] = {}
        for s in walk(self.f.body):
            if isinstance(s, Assign) and isinstance(s.value, Array) and s.value.is_list:
                made.setdefault(self.aliases.of(s.target), []).append(s)
        found: dict[str, str] = {}
        counts: dict[str | None, str] = {}
        for n in lists:
            group = self.aliases.of(n)
            several = sum(self.aliases.of(other) == group for other in lists) > 1
            displays = made.get(group, [])
            if holds_arrays(self.b.types[n]):
                continue  # `shadows` has a list of shadows beside it
            if group in self.stacks:
                self._check_stack(n, displays)
                continue
            if not displays:
                raise irreversible(self.f.at, f"{n!r} is a list that {self.f.name} gets from a call", "an array")
            if len(displays) > 1 and several:
                raise several_lists(displays[-1].at, n)
            if group not in counts:
                shown = displays[0].target
                counts[group] = self.b.new("length" if shown.startswith("%") else f"{shown}_length", types.int64)
            found[n] = counts[group]
        return found

    def _check_stack(self, name: str, displays: list[Assign]) -> None:
        """Refuse the list `name`, which calls share, if it is more than one, or more than a stack of numbers."""
        if len(displays) > 1:
            raise several_lists(displays[-1].at, name)
        for s, _ in other_uses(self.f, {name}):
            at = self.f.at if s is None else s.at
            if self.aliases.of(name) not in shared(self.f, self.aliases):
                raise irreversible(at, *TAKEN_OFF)
            why = f"{name!r} is a list that {self.f.name} shares with a function that calls itself, and reads"
            raise irreversible(at, why, "an array; or nothing but append and pop")

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
        if name not in self.lengths and (group not in self.stacks or holds_arrays(self.b.types[name])):
            return 0, ()
        length = self.lengths.get(name)
        names_of = _bound if length else mentioned
        changed = [
            k for k, s in enumerate(body)
            if any(n == length if length else self.aliases.of(n) == group for n in names_of((s,)))
        ]  # fmt: skip
        at = changed[-1] if early else len(body) - 1
        if leaves((body[at],)):
            if length:
                return 0, ()
            why = f"the loop is left while {name!r} is in use"
            raise irreversible(made.at, why, "a condition around what follows instead of the break")
        size = self.sizes[name] = self.b.new(f"{name}_size", types.int64)
        value = Var(length) if length else Apply("len", (Var(name),))
        return at, (Assign(size, value, made.at),)

    def _statement(self, s: Stmt) -> Body:
        s = self._counted(s)
        match s:
            case Assign(target, Array(items, True)) if target in self.lengths:
                start = replace(s, value=Array((), True)), Assign(self.lengths[target], ZERO, s.at)
                return (*start, *(t for i in items for t in self._appended(Append(target, i, None, s.at))))
            case Assign(_, Apply(".pop", (Var(lst),))) if self.aliases.of(lst) in self.stacks:
                return (s,)
            case Assign(target, Apply(".pop")) if not is_reference(self.b.types.get(target)):
                raise irreversible(s.at, *TAKEN_OFF)
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


def _bound(body: Body) -> list[str]:
    return [n for s in walk(body) for n in writes(s)]
