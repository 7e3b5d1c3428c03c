"""The two arithmetics agree where float64 is accurate, and the relations decide as they say."""

from math import isclose

import numpy as np
import pytest
from flint import arb, fmpq, fmpq_mat
from hypothesis import assume, given, strategies as st

from benchmarks.bank.arithmetic import BALLS, FLOATS, FloatMatrix, hadamard, part
from benchmarks.bank.entry import AtMost, Equal
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.margin import Truth, judge
from jacspec.proofs_check.strategies import positive, square

SQUARE = square(3, families=False)


def rounded(A):
    return FloatMatrix(np.array([[float(entry.p / entry.q) for entry in row] for row in A.tolist()]))


def agree(exact, approximate, tolerance=1e-6):
    """1e-6: a singular value that is zero is the root of a rounding error in float64."""
    for ball, number in zip(exact, approximate, strict=True):
        assert isclose(float(arb(ball).mid()), number, rel_tol=1e-9, abs_tol=tolerance)


@given(SQUARE)
def test_spectra_agree(A):
    symmetric = A + A.transpose()
    agree(BALLS.s(A), FLOATS.s(rounded(A)))
    agree(BALLS.eigenvalues(symmetric), FLOATS.eigenvalues(rounded(symmetric)))
    # A defective eigenvalue of multiplicity 3 moves by the cube root of a rounding error.
    agree(BALLS.moduli(A), FLOATS.moduli(rounded(A)), tolerance=1e-4)
    assert BALLS.rank(A) == FLOATS.rank(rounded(A))


@given(SQUARE, SQUARE)
def test_angles_and_absolute_values_agree(A, B):
    a, b = rounded(A), rounded(B)
    agree([BALLS.absolute_product(A, B)], [FLOATS.absolute_product(a, b)])
    assume(all(BALLS.simple(matrix) > 0 for matrix in (A, B)))
    assume(all(FLOATS.simple(matrix) > 1e-3 for matrix in (a, b)))
    agree([BALLS.sine_squared(A, B)], [FLOATS.sine_squared(a, b)])


@given(SQUARE, SQUARE)
def test_matrix_algebra_agrees(A, B):
    a, b = rounded(A), rounded(B)
    pairs = [
        (A + B, a + b),
        (A - B, a - b),
        (A * B, a * b),
        (A * fmpq(1, 2), a * 0.5),
        (A.transpose(), a.transpose()),
        (hadamard(BALLS, A, B), hadamard(FLOATS, a, b)),
        (part(BALLS, A, [0, 2], [1]), part(FLOATS, a, [0, 2], [1])),
    ]
    for exact, approximate in pairs:
        assert (exact.nrows(), exact.ncols()) == (approximate.nrows(), approximate.ncols())
        agree(exact.entries(), approximate.entries())
    agree([A.det()], [a.det()])
    assume(A.det() != 0)
    agree(A.inv().entries(), a.inv().entries())


@given(st.integers(1, 40))
def test_special_functions_agree(p):
    x, y = fmpq(p, 8), p / 8
    for name in ("sqrt", "log", "exp", "digamma", "trigamma"):
        agree([getattr(BALLS, name)(x)], [getattr(FLOATS, name)(y)])


@given(positive(2))
def test_moduli_of_a_positive_matrix_are_its_eigenvalues_and_singular_values(S):
    with balls(200):
        for modulus, value, root in zip(BALLS.moduli(S), BALLS.eigenvalues(S), BALLS.s(S), strict=True):
            assert modulus.overlaps(value)
            assert modulus.overlaps(root)
            assert modulus.rad() <= arb(2) ** -150 * (1 + abs(value)).upper()


def test_moduli_of_conjugate_and_opposite_eigenvalues():
    rotation = fmpq_mat(3, 3, [0, -2, 0, 2, 0, 0, 0, 0, -3])
    assert [modulus.unique_fmpz() for modulus in BALLS.moduli(rotation)] == [3, 2, 2]


@pytest.mark.parametrize(
    ("relation", "truth"),
    [
        (AtMost(fmpq(1), fmpq(2)), Truth.HOLDS),
        (AtMost(fmpq(2), fmpq(1)), Truth.FAILS),
        (AtMost(fmpq(0), fmpq(0)), Truth.UNDECIDED),
        (AtMost(1, 2), Truth.HOLDS),
        (AtMost(arb(2).sqrt(), fmpq(3, 2)), Truth.HOLDS),
        (Equal(fmpq(1, 3), fmpq(1, 3)), Truth.HOLDS),
        (Equal(fmpq(1, 3), fmpq(1, 2)), Truth.FAILS),
        (Equal(arb(3), 2), Truth.FAILS),
    ],
)
def test_relations_decide(relation, truth):
    assert judge(relation.margin, cap=100).truth is truth


def test_what_the_search_climbs_does_not_depend_on_the_size_of_the_sides():
    assert AtMost(fmpq(1), fmpq(4)).margin().ratio == AtMost(fmpq(100), fmpq(400)).margin().ratio == 1 / 4
    assert AtMost(fmpq(-3), fmpq(1)).margin() == AtMost(fmpq(-300), fmpq(100)).margin() == 1


def test_float_relations_with_and_without_a_tolerance():
    assert not AtMost(1 + 1e-12, 1.0).in_floats(0.0)
    assert AtMost(1 + 1e-12, 1.0).in_floats(1e-9)
    assert not AtMost(1 + 1e-6, 1.0).in_floats(1e-9)
    assert Equal(1 + 1e-12, 1.0).in_floats(1e-9)
    assert not Equal(1.0, 2.0).in_floats(1e-9)
    assert not AtMost(float("nan"), 1.0).in_floats(1e-9)
