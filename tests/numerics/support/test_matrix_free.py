"""Factors without entries: what is linear and has its transpose is taken, all else refused."""

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, MatrixFree, rank, spectrum

M = np.random.default_rng(0).normal(size=(4, 6))


def free(matrix):
    return MatrixFree(lambda X: matrix @ X, lambda Y: matrix.T @ Y, matrix.shape)


def test_it_applies_and_its_transpose_is_that_of_the_matrix():
    X, Y = np.eye(6), np.eye(4)
    np.testing.assert_array_equal(free(M).times(X), M)
    np.testing.assert_array_equal(free(M).times(Y, transposed=True), M.T)
    np.testing.assert_array_equal(free(M).T.times(Y), M.T)


@pytest.mark.parametrize(
    ("apply", "apply_transpose", "says"),
    [
        (lambda X: np.maximum(M @ X, 0), lambda Y: M.T @ Y, "apply is not linear"),
        (lambda X: M @ X + 1, lambda Y: M.T @ Y, "apply is not linear"),
        (lambda X: M @ X, lambda Y: abs(M.T @ Y), "apply_transpose is not linear"),
        (lambda X: M @ X.astype(np.float32), lambda Y: M.T @ Y, "apply is not linear in float64"),
        (lambda X: M @ X, lambda Y: -M.T @ Y, "⟨Ax, y⟩ ≠ ⟨x, Aᵀy⟩"),
        (lambda X: M @ X, lambda Y: (M + 1e-6).T @ Y, "⟨Ax, y⟩ ≠ ⟨x, Aᵀy⟩"),
        (lambda X: M @ X[::-1], lambda Y: M.T @ Y, "⟨Ax, y⟩ ≠ ⟨x, Aᵀy⟩"),
        (lambda X: X, lambda Y: Y, "shape (6, 3)"),
        (lambda X: M @ X[:, 0], lambda Y: M.T @ Y, "a column for each column"),
        (lambda X: M @ X / 0.0, lambda Y: M.T @ Y, "finite"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_what_is_no_linear_map_with_its_transpose_is_refused(apply, apply_transpose, says):
    with pytest.raises(InputError) as refused:
        MatrixFree(apply, apply_transpose, M.shape)
    assert says in str(refused.value)


def test_a_size_is_a_whole_number():
    with pytest.raises(InputError, match="a size of a matrix-free factor 0: expected an integer"):
        MatrixFree(lambda X: X, lambda Y: Y, (0, 4))


def test_a_chain_holds_it_beside_matrices_and_refuses_what_needs_entries():
    chain = Chain([free(M), np.eye(4)])
    assert repr(chain) == "Chain(depth=2, J: 4×6, 1 matrix-free)"
    assert str(chain.blocks()[0])
    assert not chain.is_dense
    assert chain == chain
    assert hash(chain) == hash(Chain(chain.maps))
    assert chain != Chain([M, np.eye(4)])
    assert chain.transpose().shape == (6, 4)
    assert chain.left_partial(2) == Chain([np.eye(4)])
    assert chain.right_partial(2).maps == chain.maps[:1]
    for ask in (spectrum, rank, Chain.product):
        with pytest.raises(InputError, match=r"ask leading_modes\(chain, k\)"):
            ask(chain)


def test_its_shape_counts_in_a_chain():
    with pytest.raises(InputError, match=r"M_2 \(4×6\) cannot follow M_1 \(4×6\)"):
        Chain([M, free(M)])
