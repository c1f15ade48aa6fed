"""Calls of NumPy whose form says what they do: subscripts, `out=` and `where=`, methods of ufuncs, lists of choices.

    np.exp(x, out=y, where=m)          ->      %1 = np.exp(x);  %2 = np.where(m, %1, y);  y[:] = %2
    np.select([p, q], [x, y], z)       ->      %1 = np.where(q, y, z);  %2 = np.where(p, x, %1)
    np.r_[a, 1.0]                      ->      %1 = np.concatenate((a, np.array([1.0])))
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from srcad.ir import Apply, Const, Expr, Item, Slice, Store, Tuple, Var
from srcad.parse import along, arranged, linear, sequences, statistics, subscripts, ufuncs
from srcad.parse.expressions import Held
from srcad.parse.known import Known
from srcad.parse.scope import Closure, Static, Value
from srcad.source import Source

_SPLITS: dict[Any, tuple[int, bool]] = {  # along which axis, and whether the parts have to be of one size
    np.split: (0, True), np.array_split: (0, False), np.vsplit: (0, True), np.hsplit: (1, True),
}  # fmt: skip
_INSTEAD: dict[Any, tuple[str, str]] = {  # functions of which no words can be had, and what to write instead of them
    np.broadcast_to: ("np.broadcast_to gives a view of a shape that the array has not", "np.zeros(shape) + x"),
    np.broadcast_arrays: ("np.broadcast_arrays gives views of shapes that the arrays have not", "a + 0.0 * b"),
    np.rollaxis: ("np.rollaxis can't be read", "np.moveaxis(x, 2, 0)"),
    np.place: ("np.place can't be read", "x[mask] = values"),
    np.lib.stride_tricks.sliding_window_view: ("windows that overlap can't be read", "a loop over x[i : i + n]"),
    np.resize: ("np.resize repeats as often as it takes", "np.tile(x, n)[:size]"),
    np.lexsort: ("np.lexsort sorts by several keys", "np.argsort of one key made of them"),
    np.poly1d: ("np.poly1d makes an object", "np.polyval(coefficients, x), and np.polymul, np.polyder and their like"),
}  # fmt: skip


class Forms(Known):
    """Reads such calls."""

    def form(self, f: Any, node: ast.Call) -> Value | None:
        """The call of `f`, or None if it has none of these forms."""
        names = {k.arg for k in node.keywords}
        of = getattr(f, "__self__", None)
        if isinstance(of, np.ufunc):
            return self._ufunc_method(of, f.__name__, node)
        if isinstance(f, np.ufunc) and ({"out", "where"} & names or len(node.args) > f.nin):
            return self._into(f, node)
        if not (isinstance(f, (type, np.ufunc)) or callable(f)) or not _of_numpy(f):
            return None
        if "out" in names:
            return self._stored(node, self.call(_without(node, "out")), _keyword(node, "out"), None)
        if f in _INSTEAD:
            raise self.refuse(node, *_INSTEAD[f])
        if f is np.einsum:
            return self._einsum(node)
        if f is np.tensordot:
            return self._tensordot(node)
        if f is np.select:
            return self._select(node)
        if f is np.choose:
            return self._choose(node)
        if f is np.piecewise:
            return self._piecewise(node)
        if f is np.block:
            return self._block(node)
        if f is np.apply_along_axis:
            return self.library(along.apply_along_axis, node)
        if f in _SPLITS:
            return self._split(*_SPLITS[f], node)
        if f in (np.clip, np.linalg.svd, np.linspace, np.nan_to_num, np.vdot, np.append):
            return self._other(f, names, node)
        if f is np.ravel and len(node.args) + len(node.keywords) > 1:
            return self.library(arranged.ravel, node)
        if f is np.reshape and "order" in names:
            return self.library(arranged.reshape, node)
        if names & {"initial", "where", "dtype"} and f in (np.sum, np.mean, np.prod, np.max, np.min):
            return self._reduction(f, node)
        return None

    def _other(self, f: Any, names: set[str | None], node: ast.Call) -> Value | None:
        """Functions that other words are had for where more is said than Numba takes."""
        if f is np.clip and names & {"min", "max"}:
            return self.call(_renamed(node, {"min": "a_min", "max": "a_max"}))
        if f is np.linalg.svd and "compute_uv" in names:
            given = _keyword(node, "compute_uv")
            if not isinstance(given, ast.Constant) or given.value:
                return self.call(_without(node, "compute_uv"))
            return self.library(linear.svdvals, _without(_without(node, "compute_uv"), "full_matrices"))
        if f is np.linspace and (names - {"num", "start", "stop"} or len(node.args) > 3):
            return self.library(sequences.linspace, node)
        if f is np.nan_to_num and node.keywords:
            return self.library(statistics.nan_to_num, node)
        if f is np.append and "axis" in names:
            return self._joined_along(node)
        return self.library(linear.vdot, node) if f is np.vdot else None

    # ------------------------------------------------------------------ ufuncs

    def _ufunc_method(self, of: np.ufunc, method: str, node: ast.Call) -> Value:
        called = f"np.{of.__name__}.{method}"
        if method == "outer":
            values = self.bound(called, "a b", node)
            return self.library(ufuncs.outer, node, {"f": Static(of), **values})
        if method == "at":
            step = ufuncs.STEPS.get(of.__name__)
            if step is None:
                raise self.refuse(node, f"{called} can't be read", "a loop over the indices")
            return self.library(ufuncs.at, node, {"step": Static(step), **self.bound(called, "a indices b", node)})
        words = ufuncs.METHODS.get((of.__name__, method))
        if words is None:
            raise self.refuse(node, f"{called} can't be read", "a loop over the elements")
        return self.library(words, node)

    def _into(self, f: np.ufunc, node: ast.Call) -> Value:
        """A call of a ufunc that writes to `out`, the elements where `where` is true."""
        out = node.args[f.nin] if len(node.args) > f.nin else _keyword(node, "out")
        where = _keyword(node, "where")
        if out is None:
            why = "a ufunc with where= and without out= leaves elements without a value"
            raise self.refuse(node, why, "np.where(mask, f(x), 0.0)")
        plain = ast.copy_location(ast.Call(node.func, node.args[: f.nin], node.keywords), node)
        return self._stored(node, self.call(_without(_without(plain, "out"), "where")), out, where)

    def _stored(self, node: ast.Call, value: Value, out: ast.expr | None, where: ast.expr | None) -> Value:
        """`value`, stored in the array `out`, which it then is."""
        assert out is not None
        if not isinstance(value, (Var, Const)):
            raise self.refuse(node, "out= of several results can't be read", "the call without it")
        array, *mask = self.in_order(*(lambda e=e: self.value(e) for e in (out, *((where,) if where else ()))))
        target = self.writable(array, out)
        stored: Expr = value
        for m in mask:
            stored = self.emit(Apply("np.where", (m, value, target)), node)
        self.out.append(Store(target, (Slice(None, None, None),), stored, None, self.location(node)))
        return target

    # ------------------------------------------------------------------ subscripts

    def _einsum(self, node: ast.Call) -> Value:
        node = _without(node, "optimize")
        if not node.args or node.keywords:
            raise self.refuse(node, "np.einsum takes subscripts and arrays here", 'np.einsum("ij,jk->ik", a, b)')
        text, *operands = self.in_order(*(lambda a=a: self.value(a) for a in node.args))
        if not isinstance(text, Const) or not isinstance(text.value, str):
            why = "subscripts that are known only at run time can't be read"
            raise self.refuse(node.args[0], why, 'a string written here: np.einsum("ij,jk->ik", a, b)')
        try:
            letters, result = subscripts.parsed(text.value)
        except ValueError as error:
            raise self.refuse(node.args[0], f"{error}", 'letters for all axes, as in "ij,jk->ik"') from None
        if len(letters) != len(operands):
            raise self.refuse(node, f"the subscripts are of {len(letters)} arrays, and {len(operands)} are given")
        return self.written(subscripts.einsum(letters, result), operands, node)

    def _tensordot(self, node: ast.Call) -> Value:
        args = self.bound("np.tensordot", "a b axes", _tuples(node))
        axes = args.pop("axes", Const(2))
        match axes:
            case Const(int(n)):
                summed: Any = n
            case Tuple((first, second)):
                summed = tuple(tuple(_ints(part)) for part in (first, second))
            case _:
                summed = None
        if summed is None or (isinstance(summed, tuple) and len(summed[0]) != len(summed[1])):
            raise self.refuse(node, "such axes can't be read", "np.tensordot(a, b, axes=([1], [0])), with numbers")
        return self.written(subscripts.tensordot(summed), list(args.values()), node)

    def written(self, source: Source, args: list[Expr], node: ast.Call) -> Value:
        """A call of a function that srcad has just written, with these arguments."""
        raise NotImplementedError

    # ------------------------------------------------------------------ choices and parts

    def _select(self, node: ast.Call) -> Value:
        args = self.bound("np.select", "condlist choicelist default", _tuples(node))
        tests, choices = args.get("condlist"), args.get("choicelist")
        if not isinstance(tests, Tuple) or not isinstance(choices, Tuple) or len(tests.items) != len(choices.items):
            why = "np.select takes two lists of one length, written here"
            raise self.refuse(node, why, "np.select([p, q], [x, y])")
        result = args.get("default", Const(0.0))
        for test, value in zip(reversed(tests.items), reversed(choices.items), strict=True):
            result = self.emit(Apply("np.where", (test, value, result)), node)
        return result

    def _choose(self, node: ast.Call) -> Value:
        args = self.bound("np.choose", "a choices", _tuples(node))
        choices = args.get("choices")
        if not isinstance(choices, Tuple) or not choices.items:
            raise self.refuse(node, "np.choose takes a list of choices, written here", "np.choose(k, [x, y])")
        result = choices.items[-1]
        for k, value in reversed(list(enumerate(choices.items[:-1]))):
            test = self.emit(Apply("==", (args["a"], Const(k))), node)
            result = self.emit(Apply("np.where", (test, value, result)), node)
        return result

    def _piecewise(self, node: ast.Call) -> Value:
        """`np.piecewise(x, [p, q], [f, 2.0])`: each value or function is for the elements where its test holds."""
        lists = [a.elts for a in node.args[1:] if isinstance(a, (ast.List, ast.Tuple))]
        if len(node.args) != 3 or node.keywords or len(lists) != 2 or len(lists[1]) - len(lists[0]) not in (0, 1):
            why = "np.piecewise takes two lists, written here, the second as long as the first or longer by one"
            raise self.refuse(node, why, "np.piecewise(x, [x < 0.0], [f, g])")
        x, *tests = self.in_order(*(lambda a=a: self.value(a) for a in (node.args[0], *lists[0])))
        if len(lists[1]) > len(tests):
            seen = tests[0]
            for t in tests[1:]:
                seen = self.emit(Apply("|", (seen, t)), node)
            tests.append(self.emit(Apply("~", (seen,)), node))
        y = self.emit(Apply("np.zeros_like", (x,)), node)
        for test, given in zip(tests, lists[1], strict=True):
            value = self.evaluate(given)
            if isinstance(value, (Static, Closure)):
                picked = ast.copy_location(Held(self.emit(Item(x, (test,)), node)), given)
                value = self.call(ast.copy_location(ast.Call(given, [picked], []), given))
            assert not isinstance(value, (Static, Closure))
            self.out.append(Store(y, (test,), value, None, self.location(node)))
        return y

    def _block(self, node: ast.Call) -> Value:
        """`np.block([[a, b], [c, d]])`: rows of matrices, one below the other, or a row of them."""
        rows = node.args[0].elts if len(node.args) == 1 and isinstance(node.args[0], ast.List) else []
        deep = all(isinstance(r, ast.List) for r in rows)
        if not rows or node.keywords or not (deep or not any(isinstance(r, ast.List) for r in rows)):
            why = "np.block takes a list, or a list of lists, written here"
            raise self.refuse(node, why, "np.block([[a, b], [c, d]])")
        if not deep:
            return self._row_of(rows, node)
        found = self.in_order(*(lambda r=r: self._row_of(r.elts, node) for r in rows if isinstance(r, ast.List)))
        return self.emit(Apply("np.vstack", (Tuple(tuple(found)),)), node)

    def _row_of(self, parts: list[ast.expr], node: ast.Call) -> Expr:
        values = self.in_order(*(lambda p=p: self.value(p) for p in parts))
        arrays = tuple(self._part(arranged.of_block, {"a": v}, node) for v in values)
        return self.emit(Apply("np.hstack", (Tuple(arrays),)), node)

    def _split(self, axis: int, even: bool, node: ast.Call) -> Value:
        args = self.bound(ast.unparse(node.func), "ary indices_or_sections axis", _tuples(node))
        along = args.get("axis", Const(axis))
        where = args.get("indices_or_sections")
        base: dict[str, Value] = {"a": args["ary"], "axis": along}
        match where:
            case Const(int(n)) if n > 0:
                parts = [{**base, "k": Const(k), "n": Const(n), "even": Const(even)} for k in range(n)]
                return Tuple(tuple(self._part(arranged.section, p, node) for p in parts))
            case Tuple(places):
                ends = [Const(0), *places], [*places, Const(None)]
                pairs = zip(*ends, strict=True)
                parts = [{**base, "start": a, "stop": b} for a, b in pairs]
                return Tuple(tuple(self._part(arranged.between, p, node) for p in parts))
        raise self.refuse(node, "as many parts as are known only at run time can't be read", "np.split(x, 2)")

    def _part(self, words: Any, args: dict[str, Value], node: ast.Call) -> Expr:
        value = self.library(words, node, args)
        assert isinstance(value, Var)
        return value

    def _joined_along(self, node: ast.Call) -> Value:
        args = self.bound("np.append", "arr values axis", node)
        return self.emit(Apply("np.concatenate", (Tuple((args["arr"], args["values"])), args["axis"])), node)

    def _reduction(self, f: Any, node: ast.Call) -> Value:
        """`np.sum` and its kin, with a dtype, of some elements alone, or from a start."""
        dtype, where, start = (_keyword(node, k) for k in ("dtype", "where", "initial"))
        first, *rest = node.args
        value = self.value(first)
        if dtype is not None:
            value = self.emit(Apply(".astype", (value, self._dtype(dtype))), node)
        if where is not None:
            if f is not np.sum:
                raise self.refuse(node, f"np.{f.__name__} with where= can't be read", "it of x[mask]")
            value = self.emit(Apply("np.where", (self.value(where), value, Const(0.0))), node)
        for k in ("dtype", "where", "initial"):
            node = _without(node, k)
        if start is not None and f in (np.max, np.min) and not rest and not node.keywords:
            words = along.largest if f is np.max else along.smallest
            return self.library(words, node, {"a": value, "initial": self.value(start)})
        held = ast.copy_location(Held(value), first)
        result = self.call(ast.copy_location(ast.Call(node.func, [held, *rest], node.keywords), node))
        if start is None:
            return result
        op = {np.sum: "+", np.prod: "*", np.max: "np.maximum", np.min: "np.minimum"}.get(f)
        if op is None or not isinstance(result, Var):
            raise self.refuse(node, f"np.{f.__name__} with initial= can't be read", "the call without it")
        return self.emit(Apply(op, (result, self.value(start))), node)

    # ------------------------------------------------------------------ np.r_ and np.c_

    def subscript(self, node: ast.Subscript) -> Expr:
        if isinstance(node.value, ast.Attribute) and self.is_of_module(node.value):
            known = self.evaluate(node.value)
            if isinstance(known, Static) and (known.value is np.r_ or known.value is np.c_):
                return self._joined_by(known.value is np.r_, node)
        return super().subscript(node)

    def _joined_by(self, rows: bool, node: ast.Subscript) -> Expr:
        """`np.r_[a, 1.0, b]`, `np.c_[a, b]`."""
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if any(isinstance(p, (ast.Slice, ast.Constant)) and not _is_number(p) for p in parts):
            raise self.refuse(node, "a range or a text in np.r_ can't be read", "np.concatenate((a, b))")
        call = ast.copy_location(ast.Call(node.value, [], []), node)
        arrays = []
        for v in self.in_order(*(lambda p=p: self.value(p) for p in parts)):
            made = self.library(arranged.atleast_1d, call, {"a": v})
            assert isinstance(made, Var)
            arrays.append(made)
        return self.emit(Apply("np.concatenate" if rows else "np.column_stack", (Tuple(tuple(arrays)),)), node)


def _of_numpy(f: Any) -> bool:
    return str(getattr(f, "__module__", "") or "").partition(".")[0] == "numpy" or isinstance(f, np.ufunc)


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((k.value for k in node.keywords if k.arg == name), None)


def _without(node: ast.Call, name: str) -> ast.Call:
    return ast.copy_location(ast.Call(node.func, node.args, [k for k in node.keywords if k.arg != name]), node)


def _renamed(node: ast.Call, names: dict[str, str]) -> ast.Call:
    keywords = [ast.copy_location(ast.keyword(names.get(k.arg or "", k.arg), k.value), k) for k in node.keywords]
    return ast.copy_location(ast.Call(node.func, node.args, keywords), node)


def _tuples(node: ast.Call) -> ast.Call:
    """`node` with tuples for the lists among its arguments, and in them."""

    def read(a: ast.expr) -> ast.expr:
        if not isinstance(a, (ast.List, ast.Tuple)):
            return a
        return ast.copy_location(ast.Tuple([read(e) for e in a.elts], ast.Load()), a)

    keywords = [ast.copy_location(ast.keyword(k.arg, read(k.value)), k) for k in node.keywords]
    return ast.copy_location(ast.Call(node.func, [read(a) for a in node.args], keywords), node)


def _ints(e: Expr) -> list[int]:
    items = e.items if isinstance(e, Tuple) else (e,)
    return [i.value for i in items if isinstance(i, Const) and type(i.value) is int]


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
