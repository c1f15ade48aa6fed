"""`stop_gradient`: the identity, with derivative zero. Of an array it is a copy, element by element, as a rule's is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba.core import types
from numba.extending import overload

from srcad.rules.registry import zero


def stop_gradient(x: Any) -> Any:
    """The value of `x`, a number or an array, as a constant to all derivatives; of an array, a copy."""
    return x.copy() if isinstance(x, np.ndarray) else x


@overload(stop_gradient, strict=False)  # type: ignore[untyped-decorator]
def _stop_gradient(x: Any) -> Callable[[Any], Any] | None:
    if isinstance(x, types.Array):
        return lambda x: x.copy()
    return (lambda x: x) if isinstance(x, (types.Number, types.Boolean)) else None


zero("stop_gradient(x)", fn=stop_gradient)
