"""How fast singular values move: exactly, and as if the modes were decoupled; both in balls."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from flint import arb, arb_mat, fmpq_mat
from numpy.typing import NDArray

from jacspec.documents.blocks import Block, Table
from jacspec.documents.prose import code
from jacspec.numerics.chains.chain import Chain, as_chain
from jacspec.numerics.chains.flows import product_velocity
from jacspec.numerics.files.results import Result
from jacspec.numerics.measures.overlap_matrix import Side
from jacspec.numerics.measures.overlaps import vectors_of
from jacspec.numerics.spectra.compute import spectrum
from jacspec.numerics.spectra.engines.contract import DIGITS, MOST_DIGITS
from jacspec.numerics.spectra.partial_spectra import PartialSpectra, partial_spectra
from jacspec.numerics.spectra.spectrum import Spectrum
from jacspec.numerics.support.arguments import whole_number
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import as_exact, as_factor
from jacspec.numerics.support.precision import balls
from jacspec.numerics.support.printing import ball_code, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ATTEMPTS = 5
_BEYOND = (30, 90)
"""Digits added at each look at a ball that contains zero: a velocity may be that far below its terms."""

_GUARD_BITS = 64


@dataclass(frozen=True, eq=False)
class Velocities(Result):
    """Velocities of the non-zero singular values as rigorous balls, mode 1 first.

    ``exact[k-1]`` is ``ṡ_k = u_kᵀ J̇ v_k`` with ``J̇ = Σ_l A_{l+1} Ṁ_l B_l``; ``decoupled[k-1]`` is
    ``Σ_l s_k(A_{l+1}) s_k(B_l) ⟨v_k(A_{l+1}), Ṁ_l u_k(B_l)⟩``, what is left of it when all overlaps
    of the partial products with J are those of the identity.

    Both are NaN where J's k-th singular value was not told apart from a neighbour, as its vectors are not
    determined then; ``decoupled`` also where that holds of a non-empty partial product, or where a
    diagonal overlap with J, whose sign it takes, could not be told from zero.
    """

    units: ClassVar[dict[str, str]] = {"log_singular_value": "nats"}

    exact: tuple[arb, ...]
    decoupled: tuple[arb, ...]
    log_singular_values: NDArray[np.float64]

    @property
    def ratios(self) -> NDArray[np.float64]:
        """decoupled/exact per mode; NaN where one of them could be zero without being known to be.

        NaN as well where the exact velocity is zero; 0 where the decoupled one is, exactly.
        """
        pairs = zip(self.exact, self.decoupled, strict=True)
        with balls(_GUARD_BITS):
            return np.array([_ratio(exact, decoupled) for exact, decoupled in pairs])

    def array(self) -> NDArray[np.float64]:
        """The exact and the decoupled velocity of each mode, shape (modes, 2)."""
        pairs = zip(self.exact, self.decoupled, strict=True)
        return np.array([[float(x.mid()) for x in pair] for pair in pairs]).reshape(-1, 2)

    def to_records(self) -> list[dict[str, Any]]:
        """A row for each mode: log s_k, both velocities, and decoupled/exact."""
        columns = zip(
            self.log_singular_values.tolist(), self.array().tolist(), self.ratios.tolist(), strict=True
        )
        return [
            {"mode": k, "log_singular_value": log, "exact": exact, "decoupled": decoupled, "ratio": ratio}
            for k, (log, (exact, decoupled), ratio) in enumerate(columns, 1)
        ]

    def draw(self, axes: Axes) -> None:
        """decoupled/exact against k."""
        axes.plot(np.arange(1, len(self) + 1), self.ratios, "o-", color="#21618c", markersize=4)
        axes.axhline(1, color="0.5", linewidth=0.8)
        axes.set(xlabel="k", ylabel="decoupled / exact")

    def blocks(self) -> list[Block]:
        """The exact and the decoupled velocity of each mode, and their quotient."""
        columns = zip(self.log_singular_values, self.exact, self.decoupled, self.ratios, strict=True)
        rows = [
            (str(mode), code(f"{log:.4f}"), ball_code(exact), ball_code(decoupled), code(f"{ratio:.4g}"))
            for mode, (log, exact, decoupled, ratio) in enumerate(columns, 1)
        ]
        headings = ("$k$", "$log s_k$", "exact $ṡ_k$", "decoupled", "decoupled/exact")
        return [Table(headings, shortened(rows), right=(0, 1, 2, 3, 4))]


def velocities(chain: Chain, motion: Sequence[Any], *, digits: int = DIGITS) -> Velocities:
    """Velocities of the singular values of J while factor l moves with ``motion[l-1]`` = Ṁ_l.

    Precision follows the chain's dynamic range, so that the velocity of a mode of any size comes out to
    ``digits`` digits of its own, unless it is zero. Raises InputError if the motion does not match the
    factors in number or shape.
    """
    chain = as_chain("velocities", chain)
    digits = whole_number("digits", digits, most=MOST_DIGITS, note=f"such as {DIGITS}")
    moving = [_as_matrix(velocity, layer) for layer, velocity in enumerate(motion, 1)]
    _check_shapes(chain, moving)
    whole, exact = _exact(chain, moving, digits)
    decoupled = _decoupled(chain, moving, digits) if whole.rank else ()
    return Velocities(exact, _without_clusters(decoupled, whole), whole.log_singular_values[: whole.rank])


def _exact(chain: Chain, moving: Sequence[fmpq_mat], digits: int) -> tuple[Spectrum, tuple[arb, ...]]:
    """``u_kᵀ J̇ v_k``: the sum cancels down to the size of s_k, and the vectors are as much more accurate."""
    whole = spectrum(chain, digits=digits)
    if not whole.rank:
        return whole, ()
    logs = whole.log_singular_values[: whole.rank]

    def computed(wanted: int) -> tuple[arb, ...]:
        nonlocal whole
        whole = spectrum(chain, digits=wanted, vectors=True)
        bits = whole.precision_bits + _GUARD_BITS
        J_dot = product_velocity(chain, moving, bits)
        u, v = vectors_of(whole, "left"), vectors_of(whole, "right")
        with balls(bits):
            return _without_clusters(_column_products(u, J_dot * v), whole)

    values = _sharpened(computed, digits, digits + math.ceil(float(logs[0] - logs[-1]) / math.log(10)))
    return whole, values


def _decoupled(chain: Chain, moving: Sequence[fmpq_mat], digits: int) -> tuple[arb, ...]:
    """``Σ_l s_k(A_{l+1}) s_k(B_l) ⟨v_k(A_{l+1}), Ṁ_l u_k(B_l)⟩``, which may be far below its terms."""

    def computed(wanted: int) -> tuple[arb, ...]:
        return _decoupled_sums(partial_spectra(chain, digits=wanted, vectors=True), moving)

    return _sharpened(computed, digits, digits)


def _sharpened(computed: Callable[[int], tuple[arb, ...]], digits: int, first: int) -> tuple[arb, ...]:
    """What ``computed`` gives, at as many digits as it takes for ``digits`` in each ball other than zero."""
    wanted, looks = first, iter(_BEYOND)
    values: tuple[arb, ...] = ()
    for _ in range(_ATTEMPTS):
        wanted = min(wanted, MOST_DIGITS)
        values = computed(wanted)
        proper = [value for value in values if not value.is_zero() and not value.is_nan()]
        bits_found = [value.rel_accuracy_bits() for value in proper if not value.contains(0)]
        missing = math.ceil(max(digits - min(bits_found, default=math.inf) / math.log2(10), 0))
        if any(value.contains(0) for value in proper):
            missing = max(missing, next(looks, 0))
        if not missing or wanted == MOST_DIGITS:
            break
        wanted += missing + 1
    return values


def _decoupled_sums(parts: PartialSpectra, moving: Sequence[fmpq_mat]) -> tuple[arb, ...]:
    whole = parts.whole
    modes = whole.rank
    u, v = vectors_of(whole, "left"), vectors_of(whole, "right")
    last = len(moving)
    sums = [arb(0)] * modes
    for layer, velocity in enumerate(moving, 1):
        A, B = parts.left[layer], parts.right[layer - 1]
        bits = max(whole.precision_bits, A.precision_bits, B.precision_bits) + _GUARD_BITS
        with balls(bits):
            # The empty products, A_{N+1} and B_1 by position, take J's vectors, for which all signs are +1.
            v_A, outer = (u, [arb(1)] * modes) if layer == last else _factor(A, "right", "left", u)
            u_B, inner = (v, [arb(1)] * modes) if layer == 1 else _factor(B, "left", "right", v)
            inside = _column_products(v_A, arb_mat(velocity) * u_B)
            terms = zip(sums, outer, inner, inside, strict=False)
            sums = [total + s_A * s_B * product for total, s_A, s_B, product in terms]
    return tuple(sums)


def _factor(part: Spectrum, moved: Side, matched: Side, reference: arb_mat) -> tuple[arb_mat, list[arb]]:
    """The vectors of a partial product that meet Ṁ_l, and s_k with the sign that aligns its mode with J's."""
    signs = [_sign(value) for value in _column_products(vectors_of(part, matched), reference)]
    assert part.enclosures is not None  # noqa: S101
    scales = [sign * log.exp() for sign, log in zip(signs, part.enclosures, strict=False)]
    return vectors_of(part, moved), list(_without_clusters(scales, part))


def _sign(value: arb) -> arb:
    return arb.nan() if value.contains(0) else arb(1 if value > 0 else -1)


def _without_clusters(values: Sequence[arb], found: Spectrum) -> tuple[arb, ...]:
    """NaN for the modes whose vectors are not determined."""
    undetermined = {k for cluster in found.clusters for k in cluster}
    return tuple(arb.nan() if k in undetermined else value for k, value in enumerate(values))


def _column_products(X: arb_mat, Y: arb_mat) -> tuple[arb, ...]:
    """``x_kᵀ y_k`` for the columns that both have."""
    modes = min(X.ncols(), Y.ncols())
    totals = [arb(0)] * modes
    for row in range(X.nrows()):
        for k in range(modes):
            totals[k] += X[row, k] * Y[row, k]
    return tuple(totals)


def _as_matrix(velocity: Any, layer: int) -> fmpq_mat:
    return velocity if isinstance(velocity, fmpq_mat) else as_exact(as_factor(velocity, f"Ṁ_{layer}"))


def _check_shapes(chain: Chain, moving: Sequence[fmpq_mat]) -> None:
    shapes = [(m.nrows(), m.ncols()) for m in moving]
    expected = [factor.shape for factor in chain.factors]
    if shapes != expected:
        message = f"the motion has shapes {shapes}; expected those of the factors, {expected}"
        raise InputError(message)


def _ratio(exact: arb, decoupled: arb) -> float:
    unknown = decoupled.contains(0) and not decoupled.is_zero()
    return math.nan if exact.contains(0) or unknown else float((decoupled / exact).mid())
