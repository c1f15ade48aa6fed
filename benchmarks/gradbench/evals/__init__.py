"""The evals, a module each: the function as a Numba user would write it, and what srcad makes of it."""
