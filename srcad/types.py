"""Types: Numba's, by a walk over the IR (`flow.py`) or by its inference, run on the IR's printed form.

    s = 0.0; for i in range(n): s = s + x[i]     with (array(float64, 1d, C), int64)
    ->  {"x": array(float64, 1d, C), "n": int64, "s": float64, "i": int64}

Numba's inference is the authority: it says what the walk can't, and all errors are its. A function that stays a call
(recursion) is inferred with the types of its first call; its result's type comes from Numba's dispatcher of the printed
primal. Errors of the user's own code come back at the user's own line.
"""

from __future__ import annotations

import ast
import operator
import re
import types as python_types
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from typing import Any

import numpy as np
from numba.core import bytecode, compiler, errors, types
from numba.core.compiler_machinery import PassManager
from numba.core.registry import cpu_target
from numba.core.typed_passes import NopythonTypeInference
from numba.core.typing.typeof import typeof
from numba.core.untyped_passes import ExtractByteCode
from numba.extending import intrinsic, overload

from srcad.advice import without_advice
from srcad.errors import Location, SrcadError
from srcad.explain import a_type, explain, first_line, no_attribute
from srcad.flow import ATTRIBUTES, Itself, Unsure, flow, product_type, sketch, sketch_of_result
from srcad.ir import (
    Apply,
    Array,
    Assign,
    Body,
    Expr,
    Field,
    Function,
    If,
    Invoke,
    Item,
    Stmt,
    Store,
    Tuple,
    Var,
    map_all,
    map_bodies,
    map_exprs,
    nodes,
    reads,
    transform,
    walk,
)
from srcad.ranks import IS_LIST, asks_rank, ranked
from srcad.syntax import statement, to_ast
from srcad.unpruned import unpruned

Type = Any


class Frontend(compiler.CompilerBase):  # type: ignore[misc]
    """Numba's passes up to type inference, and nothing after but the `last` one."""

    prunes = True  # branches that constants decide
    last: Any = None

    def define_pipelines(self) -> list[Any]:
        untyped = compiler.DefaultPassBuilder.define_untyped_pipeline(self.state)
        manager = PassManager("srcad_types")
        manager.passes.extend(untyped.passes if self.prunes else unpruned(untyped.passes))
        manager.add_pass(NopythonTypeInference, "type inference")
        if self.last is not None:
            manager.add_pass(self.last, "what it has found")
        manager.finalize()
        return [manager]


def module(f: Function, lines: list[Stmt]) -> ast.Module:
    """`f` as a module with one definition; the statement on line n + 1 is `lines[n - 1]`."""

    def convert(body: Body) -> list[ast.stmt]:
        out = []
        for s in body:
            lines.append(s)
            number = len(lines) + 1
            node = statement(s, convert)
            for n in ast.walk(node):
                if not hasattr(n, "lineno"):
                    n.lineno = n.end_lineno = number  # type: ignore[attr-defined]
                    n.col_offset = n.end_col_offset = 0  # type: ignore[attr-defined]
            out.append(node)
        return out

    body = convert(f.body)
    result = None if f.result is None else to_ast(f.result)
    args = ast.arguments([], [ast.arg(p) for p in f.params], None, [], [], None, [])
    define = ast.FunctionDef(f.name, args, [*body, ast.Return(result)], [], lineno=1, col_offset=0)
    return ast.fix_missing_locations(ast.Module([define], []))


def define(f: Function, namespace: Mapping[str, Any], lines: list[Stmt]) -> python_types.FunctionType:
    """The Python function that `f` prints as."""
    scope = dict(namespace)
    exec(compile(module(f, lines), f"<srcad {f.name}>", "exec"), scope)
    made: python_types.FunctionType = scope[f.name]
    return made


INDICES = "indices_of_true"
WHERE = "where_of_any"  # no name of the user's: `Names` makes none like it


def where(condition: Any, x: Any, y: Any) -> Any:
    """`np.where`, but a scalar of scalars, of which Numba makes an array without dimensions."""
    return np.where(condition, x, y)


@overload(where, strict=False)  # type: ignore[untyped-decorator]
def _where(condition: Any, x: Any, y: Any) -> Callable[[Any, Any, Any], Any]:
    if any(isinstance(t, types.Array) for t in (condition, x, y)):
        return lambda condition, x, y: np.where(condition, x, y)
    return lambda condition, x, y: x if condition else y


def is_a_list(x: Any) -> Any:
    """Is `x` a list? What types say, where the walk over the IR could not (`ranks.py`)."""
    return isinstance(x, list)


@overload(is_a_list, strict=False)  # type: ignore[untyped-decorator]
def _is_a_list(x: Any) -> Callable[[Any], Any]:
    found = isinstance(x, types.List)
    return lambda x: found


PRODUCTS = {"@": "matmul_of_any", "np.dot": "dot_of_any"}


def _product(op: str, function: Any, typing: Any, a: Any, b: Any) -> Any:
    t = product_type(op, a, b) or typing.resolve_function_type(function, (a, b), {}).return_type
    return t(a, b), lambda context, builder, signature, args: context.get_constant_null(t)


@intrinsic  # type: ignore[untyped-decorator]
def matmul(typing: Any, a: Any, b: Any) -> Any:
    """`a @ b` as inference is to see it, of more than Numba knows."""
    return _product("@", operator.matmul, typing, a, b)


@intrinsic  # type: ignore[untyped-decorator]
def dot(typing: Any, a: Any, b: Any) -> Any:
    """`np.dot(a, b)` likewise."""
    return _product("np.dot", np.dot, typing, a, b)


SOME = "some_of_maybe"


@intrinsic  # type: ignore[untyped-decorator]
def some(typing: Any, x: Any) -> Any:
    """`x`, which is not None, as what is never None."""
    if isinstance(x, types.NoneType):  # as long as inference has not come to its other values
        raise errors.TypingError("nothing else than None is known of it")
    t = x.type if isinstance(x, types.Optional) else x
    return t(x), lambda context, builder, signature, args: context.cast(builder, args[0], x, t)


def with_where(f: Function) -> Function:
    """`f` with `np.where` as the function above."""
    return _renamed(f, {"np.where": WHERE})


def _renamed(f: Function, ops: Mapping[str, str]) -> Function:
    def renamed(e: Expr) -> Expr:
        return replace(e, op=ops[e.op]) if isinstance(e, Apply) and e.op in ops else e

    return replace(f, body=map_all(f.body, lambda e: transform(e, renamed)))


def infer(f: Function, arguments: tuple[Type, ...], namespace: Mapping[str, Any]) -> tuple[dict[str, Type], Type]:
    """The type of each name of `f` for arguments of these types, and of its result.

    Raises:
        SrcadError: Numba can't type a statement; its place is the user's.
    """
    namespace = {**namespace, WHERE: where, SOME: some, IS_LIST: is_a_list}
    namespace |= {PRODUCTS["@"]: matmul, PRODUCTS["np.dot"]: dot}
    with without_advice():
        try:
            return flow(with_where(f), arguments, namespace, typing_context())
        except Unsure:
            return inferred(sketched(f, arguments, namespace), arguments, namespace)


def typing_context() -> Any:
    """What Numba knows of types, all of it."""
    cpu_target.target_context.refresh()  # which imports what it knows of NumPy's functions
    cpu_target.typing_context.refresh()
    return cpu_target.typing_context


def sketched(
    f: Function, arguments: tuple[Type, ...], namespace: Mapping[str, Any], name: str | None = None
) -> Function:
    """`f` without what Numba's inference would go wrong at: branches that types rule out, masks of matrices.

    By this `name` it calls itself.
    """
    if not any(_asks_sketch(s) for s in walk(f.body)):
        return f
    itself, walked, typing = None, with_where(f), cpu_target.typing_context
    if name is not None and any(isinstance(s, Invoke) and s.function == name for s in walk(f.body)):
        itself = Itself(name, tuple(map(types.unliteral, arguments)))
        itself = replace(itself, result=sketch_of_result(walked, namespace, typing, itself))
    known, masks, rows = sketch(walked, arguments, namespace, typing, itself)

    def type_of(e: Expr) -> Type:
        if isinstance(e, Var) and e.name not in known and isinstance(namespace.get(e.name), np.ndarray):
            return typeof(namespace[e.name])
        return known.get(e.name) if isinstance(e, Var) else None

    return without_masks(ranked(f, type_of), masks, rows)


def _asks_sketch(s: Stmt) -> bool:
    """Is `s` what Numba's inference says too little of, or the wrong thing?"""
    match s:
        case If(test):
            return asks_rank(test)
        case Store(_, (Var() | Apply(), *_)):
            return True
    if isinstance(s, Assign) and isinstance(s.value, Array) and not s.value.is_list:
        return True
    items = (n for e in reads(s) for n in nodes(e) if isinstance(n, Item))
    return any(isinstance(p, Var | Apply) for n in items for p in n.index)


def without_masks(f: Function, masks: Mapping[Expr, int], rows: Set[Expr]) -> Function:
    """`f` with what has the same types for masks and for displays of arrays.

    For `masks` of matrices, which Numba takes for arrays of indices, an index for each dimension.
    """
    if not masks and not rows:
        return f

    def parts(index: tuple[Expr, ...]) -> tuple[Expr, ...]:
        return tuple(q for p in index for q in ((Var(INDICES),) * masks[p] if p in masks else (p,)))

    def expr(e: Expr) -> Expr:
        if isinstance(e, Array) and e in rows:
            return Apply("np.stack", (Tuple(e.items),))
        return Item(e.base, parts(e.index), e.shadow) if isinstance(e, Item) else e

    def body(b: Body) -> Body:
        out = []
        for s in b:
            s = map_exprs(s, lambda e: transform(e, expr))
            out.append(map_bodies(replace(s, index=parts(s.index)) if isinstance(s, Store) else s, body))
        return tuple(out)

    return replace(f, body=body(f.body))


class _Whole(Frontend):
    prunes = False


def inferred(f: Function, arguments: tuple[Type, ...], namespace: Mapping[str, Any]) -> tuple[dict[str, Type], Type]:
    """The types that Numba's inference gives, or its error.

    A branch that a constant decides need not have types, so that Numba leaves it out first. Where a name is bound in
    it and read in another one, on the same condition, that leaves a use without a definition: then it is left in.
    """
    lines: list[Stmt] = []
    known = _renamed(f, {"np.where": WHERE, **PRODUCTS})
    function = define(known, {**namespace, INDICES: np.zeros(1, np.int64)}, lines)
    typing = cpu_target.typing_context
    typing.refresh()
    try:
        try:
            frontend = _run(Frontend, function, arguments)
        except errors.NumbaError as error:
            try:
                frontend = _run(_Whole, function, arguments)
            except errors.NumbaError:
                raise explain(error, lines, f) from None
    except AttributeError:  # Numba's own: it has no answer to `x[1:] += [a, b]`
        lists = {s.target for s in walk(f.body) if isinstance(s, Assign) and isinstance(s.value, (Array, Tuple))}
        for s in walk(f.body):
            if isinstance(s, Store) and s.op is not None and isinstance(s.value, Var) and s.value.name in lists:
                why = "a list can't be combined with the elements of an array"
                raise SrcadError(why, s.at, "an array, np.array([...])") from None
        raise
    found: dict[str, list[Type]] = {}
    for version, t in frontend.state.typemap.items():
        if version.startswith(("$", "arg.")):
            continue
        found.setdefault(re.sub(r"(\.\d+)+$", "", version), []).append(types.unliteral(t))
    merged = {name: _merge(ts, typing) for name, ts in found.items()}
    for p, t in zip(f.params, arguments, strict=True):
        merged.setdefault(p, t.key[0] if isinstance(t, types.Omitted) else t)
    _check(f, merged, frontend, lines)
    return merged, types.unliteral(frontend.state.return_type)


def _run(frontend: type[Frontend], function: Any, arguments: tuple[Type, ...]) -> Frontend:
    """Numba's front end, after it has gone through `function`."""
    target = cpu_target.target_context.subtarget(enable_nrt=True)
    target.refresh()
    flags = compiler.Flags()
    flags.error_model = "numpy"
    made = frontend(cpu_target.typing_context, target, None, arguments, None, flags, {})
    made.state.func_id = bytecode.FunctionIdentity.from_function(function)
    ExtractByteCode().run_pass(made.state)
    made.state.lifted, made.state.lifted_from = (), None
    made.pm = made.define_pipelines()[0]
    made.pm.run(made.state)
    return made


def returned(function: Any, name: str, arguments: tuple[Type, ...], at: Location) -> Type:
    """The type of what `function` returns for arguments of these types.

    Raises:
        SrcadError: Numba can't compile it for them.
    """
    typing = cpu_target.typing_context
    typing.refresh()
    try:
        signature = typing.resolve_function_type(typing.resolve_value_type(function), arguments, {})
    except errors.NumbaError as error:
        raise SrcadError(f"Numba can't compile {name} for this call: {first_line(error)}", at) from None
    if signature is None:
        shown = ", ".join(map(a_type, arguments))
        raise SrcadError(f"{name} can't be called with {shown}", at)
    return types.unliteral(signature.return_type)


def _merge(found: list[Type], typing: Any) -> Type:
    first = found[0]
    if all(t == first for t in found):
        return first
    return typing.unify_types(*found) or first


def _check(f: Function, found: Mapping[str, Type], frontend: Frontend, lines: list[Stmt]) -> None:
    """Refuse what Numba takes and Python or srcad does not: float bounds of a range, and odd attributes."""
    for called, signature in frontend.state.calltypes.items():
        is_range = getattr(called, "op", "") == "call" and isinstance(signature.return_type, types.RangeType)
        if is_range and any(is_float(frontend.state.typemap[a.name]) for a in called.args):
            at = lines[called.loc.line - 2].at
            raise SrcadError("the bounds of a range have to be ints, and one of these is a float", at, "int(x)")
    for s in walk(f.body):
        for node in (n for e in reads(s) for n in nodes(e)):
            match node:
                case Field(Var(name), attr) if name in found:
                    t = found[name]
                    if not isinstance(t, types.BaseNamedTuple) and not (is_array(t) and attr in ATTRIBUTES):
                        reason, instead = no_attribute(attr, a_type(t))
                        raise SrcadError(reason, s.at, instead)


# ---------------------------------------------------------------------------------------------- asking about types


def is_float(t: Type) -> bool:
    """Is `t` a float scalar?"""
    return isinstance(t, types.Float)


def is_int(t: Type) -> bool:
    """Is `t` an integer, bools aside?"""
    return isinstance(t, types.Integer)


def is_array(t: Type) -> bool:
    return isinstance(t, types.Array)


def is_list(t: Type) -> bool:
    return isinstance(t, types.List)


def is_tuple(t: Type) -> bool:
    return isinstance(t, types.BaseTuple)


def is_reference(t: Type) -> bool:
    """Is `t` an array or a list, which may have several names?"""
    return is_array(t) or is_list(t)


def holds_arrays(t: Type) -> bool:
    """Is `t` a list of arrays, or of lists?"""
    return is_list(t) and is_reference(t.dtype)


def is_numbers(t: Type) -> bool:
    """Is `t` a list of numbers?"""
    return is_list(t) and not is_reference(t.dtype)


def has_shadow(t: Type) -> bool:
    """Is `t` what has a shadow that is passed along with it: an array of floats, or a list of such?"""
    return is_float_array(t) and not is_numbers(t)


def is_float_array(t: Type) -> bool:
    """Is `t` an array or a list of floats, or a list of such?"""
    return is_reference(t) and (is_float(t.dtype) or is_float_array(t.dtype))


def carries_floats(t: Type) -> bool:
    """Can a value of type `t` have a derivative: a float, floats in an array, or a tuple with some?"""
    if is_tuple(t):
        return any(carries_floats(item) for item in t)
    return is_float(t) or is_float_array(t)
