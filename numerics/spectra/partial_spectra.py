"""The spectra of all partial products ``A_l = M_N ⋯ M_l`` and ``B_l = M_{l-1} ⋯ M_1`` of a chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from flint import arb
from numpy.typing import NDArray

from jacspec.documents.blocks import Block, Table
from jacspec.documents.prose import code
from jacspec.numerics.chains.chain import Chain, as_chain
from jacspec.numerics.files.results import Result
from jacspec.numerics.products.graded_prefixes import graded_prefixes
from jacspec.numerics.spectra.certified.prefixes import certified_prefixes
from jacspec.numerics.spectra.compute import DEFAULT_ENGINE, ENGINES, spectrum
from jacspec.numerics.spectra.engines.certified import certified_spectrum
from jacspec.numerics.spectra.engines.float64 import accurate, as_floats, estimated_spectrum
from jacspec.numerics.spectra.rank import prefix_ranks
from jacspec.numerics.spectra.spectrum import GUARD_DIGITS, Spectrum
from jacspec.numerics.support.arguments import choice
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.printing import mode_colours, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_NAMED = 8
"""Modes up to which a picture names each."""

DIGITS = 20
"""Digits of the certified engine here unless told otherwise; the float64 engine gives 10."""


@dataclass(frozen=True, eq=False)
class PartialSpectra(Result):
    """``left[l-1]`` is the spectrum of A_l and ``right[l-1]`` that of B_l, for l = 1 … N+1.

    ``left[0]`` and ``right[N]`` are both that of J. The empty products A_{N+1} and B_1 are identities; their
    singular vectors are arbitrary, and None here.
    """

    units: ClassVar[dict[str, str]] = Spectrum.units

    left: tuple[Spectrum, ...]
    right: tuple[Spectrum, ...]
    seconds: float = field(compare=False)

    @property
    def whole(self) -> Spectrum:
        """The spectrum of J."""
        return self.left[0]

    def array(self) -> NDArray[np.float64]:
        """The logs, shape (N+1, 2, modes): of A_l and B_l; NaN beyond the modes that a product has."""
        most = max(len(part) for part in (*self.left, *self.right))
        logs = np.full((len(self.left), 2, most), np.nan)
        for layer, pair in enumerate(zip(self.left, self.right, strict=True)):
            for side, part in enumerate(pair):
                logs[layer, side, : len(part)] = part.log_singular_values
        return logs

    def to_records(self) -> list[dict[str, Any]]:
        """A row for each mode of each partial product: side 'left' for A_l, 'right' for B_l."""
        return [
            {"layer": layer, "side": side, **row}
            for layer, pair in enumerate(zip(self.left, self.right, strict=True), 1)
            for side, part in zip(("left", "right"), pair, strict=True)
            for row in part.to_records()
        ]

    def draw(self, axes: Axes) -> None:
        """Log s_k(A_l), solid, and log s_k(B_l), dashed, against l; a colour for each k."""
        logs = np.where(np.isfinite(found := self.array()), found, np.nan)
        layers = np.arange(1, len(self) + 1)
        for mode, colour in enumerate(mode_colours(logs.shape[2])):
            axes.plot(layers, logs[:, 0, mode], "-", color=colour, label=f"k = {mode + 1}")
            axes.plot(layers, logs[:, 1, mode], "--", color=colour)
        axes.set(xlabel="l", ylabel="log $s_k(A_l)$ (solid), log $s_k(B_l)$ (dashed)")
        if 1 < logs.shape[2] <= _MOST_NAMED:
            axes.legend(frameon=False)

    def blocks(self) -> list[Block]:
        """The largest and the smallest non-zero singular value of every A_l and B_l."""
        rows = [
            (str(layer), *(code(f"{value:.6f}") for part in parts for value in _ends(part)))
            for layer, parts in enumerate(zip(self.left, self.right, strict=True), 1)
        ]
        headings = ("$l$", "$log s_1(A_l)$", "$log s_r(A_l)$", "$log s_1(B_l)$", "$log s_r(B_l)$")
        return [Table(headings, shortened(rows), "$r$: the rank of each product", right=(0, 1, 2, 3, 4))]


def partial_spectra(
    chain: Chain, *, engine: str = DEFAULT_ENGINE, digits: int | None = None, vectors: bool = False
) -> PartialSpectra:
    """Log singular values of every A_l and B_l, at O(N) matrix products and factorisations in all.

    ``engine="certified"``: enclosures to ``digits`` (20), and vectors (as enclosures) on request, from
    shared products and starts. ``engine="float64"``: estimates to 10 digits from one graded sweep in each
    direction, much faster; where rounding may cost more, the certified engine takes over. Ranks are exact in
    both. A product that needs more than the shared work (numbers beyond float64, a start too poor) gets a
    spectrum of its own. Raises InputError for a bad argument, PrecisionError if nothing can be certified.
    """
    chain = as_chain("partial_spectra", chain)
    engine = choice("engine", engine, ("certified", "float64"))
    digits = ENGINES[engine].digits(digits, DIGITS)
    if engine == "float64" and vectors:
        message = "vectors: the float64 engine gives values only; ask the certified engine for vectors"
        raise InputError(message)
    start = perf_counter()
    right = _prefixes(chain, engine=engine, digits=digits, vectors=vectors, transposed=False)
    left: list[Spectrum] = []
    if chain.depth > 1:  # the last prefix of the transposed chain is J again
        mirrored = Chain(chain.transpose().factors[:-1])
        left = _prefixes(mirrored, engine=engine, digits=digits, vectors=vectors, transposed=True)
    (rows, columns), engine = chain.shape, right[-1].engine
    return PartialSpectra(
        left=(right[-1], *left[::-1], _empty(rows, digits, engine)),
        right=(_empty(columns, digits, engine), *right),
        seconds=perf_counter() - start,
    )


def _prefixes(chain: Chain, *, engine: str, digits: int, vectors: bool, transposed: bool) -> list[Spectrum]:
    """The spectra of ``M_k ⋯ M_1``, k = 1 … N, or of their transposes."""
    ranks = prefix_ranks(chain)
    found: list[Spectrum] = []
    results: Iterable[Spectrum | None] | None = None
    if engine == "float64":
        results = _float64(chain, ranks, digits=digits, transposed=transposed)
    if results is None:
        results = _certified(chain, ranks, digits=digits, vectors=vectors, transposed=transposed)
    for layer, result in enumerate(results, 1):
        if result is None:
            alone = chain.right_partial(layer + 1)
            alone = alone.transpose() if transposed else alone
            result = spectrum(alone, digits=digits, vectors=vectors)
        found.append(result)
    return found


def _float64(chain: Chain, ranks: list[int], *, digits: int, transposed: bool) -> list[Spectrum] | None:
    """Estimates of all; None where rounding may cost one of them more than ``digits`` allow."""
    starts = graded_prefixes(as_floats(chain.factors), ranks)
    if not all(accurate(start, digits) for start in starts):
        return None
    found = []
    for layer, (factor, start) in enumerate(zip(chain.factors, starts, strict=True), 1):
        shape = (chain.shape[1], factor.shape[0]) if transposed else (factor.shape[0], chain.shape[1])
        logs = start.log_singular_values
        found.append(estimated_spectrum(logs, depth=layer, shape=shape, digits=digits))
    return found


def _certified(
    chain: Chain, ranks: list[int], *, digits: int, vectors: bool, transposed: bool
) -> Iterator[Spectrum | None]:
    prefixes = certified_prefixes(chain.factors, ranks, digits=digits + GUARD_DIGITS, vectors=vectors)
    columns = np.ones(chain.shape[1], dtype=bool)
    for layer, (factor, found) in enumerate(zip(chain.factors, prefixes, strict=True), 1):
        if found is None:
            yield None
            continue
        rows = np.ones(factor.shape[0], dtype=bool)
        if transposed:
            found, sides = replace(found, u=found.v, v=found.u), (columns, rows)
        else:
            sides = (rows, columns)
        yield certified_spectrum(
            found, depth=layer, rows=sides[0], columns=sides[1], digits=digits, vectors=vectors
        )


def _empty(size: int, digits: int, engine: str) -> Spectrum:
    """The spectrum of the identity, exactly."""
    return Spectrum(
        depth=0,
        shape=(size, size),
        rank=size,
        digits=digits,
        estimates=() if engine == "certified" else (0.0,) * size,
        enclosures=(arb(0),) * size if engine == "certified" else None,
        precision_bits=53,
        engine=engine,
        clusters=(tuple(range(size)),) if size > 1 else (),
    )


def _ends(part: Spectrum) -> tuple[float, float]:
    logs = part.log_singular_values
    return float(logs[0]), float(logs[max(part.rank - 1, 0)])
