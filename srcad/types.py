"""Types: Numba's own inference, run on the IR's printed form and read back by name.

    s = 0.0; for i in range(n): s = s + x[i]     with (array(float64, 1d, C), int64)
    ->  {"x": array(float64, 1d, C), "n": int64, "s": float64, "i": int64}

A function that stays a call (recursion) is inferred with the types of its first call; its result's type comes from
Numba's dispatcher of the printed primal. Errors of the user's own code come back at the user's own line.
"""

from __future__ import annotations

import ast
import re
import types as python_types
from collections.abc import Callable, Mapping
from typing import Any

from numba.core import bytecode, compiler, errors, types
from numba.core.compiler_machinery import PassManager
from numba.core.registry import cpu_target
from numba.core.typed_passes import NopythonTypeInference

from numba.core.untyped_passes import ExtractByteCode

from srcad.errors import Location, SrcadError
from srcad.ir import Body, Function, Stmt
from srcad.syntax import statement, to_ast

Type = Any


class _Frontend(compiler.CompilerBase):  # type: ignore[misc]
    """Numba's passes up to type inference, and nothing after."""

    def define_pipelines(self) -> list[Any]:
        untyped = compiler.DefaultPassBuilder.define_untyped_pipeline(self.state)
        manager = PassManager("srcad_types")
        manager.passes.extend(untyped.passes)
        manager.add_pass(NopythonTypeInference, "type inference")
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


def infer(f: Function, arguments: tuple[Type, ...], namespace: Mapping[str, Any]) -> tuple[dict[str, Type], Type]:
    """The type of each name of `f` for arguments of these types, and of its result.

    Raises:
        SrcadError: Numba can't type a statement; its place is the user's.
    """
    lines: list[Stmt] = []
    function = define(f, namespace, lines)
    typing, target = cpu_target.typing_context, cpu_target.target_context
    typing.refresh()
    target.refresh()
    flags = compiler.Flags()
    flags.error_model = "numpy"
    frontend = _Frontend(typing, target, None, arguments, None, flags, {})
    frontend.state.func_id = bytecode.FunctionIdentity.from_function(function)
    ExtractByteCode().run_pass(frontend.state)
    frontend.state.lifted, frontend.state.lifted_from = (), None
    try:
        frontend.pm = frontend.define_pipelines()[0]
        frontend.pm.run(frontend.state)
    except errors.NumbaError as error:
        raise explain(error, lines, f) from None
    found: dict[str, list[Type]] = {}
    for version, t in frontend.state.typemap.items():
        if version.startswith(("$", "arg.")):
            continue
        found.setdefault(re.sub(r"\.\d+$", "", version), []).append(types.unliteral(t))
    merged = {name: _merge(ts, typing) for name, ts in found.items()}
    for p, t in zip(f.params, arguments, strict=True):
        merged.setdefault(p, t.key[0] if isinstance(t, types.Omitted) else t)
    return merged, types.unliteral(frontend.state.return_type)


def _merge(found: list[Type], typing: Any) -> Type:
    first = found[0]
    if all(t == first for t in found):
        return first
    return typing.unify_types(*found) or first


def explain(error: errors.NumbaError, lines: list[Stmt], f: Function) -> SrcadError:
    """Numba's error, at the user's line and in one or two sentences."""
    line = getattr(getattr(error, "loc", None), "line", None) or _line(str(error))
    at: Location = lines[line - 2].at if line and 2 <= line <= len(lines) + 1 else f.at
    return SrcadError(*_reason(re.sub(r"\x1b\[[0-9;]*m", "", str(error)), at))


def _line(text: str) -> int | None:
    found = re.findall(r"\((\d+)\)", text) or re.findall(r"line (\d+)", text)
    return int(found[-1]) if found else None


_PATTERNS: list[tuple[str, Callable[[re.Match[str]], tuple[str, str]]]] = [
    (
        r"No implementation of function Function\((.*?)\) found for signature:\s*>>> (.*)",
        lambda m: (f"Numba has no {_call(m[1], m[2])}", "the same with types that Numba knows, or plain loops"),
    ),
    (
        r"Cannot unify (.*) and (.*) for '(.*?)'",
        lambda m: (
            f"{_name(m[3])} is {_type(m[1])} on one path and {_type(m[2].split(', defined')[0])} on another",
            "one type for each variable",
        ),
    ),
    (
        r"Unknown attribute '(\w+)' of type (.*)",
        lambda m: (f"{_type(m[2])} has no attribute {m[1]!r}", "an array, a number or a namedtuple with that field"),
    ),
    (
        r"Untyped global name '(.*?)'",
        lambda m: (f"Numba can't use the global {m[1]!r}", "a number, an array or a tuple of them"),
    ),
    (
        r"cannot type infer runaway recursion|Type of variable '.*?' cannot be determined",
        lambda m: (
            "the result's type can't be determined: the recursion has no branch that ends it",
            "a branch that returns a float without a further call",
        ),
    ),
]


def _reason(text: str, at: Location) -> tuple[str, Location, str]:
    for pattern, describe in _PATTERNS:
        found = re.search(pattern, text)
        if found:
            reason, instead = describe(found)
            return reason, at, instead
    useful = [
        line.strip()
        for line in text.splitlines()
        if line.strip() and not line.startswith(("Failed in", "During", "File", " "))
    ]
    return "Numba can't compile this: " + (useful[0] if useful else text.strip()), at, ""


def _type(text: str) -> str:
    text = text.strip()
    text = re.sub(r"Literal\[(\w+)\]\(.*?\)", r"\1", text)
    text = re.sub(r"array\((\w+), (\d)d, \w+\)", r"a \2-d array of \1", text)
    return text.replace("unicode_type", "a string").replace("none", "None")


def _name(name: str) -> str:
    return "a value" if name.startswith(("%", "$")) else repr(re.sub(r"\.\d+$", "", name))


def _call(function: str, signature: str) -> str:
    name = re.sub(r"<(?:built-in function|ufunc|intrinsic|function) '?(\w+)'?.*?>", r"\1", function)
    arguments = signature[signature.find("(") :].strip()
    parts = [_type(a) for a in re.findall(r"(?:array\([^)]*\)|Literal\[\w+\]\([^)]*\)|[\w.]+)", arguments)]
    return f"{name}({', '.join(parts)})"


# ---------------------------------------------------------------------------------------------- asking about types


def is_float(t: Type) -> bool:
    """Is `t` a float scalar?"""
    return isinstance(t, types.Float)


def is_array(t: Type) -> bool:
    return isinstance(t, types.Array)


def is_list(t: Type) -> bool:
    return isinstance(t, types.List)


def is_tuple(t: Type) -> bool:
    return isinstance(t, types.BaseTuple)


def is_float_array(t: Type) -> bool:
    """Is `t` an array or a list of floats?"""
    return isinstance(t, (types.Array, types.List)) and isinstance(t.dtype, types.Float)


def carries_floats(t: Type) -> bool:
    """Can a value of type `t` have a derivative: a float, floats in an array, or a tuple with some?"""
    if is_tuple(t):
        return any(carries_floats(item) for item in t)
    return is_float(t) or is_float_array(t)
