"""What is plain to see of loops: variables that are never negative, and iterations that may leave."""

from __future__ import annotations

from collections import Counter

from srcad.ir import Body, Const, Exit, Expr, For, Function, If, bindings, walk


def counters(f: Function) -> set[str]:
    """The names that one loop alone binds, which counts up from a constant that is not negative."""
    bound = Counter(bindings(f.body))
    return {
        s.target
        for s in walk(f.body)
        if isinstance(s, For)
        and bound[s.target] == 1
        and is_natural(s.start)
        and is_natural(s.step)
    }


def is_natural(e: Expr) -> bool:
    """Is `e` an integer that is not negative, and plainly so?"""
    return isinstance(e, Const) and isinstance(e.value, int) and e.value >= 0


def leaves(body: Body) -> bool:
    """May `body` break out of the loop around it?"""
    return any(
        (isinstance(s, Exit) and s.kind == "break") or (isinstance(s, If) and (leaves(s.body) or leaves(s.orelse)))
        for s in body
    )
