"""From a claim to a verdict: derivation, search, mutants; the expected verdict is never consulted."""

from __future__ import annotations

import hashlib
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import hypothesis

from numerics import InputError
from proofs_check.claim import Claim, Statement, Verdict
from proofs_check.evidence import Counterexample, Evidence, Hypothesis, Mutants, Report
from proofs_check.exact_values import to_data, to_text
from proofs_check.margin import Truth, judge
from proofs_check.search import CAP_BITS, SearchResult, StatementError, search
from proofs_check.steps import check_derivation

__all__ = ["EFFORTS", "Effort", "verify"]


@dataclass(frozen=True)
class Effort:
    """How hard to look: examples drawn for the claim, and at most for each of its mutants."""

    name: str
    examples: int
    mutant_examples: int


EFFORTS = {
    effort.name: effort
    for effort in (
        Effort("quick", 40, 60),
        Effort("standard", 200, 200),
        Effort("deep", 2000, 1000),
    )
}

_REVERIFICATION_FACTOR = 4
"""A counterexample is evaluated again at this multiple of the precision that decided it."""


def verify(claim: Claim, *, effort: str | Effort = "standard", seed: int = 0) -> Report:
    """Gather the evidence for and against a claim and reach a verdict.

    Deterministic for a seed (times apart). An exception inside one of the claim's functions is
    reported with its file and line, as the verdict ``error``; it does not propagate.
    """
    level = effort if isinstance(effort, Effort) else EFFORTS.get(effort)
    if level is None:
        message = f"unknown effort {effort!r}: expected one of {', '.join(EFFORTS)}"
        raise InputError(message)
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
        hypotheses=tuple(Hypothesis(name) for name in claim.hypotheses),
        remark=claim.remark,
        seconds=perf_counter() - start,
        trouble=case.trouble,
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
    if statuses.get("derivation") == "against" or statuses.get("property") != "for":
        return Verdict.UNDECIDED
    # Steps written out at explicit sizes prove no more than these sizes.
    proved = any(each.kind == "derivation" and each.details["general"] for each in case.evidence)
    return Verdict.PROVED if proved else Verdict.SUPPORTED


def _gather(claim: Claim, effort: Effort, base_seed: int) -> _Case:
    seed = _seed(base_seed, claim.label)
    found = _search(claim, claim.conclusion, effort.examples, seed)
    evidence = [found.evidence]
    if found.result.counterexample is not None:
        counterexample = _certified(claim, found.result)
        if counterexample is None:
            doubtful = "an example fails, but not certainly (or not in the limit)"
            evidence = [replace(found.evidence, status="none", summary=doubtful)]
            return _Case(tuple(evidence), uncertified=True)
        if counterexample.certificate is not None:
            evidence.append(Evidence("limit", "against", counterexample.certificate))
        return _Case(tuple(evidence), counterexample)
    if not found.result.accepted:
        return _Case(tuple(evidence), vacuous=True)

    mutants = Mutants()
    if claim.derivation is not None:
        derived, mutants = _derive(claim, base_seed)
        evidence.insert(0, derived)
        if derived.status != "for":
            return _Case(tuple(evidence), mutants=mutants)
    mutants = _kill_mutants(claim, mutants, effort, seed)
    trouble = ""
    if not mutants.total:
        trouble = "no mutant: name at least one wrong variant in 'mutants', to show that the check can fail"
    elif mutants.survivors:
        trouble = f"the check cannot tell the claim from a wrong variant of it: {mutants.survivors[0]}"
    return _Case(tuple(evidence), mutants=mutants, trouble=trouble)


@dataclass(frozen=True)
class _Search:
    evidence: Evidence
    result: SearchResult


def _search(
    claim: Claim, conclusion: Statement, examples: int, seed: int, name: str = "the conclusion"
) -> _Search:
    start = perf_counter()
    result = search(claim.given, claim.hypotheses, conclusion, examples=examples, seed=seed, name=name)
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
    return _Search(Evidence("property", status, summary, details, perf_counter() - start), result)


def _certified(claim: Claim, result: SearchResult) -> Counterexample | None:
    """Evaluate a counterexample again, at higher precision; None if it does not hold up."""
    example, first = result.counterexample, result.judgement
    assert example is not None  # noqa: S101 -- narrows the type; the caller has looked
    assert first is not None  # noqa: S101
    bits = _REVERIFICATION_FACTOR * first.bits
    again = judge(lambda: claim.conclusion(**example), cap=max(bits, CAP_BITS), start=bits)
    hypotheses = [
        judge(lambda statement=statement: statement(**example), cap=max(bits, CAP_BITS), start=bits)  # type: ignore[misc]
        for statement in claim.hypotheses.values()
    ]
    if again.truth is not Truth.FAILS or any(h.truth is not Truth.HOLDS for h in hypotheses):
        return None
    try:
        certificate = claim.certify(**example) if claim.certify is not None else None
    except Exception as error:
        name = "certify"
        raise StatementError(name, example) from error
    if claim.certify is not None and certificate is None:
        return None
    text = "\n".join(line for name, value in example.items() for line in to_text(name, value))
    values = {name: to_data(value) for name, value in example.items()}
    return Counterexample(values, text, str(again.worst), again.bits, certificate)


def _derive(claim: Claim, seed: int) -> tuple[Evidence, Mutants]:
    assert claim.derivation is not None  # noqa: S101 -- narrows the type; the caller has looked
    start = perf_counter()
    try:
        derivation = claim.derivation()
        if derivation.label != claim.label:
            message = f"it derives {derivation.label!r}; expected a derivation labelled like the claim"
            raise InputError(message)
        check = check_derivation(derivation, seed=seed)
    except Exception as error:
        name = "derivation"
        raise StatementError(name) from error
    tally = check.mutants
    summary = (
        f"{len(check.steps)} steps, each checked twice"
        if check.holds
        else f"a step is not accepted: {check.troubles[0]}"
    )
    details = {
        "steps": len(check.steps),
        "generality": derivation.scope.replace("$", ""),
        "general": not derivation.checked_for,
        "assumptions": [assumption.title.replace("$", "") for assumption in derivation.assumptions],
        "mutants": {
            "generated": tally.generated,
            "equivalent": tally.equivalent,
            "rejected": tally.rejected,
            "rejected_by_form_only": tally.by_form_only,
        },
    }
    status = "for" if check.holds else "against"
    evidence = Evidence("derivation", status, summary, details, perf_counter() - start)
    generated = tally.generated - tally.equivalent
    return evidence, Mutants(generated, tally.rejected + tally.by_form_only, tally.survivors)


def _kill_mutants(claim: Claim, so_far: Mutants, effort: Effort, seed: int) -> Mutants:
    """Search for a counterexample to every mutant of the conclusion; one must be found."""
    survivors = list(so_far.survivors)
    killed = so_far.killed
    for name, mutant in claim.mutants.items():
        found = _search(claim, mutant, effort.mutant_examples, seed, f"mutant '{name}'")
        if found.result.counterexample is None:
            survivors.append(f"'{name}' is not refuted")
        else:
            killed += 1
    return Mutants(so_far.total + len(claim.mutants), killed, tuple(survivors))


def _seed(seed: int, label: str) -> int:
    """A seed of the claim's own, so that verdicts do not depend on which claims run beside it."""
    digest = hashlib.sha256(f"{seed}:{label}".encode()).digest()
    return int.from_bytes(digest[:6], "big")


def _where(error: StatementError) -> str:
    """The file and line of a claim's function at which it raised, and what it raised."""
    cause = error.__cause__
    frames = traceback.extract_tb(cause.__traceback__ if cause is not None else None)
    machinery = (Path(__file__).parent, Path(hypothesis.__file__).parent)
    own = [f for f in frames if not _within(Path(f.filename), machinery) or "ledger" in f.filename]
    place = f" at {own[0].filename}:{own[0].lineno}" if own else ""
    example = ", ".join(line for name, value in error.example.items() for line in to_text(name, value))
    at = f"; the example was {example}" if example else ""
    return f"{error.name} raised {type(cause).__name__}: {cause}{place}{at}"


def _within(path: Path, folders: tuple[Path, ...]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)
