"""Seeded random chains, as lists of float64 factors in order of application.

The same arguments give the same factors, bit for bit, on any machine with the same NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.support.arguments import positive_number, probability, whole_number
from jacspec.numerics.support.budget import demand

Factors = list[NDArray[np.float64]]

_LARGEST = 10**18
"""Depths and widths up to here are refused with the memory that they take, others as no number of factors."""
_FLOAT, _ARRAY = 8, 250
"""Bytes of an entry, and of an array beside its entries."""


def gaussian(*, depth: int, width: int, seed: int, variance: float | None = None) -> Factors:
    """``M_l`` with i.i.d. entries N(0, σ²), σ² = 1/width unless ``variance`` says otherwise."""
    depth, width, generator = _begin(depth, width, seed)
    sigma = _sigma(variance, width)
    return [sigma * generator.standard_normal((width, width)) for _ in range(depth)]


def haar(*, depth: int, width: int, seed: int) -> Factors:
    """``M_l`` Haar-distributed orthogonal matrices, rounded to float64.

    QR of a Gaussian matrix with the signs of R's diagonal absorbed (Mezzadri 2007). Rounding makes
    each orthogonal only to about 1e-16; jacspec's engines see, and resolve, those deviations.
    """
    depth, width, generator = _begin(depth, width, seed)
    return [_haar(generator, width) for _ in range(depth)]


def masked(
    *, depth: int, width: int, seed: int, p: float = 0.5, min_active: int = 1, variance: float | None = None
) -> Factors:
    """``M_l = D_l W_l``: Gaussian W_l behind gates, i.i.d. Bernoulli(p) given ≥ ``min_active`` ones.

    ``min_active=0`` leaves the gates unconditioned: a layer may then be dead, and J zero.
    """
    depth, width, generator = _begin(depth, width, seed)
    sigma = _sigma(variance, width)
    p, min_active = _checked_gates(width, p, min_active)
    return [
        gates(generator, width, p, min_active)[:, None] * (sigma * generator.standard_normal((width, width)))
        for _ in range(depth)
    ]


def fgln(
    *, depth: int, width: int, seed: int, p: float = 0.5, min_active: int = 1, variance: float | None = None
) -> Factors:
    """``M_l = D_l W_l D_{l-1}``, a fixed-gates linear network with its gates absorbed; D_0 = D_N = I."""
    depth, width, generator = _begin(depth, width, seed)
    sigma = _sigma(variance, width)
    p, min_active = _checked_gates(width, p, min_active)
    opened = np.ones(width)
    masks = [opened, *(gates(generator, width, p, min_active) for _ in range(depth - 1)), opened]
    return [
        masks[layer + 1][:, None] * (sigma * generator.standard_normal((width, width))) * masks[layer]
        for layer in range(depth)
    ]


def balanced(*, depth: int, width: int, seed: int, spread: float = 2.0) -> Factors:
    """``M_l = Q_l S Q_{l-1}ᵀ`` with Haar Q's, so that ``M_{l+1}ᵀ M_{l+1} = M_l M_lᵀ`` up to rounding.

    S = diag(spread^x), x evenly spaced from 1/2 down to -1/2: balanced factors share singular
    values.
    """
    depth, width, generator = _begin(depth, width, seed)
    scales = positive_number("spread", spread, example=2) ** np.linspace(0.5, -0.5, width)
    frames = [_haar(generator, width) for _ in range(depth + 1)]
    return [(frames[layer + 1] * scales) @ frames[layer].T for layer in range(depth)]


def gates(generator: np.random.Generator, width: int, p: float, min_active: int) -> NDArray[np.float64]:
    """One 0/1 vector of i.i.d. Bernoulli(p) gates, given that at least ``min_active`` are open.

    The number of open gates is drawn from its conditional law; which ones they are is then uniform.
    Drawing again until enough are open is the same law, but need not end for a small p.
    """
    counts, weights = open_gate_law(width, p, min_active)
    active = int(generator.choice(counts, p=weights))
    gate = np.zeros(width)
    gate[generator.permutation(width)[:active]] = 1.0
    return gate


def open_gate_law(width: int, p: float, min_active: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """How many of ``width`` gates may be open, and with what probability, given at least ``min_active``."""
    counts = np.arange(min_active, width + 1)
    log_weights = np.array([_log_binomial(width, int(count), p) for count in counts])
    weights = np.exp(log_weights - log_weights.max())
    return counts, weights / weights.sum()


ENSEMBLES: dict[str, Callable[..., Factors]] = {
    "gaussian": gaussian,
    "haar": haar,
    "masked": masked,
    "fgln": fgln,
    "balanced": balanced,
}
"""Every ensemble by the name that the command line uses."""


def _log_binomial(n: int, m: int, p: float) -> float:
    """Logarithm of the probability that m of n gates are open."""
    if p == 1:
        return 0.0 if m == n else -math.inf
    choices = math.lgamma(n + 1) - math.lgamma(m + 1) - math.lgamma(n - m + 1)
    return choices + m * math.log(p) + (n - m) * math.log1p(-p)


def _haar(generator: np.random.Generator, width: int) -> NDArray[np.float64]:
    orthogonal, triangular = np.linalg.qr(generator.standard_normal((width, width)))
    frame: NDArray[np.float64] = orthogonal * np.sign(np.diagonal(triangular))
    return frame


def _begin(depth: int, width: int, seed: int) -> tuple[int, int, np.random.Generator]:
    depth = whole_number("depth", depth, most=_LARGEST)
    width = whole_number("width", width, most=_LARGEST)
    generator = np.random.default_rng(whole_number("seed", seed, least=0))
    # The factors as they are drawn and as a chain holds them; one, while it is drawn, several times.
    demand(
        f"a chain of {depth} factors {width}×{width}", 3 * _FLOAT * (depth + 2) * width**2 + _ARRAY * depth
    )
    return depth, width, generator


def _sigma(variance: float | None, width: int) -> float:
    usual = 1 / width
    return math.sqrt(usual if variance is None else positive_number("variance", variance, example=usual))


def _checked_gates(width: int, p: float, min_active: int) -> tuple[float, int]:
    return probability("p", p), whole_number("min_active", min_active, least=0, most=width, note="the width")
