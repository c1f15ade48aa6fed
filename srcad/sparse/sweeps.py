"""The compiled sweeps of sparse matrices: the one that finds the pattern, and the one of several columns at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from srcad.checks import Types
from srcad.compile import Compiled, Plain
from srcad.generated import Generated
from srcad.products import Product


class _Sweep(Product):
    """Called by `SparseJacobian` and `SparseHessian`, not by users."""

    def _fit(self, given: Mapping[str, Any], vector: Any) -> None:
        """The second argument is made here."""


class Pattern(_Sweep):
    """Index domains: called with the arguments and the inputs' numbers and sets, it gives the result's domains."""

    shown = "pattern"
    what = "The inputs that each result depends on"

    def _called(self) -> Plain:
        return cast(Plain, _with_numbers)

    def _generate(self, arguments: Types) -> Generated:
        from srcad.pipeline import detect

        return detect(self.function, self._arguments(arguments[0]), arguments[1], self.wrt)


class Columns(_Sweep):
    """Tangents alone, in several lanes: called with the arguments and a tuple of tangents (of one lane, with these)."""

    shown = "columns"
    what = "Tangents"

    def __init__(
        self, function: Plain | Compiled, options: Mapping[str, Any], wrt: tuple[str, ...] | None = None, lanes: int = 1
    ) -> None:
        self.lanes = lanes
        super().__init__(function, options, wrt, lanes=lanes)

    def _called(self) -> Plain:
        return cast(Plain, _with_tangents)

    def _generate(self, arguments: Types) -> Generated:
        from srcad.pipeline import push

        given = self._arguments(arguments[0])
        return push(self.function, given, arguments[1], self.wrt, False, "columns", self.lanes)


def _with_numbers(args: Any, numbers: Any) -> Any:
    """What a `Pattern` is called with."""


def _with_tangents(args: Any, tangents: Any) -> Any:
    """What `Columns` are called with."""
