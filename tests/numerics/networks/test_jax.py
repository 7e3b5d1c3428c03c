"""Weights held in JAX arrays, against JAX's own Jacobian; skipped without JAX."""

import numpy as np
import pytest

from jacspec.numerics import Chain

jax = pytest.importorskip("jax")
jnp = jax.numpy


def network(weights, biases, x):
    """h = x W + b, as JAX's libraries have it: kernels are (inputs, outputs)."""
    h = x
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = jax.nn.relu(h @ W + b)
    return h @ weights[-1] + biases[-1]


@pytest.mark.parametrize("seed", range(3))
def test_the_product_is_jax_s_jacobian(seed, jacobian_of):
    keys = jax.random.split(jax.random.key(seed), 9)
    widths = (5, 8, 8, 3)
    weights = [jax.random.normal(keys[i], widths[i : i + 2]) for i in range(3)]
    biases = [jax.random.normal(keys[3 + i], widths[i + 1 : i + 2]) for i in range(3)]
    x = jax.random.normal(keys[8], (5,))
    chain = Chain.from_weights(weights, x, biases=biases, transposed=True)
    with jax.enable_x64(True):
        double = [
            [jnp.asarray(np.asarray(a, dtype=np.float64)) for a in group] for group in (weights, biases)
        ]
        at = jnp.asarray(np.asarray(x, dtype=np.float64))
        expected = np.asarray(jax.jacobian(lambda z: network(*double, z))(at))
    np.testing.assert_allclose(jacobian_of(chain), expected, rtol=0, atol=1e-12)


def test_bfloat16_is_exact():
    W = jnp.array([[1.5, -2.0]], dtype=jnp.bfloat16)
    assert Chain.from_weights([W], jnp.array([1, 2], dtype=jnp.bfloat16)) == Chain([[[1.5, -2]]])
