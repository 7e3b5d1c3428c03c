"""What a search for counterexamples drew and found, and the evidence that it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from math import ceil, floor, isfinite, log10, prod
from typing import Any

from flint import fmpq, fmpq_mat

from jacspec.numerics import Chain
from jacspec.proofs_check.claims.evidence import SearchEvidence, Status
from jacspec.proofs_check.claims.exact_values import length
from jacspec.proofs_check.claims.margin import Judgement, Truth

Example = Mapping[str, Any]

_FIRST, _ALONE = 30, 1000


@dataclass(frozen=True)
class Reach:
    """What sizes and scales some examples have: of their matrices and chains, and of their numbers but 0."""

    shapes: frozenset[tuple[int, int]] = frozenset()
    depths: frozenset[int] = frozenset()
    scales: tuple[float, float] | None = None
    """log10 of the least and of the largest number in size; whole numbers by themselves do not count."""

    def including(self, value: Any, levels: int = 5) -> Reach:
        """With one more value of an example, and what it holds, so many levels deep."""
        if isinstance(value, Chain):
            return replace(self.including(value.exact), depths=self.depths | {value.depth})
        if isinstance(value, tuple | list | Mapping) and levels:
            parts = value.values() if isinstance(value, Mapping) else value
            return reduce(lambda reach, part: reach.including(part, levels - 1), parts, self)
        if isinstance(value, fmpq_mat):
            shapes = self.shapes | {(value.nrows(), value.ncols())}
            return replace(self, shapes=shapes)._with_numbers(value.entries())
        return self._with_numbers([value]) if isinstance(value, fmpq | Fraction) else self

    def _with_numbers(self, numbers: Iterable[fmpq | Fraction]) -> Reach:
        sizes = [abs(fmpq(x.numerator, x.denominator)) for x in numbers if x != 0]
        if not sizes:
            return self
        ends = [log10(int(x.numerator)) - log10(int(x.denominator)) for x in (min(sizes), max(sizes))]
        low, high = self.scales or ends
        return replace(self, scales=(min(low, ends[0]), max(high, ends[1])))

    def __str__(self) -> str:
        """In words, such as '2 to 3 factors, 1×1 to 2×2, numbers of 0.01 to 1000'."""
        depths, shapes = sorted(self.depths), sorted(self.shapes, key=lambda shape: (prod(shape), shape))
        said = [f"{_to(list(map(str, depths)))} factors"] if depths else []
        if shapes:
            said.append(_to([f"{rows}×{columns}" for rows, columns in shapes]))
        if self.scales is not None:
            said.append(f"numbers of {_to([_power(floor(self.scales[0])), _power(ceil(self.scales[1]))])}")
        return ", ".join(said)


def _to(words: Sequence[str]) -> str:
    return words[0] if words[0] == words[-1] else f"{words[0]} to {words[-1]}"


def _power(exponent: int) -> str:
    """A power of ten, near 1 with its digits."""
    return f"1e{exponent}" if abs(exponent) > _IN_DIGITS else f"{10.0**exponent:g}"


_IN_DIGITS = 4


@dataclass(frozen=True)
class SearchResult:
    """Counts of a search, the counterexample that it found, and the examples nearest to one.

    ``worst_margin`` is the least margin of the conclusion among the examples at which it holds, as a float;
    ``precision_bits`` the highest precision that was needed. ``sharpest`` holds, for each size of example,
    the largest quotient of the two sides of a bound that says something there, and where it was reached.
    ``cases`` are counted among the ``accepted`` examples, which are ``kept``; at ``undefined`` ones the
    conclusion has no value.
    """

    seed: int
    drawn: int = 0
    accepted: int = 0
    undecided: int = 0
    undefined: int = 0
    worst_margin: float | None = None
    precision_bits: int = 0
    counterexample: Example | None = None
    judgement: Judgement | None = None
    while_sharpening: bool = False
    """Whether the counterexample was met only after the search, by moving its best examples."""
    sharpest: Mapping[int, tuple[float, Example]] = field(default_factory=dict)
    cases: Mapping[str, int] = field(default_factory=dict)
    kept: tuple[Example, ...] = field(default=(), repr=False)
    speaking: Mapping[int, Example] = field(default_factory=dict, repr=False)
    """For each proposition of the conclusion, by position, the first example at which its premises hold."""
    alone: Mapping[str, tuple[Example, ...]] = field(default_factory=dict, repr=False)
    """Examples drawn at which one hypothesis alone does not hold, by its name."""
    reach: Reach = Reach()
    seconds: float = field(default=0.0, compare=False)

    @property
    def decided(self) -> int:
        """Examples at which the conclusion certainly holds, or certainly fails."""
        return self.accepted - self.undecided

    def with_alone(self, name: str, example: Example) -> SearchResult:
        """The result after one more example at which that hypothesis alone fails; not all are kept."""
        before = self.alone.get(name, ())
        if len(before) >= _ALONE:
            return self
        return replace(self, alone={**self.alone, name: (*before, example)})

    def with_accepted(
        self,
        example: Example,
        judgement: Judgement,
        cases: Mapping[str, bool],
        spoken_of: Iterable[int] = (),
    ) -> SearchResult:
        """The result after one more example: the hypotheses hold there, and the premises of ``spoken_of``."""
        worst = self.worst_margin
        if judgement.truth is Truth.HOLDS and judgement.worst is not None:
            margin = judgement.worst.midpoint
            if isfinite(margin):
                worst = margin if worst is None else min(worst, margin)
        sharpest = self.sharpest
        if judgement.sharpness is not None:
            size = sum(map(length, example.values()))
            if size not in sharpest or judgement.sharpness > sharpest[size][0]:
                sharpest = {**sharpest, size: (judgement.sharpness, example)}
        fails = judgement.truth is Truth.FAILS
        return replace(
            self,
            accepted=self.accepted + 1,
            undecided=self.undecided + (judgement.truth is Truth.UNDECIDED),
            worst_margin=worst,
            precision_bits=max(self.precision_bits, judgement.bits),
            counterexample=example if fails else self.counterexample,
            judgement=judgement if fails else self.judgement,
            sharpest=sharpest,
            cases={case: self.cases.get(case, 0) + holds for case, holds in cases.items()},
            kept=(*self.kept, example),
            reach=self.reach.including(example),
            speaking={**dict.fromkeys(spoken_of, example), **self.speaking},
        )

    @property
    def telling(self) -> tuple[Example, ...]:
        """Those at which a bound is sharpest, and the first of all."""
        return (*(example for _, example in self.sharpest.values()), *self.first)

    @property
    def first(self) -> tuple[Example, ...]:
        """The first of the kept examples."""
        return self.kept[:_FIRST]

    @property
    def evidence(self) -> SearchEvidence:
        """What the search says of the conclusion."""
        return SearchEvidence(
            status=self._status,
            summary=self._summary,
            seconds=self.seconds,
            drawn=self.drawn,
            accepted=self.accepted,
            undecided=self.undecided,
            worst_margin=self.worst_margin,
            precision_bits=self.precision_bits,
            seed=self.seed,
        )

    @property
    def _status(self) -> Status:
        if self.counterexample is not None:
            return Status.AGAINST
        return Status.FOR if self.decided else Status.NONE

    @property
    def _summary(self) -> str:
        if self.while_sharpening:
            return "a counterexample, met while sharpening the bound"
        if self.counterexample is not None:
            return "a counterexample, exact and re-verified"
        if not self.accepted:
            return f"none of {self.drawn} examples satisfies the hypotheses and the ranges"
        undecided = f", {self.undecided} undecided" if self.undecided else ""
        reach = f" ({self.reach})" if str(self.reach) else ""
        return f"{self.accepted} examples{reach}, no counterexample{undecided}"
