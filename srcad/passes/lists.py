"""Lists made item by item: a display, a repetition, a sum or a slice of lists becomes `[]` and appends.

    a = [x, y]                    a = []
    b = a * 3             ->      a.append(x);  a.append(y)
                                  b = []
                                  for i in 0:3:1:
                                      for j in 0:len(a):1:
                                          %1 = a[j];  b.append(%1)

Needs: types of all names, no tuples. Guarantees: what makes a list is `[]` alone, and what is appended has the type of
the list's items. Not for: reductions of lists, which `scalarise` reads as it reads those of arrays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from numba.core import types

from srcad.analysis.alias import Aliases
from srcad.analysis.kinds import example
from srcad.build import Builder
from srcad.errors import unsupported
from srcad.ir import (
    ONE,
    ZERO,
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Expr,
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
    Var,
    While,
    bindings,
    is_atom,
    map_bodies,
    map_each,
    map_exprs,
    names,
    reads,
    transform,
    walk,
)
from srcad.types import Type, is_array, is_list, is_reference

RESIZED = "the list gets longer or shorter while the loop runs over it"


def lists(f: Function) -> Function:
    """`f` with lists that only grow by appends.

    Raises:
        SrcadError: a list of something else than numbers, or a slice by an odd step.
    """
    return _Lists(f).function()


class _Lists:
    def __init__(self, f: Function) -> None:
        self.f, self.b = f, Builder(f)
        self.uses = Counter(n for s in walk(f.body) for e in reads(s) for n in names(e))
        self.uses.update(names(f.result))
        self.written: dict[str, tuple[Expr, ...]] = {}  # displays that are only repeated

    def function(self) -> Function:
        if not any(map(is_list, self.f.types.values())):
            return replace(self.f, body=_bare(self.f.body))
        self.aliases = Aliases(self.f)
        self.definitions = Counter([*self.f.params, *bindings(self.f.body)])
        assigns = (s for s in walk(self.f.body) if isinstance(s, Assign))
        self.copies = {s.target: s.value.name for s in assigns if isinstance(s.value, Var)}
        return replace(self.f, body=_bare(self.body(self.f.body)), types=self.b.types)

    def body(self, body: Body) -> Body:
        old = self.b.block()
        for k, s in enumerate(body):
            self.b.at = s.at
            match s, body[k + 1 : k + 2]:
                case Assign(a, Array(items, True)), (Assign(_, Apply("*", (Var(b), _))),) if self._only(a, b, items):
                    self.written[a] = items
                case _:
                    self.statement(s)
        return self.b.taken(old)

    def _only(self, a: str, b: str, items: tuple[Expr, ...]) -> bool:
        """Is the list `a` read once, as `b`? Lists in it are not made anew each time: they are the same ones."""
        return a == b and self.uses[a] == 1 and not any(isinstance(i, Array) for i in items)

    def statement(self, s: Stmt) -> None:
        s = map_exprs(s, lambda e: transform(e, self._truth))
        if isinstance(s, (If, While)):
            s = replace(s, test=self._has_items(s.test))
        match s:
            case Assign(target, value) if is_list(self.b.types.get(target)):
                self._numbers(self.b.types[target])
                self.assign(target, value)
            case Append(lst, value):
                self.append(lst, value)
            case For(over=over) if over:
                self._over_lists(s)
            case Store(array, index, value, op) if is_list(t := self.b.kind(Item(array, index))):
                self._stored(array, index, value, op, t)
            case Store(Var(array), index, value, str(op)) if self._is_list(array) and is_array(
                t := self.b.kind(Item(Var(array), index))
            ):
                item = self.b.emit(Item(Var(array), index), t)  # the array itself is changed
                assert isinstance(item, Var)
                self.b.assign(item.name, Apply(f"{op}=", (item, value)))
            case _:
                self.b.add(map_bodies(s, self.body))

    def _has_items(self, test: Expr) -> Expr:
        """The truth of a list as a question about its length, which the reverse sweep knows to be another one later."""
        shown = isinstance(test, (Var, Item)) and is_list(self.b.kind(test))
        return Apply("!=", (Apply("len", (test,)), ZERO)) if shown else test

    def _truth(self, e: Expr) -> Expr:
        """`e` without the truth of lists."""
        match e:
            case Apply("not", (a,)) if isinstance(test := self._has_items(a), Apply) and test is not a:
                return replace(test, op="==")
            case Apply("and" | "or", args):
                return replace(e, args=map_each(args, self._has_items))
            case Select(test):
                return replace(e, test=self._has_items(test))
            case Apply("==" | "!=" | "<" | "<=" | ">" | ">=", args) if any(
                isinstance(a, Var) and self._is_list(a.name) for a in args
            ):
                raise unsupported(self.b.at, "lists can't be compared here", "a loop that compares their items")
        return e

    def _over_lists(self, loop: For) -> None:
        """A loop that takes the items of lists: if one of them gets longer or shorter meanwhile, it has to notice."""
        changed = {self.aliases.of(n): n for s in walk(loop.body) for n in _resized(s) if self._is_list(n)}
        body = self.body(loop.body)
        for e in loop.over:
            if isinstance(e, Var) and self._is_list(e.name) and self.aliases.of(e.name) in changed:
                if any(self._same(e.name, n) for s in walk(loop.body) for n in _resized(s)):
                    raise unsupported(loop.at, RESIZED, "a loop over lst.copy(), or a while loop with an index")
                n = self.b.emit(Apply("len", (e,)), types.intp)
                error = Raise(Apply("RuntimeError", (Const(RESIZED),)), loop.at)
                body = (*body, If(Apply("!=", (Apply("len", (e,)), n)), (error,), at=loop.at))
        self.b.add(replace(loop, body=body))

    def _same(self, a: str, b: str) -> bool:
        """Are both names surely one list?"""
        return self._origin(a) == self._origin(b) and self.definitions[self._origin(a)] <= 1

    def _origin(self, name: str) -> str:
        while name in self.copies and self.definitions[name] == 1:
            name = self.copies[name]
        return name

    def _numbers(self, t: Type) -> None:
        if not isinstance(t.dtype, (types.Number, types.Boolean)) and not is_reference(t.dtype):
            what = "a list of what is neither a number nor an array can't be read"
            raise unsupported(self.b.at, what, "numbers that stand for them")

    def assign(self, target: str, value: Expr) -> None:
        match value:
            case Var() | Apply(".pop"):
                self.b.assign(target, value)
            case Array((), True, _, of) if of is not None:
                self.b.assign(target, replace(value, of=example(self.b.types[target].dtype)))
            case Array(items):
                self._filled(target, lambda lst: self._append_all(lst, items))
            case Apply("*=", (Var(a), n)):
                if a != target:
                    self.b.assign(target, Var(a))
                self._lengthen(target, n)
            case Apply("*", (Var(a), n)) if self._is_list(a):
                self._filled(target, lambda lst: self._repeat(lst, a, n), a)
            case Apply("*", (n, Var(a))):
                self._filled(target, lambda lst: self._repeat(lst, a, n), a)
            case Apply("+", (Var(a), Var(b))):
                self._filled(target, lambda lst: self._join(lst, a, b), a, b)
            case Apply("+=", (Var(a), Var(b))):
                if a != target:
                    self.b.assign(target, Var(a))
                self._extend(target, b)
            case Apply(".copy", (Var(a),)):
                self._filled(target, lambda lst: self._extend(lst, a), a)
            case Item(Var(), (Slice(None, Const(0), None),)):
                self.b.assign(target, Array((), True, of=example(self.b.types[target].dtype)))
            case Item(Var(a), (Slice() as part,)):
                self._filled(target, lambda lst: self._slice(lst, a, part), a)
            case Item(Var()):  # of a list of lists
                self.b.assign(target, value)
            case _:
                raise unsupported(self.b.at, "this operation on a list has no derivative here", "a loop with append")

    def _is_list(self, name: str) -> bool:
        return is_list(self.b.types.get(name))

    def _filled(self, target: str, fill: Callable[[str], None], *read: str) -> None:
        """`target` as a new list with what `fill` appends; the lists `read` are read for that."""
        name = self.b.new(target, self.b.types[target]) if target in read else target
        self.b.assign(name, Array((), is_list=True))
        fill(name)
        if name != target:
            self.b.assign(target, Var(name))

    def _append_all(self, lst: str, items: tuple[Expr, ...]) -> None:
        for i in items:
            self.append(lst, i)

    def _join(self, lst: str, a: str, b: str) -> None:
        self._extend(lst, a)
        self._extend(lst, b)

    def append(self, lst: str, value: Expr) -> None:
        """`lst.append(value)`, the value being of the type of the list's items."""
        dtype = self.b.types[lst].dtype
        if is_reference(dtype):
            self.b.add(Append(lst, self._item(value, dtype), at=self.b.at))
            return
        if types.unliteral(self.b.kind(value)) != dtype:
            if isinstance(value, Const) and dtype == types.float64:
                value = Const(float(value.value))
            else:
                value = self.b.emit(Apply("float" if dtype == types.float64 else f"np.{dtype}", (value,)))
        self.b.add(Append(lst, value if is_atom(value) else self.b.emit(value), at=self.b.at))

    def _item(self, value: Expr, t: Type) -> Expr:
        """A name for `value`, of the type `t`, that is put into a list: of a list's display, for the list."""
        if is_atom(value) or not is_list(t):
            return self.b.emit(value, t)
        name = self.b.new("%", t)
        self.assign(name, replace(value, is_list=True) if isinstance(value, Array) else value)
        return Var(name)

    def _stored(self, array: Expr, index: tuple[Expr, ...], value: Expr, op: str | None, t: Type) -> None:
        """`array[index] = value`, a list in a list; `+=` makes the one that is there longer."""
        if op is None:
            self.b.store(array, index, self._item(value, t))
        else:
            name = self.b.emit(Item(array, index), t)
            assert op == "+" and isinstance(name, Var)
            added = self._item(value, t)
            assert isinstance(added, Var)
            self._extend(name.name, added.name)

    # ------------------------------------------------------------------ loops

    def _extend(self, lst: str, a: str, start: Expr = ZERO, stop: Expr | None = None) -> None:
        """Append the items of `a` from `start` to `stop`."""
        i = self.b.new("i", types.intp)
        old = self.b.block()
        self.append(lst, self.b.emit(Item(Var(a), (Var(i),))))
        length = Apply("len", (Var(a),)) if is_list(self.b.types[a]) else self.b.length(a)
        self.b.loop(i, length if stop is None else stop, self.b.taken(old), start)

    def _repeat(self, lst: str, a: str, n: Expr) -> None:
        i = self.b.new("i", types.intp)
        old = self.b.block()
        if a in self.written:
            self._append_all(lst, self.written[a])
        else:
            self._extend(lst, a)
        self.b.loop(i, n, self.b.taken(old))

    def _lengthen(self, lst: str, n: Expr) -> None:
        """`lst *= n`, which is seen by all names of the list."""
        if not isinstance(n, Const) or n.value < 1:
            raise unsupported(self.b.at, "a list repeated in place so often can't be read", "a = a * n, a new list")
        length = self.b.emit(Apply("len", (Var(lst),)), types.intp)
        for _ in range(1, n.value):
            self._extend(lst, lst, ZERO, length)

    def _slice(self, lst: str, a: str, part: Slice) -> None:
        step = 1 if part.step in (None, Const(None)) else part.step.value if isinstance(part.step, Const) else 0
        whole = all(p in (None, Const(None)) for p in (part.lower, part.upper))
        if not isinstance(step, int) or step == 0 or (step < 0 and not whole):
            what = "a slice of a list with such a step has no derivative here"
            raise unsupported(self.b.at, what, "a[::-1], a[i:j:2] and their like, or a loop with append")
        n = self.b.emit(Apply("len", (Var(a),)), types.intp)
        start, stop = (self._bound(p, n, default) for p, default in ((part.lower, ZERO), (part.upper, n)))
        if step == 1:
            self._extend(lst, a, start, stop)
            return
        k, old = self.b.new("i", types.intp), self.b.block()
        at = Apply("-", (Apply("-", (n, ONE)), Var(k))) if step < 0 else Var(k)
        self.append(lst, self.b.emit(Item(Var(a), (self.b.emit(at, types.intp),))))
        self.b.add(For(k, start, stop, Const(abs(step)), self.b.taken(old), at=self.b.at))

    def _bound(self, p: Expr | None, n: Expr, default: Expr) -> Expr:
        """Where a slice of `n` items begins or ends: counted from the end if negative, and within the list."""
        if p is None or p == Const(None):
            return default
        if isinstance(p, Const) and p.value >= 0:
            return ZERO if p == ZERO else Apply("min", (p, n))
        p = self.b.emit(p)
        return Apply("min", (Apply("max", (Select(Apply("<", (p, ZERO)), Apply("+", (p, n)), p), ZERO)), n))


def _resized(s: Stmt) -> tuple[str, ...]:
    """The lists that `s` may make longer or shorter."""
    match s:
        case Append(lst) | Assign(lst, Apply("+=" | "*=")) | Assign(_, Apply(".pop", (Var(lst),))):
            return (lst,)
        case Invoke(_, _, args) if s.own is None:
            return tuple(n for a in args for n in names(a))
    return ()


def _bare(body: Body) -> Body:
    """`body` without what loops run over, once it is known to stay."""

    def bare(s: Stmt) -> Stmt:
        s = map_bodies(s, _bare)
        return replace(s, over=()) if isinstance(s, For) and s.over else s

    return map_each(body, bare)
