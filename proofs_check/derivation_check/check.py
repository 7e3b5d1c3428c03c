"""The second check of a derivation: every step evaluated in balls at random exact points.

A step is first decided by normal form (``theory``). Independently, both sides are evaluated
rigorously at random exact points of the domain of the assumptions it uses: a wrong step shows a
ball that excludes zero. Then the step is mutated at every site, and both checks must reject every
mutant that is not provably the same expression.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import TypeVar

from flint import arb
from sympy import Expr, Symbol, expand

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.derivation_check.scalar_steps import ScalarJudge, variants
from jacspec.proofs_check.derivation_check.step_points import step_points
from jacspec.proofs_check.interpretation import Interpretation, Value, difference, evaluate, norm
from jacspec.theory import Derivation, Relation, Step, mutants
from jacspec.theory.algebra.normal_form import agree
from jacspec.theory.derivations.scalar_steps import ScalarStep
from jacspec.theory.notation.symbols import N

__all__ = [
    "DerivationCheck",
    "MutantTally",
    "StepCheck",
    "check_derivation",
    "check_step",
    "is_weaker",
    "reject",
]

_BITS = 320
"""Ball precision; the values are rationals of a few digits and exponentials of such."""

_RESOLUTION = 200
"""Bits to which the two sides of an equality must be seen to agree, relative to their size."""

_BEYOND_TWO = Symbol("N-2", integer=True, nonnegative=True)

_LIMIT_RESOLUTION = 120
"""In the limit ε → 0 the sides differ by O(ε); at ε = 2^-160 they must agree to 120 bits."""


@dataclass(frozen=True)
class MutantTally:
    """What became of the mutants: each is counted in one of the fields after ``generated``.

    ``rejected`` were caught by both checks. The other variants of an inequality need not be false: those
    proved to be true but ``weaker``, and those that its lemmas do not give but that no point refutes
    (``by_form_only``), are not counted as caught.
    """

    generated: int
    equivalent: int
    rejected: int
    survivors: tuple[str, ...] = ()
    by_form_only: int = 0
    weaker: int = 0

    @property
    def wrong(self) -> int:
        """Those that are neither the same statement nor a weaker one: all should be caught."""
        return self.generated - self.equivalent - self.weaker

    def __add__(self, other: MutantTally) -> MutantTally:
        return MutantTally(
            self.generated + other.generated,
            self.equivalent + other.equivalent,
            self.rejected + other.rejected,
            self.survivors + other.survivors,
            self.by_form_only + other.by_form_only,
            self.weaker + other.weaker,
        )


@dataclass(frozen=True)
class StepCheck:
    """What both checks say of a step, and what became of its mutants."""

    step: Step
    normal_form: bool
    evaluation: Truth
    points: tuple[str, ...]
    mutants: MutantTally
    mutated: bool = True
    """Whether there were to be mutants at all."""

    @property
    def holds(self) -> bool:
        """Both checks agree that the step holds, and no mutant of it passes either of them."""
        return (
            self.normal_form
            and self.evaluation is Truth.HOLDS
            and not self.mutants.survivors
            and (self.mutants.rejected > 0 or not self.mutated)
        )

    @property
    def trouble(self) -> str:
        """Why the step is not accepted; empty if it is."""
        if not self.normal_form:
            return f"'{self.step.rule}': the normal forms of the two sides differ"
        if self.evaluation is not Truth.HOLDS:
            return f"'{self.step.rule}': ball evaluation says that it {self.evaluation.value}"
        if self.mutants.survivors:
            return f"'{self.step.rule}': a wrong variant passes ({self.mutants.survivors[0]})"
        if self.mutated and not self.mutants.rejected:
            return f"'{self.step.rule}': no mutant of it can fail"
        return ""


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
    def mutants(self) -> MutantTally:
        """The tally over all steps."""
        return sum((step.mutants for step in self.steps), MutantTally(0, 0, 0))

    @property
    def rejections(self) -> tuple[str, ...]:
        """Why steps are not accepted."""
        return (*(step.trouble for step in self.steps if not step.holds), *self.naming)


def check_derivation(
    derivation: Derivation, *, seed: int = 0, most_mutants: int | None = None
) -> DerivationCheck:
    """Check every step of a derivation and of what it rests on, and every mutant of every step.

    With ``most_mutants``, no more than so many of each step, drawn by the seed. The steps that show an
    inequality used here are checked too; their mutants are those of that inequality's own derivation.
    """
    everything = (*derivation.lemmas, derivation)
    lent = {shown for each in everything for shown in each.derivations_of_inequalities}
    return DerivationCheck(
        derivation,
        tuple(
            check_step(step, seed=seed, most_mutants=0 if each in lent else most_mutants)
            for each in everything
            for step in each.steps
        ),
        tuple(trouble for each in everything for trouble in each.naming_errors),
    )


@cache
def check_step(step: Step, *, seed: int = 0, most_mutants: int | None = None) -> StepCheck:
    """Check one step by normal form and by evaluation, then its mutants: all, a sample, or none (0).

    Remembered: the steps of a lemma are checked once for all the derivations that rest on it.
    """
    if isinstance(step, ScalarStep):
        return _check_scalar(step, seed, most_mutants)
    points = step_points(step, seed)
    befores, afters = _Values(step.before, points), _Values(step.after, points)
    tally = MutantTally(0, 0, 0)
    for mutant in _sample(mutants(step.after), most_mutants, seed):
        altered = replace(step, after=mutant.expression)
        tally += _judge_mutant(altered, step, mutant.change, befores, afters)
    for change, altered in _altered_inequalities(step) if most_mutants != 0 else ():
        tally += _judge_mutant(altered, None, change, befores, afters)
    return StepCheck(
        step,
        step.holds(),
        _evaluated(step, befores, afters),
        tuple(point.description for point in points),
        tally,
        mutated=most_mutants != 0,
    )


def reject(step: Step, *, seed: int = 0) -> tuple[bool, bool]:
    """Whether the normal form rejects a step, and whether ball evaluation does."""
    if isinstance(step, ScalarStep):
        judged = ScalarJudge.of(step, seed).truth(step.relation, step.after)
        return not step.holds(), judged is Truth.FAILS
    points = step_points(step, seed)
    befores, afters = _Values(step.before, points), _Values(step.after, points)
    return not step.holds(), _evaluated(step, befores, afters) is Truth.FAILS


_Variant = TypeVar("_Variant")


def _sample(family: Sequence[_Variant], most: int | None, seed: int) -> Sequence[_Variant]:
    """All of them, or so many drawn by the seed, in their order."""
    if most is None or len(family) <= most:
        return family
    chosen = Random(f"mutants {seed}").sample(range(len(family)), most)  # noqa: S311 -- no secret
    return [family[position] for position in sorted(chosen)]


def _check_scalar(step: ScalarStep, seed: int, most_mutants: int | None) -> StepCheck:
    """The same two checks and the same treatment of mutants, for a step between scalar formulas."""
    judge = ScalarJudge.of(step, seed)
    tally = MutantTally(0, 0, 0)
    for change, variant, may_be_true in _sample(variants(step), most_mutants, seed):
        by_value = judge.truth(variant.relation, variant.after) is Truth.FAILS
        tally += _tallied(change, not variant.holds(), by_value, may_be_true, scalar=True)
    described = tuple(point.description for point in judge.points)
    return StepCheck(
        step, step.holds(), judge.truth(step.relation, step.after), described, tally, most_mutants != 0
    )


def _tallied(
    change: str, by_form: bool, by_value: bool, may_be_true: bool, *, scalar: bool = False
) -> MutantTally:
    """Both checks must reject a wrong variant; one that may be true, the normal form alone."""
    if by_form and by_value:
        return MutantTally(1, 0, 1)
    if by_form and may_be_true:
        return MutantTally(1, 0, 0, by_form_only=1)
    if may_be_true and scalar and not by_value:
        return MutantTally(1, 0, 0, weaker=1)  # proved like the original
    missed = " and ".join(
        check for check, caught in (("normal form", by_form), ("evaluation", by_value)) if not caught
    )
    return MutantTally(1, 0, 0, (f"{change}: not rejected by {missed}",))


def _altered_inequalities(step: Step) -> Iterator[tuple[str, Step]]:
    """What an inequality must not be taken for: its reverse, an equality, one twice as strong."""
    if not step.relation.is_inequality:
        return
    upper = step.relation is Relation.AT_MOST
    yield "reversed", replace(step, relation=Relation.AT_LEAST if upper else Relation.AT_MOST)
    yield "an equality", replace(step, relation=Relation.EQUAL)
    yield "twice as strong", replace(step, after=step.after / 2 if upper else step.after * 2)


class _Values:
    """An expression at every point, each evaluated when it is asked for."""

    def __init__(self, expression: Expr, points: Sequence[Interpretation]) -> None:
        self._expression = expression
        self.points = points
        self._values: dict[int, Value] = {}

    def __getitem__(self, position: int) -> Value:
        """The value at one of the points; the caller sets the ball precision."""
        if position not in self._values:
            self._values[position] = evaluate(self._expression, self.points[position])
        return self._values[position]


def _surely_differ(left: _Values, right: _Values) -> bool:
    """Whether two expressions are seen to differ at one of the points."""
    with balls(_BITS):
        return any(
            bool(norm(difference(left[position], right[position])) > 0)
            for position in range(len(left.points))
        )


def _judge_mutant(
    mutant: Step, original: Step | None, change: str, befores: _Values, afters: _Values
) -> MutantTally:
    """Both checks must reject a mutant that is not the same expression.

    A variant of an inequality may be true, a weaker one say: it is enough that its lemmas do not
    give it, but it is not counted as caught. ``original`` is None where that excuse does not count.
    """
    altered = _Values(mutant.after, afters.points)
    # Balls tell apart what differs much sooner than normal forms do.
    if original is not None and not _surely_differ(altered, afters) and agree(mutant.after, original.after):
        return MutantTally(1, 1, 0)
    by_form = not mutant.holds()
    by_value = _evaluated(mutant, befores, altered) is Truth.FAILS
    may_be_true = original is not None and original.relation.is_inequality
    if by_form and not by_value and original is not None and may_be_true and is_weaker(mutant, original):
        return MutantTally(1, 0, 0, weaker=1)
    return _tallied(change, by_form, by_value, may_be_true)


def is_weaker(mutant: Step, original: Step) -> bool:
    """Whether a variant of an inequality follows from it: its bound is manifestly no tighter.

    The difference of the two bounds must be a sum of terms that are not negative, for all depths N ≥ 2.
    """
    sign = 1 if original.relation is Relation.AT_MOST else -1
    slack = expand((sign * (mutant.after - original.after)).xreplace({N: _BEYOND_TWO + 2}))
    return slack.is_nonnegative is True


def _evaluated(step: Step, befores: _Values, afters: _Values) -> Truth:
    """HOLDS if the step is seen to hold at every point, FAILS if it certainly does not at one.

    Equality is seen to the resolution; so is ≤, which may be attained.
    """
    resolution = _LIMIT_RESOLUTION if step.relation is Relation.LIMIT else _RESOLUTION
    undecided = False
    with balls(_BITS):
        for position in range(len(befores.points)):
            before, after = befores[position], afters[position]
            excess = _excess(step.relation, difference(before, after))
            tolerance = (norm(before) + norm(after) + 1) * arb(2) ** (-resolution)
            if excess > tolerance:
                return Truth.FAILS
            undecided |= not excess <= tolerance
    return Truth.UNDECIDED if undecided else Truth.HOLDS


def _excess(relation: Relation, gap: Value) -> arb:
    """By how much ``before - after`` violates the relation; positive where it does."""
    if not relation.is_inequality:
        return norm(gap)
    assert isinstance(gap, arb)  # noqa: S101 -- matrices are not compared by ≤
    return gap if relation is Relation.AT_MOST else -gap
