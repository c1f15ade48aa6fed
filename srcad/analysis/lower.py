"""The least value that an integer of a function can have, where that is known.

    n = x.shape[0]                        n: 0
    for i in range(n - 1, -1, -1):        i: 0
        for j in range(i + 1, n):         j: 1        j - 1: 0        j - i: unknown

One bound a name, over all its assignments; overflow is left aside. Needs ordinary code, in which names may be assigned
again.
"""

from __future__ import annotations

from collections.abc import Mapping

from srcad.ir import Apply, Assign, Const, Expr, Field, For, Function, Invoke, Item, Select, Var, walk
from srcad.types import is_array

ROUNDS = 4  # after which a bound that still falls is taken to fall forever
Bound = int | None
UNSEEN = 1 << 62  # above every bound: what no assignment has been seen of


class Lower:
    """Answers what an expression is at least."""

    def __init__(self, f: Function) -> None:
        self.types = f.types
        self.bounds: dict[str, Bound] = dict.fromkeys(f.params)
        self.assigned: set[str] = set()  # names that the function itself binds
        given: list[tuple[str, Expr | For]] = []
        for s in walk(f.body):
            match s:
                case Assign(target, value):
                    given.append((target, value))
                case For(target):
                    given.append((target, s))
                case Invoke(targets):
                    self.bounds.update(dict.fromkeys(targets))
                    self.assigned |= set(targets)
        self.assigned |= {name for name, _ in given}
        for name, _ in given:
            self.bounds.setdefault(name, UNSEEN)
        self._settle(given)

    def _settle(self, given: list[tuple[str, Expr | For]]) -> None:
        """Lower the bounds until all assignments respect them; what keeps falling is unknown."""
        rounds = 0
        changed = True
        while changed:
            changed, rounds = False, rounds + 1
            for name, value in given:
                old = self.bounds[name]
                new = self.index(value) if isinstance(value, For) else self.of(value)
                if old is None or (new is not None and new >= old):
                    continue
                self.bounds[name] = None if rounds > ROUNDS else new
                changed = True

    def index(self, loop: For, known: Mapping[str, int] | None = None) -> Bound:
        """What the index of `loop` is at least."""
        match loop.step:
            case Const(int(step)) if step > 0:
                return self.of(loop.start, known)
            case Const(int(step)) if step < 0:
                return _plus(self.of(loop.stop, known), 1)
        return None

    def of(self, e: Expr, known: Mapping[str, int] | None = None) -> Bound:
        """What `e` is at least, given bounds `known` where it stands; None if that can't be told."""
        match e:
            case Const(int(value)):
                return int(value)
            case Var(name):
                bound = self.bounds.get(name)
                here = known.get(name) if known else None
                return bound if here is None or (bound is not None and bound > here) else here
            case Item(Field(Var(x), "shape"), _) | Field(Var(x), "size" | "ndim") if is_array(self.types.get(x)):
                return 0
            case Apply("len"):
                return 0
            case Apply("-" | "-=", (a, Const(int(value)))):
                return _plus(self.of(a, known), -value)
            case Select(_, yes, no):
                return _least(self.of(yes, known), self.of(no, known))
            case Apply(op, (a, b)):
                return self._binary(op.removesuffix("="), self.of(a, known), self.of(b, known))
        return None

    def _binary(self, op: str, a: Bound, b: Bound) -> Bound:
        match op:
            case "+":
                return None if b is None else _plus(a, b)
            case "*" if a is not None and b is not None and a >= 0 and b >= 0:
                return UNSEEN if UNSEEN in (a, b) else a * b
            case "//" if a is not None and b is not None and a >= 0 and b > 0:
                return 0
            case "%" if b is not None and b > 0:
                return 0  # of the sign of the divisor
            case "max":
                return b if a is None else a if b is None else max(a, b)
            case "min":
                return _least(a, b)
        return None


def _plus(a: Bound, b: int) -> Bound:
    if a is None:
        return None
    return UNSEEN if UNSEEN in (a, b) else a + b


def _least(a: Bound, b: Bound) -> Bound:
    return None if a is None or b is None else min(a, b)
