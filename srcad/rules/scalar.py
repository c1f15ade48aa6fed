"""The derivatives of arithmetic, of `math` and of NumPy's functions of scalars: one row each.

How to read a row: see `srcad.rules.registry`. At kinks and edges, by convention: abs'(0) = 0; a tie of `max` goes to
the operand that Python returns, and to the constant if there is one; d/dx x**n at 0 is 0 for n > 1 and for n = 0;
d/dy x**y at x = 0 is 0; hypot' and atan2' at (0, 0) are 0. Steps have derivative zero: `srcad.rules.steps`.

Sources of the derivatives: Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, chapters 4 (elementary
functions), 6 (gamma) and 7 (erf).

Known to Numba 0.68 on scalars and without a row, since they return pairs: math.frexp and np.divmod (// and % have
rows). Not known to it, hence without a row: math.log(x, base), math.modf, math.remainder, math.isclose, math.factorial,
math.comb, math.perm, math.isqrt, math.lcm, math.ulp, math.dist, math.fsum, math.prod, np.heaviside, np.fix, np.frexp,
np.modf, np.i0, np.float16. Not known to it, but sharing a row with a twin that is: math.fmod (np.fmod), math.cbrt
(np.cbrt). np.where makes an array of rank 0 and np.clip refuses, where all operands are scalars: their rows serve the
elements of arrays.
"""

from srcad.rules import special
from srcad.rules.registry import partials, routes

# fmt: off

# ---------------------------------------------------------------------------------------------- arithmetic

partials("x + y",  x="1.0",     y="1.0",         finite=True, also=("np.add",))
partials("x - y",  x="1.0",     y="-1.0",        finite=True, also=("np.subtract",))
partials("x * y",  x="y",       y="x",           finite=True, also=("np.multiply",))
partials("x / y",  x="1.0 / y", y="-out / y",    costly=True, also=("np.divide",))
partials("x % y",  x="1.0",     y="-(x // y)",   costly=True, also=("np.remainder",))
partials("-x",     x="-1.0",                     finite=True, also=("np.negative",))
partials("+x",     x="1.0",                      finite=True, also=("np.positive",))

partials("np.fmod(x, y)",    x="1.0", y="-np.rint((x - out) / y)", costly=True, also=("math.fmod",))
OF_FLOATS = frozenset({"np.fmod", "math.fmod"})  # of two ints, what Numba computes is wrong
partials("np.square(x)",     x="2.0 * x",     finite=True)
partials("np.reciprocal(x)", x="-out * out",  costly=True)

# Guarded where 0 * 0**-1 would be NaN (x = y = 0), and where log(0) would be: 0**y does not move with y > 0.
POW_X = "y * x ** (y - 1) if y != 0 or x != 0 else 0.0"
POW_Y = "out * math.log(x) if x != 0 else 0.0"
partials("x ** y",               x=POW_X, y=POW_Y, costly=True, also=("pow",))
partials("math.pow(x, y)",       x=POW_X, y=POW_Y, costly=True)
partials("np.power(x, y)",       x=POW_X, y=POW_Y, costly=True)
partials("np.float_power(x, y)", x=POW_X, y=POW_Y, costly=True)

# ---------------------------------------------------------------------------------------------- selections

routes("max(x, y)",        x=("not y > x", "x > y"),   y="y > x")
routes("min(x, y)",        x=("not y < x", "x < y"),   y="y < x")
routes("np.maximum(x, y)", x=("x >= y", "x > y"),      y="y > x")
routes("np.minimum(x, y)", x=("x <= y", "x < y"),      y="y < x")
routes("np.fmax(x, y)",    x=("x >= y or math.isnan(y)", "x > y or math.isnan(y)"),  y="y > x or math.isnan(x)")
routes("np.fmin(x, y)",    x=("x <= y or math.isnan(y)", "x < y or math.isnan(y)"),  y="y < x or math.isnan(x)")
routes("np.nan_to_num(x)", x="math.isfinite(x)")
routes("np.where(condition, x, y)",  x="condition",    y="not condition")
routes("np.clip(a, a_min, a_max)",   a=("not (a < a_min or a > a_max)", "a_min < a < a_max"),
                                     a_min=("a < a_min and not a_min > a_max", "a < a_min < a_max"),
                                     a_max="a > a_max or a_min > a_max")

# ------------------------------------------------------------------------- absolute value, sign, conversions

SIGN = "math.copysign(1.0, x) if out > 0.0 else 0.0 * x"  # one comparison; of NaN: NaN; its derivative at 0: 0
partials("abs(x)",               x=SIGN,          finite=True, also=("np.absolute",))
partials("math.fabs(x)",         x=SIGN,          finite=True, also=("np.fabs",))    # of an int: a float
partials("math.copysign(x, y)",  x="np.sign(x) * math.copysign(1.0, y)", finite=True, also=("np.copysign",))
partials("math.nextafter(x, y)", x="1.0",         finite=True, also=("np.nextafter",))
partials("math.ldexp(x, i)",     x="math.ldexp(1.0, i)",       also=("np.ldexp",))
partials("math.degrees(x)",      x="57.29577951308232",    finite=True, also=("np.degrees", "np.rad2deg"))
partials("math.radians(x)",      x="0.017453292519943295", finite=True, also=("np.radians", "np.deg2rad"))
partials("float(x)",             x="1.0", finite=True)
partials("np.float64(x)",        x="1.0", finite=True)
partials("np.float32(x)",        x="1.0")
partials("np.real(x)",           x="1.0", finite=True)
partials("np.conjugate(x)",      x="1.0", finite=True)

# --------------------------------------------------------------------------------------- roots and distances

partials("math.sqrt(x)",     x="0.5 / out",                  costly=True, also=("np.sqrt",))
partials("np.cbrt(x)",       x="1.0 / (3.0 * out * out)",    finite=True, costly=True, also=("math.cbrt",))
partials("math.hypot(x, y)", x="x / out if out != 0 else 0.0",
                             y="y / out if out != 0 else 0.0",
                             poles=False, finite=True, costly=True, also=("np.hypot",))

# -------------------------------------------------------------------------- exponentials and logarithms

partials("math.exp(x)",    x="out",                       costly=True, also=("np.exp",))
partials("np.exp2(x)",     x="0.6931471805599453 * out",  costly=True, also=("math.exp2",))
partials("math.expm1(x)",  x="math.exp(x)",               costly=True, also=("np.expm1",))
partials("math.log(x)",    x="1.0 / x",                   costly=True, also=("np.log",))
partials("math.log2(x)",   x="1.4426950408889634 / x",    costly=True, also=("np.log2",))
partials("math.log10(x)",  x="0.4342944819032518 / x",    costly=True, also=("np.log10",))
partials("math.log1p(x)",  x="1.0 / (1.0 + x)",           costly=True, also=("np.log1p",))

# Between infinities the weights are the limits: all to the larger, half to each of two equal ones.
partials("np.logaddexp(x, y)",
         x="math.exp(x - out) if math.isfinite(out) else 0.5 if x == y else 1.0 if x > y else 0.0",
         y="math.exp(y - out) if math.isfinite(out) else 0.5 if x == y else 1.0 if y > x else 0.0",
         poles=False, finite=True, costly=True)
partials("np.logaddexp2(x, y)",
         x="np.exp2(x - out) if math.isfinite(out) else 0.5 if x == y else 1.0 if x > y else 0.0",
         y="np.exp2(y - out) if math.isfinite(out) else 0.5 if x == y else 1.0 if y > x else 0.0",
         poles=False, finite=True, costly=True)

# ------------------------------------------------------------------------- circular functions and inverses

partials("math.sin(x)",      x="math.cos(x)",        finite=True, costly=True, also=("np.sin",))
partials("math.cos(x)",      x="-math.sin(x)",       finite=True, costly=True, also=("np.cos",))
partials("math.tan(x)",      x="1.0 + out * out",    finite=True, costly=True, also=("np.tan",))
partials("math.asin(x)",     x="1.0 / math.sqrt((1.0 - x) * (1.0 + x))",   costly=True, also=("np.arcsin",))
partials("math.acos(x)",     x="-1.0 / math.sqrt((1.0 - x) * (1.0 + x))",  costly=True, also=("np.arccos",))
partials("math.atan(x)",     x="1.0 / (1.0 + x * x)",
                             poles=False, finite=True, costly=True, also=("np.arctan",))
partials("math.atan2(y, x)", let="r2 = x * x + y * y",
                             y="x / r2 if x != 0 or y != 0 else 0.0",
                             x="-y / r2 if x != 0 or y != 0 else 0.0",
                             finite=True, costly=True, also=("np.arctan2",))
partials("np.sinc(x)",       x="dsinc(1, x)",        finite=True, costly=True)

# ----------------------------------------------------------------------- hyperbolic functions and inverses

partials("math.sinh(x)",  x="math.cosh(x)",       costly=True, also=("np.sinh",))
partials("math.cosh(x)",  x="math.sinh(x)",       costly=True, also=("np.cosh",))
partials("math.tanh(x)",  x="1.0 - out * out",    finite=True, costly=True, also=("np.tanh",))
partials("math.asinh(x)", x="1.0 / math.sqrt(x * x + 1.0)",
                          poles=False, finite=True, costly=True, also=("np.arcsinh",))
partials("math.acosh(x)", x="1.0 / math.sqrt((x - 1.0) * (x + 1.0))",  costly=True, also=("np.arccosh",))
partials("math.atanh(x)", x="1.0 / ((1.0 - x) * (1.0 + x))",           costly=True, also=("np.arctanh",))

# ---------------------------------------------------------------------------- the error and gamma functions

partials("math.erf(x)",     x="1.1283791670955126 * math.exp(-x * x)",    # 2 / sqrt(pi)
                            poles=False, finite=True, costly=True)
partials("math.erfc(x)",    x="-1.1283791670955126 * math.exp(-x * x)",
                            poles=False, finite=True, costly=True)
partials("math.gamma(x)",   x="out * digamma(x)",  costly=True)
partials("math.lgamma(x)",  x="digamma(x)",        costly=True)

partials("digamma(x)",      x="polygamma(1, x)",      costly=True, fn=special.digamma)
partials("polygamma(n, x)", x="polygamma(n + 1, x)",  costly=True, fn=special.polygamma)
partials("dsinc(n, x)",     x="dsinc(n + 1, x)",      finite=True, costly=True, fn=special.dsinc)
