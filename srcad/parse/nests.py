"""Loops over all indices of an array, which become one loop in another.

    for i, j in np.ndindex(m.shape):         ->    for p in range(m.shape[0]):
                                                       for q in range(m.shape[1]): i = p; j = q; ...
    for (i, j), v in np.ndenumerate(m):      ->    the same, and v = m[p, q]

How many there are is what the target says; types tell whether it is right (`passes/readable.py`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import numpy as np

from srcad.ir import ONE, ZERO, Apply, Const, Expr, Field, For, If, Item, Raise, Tuple, Var
from srcad.parse.generators import Generators
from srcad.parse.library import refusal
from srcad.parse.scope import Static

_INDICES = {id(np.ndindex): "for i, j in np.ndindex(m.shape)", id(np.ndenumerate): "for (i, j), v in np.ndenumerate(m)"}


class Nests(Generators):
    """Reads loops over all indices of an array."""

    def is_nest(self, node: ast.expr) -> bool:
        """Does `node` run over the indices of an array?"""
        known = self.called(node) if isinstance(node, ast.Call) else None
        return isinstance(known, Static) and id(known.value) in _INDICES

    def nest(
        self, target: ast.expr, node: ast.Call, body: list[ast.stmt], inside: Callable[[], None], at: ast.stmt
    ) -> None:
        """Write the loops for `for target in node: body`, around what `inside` writes."""
        known = self.evaluate(node.func)
        assert isinstance(known, Static)
        shown, bound = _INDICES[id(known.value)], self.bound_by(target, *body)
        if any(isinstance(s, ast.Break) for s in exits(body)):
            called = ast.unparse(node.func)
            raise self.refuse(node, f"a break out of {called} can't be read", "loops over range, and a flag")
        numbered = known.value is np.ndenumerate
        match target:
            case ast.Tuple(elts) if not numbered:
                indices, element = elts, None
            case ast.Tuple([ast.Tuple(elts), element]) if numbered:
                indices = elts
            case _:
                raise self.refuse(target, "the indices of such a loop have to be unpacked", shown)
        if node.keywords or any(isinstance(e, ast.Starred) for e in (*indices, *node.args)):
            raise self.refuse(node, f"this {ast.unparse(node.func)} can't be read", shown)
        array: Expr | None = None
        if numbered:
            array = self.fixed(self.value(self.one(node)), bound, node)
            self._check(Field(array, "ndim"), len(indices), shown, node)
            extents: tuple[Expr, ...] = tuple(self._extents(Field(array, "shape"), len(indices), node))
        else:
            extents = self._of_shape(node, len(indices), shown)
        names = [self.program.names.fresh("k") for _ in extents]

        def level(k: int) -> None:
            if k < len(names):
                old = self.block()
                level(k + 1)
                self.out, made = old, self.out
                self.out.append(For(names[k], ZERO, extents[k], ONE, tuple(made), at=self.location(at)))
                return
            for i, name in zip(indices, names, strict=True):
                self.bind_item(i, Var(name), at)
            if array is not None and element is not None:
                self.bind_item(element, Item(array, tuple(map(Var, names))), at)
            inside()

        self.program.loops += 1
        level(0)
        self.program.loops -= 1

    def _of_shape(self, node: ast.Call, count: int, shown: str) -> tuple[Expr, ...]:
        """The extents that `np.ndindex` is given: one by one, or as a tuple."""
        given = self.items(node.args)
        if len(given) == 1 and isinstance(given[0], Tuple):
            given = given[0].items
        elif len(given) == 1 and count > 1 and isinstance(given[0], Var):
            self._check(Apply("len", given), count, shown, node)
            return tuple(self._extents(given[0], count, node))
        if len(given) != count:
            raise self.refuse(node, f"the extents are {len(given)}, and the indices {count}", shown)
        return tuple(self.fixed(e, frozenset(self.scope.local) | self.program.rebound, node) for e in given)

    def _extents(self, shape: Expr, count: int, node: ast.AST) -> Iterator[Expr]:
        for k in range(count):
            yield self.emit(Item(shape, (Const(k),)), node)

    def _check(self, ndim: Expr, count: int, shown: str, node: ast.AST) -> None:
        """As many dimensions as indices: a check that is decided when types are known."""
        why = f"the array has not {count} dimension{'s' if count > 1 else ''}, as there are indices"
        at = self.location(node)
        self.out.append(If(Apply("!=", (ndim, Const(count))), (Raise(refusal(why, shown), at),), at=at))


def exits(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The breaks and continues in `body` that are of the loop around it."""
    for s in body:
        match s:
            case ast.Break() | ast.Continue():
                yield s
            case ast.For() | ast.While():
                yield from exits(s.orelse)
            case ast.If():
                yield from exits([*s.body, *s.orelse])
            case ast.With():
                yield from exits(s.body)
            case ast.Match():
                yield from exits([t for c in s.cases for t in c.body])
