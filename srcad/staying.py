"""Functions that stay calls, as inference is to see them: what they return for the types that they are called with.

    def g(a, n): ...; a.sort(); ...; return g(a, n - 1)      with a list      ->      the types of a list's `sort` alone

Numba's inference asks such a function's dispatcher for the type of its result, also where it calls itself. Branches
that types rule out are left out before (`ranks.py`), for each signature anew; the function keeps its name and its
identity, by which Numba knows a call of it inside it. Nothing is compiled for that: what runs are the functions made
of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
from numba.core import bytecode, compiler
from numba.core.compiler_machinery import AnalysisPass, register_pass
from numba.core.registry import CPUDispatcher
from numba.core.typing import signature
from numba.core.untyped_passes import ExtractByteCode

from srcad.emit import numbered
from srcad.empties import filled
from srcad.ir import Function
from srcad.types import INDICES, WHERE, Frontend, define, sketched, where

_OPTIONS = {"nopython": True, "error_model": "numpy"}


def dispatcher(
    f: Function, name: str, namespace: dict[str, Any], functions: Mapping[str, Function]
) -> CPUDispatcher:
    """`f`, a function in SSA webs, called `name`; the names in it are looked up in `namespace` when it is compiled.

    `functions` are all that stay calls, by name.
    """
    namespace.setdefault(INDICES, np.zeros(1, np.int64))
    made = _linked(f, name, namespace)
    made.__srcad_ir__ = f, functions
    return _Typed(made, targetoptions=_OPTIONS, pipeline_class=_OfTypes)


def _linked(f: Function, name: str, namespace: dict[str, Any]) -> Any:
    made = define(numbered(f), {}, [])  # Numba makes functions of their names
    return type(made)(made.__code__, namespace, name, made.__defaults__, made.__closure__)


class _Typed(CPUDispatcher):  # type: ignore[misc]
    """A function with signatures, and no code."""

    def add_overload(self, cres: Any) -> None:
        self.overloads[tuple(cres.signature.args)] = cres


@register_pass(mutates_CFG=False, analysis_only=True)
class _Signature(AnalysisPass):  # type: ignore[misc]
    """The last one: what inference has found."""

    _name = "srcad_signature"

    def __init__(self) -> None:
        super().__init__()

    def run_pass(self, state: Any) -> bool:
        known = state.func_id
        name = SimpleNamespace(modname=known.modname, qualname=known.func_qualname, uid=known.unique_id)
        found = signature(state.return_type, *state.args)
        state.cr = compiler.compile_result(signature=found, fndesc=name, objectmode=False, metadata={})
        return False


class _OfTypes(Frontend):
    """Numba's inference, of what is left of a function once the types of its arguments are known."""

    last = _Signature

    def compile_extra(self, func: Any) -> Any:
        (f, functions), state = func.__srcad_ir__, self.state
        known = _known(func.__globals__)
        kept = sketched(filled(f, state.args, known, functions), state.args, known, func.__name__)
        if kept is f:
            return super().compile_extra(func)
        state.func_id = bytecode.FunctionIdentity.from_function(_linked(kept, func.__name__, func.__globals__))
        state.func_id.func = func
        ExtractByteCode().run_pass(state)
        state.lifted, state.lifted_from = (), None
        return self._compile_bytecode()


def _known(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The names without the functions that stay calls: one of them is being compiled, and the others may call it."""
    return {n: v for n, v in namespace.items() if not isinstance(v, CPUDispatcher)} | {WHERE: where}
