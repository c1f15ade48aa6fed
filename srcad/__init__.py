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
from srcad.errors import SrcadError
from srcad.gradient import Gradient

__all__ = [
    "Gradient",
    "SrcadError",
    "check_grads",
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "sparse_hessian",
    "sparse_jacobian",
    "value_and_grad",
    "value_grad_hessian",
    "vjp",
]
__version__ = "0.1.0"
