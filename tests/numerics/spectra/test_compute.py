"""Log singular values against closed forms, certified roots and an independent library."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb, fmpq, fmpq_mat
from hypothesis import given, strategies as st

from jacspec.numerics import Chain, InputError, PrecisionError, spectrum
from jacspec.numerics.spectra.compute import batches
from jacspec.numerics.spectra.engines.certified import certified
from jacspec.numerics.spectra.engines.contract import Engine
from jacspec.numerics.spectra.small_exact import singular_values
from jacspec.numerics.support.precision import balls, mp_context

HILBERT = Chain([[[Fraction(1, i + j + 1) for j in range(6)] for i in range(6)]])


def as_ball(value):
    """An mpmath number, exactly, as a ball."""
    sign, mantissa, exponent, _ = value._mpf_
    return arb(fmpq(int(mantissa)) * fmpq(2) ** int(exponent)) * (-1 if sign else 1)


def worst_error(found, chain, bits=3000):
    """The largest |log s_k - truth| over non-zero s_k, by certified roots of the exact polynomial."""
    with balls(bits):
        truth = singular_values(chain.product())
        errors = []
        for value, s in zip(found.log_values, truth, strict=True):
            if s.is_zero():
                assert value == mpmath.ninf
                continue
            difference = as_ball(value) - s.log()
            assert difference.rad() < arb(10) ** -100
            errors.append(float(abs(difference).upper()))
        return max(errors, default=0.0)


# --- closed forms ------------------------------------------------------------------------------


def test_no_engine_is_asked_for_more_digits_than_it_declares():
    engine = Engine(certified, most_digits=12, usual_digits=8)
    assert engine.digits(None) == 8
    assert engine.digits(None, 20) == engine.digits(12) == 12
    with pytest.raises(InputError, match="13"):
        engine.digits(13)


def test_two_by_two_by_the_quadratic_formula():
    """[[3, 1], [0, 2]]: s² = 7 ± √13."""
    logs = spectrum(Chain([[[3, 1], [0, 2]]]), digits=50).log_values
    with mpmath.workdps(60):
        for value, sign in zip(logs, (1, -1), strict=True):
            assert abs(value - mpmath.log(7 + sign * mpmath.sqrt(13)) / 2) < mpmath.mpf(10) ** -50


def test_the_power_of_a_jordan_block():
    """[[1, 1], [0, 1]]^N = [[1, N], [0, 1]]: s_1 - 1/s_1 = N, so log s_1 = asinh(N/2) = -log s_2."""
    logs = spectrum(Chain([[[1, 1], [0, 1]]] * 500), digits=40).log_values
    with mpmath.workdps(60):
        expected = mpmath.asinh(250)
        assert abs(logs[0] - expected) < mpmath.mpf(10) ** -40
        assert abs(logs[1] + expected) < mpmath.mpf(10) ** -40


def test_diagonal_factors_multiply_at_any_depth():
    """2^±5000: far outside float64."""
    found = spectrum(Chain([np.diag([2.0, 0.5, 1.0])] * 5000), digits=30)
    with mpmath.workdps(60):
        expected = 5000 * mpmath.log(2)
        for value, truth in zip(found.log_values, (expected, 0, -expected), strict=True):
            assert abs(value - truth) < mpmath.mpf(10) ** -30


def test_exact_isometries_have_logs_zero():
    rotation = [["3/5", "-4/5"], ["4/5", "3/5"]]
    assert spectrum(Chain([rotation] * 50)).decimal_strings() == ["0." + "0" * 30] * 2
    assert spectrum(Chain([np.eye(4)])).decimal_strings() == ["0." + "0" * 30] * 4


def test_a_scaled_rotation():
    """[[1, -1], [1, 1]] is √2 times a rotation: equal singular values, exactly repeated."""
    logs = spectrum(Chain([[[1, -1], [1, 1]]] * 1000)).log_values
    with mpmath.workdps(50):
        assert all(abs(value - 500 * mpmath.log(2)) < mpmath.mpf(10) ** -30 for value in logs)


def test_a_chain_followed_by_its_inverse():
    """Every digit of the way cancels: J = I."""
    M = fmpq_mat(3, 3, [2, 1, 0, 1, 3, 1, 0, 1, 5])
    chain = Chain([M] * 100 + [M.inv()] * 100)
    assert spectrum(chain).decimal_strings() == ["0." + "0" * 30] * 3


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        ([[[-5]]], [25]),
        ([[[3, 4]]], [25]),  # 1×2
        ([[[3], [4]]], [25]),  # 2×1
        ([[[1, 2, 2]], [[3], [4]]], [225, 0]),  # 2×3 of rank one
        ([np.ones((3, 5))], [15, 0, 0]),
        ([[[1, 0, 0], [0, 2, 0]]], [4, 1]),
    ],
)
def test_rows_columns_and_rectangles(factors, expected):
    """Expected: squares of the singular values."""
    found = spectrum(Chain(factors))
    squares = [0 if value == mpmath.ninf else mpmath.exp(2 * value) for value in found.log_values]
    assert [mpmath.nint(square) for square in squares] == expected
    assert all(abs(square - nearest) < 1e-12 for square, nearest in zip(squares, expected, strict=True))


# --- certified roots of the characteristic polynomial --------------------------------------------


@pytest.mark.parametrize("digits", [1, 15, 30, 100])
def test_a_hilbert_matrix_to_the_digits_asked_for(digits):
    assert worst_error(spectrum(HILBERT, digits=digits), HILBERT) < 10.0**-digits


def test_entries_at_both_ends_of_float64():
    chain = Chain([np.array([[1e300, 1e-300], [5e-324, 1.0]]), np.array([[1e-300, 1.0], [1e300, 3.0]])])
    assert worst_error(spectrum(chain, digits=30), chain, bits=9000) < 1e-30


def test_a_tiny_singular_value_is_not_noise():
    """mpmath's own svd_r at 30 digits would see rounding where s_2 is: s_1 = √2, s_2 = 1e-80/√2."""
    chain = Chain([[[1, 1], [0, Fraction(1, 10**80)]]])
    assert worst_error(spectrum(chain, digits=30), chain) < 1e-30


integers = st.integers(-4, 4)


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(
            st.lists(st.lists(integers, min_size=n, max_size=n), min_size=n, max_size=n),
            min_size=1,
            max_size=4,
        )
    )
)
def test_small_integer_chains(factors):
    chain = Chain(factors)
    found = spectrum(chain, digits=25)
    assert worst_error(found, chain, bits=1200) < 1e-25
    assert found.rank == sum(value != mpmath.ninf for value in found.log_values) == chain.product().rank()


# --- shown working: deep, and gated --------------------------------------------------------------


def test_two_thousand_gaussian_factors():
    """The exact product has 8×8 entries of 100 000 bits; mpmath takes the eigenvalues of J Jᵀ."""
    chain = Chain.gaussian(depth=2000, width=8, seed=0)
    found = spectrum(chain, digits=30)
    J, context = chain.product(), mp_context(14_000)  # log2(s_1/s_8) is 4700, twice that in J Jᵀ
    gram = [[context.mpf(int(x.p)) / int(x.q) for x in row] for row in (J * J.transpose()).tolist()]
    eigenvalues = sorted(context.eigsy(context.matrix(gram), eigvals_only=True), reverse=True)
    for value, eigenvalue in zip(found.log_values, eigenvalues, strict=True):
        assert abs(value - context.log(eigenvalue) / 2) < context.mpf(10) ** -30
    assert found.log_singular_values[-1] < -1000  # where float64 has long seen nothing


def test_a_gated_network_against_mpmath_alone():
    chain = Chain.fgln(depth=10, width=24, seed=0)
    found = spectrum(chain, digits=30)
    active = min(int((factor != 0).any(axis=1).sum()) for factor in chain.factors)
    with mpmath.workdps(80):
        product = mpmath.matrix(chain.factors[0].tolist())
        for factor in chain.factors[1:]:
            product = mpmath.matrix(factor.tolist()) * product
        values = mpmath.svd_r(product, compute_uv=False)
        assert found.rank == active < 24
        assert all(value == mpmath.ninf for value in found.log_values[active:])
        for k in range(active):
            assert abs(found.log_values[k] - mpmath.log(values[k])) < mpmath.mpf(10) ** -28


def test_benign_chains_agree_with_numpy():
    chain = Chain.gaussian(depth=3, width=10, seed=1)
    J = chain.factors[2] @ chain.factors[1] @ chain.factors[0]
    expected = np.log(np.linalg.svd(J, compute_uv=False))
    np.testing.assert_allclose(spectrum(chain).log_singular_values, expected, atol=1e-10)


# --- singular vectors ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "chain",
    [
        Chain.gaussian(depth=20, width=4, seed=0),
        Chain.fgln(depth=5, width=6, seed=1),
        Chain([np.arange(6.0).reshape(2, 3), np.arange(8.0).reshape(4, 2)]),
        Chain([np.arange(6.0).reshape(2, 3), np.arange(8.0).reshape(4, 2)]).transpose(),
        Chain([np.eye(3)]),
        Chain([[[3, 4]]]),
        Chain([[[3], [4]]]),
    ],
    ids=("deep", "gated", "tall", "wide", "repeated", "row", "column"),
)
def test_vectors_are_orthonormal_and_rebuild_the_product(chain):
    digits = 30
    found = spectrum(chain, digits=digits, engine="mpmath", vectors=True)
    U, V, r = found.left_vectors, found.right_vectors, found.rank
    assert ((U.rows, U.cols), (V.rows, V.cols)) == ((chain.shape[0], r), (chain.shape[1], r))
    with mpmath.workprec(found.precision_bits):
        tolerance = mpmath.mpf(10) ** -digits
        U, V = mpmath.matrix(U.tolist()), mpmath.matrix(V.tolist())
        values = [mpmath.exp(mpmath.mpf(x)) for x in found.log_values[:r]]
        J = mpmath.matrix(
            [[mpmath.mpf(int(x.p)) / int(x.q) for x in row] for row in chain.product().tolist()]
        )
        assert mpmath.mnorm(U.T * U - mpmath.eye(r)) < tolerance
        assert mpmath.mnorm(V.T * V - mpmath.eye(r)) < tolerance
        # Every mode for itself, relative to its own singular value.
        for k in range(r):
            assert mpmath.norm(J * V[:, k] - values[k] * U[:, k]) < tolerance * values[k]
            assert mpmath.norm(J.T * U[:, k] - values[k] * V[:, k]) < tolerance * values[k]


@pytest.mark.parametrize(
    "factor", [[[1e300, 1], [2, 1e-300]], [[1e200, 1], [2, 1e-200]], [[f"1/{10**400}"]]], ids=str
)
def test_the_float64_engine_refuses_what_it_cannot_hold(factor):
    """Scaled by its largest entry, such a factor loses its least: its determinant would be wrong, or zero."""
    chain = Chain([factor] * 2)
    assert spectrum(chain).rank == len(factor)
    with pytest.raises(InputError, match="beyond float64's range; ask the certified engine"):
        spectrum(chain, engine="float64")


def test_enclosures_of_vectors_have_the_digits_asked_for():
    """Whatever precision the caller works at: the last steps of an engine must not round them to it."""
    found = spectrum(Chain.gaussian(depth=5, width=4, seed=0), digits=60, vectors=True)
    for vectors in (found.left_enclosures, found.right_enclosures):
        assert all(entry.rad() < arb(10) ** -60 for entry in vectors.entries())


def test_the_largest_entry_of_every_left_vector_is_positive():
    U = spectrum(Chain.gaussian(depth=4, width=5, seed=2), vectors=True).left_vectors
    for k in range(5):
        assert max((U[row, k] for row in range(5)), key=abs) > 0


def test_vectors_only_on_request():
    found = spectrum(Chain([np.eye(2)]))
    assert found.left_vectors is None
    assert found.right_vectors is None


def test_the_zero_chain_has_no_vectors():
    found = spectrum(Chain([np.zeros((2, 3))]), vectors=True)
    assert found.rank == 0
    assert found.decimal_strings() == ["-inf", "-inf"]
    assert (found.left_vectors.rows, found.left_vectors.cols) == (2, 0)
    assert (found.right_vectors.rows, found.right_vectors.cols) == (3, 0)


# --- what is handed back -------------------------------------------------------------------------


def test_top_keeps_the_largest():
    chain = Chain.gaussian(depth=5, width=6, seed=0)
    found, whole = spectrum(chain, top=2, vectors=True), spectrum(chain)
    assert found.decimal_strings() == whole.decimal_strings()[:2]
    assert found.rank == 6
    assert found.left_vectors.cols == found.right_vectors.cols == 2


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ({"digits": 0}, ("digits 0", "integer from 1 to 4000", "such as 30")),
        ({"top": 3}, ("top 3", "integer from 1 to 2")),
        ({"engine": "lapack"}, ("'lapack'", "expected one of", "mpmath")),
    ],
)
def test_bad_options_are_refused_with_a_remedy(options, parts):
    with pytest.raises(InputError) as caught:
        spectrum(Chain([np.eye(2)]), **options)
    for part in parts:
        assert part in str(caught.value)


def test_a_range_beyond_the_cap_is_refused_with_a_remedy(monkeypatch):
    monkeypatch.setattr("jacspec.numerics.spectra.engines.reference._CAP_BITS", 500)
    with pytest.raises(PrecisionError, match="30 digits below 500 bits; ask for fewer digits or a shorter"):
        spectrum(Chain([np.diag([1e300, 1e-300])]), engine="mpmath")


def test_small_chains_are_given_together_and_large_ones_and_those_of_other_engines_alone():
    small, large = Chain.gaussian(depth=8, width=16, seed=0), Chain([np.eye(600)])
    chains = [small] * 200 + [large, large, small, small]
    assert [len(batch) for batch in batches(chains, "float64")] == [128, 72, 1, 1, 2]
    assert [chain for batch in batches(chains, "float64") for chain in batch] == chains
    assert [len(batch) for batch in batches(chains, "certified")] == [1] * 204
    assert list(batches([], "float64")) == []
