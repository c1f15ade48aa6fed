"""Hand tracking: how far the vertices of a posed hand lie from the points that were measured.

`theta` has the hand's rotation (axis times angle), its place, and four angles of each of five fingers. Bones are posed
relative to their parents; a vertex moves with its bones, each by its weight. Correspondence i is vertex `found[i]`,
or, where there are barycentric coordinates `us`, a place in triangle `found[i]`.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from benchmarks.gradbench import readers
from benchmarks.gradbench.evals import OPTIONS
from benchmarks.gradbench.protocol import Eval, Function
from srcad import jacfwd

compiled = numba.njit(error_model="numpy")


@compiled
def product(a, b, out):
    """out = a b, of the upper three rows of transforms whose last row is (0, 0, 0, 1)."""
    for i in range(3):
        for j in range(4):
            total = a[i, 0] * b[0, j] + a[i, 1] * b[1, j] + a[i, 2] * b[2, j]
            if j == 3:
                total += a[i, 3]
            out[i, j] = total


@compiled
def rotation_of_axis(rx, ry, rz, out):
    angle = math.sqrt(rx * rx + ry * ry + rz * rz)
    if angle < 1e-4:
        for i in range(3):
            for j in range(3):
                out[i, j] = 1.0 if i == j else 0.0
        return
    x = rx / angle
    y = ry / angle
    z = rz / angle
    s = math.sin(angle)
    c = math.cos(angle)
    out[0, 0] = x * x + (1.0 - x * x) * c
    out[0, 1] = x * y * (1.0 - c) - z * s
    out[0, 2] = x * z * (1.0 - c) + y * s
    out[1, 0] = x * y * (1.0 - c) + z * s
    out[1, 1] = y * y + (1.0 - y * y) * c
    out[1, 2] = y * z * (1.0 - c) - x * s
    out[2, 0] = x * z * (1.0 - c) - y * s
    out[2, 1] = z * y * (1.0 - c) + x * s
    out[2, 2] = z * z + (1.0 - z * z) * c


@compiled
def rotation_of_angles(x, y, z, out):
    """Turned by x, then y, then z about these axes, as a transform."""
    cx, sx = math.cos(x), math.sin(x)
    cy, sy = math.cos(y), math.sin(y)
    cz, sz = math.cos(z), math.sin(z)
    out[0, 0] = cz * cy
    out[0, 1] = cz * sy * sx - sz * cx
    out[0, 2] = cz * sy * cx + sz * sx
    out[1, 0] = sz * cy
    out[1, 1] = sz * sy * sx + cz * cx
    out[1, 2] = sz * sy * cx - cz * sx
    out[2, 0] = -sy
    out[2, 1] = cy * sx
    out[2, 2] = cy * cx
    for i in range(3):
        out[i, 3] = 0.0


@compiled
def bone_angles(theta, bones):
    """The three angles of each bone: of a finger's four bones the first has two that move, the next two have one."""
    angles = np.zeros((bones, 3))
    at = 6
    bone = 2
    for _ in range(5):
        for joint in range(3):
            angles[bone, 0] = theta[at]
            at += 1
            if joint == 0:
                angles[bone, 1] = theta[at]
                at += 1
            bone += 1
        bone += 1
    return angles


@compiled
def bone_transforms(theta, parents, relatives, inverses):
    bones = len(parents)
    angles = bone_angles(theta, bones)
    turned = np.empty((3, 4))
    relative = np.empty((3, 4))
    absolute = np.empty((bones, 3, 4))
    transforms = np.empty((bones, 3, 4))
    for b in range(bones):
        rotation_of_angles(angles[b, 0], angles[b, 2], angles[b, 1], turned)
        if parents[b] == -1:
            product(relatives[b], turned, absolute[b])
        else:
            product(relatives[b], turned, relative)
            product(absolute[parents[b]], relative, absolute[b])
        product(absolute[b], inverses[b], transforms[b])
    return transforms


@compiled
def vertices(theta, parents, relatives, inverses, rest, weights, mirrored):
    transforms = bone_transforms(theta, parents, relatives, inverses)
    count = rest.shape[0]
    posed = np.zeros((count, 3))
    for b in range(len(parents)):
        for v in range(count):
            for i in range(3):
                moved = (
                    transforms[b, i, 0] * rest[v, 0]
                    + transforms[b, i, 1] * rest[v, 1]
                    + transforms[b, i, 2] * rest[v, 2]
                    + transforms[b, i, 3] * rest[v, 3]
                )
                posed[v, i] += moved * weights[v, b]
    if mirrored:
        for v in range(count):
            posed[v, 0] = -posed[v, 0]

    turned = np.empty((3, 3))
    rotation_of_axis(theta[0], theta[1], theta[2], turned)
    placed = np.empty((count, 3))
    for v in range(count):
        for i in range(3):
            placed[v, i] = (
                turned[i, 0] * posed[v, 0] + turned[i, 1] * posed[v, 1] + turned[i, 2] * posed[v, 2] + theta[3 + i]
            )
    return placed


@compiled
def of_vertices(theta, parents, relatives, inverses, rest, weights, mirrored, found, points):
    placed = vertices(theta, parents, relatives, inverses, rest, weights, mirrored)
    errors = np.empty(3 * len(found))
    for i in range(len(found)):
        for j in range(3):
            errors[3 * i + j] = points[i, j] - placed[found[i], j]
    return errors


@compiled
def of_triangles(shift, theta, us, parents, relatives, inverses, rest, weights, mirrored, found, points, triangles):
    """`shift` moves all of `us` alike: the matrix that is asked for has a column for each of its two numbers."""
    placed = vertices(theta, parents, relatives, inverses, rest, weights, mirrored)
    errors = np.empty(3 * len(found))
    for i in range(len(found)):
        u = us[i, 0] + shift[0]
        v = us[i, 1] + shift[1]
        a, b, c = triangles[found[i], 0], triangles[found[i], 1], triangles[found[i], 2]
        for j in range(3):
            errors[3 * i + j] = points[i, j] - (u * placed[a, j] + v * placed[b, j] + (1.0 - u - v) * placed[c, j])
    return errors


LANES = 16  # directions a sweep: two sweeps for 26 columns, or 28
by_theta = jacfwd(of_vertices, wrt="theta", lanes=LANES, **OPTIONS)
by_all = jacfwd(of_triangles, wrt=("shift", "theta"), lanes=LANES, **OPTIONS)


def objective(*arguments):
    return (of_triangles if arguments[0].shape == (2,) else of_vertices)(*arguments)


def jacobian(*arguments):
    """A column for each direction: the two of the shift first, where there are barycentric coordinates."""
    if arguments[0].shape != (2,):
        return by_theta(*arguments)
    return np.concatenate(by_all(*arguments), axis=1)


EVAL = Eval(
    objective=Function(readers.ht, objective),
    jacobian=Function(readers.ht, jacobian),
)
