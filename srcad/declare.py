"""A user's own rules: how a function that srcad can't read, or should not, is differentiated.

    partials(soft_relu, x="0.5 + 0.5 * math.tanh(0.5 * x)")

    @adjoint(solve)
    def solve_adjoint(A, b, out, out_bar, A_bar, b_bar): ...

Each is said once, of the function object, and holds wherever that function is called: plain Python functions, `@njit`
ones, functions of `numba.extending`, and C functions called through ctypes or cffi.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from srcad.rules.own import enter_own, enter_partials, parameters, sweep
from srcad.rules.stopped import stop_gradient

__all__ = ["adjoint", "nondifferentiable", "partials", "stop_gradient", "tangent"]

F = TypeVar("F", bound=Callable[..., Any])


def partials(fn: F, /, let: str = "", **operands: Any) -> F:
    """Declare the partial derivatives of `fn`, a function of numbers that returns a float.

    Args:
        fn: the function: plain Python, `@njit`, of `numba.extending`, or of C through ctypes or cffi.
        let: subexpressions that the texts share: "r = x * x + y * y", or several such, parted by ";".
        operands: for each parameter its partial derivative (of a C function, which does not name its parameters, in
            their order and by any names): a text over the parameters, `out` (the value) and the names of `let`, made
            of arithmetic and functions that have rules, those declared by `partials` included; or a function, plain or
            `@njit`, of the parameters, or of these and `out`; or None where there is none (an int, or a float on
            which the value depends in steps).

    Returns:
        `fn`. All modes follow from the partials. Second derivatives come from the texts, and from the source of
        partials that are functions, or from rules declared of these.

    Raises:
        TypeError, ValueError: a parameter is left out or unknown, or a partial derivative can't be computed.
    """
    enter_partials(fn, operands, let)
    return fn


def nondifferentiable(fn: F, /) -> F:
    """Declare that the derivative of `fn` is zero, as that of a rounding or a search is; also as a decorator.

    Its result is a constant to all derivatives, and it is never read. It may take arrays and return one, a new one each
    time; it must not write to its arguments.
    """
    enter_own(fn, "nondifferentiable", constant=True, writes=())
    return fn


def adjoint(fn: Callable[..., Any], /, writes: Iterable[str | int] | None = None) -> Callable[[F], F]:
    """Declare the rule of `fn` for reverse mode: a decorator of the function that is called in the reverse sweep.

        @adjoint(solve)
        def solve_adjoint(A, b, out, out_bar, A_bar, b_bar):
            lam = np.linalg.solve(A.T, out_bar)
            b_bar += lam
            A_bar -= np.outer(lam, out)

    The rule takes the arguments of `fn` in their order (as they were before the call), then, by name and in any
    order, what it needs of: `out`, the result; `out_bar`, its bar (a float, an array of its shape, or a tuple of
    them); and `x_bar` for an argument `x` that is an array of floats, to which it adds. It returns the bars of the
    arguments that are floats: one bare, several as a tuple in their order (with anything for numbers that are ints).
    An array of floats without a bar among its parameters is a constant.

    `fn` stays a call: its source is not read. An array that it returns has to be new. It may write to arrays that the
    rule has bars of: such a bar belongs to the values after the call when the rule begins, and has to belong to those
    before it when the rule ends.

    Args:
        fn: the function: plain Python, `@njit`, of `numba.extending`, or of C through ctypes or cffi.
        writes: the names or positions of the arrays that `fn` writes to; `writes=()`, if there are none, saves copies.

    Raises:
        TypeError, ValueError: the rule's parameters do not fit those of `fn`, or it has such a rule already.
    """

    def declare(rule: F) -> F:
        enter_own(fn, "adjoint", adjoint=sweep(rule, fn, "_bar"), writes=_positions(fn, writes))
        return rule

    return declare


def tangent(fn: Callable[..., Any], /, writes: Iterable[str | int] | None = None) -> Callable[[F], F]:
    """Declare the rule of `fn` for forward mode: a decorator of the function that computes the tangent of the result.

        @tangent(solve)
        def solve_tangent(A, b, out, A_dot, b_dot):
            return np.linalg.solve(A, b_dot - A_dot @ out)

    The rule takes the arguments of `fn` in their order, then, by name and in any order, what it needs of: `out`, the
    result (if `fn` writes to no array), and `x_dot`, the tangent of the argument `x`, a float or an array of floats.
    It returns the tangent of the result, in its structure, and is called before `fn` writes to arrays, whose tangents
    it has to bring up to date itself. All else is as for `adjoint`.
    """

    def declare(rule: F) -> F:
        enter_own(fn, "tangent", tangent=sweep(rule, fn, "_dot"), writes=_positions(fn, writes))
        return rule

    return declare


def _positions(fn: Any, writes: Iterable[str | int] | None) -> tuple[int, ...] | None:
    if writes is None:
        return None
    known = parameters(fn) or ()
    found = []
    for w in (writes,) if isinstance(writes, str) else writes:
        if isinstance(w, str) and w not in known:
            raise ValueError(f"writes={w!r} is no parameter of {getattr(fn, '__name__', 'the function')}")
        found.append(known.index(w) if isinstance(w, str) else int(w))
    return tuple(sorted(found))
