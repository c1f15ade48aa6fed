"""Arithmetic of ints whose result is a float to Python, and cut to an int by Numba.

    s = s + 2 ** -n * x          ->      s = s + 2.0 ** -n * x
    y = math.fmod(n, 3) * x      ->      y = math.fmod(float(n), 3) * x

An int to a negative power is a float. Where the power may be negative and all that is made of the result is a float
in the end, the base becomes one: the value is the same whatever the sign. What counts, indexes or bounds a loop stays
an int: there Python would refuse a float. Needs: types of all names, which are found anew where this changes anything;
what the text says by itself, as of `2 ** -n`, it does without them.
"""

from __future__ import annotations

from dataclasses import replace

from srcad.analysis.kinds import kind
from srcad.ir import (
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Expr,
    Field,
    For,
    Function,
    If,
    Item,
    Select,
    Stmt,
    Store,
    Var,
    map_bodies,
    map_each,
    names,
    reads,
    walk,
    writes,
)
from srcad.rules.scalar import OF_FLOATS
from srcad.types import is_float, is_float_array, is_int

POWERS = frozenset({"**", "**="})
CUT = POWERS | OF_FLOATS
GROWING = frozenset({"+", "*", "//", "%", "<<", ">>", "+=", "*=", "//=", "%=", "<<=", ">>=", "max"})
BLENDING = frozenset({"+", "-", "*", "/", "**", "neg", "pos", "+=", "-=", "*=", "/=", "**=", "abs", "max", "min"})
GATHERING = frozenset({"array_of", "@", "np.dot", "sum", "np.sum", "np.mean"})
COMPARING = frozenset({"<", "<=", ">", ">=", "==", "!="})


def int_powers(f: Function) -> Function:
    """`f` with floats as operands of such arithmetic."""
    if not any(isinstance(s, Assign) and isinstance(s.value, Apply) and s.value.op in CUT for s in walk(f.body)):
        return f
    facts = _Facts(f)

    def statement(s: Stmt) -> Stmt:
        match s:
            case Assign(target, Apply(op, (a, b))) if op in CUT and is_int(kind(a, f.types)):
                whole = is_int(kind(b, f.types))
                if (whole and op in OF_FLOATS) or (op in POWERS and facts.is_float(target, b, whole)):
                    return replace(s, value=Apply(op.removesuffix("="), (_as_float(a), b)))
        return map_bodies(s, body)

    def body(b: Body) -> Body:
        return map_each(b, statement)

    made = body(f.body)
    return f if made is f.body else replace(f, body=made)


def _as_float(e: Expr) -> Expr:
    return Const(float(e.value)) if isinstance(e, Const) else Apply("float", (e,))


class _Facts:
    """What is known of the ints of a function, before it is in SSA form."""

    def __init__(self, f: Function) -> None:
        self.f = f
        self.made: dict[str, list[Stmt]] = {p: [] for p in f.params}
        self.used: dict[str, list[Stmt]] = {}
        for s in walk(f.body):
            for n in writes(s):
                self.made.setdefault(n, []).append(s)
            for n in {n for e in reads(s) for n in names(e)}:
                self.used.setdefault(n, []).append(s)

    def is_float(self, target: str, power: Expr, whole: bool) -> bool:
        """Is the int to this power, an int if `whole`, a float to Python, or as good as one? It is kept in `target`."""
        if self.is_negative(power):
            return True
        return whole and not self.is_natural(power, set()) and self._becomes_float(target, set())

    def is_negative(self, e: Expr) -> bool:
        """Is `e` less than zero as far as its text goes: -2, -n?"""
        if isinstance(e, Var) and e.name not in self.f.params:
            return all(isinstance(s, Assign) and self.is_negative(s.value) for s in self.made.get(e.name, [None]))
        return (isinstance(e, Const) and e.value < 0) or (isinstance(e, Apply) and e.op == "neg")

    def is_natural(self, e: Expr, assumed: set[str]) -> bool:
        """Can `e` never be less than zero? Of a name: if what it is made of can't, where it can't (`assumed`)."""

        def natural(e: Expr) -> bool:
            return self.is_natural(e, assumed)

        match e:
            case Const(value):
                return isinstance(value, int) and value >= 0
            case Var(name):
                if name in assumed:
                    return True
                if name in self.f.params or name not in self.made:
                    return False
                assumed.add(name)
                return all(map(self._makes_natural, self.made[name], [assumed] * len(self.made[name])))
            case Apply("len" | "abs", _):
                return True
            case Apply("%", (_, b)):
                return natural(b)
            case Apply("max", args):
                return any(map(natural, args))
            case Apply(op, args) if op in GROWING:
                return all(map(natural, args))
            case Field(_, name):
                return name in ("size", "ndim")
            case Item(Field(_, "shape"), _):
                return True
            case Select(_, yes, no):
                return natural(yes) and natural(no)
        return False

    def _makes_natural(self, s: Stmt, assumed: set[str]) -> bool:
        match s:
            case Assign(_, value):
                return self.is_natural(value, assumed)
            case For(_, start, stop, step):
                if not isinstance(step, Const):
                    return False
                falls = isinstance(stop, Const) and stop.value >= -1
                return self.is_natural(start, assumed) if step.value > 0 else falls
        return False

    def _becomes_float(self, name: str, seen: set[str]) -> bool:
        """Is all that is made of the int `name` a float, or a test?"""
        t = self.f.types.get(name)
        if name in seen or is_float(t) or (t is not None and is_float_array(t)):
            return True
        seen.add(name)
        if self.f.result is not None and any(n == name for n in names(self.f.result)) and self.f.result != Var(name):
            return False
        return all(self._blends(s, name, seen) for s in self.used.get(name, []))

    def _blends(self, s: Stmt, name: str, seen: set[str]) -> bool:
        match s:
            case Assign(_, Apply(op, args)) if op in COMPARING and Var(name) in args:
                return True
            case Assign(target, Apply(op, args)) if op in BLENDING and Var(name) in args:
                return self._becomes_float(target, seen)
            case Assign(_, Apply("len", _)):
                return True
            case Assign(target, Var() | Array()):
                return self._becomes_float(target, seen)
            case Assign(target, Apply(op)) if op in GATHERING:
                return self._becomes_float(target, seen)
            case Assign(target, Item(Var(base), index)) if base == name:
                return not any(n == name for e in index for n in names(e)) and self._becomes_float(target, seen)
            case Assign(target, Select(test, _, _)):
                return not any(n == name for n in names(test)) and self._becomes_float(target, seen)
            case Append(target):
                return self._becomes_float(target, seen)
            case Store(array, index, _, _):
                inside = any(n == name for e in (array, *index) for n in names(e))
                return not inside and is_float_array(kind(array, self.f.types))
            case If(Apply(op, args)):
                return op in COMPARING and Var(name) in args
        return False
