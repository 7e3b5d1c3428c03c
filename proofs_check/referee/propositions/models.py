"""Points at which the premises of a claim hold at once, and all that its proof assumes and defines."""

from __future__ import annotations

from collections.abc import Iterable

from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.evidence import Model
from jacspec.proofs_check.derivation_check.joint_domain import assumed_by, joint_domain
from jacspec.proofs_check.interpretation import Interpretation
from jacspec.proofs_check.referee.propositions.conclusion import StatedConclusion
from jacspec.proofs_check.referee.refutation import example_text
from jacspec.proofs_check.referee.search_result import SearchResult
from jacspec.theory.derivations.proposition import Proof, Proposition


def models(claim: Claim, found: SearchResult, proofs: Iterable[Proof], *, seed: int) -> tuple[Model, ...]:
    """A model for each of the propositions of a claim: at examples of the search first."""
    return tuple(_model(claim, found, each, seed) for each in proofs)


def _own(claim: Claim, found: SearchResult, proposition: Proposition) -> dict[str, Interpretation]:
    """The points of examples at which it was searched: first the one at which its premises hold."""
    if not isinstance(claim.conclusion, StatedConclusion):
        return {}
    first = found.speaking.get(claim.propositions.index(proposition))
    examples = (*(() if first is None else (first,)), *found.first)
    return {"; ".join(example_text(each).splitlines()): claim.conclusion.points(each) for each in examples}


def _model(claim: Claim, found: SearchResult, proof: Proof, seed: int) -> Model:
    proposition, shown = proof.proposition, proof.calculation
    domain = joint_domain(proposition, shown, _own(claim, found, proposition), seed=seed)
    assumed = assumed_by(proposition, shown)
    return Model(
        says=proposition.conclusion,
        of=tuple(dict.fromkeys(each.title for each in assumed)),
        point=domain.points[0] if domain.points else "",
        trivial=domain.trivial,
        lacking=domain.lacking,
    )
