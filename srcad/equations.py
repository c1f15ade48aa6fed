"""Solutions of equations, differentiated where they are, not through the iterations that found them.

    implicit(root, residual)             x = root(p) has residual(x, p) = 0:    dx = -(dr/dx)^-1 dr/dp dp
    settle = fixed_point(step)           x = settle(x0, p) has x = step(x, p):  dx = (1 - ds/dx)^-1 ds/dp dp

Both declare rules of a user's own (`declare.py`), which are written here as Python for the types of a call, from the
derivatives of the residual, or of the step, that srcad makes. Method: the implicit function theorem; for fixed points
B. Christianson, Reverse accumulation and attractive fixed points, Optimization Methods and Software 3, 1994.
"""

from __future__ import annotations

import linecache
import types as python_types
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core import types
from numba.extending import overload, register_jitable

from srcad import source
from srcad.api import jvp, vjp
from srcad.rules.own import MADE, Maker, Sweep, enter_own, helper, parameters, ready
from srcad.types import is_array, is_float, is_float_array

F = TypeVar("F", bound=Callable[..., Any])


def implicit(solve: F, residual: Callable[..., Any], /) -> F:
    """Declare that `x = solve(*p)` solves the equation `residual(x, *p) = 0`, and is differentiated as its solution.

    Args:
        solve: a function of floats and arrays, plain Python or `@njit`, that returns a float or an array. It is never
            read, so it may find the solution by any means, from any start; it must not write to its arguments.
        residual: a function that srcad can differentiate: of the solution and of the arguments of `solve`; it returns
            a float for a float and, for an array of n elements, n residuals in an array of that shape.

    Returns:
        `solve`. A gradient costs one gradient of the residual and, where the solution is an array, n tangents and the
        factorisation of a dense n x n matrix. It is right as far as the solution is; where the Jacobian of the
        residual is singular, it is infinite or NaN.

    Raises:
        TypeError, ValueError: `residual` does not fit `solve`, or `solve` has a rule already.
    """
    params, known = _parameters("implicit", residual), parameters(solve)
    if known is None or len(params) != len(known) + 1:
        shown = getattr(solve, "__name__", repr(solve))
        wanted = "one float or array more" if known is None else f"{len(known) + 1} arguments, the solution first"
        raise ValueError(f"implicit: the residual of {shown} takes {wanted}: it takes {len(params)}")
    parts = (solve, residual)
    enter_own(
        solve, "implicit", writes=(),
        adjoint=Maker(_kept(lambda a, r: _Implicit(solve, residual, params, a, r).adjoint()), parts),
        tangent=Maker(_kept(lambda a, r: _Implicit(solve, residual, params, a, r).tangent()), parts),
    )  # fmt: skip
    return solve


def fixed_point(step: Callable[..., Any], /, tolerance: float = 1e-13, limit: int = 10_000) -> Any:
    """The function `settle(x0, *p)` that repeats `x = step(x, *p)` from `x0` until x stays the same.

    Its derivative is that of the fixed point with respect to `p`, by an iteration of the same kind, which converges as
    the loop itself does; with respect to `x0` it is zero. No iterate is kept.

    Args:
        step: a function that srcad can differentiate, of x (a float, or an array of floats) and any floats and arrays;
            it returns the next x.
        tolerance: the largest change of an element, relative to max(1, the largest element), that counts as none.
        limit: the iterations after which there is no fixed point: the function, or its derivative, then raises an
            ArithmeticError.

    Returns:
        An `@njit` function. Where steps shrink slowly, by a factor c each, x is off by tolerance * c / (1 - c).
    """
    params = _parameters("fixed_point", step)
    if not tolerance >= 0.0 or limit < 1:
        raise ValueError(f"fixed_point: tolerance={tolerance}, limit={limit}: these have to be positive")
    name = f"{getattr(step, '__name__', 'step').strip('<>')}_fixed_point"
    settle = _settling(name, step, tolerance, limit, f"{name}: no fixed point")
    settle.py_func.__doc__ = f"The fixed point of {getattr(step, '__name__', 'step')}, from {params[0]} on."
    return settle


def _settling(name: str, step: Any, tolerance: float, limit: int, complaint: str) -> Any:
    """The function `name` that repeats `step` until it settles, with its rules; the `complaint` where it does not."""
    params = _parameters("fixed_point", step)
    ready(source.python_function(step) if not hasattr(step, "py_func") else step)
    rest = "".join(f", {p}" for p in params[1:])
    x, old, new = _others(params, "x", "old", "new")
    text = f"""\
def {name}({params[0]}{rest}):
    {x} = step_of({params[0]}{rest})
    for _ in range({limit}):
        {old} = like({x})
        {new} = step_of({x}{rest})
        if settled({new}, {old}, {tolerance!r}):
            return {new}
        {x} = {new}
    raise ArithmeticError("{complaint} within {limit} steps")
"""
    text = text.replace(f"step_of({params[0]}{rest})", f"step_of(like({params[0]}){rest})", 1)
    settle = numba.njit(error_model="numpy")(_defined(name, text, {"step_of": step}))
    parts = (step, tolerance, limit)
    enter_own(
        settle, "fixed_point", writes=(),
        adjoint=Maker(_kept(lambda a, r: _Settled(settle, step, params, a, r, tolerance, limit).adjoint()), parts),
        tangent=Maker(_kept(lambda a, r: _Settled(settle, step, params, a, r, tolerance, limit).tangent()), parts),
    )  # fmt: skip
    return settle


# ---------------------------------------------------------------------------------------------- the rules, as text


class _Rule:
    """The rules of a call with arguments and results of given types.

    `equation` is what is differentiated; `params` are its parameters, the solution's first.
    """

    def __init__(
        self, solve: Any, equation: Any, params: tuple[str, ...], arguments: tuple[Any, ...], results: tuple[Any, ...]
    ) -> None:
        self.name, self.equation, self.params = solve.__name__, equation, params
        if len(results) != 1 or not (is_float(results[0]) or (is_array(results[0]) and is_float_array(results[0]))):
            raise TypeError(f"{self.name} returns no float and no array of floats")
        self.arguments, self.is_array = arguments, is_array(results[0])
        self.own = tuple(f"p{k}" for k, _ in enumerate(arguments))  # the rule's names of the arguments
        self.names: dict[str, Any] = {}

    @property
    def point(self) -> str:
        """The arguments of the equation at the solution."""
        raise NotImplementedError

    @property
    def floats(self) -> list[int]:
        """The positions of the arguments on which the solution depends smoothly."""
        return [k for k, t in enumerate(self.arguments) if is_float(t) or is_float_array(t)]

    def of_equation(self, k: int) -> str:
        """The name that the equation gives to the argument `k` of the call."""
        raise NotImplementedError

    def made(self, ending: str, extra: tuple[str, ...], lines: list[str]) -> Sweep:
        name = f"{self.name}_{ending}"
        body = "".join(f"    {line}\n" for line in lines)
        text = f"def {name}({', '.join((*self.own, *extra))}):\n{body}"
        made = _defined(name, text, self.names)
        ready(made)
        return Sweep(helper(made, MADE), made, self.own, extra)

    def along(self, wrt: list[str]) -> str:
        """A product of the equation's Jacobian with tangents of the parameters `wrt`."""
        self.names["along_" + "_".join(wrt)] = jvp(self.equation, wrt=tuple(wrt))
        return "along_" + "_".join(wrt)

    def against(self, wrt: list[str]) -> str:
        """A product of a cotangent with the equation's Jacobian by the parameters `wrt`."""
        self.names["against_" + "_".join(wrt)] = vjp(self.equation, wrt=tuple(wrt))
        return "against_" + "_".join(wrt)

    def received(self, weight: str) -> tuple[tuple[str, ...], list[str]]:
        """The bars of the arguments, which receive `weight` times the equation's partial derivatives."""
        wrt = [k for k in self.floats if self.of_equation(k)]
        bars: dict[int, str] = {}
        lines: list[str] = []
        if wrt:
            lines.append(f"received = {self.against([self.of_equation(k) for k in wrt])}(({self.point}), {weight})[1]")
            bars = {k: "received" if len(wrt) == 1 else f"received[{i}]" for i, k in enumerate(wrt)}
        arrays = [k for k in self.floats if not is_float(self.arguments[k])]
        lines += [f"p{k}_bar += {bars[k]}" for k in arrays if k in bars]
        scalars = [bars.get(k, "0.0") for k in self.floats if is_float(self.arguments[k])]
        return tuple(f"p{k}_bar" for k in arrays), [*lines, f"return {', '.join(scalars)}"]

    def moved(self) -> tuple[tuple[str, ...], str]:
        """The tangents of the arguments that a rule takes, and how they move the equation."""
        wrt = [k for k in self.floats if self.of_equation(k)]
        extra = tuple(f"p{k}_dot" for k in self.floats)
        dots = "".join(f"p{k}_dot, " for k in wrt)
        if not wrt:
            return extra, "0.0 * out"
        return extra, f"{self.along([self.of_equation(k) for k in wrt])}(({self.point}), ({dots}))[1]"


class _Implicit(_Rule):
    """dx = -(dr/dx)^-1 dr/dp dp."""

    @property
    def point(self) -> str:
        return ", ".join(("out", *self.own)) + ","

    def of_equation(self, k: int) -> str:
        return self.params[k + 1]

    def _jacobian(self) -> list[str]:
        """dr/dx: a number, or a column for each element of x."""
        along = self.along([self.params[0]])
        if not self.is_array:
            return [f"jacobian = {along}(({self.point}), 1.0)[1]"]
        return [
            "jacobian = np.empty((out.size, out.size))",
            "for j in range(out.size):",
            "    direction = np.zeros(out.size)",
            "    direction[j] = 1.0",
            f"    column = {along}(({self.point}), direction.reshape(out.shape))[1].copy().reshape(out.size)",
            "    for i in range(out.size):",
            "        jacobian[i, j] = column[i]",
        ]

    def adjoint(self) -> Sweep:
        solved = "solved(jacobian.T, -out_bar.copy().reshape(out.size)).reshape(out.shape)"
        weight = solved if self.is_array else "-out_bar / jacobian"
        extra, lines = self.received("weight")
        return self.made("adjoint", ("out", "out_bar", *extra), [*self._jacobian(), f"weight = {weight}", *lines])

    def tangent(self) -> Sweep:
        extra, moved = self.moved()
        solved = "solved(jacobian, -moved.copy().reshape(out.size)).reshape(out.shape)"
        result = solved if self.is_array else "-moved / jacobian"
        return self.made("tangent", ("out", *extra), [*self._jacobian(), f"moved = {moved}", f"return {result}"])


class _Settled(_Rule):
    """dx = ds/dx dx + ds/dp dp, repeated until it stays the same; its adjoint likewise."""

    def __init__(self, *given: Any) -> None:
        *rule, self.tolerance, self.limit = given
        super().__init__(*rule)

    @property
    def point(self) -> str:
        return ", ".join(("out", *self.own[1:])) + ","

    def of_equation(self, k: int) -> str:
        return self.params[k] if k else ""  # the fixed point does not depend on where the search began

    def _solved(self, product: str, what: str) -> str:
        """The y with y = b + `product` of y, from b on, as a call: a fixed point too, and so differentiated as one."""
        name, rest = f"settled_{what}_of_{self.name}", "".join(f", {p}" for p in self.own[1:])
        text = f"def {name}_step(y, b, out{rest}):\n    return b + {product}(({self.point}), y)[1]\n"
        step = _defined(f"{name}_step", text, self.names)
        self.names[name] = _settling(name, step, self.tolerance, self.limit, f"{self.name}: its {what} does not settle")
        return f"{name}(start, start, out{rest})"

    def adjoint(self) -> Sweep:
        weight = self._solved(self.against([self.params[0]]), "gradient")
        extra, lines = self.received("weight")
        return self.made("adjoint", ("out", "out_bar", *extra), ["start = out_bar", f"weight = {weight}", *lines])

    def tangent(self) -> Sweep:
        extra, moved = self.moved()
        weight = self._solved(self.along([self.params[0]]), "tangent")
        return self.made("tangent", ("out", *extra), [f"start = {moved}", f"return {weight}"])


def _parameters(what: str, equation: Any) -> tuple[str, ...]:
    """The parameters of an equation, which has to be a Python function of the unknown and of others."""
    found = parameters(equation) if source.python_function(equation) is not None else None
    if not found:
        raise TypeError(f"{what} takes a Python function, plain or @njit, of the unknown first: not {equation!r}")
    return found


def _others(taken: tuple[str, ...], *wanted: str) -> tuple[str, ...]:
    """Names like `wanted` that are not `taken`."""
    out = []
    for name in wanted:
        while name in taken:
            name += "_"
        out.append(name)
    return tuple(out)


def _kept(make: Callable[[Any, Any], Sweep]) -> Callable[[Any, Any], Sweep]:
    """`make`, once for each types."""
    known: dict[Any, Sweep] = {}

    def kept(arguments: Any, results: Any) -> Sweep:
        key = arguments, results
        if key not in known:
            known[key] = make(arguments, results)
        return known[key]

    return kept


def _defined(name: str, text: str, names: Mapping[str, Any]) -> python_types.FunctionType:
    """The function that `text` defines, its source to be found where people and srcad look for it."""
    _count[0] += 1
    file = f"<srcad rule {name} {_count[0]}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    scope = {"np": np, "like": like, "settled": settled, "solved": solved, "__name__": __name__, **names}
    exec(compile(text, file, "exec"), scope)
    made: python_types.FunctionType = scope[name]
    return made


_count = [0]

# ---------------------------------------------------------------------------------------------- what the rules call


def like(x: Any) -> Any:
    """The value of `x`: of an array a copy, so that it stays the same."""
    return x.copy() if isinstance(x, np.ndarray) else x


@overload(like, strict=False)  # type: ignore[untyped-decorator]
def _like(x: Any) -> Callable[[Any], Any]:
    return (lambda x: x.copy()) if isinstance(x, types.Array) else lambda x: x


def settled(new: Any, old: Any, tolerance: float) -> bool:
    """Is no element of `new` further from that of `old` than `tolerance` max(1, largest element)? Never of NaN."""
    size = max(1.0, float(np.max(np.abs(new)))) if np.size(new) else 1.0
    return bool(np.all(np.abs(new - old) <= tolerance * size))


@overload(settled, strict=False)  # type: ignore[untyped-decorator]
def _settled(new: Any, old: Any, tolerance: float) -> Callable[[Any, Any, float], bool]:
    if not isinstance(new, types.Array):
        return lambda new, old, tolerance: abs(new - old) <= tolerance * max(1.0, abs(new))

    def of_arrays(new: Any, old: Any, tolerance: float) -> bool:
        size = 1.0
        for v in new.flat:
            size = max(size, abs(v))
        same = True
        for d in (new - old).flat:
            same = same and abs(d) <= tolerance * size
        return same

    return of_arrays


@register_jitable(error_model="numpy")  # type: ignore[untyped-decorator]
def solved(matrix: Any, right: Any) -> Any:
    """The solution of `matrix @ x = right`, by elimination with partial pivoting (Golub and Van Loan, Matrix
    Computations, 4th ed., 2013, section 3.4). Of a singular matrix it is infinite or NaN.
    """
    n = len(right)
    a, x = matrix.copy(), right.copy()
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[pivot, k]):
                pivot = i
        for j in range(k, n):
            held = a[k, j]
            a[k, j] = a[pivot, j]
            a[pivot, j] = held
        held = x[k]
        x[k] = x[pivot]
        x[pivot] = held
        for i in range(k + 1, n):
            factor = a[i, k] / a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= factor * a[k, j]
            x[i] -= factor * x[k]
    for k in range(n - 1, -1, -1):
        for j in range(k + 1, n):
            x[k] -= a[k, j] * x[j]
        x[k] = x[k] / a[k, k]
    return x
