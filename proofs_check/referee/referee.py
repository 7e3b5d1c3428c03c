"""From a claim to a verdict, by the evidence alone: what the ledger expects plays no part."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from time import perf_counter

from jacspec.numerics import InputError
from jacspec.proofs_check.claims.claim import Claim, Verdict
from jacspec.proofs_check.claims.effort import Effort, effort_of
from jacspec.proofs_check.claims.evidence import (
    Counterexample,
    Evidence,
    Hypothesis,
    Mutants,
    Report,
    Sharpness,
)
from jacspec.proofs_check.claims.exact_values import to_text
from jacspec.proofs_check.claims.user_code import place_of
from jacspec.proofs_check.derivation_check.check import check_derivation
from jacspec.proofs_check.referee.refutation import Attempt, attempt, re_verified
from jacspec.proofs_check.referee.search import SearchResult, StatementError
from jacspec.proofs_check.referee.sharpness import climb
from jacspec.proofs_check.referee.weighing import weigh, weigh_pairs

__all__ = ["verify"]


def verify(claim: Claim, *, effort: str | Effort = "standard", seed: int = 0) -> Report:
    """Gather the evidence for and against a claim and reach a verdict.

    Deterministic for a seed (times apart). An exception inside one of the claim's functions is
    reported with its file and line, as the verdict ``error``; it does not propagate.
    """
    level = effort_of(effort)
    start = perf_counter()
    try:
        case = _gather(claim, level, seed)
    except StatementError as error:
        case = _Case(trouble=_where(error))
    return Report(
        label=claim.label,
        statement=claim.statement,
        verdict=_verdict(case),
        expected=claim.expected,
        evidence=tuple(case.evidence),
        counterexample=case.counterexample,
        mutants=case.mutants,
        hypotheses=case.hypotheses or tuple(Hypothesis(name) for name in claim.hypotheses),
        remark=claim.remark,
        seconds=perf_counter() - start,
        trouble=case.trouble,
        sharpness=case.sharpness,
        pairs=case.pairs,
    )


_NO_MUTANTS = Mutants()


@dataclass(frozen=True)
class _Case:
    """The evidence on one claim, before the verdict."""

    evidence: tuple[Evidence, ...] = ()
    counterexample: Counterexample | None = None
    mutants: Mutants = _NO_MUTANTS
    vacuous: bool = False
    uncertified: bool = False
    trouble: str = ""
    sharpness: Sharpness | None = None
    hypotheses: tuple[Hypothesis, ...] = ()
    pairs: tuple[Hypothesis, ...] = ()


def _verdict(case: _Case) -> Verdict:
    """What the evidence amounts to; a check that cannot fail is an error, not a pass."""
    if case.trouble:
        return Verdict.ERROR
    if case.counterexample is not None:
        return Verdict.REFUTED
    if case.vacuous:
        return Verdict.VACUOUS
    if case.uncertified:
        return Verdict.UNDECIDED
    statuses = {each.kind: each.status for each in case.evidence}
    if "against" in (statuses.get("statistics"), statuses.get("limit")):
        return Verdict.REFUTED
    if not statuses or statuses.get("derivation") == "against":
        return Verdict.UNDECIDED
    if any(status != "for" for kind, status in statuses.items() if kind != "derivation"):
        return Verdict.UNDECIDED
    # A derivation proves what the search then tests; of a limit or a mean it only gives the value, and
    # steps written out at explicit sizes prove no more than these sizes.
    general = any(each.kind == "derivation" and each.details["general"] for each in case.evidence)
    proved = general and statuses.get("derivation") == "for" and set(statuses) <= {"derivation", "property"}
    return Verdict.PROVED if proved else Verdict.SUPPORTED


def _gather(claim: Claim, effort: Effort, base_seed: int) -> _Case:
    seed = _seed(base_seed, claim.label)
    case = _Case()
    found = None
    if claim.conclusion is not None:
        found = attempt(claim, effort.examples, seed)
        case = _searched(claim, found)
        if case.counterexample is not None or case.uncertified or case.vacuous:
            return case
        climbed = climb(claim, found.result, evaluations=effort.climb)
        if climbed.violation is not None:
            violated = replace(found.result, counterexample=climbed.violation, judgement=climbed.judgement)
            return _searched(claim, replace(found, result=violated, evidence=_climbed(found.evidence)))
        case = replace(case, sharpness=climbed.sharpness)

    if claim.derivation is not None:
        derived, mutants = _derive(claim, effort, base_seed)
        case = replace(case, evidence=(derived, *case.evidence), mutants=mutants)
        if derived.status != "for":
            return case
    for inquiry in claim.further_evidence:
        try:
            finding = inquiry.gather(effort=effort, seed=seed)
        except Exception as error:
            name = f"the {inquiry.kind} inquiry"
            raise StatementError(name) from error
        case = replace(
            case,
            evidence=(*case.evidence, finding.evidence),
            mutants=case.mutants + finding.mutants,
        )
        if finding.evidence.status == "against":
            return case
    mutants = _kill_mutants(claim, case.mutants, effort, seed)
    trouble = ""
    if not mutants.total:
        trouble = "no mutant: name at least one wrong variant in 'mutants', to show that the check can fail"
    elif mutants.survivors:
        trouble = f"the check cannot tell the claim from a wrong variant of it: {mutants.survivors[0]}"
    if trouble or found is None:
        return replace(case, mutants=mutants, trouble=trouble)
    hypotheses = weigh(claim, examples=effort.mutant_examples, seed=seed)
    pairs = weigh_pairs(claim, hypotheses, examples=effort.mutant_examples, seed=seed)
    return replace(case, mutants=mutants, hypotheses=hypotheses, pairs=pairs)


def _searched(claim: Claim, found: Attempt) -> _Case:
    """What the search for counterexamples amounts to by itself."""
    evidence = [found.evidence]
    if found.result.counterexample is not None:
        counterexample = re_verified(claim, found.result)
        if counterexample is None:
            doubtful = "an example fails, but not certainly (or not in the limit)"
            return _Case((replace(found.evidence, status="none", summary=doubtful),), uncertified=True)
        if counterexample.certificate is not None:
            evidence.append(Evidence("limit", "against", counterexample.certificate))
        return _Case(tuple(evidence), counterexample)
    if not found.result.accepted:
        return _Case(tuple(evidence), vacuous=True)
    trivial = _always_trivial(claim, found.result)
    if trivial:
        summary = f"{found.evidence.summary}; the hypotheses hold together only where {trivial}"
        return _Case((replace(found.evidence, summary=summary),), vacuous=True)
    return _Case(tuple(evidence))


def _always_trivial(claim: Claim, result: SearchResult) -> str:
    """The trivial case, of those the claim names, into which every accepted example falls; '' if none."""
    return next((name for name in claim.trivial if result.cases.get(name) == result.accepted), "")


def _climbed(evidence: Evidence) -> Evidence:
    return replace(evidence, status="against", summary="a counterexample, met while sharpening the bound")


def _derive(claim: Claim, effort: Effort, seed: int) -> tuple[Evidence, Mutants]:
    assert claim.derivation is not None  # noqa: S101 -- narrows the type; the caller has looked
    start = perf_counter()
    try:
        derivation = claim.derivation()
        if derivation.label != claim.label:
            message = f"it derives {derivation.label!r}; expected a derivation labelled like the claim"
            raise InputError(message)
        check = check_derivation(derivation, seed=seed, most_mutants=effort.step_mutants)
    except Exception as error:
        name = "derivation"
        raise StatementError(name) from error
    tally = check.mutants
    summary = (
        f"{len(check.steps)} steps, each checked twice"
        if check.holds
        else f"a step is not accepted: {check.rejections[0]}"
    )
    if check.holds and effort.step_mutants is not None:
        summary += f"; {effort.step_mutants} mutants of each"
    if check.holds and tally.by_form_only:
        summary += f"; variants that no point refutes: {tally.by_form_only}"
    details = {
        "steps": len(check.steps),
        "generality": derivation.scope.replace("$", ""),
        "general": derivation.general,
        "assumptions": [assumption.title.replace("$", "") for assumption in derivation.assumptions],
        "mutants_per_step": effort.step_mutants,
        "mutants": {
            "generated": tally.generated,
            "equivalent": tally.equivalent,
            "weaker": tally.weaker,
            "rejected": tally.rejected,
            "rejected_by_form_only": tally.by_form_only,
        },
    }
    status = "for" if check.holds else "against"
    evidence = Evidence("derivation", status, summary, details, perf_counter() - start)
    return evidence, Mutants(tally.wrong, tally.rejected, tally.survivors, tally.by_form_only)


def _kill_mutants(claim: Claim, so_far: Mutants, effort: Effort, seed: int) -> Mutants:
    """Search for a counterexample to every mutant of the conclusion; one must be found."""
    survivors: list[str] = []
    for name, mutant in claim.mutants.items():
        found = attempt(claim, effort.mutant_examples, seed, conclusion=mutant, name=f"mutant '{name}'")
        if found.result.counterexample is None:
            survivors.append(f"'{name}' is not refuted")
    total = len(claim.mutants)
    return so_far + Mutants(total, total - len(survivors), tuple(survivors))


def _seed(seed: int, label: str) -> int:
    """A seed of the claim's own, so that verdicts do not depend on which claims run beside it."""
    digest = hashlib.sha256(f"{seed}:{label}".encode()).digest()
    return int.from_bytes(digest[:6], "big")


def _where(error: StatementError) -> str:
    """The file and line of a claim's function at which it raised, and what it raised."""
    cause = error.__cause__
    example = ", ".join(line for name, value in error.example.items() for line in to_text(name, value))
    at = f"; the example was {example}" if example else ""
    return f"{error.name} raised {type(cause).__name__}: {cause}{place_of(cause)}{at}"
