"""Overlaps of singular vectors: known rotations, certified overlaps, and the summary figures."""

import mpmath
import numpy as np
import pytest
from flint import arb, fmpq, fmpq_mat

from numerics import Chain, InputError, left_overlap, right_overlap
from numerics.exact import singular_decomposition
from numerics.overlaps import Overlap
from numerics.precision import balls

ROTATION = [["3/5", "-4/5"], ["4/5", "3/5"]]


def as_ball(value):
    sign, mantissa, exponent, _ = value._mpf_
    return arb(fmpq(int(mantissa)) * fmpq(2) ** int(exponent)) * (-1 if sign else 1)


# --- values --------------------------------------------------------------------------------------


def test_the_overlap_with_itself_is_the_identity():
    chain = Chain.gaussian(depth=4, width=5, seed=0)
    assert left_overlap(chain, 1).epsilon < 1e-30  # A_1 = J
    assert right_overlap(chain, 5).epsilon < 1e-30  # B_{N+1} = J


def test_empty_products_take_the_vectors_of_J():
    chain = Chain.gaussian(depth=2, width=3, seed=0)
    assert left_overlap(chain, 3).epsilon < 1e-30
    assert right_overlap(chain, 1).epsilon < 1e-30


def test_diagonal_chains_are_aligned_exactly():
    chain = Chain([np.diag([3.0, 2.0, 1.0])] * 3)
    assert left_overlap(chain, 2).epsilon == 0
    assert left_overlap(chain, 2).log_magnitudes[0, 1] == -np.inf


def test_a_known_rotation():
    """A = Q diag(2, 1) and B = A⁻¹ diag(3, 1): U_A = Q, U_J = I, so that R = Qᵀ up to signs."""
    A = Chain([np.diag([2, 1]), ROTATION])
    B = fmpq_mat(2, 2, [fmpq(9, 10), fmpq(2, 5), fmpq(-12, 5), fmpq(3, 5)])
    assert A.product() * B == fmpq_mat(2, 2, [3, 0, 0, 1])
    np.testing.assert_allclose(left_overlap(Chain([B, *A.factors]), 2).values, [[0.6, -0.8], [0.8, 0.6]])


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("layer", [2, 3, 4])
def test_every_entry_agrees_with_certified_vectors(side, layer):
    """Relative to the entry itself, which reaches down to 1e-6 here; signs make the diagonal positive."""
    chain = Chain.gaussian(depth=4, width=3, seed=5)
    with balls(600):
        if side == "left":
            overlap = left_overlap(chain, layer, digits=40)
            products = (chain.left_partial(layer).product(), chain.product())
        else:
            overlap = right_overlap(chain, layer, digits=40)
            products = (chain.product().transpose(), chain.right_partial(layer).product().transpose())
        first, second = map(singular_decomposition, products)
        for i in (1, 2, 3):
            assert overlap.matrix[i - 1, i - 1] >= 0
            for k in (1, 2, 3):
                expected = abs((first.simple(i)[1].transpose() * second.simple(k)[1])[0, 0])
                found = abs(as_ball(overlap.matrix[i - 1, k - 1]))
                assert abs(found / expected - 1) < arb(10) ** -35


def test_full_overlaps_are_orthogonal():
    R = left_overlap(Chain.gaussian(depth=6, width=6, seed=0), 3).values
    assert np.abs(R.T @ R - np.eye(6)).max() < 1e-14


def test_rectangular_and_deficient_products_have_overlaps_of_their_ranks():
    chain = Chain([np.arange(6.0).reshape(2, 3), np.arange(8.0).reshape(4, 2), np.ones((5, 4))])
    overlap = left_overlap(chain, 2)  # both of rank one
    assert (overlap.matrix.rows, overlap.matrix.cols) == (1, 1)
    assert (right_overlap(chain, 2).matrix.rows, right_overlap(chain, 2).matrix.cols) == (1, 2)


def test_logarithms_reach_below_float64():
    """A = diag(10^200, 1) separates so far that the overlap is of the order 1e-400."""
    chain = Chain([[[1, 1], [1, 2]], np.diag([1e200, 1.0]), np.diag([1e200, 1.0])])
    overlap = left_overlap(chain, 2, digits=30)
    assert overlap.values[0, 1] == 0
    # To first order |R_12| = (g_12/g_11)(s_2/s_1), G = B Bᵀ = [[2, 3], [3, 5]].
    assert abs(overlap.log_magnitudes[0, 1] - np.log(1.5) + 400 * np.log(10)) < 1e-12


# --- summary figures -----------------------------------------------------------------------------


def overlap_of(rows):
    return Overlap(mpmath.matrix(rows), 15)


def test_epsilon_is_the_largest_distance_from_the_identity():
    assert overlap_of([[0.75, -0.5], [0.25, 1]]).epsilon == 0.5
    assert overlap_of([[0.25, 0], [0, 1]]).epsilon == 0.75
    assert overlap_of([[1, 0, 0.125]]).epsilon == 0.125


def test_the_diagonal_correlation_of_known_matrices():
    assert overlap_of(np.eye(5).tolist()).diagonal_correlation == pytest.approx(1)
    assert overlap_of(np.eye(5)[::-1].tolist()).diagonal_correlation == pytest.approx(-1)
    assert overlap_of(np.ones((4, 4)).tolist()).diagonal_correlation == pytest.approx(0)
    assert np.isnan(overlap_of([[1]]).diagonal_correlation)


def test_the_diagonal_correlation_is_pearsons_of_repeated_indices():
    counts = np.random.default_rng(0).integers(0, 5, (4, 6))
    rows, columns = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(counts.shape))
    expected = np.corrcoef(rows, columns)[0, 1]
    assert overlap_of((-counts).astype(float).tolist()).diagonal_correlation == pytest.approx(expected)


def test_the_table_names_both_figures():
    assert "ε = 0" in str(overlap_of(np.eye(2).tolist()))
    assert "diagonal correlation 1.000" in str(overlap_of(np.eye(2).tolist()))


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize("overlap", [left_overlap, right_overlap])
@pytest.mark.parametrize("layer", [0, 4, 1.0])
def test_layers_out_of_range_are_refused(overlap, layer):
    with pytest.raises(InputError, match=r"expected an integer from 1 to 3 \(N\+1\)"):
        overlap(Chain([np.eye(2)] * 2), layer)
