"""The function that finds which inputs each float of a function's result depends on, compiled for each signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from srcad.checks import Types
from srcad.compile import Plain
from srcad.generated import Generated
from srcad.products import Product


class Pattern(Product):
    """Index domains: called with the arguments and the inputs' numbers, it gives the sets and the result's domains."""

    shown = "pattern"
    what = "The inputs that each result depends on"

    def _called(self) -> Plain:
        return cast(Plain, _with_numbers)

    def _fit(self, given: Mapping[str, Any], vector: Any) -> None:
        """The numbers are made by srcad."""

    def _generate(self, arguments: Types) -> Generated:
        from srcad.pipeline import detect

        return detect(self.function, self._arguments(arguments[0]), arguments[1], self.wrt)


def _with_numbers(args: Any, numbers: Any) -> Any:
    """What a `Pattern` is called with."""
