"""The functions and methods of NumPy that srcad has in the language itself, by what calls them.

    written(np.roll) -> library.roll        METHODS["sort"] -> moved.sort_in_place
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from srcad.parse import arranged, library, linear, moved, ordered, picking, sequences, statistics

_MODULES = (library, moved, arranged, ordered, picking, sequences, linear, statistics)
_FUNCTIONS = {id(f): words for module in _MODULES for f, words in module.FUNCTIONS.items()}
METHODS: dict[str, Callable[..., Any]] = {name: words for module in _MODULES for name, words in module.METHODS.items()}


def written(f: object) -> Callable[..., Any] | None:
    """The function that computes what NumPy's `f` does, if there is one here."""
    return _FUNCTIONS.get(id(f))
