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
from hypothesis import HealthCheck, Phase, Verbosity, given, settings, strategies as st, target
from hypothesis.errors import HypothesisException, Unsatisfiable

from jacspec.proofs_check.claims.claim import Statement
from jacspec.proofs_check.claims.exact_values import length
from jacspec.proofs_check.claims.margin import Judgement, Truth, judge, without_bools

__all__ = ["ATTAINED", "SearchResult", "StatementError", "search"]

CAP_BITS = 1536
"""Beyond this precision an undecided margin is reported as indistinguishable from equality."""

ATTAINED = 1 - 1e-9
"""A quotient of the two sides of a bound beyond which there is nothing left to climb."""

STUCK_AFTER = 300
"""So many draws in a row that do not come to an example end a run of the search."""

_RUNS = 4
"""A search that gets stuck is started again from elsewhere, so many times in all."""

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


class _Hopeless(BaseException):
    """Raised inside the search where examples that violate what was dropped are rare, or there are none."""


class _Stuck(BaseException):
    """Raised when one draw after another is abandoned half way."""


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
    shrink: bool = True,
) -> SearchResult:
    """Search for an example that satisfies the hypotheses and violates the conclusion.

    Only examples count at which every statement of ``violating`` does not hold: hypotheses that were
    dropped; where the conclusion then raises for its values, they are counted as undefined. ``cases``
    are counted among the accepted examples, by name. Without ``shrink`` the first counterexample is as
    good as any. Deterministic for a seed.

    Raises StatementError if one of the functions or strategies raises; ``name`` is what the error calls
    the conclusion.
    """
    trial = _Trial(hypotheses, conclusion, cap, name, tuple(violating), dict(cases or {}), 3 * examples // 2)
    tally = trial.tally
    # A climb that got stuck is followed by another from elsewhere, as long as there are examples left.
    for restart in range(1 if violating else _RUNS):
        before, tally.begun = tally.accepted, 0
        try:
            with suppress(_Found, _Hopeless, _Stuck, Unsatisfiable):
                _run(trial, draws, examples - before, seed + restart, shrink=shrink)
        except StatementError:
            raise
        except Exception as error:  # a strategy of the user's that is malformed, or whose map raises
            if not tally.stuck:  # else Hypothesis reports the draw that was interrupted
                where = "drawing an example"
                raise StatementError(where) from error
        if not tally.stuck or not before < tally.accepted < examples:
            break
    return tally.result()


def _run(
    trial: _Trial, draws: Mapping[str, st.SearchStrategy[Any]], examples: int, seed: int, *, shrink: bool
) -> None:
    phases = (Phase.generate, Phase.target, *([Phase.shrink] if shrink else []))

    @hypothesis.seed(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    @given(_examples(draws, trial.tally))
    def attempt(example: dict[str, Any]) -> None:
        trial(example)

    attempt()


@st.composite
def _examples(draw: st.DrawFn, draws: Mapping[str, st.SearchStrategy[Any]], tally: _Tally) -> dict[str, Any]:
    """An example; names that share a size (:func:`jacspec.proofs_check.strategies.size`) agree on it.

    At a local optimum Hypothesis's hill climbing may repeat the same incomplete draws, which it does not
    count, for minutes: it is stopped there.
    """
    tally.begun += 1
    if tally.stuck:
        raise _Stuck
    try:
        return draw(st.fixed_dictionaries(dict(draws)))
    except HypothesisException:
        raise
    except Exception:
        tally.faulty = True
        raise


@dataclass
class _Tally:
    """The counts of one search, while it runs."""

    drawn: int = 0
    begun: int = 0
    faulty: bool = False
    accepted: int = 0
    undecided: int = 0
    bits: int = 0
    worst: float | None = None
    counterexample: Mapping[str, Any] | None = None
    judgement: Judgement | None = None
    sharpest: dict[int, tuple[float, Mapping[str, Any]]] = field(default_factory=dict)
    cases: Counter[str] = field(default_factory=Counter)
    undefined: int = 0

    @property
    def stuck(self) -> bool:
        """Whether it draws on and on without an example, and is not shrinking a failure."""
        return self.begun > STUCK_AFTER and self.counterexample is None and not self.faulty

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


@dataclass
class _Trial:
    """What is tried at every example that Hypothesis draws."""

    hypotheses: Mapping[str, Statement]
    conclusion: Statement
    cap: int
    name: str
    violating: tuple[Statement, ...]
    cases: Mapping[str, Statement]
    most: int
    """Examples drawn, at most, where a hypothesis was dropped: those that violate it may be rare."""
    tally: _Tally = field(default_factory=_Tally)

    def __call__(self, example: dict[str, Any]) -> None:
        """Judge one example; raises _Found at a counterexample."""
        tally = self.tally
        tally.drawn += 1
        tally.begun = 0
        if self.violating and (
            tally.drawn > self.most or (tally.drawn > _PATIENCE and not (tally.accepted or tally.undefined))
        ):
            raise _Hopeless
        if any(not self._holds(name, assumed, example) for name, assumed in self.hypotheses.items()):
            hypothesis.reject()
        if any(self._holds(self.name, dropped, example) for dropped in self.violating):
            hypothesis.reject()
        judgement = self._concluded(example)
        tally.accepted += 1
        for case, statement in self.cases.items():
            tally.cases[case] += self._holds(case, statement, example)
        tally.note(judgement, example)
        if judgement.truth is Truth.FAILS:
            tally.counterexample, tally.judgement = example, judgement
            raise _Found
        self._aim(judgement)

    def _holds(self, name: str, statement: Statement, example: Mapping[str, Any]) -> bool:
        return _judged(name, statement, example, self.cap).truth is Truth.HOLDS

    def _concluded(self, example: Mapping[str, Any]) -> Judgement:
        try:
            return _judged(
                self.name, lambda **values: without_bools(self.conclusion(**values)), example, self.cap
            )
        except StatementError as error:
            if not self.violating or not isinstance(error.__cause__, ArithmeticError | ValueError):
                raise
            # What a dropped hypothesis had kept out: the conclusion means nothing here.
            self.tally.undefined += 1
            hypothesis.reject()
            raise

    @staticmethod
    def _aim(judgement: Judgement) -> None:
        """Drive the search towards equality, where a statement is most likely to break."""
        if judgement.ratio is not None and isfinite(judgement.ratio):
            if judgement.ratio < ATTAINED:
                target(judgement.ratio, label="ratio of the two sides")
        elif judgement.truth is Truth.HOLDS and judgement.worst is not None:
            margin = judgement.worst.midpoint
            if isfinite(margin):
                target(-margin, label="margin")


def _judged(name: str, statement: Statement, example: Mapping[str, Any], cap: int) -> Judgement:
    evaluate: Callable[[], Any] = lambda: statement(**example)  # noqa: E731
    try:
        return judge(evaluate, cap=cap)
    except Exception as error:
        raise StatementError(name, example) from error
