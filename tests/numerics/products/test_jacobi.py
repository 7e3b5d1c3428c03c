"""The SVD of a graded core against mpmath at a precision beyond its range."""

import numpy as np
import pytest

from jacspec.numerics.products.jacobi import jacobi
from jacspec.numerics.support.precision import mp_context


def _core(generator, m, r, span):
    """Well-conditioned columns and exponents that span so many bits."""
    T = generator.uniform(-0.5, 0.5, (m, r))
    T[:r] += 2 * np.eye(r)
    exponents = np.sort(np.round(generator.uniform(0, span, r)))[::-1].copy()
    exponents[0], exponents[-1] = span, 0
    return T, exponents


def _logs(found):
    return found.exponents + np.log2(found.sigma)


@pytest.mark.parametrize("span", [0, 40, 1390, 1410, 2500, 9000])
@pytest.mark.parametrize(("m", "r"), [(5, 5), (7, 4)])
def test_values_of_any_range_are_those_of_mpmath(m, r, span):
    T, exponents = _core(np.random.default_rng(span), m, r, span)
    found = jacobi(T, exponents)
    context = mp_context(span + 200)
    exact = context.matrix(m, r)
    for i, j in np.ndindex(m, r):
        exact[i, j] = context.ldexp(context.mpf(T[i, j]), int(exponents[j]))
    U, values, Vt = context.svd_r(exact)
    expected = np.array([float(context.log(value, 2)) for value in values])
    assert np.abs(_logs(found) - expected).max() < 1e-15 * max(span, 16)
    for mine, theirs in ((found.U, U), (found.V, Vt.T)):
        assert np.abs(mine.T @ mine - np.eye(r)).max() < 1e-14
        turned = mine.T @ np.array(theirs.tolist(), dtype=float)
        assert np.abs(np.abs(turned) - np.eye(r)).max() < 1e-12


def test_a_batch_is_its_matrices_and_vectors_may_be_left_out():
    generator = np.random.default_rng(5)
    cores = [_core(generator, 4, 4, span) for span in (3, 100, 5000)]
    T, exponents = (np.stack(parts) for parts in zip(*cores, strict=True))
    together, values = jacobi(T, exponents), jacobi(T, exponents, vectors=False)
    assert np.abs(_logs(values) - _logs(together)).max() < 1e-11
    for k, core in enumerate(cores):
        alone = jacobi(*core)
        assert (alone.sigma == together.sigma[k]).all()
        assert (together.V[k] == alone.V).all()


def test_zero_columns_have_zero_values_and_nan_has_none():
    T, exponents = np.diag([1.0, 3.0, 0.0]), np.array([5.0, 4.0, -(2.0**50)])
    found = jacobi(T, exponents)
    with np.errstate(divide="ignore"):
        assert _logs(found).tolist() == [np.log2(3) + 4, 5, -np.inf]
    assert np.isnan(jacobi(np.full((2, 2), np.nan), np.zeros(2)).sigma).all()
