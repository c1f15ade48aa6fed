"""What is plain to see of loops: variables that are never negative, and iterations that may leave."""

from __future__ import annotations

from collections import Counter

from srcad.ir import Body, Const, Exit, For, Function, If, walk, writes


def counters(f: Function) -> set[str]:
    """The names that one loop alone binds, which counts up from a constant that is not negative."""
    bound = Counter(n for s in walk(f.body) for n in writes(s))
    return {
        s.target
        for s in walk(f.body)
        if isinstance(s, For)
        and bound[s.target] == 1
        and isinstance(s.start, Const)
        and s.start.value >= 0
        and isinstance(s.step, Const)
        and s.step.value > 0
    }


def leaves(body: Body) -> bool:
    """May `body` break out of the loop around it?"""
    return any(
        (isinstance(s, Exit) and s.kind == "break") or (isinstance(s, If) and (leaves(s.body) or leaves(s.orelse)))
        for s in body
    )
