"""The functions whose derivative is zero wherever it exists: roundings, tests, comparisons, integer work.

Their values move in steps, or not at all. A rounding that returns an int in Numba (math.floor) is not the one that
returns a float (np.floor), so each keeps its name.
"""

from srcad.rules.registry import zero

# fmt: off

zero("x // y",                         finite=False)
zero("np.floor_divide(x, y)",          finite=False)   # Numba's: floor(x / y), which x // y is not (1.0 and 0.1)

zero("int(x)")
zero("bool(x)")
zero("round(number, ndigits)")
zero("np.round(a, decimals)")
zero("np.around(a, decimals)")
zero("np.rint(x)")
zero("math.floor(x)")
zero("math.ceil(x)")
zero("math.trunc(x)")
zero("np.floor(x)")
zero("np.ceil(x)")
zero("np.trunc(x)")
zero("np.sign(x)")
zero("np.spacing(x)")
zero("np.angle(z, deg)")
zero("np.imag(val)")

zero("math.isnan(x)",      also=("np.isnan",))
zero("math.isinf(x)",      also=("np.isinf",))
zero("math.isfinite(x)",   also=("np.isfinite",))
zero("np.isposinf(x)")
zero("np.isneginf(x)")
zero("np.signbit(x)")
zero("np.isclose(a, b, rtol, atol, equal_nan)")
zero("np.isreal(x)")
zero("np.iscomplex(x)")
zero("np.isscalar(element)")

zero("np.less(x, y)")
zero("np.less_equal(x, y)")
zero("np.greater(x, y)")
zero("np.greater_equal(x, y)")
zero("np.equal(x, y)")
zero("np.not_equal(x, y)")
zero("np.logical_and(x, y)")
zero("np.logical_or(x, y)")
zero("np.logical_xor(x, y)")
zero("np.logical_not(x)")

zero("math.gcd(x, y)",     also=("np.gcd",))
zero("np.lcm(x, y)")
zero("np.bitwise_and(x, y)")
zero("np.bitwise_or(x, y)")
zero("np.bitwise_xor(x, y)")
zero("np.invert(x)")
zero("np.left_shift(x, y)")
zero("np.right_shift(x, y)")

zero("np.bool_(x)")
zero("np.int8(x)")
zero("np.int16(x)")
zero("np.int32(x)")
zero("np.int64(x)")
zero("np.uint8(x)")
zero("np.uint16(x)")
zero("np.uint32(x)")
zero("np.uint64(x)")
