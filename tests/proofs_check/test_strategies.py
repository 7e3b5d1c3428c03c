"""Strategies: what they draw is exact, and has the structure that it is drawn for, exactly."""

from itertools import pairwise

from flint import fmpq_mat
from hypothesis import given
from hypothesis import strategies as st

from proofs_check.strategies import aligned_chains, chains, motions, orthogonal, scalings, square


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


@given(square(st.integers(1, 3)))
def test_square_matrices_hold_small_integers(matrix):
    assert matrix.nrows() == matrix.ncols()
    assert all(entry.q == 1 and abs(entry.p) <= 3 for entry in matrix.entries())


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
