"""What is known while reading, put together: lists outside of the function, tuples of functions, `functools.partial`.

    for g in (math.sin, sq): s += g(x)       ->      s = s + math.sin(x);  s = s + x * x
    g = partial(power, n=3); y = g(x)        ->      y = power(x, n=3)
    g = math.sin if c else sq; y = g(x)      ->      if c: y = math.sin(x)  else: y = x * x

A loop over such items is read once for each. Lists of numbers and of tuples of them are `outside.py`'s.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from srcad.ir import ZERO, Apply, Assign, Body, Const, Expr, If, Item, Raise, Select, Tuple, Var
from srcad.parse import elementwise, listed, outside
from srcad.parse.calls import Calls
from srcad.parse.expressions import Held
from srcad.parse.scope import (
    NUMBERS,
    Bound,
    Choice,
    Closure,
    Keyed,
    Record,
    Rows,
    Scope,
    Several,
    Static,
    Value,
    together,
)


class Objects(Calls):
    """Reads them, and what is done with them."""

    # ------------------------------------------------------------------ what they are

    def opened(self, value: Value, node: ast.expr) -> Value:
        """What a name stands for: of a list, a tuple, a partial of the module what is in it."""
        if type(value) is not Static or type(value.value) not in (list, tuple, functools.partial):
            return value
        of = value.value
        if id(of) not in self.program.outside:
            name = getattr(node, "id", getattr(node, "attr", "item"))
            self.program.outside[id(of)] = of, self._opened(of, name, node)
        return self.program.outside[id(of)][1]

    def _opened(self, of: Any, name: str, node: ast.expr) -> Value:
        def known(value: Any) -> Value:
            return self.opened(self.constant(name, value, node), ast.copy_location(ast.Name(name, ast.Load()), node))

        if isinstance(of, functools.partial):
            named = tuple((k, known(v)) for k, v in of.keywords.items())
            return Bound(known(of.func), tuple(map(known, of.args)), named)
        made = outside.rows(of, name, self.program) if isinstance(of, list) else None
        return Several(tuple(map(known, of))) if made is None else made

    def outside(self, node: ast.expr) -> Rows | Several | None:
        """The list or the tuple that `node` is a name of."""
        named = isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and self.is_of_module(node))
        known = self.evaluate(node) if named else None
        return known if isinstance(known, (Rows, Several)) else None

    def is_outside(self, node: ast.expr) -> bool:
        """Is `node` such a list or a part of it?"""
        while isinstance(node, ast.Subscript):
            node = node.value
        return self.outside(node) is not None

    def is_known(self, node: ast.expr) -> bool:
        """Is `node`, which is put into a tuple or a list, a function or what holds one?"""
        match node:
            case ast.Lambda():
                return True
            case ast.Tuple(elts) | ast.List(elts):
                return any(map(self.is_known, elts))
            case ast.Call():
                made = self.called(node)
                return self.is_partial(node) or (isinstance(made, Static) and self.makes_record(made.value))
            case ast.Name() | ast.Attribute() if isinstance(node, ast.Name) or self.is_of_module(node):
                known = self.evaluate(node)
                return isinstance(known, (Static, Closure)) and not isinstance(known, (Keyed, Rows))
        return False

    def is_partial(self, node: ast.expr) -> bool:
        """Is `node` a call of `functools.partial`?"""
        made = self.called(node) if isinstance(node, ast.Call) else None
        return isinstance(made, Static) and made.value is functools.partial

    def several(self, elts: list[ast.expr], node: ast.AST) -> Several:
        """A tuple or a list of what is known while reading, written here."""
        found = self.in_order(*(lambda e=e: self.evaluate(e) for e in elts))
        for e, v in zip(elts, found, strict=True):
            if isinstance(v, Record) and isinstance(e, ast.Call) and not v.named:
                v.named.append("an item of a tuple or a list")
            elif isinstance(v, Keyed):
                self.value(e)  # which refuses it
        pairs = zip(elts, found, strict=True)
        return Several(tuple(v if isinstance(v, Record) else self.again(v, e) for e, v in pairs))

    def again(self, value: Value, node: ast.expr) -> Value:
        """`value`, which `node` is, as what a second name stands for: in a loop the first one is made anew."""
        if isinstance(value, Closure) and not isinstance(node, (ast.Call, ast.Lambda)) and not self._is_around(value):
            why = f"{ast.unparse(node)} is a function that another one returns, in a loop, and gets a second name"
            raise self.refuse(node, why, "its first name")
        return self.held(value, node)

    def _is_around(self, made: Closure) -> bool:
        """Are the variables that the function reads those of functions around this place, or made only once?"""
        scope: Scope | None = self.scope
        while scope is not None and scope is not made.scope:
            scope = scope.parent
        return scope is not None or not made.scope.in_loop

    def held(self, value: Value, node: ast.AST) -> Value:
        """`value`, with a name of its own for what may be assigned later."""

        def all_held(values: Iterable[Value]) -> tuple[Value, ...]:
            return tuple(self.held(v, node) for v in values)

        match value:
            case Tuple(items, maker):
                return together(all_held(items), maker)
            case Var():
                return self.kept(value, node)
            case Keyed():
                why = "an object made here has one name, and is its methods' only by that"
                raise self.refuse(node, why, "its attributes and methods by its own name")
            case Several(items):
                return Several(all_held(items))
            case Bound(f, args, named):
                held = zip((k for k, _ in named), all_held(v for _, v in named), strict=True)
                return Bound(self.held(f, node), all_held(args), tuple(held))
            case Choice(test, yes, no):
                return Choice(self.kept(test, node), *all_held((yes, no)))
            case Closure(defaults=defaults) if defaults:
                return replace(value, defaults=dict(zip(defaults, all_held(defaults.values()), strict=True)))
        return value

    def makes_record(self, of: Any) -> bool:
        """Is `of` a class of which objects can be made here?"""
        raise NotImplementedError

    def kept(self, value: Expr, node: ast.AST) -> Var:
        """A variable that holds `value`: it stays as it is where this place is passed by, as no intermediate does."""
        shown = value.name if isinstance(value, Var) and value.name.isidentifier() else "held"
        name = self.program.names.fresh(shown)
        self.out.append(Assign(name, value, self.location(node)))
        return Var(name)

    # ------------------------------------------------------------------ items

    def items_known(self, known: Rows | Several, node: ast.AST) -> tuple[Value, ...]:
        """All items."""
        if isinstance(known, Several):
            return known.value
        if not isinstance(known.length, Const):
            raise self.refuse(node, "how many items this list has is known only at run time", "its items by index")
        return tuple(self._atom(known.item(Const(k)), node) for k in range(known.length.value))

    def _atom(self, value: Value, node: ast.AST) -> Value:
        if isinstance(value, Tuple):
            return together((self._atom(i, node) for i in value.items), value.maker)
        if isinstance(value, Several):
            return Several(tuple(self._atom(i, node) for i in value.value))
        return self.emit(value, node) if isinstance(value, Item) else value

    def item_outside(self, node: ast.Subscript) -> Value | None:
        """`KNOTS[i]`, `NEAR[i][0]`; None of anything else."""
        if not self.is_outside(node):
            return None
        base = self.evaluate(node.value)
        if not isinstance(base, (Rows, Several)):
            return self.subscript(ast.copy_location(ast.Subscript(Held(base), node.slice, node.ctx), node))
        if isinstance(node.slice, ast.Slice):
            return self._slice_of(base, node.slice, node)
        index = self.tree_or_value(node.slice)
        count = base.length.value if isinstance(base, Rows) and isinstance(base.length, Const) else None
        count = len(base.value) if isinstance(base, Several) else count
        if isinstance(index, Const) and count is not None:
            if type(index.value) is not int or not -count <= index.value < count:
                raise self.refuse(node, f"{ast.unparse(node.value)} has {count} items", "an index inside it")
            index = Const(index.value % count)
            return base.value[index.value] if isinstance(base, Several) else self._atom(base.item(index), node)
        return self._chosen(base, index, node)

    def _chosen(self, base: Rows | Several, index: Expr, node: ast.Subscript) -> Value:
        """The item at an index that is known only at run time."""
        length = base.length if isinstance(base, Rows) else Const(len(base.value))
        k = self.emit(index, node)
        n = length if isinstance(length, Const) else self.emit(length, node)
        at, error = self.location(node), Apply("IndexError", (Const("list index out of range"),))
        beyond = Apply("or", (Apply(">=", (k, n)), Apply("<", (k, Apply("neg", (n,))))))
        self.out.append(If(beyond, (Raise(error, at),), at=at))
        if isinstance(base, Rows) and base.value is not None and all(isinstance(v, NUMBERS) for v in base.value):
            return self._atom(base.item(k), node)
        k = self.emit(Select(Apply("<", (k, ZERO)), Apply("+", (k, n)), k), node)
        if isinstance(base, Rows):
            return self._atom(base.item(k), node)
        if not all(isinstance(v, (Static, Closure)) and not isinstance(v, Keyed) for v in base.value):
            why = f"which item of {ast.unparse(node.value)} this is, is known only at run time"
            raise self.refuse(node, why, "a loop over it, or if and else")
        chosen = base.value[-1]
        for i in reversed(range(len(base.value) - 1)):
            chosen = Choice(self.emit(Apply("==", (k, Const(i))), node), base.value[i], chosen)
        return chosen

    def _slice_of(self, base: Rows | Several, part: ast.Slice, node: ast.Subscript) -> Value:
        bounds = [Const(None) if b is None else self.tree_or_value(b) for b in (part.lower, part.upper, part.step)]
        if base.value is None or not all(isinstance(b, Const) for b in bounds):
            shown = ast.unparse(node.value)
            raise self.refuse(node, f"such a part of {shown} can't be read", f"a loop over its items: {shown}[i]")
        which = slice(*(b.value for b in bounds if isinstance(b, Const)))
        if isinstance(base, Several):
            return Several(base.value[which])
        made = outside.rows(base.value[which], getattr(node.value, "id", "part"), self.program)
        assert made is not None
        return made

    # ------------------------------------------------------------------ whole

    def of_array(self, node: ast.expr) -> ast.expr:
        """An argument of a function of NumPy, which makes an array of a list."""
        known = self.outside(node)
        if not isinstance(known, Rows) or known.value is None:
            return super().of_array(node)
        made = outside.array(known.value, getattr(node, "id", "values"), self.program)
        return node if made is None else ast.copy_location(Held(made), node)

    def of_outside(self, known: Rows | Several, node: ast.Call) -> Value:
        """A method of such a list."""
        assert isinstance(node.func, ast.Attribute)
        words = listed.READING.get(node.func.attr)
        if words is None:
            shown = ast.unparse(node.func.value)
            why = f"{shown} can only be read here, and .{node.func.attr}() changes it, or can't be read"
            raise self.refuse(node, why, f"a copy of it, [v for v in {shown}]")
        held = ast.copy_location(Held(known), node)
        return self.library(words, ast.copy_location(ast.Call(node.func, [held, *node.args], node.keywords), node))

    def is_in(self, left: ast.expr, right: ast.expr, node: ast.AST) -> Expr:
        """`left in right`, where that is a list outside of the function."""
        call = ast.copy_location(ast.Call(right, [right, left], []), left)
        return self.as_value(self.library(listed.contains, call), left)

    # ------------------------------------------------------------------ calls

    def partial(self, node: ast.Call) -> Bound:
        """`functools.partial(f, x, k=2.0)`"""
        given, named = self.given(node)
        if not given or not isinstance(given[0], (Static, Closure)):
            raise self.refuse(node, "functools.partial takes a function that is known here", "partial(f, x)")
        f, *args = (self.held(v, node) for v in given)
        return Bound(f, tuple(args), tuple((k, self.held(v, node)) for k, v in named))

    def call_of(self, known: Value, node: ast.Call) -> Value:
        """A call of what `node.func` is."""
        if isinstance(known, Static) and known.value is functools.partial:
            return self.partial(node)
        if type(known) is Static and (result := self._elementwise(known.value, node)) is not None:
            return result
        if isinstance(known, Static) and isinstance(known.value, _CACHED):
            return self.call_of(Static(known.value.__wrapped__), node)  # which returns the same
        if isinstance(known, Bound):
            first = [ast.copy_location(Held(v), node) for v in known.args]
            again = {k.arg for k in node.keywords}
            named = [ast.copy_location(ast.keyword(k, Held(v)), node) for k, v in known.keywords if k not in again]
            whole = ast.Call(node.func, [*first, *node.args], [*named, *node.keywords])
            return self.call_of(known.value, ast.copy_location(whole, node))
        if isinstance(known, Choice):
            return self._either(known, node)
        return super().call_of(known, node)

    def _elementwise(self, f: Any, node: ast.Call) -> Value | None:
        """A call of what `np.vectorize` or its like made, or of these themselves."""
        if any(f is maker for maker in elementwise.MAKERS):
            inner = self.evaluate(node.args[0]) if len(node.args) == 1 and not node.keywords else None
            if inner is None or not elementwise.is_function(inner):
                raise self.refuse(node, "this vectorize can't be read", "np.vectorize(f), of a function of numbers")
            return elementwise.of_numbers(inner)
        if f is elementwise.mapped:
            words = elementwise.WORDS.get(len(node.args) - 1)
            if words is None or node.keywords or any(isinstance(a, ast.Starred) for a in node.args):
                why = f"{ast.unparse(node.func)} is a vectorized function, and takes one to four arguments here"
                raise self.refuse(node, why, "a loop over the elements")
            return self.library(words, self.as_taken(words, node))
        found = elementwise.made(f)
        return None if found is None else self.call_of(found, node)

    def _either(self, known: Choice, node: ast.Call) -> Value:
        """A call of one of two functions, with the same arguments."""
        parts = [*node.args, *(k.value for k in node.keywords)]
        if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
            raise self.refuse(node, "which function this calls is known only at run time", "its arguments one by one")
        found = self.in_order(*(lambda p=p: self.evaluate(p) for p in parts))
        pairs = zip(found, parts, strict=True)
        held: list[ast.expr] = [ast.copy_location(Held(self.held(v, node)), p) for v, p in pairs]
        named = [ast.keyword(k.arg, v) for k, v in zip(node.keywords, held[len(node.args) :], strict=True)]
        call = ast.copy_location(ast.Call(node.func, held[: len(node.args)], named), node)
        yes, no = (self._steps_of(function, call) for function in (known.yes, known.no))
        return self.join(known.value, yes, no, node)

    def _steps_of(self, function: Value, call: ast.Call) -> tuple[Body, Expr]:
        """The steps of a call of `function`, and its value."""
        old = self.block()
        value = self.as_value(self.call_of(function, call), call)
        return self.taken(old), value


_CACHED = type(functools.lru_cache(abs))
