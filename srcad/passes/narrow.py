"""Names of their own for what is known not to be None, behind a test that says so.

    r = root(x)                              r = root(x)
    if r is not None:                        if r is not None:
        points.append((x, r))      ->            r_1 = some(r)
                                                 points.append((x, r_1))

So Numba's inference gives it the type of a number, where r may be None: it knows of no tests. What is changed in place
has such a name too, and raises an error if it is None:

    w += v                          ->       if w is None: raise TypeError(...)     unless a test says that it is not
                                             w_1 = some(w);  w_1 += v;  w = w_1

`nones` takes these names away again, and nothing is left of them. Needs: code before its types.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from srcad.ir import (
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    For,
    Function,
    If,
    Raise,
    Select,
    Stmt,
    Var,
    While,
    bindings,
    map_children,
    map_exprs,
    mentioned,
    names,
    reads,
    substitute,
    walk,
)
from srcad.names import Names
from srcad.syntax import INPLACE
from srcad.types import SOME

NONE = Const(None)
Sure = Mapping[str, str]  # a name that is not None here -> its own name for that
Found = frozenset[str]


def narrow(f: Function) -> Function:
    """`f` with such names."""
    maybe = _maybe(f)
    return _Narrower(f, maybe).function() if maybe else f


def _maybe(f: Function) -> Found:
    """The names that may be None."""
    values = [(s.target, s.value) for s in walk(f.body) if isinstance(s, Assign)]
    found: set[str] = set()
    while True:
        more = {n for n, value in values if _may_be_none(value, found)} - found
        if not more:
            return frozenset(n for n, value in values if n in found and value != NONE)
        found |= more


def _may_be_none(e: Expr, known: set[str]) -> bool:
    match e:
        case Select(_, yes, no):
            return _may_be_none(yes, known) or _may_be_none(no, known)
        case Var(name):
            return name in known
    return e == NONE


class _Narrower:
    def __init__(self, f: Function, maybe: Found) -> None:
        self.f, self.maybe = f, maybe
        self.names = Names({*mentioned(f.body), *f.params, *names(f.result)})

    def function(self) -> Function:
        return replace(self.f, body=self.body(self.f.body, {}, {}))

    def body(self, body: Body, sure: Sure, tests: dict[str, Expr], known: Found = frozenset()) -> Body:
        """`body`, at whose start the names `known` are not None, either; `tests` have names."""
        sure, tests = dict(sure), dict(tests)
        out: list[Stmt] = []
        for n in sorted(known - sure.keys()):
            if any(n in names(e) for s in walk(body) for e in reads(s)):
                sure[n] = self.names.fresh(n)
                out.append(Assign(sure[n], Apply(SOME, (Var(n),)), body[0].at))
        for s in body:
            bound = set(bindings((s,)))
            match s:
                case Assign(target, Apply(op)) if op in INPLACE and target in self.maybe:
                    name = self.names.fresh(target)
                    out += self.in_place(s, name, sure)
                    sure[target] = name
                    tests = _untouched(tests, bound)
                    continue
            before = {n: new for n, new in sure.items() if n not in bound} if isinstance(s, (For, While)) else sure
            out.append(self.statement(s, before, tests))
            sure = {n: new for n, new in sure.items() if n not in bound}
            tests = _untouched(tests, bound)
            match s:
                case Assign(target, Apply("is" | "is not" | "==" | "!=" | "not" | "and" | "or") as test):
                    tests[target] = test
        return tuple(out)

    def statement(self, s: Stmt, sure: Sure, tests: dict[str, Expr]) -> Stmt:
        match s:
            case If(test, then, orelse):
                yes, no = self.facts(test, tests)
                body, other = self.body(then, sure, tests, yes), self.body(orelse, sure, tests, no)
                return replace(s, test=self.expr(test, sure), body=body, orelse=other)
            case While(test, inner):
                kept = _untouched(tests, set(bindings(inner)))
                yes, _ = self.facts(test, kept)
                return replace(s, test=self.expr(test, sure), body=self.body(inner, sure, kept, yes))
            case For(body=inner):
                kept = _untouched(tests, set(bindings((s,))))
                s = map_exprs(s, lambda e: self.expr(e, sure))
                return replace(s, body=self.body(inner, sure, kept))  # type: ignore[arg-type]
        return map_exprs(s, lambda e: self.expr(e, sure))

    def in_place(self, s: Assign, name: str, sure: Sure) -> Body:
        """`w += v` by a name of its own for `w`, which is not None then."""
        assert isinstance(s.value, Apply)
        w = s.target
        error = Apply("TypeError", (Const(f"{w} is None, and {s.value.op} changes what it holds"),))
        check = () if w in sure else (If(Apply("is", (Var(w), NONE)), (Raise(error, s.at),), at=s.at),)
        value = replace(s.value, args=(Var(name), *(self.expr(a, sure) for a in s.value.args[1:])))
        own = Assign(name, Apply(SOME, (Var(w),)), s.at)
        return (*check, own, Assign(name, value, s.at), Assign(w, Var(name), s.at))

    def expr(self, e: Expr, sure: Sure) -> Expr:
        """`e` with the names that are `sure`, and what tests in it itself say of its parts."""
        e = self._parts(e)
        return substitute(e, lambda n: Var(sure.get(n, n)))

    def _parts(self, e: Expr) -> Expr:
        match e:
            case Const() | Var():
                return e
            case Apply("and" | "or" as op, args):
                out: list[Expr] = []
                known: Found = frozenset()
                for a in args:
                    out.append(_some(self._parts(a), known))
                    known |= self.facts(a, {})[op == "or"]
                return Apply(op, tuple(out))
            case Select(test, yes, no):
                true, false = self.facts(test, {})
                return Select(self._parts(test), _some(self._parts(yes), true), _some(self._parts(no), false))
        return map_children(e, self._parts)

    def facts(self, test: Expr, tests: dict[str, Expr]) -> tuple[Found, Found]:
        """The names that are not None where `test` holds, and where it does not."""
        nothing: Found = frozenset()
        match test:
            case Apply("is not" | "!=", (Var(name), Const(None))) if name in self.maybe:
                return frozenset({name}), nothing
            case Apply("is" | "==", (Var(name), Const(None))) if name in self.maybe:
                return nothing, frozenset({name})
            case Apply("not", (inner,)):
                return self.facts(inner, tests)[::-1]
            case Apply("and" | "or" as op, args):
                found = [self.facts(a, tests) for a in args]
                every, some = (1, 0) if op == "and" else (0, 1)
                united = frozenset().union(*(f[some] for f in found))
                shared = found[0][every].intersection(*(f[every] for f in found))
                return (united, shared) if op == "and" else (shared, united)
            case Var(name) if name in tests:
                return self.facts(tests[name], tests)
        return nothing, nothing


def _untouched(tests: dict[str, Expr], bound: Set[str]) -> dict[str, Expr]:
    """`tests`, by name, without those that `bound` has a part in."""
    return {n: e for n, e in tests.items() if n not in bound and bound.isdisjoint(names(e))}


def _some(e: Expr, known: Found) -> Expr:
    """`e` with the names `known` as what is not None; a name alone stays, and so does a test of one."""
    match e:
        case Apply("is" | "is not" | "==" | "!=", (Var(), Const(None))):
            return e
    return substitute(e, lambda n: Apply(SOME, (Var(n),)) if n in known else Var(n)) if known else e
