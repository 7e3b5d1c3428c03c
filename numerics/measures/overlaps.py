"""Overlaps of singular vectors: how far those of the partial products are aligned with those of J.

Enclosures. Entries decay like ``|R_ik| ≲ κ·min(s_i, s_k)/max(s_i, s_k)`` (the singular values of the partial
product), down to e^{-depth}; the vectors are therefore computed to the digits asked for *plus* that range,
which the float64 engine estimates beforehand, and once more where the result shows that it fell short.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from flint import arb, arb_mat

from jacspec.numerics.chains.chain import Chain, as_chain
from jacspec.numerics.chains.components import Components, component_of_columns, components
from jacspec.numerics.measures.overlap_matrix import Overlap, Side
from jacspec.numerics.spectra.compute import spectrum
from jacspec.numerics.spectra.engines.contract import MOST_DIGITS
from jacspec.numerics.spectra.rank import rank
from jacspec.numerics.spectra.spectrum import Spectrum
from jacspec.numerics.support.arguments import whole_number
from jacspec.numerics.support.errors import InputError, PrecisionError
from jacspec.numerics.support.precision import balls

DIGITS = 20
"""Significant digits of each non-zero overlap unless told otherwise."""

_ATTEMPTS = 4
_BEYOND = 30
"""Digits by which an entry may be smaller than its generic size before it is left undecided."""


def left_overlap(chain: Chain, layer: int, *, digits: int = DIGITS) -> Overlap:
    """``R_l = U_{A_l}ᵀ U_J``: the left singular vectors of A_l = M_N ⋯ M_l against those of J.

    Every non-zero entry is enclosed to ``digits`` significant digits; one that is some 30 orders below its
    generic size, or zero without the chain's structure showing it, is listed as ``undecided``.
    The empty product A_{N+1} = I, whose singular vectors are arbitrary, takes J's. Raises InputError for a
    layer outside 1 … N+1, PrecisionError if the vectors cannot be enclosed at all.
    """
    chain = as_chain("left_overlap", chain)
    layer = chain.checked_layer(layer)
    partial = chain.left_partial(layer)
    return _overlap("left", chain, partial, empty=layer == chain.depth + 1, whole=layer == 1, digits=digits)


def right_overlap(chain: Chain, layer: int, *, digits: int = DIGITS) -> Overlap:
    """``V_Jᵀ V_{B_l}``: the right singular vectors of J against those of B_l = M_{l-1} ⋯ M_1.

    Every non-zero entry is enclosed to ``digits`` significant digits; one that is some 30 orders below its
    generic size, or zero without the chain's structure showing it, is listed as ``undecided``.
    The empty product B_1 = I, whose singular vectors are arbitrary, takes J's. Raises InputError for a
    layer outside 1 … N+1, PrecisionError if the vectors cannot be enclosed at all.
    """
    chain = as_chain("right_overlap", chain)
    layer = chain.checked_layer(layer)
    partial = chain.right_partial(layer)
    return _overlap("right", chain, partial, empty=layer == 1, whole=layer == chain.depth + 1, digits=digits)


def _overlap(side: Side, chain: Chain, partial: Chain, *, empty: bool, whole: bool, digits: int) -> Overlap:
    digits = whole_number("digits", digits, most=MOST_DIGITS, note=f"such as {DIGITS}")
    if empty or whole:
        size = rank(chain)
        eye = arb_mat(size, size, [int(i == k) for i in range(size) for k in range(size)])
        return Overlap(side, eye, digits, (), (), precision_bits=64)
    labels = components(chain)
    wanted = min(digits + _range_in_digits(partial), MOST_DIGITS)
    raised = False
    for _ in range(_ATTEMPTS):
        J = spectrum(chain, digits=wanted, vectors=True)
        found = overlap_of_spectra(side, J, spectrum(partial, digits=wanted, vectors=True), labels, digits)
        missing = math.ceil(max(digits - found.accuracy, 0))
        if found.undecided and not raised:  # zero, or smaller than generic: look once more
            raised, missing = True, max(missing, _BEYOND)
        if not missing or wanted >= MOST_DIGITS:
            break
        wanted = min(wanted + missing + 1, MOST_DIGITS)
    return found


def overlap_of_spectra(
    side: Side, J: Spectrum, partial: Spectrum, labels: Components, digits: int
) -> Overlap:
    """The overlap of a non-empty partial product, from spectra with vectors; PrecisionError without.

    Entries are accurate to the digits of the vectors *absolutely*: small ones have fewer of their own.
    """
    of_J, of_partial = vectors_of(J, side), vectors_of(partial, side)
    (first, second), (row_clusters, column_clusters) = (
        ((of_partial, of_J), (partial.clusters, J.clusters))
        if side == "left"
        else ((of_J, of_partial), (J.clusters, partial.clusters))
    )
    bits = max(J.precision_bits, partial.precision_bits) + 32
    with balls(bits):
        rows = (first.transpose() * second).tolist()
    raw = Overlap(side, _matrix(rows, second.ncols()), digits, row_clusters, column_clusters, bits)
    places = [
        component_of_columns(vectors, labels.rows if side == "left" else labels.columns)
        for vectors in (first, second)
    ]
    for i, k in np.argwhere(raw.determined).tolist():
        if -1 not in (places[0][i], places[1][k]) and places[0][i] != places[1][k]:
            rows[i][k] = arb(0)
    with balls(bits):
        for k in range(min(raw.shape)):
            if rows[k][k].mid() < 0:
                for row in rows:
                    row[k] = -row[k]
    return replace(raw, bases=_matrix(rows, second.ncols()))


def vectors_of(found: Spectrum, side: Side) -> arb_mat:
    """The enclosures of the left or right vectors; PrecisionError if there are none."""
    vectors = found.left_enclosures if side == "left" else found.right_enclosures
    if vectors is not None:
        return vectors
    if not found.rank:
        return arb_mat(found.shape[0 if side == "left" else 1], 0)
    message = (
        f"the singular vectors of a product of depth {found.depth} could not be enclosed to {found.digits} "
        f"digits: {found.shortfall or 'its singular values are too close'}; ask for fewer digits"
    )
    raise PrecisionError(message)


def _range_in_digits(partial: Chain) -> int:
    """log10(s_1/s_r), an estimate that only decides at which precision to begin."""
    try:
        found = spectrum(partial, engine="float64")
    except (InputError, PrecisionError):  # beyond float64's range
        found = spectrum(partial, digits=1)
    logs = found.log_singular_values[: found.rank]
    spread = float(logs[0] - logs[-1]) / math.log(10) if len(logs) else 0.0
    return math.ceil(spread) if math.isfinite(spread) else MOST_DIGITS


def _matrix(rows: list[list[arb]], columns: int) -> arb_mat:
    return arb_mat(len(rows), columns, [entry for row in rows for entry in row])
