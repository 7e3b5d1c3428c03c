"""From a search to a refutation: what was found is evaluated again, more finely and by other means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.claims.claim import Claim, Statement
from jacspec.proofs_check.claims.evidence import Counterexample
from jacspec.proofs_check.claims.exact_values import kind_of, to_data, to_text, unshared
from jacspec.proofs_check.claims.margin import Judgement, Truth, judge
from jacspec.proofs_check.referee.propositions.conclusion import StatedConclusion, applied
from jacspec.proofs_check.referee.search import CAP_BITS, StatementError, search
from jacspec.proofs_check.referee.search_result import SearchResult
from jacspec.proofs_check.referee.second_opinion import second_opinion

_FACTOR = 4
"""A counterexample is evaluated again at this multiple of the precision that decided it."""


def attempt(
    claim: Claim,
    examples: int,
    seed: int,
    *,
    conclusion: Statement | None = None,
    name: str = "the conclusion",
) -> SearchResult:
    """Search for a counterexample to the claim, or to another conclusion under its hypotheses.

    Only the claim's own counterexamples are shrunk: nobody reads a mutant's.
    """
    mine = conclusion is None
    wanted = claim.conclusion if conclusion is None else conclusion
    assert wanted is not None  # noqa: S101 -- narrows the type; a claim without one is not searched
    return search(
        claim.given,
        claim.hypotheses,
        wanted,
        examples=examples,
        seed=seed,
        name=name,
        cases=claim.trivial if mine else {},
        shrink=mine,
    )


def re_verified(claim: Claim, result: SearchResult, *, limits: bool = True) -> Counterexample | None:
    """Evaluate what a search found again, at higher precision and by a witness; None if it does not hold up.

    With ``limits`` a claim about a limit must certify that the example stays failing, and the two sides that
    it states must come no nearer: a certificate of something else refutes nothing.
    """
    example, first = result.counterexample, result.judgement
    if example is None or first is None:
        return None
    try:
        return _again(claim, example, first, limits=limits)
    except StatementError:
        raise
    except Exception as error:
        name = "evaluating the counterexample again"
        raise StatementError(name, example) from error


def _again(
    claim: Claim, example: Mapping[str, Any], first: Judgement, *, limits: bool
) -> Counterexample | None:
    assert claim.conclusion is not None  # noqa: S101 -- narrows the type; it was searched
    bits = _FACTOR * first.bits
    again = _judged(claim.conclusion, example, bits)
    if again.truth is not Truth.FAILS or any(
        _judged(statement, example, bits).truth is not Truth.HOLDS for statement in claim.hypotheses.values()
    ):
        return None
    certificate = None
    if limits and may_be_reached(claim, example, again.bits):
        return None
    if limits and claim.certify is not None:
        try:
            certificate = claim.certify(**unshared(example))
            if not isinstance(certificate, str | None):
                message = f"it returned {certificate!r}; expected a line of text, or None"
                raise TypeError(message)
        except Exception as error:
            name = "certify"
            raise StatementError(name, example) from error
        if certificate is None:
            return None
    witness = second_opinion(claim.conclusion, example, again)
    if witness.contradicts:
        return None
    values = {name: to_data(value) for name, value in example.items()}
    kinds = {name: kind_of(value) for name, value in example.items()}
    text = example_text(example)
    return Counterexample(values, text, str(again.worst), again.bits, certificate, str(witness), kinds)


def may_be_reached(claim: Claim, example: Mapping[str, Any], bits: int) -> bool:
    """Whether of a claim's propositions none fails at an example but limits, which may hold in the end."""
    conclusion = claim.conclusion
    if not isinstance(conclusion, StatedConclusion):
        return bool(claim.propositions) and not claim.argued
    with balls(bits):
        return conclusion.is_open(example, certified=claim.certify is not None)


def example_text(example: Mapping[str, Any]) -> str:
    """An example as lines that a person can type in again."""
    return "\n".join(line for name, value in example.items() for line in to_text(name, value))


def _judged(statement: Statement, example: Mapping[str, Any], bits: int) -> Judgement:
    return judge(lambda: applied(statement, example), cap=max(bits, CAP_BITS), start=bits)
