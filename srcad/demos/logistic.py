"""logistic regression on the Wisconsin breast cancer data, trained by compiled gradient descent

The loss is L = |w|^2 / 2 - lambda * sum of log p(y | x) over the samples, with p = sigmoid(y (w.x + b)) and y = -1 or
+1. Data: 569 samples of 30 features, UCI Machine Learning Repository, doi 10.24432/C5DW2B (data/ATTRIBUTION.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib.resources import files
from time import perf_counter
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from srcad import grad
from srcad.demos import DemoError, _report

SEED = 0
HELD_OUT = 114  # of 569 samples, one in five
LAMBDA = 1.0
STEPS = 5000


def log_sigmoid(u):
    # log(1 / (1 + exp(-u))), written so that exp can't overflow
    if u > 0.0:
        return -math.log1p(math.exp(-u))
    return u - math.log1p(math.exp(u))


def loss(w, b, X, y, lam):
    log_p = 0.0
    for i in range(X.shape[0]):
        u = b
        for j in range(X.shape[1]):
            u += w[j] * X[i, j]
        log_p += log_sigmoid(y[i] * u)
    norm2 = 0.0
    for j in range(w.shape[0]):
        norm2 += w[j] * w[j]
    return 0.5 * norm2 - lam * log_p


loss_grad = grad(loss, wrt=("w", "b"))


@numba.njit
def descend(w, b, X, y, lam, rate, steps):
    for _ in range(steps):
        w_bar, b_bar = loss_grad(w, b, X, y, lam)
        w = w - rate * w_bar
        b = b - rate * b_bar
    return w, b


class Samples(NamedTuple):
    """Features of shape (samples, features), and labels of -1 (malignant) or +1 (benign)."""

    X: NDArray[np.float64]
    y: NDArray[np.int64]


def load() -> tuple[Samples, Samples]:
    """The samples to train on and those held out, shuffled, each feature of the former with mean 0 and variance 1."""
    with (files("srcad.demos") / "data" / "breast_cancer.csv").open() as file:
        table = np.loadtxt(file, delimiter=",", skiprows=1)
    table = np.random.default_rng(SEED).permutation(table)
    X, y = table[:, :-1], np.where(table[:, -1] == 1.0, 1, -1)
    train = X[HELD_OUT:]
    X = (X - train.mean(axis=0)) / train.std(axis=0)
    return Samples(X[HELD_OUT:], y[HELD_OUT:]), Samples(X[:HELD_OUT], y[:HELD_OUT])


def closed_form(w, b, X, y, lam):
    """The gradient as the lecture derives it, with NumPy: -log p has the derivative -(1 - p) y x."""
    miss = y / (1.0 + np.exp(y * (X @ w + b)))
    return w - lam * (miss @ X), -lam * miss.sum()


def main(steps: int = STEPS, seconds: float = 1.0) -> None:
    """Run the demo: `steps` of gradient descent, `seconds` for the timing of each method."""
    started = perf_counter()
    train, held_out = load()
    features = train.X.shape[1]
    print(
        f"Logistic regression on {len(train.y)} samples of {features} features, with {len(held_out.y)} held out.\n"
        "Wisconsin breast cancer data: Wolberg, Mangasarian, Street and Street, UCI, 1995, CC BY 4.0."
    )
    _report.heading("The function")
    _report.code(_report.source(log_sigmoid, loss))

    _report.heading('Its adjoint: loss_grad = grad(loss, wrt=("w", "b")); print(loss_grad.source)')
    point = _random_point(features)
    loss_grad(*point, *train, LAMBDA)  # compiles for these arguments
    _report.code(loss_grad.source)

    _check(point, train)
    _train(train, held_out, steps)
    _compare(point, train, seconds)
    print(f"\nAll done in {perf_counter() - started:.1f} s, compile time included.")


def _random_point(features: int) -> tuple[NDArray[np.float64], float]:
    """Weights and a bias away from the origin, where no term of the gradient is zero."""
    rng = np.random.default_rng(SEED)
    return 0.1 * rng.standard_normal(features), 0.25


def _check(point: tuple[NDArray[np.float64], float], train: Samples) -> None:
    """Hold the gradient against the closed form and against central differences; raise DemoError where it is off."""
    _report.heading("The gradient, checked")
    w, b = point
    w_bar, b_bar = loss_grad(w, b, *train, LAMBDA)
    gradient, expected = np.append(w_bar, b_bar), np.append(*closed_form(w, b, *train, LAMBDA))
    error = float(np.linalg.norm(gradient - expected) / np.linalg.norm(expected))
    _verdict("against the closed form", error, 1e-12)

    rng, h = np.random.default_rng(SEED), 1e-5
    for number in range(1, 4):
        v = rng.standard_normal(gradient.size)
        v /= np.linalg.norm(v)
        ahead = loss_grad.primal(w + h * v[:-1], b + h * v[-1], *train, LAMBDA)
        behind = loss_grad.primal(w - h * v[:-1], b - h * v[-1], *train, LAMBDA)
        slope = (ahead - behind) / (2.0 * h)
        error = float(abs(gradient @ v - slope) / np.linalg.norm(gradient))
        _verdict(f"against central differences, direction {number}", error, 1e-7)


def _verdict(what: str, error: float, bound: float) -> None:
    print(f"{what:44} relative error {error:.1e}, at most {bound:.0e} allowed")
    if not error <= bound:
        raise DemoError(f"the gradient is wrong {what}: relative error {error:.1e}, allowed {bound:.0e}")


def _train(train: Samples, held_out: Samples, steps: int) -> None:
    """Gradient descent from zero, in stretches of compiled steps, with the loss after each."""
    _report.heading(f"Training: {steps} steps of gradient descent, compiled")
    # The second derivative is at most 1 + lambda |(X, 1)|^2 / 4, as sigmoid' <= 1/4, and its inverse a safe step.
    rate = 1.0 / (1.0 + LAMBDA * (np.linalg.norm(train.X, 2) ** 2 + len(train.y)) / 4.0)
    w, b, done = np.zeros(train.X.shape[1]), 0.0, 0
    losses = [(0, loss_grad.primal(w, b, *train, LAMBDA))]
    descend(w, b, *train, LAMBDA, rate, 0)  # compiles
    with _report.progress(steps, "gradient descent") as advance:
        for stretch in _stretches(steps):
            w, b = descend(w, b, *train, LAMBDA, rate, stretch)
            done += stretch
            losses.append((done, loss_grad.primal(w, b, *train, LAMBDA)))
            advance(stretch)
    print(f"\n{'step':>6}  {'loss':>10}")
    for step, value in losses:
        print(f"{step:6}  {value:10.4f}  {'#' * round(60 * value / losses[0][1])}")
    print(f"\naccuracy on the {len(train.y)} training samples: {_accuracy(w, b, train):6.1%}")
    print(f"accuracy on the {len(held_out.y)} held-out samples: {_accuracy(w, b, held_out):6.1%}")
    if losses[-1][1] > losses[0][1]:
        raise DemoError("gradient descent did not lower the loss")


def _stretches(steps: int) -> list[int]:
    """`steps` cut where the loss is worth seeing: 1, 2, 5, 10, 20, 50, ..., `steps`."""
    marks = [m * 10**k for k in range(len(str(steps))) for m in (1, 2, 5) if m * 10**k < steps]
    return [int(n) for n in np.diff([0, *marks, steps])]


def _accuracy(w: NDArray[np.float64], b: float, samples: Samples) -> float:
    return float(np.mean(samples.y * (samples.X @ w + b) > 0.0))


def _compare(point: tuple[NDArray[np.float64], float], train: Samples, seconds: float) -> None:
    """Gradients per second, and how exact they are, beside finite differences over the compiled function."""
    w, b = point
    theta, exact = np.append(w, b), np.append(*closed_form(w, b, *train, LAMBDA))

    def value(theta: NDArray[np.float64]) -> float:
        return float(loss_grad.primal(theta[:-1], theta[-1], *train, LAMBDA))

    name, differences = _finite_differences(value)
    rows: list[tuple[str, Callable[[], object], NDArray[np.float64]]] = [
        ("srcad", lambda: loss_grad(w, b, *train, LAMBDA), np.append(*loss_grad(w, b, *train, LAMBDA))),
        (name, lambda: differences(theta), differences(theta)),
    ]
    _report.heading(f"Gradients per second, {theta.size} unknowns")
    once = _report.per_second(lambda: loss_grad.primal(w, b, *train, LAMBDA), seconds)
    print(f"{'':44} {'a second':>10} {'relative error':>16} {'cost in losses':>16}")
    for label, call, gradient in rows:
        rate = _report.per_second(call, seconds)
        error = np.linalg.norm(gradient - exact) / np.linalg.norm(exact)
        print(f"{label:44} {rate:10,.0f} {error:16.1e} {once / rate:16.1f}")
    print(f"{'(the loss alone, compiled)':44} {once:10,.0f}")


def _finite_differences(
    value: Callable[[NDArray[np.float64]], float],
) -> tuple[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]]:
    """SciPy's two-point differences of `value`, or the same formula in NumPy where SciPy is not installed."""
    try:
        from scipy.optimize import approx_fprime
    except ImportError:
        return "2-point differences in NumPy (no SciPy here)", lambda theta: _two_point(value, theta)
    return "scipy.optimize.approx_fprime", lambda theta: approx_fprime(theta, value)


def _two_point(value: Callable[[NDArray[np.float64]], float], theta: NDArray[np.float64]) -> NDArray[np.float64]:
    h = float(np.sqrt(np.finfo(np.float64).eps))
    start = value(theta)
    return np.array([(value(theta + step) - start) / h for step in h * np.eye(theta.size)])
