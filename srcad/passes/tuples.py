"""Tuples taken apart: every item of a tuple variable becomes a variable of its own.

    t = (x, y)                                t_0 = x
    for _ in 0:n:1:                           t_1 = y
        %1 = t[1]                     ->      for _ in 0:n:1:
        %2 = t[0] * 0.5                           %2 = t_0 * 0.5
        t = (%1, %2)                              t_0, t_1 = t_1, %2     (as assignments, in an order that is right)

A tuple parameter is taken apart at the start (`p_x = p.x`), and one of a function that stays a call becomes parameters,
one for each item; such a call returns tuples whole.
Needs: types of all names. Guarantees: no other name has a tuple's type, no expression takes an item of a tuple, but
for those of parameters, global tuples and results of calls at the places where they are taken apart.
Not for: arrays, whose shapes are left as `x.shape[0]`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from srcad.algebra import simplify
from srcad.analysis.compare import compare, joined
from srcad.analysis.kinds import kind
from srcad.build import Rewriter
from srcad.errors import unsupported
from srcad.ir import (
    FALSE,
    ONE,
    TRUE,
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Exit,
    Expr,
    Field,
    For,
    Function,
    If,
    Invoke,
    Item,
    Raise,
    Select,
    Slice,
    Stmt,
    Store,
    Tuple,
    Var,
    bindings,
    is_atom,
    map_bodies,
    map_exprs,
    names,
    reads,
    transform,
    walk,
    writes,
)
from srcad.ranks import rank
from srcad.types import Type, is_array, is_tuple

OUTSIDE = "tuple index out of range"


def untuple(f: Function) -> Function:
    """`f` without tuple variables.

    Raises:
        SrcadError: a tuple made by a function that srcad does not know.
    """
    return _Untupler(f).function()


class _Untupler(Rewriter):
    def __init__(self, f: Function) -> None:
        super().__init__(f)
        self.definitions = Counter([*f.params, *bindings(f.body)])
        self.makers: dict[str, tuple[str, ...]] = {}  # a namedtuple class's name -> its fields
        self.classes: dict[type, str] = {}
        self.known: dict[str, Expr] = {}  # a name that holds nothing but this, as long as it lives
        self.range: dict[str, tuple[int, int]] = {}  # loop indices between constants
        for s in walk(f.body):
            if isinstance(s, Assign) and isinstance(s.value, Tuple) and s.value.maker:
                self._maker(f.types.get(s.target), s.value.maker)
        tuples = [(n, t) for n, t in f.types.items() if is_tuple(t)]
        self.whole = {n: self._apart(n, t, self.definitions[n]) for n, t in tuples}

    def _maker(self, t: Type, name: str = "") -> str:
        cls = getattr(t, "instance_class", None)
        if cls is None:
            return ""
        name = self.classes.setdefault(cls, name or cls.__name__)
        self.makers[name] = tuple(t.fields)
        return name

    def _apart(self, name: str, t: Type, definitions: int) -> Tuple:
        """The tuple of new variables that stands for the variable `name`, which has as many definitions."""
        maker = self._maker(t)
        labels = self.makers[maker] if maker else [str(i) for i in range(len(t))]
        items: list[Var | Tuple] = []
        for label, item in zip(labels, t, strict=True):
            new = "%" if name.startswith("%") else f"{name}_{label}"
            if is_tuple(item):
                items.append(self._apart(new, item, definitions))
            else:
                variable = self.b.new(new, item)
                self.definitions[variable] = definitions
                items.append(Var(variable))
        return Tuple(tuple(items), maker)

    # ------------------------------------------------------------------ the function

    def function(self) -> Function:
        body = self.body(self.f.body)
        result = None if self.f.result is None else self.expr(self.f.result)
        used = {n for s in walk(body) for n in (*writes(s), *(m for e in reads(s) for m in names(e)))}
        used |= set(names(result))
        bound = set(bindings(self.f.body))
        globals_ = [n for n in self.whole if n not in bound and n not in self.f.params]
        self.b.at, old = self.f.at, self.b.block()
        params = self.f.params
        if self.f.external:  # its callers pass the items
            params = tuple(p for n in params for p in (_flat(self.whole[n]) if n in self.whole else (n,)))
        for n in params:
            if n in self.whole:
                self._take(self.whole[n], Var(n))
        for n in globals_:
            self._take(self.whole[n], Var(n), used)
        body = self.b.taken(old) + body
        stay = used | set(globals_) | set(params)
        left = {n: t for n, t in self.b.types.items() if not is_tuple(t) or n in stay}
        return replace(self.f, params=params, body=body, result=result, types=left)

    def _take(self, apart: Tuple, whole: Expr, used: set[str] | None = None) -> None:
        """Assign each variable of `apart` its item of the tuple `whole`."""
        for i, (v, item) in enumerate(zip(apart.items, self._items(apart, whole), strict=True)):
            if isinstance(v, Tuple):
                self._take(v, item, used)
            elif isinstance(v, Var) and (used is None or v.name in used):
                self.b.assign(apart.items[i].name, item)  # type: ignore[union-attr]

    def _items(self, apart: Tuple, whole: Expr) -> Iterable[Expr]:
        if apart.maker:
            return (Field(whole, name) for name in self.makers[apart.maker])
        return (Item(whole, (Const(i),)) for i, _ in enumerate(apart.items))

    def statement(self, s: Stmt) -> None:
        match s:
            case Assign(target, value):
                self.assign(target, value)
                return
            case Invoke(targets, _, args):
                given = tuple(self.expr(a) for a in args)
                if s.own is None:
                    given = tuple(v for a in given for v in _items_of(a))
                self.b.add(replace(s, args=given))
                for t in targets:
                    if t in self.whole:
                        self._take(self.whole[t], Var(t))
                return
            case Append(lst, value):
                self._append(self.expr(Var(lst)), self.expr(value))
                return
            case If(test, then, orelse):
                test = simplify(self.truth(self.expr(test)))
                if isinstance(test, Const) and not _leaves(then if test.value else orelse):
                    self.b.out += self.body(then if test.value else orelse)
                else:
                    self.b.add(replace(s, test=test, body=self.body(then), orelse=self.body(orelse)))
                return
        s = map_exprs(s, self.expr)
        if isinstance(s, Store):
            s = replace(s, index=self._parts(s.index))
        if isinstance(s, For):
            self._note_range(s)
        self.b.add(map_bodies(s, self.body))

    def _append(self, lst: Expr, value: Expr) -> None:
        """`lst.append(value)`; to a tuple of lists, its items to each."""
        if isinstance(lst, Tuple) and isinstance(value, Tuple):
            for part, item in _pairs(lst, value):
                self.b.add(Append(part, item, at=self.b.at))
        else:
            assert isinstance(lst, Var)
            self.b.add(Append(lst.name, value, at=self.b.at))

    def _note_range(self, s: For) -> None:
        start, stop = self.bounds(s.start), self.bounds(s.stop)
        if self.definitions[s.target] == 1 and s.step == ONE and start and stop:
            self.range[s.target] = (start[0], stop[1] - 1)

    # ------------------------------------------------------------------ assignments

    def assign(self, target: str, value: Expr) -> None:
        match value:
            case Apply("sum" | "max" | "min" as op, (of,)) if (items := self._tuple(of)) is not None:
                self._fold(target, op, items)
                return
            case Item(of, (which,)) if not isinstance(which, (Const, Slice)):
                items = self._tuple(of)
                if items is not None:
                    self._choose(target, items, self.expr(which))
                    return
        self._bind(target, self.expr(value))

    def _tuple(self, e: Expr) -> Tuple | None:
        made = self.expr(e)
        return made if isinstance(made, Tuple) else None

    def _fold(self, target: str, op: str, t: Tuple) -> None:
        """`sum(t)`, `max(t)`: two at a time, in order."""
        total = t.items[0] if t.items else Const(0)
        for item in t.items[1:]:
            total = Apply("+" if op == "sum" else op, (self.b.emit(total), self.b.emit(item)))
        self.b.assign(target, total)

    def _bind(self, target: str, value: Expr) -> None:
        """`target = value`, item by item; a value that never changes is just known by both names."""
        if target not in self.whole:
            if target.startswith("%") and self._constant(target, value):
                self.known[target] = value
            else:
                self.b.assign(target, value)
            return
        if not isinstance(value, Tuple):
            raise unsupported(self.b.at, "this tuple can't be taken apart", "its items, one by one")
        pairs = list(_pairs(self.whole[target], value))
        kept = [(v, e) for v, e in pairs if not self._constant(v, e)]
        self.known |= {v: e for v, e in pairs if self._constant(v, e)}
        self._move(kept)

    def _constant(self, target: str, value: Expr) -> bool:
        """Is `value` an atom that is the same wherever `target` may be read?

        With one definition each, which reach all reads, `target` is bound anew whenever its source is.
        """
        if self.definitions[target] != 1 or not is_atom(value):
            return False
        return isinstance(value, Const) or self.definitions[value.name] <= 1  # type: ignore[union-attr]

    def _move(self, pairs: list[tuple[str, Expr]]) -> None:
        """Assign all at once: what an earlier assignment overwrites is copied before."""
        ready: list[tuple[str, Expr]] = []
        for i, (v, e) in enumerate(pairs):
            earlier = {target for target, _ in pairs[:i]}
            if earlier & set(names(e)):
                kept = self.b.new("%", self.b.types[v])
                self.b.assign(kept, e)
                e = Var(kept)
            ready.append((v, e))
        for v, e in ready:
            if e != Var(v):
                self.b.assign(v, e)

    # ------------------------------------------------------------------ an item chosen at run time

    def _choose(self, target: str, t: Tuple, which: Expr) -> None:
        """`target = t[which]` as a chain of branches."""
        bounds = self.bounds(which)
        which = self.b.emit(which)
        self._several(Var(target) if target not in self.whole else self.whole[target])
        tests = self._tests(which, len(t.items), bounds)
        if bounds and bounds[0] >= 0 and bounds[1] < len(t.items):
            chain: Body | None = None
        else:
            chain = (Raise(Apply("IndexError", (Const(OUTSIDE),)), self.b.at),)
        for i, test in reversed(tests):
            old = self.b.block()
            self._bind(target, t.items[i])
            then = self.b.taken(old)
            chain = then if chain is None else (If(test, then, chain, at=self.b.at),)
        for s in chain or ():
            self.b.add(s)

    def _several(self, v: Expr) -> None:
        """The variable `v` gets a definition on each branch."""
        for name in names(v):
            self.definitions[name] += 1

    def _tests(self, which: Expr, n: int, bounds: tuple[int, int] | None) -> list[tuple[int, Expr]]:
        """For each item that may be meant, the test that it is."""
        low, high = bounds or (-n, n - 1)
        out: list[tuple[int, Expr]] = []
        for i in range(n):
            meant = [Apply("==", (which, Const(k))) for k in (i, i - n) if low <= k <= high]
            if meant:
                out.append((i, meant[0] if len(meant) == 1 else Apply("or", tuple(meant))))
        return out

    def bounds(self, e: Expr) -> tuple[int, int] | None:
        """The least and the greatest value that the int `e` may have, if known."""
        match e:
            case Const(int(value)):
                return value, value
            case Var(name):
                return self.range.get(name)
            case Apply("%", (_, Const(int(n)))) if n > 0:
                return 0, n - 1
            case Apply("-", (a, b)):
                x, y = self.bounds(a), self.bounds(b)
                return (x[0] - y[1], x[1] - y[0]) if x and y else None
        return None

    # ------------------------------------------------------------------ expressions

    def expr(self, e: Expr) -> Expr:
        """`e` with no tuple in it, or the tuple of its items."""
        return transform(e, self.step)

    def _parts(self, index: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """The index of an array: `x[(i, j)]` is `x[i, j]`."""
        match index:
            case (Tuple(items),):
                return items
        if any(isinstance(p, Tuple) for p in index):
            raise unsupported(self.b.at, "a tuple beside other parts of an index can't be read", "an array of indices")
        return index

    def truth(self, e: Expr) -> Expr:
        return Const(bool(e.items)) if isinstance(e, Tuple) else e

    def step(self, e: Expr) -> Expr:
        match e:
            case Var(name):
                if name in self.whole:
                    return self._now(self.whole[name])
                return self.known.get(name, e)
            case Item(Tuple(items, _), (which,)):
                return self._pick(items, which)
            case Item(base, index) if not isinstance(base, Tuple) and any(isinstance(p, Tuple) for p in index):
                return Item(base, self._parts(index))
            case Field(Tuple(items, maker), name):
                return items[self.makers[maker].index(name)]
            case Field(of, "shape" | "ndim" as name) if is_array(t := kind(of, self.b.types)):
                axes = tuple(Item(Field(of, "shape"), (Const(k),)) for k in range(t.ndim))
                return Tuple(axes) if name == "shape" else Const(t.ndim)
            case Apply("np.ndim", (of,)) if (n := rank(kind(of, self.b.types))) is not None:
                return Const(n)
            case Apply(op, args) if any(isinstance(a, Tuple) for a in args):
                return self._apply(op, args, e)
            case Select(test, Tuple(yes, maker), Tuple(no, _)):
                return Tuple(tuple(Select(test, y, n) for y, n in zip(yes, no, strict=True)), maker)
            case Array(items, False, dtype) if any(isinstance(i, Tuple) for i in items):
                rows = (Array(i.items, False) if isinstance(i, Tuple) else i for i in items)
                return Array(tuple(rows), False, dtype)
        return e

    def _now(self, t: Tuple) -> Tuple:
        """The tuple's variables, or what is known of them."""
        items = (self._now(v) if isinstance(v, Tuple) else self.known.get(v.name, v) for v in t.items)  # type: ignore[union-attr]
        return Tuple(tuple(items), t.maker)

    def _pick(self, items: tuple[Expr, ...], which: Expr) -> Expr:
        match which:
            case Const(int(i)) if -len(items) <= i < len(items):
                return items[i]
            case Slice(lower, upper, step):
                parts = (lower, upper, step)
                if all(p is None or isinstance(p, Const) for p in parts):
                    return Tuple(items[slice(*(p.value if isinstance(p, Const) else None for p in parts))])
        tests = self._tests(which, len(items), self.bounds(which))
        if isinstance(which, Const) or not tests:
            raise unsupported(self.b.at, f"the tuple has {len(items)} items", "an index inside it")
        if isinstance(which, Slice):
            raise unsupported(self.b.at, "a slice of a tuple needs constant bounds", "constants, or an array")
        chain = items[tests[-1][0]]
        for i, test in reversed(tests[:-1]):
            chain = Select(test, items[i], chain)
        return chain

    def _apply(self, op: str, args: tuple[Expr, ...], e: Expr) -> Expr:
        match op, args:
            case "len", (Tuple(items, _),):
                return Const(len(items))
            case "not", (Tuple(items, _),):
                return Const(not items)
            case "+" | "+=", (Tuple(a, _), Tuple(b, _)):
                return Tuple(a + b)
            case "*" | "*=", (Tuple(a, _), Const(int(n))) | (Const(int(n)), Tuple(a, _)):
                return Tuple(a * n)
            case "==" | "!=" | "<" | "<=" | ">" | ">=", (Tuple(a, _), Tuple(b, _)):
                return compare(op, a, b)
            case "in" | "not in", (x, Tuple(items, _)):
                found = joined("or", [Apply("==", (x, i)) for i in items], FALSE)
                return found if op == "in" else Apply("not", (found,))
            case "is" | "==", (Tuple(), Const(None)):
                return FALSE
            case "is not" | "!=", (Tuple(), Const(None)):
                return TRUE
            case "sum" | "max" | "min", (Tuple(items, _),) if items:
                pairwise = "+" if op == "sum" else op
                return reduce(lambda x, y: Apply(pairwise, (x, y)), items)
            case "array_of" | "np.asarray", (Tuple() as t,):
                if not any(is_array(kind(i, self.b.types)) for i in _items_of(t)):
                    return self.step(Array(t.items))
        return e


def _leaves(body: Body) -> bool:
    return any(isinstance(s, (Exit, Raise)) for s in walk(body))


def _pairs(apart: Tuple, value: Tuple) -> Iterable[tuple[str, Expr]]:
    """Each variable of `apart` with the item of `value` that it is to hold."""
    for v, item in zip(apart.items, value.items, strict=True):
        if isinstance(v, Tuple) and isinstance(item, Tuple):
            yield from _pairs(v, item)
        elif isinstance(v, Var):
            yield v.name, item


def _items_of(e: Expr) -> tuple[Expr, ...]:
    """The items of the tuple `e`, and of those in it; `e` itself if it is none."""
    return tuple(v for i in e.items for v in _items_of(i)) if isinstance(e, Tuple) else (e,)


def _flat(t: Tuple) -> tuple[str, ...]:
    """The variables that a tuple is taken apart into."""
    return tuple(v.name for v in _items_of(t) if isinstance(v, Var))
