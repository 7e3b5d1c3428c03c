"""Small exact spectra in balls: the enclosures contain the truth and are narrow, at any multiplicity."""

import itertools
from fractions import Fraction

import pytest
from flint import arb, arb_mat, fmpq, fmpq_mat
from hypothesis import assume, given, strategies as st

from jacspec.numerics import InputError
from jacspec.numerics.spectra.small_exact import (
    condition_number,
    overlap_magnitude,
    singular_decomposition,
    singular_values,
    symmetric_eigenvalues,
)
from jacspec.numerics.support.precision import balls

BITS = 300


@pytest.fixture(autouse=True)
def _precision():
    with balls(BITS):
        yield


def matrix(rows):
    return fmpq_mat(
        len(rows),
        len(rows[0]),
        [fmpq(x.numerator, x.denominator) for row in rows for x in map(Fraction, row)],
    )


def diagonal(*values):
    return matrix([[value if i == j else 0 for j in range(len(values))] for i, value in enumerate(values)])


def narrow(ball, bits=BITS - 40):
    """Whether the radius is below 2^-bits, absolutely for small values and relatively for large ones."""
    return bool(ball.rad() <= arb(2) ** -bits * (1 + abs(ball)).upper())


def contains(ball, value):
    return ball.overlaps(arb(value)) and narrow(ball)


@st.composite
def matrices(draw, size=None):
    m, n = (size, size) if size else (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    return matrix([[draw(st.integers(-3, 3)) for _ in range(n)] for _ in range(m)])


# --- singular values -----------------------------------------------------------------------------


def test_two_by_two_by_the_quadratic_formula():
    """[[3, 1], [0, 2]]: s² = 7 ± √13."""
    for s, sign in zip(singular_values(matrix([[3, 1], [0, 2]])), (1, -1), strict=True):
        assert contains(s, (7 + sign * arb(13).sqrt()).sqrt())


def test_three_by_three_by_its_characteristic_polynomial():
    """J Jᵀ has (x - 1)(x² - 6x + 4): s² = 3 + √5, 1, 3 - √5."""
    values = singular_values(matrix([[0, 1, 0], [0, 0, 1], [2, 0, 1]]))
    for s, square in zip(values, (3 + arb(5).sqrt(), arb(1), 3 - arb(5).sqrt()), strict=True):
        assert contains(s, square.sqrt())


def test_a_power_of_a_jordan_block():
    """[[1, N], [0, 1]]: s_1 - s_2 = N and s_1 s_2 = 1."""
    first, second = singular_values(matrix([[1, 10**30], [0, 1]]))
    assert contains(first * second, 1)
    assert contains(first, arb(10) ** 30 / 2 + (arb(10) ** 60 / 4 + 1).sqrt())


def test_the_determinant_of_a_hilbert_matrix():
    H = fmpq_mat.hilbert(6, 6)
    product = arb(1)
    for s in singular_values(H):
        product *= s
    assert product.overlaps(arb(H.det()))
    assert product.rel_accuracy_bits() > BITS - 60


@pytest.mark.parametrize("size", [1, 2, 5])
def test_exact_isometries_have_all_singular_values_one(size):
    """FLINT's own acb_mat.eig raises on the 2×2 identity."""
    for s in singular_values(diagonal(*[1] * size)):
        assert contains(s, 1)


def test_repeated_and_zero_values_are_exact_in_number():
    values = singular_values(diagonal(2, 0, 2, 1, 0))
    assert [contains(s, k) for s, k in zip(values, (2, 2, 1, 0, 0), strict=True)] == [True] * 5
    assert values[3].is_zero()
    assert values[4].is_zero()


def test_clusters_far_below_the_precision_are_told_apart():
    """s_1/s_2 - 1 = 1e-200, at 300 bits: the polynomial is exact, so isolation costs nothing."""
    close = 1 + Fraction(1, 10**200)
    decomposition = singular_decomposition(diagonal(1, close))
    assert decomposition.multiplicities == (1, 1)


@pytest.mark.parametrize("bits", [64, 128, 300])
@given(st.lists(st.integers(-3, 3), min_size=9, max_size=9), st.integers(-90, 90), st.integers(-400, 2))
def test_three_roots_are_those_that_are_isolated(bits, entries, scale, apart):
    """Far from each other, near each other, and equal."""
    square = fmpq_mat(3, 3, entries) * diagonal(1, 1, Fraction(2) ** scale)
    square = square * square.transpose() + diagonal(1 + Fraction(2) ** apart, 1, 1)
    with balls(bits):
        quick = singular_decomposition(square).eigenvalues
    with balls(4 * bits):
        known = sorted(
            (root.real.mid() for root, _ in (square * square).charpoly().complex_roots()), reverse=True
        )
        assert all(x.contains(exactly) for x, exactly in zip(quick, known, strict=True))
        assert all(x.rel_accuracy_bits() >= bits - 32 for x in quick)


@given(matrices())
def test_values_are_those_of_the_transpose_and_square_to_the_trace(J):
    values = singular_values(J)
    assert len(values) == min(J.nrows(), J.ncols())
    assert all(a.overlaps(b) for a, b in zip(values, singular_values(J.transpose()), strict=True))
    assert all(not b > a for a, b in itertools.pairwise(values))
    assert sum(1 for s in values if not s.is_zero()) == J.rank()
    gram = J * J.transpose()
    trace = sum((gram[i, i] for i in range(J.nrows())), fmpq(0))
    total = sum((s * s for s in values), arb(0))
    assert total.overlaps(arb(trace))
    assert narrow(total)


# --- condition number ----------------------------------------------------------------------------


def test_condition_numbers():
    assert contains(condition_number(diagonal(6, 2, 3)), 3)
    assert contains(condition_number(matrix([["1/3"]])), 1)


def test_a_singular_matrix_has_no_condition_number():
    with pytest.raises(InputError, match="infinite; expected a nonsingular one"):
        condition_number(matrix([[1, 2], [2, 4]]))


# --- projectors and vectors ----------------------------------------------------------------------


@given(matrices())
def test_projectors_are_idempotent_orthogonal_and_complete(J):
    decomposition = singular_decomposition(J)
    size = J.nrows()
    total = arb_mat(size, size)
    mode = 1
    for count in decomposition.multiplicities:
        P = decomposition.left_projector(mode)
        assert (P * P).overlaps(P)
        assert P.transpose().overlaps(P)
        assert P.trace().overlaps(arb(count))
        assert all(narrow(entry, BITS - 150) for entry in P.entries())
        total = total + P
        mode += count
    assert total.overlaps(arb_mat(size, size, [int(i == j) for i in range(size) for j in range(size)]))


def test_a_projector_that_is_known():
    """Of the all-ones matrix: onto (1, 1, 1)/√3, and onto its complement, the kernel."""
    decomposition = singular_decomposition(matrix([[1] * 3] * 3))
    assert decomposition.multiplicities == (1, 2)
    assert all(contains(x, arb(1) / 3) for x in decomposition.left_projector(1).entries())
    assert decomposition.multiplicity(2) == decomposition.multiplicity(3) == 2
    assert contains(decomposition.left_projector(3)[0, 0], arb(2) / 3)


@given(matrices())
def test_simple_vectors_satisfy_their_equations(J):
    decomposition = singular_decomposition(J)
    for mode, s in enumerate(decomposition.singular_values, 1):
        if s.is_zero() or decomposition.multiplicity(mode) > 1:
            with pytest.raises(InputError, match=f"singular value {mode} is (zero|repeated); expected"):
                decomposition.simple(mode)
            continue
        value, u, v = decomposition.simple(mode)
        assert (arb_mat(J) * v).overlaps(u * value)
        assert (u.transpose() * u)[0, 0].overlaps(arb(1))
        assert (v.transpose() * v)[0, 0].overlaps(arb(1))
        assert all(narrow(entry, BITS - 150) for entry in u.entries() + v.entries())


@pytest.mark.parametrize("mode", [0, -1, 4, 1.0, True])
def test_modes_are_counted_from_one(mode):
    decomposition = singular_decomposition(diagonal(3, 2, 1))
    with pytest.raises(InputError, match="expected an integer from 1 to 3, the number of rows"):
        decomposition.left_projector(mode)


# --- overlaps ------------------------------------------------------------------------------------


def test_the_overlap_of_a_rotation_is_its_cosine():
    rotation = matrix([["3/5", "-4/5"], ["4/5", "3/5"]])
    A = diagonal(2, 1)
    J = rotation * A
    assert contains(overlap_magnitude(A, J, 1, 1), arb(3) / 5)
    assert contains(overlap_magnitude(A, J, 2, 1), arb(4) / 5)


def test_the_overlap_of_the_ledgers_counterexample_is_zero():
    """A = diag(k, 1), B = [[0, 0], [0, 1]]: u_1(A) is orthogonal to u_1(AB), for every k."""
    for k in (2, 10**6):
        A = diagonal(k, 1)
        assert contains(overlap_magnitude(A, A * matrix([[0, 0], [0, 1]]), 1, 1), 0)


def test_the_overlap_of_clusters_is_the_largest_over_all_choices():
    """Planes spanned by e1, e2 and by e1, e3 share e1: overlap 1, though no vectors are determined."""
    A, J = diagonal(2, 2, 1), diagonal(2, 1, 2)
    overlap = overlap_magnitude(A, J, 1, 2)
    assert overlap.overlaps(arb(1))
    assert overlap.rel_accuracy_bits() > BITS // 2 - 10
    assert contains(overlap_magnitude(A, A, 1, 3), 0)


def test_the_overlap_of_tilted_planes_is_enclosed():
    """Planes that share no vector but those of one direction, tilted by Pythagorean angles: 12/13 and 3/5."""
    first = matrix([["3/5", 0, "-4/5", 0], [0, 1, 0, 0], ["4/5", 0, "3/5", 0], [0, 0, 0, 1]])
    second = matrix([[1, 0, 0, 0], [0, "12/13", 0, "-5/13"], [0, 0, 1, 0], [0, "5/13", 0, "12/13"]])
    A = diagonal(2, 2, 1, 1)
    overlap = overlap_magnitude(A, first * second * A, 1, 1)
    assert overlap.overlaps(arb(12) / 13)
    assert overlap.rel_accuracy_bits() > BITS // 2 - 10


@given(matrices(3), matrices(3))
def test_overlaps_of_simple_modes_are_scalar_products(A, B):
    J = A * B
    first, second = singular_decomposition(A), singular_decomposition(J)
    assume(first.multiplicities == second.multiplicities == (1, 1, 1))
    assume(A.rank() == J.rank() == 3)
    for i in (1, 2, 3):
        for k in (1, 2, 3):
            expected = abs((first.simple(i)[1].transpose() * second.simple(k)[1])[0, 0])
            assert overlap_magnitude(A, J, i, k).overlaps(expected)


# --- values of different multiplicity that are closer than the precision ----------------------------


def test_a_simple_value_above_a_double_one_is_the_first():
    with balls(96):
        found = singular_decomposition(diagonal(1, 1, 1 + Fraction(1, 2**150)))
    assert found.multiplicities == (1, 2)
    assert found.eigenvalues[0] > found.eigenvalues[1]


def test_a_double_value_above_a_simple_one_is_the_first():
    third = Fraction(1, 3)
    with balls(96):
        found = singular_decomposition(diagonal(third, third, third * (1 - Fraction(1, 2**600))))
    assert found.multiplicities == (2, 1)


# --- eigenvalues of symmetric matrices --------------------------------------------------------------


@given(matrices(3))
def test_eigenvalues_of_a_symmetric_matrix_are_the_roots_of_its_polynomial(M):
    S = M + M.transpose()
    values = symmetric_eigenvalues(S)
    assert len(values) == 3
    assert all(not larger < smaller for larger, smaller in itertools.pairwise(values))
    assert contains(sum(values), S[0, 0] + S[1, 1] + S[2, 2])
    assert contains(sum(value * value for value in values), sum(entry * entry for entry in S.entries()))
    assert contains(values[0] * values[1] * values[2], S.det())


@given(matrices())
def test_eigenvalues_of_a_gram_matrix_are_squared_singular_values(M):
    smaller = M if M.nrows() <= M.ncols() else M.transpose()
    eigenvalues = symmetric_eigenvalues(smaller * smaller.transpose())
    for eigenvalue, value in zip(eigenvalues, singular_values(M), strict=True):
        assert (value * value).overlaps(eigenvalue)


def test_repeated_negative_and_zero_eigenvalues():
    values = symmetric_eigenvalues(diagonal(-1, 0, 3, 3))
    assert [value.unique_fmpz() for value in values] == [3, 3, 0, -1]
    rotated = matrix([["7/25", "24/25"], ["24/25", "-7/25"]])
    assert [value.unique_fmpz() for value in symmetric_eigenvalues(rotated)] == [1, -1]


def test_eigenvalues_of_an_unsymmetric_matrix_are_refused():
    with pytest.raises(InputError, match="not symmetric; expected one that equals its transpose"):
        symmetric_eigenvalues(matrix([[0, 1], [0, 0]]))


@given(st.lists(st.fractions(-9, 9, max_denominator=6), min_size=3, max_size=3))
def test_two_eigenvalues_are_the_roots_that_FLINT_isolates(entries):
    # Of a symmetric matrix, singular ones and those with one eigenvalue twice among them.
    a, b, d = entries
    for X in (matrix([[a, b], [b, d]]), matrix([[a * a, a * b], [a * b, b * b]]), diagonal(a, a)):
        isolated = X.charpoly().complex_roots()
        expected = sorted(((root.real, count) for root, count in isolated), key=lambda pair: -pair[0].mid())
        found = symmetric_eigenvalues(X)
        assert len(found) == 2
        for value, root in zip(found, [root for root, count in expected for _ in range(count)], strict=True):
            assert value.overlaps(root)
            assert value.is_zero() == root.is_zero()
            assert value.rad() <= abs(root) * arb(2) ** (8 - BITS)
