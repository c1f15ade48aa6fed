"""The points at which every derivative rule is checked, and the conventions at its edges."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from srcad.rules import own
from srcad.testing import Point

INF, NAN = math.inf, math.nan

# Points away from kinks and jumps. An operand is differentiated where it is a float.
ANY = [(-1.7,), (-0.3,), (0.4,), (2.9,)]
POSITIVE = [(0.02,), (0.3,), (1.0,), (7.5,)]
INSIDE = [(-0.95,), (-0.3,), (0.0,), (0.6,), (0.99,)]
PAIRS = [(0.3, 0.7), (-1.2, 2.5), (3.1, -0.4), (-2.2, -1.3)]
POWERS = [(0.3, 0.7), (2.5, -1.2), (1.7, 0.0), (1.0, 3.0), (2.0, 3), (-1.5, 3), (-1.5, -2), (0.4, 1), (0.4, 0)]
QUOTIENTS = [*PAIRS, (7.3, 2.0), (-7.3, 2.0), (0.95, 0.1)]
ROUNDINGS = [(-1.73, 1), (0.4311, 2), (123.0, -1)]
UNSIGNED = [(0.4,), (2.9,)]
INTS = [(12, 8), (5, 3)]
POINTS: dict[str, list[Point]] = {
    **dict.fromkeys(["+", "-", "*", "max", "min", "np.maximum", "np.minimum", "np.fmax", "np.fmin"], PAIRS),
    **dict.fromkeys(["/", "//", "np.floor_divide", "%", "np.fmod"], QUOTIENTS),
    **dict.fromkeys(["**", "math.pow", "np.power", "np.float_power"], POWERS),
    **dict.fromkeys(["math.copysign", "np.logaddexp", "np.logaddexp2", "math.atan2", "math.hypot"], PAIRS),
    **dict.fromkeys(["math.nextafter"], PAIRS),
    **dict.fromkeys(["neg", "pos", "np.square", "abs", "float", "np.float64", "np.float32", "np.real"], ANY),
    **dict.fromkeys(["math.fabs", "np.conjugate", "np.nan_to_num", "math.degrees", "math.radians"], ANY),
    **dict.fromkeys(["np.reciprocal", "np.cbrt", "math.gamma", "math.lgamma", "digamma"], ANY),
    **dict.fromkeys(["math.exp", "np.exp2", "math.expm1", "math.sin", "math.cos", "math.tan", "math.atan"], ANY),
    **dict.fromkeys(["math.sinh", "math.cosh", "math.tanh", "math.asinh", "math.erf", "math.erfc"], ANY),
    **dict.fromkeys(["math.sqrt", "math.log", "math.log2", "math.log10"], POSITIVE),
    **dict.fromkeys(["math.asin", "math.acos", "math.atanh"], INSIDE),
    "math.log1p": [(-0.9,), (-1e-9,), (0.0,), (3.0,)],
    "math.acosh": [(1.01,), (1.3,), (7.5,)],
    "math.ldexp": [(0.7, 3), (-1.3, -2)],
    "np.sinc": [(-3.3,), (-0.31,), (-0.01,), (0.0,), (0.05,), (0.319,), (1.0,), (6.2,)],
    "dsinc": [(0, 0.3), (1, 0.0), (1, 0.2), (1, 0.4), (2, -0.5), (2, 1.7), (3, -4.1)],
    "polygamma": [(1, 0.3), (1, 9.0), (1, -0.4), (2, 2.2), (2, -1.3), (3, -0.3)],
    "guarded *": [(0.3, 0.7, 0), (-1.2, 2.5, 0), (0.0, 0.4, 0), (0.6, 0.0, 0)],
    "np.where": [(True, 0.3, 0.7), (False, 0.3, 0.7)],
    "np.clip": [(0.3, -1.0, 1.0), (-2.0, -1.0, 1.0), (1.5, -1.0, 1.0), (0.3, 1.0, -1.0), (-2.0, 1.0, -1.0)],
    **dict.fromkeys(["int", "bool", "np.rint", "math.floor", "math.ceil", "math.trunc"], ANY),
    **dict.fromkeys(["np.floor", "np.ceil", "np.trunc", "np.sign", "np.spacing", "np.angle", "np.imag"], ANY),
    **dict.fromkeys(["math.isnan", "math.isinf", "math.isfinite", "np.isposinf", "np.isneginf"], ANY),
    **dict.fromkeys(["np.signbit", "np.isreal", "np.iscomplex", "np.isscalar", "np.logical_not"], ANY),
    **dict.fromkeys(["np.less", "np.less_equal", "np.greater", "np.greater_equal", "np.equal"], PAIRS),
    **dict.fromkeys(["np.not_equal", "np.logical_and", "np.logical_or", "np.logical_xor", "np.isclose"], PAIRS),
    **dict.fromkeys(["round", "np.round", "np.around"], ROUNDINGS),
    **dict.fromkeys(["math.gcd", "np.lcm", "np.bitwise_and", "np.bitwise_or", "np.bitwise_xor"], INTS),
    **dict.fromkeys(["np.left_shift", "np.right_shift"], INTS),
    **dict.fromkeys(["np.bool_", "np.int8", "np.int16", "np.int32", "np.int64"], ANY),
    **dict.fromkeys(["np.uint8", "np.uint16", "np.uint32", "np.uint64"], UNSIGNED),
    "np.invert": [(12,), (-3,)],
    "stop_gradient": [(12,), (-3,)],  # not of floats: its derivative is not that of its value
}
# float32 is as fine as it is.
TOLERANCE = {"np.float32": 1e-4}

# The conventions, and limits: points where finite differences say nothing -> the partials expected there.
Edges = list[tuple[Point, dict[str, float]]]
POWER_EDGES: Edges = [
    ((0.0, 3.0), {"x": 0.0, "y": 0.0}),
    ((0.0, 1.5), {"x": 0.0, "y": 0.0}),
    ((0.0, 1.0), {"x": 1.0, "y": 0.0}),
    ((0.0, 0.5), {"x": INF, "y": 0.0}),
    ((0.0, 0.0), {"x": 0.0, "y": 0.0}),
    ((-0.0, 2.0), {"x": 0.0}),
    ((-2.0, 3.0), {"x": 12.0, "y": NAN}),
    ((-2.0, 0.0), {"x": 0.0}),
    ((0.0, -1.0), {"x": -INF}),
]
POWER_INT_EDGES: Edges = [((0.0, 2), {"x": 0.0}), ((0.0, 1), {"x": 1.0}), ((0.0, 0), {"x": 0.0})]
LOGADDEXP_EDGES: Edges = [
    ((-INF, 1.0), {"x": 0.0, "y": 1.0}),
    ((1.0, -INF), {"x": 1.0, "y": 0.0}),
    ((-INF, -INF), {"x": 0.5, "y": 0.5}),
    ((INF, INF), {"x": 0.5, "y": 0.5}),
    ((INF, 1.0), {"x": 1.0, "y": 0.0}),
    ((1.0, INF), {"x": 0.0, "y": 1.0}),
    ((-INF, INF), {"x": 0.0, "y": 1.0}),
    ((3.0, 3.0), {"x": 0.5, "y": 0.5}),
    ((-2000.0, 2000.0), {"x": 0.0, "y": 1.0}),
]
FIRST: dict[str, float] = {"x": 1.0, "y": 0.0}
SECOND: dict[str, float] = {"x": 0.0, "y": 1.0}
EDGES: dict[str, Edges] = {
    "abs": [((0.0,), {"x": 0.0}), ((-0.0,), {"x": 0.0})],
    "math.fabs": [((0.0,), {"x": 0.0})],
    "**": POWER_EDGES + POWER_INT_EDGES,
    "math.pow": POWER_EDGES,
    "np.power": POWER_EDGES,
    "np.float_power": POWER_EDGES,
    "/": [((1.0, 0.0), {"x": INF, "y": -INF})],
    "%": [((1.0, 0.1), {"x": 1.0, "y": -9.0}), ((-1.0, 0.4), {"x": 1.0, "y": 3.0}), ((-5.0, INF), {"y": 1.0})],
    "np.fmod": [((1.0, 0.1), {"x": 1.0, "y": -9.0}), ((-1.0, 0.4), {"x": 1.0, "y": 2.0})],
    "max": [((1.0, 1.0), FIRST), ((NAN, 1.0), FIRST), ((1.0, NAN), FIRST), ((-INF, INF), SECOND)],
    "min": [((1.0, 1.0), FIRST), ((NAN, 1.0), FIRST), ((1.0, NAN), FIRST), ((-INF, INF), FIRST)],
    "np.maximum": [((1.0, 1.0), FIRST)],
    "np.minimum": [((1.0, 1.0), FIRST)],
    "np.fmax": [((1.0, 1.0), FIRST), ((1.0, NAN), FIRST), ((NAN, 1.0), SECOND)],
    "np.fmin": [((1.0, 1.0), FIRST), ((1.0, NAN), FIRST), ((NAN, 1.0), SECOND)],
    "guarded *": [((0.0, INF, 0), {"bar": INF, "partial": 0.0}), ((2.0, 0.0, 0), {"bar": 0.0, "partial": 2.0})],
    "np.where": [((True, NAN, 1.0), FIRST), ((False, 1.0, NAN), SECOND)],
    "np.clip": [
        ((1.0, -1.0, 1.0), {"a": 1.0, "a_min": 0.0, "a_max": 0.0}),
        ((-1.0, -1.0, 1.0), {"a": 1.0, "a_min": 0.0, "a_max": 0.0}),
        ((-2.0, 1.0, 1.0), {"a": 0.0, "a_min": 1.0, "a_max": 0.0}),
    ],
    "math.copysign": [((0.0, -1.0), {"x": 0.0}), ((-2.0, -0.0), {"x": 1.0}), ((3.0, -0.0), {"x": -1.0})],
    "math.hypot": [((0.0, 0.0), {"x": 0.0, "y": 0.0}), ((3e200, 4e200), {"x": 0.6, "y": 0.8})],
    "math.atan2": [((0.0, 0.0), {"x": 0.0, "y": 0.0}), ((0.0, -1.0), {"x": 0.0, "y": -1.0})],
    "math.sqrt": [((0.0,), {"x": INF}), ((INF,), {"x": 0.0})],
    "np.cbrt": [((0.0,), {"x": INF}), ((-8.0,), {"x": 1.0 / 12.0})],
    "math.log": [((0.0,), {"x": INF}), ((INF,), {"x": 0.0})],
    "math.log1p": [((-1.0,), {"x": INF}), ((1e-18,), {"x": 1.0})],
    "math.expm1": [((-50.0,), {"x": math.exp(-50.0)}), ((-INF,), {"x": 0.0})],
    "math.tanh": [((40.0,), {"x": 0.0}), ((-INF,), {"x": 0.0})],
    "math.asin": [
        ((1.0,), {"x": INF}),
        ((-1.0,), {"x": INF}),
        ((1.0 - 2.0**-40,), {"x": 2.0**20 / math.sqrt(2.0 - 2.0**-40)}),
    ],
    "math.acos": [((1.0,), {"x": -INF}), ((-1.0,), {"x": -INF})],
    "math.atanh": [((1.0,), {"x": INF}), ((-1.0,), {"x": INF})],
    "math.acosh": [((1.0,), {"x": INF})],
    "math.atan": [((INF,), {"x": 0.0}), ((1e300,), {"x": 0.0})],
    "math.asinh": [((INF,), {"x": 0.0})],
    "math.erf": [((INF,), {"x": 0.0})],
    "math.exp": [((-INF,), {"x": 0.0})],
    "math.lgamma": [((1.0,), {"x": -0.5772156649015329})],
    "np.nan_to_num": [((NAN,), {"x": 0.0}), ((INF,), {"x": 0.0})],
    "np.sinc": [((0.0,), {"x": 0.0}), ((1e-9,), {"x": -(math.pi**2) / 3 * 1e-9})],
    "np.logaddexp": LOGADDEXP_EDGES,
    "np.logaddexp2": LOGADDEXP_EDGES,
}


@contextmanager
def scratch() -> Iterator[None]:
    """The registry as it was, once a test that adds to it is over."""
    kept = [table.copy() for table in own.tables()]
    try:
        yield
    finally:
        for table, before in zip(own.tables(), kept, strict=True):
            table.clear()
            table.update(before)
