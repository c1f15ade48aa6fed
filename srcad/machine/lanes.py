"""The tangents of several lanes as one value each, told to the compiler: what people read stays as it is.

    y_dot1 = np.zeros((n, 3))                      y_dot1 = np.zeros(wide((n, 3), 2))
    y_dot2 = np.zeros((n, 3))
    for i in range(n):                             for i in range(n):
        a2_dot1 = a1_dot1 * x[i]           ->          a2_dot1 = mul(a1_dot1, x[i])
        a2_dot2 = a1_dot2 * x[i]
        y_dot1[i, 0] += a2_dot1                        put(y_dot1, (i, 0), add(get(y_dot1, (i, 0)), a2_dot1))
        y_dot2[i, 0] += a2_dot2

A sweep in several lanes does the same to each. The machine's compiler sees as many scalars as there are lanes, and as
many arrays, each in its own place: it makes vectors of iterations where a loop allows that and its elements lie side
by side, which the user's arrays seldom do. So what stands in neighbouring lines, once for each lane, becomes one line
for a vector of them, in the registers that the machine has; and arrays that are used element by element alone have the
lanes of an element side by side. What differs from lane to lane stays as it is, and takes its lane out of a vector.

Legal by what the lines say: a group of lines is the same line but for the lane, and reads nothing of another lane.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel.models import PrimitiveModel
from numba.core.datamodel.registry import register_default
from numba.extending import intrinsic

from srcad.ir import Function, mentioned
from srcad.names import Names

FEWEST = 4  # lanes, for which vectors are worth their while
MADE = ("zeros", "empty", "zeros_like", "empty_like")
Groups = tuple[tuple[int, tuple[str, ...]], ...]  # the dimensions of what a value is, none of a float; and its names


def lane_groups(f: Function) -> Groups:
    """The values of `f` that have a name in each of several lanes, and are float64 or arrays of these."""
    if not f.lanes or len(f.lanes[0]) < FEWEST:
        return ()
    there = {*mentioned(f.body), *f.params}
    found = []
    for group in f.lanes:
        kinds = {f.types.get(n) for n in group}
        t = kinds.pop()
        if kinds or not there.issuperset(group):
            continue
        if t == types.float64:
            found.append((0, group))
        elif isinstance(t, types.Array) and t.dtype == types.float64:
            found.append((t.ndim, group))
    return tuple(found)


# ---------------------------------------------------------------------------------------------- the text


def in_vectors(tree: ast.Module, groups: Groups, bound: Callable[[Any, str], str]) -> ast.Module:
    """The text `tree` of a function with the lines of several lanes as one, where that can be."""
    found = _Families(tree, groups)
    if not found.vectors:
        return tree
    for f in tree.body:
        assert isinstance(f, ast.FunctionDef)
        f.body = _Writer(found, bound).body(f.body)
    return ast.fix_missing_locations(tree)


@dataclass(frozen=True)
class _Family:
    """Neighbouring lines, one for each lane; `group` is what they bind or write to, as all of them say it."""

    lines: tuple[ast.stmt, ...]
    group: str
    element: bool


class _Families:
    """The families of a text, and which groups of names may be `vectors`, by their first names."""

    def __init__(self, tree: ast.Module, groups: Groups) -> None:
        self.count = len(groups[0][1])
        self.first = {n: group[0] for _, group in groups for n in group}
        self.lane = {n: k for _, group in groups for k, n in enumerate(group)}
        self.names = {group[0]: group for _, group in groups}
        self.dimensions = {group[0]: d for d, group in groups}
        self.of: dict[int, _Family] = {}  # by the first line
        self.vectors = set(self.names)
        self.free = Names(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
        self._find(tree)
        self._strike(tree)

    def _find(self, tree: ast.AST) -> None:
        for node in ast.walk(tree):
            for body in (getattr(node, "body", None), getattr(node, "orelse", None)):
                if not isinstance(body, list):
                    continue
                at = 0
                while at < len(body):
                    family = self._family(body[at : at + self.count])
                    if family is not None:
                        self.of[id(body[at])] = family
                    at += self.count if family is not None else 1

    def _family(self, lines: list[ast.stmt]) -> _Family | None:
        if len(lines) < self.count:
            return None
        target = _target(lines[0])
        element = isinstance(target, ast.Subscript)
        name = target.value if isinstance(target, ast.Subscript) else target
        if not isinstance(name, ast.Name) or name.id not in self.first:
            return None
        shown = [self._shown(s, k) for k, s in enumerate(lines)]
        if shown[0] is None or any(s != shown[0] for s in shown):
            return None
        return _Family(tuple(lines), self.first[name.id], element)

    def _shown(self, s: ast.stmt, lane: int) -> str | None:
        """`s` without what tells its lane; None if it reads something of another."""
        inside = [n for n in ast.walk(s) if isinstance(n, ast.Name) and n.id in self.lane]
        if any(self.lane[n.id] != lane for n in inside):
            return None
        own = [n.id for n in inside]
        for n in inside:
            n.id = self.first[n.id]
        shown = ast.dump(s)
        for n, name in zip(inside, own, strict=True):
            n.id = name
        return shown

    # ------------------------------------------------------------------ which groups are vectors

    def _strike(self, tree: ast.Module) -> None:
        """Leave as `vectors` the groups that are made in families, and of arrays those used by elements alone."""
        inside = {id(n) for family in self.of.values() for s in family.lines for n in ast.walk(s)}
        for n in ast.walk(tree):
            if isinstance(n, ast.arg):
                self.vectors.discard(self.first.get(n.arg, ""))
            elif isinstance(n, ast.Name) and n.id in self.first and id(n) not in inside:
                first = self.first[n.id]
                self.vectors -= {first} if isinstance(n.ctx, ast.Store) or self.dimensions[first] else set()
        before = -1
        while before != len(self.vectors):
            before = len(self.vectors)
            for family in self.of.values():
                self._check(family)

    def _check(self, family: _Family) -> None:
        s = family.lines[0]
        assert isinstance(s, (ast.Assign, ast.AugAssign))
        plain = isinstance(s, ast.Assign)
        if not family.element and self.dimensions[family.group]:
            source = self._array(s.value) if plain else None
            kept = source is not None and (not source or source in self.vectors)
            if not kept or family.group not in self.vectors:
                self.vectors -= {family.group, source or family.group}
                self._let_go(s.value)
            return
        if not family.element and not self._is_sum(s.value):
            self.vectors.discard(family.group)
        target = _target(s)
        if isinstance(target, ast.Subscript) and not self._is_element(target):
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
                return self.first[name] if fewer and plain and not self._mentions(index) else None
            case ast.Call(ast.Attribute(ast.Name("np"), made), [shape], []) if made in MADE:
                return None if self._mentions(shape) else ""
        return None

    def _is_element(self, e: ast.Subscript) -> bool:
        """Is `e` an element of an array of a group?"""
        if not isinstance(e.value, ast.Name) or self._mentions(e.slice):
            return False
        parts = _parts(e.slice)
        whole = len(parts) == self.dimensions.get(self.first.get(e.value.id, ""), -1)
        return whole and not any(isinstance(p, ast.Slice) for p in parts)

    def _let_go(self, e: ast.expr) -> None:
        """The arrays that `e` uses otherwise than by elements are no vectors."""
        whole = {id(n.value) for n in ast.walk(e) if isinstance(n, ast.Subscript) and self._is_element(n)}
        for n in ast.walk(e):
            if isinstance(n, ast.Name) and self.dimensions.get(self.first.get(n.id, ""), 0) and id(n) not in whole:
                self.vectors.discard(self.first[n.id])

    def _mentions(self, e: ast.AST) -> bool:
        return any(isinstance(n, ast.Name) and n.id in self.first for n in ast.walk(e))

    def _is_sum(self, e: ast.expr) -> bool:
        """Can `e`, of one lane, be computed for all of them at once?"""
        if not self._mentions(e):
            return True
        match e:
            case ast.Name():
                return not self.dimensions[self.first[e.id]]
            case ast.Subscript():
                return self._is_element(e)
            case ast.BinOp(left, op, right):
                return type(op) in ARITHMETIC and self._is_sum(left) and self._is_sum(right)
            case ast.UnaryOp(ast.USub(), inner):
                return self._is_sum(inner)
            case ast.IfExp(test, yes, no):
                return self._is_test(test) and self._is_sum(yes) and self._is_sum(no)
        return False

    def _is_test(self, e: ast.expr) -> bool:
        match e:
            case ast.Compare(left, [op], [right]) if type(op) in COMPARED and self._mentions(e):
                return self._is_sum(left) and self._is_sum(right)
        return not self._mentions(e)


def _target(s: ast.stmt) -> ast.expr | None:
    """What `s` binds or writes to, in a way that lanes can; None if it does something else."""
    match s:
        case ast.Assign([target]):
            return target
        case ast.AugAssign(target, op) if type(op) in ARITHMETIC:
            return target
    return None


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


class _Writer(ast.NodeTransformer):
    """Writes families as one line, and takes lanes out of vectors elsewhere."""

    def __init__(self, found: _Families, bound: Callable[[Any, str], str]) -> None:
        self.found, self.bound = found, bound

    def body(self, body: list[Any]) -> list[Any]:
        out: list[Any] = []
        at = 0
        while at < len(body):
            family = self.found.of.get(id(body[at]))
            if family is None:
                out.append(self.visit(body[at]))
                at += 1
                continue
            out += (ast.copy_location(s, family.lines[0]) for s in self._written(family))
            at += self.found.count
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

    # ------------------------------------------------------------------ a family

    def _written(self, family: _Family) -> Iterator[ast.stmt]:
        s = family.lines[0]
        assert isinstance(s, (ast.Assign, ast.AugAssign))
        vector = family.group in self.found.vectors
        if self.found.dimensions[family.group] and not family.element:
            yield from self._arrays(family)
        elif not self.found._is_sum(s.value) or not (vector or family.element):
            yield from (self.visit(line) for line in family.lines)
        else:
            value = self._all(s.value)
            target = _target(s)
            if isinstance(s, ast.AugAssign):
                value = self._call(ARITHMETIC[type(s.op)], self._all(_loaded(target)), value)
            elif not self.found._mentions(s.value):
                value = self._call(splat(self.found.count), value)
            if not family.element:
                yield ast.Assign([ast.Name(family.group, ast.Store())], value)
            elif vector:
                assert isinstance(target, ast.Subscript)
                yield ast.Expr(self._call(put, _name(family.group), _tuple(target.slice), value))
            else:
                yield from self._apart(family, value)

    def _apart(self, family: _Family, value: ast.expr) -> Iterator[ast.stmt]:
        """Each lane of `value` into an array of its own."""
        made = self.found.free.fresh("made")
        yield ast.Assign([ast.Name(made, ast.Store())], value)
        for k, line in enumerate(family.lines):
            target = _target(line)
            assert target is not None
            yield ast.Assign([target], self._lane(_name(made), k))

    def _arrays(self, family: _Family) -> Iterator[ast.stmt]:
        s = family.lines[0]
        assert isinstance(s, ast.Assign)
        if family.group not in self.found.vectors:
            yield from family.lines
            return
        match s.value:
            case ast.Call(ast.Attribute(np, made), [shape]):
                like = made.endswith("_like")
                extent = ast.Attribute(shape, "shape", ast.Load()) if like else shape
                wider = self._call(wide, extent, ast.Constant(self.found.count))
                made = made.removesuffix("_like")
                yield ast.Assign(s.targets, ast.Call(ast.Attribute(np, made, ast.Load()), [wider], []))
            case _:
                yield s

    def _all(self, e: ast.expr) -> ast.expr:
        """`e`, of the first lane, for all of them."""
        if not self.found._mentions(e):
            return e
        match e:
            case ast.Name(name):
                if name in self.found.vectors:
                    return e
                return self._packed([_name(n) for n in self.found.names[name]])
            case ast.Subscript(ast.Name(name), index):
                if name in self.found.vectors:
                    return self._call(get(self.found.count), _name(name), _tuple(index))
                names = self.found.names[name]
                return self._packed([ast.Subscript(_name(n), deepcopy(index), ast.Load()) for n in names])
            case ast.BinOp(left, op, right):
                return self._call(ARITHMETIC[type(op)], self._all(left), self._all(right))
            case ast.UnaryOp(_, inner):
                return self._call(neg, self._all(inner))
            case ast.IfExp(ast.Compare(left, [op], [right]) as test, yes, no) if self.found._mentions(test):
                decided = self._call(COMPARED[type(op)], self._all(left), self._all(right))
                return self._call(choose, decided, self._vector(yes), self._vector(no))
            case ast.IfExp(test, yes, no):
                return ast.IfExp(test, self._vector(yes), self._vector(no))
        raise AssertionError(ast.dump(e))

    def _vector(self, e: ast.expr) -> ast.expr:
        return self._all(e) if self.found._mentions(e) else self._call(splat(self.found.count), e)

    def _packed(self, elements: list[ast.expr]) -> ast.expr:
        return self._call(pack, ast.Tuple(elements, ast.Load()))

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


# ---------------------------------------------------------------------------------------------- machine code


class Lanes(types.Type):  # type: ignore[misc]
    """So many numbers of type float64, in the machine's registers."""

    def __init__(self, count: int, dtype: Any = types.float64) -> None:
        self.count, self.dtype = count, dtype
        super().__init__(f"Lanes({count}, {dtype})")


@register_default(Lanes)
class _Model(PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Lanes) -> None:
        element = ir.IntType(1) if kind.dtype == types.boolean else ir.DoubleType()
        super().__init__(manager, kind, ir.VectorType(element, kind.count))


def _spread(context: Any, builder: Any, value: Any, kind: Any, count: int) -> Any:
    """`value` of type `kind` in all lanes, if it is a number."""
    if isinstance(kind, Lanes):
        return value
    number = context.cast(builder, value, kind, types.float64)
    return _packed(builder, [number] * count)


def _packed(builder: Any, numbers: list[Any]) -> Any:
    made = ir.Constant(ir.VectorType(ir.DoubleType(), len(numbers)), ir.Undefined)
    for k, number in enumerate(numbers):
        made = builder.insert_element(made, number, ir.Constant(ir.IntType(32), k))
    return made


def _is_number(kind: Any) -> bool:
    return isinstance(kind, (types.Float, types.Integer, types.Boolean))


def _of_two(name: str, step: Callable[[Any, Any, Any], Any], dtype: Any = types.float64) -> Any:
    """The operation `step` on lanes, or on lanes and a number."""

    def operation(typing_context: Any, left: Any, right: Any) -> Any:
        count = next((t.count for t in (left, right) if isinstance(t, Lanes)), 0)
        if not count or not all(isinstance(t, Lanes) or _is_number(t) for t in (left, right)):
            return None

        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            given = zip(arguments, signature.args, strict=True)
            return step(builder, *(_spread(context, builder, value, t, count) for value, t in given))

        return Lanes(count, dtype)(left, right), code

    operation.__name__ = name
    return intrinsic(operation)


ARITHMETIC = {
    ast.Add: _of_two("add", lambda builder, a, b: builder.fadd(a, b)),
    ast.Sub: _of_two("sub", lambda builder, a, b: builder.fsub(a, b)),
    ast.Mult: _of_two("mul", lambda builder, a, b: builder.fmul(a, b)),
    ast.Div: _of_two("div", lambda builder, a, b: builder.fdiv(a, b)),
}


def _compared(name: str, sign: str) -> Any:
    def step(builder: Any, a: Any, b: Any) -> Any:
        compare = builder.fcmp_unordered if sign == "!=" else builder.fcmp_ordered
        return compare(sign, a, b)

    return _of_two(name, step, types.boolean)


COMPARED = {
    ast.Eq: _compared("eq", "=="),
    ast.NotEq: _compared("ne", "!="),
    ast.Lt: _compared("lt", "<"),
    ast.LtE: _compared("le", "<="),
    ast.Gt: _compared("gt", ">"),
    ast.GtE: _compared("ge", ">="),
}


@intrinsic  # type: ignore[untyped-decorator]
def neg(typing_context: Any, value: Any) -> Any:
    return value(value), lambda context, builder, signature, arguments: builder.fneg(arguments[0])


@intrinsic  # type: ignore[untyped-decorator]
def choose(typing_context: Any, test: Any, yes: Any, no: Any) -> Any:
    """`yes if test else no` in each lane."""
    return yes(test, yes, no), lambda context, builder, signature, arguments: builder.select(*arguments)


@intrinsic  # type: ignore[untyped-decorator]
def pack(typing_context: Any, numbers: Any) -> Any:
    """The numbers of a tuple, one a lane."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        given = zip(cgutils.unpack_tuple(builder, arguments[0]), signature.args[0], strict=True)
        return _packed(builder, [context.cast(builder, value, t, types.float64) for value, t in given])

    return Lanes(len(numbers))(numbers), code


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
def one(typing_context: Any, vector: Any, lane: Any) -> Any:
    """The number in the lane that the constant `lane` says."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.extract_element(arguments[0], ir.Constant(ir.IntType(32), lane.literal_value))

    return vector.dtype(vector, lane), code


@cache
def splat(count: int) -> Any:
    """The function that makes so many lanes of one number."""

    @intrinsic  # type: ignore[untyped-decorator]
    def splat(typing_context: Any, number: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return _spread(context, builder, arguments[0], signature.args[0], count)

        return Lanes(count)(number), code

    return splat


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
def wide(typing_context: Any, shape: Any, count: Any) -> Any:
    """A shape with the lanes behind its extents: `shape` is an int or a tuple of them."""
    extents = [shape] if isinstance(shape, types.Integer) else list(shape)

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        given = arguments[0]
        values = [given] if isinstance(signature.args[0], types.Integer) else cgutils.unpack_tuple(builder, given)
        made = [context.cast(builder, v, t, types.intp) for v, t in zip(values, extents, strict=True)]
        return cgutils.pack_array(builder, [*made, context.get_constant(types.intp, count.literal_value)])

    return types.UniTuple(types.intp, len(extents) + 1)(shape, count), code


def _place(context: Any, builder: Any, kinds: Any, arguments: Any, lanes: int) -> Any:
    """Where the lanes of an element begin, by the array and the tuple of its indices."""
    kind, indices = kinds
    array = context.make_array(kind)(context, builder, arguments[0])
    given = []
    for k, t in enumerate(indices):
        index = builder.extract_value(arguments[1], k)
        wraps = t.signed and not isinstance(t, types.IntegerLiteral)
        index = context.cast(builder, index, t, types.intp if wraps else types.uintp)
        if wraps:
            extent = cgutils.unpack_tuple(builder, array.shape)[k]
            below = builder.icmp_signed("<", index, ir.Constant(index.type, 0))
            index = builder.select(below, builder.add(index, extent), index)
        given.append(index)
    shape = cgutils.unpack_tuple(builder, array.shape)
    strides = cgutils.unpack_tuple(builder, array.strides)
    given.append(ir.Constant(given[0].type, 0))
    place = cgutils.get_item_pointer2(context, builder, array.data, shape, strides, kind.layout, given)
    return builder.bitcast(place, ir.VectorType(ir.DoubleType(), lanes).as_pointer())


@cache
def get(count: int) -> Any:
    """The function that reads the lanes of an element."""

    @intrinsic  # type: ignore[untyped-decorator]
    def get(typing_context: Any, array: Any, indices: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            place = _place(context, builder, signature.args, arguments, count)
            return builder.load(place, align=8)

        return Lanes(count)(array, indices), code

    return get


@intrinsic  # type: ignore[untyped-decorator]
def put(typing_context: Any, array: Any, indices: Any, value: Any) -> Any:
    """Write the lanes of an element."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = _place(context, builder, signature.args[:2], arguments, signature.args[2].count)
        builder.store(arguments[2], place, align=8)
        return context.get_dummy_value()

    return types.void(array, indices, value), code
