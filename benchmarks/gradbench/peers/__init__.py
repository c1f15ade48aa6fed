"""Other libraries as GradBench tools, for comparison: `python benchmarks/gradbench/peers jax`.

A library needs to be installed only where it is asked for, and its tool needs nothing else but NumPy. `in_jax`,
`in_torch` and `in_autograd` give `evals` what it asks of a library with an interface like NumPy's, and `formulas` are
the evals' functions, written once for all of these; `in_casadi` has its own, as symbolic expressions.
"""

from __future__ import annotations

LIBRARIES = ("jax", "torch", "autograd", "casadi")
