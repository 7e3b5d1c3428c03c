"""Whether what is drawn for a claim has the laws that its premises say.

Compared is the joint characteristic function of all entries, E e^{i⟨c, x⟩}: it is the law, independence
included. The points c see single entries and pairs of some layers, neighbours and the last ones among them,
and all entries of all layers at once. A mean of M values in [-1, 1] of
variance v is farther from the true one than √(2vL/M) + 14L/(3(M-1)), to either side, with probability at most
2e^{-L} (Maurer and Pontil, COLT 2009).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, pi, prod

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Symbol, lambdify

from jacspec.numerics import InputError
from jacspec.numerics.support.cores import unthreaded_blas
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.evidence_source import EvidenceSource, Finding
from jacspec.proofs_check.referee.statistics import LEVEL
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.relation import Drawn

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Mapping[Expr, Floats]]
"""So many values of each random matrix: an array (count, copies, rows, columns), as deep as is drawn."""

_COUNT, _CHUNK, _ALL = 16_000, 500, 16
_LEVEL = LEVEL / 10
"""The largest probability with which a sample that is drawn as it should be is refused."""
_ROUNDED = 1e-6
"""More than float32 takes from a cosine or sine of an angle between -π and π, and from its square."""
_at = Symbol("t", positive=True)


@dataclass(frozen=True)
class Sampler:
    """What is drawn, where the symbols of the laws have these values."""

    draw: Draw
    values: Mapping[Symbol, Expr]


@dataclass(frozen=True)
class DrawnAsSaid:
    """Evidence from samples: an error, unless these have the laws in the premises of the propositions."""

    evidence: EvidenceSource
    propositions: Sequence[Proposition]
    samplers: Sequence[Sampler]

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        return self.evidence.kind

    def gather(self, *, effort: Effort, seed: int) -> Finding:
        """Raise InputError where what is drawn has another law, or is of others; else gather the evidence."""
        if {*getattr(self.evidence, "compared", self.propositions)} != {*self.propositions}:
            message = "what is sampled is not what the propositions say, all of them and no others"
            raise InputError(message)
        premises = dict.fromkeys(each for said in self.propositions for each in said.given if each.laws)
        for premise in premises:
            for sampler in self.samplers:
                departed = departure(premise.laws, sampler)
                if departed:
                    message = f"what is drawn is not what the premise '{premise.title}' says: {departed}"
                    raise InputError(message)
        return self.evidence.gather(effort=effort, seed=seed)


def departure(laws: Sequence[Drawn], sampler: Sampler) -> str:
    """The mean by which what is drawn departs most from the laws; empty if no mean does."""
    generator = np.random.Generator(np.random.SFC64(0))
    shapes = [block.shape[1:] for block in _blocks(laws, sampler.draw(generator, 1))]
    spread = np.concatenate(
        [
            np.full(prod(shape), float(law.law.variance.xreplace(sampler.values)) ** 0.5)
            for law, shape in zip(laws, shapes, strict=True)
        ]
    )
    points = np.array(list(_points(shapes, generator))) / spread
    expected, first = np.ones(len(points)), 0
    for law, shape in zip(laws, shapes, strict=True):
        parts = points[:, first : first + prod(shape)].reshape(len(points), *shape)
        expected *= _characteristic(law, sampler.values, parts).prod(axis=1)
        first += prod(shape)
    few = points[:-_ALL].any(axis=0)  # all but the last points see these entries alone
    near, far = points[:-_ALL, few], points[-_ALL:]
    totals, squares = np.zeros((2, 2, len(points)))
    for _ in range(0, _COUNT, _CHUNK):
        drawn = np.concatenate(
            [block.reshape(_CHUNK, -1) for block in _blocks(laws, sampler.draw(generator, _CHUNK))], axis=1
        )
        with unthreaded_blas():  # others verify at the same time
            turns = np.concatenate([near @ drawn[:, few].T, far @ drawn.T]) / (2 * pi)
        angles = (2 * pi * (turns - np.rint(turns))).astype(np.float32)
        for place, wave in enumerate((np.cos, np.sin)):
            values = wave(angles).astype(np.float64)
            totals[place] += values.sum(axis=1)
            squares[place] += np.einsum("ij,ij->i", values, values)
    share = log(8 * len(points) / _LEVEL)
    worst = (0.0, "")
    for name, total, of_squares, by_law in zip(
        ("cos", "sin"), totals, squares, (expected, 0 * expected), strict=True
    ):
        mean = total / _COUNT
        variance = np.maximum(of_squares - total * mean, 0) / (_COUNT - 1)
        error = (2 * variance * share / _COUNT) ** 0.5 + 14 * share / (3 * (_COUNT - 1)) + _ROUNDED
        beyond = np.nan_to_num(np.abs(mean - by_law) - error, nan=np.inf)
        place = int(beyond.argmax())
        said = f"E[{name} ⟨c, x⟩] of {np.count_nonzero(points[place])} of its entries is {mean[place]:.3f}"
        worst = max(
            worst, (float(beyond[place]), f"{said} ± {error[place]:.3f}, and by the law {by_law[place]:.3f}")
        )
    return worst[1]


def _blocks(laws: Sequence[Drawn], drawn: Mapping[Expr, Floats]) -> list[Floats]:
    return [drawn[law.matrix] for law in laws]


def _points(shapes: Sequence[tuple[int, ...]], generator: np.random.Generator) -> Iterator[Floats]:
    """Points c, in units of standard deviations: single entries, pairs with either sign, and many at once.

    Single entries and pairs are those of some layers, neighbours among them; a pair is one of any two, or the
    same entry of two layers. Many are those of these layers, or of all.
    """
    size, first, twins = sum(map(prod, shapes)), 0, dict[int, int]()
    for copies, *rest in shapes:
        middle = copies // 2
        ends = {0, 1, middle, middle + 1, copies - 2, copies - 1}
        known = sorted(ends & {*range(copies)})
        for layer, other in zip(known, [*known[1:], known[0]], strict=True):
            for entry in range(prod(rest)):
                twins[first + layer * prod(rest) + entry] = first + other * prod(rest) + entry
        first += copies * prod(rest)
    kept, unit = [*twins], np.eye(1, size)[0]
    for place, twin in twins.items():
        own = np.roll(unit, place)
        yield from (own, 2 * own)
        for other in {twin, kept[generator.integers(len(kept))]} - {place}:
            yield from (own + np.roll(unit, other), own - np.roll(unit, other))
    for among in (kept, range(size)):
        for _ in range(_ALL):
            direction = np.zeros(size)
            direction[among] = generator.standard_normal(len(among))
            yield 1.5 * direction / np.linalg.norm(direction)


def _characteristic(drawn: Drawn, values: Mapping[Symbol, Expr], points: Floats) -> Floats:
    """E e^{i⟨c, M⟩} of one matrix at each of the points (…, rows, columns): all laws are symmetric."""
    wave = lambdify(_at, drawn.law.xreplace(values).characteristic(_at), "numpy")
    shape = np.abs(points)
    entries = np.where(shape > 0, wave(np.where(shape > 0, shape, 1.0)), 1.0)
    rows = entries.prod(axis=-1)
    if drawn.gates is None:
        return np.asarray(rows.prod(axis=-1))
    chance, least = (each.xreplace(values) for each in drawn.gates)
    return _behind_gates(rows, float(chance), int(least))


def _behind_gates(rows: Floats, chance: float, least: int) -> Floats:
    """The mean, over the gates, of the product over the open rows."""
    width = rows.shape[-1]
    # Of how many are open, the sums over which of them: the coefficients of ∏ (q + p x r_i) and ∏ (q + p x).
    mean, weight = (np.zeros((*rows.shape[:-1], width + 1)) for _ in range(2))
    mean[..., 0] = weight[..., 0] = 1.0
    for row in range(width):
        for sums, factor in ((mean, rows[..., row, None]), (weight, 1.0)):
            shifted = np.roll(sums, 1, axis=-1)
            shifted[..., 0] = 0.0
            sums[...] = (1 - chance) * sums + chance * factor * shifted
    return np.asarray(mean[..., least:].sum(axis=-1) / weight[..., least:].sum(axis=-1))
