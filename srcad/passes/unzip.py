"""Lists of tuples as tuples of lists: one list for each number in a tuple, all of one length.

    todo = [(lo, hi)]                 todo = ([lo], [hi])
    while todo:                       while todo[0]:
        pair = todo.pop()                 %1 = todo[0].pop();  %2 = todo[1].pop();  pair = (%1, %2)
        todo.append((a, b))    ->         todo.append((a, b))
    first = todo[0]                   first = (todo[0][0], todo[1][0])
    n = len(todo)                     n = len(todo[0])

    graph[i].append((j, w))       ->      %1 = (graph[0][i], graph[1][i]);  %1.append((j, w))

All that is done to such a list is done to each of these lists, so that they keep in step; and two names of it are two
names of each of them, so that what is done by one name is seen by the other. `untuple` then gives them names.
Lists of lists of tuples are tuples of lists of lists. Needs: types of all names, none of them optional. Guarantees: no
list holds tuples. An Append to a tuple of lists appends the items of a tuple to each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from numba.core import types

from srcad.analysis.kinds import example, kind
from srcad.build import Rewriter
from srcad.errors import SrcadError, unsupported
from srcad.ir import (
    Apply,
    Array,
    Assign,
    Const,
    Expr,
    Field,
    Function,
    If,
    Invoke,
    Item,
    Select,
    Slice,
    Stmt,
    Store,
    Tuple,
    Var,
    While,
    children,
    is_atom,
    map_bodies,
    map_children,
    map_exprs,
    walk,
    writes,
)
from srcad.types import Type, is_list, is_reference, is_tuple

INSTEAD = "a list for each item of the tuples"


def unzip(f: Function) -> Function:
    """`f` without lists of tuples.

    Raises:
        SrcadError: such a list in a list, of tuples that hold something else than numbers and arrays, or used as
            a whole otherwise than by its name.
    """
    if not any(map(_holds_rows, f.types.values())):
        return f
    return _Unzip(f).function()


def is_rows(t: Type) -> bool:
    """Is `t` a list of tuples, or of lists of them?"""
    return is_list(t) and (is_tuple(t.dtype) or is_rows(t.dtype))


def row(t: Type) -> Type:
    """The type of an item of such a list: of a tuple, or of the tuple of lists that stands for a list."""
    return unzipped(t.dtype) if is_list(t.dtype) else t.dtype


def unzipped(t: Type) -> Type:
    """The type `t` with tuples of lists for lists of tuples."""
    if is_rows(t):
        return _each(row(t), types.List)
    return _of_items(t, map(unzipped, t)) if is_tuple(t) and _holds_rows(t) else t


def _each(t: Type, change: Callable[[Type], Type]) -> Type:
    """The tuple type `t` with what is in it changed, and in tuples in it."""
    return _of_items(t, (_each(i, change) if is_tuple(i) else change(i) for i in t))


def _of_items(t: Type, items: Iterable[Type]) -> Type:
    """A tuple type of other items, with the names of the fields of `t`."""
    given = tuple(items)
    return types.NamedTuple(given, t.instance_class) if isinstance(t, types.BaseNamedTuple) else types.Tuple(given)


def _holds_rows(t: Type) -> bool:
    """Is `t` a list of tuples, or is one somewhere in it?"""
    if is_tuple(t):
        return any(map(_holds_rows, t))
    return is_list(t) and (is_tuple(t.dtype) or _holds_rows(t.dtype))


class _Unzip(Rewriter):
    def __init__(self, f: Function) -> None:
        super().__init__(f)
        self.b.types |= {n: unzipped(t) for n, t in f.types.items()}

    def function(self) -> Function:
        for s in walk(self.f.body):
            for n in writes(s):
                self._check(self.f.types.get(n), s)
        body = self.body(self.f.body)
        self.b.at = self.f.at
        result = None if self.f.result is None else self.value(self.f.result)
        return replace(self.f, body=body, result=result, types=self.b.types)

    def _check(self, t: Type, s: Stmt) -> None:
        """Refuse lists in which there are lists of tuples, and tuples of what no list can hold."""
        if is_tuple(t):
            for item in t:
                self._check(item, s)
        elif is_rows(t):
            while is_list(t):
                t = t.dtype
            if not t.count:
                raise unsupported(s.at, "a list of empty tuples can't be read", "a number that counts them")
            _each(t, lambda leaf: self._check_leaf(leaf, s))

    def _check_leaf(self, t: Type, s: Stmt) -> Type:
        if _holds_rows(t):
            raise unsupported(s.at, "a list of tuples in a list of tuples can't be read", INSTEAD)
        if not isinstance(t, (types.Number, types.Boolean)) and not is_reference(t):
            why = "a list of tuples can't be read that hold something else than numbers and arrays"
            raise unsupported(s.at, why, "a number that stands for it, such as 0 and 1")
        return t

    def refuse(self, what: str, instead: str = INSTEAD) -> SrcadError:
        return unsupported(self.b.at, f"{what} of a list of tuples can't be read", instead)

    # ------------------------------------------------------------------ statements

    def statement(self, s: Stmt) -> None:
        match s:
            case Assign(target, value) if is_rows(self.f.types.get(target)):
                self.b.assign(target, self.list_of(value, row(self.f.types[target])))
                return
            case Assign(target, Apply(".pop", (lst,))) if self.is_rows(lst):
                self.b.assign(target, self.popped(lst))
                return
            case Assign(target, Apply("array_of" | "np.asarray", (lst,))) if self.is_rows(lst):
                self.array_of(target, lst)
                return
            case Assign(target, Apply("max" | "min" as op, (lst,))) if self.is_rows(lst):
                self.extreme(target, ">" if op == "max" else "<", lst)
                return
            case Store(array, index, value, op) if self.is_rows(array):
                if len(index) != 1 or isinstance(index[0], Slice) or op is not None:
                    raise self.refuse("this assignment to items", "x, y = points[i]; points[i] = (2.0 * x, y)")
                self.store(array, index[0], value)
                return
            case Invoke(_, function, args) if s.own is not None and any(map(self.is_rows, args)):
                raise self.refuse(f"{function}, which has a rule of its own,")
            case If(test) | While(test):
                s = replace(s, test=self.truth(test))
                self.b.add(map_bodies(s, self.body))
                return
        self.b.add(map_bodies(map_exprs(s, self.value), self.body))

    def list_of(self, value: Expr, t: Type) -> Expr:
        """The tuple of lists that stands for `value`, a list of tuples of the type `t`."""
        match value:
            case Array(items, _, _, of):
                return self.transposed(items, t, of is not None)
            case Apply(".pop", (a,)) if self.is_rows(a):
                return self.popped(a)
            case Apply("*" | "*=" as op, (a, n)) if self.is_rows(a):
                n = self.value(n)
                return self.of_each(a, lambda part, _: Apply(op, (part, n)))
            case Apply("*" as op, (n, a)) if self.is_rows(a):
                n = self.value(n)
                return self.of_each(a, lambda part, _: Apply(op, (part, n)))
            case Apply("+" | "+=" as op, (a, b)) if self.is_rows(a) and self.is_rows(b):
                return _zipped(self.of_each(a, _part), self.of_each(b, _part), op)
            case Apply(".copy" as op, (a,)) if self.is_rows(a):
                return self.of_each(a, lambda part, _: Apply(op, (part,)))
            case Item(a, (Slice() as between,)) if self.is_rows(a):
                between = map_children(between, self.value)  # type: ignore[assignment]
                return self.of_each(a, lambda part, _: Item(part, (between,)))
        if self.is_rows(value):
            return self.lists(value)
        raise self.refuse(_said(value))

    def transposed(self, rows: tuple[Expr, ...], t: Type, said: bool) -> Tuple:
        """The tuple, of the shape of the type `t`, of displays of the items of these tuples, or tuples of lists.

        Of empty ones it is `said` what they hold.
        """

        def part(e: Expr) -> Expr:
            return self.list_of(e, _inner(t)) if isinstance(e, Array) else self.value(e)

        return _transposed(tuple(map(part, rows)), t, said)

    def popped(self, lst: Expr) -> Expr:
        def pop(part: Expr, t: Type) -> Expr:
            return self.b.emit(Apply(".pop", (part,)), t)

        return self.of_each(lst, pop)

    def extreme(self, target: str, beyond: str, lst: Expr) -> None:
        """`target` as the first tuple of `lst` that no other one is `beyond`, compared item by item."""
        if is_list(self.kind(lst).dtype):
            raise self.refuse("max or min", "a loop over the lists")
        lists, n = self.lists(lst), self.b.emit(Apply("len", (self.first(lst),)), types.intp)
        self.b.refuse(Apply("==", (n, Const(0))), "max or min of nothing has no value")

        def row(k: str) -> Tuple:
            return _mapped(self.kind(lst).dtype, lists, lambda part, _: Item(part, (Var(k),)))

        best, k = self.b.new("best", types.intp), self.b.new("k", types.intp)
        self.b.assign(best, Const(0))
        old = self.b.block()
        self.b.branch(Apply(beyond, (row(k), row(best))), (Assign(best, Var(k), self.b.at),))
        self.b.loop(k, n, self.b.taken(old), start=Const(1))
        self.b.assign(target, row(best))

    def store(self, array: Expr, i: Expr, value: Expr) -> None:
        """`array[i] = value`, the index and the value being read before anything is stored."""
        i, value = self.value(i), self.value(value)
        i = i if is_atom(i) else self.b.emit(i, types.intp)
        if not all(map(is_atom, _leaves(value))):
            value = self.b.emit(value, row(self.kind(array)))

        def write(part: Expr, item: Expr) -> None:
            self.b.store(part, (i,), item)

        _pairwise(row(self.kind(array)), self.lists(array), value, write)

    def array_of(self, target: str, lst: Expr) -> None:
        """`target` as the array that has the tuples of `lst` for rows."""
        t = row(self.kind(lst))
        if any(is_tuple(i) or is_reference(i) for i in t):
            raise self.refuse("an array", "a loop that fills the array")
        n = self.b.emit(Apply("len", (self.first(lst),)), types.intp)
        self.b.assign(target, Apply("np.empty", (Tuple((n, Const(t.count))),)))
        i, old = self.b.new("i", types.intp), self.b.block()
        for k, part in enumerate(self.of_each(lst, _part).items):
            self.b.store(Var(target), (Var(i), Const(k)), self.b.emit(Item(part, (Var(i),))))
        self.b.loop(i, n, self.b.taken(old))

    # ------------------------------------------------------------------ expressions

    def kind(self, e: Expr) -> Type:
        """The type of `e`, as far as lists go."""
        if isinstance(e, Select):
            return self.kind(e.yes)
        return kind(e, self.f.types) if isinstance(e, (Var, Item, Field)) else None

    def is_rows(self, e: Expr) -> bool:
        return is_rows(self.kind(e))

    def value(self, e: Expr) -> Expr:
        """`e` with tuples of lists for the lists of tuples in it."""
        if is_atom(e):
            return e
        if self.is_rows(e):
            return self.lists(e)
        match e:
            case Item(a, (i,)) if self.is_rows(a):
                i = self.value(i)
                return self.of_each(a, lambda part, _: Item(part, (i,)))
            case Apply("len", (a,)) if self.is_rows(a):
                return Apply("len", (self.first(a),))
            case Apply("is" | "is not" | "==" | "!=" as op, (a, Const(None) as none)) if self.is_rows(a):
                return Apply(op, (self.lists(a), none))
            case Apply("and" | "or" | "not" as op, args):
                return Apply(op, tuple(map(self.truth, args)))
            case Select(test, yes, no):
                return Select(self.truth(test), self.value(yes), self.value(no))
            case Apply("in" | "not in", (_, a)) if self.is_rows(a):
                raise self.refuse("in", "any(v == pair for v in pairs)")
        if not isinstance(e, Tuple) and any(map(self.is_rows, children(e))):
            raise self.refuse(_said(e))
        return map_children(e, self.value)

    def truth(self, test: Expr) -> Expr:
        """`test`, the truth of a list of tuples being that of a list of numbers."""
        return self.first(test) if self.is_rows(test) else self.value(test)

    def lists(self, e: Expr) -> Expr:
        """The tuple of lists that stands for `e`, a name for a list of tuples or an item of a tuple."""
        match e:
            case Var():
                return e
            case Item(a, (i,)) if self.is_rows(a) and not isinstance(i, Slice):
                i = self.value(i)
                return self.of_each(a, lambda part, _: Item(part, (i,)))
            case Item(a, (i,)) if is_tuple(self.kind(a)):
                return Item(self.value(a), (self.value(i),))
            case Field(a, name):
                return Field(self.value(a), name)
            case Select(test, yes, no):
                return Select(self.truth(test), self.lists(yes), self.lists(no))
        raise self.refuse(_said(e))

    def first(self, e: Expr) -> Expr:
        """One of the lists that stand for `e`."""
        part, t = self.lists(e), row(self.kind(e))
        while is_tuple(t):
            part, t = _item(part, 0), t[0]
        return part

    def of_each(self, lst: Expr, change: Callable[[Expr, Type], Expr]) -> Tuple:
        """The tuple of what `change` makes of each of the lists that stand for `lst`, of items of some type."""
        return _mapped(row(self.kind(lst)), self.lists(lst), change)


def _part(e: Expr, _: Type) -> Expr:
    return e


def _item(whole: Expr, k: int) -> Expr:
    return whole.items[k] if isinstance(whole, Tuple) else Item(whole, (Const(k),))


def _mapped(t: Type, whole: Expr, change: Callable[[Expr, Type], Expr]) -> Tuple:
    items = ((_item(whole, k), inner) for k, inner in enumerate(t))
    return Tuple(tuple(_mapped(i, e, change) if is_tuple(i) else change(e, i) for e, i in items))


def _pairwise(t: Type, a: Expr, b: Expr, do: Callable[[Expr, Expr], None]) -> None:
    """`do` with each of what is in the tuple `a`, of the shape of the type `t`, and its like in `b`."""
    for k, inner in enumerate(t):
        one, other = _item(a, k), _item(b, k)
        if is_tuple(inner):
            _pairwise(inner, one, other, do)
        else:
            do(one, other)


def _transposed(rows: tuple[Expr, ...], t: Type, said: bool) -> Tuple:
    def display(items: tuple[Expr, ...], inner: Type) -> Expr:
        if is_tuple(inner):
            return _transposed(items, inner, said)
        return Array(items, is_list=True, of=example(inner) if said else None)

    return Tuple(tuple(display(tuple(_item(r, k) for r in rows), inner) for k, inner in enumerate(t)))


def _inner(t: Type) -> Type:
    """The type of an item of each of the lists in a tuple."""
    return _each(t, lambda part: part.dtype)


def _zipped(a: Expr, b: Expr, op: str) -> Expr:
    if isinstance(a, Tuple) and isinstance(b, Tuple):
        return Tuple(tuple(_zipped(x, y, op) for x, y in zip(a.items, b.items, strict=True)))
    return Apply(op, (a, b))


def _leaves(e: Expr) -> tuple[Expr, ...]:
    return tuple(v for i in e.items for v in _leaves(i)) if isinstance(e, Tuple) else (e,)


def _said(e: Expr) -> str:
    """What `e` is, in a message."""
    match e:
        case Apply("array_of"):
            return "an array"
        case Apply(op) if op.lstrip(".").replace(".", "").isidentifier():
            return op.lstrip(".")
        case Apply():
            return "a comparison"
        case Item(_, (Slice(),)):
            return "a part"
    return "this use"
