"""Index domains: beside each statement, which of the inputs the value that it computes depends on.

    a1@0 = x1@0 * x2@0            a1_domain = unite(sets, x1_domain, x2_domain)
    a2@0 = math.sin(x2@0)    ->   a2_domain = x2_domain
    a3@0 = a1@0 + a2@0            a3_domain = unite(sets, a1_domain, a2_domain)
    -> a3@0                       -> a3_domain

A domain is a number that stands for a set (see `srcad.domains`), so a value's costs a word, and each active array has
a shadow of such numbers, made as the array itself is made. An operand counts where the operation has a partial with
respect to it, be it zero at this point; steps have none; of max, where and their like the operand counts that was
chosen: the pattern is that of the path taken, with the branches that this call took, and forward mode follows the
same one. The values themselves are computed only where branches, choices and indices ask for them.

Griewank and Walther, Evaluating Derivatives, 2nd ed., 2008, section 7.1. Needs: SSA form after `enclose`. Guarantees:
code without version numbers, whose result is the domains of the result's floats, in its structure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from numba.core import types

from srcad.algebra import simplify
from srcad.analysis.activity import Activity, differentiated, passive
from srcad.analysis.alias import Aliases, entries, input_of
from srcad.analysis.shadow import mirror
from srcad.chain import instance
from srcad.errors import Location, unsupported
from srcad.ir import (
    ZERO,
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Expr,
    Field,
    Function,
    Invoke,
    Item,
    Select,
    Stmt,
    Store,
    Tuple,
    Var,
    map_bodies,
    names,
    plain,
    reads,
    substitute,
    walk,
    writes,
)
from srcad.names import Names, base, domain
from srcad.rules import RULES, Rule
from srcad.rules.arrays import FILL
from srcad.types import is_array, is_float, is_float_array, is_list

COPIES = (".copy", "np.copy")
NONE = Const(None)
NUMBER = Field(Var("np"), "int64")


def pattern(f: Function, inputs: Iterable[str]) -> tuple[Function, dict[str, str], str]:
    """`f` with the domains for its float inputs `inputs`: the names of these, and of the array of all sets.

    Raises:
        SrcadError: a value that matters comes from something without a derivative.
    """
    made = _Domains(f, tuple(inputs))
    return made.function(), {i: made.domains[i] for i in made.inputs}, made.sets


class _Domains:
    def __init__(self, f: Function, inputs: tuple[str, ...]) -> None:
        self.f, self.inputs, self.types = f, inputs, dict(f.types)
        self.aliases = Aliases(f)
        self.entries = entries(f)
        outputs = list(names(f.result))
        if f.external:
            outputs += [f"{p}@0" for p in f.params if is_array(f.types.get(p))]
        self.active = Activity(f, self.aliases, (self.entries[i] for i in inputs), outputs)
        self.passive = passive(f, self.active)
        self.names = Names({base(n) for n in f.types} | set(f.params))
        self.names.reserve(base(n) for s in walk(f.body) for e in reads(s) for n in names(e))
        self.names.reserve(base(n) for s in walk(f.body) for n in writes(s))
        self.sets = self.names.fresh("sets")
        self.types[self.sets] = types.Array(types.int64, 1, "C")
        self.domains: dict[str, str] = {}
        for i in inputs:
            self._domain(i)

    def function(self) -> Function:
        head, rest = self._head()
        body = (*head, *self.body(rest))
        result: Expr | None = None
        if self.f.result is not None:
            result = substitute(self._of_result(self.f.result), lambda n: Var(base(n)))
        return replace(self.f, body=plain(body), result=result, types=self.types)

    # ------------------------------------------------------------------ what is known from the start

    def _head(self) -> tuple[Body, Body]:
        """The parameters' items, then the domains of inputs that have none given; and the rest of the body."""
        taken = [s for s in self.f.body if isinstance(s, Assign) and input_of(s.value, self.f) is not None]
        head: list[Stmt] = [*taken]
        for name, version in self.entries.items():
            if name in self.domains:
                continue
            t = self.types.get(name)
            if is_float(t) and version in self.passive:
                head.append(Assign(self._domain(name), ZERO))
            elif is_float_array(t) and version in self.active:
                head.append(Assign(self._domain(name), empty(Var(name))))
        return tuple(head), tuple(s for s in self.f.body if s not in taken)

    def _domain(self, version: str) -> str:
        """The name of the domain of the value, or of the array of domains, `version`."""
        name = base(version)
        if name not in self.domains:
            own = f"{name}_domain" if name.startswith("%") else self.names.fresh(domain(name))
            t = self.types[name]
            if isinstance(t, types.Array):
                self.types[own] = t.copy(dtype=types.int64, readonly=False)
            else:
                self.types[own] = types.List(types.int64) if is_list(t) else types.int64
            self.domains[name] = own
        return self.domains[name]

    def _of_result(self, e: Expr) -> Expr:
        """The domains of the result, in its structure; None for what has no derivative."""
        match e:
            case Tuple(items):
                return Tuple(tuple(self._of_result(i) for i in items))
            case Var(version):
                t = self.types.get(base(version))
                if is_float_array(t):
                    return Var(self._domain(version)) if version in self.active else empty(e)
                if is_float(t):
                    return Var(self._domain(version)) if version in self.active else ZERO
            case Const(float()):
                return ZERO
        return NONE

    # ------------------------------------------------------------------ statements

    def body(self, body: Body) -> Body:
        return tuple(t for s in body for t in self.statement(s))

    def statement(self, s: Stmt) -> Iterator[Stmt]:
        match s:
            case Assign(target, Apply(".pop", (Var(lst),))) if lst in self.active:
                yield Assign(self._domain(target), Apply(".pop", (Var(self._domain(lst)),)), s.at)
            case Assign(target, value) if is_float(self.types.get(base(target))):
                if target in self.active:
                    yield from self._assign(target, value, s.at)
                    return
                if target in self.passive:
                    yield Assign(self._domain(target), ZERO, s.at)
            case Assign(target) if target in self.active:
                yield from self._array(s)
                return
            case Store(Var(array), index, value) if array in self.active:
                own = Var(self._domain(array))
                new = self._of(value) if self.active.moves(value) else ZERO
                if s.op is None:
                    yield replace(s, array=own, value=new)
                elif new != ZERO:
                    yield replace(s, array=own, value=self._union([Item(own, index), new]), op=None)
            case Append(lst, value) if lst in self.active:
                yield Append(self._domain(lst), self._of(value) if self.active.moves(value) else ZERO, None, s.at)
            case Invoke():
                yield self._invoke(s)
                return
        yield map_bodies(s, self.body)

    def _of(self, e: Expr) -> Expr:
        """The domain of an active operand: a name or an element."""
        if isinstance(e, Item):
            assert isinstance(e.base, Var)
            return Item(Var(self._domain(e.base.name)), e.index)
        assert isinstance(e, Var)
        return Var(self._domain(e.name))

    def _union(self, parts: list[Expr]) -> Expr:
        found = parts[0]
        for p in parts[1:]:
            found = Apply("unite", (Var(self.sets), found, p))
        return found

    def _array(self, s: Assign) -> Iterator[Stmt]:
        """The domains of an array's elements, in an array made as the array is."""
        own = self._domain(s.target)
        copy = isinstance(s.value, Apply) and s.value.op in COPIES
        under = mirror(s.value, lambda n: Var(self._domain(n)) if self.aliases.of(n) is not None else None)
        if under is not None:  # before `s`: the index may be made of what the name was before
            assert not copy or isinstance(s.value, Apply)
            yield Assign(own, Apply(s.value.op, (under,)) if copy else under, s.at)  # type: ignore[union-attr]
            yield s
            return
        yield s
        match s.value:
            case Array((), True):
                yield Assign(own, s.value, s.at)
            case Apply(op) if op in FILL or not any(n in self.active for n in differentiated(s.value)):
                yield Assign(own, empty(Var(s.target)), s.at)
            case _:
                raise unsupported(s.at, "this array has no derivative", "a loop that fills it")

    def _invoke(self, s: Invoke) -> Stmt:
        """A call of a function that stays a call: it takes the arguments' domains too, and returns its own."""
        moving = any(isinstance(a, Var) and a.name in self.active for a in s.args)
        if not moving and not any(t in self.active for t in s.targets):
            return s
        if s.own is not None:
            why = f"which elements of what {s.function} returns depend on which of its arguments is not known"
            raise unsupported(s.at, f"{why}: it has a rule of its own", "pattern=, or jacobian")
        given: list[Expr] = []
        for a in s.args:
            t = self.types.get(base(a.name)) if isinstance(a, Var) else None
            if isinstance(a, Var) and (is_float(t) or is_float_array(t)):
                given.append(self._of(a) if a.name in self.active else empty(a) if is_array(t) else ZERO)
            elif isinstance(a, Const) and isinstance(a.value, float):
                given.append(ZERO)
        made = tuple(self._domain(t) for t in s.targets if is_float(self.types[base(t)]))
        return Invoke((*s.targets, *made), f"{s.function}_pattern", (*s.args, *given, Var(self.sets)), s.at)

    # ------------------------------------------------------------------ scalars

    def _assign(self, target: str, value: Expr, at: Location) -> Iterator[Stmt]:
        own, found = self._domain(target), self._of_value(target, value, at)
        assign = Assign(target, value, at)
        if target not in names(found):
            yield from (Assign(own, found, at), assign)
            return
        new = self.names.fresh("out") if not target.startswith("%") else f"{base(target)}_out"
        self.types[new] = self.types[base(target)]
        yield Assign(new, value, at)
        yield Assign(own, substitute(found, lambda n: Var(new) if n == target else Var(n)), at)
        yield Assign(target, Var(new), at)

    def _of_value(self, target: str, value: Expr, at: Location) -> Expr:
        """The domain of `value`, of those of its operands."""
        match value:
            case Var() | Item():
                return self._of(value)
            case Select(test, yes, no):
                of_yes, of_no = (self._of(e) if self.active.moves(e) else ZERO for e in (yes, no))
                return simplify(Select(test, of_yes, of_no))
            case Apply(op, args) if op in RULES and RULES[op].route is not None:
                return self._routed(RULES[op], args, target)
            case Apply(op, args) if op in RULES:
                parts = zip(RULES[op].params, args, strict=False)
                return self._union([self._of(a) for p, a in parts if p in RULES[op].partials and self.active.moves(a)])
        what = value.op if isinstance(value, Apply) else "this"
        raise unsupported(at, f"{what} has no derivative here", "operations that have a derivative rule")

    def _routed(self, rule: Rule, args: tuple[Expr, ...], target: str) -> Expr:
        """The domain of the operand that is returned, chosen as forward mode chooses its tangent."""
        assert rule.route is not None
        operands = dict(zip(rule.params, args, strict=False))
        rivals = [p for p in rule.route if p in operands]
        moving = [p for p in rivals if self.active.moves(operands[p])]
        last = moving.pop() if len(moving) == len(rivals) == 2 else None
        found: Expr = ZERO if last is None else self._of(operands[last])
        for p in reversed(moving):
            alone = len(moving) == 1 and last is None
            condition = simplify(instance(rule.route[p][1 if alone else 0], operands, target))
            found = Select(condition, self._of(operands[p]), found)
        return found


def empty(array: Expr) -> Expr:
    """Empty domains for the elements of `array`."""
    return Apply("np.zeros_like", (array, NUMBER))
