"""Which values may be infinite or NaN though the inputs are finite, so that a partial made of them needs a guard.

    e = math.exp(x); p = 1.0 / (1.0 + e)      ->      e may be infinite; p may not: its denominator is at least 1

    if r > 0.0: p = 1.0 / r                   ->      nor may this one: where it is made, r is not zero

An infinite partial contributes nothing where the incoming bar is exactly zero (0 * inf would be NaN). The overflow
of + - * is left aside, and so is that of a quotient by a number that a condition keeps from zero. A function that asks
whether a number is NaN or infinite may be given such numbers:

    a = x[i] * w; if a == a: s += a           ->      x may be NaN, so the partial x[i] needs a guard
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from srcad.analysis.alias import Aliases
from srcad.analysis.stacks import shared
from srcad.ir import (
    Append,
    Apply,
    Assign,
    Body,
    Const,
    Exit,
    Expr,
    For,
    Function,
    If,
    Invoke,
    Item,
    Raise,
    Select,
    Store,
    Var,
    While,
    bodies,
    names,
    nodes,
    phis_of,
    reads,
    walk,
)
from srcad.rules import RULES
from srcad.types import carries_floats

DEPTH = 8  # of expressions and of names that stand for them
ASKING = frozenset(
    f"{module}.{f}" for module in ("math", "np") for f in ("isnan", "isinf", "isfinite", "nan_to_num", "fmax", "fmin")
)
INFINITE = ("math.inf", "np.inf")
NONNEGATIVE = frozenset({"math.exp", "abs", "math.sqrt", "math.exp2", "math.cosh"})
AS_ZERO = frozenset({"abs", "math.sqrt", "neg"})  # zero where the operand is
OTHERWISE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
TURNED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True)
class Facts:
    """What the conditions around a place say of names: these are not zero, those are not negative."""

    nonzero: frozenset[str] = frozenset()
    nonnegative: frozenset[str] = frozenset()

    def __or__(self, other: Facts) -> Facts:
        return Facts(self.nonzero | other.nonzero, self.nonnegative | other.nonnegative)


NONE = Facts()


class Finite:
    """Answers whether an expression is finite, at least zero, or bounded away from zero."""

    def __init__(self, f: Function, aliases: Aliases) -> None:
        self.f, self.aliases = f, aliases
        self.assigned: dict[str, Expr] = {s.target: s.value for s in walk(f.body) if isinstance(s, Assign)}
        self.facts = dict(self._known(f.body, NONE))  # where a name is assigned
        self.infinite: set[str] = shared(f, aliases)  # other functions put there what they like
        self.asked = asks(f)
        if self.asked:
            given = {n for p in f.params if carries_floats(f.types.get(p)) for n in (p, f"{p}@0")}
            self.infinite |= {aliases.of(n) or n for n in given}
        self._spread()

    def _spread(self) -> None:
        """Find all names and array classes that may be infinite: start from none, and add until nothing changes."""
        readers: dict[str, list[tuple[str, Callable[[], bool]]]] = {}
        checks: list[tuple[str, Callable[[], bool]]] = []

        def watch(target: str, sources: list[str], check: Callable[[], bool]) -> None:
            checks.append((target, check))
            for s in sources:
                readers.setdefault(s, []).append((target, check))

        for s in walk(self.f.body):
            for phi in phis_of(s):
                found = [v for v in phi.sources if v is not None]
                watch(phi.target, found, lambda found=found: any(v in self.infinite for v in found))  # type: ignore[misc]
            match s:
                case Assign(target, value):
                    sources = self._sources(value)
                    watch(target, sources, lambda target=target, value=value: not self.finite(value, target))  # type: ignore[misc]
                case Store(Var(array), _, value) | Append(array, value):
                    group = self.aliases.of(array) or array
                    watch(group, self._sources(value), lambda value=value: not self.finite(value))  # type: ignore[misc]
                case Invoke(targets, _, args):
                    groups = [self.aliases.of(a.name) for a in args if isinstance(a, Var)]
                    self.infinite |= {*targets, *(g for g in groups if g)}
        todo = list(checks)
        for name in list(self.infinite):
            todo += readers.get(name, ())
        while todo:
            target, check = todo.pop()
            if target not in self.infinite and check():
                self.infinite.add(target)
                todo += readers.get(target, ())

    def _sources(self, e: Expr) -> list[str]:
        return [self.aliases.of(n) or n for n in names(e)]

    def _known(self, body: Body, facts: Facts) -> Iterator[tuple[str, Facts]]:
        """The names that `body` assigns, with what is known there, if `facts` are known before it."""
        for s in body:
            match s:
                case Assign(target):
                    yield target, facts
                case If(test, then, orelse):
                    held, failed = (facts | self._said(test, holds) for holds in (True, False))
                    yield from self._known(then, held)
                    yield from self._known(orelse, failed)
                    if then and isinstance(then[-1], (Exit, Raise)):
                        facts = failed
                    elif orelse and isinstance(orelse[-1], (Exit, Raise)):
                        facts = held
                case While(test):
                    yield from self._known(s.body, facts | self._said(test, True))
                case For(counter, Const(int(start)), _, Const(int(step))) if start >= 0 and step > 0:
                    counted = frozenset({counter})
                    yield from self._known(s.body, facts | Facts(counted if start else frozenset(), counted))
                case _:
                    for inner in bodies(s):
                        yield from self._known(inner, facts)

    def _said(self, test: Expr, holds: bool) -> Facts:
        """What is known where `test` holds, or does not."""
        match test:
            case Var(name) if name in self.assigned:
                return self._said(self.assigned[name], holds)
            case Apply("not", (a,)):
                return self._said(a, not holds)
            case Apply("and" | "or" as op, (a, b)) if holds == (op == "and"):
                return self._said(a, holds) | self._said(b, holds)
            case Apply(op, (Const() as c, Var() as x)) if op in TURNED:
                return self._said(Apply(TURNED[op], (x, c)), holds)
            case Apply(op, (Var(name), Const(int() | float() as c))) if op in OTHERWISE:
                return self._compared(name, op if holds else OTHERWISE[op], c)
        return NONE

    def _compared(self, name: str, op: str, c: float) -> Facts:
        """What `name op c` says."""
        above = (op in ("==", ">=") and c > 0) or (op == ">" and c >= 0)
        below = (op in ("==", "<=") and c < 0) or (op == "<" and c <= 0)
        at_least = frozenset({name} if above or (op in ("==", ">=") and c == 0) else ())
        if not (above or below or (op == "!=" and c == 0)):
            return Facts(nonnegative=at_least)
        nonzero = {name}
        while isinstance(e := self.assigned.get(name), Apply) and e.op in AS_ZERO and isinstance(e.args[0], Var):
            name = e.args[0].name
            nonzero.add(name)
        return Facts(frozenset(nonzero), at_least)

    def finite(self, e: Expr, target: str = "") -> bool:
        """Is `e` finite whenever the inputs are, where `target` is assigned?"""
        match e:
            case Const(value):
                return not isinstance(value, float) or value - value == 0.0
            case Var(name):
                return (self.aliases.of(name) or name) not in self.infinite and name not in INFINITE
            case Item(Var(array), _) | Apply(".pop", (Var(array),)):
                return (self.aliases.of(array) or array) not in self.infinite
            case Apply("/", (a, b)):
                apart = self.positive(b) or self._nonzero(b, target)
                return self.finite(a, target) and apart and (not self.asked or self.finite(b, target))
            case Apply("**", (a, Const(int(n)))):
                return self.finite(a, target) and (n >= 0 or self.positive(a))
            case Apply("**", (a, Const(float(n)))):
                above = self._is_nonnegative(a, target) if n >= 0.0 else self._at_least(a, DEPTH)
                return self.finite(a, target) and above
            case Apply("math.log", (a,)):
                above = self._is_nonnegative(a, target) and self._nonzero(a, target)
                return self.finite(a, target) and (above or self.positive(a))
            case Apply("math.log1p" | "math.sqrt", (a,)):
                return self.finite(a, target) and self._is_nonnegative(a, target)
            case Apply(op, args) if op in RULES:
                return RULES[op].finite and all(self.finite(a, target) for a in args)
            case Apply("and" | "or" | "not" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "len"):
                return True
            case Select(_, yes, no):
                return self.finite(yes, target) and self.finite(no, target)
            case Apply():
                return False
            case _:
                return True

    def _nonzero(self, e: Expr, target: str, depth: int = DEPTH) -> bool:
        """Do conditions keep `e` from zero where `target` is assigned?"""
        known = self.facts.get(target, NONE)
        match e:
            case Var(name) if name in known.nonzero:
                return self.finite(e)
            case Var(name) if depth and name in self.assigned:
                return self._nonzero(self.assigned[name], target, depth - 1)
            case Apply(op, (a,)) if op in AS_ZERO:
                return self._nonzero(a, target, depth)
            case Apply("+", (a, b)) if depth and self._is_nonnegative(a, target) and self._is_nonnegative(b, target):
                return any(self.positive(e) or self._nonzero(e, target, depth - 1) for e in (a, b))
        return False

    def _is_nonnegative(self, e: Expr, target: str) -> bool:
        """Is `e` at least zero where `target` is assigned?"""
        return self.nonnegative(e) or (isinstance(e, Var) and e.name in self.facts.get(target, NONE).nonnegative)

    def positive(self, e: Expr, depth: int = DEPTH) -> bool:
        """Is `e` bounded away from zero from above, or a constant other than zero?"""
        match e:
            case Const(value):
                return isinstance(value, (int, float)) and value != 0
            case Var(name) if depth and name in self.assigned:
                return self.positive(self.assigned[name], depth - 1)
            case Var("math.pi" | "math.e" | "math.tau"):
                return True
            case Apply("+", (a, b)):
                low = depth - 1
                return depth > 0 and (
                    (self._at_least(a, low) and self.nonnegative(b, low))
                    or (self.nonnegative(a, low) and self._at_least(b, low))
                )
            case Apply("*", (a, b)) if depth:
                return self.positive(a, depth - 1) and self.positive(b, depth - 1)
            case Apply("abs", (a,)) if depth:
                return self.positive(a, depth - 1)
            case Apply("math.sqrt", (a,)) | Apply("**", (a, Const(float()))) if depth:
                return self._at_least(a, depth - 1)
        return False

    def _at_least(self, e: Expr, depth: int) -> bool:
        if isinstance(e, Const):
            return isinstance(e.value, (int, float)) and e.value > 0
        return self.positive(e, depth) and self.nonnegative(e, depth)

    def nonnegative(self, e: Expr, depth: int = DEPTH) -> bool:
        """Is `e` at least zero?"""
        match e:
            case Const(value):
                return isinstance(value, (int, float)) and value >= 0
            case Var(name) if depth and name in self.assigned:
                return self.nonnegative(self.assigned[name], depth - 1)
            case Apply("*", (Var(a), Var(b))) if a == b:
                return True
            case Apply("**", (_, Const(int(n)))) if n % 2 == 0:
                return True
            case Apply("+" | "*" | "/", (a, b)) if depth:
                return self.nonnegative(a, depth - 1) and self.nonnegative(b, depth - 1)
            case Apply(op, _):
                return op in NONNEGATIVE
        return False


def asks(f: Function) -> bool:
    """Does `f` ask whether a number is NaN or infinite, as by `x != x`?"""
    return any(_asks(n) for s in walk(f.body) for e in reads(s) for n in nodes(e))


def _asks(e: Expr) -> bool:
    match e:
        case Apply("==" | "!=", (a, b)) if a == b:
            return True
        case Apply("==" | "!=" | "<" | "<=" | ">" | ">=", args):
            return any(map(_is_infinite, args))
        case Apply(op):
            return op in ASKING
    return False


def _is_infinite(e: Expr) -> bool:
    match e:
        case Apply("neg", (inner,)):
            return _is_infinite(inner)
        case Const(float(value)):
            return value - value != 0.0
        case Var(name):
            return name in INFINITE
    return False
