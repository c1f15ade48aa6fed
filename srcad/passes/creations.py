"""Arrays of given values as allocations and stores, so that values with derivatives are visible.

    y = np.array([a, b])      ->      y = np.empty(2);  y[0] = a;  y[1] = b
    z = np.full(n, a)         ->      z = np.empty(n);  z[:] = a
    w = x.flatten()           ->      %1 = x.copy();  w = %1.ravel()

Allocations of zeros, ones and other constants stay, with the dtype that the array has. `ravel` and `reshape` of an
array that is not in C order are those of a copy.
Needs: types of all names, array operations in statements of their own. Guarantees: no allocation has an operand
with a derivative. Stores of whole arrays are left to `scalarise`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from numba.core import types

from srcad.analysis.alias import Aliases, written
from srcad.analysis.shapes import WHOLE
from srcad.build import Rewriter, dtype_name
from srcad.errors import unsupported
from srcad.ir import (
    ONE,
    Apply,
    Array,
    Assign,
    Const,
    Expr,
    Field,
    Function,
    Item,
    Select,
    Stmt,
    Store,
    Tuple,
    Var,
    bindings,
    map_bodies,
    names,
)
from srcad.rules import arrays
from srcad.types import Type, is_array, is_float, is_list, is_reference

RAGGED = "the rows of an array differ in length"


def creations(f: Function) -> Function:
    """`f` with allocations whose operands carry no derivative.

    Raises:
        SrcadError: a display with rows of different lengths, or of arrays.
    """
    return _Creations(f).function()


class _Creations(Rewriter):
    def __init__(self, f: Function) -> None:
        super().__init__(f)
        self.aliases = Aliases(f)
        self.written = written(f, self.aliases)
        self.definitions = Counter([*f.params, *bindings(f.body)])

    def statement(self, s: Stmt) -> None:
        if isinstance(s, Assign) and is_array(self.b.types.get(s.target)):
            self.assign(s.target, s.value)
        elif isinstance(s, Store) and isinstance(s.value, Tuple):
            self._several(s, s.value)
        else:
            self.b.add(map_bodies(s, self.body))

    def _several(self, s: Store, value: Tuple) -> None:
        """`x[1:3] = (a, b)`."""
        assert isinstance(s.array, Var)
        items = self.b.new("%", types.Array(self.b.types[s.array.name].dtype, 1, "C"))
        self._display(items, Array(value.items))
        self.b.add(replace(s, value=Var(items)))

    def assign(self, target: str, value: Expr) -> None:
        match value:
            case Array():
                self._display(target, value)
            case Apply("np.full" | "np.full_like" as op, (shape, fill)) if not isinstance(fill, Const):
                self._new(target, op.replace("full", "empty"), (shape,))
                whole = (WHOLE,) * self.b.types[target].ndim
                self.b.store(Var(target), whole, fill)
            case Apply("np.linspace" | "np.arange" as op, args) if any(self._varies(a) for a in args):
                self._ramp(target, op, args)
            case Apply(op, args, keywords) if op in arrays.CREATE:
                self._new(target, op, args, keywords)
            case Apply(".flatten", (Var(x),)):
                self._flat(target, Var(x), copied=True)
            case Apply(".ravel", (Var(x),)):
                t = self.b.types[x]
                mixed = t.layout == "A" and self.definitions[x] > 1  # is it, or is one of its definitions?
                if mixed or (t.layout == "F" and t.ndim == 1):  # of which Numba makes a copy, and NumPy none
                    self._clear("ravel", x, target)
                self._flat(target, Var(x), copied=t.layout != "C")
            case Apply("array_of" | "np.copy", (Var(x),)):
                self.b.assign(target, Apply("np.array" if is_list(self.b.types[x]) else "np.copy", (Var(x),)))
            case Apply("np.asarray" | "np.ascontiguousarray" | "np.asfortranarray" as op, (Var(x),)):
                self._laid_out(target, op, Var(x))
            case Apply(".reshape", (Var(x), shape)) if self.b.types[x].layout != "C":
                self._clear("reshape", x, target)
                self.b.assign(target, Apply(".reshape", (self._copy(Var(x)), shape)))
            case _:
                self.b.assign(target, value)

    def _varies(self, e: Expr) -> bool:
        return not isinstance(e, Const) and is_float(self.b.kind(e))

    def _new(self, target: str, op: str, args: tuple[Expr, ...], keywords: tuple[tuple[str, Expr], ...] = ()) -> None:
        """An allocation, with the dtype of `target` wherever it is not the one by default."""
        dtype, given = self.b.types[target].dtype, dict(keywords)
        like = args[0] if op.endswith("_like") else None
        usual = self.b.kind(like).dtype if like is not None else types.float64
        wanted = "dtype" in given if op in ("np.arange", "np.full", "np.linspace") else dtype != usual
        given.pop("dtype", None)
        if isinstance(like, Var) and self.b.kind(like).layout == "A" and self.b.kind(like).ndim > 1:
            # NumPy follows the strides, but the array is in C order: so says its type
            extents = (Item(Field(like, "shape"), (Const(k),)) for k in range(self.b.kind(like).ndim))
            op, args = op.removesuffix("_like"), (Tuple(tuple(extents)), *args[1:])
            wanted = wanted or dtype != types.float64
        if wanted:
            given["dtype"] = Var(f"np.{dtype_name(dtype)}")
        self.b.assign(target, Apply(op, args, tuple(given.items())))

    def _laid_out(self, target: str, op: str, x: Var) -> None:
        """`x` itself where it is laid out as `op` asks for, otherwise a copy that is."""
        t = self.b.types[x.name]
        wanted = "F" if op == "np.asfortranarray" else "C"
        if is_list(t):
            self.b.assign(target, Apply("np.array", (x,)))
        elif op == "np.asarray" or t.layout == wanted or (t.ndim == 1 and t.layout != "A"):
            self.b.assign(target, x)
        else:
            if t.layout == "A":  # then its strides decide, when it runs
                self._clear(op.removeprefix("np."), x.name, target)
            self.b.assign(target, Apply(".copy", (x,)))

    def _clear(self, what: str, x: str, target: str) -> None:
        """Refuse an array that may or may not share memory with `x`, unless that makes no difference."""
        if self.written & {self.aliases.of(x), self.aliases.of(target)}:
            why = f"{what} may or may not copy an array that is not in C order, and one of the two is written to"
            shaped = what in ("ravel", "reshape")
            raise unsupported(self.b.at, why, f"x.copy().{what}(...)" if shaped else "x.copy(), or x itself")

    # ------------------------------------------------------------------ displays

    def _display(self, target: str, value: Array) -> None:
        shape = self._shape(value)
        name = self.b.new(target, self.b.types[target]) if target in names(value) else target
        extents = tuple(map(Const, shape))
        self._new(name, "np.empty", (extents[0] if len(extents) == 1 else Tuple(extents),))
        self._items(name, value, ())
        if name != target:
            self.b.assign(target, Var(name))

    def _shape(self, value: Expr) -> tuple[int, ...]:
        if not isinstance(value, Array):
            if is_reference(self.b.kind(value)):
                raise unsupported(self.b.at, "an array made of arrays can't be read", "np.empty, and a row at a time")
            return ()
        rows = {self._shape(i) for i in value.items}
        if len(rows) > 1:
            raise unsupported(self.b.at, RAGGED, "rows of one length")
        return (len(value.items), *(rows.pop() if rows else ()))

    def _items(self, name: str, value: Array, at: tuple[Expr, ...]) -> None:
        for k, item in enumerate(value.items):
            where = (*at, Const(k))
            if isinstance(item, Array):
                self._items(name, item, where)
            else:
                self.b.store(Var(name), where, item)

    # ------------------------------------------------------------------ arange and linspace

    def _ramp(self, target: str, op: str, args: tuple[Expr, ...]) -> None:
        """`start + i * step` for each i; the number of them has no derivative."""
        if op == "np.arange":
            start, stop, step = (Const(0.0), args[0], ONE) if len(args) == 1 else (*args, ONE)[:3]
            counted = self.b.emit(Apply(op, args), self.b.types[target])
            n = self.b.emit(self.b.length(counted.name), types.intp)  # type: ignore[union-attr]
        else:
            start, stop = args[:2]
            n = self.b.emit(args[2] if len(args) > 2 else Const(50))
            span = self.b.emit(Apply("-", (stop, start)))
            gaps = self.b.emit(Select(Apply(">", (n, ONE)), Apply("-", (n, ONE)), ONE), types.intp)
            step = self.b.emit(Apply("/", (span, gaps)))
        self._new(target, "np.empty", (n,))
        i = self.b.new("i", types.intp)
        old = self.b.block()
        risen = self.b.emit(Apply("*", (Var(i), step)))
        self.b.store(Var(target), (Var(i),), self.b.emit(Apply("+", (start, risen))))
        self.b.loop(i, n, self.b.taken(old))
        if op == "np.linspace":
            self._last(target, n, stop)

    def _last(self, target: str, n: Expr, stop: Expr) -> None:
        """NumPy's last point is the end itself, not its sum of steps."""
        old = self.b.block()
        self.b.store(Var(target), (Apply("-", (n, ONE)),), stop)
        self.b.branch(Apply(">", (n, ONE)), self.b.taken(old))

    # ------------------------------------------------------------------ flat arrays

    def _copy(self, x: Var) -> Expr:
        return self.b.emit(Apply(".copy", (x,)), self._plain(self.b.types[x.name]))

    def _plain(self, t: Type) -> Type:
        return t.copy(layout="C", readonly=False)

    def _flat(self, target: str, x: Var, copied: bool) -> None:
        """`x.ravel()`, of a copy if need be."""
        source = self._copy(x) if copied else x
        if self.b.types[x.name].ndim == 1:
            self.b.assign(target, source)
        else:
            self.b.assign(target, Apply(".ravel", (source,)))
