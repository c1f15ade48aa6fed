"""What the evals should answer, worked out another way than by srcad: closed forms, and complex steps through NumPy.

A complex step takes f'(x) as the imaginary part of f(x + i h) / h with a tiny h: exact to rounding, since nothing is
subtracted. The formulas are the definitions, as whole-array NumPy, and share no code with the evals.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

Given = dict[str, Any]
STEP = 1e-100


def slopes(f: Callable[..., Any], *at: Any) -> list[np.ndarray]:
    """The derivative of each entry of f's result by each entry of each argument: shape of the result + of the argument.

    >>> slopes(lambda x: x[0] * x[1], [2.0, 3.0])[0].tolist()
    [3.0, 2.0]
    """
    at = tuple(np.array(a, dtype=complex) for a in at)
    found = []
    for k, a in enumerate(at):
        columns = []
        for entry in np.ndindex(a.shape):
            moved = a.copy()
            moved[entry] += 1j * STEP
            columns.append(np.imag(f(*at[:k], moved, *at[k + 1 :])) / STEP)
        shape = np.shape(f(*at))
        found.append(np.moveaxis(np.array(columns).reshape(a.shape + shape), range(a.ndim), range(-a.ndim, 0)))
    return found


# --- gmm ------------------------------------------------------------------------------------------------------------


def gmm_log_posterior(given: Given, alpha: Any, mu: Any, q: Any, lower: Any) -> Any:
    """The densities by their definitions, with determinants and inverses."""
    d, k, gamma = given["d"], given["k"], given["gamma"]
    x = np.array(given["x"])
    freedom = d + given["m"] + 1
    below = np.tril_indices(d, -1)
    order = np.lexsort((below[0], below[1]))  # column by column
    density = np.zeros(len(x), dtype=complex)
    prior = 0.0
    for c in range(k):
        factor = np.diag(np.exp(q[c])).astype(complex)
        factor[below[0][order], below[1][order]] = lower[c]
        precision = factor.T @ factor
        determinant = np.linalg.det(precision)
        away = x - mu[c]
        distance = np.einsum("ni,ij,nj->n", away, precision, away)
        weight = np.exp(alpha[c]) / np.sum(np.exp(alpha))
        density += weight * np.sqrt(determinant) * np.exp(-0.5 * distance) / (2.0 * math.pi) ** (d / 2)
        log_gamma = d * (d - 1) / 4 * math.log(math.pi) + sum(math.lgamma((freedom - j) / 2) for j in range(d))
        prior += (
            0.5 * (freedom - d - 1) * np.log(determinant)
            - 0.5 * gamma**2 * np.trace(precision)
            - 0.5 * freedom * d * math.log(2.0)
            + freedom * d * math.log(gamma)
            - log_gamma
        )
    return np.sum(np.log(density)) + prior


def gmm_objective(given: Given) -> Any:
    parts = (np.array(given[name]) for name in ("alpha", "mu", "q", "l"))
    return np.real(gmm_log_posterior(given, *parts))


def gmm_jacobian(given: Given) -> Any:
    names = ("alpha", "mu", "q", "l")
    parts = slopes(lambda *a: gmm_log_posterior(given, *a), *(given[name] for name in names))
    return dict(zip(names, parts, strict=True))


# --- lstm -----------------------------------------------------------------------------------------------------------


def lstm_loss(given: Given, main: Any, extra: Any) -> Any:
    sequence, state = np.array(given["sequence"]), np.array(given["state"], dtype=complex)
    layers, width = len(main) // 2, sequence.shape[1]
    total = 0.0
    for now, then in pairwise(sequence):
        below = now * extra[0]
        for i in range(layers):
            weight, bias = main[2 * i].reshape(4, width), main[2 * i + 1].reshape(4, width)
            hidden, cell = state[2 * i], state[2 * i + 1]
            inward = np.array([below, hidden, below, hidden]) * weight + bias
            forget, into, out = 1.0 / (1.0 + np.exp(-inward[:3]))
            state[2 * i + 1] = cell * forget + into * np.tanh(inward[3])
            below = state[2 * i] = out * np.tanh(state[2 * i + 1])
        guess = below * extra[1] + extra[2]
        total += np.sum(then * (guess - np.log(2.0 + np.sum(np.exp(guess)))))
    return -total / (width * (len(sequence) - 1))


def lstm_objective(given: Given) -> Any:
    return np.real(lstm_loss(given, np.array(given["main_params"]), np.array(given["extra_params"])))


def lstm_jacobian(given: Given) -> Any:
    parts = slopes(lambda *a: lstm_loss(given, *a), given["main_params"], given["extra_params"])
    return np.concatenate([part.ravel() for part in parts])


# --- ba -------------------------------------------------------------------------------------------------------------


def ba_residual(given: Given, camera: Any, point: Any, weight: Any) -> Any:
    """One observation's errors: the rotation by Rodrigues' formula as a matrix, the rest by its definitions."""
    turn, centre, focal, middle, bend = np.split(camera, [3, 6, 7, 9])
    angle = np.sqrt(turn @ turn)
    x, y, z = turn / angle
    cross = np.array([[0.0 * x, -z, y], [z, 0.0 * x, -x], [-y, x, 0.0 * x]])
    rotation = np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross
    moved = rotation @ (point - centre)
    flat = moved[:2] / moved[2]
    square = flat @ flat
    return weight * (
        (1.0 + bend[0] * square + bend[1] * square**2) * focal[0] * flat + middle - np.array(given["feat"])
    )


def ba_objective(given: Given) -> Any:
    errors = ba_residual(given, np.array(given["cam"]), np.array(given["x"]), given["w"])
    weight = {"element": 1.0 - given["w"] ** 2, "repeated": given["p"]}
    return {"reproj_error": {"elements": errors, "repeated": given["p"]}, "w_err": weight}


def ba_jacobian(given: Given) -> Any:
    n, m, p = given["n"], given["m"], given["p"]
    parts = slopes(lambda *a: ba_residual(given, *a), given["cam"], given["x"], given["w"])
    block = np.concatenate([part.reshape(2, -1) for part in parts], axis=1)
    rows, cols, vals = [0], [], []
    for i in range(p):
        for k in range(2):
            camera, point = 11 * (i % n), 11 * n + 3 * (i % m)
            cols += [*range(camera, camera + 11), *range(point, point + 3), 11 * n + 3 * m + i]
            vals += [*block[k]]
            rows.append(len(cols))
    for i in range(p):
        cols.append(11 * n + 3 * m + i)
        vals.append(-2.0 * given["w"])
        rows.append(len(cols))
    return {name: [*part[:30], part[-1]] for name, part in (("rows", rows), ("cols", cols), ("vals", vals))}


# --- closed forms ---------------------------------------------------------------------------------------------------


def hello_square(given: Any) -> Any:
    return given**2


def hello_double(given: Any) -> Any:
    return 2 * given


def llsq_residual(given: Given) -> tuple[Any, Any]:
    t = np.linspace(-1.0, 1.0, given["n"])
    powers = np.vander(t, len(given["x"]), increasing=True)
    return np.sign(t) - powers @ np.array(given["x"]), powers


def llsq_primal(given: Given) -> Any:
    rest, _ = llsq_residual(given)
    return 0.5 * rest @ rest


def llsq_gradient(given: Given) -> Any:
    rest, powers = llsq_residual(given)
    return -powers.T @ rest


def lse_primal(given: Given) -> Any:
    return np.logaddexp.reduce(given["x"])


def lse_gradient(given: Given) -> Any:
    return np.exp(np.array(given["x"]) - lse_primal(given))


def det_primal(given: Given) -> Any:
    return np.linalg.det(np.reshape(given["A"], (given["ell"], given["ell"])))


def det_gradient(given: Given) -> Any:
    matrix = np.reshape(given["A"], (given["ell"], given["ell"]))
    return (np.linalg.det(matrix) * np.linalg.inv(matrix).T).ravel()


def ode_steps(x: Any, s: int) -> Any:
    def slope(y: Any) -> Any:
        return x * np.concatenate(([1.0], y[:-1]))

    h, y = 2.0 / s, np.zeros(len(x), dtype=x.dtype)
    for _ in range(s):
        k1 = slope(y)
        k2 = slope(y + h / 2 * k1)
        k3 = slope(y + h / 2 * k2)
        k4 = slope(y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return y


def ode_primal(given: Given) -> Any:
    return ode_steps(np.array(given["x"]), given["s"])


def ode_gradient(given: Given) -> Any:
    return slopes(lambda x: ode_steps(x, given["s"])[-1], given["x"])[0]


def kmeans_nearest(given: Given) -> tuple[Any, Any, Any, Any]:
    points, centroids = np.array(given["points"]), np.array(given["centroids"])
    squares = np.sum((points[:, None, :] - centroids[None, :, :]) ** 2, axis=2)
    return points, centroids, squares, squares.argmin(axis=1)


def kmeans_cost(given: Given) -> Any:
    return np.sum(kmeans_nearest(given)[2].min(axis=1))


def kmeans_dir(given: Given) -> Any:
    """Newton's direction: away from the mean of the points that are nearest to each centroid."""
    points, centroids, _, nearest = kmeans_nearest(given)
    return centroids - [points[nearest == c].mean(axis=0) for c in range(len(centroids))]


# --- ba and ht ------------------------------------------------------------------------------------------------------


def turned(axis: Any) -> Any:
    """The rotation matrix of an axis times an angle, by Rodrigues' formula."""
    angle = np.sqrt(np.sum(axis**2))
    x, y, z = axis / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross


def about(k: int, angle: Any) -> Any:
    """The rotation by an angle about coordinate axis k, as a 4 x 4 transform."""
    out = np.eye(4, dtype=complex)
    i, j = (k + 1) % 3, (k + 2) % 3
    out[i, i] = out[j, j] = np.cos(angle)
    out[j, i] = np.sin(angle)
    out[i, j] = -np.sin(angle)
    return out


def ht_errors(given: Given, shift: Any, theta: Any) -> Any:
    """Whole matrices, bone by bone. Of a finger's four angles its first bone takes two, the next two bones one each."""
    model, found = given["data"]["model"], given["data"]["correspondences"]
    angles = np.zeros((model["bone_count"], 3), dtype=complex)
    for finger in range(5):
        first, second, third, fourth = theta[6 + 4 * finger : 10 + 4 * finger]
        angles[2 + 4 * finger, :2] = first, second
        angles[3 + 4 * finger, 0] = third
        angles[4 + 4 * finger, 0] = fourth
    absolute: list[Any] = []
    posed = 0.0
    rest = np.array(model["base_positions"])
    for b, parent in enumerate(model["parents"]):
        x, z, y = angles[b]
        relative = np.array(model["base_relatives"][b]) @ about(2, z) @ about(1, y) @ about(0, x)
        absolute.append(relative if parent == -1 else absolute[parent] @ relative)
        transform = absolute[b] @ np.array(model["inverse_base_absolutes"][b])
        posed = posed + np.array(model["weights"])[:, b, None] * (rest @ transform.T)[:, :3]
    if model["is_mirrored"]:
        posed = posed * [-1.0, 1.0, 1.0]
    vertices = posed @ turned(theta[:3]).T + theta[3:6]
    places = vertices[found]
    if given["us"]:
        u = np.array(given["us"]) + shift
        parts = np.stack((u[:, 0], u[:, 1], 1.0 - u[:, 0] - u[:, 1]), axis=1)
        places = np.einsum("nc,ncj->nj", parts, vertices[np.array(model["triangles"])[found]])
    return (np.array(given["data"]["points"]) - places).ravel()


def ht_objective(given: Given) -> Any:
    return ht_errors(given, np.zeros(2), np.array(given["theta"])).real


def ht_jacobian(given: Given) -> Any:
    by_shift, by_theta = slopes(lambda *a: ht_errors(given, *a), np.zeros(2), given["theta"])
    return np.hstack((by_shift, by_theta)) if given["us"] else by_theta


# --- descents -------------------------------------------------------------------------------------------------------


def descent(f: Callable[[Any], Any], slope: Callable[[Any], Any], start: Any) -> Any:
    """Gradient descent as GradBench specifies it: the rate doubles after ten steps down and halves after one up."""
    at = np.array(start, dtype=float)
    value, down, rate, steps = f(at), slope(at), 1e-5, 0
    while np.linalg.norm(down) > 1e-5:
        if steps == 10:
            rate, steps = 2 * rate, 0
            continue
        moved = at - rate * down
        if np.linalg.norm(at - moved) <= 1e-5:
            break
        if f(moved) < value:
            at, value, down, steps = moved, f(moved), slope(moved), steps + 1
        else:
            rate, steps = rate / 2, 0
    return at


def saddle_point(given: Given) -> Any:
    """Both descents see a sum of squares: the inner one ends where it does whatever the outer variables are."""
    start = given["start"]
    least = descent(lambda p: p @ p, lambda p: 2 * p, start)
    return np.concatenate((descent(lambda p: p @ p - least @ least, lambda p: 2 * p, start), least))


saddle_ff = saddle_fr = saddle_rf = saddle_rr = saddle_point


def particle_miss(w: Any) -> Any:
    """The squared miss, for a complex w too, with the force written down."""
    charges = np.array([[10.0, 10.0 - w], [10.0, 0.0]])
    place, speed = np.array([0.0, 8.0], dtype=complex), np.array([0.75, 0.0], dtype=complex)
    while True:
        away = place - charges
        force = np.sum(away / np.sum(away**2, axis=1, keepdims=True) ** 1.5, axis=0)
        place = place + 0.1 * speed
        if place[1].real <= 0.0:
            return (place[0] - place[1] / speed[1] * speed[0]) ** 2
        speed = speed + 0.1 * force


def particle_control(given: Given) -> Any:
    found = descent(
        lambda w: particle_miss(w[0]).real, lambda w: np.imag([particle_miss(w[0] + 1j * STEP)]) / STEP, [given["w"]]
    )
    return found[0]


particle_ff = particle_fr = particle_rf = particle_rr = particle_control
