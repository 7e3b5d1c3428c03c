"""Overlaps of singular vectors: known rotations, certified overlaps, and the summary figures."""

import itertools
import math

import numpy as np
import pytest
from flint import arb, arb_mat, fmpq, fmpq_mat
from hypothesis import given, strategies as st

from jacspec.numerics import Chain, InputError, left_overlap, right_overlap, spectrum
from jacspec.numerics.measures.overlap_matrix import Overlap
from jacspec.numerics.spectra.small_exact import overlap_of, singular_decomposition
from jacspec.numerics.support.precision import balls

ROTATION = [["3/5", "-4/5"], ["4/5", "3/5"]]
REFLECTION = [["1/3", "-2/3", "-2/3"], ["-2/3", "1/3", "-2/3"], ["-2/3", "-2/3", "1/3"]]


def encloses(ball, truth, digits):
    """The ball meets the (much narrower) truth, and is narrow itself, relative to its value."""
    return ball.overlaps(truth) and ball.rel_accuracy_bits() >= digits * math.log2(10)


# --- values --------------------------------------------------------------------------------------


def test_the_overlap_with_itself_is_the_identity():
    chain = Chain.gaussian(depth=4, width=5, seed=0)
    assert left_overlap(chain, 1).epsilon_enclosure.is_zero()  # A_1 = J
    assert right_overlap(chain, 5).epsilon_enclosure.is_zero()  # B_{N+1} = J


def test_empty_products_take_the_vectors_of_J():
    chain = Chain.gaussian(depth=2, width=3, seed=0)
    assert left_overlap(chain, 3).epsilon_enclosure.is_zero()
    assert right_overlap(chain, 1).epsilon_enclosure.is_zero()


def test_diagonal_chains_are_aligned_exactly():
    overlap = left_overlap(Chain([np.diag([3.0, 2.0, 1.0])] * 3), 2)
    assert overlap.epsilon < 1e-30
    assert overlap.log_magnitudes[0, 1] == -np.inf
    assert overlap.undecided == ()


def test_a_known_rotation():
    """A = Q diag(2, 1) and B = A⁻¹ diag(3, 1): U_A = Q, U_J = I, so that R = Qᵀ up to signs."""
    A = Chain([np.diag([2, 1]), ROTATION])
    B = fmpq_mat(2, 2, [fmpq(9, 10), fmpq(2, 5), fmpq(-12, 5), fmpq(3, 5)])
    assert A.product() * B == fmpq_mat(2, 2, [3, 0, 0, 1])
    found = left_overlap(Chain([B, *A.factors]), 2, digits=40).enclosures
    expected = [fmpq(3, 5), fmpq(-4, 5), fmpq(4, 5), fmpq(3, 5)]
    with balls(400):
        for entry, truth in zip(found.entries(), expected, strict=True):
            assert encloses(entry, arb(truth), 40)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("layer", [2, 3, 4])
def test_every_entry_agrees_with_exact_decompositions(side, layer):
    """Relative to the entry itself, which reaches down to 1e-6 here; signs make the diagonal positive."""
    chain = Chain.gaussian(depth=4, width=3, seed=5)
    J = chain.product()
    if side == "left":
        overlap = left_overlap(chain, layer, digits=40)
        first, second = chain.left_partial(layer).product(), J
    else:
        overlap = right_overlap(chain, layer, digits=40)
        first, second = J.transpose(), chain.right_partial(layer).product().transpose()
    with balls(600):
        first, second = singular_decomposition(first), singular_decomposition(second)
        for i in (1, 2, 3):
            assert overlap.enclosures[i - 1, i - 1] > 0
            for k in (1, 2, 3):
                truth = overlap_of(first, second, i, k)
                assert encloses(abs(overlap.enclosures[i - 1, k - 1]), truth, 40)


@pytest.mark.parametrize("side", ["left", "right"])
def test_deep_entries_agree_with_the_reference_engine(side):
    """Depth 40, width 4: entries down to 1e-6, against mpmath's vectors at 60 digits."""
    chain = Chain.gaussian(depth=40, width=4, seed=1)
    overlap = (left_overlap if side == "left" else right_overlap)(chain, 20)
    partial = chain.left_partial(20) if side == "left" else chain.right_partial(20)
    name = f"{side}_vectors"
    J, part = (getattr(spectrum(c, digits=60, engine="mpmath", vectors=True), name) for c in (chain, partial))
    context = J.ctx if J.ctx.prec > part.ctx.prec else part.ctx
    first, second = (part, J) if side == "left" else (J, part)
    expected = context.matrix(first.tolist()).T * context.matrix(second.tolist())
    logs = [[float(context.log(abs(entry))) for entry in row] for row in expected.tolist()]
    np.testing.assert_allclose(overlap.log_magnitudes, logs, rtol=0, atol=1e-13)
    assert np.min(logs) < math.log(1e-5)
    assert overlap.accuracy >= 20


def test_full_overlaps_are_orthogonal():
    R = left_overlap(Chain.gaussian(depth=6, width=6, seed=0), 3).values
    assert np.abs(R.T @ R - np.eye(6)).max() < 1e-14


def test_rectangular_and_deficient_products_have_overlaps_of_their_ranks():
    chain = Chain([np.arange(6.0).reshape(2, 3), np.arange(8.0).reshape(4, 2), np.ones((5, 4))])
    overlap = left_overlap(chain, 2)  # both of rank one
    assert overlap.shape == (1, 1)
    assert right_overlap(chain, 2).shape == (1, 2)


def test_a_zero_product_has_an_empty_overlap():
    chain = Chain([[[1, 0], [0, 0]], np.eye(2), [[0, 0], [0, 1]]])
    assert left_overlap(chain, 3).shape == (1, 0)
    assert right_overlap(chain, 2).shape == (0, 1)
    assert left_overlap(chain, 1).shape == (0, 0)


def test_logarithms_reach_below_float64():
    """A = diag(10^200, 1) separates so far that the overlap is of the order 1e-400."""
    chain = Chain([[[1, 1], [1, 2]], np.diag([1e200, 1.0]), np.diag([1e200, 1.0])])
    overlap = left_overlap(chain, 2, digits=30)
    assert overlap.values[0, 1] == 0
    # To first order |R_12| = (g_12/g_11)(s_2/s_1), G = B Bᵀ = [[2, 3], [3, 5]].
    assert abs(overlap.log_magnitudes[0, 1] - np.log(1.5) + 400 * np.log(10)) < 1e-12


def test_entries_of_any_depth_keep_their_digits():
    """First order in s_2/s_1 = 4^-500: |R_12| = (g_12/g_11) 4^-500; the second order is its square."""
    overlap = left_overlap(Chain([[[1, 1], [1, 2]], *[np.diag([4.0, 1.0])] * 500]), 2, digits=30)
    with balls(1200):
        expected = fmpq(3, 2) / fmpq(4) ** 500
        assert abs(abs(overlap.enclosures[0, 1]) / expected - 1) < arb(10) ** -30
        assert overlap.enclosures[0, 1].rel_accuracy_bits() > 100


# --- what is not determined, or zero -------------------------------------------------------------


def test_zeros_by_structure_are_exact():
    """Coordinates that the chain never couples: blocks {1, 3} and {2}, entries across them exactly zero."""
    rng = np.random.default_rng(0)
    mask = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
    overlap = left_overlap(Chain([mask * rng.normal(size=(3, 3)) for _ in range(4)]), 3)
    exact = [entry.is_zero() for entry in overlap.enclosures.entries()]
    assert exact.count(True) == 4
    assert overlap.undecided == ()
    assert np.isneginf(overlap.log_magnitudes).sum() == 4


def test_other_zeros_are_reported_as_undecided():
    """Blocks behind a rational reflection, which no structure shows: zero is contained, and said so."""
    chain = Chain([np.array([[2, 0, 1], [0, 3, 0], [1, 0, 1]]), np.diag([3, 1, 2]), REFLECTION])
    overlap = left_overlap(chain, 2)
    assert len(overlap.undecided) == 4
    assert all(overlap.enclosures[i, k].contains(0) for i, k in overlap.undecided)
    assert all(overlap.enclosures[i, k].rad() < arb(10) ** -50 for i, k in overlap.undecided)
    assert all(np.isnan(overlap.log_magnitudes[i, k]) for i, k in overlap.undecided)
    assert overlap.accuracy >= 20  # of the others
    assert "4 entries are zero or too small to tell" in str(overlap)


def test_entries_of_repeated_singular_values_are_not_determined():
    """A = diag(2, 2, 1): the plane of its first two vectors is determined, its axes are not."""
    B = np.array([[1.0, 2, 0], [0, 1, 3], [1, 0, 1]])
    overlap = left_overlap(Chain([B, np.diag([2.0, 2.0, 1.0])]), 2)
    assert overlap.row_clusters == ((0, 1),)
    assert overlap.determined.tolist() == [[False] * 3, [False] * 3, [True] * 3]
    assert all(overlap.enclosures[0, k].contains(1) for k in range(3))
    assert np.isnan(overlap.values[:2]).all()
    assert np.isnan(overlap.epsilon)
    assert np.isnan(overlap.diagonal_correlation)
    assert "6 entries of repeated singular values are not determined" in str(overlap)
    assert overlap.block(1).determined.tolist() == [[False]]
    with balls(300):
        J = singular_decomposition(Chain([B, np.diag([2.0, 2.0, 1.0])]).product())
        for k in range(3):
            u = J.simple(k + 1)[1]
            assert encloses(overlap.cluster_norm(1, k), (u[0, 0] ** 2 + u[1, 0] ** 2).sqrt(), 25)
            assert encloses(abs(overlap.enclosures[2, k]), abs(u[2, 0]), 20)


@given(st.data())
def test_small_chains_agree_with_exact_projectors(data):
    """At any rank and multiplicity: ‖P_i(A) P_k(J)‖_F of exact projectors, for every pair of modes."""
    small = st.integers(-2, 2)
    widths = data.draw(st.lists(st.integers(1, 3), min_size=3, max_size=4))
    chain = Chain(
        [[[data.draw(small) for _ in range(a)] for _ in range(b)] for a, b in itertools.pairwise(widths)]
    )
    layer = data.draw(st.integers(2, chain.depth))
    overlap = left_overlap(chain, layer)
    with balls(600):
        A, J = (singular_decomposition(c.product()) for c in (chain.left_partial(layer), chain))
        for i, k in np.ndindex(*overlap.shape):
            assert overlap.determined[i, k] == (A.multiplicity(i + 1) == J.multiplicity(k + 1) == 1)
            found = overlap.cluster_norm(i, k)
            product = A.left_projector(i + 1) * J.left_projector(k + 1)
            truth = (product * product.transpose()).trace().nonnegative_part().sqrt()
            assert found.overlaps(truth)
            assert encloses(found, truth, 20) or truth.contains(0)
            if overlap.enclosures[i, k].is_zero():
                assert truth.contains(0)
            if i == k:
                assert not overlap.enclosures[i, k] < 0


# --- summary figures -----------------------------------------------------------------------------


def overlap_of_rows(rows):
    size = len(rows), len(rows[0])
    entries = [arb(float(entry)) for row in rows for entry in row]
    return Overlap("left", arb_mat(*size, entries), 15, (), (), 100)


def test_epsilon_is_the_largest_distance_from_the_identity():
    assert overlap_of_rows([[0.75, -0.5], [0.25, 1]]).epsilon == 0.5
    assert overlap_of_rows([[0.25, 0], [0, 1]]).epsilon == 0.75
    assert overlap_of_rows([[1, 0, 0.125]]).epsilon == 0.125


def test_the_diagonal_correlation_of_known_matrices():
    assert overlap_of_rows(np.eye(5).tolist()).diagonal_correlation == pytest.approx(1)
    assert overlap_of_rows(np.eye(5)[::-1].tolist()).diagonal_correlation == pytest.approx(-1)
    assert overlap_of_rows(np.ones((4, 4)).tolist()).diagonal_correlation == pytest.approx(0)
    assert np.isnan(overlap_of_rows([[1]]).diagonal_correlation)


def test_the_diagonal_correlation_is_pearsons_of_repeated_indices():
    counts = np.random.default_rng(0).integers(0, 5, (4, 6))
    rows, columns = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(counts.shape))
    expected = np.corrcoef(rows, columns)[0, 1]
    assert overlap_of_rows((-counts).astype(float).tolist()).diagonal_correlation == pytest.approx(expected)


def test_figures_of_a_block_are_those_of_its_entries():
    chain = Chain.gaussian(depth=10, width=8, seed=0)
    overlap = left_overlap(chain, 5)
    block = overlap.block(4)
    again = overlap_of_rows(overlap.values[:4, :4].tolist())
    assert block.diagonal_correlation == pytest.approx(again.diagonal_correlation, rel=1e-12)
    assert block.epsilon == pytest.approx(again.epsilon, rel=1e-12)
    assert overlap.block(3, 5).shape == (3, 5)


def test_figures_are_enclosed():
    chain = Chain.gaussian(depth=10, width=6, seed=0)
    coarse, fine = left_overlap(chain, 5, digits=20), left_overlap(chain, 5, digits=50)
    for name in ("epsilon_enclosure", "diagonal_correlation_enclosure"):
        assert encloses(getattr(coarse, name), getattr(fine, name), 18)


@pytest.mark.parametrize("size", [0, 3, True, 1.0])
def test_blocks_out_of_range_are_refused(size):
    with pytest.raises(InputError, match="expected an integer from 1 to 2"):
        overlap_of_rows(np.eye(2).tolist()).block(size)


def test_the_table_names_both_figures():
    assert "ε = 0" in str(overlap_of_rows(np.eye(2).tolist()))
    assert "diagonal correlation 1.000" in str(overlap_of_rows(np.eye(2).tolist()))


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize("overlap", [left_overlap, right_overlap])
@pytest.mark.parametrize("layer", [0, 4, 1.0])
def test_layers_out_of_range_are_refused(overlap, layer):
    with pytest.raises(InputError, match=r"expected an integer from 1 to 3, N\+1"):
        overlap(Chain([np.eye(2)] * 2), layer)


@pytest.mark.parametrize("digits", [0, -1, 4001, True, 2.0])
def test_digits_out_of_range_are_refused(digits):
    with pytest.raises(InputError, match="expected an integer from 1 to 4000"):
        left_overlap(Chain([np.eye(2)] * 2), 2, digits=digits)
