"""Strategies: what they draw is exact, and has the structure that it is drawn for, exactly."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy
from flint import fmpq, fmpq_mat
from hypothesis import Phase, find, given, settings, strategies as st
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

from jacspec.numerics import InputError
from jacspec.numerics.spectra.small_exact import singular_values
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.strategies import (
    FAMILIES,
    aligned_chains,
    chains,
    dense,
    dominant_row,
    gates,
    graded_values,
    jordan,
    matrices,
    motions,
    near_degenerate_values,
    nilpotent,
    of_rank,
    orthogonal,
    permutation,
    positive,
    rank_one,
    rationals,
    repeated,
    repeated_values,
    rotations,
    scalings,
    size,
    special_values,
    square,
    symmetric,
    with_eigenvalues,
    with_singular_values,
)
from jacspec.proofs_check.strategies.pairs import examples

HARD = settings(
    max_examples=2000, database=None, derandomize=True, phases=(Phase.generate, Phase.shrink), deadline=None
)
SOME = settings(HARD, max_examples=200)
widths = st.integers(1, 4)


def identity(size):
    return fmpq_mat(size, size, [int(r == c) for r in range(size) for c in range(size)])


def gram(matrix):
    return matrix * matrix.transpose()


def power(matrix, exponent):
    result = identity(matrix.nrows())
    for _ in range(exponent):
        result = result * matrix
    return result


@given(st.integers(1, 4).flatmap(orthogonal))
def test_orthogonal_matrices_are_exactly_orthogonal(Q):
    assert gram(Q) == identity(Q.nrows())
    assert abs(Q.det()) == 1


def test_orthogonal_matrices_are_not_all_permutations():
    found = []

    @given(orthogonal(2))
    def look(Q):
        found.extend(entry.q for entry in Q.entries())

    look()
    assert any(denominator > 1 for denominator in found)


# --- square matrices, and the families mixed in ---------------------------------------------------


@given(square(st.integers(1, 3)))
def test_square_matrices_hold_integers(matrix):
    assert matrix.nrows() == matrix.ncols()
    assert all(entry.q == 1 for entry in matrix.entries())


@given(square(st.integers(1, 3), families=False))
def test_without_the_families_entries_are_small(matrix):
    assert all(entry.q == 1 and abs(entry.p) <= 3 for entry in matrix.entries())


@given(widths.flatmap(lambda n: st.tuples(*(family(n) for family in FAMILIES))))
def test_every_family_draws_integers_of_the_width_asked_for(drawn):
    assert len({(m.nrows(), m.ncols()) for m in drawn}) == 1
    assert all(entry.q == 1 for m in drawn for entry in m.entries())


@given(widths.flatmap(rank_one))
def test_rank_one_matrices_have_rank_one_at_most(matrix):
    assert matrix.rank() <= 1


@given(widths.flatmap(nilpotent))
def test_nilpotent_matrices_vanish_at_their_width(matrix):
    assert power(matrix, matrix.nrows()) == matrix * 0


@given(widths.flatmap(permutation))
def test_permutations_are_orthogonal(matrix):
    assert gram(matrix) == identity(matrix.nrows())


@given(widths.flatmap(jordan))
def test_jordan_matrices_have_one_eigenvalue(matrix):
    assert power(matrix - identity(matrix.nrows()) * matrix[0, 0], matrix.nrows()) == matrix * 0


@given(widths.flatmap(repeated))
def test_repeated_singular_values_take_two_values_at_most(matrix):
    values = gram(matrix)
    diagonal = [values[k, k] for k in range(values.nrows())]
    assert all(values[r, c] == 0 for r in range(len(diagonal)) for c in range(len(diagonal)) if r != c)
    assert len(set(map(str, diagonal))) <= 2


@given(st.integers(2, 4).flatmap(dominant_row))
def test_a_dominant_row_is_one_row(matrix):
    assert sum(any(abs(entry) > 3 for entry in row) for row in matrix.tolist()) <= 1


def nilpotent_of_order_three(m):
    return m.nrows() == 3 and power(m, 2) != m * 0 and power(m, 3) == m * 0


@pytest.mark.parametrize(
    ("least", "total", "statement"),
    [
        (1, 1, lambda m: m.det() != 0),
        (2, 1, lambda m: m * m == m * 0 and m != m * 0),
        (3, 1, lambda m: m.nrows() == 3 and m.rank() == 1),
        (3, 2, nilpotent_of_order_three),
        (3, 4, lambda m: m.nrows() == 3 and any(entry > 3 for entry in m.entries())),
        (2, 3, lambda m: m.nrows() == 2 and abs(m.det()) == 2),
    ],
    ids=["nonsingular", "nilpotent", "rank one", "nilpotent of order 3", "dominant row", "determinant 2"],
)
def test_square_matrices_shrink_to_few_small_numbers(least, total, statement):
    """To the least width, and to entries whose moduli have the least possible sum."""
    found = find(square(st.integers(1, 3)), statement, settings=HARD)
    assert found.nrows() == least
    assert sum(abs(int(entry.p)) for entry in found.entries()) == total


def test_chains_shrink_to_few_small_numbers():
    """Nilpotent factors of a nilpotent product: each 2×2 with a single one."""
    lose_rank = lambda chain: chain.product().rank() < min(f.rank() for f in chain.exact)  # noqa: E731
    found = find(chains(2, st.integers(1, 3)), lose_rank, settings=HARD)
    assert found.shape == (2, 2)
    assert [sum(abs(int(entry.p)) for entry in factor.entries()) for factor in found.exact] == [1, 1]


def test_the_families_are_met_and_can_be_switched_off():
    large = lambda m: any(abs(entry) >= 30 for entry in m.entries())  # noqa: E731
    assert large(find(square(2), large, settings=HARD))
    with pytest.raises(NoSuchExample):
        find(square(2, families=False), large, settings=SOME)
    chained = lambda chain: any(map(large, chain.exact))  # noqa: E731
    assert find(chains(2, 2), chained, settings=HARD).depth == 2
    with pytest.raises(NoSuchExample):
        find(chains(2, 2, families=False), chained, settings=SOME)


# --- sizes tied by name ---------------------------------------------------------------------------

n, m = size("n", 1, 4), size("m", 1, 3)


@given(A=square(n), B=matrices(n, m), C=matrices(size("m", 1, 3), n), width=n)
def test_sizes_of_one_name_agree(A, B, C, width):
    assert A.ncols() == B.nrows() == C.ncols() == width
    assert B.ncols() == C.nrows()
    assert 1 <= width <= 4
    assert 1 <= B.ncols() <= 3


def test_sizes_of_different_names_differ_somewhere():
    B = find(matrices(n, m), lambda B: B.nrows() > B.ncols(), settings=HARD)
    assert (B.nrows(), B.ncols()) == (2, 1)


def test_tied_sizes_shrink_together():
    A, B = find(st.tuples(square(n), square(n)), lambda pair: pair[0] * pair[1] != pair[1] * pair[0])
    assert A.nrows() == B.nrows() == 2
    assert sum(abs(int(entry.p)) for matrix in (A, B) for entry in matrix.entries()) == 2


# --- exact spectra, ranks, gates --------------------------------------------------------------------


@given(st.data(), st.integers(1, 3))
def test_prescribed_singular_values_are_exact(data, width):
    families = (scalings, graded_values, near_degenerate_values, repeated_values)
    values = data.draw(st.sampled_from(families).flatmap(lambda family: family(width)))
    assert list(values) == sorted(values, reverse=True)
    matrix = data.draw(with_singular_values(values))
    expected = fmpq_mat(width, width)
    for k, value in enumerate(values):
        expected[k, k] = fmpq(value) ** 2
    assert gram(matrix).charpoly() == expected.charpoly()


def test_singular_values_may_be_drawn_as_well():
    found = find(with_singular_values(scalings(2)), lambda m: m.det() != 0, settings=HARD)
    assert [str(value.unique_fmpz()) for value in singular_values(found)] == ["2", "1"]


@given(st.data(), st.integers(1, 3))
def test_prescribed_eigenvalues_are_exact(data, width):
    values = data.draw(special_values(width))
    assert list(values) == sorted(values, reverse=True)
    assert min(values) >= 0
    S = data.draw(with_eigenvalues(values))
    expected = fmpq_mat(width, width)
    for k, value in enumerate(values):
        expected[k, k] = value
    assert S.transpose() == S
    assert S.charpoly() == expected.charpoly()


@given(widths.flatmap(rotations))
def test_rotations_are_orthogonal_and_keep_the_orientation(Q):
    assert gram(Q) == identity(Q.nrows())
    assert Q.det() == 1


@given(st.integers(2, 4).flatmap(repeated_values))
def test_repeated_values_repeat(values):
    assert len(set(values)) < len(values)


@given(st.integers(2, 4).flatmap(near_degenerate_values))
def test_near_degenerate_values_differ_by_little(values):
    gaps = {before - after for before, after in pairwise(values)}
    assert len(gaps) == 1
    assert 0 < max(gaps) <= fmpq(1, 10)


@given(st.data(), widths, widths)
def test_ranks_are_exact(data, rows, columns):
    rank = data.draw(st.integers(0, min(rows, columns)))
    matrix = data.draw(of_rank(rows, columns, rank))
    assert (matrix.nrows(), matrix.ncols(), matrix.rank()) == (rows, columns, rank)


@given(st.data(), widths)
def test_gates_are_diagonal_zeros_and_ones(data, width):
    active = data.draw(st.integers(0, width))
    D = data.draw(gates(width, active=active))
    assert D * D == D == D.transpose()
    assert all(D[r, c] == 0 for r in range(width) for c in range(width) if r != c)
    assert D.rank() >= active


def test_gates_shrink_to_all_active_but_what_must_not_be():
    assert find(gates(3), lambda D: True) == identity(3)
    assert find(gates(3), lambda D: D.det() == 0).rank() == 2


@given(symmetric(st.integers(1, 3)))
def test_symmetric_matrices_are_symmetric(S):
    assert S.transpose() == S


@given(positive(st.integers(1, 3), definite=True))
def test_definite_matrices_have_positive_leading_minors(S):
    assert S.transpose() == S
    leading = [fmpq_mat(k, k, [S[r, c] for r in range(k) for c in range(k)]) for k in range(1, S.nrows() + 1)]
    assert all(minor.det() > 0 for minor in leading)


def test_of_two_matrices_of_any_integers_some_are_related_and_others_are_as_drawn():
    kinds = Counter()

    @settings(SOME, max_examples=300)
    @given(examples({"A": square(2), "B": square(2), "S": symmetric(2), "x": st.integers(1, 9)}))
    def look(example):
        A, B, S = example["A"], example["B"], example["S"]
        assert S.transpose() == S
        assert 1 <= example["x"] <= 9
        if A.det():
            kinds.update({"cancel": A == -B, "equal": A == B, "transposed": A == B.transpose() != B})
            kinds["neither"] += A not in (B, -B, B.transpose(), -B.transpose())
            kinds["scaled"] += any(0 < abs(x) < 1 for x in (*A.entries(), *B.entries()))

    look()
    assert min(kinds.values()) >= 1
    assert min(kinds["cancel"], kinds["neither"]) >= 10


@given(examples({"A": matrices(2, 3), "B": matrices(3, 2), "C": matrices(2, 3), "D": dense(2, 2)}))
def test_related_matrices_keep_their_shapes(example):
    shapes = {name: (each.nrows(), each.ncols()) for name, each in example.items()}
    assert shapes == {"A": (2, 3), "B": (3, 2), "C": (2, 3), "D": (2, 2)}


@given(rationals(Fraction(1, 5), Fraction(1, 3)))
def test_rationals_between_fractions(x):
    assert x in {fmpq(1, 5), fmpq(1, 4), fmpq(1, 3)}


@given(rationals(-2, 5, denominator=7))
def test_rationals_stay_in_their_interval(x):
    assert -2 <= x <= 5
    assert 1 <= x.q <= 7


def test_rationals_shrink_to_integers():
    assert find(rationals(), lambda x: x > fmpq(1, 2)) == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: size("n", 0, 3), "size 'n': least 0: expected an integer of at least 1"),
        (lambda: size("n", 3, 2), "size 'n': most 2: expected an integer of at least 3, the least"),
        (lambda: size("n", 1, 2.0), "size 'n': most 2.0: expected an integer of at least 1, the least"),
        (lambda: scalings(True), "scalings: width True: expected an integer of at least 1"),
        (lambda: jordan("2"), "jordan: width '2': expected an integer of at least 1"),
        (lambda: gates(2, active=1.0), "gates: active 1.0: expected an integer of at least 0"),
        (lambda: aligned_chains(0, 2), "aligned_chains: depth 0: expected an integer of at least 1"),
        (lambda: square(0), "square: width 0: expected an integer of at least 1"),
        (lambda: square(True), "square: width True: expected an integer of at least 1"),
        (lambda: matrices(2, -1), "matrices: width -1: expected an integer of at least 1"),
        (lambda: chains(0, 2), "chains: width 0: expected an integer of at least 1"),
        (lambda: rationals(2, 1), "rationals(2, 1, denominator=6): expected least ≤ most"),
        (lambda: rationals(float("nan"), 1), "rationals(nan, 1): expected ends that are whole numbers"),
        (
            lambda: rationals(Fraction(1, 9), Fraction(1, 8)),
            "rationals(1/9, 1/8, denominator=6): expected least",
        ),
        (lambda: gates(2, active=3), "gates(2, active=3): expected from 0 to 2 active units"),
        (lambda: find(of_rank(2, 3, 3), bool), "of_rank(2, 3, 3): expected a rank from 0 to 2"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make, message):
    with pytest.raises(InputError) as caught:
        make()
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("make", [scalings, graded_values, jordan, gates, lambda n: of_rank(n, n, n)])
def test_whole_numbers_of_every_kind_are_sizes(make):
    for width in (np.int64(3), sympy.Integer(3), 3):
        find(make(width), lambda _: True, settings=HARD)


# --- chains -----------------------------------------------------------------------------------------


@given(st.data(), st.integers(1, 4), st.integers(1, 3))
def test_chains_have_the_size_asked_for_and_motions_fit(data, depth, width):
    chain = data.draw(chains(depth, width))
    assert chain.depth == depth
    assert chain.shape == (width, width)
    motion = data.draw(motions(chain))
    assert [(m.nrows(), m.ncols()) for m in motion] == [(width, width)] * depth


@given(st.integers(1, 4).flatmap(lambda width: st.tuples(st.just(width), scalings(width))))
def test_scalings_descend_strictly(drawn):
    width, values = drawn
    assert len(values) == width
    assert all(before > after > 0 for before, after in pairwise(values))


@given(st.integers(1, 4).flatmap(lambda depth: st.integers(1, 3).flatmap(lambda n: aligned_chains(depth, n))))
def test_aligned_chains_are_exactly_aligned_and_scale_exactly_with_depth(chain):
    """A_l A_lᵀ = (M_N M_Nᵀ)^{N-l+1} and B_lᵀ B_l = (M_1ᵀ M_1)^{l-1}: alignment, DS with δ = 0, at once."""
    N = chain.depth
    outer, inner = gram(chain.exact[-1]), gram(chain.exact[0].transpose())
    for layer in range(1, N + 2):
        A, B = chain.left_partial(layer).product(), chain.right_partial(layer).product()
        assert gram(A) == power(outer, N - layer + 1)
        assert gram(B.transpose()) == power(inner, layer - 1)


@given(st.integers(3, 4).flatmap(lambda depth: aligned_chains(depth, 2, intercept=True)))
def test_aligned_chains_with_an_intercept_scale_short_of_the_product(chain):
    """A_l A_lᵀ = X R^{N-l} for 2 ≤ l ≤ N, with X = A_N A_Nᵀ and one rate R; J holds the intercept twice."""
    N = chain.depth
    X = gram(chain.left_partial(N).product())
    R = gram(chain.left_partial(N - 1).product()) * X.inv()
    for layer in range(2, N + 1):
        assert gram(chain.left_partial(layer).product()) == X * power(R, N - layer)
    J = gram(chain.product())
    assert X * X * power(R, N - 2) == J
    assert J * R == R * J


MADE_ONCE = {
    "matrices": matrices(size("n", 1, 3), 2),
    "square": square(size("n", 1, 3)),
    "chains": chains(st.integers(1, 3), size("n", 1, 3)),
    "symmetric": symmetric(2),
    "positive": positive(2, definite=True),
    **{label: LEDGER[label].given for label in ("gate-absorption", "lemma-exchange", "balance-aligns")},
}


@pytest.mark.parametrize("name", MADE_ONCE)
def test_nothing_is_made_anew_at_each_draw(name, monkeypatch):
    """Hypothesis examines every strategy that it meets for the first time, which costs more than to draw."""
    given_here = MADE_ONCE[name]
    strategy = examples(given_here if isinstance(given_here, dict) else {"it": given_here})
    examined, counts = SearchStrategy.validate, []

    def counted(self):
        counts.append(not self.validate_called)
        examined(self)

    @settings(max_examples=400, database=None)
    @given(strategy)
    def draw(_):
        pass

    draw()
    monkeypatch.setattr(SearchStrategy, "validate", counted)
    draw()
    assert len(counts) > 1000
    assert sum(counts) < 40


def test_an_example_names_its_values_in_the_order_of_the_claim():
    @settings(max_examples=20, database=None)
    @given(examples({name: st.booleans() for name in "cabd"}))
    def look(example):
        assert [*example] == [*"cabd"]

    look()
