"""srcad: gradients for numeric loops, by rewriting their source."""

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
from srcad.check import check_grads
from srcad.declare import adjoint, nondifferentiable, partials, stop_gradient, tangent
from srcad.equations import fixed_point, implicit
from srcad.errors import SrcadError
from srcad.gradient import Gradient

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
