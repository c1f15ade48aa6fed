"""The functions that partials need and neither math nor NumPy has, against SciPy, identities and quadrature."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.special

from srcad.rules import special
from tests.rule_points import INF, NAN


def test_digamma() -> None:
    for x in [*np.linspace(-9.9, 9.97, 157), 1e-7, -1e-7, 30.5, 1e5, 1e300]:
        expected = float(scipy.special.digamma(x))
        assert abs(special.digamma(float(x)) - expected) <= 1e-14 * max(1.0, abs(expected)), x
    assert special.digamma(1.0) == pytest.approx(-0.57721566490153286, rel=1e-15)  # A&S 6.3.2: -Euler's constant
    assert special.digamma(0.5) == pytest.approx(-1.9635100260214235, rel=1e-15)  # A&S 6.3.3
    assert all(math.isnan(special.digamma(x)) for x in (0.0, -1.0, -7.0, NAN, -INF))
    assert special.digamma(INF) == INF


def test_polygamma() -> None:
    for n in (1, 2, 3, 6):
        for x in np.linspace(0.03, 40.0, 41):
            assert special.polygamma(n, float(x)) == pytest.approx(float(scipy.special.polygamma(n, x)), rel=1e-13)
        for x in (-0.3, -2.7, -5.41):  # recurrence, A&S 6.4.6
            step = (-1) ** n * math.factorial(n) * x ** (-n - 1)
            here, above = special.polygamma(n, x), special.polygamma(n, x + 1.0)
            assert abs(above - here - step) <= 1e-14 * max(abs(above), abs(here))
    assert special.polygamma(1, 1.0) == pytest.approx(math.pi**2 / 6, rel=1e-15)  # A&S 6.4.2
    assert special.polygamma(1, 0.0) == INF
    assert math.isnan(special.polygamma(2, -1.0))
    assert special.polygamma(1, INF) == 0.0


def test_dsinc() -> None:
    """sinc is the mean of cos(pi x t) over t in 0..1, so its derivatives are integrals too: by Gauss-Legendre."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    t, w = 0.5 * (nodes + 1.0), 0.5 * weights
    for n in range(6):
        for x in [0.0, 1e-9, 1e-3, *np.linspace(-5.0, 5.0, 41)]:
            expected = float(w @ ((math.pi * t) ** n * np.cos(math.pi * x * t + n * math.pi / 2)))
            assert abs(special.dsinc(n, float(x)) - expected) <= 2e-14 * math.pi**n, (n, x)
    assert special.dsinc(1, 1e-12) == pytest.approx(-(math.pi**2) / 3 * 1e-12, rel=1e-15)
