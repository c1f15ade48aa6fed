"""Loops of which one iteration matters: the last in which a branch was taken.

    for i: if d < best: best = d; last = i        ->        going backwards, only iteration `last` receives a bar

So it is if all that active values carry from one iteration to the next is overwritten in that branch, by values made
without them, and nothing else that an iteration makes is read after it: going backwards, the branch taken last
receives their bars and leaves zeros for all iterations before.
"""

from __future__ import annotations

from srcad.analysis.activity import Activity, differentiated
from srcad.ir import Append, Apply, Assign, For, Function, If, Invoke, Item, Stmt, Store, Var, While, phis_of, walk
from srcad.names import base
from srcad.types import is_float


class LastWord:
    """`mark[loop.key]`: the name that holds that iteration; `taken`: the keys of the branches that it took."""

    def __init__(self, f: Function, active: Activity, calls: set[str], whole: frozenset[int]) -> None:
        self.f, self.active, self.calls = f, active, calls
        self.mark: dict[int, str] = {}
        self.taken: set[int] = set()
        for s in walk(f.body):
            if isinstance(s, For) and s.marks and s.key not in whole:
                self._find(s)

    def _find(self, s: For) -> None:
        carried = {p.target: p for p in s.heads if p.target in self.active}
        merges = {p.target: (t, p) for t in s.body if isinstance(t, If) for p in t.phis}
        branch: If | None = None
        for head in carried.values():
            found = merges.get(head.sources[1] or "")
            if found is None or found[0].mark == "" or (branch is not None and found[0] is not branch):
                return
            branch, merge = found
            new, old = merge.sources
            if old != head.target or new is None or new == head.target:
                return
        if branch is None or any(t is not branch and self._escapes(t, set(carried)) for t in walk(s.body)):
            return
        mark = next((m for m in s.marks if base(m) == base(branch.mark)), None)
        if mark is not None:
            self.mark[s.key] = mark
            self.taken.add(branch.key)

    def _escapes(self, s: Stmt, carried: set[str]) -> bool:
        """Does `s` use a carried value in an active way, or write to active memory?"""
        match s:
            case Assign(_, Apply(".pop")):
                return True
            case Assign(target, value) if target in self.active:
                if not is_float(self.f.types[base(target)]):
                    return not isinstance(value, Item)  # a view: nothing writes to it, and one read later is carried
                return any(n in carried for n in differentiated(value))
            case Store(Var(array)):
                return array in self.active
            case Append(lst):
                return lst in self.active or s.shadow is not None
            case Invoke():
                return s.function in self.calls
            case If() | For() | While():
                return any(v in carried for p in phis_of(s) for v in p.sources)
        return False
