"""Which values may be infinite or NaN though the inputs are finite, so that a partial made of them needs a guard.

    e = math.exp(x); p = 1.0 / (1.0 + e)      ->      e may be infinite; p may not: its denominator is at least 1

An infinite partial contributes nothing where the incoming bar is exactly zero (0 * inf would be NaN). The overflow
of + - * is left aside.
"""

from __future__ import annotations

from collections.abc import Callable

from srcad.analysis.alias import Aliases
from srcad.analysis.stacks import shared
from srcad.ir import Append, Apply, Assign, Const, Expr, Function, Invoke, Item, Select, Store, Var, phis_of, walk
from srcad.rules import RULES

NONNEGATIVE = frozenset({"math.exp", "abs", "math.sqrt", "math.exp2", "math.cosh"})


class Finite:
    """Answers whether an expression is finite, at least zero, or bounded away from zero."""

    def __init__(self, f: Function, aliases: Aliases) -> None:
        self.f, self.aliases = f, aliases
        self.assigned: dict[str, Expr] = {s.target: s.value for s in walk(f.body) if isinstance(s, Assign)}
        self.infinite: set[str] = shared(f, aliases)  # other functions put there what they like
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
                    watch(target, sources, lambda value=value: not self.finite(value))  # type: ignore[misc]
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
        from srcad.ir import names

        return [self.aliases.of(n) or n for n in names(e)]

    def finite(self, e: Expr) -> bool:
        """Is `e` finite whenever the inputs are?"""
        match e:
            case Const(value):
                return not isinstance(value, float) or value - value == 0.0
            case Var(name):
                return (self.aliases.of(name) or name) not in self.infinite and name not in ("math.inf", "np.inf")
            case Item(Var(array), _) | Apply(".pop", (Var(array),)):
                return (self.aliases.of(array) or array) not in self.infinite
            case Apply("/", (a, b)):
                return self.finite(a) and self.positive(b)
            case Apply("**", (a, Const(int(n)))):
                return self.finite(a) and (n >= 0 or self.positive(a))
            case Apply(op, (a,)) if op in ("math.log", "math.log1p"):
                return self.finite(a) and (self.positive(a) if op == "math.log" else self.nonnegative(a))
            case Apply(op, args) if op in RULES:
                return RULES[op].finite and all(self.finite(a) for a in args)
            case Apply("and" | "or" | "not" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "len"):
                return True
            case Select(_, yes, no):
                return self.finite(yes) and self.finite(no)
            case Apply():
                return False
            case _:
                return True

    def positive(self, e: Expr, depth: int = 8) -> bool:
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
        return False

    def _at_least(self, e: Expr, depth: int) -> bool:
        if isinstance(e, Const):
            return isinstance(e.value, (int, float)) and e.value > 0
        return self.positive(e, depth) and self.nonnegative(e, depth)

    def nonnegative(self, e: Expr, depth: int = 8) -> bool:
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
