"""Comparisons of tuples, as comparisons of their items.

    (a, b) == (c, d)  ->  a == c and b == d            (a, b) < (c, d)  ->  b < d if a == c else a < c
"""

from __future__ import annotations

from srcad.ir import FALSE, TRUE, Apply, Const, Expr, Select, Tuple


def compare(op: str, a: tuple[Expr, ...], b: tuple[Expr, ...]) -> Expr:
    """The comparison of two tuples: of the first items that differ, else of the lengths."""
    if op == "!=":
        return Apply("not", (compare("==", a, b),))
    if op == "==":
        same = [_items("==", x, y) for x, y in zip(a, b, strict=False)]
        return joined("and", same, TRUE) if len(a) == len(b) else FALSE
    if not a or not b:
        return Const({"<": len(a) < len(b), "<=": len(a) <= len(b), ">": len(a) > len(b), ">=": len(a) >= len(b)}[op])
    if len(a) == len(b) == 1:
        return _items(op, a[0], b[0])
    return Select(_items("==", a[0], b[0]), compare(op, a[1:], b[1:]), _items(op[0], a[0], b[0]))


def _items(op: str, x: Expr, y: Expr) -> Expr:
    match x, y:
        case Tuple(a, _), Tuple(b, _):
            return compare(op, a, b)
        case (Tuple(), _) | (_, Tuple()):
            return FALSE
    return Apply(op, (x, y))


def joined(op: str, tests: list[Expr], empty: Expr) -> Expr:
    """The tests joined by `and` or `or`; `empty` is what none of them say."""
    return empty if not tests else tests[0] if len(tests) == 1 else Apply(op, tuple(tests))
