"""Expressions: to an atom with the steps before it (`value`), or, where no derivative can arise, whole (`tree`).

    value(x * y + 1.0)   ->  %2, having written  %1 = x * y;  %2 = %1 + 1.0
    tree(i + 1 < n)      ->  i + 1 < n
"""

from __future__ import annotations

import ast
import operator
import types
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np

from srcad.algebra import as_test
from srcad.errors import Location, SrcadError, unsupported
from srcad.ir import (
    FALSE,
    TRUE,
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Expr,
    Field,
    If,
    Invoke,
    Item,
    Raise,
    Select,
    Slice,
    Stmt,
    Store,
    Tuple,
    Var,
    is_atom,
    names,
    walk,
    writes,
)
from srcad.names import GUARDED
from srcad.parse.lengths import Lengths, TupleOf, read_so_far
from srcad.parse.scope import NUMBERS, Closure, Program, Scope, Static, Value
from srcad.rules import RULES, canonical, guarded
from srcad.source import FunctionNode
from srcad.syntax import BINARY, COMPARE, UNARY

T = TypeVar("T")

REFUSED: dict[type[ast.AST], tuple[str, str]] = {
    ast.Dict: ("a dict has no derivative", "separate variables, a tuple or an array"),
    ast.DictComp: ("a dict has no derivative", "separate variables, a tuple or an array"),
    ast.Set: ("a set has no derivative", "a tuple or an array"),
    ast.SetComp: ("a set has no derivative", "a tuple or an array"),
    ast.Await: ("'await' has no derivative", "a plain 'def'"),
    ast.Yield: ("'yield' has no derivative: srcad can't read generators", "an array that a loop fills"),
    ast.YieldFrom: ("'yield' has no derivative: srcad can't read generators", "an array that a loop fills"),
    ast.GeneratorExp: ("a generator expression can only be summed here", "a list, [... for ...], or a loop"),
    ast.JoinedStr: ("a formatted string can't be computed in a differentiated function", "a plain string"),
    ast.Starred: ("a starred expression can't be read here", "the items one by one"),
}


UFUNC_METHODS = frozenset({"at", "reduce", "reduceat", "accumulate", "outer"})


class Held(ast.expr):
    """An expression that is read already: what it was read as."""

    def __init__(self, value: Any = None) -> None:
        super().__init__()
        self.value = value


class Rows(ast.ListComp):
    """A comprehension of which an array is made."""


class Row(ast.List):
    """A list that is given to a function of NumPy, which makes an array of it."""


class Expressions:
    """Reads expressions of one function; the statements they take are appended to `out`."""

    def __init__(self, scope: Scope, active: tuple[Any, ...]) -> None:
        self.scope, self.active = scope, active
        self.program: Program = scope.program
        self.out: list[Stmt] = []
        self.around: list[list[Stmt]] = []  # the lists of statements that `out` is to be put into
        self.caller: Expressions | None = None  # the reader of the call that is read in place
        self.last: Location = scope.at(scope.node)  # of the statement being read

    # ------------------------------------------------------------------ helpers

    def refuse(self, node: ast.AST, reason: str, instead: str = "") -> SrcadError:
        return unsupported(self.scope.at(node), reason, instead)

    def emit(self, value: Expr, node: ast.AST) -> Var:
        """An intermediate that holds `value`."""
        name = self.program.names.numbered("%")
        self.out.append(Assign(name, value, self.scope.at(node)))
        return Var(name)

    def block(self) -> list[Stmt]:
        """Start a new list of statements; the old one is returned, to be put back."""
        old, self.out = self.out, []
        self.around.append(old)
        return old

    def taken(self, old: list[Stmt]) -> Body:
        """The statements since `block`, with the old list in place again."""
        self.around.pop()
        new, self.out = self.out, old
        return tuple(new)

    def in_order(self, *read: Callable[[], T]) -> list[T]:
        """What each of `read` finds, left to right: `s + (s := 2.0)` adds the old s, `x[0] < g(x)` reads x[0] first."""
        found: list[T] = []
        marks: list[int] = []
        for r in read:
            found.append(r())
            marks.append(len(self.out))
        for k in reversed(range(len(found))):
            later = self.out[marks[k] :]
            if later:
                written, memory = _effects(later)
                kept: list[Stmt] = []
                found[k] = self._keep(found[k], written, memory, kept)
                self.out[marks[k] : marks[k]] = kept
        return found

    def _keep(self, found: Any, written: frozenset[str], memory: bool, kept: list[Stmt]) -> Any:
        """`found`, with what later steps would change held by intermediates, whose statements go to `kept`."""
        match found:
            case Const() | Static() | Closure() | None:
                return found
            case tuple():
                return tuple(self._keep(i, written, memory, kept) for i in found)
            case Tuple(items, maker):
                return Tuple(tuple(self._keep(i, written, memory, kept) for i in items), maker)
            case Slice(lower, upper, step):
                return Slice(*(self._keep(i, written, memory, kept) for i in (lower, upper, step)))
            case _ if (memory and not is_atom(found)) or not written.isdisjoint(names(found)):
                name = self.program.names.numbered("%")
                kept.append(Assign(name, found, self.last))
                return Var(name)
            case _:
                return found

    # ------------------------------------------------------------------ values

    def value(self, node: ast.expr) -> Expr:
        """An atom, or a tuple of atoms, that holds what `node` evaluates to."""
        v = self.evaluate(node)
        if isinstance(v, (Static, Closure)):
            what = getattr(v, "value", None)
            kind = "a function" if callable(what) or isinstance(v, Closure) else f"a {type(what).__name__}"
            why = f"{ast.unparse(node)} is {kind}, not a number or an array"
            instead = "numbers, arrays and tuples of them; an object's numbers can be passed as arguments"
            if isinstance(what, tuple):
                why = f"{ast.unparse(node)} is a tuple that holds more than numbers, arrays and tuples of them"
            if isinstance(what, tuple) and any(map(callable, what)):
                instead = "a name for each function, and a call of each"
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
                return self.scope.lookup(node)
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
                return self.subscript(node)
            case ast.Attribute():
                return self.attribute(node)
            case ast.Call():
                return self.call(node)
            case ast.Tuple(elts):
                return Tuple(self.items(elts))
            case ast.List():
                return self.emit(self.display(node, is_list=not isinstance(node, Row)), node)
            case Rows():
                return self.emit(Apply("array_of", (self.comprehension(node),)), node)
            case ast.ListComp():
                return self.comprehension(node)
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

    def comprehension(self, node: ast.ListComp) -> Expr:
        raise NotImplementedError

    def items(self, elts: list[ast.expr]) -> tuple[Expr, ...]:
        """The values of a display's or a call's items, `*t` of a tuple that is written out included."""
        found = self.in_order(*(lambda e=e: self.value(e.value if isinstance(e, ast.Starred) else e) for e in elts))
        out: list[Expr] = []
        for e, v in zip(elts, found, strict=True):
            out += self.starred(e, v) if isinstance(e, ast.Starred) else (v,)
        return tuple(out)

    def starred(self, node: ast.Starred, value: Value) -> tuple[Expr, ...]:
        """The items of `value` as arguments or as items of a display."""
        if isinstance(value, Tuple):
            return value.items
        lengths = Lengths(read_so_far(self._bodies()), self.program.given | self.program.globals, self.program.globals)
        known = lengths.of(value) if isinstance(value, Var) else None
        if not isinstance(known, TupleOf):
            why = f"how many items {ast.unparse(node)} stands for can't be told here"
            raise self.refuse(node, why, "a tuple, or its items one by one: x[0], x[1]")
        count = len(known.items)
        self.check_length("!=", value, count, node)  # type: ignore[arg-type]
        return tuple(self.emit(Item(value, (Const(k),)), node) for k in range(count))  # type: ignore[arg-type]

    def _bodies(self) -> Iterator[list[Stmt]]:
        """The lists of the statements that are read so far."""
        reader: Expressions | None = self
        while reader is not None:
            yield from (reader.out, *reader.around)
            reader = reader.caller

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
        defaults = {p: self.emit(v, node) if isinstance(v, Var) else v for (p, _), v in zip(pairs, found, strict=True)}
        return Closure(node, self.scope, defaults)

    def truth(self, node: ast.expr) -> Expr:
        """The value of a comparison or of a `not`."""
        test = self.test(node)
        return test if isinstance(test, Const) else self.emit(test, node)

    def binary(self, op: str, a: Expr, b: Expr, node: ast.AST) -> Expr:
        if op == "+" and isinstance(a, Tuple) and isinstance(b, Tuple):
            return Tuple(a.items + b.items)
        if op == "*" and isinstance(a, Tuple) and isinstance(b, Const) and isinstance(b.value, int):
            return Tuple(a.items * b.value)
        if self.scope.source.own and op in _COUNTED and _is_int(a) and _is_int(b):
            return Const(_COUNTED[op](a.value, b.value))  # type: ignore[union-attr]
        return self.emit(Apply(op, (a, b)), node)

    def walrus(self, name: str, inner: ast.expr, node: ast.NamedExpr) -> Expr:
        value = self.value(inner)
        target = self.scope.variable(name)
        self.out.append(Assign(target, value, self.scope.at(node)))
        return self.emit(Var(target), node)

    def conditional(self, test: ast.expr, body: ast.expr, orelse: ast.expr, node: ast.AST) -> Expr:
        factors = guarded.factors(node) if self.scope.source.generated and isinstance(node, ast.IfExp) else None
        if factors is not None:
            operands = self.in_order(*(lambda f=f: self.value(f) for f in factors))
            return self.emit(Apply(GUARDED, tuple(operands)), node)
        condition = self.test(test)
        if isinstance(condition, Const):
            return self.value(body if condition.value else orelse)
        old = self.block()
        yes = self.value(body)
        then = self.taken(old)
        old = self.block()
        no = self.value(orelse)
        other = self.taken(old)
        return self.join(condition, (then, yes), (other, no), node)

    def join(self, test: Expr, then: tuple[Body, Expr], other: tuple[Body, Expr], node: ast.AST) -> Expr:
        """One value from two branches; tuples are joined item by item."""
        (body, yes), (orelse, no) = then, other
        at = self.scope.at(node)
        if isinstance(yes, Tuple) and isinstance(no, Tuple) and len(yes.items) == len(no.items):
            targets = [self.program.names.numbered("%") for _ in yes.items]
            pairs = list(zip(targets, yes.items, no.items, strict=True))
            result: Expr = Tuple(tuple(Var(t) for t in targets), yes.maker)
        else:
            target = self.program.names.numbered("%")
            pairs, result = [(target, yes, no)], Var(target)
        body += tuple(Assign(t, y, at) for t, y, _ in pairs)
        orelse += tuple(Assign(t, n, at) for t, _, n in pairs)
        self.out.append(If(test, body, orelse, at=at))
        return result

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
        read = (lambda e=e: self.display(e) if isinstance(e, rows) else self.value(e) for e in node.elts)
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
        return self.tree_or_value(node)

    def is_of_module(self, node: ast.Attribute) -> bool:
        """Is `node` a name in a module, or in what else is no value here: `np.sum`, and not `x.sum`?"""
        root: ast.expr = node.value
        while isinstance(root, ast.Attribute):
            root = root.value
        return isinstance(root, ast.Name) and isinstance(self.scope.lookup(root), (Static, Closure))

    def called(self, node: ast.Call) -> Value | None:
        """The function that `node` calls; None for a method of a value."""
        f = node.func
        known = isinstance(f, ast.Name) or (isinstance(f, ast.Attribute) and self.is_of_module(f))
        return self.evaluate(f) if known else None

    def attribute(self, node: ast.Attribute) -> Value:
        base = self.evaluate(node.value)
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
        if not isinstance(base, types.ModuleType) and not isinstance(base, type):
            raise self.refuse(
                node, f"{ast.unparse(node.value)} is an object of type {type(base).__name__}: srcad reads numbers, "
                "arrays, tuples and namedtuples",
                f"pass {ast.unparse(node)} as an argument of its own",
            )  # fmt: skip
        try:
            value = getattr(base, node.attr)
        except AttributeError:
            raise self.refuse(node, f"{ast.unparse(node.value)} has no attribute {node.attr!r}") from None
        if isinstance(value, float) and getattr(base, "__name__", "") in ("math", "numpy"):
            return Const(value) if value != value else Var(("math." if base.__name__ == "math" else "np.") + node.attr)
        return self.scope.known(node.attr, value, node)

    # ------------------------------------------------------------------ trees

    def test(self, node: ast.expr) -> Expr:
        """The condition that `node` is, whole if that can be."""
        whole = self.tree(node)
        if whole is not None:
            return as_test(whole)
        match node:
            case ast.UnaryOp(ast.Not(), operand):
                return Apply("not", (self.test(operand),))
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
            case ast.Compare(left, [op], [right]):
                return self._tree(COMPARE[type(op)], left, right)
            case ast.Compare(left, ops, rights):
                pairs = zip([left, *rights], ops, rights, strict=False)
                terms = [self._tree(COMPARE[type(o)], a, b) for a, o, b in pairs]
                return None if None in terms else _folded("and", tuple(t for t in terms if t is not None))
            case ast.Subscript(base, index):
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
        if self.scope.source.own and op in _COUNTED and all(_is_int(p) for p in parts):
            return Const(_COUNTED[op](*(p.value for p in parts)))  # type: ignore[union-attr]
        return None if None in parts else _folded(op, tuple(p for p in parts if p is not None))

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
        name = "len" if known.value is len else canonical(known.value)
        if name is None or name in _BRANCHES or len(args) != (1 if name == "len" else len(RULES[name].params)):
            return None  # `value` reads it
        return self._tree(name if name == "len" else spelling(known.value, func), *args)

    def _asked(self, f: Any, args: list[ast.expr]) -> Expr | None:
        """`np.ndim(x)`; and in srcad's own words `isinstance(x, tuple)` and `len` of a tuple."""
        old = self.block()
        value = self.evaluate(args[0])
        if self.taken(old):
            return None
        if f is isinstance:
            return Const(isinstance(value, Tuple))
        if f is len:
            return Const(len(value.items)) if isinstance(value, Tuple) else None
        return Apply("np.ndim", (value,)) if isinstance(value, Var) else Const(int(isinstance(value, Tuple)))

    def location(self, node: ast.AST) -> Location:
        return self.scope.at(node)


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


_BRANCHES = frozenset({"np.where", "np.clip"})  # written as branches, and not known to Numba of scalars


def spelling(f: Any, node: ast.expr) -> str:
    """How the IR says the known function `f` before types are known: as the user does if it takes arrays too."""
    name = canonical(f) or ""
    if not isinstance(f, np.ufunc) or (name in RULES and RULES[name].own):
        return name
    attr = node.attr if isinstance(node, ast.Attribute) else f.__name__
    return f"np.{attr if getattr(np, attr, None) is f else f.__name__}"


def _effects(body: list[Stmt]) -> tuple[frozenset[str], bool]:
    """The names that `body` binds, and whether it writes to memory."""
    steps = list(walk(tuple(body)))
    return frozenset(n for s in steps for n in writes(s)), any(isinstance(s, (Store, Append, Invoke)) for s in steps)


_COUNTED: dict[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "%": operator.mod,
}  # fmt: skip


def _is_int(e: Expr | None) -> bool:
    return isinstance(e, Const) and type(e.value) is int


_DECIDED: dict[str, Callable[[Any, Any], bool]] = {
    "is": operator.is_, "is not": operator.is_not, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


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
