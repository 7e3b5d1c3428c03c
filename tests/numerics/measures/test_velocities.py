"""Velocities of singular values: certified values, closed forms, and what decoupling leaves out."""

import numpy as np
import pytest
from flint import arb

from jacspec.numerics import Chain, InputError, gradient_flow, velocities
from jacspec.numerics.measures.velocities import Velocities
from jacspec.numerics.spectra.exact_velocities import singular_value_velocities
from jacspec.numerics.support.precision import balls


def gradient(shape, seed):
    return np.random.default_rng(seed).standard_normal(shape)


# --- exact velocities ------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [1, 2, 5, 12])
def test_velocities_agree_with_implicit_differentiation(depth):
    """Relative to each velocity, of which the least is 1e-9 of the largest at depth 12."""
    chain = Chain.gaussian(depth=depth, width=3, seed=depth)
    flow = gradient_flow(chain, gradient((3, 3), seed=100))
    found = velocities(chain, flow, digits=30)
    with balls(1500):
        for value, enclosure in zip(found.exact, singular_value_velocities(chain, flow), strict=True):
            assert value.overlaps(enclosure)
            assert abs(value / enclosure - 1) < arb(10) ** -30


def test_rectangular_chains():
    chain = Chain([gradient((4, 3), 0), gradient((2, 4), 1)])
    flow = gradient_flow(chain, gradient((2, 3), 2))
    with balls(600):
        for value, enclosure in zip(
            velocities(chain, flow).exact, singular_value_velocities(chain, flow), strict=True
        ):
            assert value.overlaps(enclosure)
            assert abs(value / enclosure - 1) < arb(10) ** -30


def test_velocities_are_differences_of_log_singular_values():
    """Central differences of NumPy's singular values, at a step where they are good to about 1e-8."""
    chain = Chain([gradient((3, 3), seed) for seed in (1, 2)])
    motion = [gradient((3, 3), seed) for seed in (3, 4)]

    def values(t):
        first, second = (M + t * D for M, D in zip(chain.factors, motion, strict=True))
        return np.linalg.svd(second @ first, compute_uv=False)

    step = 1e-5
    expected = (values(step) - values(-step)) / (2 * step)
    found = [float(value) for value in velocities(chain, motion).exact]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


# --- the decoupled prediction --------------------------------------------------------------------


def test_diagonal_chains_are_decoupled_exactly():
    chain = Chain([np.diag([3.0, 2.0]), np.diag([5.0, 1.0]), np.diag([2.0, 1.0])])
    motion = [gradient((2, 2), seed) for seed in range(3)]
    found = velocities(chain, motion)
    np.testing.assert_allclose(found.ratios, 1, rtol=1e-15)
    # ṡ_1 = Σ_l Ṁ_l[1,1] · the product of the other factors' first entries.
    expected = motion[0][0, 0] * 10 + motion[1][0, 0] * 6 + motion[2][0, 0] * 15
    assert float(found.exact[0]) == pytest.approx(expected, rel=1e-14)


def test_two_factors_are_decoupled_by_hand():
    """N = 2: the boundary terms take J's own vectors for the empty products."""
    chain = Chain([gradient((2, 2), 0), gradient((2, 2), 1)])
    motion = [gradient((2, 2), 2), gradient((2, 2), 3)]
    (U, _, Vt), (U1, s1, Vt1), (U2, s2, Vt2) = (
        np.linalg.svd(X) for X in (chain.factors[1] @ chain.factors[0], *chain.factors)
    )
    found = velocities(chain, motion)
    for k in range(2):
        u, v = U[:, k], Vt[k]
        v2 = Vt2[k] * np.sign(U2[:, k] @ u)  # A_2 = M_2, B_1 = I
        u1 = U1[:, k] * np.sign(Vt1[k] @ v)  # A_3 = I, B_2 = M_1
        expected = s2[k] * (v2 @ motion[0] @ v) + s1[k] * (u @ motion[1] @ u1)
        assert float(found.decoupled[k]) == pytest.approx(expected, rel=1e-10)


def test_the_empty_products_are_known_by_position():
    """M_2 = I makes A_2 the identity without being empty: it has no vectors of its own, so no prediction."""
    chain = Chain([gradient((2, 2), 0), np.eye(2)])
    found = velocities(chain, [gradient((2, 2), 1), gradient((2, 2), 2)])
    assert not any(value.is_nan() for value in found.exact)
    assert all(value.is_nan() for value in found.decoupled)
    single = velocities(Chain([gradient((2, 2), 0)]), [gradient((2, 2), 1)])  # A_2 and B_1 are both empty
    np.testing.assert_allclose(single.ratios, 1, rtol=1e-15)


def test_a_mode_orthogonal_to_its_partner_has_no_decoupled_prediction():
    """A_2 = diag(2, 1) and J = diag(2, 6): J's first mode is A's second, and their overlap exactly zero."""
    found = velocities(Chain([np.diag([1.0, 6.0]), np.diag([2.0, 1.0])]), [np.eye(2), np.eye(2)])
    assert [float(value) for value in found.exact] == [1 + 6, 1 + 2]
    assert all(value.is_nan() for value in found.decoupled)


def test_predictions_far_below_float64_keep_their_digits():
    """Diagonal factors, rotated at each joint by nothing: ṡ_2 = Σ_l Ṁ_l[2,2] 10^-(40·9), to 30 digits."""
    small = [["1", "0"], ["0", f"1/{10**40}"]]
    motion = [[[1, 0], [0, layer]] for layer in range(1, 11)]
    found = velocities(Chain([small] * 10), motion)
    with balls(2000):
        expected = arb(55) / arb(10) ** 360
        for value in (found.exact[1], found.decoupled[1]):
            assert value.overlaps(expected)
            assert abs(value / expected - 1) < arb(10) ** -30


def test_the_ratio_is_of_decoupled_to_exact():
    chain = Chain.gaussian(depth=4, width=3, seed=0)
    found = velocities(chain, gradient_flow(chain, gradient((3, 3), 0)))
    expected = [float(d / e) for d, e in zip(found.decoupled, found.exact, strict=True)]
    np.testing.assert_allclose(found.ratios, expected)


def test_the_lower_modes_of_random_chains_are_not_decoupled():
    """Ledger, `loop-closes-all-modes`: the third mode's ratio falls with depth, far below float64 noise."""
    medians = []
    for depth in (5, 20):
        ratios = []
        for seed in range(9):
            chain = Chain.gaussian(depth=depth, width=3, seed=seed)
            ratios.append(
                np.abs(velocities(chain, gradient_flow(chain, gradient((3, 3), 1000 + seed))).ratios)
            )
        medians.append(np.median(ratios, axis=0))
    assert medians[0][2] < 0.1
    assert medians[1][2] < 1e-6
    assert 0.3 < medians[1][0] < 3


# --- results and refusals ------------------------------------------------------------------------


def test_only_non_zero_singular_values_have_velocities():
    chain = Chain([[[1, 0], [0, 0]], [[1, 2], [3, 4]]])
    found = velocities(chain, gradient_flow(chain, np.eye(2)))
    assert len(found.exact) == len(found.decoupled) == len(found.log_singular_values) == 1


def test_repeated_singular_values_have_no_velocity():
    chain = Chain([np.diag([3.0, 2.0, 2.0])] * 2)
    found = velocities(chain, gradient_flow(chain, np.eye(3)))
    assert float(found.exact[0]) == pytest.approx(-2 * 9)  # -N s^{2 - 2/N} ⟨G, u vᵀ⟩ with s = 9
    assert np.isnan(found.ratios).tolist() == [False, True, True]
    assert all(value.is_nan() for value in (*found.exact[1:], *found.decoupled[1:]))


def test_a_chain_at_rest():
    chain = Chain.gaussian(depth=3, width=2, seed=0)
    found = velocities(chain, [np.zeros((2, 2))] * 3)
    assert all(value.is_zero() for value in (*found.exact, *found.decoupled))
    assert np.isnan(found.ratios).all()


@pytest.mark.parametrize(
    ("motion", "parts"),
    [
        ([np.eye(2)], ("motion has shapes", "expected those of the factors")),
        ([np.eye(2), np.ones((2, 3))], ("(2, 3)", "expected those of the factors")),
        ([np.eye(2), [[1, float("inf")], [0, 1]]], ("Ṁ_2[1,2] is inf", "expected")),
    ],
)
def test_a_bad_motion_is_refused(motion, parts):
    with pytest.raises(InputError) as caught:
        velocities(Chain([np.eye(2)] * 2), motion)
    for part in parts:
        assert part in str(caught.value)


def test_decoupled_sums_far_below_their_terms_keep_their_digits():
    """The third mode's sum is 1e-18 of the exact velocity, and its terms are larger still."""
    chain = Chain.gaussian(depth=40, width=3, seed=0)
    motion = gradient_flow(chain, gradient((3, 3), 1000))
    found, finer = (velocities(chain, motion, digits=digits) for digits in (20, 30))
    assert abs(found.ratios[2]) < 1e-12
    with balls(600):
        for coarse, fine in zip(found.decoupled, finer.decoupled, strict=True):
            assert coarse.overlaps(fine)
            assert coarse.rel_accuracy_bits() >= 66
            assert fine.rel_accuracy_bits() >= 99


def test_a_ratio_is_not_the_midpoint_of_what_could_be_zero():
    unknown, one, zero = arb(1e-9, 1e-6), arb(1), arb(0)
    found = Velocities((one, unknown, one), (unknown, one, zero), np.zeros(3))
    np.testing.assert_array_equal(found.ratios, [np.nan, np.nan, 0])
