"""From generated text to compiled code: a Numba dispatcher that writes what it compiles.

    Compiled(f, generate)(2.0, 3.0)      asks generate((float64, float64)) for the text, and compiles that

A `Compiled` is Numba's own dispatcher with one method replaced: where Numba asks for the Python function to compile
for a signature, it gets one made for these types. So a call costs one dispatch, it works inside other compiled
code, and new types make new code. The text goes into `linecache`, where debuggers and tracebacks find it.
"""

from __future__ import annotations

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
from srcad.rules import FUNCTIONS


@dataclass(frozen=True)
class Generated:
    """A module's text, the objects that its names are bound to, and the function to call."""

    name: str
    text: str
    globals: Mapping[str, Any]
    key: str = ""

    def define(self, wrap: Callable[[Any], Any] | None = None) -> Any:
        """The function that the text defines, in plain Python; helpers beside it are passed through `wrap`."""
        file = f"<srcad {self.name} {abs(hash(self.text)):x}>"
        linecache.cache[file] = (len(self.text), None, self.text.splitlines(keepends=True), file)
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
