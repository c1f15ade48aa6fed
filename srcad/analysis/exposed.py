"""Names that are read before they are bound: the upward-exposed uses of a body.

    if found:                 if found:
        best = x[i]               y += best      ->   {found, x, i, y}: best is bound wherever it is read

More is known here than `liveness` says: what one branch of a test binds is bound in a later branch of the same test.
"""

from __future__ import annotations

from collections.abc import Iterable

from srcad.ir import Apply, Body, Exit, Expr, For, If, Var, While, names, reads, writes

_Reading = tuple[str, tuple[str, bool] | None]  # a name that is read: if a test comes out so, or whatever happens


def exposed(body: Body, after: set[str], exits: set[str]) -> set[str]:
    """The names that are read before they are bound, in `body` or behind it; `exits` is what an Exit leads to.

    What one branch of a test binds is bound where a later branch of the same test reads it.
    """
    return {n for n, _ in _exposed(body, {(n, None) for n in after}, {(n, None) for n in exits})}


def _exposed(body: Body, after: set[_Reading], exits: set[_Reading]) -> set[_Reading]:
    for s in reversed(body):
        own = {(n, None) for e in reads(s) for n in names(e)}
        match s:
            case If():
                then, orelse = _exposed(s.body, after, exits), _exposed(s.orelse, after, exits)
                after = own | _joined(s.test, then, orelse)
            case For() | While():
                head = _always(after) | own
                while not (more := _unbound(_always(_exposed(s.body, head, head)), writes(s))) <= head:
                    head |= more
                after = head
            case Exit():
                after = own | exits
            case _:
                after = _unbound(after, writes(s)) | own
    return after


def _joined(test: Expr, then: set[_Reading], orelse: set[_Reading]) -> set[_Reading]:
    """What is read behind a test, of what is read in its two branches and behind these."""
    match test:
        case Var(name):
            yes, no = (name, True), (name, False)
        case Apply("not", (Var(name),)):
            yes, no = (name, False), (name, True)
        case _:
            return then | orelse
    then = {r for r in then if r[1] != no}  # read where the test came out the other way
    orelse = {r for r in orelse if r[1] != yes}
    both = then & orelse
    return both | {(n, when or yes) for n, when in then - both} | {(n, when or no) for n, when in orelse - both}


def _unbound(after: set[_Reading], bound: Iterable[str]) -> set[_Reading]:
    """`after` where `bound` are bound: they are not read from before, and as tests they are others."""
    return {(n, None if when and when[0] in bound else when) for n, when in after if n not in bound}


def _always(after: set[_Reading]) -> set[_Reading]:
    return {(n, None) for n, _ in after}
