"""What ends a recursion is written where the function calls itself, in place of the call.

    if i == 0:                                    if i == 0:
        result = x[0]                                 result = x[0]
    else:                                         else:
        %1 = i - 1                                    %1 = i - 1
        %2 = total(x, %1)              ->             if %1 == 0:
        result = x[i] + %2                                %2 = x[0]
                                                      else:
                                                          %2 = total(x, %1)
                                                      result = x[i] + %2

Half the calls of a binary recursion end it at once, and 58 in 100 of an expansion by minors; each would go through the
calling convention twice, and put on the tape what it needs. Only a few steps with numbers are written so, and only
where a function calls itself. Where the test fails the called function evaluates it again, so what it needs is
arithmetic and loads alone. A product with the result stands in both arms: its reverse then reads `x[0]` where that is
what it was, and takes the result of a call off the tape alone.

Needs: scalar code with types. Guarantees: the same values, computed in the same order.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeGuard

from numba.core import types

from srcad.flow import COMPARISONS
from srcad.ir import (
    Apply,
    Assign,
    Body,
    Expr,
    Function,
    If,
    Invoke,
    Note,
    Stmt,
    Var,
    bindings,
    map_bodies,
    map_exprs,
    mentioned,
    names,
    nodes,
    reads,
    rename,
    substitute,
    walk,
)
from srcad.names import Names
from srcad.rules import RULES

CHEAP = COMPARISONS | {"and", "or", "not", "neg", "pos", "+", "-", "*", "/", "//", "%", "min", "max", "abs", "len"}
STEPS = 8  # statements that may stand in place of a call
GROWTH = 24  # and in place of all calls in a function
CALL: Body = (Note("the call"),)  # where a call stays a call
RETURN = Note("the result")  # where the result is known


def base_cases(f: Function) -> Function:
    """`f` with its base case in place of its calls of itself, where that is short."""
    calls = sum(_is_own(s, f) for s in walk(f.body))
    if not calls or not _is_number_or_nothing(f):
        return f
    short = _in_place(f.body, f)
    size = sum(not isinstance(s, Note) for s in walk(short))
    if short == CALL or size > STEPS or size * calls > GROWTH:
        return f
    return _Writer(f, short).function()


def _is_own(s: Stmt, f: Function) -> TypeGuard[Invoke]:
    return isinstance(s, Invoke) and s.own is None and s.function == f.name


def _is_number_or_nothing(f: Function) -> bool:
    return f.result is None or (isinstance(f.result, Var) and _is_number(f.result.name, f))


def _is_number(name: str, f: Function) -> bool:
    return isinstance(f.types.get(name), (types.Number, types.Boolean))


# ---------------------------------------------------------------------------------------------- what ends it


def _in_place(body: Body, f: Function) -> Body:
    """What stands in place of a call that would run `body`: a few steps to the result, or the call."""
    if all(_is_short(s, f) for s in body):
        return (*body, RETURN)
    *others, last = body
    before = [s for s in others if isinstance(s, Assign) and _is_short(s, f)]
    if not isinstance(last, If) or len(before) < len(others):
        return CALL
    tested = _needed(before, set(names(last.test)))
    if not _is_cheap(last.test) or not all(_is_cheap(s.value) for s in tested):
        return CALL
    yes, no = _in_place(last.body, f), _in_place(last.orelse, f)
    if yes == no == CALL:
        return CALL
    rest = [s for s in before if s not in tested]
    return (*tested, replace(last, body=_after(rest, yes, f), orelse=_after(rest, no, f)))


def _after(before: list[Assign], arm: Body, f: Function) -> Body:
    """`arm` behind what it needs of `before`."""
    wanted = {n for s in walk(arm) for e in reads(s) for n in names(e)}
    return (*_needed(before, wanted.union(names(f.result)) if RETURN in walk(arm) else wanted), *arm)


def _needed(before: list[Assign], wanted: set[str]) -> list[Assign]:
    """The statements of `before` that give the names `wanted` their values."""
    found = []
    for s in reversed(before):
        if s.target in wanted:
            found.append(s)
            wanted = wanted.union(names(s.value))
    return found[::-1]


def _is_short(s: Stmt, f: Function) -> bool:
    """Does `s` compute a number from numbers and elements?"""
    return isinstance(s, Assign) and _is_number(s.target, f) and all(_is_step(e) for e in nodes(s.value))


def _is_step(e: Expr) -> bool:
    return not isinstance(e, Apply) or e.op in CHEAP or (e.op in RULES and not RULES[e.op].own and e.op[0] != ".")


def _is_cheap(e: Expr) -> bool:
    return all(not isinstance(n, Apply) or n.op in CHEAP for n in nodes(e))


# ---------------------------------------------------------------------------------------------- in place of a call


def _multiplies(s: Stmt, call: Invoke) -> bool:
    """Does `s` make a number of the result of `call` whose derivatives read that?"""
    match s:
        case Assign(target, Apply(op, args)) if op in RULES and target not in call.targets:
            linear = all(p in ("1.0", "-1.0") for p in RULES[op].partials.values())
            return not linear and any(Var(n) in args for n in call.targets)
    return False


def _ending(s: If, then: Body) -> If:
    """`s` with the steps `then` at the end of each arm."""

    def ended(arm: Body) -> Body:
        *before, last = arm
        return (*before, _ending(last, then)) if isinstance(last, If) else (*arm, *then)

    return replace(s, body=ended(s.body), orelse=ended(s.orelse)) if then else s


class _Writer:
    def __init__(self, f: Function, short: Body) -> None:
        self.f, self.short = f, short
        self.types = dict(f.types)
        self.names = Names({*mentioned(f.body), *f.params})
        self.bound = set(bindings(short))
        self.result = f.result.name if isinstance(f.result, Var) else None

    def function(self) -> Function:
        return replace(self.f, body=self._body(self.f.body), types=self.types)

    def _body(self, body: Body) -> Body:
        out: list[Stmt] = []
        left = list(body)
        while left:
            s = left.pop(0)
            if not _is_own(s, self.f):
                out.append(map_bodies(s, self._body))
                continue
            product = left and _multiplies(left[0], s)
            then = (left.pop(0),) if product else ()
            *before, chosen = self._called(s)
            assert isinstance(chosen, If)
            out += (*before, _ending(chosen, then))
        return tuple(out)

    def _called(self, call: Invoke) -> Body:
        """`call`, behind its base case."""
        own = {n: call.targets[0] if n == self.result else self._fresh(n) for n in sorted(self.bound)}
        given = dict(zip(self.f.params, call.args, strict=True))
        start = tuple(Assign(own[p], a, call.at) for p, a in given.items() if p in own)
        known: dict[str, Expr] = {**given, **{n: Var(v) for n, v in own.items()}}
        return (*start, *self._filled(rename(self.short, lambda n: own.get(n, n)), known, call))

    def _fresh(self, name: str) -> str:
        made = self.names.numbered("%") if name.startswith("%") else self.names.fresh(name)
        self.types[made] = self.types[name]
        return made

    def _filled(self, body: Body, known: dict[str, Expr], call: Invoke) -> Body:
        """`body` with the arguments for the parameters, the call where it says so, and the result of what it ends."""

        def put(e: Expr) -> Expr:
            return substitute(e, lambda n: known.get(n, Var(n)))

        out: list[Stmt] = []
        for s in body:
            if (s,) == CALL:
                out.append(call)
            elif s != RETURN:
                out.append(map_bodies(map_exprs(s, put), lambda b: self._filled(b, known, call)))
            elif self.result is not None and self.result not in self.bound:
                out.append(Assign(call.targets[0], put(Var(self.result)), call.at))
        return tuple(out)
