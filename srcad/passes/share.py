"""A buffer kept in the shadow that the reverse sweep fills from it.

    s_saved = np.empty(n)                            x_bar = np.empty_like(x)
    for i in range(n):                               for i in range(n):
        s_saved[i] = s                                   x_bar[i] = s
        ...                                ->            ...
    x_bar = np.empty_like(x)
    for i in range(n - 1, -1, -1):                   for i in range(n - 1, -1, -1):
        s = s_saved[i]                                   s = x_bar[i]
        x_bar[i] = s_bar * s                             x_bar[i] = s_bar * s

Where each iteration of the reverse sweep takes one kept value out and assigns one element of a shadow, both at the
index of the loop, they can be one array: what is saved is the memory, and the time to have it mapped. Needs: the
shadow to be filled by that loop first (`assign_once`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from srcad.ir import (
    ONE,
    ZERO,
    Apply,
    Assign,
    Const,
    Expr,
    For,
    Function,
    Item,
    Stmt,
    Store,
    Var,
    bindings,
    map_all,
    mentioned,
    names,
    reads,
    substitute,
    walk,
)


class _Uses:
    """The names that a statement and those in it bind or read, found once a statement."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Stmt, frozenset[str], frozenset[str]]] = {}  # holds the statements: ids stay

    def _of(self, s: Stmt) -> tuple[Stmt, frozenset[str], frozenset[str]]:
        known = self._known.get(id(s))
        if known is None:
            known = self._known[id(s)] = (s, frozenset(bindings((s,))), frozenset(mentioned((s,))))
        return known

    def bound(self, s: Stmt) -> frozenset[str]:
        return self._of(s)[1]

    def all(self, s: Stmt) -> frozenset[str]:
        return self._of(s)[2]


def share(f: Function) -> Function:
    """`f` with buffers kept in shadows."""
    taken: set[str] = set()
    uses = _Uses()
    while True:
        found = next(_pairs(f, uses, taken), None)
        if found is None:
            return f
        buffer, shadow = found
        taken.add(shadow)
        f = _merge(f, buffer, shadow, uses)


def _pairs(f: Function, uses: _Uses, taken: set[str]) -> Iterator[tuple[str, str]]:
    """The buffers that can be kept in a shadow that is not `taken`, each with the shadow."""
    made = {
        s.target: (k, s.value)
        for k, s in enumerate(f.body)
        if isinstance(s, Assign) and isinstance(s.value, Apply) and s.value.op in ("np.empty", "np.empty_like")
    }
    users: dict[str, list[int]] = {name: [] for name in made}
    for k, s in enumerate(f.body):
        for n in uses.all(s) & made.keys():
            users[n].append(k)
    for shadow, (at, value) in made.items():
        if value.op != "np.empty_like" or shadow in taken:
            continue
        after = [f.body[k] for k in users[shadow] if k > at]
        loop = next((s for s in after if isinstance(s, For)), None)
        if loop is None or not all(isinstance(s, Store) for s in after[: after.index(loop)]):
            continue
        read = {n for s in loop.body if isinstance(s, Assign) for n in names(s.value)}
        for buffer in sorted(read & made.keys(), key=list(made).index):
            before, size = made[buffer]
            if size.op != "np.empty" or before > at or any(uses.bound(s) & set(names(value)) for s in f.body[before:]):
                continue  # the array that the shadow is like is not yet there when the buffer is made
            if _fits(f, buffer, size, loop, shadow, users[buffer], uses):
                yield buffer, shadow


def _fits(f: Function, buffer: str, size: Apply, loop: For, shadow: str, users: list[int], uses: _Uses) -> bool:
    """Does `loop` take every value out of `buffer` just before it assigns the element of `shadow` of that index?"""
    if size.keywords or f.types[buffer].dtype != f.types[shadow].dtype or f.types[shadow].ndim != 1:
        return False
    if loop.start != ZERO or loop.step != ONE or not _same_count(size.args[0], loop.stop):
        return False
    index = (Var(loop.target),)
    assigned = False
    for s in loop.body:
        match s:
            case Assign(_, Item(Var(name), at)) if name == buffer:
                if at != index or assigned:
                    return False
            case Store(Var(name), at, value, op) if name == shadow:
                if at != index or (not assigned and op is not None) or buffer in names(value):
                    return False
                assigned = True
            case _ if buffer in uses.all(s) or (not assigned and shadow in uses.all(s)):
                return False
    if not assigned:
        return False
    # nothing else reads it, and what writes to it are stores
    for s in (f.body[k] for k in users):
        if s is loop or (isinstance(s, Assign) and s.target == buffer):
            continue
        for t in walk((s,)):
            for e in reads(t):
                if buffer in names(e) and not (isinstance(t, Store) and e == Var(buffer) and t.op is None):
                    return False
    return True


def _same_count(size: Expr, stop: Expr) -> bool:
    return size == stop or size == Apply("max", (stop, ZERO)) or (isinstance(size, Const) and size == stop)


def _merge(f: Function, buffer: str, shadow: str, uses: _Uses) -> Function:
    """`f` with the buffer's elements in the shadow, which is made where the buffer was."""
    loop = next(k for k, s in enumerate(f.body) if isinstance(s, For) and shadow in uses.all(s))
    start = [s for s in f.body[:loop] if _makes(s, shadow)]
    body: list[Stmt] = []
    for s in f.body:
        if isinstance(s, Assign) and s.target == buffer:
            body += start
        elif s not in start:
            body.append(_renamed(s, buffer, shadow) if buffer in uses.all(s) else s)
    return replace(f, body=tuple(body))


def _makes(s: Stmt, shadow: str) -> bool:
    """Is `s` the shadow's allocation, or the zeros of the part that its loop does not reach?"""
    return (isinstance(s, Assign) and s.target == shadow) or (isinstance(s, Store) and s.array == Var(shadow))


def _renamed(s: Stmt, old: str, new: str) -> Stmt:
    def expr(e: Expr) -> Expr:
        return substitute(e, lambda n: Var(new if n == old else n))

    (made,) = map_all((s,), expr)
    return made
