"""Names that may be None, as a value and a flag: what has a derivative is then a number or an array like any other.

    best = None                               best_none = True;  best = 0.0
    for k in 0:n:1:                           for k in 0:n:1:
        x = v[k]                                  x = v[k]
        if best is None or x > best:    ->        if best_none or x > best:
            best = x                                  best_none = False;  best = x

Where such a name is read as a number though it is None, which Python refuses, it is 0, as a name is that was never
bound. The names that `narrow` made behind tests stand for what they were made of again. Needs: types of all names, a
parameter's being those of its argument alone (`apart_from_arguments`). Guarantees: no name's type is Numba's optional.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from numba.core import types

from srcad.analysis.kinds import example
from srcad.build import Rewriter
from srcad.errors import unsupported
from srcad.ir import (
    FALSE,
    TRUE,
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    Function,
    If,
    Invoke,
    Raise,
    Select,
    Stmt,
    Tuple,
    Var,
    While,
    bindings,
    map_bodies,
    map_exprs,
    names,
    nodes,
    reads,
    rename,
    substitute,
    transform,
    walk,
    writes,
)
from srcad.names import Names
from srcad.types import SOME, Type, is_array, is_tuple

NONE = Const(None)


def apart_from_arguments(f: Function, arguments: Sequence[Type]) -> Function:
    """`f` with another name for what a parameter holds that is given None, or assigned it, and assigned again."""
    assigned: dict[str, bool] = {}  # whether None is assigned
    for s in walk(f.body):
        for n in writes(s):
            assigned[n] = assigned.get(n, False) or (isinstance(s, Assign) and NONE in _choices(s.value))
    given = {p: _is_none(t) for p, t in zip(f.params, arguments, strict=True) if p in assigned}
    fresh = Names({*f.types, *f.params, *bindings(f.body)})
    new = {p: fresh.fresh(p) for p, none in given.items() if none or assigned[p]}
    if not new:
        return f
    copies = tuple(Assign(n, NONE if given[p] else Var(p), f.at) for p, n in new.items())
    body = rename(f.body, lambda n: new.get(n, n))
    result = None if f.result is None else substitute(f.result, lambda n: Var(new.get(n, n)))
    return replace(f, body=(*copies, *body), result=result)


def _is_none(t: Type) -> bool:
    return isinstance(t, types.NoneType) or (isinstance(t, types.Omitted) and t.value is None)


def unwrapped(t: Type) -> Type:
    """A result's type, but for None: where None would be returned, `nones` raises an error."""
    if isinstance(t, types.Optional):
        return t.type
    if is_tuple(t) and not isinstance(t, types.BaseNamedTuple):
        return types.Tuple(tuple(map(unwrapped, t)))
    return t


def _choices(e: Expr) -> tuple[Expr, ...]:
    return (*_choices(e.yes), *_choices(e.no)) if isinstance(e, Select) else (e,)


def nones(f: Function) -> Function:
    """`f` with a flag for each name that may be None.

    Raises:
        SrcadError: None in a tuple or a list, or given to a function that stays a call; the truth of such a name.
    """
    if any("OptionalType" in str(t) for t in f.types.values()):
        f = _Nones(f).function()
    return _widened(f)


def is_narrowed(f: Function) -> bool:
    """Has `f` names for what is known not to be None?"""
    return any(_is_some(n) for s in walk(f.body) for e in reads(s) for n in nodes(e))


def _is_some(e: Expr) -> bool:
    return isinstance(e, Apply) and e.op == SOME


def _widened(f: Function) -> Function:
    """`f` without the names that `narrow` made: each stands for what it was made of."""
    if not is_narrowed(f):
        return f
    made: dict[str, str] = {}
    for s in walk(f.body):
        match s:
            case Assign(target, Apply(op, (Var(name),))) if op == SOME:
                made[target] = made.get(name, name)

    def bare(e: Expr) -> Expr:
        return e.args[0] if isinstance(e, Apply) and e.op == SOME else e

    def body(b: Body) -> Body:
        kept = (s for s in b if not (isinstance(s, Assign) and s.target in made and _is_some(s.value)))
        return tuple(map_bodies(map_exprs(s, lambda e: transform(e, bare)), body) for s in kept)

    renamed = rename(body(f.body), lambda n: made.get(n, n))
    return replace(f, body=_without_copies_of_itself(renamed))


def _without_copies_of_itself(b: Body) -> Body:
    """`b` without `w = w`."""
    kept = (s for s in b if not (isinstance(s, Assign) and s.value == Var(s.target)))
    return tuple(map_bodies(s, _without_copies_of_itself) for s in kept)


class _Nones(Rewriter):
    def __init__(self, f: Function) -> None:
        super().__init__(f)
        self.flags: dict[str, str] = {}
        for n, t in f.types.items():
            if isinstance(t, types.Optional):
                self.b.types[n] = t.type
                self.flags[n] = self.b.new("%" if n.startswith("%") else f"{n}_none", types.boolean)

    def function(self) -> Function:
        for s in walk(self.f.body):
            if any("OptionalType" in str(self.b.types.get(n)) for n in writes(s)):
                what = "None and something else can't be items of one tuple or list"
                raise unsupported(s.at, what, "a number that stands for None, such as np.nan")
        body = self.body(self.f.body)
        self.b.at, old = self.f.at, self.b.block()
        for n in sorted({n for n in names(self.f.result) if n in self.flags}):
            error = Apply("TypeError", (Const(f"{self.f.name} returns None, which has no derivative"),))
            self.b.branch(Var(self.flags[n]), (Raise(error, self.f.at),))
        return replace(self.f, body=body + self.b.taken(old), types=self.b.types)

    def _refuse(self, name: str, what: str) -> None:
        shown = "what" if name.startswith("%") else repr(name)
        raise unsupported(self.b.at, f"{shown} may be None where it {what}", "a number from the start, such as -np.inf")

    def statement(self, s: Stmt) -> None:
        match s:
            case Assign(target, value) if target in self.flags:
                t = self.b.types[target]
                flag, value = self.flag(value), self.value(self.expr(value), t)
                if value != Var(target):
                    self.b.assign(target, value)
                    self.b.assign(self.flags[target], flag)
                return
            case If(test) | While(test):
                self._check_truth(test)
            case Invoke(targets, _, args):
                for n in (n for n in (*targets, *(n for a in args for n in names(a))) if n in self.flags):
                    self._refuse(n, "is given to a function, or comes from one")
        self.b.add(map_bodies(map_exprs(s, self.expr), self.body))

    def flag(self, e: Expr) -> Expr:
        """Is `e` None?"""
        match e:
            case Const(None):
                return TRUE
            case Var(name):
                return Var(self.flags[name]) if name in self.flags else FALSE
            case Select(test, yes, no):
                return Select(self.expr(test), self.flag(yes), self.flag(no))
        return FALSE

    def value(self, e: Expr, t: Type) -> Expr:
        """`e`, of the type `t` if it is None."""
        match e:
            case Const(None):
                return self._example(t)
            case Select(test, yes, no):
                return Select(test, self.value(yes, t), self.value(no, t))
        return e

    def _example(self, t: Type) -> Expr:
        if is_tuple(t):  # by position: of a namedtuple, too
            return Tuple(tuple(map(self._example, t)))
        if is_array(t) or isinstance(t, types.Number | types.Boolean):
            return example(t)
        raise unsupported(self.b.at, "None, or a list, can't be held by one name", "a name for each")

    def expr(self, e: Expr) -> Expr:
        return transform(e, self.step)

    def step(self, e: Expr) -> Expr:
        match e:
            case Apply("is" | "==" | "is not" | "!=" as op, (Var(name), Const(None)) | (Const(None), Var(name))):
                if name in self.flags:
                    flag = Var(self.flags[name])
                    return flag if op in ("is", "==") else Apply("not", (flag,))
            case Apply("not" | "and" | "or", args):
                for a in args:
                    self._check_truth(a)
            case Tuple(items):
                for i in items:
                    if isinstance(i, Var) and i.name in self.flags:
                        self._refuse(i.name, "is put into a tuple")
        return e

    def _check_truth(self, e: Expr) -> None:
        """A flag itself is a bool; of what may be None, it is not said whether None or zero is meant."""
        if isinstance(e, Var) and e.name in self.flags:
            self._refuse(e.name, "is tested for its truth")
