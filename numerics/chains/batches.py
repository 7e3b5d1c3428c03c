"""Many random chains at once, for Monte Carlo: factors with a batch axis, and their log singular values.

Float64 estimates by the graded product (:mod:`jacspec.numerics.products.graded`), about 1e-12 in each log:
far below any sampling error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.chains.ensembles import open_gate_law
from jacspec.numerics.products.graded import finite_time_exponents, graded_svd

Floats = NDArray[np.float64]


def gaussian_batch(
    generator: np.random.Generator, count: int, *, depth: int, width: int, sigma: float
) -> Iterator[Floats]:
    """The factors of ``count`` independent Gaussian chains, entries N(0, σ²), each (count, width, width)."""
    for _ in range(depth):
        yield sigma * generator.standard_normal((count, width, width))


def masked_batch(
    generator: np.random.Generator,
    count: int,
    *,
    depth: int,
    width: int,
    sigma: float,
    p: float,
    min_active: int,
) -> Iterator[Floats]:
    """``M_l = D_l W_l``: the same behind gates, Bernoulli(p) given at least ``min_active`` open ones."""
    counts, weights = open_gate_law(width, p, min_active)
    for factor in gaussian_batch(generator, count, depth=depth, width=width, sigma=sigma):
        active = generator.choice(counts, p=weights, size=count)
        # Which gates are open is uniform given how many: those of the lowest random ranks.
        ranks = generator.random((count, width)).argsort(axis=-1).argsort(axis=-1)
        yield factor * (ranks < active[:, None])[..., None]


def log_singular_values(factors: Sequence[Floats]) -> Floats:
    """Log s_1 ≥ log s_2 ≥ … of every chain of a batch: shape (count, width); -inf for zero."""
    with np.errstate(invalid="ignore"):  # of a product that is zero
        return graded_svd(factors, vectors=False).log_singular_values


def qr_exponents(factors: Iterable[Floats]) -> Floats:
    """Σ_l log R_kk(l) of the QR sweep from the frame e_1, e_2, …: shape (count, width).

    The sum of the first k is the log volume of the image of e_1 ∧ … ∧ e_k. For Gaussian factors a sum of
    independent log σχ_{n-k+1}, the control variate of log s_k.
    """
    return finite_time_exponents(factors)
