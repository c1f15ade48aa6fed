"""What the compiler gets of what goes at once (`srcad/machine/lanes.py`), run in plain Python.

A vector of lanes is an array here, and each operation on such a function of NumPy's.
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from srcad import ieee
from srcad.generated import Generated
from srcad.machine.lanes import in_vectors


def in_lanes(made: Generated) -> tuple[Any, str]:
    """The function that `made` defines, with the lines of several lanes as one, and its text."""
    emulated: dict[str, Any] = {}

    def bound(function: Any, name: str) -> str:
        emulated[name] = EMULATED[function.__name__]
        return name

    def told(g: Any) -> str:
        tree = ast.parse(g.code or g.text)
        return ast.unparse(in_vectors(tree, g.lanes, bound, own=True)) if g.lanes else g.code or g.text

    text = "\n\n".join(map(told, made.functions))
    found = ieee.run(text, "in lanes", {**made._namespace(), **emulated})
    found["math"].tanh = np.tanh  # the others of srcad's own take arrays already
    return found[made.name], text


def _quietly(f: Any) -> Any:
    def called(*given: Any) -> Any:
        with np.errstate(all="ignore"):
            return f(*given)

    return called


def _total(vector: Any) -> Any:
    while vector.size > 1:
        vector = vector[: vector.size // 2] + vector[vector.size // 2 :]
    return vector[0]


def _put(array: Any, index: Any, value: Any) -> None:
    array[index] = value


EMULATED: dict[str, Any] = {
    "add": _quietly(np.add),
    "sub": _quietly(np.subtract),
    "mul": _quietly(np.multiply),
    "div": _quietly(np.divide),
    "eq": np.equal,
    "ne": np.not_equal,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "neg": np.negative,
    "choose": np.where,
    "pack": lambda numbers: np.array(numbers, float),
    "one": lambda vector, lane: vector[lane],
    "splat": lambda number: np.full(4, number, float),
    "total": _quietly(_total),
    "spread": lambda array, count: np.repeat(array[..., None], count, axis=-1),
    "wide": lambda shape, count: (*np.atleast_1d(np.array(shape, int)), count),
    "get": lambda array, index: array[index].copy(),
    "put": _put,
}
