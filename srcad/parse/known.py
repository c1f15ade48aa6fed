"""Calls of what srcad knows: functions with a derivative rule, builtins, and `array_calls`.

    max(a, b, c)        ->     %1 = max(a, b);  %2 = max(%1, c)
    sum((a, b))         ->     %1 = a + b
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from srcad import runtime
from srcad.ir import ZERO, Apply, Array, Const, Expr, Item, Tuple, Var
from srcad.parse import listed, mathematics, moved
from srcad.parse.array_calls import ALONE, ArrayCalls, of_iterable
from srcad.parse.expressions import Held
from srcad.parse.picking import nonzero
from srcad.parse.scope import Closure, Rows, Several, Static, Value, together
from srcad.parse.trees import spelling
from srcad.rules import FUNCTIONS, RULES, arrays, canonical
from srcad.rules.own import default as own_default


class Known(ArrayCalls):
    """Reads calls of known functions."""

    def known(self, f: Any, node: ast.Call) -> Value | None:
        """The call of `f`, or None if nothing is known of `f`."""
        if f is np.finfo or f is np.iinfo:
            return Static(f(getattr(np, self.dtype(self.one(node)).removeprefix("np."))))
        if f is np.ndim:
            value = self.value(self.one(node))
            return self.emit(Apply("np.ndim", (value,)), node) if isinstance(value, Var) else self._counted(value)
        if _in(f, _BUILTINS):
            result: Value = getattr(self, f"_call_{f.__name__}")(node)
            return result
        name = canonical(f)
        if name is not None:
            node = self.of_arrays(node) if isinstance(f, np.ufunc) else node
            return self._rule(name, spelling(f, node.func), node)
        array = arrays.kind(f)
        if array is not None:
            of_one = array[0] == "reduce" or array[1] in ALONE
            return self._array_function(*array, self.of_arrays(node) if of_one else node)
        if _in(f, tuple(runtime.FUNCTIONS.values())):  # in code that srcad wrote
            return self.emit(Apply(f.__name__, self.items(node.args)), node)
        if isinstance(f, type) and issubclass(f, tuple) and hasattr(f, "_fields"):
            return self._namedtuple(f, node)
        made = getattr(f, "__self__", None)
        if getattr(f, "__name__", "") == "_make" and isinstance(made, type) and hasattr(made, "_fields"):
            items = ast.copy_location(ast.Starred(self.one(node), ast.Load()), node)
            return self._namedtuple(made, ast.copy_location(ast.Call(node.func, [items], []), node))
        return None

    def _counted(self, value: Expr) -> Const:
        """The number of dimensions of a number or of a tuple that is written out."""
        return Const(1 if isinstance(value, Tuple) else 0)

    def _rule(self, name: str, spelled: str, node: ast.Call) -> Value:
        """A function with a derivative rule."""
        order = RULES[name].params
        if name in ("max", "min"):
            return self._extreme_of(name, node)
        if name == "float" and len(node.args) == 1 and isinstance(node.args[0], ast.Constant):
            return self._float(node.args[0].value, node)
        if name == "np.where" and len(node.args) == 1 and not node.keywords:
            return self.library(nonzero, node)
        several = mathematics.SEVERAL.get(name if spelled.startswith("math.") else "")
        as_many = len(node.args) == len(order) and not any(isinstance(a, ast.Starred) for a in node.args)
        if several is not None and not as_many and (name != "math.log" or len(node.args) == 2):
            return self.library(several, node)
        if node.keywords and spelled in _BY_POSITION:
            raise self.refuse(node.keywords[0].value, f"{spelled} takes no keywords", f"{spelled}({', '.join(order)})")
        found = self.bound(spelled, " ".join(order), node)
        if RULES[name].own:
            found = self._own_args(name, found, node)
        self.needed(spelled if name[0].isalpha() else ast.unparse(node.func), order[: _needed(name)], found, node)
        if name == "np.clip":
            return self._clip(tuple(found.get(p, Const(None)) for p in order), node)
        return self.emit(Apply(spelled, tuple(found.values())), node)

    def _own_args(self, name: str, args: dict[str, Expr], node: ast.Call) -> dict[str, Expr]:
        """The arguments of a function with a rule of the user's own, with its defaults."""
        found: dict[str, Expr] = {}
        for p in RULES[name].params:
            value: Value = args.get(p, Const(None))
            if p not in args:
                default = own_default(FUNCTIONS[name], p)
                if default is None:
                    raise self.refuse(node, f"{name}() needs a value for {p!r}", "the call with all its arguments")
                value = Const(default) if type(default) in (int, float) else self.scope.known(p, default, node)
            if isinstance(value, (Static, Closure, Tuple)):
                raise self.refuse(node, f"{name} is declared as a function of numbers, and {p} is none", "a number")
            found[p] = value
        return found

    def _clip(self, args: tuple[Expr, ...], node: ast.Call) -> Expr:
        """`np.clip` as its two halves, which Numba knows of scalars and of arrays, and either of which can be None."""
        value, low, high = args
        if low != Const(None):
            value = self.emit(Apply("np.maximum", (value, low)), node)
        return value if high == Const(None) else self.emit(Apply("np.minimum", (value, high)), node)

    def _float(self, value: Any, node: ast.Call) -> Expr:
        try:
            return Const(float(value))
        except (TypeError, ValueError):
            raise self.refuse(node, f"{ast.unparse(node)} is no number", "a number") from None

    def _extreme_of(self, name: str, node: ast.Call) -> Value:
        """`max` or `min` of several numbers, or of what a sequence holds, by a key if one is given."""
        if len(node.args) == 1 and isinstance(node.args[0], (ast.GeneratorExp, ast.Call)):
            node = ast.copy_location(ast.Call(node.func, [self.as_list(node.args[0])], node.keywords), node)
        if not node.keywords:
            return self._extreme(name, self.items([self.shown(a) for a in node.args]), node)
        if len(node.args) > 1:
            several = ast.copy_location(ast.Tuple(node.args, ast.Load()), node)
            node = ast.copy_location(ast.Call(node.func, [several], node.keywords), node)
        return self.library(listed.largest if name == "max" else listed.smallest, node)

    def _extreme(self, name: str, args: tuple[Expr, ...], node: ast.Call) -> Expr:
        """`max(a, b, c)` two at a time, as Python compares them; `max(t)` of a tuple likewise, of an array later."""
        if len(args) == 1 and isinstance(args[0], Tuple):
            args = args[0].items
        elif len(args) == 1:
            return self.emit(Apply(name, args), node)
        if not args:
            raise self.refuse(node, f"{name} of nothing has no value", f"{name}(a, b)")
        result = args[0]
        for a in args[1:]:
            if isinstance(a, Tuple) or isinstance(result, Tuple):  # the first that no other one is beyond
                beyond = self.emit(Apply(">" if name == "max" else "<", (a, result)), node)
                result = self.join(beyond, ((), a), ((), result), node)
            else:
                result = self.emit(Apply(name, (result, a)), node)
        return result

    def as_list(self, node: ast.expr) -> ast.expr:
        """A list of what `node` gives in a loop: a generator, `range`, `zip`, `enumerate`; otherwise `node` itself."""
        known = self.called(node) if isinstance(node, ast.Call) else None
        in_loops = isinstance(known, Static) and _in(known.value, (range, zip, enumerate, reversed))
        return _listed(node) if in_loops else of_iterable(node)

    def _namedtuple(self, cls: type, node: ast.Call) -> Expr:
        fields: tuple[str, ...] = cls._fields  # type: ignore[attr-defined]
        defaults = getattr(cls, "_field_defaults", {})
        values = self.bound(cls.__name__, " ".join(fields), node)
        items = []
        for f in fields:
            value = values[f] if f in values else self.scope.known(f, defaults.get(f, cls), node)
            if isinstance(value, (Static, Closure)):
                raise self.refuse(node, f"{cls.__name__} needs a value for {f!r}", "one value for each field")
            items.append(value)
        return Tuple(tuple(items), self.program.bind(cls.__name__, cls))

    # ------------------------------------------------------------------ builtins

    def _call_len(self, node: ast.Call) -> Expr:
        first = self.one(node)
        if isinstance(first, ast.Call) and isinstance(first.func, ast.Name):
            called = self.evaluate(first.func)
            if isinstance(called, Static) and called.value is range:
                return self.extent(first)
        if (named := self.keyed(first)) is not None:
            return Const(len(named.value))
        if self.is_outside(first) and (length := self.extent_of(self.evaluate(first))) is not None:
            return self.emit(length, node) if isinstance(length, Apply) else length
        arg = self.value(first)
        return Const(len(arg.items)) if isinstance(arg, Tuple) else self.emit(Apply("len", (arg,)), node)

    def _call_sum(self, node: ast.Call) -> Expr:
        starts = [*node.args[1:], *(k.value for k in node.keywords if k.arg == "start")]
        if not 1 <= len(node.args) <= 2 or len(starts) != len(node.args) - 1 + len(node.keywords):
            raise self.refuse(node, "sum takes what it sums, and a start", "sum(x)")
        first = self.shown(node.args[0])
        if isinstance(first, ast.GeneratorExp) and starts:
            raise self.refuse(node, "the sum of a generator with a start can't be read", "start + sum(...)")
        if isinstance(first, ast.GeneratorExp):
            return self.summed(first, node)
        arg, *rest = self.in_order(*(lambda a=a: self.value(a) for a in (first, *starts)))
        start = rest[0] if rest else ZERO
        if isinstance(arg, Tuple):
            total = start
            for item in arg.items:
                total = item if total == ZERO else self.emit(Apply("+", (total, item)), node)
            return total
        total = self.emit(Apply("sum", (arg,)), node)
        return total if start == ZERO else self.emit(Apply("+", (start, total)), node)

    def shown(self, node: ast.expr) -> ast.expr:
        """`node` as an array or as a list of its own, if it is a list outside of the function: what is reduced."""
        if not self.is_outside(node):
            return node
        held = ast.copy_location(Held(self.evaluate(node)), node)
        if not isinstance(held.value, Rows):
            return held
        made = self.of_array(node)
        return _listed(held) if made is node else made

    def extent_of(self, known: Value) -> Expr | None:
        """The length of a list outside of the function, or of a part of one."""
        if isinstance(known, Rows):
            return known.length
        return Const(len(known.value)) if isinstance(known, Several) else None

    def extent(self, node: ast.Call) -> Expr:
        """The length of a range."""
        raise NotImplementedError

    def summed(self, node: ast.GeneratorExp, at: ast.AST) -> Expr:
        raise NotImplementedError

    def found(self, node: ast.GeneratorExp | ast.ListComp, wanted: bool, at: ast.AST) -> Expr:
        raise NotImplementedError

    def _call_any(self, node: ast.Call) -> Value:
        return self._searched(node, True, moved.any_of)

    def _call_all(self, node: ast.Call) -> Value:
        return self._searched(node, False, moved.all_of)

    def _searched(self, node: ast.Call, wanted: bool, words: Any) -> Value:
        """`any` or `all`, which look for the truth `wanted`: of a comprehension a loop, of values what `words` say."""
        first = self.one(node)
        if isinstance(first, (ast.GeneratorExp, ast.ListComp)):
            return self.found(first, wanted, node)
        return self.library(words, node)

    def _call_sorted(self, node: ast.Call) -> Value:
        args = [self.as_list(a) for a in node.args]
        return self.library(listed.in_order, ast.copy_location(ast.Call(node.func, args, node.keywords), node))

    def _call_divmod(self, node: ast.Call) -> Expr:
        args = tuple(self.bound("divmod", "x y", node).values())
        if len(args) != 2:
            raise self.refuse(node, "divmod takes two numbers", "divmod(x, y)")
        return Tuple((self.emit(Apply("//", args), node), self.emit(Apply("%", args), node)))

    def _call_tuple(self, node: ast.Call) -> Value:
        if node.args and (known := self.outside(self.one(node))) is not None:
            return together(self.items_known(known, node))
        if not node.args:
            return Tuple(())
        if (part := self._part_of(self.one(node), node)) is not None:
            return part
        arg = self.value(self.one(node))
        items = arg.items if isinstance(arg, Tuple) else self.tuple_items(arg, node)
        if items is None:
            why = "tuple(...) of a sequence can't be read: how many items there are is not known here"
            raise self.refuse(node, why, "tuple(x[0:2]), or (x[0], x[1])")
        return Tuple(items)

    def _part_of(self, node: ast.expr, at: ast.AST) -> Tuple | None:
        """`x[1:3]` as the items that it has, if numbers say how many these are."""
        match node:
            case ast.Subscript(
                base, ast.Slice(None | ast.Constant() as lower, ast.Constant(int(stop)), None)
            ) if not self.is_outside(base):
                start = 0 if lower is None else lower.value
                if not isinstance(start, int) or start < 0 or stop < start:
                    return None
                whole = self.value(base)
                if isinstance(whole, Tuple):
                    return Tuple(whole.items[start:stop])
                self.check_length("<", whole, stop, at)
                return Tuple(tuple(self.emit(Item(whole, (Const(k),)), at) for k in range(start, stop)))
        return None

    def _call_list(self, node: ast.Call) -> Expr:
        if not node.args and not node.keywords:
            return self.emit(Array((), is_list=True), node)
        it = of_iterable(self.one(node))
        return self.comprehension(it if isinstance(it, ast.ListComp) else _listed(it))


_BY_POSITION = frozenset({"abs", "float", *(name for name in RULES if name.startswith("math."))})


def _needed(name: str) -> int:
    """How many operands the function with the rule `name` has at least."""
    f, rule = FUNCTIONS[name], RULES[name]
    if name == "np.clip" or rule.own:
        return 1
    return f.nin if isinstance(f, np.ufunc) else len(rule.params) if rule.partials else 1


def _listed(it: ast.expr) -> ast.ListComp:
    """`[item for item in it]`"""
    target, item = ast.Name("item", ast.Store()), ast.Name("item", ast.Load())
    made = ast.ListComp(item, [ast.comprehension(target, it, [], 0)])
    for n in (target, item):
        ast.copy_location(n, it)
    return ast.copy_location(made, it)


def _in(f: Any, functions: tuple[Any, ...]) -> bool:
    return any(f is g for g in functions)


_BUILTINS = (len, sum, divmod, tuple, list, any, all, sorted)
