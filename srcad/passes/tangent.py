"""Forward mode: beside each statement, the tangent of what it computes.

    a1@0 = x1@0 * x2@0            a1_dot = x1_dot * x2 + x2_dot * x1
    a2@0 = math.sin(x2@0)    ->   a1 = x1 * x2
    a3@0 = a1@0 + a2@0            a2_dot = x2_dot * math.cos(x2);  a2 = math.sin(x2)
    -> a3@0                       a3_dot = a1_dot + a2_dot;  a3 = a1 + a2
                                  -> a3, a3_dot

For `out = f(x)`, out_dot = x_dot * df/dx, summed over the operands (Griewank and Walther, Evaluating Derivatives, 2nd
ed., table 3.1). A tangent is computed just before the value that it belongs to, from operands that are still what
they were; so nothing is saved, whatever the loops. Each active array has a shadow that holds its tangents, made as the
array itself is made: of a view the same view, of another name the same shadow; so aliases need no care. Needs: SSA
form after `enclose`. Guarantees: code without version numbers, whose result is the value and its tangent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from srcad.algebra import simplify, times, total
from srcad.analysis.activity import Activity, differentiated, passive
from srcad.analysis.alias import Aliases, entries, input_of
from srcad.analysis.finite import Finite
from srcad.analysis.shadow import mirror
from srcad.chain import guarded, instance, zero_of
from srcad.declared import check_tangent, extras, forward_rule, type_of, whole, writes_arrays
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
    Tuple,
    Var,
    map_bodies,
    may_write,
    names,
    nodes,
    plain,
    reads,
    substitute,
    walk,
    writes,
)
from srcad.names import Names, base, dot
from srcad.rules import RULES, Rule
from srcad.rules.arrays import FILL
from srcad.types import is_array, is_float, is_float_array

AS_MADE = ("np.zeros", "np.empty", "np.zeros_like", "np.empty_like")  # arrays whose shadows start like themselves
CHEAP = ("+", "-", "*", "neg")
COPIES = (".copy", "np.copy")


def tangent(f: Function, inputs: Iterable[str], lanes: int = 1) -> tuple[Function, list[dict[str, str]]]:
    """`f` with tangents for its float inputs `inputs` (names of scalars and arrays), and the tangents' names by lane.

    With several lanes, as many directions are followed at once: the values are computed once for all of them, and
    the result is the value and the tuple of the tangents.

    Raises:
        SrcadError: a value that matters comes from something without a derivative.
    """
    made = _Forward(f, tuple(inputs), range(lanes))
    return made.function(), made.dots


class _Forward:
    def __init__(self, f: Function, inputs: tuple[str, ...], lanes: range) -> None:
        self.f, self.inputs, self.lanes, self.types = f, inputs, lanes, dict(f.types)
        self.aliases = Aliases(f)
        self.entries = entries(f)
        outputs = list(names(f.result))
        if f.external:
            outputs += [f"{p}@0" for p in f.params if is_array(f.types.get(p))]
        self.active = Activity(f, self.aliases, (self.entries[i] for i in inputs), outputs)
        self.finite = Finite(f, self.aliases)
        self.passive = passive(f, self.active)
        self.names = Names({base(n) for n in f.types} | set(f.params))
        self.names.reserve(base(n) for s in walk(f.body) for e in reads(s) for n in names(e))
        self.names.reserve(base(n) for s in walk(f.body) for n in writes(s))
        self.dots: list[dict[str, str]] = [{} for _ in lanes]
        for lane in lanes:
            for i in inputs:
                self._dot(i, lane)

    def function(self) -> Function:
        head, rest = self._head()
        body = (*head, *self.body(rest))
        result: Expr | None = None
        if self.f.result is not None:
            moved = tuple(self._of_result(self.f.result, lane) for lane in self.lanes)
            both = Tuple((self.f.result, moved[0] if len(moved) == 1 else Tuple(moved)))
            result = substitute(both, lambda n: Var(base(n)))
        return replace(self.f, body=plain(body), result=result, types=self.types)

    # ------------------------------------------------------------------ what is known from the start

    def _head(self) -> tuple[Body, Body]:
        """The parameters' items, then the tangents of inputs that have none given; and the rest of the body."""
        taken = [s for s in self.f.body if isinstance(s, Assign) and input_of(s.value, self.f) is not None]
        head: list[Stmt] = [*taken]
        for name, version in self.entries.items():
            if name in self.dots[0]:
                continue
            t = self.types.get(name)
            if is_float(t) and version in self.passive:
                head += (Assign(self._dot(name, lane), zero_of(t)) for lane in self.lanes)
            elif is_float_array(t) and version in self.active:
                zeros = Apply("np.zeros_like", (Var(name),))
                head += (Assign(self._dot(name, lane), zeros) for lane in self.lanes)
        return tuple(head), tuple(s for s in self.f.body if s not in taken)

    def _dot(self, version: str, lane: int) -> str:
        """The name of the tangent of the value, or of the array, `version`."""
        name, dots = base(version), self.dots[lane]
        if name not in dots:
            shown = dot(name) + (str(lane + 1) if len(self.lanes) > 1 else "")
            dots[name] = shown if name.startswith("%") else self.names.fresh(shown)
            self.types[dots[name]] = self.types[name]
        return dots[name]

    def _of_result(self, e: Expr, lane: int) -> Expr:
        """The tangent of the result, in the structure of the result."""
        match e:
            case Tuple(items, name):
                return Tuple(tuple(self._of_result(i, lane) for i in items), name)
            case Var(version):
                t = self.types.get(base(version))
                if is_float_array(t):
                    return Var(self._dot(version, lane)) if version in self.active else Apply("np.zeros_like", (e,))
                if is_float(t):
                    return Var(self._dot(version, lane)) if version in self.active else zero_of(t)
        return Const(0.0) if isinstance(e, Const) and isinstance(e.value, float) else Const(0)

    # ------------------------------------------------------------------ statements

    def body(self, body: Body) -> Body:
        return tuple(t for s in body for t in self.statement(s))

    def statement(self, s: Stmt) -> Iterator[Stmt]:
        match s:
            case Assign(target, Apply(".pop", (Var(lst),))) if lst in self.active:
                for lane in self.lanes:
                    yield Assign(self._dot(target, lane), Apply(".pop", (Var(self._dot(lst, lane)),)), s.at)
            case Assign(target, value) if is_float(self.types.get(base(target))):
                if target in self.active:
                    yield from self._assign(target, value, s.at)
                    return
                if target in self.passive:
                    for lane in self.lanes:
                        yield Assign(self._dot(target, lane), zero_of(self.types[base(target)]), s.at)
            case Assign(target, value) if target in self.active:
                yield from self._array(s)
                return
            case Store(Var(array), _, value) if array in self.active:
                for lane in self.lanes:
                    if self.active.moves(value):
                        yield replace(s, array=Var(self._dot(array, lane)), value=self._of(value, lane))
                    elif s.op is None:
                        zero = zero_of(self.types[base(array)].dtype)
                        yield replace(s, array=Var(self._dot(array, lane)), value=zero)
            case Append(lst, value) if lst in self.active:
                for lane in self.lanes:
                    zero = zero_of(self.types[base(lst)].dtype)
                    moved = self._of(value, lane) if self.active.moves(value) else zero
                    yield Append(self._dot(lst, lane), moved, None, s.at)
            case Invoke(own=own) if own is not None:
                yield from self._own_rule(s)
                return
            case Invoke():
                yield self._invoke(s)
                return
        yield map_bodies(s, self.body)

    def _of(self, e: Expr, lane: int) -> Expr:
        """The tangent of an active operand: a name or an element."""
        if isinstance(e, Item):
            assert isinstance(e.base, Var)
            return Item(Var(self._dot(e.base.name, lane)), e.index)
        assert isinstance(e, Var)
        return Var(self._dot(e.name, lane))

    def _array(self, s: Assign) -> Iterator[Stmt]:
        """The shadow of an array, made as the array is."""
        first = [self._mirrored(s, lane) for lane in self.lanes]
        if first[0] is not None:  # before `s`: the index may be made of what the name was before
            yield from (m for m in first if m is not None)
            yield s
            return
        yield s
        made: Expr
        match s.value:
            case Array((), True):
                made = s.value
            case Apply(op) if op in AS_MADE:
                made = s.value
            case Apply(op) if op in FILL or not any(n in self.active for n in differentiated(s.value)):
                made = Apply("np.zeros_like", (Var(s.target),))
            case _:
                raise unsupported(s.at, "this array has no derivative", "a loop that fills it")
        yield from (Assign(self._dot(s.target, lane), made, s.at) for lane in self.lanes)

    def _mirrored(self, s: Assign, lane: int) -> Stmt | None:
        """The shadow of a view, or of another name for an array."""
        under = mirror(s.value, lambda n: Var(self._dot(n, lane)) if self.aliases.of(n) is not None else None)
        if under is None:
            return None
        if isinstance(s.value, Apply) and s.value.op in COPIES:
            under = Apply(s.value.op, (under,))
        return Assign(self._dot(s.target, lane), under, s.at)

    def _invoke(self, s: Invoke) -> Stmt:
        """A call of a function that stays a call: its tangent takes the arguments' tangents, and returns its own."""
        moving = any(isinstance(a, Var) and a.name in self.active for a in s.args)
        if not moving and not any(t in self.active for t in s.targets):
            return s
        dots: list[Expr] = []
        made: list[str] = []
        for lane in self.lanes:
            for a in s.args:
                t = self.types.get(base(a.name)) if isinstance(a, Var) else None
                if isinstance(a, Var) and (is_float(t) or is_float_array(t)):
                    zero = Apply("np.zeros_like", (a,)) if is_array(t) else zero_of(t)
                    dots.append(self._of(a, lane) if a.name in self.active else zero)
                elif isinstance(a, Const) and isinstance(a.value, float):
                    dots.append(zero_of(None))
            made += (self._dot(t, lane) for t in s.targets if is_float(self.types[base(t)]))
        return Invoke((*s.targets, *made), f"{s.function}_jvp", (*s.args, *dots), s.at)

    def _own_rule(self, s: Invoke) -> Iterator[Stmt]:
        """The user's own rule, before the call: it takes the arguments and the tangents it names, and returns its own.

        A rule that asks for the result is called after it.
        """
        changed = (a.name for a in may_write(s) if isinstance(a, Var))
        if not any(n in self.active for n in (*s.targets, *changed)):
            yield s
            for lane in self.lanes:
                yield from (self._still(t, lane, s.at) for t in s.targets if t in self.passive)
            return
        rule = forward_rule(s, self.types)
        results = s.targets
        after = "out" in rule.extra and bool(results) and not writes_arrays(s, self.types)
        if after:
            results = tuple(self._new(t) for t in s.targets)
            yield replace(s, targets=results)
        for lane in self.lanes:
            known: dict[str, Expr] = {"out": whole(map(Var, results))} if after else {}
            for p, a in zip(rule.params, s.args, strict=True):
                t = type_of(a, self.types)
                if is_float_array(t) or is_float(t):
                    zero = Apply("np.zeros_like", (a,)) if is_float_array(t) else zero_of(t)
                    known[f"{p}_dot"] = self._of(a, lane) if self.active.moves(a) else zero
            args = (*s.args, *extras(s, rule, self.types, "_dot", known, self.active.moves))
            check_tangent(s, rule, args, self.types)
            yield Invoke(tuple(self._dot(t, lane) for t in s.targets), rule.name, args, s.at)
            for target in s.targets:  # a rule may return what it was given
                if is_array(self.types[base(target)]):
                    own = Var(self._dot(target, lane))
                    yield Assign(own.name, Apply(".copy", (own,)), s.at)
        if after:
            yield from (Assign(t, Var(r), s.at) for t, r in zip(s.targets, results, strict=True))
        else:
            yield s

    def _still(self, target: str, lane: int, at: Location) -> Stmt:
        return Assign(self._dot(target, lane), zero_of(self.types[base(target)]), at)

    def _new(self, target: str) -> str:
        """A name for a value before `target` holds it."""
        new = self.names.fresh("out") if not target.startswith("%") else f"{base(target)}_out"
        self.types[new] = self.types[base(target)]
        return new

    # ------------------------------------------------------------------ scalars

    def _assign(self, target: str, value: Expr, at: Location) -> Iterator[Stmt]:
        lets: list[Assign] = []
        moved = self._tangents(target, value, lets, at)
        read = {n for e in (*moved, *(s.value for s in lets)) for n in names(e)}
        own = [self._dot(target, lane) for lane in self.lanes]
        assign = Assign(target, value, at)
        if target not in read:
            yield from (*lets, *map(Assign, own, moved, [at] * len(own)), assign)
            return
        if not any(base(n) == base(target) for n in read - {target}):
            yield from (assign, *lets, *map(Assign, own, moved, [at] * len(own)))
            return
        new = self.names.fresh("out") if not target.startswith("%") else f"{base(target)}_out"
        self.types[new] = self.types[base(target)]

        def renamed(e: Expr) -> Expr:
            return substitute(e, lambda n: Var(new) if n == target else Var(n))

        yield Assign(new, value, at)
        yield from (Assign(s.target, renamed(s.value), at) for s in lets)
        yield from (Assign(n, renamed(e), at) for n, e in zip(own, moved, strict=True))
        yield Assign(target, Var(new), at)

    def _tangents(self, target: str, value: Expr, lets: list[Assign], at: Location) -> list[Expr]:
        """The tangent of `value` in each lane; `lets` takes what has to be computed before."""
        zero = zero_of(self.types[base(target)])
        match value:
            case Var() | Item():
                return [self._of(value, lane) for lane in self.lanes]
            case Select(test, yes, no):
                return [simplify(Select(test, self._or(yes, zero, n), self._or(no, zero, n))) for n in self.lanes]
            case Apply(op, args) if op in RULES and RULES[op].route is not None:
                return self._routed(RULES[op], args, target, zero)
            case Apply(op, args) if op in RULES:
                return self._rule(RULES[op], args, target, zero, lets, at)
        what = value.op if isinstance(value, Apply) else "this"
        raise unsupported(at, f"{what} has no derivative here", "operations that have a derivative rule")

    def _or(self, e: Expr, zero: Expr, lane: int) -> Expr:
        return self._of(e, lane) if self.active.moves(e) else zero

    def _rule(
        self, rule: Rule, args: tuple[Expr, ...], target: str, zero: Expr, lets: list[Assign], at: Location
    ) -> list[Expr]:
        operands = dict(zip(rule.params, args, strict=False))
        known: dict[str, Expr] = {}
        wanted = [(p, a) for p, a in operands.items() if p in rule.partials and self.active.moves(a)]
        for name, text in rule.let:
            known[name] = simplify(instance(text, operands, target, known))
            if sum(name in rule.partials[p] for p, _ in wanted) * len(self.lanes) > 1:
                shared = self.names.fresh(name)
                lets.append(Assign(shared, known[name], at))
                known[name] = Var(shared)
        partials: list[tuple[Expr, Expr, bool]] = []
        for p, a in wanted:
            partial = simplify(instance(rule.partials[p], operands, target, known))
            vouched = rule.poles is False and all(self.finite.finite(e) for e in (*args, Var(target)))
            sound = vouched or isinstance(partial, Const) or self.finite.finite(partial)
            if len(self.lanes) > 1 and not _is_cheap(partial):
                shared = self.names.fresh("partial")
                self.types[shared] = self.types[base(target)]
                lets.append(Assign(shared, partial, at))
                partial = Var(shared)
            partials.append((a, partial, sound))
        return [total([self._term(*term, zero, lane) for term in partials]) for lane in self.lanes]

    def _term(self, operand: Expr, partial: Expr, sound: bool, zero: Expr, lane: int) -> Expr:
        moving = self._of(operand, lane)
        return guarded(times(moving, partial), sound, moving, zero)

    def _routed(self, rule: Rule, args: tuple[Expr, ...], target: str, zero: Expr) -> list[Expr]:
        """The tangent of the operand that is returned."""
        assert rule.route is not None
        operands = dict(zip(rule.params, args, strict=False))
        rivals = [p for p in rule.route if p in operands]
        moving = [p for p in rivals if self.active.moves(operands[p])]
        last = moving.pop() if len(moving) == len(rivals) == 2 else None
        found = [zero if last is None else self._of(operands[last], lane) for lane in self.lanes]
        for p in reversed(moving):
            alone = len(moving) == 1 and last is None
            condition = simplify(instance(rule.route[p][1 if alone else 0], operands, target))
            found = [Select(condition, self._of(operands[p], n), e) for n, e in zip(self.lanes, found, strict=True)]
        return found


def _is_cheap(partial: Expr) -> bool:
    """Is a partial no more than one operation on names, which several lanes may as well repeat?"""
    return not any(isinstance(n, Apply) and n.op not in CHEAP for n in nodes(partial))
