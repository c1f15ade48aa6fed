"""First contributions: a bar that is still zero is assigned instead of added to.

    a_bar = 0.0; a_bar += s_bar * x[i]        ->        a_bar = 0.0; a_bar = s_bar * x[i]

The zero is then dead, and `drop_dead` removes it. Needs and keeps: ordinary code, in which names are assigned again.
"""

from __future__ import annotations

from dataclasses import replace

from srcad.ir import (
    Apply,
    Assign,
    Body,
    Const,
    Exit,
    Expr,
    For,
    Function,
    If,
    Raise,
    Stmt,
    Var,
    While,
    bindings,
    walk,
    writes,
)


def zeros(f: Function) -> Function:
    """`f` with `+=` to a known zero made `=`."""
    body, _ = _block(f.body, frozenset())
    return replace(f, body=body)


def _is_zero(e: Expr) -> bool:
    match e:
        case Const(float(value)):
            return value == 0.0
        case Apply("np.float32", (Const(float(value)),)):
            return value == 0.0
    return False


def _block(body: Body, known: frozenset[str]) -> tuple[Body, frozenset[str]]:
    """`body`, given the names known to be zero before it, and those known after it."""
    out: list[Stmt] = []
    for s in body:
        match s:
            case Assign(target, value) if _is_zero(value):
                known |= {target}
            case Assign(target, Apply("+=", (Var(same), term))) if same == target and target in known:
                s = replace(s, value=term)
                known -= {target}
            case Assign(target, Apply("-=", (Var(same), term))) if same == target and target in known:
                s = replace(s, value=Apply("neg", (term,)))
                known -= {target}
            case Assign(target):
                known -= {target}
            case If(Const(bool(test)), then, orelse):
                inner, known = _block(then if test else orelse, known)
                out += inner
                continue
            case If(_, then, orelse):
                then, one = _block(then, known)
                orelse, two = _block(orelse, known)
                s, known = replace(s, body=then, orelse=orelse), one & two
            case For() | While():
                changed = set(bindings((s,)))
                inner, after = _block(s.body, known - changed)
                # zero before the loop and again at the end of its body: zero at its start
                steady = _steady(s.body, known, changed)
                if steady:
                    inner, after = _block(s.body, (known - changed) | steady)
                leaves = any(isinstance(t, Exit) for t in walk(s.body))  # from the middle of its body
                s, known = replace(s, body=inner), (known - changed) | (frozenset() if leaves else after & known)
            case _:
                known -= set(writes(s))
        out.append(s)
    return tuple(out), known


def _steady(body: Body, known: frozenset[str], changed: set[str]) -> frozenset[str]:
    """The names that are zero at the start of every iteration, by induction."""
    candidates = known & changed
    if any(isinstance(t, (Exit, Raise)) for t in walk(body)):
        return frozenset()
    while candidates:
        _, after = _block(body, (known - changed) | candidates)
        if candidates <= after:
            return candidates
        candidates &= after
    return frozenset()
