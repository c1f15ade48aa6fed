"""Gradients of whole loops: each primal as a Numba user writes it, and the best adjoint we know by hand.

The hand-written side takes every step that a person would: it runs an iteration's adjoint right after its
forward part where nothing later is needed, drops forward work that the gradient does not read, and keeps
saved values in the result array that will overwrite them, which spares a second buffer (at 8 MB, the
pages of a fresh buffer cost more than the arithmetic).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import Row, Rows, alternate, attempt, compiled, disagreement, effort, ratios
from srcad import grad

BOUND = 1.1

Array = NDArray[np.float64]


def sum_of_squares(x: Array) -> float:
    s = 0.0
    for i in range(x.size):
        s += x[i] * x[i]
    return s


@compiled
def sum_of_squares_adjoint(x: Array) -> Array:
    x_bar = np.empty_like(x)
    for i in range(x.size):
        x_bar[i] = 2.0 * x[i]
    return x_bar


def dot_product(x: Array, y: Array) -> float:
    s = 0.0
    for i in range(x.size):
        s += x[i] * y[i]
    return s


@compiled
def dot_product_adjoint(x: Array, y: Array) -> tuple[Array, Array]:
    x_bar = np.empty_like(x)
    y_bar = np.empty_like(y)
    for i in range(x.size):
        x_bar[i] = y[i]
        y_bar[i] = x[i]
    return x_bar, y_bar


def horner(c: Array, x: float) -> float:
    s = 0.0
    for i in range(c.size):
        s = s * x + c[i]
    return s


@compiled
def horner_adjoint(c: Array, x: float) -> tuple[Array, float]:
    c_bar = np.empty_like(c)  # holds the s that each step started from, until its bar replaces it
    s = 0.0
    for i in range(c.size):
        c_bar[i] = s
        s = s * x + c[i]
    x_bar = 0.0
    s_bar = 1.0
    for i in range(c.size - 1, -1, -1):
        x_bar += s_bar * c_bar[i]
        c_bar[i] = s_bar
        s_bar *= x
    return c_bar, x_bar


def recurrence(x: Array, s: float) -> float:
    for i in range(x.size):
        s = math.sin(s * x[i]) + x[i]
    return s


@compiled
def recurrence_adjoint(x: Array, s: float) -> tuple[Array, float]:
    x_bar = np.empty_like(x)  # holds the s that each step started from, until its bar replaces it
    for i in range(x.size):
        x_bar[i] = s
        s = math.sin(s * x[i]) + x[i]
    s_bar = 1.0
    for i in range(x.size - 1, -1, -1):
        s = x_bar[i]
        t_bar = s_bar * math.cos(s * x[i])
        x_bar[i] = s_bar + t_bar * s
        s_bar = t_bar * x[i]
    return x_bar, s_bar


@compiled
def recurrence_adjoint_keeping_cos(x: Array, s: float) -> tuple[Array, float]:
    """The processor runs cos beside the sin of the forward sweep: faster, while the buffer fits in cache."""
    x_bar = np.empty_like(x)
    slope = np.empty_like(x)
    for i in range(x.size):
        x_bar[i] = s
        t = s * x[i]
        slope[i] = math.cos(t)
        s = math.sin(t) + x[i]
    s_bar = 1.0
    for i in range(x.size - 1, -1, -1):
        t_bar = s_bar * slope[i]
        x_bar[i] = s_bar + t_bar * x_bar[i]
        s_bar = t_bar * x[i]
    return x_bar, s_bar


def triangular(a: Array, x: Array, w: Array) -> float:
    """w . (A x) for a lower triangular A."""
    total = 0.0
    for i in range(x.size):
        y = 0.0
        for j in range(i + 1):
            y += a[i, j] * x[j]
        total += w[i] * y
    return total


@compiled
def triangular_adjoint(a: Array, x: Array, w: Array) -> tuple[Array, Array, Array]:
    a_bar = np.zeros_like(a)
    x_bar = np.zeros_like(x)
    w_bar = np.empty_like(w)
    for i in range(x.size):
        y = 0.0
        for j in range(i + 1):
            y += a[i, j] * x[j]
            a_bar[i, j] = w[i] * x[j]
            x_bar[j] += w[i] * a[i, j]
        w_bar[i] = y
    return a_bar, x_bar, w_bar


@compiled
def triangular_adjoint_of_x(a: Array, x: Array, w: Array) -> Array:
    x_bar = np.zeros_like(x)
    for i in range(x.size):
        for j in range(i + 1):
            x_bar[j] += w[i] * a[i, j]
    return x_bar


def k_means(points: Array, centres: Array) -> float:
    total = 0.0
    for i in range(points.shape[0]):
        nearest = np.inf
        for k in range(centres.shape[0]):
            distance = 0.0
            for j in range(points.shape[1]):
                d = points[i, j] - centres[k, j]
                distance += d * d
            if distance < nearest:
                nearest = distance
        total += nearest
    return total


@compiled
def k_means_adjoint(points: Array, centres: Array) -> tuple[Array, Array]:
    points_bar = np.empty_like(points)
    centres_bar = np.zeros_like(centres)
    for i in range(points.shape[0]):
        nearest = np.inf
        at = 0
        for k in range(centres.shape[0]):
            distance = 0.0
            for j in range(points.shape[1]):
                d = points[i, j] - centres[k, j]
                distance += d * d
            if distance < nearest:
                nearest = distance
                at = k
        for j in range(points.shape[1]):
            d_bar = 2.0 * (points[i, j] - centres[at, j])
            points_bar[i, j] = d_bar
            centres_bar[at, j] -= d_bar
    return points_bar, centres_bar


@compiled
def k_means_adjoint_of_centres(points: Array, centres: Array) -> Array:
    centres_bar = np.zeros_like(centres)
    for i in range(points.shape[0]):
        nearest = np.inf
        at = 0
        for k in range(centres.shape[0]):
            distance = 0.0
            for j in range(points.shape[1]):
                d = points[i, j] - centres[k, j]
                distance += d * d
            if distance < nearest:
                nearest = distance
                at = k
        for j in range(points.shape[1]):
            centres_bar[at, j] -= 2.0 * (points[i, j] - centres[at, j])
    return centres_bar


def log_sum_exp(x: Array) -> float:
    top = x[0]
    for i in range(1, x.size):
        if x[i] > top:
            top = x[i]
    s = 0.0
    for i in range(x.size):
        s += math.exp(x[i] - top)
    return top + math.log(s)


@compiled
def log_sum_exp_adjoint(x: Array) -> Array:
    """softmax(x): the two paths through `top` cancel."""
    top = x[0]
    for i in range(1, x.size):
        if x[i] > top:
            top = x[i]
    x_bar = np.empty_like(x)
    s = 0.0
    for i in range(x.size):
        e = math.exp(x[i] - top)
        x_bar[i] = e
        s += e
    s_bar = 1.0 / s
    for i in range(x.size):
        x_bar[i] *= s_bar
    return x_bar


# --- the cases ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kernel:
    """A primal, its hand-written adjoint, and arguments for a problem of size n."""

    primal: Callable[..., float]
    adjoint: Callable[..., Any]
    arguments: Callable[[int], tuple[Any, ...]]
    size: int = 1_000_000
    wrt: str | None = None


def vector(n: int) -> tuple[Array]:
    return (np.random.default_rng(1).standard_normal(n),)


def two_vectors(n: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(2)
    return rng.standard_normal(n), rng.standard_normal(n)


def polynomial(n: int) -> tuple[Array, float]:
    return *vector(n), 0.9999999  # near 1: no power of it is subnormal


def sequence(n: int) -> tuple[Array, float]:
    return *vector(n), 0.5


def triangle(n: int) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(3)
    return np.tril(rng.standard_normal((n, n))), rng.standard_normal(n), rng.standard_normal(n)


def clusters(n: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(4)
    return rng.standard_normal((n, 8)), rng.standard_normal((25, 8))


CASES = {
    "sum of squares, 1e6": Kernel(sum_of_squares, sum_of_squares_adjoint, vector),
    "sum of squares, 1e4": Kernel(sum_of_squares, sum_of_squares_adjoint, vector, size=10_000),
    "dot product, 1e6": Kernel(dot_product, dot_product_adjoint, two_vectors),
    "dot product, 1e4": Kernel(dot_product, dot_product_adjoint, two_vectors, size=10_000),
    "Horner polynomial, 1e6": Kernel(horner, horner_adjoint, polynomial),
    "Horner polynomial, 8": Kernel(horner, horner_adjoint, polynomial, size=8),
    "recurrence, 1e6": Kernel(recurrence, recurrence_adjoint, sequence),
    "recurrence, 1e4": Kernel(recurrence, recurrence_adjoint_keeping_cos, sequence, size=10_000),
    "triangular product, 1e3": Kernel(triangular, triangular_adjoint, triangle, size=1000),
    "triangular product, of x": Kernel(triangular, triangular_adjoint_of_x, triangle, size=1000, wrt="x"),
    "k-means, 1e4 x 8, k=25": Kernel(k_means, k_means_adjoint, clusters, size=10_000),
    "k-means, of the centres": Kernel(k_means, k_means_adjoint_of_centres, clusters, 10_000, "centres"),
    "log-sum-exp, 1e6": Kernel(log_sum_exp, log_sum_exp_adjoint, vector),
    "log-sum-exp, 1e4": Kernel(log_sum_exp, log_sum_exp_adjoint, vector, size=10_000),
}


def rows(quick: bool) -> Rows:
    for name, case in CASES.items():
        yield attempt("kernels", name, BOUND, measure, name, case, quick)


def measure(name: str, case: Kernel, quick: bool) -> Row:
    arguments = case.arguments(min(case.size, 100) if quick else case.size)
    gradient = grad(case.primal, wrt=case.wrt)
    primal = compiled(case.primal)
    error = disagreement(gradient(*arguments), case.adjoint(*arguments))
    ours, hand, forward = alternate([gradient, case.adjoint, primal], arguments, effort(quick))
    over_primal, _ = ratios(ours, forward)
    note = f"{over_primal:.2f} x primal"
    return Row("kernels", name, min(ours), BOUND, "s", min(hand), *ratios(ours, hand), error, note)
