"""The evals in CasADi: expressions of matrices (MX), with functions of scalars (SX) for what is small and repeated.

    lse  ->  Function("lse", [x], [logsumexp(x)]),  Function("slope", [x], [gradient(logsumexp(x), x)])

CasADi's functions have fixed sizes, so one is built for each input: that, and its first call, is the preparation.
They run in CasADi's own virtual machine, in one thread. Matrices have columns one after another, and no third axis.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import pairwise
from typing import Any

import casadi as ca
import numpy as np

from benchmarks.gradbench import readers
from benchmarks.gradbench.peers import formulas
from benchmarks.gradbench.peers.evals import hand, only
from benchmarks.gradbench.protocol import Eval, Function, Input

Call = Callable[..., Any]
Reader = Callable[[Input], tuple[Any, ...]]


@dataclass
class Problem:
    """An input of an eval: floating arrays are the function's arguments, all else is built into it."""

    build: Call
    arguments: tuple[Any, ...]

    @cached_property
    def values(self) -> list[ca.DM]:
        return [ca.DM(part) for part in self.arguments if is_argument(part)]

    @cached_property
    def function(self) -> ca.Function:
        given = [ca.MX.sym("a", *part.shape) if is_argument(part) else part for part in self.arguments]
        return ca.Function("f", [part for part in given if isinstance(part, ca.MX)], list(self.build(*given)))

    def __call__(self) -> Any:
        return self.function.call(self.values)


def is_argument(part: Any) -> bool:
    return isinstance(part, np.ndarray) and part.dtype == np.float64


def asked(read: Reader, build: Call, write: Call) -> Function:
    """What `build` makes of an eval's arguments is a sequence of expressions; `write` takes their values."""

    def problem(given: Input) -> tuple[Problem]:
        made = Problem(build, read(given))
        made.values  # noqa: B018  # converted before any call is timed
        return (made,)

    return Function(problem, Problem.__call__, lambda result: write([part.full() for part in result]))


def value(read: Reader, formula: Call) -> Function:
    return asked(read, lambda *arguments: [formula(*arguments)], lambda parts: only(parts).item())


def slope(
    read: Reader, formula: Call, wrt: Sequence[int] = (0,), write: Call = lambda parts: only(parts).ravel()
) -> Function:
    def build(*arguments: Any) -> list[ca.MX]:
        scalar = formula(*arguments)
        return [ca.gradient(scalar, arguments[k]) for k in wrt]

    return asked(read, build, write)


# --- sums -----------------------------------------------------------------------------------------------------------


def llsq(x: ca.MX, n: int) -> ca.MX:
    """The polynomial by Horner's rule, at all points at once."""
    t = np.linspace(-1.0, 1.0, n)
    fitted = reduce(lambda total, c: total * ca.DM(t) + c, reversed(ca.vertsplit(x)), ca.MX.zeros(n))
    return 0.5 * ca.sumsqr(ca.DM(np.sign(t)) - fitted)


def kmeans(points: ca.MX, centroids: ca.MX) -> ca.MX:
    """|p - c|^2 = |p|^2 - 2 p c + |c|^2, where |p|^2 is the same for all centroids."""
    n = points.shape[0]
    rest = ca.repmat(ca.sum2(centroids * centroids).T, n, 1) - 2.0 * points @ centroids.T
    return ca.sumsqr(points) + ca.sum1(reduce(ca.fmin, ca.horzsplit(rest)))


def kmeans_direction(points: ca.MX, centroids: ca.MX) -> list[ca.MX]:
    gradient = ca.gradient(kmeans(points, centroids), centroids)
    curvature = ca.jtimes(gradient, centroids, ca.MX.ones(*centroids.shape))
    return [gradient / curvature]


def gmm(alpha: ca.MX, mu: ca.MX, q: ca.MX, below: ca.MX, x: ca.MX, m: int, gamma: float) -> ca.MX:
    """A column of all points' densities for each component, whose Q is a sparse triangular matrix."""
    (k, d), n = mu.shape, x.shape[0]
    order, at = [], d  # of the diagonal's entries and those below, column by column
    for column in range(d):
        under = d - 1 - column
        order += [column, *range(at, at + under)]
        at += under
    main, squares = [], 0.0
    for c in range(k):
        entries = ca.vertcat(ca.exp(q[c, :]).T, below[c, :].T)
        factor = ca.MX(ca.Sparsity.lower(d), entries[order])
        mapped = (x - ca.repmat(mu[c, :], n, 1)) @ factor.T
        main.append(alpha[c] + ca.sum2(q[c, :]) - 0.5 * ca.sum2(mapped * mapped))
        squares += ca.sumsqr(entries)
    top = reduce(ca.fmax, main)
    densities = ca.log(sum(ca.exp(column - top) for column in main)) + top
    likelihood = ca.sum1(densities) - n * (0.5 * d * math.log(2.0 * math.pi) + ca.logsumexp(alpha))
    return likelihood + m * ca.sum1(ca.sum2(q)) - 0.5 * gamma**2 * squares + k * formulas.wishart_constant(d, m, gamma)


# --- one step after another -----------------------------------------------------------------------------------------


def ode(x: ca.MX, s: int) -> ca.MX:
    """A step is a function of its own, so that the expression has a node for each step and not for what is in it."""
    h, n = 2.0 / s, x.shape[0]
    y, rates = ca.MX.sym("y", n), ca.MX.sym("x", n)

    def slope(y: ca.MX) -> ca.MX:
        return rates * ca.vertcat(1.0, y)[:-1]

    k1 = slope(y)
    k2 = slope(y + 0.5 * h * k1)
    k3 = slope(y + 0.5 * h * k2)
    k4 = slope(y + h * k3)
    step = ca.Function("step", [y, rates], [y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)])
    return reduce(lambda y, _: step(y, x), range(s), ca.MX.zeros(n))


def lstm(main: ca.MX, extra: ca.MX, state: ca.MX, sequence: ca.MX) -> ca.MX:
    """A character is a function of scalars: from the state to the next one, and to how far the guess is off."""
    rows, b = state.shape
    weights, start, now, then = (ca.SX.sym("a", size) for size in (main.T.shape, state.T.shape, b, b))
    first, last, shift = (ca.SX.sym("e", b) for _ in range(3))
    moved, below = [], now * first
    for i in range(0, rows, 2):
        hidden, cell = start[:, i], start[:, i + 1]
        inward = ca.vertcat(below, hidden, below, hidden) * weights[:, i] + weights[:, i + 1]
        forget, into, out, change = ca.vertsplit(inward, b)
        cell = cell * sigmoid(forget) + sigmoid(into) * ca.tanh(change)
        below = sigmoid(out) * ca.tanh(cell)
        moved += [below, cell]
    guess = below * last + shift
    off = ca.dot(then, guess - ca.log(2.0 + ca.sum1(ca.exp(guess))))
    step = ca.Function("step", [start, now, then, weights, first, last, shift], [ca.horzcat(*moved), off])

    characters, carried, total = ca.horzsplit(sequence.T), state.T, 0.0
    own = (main.T, *ca.horzsplit(extra.T))
    for now, then in pairwise(characters):
        carried, off = step(carried, now, then, *own)
        total += off
    return -total / (b * (len(characters) - 1))


def sigmoid(x: ca.SX) -> ca.SX:
    return 1.0 / (1.0 + ca.exp(-x))


# --- ba and ht ------------------------------------------------------------------------------------------------------


def ba_observation() -> tuple[ca.SX, ca.SX, ca.SX]:
    """One observation's 15 numbers (camera, point, weight), where it was seen, and its two errors."""
    own, seen = ca.SX.sym("own", 15), ca.SX.sym("seen", 2)
    turn, centre, focal, middle, bend, point, weight = ca.vertsplit(own, [0, 3, 6, 7, 9, 11, 14, 15])
    angle = ca.norm_2(turn)
    axis, away = turn / angle, point - centre
    c, s = ca.cos(angle), ca.sin(angle)
    placed = away * c + ca.cross(axis, away) * s + axis * ca.dot(axis, away) * (1.0 - c)
    flat = placed[:2] / placed[2]
    square = ca.sumsqr(flat)
    bent = 1.0 + bend[0] * square + bend[1] * square**2
    return own, seen, weight * (flat * bent * focal + middle - seen)


def ba_mapped(expression: Call, cameras: ca.MX, points: ca.MX, weights: ca.MX, seen: Any, features: ca.MX) -> ca.MX:
    """A column of `expression(errors, own)` for each observation."""
    own, at, errors = ba_observation()
    one = ca.Function("one", [own, at], [expression(errors, own)])
    gathered = ca.vertcat(cameras.T[:, seen[:, 0].tolist()], points.T[:, seen[:, 1].tolist()], weights.T)
    return one.map(len(seen))(gathered, features.T)


def ba(*arguments: Any) -> list[ca.MX]:
    weights = arguments[2]
    return [ca.vertcat(ca.vec(ba_mapped(lambda errors, _: errors, *arguments)), 1.0 - weights * weights)]


def ba_jacobian(*arguments: Any) -> list[ca.MX]:
    """Rows and columns are known when the function is built; a call fills in the values of all blocks."""
    cameras, points, weights, seen, _ = arguments
    blocks = ba_mapped(lambda errors, own: ca.vec(ca.densify(ca.jacobian(errors, own)).T), *arguments)
    values = ca.vertcat(ca.vec(blocks), ca.gradient(ca.sum1(1.0 - weights * weights), weights))
    return [*(ca.MX(ca.DM(part)) for part in formulas.ba_places(np, cameras.shape[0], points.shape[0], seen)), values]


def hand_in_matrices(given: Input) -> tuple[Any, ...]:
    """What is built in first, then the arguments, with the transforms of all bones below each other."""
    parents, mirrored, theta, shift, us, triangles, model, found, points = hand(given)
    relatives, inverses, rest, weights = model
    stacked = relatives.reshape(-1, 4), inverses.reshape(-1, 4)
    return parents, mirrored, triangles, found, theta, shift, us, points, *stacked, rest, weights


def ht(
    parents: Any,
    mirrored: bool,
    triangles: Any,
    found: Any,
    theta: ca.MX,
    shift: ca.MX | None,
    us: ca.MX | None,
    points: ca.MX,
    relatives: ca.MX,
    inverses: ca.MX,
    rest: ca.MX,
    weights: ca.MX,
) -> list[ca.MX]:
    transforms = ht_transforms(parents.tolist(), mirrored)(theta, relatives, inverses)
    weighted = ca.horzcat(*(ca.repmat(weight, 1, 4) * rest for weight in ca.horzsplit(weights)))
    vertices = weighted @ transforms + ca.repmat(theta[3:6].T, rest.shape[0], 1)
    if us is None:
        return [ca.vec((points - vertices[found.tolist(), :]).T)]
    moved = us + ca.repmat(shift.T, len(found), 1)
    parts = ca.horzsplit(ca.horzcat(moved, 1.0 - ca.sum2(moved)))
    corners = (vertices[triangles[found, i].tolist(), :] for i in range(3))
    places = sum(ca.repmat(part, 1, 3) * corner for part, corner in zip(parts, corners, strict=True))
    return [ca.vec((points - places).T)]


def ht_jacobian(*arguments: Any) -> list[ca.MX]:
    """A column for each direction: the two of the shift first, where there are barycentric coordinates."""
    (errors,) = ht(*arguments)
    theta, shift = arguments[4:6]
    return [ca.horzcat(*(ca.jacobian(errors, by) for by in (shift, theta) if by is not None))]


def ht_transforms(parents: Sequence[int], mirrored: bool) -> ca.Function:
    """The upper rows of all bones' transforms, transposed and below each other: 4 x 3 for each bone."""
    bones = len(parents)
    theta, relatives, inverses = ca.SX.sym("t", 26), ca.SX.sym("r", 4 * bones, 4), ca.SX.sym("i", 4 * bones, 4)
    angles = ca.SX.zeros(bones, 3)  # of a finger's four bones the first has two angles, the next two have one
    for finger in range(5):
        angles[2 + 4 * finger, 0] = theta[6 + 4 * finger]
        angles[2 + 4 * finger, 1] = theta[7 + 4 * finger]
        angles[3 + 4 * finger, 0] = theta[8 + 4 * finger]
        angles[4 + 4 * finger, 0] = theta[9 + 4 * finger]
    absolute: list[ca.SX] = []
    found = []
    mirror = ca.diag(ca.DM([-1.0 if mirrored else 1.0, 1.0, 1.0]))
    turned = by_axis(theta[:3]) @ mirror
    for bone, (parent, relative, inverse) in enumerate(
        zip(parents, ca.vertsplit(relatives, 4), ca.vertsplit(inverses, 4), strict=True)
    ):
        own = relative @ about(2, angles[bone, 1]) @ about(1, angles[bone, 2]) @ about(0, angles[bone, 0])
        absolute.append(own if parent == -1 else absolute[parent] @ own)
        found.append((turned @ (absolute[bone] @ inverse)[:3, :]).T)
    return ca.Function("transforms", [theta, relatives, inverses], [ca.vertcat(*found)])


def about(k: int, angle: ca.SX) -> ca.SX:
    """The rotation about coordinate axis k, as a 4 x 4 transform."""
    out = ca.SX.eye(4)
    i, j = (k + 1) % 3, (k + 2) % 3
    out[i, i] = out[j, j] = ca.cos(angle)
    out[j, i] = ca.sin(angle)
    out[i, j] = -ca.sin(angle)
    return out


def by_axis(turn: ca.SX) -> ca.SX:
    """The rotation about an axis by its length, by Rodrigues' formula."""
    angle = ca.norm_2(turn)
    axis = turn / angle
    along = axis @ axis.T
    return along + ca.cos(angle) * (ca.SX.eye(3) - along) + ca.sin(angle) * ca.skew(axis)


# --- the evals ------------------------------------------------------------------------------------------------------

EVALS = {
    "gmm": Eval(
        objective=value(readers.gmm, gmm),
        jacobian=slope(
            readers.gmm, gmm, (0, 1, 2, 3), lambda parts: readers.gmm_jacobian((parts[0].ravel(), *parts[1:]))
        ),
    ),
    "lstm": Eval(
        objective=value(readers.lstm, lstm),
        jacobian=slope(readers.lstm, lstm, (0, 1), readers.lstm_jacobian),
    ),
    "ba": Eval(
        objective=asked(readers.ba, ba, lambda parts: readers.ba_objective(only(parts).ravel())),
        jacobian=asked(readers.ba, ba_jacobian, lambda parts: readers.ba_jacobian([part.ravel() for part in parts])),
    ),
    "ht": Eval(
        objective=asked(hand_in_matrices, ht, lambda parts: only(parts).ravel()),
        jacobian=asked(hand_in_matrices, ht_jacobian, only),
    ),
    "llsq": Eval(primal=value(readers.llsq, llsq), gradient=slope(readers.llsq, llsq)),
    "lse": Eval(primal=value(readers.lse, ca.logsumexp), gradient=slope(readers.lse, ca.logsumexp)),
    "ode": Eval(
        primal=asked(readers.ode, lambda *given: [ode(*given)], lambda parts: only(parts).ravel()),
        gradient=slope(readers.ode, lambda *given: ode(*given)[-1]),
    ),
    "kmeans": Eval(cost=value(readers.kmeans, kmeans), dir=asked(readers.kmeans, kmeans_direction, only)),
}
