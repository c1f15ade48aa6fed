"""Forward mode: beside each statement, the tangent of what it computes.

    a1@0 = x1@0 * x2@0            a1_dot = x1_dot * x2 + x2_dot * x1
    a2@0 = math.sin(x2@0)    ->   a1 = x1 * x2
    a3@0 = a1@0 + a2@0            a2_dot = x2_dot * math.cos(x2);  a2 = math.sin(x2)
    -> a3@0                       a3_dot = a1_dot + a2_dot;  a3 = a1 + a2
                                  -> a3, a3_dot

For `out = f(x)`, out_dot = x_dot * df/dx, summed over the operands (Griewank and Walther, Evaluating Derivatives, 2nd
ed., table 3.1). Where tangents stand, and what becomes of arrays, is said in `srcad.beside`. In several lanes, what one
result alone is made of has no tangents: the partials of the result are computed once (`analysis.regions`).

Needs: SSA form after `enclose`. Guarantees: code without version numbers, whose result is the value and its tangent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from srcad.algebra import simplify, times, total
from srcad.analysis.finite import Finite
from srcad.analysis.regions import Edge, Edges, inside
from srcad.beside import Beside
from srcad.chain import guarded, instance, zero_of
from srcad.declared import check_tangent, extras, forward_rule, type_of, whole, writes_arrays
from srcad.errors import Location
from srcad.ir import (
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    For,
    Function,
    Invoke,
    Stmt,
    Store,
    Tuple,
    Var,
    bindings,
    map_bodies,
    map_each,
    may_write,
    names,
    nodes,
    phis_of,
    walk,
)
from srcad.names import GUARDED, base, dot
from srcad.rules import RULES, Rule
from srcad.types import is_array, is_float, is_float_array

AS_MADE = ("np.zeros", "np.empty", "np.zeros_like", "np.empty_like")  # arrays whose shadows start like themselves
PLAIN = (Const(1), Const(1.0), Const(-1), Const(-1.0))  # partials that take no product
CHEAP = ("+", "-", "*", "neg")


def tangent(f: Function, inputs: Iterable[str], lanes: int = 1) -> tuple[Function, list[dict[str, str]]]:
    """`f` with tangents for its float inputs `inputs` (names of scalars and arrays), and the tangents' names by lane.

    With several lanes, as many directions are followed at once: the values are computed once for all of them, and
    the result is the value and the tuple of the tangents.

    Raises:
        SrcadError: a value that matters comes from something without a derivative.
    """
    made = _Forward(f, tuple(inputs), range(lanes))
    both = made.function()
    shared = set.intersection(*map(set, made.carried)) if lanes > 1 else set()
    groups = tuple(tuple(lane[n] for lane in made.carried) for n in sorted(shared))
    return replace(both, body=_own_too(both.body, made.carried), lanes=(groups,)), made.carried


def _own_too(body: Body, carried: list[dict[str, str]]) -> Body:
    """`body`, in which the tangents of scratch space are scratch space as well."""

    def loop(s: Stmt) -> Stmt:
        s = map_bodies(s, lambda b: map_each(b, loop))
        if not isinstance(s, For) or not s.scratch:
            return s
        return replace(s, scratch=(*s.scratch, *(lane[n] for lane in carried for n in s.scratch if n in lane)))

    return map_each(body, loop)


class _Forward(Beside):
    def __init__(self, f: Function, inputs: tuple[str, ...], lanes: range) -> None:
        super().__init__(f, inputs, lanes)
        self.finite = Finite(f, self.aliases)
        self.inside = inside(f, self.active, self._edges, len(lanes))
        self.by: dict[str, list[_Term]] = {}  # the partials of values inside, by what these are made of
        bound = {*bindings(f.body), *(phi.target for s in walk(f.body) for phi in phis_of(s))}
        self.versions = Counter(map(base, bound))

    def _shown(self, name: str, lane: int) -> str:
        return dot(name) + (str(lane + 1) if len(self.lanes) > 1 else "")

    def _zero(self, t: object) -> Expr:
        return zero_of(t)

    def _blank(self, array: Expr) -> Expr:
        return Apply("np.zeros_like", (array,))

    def _fresh(self, s: Assign) -> Expr:
        return s.value if isinstance(s.value, Apply) and s.value.op in AS_MADE else super()._fresh(s)

    def _result(self, e: Expr) -> Expr:
        moved = tuple(self._of_result(e, lane) for lane in self.lanes)
        return Tuple((e, moved[0] if len(moved) == 1 else Tuple(moved)))

    def _of_result(self, e: Expr, lane: int) -> Expr:
        """The tangent of the result, in the structure of the result."""
        match e:
            case Tuple(items, name):
                return Tuple(tuple(self._of_result(i, lane) for i in items), name)
            case Var(version):
                t = self.types.get(base(version))
                if is_float(t) or is_float_array(t):
                    return self._whole(e, t, lane)
        return Const(0.0) if isinstance(e, Const) and isinstance(e.value, float) else Const(0)

    # ------------------------------------------------------------------ statements

    def _store(self, s: Store, lane: int) -> Iterator[Stmt]:
        assert isinstance(s.array, Var)
        own = Var(self.own(s.array.name, lane))
        if self.active.moves(s.value):
            yield replace(s, array=own, value=self._of(s.value, lane))
        elif s.op is None:
            yield replace(s, array=own, value=zero_of(self.types[base(s.array.name)].dtype))

    def _call(self, s: Invoke) -> Iterator[Stmt]:
        return self._own_rule(s) if s.own is not None else super()._call(s)

    def _invoke(self, s: Invoke) -> Iterator[Stmt]:
        """The function's tangent takes the arguments' tangents, and returns its own."""
        dots = (d for lane in self.lanes for d in self._given(s, lane))
        made = (self.own(t, lane) for lane in self.lanes for t in s.targets if self._carries(t))
        yield Invoke((*s.targets, *made), f"{s.function}_jvp", (*s.args, *dots), s.at)

    def _own_rule(self, s: Invoke) -> Iterator[Stmt]:
        """The user's own rule, before the call: it takes the arguments and the tangents it names, and returns its own.

        A rule that asks for the result is called after it.
        """
        changed = (a.name for a in may_write(s) if isinstance(a, Var))
        if not any(n in self.active for n in (*s.targets, *changed)):
            yield s
            for t in s.targets:
                if t in self.passive:
                    yield from self._still(t, s.at)
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
                    known[f"{p}_dot"] = self._whole(a, t, lane)
            args = (*s.args, *extras(s, rule, self.types, "_dot", known, self.active.moves))
            check_tangent(s, rule, args, self.types)
            yield Invoke(tuple(self.own(t, lane) for t in s.targets), rule.name, args, s.at)
            for target in s.targets:  # a user's rule may return what it was given
                if is_array(self.types[base(target)]) and not rule.fits:
                    own = Var(self.own(target, lane))
                    yield Assign(own.name, Apply(".copy", (own,)), s.at)
        if after:
            yield from (Assign(t, Var(r), s.at) for t, r in zip(s.targets, results, strict=True))
        else:
            yield s

    # ------------------------------------------------------------------ floats

    def _by_rule(
        self, rule: Rule, args: tuple[Expr, ...], target: str, lets: list[Assign], at: Location
    ) -> list[Expr]:
        def kept(name: str, value: Expr, uses: int) -> Expr:
            return self._shared(name, value, lets, at) if uses * len(self.lanes) > 1 else value

        terms = self._terms(rule, args, target, kept)
        if len(self.lanes) > 1:
            terms = [
                t if _is_cheap(t.partial) else replace(t, partial=self._shared("partial", t.partial, lets, at, target))
                for t in terms
            ]
        if any(isinstance(t.operand, Var) and t.operand.name in self.by for t in terms):
            terms = self._by_leaves(terms, target, lets, at)
        if target in self.inside:  # its partials are read later, when other versions may have these names
            changing = [any(self.versions[base(n)] > 1 for n in names(t.partial)) for t in terms]
            self.by[target] = [
                replace(t, partial=self._shared("partial", t.partial, lets, at, target)) if c else t
                for t, c in zip(terms, changing, strict=True)
            ]
            return []
        zero = self._zero(self.types[base(target)])
        return [total([t.product(self._of(t.operand, lane), zero) for t in terms]) for lane in self.lanes]

    def _terms(
        self, rule: Rule, args: tuple[Expr, ...], target: str, kept: Callable[[str, Expr, int], Expr]
    ) -> list[_Term]:
        """What `target`'s tangent is a sum of; `kept` says how to write a part of so many partials."""
        operands = dict(zip(rule.params, args, strict=False))
        wanted = [(p, a) for p, a in operands.items() if p in rule.partials and self.active.moves(a)]
        known: dict[str, Expr] = {}
        for name, text in rule.let:
            value = simplify(instance(text, operands, target, known))
            known[name] = kept(name, value, sum(name in rule.partials[p] for p, _ in wanted))
        partials = [simplify(instance(rule.partials[p], operands, target, known)) for p, _ in wanted]
        return [
            _Term(a, e, self._sound(rule, e, args, target), rule.name == GUARDED and p == "partial")
            for (p, a), e in zip(wanted, partials, strict=True)
        ]

    def _sound(self, rule: Rule, partial: Expr, args: tuple[Expr, ...], target: str) -> bool:
        """Is a partial finite whenever the inputs are?"""
        vouched = rule.poles is False and all(self.finite.finite(e) for e in (*args, Var(target)))
        return vouched or self.finite.finite(partial, target)

    def _shared(self, name: str, value: Expr, lets: list[Assign], at: Location, target: str = "") -> Var:
        """A new name for `value`, of `target`'s type, that all lanes read."""
        shared = self.names.fresh(name)
        if target:
            self.types[shared] = self.types[base(target)]
        lets.append(Assign(shared, value, at))
        return Var(shared)

    # ------------------------------------------------------------------ several operations at once

    def _edges(self, s: Assign) -> Edges | None:
        """The active operands of `s`, if several operations may be taken at once with it."""
        assert isinstance(s.value, Apply)
        rule = RULES.get(s.value.op)
        if rule is None or rule.route is not None:
            return None
        terms = self._terms(rule, s.value.args, s.target, lambda name, value, uses: value)
        if any(t.ends for t in terms):
            return None
        return [Edge(t.operand, t.sound, t.partial in PLAIN) for t in terms]

    def _by_leaves(self, terms: list[_Term], target: str, lets: list[Assign], at: Location) -> list[_Term]:
        """`terms`, those of operands inside replaced by terms of what these are made of: the chain rule once, for all
        lanes."""
        zero = self._zero(self.types[base(target)])
        found: dict[Expr, list[_Term]] = {}
        for t in terms:
            inner = self.by.get(t.operand.name) if isinstance(t.operand, Var) else None
            for u in inner or ():
                sound = t.sound or (isinstance(u.partial, Const) and u.partial.value != 0)
                partial = guarded(times(u.partial, t.partial), sound, u.partial, zero)
                found.setdefault(u.operand, []).append(_Term(u.operand, partial, t.sound and u.sound))
            if inner is None:
                found.setdefault(t.operand, []).append(t)
        out: list[_Term] = []
        for leaf, several in found.items():
            partial = simplify(total([t.partial for t in several]))
            if not _is_atom(partial):
                partial = self._shared("partial", partial, lets, at, target)
            out.append(_Term(leaf, partial, all(t.sound for t in several)))
        return out


@dataclass(frozen=True)
class _Term:
    """A part of a tangent: that of `operand` times a partial, of which nothing is left where that is zero.

    `ends` says that nothing is left where the partial is zero instead.
    """

    operand: Expr
    partial: Expr
    sound: bool
    ends: bool = False

    def product(self, moving: Expr, zero: Expr) -> Expr:
        """The part, for the operand's tangent."""
        tested = self.partial if self.ends else moving
        return guarded(times(moving, self.partial), self.sound and not self.ends, tested, zero)


def _is_atom(e: Expr) -> bool:
    return isinstance(e, (Const, Var)) or (isinstance(e, Apply) and e.op == "neg" and _is_atom(e.args[0]))


def _is_cheap(partial: Expr) -> bool:
    """Is a partial no more than one operation on names, which several lanes may as well repeat?"""
    return not any(isinstance(n, Apply) and n.op not in CHEAP for n in nodes(partial))
