"""The shadow of an array as the array itself is made: of a view the same view, of another name the same shadow.

    mirror(y[1:3])  ->  y_bar[1:3]        mirror(np.zeros(n))  ->  None: a new array, whose shadow is new zeros
"""

from __future__ import annotations

from collections.abc import Callable

from srcad.analysis.alias import VIEWS
from srcad.ir import Apply, Expr, Field, Item, Var

SHADOW = "shadow"  # the keyword of `.pop` that says which list of bars goes with the list, of one that has it beside it
SAME = VIEWS | {".pop"}  # of the shadow as of the array, or of the list


def mirror(value: Expr | None, shadow: Callable[[str], Expr | None]) -> Expr | None:
    """The expression for the shadow of the array `value`; None if `value` is memory of its own."""
    match value:
        case Item(inner, index) if (under := mirror(inner, shadow)) is not None:
            return Item(under, index)
        case Field(inner, attribute) if (under := mirror(inner, shadow)) is not None:
            return Field(under, attribute)
        case Apply(".copy" | "np.copy", (inner,)):  # an argument that is written to: the shadow stays its own
            return mirror(inner, shadow)
        case Apply(op, (inner, *rest)) if op in SAME and (under := mirror(inner, shadow)) is not None:
            return Apply(op, (under, *rest))
        case Var(name):
            return shadow(name)
    return None


def at_end(name: str) -> str:
    """What `Function.shadows` knows the shadow by that the array `name` has when the function ends."""
    return f"{name} at the end"
