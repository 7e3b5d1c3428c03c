"""The graded float64 product: values at any range, streams, batches, and what it is not."""

import tracemalloc

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, spectrum
from jacspec.numerics.products.graded import finite_time_exponents, graded_svd, graded_svd_of_stream

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
    values = np.exp(found.log_singular_values)
    assert np.allclose(found.U.T @ found.U, np.eye(6), atol=1e-13)
    assert np.allclose(found.U * values @ found.V.T, product, atol=1e-13 * values[0])


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
    values = np.linalg.svd(product, compute_uv=False)
    assert np.abs(found - np.log(values)).max() < PROMISED


def test_a_stream_is_read_once_and_gives_the_same():
    chain = Chain.gaussian(depth=300, width=8, seed=2)
    found = graded_svd_of_stream(iter(chain.factors)).log_singular_values
    assert np.abs(found - certified_logs(chain)).max() < PROMISED


def test_a_batch_is_many_chains_at_once():
    chains = [Chain.gaussian(depth=40, width=5, seed=seed) for seed in range(7)]
    stacked = [np.stack(layer) for layer in zip(*(chain.factors for chain in chains), strict=True)]
    together = graded_svd(stacked).log_singular_values
    for values, chain in zip(together, chains, strict=True):
        assert np.abs(values - certified_logs(chain)).max() < PROMISED


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
