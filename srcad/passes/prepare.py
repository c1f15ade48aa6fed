"""What the reverse sweep will ask of the forward sweep, made into ordinary names.

    while s < x: s = s * s      ->      trips = 0
                                        while s < x:
                                            trips = trips + 1
                                            s = s * s

Branch conditions get a name (`taken`), loops that may end early count their iterations (`trips`), and an array that is
given and written to becomes a copy. What nobody asks for in the end, `drop_dead` removes. Needs: scalar code with
types, breaks that end their iteration. Guarantees: every condition of an If is an atom.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from numba.core import types

from srcad.analysis.alias import Aliases, foreign, hands_lists, input_of, reads_held, written
from srcad.analysis.kinds import kind, truth
from srcad.analysis.loops import counters, leaves
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
    Invoke,
    Item,
    Raise,
    Slice,
    Stmt,
    Store,
    Tuple,
    Var,
    While,
    is_atom,
    map_bodies,
    map_each,
    map_exprs,
    mentioned,
    names,
    rename,
    substitute,
    transform,
)
from srcad.names import Names
from srcad.rules import RULES
from srcad.syntax import from_ast
from srcad.types import holds_arrays, is_array, is_float, is_list, is_tuple


def prepare(f: Function) -> Function:
    """`f` with conditions named, early-ending loops counted, and written arguments copied."""
    return _Preparer(f, reversing=True).function()


def enclose(f: Function) -> Function:
    """`f` with written arguments copied, and what else a forward sweep alone asks for."""
    return _Preparer(f, reversing=False).function()


def overwrites(f: Function) -> bool:
    """May `f` write to an array that it is given?"""
    return bool(_Preparer(f, reversing=False).overwritten())


class _Preparer:
    def __init__(self, f: Function, reversing: bool) -> None:
        self.types = dict(f.types)
        f = replace(f, body=self._unpacked(f.body), types=self.types)
        self.f, self.reversing = f, reversing
        self.around: list[Stmt] = []
        self.aliases = Aliases(f)
        self.written = written(self.f, self.aliases) | foreign(self.f, self.aliases)
        self.counters = counters(f)
        self.held = bool(f.paired) or any(map(holds_arrays, self.types.values()))  # lists that are asked once?
        self.names = Names({*mentioned(f.body), *f.params})

    def _unpacked(self, body: Body) -> Body:
        return tuple(map_bodies(s, self._unpacked) for s in _unpacked(body, self.types))

    def new(self, name: str, t: object) -> str:
        name = self.names.fresh(name)
        self.types[name] = t
        return name

    def function(self) -> Function:
        copies = [] if self.f.external else self.overwritten()
        body = self.body(self.f.body)
        head: list[Stmt] = []
        renamed = {}
        for name in copies:
            renamed[name] = self.new(name, self.types[name].copy(layout=_copied(self.types[name]), readonly=False))
        if renamed:
            body, result = self._protected(body, renamed, head)
        else:
            result = self.f.result
        return replace(self.f, body=(*head, *body), result=result, types=self.types)

    # ------------------------------------------------------------------ arguments that the function writes to

    def overwritten(self) -> list[str]:
        """The array inputs whose memory may be written."""
        return [n for n in self._inputs() if self.aliases.of(n) in self.written]

    def _inputs(self) -> list[str]:
        """The arrays that the function is given, those in tuples too."""
        inputs = [p for p in self.f.params if is_array(self.f.types.get(p))]
        for s in self.f.body:
            if isinstance(s, Assign) and input_of(s.value, self.f) and is_array(self.f.types.get(s.target)):
                inputs.append(s.target)
        return inputs

    def _apart(self, written: str, other: str) -> Stmt:
        """Refuse arguments that share memory, one of which is written to: with a copy it would no longer be shared."""
        why = f"{written} and {other} share memory and the function writes to {written}: pass a copy of one of them"
        error = Raise(Apply("ValueError", (Const(why),)), self.f.at)
        return If(Apply("share_memory", (Var(written), Var(other))), (error,))

    def _protected(self, body: Body, renamed: dict[str, str], head: list[Stmt]) -> tuple[Body, Expr | None]:
        """`body` on copies of the inputs `renamed`."""
        taken = [s for s in body if isinstance(s, Assign) and s.target in renamed]
        rest = tuple(s for s in body if s not in taken)
        inputs = self._inputs()
        taken += [s for s in rest if isinstance(s, Assign) and s.target in inputs]
        rest = tuple(s for s in rest if s not in taken)
        head += taken
        for old in renamed:
            head += [self._apart(old, other) for other in inputs if other != old]
        for old, new in renamed.items():
            fortran = getattr(self.types[new], "layout", "C") == "F"  # which .copy() would turn into C's
            head.append(Assign(new, Apply("np.copy" if fortran else ".copy", (Var(old),))))
        result = self.f.result
        if result is not None:
            result = transform(result, lambda e: Var(renamed.get(e.name, e.name)) if isinstance(e, Var) else e)
        return rename(rest, lambda n: renamed.get(n, n)), result

    # ------------------------------------------------------------------ statements

    def body(self, body: Body) -> Body:
        return tuple(t for s in body for t in self.statement(s))

    def statement(self, s: Stmt) -> Body:
        views, s = self._bases(s)
        if not self.reversing:
            return (*views, map_bodies(s, self.body))
        before, s = self._indices(s)
        return (*views, *before, *self._prepared(s))

    def _indices(self, s: Stmt) -> tuple[Body, Stmt]:
        """`s` with a name for every element that its indices and bounds read out of an array that is written to.

        The reverse sweep evaluates indices and bounds again, when the element may have changed.
        """
        before: list[Stmt] = []
        s = self._asked(s, before) if self.held else s

        def name(e: Expr) -> Expr:
            if isinstance(e, Item) and isinstance(e.base, Var) and self.aliases.of(e.base.name) in self.written:
                t = kind(e, self.types)
                if not is_array(t):  # `len(m[0])` reads no element
                    new = self.new("index", t)
                    before.append(Assign(new, e, s.at))
                    return Var(new)
            return e

        def inside(e: Expr) -> Expr:
            return Item(e.base, tuple(transform(i, name) for i in e.index)) if isinstance(e, Item) else e

        match s:
            case For(_, start, stop, step):
                start, stop, step = (transform(e, name) for e in (start, stop, step))
                s = replace(s, start=start, stop=stop, step=step)
            case Store(_, index):
                s = replace(s, index=tuple(transform(i, name) for i in index))
            case Assign(_, value):
                s = replace(s, value=transform(value, inside))
        return tuple(before), s

    def _asked(self, s: Stmt, before: list[Stmt]) -> Stmt:
        """`s` with a name for what its indices, bounds and operands ask lists that will be others later."""

        def name(e: Expr) -> Expr:
            if not reads_held(e, self.f):
                return e
            if isinstance(e, Slice):
                return Slice(*(None if x is None else name(x) for x in (e.lower, e.upper, e.step)))
            new = self.new("%held", types.unliteral(kind(e, self.types)))
            before.append(Assign(new, within(e), s.at))
            return Var(new)

        def within(e: Expr) -> Expr:
            match e:
                case Item(array, index):
                    return Item(name(array), map_each(index, name))
                case Field(array, attribute):
                    return Field(name(array), attribute)
                case Apply(op, args) if op not in ("and", "or"):
                    return replace(e, args=map_each(args, name))
                case Tuple(items):
                    return replace(e, items=map_each(items, name))
            return e

        match s:
            case For(_, start, stop, step):
                return replace(s, start=name(start), stop=name(stop), step=name(step))
            case Store(_, index):
                return replace(s, index=map_each(index, name))
            case Assign(_, value):
                return replace(s, value=within(value))
            case Invoke():
                return map_exprs(s, name)
        return s

    def _prepared(self, s: Stmt) -> Body:
        match s:
            case If(test, then, orelse):
                before: Body = ()
                if not is_atom(test):
                    name = self.new("taken", types.boolean)
                    before, test = (Assign(name, truth(test, self.types), s.at),), Var(name)
                return (*before, replace(s, test=test, body=self.body(then), orelse=self.body(orelse)))
            case For() | While():
                self.around.append(s)
                before, s = self._marked(s)
                inner = self.body(s.body)
                self.around.pop()
                if isinstance(s, For) and not leaves(s.body):
                    return (*before, replace(s, body=inner))
                trips = self.new("trips", types.int64)
                count = Assign(trips, Apply("+", (Var(trips), ONE)), s.at)
                return (*before, Assign(trips, ZERO, s.at), replace(s, body=(count, *inner), trips=trips))
            case Assign(target, Apply(op, args)) if self.around and _selects(op, args, target):
                return self._prepared(_as_branch(s, op, args))
            case Invoke(own=None):  # which is tested, where it matters (`apart`)
                known = any(map(is_list, map(self.types.get, s.targets))) or s.shadowed or hands_lists(s, self.types)
                return (replace(s, returns_new=not known),)
        return (s,)

    def _marked(self, s: For | While) -> tuple[Body, For | While]:
        """The loop `s`, with a mark for the last iteration in which a branch of its body assigned a float.

        If nothing else leaves an iteration, that one alone matters to the reverse sweep.
        """
        if not isinstance(s, For) or s.target not in self.counters or leaves(s.body):
            return (), s
        before: list[Stmt] = []
        out: list[Stmt] = []
        for t in s.body:
            if isinstance(t, Assign) and isinstance(t.value, Apply) and _selects(t.value.op, t.value.args, t.target):
                t = _as_branch(t, t.value.op, t.value.args)
            if isinstance(t, If) and any(isinstance(u, Assign) and is_float(self.types.get(u.target)) for u in t.body):
                mark = self.new("last", types.int64)
                before.append(Assign(mark, Const(-1), s.at))
                t = replace(t, body=(*t.body, Assign(mark, Var(s.target), t.at)), mark=mark)
            out.append(t)
        marks = tuple(a.target for a in before if isinstance(a, Assign))
        return tuple(before), replace(s, body=tuple(out), marks=marks)

    def _bases(self, s: Stmt) -> tuple[Body, Stmt]:
        """`s` with a name for every array that it takes an element of: `x.T[i, j]` is `t = x.T; t[i, j]`."""
        before: list[Stmt] = []

        def name(e: Expr) -> Expr:
            if isinstance(e, Item) and isinstance(e.base, Field) and e.base.name == "T":
                source = next(names(e.base))
                new = self.new("%view", self.types[source].copy(layout="A"))
                before.append(Assign(new, e.base, s.at))
                return replace(e, base=Var(new))
            return e

        s = map_exprs(s, lambda e: transform(e, name))
        return tuple(before), s


def _selects(op: str, args: tuple[Expr, ...], target: str) -> bool:
    """Does `op` return one of its two operands, the one that a condition names, else the other?

    One operand has to be `target` and the other one another name: in a tie with a constant the constant wins, which a
    branch can't say.
    """
    if len(args) != 2 or Var(target) not in args or args[0] == args[1] or any(isinstance(a, Const) for a in args):
        return False
    route = RULES[op].route if op in RULES else None
    return (
        route is not None
        and len(route) == 2
        and sorted(c for c, _ in route.values())[0].startswith("not ")
        and (len({c.removeprefix("not ") for c, _ in route.values()}) == 1)
    )


def _as_branch(s: Assign, op: str, args: tuple[Expr, ...]) -> If:
    """`m = max(m, v)` as `if v > m: m = v`."""
    rule = RULES[op]
    assert rule.route is not None
    other = next(p for p, a in zip(rule.params, args, strict=True) if a != Var(s.target))
    known = dict(zip(rule.params, args, strict=True))
    condition = from_ast(ast.parse(rule.route[other][0], mode="eval").body)
    test = substitute(condition, lambda n: known.get(n, Var(n)))
    return If(test, (Assign(s.target, known[other], s.at),), at=s.at)


def _unpacked(body: Body, kinds: dict[str, Any]) -> Iterator[Stmt]:
    """`body`, with the items of a call's tuple as targets: `t = g(x); a = t[0]; b = t[1]` is `a, b = g(x)`."""
    skip = 0
    for i, s in enumerate(body):
        if skip:
            skip -= 1
            continue
        if isinstance(s, Invoke) and len(s.targets) == 1 and is_tuple(kinds.get(s.targets[0])):
            t = s.targets[0]
            fields = list(getattr(kinds[t], "fields", ()))
            taken = {}
            for follower in body[i + 1 :]:
                match follower:
                    case Assign(target, Item(Var(name), (Const(int(k)),))) if name == t:
                        taken[k] = target
                    case Assign(target, Field(Var(name), attribute)) if name == t:
                        taken[fields.index(attribute)] = target
                    case _:
                        break
                skip += 1
            named: list[Stmt] = []
            for k, inner in enumerate(kinds[t]):
                if k not in taken or is_array(inner):
                    own = f"{t}_{k}"
                    kinds[own] = inner
                    if k in taken:
                        named.append(Assign(taken[k], Var(own), s.at))
                    taken[k] = own
            yield replace(s, targets=tuple(taken[k] for k in range(len(kinds[t]))))
            yield from named
            continue
        elif isinstance(s, Invoke) and all(kinds.get(t) == types.none for t in s.targets):
            s = replace(s, targets=())
        yield s


def _copied(t: object) -> str:
    return "F" if getattr(t, "layout", "C") == "F" else "C"
