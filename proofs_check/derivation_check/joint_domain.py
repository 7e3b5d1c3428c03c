"""Points at which all assumptions and definitions of a proof hold at once, and its steps there.

A step alone is evaluated where its own assumptions hold. That no two steps of a proof speak of different
chains is seen here: every assumption and every definition on the way is tested at every point, and what is
left of the points must bear every step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flint import arb, fmpq
from sympy import Expr
from sympy.core.function import AppliedUndef

from jacspec.numerics import InputError
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.derivation_check.scalar_steps import scalar_domain
from jacspec.proofs_check.derivation_check.step_evaluation import ValuesAtPoints, evaluated
from jacspec.proofs_check.derivation_check.step_points import step_points
from jacspec.proofs_check.interpretation import (
    AssumptionPoint,
    Interpretation,
    evaluate,
    norm,
)
from jacspec.proofs_check.interpretation.points.joint import joint_points
from jacspec.proofs_check.interpretation.propositions import admits, condition_margins
from jacspec.proofs_check.interpretation.small import at_small, speaks_of_level
from jacspec.theory import Assumption, Calculation, Relation, Step
from jacspec.theory.derivations.assumption import Condition
from jacspec.theory.derivations.calculation import ShownEquations
from jacspec.theory.derivations.derivation import DerivedLemma
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.scalar_steps import ScalarCalculation
from jacspec.theory.notation.heads import Head, Quantity, head_of
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import N, epsilon, i, j, k, l

__all__ = ["JointDomain", "joint_domain"]

_NO_POINT = "no point was found at which all its assumptions hold at once"
_BITS = 320
_RESOLUTION = 120


@dataclass(frozen=True)
class JointDomain:
    """Where all that a proof assumes holds: the points, and what is the same trivial thing at all of them.

    ``lacking`` says why there is none, or which step fails there.
    """

    points: tuple[str, ...] = ()
    trivial: tuple[str, ...] = ()
    lacking: str = ""


def joint_domain(proposition: Proposition, shown: Calculation, *, seed: int = 0) -> JointDomain:
    """The joint domain of a proof, and its steps evaluated there."""
    steps = tuple(dict.fromkeys(_all_steps(shown)))
    used = tuple(dict.fromkeys(each for step in steps for each in step.uses))
    assumed = [each for each in used if not isinstance(each, ShownEquations) and not each.supposed_for]
    if isinstance(shown, ScalarCalculation):
        described, lacking = scalar_domain(shown, seed)
        return JointDomain(described, lacking=f"{_NO_POINT}: {lacking}" if lacking else "")
    limit = any(step.relation is Relation.LIMIT for step in steps)
    said = _said_within([_at_small(each) if limit else each for each in assumed], steps)
    points: list[Interpretation] = []
    refused = ""
    with balls(_BITS):
        for point in _candidates(assumed, steps, seed):
            violated = _violated(said, point, limit)
            if violated:
                refused = refused or violated
            else:
                points.append(point)
    if not points:
        return JointDomain(lacking=f"{_NO_POINT}: {refused}")
    for step in steps:
        befores, afters = ValuesAtPoints(step.before, points), ValuesAtPoints(step.after, points)
        if evaluated(step, befores, afters) is not Truth.HOLDS:
            return JointDomain(lacking=f"where all assumptions hold, the step '{step.rule}' is not seen to")
    described = tuple(str(getattr(point, "description", "")) for point in points)
    return JointDomain(described, tuple(_trivial(proposition, points)))


def _all_steps(shown: Calculation) -> Iterator[Step]:
    """The steps of a calculation, after those of what shows the equations and inequalities that they use."""
    for step in shown.steps:
        for _, lemma in step.lemmas:
            if isinstance(lemma, DerivedLemma):
                yield from _all_steps(next(filter(lemma.is_shown_by, lemma.derivation().results)))
        for used in step.uses:
            if isinstance(used, ShownEquations):
                for part in used.proof.calculations:
                    yield from _all_steps(part)
        yield step


def _candidates(assumed: Sequence[Assumption], steps: Sequence[Step], seed: int) -> Iterator[Interpretation]:
    """Points built from the models of the assumptions, and chains that move; or chains, where all need them.

    A step brings its own kind of chain: what it is evaluated at by itself.
    """
    if all(each.on_chains for each in assumed):
        found = (point for step in steps for point in step_points(step, seed))
        yield from {point.description: point for point in found}.values()
        return
    restricted = [each for assumption in assumed for each in assumption.restricts]
    for depth, width, layer in ((2, 2, 1), (3, 2, 2)):
        if any(each.symbol == N and depth < each.least for each in restricted):
            continue
        indices = {i: 1, j: 2, k: 1, l: layer}
        yield AssumptionPoint(
            tuple(assumed), depth=depth, width=width, indices=indices, seed=seed, level=fmpq(1, 7)
        )
    if not restricted:
        for point in joint_points(seed, assumed):
            point.indices |= {l: min(2, point.depth - 1)}
            yield point


def _at_small(assumption: Assumption) -> Assumption:
    """What holds at every small ε, where that is more than what holds at ε = 0."""
    return at_small(assumption) if speaks_of_level(assumption) else assumption


def _violated(said: Mapping[Assumption, Sequence[Condition]], point: Interpretation, limit: bool) -> str:
    """The first assumption that does not hold at a point, in words; empty if all do."""
    for assumption, conditions in said.items():
        try:
            margins = (each for said in conditions for each in condition_margins(said, point, point.indices))
            if not (admits(assumption, point, point.indices) and all(margin >= 0 for margin in margins)):
                return f"'{assumption.title}' fails where those before it hold"
        except (InputError, KeyError, TypeError, ValueError) as error:
            # A point that does not define a symbol is none; one at which two do so differently says which.
            return str(error.args[0])
    # A limit is evaluated where it is reached.
    reached = not limit or (not isinstance(point, AssumptionPoint) and point.symbol(epsilon.name) == 0)
    return "" if reached else "no point is exactly aligned"


def _trivial(proposition: Proposition, points: Sequence[Interpretation]) -> Iterator[str]:
    """Intercepts that the proposition speaks of and that vanish at every point."""
    spoken_of = _atoms(proposition.left) | _atoms(proposition.right)
    intercepts = [atom for atom in spoken_of if _head(atom).quantity is Quantity.INTERCEPT]
    with balls(_BITS):
        for atom in sorted(intercepts, key=str):
            if all(norm(evaluate(atom, point)) < arb(2) ** -_RESOLUTION for point in points):
                yield f"{text(atom)} = 0"


def _atoms(expression: Expr) -> set[Expr]:
    return {atom for atom in expression.atoms(AppliedUndef) if head_of(atom) is not None}


def _head(atom: Expr) -> Head:
    head = head_of(atom)
    assert head is not None  # noqa: S101 -- atoms of the notation only
    return head.upright


def _said_within(
    assumed: Sequence[Assumption], steps: Sequence[Step]
) -> Mapping[Assumption, Sequence[Condition]]:
    """What is assumed; of equations, those that speak of what the steps hold or such a one brings in."""
    sides = [side for step in steps for side in (step.before, step.after)]
    known = {_head(atom) for side in sides for atom in _atoms(side)}
    while True:
        within = {
            each: [
                said
                for said in each.says
                if said.relation is not Relation.EQUAL or {_head(atom) for atom in _atoms(said.left)} <= known
            ]
            for each in assumed
        }
        reached = {
            _head(atom)
            for conditions in within.values()
            for said in conditions
            if said.relation is Relation.EQUAL
            for atom in _atoms(said.right)
        }
        if reached <= known:
            return within
        known |= reached
