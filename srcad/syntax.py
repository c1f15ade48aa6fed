"""The IR as Python's syntax tree, and back: what the printed IR, Numba's inference and the emitter share.

    Apply("*", (Var("x"), Const(2.0)))   <->   x * 2.0
    Assign("s", Apply("+=", ...))         ->   s += ...
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from srcad.ir import (
    ONE,
    ZERO,
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Exit,
    Expr,
    Field,
    For,
    Function,
    If,
    Invoke,
    Item,
    Note,
    Phi,
    Raise,
    Select,
    Slice,
    Stmt,
    Store,
    Tuple,
    Var,
    While,
)
from srcad.names import GUARDED

_BINARY: dict[str, type[ast.operator]] = {
    "+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "//": ast.FloorDiv, "%": ast.Mod, "**": ast.Pow,
    "@": ast.MatMult, "&": ast.BitAnd, "|": ast.BitOr, "^": ast.BitXor, "<<": ast.LShift, ">>": ast.RShift,
}  # fmt: skip
_COMPARE: dict[str, type[ast.cmpop]] = {
    "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE, "==": ast.Eq, "!=": ast.NotEq,
    "is": ast.Is, "is not": ast.IsNot, "in": ast.In, "not in": ast.NotIn,
}  # fmt: skip
_UNARY: dict[str, type[ast.unaryop]] = {"neg": ast.USub, "pos": ast.UAdd, "not": ast.Not, "~": ast.Invert}
INPLACE = {f"{op}=": op for op in _BINARY}
BINARY = {v: k for k, v in _BINARY.items()}
COMPARE = {v: k for k, v in _COMPARE.items()}
UNARY = {v: k for k, v in _UNARY.items()}
COMPARISONS = frozenset(_COMPARE)


def _dotted(name: str) -> ast.expr:
    head, *rest = name.split(".")
    node: ast.expr = ast.Name(head, ast.Load())
    for part in rest:
        node = ast.Attribute(node, part, ast.Load())
    return node


def _literal(value: Any) -> ast.expr:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        inf = ast.Attribute(ast.Name("math", ast.Load()), "nan" if value != value else "inf", ast.Load())
        return ast.UnaryOp(ast.USub(), inf) if value < 0 else inf
    if isinstance(value, (int, float)) and not isinstance(value, bool) and str(value).startswith("-"):
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def _subscript(index: tuple[Expr, ...]) -> ast.expr:
    parts = [to_ast(i) for i in index]
    return parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load())


def to_ast(e: Expr) -> ast.expr:
    """The Python expression that `e` is."""
    match e:
        case Const(value):
            return _literal(value)
        case Var(name):
            return _dotted(name)
        case Apply(op, (a, b)) if op in _BINARY:
            return ast.BinOp(to_ast(a), _BINARY[op](), to_ast(b))
        case Apply(op, (a, b)) if op in _COMPARE:
            return ast.Compare(to_ast(a), [_COMPARE[op]()], [to_ast(b)])
        case Apply(op, (a,)) if op in _UNARY:
            return ast.UnaryOp(_UNARY[op](), to_ast(a))
        case Apply(op, (bar, partial, zero)) if op == GUARDED:
            test = ast.Compare(to_ast(bar), [ast.NotEq()], [to_ast(zero)])
            return ast.IfExp(test, to_ast(Apply("*", (bar, partial))), to_ast(zero))
        case Apply("and" | "or" as op, args):
            return ast.BoolOp(ast.And() if op == "and" else ast.Or(), [to_ast(a) for a in args])
        case Apply(op, (base, *rest), _) if op.startswith("."):
            method = ast.Attribute(to_ast(base), op[1:], ast.Load())
            return ast.Call(method, [to_ast(a) for a in rest], [])
        case Apply(op, args, keywords):
            return ast.Call(_dotted(op), [to_ast(a) for a in args], [ast.keyword(k, to_ast(v)) for k, v in keywords])
        case Item(base, index):
            return ast.Subscript(to_ast(base), _subscript(index), ast.Load())
        case Field(base, name):
            return ast.Attribute(to_ast(base), name, ast.Load())
        case Slice(lower, upper, step):
            return ast.Slice(*(None if x is None else to_ast(x) for x in (lower, upper, step)))
        case Tuple(items, ""):
            return ast.Tuple([to_ast(i) for i in items], ast.Load())
        case Tuple(items, maker):
            return ast.Call(ast.Name(maker, ast.Load()), [to_ast(i) for i in items], [])
        case Array((), True, _, Const() | Item() | Apply() | Field() | Array() | Tuple() as example):
            one = ast.List([to_ast(example)], ast.Load())
            return ast.Subscript(one, ast.Slice(None, ast.Constant(0), None), ast.Load())
        case Array(items, is_list, dtype):
            display = ast.List([_nested(i) for i in items], ast.Load())
            if is_list:
                return display
            kind = [ast.keyword("dtype", _dotted(dtype))] if dtype else []
            return ast.Call(_dotted("np.array"), [display], kind)
        case Select(test, yes, no):
            return ast.IfExp(to_ast(test), to_ast(yes), to_ast(no))


def _nested(e: Expr) -> ast.expr:
    if isinstance(e, Array) and e.of is None:
        return ast.List([_nested(i) for i in e.items], ast.Load())
    return to_ast(e)


def from_ast(node: ast.expr) -> Expr:
    """The expression that a rule's text says: arithmetic, comparisons, conditionals and calls by dotted name."""
    match node:
        case ast.Constant(value):
            return Const(value)
        case ast.Name(name):
            return Var(name)
        case ast.Attribute():
            return Var(ast.unparse(node))
        case ast.BinOp(left, op, right):
            return Apply(BINARY[type(op)], (from_ast(left), from_ast(right)))
        case ast.UnaryOp(op, operand):
            return Apply(UNARY[type(op)], (from_ast(operand),))
        case ast.BoolOp(op, values):
            return Apply("and" if isinstance(op, ast.And) else "or", tuple(from_ast(v) for v in values))
        case ast.Compare(left, ops, rights):
            terms, a = [], left
            for compare, b in zip(ops, rights, strict=True):
                terms.append(Apply(COMPARE[type(compare)], (from_ast(a), from_ast(b))))
                a = b
            return terms[0] if len(terms) == 1 else Apply("and", tuple(terms))
        case ast.IfExp(test, yes, no):
            return Select(from_ast(test), from_ast(yes), from_ast(no))
        case ast.Call(func, args, []):
            return Apply(ast.unparse(func), tuple(from_ast(a) for a in args))
        case _:
            raise ValueError(f"a rule can't say {ast.unparse(node)}")


# ---------------------------------------------------------------------------------------------- statements


def _store(e: Expr) -> ast.expr:
    node = to_ast(e)
    node.ctx = ast.Store()  # type: ignore[attr-defined]
    return node


def _range(s: For) -> ast.expr:
    parts = (s.start, s.stop, s.step)
    if s.backwards:
        parts = _backwards(*parts)
    start, stop, step = parts
    args = (stop,) if (start, step) == (ZERO, ONE) else (start, stop) if step == ONE else parts
    return ast.Call(ast.Name("range", ast.Load()), [to_ast(a) for a in args], [])


def _minus(a: Expr, b: Expr) -> Expr:
    if isinstance(a, Const) and isinstance(b, Const):
        return Const(a.value - b.value)
    if b == ZERO:
        return a
    if isinstance(b, Const) and b.value < 0:
        return Apply("+", (a, Const(-b.value)))
    return Apply("-", (a, b))


def _backwards(start: Expr, stop: Expr, step: Expr) -> tuple[Expr, Expr, Expr]:
    """The same numbers from the last: range(a, b, c) has n = len of them, the last being a + (n - 1) c."""
    if step == ONE:
        return _minus(stop, ONE), _minus(start, ONE), Const(-1)
    if step == Const(-1):
        return _minus(stop, Const(-1)), _minus(start, Const(-1)), ONE
    count = Apply("len", (Apply("range", (start, stop, step)),))
    last = Apply("+", (start, Apply("*", (_minus(count, ONE), step))))
    return last, _minus(start, step), Const(-step.value) if isinstance(step, Const) else Apply("neg", (step,))


def statement(s: Stmt, body: Callable[[Body], list[ast.stmt]]) -> ast.stmt:
    """The Python statement that `s` is; `body` converts nested bodies."""
    match s:
        case Assign(target, Apply(op, (Var(same), value))) if op in INPLACE and same == target:
            return ast.AugAssign(ast.Name(target, ast.Store()), _BINARY[INPLACE[op]](), to_ast(value))
        case Assign(target, value):
            return ast.Assign([ast.Name(target, ast.Store())], to_ast(value))
        case Store(array, index, value, None):
            return ast.Assign([_store(Item(array, index))], to_ast(value))
        case Store(array, index, value, op):
            return ast.AugAssign(_store(Item(array, index)), _BINARY[op or "+"](), to_ast(value))  # type: ignore[arg-type]
        case Invoke(targets, function, args):
            names: list[ast.expr] = [ast.Name(t, ast.Store()) for t in targets]
            call = ast.Call(_dotted(function), [to_ast(a) for a in args], [])
            if not names:
                return ast.Expr(call)
            return ast.Assign([names[0] if len(names) == 1 else ast.Tuple(names, ast.Store())], call)
        case Append(lst, value):
            append = ast.Attribute(ast.Name(lst, ast.Load()), "append", ast.Load())
            return ast.Expr(ast.Call(append, [to_ast(value)], []))
        case If(test, then, orelse):
            return ast.If(to_ast(test), body(then) or [ast.Pass()], body(orelse))
        case For(target, body=inner):
            return ast.For(ast.Name(target, ast.Store()), _range(s), body(inner) or [ast.Pass()], [])
        case While(test, inner):
            return ast.While(to_ast(test), body(inner) or [ast.Pass()], [])
        case Exit("break"):
            return ast.Break()
        case Exit("continue"):
            return ast.Continue()
        case Exit(_, result):
            return ast.Return(None if result is None else to_ast(result))
        case Raise(error):
            return ast.Raise(to_ast(error), None)
        case Note():
            return ast.Pass()


# ---------------------------------------------------------------------------------------------- the printed IR


def show(e: Expr) -> str:
    """`e` as text, for the IR's own printed form."""
    return ast.unparse(to_ast(e))


def text(f: Function) -> str:
    """`f` as the tests of the passes write it."""
    tail = "" if f.result is None else f"\n    -> {show(f.result)}"
    return f"{f.name}({', '.join(f.params)})\n" + "\n".join(_lines(f.body, 1)) + tail


def _phi_lines(kind: str, phis: tuple[Phi, ...], pad: str) -> list[str]:
    return [f"{pad}{kind} {p.target} = ({', '.join(s or '-' for s in p.sources)})" for p in phis]


def _lines(body: Body, depth: int) -> list[str]:
    pad, out = "    " * depth, []
    for s in body:
        match s:
            case Assign(target, value):
                out.append(f"{pad}{target} = {show(value)}")
            case Store(array, index, value, op):
                out.append(f"{pad}{show(Item(array, index))} {op or ''}= {show(value)}")
            case Invoke(targets, function, args):
                out.append(f"{pad}{', '.join(targets)} = {function}({', '.join(map(show, args))})")
            case Append(lst, value):
                out.append(f"{pad}{lst}.append({show(value)})")
            case If(test, then, orelse, phis):
                out += [f"{pad}if {show(test)}:", *_lines(then, depth + 1)]
                out += [f"{pad}else:", *_lines(orelse, depth + 1)] if orelse else []
                out += _phi_lines("join", phis, pad)
            case For(target, start, stop, step, then, orelse, heads, phis):
                order = " backwards" if s.backwards else ""
                out.append(f"{pad}for {target} in {show(start)}:{show(stop)}:{show(step)}{order}:")
                out += _phi_lines("head", heads, pad + "    ") + _lines(then, depth + 1)
                out += [f"{pad}else:", *_lines(orelse, depth + 1)] if orelse else []
                out += _phi_lines("join", phis, pad)
            case While(test, then, orelse, heads, phis):
                out.append(f"{pad}while {show(test)}:")
                out += _phi_lines("head", heads, pad + "    ") + _lines(then, depth + 1)
                out += [f"{pad}else:", *_lines(orelse, depth + 1)] if orelse else []
                out += _phi_lines("join", phis, pad)
            case Exit(kind, value):
                out.append(f"{pad}{kind}" + ("" if value is None else f" {show(value)}"))
            case Raise(value):
                out.append(f"{pad}raise {show(value)}")
            case Note(note):
                out.append(f"{pad}# {note}")
    return out
