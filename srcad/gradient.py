"""What `grad` returns: a function's gradient, compiled for each signature that it is called with.

    Gradient(f, {})(2.0, 3.0)      ->      (3.0, 1.0100...)
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from numba.core.compiler_lock import global_compiler_lock

from srcad import checks
from srcad.checks import Types
from srcad.compile import Compiled, Plain
from srcad.generated import Generated

_STARRED = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Primal(Compiled):
    """A function itself, compiled as its gradient's forward sweep is."""

    def _generate(self, arguments: Types) -> Generated:
        from srcad.pipeline import evaluate

        return evaluate(self.function, arguments)

    def __repr__(self) -> str:
        return f"grad({self.function.__qualname__}).primal"


class Value(Primal):
    """A function itself, compiled so that its arguments stay as they are."""

    def _generate(self, arguments: Types) -> Generated:
        from srcad.pipeline import evaluate_copies

        return evaluate_copies(self.function, arguments)


class Derivative(Compiled):
    """A derivative of a function, compiled for each signature: what `grad`, `jvp`, `jacobian` and their kin return.

    It can be called from Python and from compiled code, pickled, and used from several threads. `source` is the text
    for the types last compiled. A subclass says how it is shown, and what it is.
    """

    __srcad__ = True
    shown = ""
    what = ""

    def __init__(
        self, function: Plain | Compiled, options: Mapping[str, Any], wrt: tuple[str, ...] | None = None, **asked: Any
    ) -> None:
        if any(p.kind in _STARRED for p in inspect.signature(function).parameters.values()):
            from srcad.parse import parse

            parse(function)  # which refuses them, with their place
        self.wrt = wrt  # Numba shows the object while it is made
        super().__init__(function, options, wrt=wrt, **asked)
        called = f"{function.__name__}({', '.join(inspect.signature(function).parameters)})"
        by = ", ".join(wrt) if wrt else "every float argument"
        own = f"\n\n{function.__doc__}" if function.__doc__ else ""
        self.__doc__ = f"{self.what} of {called} by {by}.{own}"

    def _accept(self, arguments: Types) -> None:
        super()._accept(arguments)
        checks.check_active(self.function.__name__, list(self._compiler.pysig.parameters), arguments, self.wrt)

    def __repr__(self) -> str:
        wrt = f", wrt={self.wrt}" if self.wrt is not None else ""
        return f"{self.shown}({self.function.__qualname__}{wrt})"


class Gradient(Derivative):
    """The gradient of a function: call it with the function's arguments.

    It returns df/d(argument) for each argument asked for: a float for a float, an array of the same shape for an
    array, a tuple for a tuple; one differentiated argument gives a bare gradient, several a tuple in their order.
    It can be called from Python and from compiled code, pickled, and used from several threads.

    Attributes:
        primal: the function itself, compiled.
        value_and_grad: the same gradient together with the function's value, from one sweep.
        source: the text of the adjoint for the types last compiled (of the defaults' types and float64, if none).
    """

    def __init__(
        self,
        function: Plain | Compiled,
        options: Mapping[str, Any],
        wrt: tuple[str, ...] | None = None,
        with_value: bool = False,
    ) -> None:
        self.with_value = with_value
        self.shown = "value_and_grad" if with_value else "grad"
        self.what = "Value and gradient" if with_value else "Gradient"
        super().__init__(function, options, wrt, with_value=with_value)
        self._primal: Primal | None = None
        self._twin: Gradient | None = None

    def _generate(self, arguments: Types) -> Generated:
        from srcad.pipeline import differentiate

        return differentiate(self.function, arguments, self.wrt, self.with_value)

    @property
    def primal(self) -> Primal:
        """The function itself, compiled."""
        with global_compiler_lock:  # one for all threads
            if self._primal is None:
                self._primal = Primal(self.function, self.options)
        return self._primal

    @property
    def value_and_grad(self) -> Gradient:
        """The twin that returns (value, gradient) from one sweep."""
        if self.with_value:
            return self
        with global_compiler_lock:
            if self._twin is None:
                self._twin = Gradient(self.function, self.options, self.wrt, with_value=True)
        return self._twin
