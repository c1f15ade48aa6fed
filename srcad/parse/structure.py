"""One way in, one way out: `continue` and `return` become the shape of the code, and `break` the end of a path.

    for i in range(n):              for i in range(n):
        if x[i] < 0.0:                  if x[i] < 0.0:
            continue                        pass
        s += x[i]            ->         else:
        if s > 2.0:                         s += x[i]
            return s                        if s > 2.0:
                                                result = s
                                                returned = True
                                                break
    return 2.0 * s                  if returned: pass
                                    else: result = 2.0 * s

What follows an `if` that some path leaves moves into the branch that stays; where paths leave both branches and
stay in both, a flag `go` says whether the rest runs. What stands beside a branch that raises stands behind it:

    if x > 0.0: s = x                if not x > 0.0: raise ValueError("x")
    else: raise ValueError("x")  ->  s = x

Afterwards a body runs either whole or not at all, so the reverse sweep can run it backwards, and a `break` is only
ever the last statement of its path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from srcad.errors import unsupported
from srcad.ir import (
    FALSE,
    TRUE,
    Apply,
    Assign,
    Body,
    Const,
    Exit,
    Expr,
    For,
    If,
    Raise,
    Stmt,
    Tuple,
    Var,
    While,
    map_bodies,
)

NOTHING = Const(None)


@dataclass
class _Function:
    """What the exits of one function body write to: made when first needed."""

    fresh: Callable[[str], str]
    targets: list[str] = field(default_factory=list)
    is_tuple: bool = False
    maker: str = ""
    returned: str = ""

    def give(self, s: Exit) -> Body:
        """The assignments that stand for `return value`."""
        if s.value is None:
            return ()
        items = s.value.items if self.is_tuple and isinstance(s.value, Tuple) else (s.value,)
        return tuple(Assign(t, v, s.at) for t, v in zip(self.targets, items, strict=True))

    def flag(self) -> str:
        if not self.returned:
            self.returned = self.fresh("returned")
        return self.returned


def structure(body: Body, fresh: Callable[[str], str], or_none: bool = False) -> tuple[Body, Expr | None]:
    """`body` without `continue`, `return` and code that can't be reached, and the value it leaves (None: none).

    `or_none`: the value may be None where that is said, by a `return None`.
    """
    body = _reached(body)
    exits = _returns(body)
    values = [s.value for s in exits if s.value is not None]
    if or_none and 0 < len(values) < len(exits):
        body = _with_nones(body)
        if _stays(body):
            body = (*body, Exit("return", NOTHING, body[-1].at))
        exits = _returns(body)
        values = [s.value for s in exits if s.value is not None]
    if values and (len(values) < len(exits) or _stays(body)):
        at = next((s.at for s in exits if s.value is None), body[-1].at)
        instead = f"return a value, {'or None, ' if or_none else ''}or raise, on every path"
        raise unsupported(at, "the function may end here without a value", instead)
    if not values:
        state = _Function(fresh)
        out = _sequence(body, state, in_loop=False)
        return _with_flag(out, state), None
    if len(exits) == 1 and body and body[-1] is exits[0]:
        state = _Function(fresh)
        return _with_flag(_sequence(body[:-1], state, in_loop=False), state), values[0]
    state = _Function(fresh)
    first = values[0]
    shapes = {(len(v.items), v.maker) if isinstance(v, Tuple) else None for v in values}
    if isinstance(first, Tuple) and len(shapes) == 1:
        state.is_tuple, state.maker = True, first.maker
        state.targets = [fresh("result") for _ in first.items]
        result: Expr = Tuple(tuple(Var(t) for t in state.targets), first.maker)
    else:
        state.targets = [fresh("result")]
        result = Var(state.targets[0])
    return _with_flag(_sequence(body, state, in_loop=False), state), result


def _with_flag(body: Body, state: _Function) -> Body:
    return (Assign(state.returned, FALSE, body[0].at), *body) if state.returned else body


def _reached(body: Body) -> Body:
    """`body` without what stands behind statements that control never passes."""
    out: list[Stmt] = []
    for s in body:
        out.append(map_bodies(s, _reached))
        if not _stays((s,)):
            break
    return tuple(out)


def _with_nones(body: Body) -> Body:
    """`body` with a value for each `return`."""

    def given(s: Stmt) -> Stmt:
        if isinstance(s, Exit) and s.kind == "return" and s.value is None:
            return replace(s, value=NOTHING)
        return map_bodies(s, _with_nones)

    return tuple(map(given, body))


def _returns(body: Body) -> list[Exit]:
    out: list[Exit] = []
    for s in body:
        if isinstance(s, Exit) and s.kind == "return":
            out.append(s)
        elif isinstance(s, (If, For, While)):
            out += _returns(s.body) + _returns(s.orelse)
    return out


def _leaves(body: Body) -> bool:
    """Can control leave `body`, to go on elsewhere, by an exit of an enclosing loop or of the function?"""
    for s in body:
        match s:
            case Exit():
                return True
            case If(_, then, orelse) if _leaves(then) or _leaves(orelse):
                return True
            case For() | While() if _returns(s.body) or _leaves(s.orelse):
                return True
    return False


def _stays(body: Body) -> bool:
    """Can control reach the end of `body`?"""
    for s in body:
        match s:
            case Exit() | Raise():
                return False
            case If(_, then, orelse) if not _stays(then) and not _stays(orelse):
                return False
            case While(test, inner, after) if not _breaks(inner) and (test == TRUE or (after and not _stays(after))):
                return False
            case For(body=inner, orelse=after) if after and not _breaks(inner) and not _stays(after):
                return False
    return True


def _ends(body: Body) -> bool:
    """Does every path through `body` raise, or go on for ever?"""
    return not _stays(body) and not _leaves(body)


def _breaks(body: Body) -> bool:
    """Has `body` a break of the loop that it is the body of?"""
    return any(
        (isinstance(s, Exit) and s.kind == "break")
        or (isinstance(s, If) and (_breaks(s.body) or _breaks(s.orelse)))
        or (isinstance(s, (For, While)) and _breaks(s.orelse))
        for s in body
    )


def _sequence(body: Body, state: _Function, in_loop: bool) -> Body:
    """`body` with every exit at the end of its path; `in_loop`: a `return` has to break out of a loop."""
    out: list[Stmt] = []
    for i, s in enumerate(body):
        rest = body[i + 1 :]
        match s:
            case Exit("continue"):
                return tuple(out)
            case Exit("break"):
                return (*out, s)
            case Exit("return"):
                out += state.give(s)
                if in_loop:
                    out += [Assign(state.flag(), TRUE, s.at), Exit("break", None, s.at)]
                return tuple(out)
            case Raise():
                return (*out, s)
            case For() | While():
                head, after = _loop(s, rest, state, in_loop)
                out += head
                if after is not rest:
                    return (*out, *_sequence(after, state, in_loop))
            case If(_, then, orelse) if rest and (_leaves(then) or _leaves(orelse)):
                if not _stays(then):
                    return (*out, *_if(replace(s, orelse=orelse + rest), state, in_loop))
                if not _stays(orelse):
                    return (*out, *_if(replace(s, body=then + rest), state, in_loop))
                go = state.fresh("go")
                out.append(Assign(go, TRUE, s.at))
                every, stop = frozenset({"break", "continue", "return"}), Assign(go, FALSE, s.at)
                then, orelse = _before_exits(then, every, stop), _before_exits(orelse, every, stop)
                out += _if(replace(s, body=then, orelse=orelse), state, in_loop)
                return (*out, If(Var(go), _sequence(rest, state, in_loop), at=s.at))
            case If(_, then, orelse) if orelse and _ends(then):
                out += _if(replace(s, orelse=()), state, in_loop)
                return (*out, *_sequence(orelse + rest, state, in_loop))
            case If(test, then, orelse) if then and _ends(orelse):
                out += _if(replace(s, test=Apply("not", (test,)), body=orelse, orelse=()), state, in_loop)
                return (*out, *_sequence(then + rest, state, in_loop))
            case If():
                out += _if(s, state, in_loop)
                if not _stays((s,)):
                    return tuple(out)
            case _:
                out.append(s)
    return tuple(out)


def _if(s: If, state: _Function, in_loop: bool) -> Body:
    return (replace(s, body=_sequence(s.body, state, in_loop), orelse=_sequence(s.orelse, state, in_loop)),)


def _before_exits(body: Body, kinds: frozenset[str], flag: Assign) -> Body:
    """`body` with `flag` set before each exit of one of `kinds` that leaves it."""
    out: list[Stmt] = []
    for s in body:
        match s:
            case Exit(kind) if kind in kinds:
                return (*out, flag, s)
            case If(_, then, orelse):
                then, orelse = _before_exits(then, kinds, flag), _before_exits(orelse, kinds, flag)
                out.append(replace(s, body=then, orelse=orelse))
            case For() | While():
                inner = _before_exits(s.body, kinds & {"return"}, flag)
                out.append(replace(s, body=inner, orelse=_before_exits(s.orelse, kinds, flag)))
            case _:
                out.append(s)
    return tuple(out)


def _loop(s: For | While, rest: Body, state: _Function, in_loop: bool) -> tuple[Body, Body]:
    """The loop with its `else` moved behind it, and what is left to run after it."""
    returns = bool(_returns(s.body))
    body, after = s.body, rest
    before: Body = ()
    if s.orelse:
        if _breaks(s.body) or returns:
            broke = state.fresh("broke")
            before = (Assign(broke, FALSE, s.at),)
            body = _before_exits(body, frozenset({"break", "return"}), Assign(broke, TRUE, s.at))
            after = (If(Var(broke), (), s.orelse, at=s.at), *rest)
        else:
            after = s.orelse + rest
    loop = replace(s, body=_sequence(body, state, in_loop=True), orelse=())
    out: Body = (*before, loop)
    if returns:
        leave: Body = (Exit("break", None, s.at),) if in_loop else ()
        follow = _sequence(after, state, in_loop)
        if leave or follow:
            out = (*out, If(Var(state.flag()), leave, follow, at=s.at))
        return out, ()
    return out, after
