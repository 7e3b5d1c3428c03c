"""The wrong variants of a step, and whether both checks reject them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Protocol

from sympy import Expr, Symbol, expand

from jacspec.numerics import InputError
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.claims.mutants import Fate, Mutants
from jacspec.theory import Relation, Step, mutants
from jacspec.theory.notation.symbols import N

_BEYOND_TWO = Symbol("N-2", integer=True, nonnegative=True)


class StepJudge(Protocol):
    """What ball evaluation says of variants of one step, at the same points."""

    def truth(self, relation: Relation, after: Expr) -> Truth:
        """HOLDS if ``before relation after`` is seen at every point, FAILS if it certainly fails at one."""

    def is_same(self, after: Expr) -> bool:
        """Whether an expression is the right-hand side, however it is written."""


def mutants_tried(step: Step, judge: StepJudge, *, most: int | None, seed: int) -> Mutants:
    """All variants of a step by what became of them; ``most`` of its right-hand side, drawn by the seed."""
    if most == 0:
        return Mutants()
    sides = mutants(step.after)
    if most is not None and len(sides) > most:
        chosen = Random(f"mutants {seed}").sample(range(len(sides)), most)  # noqa: S311 -- no secret
        sides = tuple(sides[position] for position in sorted(chosen))
    found: list[tuple[str, Step, Step | None]]
    found = [(each.change, replace(step, after=each.expression), step) for each in sides]
    found += [(change, altered, None) for change, altered in _altered_inequalities(step)]
    return Mutants.of(_fate(change, altered, original, judge) for change, altered, original in found)


def _altered_inequalities(step: Step) -> Iterator[tuple[str, Step]]:
    """What an inequality must not be taken for: its reverse, an equality, one twice as strong."""
    if not step.relation.is_inequality:
        return
    upper = step.relation is Relation.AT_MOST
    yield "reversed", replace(step, relation=Relation.AT_LEAST if upper else Relation.AT_MOST)
    yield "an equality", replace(step, relation=Relation.EQUAL)
    yield "twice as strong", replace(step, after=step.after / 2 if upper else step.after * 2)


def _fate(change: str, mutant: Step, original: Step | None, judge: StepJudge) -> tuple[str, Fate]:
    """Both checks must reject a variant that is not the same expression.

    A variant of an inequality may be true, a weaker one say: it is enough that its lemmas do not give it,
    but it is not counted as caught. ``original`` is None where that excuse does not count.
    """
    try:
        if original is not None and judge.is_same(mutant.after):
            return change, Fate.EQUIVALENT
        by_value = judge.truth(mutant.relation, mutant.after) is Truth.FAILS
    except InputError:  # it speaks of a layer that there is not
        by_value = True
    by_form = not mutant.holds()
    if by_form and by_value:
        return change, Fate.REFUTED
    if original is not None and original.relation.is_inequality and not by_value:
        weaker = not by_form or is_weaker(mutant, original)
        return change, Fate.WEAKER if weaker else Fate.UNREFUTED
    checks = (("normal form", by_form), ("evaluation", by_value))
    missed = " and ".join(check for check, caught in checks if not caught)
    return f"{change}: not rejected by {missed}", Fate.SURVIVES


def is_weaker(mutant: Step, original: Step) -> bool:
    """Whether a variant of an inequality follows from it: its bound is manifestly no tighter.

    The difference of the two bounds must be a sum of terms that are not negative, for all depths N ≥ 2.
    """
    sign = 1 if original.relation is Relation.AT_MOST else -1
    slack = expand((sign * (mutant.after - original.after)).xreplace({N: _BEYOND_TWO + 2}))
    return slack.is_nonnegative is True
