"""Whole Jacobians and Hessians, from sweeps over all directions.

    jacobian(f)(x)    ->    for start in range(0, x.size, 8): eight columns from one forward sweep in eight lanes
                      or    for i in range(y.size): a row from one reverse sweep
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from numba.core import types

from srcad import checks
from srcad.checks import Types
from srcad.compile import Compiled, Plain
from srcad.errors import SrcadError
from srcad.generated import Generated, Printed, joined
from srcad.gradient import Derivative, Gradient

AT_ONCE = 16  # floats that get a lane each: what stands still in a lane costs nothing there
LANES = 8  # directions a forward sweep: what stays in the registers beside the values
LINES = 1500  # of text: a sweep that is longer takes fewer lanes, as it would compile for half a minute


class _Whole(Derivative):
    """All derivatives of a function's result, `lanes` columns a sweep; None: LANES, fewer where the text gets long."""

    lanes: int | None

    def _whole(self, f: Any, arguments: Types, mode: str | None, beside: bool = False) -> Generated:
        """The text for all derivatives of what `f` returns; if there is a value beside it, of the second item."""
        from srcad.drivers import Driver
        from srcad.pipeline import columns, evaluate_copies, pull, push
        from srcad.work import returned

        result = returned(f, arguments)
        if not checks.carries(result):
            raise SrcadError(f"{f.__name__} returns {checks.a_type(result)}, which has no derivative")
        given = dict(zip(inspect.signature(f).parameters, arguments, strict=True))
        wrt = checks.differentiated(f, given, self.wrt)
        count = sum(_arrays(given[p]) for p in wrt)
        mode = mode or ("forward" if not count else "both" if _arrays(result) else "reverse")

        def driver(name: str) -> Driver:
            return Driver(f, arguments, wrt, result, name, beside)

        lanes = self.lanes or LANES
        base, made, drivers = f"{f.__name__ if f.__name__.isidentifier() else 'function'}_{self.shown}", [], []
        if mode != "reverse":
            one = driver(base if mode == "forward" else f"{base}_by_columns")
            if not count and len(one.inputs) <= max(lanes, AT_ONCE):
                made.append(columns(f, arguments, wrt))
                drivers.append(Printed(one.name, one.at_once(made[-1].name)))
            else:
                sweep = push(f, arguments, one.tangents(lanes), wrt, True, "columns", lanes)
                if self.lanes is None and (fewer := _fitting(lanes, len(sweep.text.splitlines()))) < lanes:
                    lanes = fewer
                    sweep = push(f, arguments, one.tangents(lanes), wrt, True, "columns", lanes)
                made.append(sweep)
                drivers.append(Printed(one.name, one.forward(sweep.name, lanes)))
        if mode != "forward":
            two = driver(base if mode == "reverse" else f"{base}_by_rows")
            sweep = pull(f, arguments, two.cotangent(), wrt, "row")
            made += [evaluate_copies(f, arguments), sweep]
            drivers.append(Printed(two.name, two.reverse(made[-2].name, sweep.name)))
        if mode == "both":
            names = (made[-2].name, f"{base}_by_columns", f"{base}_by_rows")
            drivers.append(Printed(base, driver(base).choice(*names, lanes)))
        return joined(base, made, drivers, driver(base).classes)


def _fitting(lanes: int, lines: int) -> int:
    """How many lanes keep a sweep below LINES, if it has so many lines with `lanes`: the values, and each lane's."""
    while lanes > 1 and lines > LINES:
        lines = lines * (1 + lanes // 2) // (1 + lanes)
        lanes //= 2
    return lanes


class Jacobian(_Whole):
    """All derivatives of a function's result: called with the function's arguments."""

    shown = "jacobian"
    what = "Jacobian"

    def __init__(
        self,
        function: Plain | Compiled,
        options: Mapping[str, Any],
        wrt: tuple[str, ...] | None = None,
        mode: str | None = None,
        lanes: int | None = None,
    ) -> None:
        self.mode, self.lanes = mode, lanes
        super().__init__(function, options, wrt, mode=mode, lanes=lanes)

    def __repr__(self) -> str:
        mode = f", mode={self.mode!r}" if self.mode is not None else ""
        return f"{super().__repr__()[:-1]}{mode})"

    def _generate(self, arguments: Types) -> Generated:
        return self._whole(self.function, arguments, self.mode)


class Hessian(_Whole):
    """All second derivatives of a function that returns one float: the Jacobian of its gradient, in forward mode."""

    shown = "hessian"
    what = "Hessian"
    beside = False  # are the value and the gradient returned as well?

    def __init__(
        self,
        function: Plain | Compiled,
        options: Mapping[str, Any],
        wrt: tuple[str, ...] | None = None,
        lanes: int | None = None,
    ) -> None:
        self.gradient = Gradient(function, options, wrt, with_value=self.beside)
        self.lanes = lanes
        super().__init__(function, options, wrt, lanes=lanes)

    def _generate(self, arguments: Types) -> Generated:
        return self._whole(self.gradient, arguments, "forward", self.beside)


class ValueGradHessian(Hessian):
    """The value, the gradient and the Hessian of a function that returns one float."""

    shown = "value_grad_hessian"
    what = "Value, gradient and Hessian"
    beside = True


def _arrays(t: Any) -> int:
    """The number of float arrays in a value of type `t`."""
    t = checks.plain(t)
    if isinstance(t, types.BaseTuple):
        return sum(map(_arrays, t))
    return int(isinstance(t, types.Array) and checks.carries(t))
