"""Statements: assignments, branches, loops, and the refusal of everything that has no derivative."""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numba
import numpy as np

from srcad.ir import (
    FALSE,
    ONE,
    TRUE,
    ZERO,
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Exit,
    Expr,
    For,
    Function,
    If,
    Invoke,
    Item,
    Raise,
    Slice,
    Store,
    Tuple,
    Var,
    While,
)
from srcad.parse import elementwise, listed, picking
from srcad.parse.cases import Subject, Unreadable, branches, guarded
from srcad.parse.dicts import Unrolled
from srcad.parse.expressions import Held
from srcad.parse.lengths import TupleOf
from srcad.parse.loops import Generated, empty
from srcad.parse.nests import Nests, exits
from srcad.parse.scope import (
    Closure,
    HoldsDict,
    Keyed,
    Rows,
    Scope,
    Several,
    Static,
    Value,
    bound_names,
    returns,
    together,
)
from srcad.parse.structure import structure
from srcad.syntax import BINARY

REFUSED_STATEMENTS: dict[type[ast.AST], tuple[str, str]] = {
    ast.With: ("a 'with' block has no derivative", "move the 'with' out of the function passed to grad"),
    ast.AsyncWith: ("an 'async with' block has no derivative", "move it out of the function passed to grad"),
    ast.Try: ("a 'try' block has no derivative", "test for the case with an 'if' instead of catching its exception"),
    ast.TryStar: ("a 'try' block has no derivative", "test for the case with an 'if'"),
    ast.ClassDef: ("a class can't be defined in a differentiated function", "define it at module level"),
    ast.AsyncFunctionDef: ("an async function has no derivative", "a plain 'def'"),
    ast.AsyncFor: ("'async for' has no derivative", "a plain 'for'"),
    ast.Global: ("a 'global' statement can't be read: globals are frozen when compiled", "pass and return the value"),
}


class Statements(Nests):
    """Reads the statements of one function."""

    def check_signature(self) -> None:
        a = self.scope.node.args
        for stars, p in (("*", a.vararg), ("**", a.kwarg)):
            if p is not None:
                reason = f"{stars}{p.arg}: a differentiated function needs named parameters"
                raise self.refuse(p, reason, "one name per argument")

    def function(self, name: str) -> Function:
        """The function itself, as IR."""
        node = self.scope.node
        values = (p for p in self.scope.params if not isinstance(self.scope.values.get(p), Static))
        params, at = tuple(map(self.scope.variable, values)), self.location(node)
        if isinstance(node, ast.Lambda):
            value = self.value(node.body)
            return Function("function", params, tuple(self.out), value, at)
        body, result = structure(self.body(node.body), self.program.names.fresh)
        if self.result is not None:
            why = "a dict or an object can't be returned by a function that calls itself, or is differentiated"
            raise self.refuse(node, why, "a namedtuple")
        return Function(name, params, body, result, at)

    def separate(self, function: Any, scope: Scope, name: str) -> Function:
        """A recursive function, read by itself."""
        return type(self)(scope, ((function,),)).separated(name)

    def separated(self, name: str) -> Function:
        self.check_signature()
        return self.function(name)

    def body(self, statements: list[ast.stmt]) -> Body:
        old = self.block()
        self._in_turn(statements)
        return self.taken(old)

    def _in_turn(self, statements: list[ast.stmt]) -> None:
        for s in statements:
            self.statement(s)
            if self.out and isinstance(self.out[-1], Exit):  # as of `if axis is None: return`, where that is known
                break

    # ------------------------------------------------------------------ one statement

    def statement(self, s: ast.stmt) -> None:
        try:
            self._statement(s)
        except HoldsDict as found:
            why = f"{found} holds a dict or an object, and something else is assigned to it"
            raise self.refuse(s, why, "another name") from None

    def _statement(self, s: ast.stmt) -> None:
        at = self.last = self.location(s)
        match s:
            case ast.Pass() | ast.Expr(ast.Constant()):
                pass
            case ast.Delete(targets):
                self._delete(targets)
            case ast.Expr(ast.Yield(value)) if self.consumer is not None and value is not None:
                self.out += self.consumer(self.evaluate(value), [self.out, *self.around])
            case ast.Expr(ast.YieldFrom(value)) if self.consumer is not None:
                self._yield_from(value, s)
            case ast.Expr(value):
                if not self._is_filter(value):
                    self.evaluate(value)
            case ast.Assign(targets, value):
                self._assignment(targets, value, s)
            case ast.AnnAssign(target, _, value) if value is not None:
                self._assignment([target], value, s)
            case ast.AnnAssign():
                pass
            case ast.AugAssign():
                self._augmented(s)
            case ast.If(test, body, orelse):
                self._if(test, body, orelse, s)
            case ast.Match():
                self._match(s)
            case ast.For(target, it, body, orelse):
                self._for(target, it, body, orelse, s)
            case ast.While(test, body, orelse):
                self._while(test, body, orelse, s)
            case ast.Break():
                self.out.append(Exit("break", None, at))
            case ast.Continue():
                self.out.append(Exit("continue", None, at))
            case ast.Return(value):
                self._return(value, s)
            case ast.Assert(test, message):
                old = self.block()
                self._raise(AssertionError, [message] if message else [], s)
                failing = self.taken(old)
                self.out.append(If(Apply("not", (self.test(test),)), failing, at=at))
            case ast.Raise():
                self._raise_statement(s)
            case ast.Nonlocal(names):
                self._nonlocal(names, s)
            case ast.FunctionDef(name):
                self._local_function(s, name)
            case ast.With(items, body) if all(map(self._of_warnings, items)):
                self._in_turn(body)
            case ast.Import() | ast.ImportFrom():
                self._import(s)
            case _:
                kind = type(s).__name__
                raise self.refuse(s, *REFUSED_STATEMENTS.get(type(s), (f"srcad can't read this {kind} statement", "")))

    def _of_warnings(self, item: ast.withitem) -> bool:
        """Does `with` this say only what NumPy does about infinities and NaNs? Compiled code has them as they are."""
        if item.optional_vars is not None or not isinstance(item.context_expr, ast.Call):
            return False
        known = self.evaluate(item.context_expr.func)
        if not isinstance(known, Static) or known.value not in (np.errstate, warnings.catch_warnings):
            return False
        for k in item.context_expr.keywords:
            if not isinstance(k.value, ast.Constant) or k.value.value in ("raise", "call", "print"):
                why = f"{ast.unparse(item.context_expr)} would do more than ignore them"
                raise self.refuse(k.value, why, 'an if, and a raise: if not np.isfinite(x): raise ValueError("x")')
        return True

    def _yield_from(self, value: ast.expr, s: ast.stmt) -> None:
        """`yield from x`: `for v in x: yield v`"""
        name = self._unnamed(self.program.names.fresh("item"))
        again = ast.Expr(ast.Yield(ast.Name(name, ast.Load())))
        loop = ast.For(ast.Name(name, ast.Store()), value, [again], [])
        for n in (loop, loop.target, again, again.value, *ast.iter_child_nodes(again.value)):
            ast.copy_location(n, s)
        self.statement(loop)

    def _is_filter(self, node: ast.expr) -> bool:
        """Is this a call of `warnings.simplefilter` or its like? No warnings come from compiled code."""
        match node:
            case ast.Call(ast.Attribute(_, "simplefilter" | "filterwarnings") | ast.Name("simplefilter")):
                known = self.called(node)
                return isinstance(known, Static) and known.value in (warnings.simplefilter, warnings.filterwarnings)
        return False

    def _delete(self, targets: list[ast.expr]) -> None:
        for t in targets:
            if isinstance(t, ast.Subscript) and self.keyed(t.value) is not None:
                raise self.refuse(t, "a key can't be taken out of a dict", "a new dict without it")
            if isinstance(t, ast.Subscript) and not isinstance(t.slice, (ast.Slice, ast.Tuple)):
                call = ast.copy_location(ast.Call(t, [t.value, t.slice], []), t)
                self.library(listed.delete, call)
            elif not isinstance(t, ast.Name):
                raise self.refuse(t, "this can't be deleted", "a list of what stays: [v for v in x if ...]")

    def _import(self, s: ast.Import | ast.ImportFrom) -> None:
        """`import math`, `from numpy import sin`: of these two, what a name stands for is known."""
        odd = s.level or s.module not in ("math", "numpy") if isinstance(s, ast.ImportFrom) else False
        if odd or (isinstance(s, ast.Import) and any(a.name not in ("math", "numpy") for a in s.names)):
            reason = "an import inside a differentiated function can't be read"
            raise self.refuse(s, reason, "the import at the top of the file")
        for alias in s.names:
            name = alias.asname or alias.name
            if isinstance(s, ast.Import):
                self.scope.values[name] = Static(importlib.import_module(alias.name))
            elif not hasattr(importlib.import_module(str(s.module)), alias.name):
                raise self.refuse(s, f"{s.module} has no {alias.name!r}", "a name that it has")
            else:
                value = getattr(importlib.import_module(str(s.module)), alias.name)
                self.scope.values[name] = self.scope.known(alias.name, value, s)

    def _nonlocal(self, names: list[str], s: ast.stmt) -> None:
        """The names stand for the variables of a function around this one, which is being read."""
        scope = self.scope.parent
        while scope is not None and not set(names) <= scope.local:
            names, scope = [n for n in names if n not in scope.local], scope.parent
        if scope is None:
            why = f"{names[0]} belongs to a function around the one that is differentiated"
            raise self.refuse(s, why, "return the value, and assign it in the outer function")

    def _local_function(self, s: ast.FunctionDef, name: str) -> None:
        if self.scope.assigned.get(name, 0) > 1:
            raise self.refuse(s, f"{name!r} is bound more than once", "one name per function")
        made: Value = self.closure(s)
        for decorator in s.decorator_list:
            known = self.evaluate(decorator.func if isinstance(decorator, ast.Call) else decorator)
            f = known.value if isinstance(known, Static) else None
            if f in elementwise.MAKERS and not isinstance(decorator, ast.Call) and isinstance(made, Closure):
                made = elementwise.of_numbers(made)
            elif f not in (numba.njit, numba.jit, functools.cache, functools.lru_cache):
                raise self.refuse(s, "a decorated inner function can't be read", "a plain inner function")
        self.scope.values[name] = made

    # ------------------------------------------------------------------ assignment

    def _assignment(self, targets: list[ast.expr], value: ast.expr, s: ast.stmt) -> None:
        mark = len(self.out)
        known = self.evaluate(value)
        if isinstance(known, (Static, Closure)) and isinstance(targets[0], ast.Attribute) and len(targets) == 1:
            self.put_attribute(targets[0], known, s)
            return
        if isinstance(known, Keyed):
            for t in targets:
                self.name_dict(t, known, value, s)
            return
        if isinstance(known, (Static, Closure)):
            self._bind_object(targets, known, value, s)
            return
        last = self.out[-1] if len(self.out) > mark else None
        match targets, known, last:
            case [ast.Name(name)], Var(made), Assign(target, e) if made == target and made.startswith("%"):
                self.scope.bound(name, self.out)
                self.out[-1] = Assign(self.scope.variable(name), e, self.location(s))  # made here, for this name alone
            case [ast.Name(name)], Var(made), Invoke((target,)) if made == target:
                self.scope.bound(name, self.out)
                self.out[-1] = replace(last, targets=(self.scope.variable(name),))
            case [_], _, _:
                self.assign(targets[0], known, s)
            case _:
                known = self.fixed(known, self.bound_by(*targets), s)
                for t in targets:
                    self.assign(t, known, s)

    def _bind_object(self, targets: list[ast.expr], known: Static | Closure, value: ast.expr, s: ast.stmt) -> None:
        for t in targets:
            if isinstance(known, (Rows, Several)) and isinstance(t, (ast.Tuple, ast.List)):
                self.bind_entry(t, together(self.items_known(known, s)), s)
                continue
            if not isinstance(t, ast.Name):
                raise self.refuse(s, f"{ast.unparse(value)} can only be given a name", "f = ...")
            if self.scope.assigned.get(t.id, 2) > 1:  # two, of a `nonlocal` one
                why = f"{t.id!r} holds a function and is assigned more than once"
                raise self.refuse(s, why, f"{t.id} = g if test else h, or an if at the call")
            is_new = isinstance(value, (ast.Tuple, ast.List, ast.Lambda)) or self.is_partial(value)
            self.scope.values[t.id] = known if is_new and t is targets[0] else self.again(known, value)

    def assign(self, target: ast.expr, value: Expr, node: ast.AST) -> None:
        at = self.location(node)
        match target:
            case ast.Name(name):
                self.scope.bound(name, self.out)
                self.out.append(Assign(self.scope.variable(name), value, at))
            case ast.Tuple(elts) | ast.List(elts):
                self._unpack(elts, value, node)
            case ast.Attribute():
                self.put_attribute(target, value, node)
            case ast.Subscript(base) if (named := self.keyed(base)) is not None:
                self.put(target, named, value, node)
            case ast.Subscript(ast.Attribute(whole, "flat"), index):
                held = (ast.copy_location(Held(v), target) for v in (self.value(whole), self.value(index), value))
                self.library(picking.put_flat, ast.copy_location(ast.Call(target, [*held], []), target))
            case ast.Subscript(base, index):
                ((value,), (array,), parts) = self.in_order(
                    lambda: (value,), lambda: (self.writable(self.value(base), base),), lambda: self.index(index)
                )
                self.out.append(Store(array, parts, value, None, at))
            case _:
                reason = f"{ast.unparse(target)} can't be assigned to"
                raise self.refuse(target, reason, "a local name or an array element")

    def _unpack(self, elts: list[ast.expr], value: Expr, node: ast.AST) -> None:
        # Python evaluates the whole right side before it assigns: what a target overwrites is copied.
        value = self.fixed(value, self.bound_by(*elts), node)
        star = next((k for k, t in enumerate(elts) if isinstance(t, ast.Starred)), None)
        targets = [t.value if isinstance(t, ast.Starred) else t for t in elts]
        items = self._items_of(value, len(elts), node) if star is None else self._parted(value, len(elts), star, node)
        if not all(isinstance(t, ast.Name) for t in targets):
            items = [self.emit(i, node) if isinstance(i, Item) else i for i in items]
        for t, i in zip(targets, items, strict=True):
            self.assign(t, i, node)

    def _items_of(self, value: Expr, count: int, node: ast.AST) -> list[Expr]:
        if not isinstance(value, Tuple):
            self.check_length("!=", value, count, node)
            return [Item(value, (Const(k),)) for k in range(count)]
        if len(value.items) != count:
            raise self.refuse(node, f"{len(value.items)} items can't be unpacked into {count} targets")
        return list(value.items)

    def _parted(self, value: Expr, count: int, star: int, node: ast.AST) -> list[Expr]:
        """The items of `value` for `count` targets, of which the one at `star` takes a list of those in the middle."""
        after = count - 1 - star
        at, rest = self.location(node), self.program.names.numbered("%")
        if isinstance(value, Tuple):
            if len(value.items) < count - 1:
                raise self.refuse(node, f"{len(value.items)} items can't be unpacked into {count - 1} targets and more")
            end = len(value.items) - after
            self.out.append(Assign(rest, Array(value.items[star:end], is_list=True), at))
            return [*value.items[:star], Var(rest), *value.items[end:]]
        self.check_length("<", value, count - 1, node)
        stop = self.emit(Apply("-", (Apply("len", (value,)), Const(after))), node)
        self.out.append(Assign(rest, Array((), is_list=True), at))
        k, old = self.program.names.fresh("k"), self.block()
        self.out.append(Append(rest, self.emit(Item(value, (Var(k),)), node), at=at))
        body = self.taken(old)
        self.out.append(For(k, Const(star), stop, ONE, body, at=at))
        first = [Item(value, (Const(i),)) for i in range(star)]
        return [*first, Var(rest), *(Item(value, (Const(i - after),)) for i in range(after))]

    def _augmented(self, s: ast.AugAssign) -> None:
        op, at = BINARY[type(s.op)], self.location(s)
        if op == "|" and (named := self.keyed(s.target)) is not None:
            call = ast.copy_location(ast.Call(s.target, [s.value], []), s)
            self.update(named, ast.unparse(s.target), self.dict_of(call), s)
            return
        if isinstance(s.target, ast.Name):
            if s.target.id in self.scope.entries:
                raise self.refuse(s, f"{s.target.id} is the name of a loop's items, read one by one", "another name")
            name = self.scope.variable(s.target.id)
            old, value = self.in_order(lambda: Var(name), lambda: self.value(s.value))
            if isinstance(value, Tuple) and isinstance(self.lengths().of(old), TupleOf):
                raise self.refuse(s, f"{s.target.id} is a tuple, and would be a longer one", "a list, or another name")
            if old != Var(name):
                raise self.refuse(s, f"{s.target.id} is assigned on the right of its own {op}=", "two statements")
            self.out.append(Assign(name, Apply(f"{op}=", (Var(name), value)), at))
            return
        if isinstance(s.target, ast.Attribute):
            if self.record(s.target.value) is None:
                self.put_attribute(s.target, ZERO, s)  # which refuses it
            self._augmented_entry(s, s.target, op)
            return
        if not isinstance(s.target, ast.Subscript):
            reason = f"{ast.unparse(s.target)} can't be assigned to"
            raise self.refuse(s.target, reason, "a local name or an array element")
        if isinstance(s.target.value, ast.Attribute) and s.target.value.attr == "flat":
            raise self.refuse(s.target, f"{op}= of flat can't be read", "x.flat[k] = value, or x[i, j] += value")
        if (named := self.keyed(s.target.value)) is not None:
            self._augmented_entry(s, s.target, op)
            return
        self._augmented_item(s, s.target, op)

    def _augmented_entry(self, s: ast.AugAssign, target: ast.Subscript | ast.Attribute, op: str) -> None:
        """`p["a"] op= value`, `b.x op= value`"""
        held = self.at_key(target) if isinstance(target, ast.Subscript) else self.evaluate(target)
        if not isinstance(held, Var):
            raise self.refuse(s, f"{ast.unparse(target)} is no number or array", "its values one by one")
        old, value = self.in_order(lambda: held, lambda: self.value(s.value))
        if old != held:
            raise self.refuse(s, f"{ast.unparse(target)} is assigned on the right of its own {op}=", "two statements")
        self.assign(target, Apply(f"{op}=", (held, value)), s)

    def _augmented_item(self, s: ast.AugAssign, target: ast.Subscript, op: str) -> None:
        """`x[i] op= value`: where the value's steps may write to memory, x[i] is read before them, as Python does."""
        at = self.location(s)

        place: tuple[Expr, ...] = ()

        def where() -> tuple[Expr, ...]:
            nonlocal place
            base, index = self.based(target)
            place = (self.writable(base, target.value), *index)
            return place

        def old() -> tuple[Expr, ...]:
            return () if any(isinstance(i, Slice) for i in place[1:]) else (Item(place[0], place[1:]),)

        ((array, *index), before, (value,)) = self.in_order(where, old, lambda: (self.value(s.value),))
        if before and isinstance(before[0], Var):
            name = self.program.names.fresh("item")  # an array in a list is changed, not another one put there
            self.out.append(Assign(name, before[0], at))
            self.out.append(Assign(name, Apply(f"{op}=", (Var(name), value)), at))
            self.out.append(Store(array, tuple(index), Var(name), None, at))
        else:
            self.out.append(Store(array, tuple(index), value, op, at))

    # ------------------------------------------------------------------ control flow

    def _if(self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt], s: ast.stmt) -> None:
        condition = self.test(test)
        if isinstance(condition, Const):  # `if None is None` of a default: one branch is never read
            taken = body if condition.value else orelse
            self.out += self.body(taken)
            return
        self.out.append(If(condition, self.body(body), self.body(orelse), at=self.location(s)))

    def _match(self, s: ast.Match) -> None:
        value = self.fixed(self.value(s.subject), self.bound_by(*guarded(s)), s)
        try:
            read = branches(s, self._subject(value, s.subject), lambda: self._unnamed(self.program.names.fresh("fits")))
        except Unreadable as why:
            raise self.refuse(why.node, why.reason, why.instead) from None
        for branch in read:
            self.statement(branch)

    def _subject(self, value: Expr, node: ast.expr) -> Subject:
        """What a `match` looks at, evaluated; the items of a tuple of known length one by one."""
        items = value.items if isinstance(value, Tuple) else self.tuple_items(value, node)
        if items is not None:
            written = isinstance(node, ast.Tuple) and len(node.elts) == len(items)
            nodes = node.elts if isinstance(node, ast.Tuple) and written else [node] * len(items)
            return [self._subject(i, n) for i, n in zip(items, nodes, strict=True)]
        match value, node:
            case Const(), _:
                return ast.copy_location(ast.Constant(value.value), node)
            case Var(name), ast.Name(own) if self.scope.values.get(own) == Var(name):
                return node
        name = (value if isinstance(value, Var) else self.emit(value, node)).name
        return ast.copy_location(ast.Name(self._unnamed(name), ast.Load()), node)

    def _unnamed(self, name: str) -> str:
        """What the variable `name` of the IR, which no name of the user's stands for, is called in a syntax tree."""
        key = f"${name}"
        self.scope.local.add(key)
        self.scope.values[key] = Var(name)
        return key

    def _for(self, target: ast.expr, it: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt], s: ast.stmt) -> None:
        def inside() -> None:
            for inner in body:
                self.statement(inner)

        if isinstance(it, ast.Call) and self.is_nest(it):
            self.nest(target, it, body, inside, s)
            self.out += self.body(orelse)
            return
        bound = self.bound_by(target, *body)
        over = self.iterable(it, bound)
        if isinstance(over, Unrolled):
            assert isinstance(s, ast.For)
            self._over_dict(target, over, inside, s)
            self.out += self.body(orelse)
            return
        if empty(over):
            self.out += self.body(orelse)
            return
        if isinstance(over, Generated):
            left, after = self.over_generator(target, over, inside, s, bound), self.body(orelse)
            self.out += (If(Var(left), (), after, at=self.location(s)),) if left and after else after
            return
        loop = self.loop(target, over, inside, s, bound)
        after = self.body(orelse)
        self.out.append(replace(loop, orelse=after) if after else loop)

    def _over_dict(self, target: ast.expr, over: Unrolled, inside: Callable[[], None], s: ast.For) -> None:
        """The body of a loop once for each item of a dict."""
        left = next(exits(s.body), None)
        if left is not None:
            why = "a loop that is read for each item by itself can't be left, or go on to the next one, in its midst"
            raise self.refuse(left, why, "an if around the rest of its body")
        loops = [] if over.of is None else over.of.loops
        loops.append(s)
        for item in over.items:
            self.bind_entry(target, item(), s)
            inside()
        loops.pop()

    def _while(self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt], s: ast.stmt) -> None:
        at = self.location(s)
        self.scope.lose(bound_names(test, *body))
        self.program.loops += 1
        old = self.block()
        condition = self.test(test)
        steps = self.taken(old)
        if isinstance(condition, Const):
            if not condition.value:  # the body is never read, as that of an `if`
                self.program.loops -= 1
                self.out += [*steps, *self.body(orelse)]
                return
            condition = TRUE
        inside = self.body(body)
        self.program.loops -= 1
        after = self.body(orelse)
        if not steps:
            self.out.append(While(condition, inside, after, at=at))
        elif not after:  # A test that takes steps is made inside: `while True: steps; if test: body; else: break`
            branch = If(condition, inside, (Exit("break", None, at),), at=at)
            self.out.append(While(TRUE, (*steps, branch), at=at))
        else:  # ... and leaves by a test of its own, for the `else` to run
            more = self.program.names.fresh("more")
            branch = If(condition, inside, (Assign(more, FALSE, at),), at=at)
            self.out += [Assign(more, TRUE, at), While(Var(more), (*steps, branch), after, at=at)]

    def _return(self, value: ast.expr | None, s: ast.stmt) -> None:
        at = self.location(s)
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            self.out.append(Exit("return", None, at))
            return
        known = self.evaluate(value)
        if isinstance(known, Keyed) and known.by is self and self.caller is not None:
            if returns(self.scope.node) > 1:
                raise self.refuse(s, "a function that returns a dict or an object has one return", "one, at its end")
            known.named.clear()  # those were of this function
            self.result, known = known, Const(None)
        self.out.append(Exit("return", self.as_value(known, value), at))

    # ------------------------------------------------------------------ errors that the user raises

    def _raise_statement(self, s: ast.Raise) -> None:
        exc: ast.expr | None = s.exc
        args: list[ast.expr] = []
        if isinstance(exc, ast.Call):
            args, exc = exc.args, exc.func
        known = self.evaluate(exc) if exc is not None else None
        if not (isinstance(known, Static) and isinstance(known.value, type)):
            raise self.refuse(s, "this raise can't be read", 'raise ValueError("why")')
        if not issubclass(known.value, BaseException):
            raise self.refuse(s, f"{known.value.__name__} is no exception", 'raise ValueError("why")')
        self._raise(known.value, args, s)

    def _raise(self, kind: type, args: list[ast.expr], s: ast.stmt) -> None:
        values = []
        for a in args:
            v = Const(_text(a)) if isinstance(a, ast.JoinedStr) else self.evaluate(a)
            if not isinstance(v, Const):
                raise self.refuse(a, "an exception's argument has to be a constant", 'raise ValueError("why")')
            values.append(v)
        name = kind.__name__
        if getattr(builtins, name, None) is not kind:
            name = self.program.bind(name, kind)
        self.out.append(Raise(Apply(name, tuple(values)), self.location(s)))


def _text(node: ast.JoinedStr) -> str:
    """A formatted string's text, with what it would format left in braces."""
    return "".join(
        str(v.value) if isinstance(v, ast.Constant) else "{" + ast.unparse(v.value) + "}"
        for v in node.values
        if isinstance(v, (ast.Constant, ast.FormattedValue))
    )
