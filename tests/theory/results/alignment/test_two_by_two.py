"""The turn of two singular vectors: the bound against NumPy, and where it is attained."""

import numpy as np
import pytest

from jacspec.theory.notation.symbols import l, n
from jacspec.theory.results.alignment import first_order_constant as constant, two_by_two as two
from jacspec.theory.results.propositions.alignment import PROPOSITIONS


def turn_and_bound(A, B):
    """sin²2θ and (sinh log κ/sinh log 1/x)²."""
    U, values, _ = np.linalg.svd(A)
    R = U.T @ np.linalg.svd(A @ B)[0]
    kappa = np.linalg.cond(B)
    return 4 * (R[0, 0] * R[1, 0]) ** 2, (
        np.sinh(np.log(kappa)) / np.sinh(np.log(values[0] / values[1]))
    ) ** 2


@pytest.mark.parametrize("seed", range(20))
def test_the_first_singular_vector_turns_no_farther_than_the_law_of_sines_says(seed):
    turn, bound = turn_and_bound(*np.random.default_rng(seed).standard_normal((2, 2, 2)))
    assert turn <= bound * (1 + 1e-9)


@pytest.mark.parametrize(("kappa", "x"), [(2, 0.1), (3, 0.3), (10, 0.01)])
def test_every_condition_number_has_a_witness_at_which_it_turns_so_far(kappa, x):
    (root, ratio) = (rule.rhs for rule in two.WITNESS.rules)
    at = {two.kappa: kappa, two.x: x}
    y = float(ratio.subs(two.WITNESS.rules[0].lhs, root).subs(at))
    assert x < y < 1
    cosine = np.sqrt((1 - (x * y) ** 2) / ((1 + y**2) * (1 - x**2)))
    sine = np.sqrt(1 - cosine**2)
    J = np.array([[cosine, -sine], [sine, cosine]]) @ np.diag([1, y])
    A = np.diag([1, x])
    B = np.linalg.inv(A) @ J
    assert np.linalg.cond(B) == pytest.approx(kappa)
    turn, bound = turn_and_bound(A, B)
    assert turn == pytest.approx(bound)


def test_what_is_said_is_said_of_chains_of_width_two_or_of_numbers():
    on_chains, of_numbers = PROPOSITIONS["alignment-exact-two"][:3], PROPOSITIONS["alignment-exact-two"][3:]
    for each in on_chains:
        widths = [parameter for parameter in each.everywhere.parameters if parameter.symbol == n]
        assert [(width.least, width.most) for width in widths] == [(2, 2)]
    for each in of_numbers:
        assert not each.everywhere.whole.parameters or l not in each.left.free_symbols


@pytest.mark.parametrize("width", [2, 3, 5])
def test_no_elimination_leaves_more_than_the_constant(width):
    generator = np.random.default_rng(width)
    for _ in range(50):
        B = generator.standard_normal((width, width))
        G, kappa = B @ B.T, np.linalg.cond(B)
        for k in range(1, width):
            taken = np.linalg.solve(G[:k, :k], -G[:k, k])
            assert taken @ taken <= ((kappa - 1 / kappa) / 2) ** 2 * (1 + 1e-9)


def test_the_constant_is_claimed_for_every_width():
    general, _ = constant.first_order_constant().calculations
    (width,) = (each for each in general.holds_for.parameters if each.symbol == n)
    assert (width.least, width.most) == (1, None)
