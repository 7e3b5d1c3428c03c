"""Where a search takes place: a statement, its domain, and the tally of what was tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from jacspec.proofs_check.claims.exact_values import to_data
from jacspec.proofs_check.claims.margin import Judgement, Truth
from jacspec.proofs_check.interpretation.statements.evaluation import MissingTermError, NoValueError
from jacspec.proofs_check.interpretation.statements.float_functions import Array, Mask
from jacspec.proofs_check.interpretation.statements.float_margins import FloatMargins, float_margins
from jacspec.proofs_check.interpretation.statements.judging import judge_statement, names_of
from jacspec.proofs_check.referee.search_result import Reach
from jacspec.proofs_check.referee.statements.examples.domains import Domain, domain_of
from jacspec.proofs_check.referee.statements.examples.parameters import Exact, exact_values, float_values
from jacspec.proofs_check.referee.statements.examples.rounding import as_exact, complexity, roundings
from jacspec.proofs_check.referee.statements.search_effort import SearchEffort
from jacspec.theory.statements.statement import Statement

Sizes = Mapping[str, int]
CLEAR = 1e-9
"""A relative margin below -CLEAR is a candidate for a violation, one within ±CLEAR of 0 for equality."""
_CAP_BITS = 768
_ROUNDINGS_TRIED = 4
_DISTINCT = 50
_PATIENCE = 60
"""After so many violations in float64 that are none, only the simplest and the worst are decided."""
_SPARK, _SPARKS = 1e-14, 3
"""Changes of the inputs far above rounding and far below CLEAR, so many of which a violation must outlive."""


@dataclass(frozen=True)
class Hit:
    """An exact example at which the premises hold and a relation certainly fails."""

    parameters: Mapping[str, Exact]
    sizes: Sizes
    example: Mapping[str, Any]
    judgement: Judgement


@dataclass
class Tally:
    """What was tried: in float64, and in balls."""

    proposed: int = 0
    inside: int = 0
    decided: int = 0
    undecided: int = 0
    bits: int = 0
    worst_margin: float | None = None
    sharpest: tuple[float, Mapping[str, Any]] | None = None
    limiting: Counter[str] = field(default_factory=Counter)
    """The margins that stayed indistinguishable from equality, by name."""
    distinct: set[str] = field(default_factory=set)
    """The first few different examples that satisfied the premises, as text."""
    reach: Reach = field(default_factory=Reach)

    def note(self, judgement: Judgement, example: Mapping[str, Any]) -> None:
        """Count a judgement of an example that satisfies the premises."""
        self.decided += 1
        self.reach = self.reach.including(example)
        if len(self.distinct) < _DISTINCT:
            self.distinct.add(str([to_data(value) for value in example.values()]))
        self.bits = max(self.bits, judgement.bits)
        if judgement.truth is Truth.UNDECIDED:
            self.undecided += 1
            self.limiting.update(each.name for each in judgement.margins if each.truth is Truth.UNDECIDED)
        worst = judgement.worst
        if judgement.truth is Truth.HOLDS and worst is not None and np.isfinite(worst.midpoint):
            known = self.worst_margin
            self.worst_margin = worst.midpoint if known is None else min(known, worst.midpoint)
        # The first example to attain a quotient is the simplest.
        known_ratio = -np.inf if self.sharpest is None else self.sharpest[0]
        if judgement.ratio is not None and judgement.ratio > known_ratio + CLEAR:
            self.sharpest = judgement.ratio, example


class Arena:
    """One statement under search."""

    def __init__(self, statement: Statement, seed: int, effort: SearchEffort) -> None:
        self.statement, self.effort = statement, effort
        self.rng = np.random.default_rng(seed)
        self.tally = Tally()
        self._at_equality = self._in_vain = 0

    @cached_property
    def domain(self) -> Domain:
        """How its variables are made."""
        return domain_of(self.statement)

    def margins(self, parameters: Mapping[str, Array], sizes: Sizes, *, count: bool = True) -> FloatMargins:
        """Float64 margins of a batch of parameters."""
        size = len(next(iter(parameters.values()), [None]))
        values = float_values(self.domain, parameters, sizes)
        found = float_margins(self.statement, values, sizes, size)
        if count:
            self.tally.proposed += size
            self.tally.inside += int(found.inside.sum())
        return found

    # --- deciding ------------------------------------------------------------------------------------------

    def judge(self, exact: Mapping[str, Exact], sizes: Sizes, *, cap: int = _CAP_BITS) -> Hit | None:
        """Decide the statement at exact parameters; what it says is counted, a violation returned."""
        try:
            example = self.example(exact, sizes)
        except (NoValueError, MissingTermError, ZeroDivisionError):
            return None
        judgement = judge_statement(self.statement, example, cap=cap)
        if judgement is None:
            return None
        self.tally.note(judgement, example)
        return Hit(exact, sizes, example, judgement) if judgement.truth is Truth.FAILS else None

    def example(self, exact: Mapping[str, Exact], sizes: Sizes) -> dict[str, Any]:
        """The values of the variables, and of the sizes that no matrix shows."""
        values = {**sizes, **exact_values(self.domain, exact, sizes)}
        return {name: values[name] for name in names_of(self.statement)}

    def decide(self, parameters: Mapping[str, Array], worst: Array, sizes: Sizes) -> Hit | None:
        """Round and judge the simplest and the worst examples, and some where both sides look equal."""
        violating = np.flatnonzero(worst < -CLEAR)
        doubtful = np.flatnonzero(np.abs(worst) <= CLEAR)
        if violating.size:
            clear = self._outlives_noise({name: P[violating] for name, P in parameters.items()}, sizes)
            # A rank is another after the least change.
            doubtful = np.concatenate([violating[~clear], doubtful])
            violating = violating[clear]
        # Where A is lost beside B in float64, violations are steady and none is one.
        most = self.effort.exact_tries if self._in_vain < _PATIENCE else 1
        order = np.argsort(complexity(parameters)[violating], kind="stable")
        simple, lowest = violating[order], violating[np.argsort(worst[violating], kind="stable")]
        for row in dict.fromkeys([*simple[:most].tolist(), *lowest[:most].tolist()]):
            hit = self._rounded({name: P[row] for name, P in parameters.items()}, sizes)
            if hit is not None:
                return hit
            self._in_vain += 1
        if self._at_equality >= self.effort.at_equality or not doubtful.size:
            return None
        half = self.effort.exact_tries // 2
        simple = doubtful[np.argsort(complexity(parameters)[doubtful], kind="stable")][:half]
        for row in dict.fromkeys([*simple.tolist(), *self.rng.choice(doubtful, half).tolist()]):
            self._at_equality += 1
            hit = self.judge({name: as_exact(P[row]) for name, P in parameters.items()}, sizes)
            if hit is not None:
                return hit
        return None

    def _outlives_noise(self, parameters: Mapping[str, Array], sizes: Sizes) -> Mask:
        """Which violations changes of the inputs by `_SPARK` leave as they are: noise, once in ten times."""
        before = self.margins(parameters, sizes, count=False)
        steady = np.asarray(before.relative < -CLEAR)
        for _ in range(_SPARKS):
            moved = {
                name: P * (1 + _SPARK * self.rng.standard_normal(P.shape)) for name, P in parameters.items()
            }
            after = self.margins(moved, sizes, count=False)
            with np.errstate(all="ignore"):
                steady &= np.asarray(np.abs(after.plain - before.plain) < 0.1 * np.abs(before.plain))
        return np.asarray(steady.any(axis=1))

    def _rounded(self, point: Mapping[str, Array], sizes: Sizes) -> Hit | None:
        """Judge exact neighbours of a point, the coarsest first, that float64 says still violate."""
        neighbours = list(roundings(point))
        batch = {name: np.stack([each[name].value for each in neighbours]) for name in point}
        violating = np.flatnonzero(self.margins(batch, sizes).worst < -CLEAR / 10)
        for position in violating[:_ROUNDINGS_TRIED].tolist():
            hit = self.judge({name: each.exact for name, each in neighbours[position].items()}, sizes)
            if hit is not None:
                return hit
        return None
