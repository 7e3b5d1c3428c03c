"""Seeded random chains, as lists of float64 factors in order of application.

The same arguments give the same factors, bit for bit, on any machine with the same NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.support.errors import InputError

__all__ = ["ENSEMBLES", "balanced", "fgln", "gates", "gaussian", "haar", "masked", "open_gate_law"]

Factors = list[NDArray[np.float64]]


def gaussian(*, depth: int, width: int, seed: int, variance: float | None = None) -> Factors:
    """``M_l`` with i.i.d. entries N(0, σ²), σ² = 1/width unless ``variance`` says otherwise."""
    generator, sigma = _begin(depth, width, seed, variance)
    return [sigma * generator.standard_normal((width, width)) for _ in range(depth)]


def haar(*, depth: int, width: int, seed: int) -> Factors:
    """``M_l`` Haar-distributed orthogonal matrices, rounded to float64.

    QR of a Gaussian matrix with the signs of R's diagonal absorbed (Mezzadri 2007). Rounding makes
    each orthogonal only to about 1e-16; jacspec's engines see, and resolve, those deviations.
    """
    generator, _ = _begin(depth, width, seed, None)
    return [_haar(generator, width) for _ in range(depth)]


def masked(
    *,
    depth: int,
    width: int,
    seed: int,
    p: float = 0.5,
    min_active: int = 1,
    variance: float | None = None,
) -> Factors:
    """``M_l = D_l W_l``: Gaussian W_l behind gates, i.i.d. Bernoulli(p) given ≥ ``min_active`` ones.

    ``min_active=0`` leaves the gates unconditioned: a layer may then be dead, and J zero.
    """
    generator, sigma = _begin(depth, width, seed, variance)
    _check_gates(width, p, min_active)
    return [
        gates(generator, width, p, min_active)[:, None] * (sigma * generator.standard_normal((width, width)))
        for _ in range(depth)
    ]


def fgln(
    *,
    depth: int,
    width: int,
    seed: int,
    p: float = 0.5,
    min_active: int = 1,
    variance: float | None = None,
) -> Factors:
    """``M_l = D_l W_l D_{l-1}``, a fixed-gates linear network with its gates absorbed; D_0 = D_N = I."""
    generator, sigma = _begin(depth, width, seed, variance)
    _check_gates(width, p, min_active)
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
    generator, _ = _begin(depth, width, seed, None)
    if not spread > 0:
        message = f"spread {spread!r}: expected a positive number, such as 2"
        raise InputError(message)
    scales = spread ** np.linspace(0.5, -0.5, width)
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


def _begin(depth: int, width: int, seed: int, variance: float | None) -> tuple[np.random.Generator, float]:
    for name, value, least in (("depth", depth, 1), ("width", width, 1), ("seed", seed, 0)):
        _check_integer(name, value, least)
    if variance is not None and not (np.isfinite(variance) and variance > 0):
        message = f"variance {variance!r}: expected a positive number, such as {1 / width:g}"
        raise InputError(message)
    return np.random.default_rng(seed), float(np.sqrt(1 / width if variance is None else variance))


def _check_gates(width: int, p: float, min_active: int) -> None:
    _check_integer("min_active", min_active, 0)
    if min_active > width:
        message = f"min_active {min_active}: expected at most the width, {width}"
        raise InputError(message)
    if not 0 < p <= 1:
        message = f"p {p!r}: expected a probability with 0 < p ≤ 1, such as 0.5"
        raise InputError(message)


def _check_integer(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        message = f"{name} {value!r}: expected an integer of at least {least}"
        raise InputError(message)
