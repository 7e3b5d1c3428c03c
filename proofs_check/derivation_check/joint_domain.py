"""Points at which all assumptions and definitions of a proof hold at once, and its steps there.

A step alone is evaluated where its own assumptions hold. That no two steps of a proof speak of different
chains is seen here: every assumption and every definition on the way is tested at every point, and what is
left of the points must bear every step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

from flint import arb, fmpq
from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.derivation_check.scalar_steps import scalar_domain
from jacspec.proofs_check.derivation_check.step_evaluation import ChainJudge
from jacspec.proofs_check.derivation_check.step_points import needs_chains, step_points
from jacspec.proofs_check.interpretation import AssumptionPoint, Interpretation, evaluate, known, norm
from jacspec.proofs_check.interpretation.assumption_point import ContradictionError
from jacspec.proofs_check.interpretation.base import Indices
from jacspec.proofs_check.interpretation.index_values import instances
from jacspec.proofs_check.interpretation.points.joint import joint_points
from jacspec.proofs_check.interpretation.points.leading import LeadingPoint
from jacspec.proofs_check.interpretation.points.ordered import generic_chain
from jacspec.proofs_check.interpretation.propositions import truth_at
from jacspec.proofs_check.interpretation.small_level import at_small, speaks_of_level
from jacspec.theory import Assumption, Calculation, Relation, Step
from jacspec.theory.derivations.calculation import ShownEquations
from jacspec.theory.derivations.derivation import DerivedLemma
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.scalars.steps import ScalarCalculation
from jacspec.theory.notation.heads import head_of
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import N, epsilon, i, j, k, l, n

_NO_POINT = "no point was found at which all its assumptions hold at once"
_BITS = 320
_SMALL = arb(2) ** -120
_NO_VALUE = (IndexError, KeyError, TypeError, ValueError, ZeroDivisionError)
"""What evaluation raises at a point at which a symbol stands for nothing."""

_OWN, _MOST = 12, 24
"""Points that are looked for: among those that a proposition brings, and in all."""


@dataclass(frozen=True)
class JointDomain:
    """Where all that a proposition and its proof assume and define holds: the points, the smallest first.

    ``trivial`` is what vanishes at all of them, of what the proposition speaks of. ``lacking`` says why there
    is none, or which step fails there.
    """

    points: tuple[str, ...] = ()
    trivial: tuple[str, ...] = ()
    lacking: str = ""


def joint_domain(
    proposition: Proposition,
    shown: Calculation | None = None,
    own: Mapping[str, Interpretation] = MappingProxyType({}),
    *,
    seed: int = 0,
) -> JointDomain:
    """The joint domain of a proposition and of its proof, and the steps of the proof evaluated there.

    ``own`` are points that are tried first, each with what it is called: those at which the proposition was
    searched. Without a proof the domain is that of the premises.
    """
    steps, assumed = _steps(shown), assumed_by(proposition, shown)
    if isinstance(shown, ScalarCalculation):
        described, lacking = scalar_domain(shown, proposition.given, seed)
        return JointDomain(described, lacking=f"{_NO_POINT}: {lacking}" if lacking else "")
    limit = any(step.relation is Relation.LIMIT for step in steps)
    asked = tuple(map(_at_small, assumed)) if limit else assumed
    kinds = (
        (_OWN, _read(proposition, own.items(), seed)),
        (_MOST, _read(proposition, _chains(steps, assumed, seed), seed)),
        (1, _abstract(proposition, assumed, seed)),
    )
    points: dict[str, Interpretation] = {}
    refused = contradiction = ""
    with balls(_BITS):
        for most, candidates in kinds:
            for name, point in candidates:
                if len(points) >= most:
                    break
                try:
                    violated = _violated(asked, steps, point, limit)
                except ContradictionError as error:
                    contradiction = contradiction or str(error)
                    continue
                refused = refused or violated
                if not violated:
                    points[name] = point
        if not points:
            return JointDomain(
                lacking=f"{_NO_POINT}: {contradiction or refused or 'none of those tried lies in its domain'}"
            )
        vanishing = {name: _vanishing(proposition, assumed, point) for name, point in points.items()}
    for step in steps:
        there = tuple(points.values())
        if ChainJudge(step, there).truth(step.relation, step.after) is not Truth.HOLDS:
            return JointDomain(lacking=f"where all assumptions hold, the step '{step.rule}' is not seen to")

    def size(name: str) -> tuple[int, int, int]:
        return len(vanishing[name]), points[name].depth, points[name].width

    trivial = frozenset.intersection(*vanishing.values()) & _atoms((proposition.left, proposition.right))
    return JointDomain(
        tuple(sorted(points, key=size)), tuple(f"{text(atom)} = 0" for atom in sorted(trivial, key=str))
    )


def assumed_by(proposition: Proposition, shown: Calculation | None) -> tuple[Assumption, ...]:
    """The premises of a proposition, and whatever a proof of it assumes or defines."""
    used = (each for step in _steps(shown) for each in step.uses)
    return tuple(
        each
        for each in dict.fromkeys((*proposition.given, *used))
        if not isinstance(each, ShownEquations) and not each.supposed_for
    )


def _steps(shown: Calculation | None) -> tuple[Step, ...]:
    return () if shown is None else tuple(dict.fromkeys(_all_steps(shown)))


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


def _chains(
    steps: Sequence[Step], assumed: Sequence[Assumption], seed: int
) -> Iterator[tuple[str, Interpretation]]:
    """Chains that move, and those at which steps that need chains are evaluated."""
    small = LeadingPoint(generic_chain(seed, 2, 2), 2, 1, "generic chain, N=2, n=2", rank=1)
    needed = [point for step in steps if needs_chains(step) for point in step_points(step, seed)]
    found = {point.description: point for point in (*joint_points(seed, assumed), small, *needed)}
    yield from ((getattr(point, "kind", name), point) for name, point in found.items())


def _read(
    proposition: Proposition, points: Iterable[tuple[str, Interpretation]], seed: int
) -> Iterator[tuple[str, Interpretation]]:
    """The points in turn, read at values of the indices in the domain of the proposition, in any order."""
    random = Random(seed)  # noqa: S311 -- points, not secrets
    drawn: list[tuple[str, Interpretation, list[dict[Symbol, int]]]] = []
    for name, point in points:
        placed = point.at({**_elsewhere(point), **point.indices})
        every = _instances(proposition, placed)
        drawn.append((name, placed, random.sample(every, len(every))))
    for turn in range(max((len(values) for *_, values in drawn), default=0)):
        for name, placed, each in drawn:
            if turn < len(each):
                sizes = (N, n)
                at = ", ".join(
                    f"{index}={value}" for index, value in each[turn].items() if index not in sizes
                )
                yield f"{name}; {at}" if at else name, placed.at(each[turn])


def _instances(proposition: Proposition, point: Interpretation) -> list[dict[Symbol, int]]:
    """None for a point that has no value for one of the numbers."""
    try:
        return list(instances(proposition, point))
    except KeyError:
        return []


def _elsewhere(point: Interpretation) -> dict[Symbol, int]:
    """Where the indices stand of which a point says nothing."""
    return {i: 1, j: point.width, k: 1, l: min(2, point.depth)}


def _abstract(
    proposition: Proposition, assumed: Sequence[Assumption], seed: int
) -> Iterator[tuple[str, Interpretation]]:
    """Points of the models of the assumptions: of symbols that no chain defines."""
    level = fmpq(1, 7)
    for depth, width in ((2, 2), (3, 2), (2, 3)):

        def at(indices: Indices, depth: int = depth, width: int = width) -> AssumptionPoint:
            return AssumptionPoint(
                tuple(assumed), depth=depth, width=width, indices=indices, seed=seed, level=level
            )

        free = _elsewhere(at({}))
        for values in _instances(proposition, at(free)):
            point = at({**free, **values})
            yield f"symbols alone, {point.description}", point


def _at_small(assumption: Assumption) -> Assumption:
    """What holds at every small ε, where that is more than what holds at ε = 0."""
    return at_small(assumption) if speaks_of_level(assumption) else assumption


def _violated(
    assumed: Sequence[Assumption], steps: Sequence[Step], point: Interpretation, limit: bool
) -> str:
    """The first assumption that does not hold at a point, in words; empty if all do.

    Raises ContradictionError where two give a symbol different values.
    """
    try:
        for each in assumed:
            if truth_at(each, point, point.indices) is not Truth.HOLDS:
                return f"'{each.title}' fails where those before it hold"
        for side in (side for step in steps for side in (step.before, step.after)):
            known(side, point)
        # A limit is evaluated where it is reached.
        reached = not limit or point.symbol(epsilon.name) == 0
    except ContradictionError:
        raise
    except _NO_VALUE as error:
        return str(error.args[0])
    return "" if reached else "no point is exactly aligned"


def _vanishing(
    proposition: Proposition, assumed: Sequence[Assumption], point: Interpretation
) -> frozenset[Expr]:
    """What vanishes at a point, of what the proposition and all that is assumed speak of."""
    said = (each for assumption in assumed for each in assumption.says)
    sides = (
        proposition.left,
        proposition.right,
        *(side for each in said for side in (each.left, each.right)),
    )
    zero = set()
    for atom in _atoms(sides):
        with suppress(*_NO_VALUE):
            if atom.free_symbols <= {*point.indices} and norm(evaluate(atom, point)) < _SMALL:
                zero.add(atom)
    return frozenset(zero)


def _atoms(sides: Iterable[Expr]) -> set[Expr]:
    return {atom for side in sides for atom in side.atoms(AppliedUndef) if head_of(atom) is not None}
