"""`grad` and its kin: what users hold and call.

    @grad
    def f(x1, x2): return x1 * x2 + math.sin(x2)
    f(2.0, 3.0)      ->      (3.0, 1.0100...)
"""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
from numba.core import types
from numba.core.typing.typeof import typeof

from srcad import source
from srcad.compile import Compiled, Generated
from srcad.pipeline import Types, differentiate, evaluate, state

OPTIONS = ("error_model", "fastmath", "parallel", "boundscheck")

# ---------------------------------------------------------------------------------------------- what users hold


class Gradient(Compiled):
    """The gradient of a function: call it with the function's arguments.

    It returns df/d(argument) for each argument asked for: a float for a float, an array of the same shape for an
    array, a tuple for a tuple; one differentiated argument gives a bare gradient, several a tuple in their order.
    It can be called from Python and from compiled code, pickled, and used from several threads.

    Attributes:
        primal: the function itself, compiled.
        value_and_grad: the same gradient together with the function's value, from one sweep.
        source: the text of the adjoint for the types of the last call (of float64 scalars, if none).
    """

    __srcad__ = True

    def __init__(
        self, f: Any, wrt: tuple[str, ...] | None, options: dict[str, Any], with_value: bool = False
    ) -> None:
        function = source.python_function(f)
        assert function is not None
        self.wrt, self.options, self.with_value = wrt, options, with_value
        self.function = function
        self._twin: Gradient | None = None
        self._primal: Compiled | None = None
        super().__init__(function, self._generate, numba_options(options))
        self.cached(lambda: state(function, wrt, with_value, sorted(options.items())))

    def _generate(self, arguments: Types) -> Generated:
        return differentiate(self.function, arguments, self.wrt, self.with_value)

    @property
    def primal(self) -> Compiled:
        """The function itself, compiled."""
        if self._primal is None:
            f = self.function
            self._primal = Compiled(f, lambda arguments: evaluate(f, arguments), numba_options(self.options))
            self._primal.cached(lambda: state(f, "primal", sorted(self.options.items())))
        return self._primal

    @property
    def value_and_grad(self) -> Gradient:
        """The twin that returns (value, gradient) from one sweep."""
        if self.with_value:
            return self
        if self._twin is None:
            self._twin = Gradient(self.function, self.wrt, self.options, with_value=True)
        return self._twin

    @property
    def source(self) -> str:
        """The adjoint's text for the types of the last call; before any, for float64 scalars."""
        if self._compiler.last is not None:
            text: str = self._compiler.last.text
            return text
        return self.inspect(*(types.float64 for _ in inspect.signature(self.function).parameters))

    def inspect(self, *arguments: Any) -> str:
        """The adjoint's text for these arguments, or for arguments of these Numba types."""
        return self._generate(signature_types(self.function, arguments)).text

    def interpreted(self, *arguments: Any) -> Any:
        """What a call returns, computed by the generated text as plain Python: slow, and open to any debugger."""
        bound = inspect.signature(self.function).bind(*arguments)
        bound.apply_defaults()
        made = self._generate(signature_types(self.function, bound.args)).interpreted()
        with np.errstate(all="ignore"):
            return plain_floats(made(*(as_numpy(a) for a in bound.args)))

    def __repr__(self) -> str:
        shown = "value_and_grad" if self.with_value else "grad"
        wrt = f", wrt={self.wrt}" if self.wrt is not None else ""
        return f"{shown}({self.function.__qualname__}{wrt})"


def signature_types(f: Any, arguments: tuple[Any, ...]) -> Types:
    """The Numba types of `arguments`, which may be types already."""
    return tuple(a if isinstance(a, types.Type) else typeof(a) for a in arguments)


def as_numpy(value: Any) -> Any:
    """Python's floats as NumPy's, whose arithmetic is IEEE's."""
    if isinstance(value, tuple):
        items = [as_numpy(v) for v in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    return np.float64(value) if type(value) is float else value


def plain_floats(value: Any) -> Any:
    """NumPy's float64 scalars as Python's floats, as compiled code returns them."""
    if isinstance(value, tuple):
        items = [plain_floats(v) for v in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    return float(value) if type(value) is np.float64 else value


def numba_options(options: dict[str, Any]) -> dict[str, Any]:
    """Numba's options: IEEE division, no GIL, and what the user set."""
    return {"nopython": True, "nogil": True, "error_model": "numpy", **options}


def positions(f: Any, wrt: Any) -> tuple[str, ...] | None:
    """`wrt` as the names of parameters.

    Raises:
        ValueError: a name or position that `f` does not have, or one given twice.
        TypeError: neither names nor positions.
    """
    if wrt is None:
        return None
    parameters = list(inspect.signature(f).parameters)
    shown = f"{f.__name__} has the arguments {', '.join(parameters)}"
    found = []
    for w in wrt if isinstance(wrt, (tuple, list)) else (wrt,):
        if isinstance(w, bool) or not isinstance(w, (str, int)):
            raise TypeError(f"wrt takes names or positions of arguments, not {w!r}: {shown}")
        if isinstance(w, str) and w not in parameters:
            raise ValueError(f"wrt={w!r} names no argument: {shown}")
        if isinstance(w, int) and not -len(parameters) <= w < len(parameters):
            raise ValueError(f"wrt={w!r} is no argument's position: {shown}")
        found.append(w if isinstance(w, str) else parameters[w])
    if len(set(found)) < len(found):
        raise ValueError(f"wrt={wrt!r} names an argument twice: {shown}")
    if not found:
        raise ValueError(f"wrt={wrt!r} names no argument: {shown}")
    return tuple(found)


def grad(f: Any = None, wrt: Any = None, **options: Any) -> Any:
    """The gradient of `f`, a function that returns one float.

    Args:
        f: a Python function, plain or `@njit`.
        wrt: the arguments to differentiate, by name or position, one or a tuple; by default every float argument
            (floats, arrays of floats, tuples and namedtuples of them).
        options: `fastmath`, `parallel`, `boundscheck` (off by default) and `error_model` ("numpy" by default: division
            is IEEE's), as Numba takes them.

    Returns:
        A `Gradient`; without `f`, a decorator that makes one.

    Raises:
        SrcadError: `f` has a construct that can't be differentiated; at the first call, with its place.
        TypeError, ValueError: `wrt` does not fit `f`.
    """
    if f is None:
        return lambda f: grad(f, wrt, **options)
    if isinstance(f, str) or not callable(f):
        raise TypeError(f"grad takes a function, not {f!r}; name the arguments with wrt=")
    unknown = sorted(set(options) - set(OPTIONS))
    if unknown:
        raise TypeError(f"grad has no option {unknown[0]!r}: it takes {', '.join(OPTIONS)}")
    function = source.python_function(f)
    if function is None or hasattr(f, "__srcad__"):
        source.read(f)  # says what is wrong with it
    return Gradient(f, positions(function, wrt), options)


def value_and_grad(f: Any = None, wrt: Any = None, **options: Any) -> Any:
    """(value, gradient) of `f` from one sweep; arguments as for `grad`."""
    if f is None:
        return lambda f: value_and_grad(f, wrt, **options)
    return grad(f, wrt, **options).value_and_grad
