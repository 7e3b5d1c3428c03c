"""Both predictions of ṡ_1 under gradient flow over ṡ_1 itself, for many chains at once.

Float64. Of s_1 the terms of every layer are of one size up to the weights, so that nothing cancels that a
partial product, scaled to entries of order 1, does not hold; smaller modes need balls
(:mod:`jacspec.numerics.measures.velocities`). An estimate: no error is returned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TopMode:
    """Predictions of ṡ_1 over ṡ_1 itself, one for each chain.

    ``decoupled`` is of -Σ_l s_1(A_{l+1})² s_1(B_l)² ⟨u_1(A_{l+1}), G v_1(B_l)⟩, with the signs of u_1 and
    v_1, ``closed_form`` of -N s_1^{2-2/N} ⟨u_1, G v_1⟩.
    """

    decoupled: Floats
    closed_form: Floats


def top_mode_quotients(factors: Sequence[Floats], gradient: Floats) -> TopMode:
    """Both quotients of the chains of a batch: factors M_1, …, M_N and G of shape (count, n, n)."""
    depth = len(factors)
    right = list(_partial_products(factors))
    left = [
        (X.swapaxes(1, 2), log) for X, log in _partial_products([M.swapaxes(1, 2) for M in factors[::-1]])
    ]
    whole, log_whole = right[-1]
    U, values, V = np.linalg.svd(whole)
    u, v = U[:, :, 0], V[:, 0, :]
    log_top = log_whole + np.log(values[:, 0])
    exact, decoupled = np.zeros(len(whole)), np.zeros(len(whole))
    layers = zip(reversed(left[:-1]), right[:-1], strict=True)
    for layer, ((A, log_A), (B, log_B)) in enumerate(layers, 1):
        weight = np.exp(2 * (log_A + log_B - log_top))
        ahead, behind = A @ A.swapaxes(1, 2), B.swapaxes(1, 2) @ B
        exact += weight * _between(_times(ahead, u), gradient, _times(behind, v))
        # The singular vectors of an empty product are J's.
        outer = u if layer == depth else _leading(ahead, u)
        inner = v if layer == 1 else _leading(behind, v)
        decoupled += weight * _between(outer, gradient, inner)
    closed_form = depth * np.exp(-2 * log_top / depth) * _between(u, gradient, v)
    return TopMode(decoupled / exact, closed_form / exact)


def _partial_products(factors: Sequence[Floats]) -> Iterator[tuple[Floats, Floats]]:
    """I, M_1, M_2 M_1, …: each scaled to entries of at most 1, with the log of the scale."""
    count, width, _ = factors[0].shape
    product, log = np.broadcast_to(np.eye(width), (count, width, width)), np.zeros(count)
    yield product, log
    for factor in factors:
        product = factor @ product
        largest = np.abs(product).max(axis=(1, 2))
        product, log = product / largest[:, None, None], log + np.log(largest)
        yield product, log


def _leading(gram: Floats, beside: Floats) -> Floats:
    """s_1² u_1 of every A, of which the A Aᵀ are given, with the sign that it has beside a vector."""
    values, vectors = np.linalg.eigh(gram)
    first = vectors[:, :, -1]
    sign = np.sign(np.einsum("ci,ci->c", first, beside))
    return np.asarray((values[:, -1] * sign)[:, None] * first)


def _times(matrix: Floats, vector: Floats) -> Floats:
    return np.asarray((matrix @ vector[..., None])[..., 0])


def _between(left: Floats, matrix: Floats, right: Floats) -> Floats:
    return np.asarray(np.einsum("ci,ci->c", left, _times(matrix, right)))
