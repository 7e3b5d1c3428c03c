"""ε of strong alignment over all layers: against the overlaps of each layer, and closed forms."""

import numpy as np
import pytest

from jacspec.numerics import Chain, left_overlap, right_overlap, strong_alignment


@pytest.mark.parametrize(
    "chain",
    [Chain.gaussian(depth=6, width=4, seed=0), Chain.masked(depth=5, width=5, seed=2, p=0.8)],
    ids=["gaussian", "gated"],
)
def test_every_layer_agrees_with_its_overlaps(chain):
    found = strong_alignment(chain)
    worst = 0.0
    for layer in range(1, chain.depth + 2):
        for overlap, values in ((left_overlap, found.left), (right_overlap, found.right)):
            truth = overlap(chain, layer, digits=30).epsilon_enclosure
            assert values[layer - 1].overlaps(truth)
            assert values[layer - 1].rad() < 1e-18
            worst = max(worst, float(truth.mid()))
    assert found.epsilon == pytest.approx(worst, rel=1e-15)


def test_a_mode_is_as_misaligned_as_its_worst_layer():
    """Rows and columns of R - I read off the overlaps of every layer, in float64."""
    chain = Chain.masked(depth=4, width=5, seed=4, p=0.8)
    found = strong_alignment(chain)
    worst = np.zeros(len(found.modes))
    for layer in range(2, chain.depth + 1):
        left, right = left_overlap(chain, layer).values, right_overlap(chain, layer).values
        worst = np.maximum(worst, np.abs(left - np.eye(*left.shape)).max(axis=0))
        worst = np.maximum(worst, np.abs(right - np.eye(*right.shape)).max(axis=1))
    assert [float(mode.mid()) for mode in found.modes] == pytest.approx(worst, rel=1e-14)
    assert max(worst) == pytest.approx(found.epsilon, rel=1e-14)


def test_diagonal_chains_are_aligned():
    found = strong_alignment(Chain([np.diag([3.0, 2.0, 1.0])] * 5))
    assert found.epsilon < 1e-20
    assert found.undetermined == ()


def test_an_isometric_partial_product_leaves_its_layer_undetermined():
    """J = diag(2, 1) Q with a rotation Q: left-aligned, while B_2 = Q has no vectors of its own."""
    chain = Chain([[["3/5", "-4/5"], ["4/5", "3/5"]], np.diag([2, 1])])
    found = strong_alignment(chain)
    assert found.left[1].contains(0)
    assert found.undetermined == (2,)  # both singular values of B_2 = Q are 1
    assert np.isnan(found.epsilon)
    assert all(mode.is_nan() for mode in found.modes)
    assert "not determined, by repeated singular values: l = 2" in str(found)


def test_products_without_a_singular_value_have_nothing_to_align():
    assert strong_alignment(Chain([np.zeros((2, 2))] * 3)).epsilon == 0
