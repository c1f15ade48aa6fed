"""The evals in autograd (HIPS): NumPy that keeps a tape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import autograd
import autograd.numpy as np
from autograd.differential_operators import make_jvp
from autograd.extend import vspace

from benchmarks.gradbench.peers import evals, formulas

Call = Callable[..., Any]


def logsumexp(a: Any, axis: int) -> Any:
    top = np.max(a, axis=axis, keepdims=True)
    return np.log(np.sum(np.exp(a - top), axis=axis)) + np.sum(top, axis=axis)


def stack(parts: Sequence[Any], axis: int = 0) -> Any:
    """Along the first axis by `array`: the time that `stack` takes to differentiate is quadratic in its parts."""
    return np.stack(parts, axis) if axis else np.array(list(parts))


class Autograd:
    """Reverse mode by the tape; the columns of `ht` by forward mode, one at a time."""

    xp = formulas.arrays(
        np,
        sigmoid=lambda a: 1.0 / (1.0 + np.exp(-a)),
        logsumexp=logsumexp,
        take=lambda a, indices, axis: a[(slice(None),) * axis + (indices,)],
        polynomial=lambda coefficients, t: np.dot(np.vander(t, len(coefficients), increasing=True), coefficients),
        stack=stack,
        **formulas.in_python(stack),
    )

    def array(self, value: Any) -> Any:
        return value

    def finished(self, f: Call, fixed: Sequence[int] = ()) -> Call:
        return f

    def gradient(self, f: Call, wrt: Sequence[int]) -> Call:
        return autograd.grad(f, tuple(wrt))

    def rows(self, f: Call, wrt: Sequence[int]) -> Call:
        def of(*arguments: Any) -> list[Any]:
            back, value = autograd.make_vjp(f, tuple(wrt))(*arguments)
            seeds = np.zeros((len(value), *value.shape))
            for k in range(len(value)):
                seeds[k, k] = 1.0
            return [back(seed) for seed in seeds]

        return of

    def columns(self, f: Call, wrt: Sequence[int]) -> Call:
        def of(*arguments: Any) -> list[Any]:
            found = []
            for k in wrt:
                forward = make_jvp(f, k)(*arguments)
                found.append(np.stack([forward(one)[1] for one in vspace(arguments[k]).standard_basis()], 1))
            return found

        return of

    def curvature(self, f: Call, wrt: int) -> Call:
        """Reverse over reverse: the gradient of the gradient's sum is the symmetric Hessian's product with ones."""
        slope = autograd.grad(f, wrt)

        def of(*arguments: Any) -> Any:
            back, value = autograd.make_vjp(slope, wrt)(*arguments)
            return value, back(np.ones_like(value))

        return of


EVALS = evals.of(Autograd())
