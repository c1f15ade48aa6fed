"""srcad: gradients for numeric loops, by rewriting their source."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from srcad.api import (
    grad,
    hessian,
    hvp,
    jacfwd,
    jacobian,
    jacrev,
    jvp,
    sparse_hessian,
    sparse_jacobian,
    value_and_grad,
    value_grad_hessian,
    vjp,
)
from srcad.errors import SrcadError
from srcad.gradient import Gradient

if TYPE_CHECKING:
    from srcad.check import check_grads
    from srcad.declare import adjoint, nondifferentiable, partials, stop_gradient, tangent
    from srcad.equations import fixed_point, implicit

__all__ = [
    "Gradient",
    "SrcadError",
    "adjoint",
    "check_grads",
    "fixed_point",
    "grad",
    "hessian",
    "hvp",
    "implicit",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "nondifferentiable",
    "partials",
    "sparse_hessian",
    "sparse_jacobian",
    "stop_gradient",
    "tangent",
    "value_and_grad",
    "value_grad_hessian",
    "vjp",
]
__version__ = "0.1.0"

# What not every program uses is imported when it is asked for: an import should take little more than Numba's own
_LATER = {
    "adjoint": "srcad.declare",
    "check_grads": "srcad.check",
    "fixed_point": "srcad.equations",
    "implicit": "srcad.equations",
    "nondifferentiable": "srcad.declare",
    "partials": "srcad.declare",
    "stop_gradient": "srcad.declare",
    "tangent": "srcad.declare",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_LATER[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
