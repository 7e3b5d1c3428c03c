"""γ_k, δ_k, fluctuations and the gap at 40 digits, from the χ densities by quadrature."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from sympy import Symbol, simplify

from jacspec.theory.results.initialisation import gaussian

DIGITS = 40
CASES = [(1, 1), (2, 1), (3, 2), (8, 1), (8, 5), (8, 8), (33, 10)]


def _mean(function: object, freedom: int) -> mpmath.mpf:
    """E f(χ_freedom), by quadrature of its density."""
    scale = mpmath.mpf(2) ** (mpmath.mpf(freedom) / 2 - 1) * mpmath.gamma(mpmath.mpf(freedom) / 2)
    density = lambda x: x ** (freedom - 1) * mpmath.exp(-(x**2) / 2) / scale  # noqa: E731
    ends = [0, 0.5, 1, 2, 4, 8, 16, mpmath.inf]
    return mpmath.quad(lambda x: function(x) * density(x), ends)


@pytest.mark.parametrize(("n", "k"), CASES)
def test_exponents_and_fluctuations_by_quadrature(n: int, k: int) -> None:
    with mpmath.workdps(DIGITS + 15):
        sigma = 1 / mpmath.sqrt(n)
        mean = _mean(mpmath.log, n - k + 1)
        variance = _mean(lambda x: (mpmath.log(x) - mean) ** 2, n - k + 1)
        exponent = gaussian.lyapunov_gaussian().compiled()(n, k, sigma)
        fluctuation = gaussian.fluctuation().compiled()(n, k)
        tolerance = mpmath.mpf(10) ** -DIGITS
        assert abs(exponent - (mpmath.log(sigma) + mean)) < tolerance
        assert abs(fluctuation - variance) < tolerance


@pytest.mark.parametrize(("n", "k"), CASES)
def test_intercepts_by_quadrature(n: int, k: int) -> None:
    with mpmath.workdps(DIGITS + 15):
        minors = [
            sum(_mean(mpmath.log, n - i + 1) - _mean(mpmath.log, last - i + 1) for i in range(1, last + 1))
            for last in (k - 1, k)
        ]
        assert (
            abs(gaussian.intercept().compiled()(n, k) - (minors[1] - minors[0])) < mpmath.mpf(10) ** -DIGITS
        )


def test_masked_exponents_by_quadrature() -> None:
    n, k, r = 6, 2, 3
    with mpmath.workdps(DIGITS + 15):
        p, sigma = mpmath.mpf(1) / 3, mpmath.mpf(2)
        weights = {m: mpmath.binomial(n, m) * p**m * (1 - p) ** (n - m) for m in range(r, n + 1)}
        mean = sum(w * _mean(mpmath.log, m - k + 1) for m, w in weights.items()) / sum(weights.values())
        value = gaussian.lyapunov_masked().compiled()(n, k, sigma, p, r)
        assert abs(value - (mpmath.log(sigma) + mean)) < mpmath.mpf(10) ** -DIGITS


def test_the_gap_is_the_integral() -> None:
    with mpmath.workdps(DIGITS + 15):
        for n in (2, 3, 4, 17):
            integral = mpmath.quad(
                lambda t, n=n: mpmath.exp(-(n - 1) * t) / (1 + mpmath.exp(-t)), [0, 1, 5, mpmath.inf]
            )
            assert abs(gaussian.gap().compiled()(n) - integral) < mpmath.mpf(10) ** -DIGITS


def test_the_leading_bound_decreases_from_n_equal_to_four() -> None:
    n = gaussian.gap().parameters[0]
    bound = (gaussian.gap_expansion(2).expression - 1 / (2 * n)) * n**2
    slope = simplify(bound.diff(n) * (n - 1) ** 3)
    beyond = Symbol("y", nonnegative=True)
    assert slope.subs(n, beyond + 4).expand().is_negative


def test_the_measured_mean_of_the_ledger() -> None:
    exponent = gaussian.lyapunov_gaussian().compiled()(8, 1, 8**-0.5)
    assert round(40 * exponent + gaussian.intercept().compiled()(8, 1), 3) == -0.994


def test_numpy_agrees_with_mpmath() -> None:
    modes = np.arange(1, 9)
    many = gaussian.lyapunov_gaussian().compiled("numpy")(8, modes, 0.5)
    one = [float(gaussian.lyapunov_gaussian().compiled()(8, int(k), 0.5)) for k in modes]
    np.testing.assert_array_max_ulp(many, np.array(one), maxulp=8)


@pytest.mark.parametrize("values", [(3, 4, 1.0), (3, 1, -1.0), (0, 1, 1.0)])
@pytest.mark.parametrize("backend", ["numpy", "mpmath"])
def test_outside_the_domain(values: tuple[float, ...], backend: str) -> None:
    with pytest.raises(ValueError, match="expected n ≥ 1, 1 ≤ k ≤ n, σ > 0"):
        gaussian.lyapunov_gaussian().compiled(backend)(*values)


def test_an_unknown_backend() -> None:
    with pytest.raises(ValueError, match="expected one of numpy, mpmath"):
        gaussian.gap().compiled("torch")
