"""srcad: gradients for numeric loops, by rewriting their source."""

from srcad.api import grad, hessian, hvp, jacfwd, jacobian, jacrev, jvp, value_and_grad, vjp
from srcad.errors import SrcadError
from srcad.gradient import Gradient

__all__ = [
    "Gradient",
    "SrcadError",
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "value_and_grad",
    "vjp",
]
__version__ = "0.1.0"
