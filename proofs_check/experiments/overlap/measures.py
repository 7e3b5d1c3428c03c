"""What the overlap experiment measures: one chain in balls, many in float64, both by the same figures.

The overlap is that of the poster's pictures, ``U_Jᵀ U_{A_l}``: rows are modes of J, columns of A_l, which is
``R_lᵀ``. Its *diagonal correlation* is the Pearson correlation of row and column index under the weights
``|R_ij|``, the natural reading of a word that the poster does not define.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jacspec.documents.prose import plain
from jacspec.numerics import Chain, left_overlap, spectrum
from jacspec.numerics.products.graded import graded_svd
from jacspec.theory.results.alignment import bounds

_DIGITS: Final = 6
"""Significant digits of every entry of the certified overlap."""


@dataclass(frozen=True)
class Setting:
    """One picture: a chain of `depth` factors, A the product of its last `factors`; the poster's figure."""

    depth: int
    factors: int
    poster: float

    @property
    def layer(self) -> int:
        """The l of A_l = M_N ⋯ M_l."""
        return self.depth - self.factors + 1

    @property
    def prose(self) -> str:
        """The setting in words."""
        return f"$N = {self.depth}$, $A$ of {self.factors} factor{'s' * (self.factors > 1)}"

    def __str__(self) -> str:
        return plain(self.prose)


PANELS: Final = (Setting(2, 1, 0.26), Setting(10, 5, 0.49), Setting(20, 10, 0.84))
"""The poster's three pictures. Its caption says l = 1, 5, 10, counted from the other end: A_1 is J itself."""


@dataclass(frozen=True)
class Panel:
    """A certified overlap and what the theory says about it.

    `overlap` is ``|U_Jᵀ U_A|`` and `log_overlap` its logarithm, where float64 has no range; `outer_logs` are
    log s_k(A), `log_condition` is log κ(B). `graded_error` and `plain_error` are the largest errors of the
    entries when they are computed in float64, by the graded product and by plain multiplication.
    """

    setting: Setting
    overlap: NDArray[np.float64] = field(repr=False)
    log_overlap: NDArray[np.float64] = field(repr=False)
    outer_logs: NDArray[np.float64] = field(repr=False)
    log_condition: float
    graded_error: float
    plain_error: float

    @property
    def correlations(self) -> NDArray[np.float64]:
        """Diagonal correlation of every upper-left block; entry b-1 is that of b × b."""
        return leading_correlations(self.overlap)

    @property
    def pairs(self) -> NDArray[np.bool_]:
        """The entries off the diagonal."""
        return ~np.eye(len(self.overlap), dtype=bool)

    def log_bound(self, log_condition: float) -> NDArray[np.float64]:
        """The alignment bound's logarithm with another κ(B), entry by entry; κ = 1 leaves the ratio."""
        bound = bounds.overlap_bound().compiled("numpy")
        # Relative to s_1, which the bound does not depend on: so that nothing underflows.
        values = np.exp(self.outer_logs - self.outer_logs[0])
        return np.asarray(log_condition + np.log(bound(1.0, values[:, None], values[None, :])))


def measured(setting: Setting, width: int, seed: int) -> Panel:
    """The certified overlap of ``gaussian:depth=N,width=n,seed=S``, variance 1/n."""
    chain = Chain.gaussian(depth=setting.depth, width=width, seed=seed)
    found = left_overlap(chain, setting.layer, digits=_DIGITS)
    outer = spectrum(chain.left_partial(setting.layer), digits=10).log_singular_values
    inner = spectrum(chain.right_partial(setting.layer), digits=10).log_singular_values
    overlap = np.abs(found.values.T)
    factors = np.array([np.asarray(factor, dtype=np.float64) for factor in chain.factors])
    return Panel(
        setting=setting,
        overlap=overlap,
        log_overlap=found.log_magnitudes.T,
        outer_logs=outer,
        log_condition=float(inner[0] - inner[-1]),
        graded_error=float(np.max(np.abs(magnitudes(factors, setting.factors) - overlap))),
        plain_error=float(np.max(np.abs(_plain_magnitudes(factors, setting.factors) - overlap))),
    )


def random_factors(depth: int, width: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """Independent Gaussian chains of variance 1/n, shape ``(N, n, n)``, one after another."""
    generator = np.random.default_rng([seed, depth])
    while True:
        yield generator.standard_normal((depth, width, width)) / np.sqrt(width)


def magnitudes(factors: NDArray[np.float64], outer: int) -> NDArray[np.float64]:
    """``|U_Jᵀ U_A|`` in float64, A the product of the last `outer` factors, by the graded product."""
    whole, partial = graded_svd(list(factors)).U, graded_svd(list(factors[-outer:])).U
    return np.asarray(np.abs(whole.T @ partial))


def _plain_magnitudes(factors: NDArray[np.float64], outer: int) -> NDArray[np.float64]:
    """The same by plain multiplication, as one would first try."""
    left = [np.linalg.svd(_product(part))[0] for part in (factors, factors[-outer:])]
    return np.asarray(np.abs(left[0].T @ left[1]))


def _product(factors: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = factors[0]
    for factor in factors[1:]:
        result = np.asarray(factor @ result)
    return result


def leading_correlations(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pearson correlation of row and column index under `weights`, of every upper-left block.

    Shape ``(n,)`` for n × n weights ≥ 0; entry b-1 belongs to the b × b block, NaN for b = 1. By cumulated
    moments, so that all blocks cost as much as one.
    """
    rows = np.arange(len(weights), dtype=np.float64)[:, None]
    columns = rows.T
    total, row, column, rows2, columns2, mixed = (
        np.diagonal(np.cumsum(np.cumsum(weights * factor, axis=0), axis=1))
        for factor in (np.ones_like(rows), rows, columns, rows**2, columns**2, rows * columns)
    )
    with np.errstate(invalid="ignore"):
        row_mean, column_mean = row / total, column / total
        spread = (rows2 / total - row_mean**2) * (columns2 / total - column_mean**2)
        return np.asarray((mixed / total - row_mean * column_mean) / np.sqrt(spread))
