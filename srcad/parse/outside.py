"""Lists outside of the function, at the values that they have: arrays of their numbers, and what picks of these.

    PAIRS = [(0, 1), (1, 2)]
    for i, j in PAIRS:          ->      for k in 0:2:1:  i = first[k];  j = second[k]

    NEAR = [[1, 2], [0]]
    for j in NEAR[i]:           ->      for k in 0:start[i + 1] - start[i]:1:  j = numbers[start[i] + k]

Such a list can only be read: its items, its length, loops over it. What changes it, or may, takes a copy. A list of
what else is known while reading, such as functions, has its items one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.ir import ONE, Apply, Const, Expr, Item, Var
from srcad.parse.counts import plus, times
from srcad.parse.scope import NUMBERS, Program, Rows, Value, together

Column = Callable[[Expr], Value]  # from the index of an item to what it is


def rows(values: list[Any], name: str, program: Program) -> Rows | None:
    """The list `values`, which the user calls `name`; None if it holds anything but numbers, tuples and lists."""
    column = _column(values, name, program)
    return None if column is None else Rows(values, Const(len(values)), column)


def array(values: list[Any], name: str, program: Program) -> Var | None:
    """The list as the array that NumPy makes of it; None if that is none of numbers."""
    try:
        made = np.array(values)
    except ValueError:  # of rows that differ in length
        return None
    return Var(program.bind(name, made)) if made.dtype.kind in "fiub" else None


def _column(values: list[Any], name: str, program: Program) -> Column | None:
    first = values[0] if values else 0.0
    if all(isinstance(v, NUMBERS) for v in values):
        numbers = array(values, name, program)
        return None if numbers is None else lambda k: Item(numbers, (k,))
    if isinstance(first, tuple) and all(type(v) is type(first) and len(v) == len(first) for v in values):
        of = [_column([v[j] for v in values], f"{name}_{j}", program) for j in range(len(first))]
        columns = [c for c in of if c is not None]
        maker = program.bind(type(first).__name__, type(first)) if hasattr(first, "_fields") else ""
        return None if len(columns) < len(of) else lambda k: together((c(k) for c in columns), maker)
    if all(isinstance(v, list) for v in values):
        return _of_lists(values, name, program)
    return None


def _of_lists(values: list[list[Any]], name: str, program: Program) -> Column | None:
    """Lists in a list, which lie one behind the other."""
    inner = _column([v for row in values for v in row], name, program)
    if inner is None:
        return None
    found, n = inner, len(values[0])
    if all(len(row) == n for row in values):
        return lambda k: Rows(None, Const(n), lambda j: found(plus(times(k, Const(n)), j)))
    starts = Var(program.bind(f"{name}_start", np.cumsum([0, *map(len, values)])))

    def row(k: Expr) -> Rows:
        start = Item(starts, (k,))
        length = Apply("-", (Item(starts, (plus(k, ONE),)), start))
        return Rows(None, length, lambda j: found(plus(start, j)))

    return row
