"""The verdict as a function of all pieces of evidence: exhaustively, over everything that a few can say."""

from __future__ import annotations

from itertools import combinations_with_replacement, permutations

import pytest

from jacspec.proofs_check.claims.evidence import (
    Counterexample,
    DerivationEvidence,
    Evidence,
    LimitEvidence,
    SearchEvidence,
    StatisticsEvidence,
    Status,
)
from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.claims.verdict import Verdict, verdict_of

FOUND = Counterexample({"x": 1}, "x = 1", "-1", 384)


def derivation(status: Status, *, general: bool = True) -> DerivationEvidence:
    return DerivationEvidence(
        status=status,
        summary="",
        seconds=0.0,
        steps=1,
        generality="any n" if general else "n ≤ 4",
        general=general,
        assumptions=(),
        mutants_per_step=None,
        mutants=Mutants(1, 1),
    )


def search(status: Status, *, accepted: int = 40, trivial: str = "") -> SearchEvidence:
    return SearchEvidence(
        status=status,
        summary="",
        seconds=0.0,
        drawn=40,
        accepted=accepted,
        undecided=0,
        worst_margin=None,
        precision_bits=96,
        seed=0,
        trivial=trivial,
    )


def limit(status: Status) -> LimitEvidence:
    return LimitEvidence(status=status, summary="", seconds=0.0)


def statistics(status: Status) -> StatisticsEvidence:
    return StatisticsEvidence(
        status=status,
        summary="",
        seconds=0.0,
        sample_size=400,
        false_alarm=1e-9,
        threshold=6.1,
        quantities=(),
        assumes="",
        seed=0,
    )


GENERAL = derivation(Status.FOR)
AT_SIZES = derivation(Status.FOR, general=False)
VACUOUS = (search(Status.NONE, accepted=0), search(Status.FOR, trivial="x = 0"))
EVERY: tuple[Evidence, ...] = (
    AT_SIZES,
    *VACUOUS,
    *map(derivation, Status),
    *map(search, Status),
    *map(limit, Status),
    *map(statistics, Status),
)
FEW = [pieces for size in (1, 2, 3) for pieces in combinations_with_replacement(EVERY, size)]

STRENGTH = {Verdict.PROVED: 2, Verdict.SUPPORTED: 1}
"""Of what speaks for a claim; every other verdict says that it is not known to hold."""


@pytest.mark.parametrize(
    ("pieces", "verdict"),
    [
        ([], Verdict.UNDECIDED),
        ([search(Status.FOR)], Verdict.SUPPORTED),
        ([search(Status.FOR), GENERAL], Verdict.PROVED),
        ([search(Status.FOR), AT_SIZES], Verdict.SUPPORTED),
        ([search(Status.FOR), AT_SIZES, GENERAL], Verdict.PROVED),
        ([search(Status.FOR), derivation(Status.AGAINST)], Verdict.UNDECIDED),
        ([search(Status.NONE), GENERAL], Verdict.UNDECIDED),
        ([search(Status.AGAINST)], Verdict.UNDECIDED),  # nothing certifies the example
        ([VACUOUS[0], GENERAL], Verdict.VACUOUS),
        ([VACUOUS[1], GENERAL], Verdict.VACUOUS),
        ([statistics(Status.FOR), GENERAL], Verdict.SUPPORTED),  # it derives the mean, not that it is met
        ([limit(Status.FOR), GENERAL], Verdict.SUPPORTED),
        ([statistics(Status.NONE), statistics(Status.FOR)], Verdict.UNDECIDED),
        ([statistics(Status.FOR), statistics(Status.AGAINST)], Verdict.REFUTED),
        ([limit(Status.AGAINST), search(Status.FOR), GENERAL], Verdict.REFUTED),
    ],
)
def test_what_some_evidence_amounts_to(pieces: list[Evidence], verdict: Verdict) -> None:
    assert verdict_of(pieces) is verdict


@pytest.mark.parametrize("counterexample", [None, FOUND])
def test_order_never_matters(counterexample: Counterexample | None) -> None:
    for pieces in FEW:
        assert len({verdict_of(each, counterexample=counterexample) for each in permutations(pieces)}) == 1


def test_more_evidence_never_makes_a_verdict_stronger_but_for_a_proof_of_what_a_search_supports() -> None:
    lifted = set()
    for pieces in FEW:
        for more in EVERY:
            before, after = verdict_of(pieces), verdict_of((*pieces, more))
            if STRENGTH.get(after, 0) > STRENGTH.get(before, 0):
                assert (before, after) == (Verdict.SUPPORTED, Verdict.PROVED)
                lifted.add(more)
    assert lifted == {GENERAL}


def test_what_refutes_or_empties_a_claim_is_not_outweighed() -> None:
    final = (Verdict.REFUTED, Verdict.VACUOUS)
    for pieces in FEW:
        if verdict_of(pieces) in final:
            assert all(verdict_of((*pieces, more)) in final for more in EVERY)


def test_saying_the_same_twice_changes_nothing() -> None:
    for pieces in FEW:
        assert verdict_of((*pieces, pieces[0])) is verdict_of(pieces)


def test_a_counterexample_refutes_and_an_error_is_an_error_whatever_else_is_said() -> None:
    for pieces in FEW:
        assert verdict_of(pieces, counterexample=FOUND) is Verdict.REFUTED
        assert verdict_of(pieces, counterexample=FOUND, error="it raised") is Verdict.ERROR
