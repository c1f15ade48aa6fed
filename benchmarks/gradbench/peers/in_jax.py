"""The evals in JAX: compiled by XLA, in double precision, each call timed until its result is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from benchmarks.gradbench.peers import evals, formulas

Call = Callable[..., Any]

jax.config.update("jax_enable_x64", True)


def horner(coefficients: Any, t: Any) -> Any:
    return jax.lax.scan(lambda value, c: (value * t + c, None), jnp.zeros_like(t), coefficients, reverse=True)[0]


class Jax:
    """Loops are `scan`; a loop whose number of steps is known is one too."""

    xp = formulas.arrays(
        jnp,
        sigmoid=jax.nn.sigmoid,
        logsumexp=jax.nn.logsumexp,
        take=lambda a, indices, axis: jnp.take(a, indices, axis, mode="clip"),
        polynomial=horner,
        scan=lambda step, state, items: jax.lax.scan(step, state, items)[1],
        repeat=lambda step, state, count: jax.lax.fori_loop(0, count, lambda _, y: step(y), state),
    )
    array = staticmethod(jnp.asarray)

    def finished(self, f: Call, fixed: Sequence[int] = ()) -> Call:
        compiled = jax.jit(f, static_argnums=tuple(fixed))
        return lambda *arguments: jax.block_until_ready(compiled(*arguments))

    def gradient(self, f: Call, wrt: Sequence[int]) -> Call:
        return jax.grad(f, tuple(wrt))

    def rows(self, f: Call, wrt: Sequence[int]) -> Call:
        def of(*arguments: Any) -> list[Any]:
            value, back = jax.vjp(f, *arguments)
            seeds = [jnp.zeros_like(value).at[k].set(1.0) for k in range(len(value))]
            return [tuple(back(seed)[k] for k in wrt) for seed in seeds]

        return of

    def columns(self, f: Call, wrt: Sequence[int]) -> Call:
        return jax.jacfwd(f, tuple(wrt))

    def curvature(self, f: Call, wrt: int) -> Call:
        def of(*arguments: Any) -> Any:
            def slope(at: Any) -> Any:
                return jax.grad(f, wrt)(*arguments[:wrt], at, *arguments[wrt + 1 :])

            return jax.jvp(slope, (arguments[wrt],), (jnp.ones_like(arguments[wrt]),))

        return of


EVALS = evals.of(Jax())
