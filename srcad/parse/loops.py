"""What a `for` runs over: every iterable becomes a count and an item at each step.

    for i, v in enumerate(x):      ->      for k in range(len(x)): i = k; v = x[k]
    for a, b in zip(x, y):         ->      for k in range(min(len(x), len(y))): a = x[k]; b = y[k]
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numba

from srcad.ir import (
    ONE,
    ZERO,
    Append,
    Apply,
    Array,
    Assign,
    Body,
    Const,
    Exit,
    Expr,
    For,
    If,
    Item,
    Raise,
    Tuple,
    Var,
    is_atom,
    names,
)
from srcad.parse.counts import plus, times
from srcad.parse.dicts import Unrolled
from srcad.parse.instances import Instances
from srcad.parse.scope import Closure, Rows, Scope, Several, Static, Value, bound_names, together


@dataclass(frozen=True)
class Range:
    """`range(start, stop, step)`."""

    start: Expr
    stop: Expr
    step: Expr


@dataclass(frozen=True)
class Sequence:
    """`length` items; `item(k)` is the k-th. They are those of `over`, which has to keep its length."""

    length: Expr
    item: Callable[[Expr], Value]
    over: tuple[Expr, ...] = ()


@dataclass(frozen=True)
class Generated:
    """A call of a generator, which is read in place."""

    function: Value
    call: ast.Call


Iterable = Range | Sequence | Unrolled | Generated


def empty(it: Iterable) -> bool:
    """Is `it` known to have no items, as `()`? What runs over it is never read, as nothing says what its items are."""
    return isinstance(it, Sequence) and it.length == ZERO


class Loops(Instances):
    """Reads what loops and comprehensions run over."""

    def iterable(self, node: ast.expr, bound: frozenset[str]) -> Iterable:
        """What a loop runs over, made of values that stay as they are while its body assigns the names `bound`."""
        if (entries := self.entries(node)) is not None:
            return entries
        if isinstance(node, ast.Call):
            known = self.called(node)
            f = known.value if isinstance(known, Static) else None
            if f is range or f is numba.prange:  # which of the two, Numba's option `parallel` says
                return self._range(node)
            if f is enumerate:
                return self._enumerate(node, bound)
            if f is zip:
                return self._zip(node, bound)
            if f is reversed:
                return self._reversed(self.one(node), node, bound)
            if (made := self.generator(known, node)) is not None:
                return made
        known = self.evaluate(node)
        if isinstance(known, Rows):
            return Sequence(known.length, known.item)
        if isinstance(known, Several):
            return Unrolled(tuple(partial(lambda v: v, v) for v in known.value))
        value = self.fixed(self.as_value(known, node), bound, node)
        if isinstance(value, Tuple):
            return Sequence(Const(len(value.items)), lambda k: Item(value, (k,)))
        return Sequence(Apply("len", (value,)), lambda k: Item(value, (k,)), (value,))

    def generator(self, known: Value | None, node: ast.Call) -> Generated | None:
        """The call `node`, if the function `known` that it calls is a generator."""
        raise NotImplementedError

    def over_generator(
        self, target: ast.expr, it: Generated, inside: Callable[[], None], node: ast.AST, bound: frozenset[str]
    ) -> str:
        """The loop over a generator."""
        raise NotImplementedError

    def fixed(self, value: Expr, bound: frozenset[str], node: ast.AST) -> Expr:
        """`value` as an atom or a tuple of atoms that keep their values where `bound` are assigned."""
        if isinstance(value, Tuple):
            return Tuple(tuple(self.fixed(i, bound, node) for i in value.items), value.maker)
        keeps = is_atom(value) and bound.isdisjoint(names(value))
        return value if keeps else self.emit(value, node)

    def _enumerate(self, node: ast.Call, bound: frozenset[str]) -> Iterable:
        starts = [*node.args[1:], *(k.value for k in node.keywords if k.arg == "start")]
        if not 1 <= len(node.args) <= 2 or len(starts) != len(node.args) - 1 + len(node.keywords):
            raise self.refuse(node, "enumerate takes a sequence and a start", "enumerate(x, start=1)")
        it = self.iterable(node.args[0], bound)
        start = self.fixed(self.tree_or_value(starts[0]), bound, node) if starts else ZERO
        if isinstance(it, Unrolled):
            counts = (partial(plus, Const(i), start) for i in range(len(it.items)))
            return Unrolled(tuple(map(_side_by_side, zip(counts, it.items, strict=True))), it.of)
        inner = self.sequence(it, node, bound)
        return Sequence(inner.length, lambda k: together((plus(k, start), inner.item(k))), inner.over)

    def _zip(self, node: ast.Call, bound: frozenset[str]) -> Iterable:
        if not node.args:
            raise self.refuse(node, "zip() of nothing has no items", "zip(x, y)")
        if any(k.arg != "strict" for k in node.keywords) or any(isinstance(a, ast.Starred) for a in node.args):
            raise self.refuse(node, "this zip can't be read", "zip(x, y)")
        found = [self.iterable(a, bound) for a in node.args]
        if any(isinstance(it, Unrolled) for it in found):
            return self._zip_unrolled(found, node, bound)
        parts = [self.sequence(it, node, bound) for it in found]
        length = ZERO if any(map(empty, parts)) else parts[0].length
        for p in parts[1:]:
            length = length if length in (ZERO, p.length) else Apply("min", (length, p.length))
        over = tuple(e for p in parts for e in p.over)
        return Sequence(length, lambda k: together(p.item(k) for p in parts), over)

    def _zip_unrolled(self, found: list[Iterable], node: ast.Call, bound: frozenset[str]) -> Unrolled:
        """`zip` of what is read item by item, and of sequences that have to have as many items."""
        parts = [it if isinstance(it, Unrolled) else self.sequence(it, node, bound) for it in found]
        known = [len(p.items) if isinstance(p, Unrolled) else _count(p) for p in parts]
        count = min(n for n in known if n is not None)
        rows = []
        for p, n in zip(parts, known, strict=True):
            if isinstance(p, Unrolled):
                rows.append(p.items[:count])
                continue
            if n is None:
                at, why = self.location(node), f"zip of fewer than {count} items, in a loop that is read for each"
                short = Apply("<", (p.length, Const(count)))
                self.out.append(If(short, (Raise(Apply("ValueError", (Const(why),)), at),), at=at))
            rows.append(tuple(partial(p.item, Const(k)) for k in range(count)))
        of = next((p.of for p in parts if isinstance(p, Unrolled) and p.of is not None), None)
        return Unrolled(tuple(map(_side_by_side, zip(*rows, strict=True))), of)

    def _range(self, node: ast.Call) -> Range:
        if node.keywords or not 1 <= len(node.args) <= 3 or any(isinstance(a, ast.Starred) for a in node.args):
            raise self.refuse(node, "range takes one to three numbers", "range(start, stop, step)")
        parts = self.in_order(*(lambda a=a: self.tree_or_value(a) for a in node.args))
        if len(parts) == 1:
            return Range(ZERO, parts[0], ONE)
        return Range(parts[0], parts[1], parts[2] if len(parts) == 3 else ONE)

    def extent(self, node: ast.Call) -> Expr:
        """The length of a range that nothing loops over."""
        return self._length(self._range(node), node)

    def _length(self, it: Range, node: ast.AST) -> Expr:
        return self.emit(Apply("len", (Apply("range", (it.start, it.stop, it.step)),)), node)

    def sequence(self, it: Iterable, node: ast.AST, bound: frozenset[str]) -> Sequence:
        """`it`, with items to choose from."""
        if isinstance(it, Sequence):
            return it
        if isinstance(it, Unrolled):
            why = "what is read item by item, as a dict or functions are, is looped over by itself"
            raise self.refuse(node, why, "a loop over it, enumerate or zip")
        if isinstance(it, Generated):
            shown = ast.unparse(it.call)
            raise self.refuse(node, "a generator can't be read here but in a loop over itself", f"list({shown})")
        if it.start == ZERO and it.step == ONE:
            return Sequence(Apply("max", (it.stop, ZERO)), lambda k: k)
        length = self._length(it, node)
        start, step = self.fixed(it.start, bound, node), self.fixed(it.step, bound, node)
        return Sequence(length, lambda k: plus(start, times(k, step)))

    def _reversed(self, arg: ast.expr, node: ast.Call, bound: frozenset[str]) -> Iterable:
        it = self.iterable(arg, bound)
        if isinstance(it, Unrolled):
            return replace(it, items=it.items[::-1])
        if isinstance(it, Range) and it.step == ONE:
            return Range(plus(it.stop, Const(-1)), plus(it.start, Const(-1)), Const(-1))
        seq = self.sequence(it, node, bound)
        if isinstance(arg, ast.Call) and isinstance(seq.item(ZERO), Tuple):
            raise self.refuse(node, "enumerate and zip can't be reversed in Python", "range(n - 1, -1, -1)")
        last = self.emit(Apply("-", (seq.length, ONE)), node)
        return Sequence(seq.length, lambda k: seq.item(Apply("-", (last, k))), seq.over)

    # ------------------------------------------------------------------ loops

    def bound_by(self, *nodes: ast.AST) -> frozenset[str]:
        """The IR names of the local variables that `nodes` assign, or functions that are called there may."""
        variables = [n for n in bound_names(*nodes) if not self.scope.is_dict(n)]  # those of a dict are rebound
        self.scope.lose(variables)
        return frozenset(map(self.scope.variable, variables)) | self.program.rebound

    def loop(
        self, target: ast.expr, it: Iterable, inside: Callable[[], None], node: ast.AST, bound: frozenset[str]
    ) -> For:
        """The `for` over `it`, with what `inside` writes as its body."""
        at = self.location(node)
        over: tuple[Expr, ...] = ()
        if isinstance(it, Range) and isinstance(target, ast.Name):
            name = self.scope.variable(target.id)
            start, stop, step = it.start, it.stop, it.step
            old = self.block()
            self.scope.bound(target.id, self.out)
        else:
            seq = self.sequence(it, node, bound)
            length = seq.length if is_atom(seq.length) else self.emit(seq.length, node)
            name = self.program.names.fresh("k")
            start, stop, step, over = ZERO, length, ONE, seq.over
            old = self.block()
            self.bind_item(target, seq.item(Var(name)), node)
        self.program.loops += 1
        inside()
        self.program.loops -= 1
        return For(name, start, stop, step, self.taken(old), over=over, at=at)

    def bind_item(self, target: ast.expr, item: Value, node: ast.AST) -> None:
        """Assign a loop's item to its target, without the copies that an assignment to several names takes."""
        if isinstance(item, (Static, Closure)):
            self.bind_entry(target, item, node)
            return
        starred = any(isinstance(t, ast.Starred) for t in ast.iter_child_nodes(target))
        if isinstance(target, (ast.Tuple, ast.List)) and isinstance(item, Tuple) and not starred:
            if len(target.elts) != len(item.items):
                raise self.refuse(target, f"{len(item.items)} items can't be unpacked into {len(target.elts)} names")
            items = item.items
            if any(isinstance(t, ast.Subscript) for t in ast.walk(target)):  # what they overwrite is read before
                items = tuple(self.emit(i, node) if isinstance(i, Item) and is_atom(i.base) else i for i in items)
            for t, i in zip(target.elts, items, strict=True):
                self.bind_item(t, i, node)
        elif isinstance(item, Item) and isinstance(item.base, Tuple):
            k = item.index[0] if is_atom(item.index[0]) or len(item.base.items) < 3 else self.emit(item.index[0], node)
            self.bind_choice(target, item.base.items, k, node)
        else:
            value = item if not isinstance(target, (ast.Tuple, ast.List)) or is_atom(item) else self.emit(item, node)
            self.assign(target, value, node)

    def bind_choice(self, target: ast.expr, items: tuple[Expr, ...], k: Expr, node: ast.AST) -> None:
        """`target = items[k]` as a chain of branches."""
        if not items:
            return
        if len(items) == 1:
            self.bind_item(target, items[0], node)
            return
        old = self.block()
        self.bind_item(target, items[-1], node)
        chain: Body = self.taken(old)
        for i in range(len(items) - 2, -1, -1):
            old = self.block()
            self.bind_item(target, items[i], node)
            then = self.taken(old)
            chain = (If(Apply("==", (k, Const(i))), then, chain, at=self.location(node)),)
        self.out += chain

    def assign(self, target: ast.expr, value: Expr, node: ast.AST) -> None:
        raise NotImplementedError

    # ------------------------------------------------------------------ comprehensions

    def comprehension(self, node: ast.ListComp) -> Expr:
        """`[f(v) for v in x if c]`: a list filled by a loop."""
        name = self.program.names.numbered("%")
        self.out.append(Assign(name, Array((), is_list=True), self.location(node)))
        self._generate(
            node, lambda: self.out.append(Append(name, self.value(node.elt), at=self.location(node)))
        )  # fmt: skip
        return Var(name)

    def summed(self, node: ast.GeneratorExp, at: ast.AST) -> Expr:
        """`sum(f(v) for v in x)`: a loop that accumulates."""
        total = self.program.names.fresh("total")
        self.out.append(Assign(total, ZERO, self.location(at)))

        def add() -> None:
            value = self.value(node.elt)
            self.out.append(Assign(total, Apply("+", (Var(total), value)), self.location(at)))

        self._generate(node, add)
        return Var(total)

    def found(self, node: ast.GeneratorExp | ast.ListComp, wanted: bool, at: ast.AST) -> Expr:
        """`any(f(v) for v in x)`: a loop that ends at the first that is `wanted`; of `all`, False is."""
        found = self.program.names.fresh("found")
        self.out.append(Assign(found, Const(not wanted), self.location(at)))
        nested = len(node.generators) > 1  # which a break would not end

        def look() -> None:
            old = self.block()
            test = self.test(node.elt)
            then: Body = (Assign(found, Const(wanted), self.location(at)),)
            then = then if nested else (*then, Exit("break", at=self.location(at)))
            self.out.append(If(test, then if wanted else (), () if wanted else then, at=self.location(at)))
            body = self.taken(old)
            if nested:
                going = Apply("not", (Var(found),)) if wanted else Var(found)
                body = (If(going, body, at=self.location(at)),)
            self.out += body

        self._generate(node, look)
        return Var(found)

    def unrolled(self, node: ast.DictComp, inside: Callable[[], None]) -> None:
        self._generate(node, inside)

    def _apart(self, it: Iterable) -> Iterable:
        """`it` one item after the other, where it is known how many there are: of what keys of a dict are made."""
        match it:
            case Range(Const(int(start)), Const(int(stop)), Const(int(step))) if step:
                return Unrolled(tuple(partial(Const, i) for i in range(start, stop, step)))
            case Sequence() if isinstance(item := it.item(ZERO), Item) and isinstance(item.base, Tuple):
                return Unrolled(tuple(partial(lambda v: v, v) for v in item.base.items))
        return it

    def _generate(self, node: ast.ListComp | ast.GeneratorExp | ast.DictComp, inside: Callable[[], None]) -> None:
        """The loops of a comprehension. Its names are its own; only the first iterable is read outside it."""
        generators = node.generators
        if any(g.is_async for g in generators):
            raise self.refuse(node, "'async for' has no derivative", "a plain 'for'")
        hidden = bound_names(*(g.target for g in generators))
        bound = self.bound_by(node)  # by := alone
        outer, first = self.scope, self.iterable(generators[0].iter, bound)
        self.scope = Scope(outer.source, outer.node, self.program, outer, hidden)
        bound |= self.bound_by(*(g.target for g in generators))

        def generate(k: int, it: Iterable) -> None:
            def guarded(tests: list[ast.expr]) -> None:
                if tests:
                    test = self.test(tests[0])
                    old = self.block()
                    guarded(tests[1:])
                    body = self.taken(old)
                    self.out.append(If(test, body, at=self.location(node)))
                elif k + 1 < len(generators):
                    generate(k + 1, self.iterable(generators[k + 1].iter, bound))
                else:
                    inside()

            g = generators[k]
            it = self._apart(it) if isinstance(node, ast.DictComp) else it
            if isinstance(it, Unrolled):
                for item in it.items:
                    self.bind_entry(g.target, item(), node)
                    guarded(g.ifs)
            elif isinstance(it, Generated):
                self.over_generator(g.target, it, lambda: guarded(g.ifs), node, bound)
            elif not empty(it):
                self.out.append(self.loop(g.target, it, lambda: guarded(g.ifs), node, bound))

        generate(0, first)
        self.scope = outer


def _side_by_side(items: tuple[Callable[[], Value], ...]) -> Callable[[], Value]:
    return lambda: together(i() for i in items)


def _count(it: Sequence) -> int | None:
    return it.length.value if isinstance(it.length, Const) else None
