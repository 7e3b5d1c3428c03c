"""The graded float64 product: values at any range, streams, batches, and what it is not."""

import tracemalloc

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, spectrum
from jacspec.numerics.products.frames import corrected, factorised, inverse_norm
from jacspec.numerics.products.graded import finite_time_exponents, graded_svd, graded_svd_of_stream
from jacspec.numerics.products.plain import condition, values
from jacspec.numerics.support.factors import as_exact

PROMISED = 1e-10
"""What the graded product promises of every log singular value."""


def certified_logs(chain):
    return spectrum(chain, digits=15).log_singular_values


def test_all_values_of_a_deep_product_are_right():
    chain = Chain.gaussian(depth=1000, width=16, seed=0)
    found = graded_svd(chain.factors).log_singular_values
    assert np.abs(found - certified_logs(chain)).max() < PROMISED


def test_vectors_are_orthonormal_and_belong_to_the_values():
    chain = Chain.gaussian(depth=5, width=6, seed=1)
    found = graded_svd(chain.factors)
    product = np.linalg.multi_dot(chain.factors[::-1])
    singular = np.exp(found.log_singular_values)
    assert np.allclose(found.U.T @ found.U, np.eye(6), atol=1e-13)
    assert np.allclose(found.U * singular @ found.V.T, product, atol=1e-13 * singular[0])


@pytest.mark.parametrize("depth", [6, 7])
def test_narrow_factors_between_wide_layers_make_no_wide_product(depth):
    rng = np.random.default_rng(3)
    shapes = [(3000, 2), (2, 3000)]
    factors = [rng.standard_normal(shapes[layer % 2]) for layer in range(depth)]
    tracemalloc.start()
    found = graded_svd(factors, vectors=False).log_singular_values
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3000**2  # bytes; a product of 3000×2 and 2×3000 takes eight times that
    product = np.linalg.multi_dot(factors[::-1])  # of two values close together: float64 will do
    svd = np.linalg.svd(product, compute_uv=False)
    assert np.abs(found - np.log(svd)).max() < PROMISED


def test_a_stream_is_read_once_and_gives_the_same():
    chain = Chain.gaussian(depth=300, width=8, seed=2)
    found = graded_svd_of_stream(iter(chain.factors)).log_singular_values
    assert np.abs(found - certified_logs(chain)).max() < PROMISED


def test_a_batch_is_many_chains_at_once():
    chains = [Chain.gaussian(depth=40, width=5, seed=seed) for seed in range(7)]
    stacked = [np.stack(layer) for layer in zip(*(chain.factors for chain in chains), strict=True)]
    together = graded_svd(stacked).log_singular_values
    for logs, chain in zip(together, chains, strict=True):
        assert np.abs(logs - certified_logs(chain)).max() < PROMISED


def test_the_exponents_of_the_qr_sweep_are_not_log_singular_values():
    chain = Chain.gaussian(depth=100, width=16, seed=0)
    exponents = finite_time_exponents(chain.factors)
    logs = certified_logs(chain)
    assert np.isclose(exponents.sum(), logs.sum(), atol=1e-9)  # both are log|det J|
    assert np.abs(np.sort(exponents)[::-1] - logs).max() > 0.1


@pytest.mark.parametrize(
    ("options", "named"),
    [({"digits": 11}, "digits 11"), ({"vectors": True}, "vectors")],
)
def test_what_float64_cannot_give_is_refused(options, named):
    with pytest.raises(InputError, match=named):
        spectrum(Chain([[[1.0]]]), engine="float64", **options)


# --- the error, and what takes it back ------------------------------------------------------------


def turned(generator, width, bits):
    """A factor whose least singular value is 2^-bits, all others 1."""
    left, right = (np.linalg.qr(generator.normal(size=(width, width)))[0] for _ in range(2))
    return left * np.append(np.ones(width - 1), 2.0**-bits) @ right


def upright(seed):
    """Products of triangles, of large entries off the diagonal."""
    draw = np.random.default_rng(seed).normal
    return [(np.triu if k % 2 else np.tril)(draw(size=(6, 6))) for k in range(30)]


@pytest.mark.parametrize(
    "factors",
    [
        *(Chain.gaussian(depth=1000, width=4, seed=seed).factors for seed in (1015, 1016)),  # s_3, s_4 cross
        *(Chain.gaussian(depth=100, width=8, seed=seed).factors for seed in range(3)),
        *(upright(seed) for seed in range(10)),
    ],
)
@pytest.mark.parametrize("careful", [False, True])
def test_the_estimated_error_covers_the_error(factors, careful):
    found, exact = graded_svd(factors, vectors=False, careful=careful), certified_logs(Chain(factors))
    rounding = 4e-16 * np.abs(exact).max()
    assert np.abs(found.log_singular_values - exact).max() <= found.error + rounding


@pytest.mark.parametrize("bits", [20, 26, 33])
@pytest.mark.parametrize("width", [3, 16, 40])
def test_what_a_nearly_singular_factor_costs_is_taken_back(bits, width):
    generator = np.random.default_rng(bits)
    factors = list(Chain.gaussian(depth=12, width=width, seed=1).factors)
    for place in (0, 7, 11):
        factors[place] = turned(generator, width, bits)
    exact = certified_logs(Chain(factors))
    plain, careful = (graded_svd(factors, vectors=False, careful=careful) for careful in (False, True))
    assert np.abs(careful.log_singular_values - exact).max() <= min(careful.error, 1e-11)
    assert careful.error < plain.error / 16
    if bits == 33:
        assert np.abs(plain.log_singular_values - exact).max() > 1e-9


def test_a_corrected_frame_is_exact_far_beyond_rounding():
    generator = np.random.default_rng(0)
    M = turned(generator, 5, 30)
    Q, _ = np.linalg.qr(generator.normal(size=(5, 5)))
    after, R = np.linalg.qr(M @ Q)

    def missed(frame):
        """The largest entry of ``MQR⁻¹`` less the frame, in rational numbers."""
        exact = [as_exact(each) for each in (M, Q, R, frame)]
        return max(abs(float(x)) for x in (exact[0] * exact[1] * exact[2].inv() - exact[3]).entries())

    assert missed(after) > 1e-9
    assert missed(corrected(M, Q, after, R)) < missed(after) / 1000


def test_batches_of_any_size_are_their_chains():
    factors = list(np.random.default_rng(4).normal(size=(6, 5000, 2, 2)))
    together = graded_svd(factors, vectors=False).log_singular_values
    assert together.shape == (5000, 2)
    for place in (0, 4095, 4096, 4999):
        alone = graded_svd([factor[place] for factor in factors], vectors=False).log_singular_values
        np.testing.assert_allclose(together[place], alone, rtol=0, atol=1e-12)


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 3), (4, 4), (5, 3), (2, 4), (1, 5), (6, 1)])
def test_many_small_matrices_are_factorised_at_once_and_each_for_itself(shape, monkeypatch):
    monkeypatch.delattr(np.linalg, "qr")
    generator = np.random.default_rng(5)
    columns = np.ldexp(generator.normal(size=(300, *shape)), generator.integers(-900, 900, (300, 1, 1)))
    columns[0] = columns[1, 0] = columns[2, :, 0] = 0.0
    columns[3] = np.outer(columns[3, :, 0], columns[3, 0] / abs(columns[3, 0]).max())
    columns[4, 0, 0] = np.nan
    Q, R = factorised(columns)
    assert np.isnan(R[4]).any()
    assert (np.tril(R[5:], -1) == 0).all()
    for place in {*range(300)} - {4}:
        size = np.abs(columns[place]).max() or 1.0
        np.testing.assert_allclose(Q[place] @ (R[place] / size), columns[place] / size, atol=4e-15)
        np.testing.assert_allclose(Q[place].T @ Q[place], np.eye(min(shape)), atol=4e-15)


def test_triangles_that_end_in_zeros_are_as_if_they_ended_before(monkeypatch):
    monkeypatch.setattr("jacspec.numerics.products.plain.jacobi", None)
    generator = np.random.default_rng(6)
    there = np.arange(4) < generator.integers(0, 5, (60, 1))
    R = (np.triu(generator.normal(size=(60, 4, 4))) + 3 * np.eye(4)) * there[:, None, :] * there[:, :, None]
    found = values(R, np.where(there, -20.0 * np.arange(4), -(2.0**50)))
    for scales, sigma, missed, triangle, live in zip(*found, R, there, strict=True):
        assert missed < 1e-14
        assert (sigma[~live] == 0).all()
        plain = np.linalg.svd(triangle[live][:, live] * np.exp2(-20.0 * np.arange(live.sum())))[1]
        np.testing.assert_allclose(np.ldexp(sigma, scales.astype(int))[live], plain, rtol=1e-9)


@pytest.mark.parametrize("lost", [1e-3, 1e-9])
def test_values_that_miss_their_traces_are_computed_again(monkeypatch, lost):
    R, exponents = np.triu(np.random.default_rng(1).normal(size=(6, 6))) + 3 * np.eye(6), -40.0 * np.arange(6)
    scales, sigma, missed = values(R, exponents)
    assert missed < 1e-14
    svd = np.linalg.svd

    def wrong(X, **options):
        found = svd(X, **options)
        found[..., -1] *= 1 + lost
        return found

    monkeypatch.setattr(np.linalg, "svd", wrong)
    again, others, told = values(R, exponents)
    np.testing.assert_allclose(again + np.log2(others), scales + np.log2(sigma), rtol=0, atol=1e-12)
    assert told == 0  # Jacobi's


def test_values_beyond_the_range_of_float64_are_jacobis():
    R, exponents = np.triu(np.ones((3, 3))), np.array([3000.0, 0.0, -3000.0])
    scales, sigma, _ = values(np.stack([R, R]), np.stack([exponents, np.zeros(3)]))
    np.testing.assert_allclose((scales + np.log2(sigma))[0], exponents, rtol=0, atol=1e-9)
    plain = np.log2(np.linalg.svd(R, compute_uv=False))
    np.testing.assert_allclose((scales + np.log2(sigma))[1], plain, rtol=0, atol=1e-14)


def test_the_condition_of_a_wide_triangle_is_that_of_its_svd():
    generator = np.random.default_rng(3)
    for R in (
        np.linalg.qr(generator.normal(size=(150, 150)))[1],
        np.triu(np.ones((100, 100))) / 50 + np.eye(100),
    ):
        assert condition(R) == pytest.approx(np.linalg.cond(R), rel=0.05)


@pytest.mark.parametrize("bits", [2, 30])
@pytest.mark.parametrize("width", [5, 64, 101, 128, 140])
def test_the_norm_of_an_inverse_is_bounded_from_above_and_not_far(width, bits):
    R = np.linalg.qr(turned(np.random.default_rng(width), width, bits))[1]
    exact = np.linalg.norm(np.linalg.inv(R))
    assert exact * (1 - 1e-6) <= inverse_norm(R, np.linalg.norm(R)) <= max(2.0**24, 1.01 * exact)
    R[3, 3] = 0
    assert inverse_norm(R, np.linalg.norm(R)) == np.inf
