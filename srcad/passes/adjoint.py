"""The reverse sweep: every statement's adjoint, in reverse, with the primal's values still named by version.

    a1@0 = x1@0 * x2@0           a3_bar = 1.0
    a2@0 = math.sin(x2@0)   ->   a1_bar += a3_bar;  a2_bar += a3_bar
    a3@0 = a1@0 + a2@0           x2_bar += a2_bar * math.cos(x2@0)
    -> a3@0                      x1_bar += a1_bar * x2@0;  x2_bar += a1_bar * x1@0

For `out = f(x)`, x_bar += out_bar * df/dx (Griewank and Walther, Evaluating Derivatives, 2nd ed., table 3.2), and
out_bar = 0 where the name held another value before. Reversing `x[i] = v` reads and zeroes x_bar[i]; a view's shadow
is the same view of the shadow, so aliases need no care. A body is reversed as a whole: its shadows and bars start
at zero, then its statements follow from the last. Needs: SSA form after `prepare`. Guarantees nothing about how
the versions it names are had in the reverse sweep: `save` provides them.
"""

from __future__ import annotations

from collections.abc import Iterator

from numba.core import types
from numba.core.typing.typeof import typeof

from srcad.analysis.activity import differentiated, passive
from srcad.analysis.alias import input_of
from srcad.analysis.last_word import LastWord
from srcad.analysis.places import ROOT, Block
from srcad.analysis.shadow import SAME, at_end, mirror
from srcad.analysis.stacks import of_floats
from srcad.chain import zero_of
from srcad.declared import check_bars, extras, reverse_rule, type_of, whole
from srcad.errors import Location, unsupported
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
    Field,
    For,
    If,
    Invoke,
    Item,
    Slice,
    Stmt,
    Store,
    Tuple,
    Var,
    While,
    bodies,
    walk,
)
from srcad.names import bar, base
from srcad.rules.arrays import FILL
from srcad.sweeps import Adjoint, Forward, Reversed
from srcad.terms import Terms
from srcad.types import holds_arrays, is_array, is_float, is_float_array, is_list, is_numbers, is_reference


def adjoint(forward: Forward, whole: frozenset[int] = frozenset()) -> Adjoint:
    """The reverse sweep of `forward`; all iterations of the loops `whole` are reversed.

    Of an external function, the shadows of its array parameters and the bars of its result are parameters too.

    Raises:
        SrcadError: a value that matters comes from something without a derivative.
    """
    return _Reverser(forward, whole).sweep()


class _Reverser(Terms):
    def __init__(self, forward: Forward, whole: frozenset[int]) -> None:
        super().__init__(forward)
        self.inputs, self.aliases, self.calls = forward.inputs, forward.aliases, forward.calls
        self.last = LastWord(self.f, self.active, self.calls, whole)
        self.passive = passive(self.f, self.active)
        self.blocks: dict[Block, Reversed] = {}
        self.started: set[tuple[Block, str]] = set()  # the bars that start from zero, and where
        self.results: list[str] = []  # the bars of an external function's float results
        groups = of_floats(self.f, self.aliases)
        versions = [*self.where.definitions, *forward.entries.values()]
        self.stacks = {base(v): self.aliases.of(v) in groups and is_numbers(self.types[base(v)]) for v in versions}
        self.shadows = set(self.f.shadows.values())
        self._name_bars()

    def _name_bars(self) -> None:
        """`x_bar` for each active name, in the order of their definitions."""
        for i in self.inputs:
            if i not in self.f.shadows:
                self.bars[i] = self.names.fresh(bar(i))
                self._type(i)
        for v in self.where.definitions:
            if base(v) not in self.bars and base(v) not in self.f.shadows and v in self.active:
                shown = base(v)
                self.bars[shown] = f"{shown}_bar" if shown.startswith("%") else self.names.fresh(bar(shown))
                self._type(shown)

    def _type(self, name: str) -> None:
        t = self.types[name]
        if self._is_stack(name):
            t = types.List(t.dtype)
        elif not is_float(t):
            t = types.Array(t.dtype, getattr(t, "ndim", 1), "C")
        self.types[self.bars[name]] = t

    def _is_shadow(self, e: Expr) -> bool:
        return isinstance(e, Var) and base(e.name) in self.shadows

    def _is_stack(self, name: str) -> bool:
        """Is `name`, with or without a version number, a list of floats that is used as a stack?"""
        return self.stacks.get(base(name), False)

    def sweep(self) -> Adjoint:
        self._body(self.f.body, ROOT)
        root = self.blocks[ROOT]
        self.seeds = self._seeds()
        root.steps[:0] = self.seeds
        end = self.f.result.items[0] if isinstance(self.f.result, Tuple) else self.f.result  # see `passes/weigh.py`
        if not self.f.external and isinstance(end, Var) and end.name in self.active:
            root.steps.insert(0, Assign(self.bars[base(end.name)], _one_of(self.types.get(base(end.name)))))
        gradients: dict[str, Expr] = {}
        for i in self.inputs:
            if i in self.f.shadows:
                gradients[i] = Var(f"{self.f.shadows[i]}@0")
                continue
            gradients[i] = Var(self.bars[i])
            if base(i) == i and not self._has_bar(i):
                self._input_bar(i, root)
        for v, d in self.where.definitions.items():
            if d.phi is None:
                self._start(v, d.block)
        result = Tuple(())
        return Adjoint(
            self.f, self.where, self.aliases, self.blocks, gradients, result, self.names, self.calls, self.bars,
            results=tuple(self.results), last=frozenset(self.last.mark),
        )  # fmt: skip

    def _seeds(self) -> list[Stmt]:
        """Of an external function: the bars of its results come from the caller."""
        if not self.f.external or self.f.result is None:
            return []
        out: list[Stmt] = []
        items = self.f.result.items if isinstance(self.f.result, Tuple) else (self.f.result,)
        passed = self.f.shadowed  # all arrays and lists have their callers' shadows
        for k, e in enumerate(items):
            t = self.types[base(e.name)] if isinstance(e, Var) else typeof(getattr(e, "value", None))
            if not is_float(t) and (passed or not is_float_array(t)):
                continue
            given = self.names.fresh(f"result_bar_{k}")
            self.results.append(given)
            if not isinstance(e, Var) or e.name not in self.active:
                continue
            if is_float(t):
                out.append(self.accumulate(e, Var(given), self.f.at))
            else:
                self.types[given] = types.Array(t.dtype, t.ndim, "A")
                everything = (Slice(None, None, None),) * t.ndim
                own = self.f.shadows.get(at_end(base(e.name)))
                out.append(Store(Var(f"{own}@0") if own else self.bar(e.name), everything, Var(given), "+", self.f.at))
        return out

    def _has_bar(self, name: str) -> bool:
        return self.forward.entries[name] in self.active

    def _input_bar(self, name: str, root: Reversed) -> None:
        """The zero gradient of an input that the result does not depend on."""
        t = self.types[name]
        value = Apply("np.zeros_like", (Var(self.forward.entries[name]),)) if is_array(t) else zero_of(t)
        if is_reference(t) and self.f.external:
            return
        (root.shadows if is_array(t) else root.bars).append(Assign(self.bars[name], value))

    def _start(self, version: str, block: Block) -> None:
        """The zero that the bar, or the shadow, of a definition starts from."""
        name = base(version)
        if version not in self.active or name not in self.bars or name in self.f.shadows:
            return
        if self.f.external and name in self.f.params and is_reference(self.types[name]):
            return  # the caller's
        t = self.types[name]
        if is_float(t):
            scope = self.lives.scope(name)
            if (scope, name) not in self.started:
                self.started.add((scope, name))
                self.blocks[scope].bars.append(Assign(self.bars[name], zero_of(t)))
            return
        definition = self.where.definitions[version]
        value = definition.stmt.value if isinstance(definition.stmt, Assign) else None
        self.blocks[block].shadows.append(Assign(self.bars[name], self._shadow(version, value, block)))

    def _shadow(self, version: str, value: Expr | None, block: Block) -> Expr:
        """The shadow of an array: zeros of its shape, or, of a view, the same view of the shadow it looks into."""
        mirrored = mirror(value, lambda n: self.bar(n) if self.aliases.of(n) is not None else None)
        if mirrored is not None:
            return mirrored
        match value:
            case Array(_, True) if self._is_stack(version):
                return Apply("*", (Array((zero_of(self.types[base(version)].dtype),), True), self._list_size(version)))
            case Array(_, True):
                return Apply("np.zeros", (self._list_size(version),))
            case Apply(op, (like, *_)) if op.endswith("_like") and op in FILL and self._comes_again(block):
                return Apply("np.zeros_like", (like,))
            case Apply(op, (shape, *_)) if op in FILL and self._comes_again(block):
                dtype = Var("np.float32") if self.types[base(version)].dtype == types.float32 else None
                return Apply("np.zeros", (shape,), (("dtype", dtype),) if dtype else ())
        return Apply("np.zeros_like", (Var(version),))

    def _comes_again(self, block: Block) -> bool:
        """Is what `block` makes another in the reverse sweep, so that its shape has to be said anew?"""
        return bool(self.where.loops(block)) or self.f.external

    def _list_size(self, version: str) -> Expr:
        """A list's final length: the name that `prepare` gave to it, or the length of the list as it was left."""
        for s in walk(self.f.body):
            if isinstance(s, Assign) and base(s.target) == self.f.sizes.get(base(version)):
                return Var(s.target)
        return Apply("len", (Var(version),))

    def _body(self, body: Body, block: Block) -> None:
        made = self.blocks[block] = Reversed()
        for s in reversed(body):
            for which, inner in zip(("body", "orelse"), bodies(s), strict=False):
                if isinstance(s, If) or which == "body":
                    self._body(inner, (s.key, which))  # type: ignore[union-attr]
            made.steps += self._stmt(s)

    def _stmt(self, s: Stmt) -> Iterator[Stmt]:
        match s:
            case Assign(_, value) if input_of(value, self.f) is not None:
                return  # an item of a tuple argument: its bar is the gradient
            case Assign(target, Apply(".pop", (Var(lst),), keywords)) if self._is_stack(lst) or keywords:
                yield from self._taken_off(target, keywords[0][1] if keywords else self.bar(lst), s.at)
            case Append(lst, value) if self._is_stack(lst) or s.shadow is not None:
                yield from self._put_on(value, s.shadow or self.bar(lst), s.at)
            case Assign(target, value) if target in self.active and is_float(self.types[base(target)]):
                yield from self.assign(target, value, s.at)
            case Assign(target) if target in self.passive:
                yield self.zeroed(target, s.at)
            case Assign():
                self._check_array(s)
            case Store(Var(array)) if array in self.active and not holds_arrays(self.types[base(array)]):
                yield from self._store(s, array)
            case Append(lst, value, position) if lst in self.active and position is not None:
                yield from self._store(Store(Var(lst), (position,), value, None, s.at), lst)
            case If(test):
                if self._has_steps((s.key, "body")) or self._has_steps((s.key, "orelse")):
                    test = Const(True) if s.key in self.last.taken else test
                    yield If(test, (), (), key=s.key, at=s.at)
            case For() if s.key in self.last.mark:
                if self._has_steps((s.key, "body")):  # of all iterations, the one that had the last word
                    mark = Var(self.last.mark[s.key])
                    start, stop = Apply("max", (mark, ZERO)), Apply("+", (mark, ONE))
                    yield For(s.target, start, stop, ONE, (), key=s.key, at=s.at)
            case For() if not s.trips:
                if self._has_steps((s.key, "body")):
                    yield For(s.target, s.start, s.stop, s.step, (), key=s.key, backwards=True, at=s.at)
            case For(target, start, _, step):
                if self._has_steps((s.key, "body")):  # the iterations that were made: start + k step, k < trips
                    end = _end(start, Var(s.trips), step)
                    yield For(target, start, end, step, (), key=s.key, backwards=True, at=s.at)
            case While():
                if self._has_steps((s.key, "body")):
                    count = self.names.fresh("_")
                    yield For(count, ZERO, Var(s.trips), ONE, (), key=s.key, at=s.at)
            case Invoke():
                yield from self._invoke(s)
            case _:
                return

    def _taken_off(self, target: str, bars: Expr, at: Location) -> Iterator[Stmt]:
        """The reverse of taking a number off a list: its bar is put on the list of bars."""
        assert isinstance(bars, Var)
        zero = zero_of(self.types[base(target)])
        yield Append(bars.name, self.bar(target) if target in self.active else zero, at=at)
        if target in self.active and self.lives.outlives(target):
            yield self.zeroed(target, at)

    def _put_on(self, value: Expr, bars: Expr, at: Location) -> Iterator[Stmt]:
        """The reverse of putting a number on a list: its bar is taken off the list of bars."""
        assert isinstance(bars, Var)
        term = self.names.fresh("term")
        self.types[term] = self.types[base(bars.name)].dtype
        yield Assign(term, Apply(".pop", (bars,)), at)
        if self.active.moves(value):
            yield self.accumulate(value, Var(term), at)

    def _invoke(self, s: Invoke) -> Iterator[Stmt]:
        """The reverse sweep of a call: it takes the arguments, the shadows of the arrays and the results' bars.

        Of lists it takes shadows only: through those of lists of arrays it may change what these hold.
        """
        if s.function not in self.calls or (s.own is not None and not s.kept):
            yield from (self.zeroed(t, s.at) for t in s.targets if t in self.passive)
            return
        if s.own is not None:
            yield from self._own_rule(s)
            return
        bars: list[str] = []
        shadows: list[Expr] = []
        after: list[Stmt] = []
        for a, shadow in self._with_shadows(s):
            t = type_of(a, self.types)
            if shadow is not None:
                shadows.append(shadow)
            elif is_float(t):
                bars.append(self._term(a, t, after, s.at))
        passed = s.shadowed  # both sweeps have the shadows of arrays
        kinds = {t: self.types[base(t)] for t in s.targets}
        seeds = [self._seed(t) for t, kind in kinds.items() if is_float(kind) or (is_float_array(kind) and not passed)]
        given = (a for a in s.args if not is_list(type_of(a, self.types)) and not self._is_shadow(a))
        args = (*given, *shadows, *seeds, Var("tape"))
        yield Invoke(tuple(bars), s.function.removesuffix("_forward") + "_reverse", args, s.at)
        yield from self._ended(s)
        yield from after

    def _own_rule(self, s: Invoke) -> Iterator[Stmt]:
        """The user's own rule: it takes the arguments and the bars it names, and returns the bars of the floats."""
        rule = reverse_rule(s, self.types)
        known: dict[str, Expr] = {}
        for p, (_, shadow) in zip(rule.params, self._with_shadows(s), strict=True):
            if shadow is not None:
                known[f"{p}_bar"] = shadow
        if s.targets:
            known["out"] = whole(s.kept[len(s.args) :])
            known["out_bar"] = whole(map(self._seed, s.targets))
        more = extras(s, rule, self.types, "_bar", known, self.active.moves)
        args = (*s.kept[: len(s.args)], *more)
        after: list[Stmt] = []
        bars: list[str] = []
        positions = check_bars(s, rule, args, self.types)
        for k in positions:
            t = type_of(s.args[k], self.types)
            bars.append(self._term(s.args[k], t if is_float(t) else types.float64, after, s.at))
        yield Invoke(tuple(bars), rule.name, args, s.at)
        yield from self._ended(s)
        yield from after

    def _with_shadows(self, s: Invoke) -> Iterator[tuple[Expr, Expr | None]]:
        """The arguments of a call, each array of floats with its shadow: zeros, if it is not active."""
        for a, shadow in zip(s.args, s.shadows or (None,) * len(s.args), strict=True):
            if s.own is None and self._is_shadow(a):
                continue
            if isinstance(a, Var) and is_float_array(self.types.get(base(a.name))):
                yield a, shadow or (self.bar(a.name) if a.name in self.active else Apply("np.zeros_like", (a,)))
            else:
                yield a, None

    def _term(self, a: Expr, t: object, after: list[Stmt], at: Location) -> str:
        """The name of what the reverse of a call returns for its argument `a`; it is added to the bar in `after`."""
        term = self.names.fresh("term")
        self.types[term] = t
        if isinstance(a, Var) and a.name in self.active:
            after.append(self.accumulate(a, Var(term), at))
        return term

    def _seed(self, target: str) -> Expr:
        """The bar of a call's result."""
        t = self.types[base(target)]
        if base(target) in self.f.shadows:  # an array that a call returns has one definition, and so has its shadow
            return Var(f"{self.f.shadows[base(target)]}@0")
        if target in self.active:
            return self.bar(target)
        return Apply("np.zeros_like", (Var(target),)) if is_array(t) else zero_of(t)

    def _ended(self, s: Invoke) -> Iterator[Stmt]:
        """What the bars of a call's results are before it."""
        for t in s.targets:
            if is_float(self.types[base(t)]) and ((t in self.active and self.lives.outlives(t)) or t in self.passive):
                yield self.zeroed(t, s.at)

    def _has_steps(self, block: Block) -> bool:
        return block in self.blocks and bool(self.blocks[block].steps)

    def _check_array(self, s: Assign) -> None:
        """An array whose contents are active has to come from somewhere that is understood."""
        if s.target not in self.active:
            return
        match s.value:
            case Var() | Item() | Field():
                return
            case Apply(op, _) if op in SAME:
                return
            case Apply() | Array():
                if not any(n in self.active for n in differentiated(s.value)):
                    return
        raise unsupported(s.at, "this array has no derivative", "a loop that fills it")

    # ------------------------------------------------------------------ statements

    def _store(self, s: Store, array: str) -> Iterator[Stmt]:
        shadow = s.shadow or self.bar(array)
        if self.active.moves(s.value):
            element = Item(shadow, s.index)
            yield self.accumulate(s.value, Apply("neg", (element,)) if s.op == "-" else element, s.at)
        if s.op is None:
            yield Store(shadow, s.index, zero_of(self.types[base(array)].dtype), None, s.at)


def _one_of(t: object) -> Expr:
    return Apply("np.float32", (Const(1.0),)) if t == types.float32 else Const(1.0)


def _end(start: Expr, trips: Expr, step: Expr) -> Expr:
    """start + trips * step."""
    span = trips if step == ONE else Apply("*", (trips, step))
    return span if start == ZERO else Apply("+", (start, span))
