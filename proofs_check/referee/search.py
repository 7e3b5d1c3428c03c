"""The search for counterexamples: Hypothesis draws exact examples, balls decide, Hypothesis shrinks.

Only an example at which every hypothesis certainly holds and the conclusion certainly fails is a
counterexample. What could not be decided is counted, and is neither a pass nor a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import isfinite
from time import perf_counter
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings, strategies as st, target
from hypothesis.errors import HypothesisException, Unsatisfiable

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.claim import Statement
from jacspec.proofs_check.claims.margin import START_BITS, Judgement, Margins, Truth, judge, without_bools
from jacspec.proofs_check.claims.user_code import recursion_kept
from jacspec.proofs_check.referee.propositions.conclusion import StatedConclusion, applied
from jacspec.proofs_check.referee.search_result import Example, SearchResult
from jacspec.proofs_check.referee.time_limit import OutOfTime
from jacspec.proofs_check.strategies.pairs import examples as examples_of

CAP_BITS = 1536
"""Beyond this precision an undecided margin is reported as indistinguishable from equality."""

ATTAINED = 1 - 1e-9
"""A quotient of the two sides of a bound beyond which there is nothing left to climb."""

STUCK_AFTER = 300
"""So many draws in a row that do not come to an example end a run of the search."""

_RUNS = 4
"""A search that gets stuck is started again from elsewhere, so many times in all; the last does not climb."""

_REJECTED, _RARER = 100, 20
"""A climb is stuck after so many draws in a row at which a hypothesis fails, so often more than usual."""

PATIENCE = 150
"""Draws without a single example that violates what was dropped, after which none is expected."""

_SETTLED = 50
"""Draws without a smaller counterexample after which one that a hypothesis excludes is small enough."""


class StatementError(Exception):
    """A function of a claim raised; the original exception is the cause."""

    def __init__(self, name: str, example: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{name} raised an exception")
        self.name = name
        self.example = example or {}


class _Rejected(Exception):  # noqa: N818 -- a signal, not an error
    """Raised inside the search at an example that does not count."""


class _Found(Exception):  # noqa: N818 -- a signal to Hypothesis, not an error
    """Raised inside the search at a counterexample."""


class _Hopeless(BaseException):
    """Raised inside the search where examples that violate what was dropped are rare, or there are none."""


class _Stuck(BaseException):
    """Raised when one draw after another is abandoned half way."""


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
    known: Sequence[Example] = (),
    cases: Mapping[str, Statement] | None = None,
    shrink: bool = True,
) -> SearchResult:
    """Search for an example that satisfies the hypotheses and violates the conclusion.

    Only examples count at which every statement of ``violating`` does not hold: hypotheses that were
    dropped; where the conclusion then raises for its values, they are counted as undefined. Those ``known``
    were drawn before: they are judged first, and unless one of them violates the conclusion so many fewer
    are drawn. ``cases`` are counted among the accepted examples, by name. Without ``shrink`` the first
    counterexample is as good as any. The same for a seed, while the same modules are imported.

    Raises StatementError if one of the functions or strategies raises; ``name`` is what the error calls
    the conclusion.
    """
    start = perf_counter()
    most, blank = 3 * examples // 2, SearchResult(seed)
    trial = _Trial(hypotheses, conclusion, cap, name, tuple(violating), cases or {}, most, blank)
    trial.judge_known(known[:examples])
    for restart in range(1 if violating else _RUNS):
        before, trial.begun, trial.rejected_in_a_row = trial.result.accepted, 0, 0
        if before >= examples:
            break
        trial.aims = restart < _RUNS - 1
        try:
            with suppress(_Found, _Hopeless, _Stuck, Unsatisfiable):
                _run(trial, draws, examples - before, seed + restart, shrink=shrink)
        except StatementError:
            raise
        except Exception as error:  # a strategy of the user's that is malformed, or whose map raises
            if not (trial.stuck or trial.hopeless):  # else Hypothesis reports the draw that was interrupted
                where = "drawing an example"
                raise StatementError(where) from error
        if not trial.stuck or not before < trial.result.accepted < examples:
            break
    return replace(trial.result, seconds=perf_counter() - start)


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
    @given(_examples(examples_of(draws), trial))
    def attempt(example: dict[str, Any]) -> None:
        try:
            trial(example)
        except _Rejected:
            hypothesis.reject()

    attempt()


@st.composite
def _examples(draw: st.DrawFn, named: st.SearchStrategy[dict[str, Any]], trial: _Trial) -> dict[str, Any]:
    """An example; names that share a size (:func:`jacspec.proofs_check.strategies.size`) agree on it.

    At a local optimum Hypothesis's hill climbing may repeat the same incomplete draws, which it does not
    count, for minutes: it is stopped there.
    """
    trial.begun += 1
    if trial.stuck:
        raise _Stuck
    try:
        return draw(named)
    except HypothesisException:
        raise
    except Exception:
        trial.faulty = True
        raise


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
    result: SearchResult
    aims: bool = True
    begun: int = 0
    rejected_in_a_row: int = 0
    """Examples in a row at which a hypothesis fails."""
    bits: int = START_BITS
    """Where an example takes more than usual, others will: they start there, and share their points."""
    faulty: bool = False
    hopeless: bool = False

    @property
    def stuck(self) -> bool:
        """Whether it draws on without an example that counts, or a smaller one where any may do."""
        if self.faulty:
            return False
        if self.result.counterexample is not None:
            return bool(self.violating) and self.begun > _SETTLED
        return self.begun > STUCK_AFTER or (self.aims and not self.violating and self._climbs_in_vain)

    @property
    def _climbs_in_vain(self) -> bool:
        accepted, before = self.result.accepted, self.result.drawn - self.rejected_in_a_row
        return accepted > _RARER and self.rejected_in_a_row > max(_REJECTED, _RARER * before / accepted)

    def __call__(self, example: dict[str, Any]) -> None:
        """Judge one example; raises _Found at a counterexample."""
        self.result = so_far = replace(self.result, drawn=self.result.drawn + 1)
        self.rejected_in_a_row += 1
        self.begun = self.begun if so_far.counterexample else 0
        if self.violating and (
            so_far.drawn > self.most
            or (so_far.drawn > PATIENCE and not (so_far.accepted or so_far.undefined))
        ):
            self.hopeless = True
            raise _Hopeless
        failing = self._failing(example)
        if failing:
            if len(failing) == 1:
                self.result = so_far.with_alone(failing[0], example)
            raise _Rejected
        if any(self._holds(self.name, dropped, example) for dropped in self.violating):
            raise _Rejected
        judgement = self._judge(example)
        if self.aims:
            self._aim(judgement)

    def judge_known(self, examples: Sequence[Example]) -> None:
        """Judge examples that were drawn before; where one violates the conclusion, forget them.

        A counterexample is drawn again, to be shrunk.
        """
        for example in examples:
            self.result = replace(self.result, drawn=self.result.drawn + 1)
            with suppress(_Rejected):
                try:
                    self._judge(example)
                except _Found:
                    self.result = SearchResult(self.result.seed)
                    return

    def _judge(self, example: Example) -> Judgement:
        """The conclusion at an example that counts; raises _Found where it fails."""
        judgement = self._concluded(example)
        if isinstance(self.conclusion, StatedConclusion) and not judgement.margins:  # about nothing there
            self.result = replace(self.result, undefined=self.result.undefined + 1)
            raise _Rejected
        cases = {case: self._holds(case, statement, example) for case, statement in self.cases.items()}
        new = self._spoken_of(example, judgement.bits)
        self.result, self.rejected_in_a_row = self.result.with_accepted(example, judgement, cases, new), 0
        self.bits = min(max(self.bits, judgement.bits), 2 * START_BITS)
        if judgement.truth is Truth.FAILS:
            self.begun = 0
            raise _Found
        return judgement

    def _spoken_of(self, example: Mapping[str, Any], bits: int) -> Sequence[int]:
        """The propositions of the conclusion whose premises hold for the first time, by position."""
        conclusion = self.conclusion
        if not isinstance(conclusion, StatedConclusion):
            return ()
        with balls(bits):
            return [
                position
                for position in range(len(conclusion.propositions))
                if position not in self.result.speaking and conclusion.speaks_of(position, example)
            ]

    def _failing(self, example: Mapping[str, Any]) -> list[str]:
        """The hypothesis that does not hold; or two, if there are more than one."""
        failing: list[str] = []
        for name, assumed in self.hypotheses.items():
            try:
                holds = self._holds(name, assumed, example)
            except StatementError:
                if not failing:
                    raise
                holds = False  # it may mean nothing where another does not hold
            if not holds:
                failing.append(name)
            if len(failing) > 1:
                break
        return failing

    def _holds(self, name: str, statement: Statement, example: Mapping[str, Any]) -> bool:
        return _judged(name, statement, example, self.cap, self.bits).truth is Truth.HOLDS

    def _concluded(self, example: Mapping[str, Any]) -> Judgement:
        try:
            return _judged(self.name, self.conclusion, example, self.cap, self.bits, without_bools)
        except StatementError as error:
            if not self.violating or not isinstance(error.__cause__, ArithmeticError | ValueError):
                raise
            # What a dropped hypothesis had kept out: the conclusion means nothing here.
            self.result = replace(self.result, undefined=self.result.undefined + 1)
            raise _Rejected from error

    @staticmethod
    def _aim(judgement: Judgement) -> None:
        """Drive the search towards equality, where a statement is most likely to break."""
        quotient = judgement.sharpness
        if quotient is not None and isfinite(quotient):
            if quotient < ATTAINED:
                target(quotient, label="ratio of the two sides")
        elif judgement.truth is Truth.HOLDS and judgement.worst is not None:
            margin = judgement.worst.midpoint
            if isfinite(margin):
                target(-margin, label="margin")


def _judged(
    name: str,
    statement: Statement,
    example: Mapping[str, Any],
    cap: int,
    bits: int,
    checked: Callable[[Margins], Margins] = lambda margins: margins,
) -> Judgement:
    """A statement at an example, at so many bits or at those at which it knows that it may be decided."""

    def evaluate() -> Margins:
        with recursion_kept():
            return checked(applied(statement, example))

    try:
        return judge(evaluate, cap=cap, start=max(getattr(statement, "bits", bits), bits))
    except OutOfTime as error:
        error.name, error.example = name, example
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # an exit too ends the claim, not the run
        raise StatementError(name, example) from error
