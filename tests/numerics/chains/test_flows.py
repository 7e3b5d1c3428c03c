"""Gradient flow on the factors, against derivatives of the loss and exact invariants."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq, fmpq_mat
from hypothesis import given, strategies as st

from jacspec.numerics import Chain, InputError, gradient_flow
from jacspec.numerics.chains.flows import partial_products, product_velocity

small = st.integers(-3, 3)


@st.composite
def chains_with_gradients(draw):
    widths = draw(st.lists(st.integers(1, 3), min_size=2, max_size=5))

    def matrix(rows, columns):
        return fmpq_mat(rows, columns, [draw(small) for _ in range(rows * columns)])

    chain = Chain([matrix(b, a) for a, b in itertools.pairwise(widths)])
    return chain, matrix(*chain.shape)


def inner(A, B):
    return sum((a * b for a, b in zip(A.entries(), B.entries(), strict=True)), fmpq(0))


@given(chains_with_gradients(), st.data())
def test_the_flow_descends_the_linear_loss(case, data):
    """⟨G, J⟩ is linear in each factor: a step E in one entry changes it by exactly -⟨Ṁ_l, E⟩."""
    chain, G = case
    flow = gradient_flow(chain, G)
    layer = data.draw(st.integers(1, chain.depth))
    factor = chain.exact[layer - 1]
    row, column = data.draw(st.integers(0, factor.nrows() - 1)), data.draw(st.integers(0, factor.ncols() - 1))
    moved = list(chain.exact)
    moved[layer - 1] = fmpq_mat(factor)
    moved[layer - 1][row, column] += 1
    change = inner(G, Chain(moved).product()) - inner(G, chain.product())
    assert flow[layer - 1][row, column] == -change


@given(chains_with_gradients())
def test_the_imbalance_is_conserved(case):
    """d/dt (M_{l+1}ᵀ M_{l+1} - M_l M_lᵀ) = 0, exactly."""
    chain, G = case
    flow = gradient_flow(chain, G)
    for layer in range(chain.depth - 1):
        M, later = chain.exact[layer], chain.exact[layer + 1]
        outer = flow[layer + 1].transpose() * later
        inside = flow[layer] * M.transpose()
        assert outer + outer.transpose() == inside + inside.transpose()


@given(chains_with_gradients())
def test_the_velocity_of_the_product_is_the_sum_over_layers(case):
    """J̇ = Σ_l A_{l+1} Ṁ_l B_l, exactly."""
    chain, G = case
    motion = gradient_flow(chain, G)
    left, right = partial_products(chain)
    expected = fmpq_mat(*chain.shape)
    for layer, velocity in enumerate(motion, 1):
        expected += left[layer] * velocity * right[layer - 1]
    assert product_velocity(chain, motion, 200).contains(expected)


def test_a_single_factor_moves_against_the_gradient():
    assert gradient_flow(Chain([np.eye(2)]), [[1, 2], [3, 4]]) == (fmpq_mat(2, 2, [-1, -2, -3, -4]),)


def test_the_flow_is_exact_in_rationals():
    (first, second) = gradient_flow(Chain([[[Fraction(1, 3)]], [[0.1]]]), [["1/7"]])
    tenth = fmpq(*(0.1).as_integer_ratio())
    assert first[0, 0] == -tenth / 7
    assert second[0, 0] == -fmpq(1, 21)


@pytest.mark.parametrize(
    ("gradient", "parts"),
    [
        (np.eye(3), ("G is 3×3", "expected the shape of J, 2×2")),
        ([[1, float("nan")], [0, 1]], ("G[1,2] is nan", "expected")),
        ([1, 2], ("G has 1 dimension", "reshape")),
    ],
)
def test_a_bad_gradient_is_refused(gradient, parts):
    with pytest.raises(InputError) as caught:
        gradient_flow(Chain([np.eye(2)] * 2), gradient)
    for part in parts:
        assert part in str(caught.value)
