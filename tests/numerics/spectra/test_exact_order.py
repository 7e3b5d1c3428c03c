"""Eigenvalues of different multiplicity that are closer than the precision are told apart all the same."""

from flint import fmpq, fmpq_mat

from jacspec.numerics.spectra.small_exact import singular_decomposition
from jacspec.numerics.support.precision import balls


def _diagonal(values):
    size = len(values)
    return fmpq_mat(size, size, [values[r] if r == c else 0 for r in range(size) for c in range(size)])


def test_a_simple_value_above_a_double_one_is_the_first():
    with balls(96):
        found = singular_decomposition(_diagonal([fmpq(1), fmpq(1), 1 + fmpq(1, 2**150)]))
    assert found.multiplicities == (1, 2)
    assert found.eigenvalues[0] > found.eigenvalues[1]


def test_a_double_value_above_a_simple_one_is_the_first():
    third = fmpq(1, 3)
    with balls(96):
        found = singular_decomposition(_diagonal([third, third, third * (1 - fmpq(1, 2**600))]))
    assert found.multiplicities == (2, 1)
