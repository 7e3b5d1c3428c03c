"""The evidence on a claim whose statement is data: search, wrong variants, premises, sharpness."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.evidence import SearchEvidence, Sharpness, Status
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.referee.refutation import example_text, re_verified
from jacspec.proofs_check.referee.search import StatementError
from jacspec.proofs_check.referee.search_result import SearchResult
from jacspec.proofs_check.referee.statements.arena import Tally
from jacspec.proofs_check.referee.statements.fates import fates
from jacspec.proofs_check.referee.statements.search_effort import SEARCH_EFFORTS
from jacspec.proofs_check.referee.statements.stated_claim import StatedClaim
from jacspec.proofs_check.referee.statements.statement_search import StatementSearch, search_statement
from jacspec.proofs_check.referee.statements.weighing import weigh_premises
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.tree import Op

_FEW = 12
"""Fewer examples than this that satisfy the premises are said to be few."""


def gather_stated(report: Report, claim: StatedClaim, effort: Effort, seed: int) -> Report:
    """The report with all that was found out; of a refuted claim neither variants nor premises are tried."""
    for source in claim.further_evidence:
        try:
            finding = source.gather(effort=effort, seed=seed)
        except Exception as error:
            name = f"gathering {source.kind} evidence"
            raise StatementError(name) from error
        return replace(report, evidence=(finding.evidence,), mutants=finding.mutants)
    start = perf_counter()
    level = SEARCH_EFFORTS.get(effort.name, SEARCH_EFFORTS["standard"])
    found = search_statement(claim.stated, seed=seed, effort=level)
    evidence = _evidence(found, seed, perf_counter() - start)
    if found.hit is not None:
        judged = SearchResult(seed, counterexample=found.hit.example, judgement=found.hit.judgement)
        counterexample = re_verified(claim, judged)
        if counterexample is None:
            doubtful = "an example fails, but its second evaluation does not confirm that"
            return replace(report, evidence=(replace(evidence, status=Status.NONE, summary=doubtful),))
        return replace(report, evidence=(evidence,), counterexample=counterexample)
    report = replace(
        report,
        evidence=(evidence,),
        sharpness=_sharpness(claim.stated, found, climbed=effort.climb > 0),
    )
    if evidence.vacuous:
        return report
    rest = level.mutants or level
    return replace(
        report,
        mutants=fates(claim.stated, seed=seed, effort=rest),
        hypotheses=weigh_premises(claim.stated, seed=seed, effort=rest),
    )


def _sharpness(stated: Statement, found: StatementSearch, *, climbed: bool) -> Sharpness | None:
    if found.tally.sharpest is None:
        return None
    ratio, example = found.tally.sharpest
    # 0 ≤ x has no constant that could be better.
    sides = [side for relation in stated.relations for side in relation.args]
    if ratio == 0 and any(side.op is Op.NUMBER and side.data == 0 for side in sides):
        return None
    return Sharpness(ratio, example_text(example), climbed)


def _evidence(found: StatementSearch, seed: int, seconds: float) -> SearchEvidence:
    tally = found.tally
    if found.hit is not None:
        status = Status.AGAINST
    else:
        status = Status.FOR if tally.decided > tally.undecided else Status.NONE
    return SearchEvidence(
        status=status,
        summary=_summary(found),
        seconds=seconds,
        drawn=tally.proposed,
        accepted=tally.decided,
        undecided=tally.undecided,
        worst_margin=tally.worst_margin,
        precision_bits=tally.bits,
        seed=seed,
    )


def _summary(found: StatementSearch) -> str:
    tally = found.tally
    if found.hit is not None:
        return "a counterexample, exact and re-verified"
    if not tally.decided:
        return f"none of the exact examples near {tally.proposed} float64 ones satisfies the premises"
    reach = f" ({tally.reach})" if str(tally.reach) else ""
    tried = f"{tally.decided} exact examples{reach}, {tally.proposed} in float64, no counterexample"
    if len(tally.distinct) < _FEW:
        tried = f"only {len(tally.distinct)} different ones satisfy the premises; {tried}"
    return tried + _undecided(tally)


def _undecided(tally: Tally) -> str:
    if not tally.undecided:
        return ""
    names = [name for name, _ in tally.limiting.most_common(3) if name]
    where = f" (margin {'; '.join(names)})" if names else ""
    return f", {tally.undecided} indistinguishable from equality{where}"
