"""Which names may still be read.

    live_before(s = s + x[i], after={s})   ->   {s, x, i}
"""

from __future__ import annotations

from srcad.ir import Append, Body, Exit, For, If, Invoke, Raise, Stmt, While, names, reads, writes

Names = frozenset[str]
NONE: Names = frozenset()


def used(s: Stmt) -> Names:
    """The names that `s` itself reads."""
    return frozenset(n for e in reads(s) for n in names(e))


def live_before(s: Stmt, after: Names, at_break: Names) -> Names:
    """The names that may be read from the start of `s` on."""
    match s:
        case If(_, then, orelse):
            return block(then, after, at_break) | block(orelse, after, at_break) | used(s)
        case For() | While():
            return head(s, after) | used(s)
        case Exit("break"):
            return at_break
        case Raise():
            return used(s)
        case Append() | Invoke() | _:
            return (after - frozenset(writes(s))) | used(s)


def read_at_end(s: For | While) -> Names:
    """The names that the reverse sweep reads as the loop leaves them."""
    marks = s.marks if isinstance(s, For) else ()
    return frozenset((*marks, s.trips) if s.trips else marks)


def head(s: For | While, after: Names) -> Names:
    """The names that may be read from the head of the loop on, whether another iteration comes or not.

    H = after + before(body, H): since before(body, X) = gen + (X - kill), one round from `after` is the fixed point.
    """
    after = after | read_at_end(s)
    inside = block(s.body, after, after)
    if isinstance(s, For):
        return after | (inside - {s.target})
    return after | inside | used(s)


def block(body: Body, after: Names, at_break: Names) -> Names:
    """The names that may be read from the start of `body` on."""
    for s in reversed(body):
        after = live_before(s, after, at_break)
    return after


def after_each(body: Body, after: Names, at_break: Names) -> list[Names]:
    """For each statement of `body`, the names that may be read after it."""
    out: list[Names] = []
    for s in reversed(body):
        out.append(after)
        after = live_before(s, after, at_break)
    return out[::-1]
