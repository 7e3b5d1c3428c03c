"""The search for counterexamples: Hypothesis draws exact examples, balls decide, Hypothesis shrinks.

Only an example at which every hypothesis certainly holds and the conclusion certainly fails is a
counterexample. What could not be decided is counted, and is neither a pass nor a failure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings, target
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from proofs_check.claim import Statement
from proofs_check.exact_values import length
from proofs_check.margin import Judgement, Truth, judge, without_bools

__all__ = ["ATTAINED", "SearchResult", "StatementError", "search"]

CAP_BITS = 1536
"""Beyond this precision an undecided margin is reported as indistinguishable from equality."""

ATTAINED = 1 - 1e-9
"""A quotient of the two sides of a bound beyond which there is nothing left to climb."""

_PATIENCE = 150
"""Draws without a single example that violates what was dropped, after which none is expected."""


class StatementError(Exception):
    """A function of a claim raised; the original exception is the cause."""

    def __init__(self, name: str, example: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{name} raised an exception")
        self.name = name
        self.example = example or {}


class _Found(Exception):  # noqa: N818 -- a signal to Hypothesis, not an error
    """Raised inside the search at a counterexample."""


class _Hopeless(Exception):  # noqa: N818 -- a signal to Hypothesis, not an error
    """Raised inside the search when no example was ever accepted: what is dropped holds by construction."""


@dataclass(frozen=True)
class SearchResult:
    """What a search drew and what it found.

    ``worst_margin`` is the least margin of the conclusion among the examples at which it holds, as
    a float; ``bits`` the highest precision that was needed. ``sharpest`` holds, for each size of
    example, the largest quotient of the two sides of a bound, and where it was reached; smallest first.
    """

    drawn: int
    accepted: int
    undecided: int
    worst_margin: float | None
    bits: int
    counterexample: Mapping[str, Any] | None
    judgement: Judgement | None
    sharpest: Sequence[tuple[float, Mapping[str, Any]]] = ()
    cases: Mapping[str, int] = field(default_factory=dict)
    undefined: int = 0


def search(
    draws: Mapping[str, st.SearchStrategy[Any]],
    hypotheses: Mapping[str, Statement],
    conclusion: Statement,
    *,
    examples: int,
    seed: int,
    cap: int = CAP_BITS,
    name: str = "the conclusion",
    violating: Sequence[Statement] = (),
    cases: Mapping[str, Statement] | None = None,
) -> SearchResult:
    """Search for an example that satisfies the hypotheses and violates the conclusion.

    Only examples count at which every statement of ``violating`` does not hold: hypotheses that were
    dropped; where the conclusion then raises for its values, they are counted as undefined. ``cases``
    are counted among the accepted examples, by name. Deterministic for a seed.

    Raises StatementError if one of the functions or strategies raises; ``name`` is what the error calls
    the conclusion.
    """
    tally = _Tally()

    @hypothesis.seed(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.target, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.fixed_dictionaries(dict(draws)))
    def attempt(example: dict[str, Any]) -> None:
        tally.drawn += 1
        if violating and tally.drawn > _PATIENCE and not (tally.accepted or tally.undefined):
            raise _Hopeless
        for assumed, hypothesis_of in hypotheses.items():
            if _judged(assumed, hypothesis_of, example, cap).truth is not Truth.HOLDS:
                hypothesis.reject()
        if any(_judged(name, dropped, example, cap).truth is Truth.HOLDS for dropped in violating):
            hypothesis.reject()
        tally.accepted += 1
        for case, statement in (cases or {}).items():
            tally.cases[case] += _judged(case, statement, example, cap).truth is Truth.HOLDS
        try:
            judgement = _judged(name, lambda **values: without_bools(conclusion(**values)), example, cap)
        except StatementError as error:
            if not violating or not isinstance(error.__cause__, ArithmeticError | ValueError):
                raise
            # What a dropped hypothesis had kept out: the conclusion means nothing here.
            tally.accepted -= 1
            tally.undefined += 1
            hypothesis.reject()
        tally.note(judgement, example)
        if judgement.truth is Truth.FAILS:
            tally.counterexample, tally.judgement = example, judgement
            raise _Found
        # Towards equality, where a statement is most likely to break.
        if judgement.ratio is not None and isfinite(judgement.ratio):
            if judgement.ratio < ATTAINED:
                target(judgement.ratio, label="ratio of the two sides")
        elif (
            judgement.truth is Truth.HOLDS
            and judgement.worst is not None
            and isfinite(judgement.worst.midpoint)
        ):
            target(-judgement.worst.midpoint, label="margin")

    try:
        with suppress(_Found, _Hopeless, Unsatisfiable):
            attempt()
    except StatementError:
        raise
    except Exception as error:  # a strategy of the user's that is malformed, or whose map raises
        where = "drawing an example"
        raise StatementError(where) from error
    return tally.result()


@dataclass
class _Tally:
    """The counts of one search, while it runs."""

    drawn: int = 0
    accepted: int = 0
    undecided: int = 0
    bits: int = 0
    worst: float | None = None
    counterexample: Mapping[str, Any] | None = None
    judgement: Judgement | None = None
    sharpest: dict[int, tuple[float, Mapping[str, Any]]] = field(default_factory=dict)
    cases: Counter[str] = field(default_factory=Counter)
    undefined: int = 0

    def note(self, judgement: Judgement, example: Mapping[str, Any]) -> None:
        self.bits = max(self.bits, judgement.bits)
        if judgement.ratio is not None:
            size = sum(map(length, example.values()))
            if size not in self.sharpest or judgement.ratio > self.sharpest[size][0]:
                self.sharpest[size] = judgement.ratio, example
        if judgement.truth is Truth.UNDECIDED:
            self.undecided += 1
        elif judgement.truth is Truth.HOLDS and judgement.worst is not None:
            margin = judgement.worst.midpoint
            if not isfinite(margin):
                return
            self.worst = margin if self.worst is None else min(self.worst, margin)

    def result(self) -> SearchResult:
        return SearchResult(
            self.drawn,
            self.accepted,
            self.undecided,
            self.worst,
            self.bits,
            self.counterexample,
            self.judgement,
            [self.sharpest[size] for size in sorted(self.sharpest)],
            dict(self.cases),
            self.undefined,
        )


def _judged(name: str, statement: Statement, example: Mapping[str, Any], cap: int) -> Judgement:
    evaluate: Callable[[], Any] = lambda: statement(**example)  # noqa: E731
    try:
        return judge(evaluate, cap=cap)
    except Exception as error:
        raise StatementError(name, example) from error
