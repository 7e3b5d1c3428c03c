"""The search for counterexamples: Hypothesis draws exact examples, balls decide, Hypothesis shrinks.

Only an example at which every hypothesis certainly holds and the conclusion certainly fails is a
counterexample. What could not be decided is counted, and is neither a pass nor a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings, target
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException, Unsatisfiable

from proofs_check.claim import Statement
from proofs_check.margin import Judgement, Truth, judge, without_bools

__all__ = ["SearchResult", "StatementError", "search"]

CAP_BITS = 1536
"""Beyond this precision an undecided margin is reported as indistinguishable from equality."""

STUCK_AFTER = 300
"""So many draws in a row that do not come to an example end a run of the search."""


class StatementError(Exception):
    """A function of a claim raised; the original exception is the cause."""

    def __init__(self, name: str, example: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{name} raised an exception")
        self.name = name
        self.example = example or {}


class _Found(Exception):  # noqa: N818 -- a signal to Hypothesis, not an error
    """Raised inside the search at a counterexample."""


class _Stuck(BaseException):
    """Raised when one draw after another is abandoned half way."""


@dataclass(frozen=True)
class SearchResult:
    """What a search drew and what it found.

    ``worst_margin`` is the least margin of the conclusion among the examples at which it holds, as
    a float; ``bits`` the highest precision that was needed.
    """

    drawn: int
    accepted: int
    undecided: int
    worst_margin: float | None
    bits: int
    counterexample: Mapping[str, Any] | None
    judgement: Judgement | None


def search(
    draws: Mapping[str, st.SearchStrategy[Any]],
    hypotheses: Mapping[str, Statement],
    conclusion: Statement,
    *,
    examples: int,
    seed: int,
    cap: int = CAP_BITS,
    name: str = "the conclusion",
) -> SearchResult:
    """Search for an example that satisfies the hypotheses and violates the conclusion.

    Deterministic for a seed. Raises StatementError if one of the functions or strategies raises;
    ``name`` is what the error calls the conclusion.
    """
    tally = _Tally()

    def run(run_seed: int, remaining: int) -> None:
        @hypothesis.seed(run_seed)
        @settings(
            max_examples=remaining,
            database=None,
            deadline=None,
            derandomize=False,
            report_multiple_bugs=False,
            print_blob=False,
            verbosity=Verbosity.quiet,
            phases=(Phase.generate, Phase.target, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(_examples(draws, tally))
        def attempt(example: dict[str, Any]) -> None:
            tally.drawn += 1
            tally.begun = 0
            for assumed, hypothesis_of in hypotheses.items():
                if _judged(assumed, hypothesis_of, example, cap).truth is not Truth.HOLDS:
                    hypothesis.reject()
            tally.accepted += 1
            judgement = _judged(name, lambda **values: without_bools(conclusion(**values)), example, cap)
            tally.note(judgement)
            if judgement.truth is Truth.FAILS:
                tally.counterexample, tally.judgement = example, judgement
                raise _Found
            if (
                judgement.truth is Truth.HOLDS
                and judgement.worst is not None
                and isfinite(judgement.worst.midpoint)
            ):
                # Towards equality, where a statement is most likely to break.
                target(-judgement.worst.midpoint)

        attempt()

    # A climb that got stuck is followed by another from elsewhere, as long as there are examples left.
    for restart in range(examples):
        before, tally.begun = tally.accepted, 0
        try:
            with suppress(_Found, _Stuck, Unsatisfiable):
                run(seed + restart, examples - before)
        except StatementError:
            raise
        except Exception as error:  # a strategy of the user's that is malformed, or whose map raises
            if not tally.stuck:  # else Hypothesis reports the draw that was interrupted
                where = "drawing an example"
                raise StatementError(where) from error
        if not tally.stuck or not before < tally.accepted < examples:
            break
    return tally.result()


@st.composite
def _examples(draw: st.DrawFn, draws: Mapping[str, st.SearchStrategy[Any]], tally: _Tally) -> dict[str, Any]:
    """An example; names that share a size (:func:`proofs_check.strategies.size`) agree on it.

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

    @property
    def stuck(self) -> bool:
        """Whether it draws on and on without an example, and is not shrinking a failure."""
        return self.begun > STUCK_AFTER and self.counterexample is None and not self.faulty

    def note(self, judgement: Judgement) -> None:
        self.bits = max(self.bits, judgement.bits)
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
        )


def _judged(name: str, statement: Statement, example: Mapping[str, Any], cap: int) -> Judgement:
    evaluate: Callable[[], Any] = lambda: statement(**example)  # noqa: E731
    try:
        return judge(evaluate, cap=cap)
    except Exception as error:
        raise StatementError(name, example) from error
