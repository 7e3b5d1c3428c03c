"""mpmath's eigensystems agree with FLINT's isolated roots, multiplicities and zeros included."""

import pytest
from flint import arb, fmpq_mat

from jacspec.numerics.spectra.independent import by_mpmath
from jacspec.numerics.spectra.small_exact import singular_decomposition, singular_values
from jacspec.numerics.support.precision import balls

MATRICES = {
    "regular": [[2, 1], [1, 3]],
    "repeated": [[0, -2], [2, 0]],
    "singular": [[1, 2], [2, 4]],
    "zero": [[0, 0], [0, 0]],
    "wide": [[1, 2, 3], [4, 5, 6]],
}


@pytest.mark.parametrize("name", MATRICES)
def test_both_ways_give_the_same_values_and_projectors(name):
    matrix = fmpq_mat(MATRICES[name])
    with balls(128):
        first = singular_decomposition(matrix)
        with by_mpmath() as counted:
            second = singular_decomposition(matrix)
        assert counted.decompositions == 1
        assert first.multiplicities == second.multiplicities
        for mine, theirs in zip(first.eigenvalues, second.eigenvalues, strict=True):
            assert abs(mine - theirs) < arb(2) ** -110
        for mode in range(1, matrix.nrows() + 1):
            difference = first.left_projector(mode) - second.left_projector(mode)
            assert all(abs(entry) < arb(2) ** -100 for entry in difference.entries())


def test_zeros_stay_exact():
    with by_mpmath():
        assert singular_values(fmpq_mat([[1, 2], [2, 4]]))[1].is_zero()


def test_outside_the_block_nothing_is_counted():
    with by_mpmath() as counted:
        pass
    singular_decomposition(fmpq_mat([[1]]))
    assert counted.decompositions == 0
