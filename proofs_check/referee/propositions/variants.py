"""Wrong variants of what a claim says, one for every single site, and what becomes of them.

Each is evaluated at examples that the search has kept, at the same indices as the claim itself. What is not
refuted there is the same at all of them, or follows from the claim there, or is tried at all others. A range
that is one wider is tried beyond the claim's own; premises are dropped where hypotheses are weighed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from flint import arb
from sympy import Expr

from jacspec.numerics import InputError
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.claims.mutants import Fate, Mutants
from jacspec.proofs_check.interpretation import Interpretation
from jacspec.proofs_check.interpretation.propositions import sides_at
from jacspec.proofs_check.referee.propositions.conclusion import Case, StatedConclusion
from jacspec.proofs_check.referee.search_result import SearchResult
from jacspec.theory import Relation, mutants
from jacspec.theory.derivations.domain import Domain
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.printing import text

_BITS = 256
_MOST_CASES = 100
_OPEN = (Fate.UNREFUTED, Fate.SURVIVES)
_FLIPPED = {Relation.AT_MOST: Relation.AT_LEAST, Relation.AT_LEAST: Relation.AT_MOST}


@dataclass(frozen=True)
class Variant:
    """The propositions of a claim with one change: what changed, and how each of them reads now."""

    change: str
    propositions: tuple[Proposition, ...]


def variants_of(propositions: Sequence[Proposition]) -> list[Variant]:
    """Every change of a single site of a side or of what it names, and of the relation of an inequality."""
    stated = tuple(propositions)
    found: dict[tuple[Proposition, ...], str] = {stated: ""}
    for expression, name in dict.fromkeys(each.named for each in stated if each.named is not None):
        for mutant in mutants(expression):
            altered = tuple(_changed(each, {expression: mutant.expression}) for each in stated)
            found.setdefault(altered, f"{mutant.change} in ${text(name)}$")
    for position, proposition in enumerate(stated):
        for change, other in _single(proposition):
            altered = (*stated[:position], other, *stated[position + 1 :])
            found.setdefault(altered, f"{change} in {proposition.conclusion}")
    return [Variant(change, altered) for altered, change in found.items() if change]


def _changed(proposition: Proposition, change: Mapping[Expr, Expr]) -> Proposition:
    left, right = (side.xreplace(change) for side in (proposition.left, proposition.right))
    return replace(proposition, left=left, right=right)


def _single(proposition: Proposition) -> Iterator[tuple[str, Proposition]]:
    for mutant in mutants(proposition.left):
        yield mutant.change, replace(proposition, left=mutant.expression)
    for mutant in mutants(proposition.right):
        yield mutant.change, replace(proposition, right=mutant.expression)
    if proposition.relation.is_inequality:
        yield "the sides exchanged", replace(proposition, relation=_FLIPPED[proposition.relation])
        yield "an equality", replace(proposition, relation=Relation.EQUAL)


def variants_tried(claim: Claim, found: SearchResult, *, searches: int | None, seed: int) -> Mutants:
    """All variants of a claim by what became of them; of an equality, those that stay open survive.

    Inequalities that hold though nothing shows them are counted as unrefuted. At most ``searches`` of the
    open ones, drawn by the seed, are tried at every example at which the claim was found to hold.
    """
    conclusion = claim.conclusion
    if not isinstance(conclusion, StatedConclusion):
        return Mutants()
    stated, variants = conclusion.propositions, variants_of(conclusion.propositions)
    with balls(_BITS):
        points = [conclusion.points.fresh(example) for example in found.telling]
        cases = _cases(conclusion, points)
        fates = [_fate(variant, stated, cases) for variant in variants]
        wider = Mutants.of(_widened(conclusion, points))
        still_open = [place for place, fate in enumerate(fates) if fate in _OPEN]
        if searches is not None and len(still_open) > searches:
            still_open = Random(seed).sample(still_open, searches)  # noqa: S311 -- examples, not secrets
        everywhere = [conclusion.points.fresh(example) for example in found.kept] if still_open else []
        for place in still_open:
            altered = [each for each in variants[place].propositions if each not in stated]
            margins = (
                m for point in everywhere for each in altered for m in _margins(conclusion, each, point)
            )
            if any(margin < 0 for margin in margins):
                fates[place] = Fate.REFUTED
    tried = [(f"'{each.change}' is not refuted", fate) for each, fate in zip(variants, fates, strict=True)]
    if Fate.REFUTED not in fates:
        tried.append(("none of its variants is refuted", Fate.SURVIVES))
    return Mutants.of(tried) + wider


def _ranges(proposition: Proposition) -> Iterator[tuple[str, Proposition]]:
    """Every range that reaches one farther: how it reads, and what is then said beyond the claim's own."""
    parameters = proposition.domain.parameters
    for place, own in enumerate(parameters):
        ends = {own.least - 1: replace(own, least=own.least - 1)} if own.symbol.is_integer else {}
        if ends and own.most is not None:
            ends[own.most + 1] = replace(own, most=own.most + 1)
        for end, wider in ends.items():
            beyond = replace(own, least=end, most=end)
            domain = Domain((*parameters[:place], beyond, *parameters[place + 1 :]))
            yield str(wider), replace(proposition, domain=domain)


def _widened(conclusion: StatedConclusion, points: Sequence[Interpretation]) -> Iterator[tuple[str, Fate]]:
    """What becomes of every range one wider; it may be true, as no claim has to say all that is so."""
    for stated in conclusion.propositions:
        for change, beyond in _ranges(stated):
            margins = [margin for point in points for margin in _margins(conclusion, beyond, point)]
            refuted = any(margin < 0 for margin in margins)
            fate = Fate.REFUTED if refuted else Fate.UNREFUTED if margins else Fate.EQUIVALENT
            yield f"'{change}' in {stated.conclusion} is not refuted", fate


def _margins(conclusion: StatedConclusion, said: Proposition, point: Interpretation) -> list[arb]:
    """What is said of a point whose premises hold there; nothing where it has no such values."""
    try:
        cases = [case for case in conclusion.cases(said, point) if case.assumed is Truth.HOLDS]
    except (InputError, LookupError):
        return []
    return [case.sides.ball for case in cases if case.sides.is_finite]


def _cases(conclusion: StatedConclusion, points: Sequence[Interpretation]) -> list[list[Case]]:
    """For each proposition, where it says something of the examples, with both sides."""
    every = [
        [case for point in points for case in conclusion.cases(proposition, point)]
        for proposition in conclusion.propositions
    ]
    return [cases[:: len(cases) // _MOST_CASES + 1] for cases in every]


def _fate(variant: Variant, stated: Sequence[Proposition], cases: Sequence[Sequence[Case]]) -> Fate:
    seen, same, weaker = False, True, True
    for altered, was, own in zip(variant.propositions, stated, cases, strict=True):
        if altered == was:
            continue
        for case in own:
            known = (
                {}
                if was.relation is Relation.LIMIT
                else {was.left: case.sides.left, was.right: case.sides.right}
            )
            sides = sides_at(altered, case.point, case.values, known)
            if sides is None or not sides.is_finite:
                continue
            margin, before = sides.ball, case.sides.ball
            if margin < 0:
                return Fate.REFUTED
            seen = True
            same = same and sides.same_as(case.sides)
            # A larger margin of a limit says that it is approached faster, not that it follows.
            bounds = sides.relation is case.sides.relation and sides.relation.is_inequality
            weaker = weaker and bounds and bool(margin >= before)
    if same or not seen:
        return Fate.EQUIVALENT
    if weaker:
        return Fate.WEAKER
    return Fate.UNREFUTED if _may_hold(variant, stated) else Fate.SURVIVES


def _may_hold(variant: Variant, stated: Sequence[Proposition]) -> bool:
    """Whether no equality was changed: another bound, or limit, may be true though nothing shows it."""
    pairs = zip(variant.propositions, stated, strict=True)
    return all(was.relation is not Relation.EQUAL for each, was in pairs if each != was)
