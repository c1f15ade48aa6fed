"""What the operands of a float operation receive in the reverse sweep, and what becomes of its own bar.

    a3 = a1 * a2        ->      a1_bar += a3_bar * a2;  a2_bar += a3_bar * a1
    s = s * x           ->      x_bar += s_bar * s;  s_bar = s_bar * x
    m = max(m, x)       ->      if x > m: x_bar += m_bar;  m_bar = 0.0

A bar is summed over paths: an operand that is met twice receives two terms. The name that is bound anew passes its bar
on to its earlier value. A partial that may be infinite adds nothing where the bar is exactly zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from numba.core import types

from srcad.algebra import add, common_divisor, divided, simplify, times, twice
from srcad.analysis.finite import Finite
from srcad.analysis.lifetimes import Lifetimes
from srcad.analysis.places import places
from srcad.chain import guarded, instance, zero_of
from srcad.errors import Location, unsupported
from srcad.ir import Apply, Assign, Body, Const, Expr, If, Item, Select, Stmt, Store, Var
from srcad.names import base
from srcad.rules import RULES, Rule
from srcad.sweeps import Forward


class Terms:
    """The statements that reverse operations on floats. `bars` are the names of the bars, by the names they are of."""

    def __init__(self, forward: Forward) -> None:
        self.forward, self.f, self.active = forward, forward.function, forward.active
        self.types, self.names = self.f.types, forward.names.copy()
        self.finite = Finite(self.f, forward.aliases)
        self.where = places(self.f)
        self.lives = Lifetimes(self.where)
        self.bars: dict[str, str] = {}

    def bar(self, name: str) -> Var:
        """The bar of a name, with or without a version number."""
        return Var(self.bars[base(name)])

    def assign(self, target: str, value: Expr, at: Location) -> Iterator[Stmt]:
        out_bar = self.bar(target)
        own: Expr | None = None  # what the name's own earlier value receives
        steps: list[Stmt] = []
        for operand, term in self._summed(list(self._terms(target, value, out_bar, steps, at)), target):
            if isinstance(operand, Var) and base(operand.name) == base(target):
                own = term if own is None else add(own, term)
            else:
                steps.append(self.accumulate(operand, term, at))
        if target in self.forward.routes:
            yield from self._routed(target, value, out_bar, at)
            return
        yield from steps
        if own is not None:
            if own != out_bar:
                yield Assign(self.bars[base(target)], own, at)
        elif self.lives.outlives(target):
            yield self.zeroed(target, at)

    def _summed(self, terms: list[tuple[Expr, Expr]], target: str) -> list[tuple[Expr, Expr]]:
        """`terms` with one of twice the size where an operand receives the same term two times: x * x."""
        match terms:
            case [one, two] if one == two and self.types[base(target)] == types.float64:
                return [(one[0], twice(one[1]))]
        return terms

    def zeroed(self, target: str, at: Location) -> Stmt:
        """target_bar = 0."""
        return Assign(self.bars[base(target)], self._zero_of(target), at)

    def accumulate(self, operand: Expr, term: Expr, at: Location) -> Stmt:
        """operand_bar += term."""
        op = "+"
        if isinstance(term, Apply) and term.op == "neg":
            op, term = "-", term.args[0]
        if isinstance(operand, Item):
            assert isinstance(operand.base, Var)
            return Store(operand.shadow or self.bar(operand.base.name), operand.index, term, op, at)
        assert isinstance(operand, Var)
        name = self.bars[base(operand.name)]
        return Assign(name, Apply(f"{op}=", (Var(name), term)), at)

    def _terms(
        self, target: str, value: Expr, out_bar: Expr, steps: list[Stmt], at: Location
    ) -> Iterator[tuple[Expr, Expr]]:
        """Each active operand of `value`, with what it receives."""
        match value:
            case Var() | Item():
                if self.active.moves(value):
                    yield value, out_bar
            case Select(test, yes, no):
                for operand, chosen in ((yes, True), (no, False)):
                    if self.active.moves(operand):
                        zero = self._zero_of(target)
                        yield operand, Select(test, out_bar, zero) if chosen else Select(test, zero, out_bar)
            case Apply(op, args) if op in RULES:
                yield from self._rule(RULES[op], args, target, out_bar, steps, at)
            case _:
                what = value.op if isinstance(value, Apply) else "this"
                raise unsupported(at, f"{what} has no derivative here", "operations that have a derivative rule")

    def _rule(
        self, rule: Rule, args: tuple[Expr, ...], target: str, out_bar: Expr, steps: list[Stmt], at: Location
    ) -> Iterator[tuple[Expr, Expr]]:
        operands = dict(zip(rule.params, args, strict=False))
        lets: dict[str, Expr] = {}
        wanted = [(p, a) for p, a in operands.items() if p in rule.partials and self.active.moves(a)]
        for name, text in rule.let:
            used = sum(name in rule.partials[p] for p, _ in wanted)
            lets[name] = simplify(instance(text, operands, target, lets))
            if used > 1:
                shared = self.names.fresh(name)
                steps.append(Assign(shared, lets[name], at))
                lets[name] = Var(shared)
        found = [(a, simplify(instance(rule.partials[p], operands, target, lets))) for p, a in wanted]
        divisor = common_divisor([partial for _, partial in found])
        quotient: Expr | None = None
        for a, partial in found:
            sound = self._sound(rule, partial, args, target)
            term = guarded(times(out_bar, partial), sound, out_bar, self._zero_of(target))
            if divisor is not None and quotient is None:
                quotient = Var(self.names.fresh("term"))
                self.types[quotient.name] = self.types[base(target)]
                steps.append(Assign(quotient.name, term, at))
                term = quotient
            elif quotient is not None and (factor := divided(partial, divisor)) is not None:
                sound = sound or self.finite.finite(factor, target)
                term = guarded(times(quotient, factor), sound, out_bar, self._zero_of(target))
            yield a, term

    def _sound(self, rule: Rule, partial: Expr, args: tuple[Expr, ...], target: str) -> bool:
        """Is the partial finite whatever the (finite) inputs are?"""
        vouched = rule.poles is False and all(self.finite.finite(e) for e in (*args, Var(target)))
        return vouched or self.finite.finite(partial, target)

    def _zero_of(self, target: str) -> Expr:
        return zero_of(self.types[base(target)])

    def _routed(self, target: str, value: Expr, out_bar: Expr, at: Location) -> Iterator[Stmt]:
        """The bar goes to the operand that was returned."""
        assert isinstance(value, Apply)
        rule = RULES[value.op]
        operands = dict(zip(rule.params, value.args, strict=False))
        chosen = self.forward.routes[target]
        self_ = base(target)
        own = next((p for p in chosen if _is_named(operands[p], self_)), None)
        multiple = self.lives.outlives(target)
        branches: dict[str, Body] = {}
        for p in chosen:
            if p == own:
                branches[p] = ()
                continue
            moved: list[Stmt] = [self.accumulate(operands[p], out_bar, at)]
            if own is not None:
                moved.append(self.zeroed(target, at))
            branches[p] = tuple(moved)
        if len(chosen) == 2 and Const(None) in chosen.values():
            first, second = chosen
            yield If(chosen[first], branches[first], branches[second], at=at)
        else:
            for p, condition in chosen.items():
                if branches[p]:
                    yield If(condition, branches[p], (), at=at)
        if (own is not None and len(chosen) == 1) or (own is not None and Const(None) not in chosen.values()):
            yield If(Apply("not", (chosen[own],)), (self.zeroed(target, at),), (), at=at)
        elif own is None and multiple:
            yield self.zeroed(target, at)


def _is_named(e: Expr, name: str) -> bool:
    return isinstance(e, Var) and base(e.name) == name
