"""The float64 engine: the graded product, all log singular values to about 1e-10, fast and uncertified."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.chains.chain import Chain
from jacspec.numerics.products.graded import GradedSVD, graded_svd
from jacspec.numerics.spectra.rank import rank, without_zeros
from jacspec.numerics.spectra.spectrum import Spectrum
from jacspec.numerics.support.errors import InputError, PrecisionError
from jacspec.numerics.support.factors import Factor
from jacspec.numerics.support.precision import mp_context

__all__ = ["as_floats", "estimated_spectrum", "float64"]

_TINY = np.finfo(np.float64).tiny
_WIDEST = 1000
"""Powers of two that the entries of a factor may span: all of them are normal numbers next to 1."""


def float64(chain: Chain, *, digits: int, vectors: bool) -> Spectrum:
    """Estimate the spectrum of a chain in float64; see ``products/graded.py`` for the method.

    The rank is exact. Raises InputError for vectors (ask the certified engine), and for factors beyond
    float64's range, see :func:`as_floats`.
    """
    if vectors:
        message = "vectors: the float64 engine gives values only; ask the certified engine for vectors"
        raise InputError(message)
    nonzero, found = without_zeros(chain), None
    true_rank = 0 if nonzero is None else rank(chain)
    if nonzero is not None and true_rank:
        found = graded_svd(as_floats(nonzero.factors), rank=true_rank, vectors=False)
    return estimated_spectrum(found, depth=chain.depth, shape=chain.shape, digits=digits)


def estimated_spectrum(
    found: GradedSVD | None, *, depth: int, shape: tuple[int, int], digits: int
) -> Spectrum:
    """The spectrum of a product from an estimate of its non-zero singular values; None if it has none.

    Raises PrecisionError if one of them underflowed.
    """
    logs = np.zeros(0) if found is None else found.log_singular_values
    if not np.isfinite(logs).all():
        message = "a singular value underflowed in float64; ask the certified engine"
        raise PrecisionError(message)
    context = mp_context(53)
    zeros = [context.ninf] * (min(shape) - len(logs))
    return Spectrum(
        depth=depth,
        shape=shape,
        rank=len(logs),
        digits=digits,
        log_values=(*map(context.mpf, logs.tolist()), *zeros),
        enclosures=None,
        precision_bits=53,
        engine="float64",
    )


def as_floats(factors: Sequence[Factor]) -> list[NDArray[np.float64]]:
    """The factors rounded to float64; raises InputError where float64 has no room for the entries of one.

    That is where a rational over- or underflows, and where the magnitudes of the entries of a factor span so
    much that the least would underflow next to the largest, brought to 1.
    """
    message = "the chain holds a factor beyond float64's range; ask the certified engine"
    try:
        arrays = [np.asarray(factor).astype(np.float64) for factor in factors]
    except OverflowError as error:
        raise InputError(message) from error
    for array, factor in zip(arrays, factors, strict=True):
        rounded_down = (np.abs(array) < _TINY) & (array != factor)
        sizes = np.frexp(array[array != 0])[1]
        if rounded_down.any() or (sizes.size and int(np.ptp(sizes)) > _WIDEST):
            raise InputError(message)
    return arrays
