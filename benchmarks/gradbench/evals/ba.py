"""Bundle adjustment: how far the projections of points through cameras lie from where they were seen, weighted.

A camera is 11 numbers: rotation (axis times angle), centre, focal length, principal point, two coefficients of radial
distortion. Observation i is seen at `features[i]` by camera `seen[i, 0]` and shows point `seen[i, 1]`.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numba import njit

from benchmarks.gradbench import readers
from benchmarks.gradbench.evals import OPTIONS
from benchmarks.gradbench.protocol import Eval, Function
from srcad import grad, jacfwd


def rotated(camera, x, y, z):
    r0, r1, r2 = camera[0], camera[1], camera[2]
    squared = r0 * r0 + r1 * r1 + r2 * r2
    if squared == 0.0:
        return x + r1 * z - r2 * y, y + r2 * x - r0 * z, z + r0 * y - r1 * x
    angle = math.sqrt(squared)
    cos = math.cos(angle)
    sin = math.sin(angle)
    a0, a1, a2 = r0 / angle, r1 / angle, r2 / angle
    along = (a0 * x + a1 * y + a2 * z) * (1.0 - cos)
    return (
        x * cos + (a1 * z - a2 * y) * sin + a0 * along,
        y * cos + (a2 * x - a0 * z) * sin + a1 * along,
        z * cos + (a0 * y - a1 * x) * sin + a2 * along,
    )


def projected(camera, point):
    x, y, z = rotated(camera, point[0] - camera[3], point[1] - camera[4], point[2] - camera[5])
    u = x / z
    v = y / z
    radius = u * u + v * v
    bent = 1.0 + camera[9] * radius + camera[10] * radius * radius
    return u * bent * camera[6] + camera[7], v * bent * camera[6] + camera[8]


def seen_apart(camera, point, weight, at):
    """How far a point is seen from where a camera should see it."""
    u, v = projected(camera, point)
    return weight * (u - at[0]), weight * (v - at[1])


def away_from_one(weight):
    return 1.0 - weight * weight


def objective(cameras, points, weights, seen, features):
    p = len(weights)
    errors = np.empty(3 * p)
    for i in range(p):
        u, v = seen_apart(cameras[seen[i, 0]], points[seen[i, 1]], weights[i], features[i])
        errors[2 * i] = u
        errors[2 * i + 1] = v
        errors[2 * p + i] = away_from_one(weights[i])
    return errors


def in_numbers(r0, r1, r2, x, y, z, focal, u0, v0, k0, k1, p0, p1, p2, weight, at):
    """`seen_apart`, its arguments number by number: an observation takes no array."""
    return seen_apart((r0, r1, r2, x, y, z, focal, u0, v0, k0, k1), (p0, p1, p2), weight, at)


primal = grad(objective, **OPTIONS).primal
block = jacfwd(in_numbers, wrt=tuple(range(15)), lanes=15, **OPTIONS)
slope = grad(away_from_one, **OPTIONS)


def jacobian(cameras, points, weights, seen, features):
    """The matrix in compressed sparse rows: two rows of 15 for each observation, then one of one for each weight.

    It stands in the memory of the last one, if that had as many rows: the caller has read it by then.
    """
    rows, cols, vals = memory(len(weights))
    fill(rows, cols, vals, cameras, points, weights, seen, features)
    return rows, cols, vals


@lru_cache(maxsize=1)
def memory(p):
    return np.empty(3 * p + 1, dtype=np.int32), np.empty(31 * p, dtype=np.int32), np.empty(31 * p)


@njit
def fill(rows, cols, vals, cameras, points, weights, seen, features):
    n, m, p = len(cameras), len(points), len(weights)
    rows[0] = 0
    for i in range(p):
        c, x = cameras[seen[i, 0]], points[seen[i, 1]]
        u, v = block(
            c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10], x[0], x[1], x[2], weights[i], features[i]
        )  # fmt: skip
        for k in range(2):
            start = 30 * i + 15 * k
            rows[2 * i + k + 1] = start + 15
            for j in range(11):
                cols[start + j] = 11 * seen[i, 0] + j
            for j in range(3):
                cols[start + 11 + j] = 11 * n + 3 * seen[i, 1] + j
            cols[start + 14] = 11 * n + 3 * m + i
        for j in range(15):
            vals[30 * i + j] = u[j]
            vals[30 * i + 15 + j] = v[j]
    for i in range(p):
        rows[2 * p + i + 1] = 30 * p + i + 1
        cols[30 * p + i] = 11 * n + 3 * m + i
        vals[30 * p + i] = slope(weights[i])


EVAL = Eval(
    objective=Function(readers.ba, primal, readers.ba_objective),
    jacobian=Function(readers.ba, jacobian, readers.ba_jacobian),
)
