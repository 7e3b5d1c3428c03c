"""Chains of few small factors, many at once: the product itself, where float64 does for it.

``J̃``, multiplied out, has the singular values s_k and left vectors u_k of LAPACK. By first order,

    |δ log s_k| ≲ u (‖J‖ + Σ_l ‖A_{l+1}ᵀ u_k‖ ‖M_l‖ ‖B_l‖)/s_k,   u = 2^-53, Frobenius norms;

where that is too much, the graded product is for the chain. The rank is exact: it is at
most the least number r of coordinates through which anything passes, and at least r if ``XᵀJY``, with the r
columns ``X = U`` and ``Y = V/s``, is certainly within 1 of the identity. That is a proof whatever U, s and V
are, as ‖J - J̃‖ ≤ e_N with

    e_l = ‖M_l‖ e_{l-1} + 2 n u ‖M_l‖ ‖B̃_l‖,   e_1 = 0.

What is found of a chain does not depend on the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.chains.chain import Chain
from jacspec.numerics.support.factors import Uniform

Floats = NDArray[np.float64]

_DEEPEST, _WIDEST = 20, 64
_AT_ONCE = 2**20
"""Entries of factors that are handled together."""
_UNIT = 2.0**-53
_LEAST, _LARGEST = 1e-100, 1e100
"""Norms and singular values between which nothing under- or overflows that matters."""


class RankAndLogs(NamedTuple):
    """The rank, and the logs of so many singular values; None of what is not known."""

    rank: int | None = None
    logs: Floats | None = None


def shallow(chains: Sequence[Chain], digits: int) -> list[RankAndLogs]:
    """What the product itself says of each chain, the logs to ``digits``."""
    found = [RankAndLogs()] * len(chains)
    alike: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for position, chain in enumerate(chains):
        if chain.depth > _DEEPEST or not chain.is_dyadic:
            continue
        shapes = tuple(factor.shape for factor in chain.factors)
        if max(map(max, shapes)) <= _WIDEST:
            alike.setdefault(shapes, []).append(position)
    for shapes, positions in alike.items():
        step = max(_AT_ONCE // sum(rows * columns for rows, columns in shapes), 1)
        for start in range(0, len(positions), step):
            some = positions[start : start + step]
            with np.errstate(all="ignore"):
                said = _said(_layers([chains[position] for position in some]), digits)
            found_of = zip(*(each.tolist() for each in said[:3]), said[3], strict=True)
            for position, (proven, known, rank, logs) in zip(some, found_of, strict=True):
                if proven:
                    found[position] = RankAndLogs(rank, logs[:rank] if known else None)
    return found


def _layers(chains: Sequence[Chain]) -> list[Floats]:
    """The factors of chains of the same shapes: M_1 of each, then M_2 of each, and so on."""
    stacks = [chain.factors.stack for chain in chains if isinstance(chain.factors, Uniform)]
    if len(stacks) == len(chains):
        return list(np.swapaxes(np.stack(stacks), 0, 1))
    return [np.stack(layer) for layer in zip(*(chain.factors for chain in chains), strict=True)]


def _said(
    layers: Sequence[Floats], digits: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.intp], Floats]:
    """For each chain, whether its rank is proven, and the logs known; the rank; the logs, so many of them."""
    widest = max(map(max, (layer.shape[1:] for layer in layers)))
    products = list(accumulate(layers, lambda product, layer: layer @ product))
    product = products[-1]
    usable: NDArray[np.bool_] = np.asarray(np.isfinite(product).all(axis=(1, 2)))
    left, values, right = np.linalg.svd(np.where(usable[:, None, None], product, 0), full_matrices=False)

    ranks = _passing(layers)
    kept = np.arange(values.shape[1]) < ranks[:, None]
    least = np.where(kept, values, np.inf).min(axis=1)
    left, inverse = left * kept[:, None], np.where(kept, 1 / values, 0)
    size = _norm(product)
    lowest = 2 * widest * _UNIT if len(layers) > 1 else 0.0  # the error alone is too much, below
    if all(layer.shape[1] == layer.shape[2] == values.shape[1] for layer in layers):
        lowest = max(
            lowest, _UNIT * 10.0**digits
        )  # nor are the values known; the rank is, by the graded product
    if not (least > lowest * size).any():
        nothing = np.zeros(len(product), dtype=bool)
        return nothing, nothing, ranks, values
    norms = [_norm(layer) for layer in layers]
    sizes, error = [np.ones(len(product)), *map(_norm, products[:-1])], np.zeros(len(product))
    for norm, before in zip(norms[1:], sizes[1:], strict=True):
        error = norm * (error + 2 * widest * _UNIT * before)
    extremes = np.stack([*norms, *sizes, np.where(kept.any(axis=1), least, 1), np.maximum(size, _LEAST)])
    safe = usable & ((extremes >= _LEAST) & (extremes <= _LARGEST)).all(axis=0)
    proven = safe & _within_one(left, product, np.swapaxes(right * inverse[..., None], 1, 2), kept, error)

    logs = np.log(np.where(kept, values, 1))
    known = proven & (_UNIT * size * inverse.max(axis=1) <= 10.0**-digits)
    if known.any():
        moved = np.broadcast_to(size[:, None], values.shape)
        for layer, norm, before in zip(*map(reversed, (layers[1:], norms[1:], sizes[1:])), strict=True):
            moved = moved + np.sqrt(np.einsum("bij,bij->bj", left, left)) * (norm * before)[:, None]
            left = np.swapaxes(layer, 1, 2) @ left
        known &= (_UNIT * (moved * inverse + 2 * abs(logs))).max(axis=1) <= 10.0**-digits
    return proven, known, ranks, logs


def _within_one(
    left: Floats, product: Floats, right: Floats, kept: NDArray[np.bool_], error: Floats
) -> NDArray[np.bool_]:
    """Whether XᵀJY is certainly within 1 of the identity, J within ``error`` of the product."""
    near = np.swapaxes(left, 1, 2) @ product @ right
    near[:, np.arange(kept.shape[1]), np.arange(kept.shape[1])] -= kept
    rounding = 8 * max(product.shape[1:]) * _UNIT * _norm(product)
    # Half of 1: the other half is far more than rounding costs in these few norms.
    return np.asarray(_norm(near) + _norm(left) * _norm(right) * (error + rounding) <= 0.5)


def _passing(layers: Sequence[Floats]) -> NDArray[np.intp]:
    """The least number of coordinates, anywhere along each chain, that lie on a way from its input to J's."""
    links = [layer != 0 for layer in layers]
    if all(link.all() for link in links):
        return np.full(len(links[0]), min(min(link.shape[1:]) for link in links))
    alive = [np.ones((len(links[0]), links[0].shape[2], 1), dtype=bool)]
    for link in links:
        alive.append(link @ alive[-1])
    after, least = alive[-1], alive[-1].sum(axis=(1, 2))
    for link, before in zip(reversed(links), reversed(alive[:-1]), strict=True):
        after = before & (np.swapaxes(link, 1, 2) @ after)
        least = np.minimum(least, after.sum(axis=(1, 2)))
    return np.asarray(least)


def _norm(matrices: Floats) -> Floats:
    return np.asarray(np.sqrt(np.einsum("bij,bij->b", matrices, matrices)))
