"""Expressions that are read whole, where no derivative can arise: tests, indices, extents.

    tree(i + 1 < n)          ->  i + 1 < n
    test(a < g(x) < b)       ->  %3, having written the steps of g(x), and the second comparison where the first holds
"""

from __future__ import annotations

import ast
import enum
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.algebra import as_test
from srcad.errors import SrcadError
from srcad.ir import FALSE, TRUE, ZERO, Apply, Assign, Const, Expr, Field, Item, Select, Tuple, Var
from srcad.parse.reader import Reader
from srcad.parse.scope import NUMBERS, Closure, Keyed, Keys, Rows, Several, Static, Value
from srcad.rules import RULES, canonical
from srcad.syntax import BINARY, COMPARE, UNARY

_BRANCHES = frozenset({"np.where", "np.clip"})  # written as branches, and not known to Numba of scalars
COUNTED: dict[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "%": operator.mod,
}  # fmt: skip
_DECIDED: dict[str, Callable[[Any, Any], bool]] = {
    "is": operator.is_, "is not": operator.is_not, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class Trees(Reader):
    """Reads expressions whole."""

    def test(self, node: ast.expr) -> Expr:
        """The condition that `node` is, whole if that can be."""
        whole = self.tree(node)
        if whole is not None:
            return as_test(whole)
        match node:
            case ast.Name() if isinstance(known := self.evaluate(node), Rows):
                return _folded("!=", (known.length, ZERO))
            case ast.Compare(left, [ast.In() | ast.NotIn() as op], [ast.Name() as of]) if isinstance(
                self.evaluate(of), Rows
            ):
                found = self.is_in(left, of, node)
                return found if isinstance(op, ast.In) else Apply("not", (found,))
            case ast.UnaryOp(ast.Not(), operand):
                return _folded("not", (self.test(operand),))
            case ast.BoolOp(op, [first, *rest]):
                condition = self.emit(self.test(first), node)
                for v in rest:
                    old = self.block()
                    second = self.test(v)
                    tail = self.taken(old)
                    both = ((tail, second), ((), FALSE)) if isinstance(op, ast.And) else (((), TRUE), (tail, second))
                    condition = self.join(condition, both[0], both[1], node)  # type: ignore[assignment]
                return condition
            case ast.Compare(left, ops, rights):
                rights = [_as_tuple(op, right) for op, right in zip(ops, rights, strict=True)]
                a, b = self.in_order(lambda: self.tree_or_value(left), lambda: self.tree_or_value(rights[0]))
                return self._comparison(a, b, ops, rights, node)
            case _:
                return self.value(node)

    def _comparison(
        self, first: Expr, second: Expr, ops: list[ast.cmpop], rights: list[ast.expr], node: ast.AST
    ) -> Expr:
        """`first < second < ...`: what comes later is evaluated only where the comparisons before it hold."""
        if len(ops) == 1:
            return _folded(COMPARE[type(ops[0])], (first, second))
        middle = second if isinstance(second, Const) else self.emit(second, node)
        condition = self.emit(Apply(COMPARE[type(ops[0])], (first, middle)), node)
        old = self.block()
        rest = self._comparison(middle, self.tree_or_value(rights[1]), ops[1:], rights[1:], node)
        return self.join(condition, (self.taken(old), rest), ((), FALSE), node)

    def tree_or_value(self, node: ast.expr) -> Expr:
        whole = self.tree(node)
        return self.value(node) if whole is None else whole

    def tree(self, node: ast.expr) -> Expr | None:
        """`node` whole, or None if it takes statements: a call of a user's function, a walrus, a comprehension."""
        match node:
            case ast.Constant() | ast.Name() | ast.Attribute(ast.Name()):
                old = self.block()
                v = self.evaluate(node)
                steps = self.taken(old)
                if isinstance(v, (Const, Var)) and not steps:
                    return v
                if len(steps) == 1 and isinstance(steps[0], Assign) and isinstance(steps[0].value, Field):
                    return steps[0].value
                return None
            case ast.BinOp(left, op, right):
                return self._tree(BINARY[type(op)], left, right)
            case ast.UnaryOp(ast.USub(), ast.Constant(value)) if isinstance(value, NUMBERS):
                return Const(-value)
            case ast.UnaryOp(op, operand):
                return self._tree(UNARY[type(op)], operand)
            case ast.BoolOp(op, values):
                return self._tree("and" if isinstance(op, ast.And) else "or", *values)
            case ast.Compare(ast.Name() as left, [ast.Is() | ast.IsNot() as op], [ast.Constant(None)]) if isinstance(
                self.evaluate(left), (Static, Closure)
            ):
                return Const(isinstance(op, ast.IsNot))  # a function
            case ast.Compare(left, [ast.Is() | ast.IsNot() | ast.Eq() | ast.NotEq() as op], [right]) if (
                one := self._member(left)
            ) is not None and (two := self._member(right)) is not None:
                return Const((one is two) == isinstance(op, (ast.Is, ast.Eq)))
            case ast.Compare(left, [ast.In() | ast.NotIn() as op], [right]) if (named := self.keyed(right)) is not None:
                return Const((self.key(left) in named.value) == isinstance(op, ast.In))
            case ast.Compare(left, [op], [right]):
                return self._tree(COMPARE[type(op)], left, right)
            case ast.Compare(left, ops, rights):
                pairs = zip([left, *rights], ops, rights, strict=False)
                terms = [self._tree(COMPARE[type(o)], a, b) for a, o, b in pairs]
                return None if None in terms else _folded("and", tuple(t for t in terms if t is not None))
            case ast.Subscript(base, index):
                if self.is_outside(node):
                    return None
                known = self.at_key(node)
                if known is not None:
                    return known if isinstance(known, (Const, Var)) else None
                return self._tree_item(base, index)
            case ast.IfExp(test, body, orelse):
                parts = [self.tree(x) for x in (test, body, orelse)]
                if isinstance(parts[0], Const):
                    return parts[1] if parts[0].value else parts[2]
                return None if None in parts else Select(*parts)  # type: ignore[arg-type]
            case ast.Call(func, args, []) if not any(isinstance(a, ast.Starred) for a in args):
                return self._tree_call(func, args)
            case _:
                return None

    def _tree(self, op: str, *operands: ast.expr) -> Expr | None:
        parts = [self.tree(o) for o in operands]
        if self.scope.source.own and op in ("is", "is not") and isinstance(parts[0], Var):
            return Const(op == "is not")  # None is a literal there, or a default
        if self.scope.source.own and op in COUNTED and all(is_int(p) for p in parts):
            return Const(COUNTED[op](*(p.value for p in parts)))  # type: ignore[union-attr]
        return None if None in parts else _folded(op, tuple(p for p in parts if p is not None))

    def _member(self, node: ast.expr) -> enum.Enum | None:
        """The member of an Enum that `node` is a name of."""
        match node:
            case ast.Name() | ast.Attribute(ast.Name()):
                old = self.block()
                known = self.evaluate(node)
                self.taken(old)
                return known.value if isinstance(known, Static) and isinstance(known.value, enum.Enum) else None
        return None

    def _tree_item(self, base: ast.expr, index: ast.expr) -> Expr | None:
        if isinstance(base, (ast.Tuple, ast.List)) or isinstance(index, ast.Slice):
            return None
        array = self.tree(base)
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        odd = any(isinstance(p, (ast.Slice, ast.List)) or ast.unparse(p) == "..." for p in parts)
        inside = [] if odd else [self.tree(p) for p in parts]
        if array is None or odd or None in inside or Const(None) in inside:
            return None
        return Item(array, tuple(p for p in inside if p is not None))

    def _tree_call(self, func: ast.expr, args: list[ast.expr]) -> Expr | None:
        if not isinstance(func, ast.Name) and not (
            isinstance(func, ast.Attribute) and isinstance(func.value, (ast.Name, ast.Attribute))
        ):
            return None
        old = self.block()
        try:
            known = self.evaluate(func)
        except SrcadError:
            return None  # a method: `value` reads it
        finally:
            self.taken(old)
        if not isinstance(known, Static):
            return None
        if known.value is np.ndim or (self.scope.source.own and known.value in (isinstance, len)):
            asked = self._asked(known.value, args)
            if asked is not None:
                return asked
        if known.value is len and isinstance(args[0], ast.Name) and isinstance(rows := self.evaluate(args[0]), Rows):
            return rows.length
        name = "len" if known.value is len else canonical(known.value)
        if name is None or name in _BRANCHES or len(args) != (1 if name == "len" else len(RULES[name].params)):
            return None  # `value` reads it
        return self._tree(name if name == "len" else spelling(known.value, func), *args)

    def _asked(self, f: Any, args: list[ast.expr]) -> Expr | None:
        """`np.ndim(x)`; in srcad's own words `isinstance(x, tuple)`, `isinstance(x, list)`, `len` of a tuple."""
        old = self.block()
        value = self.evaluate(args[0])
        if self.taken(old):
            return None
        if f is isinstance and isinstance(args[1], ast.Name) and args[1].id == "list":
            return self.is_list(value) if isinstance(value, Var) else Const(isinstance(value, (Rows, Several)))
        if f is isinstance:
            return Const(isinstance(value, Tuple))
        if f is len:
            return Const(len(value.items)) if isinstance(value, Tuple) else None
        return Apply("np.ndim", (value,)) if isinstance(value, Var) else Const(int(isinstance(value, Tuple)))

    def is_outside(self, node: ast.expr) -> bool:
        """Is `node` a list outside of the function or a part of it?"""
        raise NotImplementedError

    def is_in(self, left: ast.expr, right: ast.expr, node: ast.AST) -> Expr:
        """`left in right`, where that is a list outside of the function."""
        raise NotImplementedError

    def at_key(self, node: ast.Subscript) -> Value | None:
        """`p["a"]` of a dict whose keys are known; None of anything else."""
        raise NotImplementedError

    def keyed(self, node: ast.expr) -> Keyed | None:
        """Such a dict, if `node` is one by its name."""
        raise NotImplementedError

    def key(self, node: ast.expr) -> Keys:
        """The key that `node` is."""
        raise NotImplementedError

    def is_list(self, value: Var) -> Expr:
        """Is `value` a list? Types say so, unless something that is done to it does."""
        raise NotImplementedError


def _as_tuple(op: ast.cmpop, right: ast.expr) -> ast.expr:
    """`{1, 2}` behind `in` as a tuple, in which the same is found."""
    if isinstance(op, (ast.In, ast.NotIn)) and isinstance(right, ast.Set):
        return ast.copy_location(ast.Tuple(right.elts, ast.Load()), right)
    return right


def spelling(f: Any, node: ast.expr) -> str:
    """How the IR says the known function `f` before types are known: as the user does if it takes arrays too."""
    name = canonical(f) or ""
    if not isinstance(f, np.ufunc) or (name in RULES and RULES[name].own):
        return name
    attr = node.attr if isinstance(node, ast.Attribute) else f.__name__
    return f"np.{attr if getattr(np, attr, None) is f else f.__name__}"


def is_int(e: Expr | None) -> bool:
    return isinstance(e, Const) and type(e.value) is int


def _folded(op: str, args: tuple[Expr, ...]) -> Expr:
    """`op(args)`, worked out where constants decide it: a test of a default, `if mode == "sum"`."""
    infinity = Const(float("inf"))
    match tuple(infinity if a in (Var("np.inf"), Var("math.inf")) else a for a in args):
        case (Const(a), Const(b)) if op in _DECIDED:
            try:
                return Const(_DECIDED[op](a, b))
            except TypeError:  # 1 < None: Python's own error, when it runs
                return Apply(op, args)
        case (Tuple(), Const(None)) if op in ("is", "is not"):
            return Const(op == "is not")
        case (Const(a),) if op == "not":
            return Const(not a)
        case (Const(a), *rest) if op in ("and", "or"):
            if bool(a) == (op == "or") or not rest:
                return args[0]
            return _folded(op, tuple(rest))
        case (only,) if op in ("and", "or"):
            return only
    return Apply(op, args)
