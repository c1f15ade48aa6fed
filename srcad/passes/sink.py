"""Steps of the reverse sweep that matter after one branch alone, moved into it.

    if taken:                                       if taken:
        x_bar += y_bar * 0.5                            x_bar += y_bar * 0.5
    else:                                   ->      else:
        a_bar += y_bar * delta                          a_bar += y_bar * delta
    x_bar += a_bar * sign                               x_bar += a_bar * sign

A value computed before an `if` and used on one side of it has a bar that is zero after the other, and so is all that
this bar gives: the reverse sweep is linear in bars. Only sums of scalars are moved, without elements of arrays: a
loop whose loads and stores depend on no branch can be vectorised.
"""

from __future__ import annotations

from dataclasses import replace

from srcad.bars import Bars
from srcad.ir import Apply, Assign, Const, Expr, If, Item, Select, Stmt, Var, names, nodes
from srcad.sweeps import Adjoint, Reversed

SIDES = ("body", "orelse")


def sink(a: Adjoint) -> Adjoint:
    """`a` with such steps moved. Its blocks are changed in place."""
    _Sinking(a).blocks()
    return a


class _Sinking:
    def __init__(self, a: Adjoint) -> None:
        self.a, self.bars, self.scalars = a, Bars(a), set(a.bars.values())
        self.done: set[int] = set()  # the blocks of branches, which are reached from the block around them

    def blocks(self) -> None:
        """Move steps in every block."""
        for made in tuple(self.a.blocks.values()):
            if id(made) not in self.done:
                self._block(made, frozenset())

    def _block(self, made: Reversed, zero: frozenset[str]) -> None:
        """Move the steps of one block, given the bars that are zero before them."""
        self.done.add(id(made))
        zero |= {t.target for t in made.bars if isinstance(t, Assign)}
        out: list[Stmt] = []
        steps = made.steps
        while steps:
            t, steps = steps[0], steps[1:]
            touched = self._touched([t])
            if isinstance(t, If):
                t, moved, steps = self._if(t, steps, zero)
                touched |= moved
            out.append(t)
            zero -= touched
        made.steps = out

    def _touched(self, steps: list[Stmt]) -> set[str]:
        """The bars that `steps`, none of which was changed yet, add to or set."""
        uses = self.bars.uses(steps)
        return uses.adds | uses.sets

    def _if(self, s: If, after: list[Stmt], zero: frozenset[str]) -> tuple[If, set[str], list[Stmt]]:
        """`s` with steps of those `after` it moved in, the bars that these add to, and the other steps."""
        inner = [self.a.blocks.get((s.key, side)) if s.key else None for side in SIDES]
        sides = [list(b.steps if b is not None else own) for b, own in zip(inner, (s.body, s.orelse), strict=True)]
        touched = [self._touched(side) for side in sides]
        moved: set[str] = set()
        rest: list[Stmt] = []
        for k, t in enumerate(after):
            if not isinstance(t, Assign):
                rest += after[k:]
                break
            bar = self._sum(t)
            side = next((n for n in (0, 1) if bar in touched[n] and bar not in touched[1 - n]), None)
            if bar is None or bar not in zero or side is None or not all(_commute(t, r) for r in rest):
                rest.append(t)
                continue
            sides[side].append(t)
            touched[side].add(t.target)
            moved.add(t.target)
        for b, steps in zip(inner, sides, strict=True):
            if b is not None:
                b.steps = steps
                self._block(b, zero)
        return s if s.key else replace(s, body=tuple(sides[0]), orelse=tuple(sides[1])), moved, rest

    def _sum(self, s: Assign) -> str | None:
        """The bar that `s` adds a multiple of to another one, if this is all it does."""
        match s:
            case Assign(target, Apply("+=" | "-=", (Var(same), term))) if same == target and target in self.scalars:
                found = {n for n in names(term) if n in self.scalars}
                bar = next(iter(found), None)
                plain = not any(isinstance(n, Item) for n in nodes(term))
                if bar is not None and len(found) == 1 and bar != target and plain and _vanishes(term, bar):
                    return bar
        return None


def _vanishes(e: Expr, bar: str) -> bool:
    """Is `e` zero where `bar` is, by its form?"""
    match e:
        case Var(name):
            return name == bar
        case Const(value):
            return bool(value == 0.0)
        case Apply("np.float32", (a,)) | Apply("neg", (a,)) | Apply("/", (a, _)):
            return _vanishes(a, bar)
        case Apply("*", (a, b)):
            return _vanishes(a, bar) or _vanishes(b, bar)
        case Select(_, yes, no):
            return _vanishes(yes, bar) and _vanishes(no, bar)
    return False


def _commute(s: Assign, t: Stmt) -> bool:
    """May `s`, a sum, be made before `t` instead of after it?"""
    assert isinstance(t, Assign)
    adds = isinstance(t.value, Apply) and t.value.op in ("+=", "-=")
    read = set(names(t.value.args[1] if adds and isinstance(t.value, Apply) else t.value))
    return t.target not in set(names(s.value)) - {s.target} and s.target not in read and (adds or t.target != s.target)
