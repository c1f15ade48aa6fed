"""What is carried beside the values of a function: in forward mode tangents, in sparse patterns sets of inputs.

    a1@0 = x@0 * y@0                  a1_dot = ...;  a1 = x * y
    v@0 = np.zeros(n)           ->    v = np.zeros(n);  v_dot = np.zeros(n)
    w@0 = v@0[1:]                     w_dot = v_dot[1:];  w = v[1:]

What belongs to a value is computed just before it, from operands that are still what they were; so nothing is saved,
whatever the loops. Each active array has a shadow for what its elements carry, made as the array itself is made: of a
view the same view, of another name the same shadow; so aliases need no care. With several lanes, each value carries
something in each. Needs: SSA form after `enclose`. Guarantees: code without version numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from srcad.algebra import simplify
from srcad.analysis.activity import Activity, differentiated, passive
from srcad.analysis.alias import Aliases, entries, input_of
from srcad.analysis.kinds import example
from srcad.analysis.shadow import mirror
from srcad.chain import instance
from srcad.errors import Location, unsupported
from srcad.ir import (
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Expr,
    Function,
    Invoke,
    Item,
    Select,
    Stmt,
    Store,
    Var,
    map_bodies,
    mentioned,
    names,
    plain,
    substitute,
)
from srcad.names import Names, base
from srcad.rules import RULES, Rule
from srcad.rules.arrays import FILL
from srcad.types import is_array, is_float, is_float_array, is_reference

COPIES = (".copy", "np.copy")


class Beside:
    """Writes what the active values of a function carry. What that is, a subclass says in the first methods."""

    def __init__(self, f: Function, inputs: tuple[str, ...], lanes: range = range(1)) -> None:
        self.f, self.inputs, self.lanes, self.types = f, inputs, lanes, dict(f.types)
        self.aliases = Aliases(f)
        self.entries = entries(f)
        outputs = list(names(f.result))
        if f.external:
            outputs += [f"{p}@0" for p in f.params if is_reference(f.types.get(p))]
        self.active = Activity(f, self.aliases, (self.entries[i] for i in inputs), outputs)
        self.passive = passive(f, self.active)
        self.names = Names({base(n) for n in f.types} | set(f.params))
        self.names.reserve(map(base, mentioned(f.body)))
        self.carried: list[dict[str, str]] = [{} for _ in lanes]  # in each lane, by the name of the value
        for lane in lanes:
            for i in inputs:
                self.own(i, lane)

    def function(self) -> Function:
        """The function with what its values carry."""
        head, rest = self._head()
        body = (*head, *self.body(rest))
        result = None if self.f.result is None else self._result(self.f.result)
        result = None if result is None else substitute(result, lambda n: Var(base(n)))
        return replace(self.f, body=plain(body), result=result, types=self.types)

    # ------------------------------------------------------------------ what a subclass says

    def _shown(self, name: str, lane: int) -> str:
        """How what `name` carries is called, if that is free."""
        raise NotImplementedError

    def _type(self, t: Any) -> Any:
        """The type of what a value of type `t` carries."""
        return t

    def _zero(self, t: Any) -> Expr:
        """What a float of type `t` carries that depends on no input."""
        raise NotImplementedError

    def _blank(self, array: Expr) -> Expr:
        """A shadow of `array` in which no element depends on an input."""
        raise NotImplementedError

    def _result(self, e: Expr) -> Expr:
        """What the function returns instead of `e`."""
        raise NotImplementedError

    def _fresh(self, s: Assign) -> Expr:
        """The shadow of the array that `s` makes anew."""
        match s.value:
            case Array((), True, _, of):
                item = self._type(self.types[base(s.target)].dtype)
                return replace(s.value, of=None if of is None else example(item))
            case Apply(op) if op in FILL or not any(n in self.active for n in differentiated(s.value)):
                return self._blank(Var(s.target))
        raise unsupported(s.at, "this array has no derivative", "a loop that fills it")

    def _store(self, s: Store, lane: int) -> Iterator[Stmt]:
        """What goes into the shadow where `s` writes to an active array."""
        raise NotImplementedError

    def _invoke(self, s: Invoke) -> Iterator[Stmt]:
        """A call that something active goes into or comes out of."""
        raise NotImplementedError

    def _by_rule(
        self, rule: Rule, args: tuple[Expr, ...], target: str, lets: list[Assign], at: Location
    ) -> list[Expr]:
        """What `target`, computed by an operation with this rule, carries in each lane; `lets` is computed before.

        Nothing, if it needs to carry nothing.
        """
        raise NotImplementedError

    # ------------------------------------------------------------------ names

    def own(self, version: str, lane: int = 0) -> str:
        """The name of what the value, or of the shadow of the array, `version` carries."""
        name, carried = base(version), self.carried[lane]
        if name not in carried:
            shown = self._shown(name, lane)
            carried[name] = shown if name.startswith("%") else self.names.fresh(shown)
            self.types[carried[name]] = self._type(self.types[name])
        return carried[name]

    def _of(self, e: Expr, lane: int = 0) -> Expr:
        """What an active operand, a name or an element, carries."""
        if isinstance(e, Item):
            assert isinstance(e.base, Var)
            return Item(Var(self.own(e.base.name, lane)), e.index)
        assert isinstance(e, Var)
        return Var(self.own(e.name, lane))

    def _or_zero(self, e: Expr, t: Any, lane: int = 0) -> Expr:
        """What an operand of type `t` carries, active or not."""
        return self._of(e, lane) if self.active.moves(e) else self._zero(t)

    def _whole(self, e: Expr, t: Any, lane: int) -> Expr:
        """What `e`, a float or an array of floats, carries, active or not."""
        if isinstance(e, Var) and e.name in self.active:
            return self._of(e, lane)
        return self._blank(e) if is_array(t) else self._zero(t)

    def _carries(self, target: str) -> bool:
        """Does what a call returns as `target`, a float or an array of floats, carry something?"""
        t = self.types[base(target)]
        return is_float(t) or is_float_array(t)

    def _new(self, target: str) -> str:
        """A name for a value before `target` holds it."""
        new = self.names.fresh("out") if not target.startswith("%") else f"{base(target)}_out"
        self.types[new] = self.types[base(target)]
        return new

    # ------------------------------------------------------------------ statements

    def _head(self) -> tuple[Body, Body]:
        """The parameters' items, then what inputs carry that have nothing given; and the rest of the body."""
        taken = [s for s in self.f.body if isinstance(s, Assign) and input_of(s.value, self.f) is not None]
        head: list[Stmt] = [*taken]
        for name, version in self.entries.items():
            t = self.types.get(name)
            if name in self.carried[0]:
                continue
            if is_float(t) and version in self.passive:
                head += (Assign(self.own(name, lane), self._zero(t)) for lane in self.lanes)
            elif is_float_array(t) and version in self.active:
                head += (Assign(self.own(name, lane), self._blank(Var(name))) for lane in self.lanes)
        return tuple(head), tuple(s for s in self.f.body if s not in taken)

    def body(self, body: Body) -> Body:
        """`body` with what its values carry."""
        return tuple(t for s in body for t in self.statement(s))

    def statement(self, s: Stmt) -> Iterator[Stmt]:
        """`s` with what its values carry."""
        match s:
            case Assign(target, Apply(".pop", (Var(lst),))) if lst in self.active:
                for lane in self.lanes:
                    yield Assign(self.own(target, lane), Apply(".pop", (Var(self.own(lst, lane)),)), s.at)
            case Assign(target, value) if is_float(self.types.get(base(target))):
                if target in self.active:
                    yield from self._assign(target, value, s.at)
                    return
                if target in self.passive:
                    yield from self._still(target, s.at)
            case Assign(target) if target in self.active:
                yield from self._array(s)
                return
            case Store(Var(array)) if array in self.active:
                for lane in self.lanes:
                    yield from self._store(s, lane)
            case Append(lst, value) if lst in self.active:
                for lane in self.lanes:
                    yield Append(
                        self.own(lst, lane), self._or_zero(value, self.types[base(lst)].dtype, lane), None, s.at
                    )
            case Invoke():
                yield from self._call(s)
                return
        yield map_bodies(s, self.body)

    def _still(self, target: str, at: Location) -> Iterator[Stmt]:
        """What the float `target` carries that depends on no input."""
        for lane in self.lanes:
            yield Assign(self.own(target, lane), self._zero(self.types[base(target)]), at)

    def _array(self, s: Assign) -> Iterator[Stmt]:
        """The shadow of an array, made as the array is."""
        mirrored = [
            mirror(s.value, lambda n, lane=lane: Var(self.own(n, lane)) if self.aliases.of(n) is not None else None)  # type: ignore[misc]
            for lane in self.lanes
        ]
        if mirrored[0] is None:
            yield s
            made = self._fresh(s)
            yield from (Assign(self.own(s.target, lane), made, s.at) for lane in self.lanes)
            return
        for lane, under in zip(self.lanes, mirrored, strict=True):  # before `s`, which may change what the index reads
            assert under is not None
            copied = isinstance(s.value, Apply) and s.value.op in COPIES
            yield Assign(self.own(s.target, lane), Apply(s.value.op, (under,)) if copied else under, s.at)  # type: ignore[union-attr]
        yield s

    def _call(self, s: Invoke) -> Iterator[Stmt]:
        """A call of a function that stays a call, or has a rule of the user's own."""
        into = any(isinstance(a, Var) and a.name in self.active for a in s.args)
        if into or any(t in self.active for t in s.targets):
            yield from self._invoke(s)
            return
        yield s

    def _given(self, s: Invoke, lane: int) -> Iterator[Expr]:
        """What the floats and arrays carry that a call is given."""
        for a in s.args:
            t = self.types.get(base(a.name)) if isinstance(a, Var) else None
            if is_float(t) or is_float_array(t):
                yield self._whole(a, t, lane)
            elif isinstance(a, Const) and isinstance(a.value, float):
                yield self._zero(None)

    # ------------------------------------------------------------------ floats

    def _assign(self, target: str, value: Expr, at: Location) -> Iterator[Stmt]:
        lets: list[Assign] = []
        found = self._carried_by(target, value, lets, at)
        read = {n for e in (*found, *(s.value for s in lets)) for n in names(e)}
        own = [self.own(target, lane) for lane in self.lanes[: len(found)]]
        assign = Assign(target, value, at)
        if target not in read:
            yield from (*lets, *map(Assign, own, found, [at] * len(own)), assign)
            return
        if not any(base(n) == base(target) for n in read - {target}):
            yield from (assign, *lets, *map(Assign, own, found, [at] * len(own)))
            return
        new = self._new(target)

        def renamed(e: Expr) -> Expr:
            return substitute(e, lambda n: Var(new) if n == target else Var(n))

        yield Assign(new, value, at)
        yield from (Assign(s.target, renamed(s.value), at) for s in lets)
        yield from (Assign(n, renamed(e), at) for n, e in zip(own, found, strict=True))
        yield Assign(target, Var(new), at)

    def _carried_by(self, target: str, value: Expr, lets: list[Assign], at: Location) -> list[Expr]:
        """What `value` carries in each lane; `lets` takes what has to be computed before."""
        t = self.types[base(target)]
        match value:
            case Var() | Item():
                return [self._of(value, lane) for lane in self.lanes]
            case Select(test, yes, no):
                return [
                    simplify(Select(test, self._or_zero(yes, t, lane), self._or_zero(no, t, lane)))
                    for lane in self.lanes
                ]
            case Apply(op, args) if op in RULES and RULES[op].route is not None:
                return self._routed(RULES[op], args, target)
            case Apply(op, args) if op in RULES:
                return self._by_rule(RULES[op], args, target, lets, at)
        what = value.op if isinstance(value, Apply) else "this"
        raise unsupported(at, f"{what} has no derivative here", "operations that have a derivative rule")

    def _routed(self, rule: Rule, args: tuple[Expr, ...], target: str) -> list[Expr]:
        """What the operand carries that is returned."""
        assert rule.route is not None
        operands = dict(zip(rule.params, args, strict=False))
        rivals = [p for p in rule.route if p in operands]
        moving = [p for p in rivals if self.active.moves(operands[p])]
        last = moving.pop() if len(moving) == len(rivals) == 2 else None
        zero = self._zero(self.types[base(target)])
        found = [zero if last is None else self._of(operands[last], lane) for lane in self.lanes]
        for p in reversed(moving):
            alone = len(moving) == 1 and last is None
            condition = simplify(instance(rule.route[p][1 if alone else 0], operands, target))
            found = [Select(condition, self._of(operands[p], n), e) for n, e in zip(self.lanes, found, strict=True)]
        return found
