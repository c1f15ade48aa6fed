"""What a loop computes anew in each iteration from what it does not change is computed once, before the loop.

    for i@0 in 0:n@0:1:                      %1@0 = h@0 / 6.0
        %1@0 = h@0 / 6.0             ->      for i@0 in 0:n@0:1:
        %2@0 = %1@0 * k@0[i@0]                   %2@0 = %1@0 * k@0[i@0]

So it is kept once, and its bar collects in one name what the iterations add. Needs SSA form. Only numbers, and only
what can be computed although the loop may not run at all: integers, but for a division by what may be zero; the extents
of arrays; elements of arrays that the loop does not write to, if their subscripts are known to be within the array; and
of floats what is linear, sums and multiples. The bar of anything else, zero where no iteration asks for it, may meet
an infinite partial (0 * inf is NaN): products, quotients and functions are hoisted where some iteration is sure to
run, and to its end. What is made of a name that some path leaves without a value stays in the loop, and what stands on
a branch stays there.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from srcad.analysis.alias import Aliases, written
from srcad.analysis.extents import Extents
from srcad.analysis.places import defined_once, places, unbound
from srcad.ir import (
    Apply,
    Assign,
    Body,
    Const,
    Exit,
    Expr,
    Field,
    For,
    Function,
    If,
    Item,
    Stmt,
    Var,
    While,
    names,
    phis_of,
    walk,
    writes,
)
from srcad.names import base
from srcad.rules import RULES
from srcad.types import is_array, is_float, is_int

INTEGERS = frozenset({"+", "-", "*", "neg", "pos", "min", "max", "abs"})
NUMBERS = frozenset({"math.pi", "math.e", "math.tau", "np.pi", "np.e"})
DIVISIONS = frozenset({"/", "//", "%", "**"})


def hoist(f: Function) -> Function:
    """`f` with the invariants of its loops before them."""
    return _Hoister(f).function()


class _Hoister:
    def __init__(self, f: Function) -> None:
        self.f, self.types = f, f.types
        self.aliases = Aliases(f)
        self._extents: Extents | None = None
        self.single = defined_once(f)
        self.unbound = unbound(f)

    def function(self) -> Function:
        return replace(self.f, body=self._body(self.f.body))

    def _body(self, body: Body) -> Body:
        out: list[Stmt] = []
        for s in body:
            match s:
                case If():
                    out.append(replace(s, body=self._body(s.body), orelse=self._body(s.orelse)))
                case For() | While():
                    out += self._loop(replace(s, body=self._body(s.body)))
                case _:
                    out.append(s)
        return tuple(out)

    def _loop(self, s: For | While) -> list[Stmt]:
        """The invariants of `s`, and `s` without them."""
        inside = {n for t in walk((s,)) for n in (*writes(t), *(p.target for p in phis_of(t)))}
        inside -= {p.target for p in s.phis}
        inside |= self.unbound
        changed: set[str] | None = None
        before: list[Stmt] = []
        kept: list[Stmt] = []
        for t in s.body:
            if isinstance(t, Assign) and self._movable(t) and inside.isdisjoint(names(t.value)):
                if changed is None:
                    changed = written(replace(self.f, body=s.body), self.aliases)
                if self._steady(t.value, changed) and (_runs(s) or self._is_linear(t.value)):
                    before.append(t)
                    inside.discard(t.target)
                    continue
            kept.append(t)
        return [*before, replace(s, body=tuple(kept)) if before else s]

    def _movable(self, s: Assign) -> bool:
        """Is `s` the one definition of a number that is no mere constant or other name?"""
        t = self.types.get(base(s.target))
        return base(s.target) in self.single and (is_float(t) or is_int(t)) and not isinstance(s.value, (Var, Const))

    def _steady(self, e: Expr, changed: AbstractSet[str]) -> bool:
        """Can `e` be computed before the loop, which writes to the arrays `changed`, and is it the same?"""
        match e:
            case Const():
                return True
            case Var(name):
                return is_float(self._type(name)) or is_int(self._type(name)) or name in NUMBERS
            case Item(Field(Var(name), "shape"), (Const(int()),)) | Apply("len", (Var(name),)):
                return is_array(self._type(name))
            case Item(Var(name), index):
                t = self._type(name)
                element = is_array(t) and len(index) == t.ndim and self.aliases.of(name) not in changed
                return element and self.extents().within(name, index)
            case Apply(op, args) if not e.keywords and all(self._steady(a, changed) for a in args):
                floats = [self._is_float(a) for a in args]
                if any(floats):
                    return self._is_smooth(op) and (all(floats) or op in DIVISIONS or op in INTEGERS)
                if op in DIVISIONS:
                    return _is_above_zero(args[-1])
                return op in INTEGERS or (op.startswith("math.") and self._is_smooth(op))
        return False

    def _is_linear(self, e: Expr) -> bool:
        """Is `e` an integer, an element, or of floats a sum or a multiple by a constant?"""
        match e:
            case Item() | Apply("len" | "+" | "-" | "neg" | "pos"):
                return True
            case Apply("*", (a, b)) if isinstance(a, Const) or isinstance(b, Const):
                return True
            case Apply("/", (_, Const(divisor))):
                return bool(divisor)
        return not self._is_float(e)

    def extents(self) -> Extents:
        """The extents of arrays, which few functions need."""
        if self._extents is None:
            self._extents = Extents(places(self.f), self.aliases)
        return self._extents

    def _is_smooth(self, op: str) -> bool:
        """Does `op` make a number of numbers, and no integer of a float, which NaN has none for?"""
        return op in RULES and bool(RULES[op].partials) and not RULES[op].own

    def _type(self, name: str) -> Any:
        return self.types.get(base(name))

    def _is_float(self, e: Expr) -> bool:
        match e:
            case Const(value):
                return isinstance(value, float)
            case Var(name):
                return is_float(self._type(name)) or name in NUMBERS
            case Item(Var(name), _):
                return is_float(getattr(self._type(name), "dtype", None))
            case Apply(_, args):
                return any(map(self._is_float, args))
        return False


def _is_above_zero(e: Expr) -> bool:
    return isinstance(e, Const) and not isinstance(e.value, bool) and isinstance(e.value, int) and e.value > 0


def _runs(s: For | While) -> bool:
    """Is `s` known to run at least once, each iteration to its end?"""
    match s:
        case For(_, Const(int(start)), Const(int(stop)), Const(int(step))):
            return len(range(start, stop, step)) > 0 and not any(isinstance(t, Exit) for t in walk(s.body))
    return False
