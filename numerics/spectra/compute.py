"""The log singular values of a deep product, by a choice of engines behind one small contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from types import MappingProxyType

from jacspec.numerics.chains.chain import Chain, as_chain
from jacspec.numerics.spectra.engines.certified import CERTIFIED
from jacspec.numerics.spectra.engines.contract import Engine
from jacspec.numerics.spectra.engines.float64 import FLOAT64
from jacspec.numerics.spectra.engines.reference import REFERENCE
from jacspec.numerics.spectra.spectrum import Spectrum
from jacspec.numerics.support.arguments import choice, whole_number
from jacspec.numerics.support.budget import demand

DEFAULT_ENGINE = "certified"

_FACTORS, _PRODUCT = 75, 800
"""Bytes that an engine takes, about, for an entry of a factor and of the product; measured."""

_TOGETHER = 2**18
"""Entries of the factors of chains that an engine takes at once: with more, progress would not be seen."""

ENGINES: Mapping[str, Engine] = MappingProxyType(
    {"certified": CERTIFIED, "mpmath": REFERENCE, "float64": FLOAT64}
)
"""Every engine by the name that ``spectrum`` and the command line use."""


def spectrum(
    chain: Chain,
    *,
    digits: int | None = None,
    engine: str = DEFAULT_ENGINE,
    vectors: bool = False,
    top: int | None = None,
) -> Spectrum:
    """Compute the log singular values of ``J = M_N ⋯ M_1`` to ``digits`` digits of every s_k.

    ``digits`` defaults to 30, and to 10, which is all there is, for the float64 engine.

    ``top`` keeps only the largest; ``vectors`` asks for singular vectors too. Depth neither under-
    nor overflows, and precision follows the chain's own dynamic range. Estimate or enclosure: see
    :class:`Spectrum`.

    Raises InputError for a bad argument, PrecisionError if the request cannot be met.
    """
    chain = as_chain("spectrum", chain)
    (found,) = spectrum_of_each([chain], digits=digits, engine=engine, vectors=vectors, top=top)
    return found


def spectrum_of_each(
    chains: Sequence[Chain],
    *,
    digits: int | None = None,
    engine: str = DEFAULT_ENGINE,
    vectors: bool = False,
    top: int | None = None,
) -> list[Spectrum]:
    """The spectrum of each chain, together where the engine can; what is found of one is the same alone."""
    chosen = ENGINES[choice("engine", engine, tuple(ENGINES))]
    digits = chosen.digits(digits)
    for chain in chains:
        if top is not None:
            whole_number("top", top, most=min(chain.shape))
        entries, widest = sum(factor.size for factor in chain.factors), max(chain.shape)
        demand(f"the spectrum of {chain!r}", _FACTORS * entries + _PRODUCT * widest**2)
    start = perf_counter()
    if chosen.each is None or vectors:
        found = [chosen.compute(chain, digits=digits, vectors=vectors) for chain in chains]
    else:
        found = chosen.each(chains, digits=digits)
    seconds = (perf_counter() - start) / max(len(chains), 1)
    timed = [replace(each, seconds=seconds) for each in found]
    return timed if top is None else [each.leading(top) for each in timed]


def batches(chains: Sequence[Chain], engine: str) -> Iterator[Sequence[Chain]]:
    """Chains in a row that it is worth to give the engine together: small ones, where it takes several."""
    most = _TOGETHER if ENGINES[choice("engine", engine, tuple(ENGINES))].each is not None else 0
    start, entries = 0, 0
    for position, chain in enumerate(chains):
        size = sum(rows * columns for rows, columns in (factor.shape for factor in chain.maps))
        if position > start and entries + size > most:
            yield chains[start:position]
            start, entries = position, 0
        entries += size
    if chains:
        yield chains[start:]
