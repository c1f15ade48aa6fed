"""The evals in PyTorch, eager as most people run it, in double precision and one thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from benchmarks.gradbench.peers import evals, formulas

Call = Callable[..., Any]

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


class Torch:
    """Reverse mode by the tape, forward mode by `torch.func`."""

    xp = formulas.arrays(
        torch,
        take=lambda a, indices, axis: torch.index_select(a, axis, torch.as_tensor(indices)),
        polynomial=lambda coefficients, t: torch.linalg.vander(t, N=len(coefficients)) @ coefficients,
        **formulas.in_python(torch.stack),
    )
    array = staticmethod(torch.from_numpy)

    def finished(self, f: Call, fixed: Sequence[int] = ()) -> Call:
        return torch.no_grad()(f)

    def gradient(self, f: Call, wrt: Sequence[int]) -> Call:
        def of(*arguments: Any) -> Any:
            with torch.enable_grad():
                moved = leaves(arguments, wrt)
                return torch.autograd.grad(f(*moved), [moved[k] for k in wrt])

        return of

    def rows(self, f: Call, wrt: Sequence[int]) -> Call:
        def of(*arguments: Any) -> list[Any]:
            with torch.enable_grad():
                moved = leaves(arguments, wrt)
                by = [moved[k] for k in wrt]
                return [torch.autograd.grad(row.sum(), by, retain_graph=True) for row in f(*moved)]

        return of

    def columns(self, f: Call, wrt: Sequence[int]) -> Call:
        return torch.func.jacfwd(f, tuple(wrt))

    def curvature(self, f: Call, wrt: int) -> Call:
        def of(*arguments: Any) -> Any:
            with torch.enable_grad():
                moved = leaves(arguments, (wrt,))
                (slope,) = torch.autograd.grad(f(*moved), moved[wrt], create_graph=True)
                return slope.detach(), *torch.autograd.grad(slope.sum(), moved[wrt])

        return of


def leaves(arguments: Sequence[Any], wrt: Sequence[int]) -> list[Any]:
    """The arguments, those at `wrt` as the tape's leaves."""
    return [part.detach().requires_grad_() if k in wrt else part for k, part in enumerate(arguments)]


EVALS = evals.of(Torch())
