"""The evals, a module each: the function as a Numba user would write it, and what srcad makes of it."""

OPTIONS = {"fastmath": {"contract"}}  # `a * b + c` may be rounded once: what GCC does of itself for the C++ tools
