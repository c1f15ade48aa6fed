"""srcad: gradients for numeric loops, by rewriting their source."""

from srcad.api import Gradient, grad, value_and_grad
from srcad.errors import SrcadError

__all__ = ["Gradient", "SrcadError", "grad", "value_and_grad"]
__version__ = "0.1.0"
