"""`jvp` and its kin: derivatives times vectors, never the whole matrix.

    jvp(f)((2.0, 3.0), (1.0, 0.0))      ->      (f(2, 3), df/dx1)
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, cast

from numba.core import types

from srcad import checks
from srcad.checks import Types
from srcad.compile import Compiled, Plain
from srcad.generated import Generated
from srcad.gradient import Derivative, Gradient


class Product(Derivative):
    """A derivative of a function times a vector: called with the function's arguments and the vector."""

    vector = "tangent"  # what the second argument is made of

    def __init__(
        self, function: Plain | Compiled, options: Mapping[str, Any], wrt: tuple[str, ...] | None = None, **asked: Any
    ) -> None:
        super().__init__(function, options, wrt, **asked)
        self.__signature__ = inspect.signature(self._called())

    def _title(self) -> str:
        return repr(self)

    def _types(self, values: tuple[Any, ...]) -> Types:
        args, vector = values
        given, name = items(args), self.function.__name__
        parameters = inspect.signature(self.function).parameters.values()
        needed = sum(p.default is p.empty for p in parameters)
        if given is None or not needed <= len(given) <= len(parameters):
            wanted = ", ".join(p.name for p in parameters) + "," * (len(parameters) == 1)
            found = checks.an_argument(args) if given is None else f"a tuple of {len(given)}"
            raise TypeError(f"{self!r} takes the arguments of {name} as a tuple, ({wanted}), and {found} was given")
        found_types = checks.types_of(name, [p.name for p in parameters][: len(given)], tuple(given))
        return types.Tuple(found_types), checks.type_of_vector(f"{self!r}", vector)

    def _examples(self) -> tuple[Any, ...]:
        args = super()._examples()
        parameters = list(inspect.signature(self.function).parameters)
        wanted = [a for p, a in zip(parameters, args, strict=True) if self.wrt is None or p in self.wrt]
        return args, tuple(a for a in wanted if checks.carries(checks.type_of(a)))

    def _arguments(self, args: Any) -> Types:
        """The types of the function's arguments: those given, and the defaults of the others."""
        rest = list(inspect.signature(self.function).parameters.values())[len(args) :]
        return (*(types.unliteral(t) for t in args), *(types.Omitted(p.default) for p in rest))

    def _accept(self, arguments: Types) -> None:
        self._types(arguments)
        given = self._arguments(arguments[0])
        parameters = list(inspect.signature(self.function).parameters)
        checks.check_active(self.function.__name__, parameters, given, self.wrt)
        self._fit(dict(zip(parameters, given, strict=True)), arguments[1])

    def _fit(self, given: Mapping[str, Any], vector: Any) -> None:
        """Refuse, with a TypeError, tangents that are not what the differentiated arguments are."""
        chosen = checks.differentiated(self.function, given, self.wrt)
        checks.check_tangents(repr(self), [(p, given[p]) for p in chosen], vector, self.vector)


def items(args: Any) -> list[Any] | None:
    """The items of a tuple or of a tuple type."""
    return list(args) if isinstance(args, (tuple, types.BaseTuple)) else None


class JVP(Product):
    """A Jacobian times a vector: the value and its tangent, in forward mode."""

    shown = "jvp"
    what = "Value and tangent (Jacobian times vector)"

    def _called(self) -> Plain:
        return cast(Plain, _with_tangents)

    def _generate(self, arguments: Types) -> Generated:
        from srcad.pipeline import push

        return push(self.function, self._arguments(arguments[0]), arguments[1], self.wrt, True, "jvp")


class VJP(Product):
    """A vector times a Jacobian: the value, and the gradients of its product with a cotangent, in reverse mode."""

    shown = "vjp"
    what = "Value and gradients (vector times Jacobian)"

    def _fit(self, given: Mapping[str, Any], vector: Any) -> None:
        """What the cotangent has to be is known with the result's type."""

    def _called(self) -> Plain:
        return cast(Plain, _with_cotangent)

    def _generate(self, arguments: Types) -> Generated:
        from srcad.pipeline import pull

        return pull(self.function, self._arguments(arguments[0]), arguments[1], self.wrt)


class HVP(Product):
    """The Hessian of a function that returns one float times a vector: forward mode over reverse mode."""

    shown = "hvp"
    what = "Hessian times vector"
    vector = "vector"

    def __init__(self, function: Plain | Compiled, options: Mapping[str, Any], wrt: tuple[str, ...] | None = None):
        self.gradient = Gradient(function, options, wrt)
        super().__init__(function, options, wrt)

    def _called(self) -> Plain:
        return cast(Plain, _with_vectors)

    def _generate(self, arguments: Types) -> Generated:
        from srcad.pipeline import push

        return push(self.gradient, self._arguments(arguments[0]), arguments[1], self.wrt, False, "hvp")


def _with_vectors(args: Any, vectors: Any) -> Any:
    """What an `hvp` is called with."""


def _with_cotangent(args: Any, cotangent: Any) -> Any:
    """What a `vjp` is called with."""


def _with_tangents(args: Any, tangents: Any) -> Any:
    """What a `jvp` is called with."""
