"""From a search to a refutation: what was found is evaluated again, more finely and by other means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from jacspec.proofs_check.claims.claim import Claim, Statement
from jacspec.proofs_check.claims.evidence import Counterexample, Evidence
from jacspec.proofs_check.claims.exact_values import kind_of, to_data, to_text
from jacspec.proofs_check.claims.margin import Judgement, Truth, judge
from jacspec.proofs_check.referee.search import CAP_BITS, SearchResult, StatementError, search
from jacspec.proofs_check.referee.witness import second_opinion

__all__ = ["Attempt", "attempt", "example_text", "re_verified"]

_FACTOR = 4
"""A counterexample is evaluated again at this multiple of the precision that decided it."""


@dataclass(frozen=True)
class Attempt:
    """One search for a counterexample, as evidence, with what it drew."""

    evidence: Evidence
    result: SearchResult


def attempt(
    claim: Claim,
    examples: int,
    seed: int,
    *,
    conclusion: Statement | None = None,
    name: str = "the conclusion",
) -> Attempt:
    """Search for a counterexample to the claim, or to another conclusion under its hypotheses.

    Only the claim's own counterexamples are shrunk: nobody reads a mutant's.
    """
    start = perf_counter()
    mine = conclusion is None
    wanted = claim.conclusion if conclusion is None else conclusion
    assert wanted is not None  # noqa: S101 -- narrows the type; a claim without one is not searched
    cases = claim.trivial if mine else {}
    result = search(
        claim.given,
        claim.hypotheses,
        wanted,
        examples=examples,
        seed=seed,
        name=name,
        cases=cases,
        shrink=mine,
    )
    if result.counterexample is not None:
        status, summary = "against", "a counterexample, exact and re-verified"
    elif not result.accepted:
        status, summary = "none", f"none of {result.drawn} examples satisfies the hypotheses"
    else:
        decided = result.accepted - result.undecided
        status = "for" if decided else "none"
        summary = f"{result.accepted} examples, no counterexample"
        if result.undecided:
            summary += f", {result.undecided} undecided"
    details = {
        "drawn": result.drawn,
        "accepted": result.accepted,
        "undecided": result.undecided,
        "worst_margin": result.worst_margin,
        "precision_bits": result.bits,
        "seed": seed,
    }
    return Attempt(Evidence("property", status, summary, details, perf_counter() - start), result)


def re_verified(
    claim: Claim, result: SearchResult, *, without: Sequence[str] = (), limits: bool = True
) -> Counterexample | None:
    """Evaluate what a search found again, at higher precision and by a witness; None if it does not hold up.

    ``without`` names hypotheses that were dropped. With ``limits`` a claim about a limit must certify
    that the example stays failing.
    """
    example, first = result.counterexample, result.judgement
    if example is None or first is None:
        return None
    assert claim.conclusion is not None  # noqa: S101 -- narrows the type; it was searched
    bits = _FACTOR * first.bits
    again = _judged(claim.conclusion, example, bits)
    kept = [statement for name, statement in claim.hypotheses.items() if name not in without]
    if again.truth is not Truth.FAILS or any(
        _judged(statement, example, bits).truth is not Truth.HOLDS for statement in kept
    ):
        return None
    certificate = None
    if limits and claim.certify is not None:
        try:
            certificate = claim.certify(**example)
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


def example_text(example: Mapping[str, Any]) -> str:
    """An example as lines that a person can type in again."""
    return "\n".join(line for name, value in example.items() for line in to_text(name, value))


def _judged(statement: Statement, example: Mapping[str, Any], bits: int) -> Judgement:
    return judge(lambda: statement(**example), cap=max(bits, CAP_BITS), start=bits)
