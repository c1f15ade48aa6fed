"""What the forward sweep records for the reverse sweep: routes, and calls that leave their values on the tape.

    m@0 = max(a@0, b@0)       ->       route@0 = not b@0 > a@0;  m@0 = max(a@0, b@0)
    y@0 = g(x@0)              ->       y@0 = g_forward(x@0)

Only where it matters to the result, so activity is found out here. Needs: SSA form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from numba.core import types

from srcad.algebra import simplify
from srcad.analysis.activity import Activity
from srcad.analysis.alias import Aliases, entries, foreign
from srcad.analysis.kinds import truth
from srcad.analysis.places import Block, places
from srcad.analysis.stacks import of_floats
from srcad.chain import instance
from srcad.errors import Location
from srcad.ir import (
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    Function,
    Invoke,
    Stmt,
    Var,
    map_bodies,
    may_write,
    names,
    reads,
    walk,
    writes,
)
from srcad.names import Names, base
from srcad.names import kept as kept_name
from srcad.rules import RULES, Rule
from srcad.sweeps import Forward
from srcad.types import is_list, is_reference


def record(f: Function, inputs: tuple[str, ...]) -> Forward:
    """The forward sweep of `f` for the float inputs `inputs` (names of scalars and arrays)."""
    return _Recorder(f, inputs).forward()


class _Recorder:
    def __init__(self, f: Function, inputs: tuple[str, ...]) -> None:
        self.f, self.inputs, self.types = f, inputs, f.types
        self.aliases = Aliases(f)
        outputs = list(names(f.result))
        if f.external:
            outputs += [f"{p}@0" for p in f.params if is_reference(f.types.get(p))]
        self.entries = entries(f)
        starts = (self.entries[i] for i in inputs)
        self.active = Activity(f, self.aliases, starts, outputs, of_floats(f, self.aliases))
        self.names = Names({base(n) for n in f.types} | set(f.params))
        self.names.reserve({n for s in walk(f.body) for n in _every_name(s)})
        self.routes: dict[str, dict[str, Expr]] = {}
        self.calls: set[str] = set()
        self.where = places(f)

    def forward(self) -> Forward:
        f = replace(self.f, body=self._call_forward(self._record(self.f.body)))
        return Forward(f, self.inputs, self.entries, self.aliases, self.active, self.routes, self.calls, self.names)

    def _record(self, body: Body) -> Body:
        """`body` with a condition recorded before each function that returns one of its operands."""
        out: list[Stmt] = []
        for s in body:
            match s:
                case Assign(target, Apply(op, args)) if op in RULES and RULES[op].route and target in self.active:
                    out += self._route(target, RULES[op], args, s.at)
            out.append(map_bodies(s, self._record))
        return tuple(out)

    def _route(self, target: str, rule: Rule, args: tuple[Expr, ...], at: Location) -> Iterator[Stmt]:
        assert rule.route is not None
        operands = dict(zip(rule.params, args, strict=False))
        rivals = [p for p in rule.route if p in operands]
        moving = [p for p in rivals if self.active.moves(operands[p])]
        chosen: dict[str, Expr] = {}
        for p in moving:
            alone = len(moving) == 1
            condition = simplify(instance(rule.route[p][1 if alone else 0], operands, target))
            if p is moving[-1] and len(moving) == 2 and len(rivals) == 2:
                chosen[p] = Const(None)  # the other of two
                continue
            name = self.names.fresh("route")
            self.types[name] = types.boolean
            chosen[p] = Var(f"{name}@0")
            yield Assign(f"{name}@0", truth(condition, self.types), at)
        self.routes[target] = chosen

    def _call_forward(self, body: Body) -> Body:
        """`body` with the calls that matter to the result made by their forward sweeps, which use the tape."""
        out: list[Stmt] = []
        for s in body:
            s = map_bodies(s, self._call_forward)
            if isinstance(s, Invoke) and s.own is not None:
                if self._matters(s):
                    self.calls.add(s.function)
                    s, before, after = self._kept(s)
                    out += (*before, s, *after)
                    continue
            elif isinstance(s, Invoke) and self._matters(s):
                name = f"{s.function}_forward"
                self.calls.add(name)
                s = replace(s, function=name)
            out.append(s)
        return tuple(out)

    def _matters(self, s: Invoke) -> bool:
        """Has the call an active argument or result?"""
        if s.own is not None:  # and an array that is only read passes nothing on by itself
            changed = (a.name for a in may_write(s) if isinstance(a, Var))
            return any(n in self.active for n in (*s.targets, *changed))
        return any(n in self.active for n in (*(a.name for a in s.args if isinstance(a, Var)), *s.targets))

    def _kept(self, s: Invoke) -> tuple[Invoke, list[Stmt], list[Stmt]]:
        """The call of a function with a rule of the user's own, with copies of arrays that change until it is reversed.

        Of arguments they are made before the call, of results after it. A copy is no array of the function's: nothing
        writes to it, and it has no shadow.
        """
        before: list[Stmt] = []
        after: list[Stmt] = []
        args = tuple(self._copied(a, s, before) for a in s.args)
        results = tuple(self._copied(Var(t), s, after) for t in s.targets)
        return replace(s, kept=(*args, *results)), before, after

    def _copied(self, a: Expr, s: Invoke, copies: list[Stmt]) -> Expr:
        """`a`, or the copy of it that is added to `copies`."""
        t = self.types.get(base(a.name)) if isinstance(a, Var) else None
        if not isinstance(a, Var) or not is_reference(t) or not self._changes(a.name, s):
            return a
        name = self.names.fresh(kept_name(base(a.name))) if not a.name.startswith("%") else self._numbered()
        self.types[name] = t.copy(layout="C", readonly=False) if isinstance(t, types.Array) else t
        copies.append(Assign(f"{name}@0", Apply(".copy", (a,)), s.at))
        return Var(f"{name}@0")

    def _numbered(self) -> str:
        name = self.names.numbered("%")
        while name in self.types:
            name = self.names.numbered("%")
        return name

    def _changes(self, array: str, s: Invoke) -> bool:
        """May the contents of `array` be others when the reverse sweep comes to `s`?"""
        group = self.aliases.of(array)
        if group in foreign(self.f, self.aliases):
            return True  # its callers' memory
        if is_list(self.types.get(base(array))):
            return True
        _, block, order = next(w for w in self.where.invokes if w[0] is s)
        for store, b, o in self.where.stores:
            same = isinstance(store.array, Var) and self.aliases.of(store.array.name) == group
            if same and self._later(block, order, b, o):
                return True
        for call, b, o in self.where.invokes:
            written = {self.aliases.of(n) for a in may_write(call) for n in names(a)}
            if group in written and self._later(block, order, b, o):
                return True
        return False

    def _later(self, block: Block, order: int, other: Block, at: int) -> bool:
        """May what stands at `other` run after, or as, what stands at `block`?"""
        if self.where.loops(self.where.common(block, other)):
            return True
        return at >= order and not self.where.exclusive(block, other)


def _every_name(s: Stmt) -> Iterator[str]:
    yield from (base(n) for n in writes(s))
    for e in reads(s):
        yield from (base(n) for n in names(e))
