"""One load of each element: what was loaded or stored before, with no write in between, has its name already.

    %1 = x[i]; %2 = x[i]; %3 = %1 * %2       ->      %1 = x[i]; %3 = %1 * %1
    w[j] = %4; %5 = w[j]; %6 = sin(%5)       ->      w[j] = %4; %6 = sin(%4)

So it is kept once, and the reverse sweep adds to its shadow once. Needs and keeps SSA form. Only names of one
definition stand for elements: others may mean something else by then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from srcad.analysis.alias import Aliases, written
from srcad.analysis.places import defined_once
from srcad.ir import (
    Append,
    Apply,
    Assign,
    Body,
    Expr,
    Field,
    For,
    Function,
    If,
    Invoke,
    Item,
    Stmt,
    Store,
    Var,
    While,
    map_exprs,
    nodes,
    substitute,
)
from srcad.names import base
from srcad.syntax import INPLACE
from srcad.types import is_array

Element = tuple[str, tuple[Expr, ...], Expr | None]  # the array, the index, and where its shadow is
Known = dict[Element, str]


def reuse(f: Function) -> Function:
    """`f` with one load of each element, where its name will do."""
    return _Reuser(f).function()


class _Reuser:
    def __init__(self, f: Function) -> None:
        self.f, self.types = f, f.types
        self.aliases = Aliases(f)
        self.single = defined_once(f)
        self.same: dict[str, str] = {}

    def function(self) -> Function:
        body = self._body(self.f.body, {})
        result = None if self.f.result is None else self._expr(self.f.result)
        return replace(self.f, body=body, result=result)

    def _expr(self, e: Expr) -> Expr:
        if not self.same:
            return e
        return substitute(e, lambda n: Var(self.same.get(n, n)))

    def _body(self, body: Body, known: Known) -> Body:
        """`body` with one load of each element; `known` are those that have names before it, and then after it."""
        out: list[Stmt] = []
        for s in body:
            s = map_exprs(s, self._expr)
            match s:
                case Assign(target, Item(Var(), _) as load) if self._is_element(load, target):
                    element = _element(load)
                    if element in known:
                        self.same[target] = known[element]
                        continue
                    known[element] = target
                case If():
                    s = replace(s, body=self._body(s.body, dict(known)), orelse=self._body(s.orelse, dict(known)))
                    self._forget(s, known)
                case For() | While():
                    self._forget(s, known)
                    s = replace(s, body=self._body(s.body, dict(known)))
                case Store(Var(array), index, value, op):
                    self._forget(s, known)
                    if op is None and isinstance(value, Var) and self._stands_for(value.name, array, index):
                        known[array, index, s.shadow] = value.name
                case Invoke() | Append() | Assign(_, Apply()):
                    self._forget(s, known)
                case _:
                    pass
            out.append(s)
        return tuple(out)

    def _is_element(self, load: Item, target: str) -> bool:
        assert isinstance(load.base, Var)
        return self._stands_for(target, load.base.name, load.index)

    def _stands_for(self, name: str, array: str, index: tuple[Expr, ...]) -> bool:
        """May `name` be read instead of the element of `array` at `index` that it was loaded from or stored to?"""
        t: Any = self.types.get(base(array))
        if base(name) not in self.single or not is_array(t) or len(index) != t.ndim:
            return False
        if any(isinstance(n, Item) and not isinstance(n.base, Field) for i in index for n in nodes(i)):
            return False  # where it is depends on memory too
        return bool(self.types.get(base(name)) == t.dtype)

    def _forget(self, s: Stmt, known: Known) -> None:
        """Forget the elements that `s` may write to."""
        if not known or (isinstance(s, Assign) and not (isinstance(s.value, Apply) and s.value.op in INPLACE)):
            return
        changed = written(replace(self.f, body=(s,)), self.aliases)
        for element in [e for e in known if self.aliases.of(e[0]) in changed]:
            del known[element]


def _element(load: Item) -> Element:
    assert isinstance(load.base, Var)
    return load.base.name, load.index, load.shadow
