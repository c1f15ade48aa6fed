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

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from numba.core import types

from srcad.algebra import add, simplify, times
from srcad.analysis.activity import Activity, differentiated
from srcad.analysis.alias import VIEWS, Aliases, input_of
from srcad.analysis.finite import Finite
from srcad.analysis.places import ROOT, Block, places
from srcad.analysis.shadow import mirror
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
    Function,
    If,
    Invoke,
    Item,
    Select,
    Stmt,
    Store,
    Tuple,
    Var,
    While,
    bodies,
    map_bodies,
    names,
    phis_of,
    substitute,
    walk,
)
from srcad.names import Names, bar, base
from srcad.rules import RULES, Rule
from srcad.rules.arrays import FILL
from srcad.sweeps import Adjoint, Reversed
from srcad.syntax import from_ast
from srcad.types import is_array, is_float, is_float_array, is_list

NUMBER_ZERO = Const(0.0)


def adjoint(f: Function, inputs: tuple[str, ...]) -> Adjoint:
    """The reverse sweep of `f` for the float inputs `inputs` (names of scalars and arrays).

    Of an external function, the shadows of its array parameters and the bars of its result are parameters too.

    Raises:
        SrcadError: a value that matters comes from something without a derivative.
    """
    return _Reverser(f, inputs).sweep()


def zero_of(t: object) -> Expr:
    """A zero of the float type `t`."""
    return Apply("np.float32", (NUMBER_ZERO,)) if t == types.float32 else NUMBER_ZERO


@lru_cache(maxsize=1024)
def expression(text: str) -> Expr:
    """The expression that a rule's text says."""
    return from_ast(ast.parse(text, mode="eval").body)


class _Reverser:
    def __init__(self, f: Function, inputs: tuple[str, ...]) -> None:
        self.f, self.inputs = f, inputs
        self.types = f.types
        self.aliases = Aliases(f)
        outputs = list(names(f.result))
        if f.external:
            outputs += [f"{p}@0" for p in f.params if is_array(f.types.get(p))]
        self.entries = self._entries()
        self.active = Activity(f, self.aliases, (self.entries[i] for i in inputs), outputs)
        self.finite = Finite(f, self.aliases)
        self.routes: dict[str, dict[str, Expr]] = {}
        self.names = Names({base(n) for n in f.types} | set(f.params))
        self.names.reserve({n for s in walk(f.body) for n in _every_name(s)})
        self.calls: set[str] = set()
        self.f = replace(f, body=self._call_forward(self._record(f.body)))
        self.where = places(self.f)
        self.count: dict[str, int] = {}
        self.scopes: dict[str, Block] = {}
        self.last: dict[int, str] = {}  # loops of which one iteration matters -> the name that says which
        self.taken: set[int] = set()  # the branches that that iteration took
        self.versions: dict[str, list[str]] = {}
        for v, d in self.where.definitions.items():
            self.versions.setdefault(base(v), []).append(v)
            if d.phi is None:
                self.count[base(v)] = self.count.get(base(v), 0) + 1
        self.passive = self._passive()
        self.blocks: dict[Block, Reversed] = {}
        self.started: set[tuple[Block, str]] = set()  # the bars that start from zero, and where
        self.bars: dict[str, str] = {}
        self._name_bars()

    def _entries(self) -> dict[str, str]:
        """The version that each input has on entry."""
        found = {p: f"{p}@0" for p in self.f.params}
        for s in self.f.body:
            if isinstance(s, Assign) and input_of(s.value, self.f) is not None:
                found[base(s.target)] = s.target
        return found

    def _passive(self) -> set[str]:
        """The versions without a derivative that an active value may be: their bars end where they are defined."""
        joins = {p.target: p for s in walk(self.f.body) for p in phis_of(s)}
        todo = [v for p in joins.values() if p.target in self.active for v in p.sources]
        seen: set[str] = set()
        while todo:
            v = todo.pop()
            if v is not None and v not in seen and v not in self.active and is_float(self.types.get(base(v))):
                seen.add(v)
                todo += joins[v].sources if v in joins else ()
        return seen

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
        if not is_float(t):
            t = types.Array(t.dtype, getattr(t, "ndim", 1), "C")
        self.types[self.bars[name]] = t

    # ------------------------------------------------------------------ routes, recorded in the forward sweep

    def _record(self, body: Body) -> Body:
        """`body` with a condition recorded before each function that returns one of its operands."""
        out: list[Stmt] = []
        for s in body:
            match s:
                case Assign(target, Apply(op, args)) if op in RULES and RULES[op].route and target in self.active:
                    out += self._route(target, RULES[op], args, s.at)
            out.append(map_bodies(s, self._record))
        return tuple(out)

    def _route(self, target: str, rule: Rule, args: tuple[Expr, ...], at: Location) -> Iterator[Stmt]:
        assert rule.route is not None
        operands = dict(zip(rule.params, args, strict=False))
        rivals = [p for p in rule.route if p in operands]
        moving = [p for p in rivals if self._moves(operands[p])]
        chosen: dict[str, Expr] = {}
        for p in moving:
            alone = len(moving) == 1
            condition = simplify(self._instance(rule.route[p][1 if alone else 0], operands, target))
            if p is moving[-1] and len(moving) == 2 and len(rivals) == 2:
                chosen[p] = Const(None)  # the other of two
                continue
            name = self.names.fresh("route")
            self.types[name] = types.boolean
            chosen[p] = Var(f"{name}@0")
            yield Assign(f"{name}@0", condition, at)
        self.routes[target] = chosen

    def _moves(self, e: Expr) -> bool:
        """Is the operand `e`, a name or an element, active?"""
        match e:
            case Var(name) | Item(Var(name), _):
                return name in self.active
        return False

    def _instance(self, text: str, operands: dict[str, Expr], out: str, extra: dict[str, Expr] | None = None) -> Expr:
        """A rule's text for the operands at hand."""
        known = {**{p: bare(e) for p, e in operands.items()}, "out": Var(out), **(extra or {})}
        return substitute(expression(text), lambda n: known.get(n, Var(n)))

    # ------------------------------------------------------------------ the sweep

    def sweep(self) -> Adjoint:
        self._body(self.f.body, ROOT)
        root = self.blocks[ROOT]
        self.seeds = self._seeds()
        root.steps[:0] = self.seeds
        if not self.f.external and isinstance(self.f.result, Var) and self.f.result.name in self.active:
            seed = self.bars[base(self.f.result.name)]
            root.steps.insert(0, Assign(seed, _one_of(self.types.get(base(self.f.result.name)))))
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
            self.f, self.where, self.aliases, self.blocks, gradients, result, self.names, self.calls, self.bars
        )

    def _seeds(self) -> list[Stmt]:
        """Of an external function: the bars of its results come from the caller."""
        if not self.f.external or self.f.result is None:
            return []
        out: list[Stmt] = []
        items = self.f.result.items if isinstance(self.f.result, Tuple) else (self.f.result,)
        for k, e in enumerate(items):
            if isinstance(e, Var) and e.name in self.active and is_float(self.types[base(e.name)]):
                out.append(self._accumulate(e, Var(f"result_bar_{k}"), self.f.at))
        return out

    def _has_bar(self, name: str) -> bool:
        return self.entries[name] in self.active

    def _input_bar(self, name: str, root: Reversed) -> None:
        """The zero gradient of an input that the result does not depend on."""
        t = self.types[name]
        value = Apply("np.zeros_like", (Var(self.entries[name]),)) if is_array(t) else zero_of(t)
        if is_array(t) and self.f.external:
            return
        (root.shadows if is_array(t) else root.bars).append(Assign(self.bars[name], value))

    def _start(self, version: str, block: Block) -> None:
        """The zero that the bar, or the shadow, of a definition starts from."""
        name = base(version)
        if version not in self.active or name not in self.bars or name in self.f.shadows:
            return
        if self.f.external and name in self.f.params and is_array(self.types[name]):
            return  # the caller's
        t = self.types[name]
        if is_float(t):
            scope = self._scope(name)
            if (scope, name) not in self.started:
                self.started.add((scope, name))
                self.blocks[scope].bars.append(Assign(self.bars[name], zero_of(t)))
            return
        definition = self.where.definitions[version]
        value = definition.stmt.value if isinstance(definition.stmt, Assign) else None
        self.blocks[block].shadows.append(Assign(self.bars[name], self._shadow(version, value, block)))

    def _shadow(self, version: str, value: Expr | None, block: Block) -> Expr:
        """The shadow of an array: zeros of its shape, or, of a view, the same view of the shadow it looks into."""
        mirrored = mirror(value, lambda n: self._bar(n) if self.aliases.of(n) is not None else None)
        if mirrored is not None:
            return mirrored
        match value:
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
            if isinstance(s, Assign) and base(s.target) == f"{base(version)}_size":
                return Var(s.target)
        return Apply("len", (Var(version),))

    def _bar(self, name: str) -> Expr:
        return Var(self.bars[base(name)])

    def _scope(self, name: str) -> Block:
        """The innermost body that holds every definition and use of `name`, and no part of its life before."""
        if name in self.scopes:
            return self.scopes[name]
        block: Block | None = None
        for v in self.versions[name]:
            d = self.where.definitions[v]
            spots = [self.where.parent[d.block] if d.kind == "head" else d.block, *self.where.uses.get(v, ())]
            for spot in spots:
                block = spot if block is None else self.where.common(block, spot)
        assert block is not None
        self.scopes[name] = block
        return block

    def _body(self, body: Body, block: Block) -> None:
        made = self.blocks[block] = Reversed()
        for s in reversed(body):
            if isinstance(s, For) and s.marks:
                self._find_last(s)
            for which, inner in zip(("body", "orelse"), bodies(s), strict=False):
                if isinstance(s, If) or which == "body":
                    self._body(inner, (s.key, which))  # type: ignore[union-attr]
            made.steps += self._stmt(s)

    def _stmt(self, s: Stmt) -> Iterator[Stmt]:
        match s:
            case Assign(_, value) if input_of(value, self.f) is not None:
                return  # an item of a tuple argument: its bar is the gradient
            case Assign(target, value) if target in self.active and is_float(self.types[base(target)]):
                yield from self._assign(target, value, s.at)
            case Assign(target) if target in self.passive:
                yield self._zero(target, s.at)
            case Assign():
                self._check_array(s)
            case Store(Var(array)) if array in self.active:
                yield from self._store(s, array)
            case Append(lst, value, position) if lst in self.active:
                assert position is not None
                yield from self._store(Store(Var(lst), (position,), value, None, s.at), lst)
            case If(test):
                if self._has_steps((s.key, "body")) or self._has_steps((s.key, "orelse")):
                    test = Const(True) if s.key in self.taken else test
                    yield If(test, (), (), key=s.key, at=s.at)
            case For() if s.key in self.last:
                if self._has_steps((s.key, "body")):  # of all iterations, the one that had the last word
                    mark = Var(self.last[s.key])
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

    def _invoke(self, s: Invoke) -> Iterator[Stmt]:
        """The reverse sweep of a call: it takes the arguments, the shadows of the arrays and the results' bars."""
        if s.function not in self.calls:
            yield from (self._zero(t, s.at) for t in s.targets if t in self.passive)
            return
        bars: list[str] = []
        shadows: list[Expr] = []
        after: list[Stmt] = []
        for a in s.args:
            t = self.types.get(base(a.name)) if isinstance(a, Var) else None
            if is_float_array(t):
                assert isinstance(a, Var)
                shadows.append(self._bar(a.name) if a.name in self.active else Apply("np.zeros_like", (a,)))
            elif is_float(t) or (isinstance(a, Const) and isinstance(a.value, float)):
                term = self.names.fresh("term")
                self.types[term] = t or types.float64
                bars.append(term)
                if isinstance(a, Var) and a.name in self.active:
                    after.append(self._accumulate(a, Var(term), s.at))
        seeds: list[Expr] = []
        for t_ in s.targets:
            if is_float(self.types[base(t_)]):
                seeds.append(self._bar(t_) if t_ in self.active else zero_of(self.types[base(t_)]))
        args = (*s.args, *shadows, *seeds, Var("tape"))
        yield Invoke(tuple(bars), s.function.replace("_forward", "_reverse"), args, s.at)
        for t_ in s.targets:
            if (t_ in self.active and self._outlives(t_)) or t_ in self.passive:
                yield self._zero(t_, s.at)
        yield from after

    def _call_forward(self, body: Body) -> Body:
        """`body` with the calls that matter to the result made by their forward sweeps, which use the tape."""
        out: list[Stmt] = []
        for s in body:
            s = map_bodies(s, self._call_forward)
            if isinstance(s, Invoke):
                floats = [a.name for a in s.args if isinstance(a, Var) and a.name in self.active]
                if floats or any(t in self.active for t in s.targets):
                    if any(is_array(self.types.get(base(t))) or is_list(self.types.get(base(t))) for t in s.targets):
                        why = f"the recursive function {s.function} returns an array"
                        raise unsupported(s.at, why, "an array that it fills, as an argument")
                    name = f"{s.function}_forward"
                    self.calls.add(name)
                    s = replace(s, function=name, args=(*s.args,))
            out.append(s)
        return tuple(out)

    def _find_last(self, s: For) -> None:
        """Find out if only the last iteration of `s` in which a certain branch ran can matter.

        So it is if all that active values carry from one iteration to the next is overwritten in that branch, by values
        made without them, and nothing else that an iteration makes is read after it: going backwards, the branch
        taken last receives their bars and leaves zeros for all iterations before.
        """
        carried = {p.target: p for p in s.heads if p.target in self.active}
        merges = {p.target: (t, p) for t in s.body if isinstance(t, If) for p in t.phis}
        branch: If | None = None
        for head in carried.values():
            found = merges.get(head.sources[1] or "")
            if found is None or found[0].mark == "" or (branch is not None and found[0] is not branch):
                return
            branch, merge = found
            new, old = merge.sources
            if old != head.target or new is None or new == head.target:
                return
        if branch is None or any(t is not branch and self._escapes(t, set(carried)) for t in walk(s.body)):
            return
        mark = next((m for m in s.marks if base(m) == base(branch.mark)), None)
        if mark is not None:
            self.last[s.key] = mark
            self.taken.add(branch.key)

    def _escapes(self, s: Stmt, carried: set[str]) -> bool:
        """Does `s` use a carried value in an active way, or write to active memory?"""
        match s:
            case Assign(target, value) if target in self.active:
                if not is_float(self.types[base(target)]):
                    return True
                return any(n in carried for n in differentiated(value))
            case Store(Var(array)):
                return array in self.active
            case Append(lst):
                return lst in self.active
            case Invoke():
                return s.function in self.calls
            case If() | For() | While():
                return any(v in carried for p in phis_of(s) for v in p.sources)
        return False

    def _has_steps(self, block: Block) -> bool:
        return block in self.blocks and bool(self.blocks[block].steps)

    def _check_array(self, s: Assign) -> None:
        """An array whose contents are active has to come from somewhere that is understood."""
        if s.target not in self.active:
            return
        match s.value:
            case Var() | Item() | Field():
                return
            case Apply(op, _) if op in VIEWS:
                return
            case Apply() | Array():
                if not any(n in self.active for n in differentiated(s.value)):
                    return
        raise unsupported(s.at, "this array has no derivative", "a loop that fills it")

    # ------------------------------------------------------------------ statements

    def _assign(self, target: str, value: Expr, at: Location) -> Iterator[Stmt]:
        out_bar = self._bar(target)
        own: Expr | None = None  # what the name's own earlier value receives
        steps: list[Stmt] = []
        for operand, term in self._terms(target, value, out_bar, steps, at):
            if isinstance(operand, Var) and base(operand.name) == base(target):
                own = term if own is None else add(own, term)
            else:
                steps.append(self._accumulate(operand, term, at))
        if target in self.routes:
            yield from self._routed(target, value, out_bar, at)
            return
        yield from steps
        if own is not None:
            if own != out_bar:
                yield Assign(self.bars[base(target)], own, at)
        elif self._outlives(target):
            yield Assign(self.bars[base(target)], zero_of(self.types[base(target)]), at)

    def _outlives(self, target: str) -> bool:
        """Does the bar of `target` live on where the definition is reversed: for another definition of the name, or
        for an earlier iteration's?
        """
        name = base(target)
        if self.count[name] > 1:
            return True
        return self.where.loops(self._scope(name)) != self.where.loops(self.where.definitions[target].block)

    def _zero(self, target: str, at: Location) -> Stmt:
        """target_bar = 0."""
        return Assign(self.bars[base(target)], zero_of(self.types[base(target)]), at)

    def _accumulate(self, operand: Expr, term: Expr, at: Location) -> Stmt:
        """operand_bar += term."""
        op = "+"
        if isinstance(term, Apply) and term.op == "neg":
            op, term = "-", term.args[0]
        if isinstance(operand, Item):
            assert isinstance(operand.base, Var)
            return Store(operand.shadow or self._bar(operand.base.name), operand.index, term, op, at)
        assert isinstance(operand, Var)
        name = self.bars[base(operand.name)]
        return Assign(name, Apply(f"{op}=", (Var(name), term)), at)

    def _terms(
        self, target: str, value: Expr, out_bar: Expr, steps: list[Stmt], at: Location
    ) -> Iterator[tuple[Expr, Expr]]:
        """Each active operand of `value`, with what it receives."""
        match value:
            case Var() | Item():
                if self._moves(value):
                    yield value, out_bar
            case Select(test, yes, no):
                for operand, chosen in ((yes, True), (no, False)):
                    if self._moves(operand):
                        zero = zero_of(self.types[base(target)])
                        yield operand, Select(test, out_bar, zero) if chosen else Select(test, zero, out_bar)
            case Apply(op, args) if op in RULES:
                yield from self._rule(RULES[op], args, target, out_bar, steps, at)
            case _:
                what = value.op if isinstance(value, Apply) else "this"
                raise unsupported(at, f"{what} has no derivative here", "operations that have a derivative rule")

    def _rule(
        self, rule: Rule, args: tuple[Expr, ...], target: str, out_bar: Expr, steps: list[Stmt], at: Location
    ) -> Iterator[tuple[Expr, Expr]]:
        operands = dict(zip(rule.params, args, strict=False))
        lets: dict[str, Expr] = {}
        wanted = [
            (p, a)
            for p, a in operands.items()
            if p in rule.partials and self._moves(a)
        ]
        for name, text in rule.let:
            used = sum(name in rule.partials[p] for p, _ in wanted)
            instance = simplify(self._instance(text, operands, target, lets))
            if used > 1:
                shared = self.names.fresh(name)
                steps.append(Assign(shared, instance, at))
                instance = Var(shared)
            lets[name] = instance
        for p, a in wanted:
            partial = simplify(self._instance(rule.partials[p], operands, target, lets))
            yield a, self._product(rule, partial, out_bar, args, target)

    def _product(self, rule: Rule, partial: Expr, out_bar: Expr, args: tuple[Expr, ...], target: str) -> Expr:
        """bar * partial; where the partial may be infinite or NaN, nothing where the bar is exactly zero."""
        product = times(out_bar, partial)
        sound = all(self.finite.finite(a) for a in args) and self.finite.finite(Var(target))
        if self.finite.finite(partial) or (rule.poles is False and sound) or _free_of(partial):
            return product
        zero = zero_of(self.types[base(target)])
        if isinstance(product, Apply) and product.op == "neg":
            return Apply("neg", (Select(Apply("!=", (out_bar, zero)), product.args[0], zero),))
        return Select(Apply("!=", (out_bar, zero)), product, zero)

    def _routed(self, target: str, value: Expr, out_bar: Expr, at: Location) -> Iterator[Stmt]:
        """The bar goes to the operand that was returned."""
        assert isinstance(value, Apply)
        rule = RULES[value.op]
        operands = dict(zip(rule.params, value.args, strict=False))
        chosen = self.routes[target]
        self_ = base(target)
        own = next((p for p in chosen if _is_named(operands[p], self_)), None)
        zero = zero_of(self.types[self_])
        multiple = self._outlives(target)
        branches: dict[str, Body] = {}
        for p in chosen:
            if p == own:
                branches[p] = ()
                continue
            moved: list[Stmt] = [self._accumulate(operands[p], out_bar, at)]
            if own is not None:
                moved.append(Assign(self.bars[self_], zero, at))
            branches[p] = tuple(moved)
        if len(chosen) == 2 and Const(None) in chosen.values():
            first, second = chosen
            yield If(chosen[first], branches[first], branches[second], at=at)
        else:
            for p, condition in chosen.items():
                if branches[p]:
                    yield If(condition, branches[p], (), at=at)
        if (own is not None and len(chosen) == 1) or (own is not None and Const(None) not in chosen.values()):
            yield If(Apply("not", (chosen[own],)), (Assign(self.bars[self_], zero, at),), (), at=at)
        elif own is None and multiple:
            yield Assign(self.bars[self_], zero, at)

    def _store(self, s: Store, array: str) -> Iterator[Stmt]:
        shadow = s.shadow or self._bar(array)
        if self._moves(s.value):
            element = Item(shadow, s.index)
            yield self._accumulate(s.value, Apply("neg", (element,)) if s.op == "-" else element, s.at)
        if s.op is None:
            yield Store(shadow, s.index, zero_of(self.types[base(array)].dtype), None, s.at)


def bare(e: Expr) -> Expr:
    """`e` as a value, its shadow forgotten."""
    return replace(e, shadow=None) if isinstance(e, Item) else e


def _is_named(e: Expr, name: str) -> bool:
    return isinstance(e, Var) and base(e.name) == name


def _free_of(partial: Expr) -> bool:
    """Is the partial a constant?"""
    return isinstance(partial, Const)


def _one_of(t: object) -> Expr:
    return Apply("np.float32", (Const(1.0),)) if t == types.float32 else Const(1.0)


def _end(start: Expr, trips: Expr, step: Expr) -> Expr:
    """start + trips * step."""
    span = trips if step == ONE else Apply("*", (trips, step))
    return span if start == ZERO else Apply("+", (start, span))


def _every_name(s: Stmt) -> Iterator[str]:
    from srcad.ir import reads, writes

    yield from (base(n) for n in writes(s))
    for e in reads(s):
        yield from (base(n) for n in names(e))


