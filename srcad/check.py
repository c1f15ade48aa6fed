"""Do a function's derivatives agree: reverse with forward mode, and both with finite differences?

    check_grads(f, x, 2.0)    ->    nothing, or an AssertionError that names the worst entry

A direction v is drawn at random for the inputs, and w for the result. Compared are w . (J v) of forward mode, (w J) . v
of reverse mode and the central difference of w . f along v; then v . (H u) and the difference of the gradient.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from srcad import checks
from srcad.api import hvp, jvp, vjp
from srcad.gradient import Value
from srcad.vectors import flat, shaped, size

Flat = np.ndarray[Any, np.dtype[np.float64]]
MODES = ("forward", "reverse")


@dataclass(frozen=True)
class _Inputs:
    """The floats among a function's arguments as one vector."""

    args: tuple[Any, ...]
    wrt: tuple[int, ...]

    def flat(self) -> Flat:
        return flat(tuple(self.args[k] for k in self.wrt))

    def tangents(self, v: Flat) -> Any:
        """The vector `v` in the structure of the differentiated arguments."""
        found = shaped(tuple(self.args[k] for k in self.wrt), v)
        return found[0] if len(self.wrt) == 1 else found

    def moved(self, x: Flat) -> tuple[Any, ...]:
        """The arguments with the floats `x` in them."""
        args = list(self.args)
        for k, value in zip(self.wrt, shaped(tuple(args[k] for k in self.wrt), x), strict=True):
            args[k] = value
        return tuple(args)

    def name(self, entry: int, parameters: Sequence[str]) -> str:
        """What the float with the number `entry` is called."""
        for k in self.wrt:
            count = size(self.args[k])
            if entry < count:
                return _entry(parameters[k], self.args[k], entry)
            entry -= count
        raise IndexError(entry)


def check_grads(
    f: Any,
    *args: Any,
    wrt: Any = None,
    modes: Sequence[str] = MODES,
    order: int = 2,
    rtol: float = 1e-5,
    seed: int = 0,
) -> None:
    """Hold the derivatives of `f` at `args` against each other and against finite differences.

    Args:
        f: a function that `jvp` and `vjp` take; for `order` 2, second derivatives are checked if it returns one float.
        args: its arguments. Away from kinks: on one, differences show neither side's derivative.
        wrt: as for `grad`.
        modes: "forward", "reverse" or both.
        order: 1 or 2.
        rtol: the error that is let pass, of the largest term; differences of second order are allowed its root.
        seed: of the random directions.

    Raises:
        AssertionError: two of them differ; it names the entry that differs most, the values and the step.
        ValueError: `modes` or `order` is none of these.
        Others as `jvp` and `vjp`.
    """
    unknown = [m for m in modes if m not in MODES]
    if unknown or not modes:
        raise ValueError(f"check_grads has the modes {MODES}, not {unknown or modes}")
    if order not in (1, 2):
        raise ValueError(f"check_grads knows the orders 1 and 2, not {order!r}")
    parameters = list(inspect.signature(f).parameters)
    names = checks.positions(f, wrt)
    given = {p: checks.type_of(a) for p, a in zip(parameters, args, strict=False)}
    chosen = checks.differentiated(f, {p: t for p, t in given.items() if t is not None}, names)
    inputs = _Inputs(args, tuple(parameters.index(p) for p in chosen))
    checker = _Checker(f, inputs, parameters, names, rtol, np.random.default_rng(seed))
    checker.first(modes)
    if order == 2 and isinstance(checker.value, (float, np.floating)):
        checker.second()


class _Checker:
    def __init__(
        self, f: Any, inputs: _Inputs, parameters: list[str], wrt: Any, rtol: float, random: np.random.Generator
    ) -> None:
        self.f, self.inputs, self.parameters, self.wrt, self.rtol = f, inputs, parameters, wrt, rtol
        self.primal = Value(getattr(f, "py_func", f) if not hasattr(f, "__srcad__") else f, {})
        self.value = self.primal(*inputs.args)
        self.x = inputs.flat()
        self.v = random.standard_normal(self.x.size)
        self.w = random.standard_normal(size(self.value))

    def first(self, modes: Sequence[str]) -> None:
        x = self.x

        def along(v: Flat) -> tuple[float, float]:
            return difference(lambda t: float(flat(self.primal(*self.inputs.moved(x + t * v))) @ self.w), x, v)

        found: dict[str, Callable[[Flat], float]] = {}
        if "forward" in modes:
            push = jvp(self.f, self.wrt)
            found["forward"] = lambda v: float(flat(push(self.inputs.args, self.inputs.tangents(v))[1]) @ self.w)
        if "reverse" in modes:
            gradient = flat(vjp(self.f, self.wrt)(self.inputs.args, shaped(self.value, self.w))[1])
            found["reverse"] = lambda v: float(gradient @ v)
        if len(found) == 2:
            self._compare("forward and reverse mode", found["forward"], found["reverse"], self.rtol * 1e-3, None)
        mode, derivative = next(iter(found.items()))
        self._compare(f"{mode} mode and the difference", derivative, lambda v: along(v)[0], self.rtol, along)

    def second(self) -> None:
        product, gradient = hvp(self.f, self.wrt), vjp(self.f, self.wrt)
        x, u = self.x, self.w[0] * self.v[::-1] + 0.5

        def slope(t: float) -> float:
            return float(flat(gradient(self.inputs.moved(x + t * u), 1.0)[1]) @ self._direction)

        def along(v: Flat) -> tuple[float, float]:
            self._direction = v
            return difference(slope, x, u)

        h_u = flat(product(self.inputs.args, self.inputs.tangents(u)))
        what = "the second derivatives and the difference of the gradient"
        self._compare(what, lambda v: float(h_u @ v), lambda v: along(v)[0], self.rtol, along)

    def _compare(
        self,
        what: str,
        one: Callable[[Flat], float],
        two: Callable[[Flat], float],
        rtol: float,
        error: Callable[[Flat], tuple[float, float]] | None,
    ) -> None:
        """Hold two linear functions of a direction against each other."""
        a, b = one(self.v), two(self.v)
        scale = max(abs(a), abs(b))
        doubt = error(self.v)[1] if error is not None else 0.0
        if abs(a - b) <= rtol * scale + doubt or (math.isnan(a) and math.isnan(b)):
            return
        units = np.eye(self.x.size)[: min(self.x.size, 1000)]
        pairs = [(one(e), two(e)) for e in units]
        worst = max(range(len(pairs)), key=lambda k: _distance(*pairs[k]))
        name = self.inputs.name(worst, self.parameters)
        step = f", with steps of {step_of(self.x, units[worst]):.1e}" if error is not None else ""
        code = getattr(getattr(self.f, "py_func", self.f), "__code__", None)
        where = f"{code.co_filename}:{code.co_firstlineno}: " if code is not None else ""
        raise AssertionError(
            f"{where}{what} differ, most by {name}: {pairs[worst][0]!r} and {pairs[worst][1]!r}{step}; "
            f"along the random direction {a!r} and {b!r}"
        )


def _distance(a: float, b: float) -> float:
    return math.inf if math.isnan(a) or math.isnan(b) else abs(a - b)


def step_of(x: Flat, v: Flat) -> float:
    """A step along `v` at which a central difference loses as much to rounding as to curvature."""
    size = max(1.0, float(np.max(np.abs(x), initial=0.0)))
    return float(np.finfo(float).eps ** (1 / 3) * size / max(1.0, float(np.max(np.abs(v), initial=0.0))))


def difference(f: Callable[[float], float], x: Flat, v: Flat) -> tuple[float, float]:
    """The derivative of `f` at 0 by central differences with Richardson's extrapolation, and a bound of its error."""
    h = 8.0 * step_of(x, v)
    wide, narrow = ((f(t) - f(-t)) / (2.0 * t) for t in (h, h / 2.0))
    best = (4.0 * narrow - wide) / 3.0
    rounding = np.finfo(float).eps * (abs(f(h)) + abs(f(-h))) / h
    return best, abs(best - narrow) + 10.0 * float(rounding)


def _entry(name: str, value: Any, entry: int) -> str:
    if isinstance(value, tuple):
        for k, item in enumerate(value):
            count = size(item)
            if entry < count:
                fields = getattr(value, "_fields", None)
                return _entry(f"{name}.{fields[k]}" if fields else f"{name}[{k}]", item, entry)
            entry -= count
    if isinstance(value, np.ndarray):
        return f"{name}[{', '.join(str(i) for i in np.unravel_index(entry, value.shape))}]"
    return name
