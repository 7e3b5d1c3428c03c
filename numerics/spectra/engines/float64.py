"""The float64 engine: all log singular values to about 1e-10, fast and uncertified; the rank is exact."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.chains.chain import Chain
from jacspec.numerics.products.graded import GradedSVD, graded_svd
from jacspec.numerics.spectra.engines.certified import certified
from jacspec.numerics.spectra.engines.contract import Engine
from jacspec.numerics.spectra.engines.shallow import shallow
from jacspec.numerics.spectra.rank import blocks, rank_of, without_zeros
from jacspec.numerics.spectra.spectrum import Spectrum
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor, Uniform, shapes_of

Floats = NDArray[np.float64]

_TINY = np.finfo(np.float64).tiny
_EPSILON = 2 * np.finfo(np.float64).eps
_HOUSEHOLDER = 64 * np.finfo(np.float64).eps
"""c u below, and what it takes to be sure."""

_WIDEST = 1000
"""Powers of two that the entries of a factor may span: all of them are normal numbers next to 1."""


def float64(chain: Chain, *, digits: int, vectors: bool) -> Spectrum:
    """Estimate the spectrum of a chain in float64: by ``shallow.py`` if that does, or ``products/graded.py``.

    The rank is exact. Where rounding may cost more than ``digits`` allow, as it does for a factor that is
    nearly singular or whose entries span many scales, the certified engine takes over, and the result says
    so. Raises InputError for vectors (ask the certified engine), and for factors beyond float64's range, see
    :func:`as_floats`.
    """
    if vectors:
        message = "vectors: the float64 engine gives values only; ask the certified engine for vectors"
        raise InputError(message)
    (found,) = float64_each([chain], digits=digits)
    return found


def float64_each(chains: Sequence[Chain], *, digits: int) -> list[Spectrum]:
    """The spectrum of each chain, which is the same whatever the others are."""
    return [
        _graded(chain, digits, found.rank)
        if found.logs is None
        else estimated_spectrum(found.logs, depth=chain.depth, shape=chain.shape, digits=digits)
        for chain, found in zip(chains, shallow(chains, digits), strict=True)
    ]


def _graded(chain: Chain, digits: int, true_rank: int | None) -> Spectrum:
    nonzero, found = without_zeros(chain), None
    if nonzero is not None and true_rank in (None, max(chain.shape)):
        found = _of_full_rank(nonzero.factors)
    if found is not None:
        true_rank = len(found.sigma)
    elif true_rank is None:
        true_rank = 0 if nonzero is None else rank_of(nonzero, chain)
    logs = np.zeros(0)
    if nonzero is not None and true_rank:
        if found is None:
            found = graded_svd(as_floats(nonzero.factors), rank=true_rank, vectors=False)
        if not accurate(found, digits):
            return certified(chain, digits=digits, vectors=False)
        logs = found.log_singular_values
    return estimated_spectrum(logs, depth=chain.depth, shape=chain.shape, digits=digits)


def _of_full_rank(factors: Sequence[Factor]) -> GradedSVD | None:
    """The graded product of square factors, if it proves that none of them is singular.

    Householder's QR of MQ gives R with ``R = Q'ᵀ(M + E)Q`` for orthogonal matrices and ``‖E‖ ≤ c n² u‖M‖``, c
    a small integer (N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2002, theorem 19.4). So M
    is not singular if ``‖E‖‖R⁻¹‖ < 1``.
    """
    size = len(factors[0])
    if shapes_of(factors) != {(size, size)}:
        return None
    try:
        found = graded_svd(as_floats(factors), vectors=False, careful=True)
    except InputError:  # which is none where the product is zero
        return None
    return found if _HOUSEHOLDER * size**2 * found.steepest <= 1 else None


FLOAT64 = Engine(float64, most_digits=10, usual_digits=10, each=float64_each)
"""What the graded product gives in every log singular value at any depth, and never more."""


def accurate(found: GradedSVD, digits: int) -> bool:
    """Whether every log singular value is likely to be within ``10^-digits``."""
    logs = found.log_singular_values
    rounding = _EPSILON * np.abs(logs).max(initial=0.0)
    return bool(np.isfinite(logs).all() and found.error + rounding <= 10.0**-digits)


def estimated_spectrum(logs: Floats, *, depth: int, shape: tuple[int, int], digits: int) -> Spectrum:
    """The spectrum of a product from the logs of its non-zero singular values."""
    zeros = [-math.inf] * (min(shape) - len(logs))
    return Spectrum(
        depth=depth,
        shape=shape,
        rank=len(logs),
        digits=digits,
        enclosures=None,
        estimates=(*logs.tolist(), *zeros),
        precision_bits=53,
        engine="float64",
    )


def as_floats(factors: Sequence[Factor]) -> list[Floats]:
    """The factors rounded to float64; raises InputError where float64 has no room for the entries of one.

    That is where a rational over- or underflows, and where the magnitudes of the entries of a factor span so
    much that the least would underflow next to the largest, brought to 1.
    """
    message = "the chain holds a factor beyond float64's range; ask the certified engine"
    arrays: list[Floats] = []
    for factor in blocks(factors) if isinstance(factors, Uniform) else factors:
        try:
            array = factor if factor.dtype == np.float64 else factor.astype(np.float64)
        except OverflowError as error:
            raise InputError(message) from error
        magnitudes = np.abs(array)
        if isinstance(factors, Uniform) and magnitudes.max() * 2.0 ** (1 - _WIDEST) <= magnitudes.min():
            continue
        rounded_down = array is not factor and ((magnitudes < _TINY) & (array != factor)).any()
        largest = magnitudes.max(axis=(-2, -1))
        least = np.min(magnitudes, axis=(-2, -1), where=magnitudes > 0, initial=np.inf)
        spread = np.frexp(largest)[1] - np.frexp(np.minimum(least, largest))[1]
        if rounded_down or (spread > _WIDEST).any():
            raise InputError(message)
        arrays.append(array)
    return list(factors) if isinstance(factors, Uniform) else arrays
