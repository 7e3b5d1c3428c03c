"""The second check of a derivation: every step evaluated in balls at random exact points.

A step is first decided by normal form (``theory``). Independently, both sides are evaluated
rigorously at random exact points of the domain of the assumptions it uses: a wrong step shows a
ball that excludes zero. Then the step is mutated at every site, and both checks must reject every
mutant that is not provably the same expression.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from textwrap import shorten

from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.derivation_check.scalar_steps import ScalarJudge
from jacspec.proofs_check.derivation_check.step_evaluation import ChainJudge
from jacspec.proofs_check.derivation_check.step_mutants import mutants_tried
from jacspec.proofs_check.derivation_check.step_points import step_points
from jacspec.theory import Derivation, Step
from jacspec.theory.derivations.scalars.steps import ScalarStep
from jacspec.theory.notation.printing import text

_LONGEST = 300
"""Letters of a residual that are shown."""


@dataclass(frozen=True)
class StepCheck:
    """What both checks say of a step, and what became of its mutants."""

    step: Step
    normal_form: bool
    evaluation: Truth
    points: tuple[str, ...]
    mutants: Mutants
    mutated: bool = True
    """Whether there were to be mutants at all."""
    failing: str = ""
    """A point at which it certainly fails, with the values of both sides."""
    moves: int = 0
    """The moves of its traces; a step between numbers has none, and is decided by laws."""

    @property
    def holds(self) -> bool:
        """Both checks agree that the step holds, and no mutant of it passes either of them."""
        return (
            self.normal_form
            and self.evaluation is Truth.HOLDS
            and not self.mutants.survivors
            and (self.mutants.killed > 0 or not self.mutated)
        )

    @property
    def rejection(self) -> str:
        """Why the step is not accepted, and where it was written; empty if it is accepted."""
        reason = self._reason
        return f"'{self.step.rule}'{self._place}: {reason}" if reason else ""

    @property
    def _place(self) -> str:
        return f" ({self.step.written})" if self.step.written else ""

    @property
    def _reason(self) -> str:
        failing = f"; {self.failing}" if self.failing else ""
        if not self.normal_form:
            return f"{self._difference}{failing}"
        if self.evaluation is not Truth.HOLDS:
            return f"ball evaluation says that it {self.evaluation.value}{failing}"
        if self.mutants.survivors:
            return f"a wrong variant passes ({self.mutants.survivors[0]})"
        return "no mutant of it can fail" if self.mutated and not self.mutants.killed else ""

    @property
    def _difference(self) -> str:
        """Why the normal form, or the checker of its trace, does not accept the step."""
        residual = self.step.residual
        if residual == 0 and self.step.fault_of_trace:
            return f"the second checker does not accept it: {self.step.fault_of_trace}"
        shown = shorten(text(residual), _LONGEST, placeholder=" …")
        unused = "".join(f"; {each}" for each in self.step.out_of_range)
        return f"the normal forms of the two sides differ, by {shown}{unused}"


@dataclass(frozen=True)
class DerivationCheck:
    """The checks of every step of a derivation and of the derivations it rests on."""

    derivation: Derivation
    steps: tuple[StepCheck, ...]
    naming: tuple[str, ...] = ()
    """Assumptions that a step names and does not need, unless the derivation explains why."""

    @property
    def holds(self) -> bool:
        """Whether every step is accepted, and names no more than it needs."""
        return not self.naming and all(step.holds for step in self.steps)

    @property
    def mutants(self) -> Mutants:
        """Those of all steps together."""
        return sum((step.mutants for step in self.steps), Mutants())

    @property
    def rejections(self) -> tuple[str, ...]:
        """Why steps are not accepted."""
        return (*(step.rejection for step in self.steps if not step.holds), *self.naming)


def check_derivation(
    derivation: Derivation, *, seed: int = 0, most_mutants: int | None = None
) -> DerivationCheck:
    """Check every step of a derivation and of what it rests on, and every mutant of every step.

    With ``most_mutants``, no more than so many of each step, drawn by the seed. The steps that show an
    inequality used here are checked too; their mutants are those of that inequality's own derivation.
    """
    everything = (*derivation.lemmas, derivation)
    lent = {shown for each in everything for shown in each.proofs.values()}
    return DerivationCheck(
        derivation,
        tuple(
            check_step(step, seed=seed, most_mutants=0 if each in lent else most_mutants)
            for each in everything
            for step in each.steps
        ),
        tuple(error for each in everything for error in each.naming_errors),
    )


@cache
def check_step(step: Step, *, seed: int = 0, most_mutants: int | None = None) -> StepCheck:
    """Check one step by normal form and by evaluation, then its mutants: all, a sample, or none (0).

    Remembered: the steps of a lemma are checked once for all the derivations that rest on it.
    """
    judge = _judge(step, seed)
    moves = 0 if isinstance(step, ScalarStep) else sum(len(trace.moves) for trace in step.traces)
    found = judge.truth(step.relation, step.after)
    return StepCheck(
        step,
        step.holds(),
        found,
        tuple(str(getattr(point, "description", "")) for point in judge.points),
        mutants_tried(step, judge, most=most_mutants, seed=seed),
        mutated=most_mutants != 0,
        failing=judge.failure if found is Truth.FAILS else "",
        moves=moves,
    )


def reject(step: Step, *, seed: int = 0) -> tuple[bool, bool]:
    """Whether the normal form rejects a step, and whether ball evaluation does."""
    judge = _judge(step, seed)
    return not step.holds(), judge.truth(step.relation, step.after) is Truth.FAILS


def _judge(step: Step, seed: int) -> ScalarJudge | ChainJudge:
    if isinstance(step, ScalarStep):
        return ScalarJudge.of(step, seed)
    return ChainJudge(step, step_points(step, seed))
