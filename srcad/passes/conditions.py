"""Conditions written where they are tested, if nothing else asks for them.

    taken = x[i] > 0.0                      if x[i] > 0.0:
    if taken:                       ->          ...
        ...

Undoes, for the reader, what `prepare` named for the reverse sweep's sake and the reverse sweep did not need.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

from srcad.ir import Assign, Body, Function, If, Var, bindings, map_bodies, names, reads, walk


def conditions(f: Function) -> Function:
    """`f` with conditions that are used once in their tests."""
    uses = Counter(n for s in walk(f.body) for e in reads(s) for n in names(e))
    made = Counter(bindings(f.body))
    uses.update(names(f.result) if f.result is not None else ())
    pairs = _pairs(f.body)
    single = {n for n, count in pairs.items() if count == uses[n] == made[n]}

    def body(b: Body) -> Body:
        out: list[object] = []
        for s in b:
            s = map_bodies(s, body)
            before = out[-1] if out else None
            if isinstance(s, If) and isinstance(s.test, Var) and s.test.name in single and isinstance(before, Assign):
                out[-1] = replace(s, test=before.value)
            else:
                out.append(s)
        return tuple(out)  # type: ignore[arg-type]

    return replace(f, body=body(f.body))


def _pairs(body: Body) -> Counter[str]:
    """How often a name is assigned and tested in the next statement."""
    found: Counter[str] = Counter()
    for b in (body, *(inner for s in walk(body) for inner in (getattr(s, "body", ()), getattr(s, "orelse", ())))):
        for first, second in pairwise(b):
            if isinstance(first, Assign) and isinstance(second, If) and second.test == Var(first.target):
                found[first.target] += 1
    return found
