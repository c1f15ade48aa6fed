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
    names,
    reads,
    substitute,
    walk,
    writes,
)


def share(f: Function) -> Function:
    """`f` with buffers kept in shadows."""
    taken: set[str] = set()
    while True:
        found = next((pair for pair in _pairs(f) if pair[1] not in taken), None)
        if found is None:
            return f
        buffer, shadow = found
        taken.add(shadow)
        f = _merge(f, buffer, shadow)


def _mentions(s: Stmt, name: str) -> bool:
    return any(name in writes(t) or any(name in names(e) for e in reads(t)) for t in walk((s,)))


def _pairs(f: Function) -> list[tuple[str, str]]:
    """The buffers that can be kept in a shadow, each with the shadow."""
    made = {
        s.target: (k, s.value)
        for k, s in enumerate(f.body)
        if isinstance(s, Assign) and isinstance(s.value, Apply) and s.value.op in ("np.empty", "np.empty_like")
    }
    out = []
    for shadow, (at, value) in made.items():
        if not isinstance(value, Apply) or value.op != "np.empty_like":
            continue
        users = [s for s in f.body[at + 1 :] if _mentions(s, shadow)]
        loop = next((s for s in users if isinstance(s, For)), None)
        if loop is None or not all(isinstance(s, Store) for s in users[: users.index(loop)]):
            continue
        for buffer, (before, size) in made.items():
            if isinstance(size, Apply) and size.op == "np.empty" and before < at and _fits(f, buffer, size, loop, shadow):
                if _known_before(f, value, before):
                    out.append((buffer, shadow))
    return out


def _known_before(f: Function, value: Apply, at: int) -> bool:
    """Is the array that the shadow is like there when the buffer is made?"""
    needed = set(names(value))
    return not any(n in needed for s in f.body[at:] for t in walk((s,)) for n in writes(t))


def _fits(f: Function, buffer: str, size: Apply, loop: For, shadow: str) -> bool:
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
            case _ if _mentions(s, buffer) or (not assigned and _mentions(s, shadow)):
                return False
    if not assigned:
        return False
    # nothing else reads it, and what writes to it are stores
    for s in f.body:
        if s is loop or (isinstance(s, Assign) and s.target == buffer):
            continue
        for t in walk((s,)):
            for e in reads(t):
                if buffer in names(e) and not (isinstance(t, Store) and e == Var(buffer) and t.op is None):
                    return False
    return True


def _same_count(size: Expr, stop: Expr) -> bool:
    return size == stop or size == Apply("max", (stop, ZERO)) or (isinstance(size, Const) and size == stop)


def _merge(f: Function, buffer: str, shadow: str) -> Function:
    """`f` with the buffer's elements in the shadow, which is made where the buffer was."""
    loop = next(k for k, s in enumerate(f.body) if isinstance(s, For) and _mentions(s, shadow))
    start = [s for s in f.body[:loop] if _makes(s, shadow)]
    body: list[Stmt] = []
    for s in f.body:
        if isinstance(s, Assign) and s.target == buffer:
            body += start
        elif s not in start:
            body.append(_renamed(s, buffer, shadow))
    return replace(f, body=tuple(body))


def _makes(s: Stmt, shadow: str) -> bool:
    """Is `s` the shadow's allocation, or the zeros of the part that its loop does not reach?"""
    return (isinstance(s, Assign) and s.target == shadow) or (isinstance(s, Store) and s.array == Var(shadow))


def _renamed(s: Stmt, old: str, new: str) -> Stmt:
    from srcad.ir import map_bodies, map_exprs

    def expr(e: Expr) -> Expr:
        return substitute(e, lambda n: Var(new if n == old else n))

    return map_bodies(map_exprs(s, expr), lambda b: tuple(_renamed(t, old, new) for t in b))
