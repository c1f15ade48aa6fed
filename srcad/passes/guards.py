"""Guards dropped where the bar that they ask about is known to be a constant other than zero.

    a_bar = 1.0                                         a_bar = 1.0
    b_bar = -a_bar                                ->    b_bar = -a_bar
    y_bar = b_bar / y if b_bar != 0.0 else 0.0          y_bar = b_bar / y

A guard keeps an infinite partial from making NaN of a bar that is exactly zero (`partials.guarded`). The bars next to
the result are often the seed itself, with or without a sign. Needs and keeps: ordinary code, in which names are
assigned again.
"""

from __future__ import annotations

from dataclasses import replace

from srcad.ir import (
    Apply,
    Assign,
    Body,
    Const,
    Expr,
    For,
    Function,
    If,
    Select,
    Stmt,
    Var,
    While,
    bindings,
    map_exprs,
    transform,
    writes,
)

Known = frozenset[str]  # the names that hold a finite number other than zero


def guards(f: Function) -> Function:
    """`f` without the guards that always hold."""
    body, _ = _block(f.body, frozenset())
    return replace(f, body=body)


def _block(body: Body, known: Known) -> tuple[Body, Known]:
    """`body`, given the names known not to be zero before it, and those known after it."""
    out: list[Stmt] = []
    for s in body:
        match s:
            case If():
                then, one = _block(s.body, known)
                orelse, two = _block(s.orelse, known)
                s, known = replace(s, body=then, orelse=orelse), one & two
            case For() | While():
                known -= set(bindings((s,)))
                inner, _ = _block(s.body, known)
                s = replace(s, body=inner)
            case Assign(target, value):
                s = _unguarded(s, known)
                known = known | {target} if _is_nonzero(value, known) else known - {target}
            case _:
                s = _unguarded(s, known)
                known -= set(writes(s))
        out.append(s)
    return tuple(out), known


def _unguarded(s: Stmt, known: Known) -> Stmt:
    return map_exprs(s, lambda e: transform(e, lambda n: _without(n, known)))


def _without(e: Expr, known: Known) -> Expr:
    match e:
        case Select(Apply("!=", (Var(name), zero)), yes, _) if name in known and _is_zero(zero):
            return yes
    return e


def _is_zero(e: Expr) -> bool:
    return e == Const(0.0) or (isinstance(e, Apply) and e.op == "np.float32" and e.args == (Const(0.0),))


def _is_nonzero(e: Expr, known: Known) -> bool:
    match e:
        case Const(float(value)):
            return value != 0.0 and value - value == 0.0
        case Apply("np.float32", (Const(float(value)),)):
            return value == 1.0  # others may round to zero
        case Var(name):
            return name in known
        case Apply("neg", (inner,)):
            return _is_nonzero(inner, known)
    return False
