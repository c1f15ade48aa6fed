"""What goes at once as one vector for each value, told to the compiler: what people read stays as it is.

    y_dot1 = np.zeros((n, 3))                      y_dot1 = np.zeros(wide((n, 3), 2))
    y_dot2 = np.zeros((n, 3))
    for i in range(n):                             for i in range(n):
        a2_dot1 = a1_dot1 * x[i]           ->          a2_dot1 = mul(a1_dot1, x[i])
        a2_dot2 = a1_dot2 * x[i]
        y_dot1[i, 0] += a2_dot1                        put(y_dot1, (i, 0), add(get(y_dot1, (i, 0)), a2_dot1))
        y_dot2[i, 0] += a2_dot2
        w += a2_dot1 + a2_dot2                         w += total(a2_dot1)

A sweep in several lanes does the same to each, and so do the iterations of a loop that go at a time (`jam.py`). The
machine's compiler sees as many scalars as there are lanes, and as many arrays, each in its own place: it makes vectors
of iterations where a loop allows that and its elements lie side by side, which the user's arrays seldom do. So what
stands in neighbouring lines, once for each lane, becomes one line for a vector of them (`vectors.py`); and arrays that
are used element by element alone have the lanes of an element side by side. What differs from lane to lane stays as it
is, and takes its lane out of a vector.

Legal by what the lines say: a group of lines is the same line but for the lane, and reads nothing of another lane.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence, Set
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from numba.core import types

from srcad.ir import Function, mentioned
from srcad.machine.elementary import CALLED
from srcad.machine.vectors import ARITHMETIC, COMPARED, choose, get, neg, one, pack, put, splat, spread, total, wide
from srcad.names import Names
from srcad.types import is_array

FEWEST = 4  # lanes, for which vectors are worth their while
MADE = ("zeros", "empty", "zeros_like", "empty_like")
OFTEN = 8  # times that a loop is taken to run, where lines are weighed
PACKED = 2  # instructions, by those of one lane more, that it costs to pack lanes or to take them apart
COUNTS = -1  # for the dimensions of an int


@dataclass(frozen=True)
class Lanes:
    """What has a name in each lane: its dimensions, none of a float, and its names; and the arrays that all share."""

    groups: tuple[tuple[int, tuple[str, ...]], ...]
    shared: tuple[tuple[str, int], ...]  # of float64, with their dimensions


def lanes_of(f: Function) -> tuple[Lanes, ...]:
    """What goes at once in `f`: of that, the values that are float64, arrays of these, or ints."""
    if not f.lanes:
        return ()
    there = {*mentioned(f.body), *f.params}
    arrays = {n: t.ndim for n, t in f.types.items() if n in there and _holds_floats(t)}
    found = []
    for names in f.lanes:
        groups = tuple((d, group) for group in names if (d := _dimensions(group, f, there)) is not None)
        own = {n for _, group in groups for n in group}
        if groups and len(groups[0][1]) >= FEWEST:
            found.append(Lanes(groups, tuple(sorted((n, d) for n, d in arrays.items() if n not in own))))
    return tuple(found)


def _dimensions(group: tuple[str, ...], f: Function, there: set[str]) -> int | None:
    """The dimensions of what these names are; None if they are something else, or not all there."""
    kinds = {f.types.get(n) for n in group}
    t = kinds.pop()
    if kinds or not there.issuperset(group):
        return None
    if isinstance(t, types.Integer):
        return COUNTS
    if t == types.float64:
        return 0
    return t.ndim if t is not None and _holds_floats(t) else None


def _holds_floats(t: Any) -> bool:
    return is_array(t) and t.dtype == types.float64


# ---------------------------------------------------------------------------------------------- the text


def in_vectors(
    tree: ast.Module, several: Sequence[Lanes], bound: Callable[[Any, str], str], own: bool = False
) -> ast.Module:
    """The text `tree` of a function with the lines of several lanes as one, where that can be and is worth it.

    `own`: are exp, log, ... to be srcad's own, which can be of vectors?
    """
    (f,) = tree.body
    assert isinstance(f, ast.FunctionDef)
    place = _Place(f)
    for lanes in several:
        found = _Families(place, lanes, own)
        if found.vectors and pays(found, f.body):
            f.body = _Writer(found, bound).body(f.body)
    return tree


class _Place:
    """A function's text, and which names are in each of its statements: most have nothing to do with most lanes."""

    def __init__(self, f: ast.FunctionDef) -> None:
        self.f = f
        self.params = {a.arg for a in f.args.args}
        self.within: dict[int, tuple[ast.stmt, set[str]]] = {}  # by the statement's id, which is its own while it lives
        inside = self._note(f.body)
        self.free = Names(inside | self.params)

    def _note(self, body: list[ast.stmt]) -> set[str]:
        found: set[str] = set()
        for s in body:
            inside = {n.id for head in _heads(s) for n in _names(head)}
            for block in _blocks(s):
                inside |= self._note(block)
            self.within[id(s)] = s, inside
            found |= inside
        return found

    def named(self, s: ast.stmt) -> Set[str]:
        """The names in `s`."""
        return self.within[id(s)][1] if id(s) in self.within else self._note([s])


def _blocks(s: ast.stmt) -> list[list[ast.stmt]]:
    return [block for block in (getattr(s, "body", None), getattr(s, "orelse", None)) if block]


def _heads(s: ast.stmt) -> list[ast.AST]:
    """`s` itself, or where it has blocks what else is in it."""
    return [part for part in vars(s).values() if isinstance(part, ast.AST)] if _blocks(s) else [s]


@dataclass(frozen=True)
class _Family:
    """Neighbouring lines, one for each lane; `group` is what they bind or write to, "" for an array that they share."""

    lines: tuple[ast.stmt, ...]
    group: str
    element: bool


class _Families:
    """The families of a text, its sums over all lanes, and which groups may be `vectors`, by their first names."""

    def __init__(self, place: _Place, lanes: Lanes, own: bool) -> None:
        self.place = place
        self.count = len(lanes.groups[0][1])
        self.first = {n: group[0] for _, group in lanes.groups for n in group}
        self.lane = {n: k for _, group in lanes.groups for k, n in enumerate(group)}
        self.names = {group[0]: group for _, group in lanes.groups}
        self.dimensions = {group[0]: d for d, group in lanes.groups}
        self.shared, self.own = dict(lanes.shared), own
        self.of: dict[int, _Family] = {}  # by the first line
        self.totals: dict[int, tuple[ast.expr, ast.expr]] = {}  # a sum, by its id while it lives, and its first term
        self.vectors = {first for first, d in self.dimensions.items() if d != COUNTS}
        self.vectors -= {self.first.get(p, "") for p in place.params}
        self.only: dict[int, int | None] = {}
        self._find(place.f.body)
        self._strike(place.f.body)

    def _find(self, body: list[ast.stmt]) -> None:
        at = 0
        while at < len(body):
            s = body[at]
            family = self._family(body[at : at + self.count]) if self.concerns(s) else None
            at += 1 if family is None else self.count
            if family is not None:
                self.of[id(s)] = family
            elif self.concerns(s):
                if isinstance(s, (ast.Assign, ast.AugAssign)):
                    self.totals.update((id(e), (e, leaf)) for e, leaf in self._totals(s.value))
                for block in _blocks(s):
                    self._find(block)

    def concerns(self, s: ast.stmt) -> bool:
        """Does `s` have something in it that has a name in each lane?"""
        return not self.first.keys().isdisjoint(self.place.named(s))

    def _nodes(self, body: list[ast.stmt]) -> Iterator[ast.AST]:
        """All nodes of statements in `body` that have something of a lane in them."""
        for s in filter(self.concerns, body):
            for head in _heads(s):
                yield from ast.walk(head)
            for block in _blocks(s):
                yield from self._nodes(block)

    def _family(self, lines: list[ast.stmt]) -> _Family | None:
        if len(lines) < self.count:
            return None
        target = _target(lines[0])
        element = isinstance(target, ast.Subscript)
        name = target.value if isinstance(target, ast.Subscript) else target
        if not isinstance(name, ast.Name) or not self._is_alike(lines):
            return None
        if name.id in self.first:
            return _Family(tuple(lines), self.first[name.id], element)
        assert isinstance(lines[0], (ast.Assign, ast.AugAssign))
        read = {n.id for n in ast.walk(lines[0].value) if isinstance(n, ast.Name)}
        return _Family(tuple(lines), "", True) if name.id in self.shared and element and name.id not in read else None

    def _is_alike(self, lanes: list[Any]) -> bool:
        """Are these the same but for the lane, the k-th one being of lane k?"""
        if any(self._lane(node) != k for k, node in enumerate(lanes)):
            return False
        shown = self._shown(lanes[0])
        return all(self._shown(node) == shown for node in lanes[1:])

    def _lane(self, node: ast.AST) -> int | None:
        """The one lane of all names in `node` that have one."""
        if id(node) not in self.only:
            told = {self.lane[n.id] for n in _names(node) if n.id in self.lane}
            self.only[id(node)] = told.pop() if len(told) == 1 else None
        return self.only[id(node)]

    def _shown(self, node: ast.AST) -> str:
        """`node` without what tells its lane."""
        inside = [n for n in _names(node) if n.id in self.lane]
        own = [n.id for n in inside]
        for n in inside:
            n.id = self.first[n.id]
        shown = ast.dump(node)
        for n, name in zip(inside, own, strict=True):
            n.id = name
        return shown

    def _totals(self, e: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
        """The sums in `e` over all lanes, and what is added up, in the first one."""
        leaves = _halves(e, self.count)
        if leaves is not None and self._is_alike(leaves):
            yield e, leaves[0]
            return
        for c in ast.iter_child_nodes(e):
            if isinstance(c, ast.expr):
                yield from self._totals(c)

    # ------------------------------------------------------------------ which groups are vectors

    def _strike(self, body: list[ast.stmt]) -> None:
        """Leave as `vectors` the groups that are made in families, and of arrays those used by elements alone."""
        nodes = list(self._nodes(body))
        inside = {id(n) for family in self.of.values() for s in family.lines for n in _names(s)}
        inside |= {id(n.value) for n in nodes if isinstance(n, ast.Subscript) and self.is_element(n)}
        for n in nodes:
            if isinstance(n, ast.Name) and n.id in self.first and id(n) not in inside:
                first = self.first[n.id]
                self.vectors -= {first} if isinstance(n.ctx, ast.Store) or self.dimensions[first] > 0 else set()
        before = -1
        while before != len(self.vectors):
            before = len(self.vectors)
            for family in self.of.values():
                self._check(family)

    def _check(self, family: _Family) -> None:
        s = family.lines[0]
        assert isinstance(s, (ast.Assign, ast.AugAssign))
        if not family.element and self.dimensions[family.group] > 0:
            source = self._array(s.value) if isinstance(s, ast.Assign) else None
            kept = source is not None and (not source or source in self.vectors)
            if not kept or family.group not in self.vectors:
                self.vectors -= {family.group, source or family.group}
                self._let_go(s.value)
            return
        if not family.element and not self.is_sum(s.value):
            self.vectors.discard(family.group)
        target = _target(s)
        if isinstance(target, ast.Subscript) and not self.is_element(target):
            self._let_go(target)
        self._let_go(s.value)

    def _array(self, e: ast.expr) -> str | None:
        """The group of which `e` is a view, "" if it makes an array; None if it is something else."""
        match e:
            case ast.Name(name) if name in self.first:
                return self.first[name]
            case ast.Subscript(ast.Name(name), index) if name in self.first:
                fewer = len(_parts(index)) < self.dimensions[self.first[name]]
                plain = all(isinstance(p, (ast.Name, ast.Slice, ast.BinOp)) or _is_int(p) for p in _parts(index))
                return self.first[name] if fewer and plain and not self.mentions(index) else None
            case ast.Call(ast.Attribute(ast.Name("np"), made), [shape], []) if made in MADE:
                return None if self.mentions(shape) else ""
            case ast.Call(ast.Attribute(ast.Name(name), "copy"), [], []) if name in self.shared:
                return ""
        return None

    def is_element(self, e: ast.Subscript) -> bool:
        """Is `e` an element of an array of a group, or of one that all share in another place for each?"""
        if not isinstance(e.value, ast.Name) or not self._is_place(e.slice):
            return False
        parts, name = _parts(e.slice), e.value.id
        return len(parts) == self.dimensions.get(self.first.get(name, ""), self.shared.get(name, COUNTS))

    def _is_place(self, index: ast.expr) -> bool:
        """Is `index` made of ints, and of nothing in the lanes but ints?"""
        inside = (self.dimensions.get(self.first.get(n.id, ""), COUNTS) for n in _names(index))
        return not any(isinstance(p, ast.Slice) for p in _parts(index)) and all(d == COUNTS for d in inside)

    def _let_go(self, e: ast.expr) -> None:
        """The arrays that `e` uses otherwise than by elements are no vectors."""
        whole = {id(n.value) for n in ast.walk(e) if isinstance(n, ast.Subscript) and self.is_element(n)}
        for n in _names(e):
            if self.dimensions.get(self.first.get(n.id, ""), 0) > 0 and id(n) not in whole:
                self.vectors.discard(self.first[n.id])

    def mentions(self, e: ast.AST) -> bool:
        return any(n.id in self.first for n in _names(e))

    def is_sum(self, e: ast.expr) -> bool:
        """Can `e`, of one lane, be computed for all of them at once?"""
        if not self.mentions(e):
            return True
        match e:
            case ast.Name():
                return not self.dimensions[self.first[e.id]]
            case ast.Subscript():
                return self.is_element(e)
            case ast.BinOp(left, op, right):
                return type(op) in ARITHMETIC and self.is_sum(left) and self.is_sum(right)
            case ast.UnaryOp(ast.USub(), inner):
                return self.is_sum(inner)
            case ast.IfExp(test, yes, no):
                return self._is_test(test) and self.is_sum(yes) and self.is_sum(no)
            case ast.Call(ast.Attribute(ast.Name("math" | "np"), name), [inner], []):
                return self.own and name in CALLED and self.is_sum(inner)
        return False

    def _is_test(self, e: ast.expr) -> bool:
        match e:
            case ast.Compare(left, [op], [right]) if type(op) in COMPARED and self.mentions(e):
                return self.is_sum(left) and self.is_sum(right)
        return not self.mentions(e)

    # ------------------------------------------------------------------ how families are written

    def is_whole(self, family: _Family) -> bool:
        """Is what `family` binds or writes to computed for all lanes at once?"""
        s = family.lines[0]
        assert isinstance(s, (ast.Assign, ast.AugAssign))
        target = _target(s)
        if isinstance(target, ast.Name):
            return family.group in self.vectors
        assert isinstance(target, ast.Subscript)
        return self.is_sum(s.value) and (self.lies_wide(target) or self.mentions(s.value))

    def lies_wide(self, e: ast.Subscript) -> bool:
        """Is `e`, an element, one of an array whose lanes lie side by side, in the same place for all of them?"""
        assert isinstance(e.value, ast.Name)
        return self.first.get(e.value.id) in self.vectors and not self.mentions(e.slice)


def pays(found: _Families, body: list[ast.stmt]) -> bool:
    """Are there fewer instructions with vectors than without?"""
    return _Weight(found).of(body) > 0


class _Weight:
    """How many instructions vectors save, where what is in loops is done OFTEN: it may be less than nothing.

    One for each of the other lanes in a sum, and in what is put and got; they cost as many where lanes are packed or
    taken apart.
    """

    def __init__(self, found: _Families) -> None:
        self.found = found

    def of(self, body: list[Any]) -> int:
        weight, at = 0, 0
        while at < len(body):
            s, family = body[at], self.found.of.get(id(body[at]))
            at += 1 if family is None else self.found.count
            if family is not None:
                weight += self._family(family)
            elif self.found.concerns(s):
                if isinstance(s, (ast.Assign, ast.AugAssign)):
                    totals = (self.found.totals[id(n)] for n in ast.walk(s) if id(n) in self.found.totals)
                    weight += sum(self._sum(term) - 1 for _, term in totals)
                weight += sum(map(self.of, _blocks(s))) * (OFTEN if isinstance(s, (ast.For, ast.While)) else 1)
        return weight

    def _family(self, family: _Family) -> int:
        s = family.lines[0]
        assert isinstance(s, (ast.Assign, ast.AugAssign))
        if not self.found.is_whole(family) or (self.found.dimensions.get(family.group, 0) and not family.element):
            return 0
        there = _target(s)
        put = 0 if not isinstance(there, ast.Subscript) else 1 if self.found.lies_wide(there) else -PACKED
        return self._sum(s.value) + put + isinstance(s, ast.AugAssign)

    def _sum(self, e: ast.expr) -> int:
        if not self.found.mentions(e):
            return 0
        match e:
            case ast.Name(name):
                return 0 if self.found.first[name] in self.found.vectors else -PACKED
            case ast.Subscript():
                return 1 if self.found.lies_wide(e) else -PACKED
        return 1 + sum(self._sum(c) for c in ast.iter_child_nodes(e) if isinstance(c, ast.expr))


def _target(s: ast.stmt) -> ast.expr | None:
    """What `s` binds or writes to, in a way that lanes can; None if it does something else."""
    match s:
        case ast.Assign([target]):
            return target
        case ast.AugAssign(target, op) if type(op) in ARITHMETIC:
            return target
    return None


def _names(e: ast.AST) -> Iterator[ast.Name]:
    return (n for n in ast.walk(e) if isinstance(n, ast.Name))


def _parts(index: ast.expr) -> list[ast.expr]:
    return index.elts if isinstance(index, ast.Tuple) else [index]


def _is_int(index: ast.expr) -> bool:
    """Is `index` a constant, or one that is told never to be negative?"""
    match index:
        case ast.UnaryOp(ast.USub(), ast.Constant(int())) | ast.Constant(int()):
            return True
        case ast.Call(ast.Name(), [_], []):
            return True
    return False


def _halves(e: ast.expr, count: int) -> list[ast.expr] | None:
    """The terms of `e`, a sum of so many, in which the first half is added to the second one, term by term."""
    if count == 1:
        return [e]
    match e:
        case ast.BinOp(left, ast.Add(), right) if count % 2 == 0:
            even, odd = _halves(left, count // 2), _halves(right, count // 2)
            return None if even is None or odd is None else [t for pair in zip(even, odd, strict=True) for t in pair]
    return None


class _Writer(ast.NodeTransformer):
    """Writes families as one line, and takes lanes out of vectors elsewhere."""

    def __init__(self, found: _Families, bound: Callable[[Any, str], str]) -> None:
        self.found, self.bound = found, bound

    def body(self, body: list[Any]) -> list[Any]:
        out: list[Any] = []
        at = 0
        while at < len(body):
            s, family = body[at], self.found.of.get(id(body[at]))
            at += 1 if family is None else self.found.count
            if family is not None:
                out += (ast.copy_location(line, s) for line in self._written(family))
            else:
                out.append(self.visit(s) if self.found.concerns(s) else s)
        return out

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name, value in ast.iter_fields(node):
            if name in ("body", "orelse") and isinstance(value, list):
                setattr(node, name, self.body(value))
            elif isinstance(value, list):
                setattr(node, name, [self.visit(v) if isinstance(v, ast.AST) else v for v in value])
            elif isinstance(value, ast.AST):
                setattr(node, name, self.visit(value))
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A name of a line that belongs to no family."""
        first = self.found.first.get(node.id)
        if first is None or first not in self.found.vectors or not isinstance(node.ctx, ast.Load):
            return node
        return self._lane(_name(first), self.found.lane[node.id])

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """An element in a line that belongs to no family."""
        if isinstance(node.value, ast.Name) and self.found.first.get(node.value.id) in self.found.vectors:
            array = node.value.id
            index = [*map(self.visit, _parts(node.slice)), ast.Constant(self.found.lane[array])]
            return ast.Subscript(_name(self.found.first[array]), ast.Tuple(index, ast.Load()), node.ctx)
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """A sum over all lanes, or another expression."""
        _, term = self.found.totals.get(id(node), (None, None))
        if term is not None and self.found.is_sum(term):
            return self._call(total, self._all(term))
        return self.generic_visit(node)

    # ------------------------------------------------------------------ a family

    def _written(self, family: _Family) -> Iterator[ast.stmt]:
        s = family.lines[0]
        assert isinstance(s, (ast.Assign, ast.AugAssign))
        if not family.element and self.found.dimensions[family.group] > 0:
            yield from self._arrays(family)
        elif not self.found.is_whole(family):
            yield from (self.visit(line) for line in family.lines)
        else:
            target, value = _target(s), self._all(s.value)
            if isinstance(target, ast.Subscript) and not self.found.lies_wide(target):
                yield from self._apart(family, value)
                return
            if isinstance(s, ast.AugAssign):
                value = self._call(ARITHMETIC[type(s.op)], self._all(_loaded(target)), value)
            elif not self.found.mentions(s.value):
                value = self._call(splat(self.found.count), value)
            if isinstance(target, ast.Subscript):
                yield ast.Expr(self._call(put, _name(family.group), _tuple(target.slice), value))
            else:
                yield ast.Assign([ast.Name(family.group, ast.Store())], value)

    def _apart(self, family: _Family, value: ast.expr) -> Iterator[ast.stmt]:
        """Each lane of `value` to its own place."""
        made = self.found.place.free.fresh("made")
        yield ast.Assign([ast.Name(made, ast.Store())], value)
        for k, line in enumerate(family.lines):
            assert isinstance(line, (ast.Assign, ast.AugAssign))
            line.value = ast.Constant(0.0)
            line = self.visit(line)
            line.value = self._lane(_name(made), k)
            yield line

    def _arrays(self, family: _Family) -> Iterator[ast.stmt]:
        s = family.lines[0]
        assert isinstance(s, ast.Assign)
        if family.group not in self.found.vectors:
            yield from family.lines
            return
        count = ast.Constant(self.found.count)
        match s.value:
            case ast.Call(ast.Attribute(array, "copy"), []):
                yield ast.Assign(s.targets, self._call(spread, array, count))
            case ast.Call(ast.Attribute(np, made), [shape]):
                like = made.endswith("_like")
                extent = ast.Attribute(shape, "shape", ast.Load()) if like else shape
                wider = self._call(wide, extent, count)
                made = made.removesuffix("_like")
                yield ast.Assign(s.targets, ast.Call(ast.Attribute(np, made, ast.Load()), [wider], []))
            case _:
                yield s

    def _all(self, e: ast.expr) -> ast.expr:
        """`e`, of the first lane, for all of them."""
        if not self.found.mentions(e):
            return e
        match e:
            case ast.Name(name):
                return e if name in self.found.vectors else self._packed(e)
            case ast.Subscript(ast.Name(name), index):
                if self.found.lies_wide(e):
                    return self._call(get(self.found.count), _name(name), _tuple(index))
                return self._packed(e)
            case ast.BinOp(left, op, right):
                return self._call(ARITHMETIC[type(op)], self._all(left), self._all(right))
            case ast.UnaryOp(_, inner):
                return self._call(neg, self._all(inner))
            case ast.Call(function, [inner]):
                return ast.Call(function, [self._all(inner)], [])
            case ast.IfExp(ast.Compare(left, [op], [right]) as test, yes, no) if self.found.mentions(test):
                decided = self._call(COMPARED[type(op)], self._all(left), self._all(right))
                return self._call(choose, decided, self._vector(yes), self._vector(no))
            case ast.IfExp(test, yes, no):
                return ast.IfExp(test, self._vector(yes), self._vector(no))
        raise AssertionError(ast.dump(e))

    def _vector(self, e: ast.expr) -> ast.expr:
        return self._all(e) if self.found.mentions(e) else self._call(splat(self.found.count), e)

    def _packed(self, e: ast.expr) -> ast.expr:
        """`e`, of the first lane, one lane after the other."""
        lanes = [deepcopy(e) for _ in range(self.found.count)]
        for k, lane in enumerate(lanes):
            for n in _names(lane):
                n.id = self.found.names[n.id][k] if n.id in self.found.names else n.id
        return self._call(pack, ast.Tuple([self.visit(lane) for lane in lanes], ast.Load()))

    def _lane(self, vector: ast.expr, lane: int) -> ast.expr:
        return self._call(one, vector, ast.Constant(lane))

    def _call(self, function: Any, *given: ast.expr) -> ast.Call:
        return ast.Call(_name(self.bound(function, f"lanes_{function.__name__}")), list(given), [])


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _tuple(index: ast.expr) -> ast.expr:
    return ast.Tuple(_parts(index), ast.Load())


def _loaded(target: Any) -> Any:
    """`target`, as it is read."""
    return _name(target.id) if isinstance(target, ast.Name) else ast.Subscript(
        target.value, deepcopy(target.slice), ast.Load()
    )
