"""The evals of a library with an interface like NumPy's: what is asked of the library, and what is made of it.

    of(Jax())  ->  {"gmm": Eval(objective=..., jacobian=...), "lse": Eval(primal=..., gradient=...), ...}

A library gives its functions on arrays and its derivatives as functions of functions; which derivative answers which
function of an eval is said here, once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np

from benchmarks.gradbench import readers
from benchmarks.gradbench.peers import formulas
from benchmarks.gradbench.protocol import Eval, Function, Input, plain

Call = Callable[..., Any]
Reader = Callable[[Input], tuple[Any, ...]]


class Library(Protocol):
    """What the evals ask of a library. `wrt` are positions of arguments; derivatives by them come as a tuple."""

    xp: formulas.Arrays

    def array(self, value: np.ndarray) -> Any:
        """A NumPy array as the library's own."""

    def finished(self, f: Call, fixed: Sequence[int] = ()) -> Call:
        """`f`, compiled if the library compiles, whose results are there when it returns.

        The arguments at `fixed` (numbers, flags, tuples of them) are those that decide shapes and loops.
        """

    def gradient(self, f: Call, wrt: Sequence[int]) -> Call:
        """The gradient of a scalar."""

    def rows(self, f: Call, wrt: Sequence[int]) -> Call:
        """For each row of f's result, the gradient of its sum: one sweep a row."""

    def columns(self, f: Call, wrt: Sequence[int]) -> Call:
        """The Jacobian of a vector by vectors, one forward sweep a column."""

    def curvature(self, f: Call, wrt: int) -> Call:
        """The gradient of a scalar by one argument, and the Hessian's product with ones."""


def of(library: Library) -> dict[str, Eval]:
    """The evals that the formulas express, by their names."""
    xp = library.xp

    def asked(read: Reader, call: Call, write: Call = plain, fixed: Sequence[int] = ()) -> Function:
        return Function(
            lambda given: tuple(converted(library, part, k in fixed) for k, part in enumerate(read(given))),
            library.finished(call, fixed),
            lambda result: write(in_numpy(result)),
        )

    def value(read: Reader, formula: Call, write: Call = plain, fixed: Sequence[int] = ()) -> Function:
        return asked(read, partial(formula, xp), write, fixed)

    def slope(
        read: Reader, formula: Call, wrt: Sequence[int] = (0,), write: Call = only, fixed: Sequence[int] = ()
    ) -> Function:
        return asked(read, library.gradient(partial(formula, xp), wrt), write, fixed)

    return {
        "gmm": Eval(
            objective=value(readers.gmm, formulas.gmm, fixed=(5, 6)),
            jacobian=slope(readers.gmm, formulas.gmm, (0, 1, 2, 3), readers.gmm_jacobian, fixed=(5, 6)),
        ),
        "lstm": Eval(
            objective=value(readers.lstm, formulas.lstm),
            jacobian=slope(readers.lstm, formulas.lstm, (0, 1), readers.lstm_jacobian),
        ),
        "ba": Eval(
            objective=value(readers.ba, formulas.ba, readers.ba_objective),
            jacobian=asked(readers.ba, ba_jacobian(library), readers.ba_jacobian),
        ),
        "ht": Eval(
            objective=value(hand, formulas.ht, fixed=(0, 1)),
            jacobian=asked(hand, ht_jacobian(library), fixed=(0, 1)),
        ),
        "llsq": Eval(
            primal=value(readers.llsq, formulas.llsq, fixed=(1,)),
            gradient=slope(readers.llsq, formulas.llsq, fixed=(1,)),
        ),
        "lse": Eval(
            primal=value(readers.lse, formulas.lse),
            gradient=slope(readers.lse, formulas.lse),
        ),
        "ode": Eval(
            primal=value(readers.ode, formulas.ode, fixed=(1,)),
            gradient=slope(readers.ode, lambda *arguments: formulas.ode(*arguments)[-1], fixed=(1,)),
        ),
        "kmeans": Eval(
            cost=value(readers.kmeans, formulas.kmeans),
            dir=asked(readers.kmeans, kmeans_direction(library)),
        ),
    }


# --- arguments and results ------------------------------------------------------------------------------------------


def converted(library: Library, value: Any, fixed: bool) -> Any:
    """An argument as the library has it; what is fixed is a number or a tuple, which compilers can look up."""
    if isinstance(value, np.ndarray):
        return tuple(value.tolist()) if fixed else library.array(value)
    return tuple(converted(library, part, fixed) for part in value) if isinstance(value, tuple) else value


def in_numpy(result: Any) -> Any:
    """A library's array as NumPy's, or a tuple of them."""
    return tuple(in_numpy(part) for part in result) if isinstance(result, list | tuple) else np.asarray(result)


def only(gradient: tuple[Any, ...]) -> Any:
    (part,) = gradient
    return part


def hand(given: Input) -> tuple[Any, ...]:
    """The arguments of `formulas.ht`: those that are fixed first."""
    arguments = readers.ht(given)
    absent = (None, arguments[0], None, *arguments[1:], None)
    shift, theta, us, parents, *model, mirrored, found, points, triangles = absent if len(arguments) == 9 else arguments
    return parents, mirrored, theta, shift, us, triangles, tuple(model), found, points


# --- derivatives put together ---------------------------------------------------------------------------------------


def kmeans_direction(library: Library) -> Call:
    """The gradient over the Hessian's diagonal, which is all of it: the Hessian's product with ones."""
    of_cost = library.curvature(partial(formulas.kmeans, library.xp), 1)

    def direction(points: Any, centroids: Any) -> Any:
        slope, curvature = of_cost(points, centroids)
        return slope / curvature

    return direction


def ba_jacobian(library: Library) -> Call:
    """A sweep for each of an observation's two errors serves all observations: none depends on another's numbers."""
    xp = library.xp
    rows = library.rows(partial(formulas.ba_errors, xp), (0, 1, 2))
    of_weights = library.gradient(lambda weights: xp.sum(formulas.ba_weights(xp, weights)), (0,))

    def jacobian(cameras: Any, points: Any, weights: Any, seen: Any, features: Any) -> Any:
        own = xp.take(cameras, seen[:, 0], 0), xp.take(points, seen[:, 1], 0)
        blocks = [
            xp.concatenate((camera, point, weight.reshape(-1, 1)), 1)
            for camera, point, weight in rows(*own, weights, features)
        ]
        values = xp.concatenate((xp.stack(blocks, 1).reshape(-1), *of_weights(weights)), 0)
        return *formulas.ba_places(xp, len(cameras), len(points), seen), values

    return jacobian


def ht_jacobian(library: Library) -> Call:
    """A column for each direction: the two of the shift first, where there are barycentric coordinates."""
    of_vertices, of_triangles = (library.columns(partial(formulas.ht, library.xp), wrt) for wrt in ((2,), (3, 2)))

    def jacobian(*arguments: Any) -> Any:
        us = arguments[4]
        return library.xp.concatenate((of_vertices if us is None else of_triangles)(*arguments), 1)

    return jacobian
