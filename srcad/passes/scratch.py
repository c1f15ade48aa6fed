"""Loops marked with their scratch space: the arrays that each iteration writes anew before it reads them.

    w = np.empty(n)                               scratch of the loop over i: w
    for i in range(m):
        for j in range(n): w[j] = f(x[i], j)
        for j in range(n): s += w[j] * w[0]

So that iterations may go side by side, each with a `w` of its own. Only of loops around loops. Needs SSA form.
"""

from __future__ import annotations

from dataclasses import replace

from srcad.analysis.alias import Aliases
from srcad.analysis.places import places
from srcad.analysis.private import Private
from srcad.ir import Body, For, Function, Stmt, While, map_bodies, map_each, walk


def scratch(f: Function) -> Function:
    """`f` with what is scratch space of its loops."""
    if not any(isinstance(s, For) and _has_loops(s) for s in walk(f.body)):
        return f
    aliases = Aliases(f)
    private = Private(places(f), aliases)

    def body(b: Body) -> Body:
        return map_each(b, loop)

    def loop(s: Stmt) -> Stmt:
        s = map_bodies(s, body)
        return replace(s, scratch=private.arrays(s)) if isinstance(s, For) and _has_loops(s) else s

    return replace(f, body=body(f.body))


def _has_loops(s: For) -> bool:
    return any(isinstance(t, (For, While)) for t in walk(s.body))
