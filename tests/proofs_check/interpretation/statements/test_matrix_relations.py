"""The Loewner order as a function of matrices, for conclusions that are functions."""

import pytest
from flint import arb_mat, fmpq_mat

from jacspec import InputError, psd
from jacspec.proofs_check.claims.margin import Truth


@pytest.mark.parametrize(
    ("rows", "truth"),
    [
        ([[2, 1], [1, 2]], Truth.HOLDS),
        ([[1, 1], [1, 1]], Truth.HOLDS),
        ([[0, 0], [0, 0]], Truth.HOLDS),
        ([[1, 2], [2, 1]], Truth.FAILS),
        ([[0, 1], [1, 0]], Truth.FAILS),
    ],
)
def test_a_rational_matrix_is_decided_at_the_boundary_too(rows, truth):
    assert psd(fmpq_mat(rows)).truth is truth


def test_balls_decide_inside_and_outside():
    assert psd(arb_mat([[2, 1], [1, 2]])).truth is Truth.HOLDS
    assert psd(arb_mat([[1, 2], [2, 1]])).truth is Truth.FAILS
    assert psd(arb_mat([[1, 1], [1, 1]])).truth is Truth.UNDECIDED


@pytest.mark.parametrize(
    "X", [fmpq_mat([[1, 2]]), arb_mat([[1, 2], [0, 1]]), fmpq_mat([[1, 2], [0, 1]]), [[1, 0], [0, 1]]]
)
def test_what_is_not_symmetric_is_refused(X):
    with pytest.raises(InputError, match="expected a s"):
        psd(X)
