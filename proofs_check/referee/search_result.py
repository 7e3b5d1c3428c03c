"""What a search for counterexamples drew and found, and the evidence that it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from jacspec.proofs_check.claims.evidence import SearchEvidence, Status
from jacspec.proofs_check.claims.exact_values import length
from jacspec.proofs_check.claims.margin import Judgement, Truth

Example = Mapping[str, Any]

_FIRST = 30


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
    lone: frozenset[str] = frozenset()
    """Hypotheses that failed alone at some example drawn."""
    seconds: float = field(default=0.0, compare=False)

    @property
    def decided(self) -> int:
        """Examples at which the conclusion certainly holds, or certainly fails."""
        return self.accepted - self.undecided

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
        return f"{self.accepted} examples, no counterexample{undecided}"
