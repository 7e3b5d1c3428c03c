"""Which hypothesis carries weight: each is dropped, and counterexamples are sought where it fails."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.evidence import Hypothesis
from jacspec.proofs_check.referee.propositions.conclusion import without
from jacspec.proofs_check.referee.refutation import re_verified
from jacspec.proofs_check.referee.search import PATIENCE, search
from jacspec.proofs_check.referee.search_result import Example, SearchResult


def weigh(claim: Claim, found: SearchResult, *, examples: int, seed: int) -> tuple[Hypothesis, ...]:
    """Drop the hypotheses one at a time; ``found`` is what the search for the claim itself has drawn.

    Where that is enough to show that no example violates one alone, and none are drawn from elsewhere when
    it is dropped, it is not searched again.
    """
    return tuple(
        _never_alone(name, found)
        if name not in claim.relaxed and name not in found.alone and found.drawn > PATIENCE
        else _dropped(claim, (name,), examples, seed, found.alone.get(name, ()))
        for name in claim.hypotheses
    )


def weigh_pairs(
    claim: Claim, singly: Sequence[Hypothesis], *, examples: int, seed: int
) -> tuple[Hypothesis, ...]:
    """Drop two at a time those of which neither is needed alone."""
    unneeded = [each.name for each in singly if each.needed is False]
    return tuple(_dropped(claim, pair, examples, seed) for pair in combinations(unneeded, 2))


def _dropped(
    claim: Claim, names: tuple[str, ...], examples: int, seed: int, known: Sequence[Example] = ()
) -> Hypothesis:
    """Search for a counterexample among the examples at which none of the named hypotheses holds.

    Those ``known`` were drawn for the claim itself.
    """
    title = " and ".join(names)
    draws = dict(claim.given)
    for name in names:
        draws.update(claim.relaxed.get(name, {}))
    dropped = [claim.hypotheses[name] for name in names]
    left = without(claim, names)
    assert left.conclusion is not None  # noqa: S101 -- narrows the type
    found = search(
        draws,
        left.hypotheses,
        left.conclusion,
        examples=examples,
        seed=seed,
        name=title,
        violating=dropped,
        known=known,
    )
    if found.counterexample is not None:
        refuted = re_verified(left, found, limits=False)
        if refuted is None:
            return Hypothesis(title, None, "an example fails without it, but not certainly")
        return Hypothesis(title, True, "a certified counterexample violates nothing else", refuted.text)
    if not found.accepted and found.undefined:
        return Hypothesis(title, None, "the conclusion is not defined without it")
    if not found.accepted:
        return _never_alone(title, found)
    if not found.decided:
        return Hypothesis(title, None, f"without it {found.accepted} examples are all undecided")
    return Hypothesis(
        title, False, f"{found.decided} examples violate it and the conclusion holds at all of them"
    )


def _never_alone(title: str, found: SearchResult) -> Hypothesis:
    return Hypothesis(title, None, f"none of {found.drawn} examples violates it and keeps the others")
