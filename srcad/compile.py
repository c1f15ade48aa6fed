"""From generated text to compiled code: a Numba dispatcher that writes what it compiles.

    Compiled(f, generate)(2.0, 3.0)      asks generate((float64, float64)) for the text, and compiles that

A `Compiled` is Numba's own dispatcher with one method replaced: where Numba asks for the Python function to compile
for a signature, it gets one made for these types. So a call costs one dispatch, it works inside other compiled
code, and new types make new code. The text goes into `linecache`, where debuggers and tracebacks find it.
"""

from __future__ import annotations

import ast
import linecache
import math
import types as python_types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba.core import errors
from numba.core.dispatcher import _FunctionCompiler
from numba.core.registry import CPUDispatcher

from srcad import runtime
from srcad.cache import DiskCache
from srcad.errors import SrcadError
from srcad.ieee import functions as ieee_functions
from srcad.rules import FUNCTIONS


class _IEEE(ast.NodeTransformer):
    """Float literals as NumPy's scalars, so that plain Python divides as compiled code does: 1.0 / 0.0 is inf."""

    def __init__(self) -> None:
        self.literals: dict[str, np.float64] = {}

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, float):
            return node
        name = f"_literal_{len(self.literals)}"
        self.literals[name] = np.float64(node.value)
        return ast.copy_location(ast.Name(name, ast.Load()), node)


def _ieee_math() -> python_types.SimpleNamespace:
    """`math` as compiled code has it: NaN and infinities where Python's raises."""
    found = {n: getattr(math, n) for n in dir(math) if not n.startswith("_")}
    for name, f in ieee_functions():
        found[name] = f
    return python_types.SimpleNamespace(**found)


@dataclass(frozen=True)
class Generated:
    """A module's text, the objects that its names are bound to, and the function to call."""

    name: str
    text: str
    globals: Mapping[str, Any]
    key: str = ""

    def interpreted(self) -> Any:
        """The function in plain Python with IEEE arithmetic, for people and tests."""
        tree, literals = ast.parse(self.text), _IEEE()
        tree = ast.fix_missing_locations(literals.visit(tree))
        file = self._file()
        namespace: dict[str, Any] = {"math": _ieee_math(), "np": np, **base_names(), **self.globals, **literals.literals}
        exec(compile(tree, file, "exec"), namespace)
        return namespace[self.name]

    def _file(self) -> str:
        file = f"<srcad {self.name} {self.key[:16]}>"
        linecache.cache[file] = (len(self.text), None, self.text.splitlines(keepends=True), file)
        return file

    def define(self, wrap: Callable[[Any], Any] | None = None) -> Any:
        """The function that the text defines, in plain Python; helpers beside it are passed through `wrap`."""
        file = self._file()
        namespace: dict[str, Any] = {"math": math, "np": np, "__name__": "srcad.compile", **base_names(), **self.globals}
        before = set(namespace)
        exec(compile(self.text, file, "exec"), namespace)
        if wrap is not None:
            for n in [n for n in namespace if n not in before and n != self.name]:
                if isinstance(namespace[n], python_types.FunctionType):
                    namespace[n].__qualname__ += f"_{self.key[:16]}"
                    namespace[n] = wrap(namespace[n])
        made = namespace[self.name]
        # Numba names machine code by the qualified name: two functions of one name must not share it
        made.__qualname__ += f"_{self.key[:16]}"
        return made


def base_names() -> dict[str, Any]:
    """The functions that rules use and that are found in no module."""
    return {n: f for n, f in {**FUNCTIONS, **runtime.FUNCTIONS}.items() if n.isidentifier()}


class _Compiler(_FunctionCompiler):  # type: ignore[misc]
    """Numba's function compiler, for a function that is written anew for each signature."""

    def __init__(self, generate: Callable[[tuple[Any, ...]], Generated], *args: Any) -> None:
        super().__init__(*args)
        self.generate = generate
        self.last: Generated | None = None

    def _get_implementation(self, args: tuple[Any, ...], kws: Any) -> Any:
        self.last = self.generate(tuple(args))
        return self.last.define(self._helper)

    def _helper(self, function: Any) -> Any:
        options = {k: v for k, v in self.targetoptions.items() if k != "parallel"}
        return CPUDispatcher(function, targetoptions=options)

    def _compile_core(self, args: Any, return_type: Any) -> Any:
        try:
            return super()._compile_core(args, return_type)
        except SrcadError as error:
            raise error.with_traceback(None) from None
        except errors.NumbaError as error:
            raise SrcadError(_internal(error, self.py_func.__name__)) from error


def _internal(error: Exception, name: str) -> str:
    first = next((line for line in str(error).splitlines() if line.strip()), "")
    return f"the code that srcad wrote for {name} does not compile, which is a defect of srcad: {first}"


class Compiled(CPUDispatcher):  # type: ignore[misc]
    """A compiled function whose code is generated for each signature."""

    def __init__(
        self, function: Any, generate: Callable[[tuple[Any, ...]], Generated], options: dict[str, Any]
    ) -> None:
        super().__init__(function, targetoptions=options)
        self._compiler = _Compiler(
            generate, function, self.targetdescr, options, {}, self._compiler.pipeline_class
        )  # fmt: skip
        self._can_compile = True

    def cached(self, key: Callable[[], str]) -> None:
        """Keep compiled code between processes; `key` names the state of all that the function depends on."""
        self._cache = DiskCache(self.py_func.__name__.strip("<>"), key)
