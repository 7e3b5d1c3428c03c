"""The leading modes: against the certified engine, closed forms, and cases made to mislead."""

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, MatrixFree, leading_modes, left_overlap, max_memory, spectrum

RNG = np.random.default_rng(3)


def free(matrix):
    return MatrixFree(lambda X: matrix @ X, lambda Y: matrix.T @ Y, matrix.shape)


def orthogonal(size):
    return np.linalg.qr(RNG.normal(size=(size, size)))[0]


def correlation(kernel, maps):
    """With zero padding, of maps (channels, rows, columns, k)."""
    padded, (rows, columns) = np.pad(maps, ((0, 0), (1, 1), (1, 1), (0, 0))), maps.shape[1:3]
    return sum(
        np.tensordot(kernel[:, :, a, b], padded[:, a : a + rows, b : b + columns], 1)
        for a, b in np.ndindex(3, 3)
    )


def convolution(kernel, grid, gates):
    """Gates behind a 3×3 correlation of channels, by what it does to columns."""
    mirrored = kernel.transpose(1, 0, 2, 3)[:, :, ::-1, ::-1]

    def apply(X):
        maps = correlation(kernel, X.reshape(kernel.shape[1], grid, grid, -1))
        return gates[:, None] * maps.reshape(len(gates), -1)

    def apply_transpose(Y):
        maps = correlation(mirrored, (gates[:, None] * Y).reshape(kernel.shape[0], grid, grid, -1))
        return maps.reshape(kernel.shape[1] * grid * grid, -1)

    return MatrixFree(apply, apply_transpose, (len(gates), kernel.shape[1] * grid * grid))


def convolutional(depth, channels, grid):
    size = channels * grid * grid
    return [
        convolution(
            RNG.normal(size=(channels, channels, 3, 3)) / np.sqrt(4.5 * channels),
            grid,
            RNG.integers(0, 2, size=size).astype(float),
        )
        for _ in range(depth)
    ]


def test_a_convolutional_chain_agrees_with_its_dense_chain():
    factors = convolutional(depth=6, channels=3, grid=6)
    dense = Chain([factor.times(np.eye(108)) for factor in factors])
    found = leading_modes(Chain(factors), 10)
    certified = spectrum(dense, digits=15, top=10).log_singular_values
    np.testing.assert_allclose(found.log_singular_values, certified, rtol=0, atol=1e-10)
    assert not found.shortfall
    assert (abs(found.log_singular_values - certified) <= found.errors + 1e-14).all()


def test_what_would_be_gigabytes_runs_in_megabytes():
    chain = Chain(convolutional(depth=20, channels=4, grid=20))  # 1600 × 1600: a factor takes 20 MB
    with max_memory("4 MB"):
        found = leading_modes(chain, 3, tolerance=1e-4)
    assert not found.shortfall
    assert found.errors.max() < 1e-4
    assert (found.residuals < 0.1).all()
    with max_memory("100 kB"), pytest.raises(InputError, match="columns through"):
        leading_modes(chain, 3)


@pytest.mark.parametrize(("depth", "width"), [(1, 30), (20, 30), (400, 12), (2000, 5)])
def test_modes_do_not_drown_at_any_depth(depth, width):
    chain = Chain.gaussian(depth=depth, width=width, seed=0)
    top = min(width, 8)
    mixed = Chain([free(M) if layer % 2 else M for layer, M in enumerate(chain.factors)])
    found, certified = leading_modes(mixed, top), spectrum(chain, digits=20, top=top, vectors=True)
    np.testing.assert_allclose(
        found.log_singular_values, certified.log_singular_values, rtol=1e-14, atol=1e-10
    )
    overlaps = found.right_vectors.T @ np.array(certified.right_vectors.tolist(), dtype=float)
    np.testing.assert_allclose(abs(np.diag(overlaps)), 1, rtol=0, atol=1e-8)
    assert not found.shortfall


def test_factors_of_any_size_of_entries():
    chain = Chain.gaussian(depth=4, width=6, seed=1)
    scaled = Chain(
        [free(M * 2.0**power) for M, power in zip(chain.factors, (900, -1000, 1000, 7), strict=True)]
    )
    moved = leading_modes(scaled, 6).log_singular_values - 907 * np.log(2)
    np.testing.assert_allclose(moved, spectrum(chain).log_singular_values, rtol=0, atol=1e-10)


@pytest.mark.parametrize("unit", [5e-324, 2e-320, 1e306])
def test_entries_that_are_denormal_or_hardly_in_range_cost_nothing(unit):
    matrices = [unit * RNG.integers(-9, 10, size=(5, 5)) for _ in range(3)]
    found = leading_modes(Chain(matrices), 2)
    np.testing.assert_allclose(
        found, spectrum(Chain(matrices), top=2).log_singular_values, rtol=0, atol=1e-10
    )


def test_more_modes_than_the_rank_are_said_not_made_up():
    low = RNG.normal(size=(40, 3)) @ RNG.normal(size=(3, 40))
    found = leading_modes(Chain([free(low), free(orthogonal(40))]), 6)
    np.testing.assert_allclose(found, np.log(np.linalg.svd(low, compute_uv=False)[:3]), rtol=0, atol=1e-12)
    assert found.left_vectors.shape == found.right_vectors.shape == (40, 3)
    assert "k = 4 … 6 are zero, or not told from it" in found.shortfall
    assert found.shortfall in str(found)


def test_a_zero_factor_has_no_mode():
    found = leading_modes(Chain([free(orthogonal(9)), free(np.zeros((9, 9)))]), 2)
    assert len(found) == 0
    assert "k = 1 … 2 are zero" in found.shortfall


def test_repeated_values_are_right_and_named():
    values = np.r_[[4.0, 2.0, 2.0, 2.0], np.ones(36)]
    found = leading_modes(Chain([free(orthogonal(40) @ np.diag(values) @ orthogonal(40))]), 5)
    np.testing.assert_allclose(found, np.log(values[:5]), rtol=0, atol=1e-10)
    assert (1, 2, 3) in found.clusters


def test_slow_convergence_shows_in_residuals():
    values = 1 - 1e-4 * np.arange(200)  # hardly apart: a round gains next to nothing
    chain = Chain([free(orthogonal(200) @ np.diag(values) @ orthogonal(200))])
    found = leading_modes(chain, 5, most_rounds=3)
    assert "after 3 rounds, where 1e-10 was asked for" in found.shortfall
    assert found.residuals.max() > 1e-3
    off = abs(found.log_singular_values - np.log(values[:5]))
    assert off.max() > 1e-4
    assert (off <= found.errors).all()


def test_values_that_lie_close_take_few_rounds():
    values = 1 - 1e-4 * np.arange(200)
    found = leading_modes(Chain([free(orthogonal(200) @ np.diag(values) @ orthogonal(200))]), 5)
    np.testing.assert_allclose(found, np.log(values[:5]), rtol=0, atol=1e-10)
    assert not found.shortfall
    assert found.rounds < 50  # orthogonal iteration takes thousands


def test_overlaps_of_leading_modes_are_those_of_the_certified_engine():
    chain = Chain.gaussian(depth=12, width=7, seed=2)
    of_J, of_A = (leading_modes(each, 3, tolerance=1e-13) for each in (chain, chain.left_partial(5)))
    found = abs(of_A.left_vectors.T @ of_J.left_vectors)
    certified = left_overlap(chain, layer=5).array()[:3, :3]
    np.testing.assert_allclose(found, abs(certified), rtol=0, atol=1e-8)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"top": 0}, "top 0: expected an integer from 1 to 3, the narrowest width"),
        ({"top": 4}, "top 4: expected an integer from 1 to 3"),
        ({"top": 2, "tolerance": 0}, "tolerance 0: expected a positive number"),
        ({"top": 2, "most_rounds": 0}, "most_rounds 0: expected an integer"),
    ],
)
def test_bad_arguments(arguments, says):
    with pytest.raises(InputError) as refused:
        leading_modes(Chain([np.ones((3, 5)), free(np.ones((6, 3)))]), **arguments)
    assert says in str(refused.value)


def test_numbers_that_overflow_are_refused():
    huge = MatrixFree(lambda X: X * 1e300, lambda Y: Y * 1e300, (2, 2))
    assert np.isfinite(leading_modes(Chain([huge, huge]), 2)).all()
