"""Plain Python with IEEE results, as compiled code has them: 1.0 / 0.0 is inf, sqrt(-1) NaN, exp(1000) inf.

Float literals become NumPy's scalars, and of math's functions those that raise are replaced: where a NumPy function
computes the same numbers it serves; the others catch what Python raises.
"""

from __future__ import annotations

import ast
import math
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

SAME = {
    "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "log2": np.log2, "log10": np.log10, "log1p": np.log1p,
    "expm1": np.expm1, "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos,
    "atanh": np.arctanh, "acosh": np.arccosh, "sinh": np.sinh, "cosh": np.cosh, "fmod": np.fmod,
}  # fmt: skip


def run(text: str, file: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """The names that the module `text` defines, over those of `namespace`, with IEEE arithmetic."""
    literals = _Literals()
    tree = ast.fix_missing_locations(literals.visit(ast.parse(text)))
    found = {**namespace, "math": quiet_math(), **literals.values}
    exec(compile(tree, file, "exec"), found)
    return found


def quiet_math() -> types.SimpleNamespace:
    """`math` with NaN and infinities where Python's raises."""
    found = {n: getattr(math, n) for n in dir(math) if not n.startswith("_")}
    return types.SimpleNamespace(**found | dict(functions()))


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The names of math whose results differ, and what gives the IEEE one."""
    yield from SAME.items()
    for name, overflow in (("gamma", math.inf), ("lgamma", math.inf), ("pow", math.inf)):
        yield name, _quiet(getattr(math, name), overflow)


def _quiet(f: Callable[..., Any], overflow: float) -> Callable[..., Any]:
    def quiet(*args: float) -> np.float64:
        try:
            return np.float64(f(*args))
        except OverflowError:
            return np.float64(overflow)
        except ValueError:
            return np.float64(math.nan)

    return quiet


class _Literals(ast.NodeTransformer):
    """Float literals as names of NumPy scalars."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}  # what the text's new names stand for

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, float):
            return node
        name = f"_literal_{len(self.values)}"
        self.values[name] = np.float64(node.value)
        return ast.copy_location(ast.Name(name, ast.Load()), node)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """A Python bool, of numbers: two of NumPy's are added by `or`, where compiled code counts them."""
        self.generic_visit(node)
        self.values["_truth"] = _truth
        return ast.copy_location(ast.Call(ast.Name("_truth", ast.Load()), [node], []), node)


def _truth(compared: Any) -> Any:
    return compared if isinstance(compared, np.ndarray) else bool(compared)


def as_numpy(value: Any) -> Any:
    """Python's floats as NumPy's, whose arithmetic is IEEE's."""
    if isinstance(value, tuple):
        return _like(value, [as_numpy(v) for v in value])
    return np.float64(value) if type(value) is float else value


def as_python(value: Any) -> Any:
    """NumPy's float64 scalars as Python's floats, as compiled code returns them."""
    if isinstance(value, tuple):
        return _like(value, [as_python(v) for v in value])
    return float(value) if type(value) is np.float64 else value


def _like(value: Any, items: list[Any]) -> Any:
    """`items` as a tuple, or a namedtuple, as `value` is."""
    return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
