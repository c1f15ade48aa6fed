"""The functions of NumPy and `math`, and the methods, that srcad has in the language itself, by what calls them.

    written(np.roll) -> picking.roll        METHODS["round"] -> moved.round_
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from srcad.parse import (
    arranged,
    iterated,
    library,
    linear,
    mathematics,
    moved,
    ordered,
    picking,
    queues,
    sequences,
    statistics,
)

_MODULES = (library, moved, arranged, ordered, picking, sequences, linear, statistics, mathematics, iterated, queues)
_FUNCTIONS = {id(f): words for module in _MODULES for f, words in module.FUNCTIONS.items()}
METHODS: dict[str, Callable[..., Any]] = {name: words for module in _MODULES for name, words in module.METHODS.items()}


def written(f: object) -> Callable[..., Any] | None:
    """The function that computes what NumPy's `f` does, if there is one here."""
    return _FUNCTIONS.get(id(f))
