"""Expressions, to an atom with the steps before it.

    value(x * y + 1.0)   ->  %2, having written  %1 = x * y;  %2 = %1 + 1.0
"""

from __future__ import annotations

import ast
import enum
import inspect
import types
from typing import Any, TypeVar

import numpy as np

from srcad.ir import (
    TRUE,
    Apply,
    Array,
    Assign,
    Const,
    Expr,
    Field,
    If,
    Item,
    Raise,
    Slice,
    Tuple,
    Var,
)
from srcad.names import GUARDED
from srcad.parse.lengths import Lengths, ListOf, TupleOf, read_so_far
from srcad.parse.scope import NUMBERS, Bound, Choice, Closure, Keyed, Record, Rows, Several, Static, Value
from srcad.parse.trees import COUNTED, Trees, is_int
from srcad.ranks import IS_LIST
from srcad.rules import guarded
from srcad.source import FunctionNode
from srcad.syntax import BINARY, UNARY

T = TypeVar("T")

REFUSED: dict[type[ast.AST], tuple[str, str]] = {
    ast.Set: ("a set can only be asked what is in it: k in {1, 2}", "a tuple; or an array of bools: seen[k] = True"),
    ast.SetComp: ("a set can't be read", "a list, [... for ...]; or an array of bools: seen[k] = True"),
    ast.Await: ("'await' has no derivative", "a plain 'def'"),
    ast.Yield: ("a generator can only be read in a loop over it", "an array or a list that a loop fills"),
    ast.YieldFrom: ("a generator can only be read in a loop over it", "an array or a list that a loop fills"),
    ast.GeneratorExp: (
        "a generator expression is read by sum, any, all, max, min, sorted and list alone",
        "a list, [... for ...], or a loop",
    ),
    ast.JoinedStr: ("a formatted string can't be computed in a differentiated function", "a plain string"),
    ast.Starred: ("a starred expression can't be read here", "the items one by one"),
}


UFUNC_METHODS = frozenset({"at", "reduce", "reduceat", "accumulate", "outer"})


class Held(ast.expr):
    """An expression that is read already: what it was read as."""

    def __init__(self, value: Any = None) -> None:
        super().__init__()
        self.value = value


class OfArray(ast.ListComp):
    """A comprehension of which an array is made."""


class Row(ast.List):
    """A list that is given to a function of NumPy, which makes an array of it."""


class Expressions(Trees):
    """Reads expressions of one function; the statements they take are appended to `out`."""


    # ------------------------------------------------------------------ values

    def value(self, node: ast.expr) -> Expr:
        """An atom, or a tuple of atoms, that holds what `node` evaluates to."""
        return self.as_value(self.evaluate(node), node)

    def as_value(self, v: Value, node: ast.expr) -> Expr:
        """`v`, which `node` is, if it is no object known while reading."""
        if isinstance(v, Rows):
            shown = ast.unparse(node)
            why = f"{shown} is a list outside of the function, of which only the items can be used here"
            raise self.refuse(node, why, f"its items, or a copy of it: [v for v in {shown}]")
        if isinstance(v, Record):
            kind = v.kind.__name__
            why = f"{ast.unparse(node)} is an object of {kind}, of which only the attributes can be used here"
            raise self.refuse(node, why, "its attributes, or its methods")
        if isinstance(v, Keyed):
            why = f"{ast.unparse(node)} is a dict, of which only the items can be used here"
            raise self.refuse(node, why, 'its items, such as p["a"], or a namedtuple')
        if isinstance(v, (Static, Closure)):
            what = getattr(v, "value", None)
            kind = "a function" if self.is_function(v) else f"a {type(what).__name__}"
            why = f"{ast.unparse(node)} is {kind}, not a number or an array"
            instead = "numbers, arrays and tuples of them; an object's numbers can be passed as arguments"
            if isinstance(what, tuple):
                why = f"{ast.unparse(node)} is a tuple that holds more than numbers, arrays and tuples of them"
            if isinstance(v, Several):
                why = f"{ast.unparse(node)} holds functions or the like, of which only the items can be used here"
                instead = "its items, or a loop over them"
            raise self.refuse(node, why, instead)
        return v

    def evaluate(self, node: ast.expr) -> Value:
        """What `node` stands for, known objects included."""
        match node:
            case Held(value=held):
                return held  # type: ignore[no-any-return]
            case ast.Constant(value):
                if value is ... or isinstance(value, (bytes, complex)):
                    raise self.refuse(node, f"{ast.unparse(node)} is no real number", "floats, ints or bools")
                return Const(value)
            case ast.Name():
                return self.opened(self.scope.lookup(node), node)
            case ast.BinOp(left, op, right):
                a, b = self.in_order(lambda: self.value(left), lambda: self.value(right))
                return self.binary(BINARY[type(op)], a, b, node)
            case ast.UnaryOp(ast.USub(), ast.Constant(value)) if isinstance(value, NUMBERS):
                return Const(-value)
            case ast.UnaryOp(ast.Not()) | ast.Compare():
                return self.truth(node)
            case ast.UnaryOp(op, operand):
                return self.emit(Apply(UNARY[type(op)], (self.value(operand),)), node)
            case ast.BoolOp(op, values):
                return self.boolean(op, values, node)
            case ast.IfExp(test, body, orelse):
                return self.conditional(test, body, orelse, node)
            case ast.Subscript():
                if isinstance(node.value, ast.Call):  # which may return a dict
                    held = ast.copy_location(Held(self.evaluate(node.value)), node.value)
                    node = ast.copy_location(ast.Subscript(held, node.slice, node.ctx), node)
                known = self.at_key(node)
                return self.subscript(node) if known is None else known
            case ast.Attribute():
                return self.opened(self.attribute(node), node)
            case ast.Call():
                return self.call(node)
            case ast.Tuple(elts) | ast.List(elts) if not isinstance(node, Row) and any(map(self.is_known, elts)):
                return self.several(elts, node)
            case ast.Tuple(elts):
                return Tuple(self.items(elts))
            case ast.List(elts):
                if not isinstance(node, Row) and any(map(self._is_spread, elts)):
                    return self.evaluate(_joined(node))
                return self.emit(self.display(node, is_list=not isinstance(node, Row)), node)
            case OfArray():
                return self.emit(Apply("array_of", (self.comprehension(node),)), node)
            case ast.ListComp():
                return self.comprehension(node)
            case ast.Dict():
                return self.dict_display(node)
            case ast.DictComp():
                return self.dict_comprehension(node)
            case ast.Lambda():
                return self.closure(node)
            case ast.NamedExpr(ast.Name(name), inner):
                return self.walrus(name, inner, node)
            case _:
                reason, instead = REFUSED.get(
                    type(node), (f"srcad can't read this {type(node).__name__}", "plain arithmetic")
                )
                raise self.refuse(node, reason, instead)

    def call(self, node: ast.Call) -> Value:
        raise NotImplementedError

    def opened(self, value: Value, node: ast.expr) -> Value:
        """`value`, with what is in it if it is a list or a tuple of the module."""
        raise NotImplementedError

    def outside(self, node: ast.expr) -> Rows | Several | None:
        """The list or the tuple of this kind that `node` is a name of."""
        raise NotImplementedError

    def is_known(self, node: ast.expr) -> bool:
        """Is `node`, which is put into a tuple or a list, a function or what holds one?"""
        raise NotImplementedError

    def several(self, elts: list[ast.expr], node: ast.AST) -> Several:
        """A tuple or a list of what is known while reading, written here."""
        raise NotImplementedError

    def again(self, value: Value, node: ast.expr) -> Value:
        """`value`, which `node` is, as what a second name stands for."""
        raise NotImplementedError

    def comprehension(self, node: ast.ListComp) -> Expr:
        raise NotImplementedError

    def dict_display(self, node: ast.Dict) -> Keyed:
        raise NotImplementedError

    def dict_comprehension(self, node: ast.DictComp) -> Keyed:
        raise NotImplementedError

    def items(self, elts: list[ast.expr]) -> tuple[Expr, ...]:
        """The values of a display's or a call's items, `*t` of a tuple that is written out included."""
        read = (lambda e=e: self.evaluate(e.value) if isinstance(e, ast.Starred) else self.value(e) for e in elts)
        found: list[Value] = self.in_order(*read)
        out: list[Expr] = []
        for e, v in zip(elts, found, strict=True):
            out += self.starred(e, v) if isinstance(e, ast.Starred) else (self.as_value(v, e),)
        return tuple(out)

    def starred(self, node: ast.Starred, value: Value) -> tuple[Expr, ...]:
        """The items of `value` as arguments or as items of a display."""
        if isinstance(value, Tuple):
            return value.items
        if isinstance(value, (Rows, Several)):
            return tuple(self.as_value(v, node.value) for v in self.items_known(value, node))
        items = self.tuple_items(value, node) if isinstance(value, Var) else None
        if items is None and isinstance(value, Var) and (count := _part(node.value)) is not None:
            self.check_length("!=", value, count, node)
            items = tuple(self.emit(Item(value, (Const(k),)), node) for k in range(count))
        if items is None:
            why = f"how many items {ast.unparse(node)} stands for can't be told here"
            raise self.refuse(node, why, "a tuple, or its items one by one: x[0], x[1]")
        return items

    def _is_spread(self, node: ast.expr) -> bool:
        """Is `node` `*x` of what is no tuple?"""
        if not isinstance(node, ast.Starred):
            return False
        old = self.block()
        value = self.evaluate(node.value)
        spread = isinstance(value, Var) and self.tuple_items(value, node) is None
        self.taken(old)
        return spread

    def tuple_items(self, value: Expr, node: ast.AST) -> tuple[Expr, ...] | None:
        """The items of `value`, or None if that is not known to be a tuple, and of how many items."""
        known = self.lengths().of(value)
        if not isinstance(known, TupleOf):
            return None
        count = len(known.items)
        self.check_length("!=", value, count, node)
        return tuple(self.emit(Item(value, (Const(k),)), node) for k in range(count))

    def lengths(self) -> Lengths:
        """What is known of names before their types are."""
        return Lengths(read_so_far(self.bodies()), self.program.given | self.program.globals, self.program.globals)

    def is_list(self, value: Var) -> Expr:
        return TRUE if isinstance(self.lengths().of(value), ListOf) else Apply(IS_LIST, (value,))

    def check_length(self, wrong: str, value: Expr, count: int, node: ast.AST) -> None:
        """Raise an error where `value` has not `count` items, or fewer."""
        at = self.location(node)
        least = "at least " if wrong == "<" else ""
        error = Apply("ValueError", (Const(f"{least}{count} items are needed to unpack"),))
        test = Apply(wrong, (Apply("len", (value,)), Const(count)))
        self.out.append(If(test, (Raise(error, at),), at=at))

    def closure(self, node: FunctionNode) -> Closure:
        """A function defined here; its defaults have the values that they have here."""
        a = node.args
        positional = [p.arg for p in (*a.posonlyargs, *a.args)]
        pairs = list(zip(reversed(positional), reversed(a.defaults), strict=False))[::-1]
        pairs += [(p.arg, d) for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True) if d is not None]
        found = self.in_order(*(lambda d=d: self.evaluate(d) for _, d in pairs))
        defaults = {p: self.again(v, d) for (p, d), v in zip(pairs, found, strict=True)}
        return Closure(node, self.scope, defaults)

    def truth(self, node: ast.expr) -> Expr:
        """The value of a comparison or of a `not`."""
        test = self.test(node)
        return test if isinstance(test, Const) else self.emit(test, node)

    def binary(self, op: str, a: Expr, b: Expr, node: ast.AST) -> Expr:
        if op == "+" and isinstance(a, Tuple) and isinstance(b, Tuple):
            return Tuple(a.items + b.items)
        for t, times in ((a, b), (b, a)):
            if op == "*" and isinstance(t, Tuple) and isinstance(times, Const) and is_int(times):
                return Tuple(t.items * times.value)
        if self.scope.source.own and op in COUNTED and is_int(a) and is_int(b):
            return Const(COUNTED[op](a.value, b.value))  # type: ignore[union-attr]
        return self.emit(Apply(op, (a, b)), node)

    def walrus(self, name: str, inner: ast.expr, node: ast.NamedExpr) -> Expr:
        value = self.value(inner)
        self.scope.bound(name, self.out)
        target = self.scope.variable(name)
        self.out.append(Assign(target, value, self.scope.at(node)))
        return self.emit(Var(target), node)

    def conditional(self, test: ast.expr, body: ast.expr, orelse: ast.expr, node: ast.AST) -> Value:
        factors = guarded.factors(node) if self.scope.source.generated and isinstance(node, ast.IfExp) else None
        if factors is not None:
            operands = self.in_order(*(lambda f=f: self.value(f) for f in factors))
            return self.emit(Apply(GUARDED, tuple(operands)), node)
        condition = self.test(test)
        if isinstance(condition, Const):
            return self.evaluate(body if condition.value else orelse)
        old = self.block()
        yes = self.evaluate(body)
        then = self.taken(old)
        old = self.block()
        no = self.evaluate(orelse)
        other = self.taken(old)
        if self.is_function(yes) and self.is_function(no):
            if not all(isinstance(s, Assign) and isinstance(s.value, Var) for s in (*then, *other)):
                why = "what a function is given that may not be called would be computed in any case"
                raise self.refuse(node, why, "a name for it, before")
            self.out += [*then, *other]
            return Choice(self.emit(condition, node), yes, no)
        found = (then, self.as_value(yes, body)), (other, self.as_value(no, orelse))
        return self.join(condition, *found, node)

    def is_function(self, v: Value) -> bool:
        """Is `v` something that is called?"""
        callable_ = type(v) is Static and callable(v.value)
        return callable_ or isinstance(v, (Closure, Bound, Choice))


    def boolean(self, op: ast.boolop, values: list[ast.expr], node: ast.AST) -> Expr:
        """`a and b`, whose value is one of its operands: a branch, unless all are plainly bools."""
        if all(_is_bool(v) for v in values):
            return self.truth(ast.copy_location(ast.BoolOp(op, values), node))
        result = self.value(values[0])
        for v in values[1:]:
            made = isinstance(result, Var) and result.name.startswith("%")
            first = result if made else self.emit(result, node)
            old = self.block()
            second = self.value(v)
            rest = self.taken(old)
            yes, no = ((rest, second), ((), first)) if isinstance(op, ast.And) else (((), first), (rest, second))
            result = self.join(first, yes, no, node)
        return result

    def display(self, node: ast.List | ast.Tuple, is_list: bool = False) -> Array:
        rows = (ast.List,) if is_list else (ast.List, ast.Tuple)  # an array has no tuples in it, a list may
        if not any(isinstance(e, rows) for e in node.elts):
            return Array(self.items(node.elts), is_list)
        read = (lambda e=e: self.display(e, is_list) if isinstance(e, rows) else self.value(e) for e in node.elts)
        return Array(tuple(self.in_order(*read)), is_list)

    # ------------------------------------------------------------------ indexing and fields

    def subscript(self, node: ast.Subscript) -> Expr:
        whole = self.tree(node)
        if isinstance(whole, Item) and isinstance(whole.base, Field):  # x.shape[0]
            return self.emit(whole, node)
        base, index = self.based(node)
        if isinstance(base, Tuple):
            match index:
                case (Const(int(i)),) if -len(base.items) <= i < len(base.items):
                    return base.items[i]
                case (Const(),):
                    raise self.refuse(node, f"the tuple has {len(base.items)} items", "an index inside it")
                case (Slice() as s,) if all(isinstance(x, Const | None) for x in (s.lower, s.upper, s.step)):
                    parts = (None if x is None else x.value for x in (s.lower, s.upper, s.step))  # type: ignore[union-attr]
                    return Tuple(base.items[slice(*parts)])
            base = self.emit(base, node)
        return self.emit(Item(base, index), node)

    def based(self, node: ast.Subscript) -> tuple[Expr, tuple[Expr, ...]]:
        """The base and the index of `node`."""
        base, index = self.in_order(lambda: (self.value(node.value),), lambda: self.index(node.slice))
        return base[0], index

    def index(self, node: ast.expr) -> tuple[Expr, ...]:
        """The parts of an index, whole."""
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        return tuple(self.in_order(*(lambda p=p: self._index_part(p) for p in parts)))

    def _index_part(self, node: ast.expr) -> Expr:
        match node:
            case ast.Slice(lower, upper, step):
                read = (lambda x=x: None if x is None else self.tree_or_value(x) for x in (lower, upper, step))
                return Slice(*self.in_order(*read))
            case ast.Constant(value) if value is ...:
                return Const(...)
            case ast.List():
                return self.emit(self.display(node), node)
            case ast.Starred():
                raise self.refuse(node, *REFUSED[ast.Starred])
        return self.tree_or_value(node if self.outside(node) is None else self.of_array(node))

    def of_array(self, node: ast.expr) -> ast.expr:
        """What an array is made of, or is indexed by, as an array if it is a list."""
        raise NotImplementedError

    def items_known(self, known: Rows | Several, node: ast.AST) -> tuple[Value, ...]:
        """All items of such a list."""
        raise NotImplementedError

    def is_of_module(self, node: ast.Attribute) -> bool:
        """Is `node` a name in a module, or in what else is no value here: `np.sum`, and not `x.sum`?"""
        root: ast.expr = node.value
        path: list[str] = []
        while isinstance(root, ast.Attribute):
            path.insert(0, root.attr)
            root = root.value
        known = self.scope.lookup(root) if isinstance(root, ast.Name) else None
        return isinstance(known, (Static, Closure)) and self.keyed(root) is None and not is_number_at(known, path)

    def called(self, node: ast.Call) -> Value | None:
        """The function that `node` calls; None for a method of a value."""
        f = node.func
        known = isinstance(f, ast.Name) or (isinstance(f, ast.Attribute) and self.is_of_module(f))
        return self.evaluate(f) if known else None

    def attribute(self, node: ast.Attribute) -> Value:
        return self.attribute_of(self.evaluate(node.value), node)

    def attribute_of(self, base: Value, node: ast.Attribute) -> Value:
        """The attribute that `node` names of `base`."""
        if isinstance(base, Keyed):
            raise self.refuse(node, f"{ast.unparse(node)} is no item of the dict", f'{ast.unparse(node.value)}["a"]')
        if isinstance(base, Static):
            return self._known_attribute(base.value, node)
        if isinstance(base, Closure):
            raise self.refuse(node, f"a function has no attribute {node.attr!r} here")
        if isinstance(base, Var) and base.name in self.program.globals:
            value = getattr(self.program.globals[base.name], node.attr, None)
            if node.attr == "ndim" and isinstance(value, int):
                return Const(value)
            if isinstance(value, NUMBERS):
                return self.scope.known(node.attr, value, node)
        if isinstance(base, Tuple) and base.maker:
            fields: tuple[str, ...] = self.program.globals[base.maker]._fields
            if node.attr in fields:
                return base.items[fields.index(node.attr)]
        if isinstance(base, (Const, Tuple)):
            raise self.refuse(node, f"{ast.unparse(node.value)} has no attribute {node.attr!r} that can be read here")
        return self.emit(Field(base, node.attr), node)

    def _known_attribute(self, base: Any, node: ast.Attribute) -> Value:
        if isinstance(base, np.ufunc) and node.attr in UFUNC_METHODS:
            return Static(getattr(base, node.attr))
        if not isinstance(base, (types.ModuleType, type, tuple, np.finfo, np.iinfo, enum.Enum)):
            if callable(getattr(base, node.attr, None)):
                why = f"{ast.unparse(node)} is a method of an object of type {type(base).__name__}"
                raise self.refuse(node, why, "a function that takes numbers and arrays")
            raise self.refuse(
                node, f"{ast.unparse(node.value)} is an object of type {type(base).__name__}: srcad reads numbers, "
                "arrays, tuples and namedtuples",
                f"pass {ast.unparse(node)} as an argument of its own",
            )  # fmt: skip
        try:
            value = getattr(base, node.attr)
        except AttributeError:
            raise self.refuse(node, f"{ast.unparse(node.value)} has no attribute {node.attr!r}") from None
        if isinstance(base, (np.finfo, np.iinfo)) and isinstance(value, (int, float)):
            return Const(int(value) if isinstance(value, int) else float(value))
        module = {"math": "math.", "numpy": "np."}.get(getattr(base, "__name__", ""))
        if isinstance(value, float) and module is not None:
            return Const(value) if value != value else Var(module + node.attr)
        return self.scope.known(node.attr, value, node)


def is_number_at(known: Value, path: list[str]) -> bool:
    """Do the attributes `path` of what is known lead to a number or an array?"""
    for attr in path:
        if isinstance(known, Record):
            known = known.value.get(attr, known)
            if not isinstance(known, (Static, Closure)):
                return True
        elif type(known) is Static:
            value = inspect.getattr_static(known.value, attr, None)
            known = Static(value)
            if isinstance(value, (np.ndarray, *NUMBERS, property)):
                return True
    return False


def _joined(node: ast.List) -> ast.expr:
    """`[*x, v, *y]` as `list(x) + [v] + list(y)`"""
    parts: list[ast.expr] = []
    for e in node.elts:
        if isinstance(e, ast.Starred):
            parts.append(ast.Call(Held(Static(list)), [e.value], []))
        elif parts and isinstance(parts[-1], ast.List):
            parts[-1].elts.append(e)
        else:
            parts.append(ast.List([e], ast.Load()))
    whole = parts[0]
    for part in parts[1:]:
        whole = ast.BinOp(whole, ast.Add(), part)
    for n in ast.walk(whole):
        if isinstance(n, ast.expr) and not hasattr(n, "lineno"):
            ast.copy_location(n, node)
    return whole


def _part(node: ast.expr) -> int | None:
    """How many items `x[1:3]` has, if numbers say it and x is long enough."""
    match node:
        case ast.Subscript(_, ast.Slice(None | ast.Constant(int()) as lower, ast.Constant(int(stop)), None)):
            start = 0 if lower is None else lower.value
            return stop - start if isinstance(start, int) and 0 <= start <= stop else None
    return None


def _is_bool(node: ast.expr) -> bool:
    match node:
        case ast.Compare() | ast.UnaryOp(ast.Not()):
            return True
        case ast.Constant(value):
            return isinstance(value, bool)
        case ast.BoolOp(_, values):
            return all(_is_bool(v) for v in values)
        case _:
            return False
