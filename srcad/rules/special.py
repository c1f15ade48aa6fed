"""Functions that partial derivatives need and neither `math` nor NumPy has.

Each is an ordinary Python function that Numba also takes, called by its name in a generated adjoint. Each has a
rule that names its own next derivative, so that adjoints which use them can be differentiated to any order:

    digamma' = polygamma(1, x)      polygamma(n, x)' = polygamma(n + 1, x)      dsinc(n, x)' = dsinc(n + 1, x)

Sources: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 1964 (A&S), by formula number.
"""

import math

import numpy as np
from numba.extending import register_jitable

# B(2k) / 2k for k = 1..8: the coefficients of digamma's asymptotic series (A&S 6.3.18; numbers: table 23.2).
_DIGAMMA = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12, -3617 / 8160)
# B(2k) / (2k)! for k = 1..8: those of polygamma's (A&S 6.4.11).
_POLYGAMMA = (
    1 / 12,
    -1 / 720,
    1 / 30240,
    -1 / 1209600,
    1 / 47900160,
    -691 / 1307674368000,
    1 / 74724249600,
    -3617 / 10670622842880000,
)


@register_jitable  # type: ignore[untyped-decorator]
def digamma(x: float) -> float:
    """d/dx log|gamma(x)|; NaN at its poles 0, -1, -2, …

    Upwards by the recurrence digamma(x + 1) = digamma(x) + 1 / x (A&S 6.3.5) to where the asymptotic series holds
    (6.3.18); for x < 0 by reflection, digamma(1 - x) - digamma(x) = pi / tan(pi x) (6.3.7). Good to some 1e-15
    relative, and to 1e-15 absolute around the roots.
    """
    result = 0.0
    if x <= 0.0:
        beyond = x - float(np.rint(x))
        if beyond == 0.0:
            return math.nan
        result = -math.pi / math.tan(math.pi * beyond)
        x = 1.0 - x
    while x < 10.0:
        result -= 1.0 / x
        x += 1.0
    series = 0.0
    square = 1.0 / (x * x)
    for k in range(7, -1, -1):
        series = (series + _DIGAMMA[k]) * square
    return result + (math.log(x) - 0.5 / x - series)


@register_jitable  # type: ignore[untyped-decorator]
def polygamma(n: int, x: float) -> float:
    """The n-th derivative of digamma, n > 0; infinite at the poles 0, -1, -2, … for odd n, NaN for even.

    It is (-1)**(n + 1) * n! * zeta(n + 1, x), where zeta(s, x) is the sum of (x + k)**-s over k >= 0 (A&S 6.4.10).
    For x < 0 the sum over all integers k, which only depends on x's distance from an integer, less that over k < 0.
    """
    s = n + 1
    sign = 1.0 if n % 2 == 1 else -1.0  # of the result, and (-1)**s
    if x > 0.0:
        zeta = _zeta(s, x)
    else:
        beyond = x - float(np.rint(x))
        if beyond == 0.0:
            return math.inf if n % 2 == 1 else math.nan
        below = _zeta(s, 1.0 - beyond) - _zeta(s, 1.0 - x)
        zeta = beyond ** (-s) + _zeta(s, 1.0 + beyond) + sign * below
    return float(sign * math.gamma(s) * zeta)


@register_jitable  # type: ignore[untyped-decorator]
def _zeta(s: int, x: float) -> float:
    """The sum of (x + k)**-s over k >= 0, s > 1, x > 0: its head term by term, its tail as A&S 6.4.11."""
    total = 0.0
    while x < 10.0 + 2.0 * s:
        total += x ** (-s)
        x += 1.0
    tail = 1.0 / (s - 1) + 0.5 / x
    term = s / (x * x)  # s (s + 1) … (s + 2k) / x**(2k + 2)
    for k in range(8):
        tail += _POLYGAMMA[k] * term
        term *= (s + 2 * k + 1) * (s + 2 * k + 2) / (x * x)
    return float(total + tail * x ** (1 - s))


@register_jitable  # type: ignore[untyped-decorator]
def dsinc(n: int, x: float) -> float:
    """The n-th derivative of np.sinc(x) = sin(pi x) / (pi x).

    With t = pi x and f(t) = sin(t) / t, it is pi**n times the n-th derivative of f. For small t the Taylor series,
    sum over m of (-1)**m t**(2m - n) / ((2m + 1) (2m - n)!); else upwards by f(k) = (sin(k)(t) - k f(k-1)) / t,
    which is t f = sin(t) differentiated k times and damps errors for t > k. Good to some 1e-15 absolute.
    """
    t = math.pi * x
    if abs(t) < max(n, 1):
        m = (n + 1) // 2
        power = 1.0 if n % 2 == 0 else t  # t**(2m - n) / (2m - n)!
        sign = 1.0 if m % 2 == 0 else -1.0
        result = 0.0
        term = sign * power / (2 * m + 1)
        while result + term != result:
            result += term
            m += 1
            power *= t * t / ((2 * m - n) * (2 * m - n - 1))
            sign = -sign
            term = sign * power / (2 * m + 1)
    else:
        beyond = x - 2.0 * float(np.rint(0.5 * x))
        sine, cosine = math.sin(math.pi * beyond), math.cos(math.pi * beyond)
        result = sine / t
        for k in range(1, n + 1):
            sine, cosine = cosine, -sine  # the next derivative of sin(t), and of cos(t)
            result = (sine - k * result) / t
    return float(result * math.pi**n)
