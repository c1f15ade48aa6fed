"""Index domains: beside each statement, which of the inputs the value that it computes depends on.

    a1@0 = x1@0 * x2@0            a1_domain = unite(sets, x1_domain, x2_domain)
    a2@0 = math.sin(x2@0)    ->   a2_domain = x2_domain
    a3@0 = a1@0 + a2@0            a3_domain = unite(sets, a1_domain, a2_domain)
    -> a3@0                       -> a3_domain

A domain is a number that stands for a set (see `srcad.domains`), so a value's costs a word; where they stand,
and what becomes of arrays, is said in `srcad.beside`. An operand counts where the operation has a partial with
respect to it, be it zero at this point; steps have none; of max, where and their like the operand counts that was
chosen: the pattern is that of the path taken, with the branches that this call took, and forward mode follows the
same one. The values themselves are computed only where branches, choices and indices ask for them.

Griewank and Walther, Evaluating Derivatives, 2nd ed., 2008, section 7.1. Needs: SSA form after `enclose`. Guarantees:
code without version numbers, whose result is the domains of the result's floats, in its structure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from numba.core import types

from srcad.beside import Beside
from srcad.declared import type_of
from srcad.errors import Location, unsupported
from srcad.ir import (
    ZERO,
    Apply,
    Assign,
    Const,
    Expr,
    Field,
    Function,
    Invoke,
    Item,
    Slice,
    Stmt,
    Store,
    Tuple,
    Var,
    may_write,
)
from srcad.names import base, domain
from srcad.rules import Rule
from srcad.types import is_array, is_float, is_float_array, is_list, is_reference

NONE = Const(None)
NUMBER = Field(Var("np"), "int64")


def pattern(f: Function, inputs: Iterable[str]) -> tuple[Function, dict[str, str], str]:
    """`f` with the domains for its float inputs `inputs`: the names of these, and of the array of all sets.

    Raises:
        SrcadError: a value that matters comes from something without a derivative.
    """
    made = _Domains(f, tuple(inputs))
    return made.function(), {i: made.own(i) for i in made.inputs}, made.sets


class _Domains(Beside):
    def __init__(self, f: Function, inputs: tuple[str, ...]) -> None:
        super().__init__(f, inputs)
        self.sets = self.names.fresh("sets")
        self.types[self.sets] = types.Array(types.int64, 1, "C")

    def _shown(self, name: str, lane: int) -> str:
        return domain(name)

    def _type(self, t: Any) -> Any:
        if isinstance(t, types.Array):
            return t.copy(dtype=types.int64, readonly=False)
        return types.List(self._type(t.dtype)) if is_list(t) else types.int64

    def _zero(self, t: Any) -> Expr:
        return ZERO

    def _blank(self, array: Expr) -> Expr:
        return Apply("np.zeros_like", (array, NUMBER))

    def _result(self, e: Expr) -> Expr:
        """The domains of the result, in its structure; None for what has no derivative."""
        match e:
            case Tuple(items):
                return Tuple(tuple(self._result(i) for i in items))
            case Var(version):
                t = self.types.get(base(version))
                if is_float(t) or is_float_array(t):
                    return self._whole(e, t, 0)
            case Const(float()):
                return ZERO
        return NONE

    # ------------------------------------------------------------------ statements

    def _store(self, s: Store, lane: int) -> Iterator[Stmt]:
        assert isinstance(s.array, Var)
        own = Var(self.own(s.array.name))
        new = self._of(s.value) if self.active.moves(s.value) else ZERO
        if s.op is None:
            yield replace(s, array=own, value=new)
        elif new != ZERO:
            yield replace(s, array=own, value=self._union([Item(own, s.index), new]), op=None)

    def _invoke(self, s: Invoke) -> Iterator[Stmt]:
        """The function takes the arguments' domains too, and returns its own."""
        if s.own is not None:
            yield from self._own_rule(s)
            return
        made = tuple(self.own(t) for t in s.targets if self._carries(t))
        args = (*s.args, *self._given(s, 0), Var(self.sets))
        yield Invoke((*s.targets, *made), f"{s.function}_pattern", args, s.at)

    def _own_rule(self, s: Invoke) -> Iterator[Stmt]:
        """A call with a rule of its own: each float that it returns depends on all that it is given."""
        if any(is_reference(type_of(a, self.types)) for a in may_write(s)):
            why = f"which elements {s.function} changes, and by which others, is not known: it has a rule of its own"
            raise unsupported(s.at, why, "writes=() where it is declared, if it writes to no argument, or jacobian")
        everything = self.names.fresh(domain("call"))
        self.types[everything] = types.int64
        yield s
        yield Assign(everything, ZERO, s.at)
        for a in s.args:
            if isinstance(a, Var) and a.name in self.active:
                united = "unite_all" if is_array(self.types[base(a.name)]) else "unite"
                yield Assign(everything, Apply(united, (Var(self.sets), Var(everything), self._of(a))), s.at)
        for t in s.targets:
            kind = self.types[base(t)]
            if is_float(kind):
                yield Assign(self.own(t), Var(everything), s.at)
            elif is_float_array(kind):
                yield Assign(self.own(t), self._blank(Var(t)), s.at)
                whole = (Slice(None, None, None),) * kind.ndim
                yield Store(Var(self.own(t)), whole, Var(everything), None, s.at)

    # ------------------------------------------------------------------ floats

    def _by_rule(
        self, rule: Rule, args: tuple[Expr, ...], target: str, lets: list[Assign], at: Location
    ) -> list[Expr]:
        parts = zip(rule.params, args, strict=False)
        return [self._union([self._of(a) for p, a in parts if p in rule.partials and self.active.moves(a)])]

    def _union(self, parts: list[Expr]) -> Expr:
        found = parts[0]
        for p in parts[1:]:
            found = Apply("unite", (Var(self.sets), found, p))
        return found
