"""The evals' functions as an array programmer writes them, once for all libraries with an interface like NumPy's.

    lse(xp, x)  ->  xp.logsumexp(x, 0)

`xp` is what a formula takes from its library (see `Arrays`); the other arguments are in the order in which
`readers.py` gives them. No formula writes into an array, and no loop runs over entries: only the steps of `ode`, the
characters and layers of `lstm` and the bones of `ht` come one after another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

Call = Callable[..., Any]


@dataclass(frozen=True)
class Arrays:
    """A library's functions on arrays, with NumPy's names and order of arguments where NumPy has them."""

    exp: Call
    log: Call
    sqrt: Call
    tanh: Call
    sin: Call
    cos: Call
    sign: Call
    sum: Call
    argmin: Call
    arange: Call
    linspace: Call
    ones_like: Call
    zeros_like: Call
    concatenate: Call
    stack: Call
    sigmoid: Call
    logsumexp: Call
    """logsumexp(a, axis)"""
    take: Call
    """take(a, indices, axis)"""
    polynomial: Call
    """polynomial(coefficients, t): its values at t, by whatever the library is fastest at"""
    scan: Call
    """scan(step, state, items): the outputs, stacked, of `state, output = step(state, item)` along the first axis"""
    repeat: Call
    """repeat(step, state, count): the last of `state = step(state)`"""


def arrays(module: Any, **own: Call) -> Arrays:
    """What `module` has under NumPy's names, and the library's `own` for the rest."""
    names = [field.name for field in fields(Arrays) if field.name not in own]
    return Arrays(**own, **{name: getattr(module, name) for name in names})


def in_python(stack: Call) -> dict[str, Call]:
    """`scan` and `repeat` for a library whose loops are Python's; `stack` is its own."""

    def scan(step: Call, state: Any, items: Any) -> Any:
        outputs = []
        for item in items:
            state, output = step(state, item)
            outputs.append(output)
        return stack(outputs)

    def repeat(step: Call, state: Any, count: int) -> Any:
        for _ in range(count):
            state = step(state)
        return state

    return {"scan": scan, "repeat": repeat}


# --- sums -----------------------------------------------------------------------------------------------------------


def lse(xp: Arrays, x: Any) -> Any:
    return xp.logsumexp(x, 0)


def llsq(xp: Arrays, x: Any, n: int) -> Any:
    t = xp.linspace(-1.0, 1.0, n)
    rest = xp.sign(t) - xp.polynomial(x, t)
    return 0.5 * xp.sum(rest * rest)


def kmeans(xp: Arrays, points: Any, centroids: Any) -> Any:
    """The nearest centroid is chosen by products of whole matrices; then only its distance counts.

    |p - c|^2 = |p|^2 - 2 p c + |c|^2, where |p|^2 is the same for all centroids.
    """
    nearest = xp.argmin(xp.sum(centroids * centroids, 1) - 2.0 * (points @ centroids.T), 1)
    away = points - xp.take(centroids, nearest, 0)
    return xp.sum(away * away)


# --- gmm ------------------------------------------------------------------------------------------------------------


def gmm(xp: Arrays, alpha: Any, mu: Any, q: Any, below: Any, x: Any, m: int, gamma: float) -> Any:
    """All points by all components in one product of matrices: Q (x - mu) = Q x - Q mu."""
    (k, d), n = mu.shape, x.shape[0]
    factors = triangular(xp, xp.exp(q), below)
    sum_q = xp.sum(q, 1)
    centres = xp.sum(factors * mu.reshape(k, 1, d), 2)
    mapped = (x @ factors.reshape(k * d, d).T).reshape(n, k, d) - centres
    main = alpha + sum_q - 0.5 * xp.sum(mapped * mapped, 2)
    likelihood = xp.sum(xp.logsumexp(main, 1)) - n * (0.5 * d * math.log(2.0 * math.pi) + xp.logsumexp(alpha, 0))
    prior = k * wishart_constant(d, m, gamma) + m * xp.sum(sum_q) - 0.5 * gamma**2 * xp.sum(factors * factors)
    return likelihood + prior


def wishart_constant(d: int, m: int, gamma: float) -> float:
    """What of a component's prior depends on no parameter."""
    freedom = d + m + 1
    multigamma = 0.25 * d * (d - 1) * math.log(math.pi) + sum(math.lgamma(0.5 * (freedom - j)) for j in range(d))
    return freedom * d * (math.log(gamma) - 0.5 * math.log(2.0)) - multigamma


def triangular(xp: Arrays, diagonal: Any, below: Any) -> Any:
    """k lower triangular matrices from k rows of their diagonals and of what lies below them, column by column."""
    k, d = diagonal.shape
    count = d * (d - 1) // 2
    place = np.full((d, d), d + count)  # above the diagonal stands the zero that comes after all entries
    place[np.diag_indices(d)] = np.arange(d)
    column, row = np.triu_indices(d, 1)
    place[row, column] = d + np.arange(count)
    entries = xp.concatenate((diagonal, below, xp.zeros_like(diagonal[:, :1])), 1)
    return xp.take(entries, place.ravel(), 1).reshape(k, d, d)


# --- one step after another -----------------------------------------------------------------------------------------


def ode(xp: Arrays, x: Any, s: int) -> Any:
    h, one = 2.0 / s, xp.ones_like(x[:1])

    def slope(y: Any) -> Any:
        return x * xp.concatenate((one, y[:-1]), 0)

    def step(y: Any) -> Any:
        k1 = slope(y)
        k2 = slope(y + 0.5 * h * k1)
        k3 = slope(y + 0.5 * h * k2)
        k4 = slope(y + h * k3)
        return y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)

    return xp.repeat(step, xp.zeros_like(x), s)


def lstm(xp: Arrays, main: Any, extra: Any, state: Any, sequence: Any) -> Any:
    """What comes after the layers is done for all characters at once."""
    layers, b = main.shape[0] // 2, sequence.shape[1]
    weights = [main[2 * i].reshape(4, b) for i in range(layers)]
    biases = [main[2 * i + 1].reshape(4, b) for i in range(layers)]

    first = extra[0]

    def step(carried: Sequence[tuple[Any, Any]], now: Any) -> tuple[list[tuple[Any, Any]], Any]:
        moved, below = [], now * first
        for (hidden, cell), weight, bias in zip(carried, weights, biases, strict=True):
            inward = xp.stack((below, hidden, below, hidden)) * weight + bias
            gates = xp.sigmoid(inward[:3])
            cell = cell * gates[0] + gates[1] * xp.tanh(inward[3])
            below = gates[2] * xp.tanh(cell)
            moved.append((below, cell))
        return moved, below

    start = [(state[2 * i], state[2 * i + 1]) for i in range(layers)]
    guesses = xp.scan(step, start, sequence[:-1]) * extra[1] + extra[2]
    normalisers = xp.log(2.0 + xp.sum(xp.exp(guesses), 1))
    then = sequence[1:]
    total = xp.sum(then * guesses) - xp.sum(xp.sum(then, 1) * normalisers)
    return -total / (b * then.shape[0])


# --- ba and ht ------------------------------------------------------------------------------------------------------


def ba_errors(xp: Arrays, cameras: Any, points: Any, weights: Any, features: Any) -> Any:
    """Two rows of errors, over observations of which each has its own row of `cameras` and `points`."""
    turn = cameras[:, :3]
    angle = xp.sqrt(xp.sum(turn * turn, 1))
    cos, sin = xp.cos(angle), xp.sin(angle)
    a, b, c = turn[:, 0] / angle, turn[:, 1] / angle, turn[:, 2] / angle
    away = points - cameras[:, 3:6]
    x, y, z = away[:, 0], away[:, 1], away[:, 2]
    along = (a * x + b * y + c * z) * (1.0 - cos)
    depth = z * cos + (a * y - b * x) * sin + c * along
    u = (x * cos + (b * z - c * y) * sin + a * along) / depth
    v = (y * cos + (c * x - a * z) * sin + b * along) / depth
    square = u * u + v * v
    bent = (1.0 + cameras[:, 9] * square + cameras[:, 10] * square * square) * cameras[:, 6]
    return xp.stack(
        (
            weights * (u * bent + cameras[:, 7] - features[:, 0]),
            weights * (v * bent + cameras[:, 8] - features[:, 1]),
        )
    )


def ba_weights(xp: Arrays, weights: Any) -> Any:
    return 1.0 - weights * weights


def ba(xp: Arrays, cameras: Any, points: Any, weights: Any, seen: Any, features: Any) -> Any:
    """Both errors of each observation in turn, then those of the weights."""
    errors = ba_errors(xp, xp.take(cameras, seen[:, 0], 0), xp.take(points, seen[:, 1], 0), weights, features)
    return xp.concatenate((errors.T.reshape(-1), ba_weights(xp, weights)), 0)


def ba_places(xp: Any, n: int, m: int, seen: Any) -> tuple[Any, Any]:
    """The Jacobian's rows and columns, compressed: two rows of 15 for each observation, then one of one a weight."""
    p = seen.shape[0]
    own = 11 * n + 3 * m + xp.arange(p)
    camera = 11 * seen[:, :1] + xp.arange(11)
    point = 11 * n + 3 * seen[:, 1:] + xp.arange(3)
    block = xp.concatenate((camera, point, own.reshape(p, 1)), 1)
    cols = xp.concatenate((xp.stack((block, block), 1).reshape(-1), own), 0)
    return xp.concatenate((15 * xp.arange(2 * p), 30 * p + xp.arange(p + 1)), 0), cols


def ht(
    xp: Arrays,
    parents: Sequence[int],
    mirrored: bool,
    theta: Any,
    shift: Any,
    us: Any,
    triangles: Any,
    model: Sequence[Any],
    found: Any,
    points: Any,
) -> Any:
    """`shift` moves all of `us` alike; both, and `triangles`, are None where vertices were found."""
    vertices = ht_vertices(xp, parents, mirrored, theta, *model)
    if us is None:
        return (points - xp.take(vertices, found, 0)).reshape(-1)
    moved = us + shift
    u, v = moved[:, :1], moved[:, 1:]
    a, b, c = (xp.take(vertices, xp.take(triangles[:, i], found, 0), 0) for i in range(3))
    return (points - (u * a + v * b + (1.0 - u - v) * c)).reshape(-1)


def ht_vertices(
    xp: Arrays,
    parents: Sequence[int],
    mirrored: bool,
    theta: Any,
    relatives: Any,
    inverses: Any,
    rest: Any,
    weights: Any,
) -> Any:
    """Every vertex in one product: its rest position, once for each bone by the bone's weight, by all transforms."""
    bones, count = len(parents), rest.shape[0]
    place = np.full((bones, 3), 26)  # the zero that comes after all of theta
    for finger in range(5):  # of a finger's four bones the first has two angles, the next two have one
        place[2 + 4 * finger, :2] = 6 + 4 * finger, 7 + 4 * finger
        place[3 + 4 * finger, 0] = 8 + 4 * finger
        place[4 + 4 * finger, 0] = 9 + 4 * finger
    angles = xp.take(xp.concatenate((theta, xp.zeros_like(theta[:1])), 0), place.ravel(), 0).reshape(bones, 3)
    own = relatives @ by_angles(xp, angles[:, 0], angles[:, 2], angles[:, 1])
    absolute: list[Any] = []
    for bone, parent in enumerate(parents):
        absolute.append(own[bone] if parent == -1 else absolute[parent] @ own[bone])
    transforms = xp.stack(absolute) @ inverses
    weighted = (weights.reshape(count, bones, 1) * rest.reshape(count, 1, 4)).reshape(count, 4 * bones)
    x, y, z = (transforms[:, i].reshape(4 * bones) for i in range(3))
    turned = xp.stack((-x if mirrored else x, y, z), 1) @ by_axis(xp, theta[:3]).T
    return weighted @ turned + theta[3:6]


def by_angles(xp: Arrays, x: Any, y: Any, z: Any) -> Any:
    """4 x 4 transforms that turn by x, then y, then z about these axes."""
    cx, sx, cy, sy, cz, sz = xp.cos(x), xp.sin(x), xp.cos(y), xp.sin(y), xp.cos(z), xp.sin(z)
    no, one = xp.zeros_like(x), xp.ones_like(x)
    entries = (
        (cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx, no),
        (sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx, no),
        (-sy, cy * sx, cy * cx, no),
        (no, no, no, one),
    )
    return xp.stack([entry for row in entries for entry in row], 1).reshape(x.shape[0], 4, 4)


def by_axis(xp: Arrays, turn: Any) -> Any:
    """The rotation about an axis by its length."""
    angle = xp.sqrt(xp.sum(turn * turn))
    x, y, z = turn[0] / angle, turn[1] / angle, turn[2] / angle
    c, s = xp.cos(angle), xp.sin(angle)
    r = 1.0 - c
    entries = (
        (x * x * r + c, x * y * r - z * s, x * z * r + y * s),
        (x * y * r + z * s, y * y * r + c, y * z * r - x * s),
        (x * z * r - y * s, y * z * r + x * s, z * z * r + c),
    )
    return xp.stack([entry for row in entries for entry in row]).reshape(3, 3)
