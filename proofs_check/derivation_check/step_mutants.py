"""The wrong variants of a step, and whether both checks reject them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Symbol, expand

from jacspec.numerics import InputError
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.derivation_check.step_evaluation import ValuesAtPoints, evaluated, surely_differ
from jacspec.theory import Relation, Step
from jacspec.theory.algebra.normal_form import agree
from jacspec.theory.notation.symbols import N

__all__ = ["altered_inequalities", "counted", "is_weaker", "judge_mutant"]

_BEYOND_TWO = Symbol("N-2", integer=True, nonnegative=True)


def altered_inequalities(step: Step) -> Iterator[tuple[str, Step]]:
    """What an inequality must not be taken for: its reverse, an equality, one twice as strong."""
    if not step.relation.is_inequality:
        return
    upper = step.relation is Relation.AT_MOST
    yield "reversed", replace(step, relation=Relation.AT_LEAST if upper else Relation.AT_MOST)
    yield "an equality", replace(step, relation=Relation.EQUAL)
    yield "twice as strong", replace(step, after=step.after / 2 if upper else step.after * 2)


def judge_mutant(
    mutant: Step, original: Step | None, change: str, befores: ValuesAtPoints, afters: ValuesAtPoints
) -> Mutants:
    """Both checks must reject a mutant that is not the same expression.

    A variant of an inequality may be true, a weaker one say: it is enough that its lemmas do not
    give it, but it is not counted as caught. ``original`` is None where that excuse does not count.
    """
    altered = ValuesAtPoints(mutant.after, afters.points)
    try:
        # Balls tell apart what differs much sooner than normal forms do.
        differs, by_value = surely_differ(altered, afters), evaluated(mutant, befores, altered) is Truth.FAILS
    except InputError:  # it speaks of a layer that there is not
        differs = by_value = True
    if original is not None and not differs and _same(mutant, original):
        return Mutants(equivalent=1)
    by_form = not mutant.holds()
    may_be_true = original is not None and original.relation.is_inequality
    if by_form and not by_value and original is not None and may_be_true and is_weaker(mutant, original):
        return Mutants(weaker=1)
    return counted(change, by_form, by_value, may_be_true)


def _same(mutant: Step, original: Step) -> bool:
    """Whether a mutant is the same expression, at sizes that are fixed as what they are."""
    sizes = {each.symbol: each.least for each in original.defined_for.parameters if each.most == each.least}
    return agree(mutant.after.xreplace(sizes), original.after.xreplace(sizes))


def is_weaker(mutant: Step, original: Step) -> bool:
    """Whether a variant of an inequality follows from it: its bound is manifestly no tighter.

    The difference of the two bounds must be a sum of terms that are not negative, for all depths N ≥ 2.
    """
    sign = 1 if original.relation is Relation.AT_MOST else -1
    slack = expand((sign * (mutant.after - original.after)).xreplace({N: _BEYOND_TWO + 2}))
    return slack.is_nonnegative is True


def counted(
    change: str, by_form: bool, by_value: bool, may_be_true: bool, *, scalar: bool = False
) -> Mutants:
    """Both checks must reject a wrong variant; one that may be true, the normal form alone."""
    if by_form and by_value:
        return Mutants(total=1, killed=1)
    if by_form and may_be_true:
        return Mutants(total=1, unrefuted=1)
    if may_be_true and scalar and not by_value:
        return Mutants(weaker=1)  # proved like the original
    missed = " and ".join(
        check for check, caught in (("normal form", by_form), ("evaluation", by_value)) if not caught
    )
    return Mutants(total=1, survivors=(f"{change}: not rejected by {missed}",))
