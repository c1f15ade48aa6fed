"""Arrays passed by reference between functions that allocate nothing: what people read stays as it is.

    def g(v, n):                       def g(v_held, n):
        y = g(v, n - 1)                    v = held(v_held)
        ...                     ->         y = g(v_held, n - 1)
                                           ...
    z = g(w, 5)                        z = g(hold(w), 5)
                                       keep(w)

Numba passes an array as seven words or more, nearly all of them on the stack, and a recursive function passes the ones
it was given on and on. Here a caller puts the words into its own frame, once, and passes their address; the function
reads those that it needs. Numba gives an array back after the last line that names it: `keep` names it after the call.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from numba.core import cgutils, types
from numba.core.datamodel.models import PrimitiveModel
from numba.core.datamodel.registry import register_default
from numba.extending import intrinsic

Positions = Mapping[str, tuple[int, ...]]  # of each function: the parameters that are passed by reference


class Held(types.Type):  # type: ignore[misc]
    """The address of a value of type `of`, in the frame of a function that has not returned."""

    def __init__(self, of: Any) -> None:
        self.of = of
        super().__init__(f"held({of})")

    @property
    def key(self) -> Any:
        return self.of


@register_default(Held)
class _Address(PrimitiveModel):  # type: ignore[misc]
    def __init__(self, models: Any, held: Any) -> None:
        super().__init__(models, held, models.lookup(held.of).get_data_type().as_pointer())


@intrinsic  # type: ignore[untyped-decorator]
def hold(context: Any, value: Any) -> Any:
    """The address of an array, or of a tuple, in this function's frame; a number itself."""
    value = types.unliteral(value)
    if not isinstance(value, (types.Array, types.BaseTuple)):
        return value(value), lambda context, builder, signature, arguments: arguments[0]

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return cgutils.alloca_once_value(builder, context.data_model_manager[value].as_data(builder, arguments[0]))

    return Held(value)(value), code


@intrinsic  # type: ignore[untyped-decorator]
def held(context: Any, address: Any) -> Any:
    """What stands at an address that `hold` returned; a number itself."""
    if not isinstance(address, Held):
        return address(address), lambda context, builder, signature, arguments: arguments[0]

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.data_model_manager[address.of].load_from_data_pointer(builder, arguments[0])

    return address.of(address), code


@intrinsic  # type: ignore[untyped-decorator]
def keep(context: Any, value: Any) -> Any:
    """Nothing, but a mention of `value`."""
    return types.void(value), lambda context, builder, signature, arguments: context.get_dummy_value()


# ---------------------------------------------------------------------------------------------- the text


def by_reference(tree: ast.Module, positions: Positions, bound: Callable[[Any, str], str]) -> ast.Module:
    """The text `tree` of a function, with what `positions` says passed by reference; `bound` gives names."""
    (f,) = tree.body
    assert isinstance(f, ast.FunctionDef)
    _Passing(f, positions, bound).function()
    return tree


class _Passing(ast.NodeTransformer):
    def __init__(self, f: ast.FunctionDef, positions: Positions, bound: Callable[[Any, str], str]) -> None:
        self.f, self.positions, self.bound = f, positions, bound
        self.bare = f.name in positions
        found = [n for n in ast.walk(f) if isinstance(n, ast.Name)]
        self.taken = {n.id for n in found} | {a.arg for a in f.args.args}
        changed = {n.id for n in found if isinstance(n.ctx, ast.Store)}
        given = [f.args.args[k].arg for k in positions.get(f.name, ())]
        self.given = {n: self._fresh(f"{n}_held") for n in given}
        self.still = self.given.keys() - changed  # what they hold is what the function was given

    def function(self) -> None:
        self.generic_visit(self.f)
        for a in self.f.args.args:
            a.arg = self.given.get(a.arg, a.arg)
        read = {n.id for n in ast.walk(self.f) if isinstance(n, ast.Name)}
        used = ((n, ast.Name(address, ast.Load())) for n, address in self.given.items() if n in read)
        first = (self._assigned(n, self._call(held, "held", address)) for n, address in used)
        self.f.body[:0] = [ast.copy_location(s, self.f) for s in first]

    def visit_Assign(self, node: ast.Assign) -> Any:
        return self._statement(node)

    def visit_Expr(self, node: ast.Expr) -> Any:
        return self._statement(node)

    def _statement(self, node: ast.Assign | ast.Expr) -> Any:
        """A call stands alone on the right: what it is given by reference is named before it, and once more after."""
        match node.value:
            case ast.Call(ast.Name(name), arguments) if name in self.positions:
                before: list[ast.stmt] = []
                after: list[ast.stmt] = []
                for k in self.positions[name]:
                    arguments[k] = self._passed(arguments[k], before, after)
                return [ast.copy_location(s, node) for s in (*before, node, *after)]
        return node

    def _passed(self, e: ast.expr, before: list[ast.stmt], after: list[ast.stmt]) -> ast.expr:
        """What a call is given for `e`; where arrays are counted, with what to do before the call and after it."""
        if isinstance(e, ast.Name) and e.id in self.still:
            return ast.Name(self.given[e.id], ast.Load())
        if not self.bare:
            name = self._fresh("passed")
            before.append(self._assigned(name, e))
            after.append(ast.Expr(self._call(keep, "keep", ast.Name(name, ast.Load()))))
            e = ast.Name(name, ast.Load())
        return self._call(hold, "hold", e)

    def _assigned(self, name: str, value: ast.expr) -> ast.stmt:
        return ast.Assign([ast.Name(name, ast.Store())], value)

    def _call(self, function: Any, name: str, e: ast.expr) -> ast.expr:
        return ast.Call(ast.Name(self.bound(function, name), ast.Load()), [e], [])

    def _fresh(self, name: str) -> str:
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name
