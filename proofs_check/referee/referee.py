"""From a claim to a verdict, by the evidence alone: what the ledger expects plays no part."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir
from time import perf_counter

from hypothesis import configuration

from jacspec.numerics import InputError
from jacspec.numerics.support.arguments import whole_number
from jacspec.numerics.support.cores import process_wide
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.effort import Effort, effort_of
from jacspec.proofs_check.claims.evidence import (
    DerivationEvidence,
    Evidence,
    Hypothesis,
    LimitEvidence,
    Model,
    Status,
    fingerprint,
)
from jacspec.proofs_check.claims.exact_values import to_text
from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.user_code import place_of, said_by
from jacspec.proofs_check.claims.verdict import verdict_of
from jacspec.proofs_check.derivation_check.check import check_derivation
from jacspec.proofs_check.referee.propositions.conclusion import StatedConclusion
from jacspec.proofs_check.referee.propositions.models import models
from jacspec.proofs_check.referee.propositions.variants import variants_tried
from jacspec.proofs_check.referee.refutation import attempt, re_verified
from jacspec.proofs_check.referee.search import StatementError
from jacspec.proofs_check.referee.search_result import SearchResult
from jacspec.proofs_check.referee.statements.gathering import gather_stated
from jacspec.proofs_check.referee.statements.stated_claim import StatedClaim
from jacspec.proofs_check.referee.time_limit import OutOfTime, time_limit
from jacspec.proofs_check.referee.weighing.hypotheses import weigh, weigh_pairs
from jacspec.proofs_check.referee.weighing.sharpness import climb
from jacspec.theory import Derivation
from jacspec.theory.derivations.lemma import Lemma
from jacspec.theory.derivations.proposition import Proof, proof_of
from jacspec.theory.results.taken import taken_beyond_the_theory


def verify(
    claim: Claim, *, effort: str | Effort = "standard", seed: int = 0, seconds: float | None = None
) -> Report:
    """Gather the evidence for and against a claim and reach a verdict.

    The same for a seed (times apart), whatever the claim is called, while the same modules are imported:
    Hypothesis takes some of the numbers that it draws from the code of those that are not installed. An
    exception inside one of the claim's functions is reported with its file and line, as the verdict
    ``error``; it does not propagate. So is what the claim was at when it had taken so many ``seconds``, if
    that is given: see :func:`~jacspec.proofs_check.referee.time_limit.time_limit`.
    Raises InputError for an effort or a seed that there is not.
    """
    level, seed = effort_of(effort), whole_number("seed", seed, least=0)
    start = perf_counter()
    blank = unverified(claim)
    try:
        with _elsewhere(), time_limit(seconds):
            found = _gather(blank, claim, level, seed)
    except StatementError as error:
        found = replace(blank, error=_raised(error, error.__cause__ or error))
    except OutOfTime as error:
        found = replace(blank, error=_where(error, f"was stopped after {seconds:g} s", error))
    except (Exception, KeyboardInterrupt):
        raise
    except BaseException as error:  # nothing of ours raises such: an exit, or a kind of the user's own
        found = replace(blank, error=_raised(StatementError("the claim"), error))
    verdict = verdict_of(found.evidence, counterexample=found.counterexample, error=found.error)
    return replace(found, verdict=verdict, seconds=perf_counter() - start)


def unverified(claim: Claim) -> Report:
    """The report on a claim of which nothing has been found out."""
    untried = tuple(Hypothesis(name) for name in claim.hypotheses)
    said = (claim.label, claim.statement, claim.expected, claim.remark)
    return Report(*said, hypotheses=untried, whose=claim.whose, source=claim.source)


_FOUND: list[Path | None] = []
"""Hypothesis's folder, as each claim that is being verified found it."""


def _own_folder() -> Path:
    """A temporary folder in which only this user writes; where there is none, one that cannot be."""
    user = getattr(os, "getuid", int)()  # elsewhere folders for temporary files are each user's own
    with suppress(OSError):
        folder = Path(gettempdir()) / f"jacspec-hypothesis-{user}"
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == user:
            return folder
    return Path(os.devnull) / "none"


@contextmanager
def _elsewhere() -> Iterator[None]:
    """Hypothesis keeps a cache of constants: not in whatever folder the user happens to be.

    Where it is told a folder, or a user's own tests have settled on one, that stays. Of several threads the
    last one puts back what the first one found.
    """
    with process_wide:
        before = getattr(configuration, "__hypothesis_home_directory")
        settled = before is not None or "HYPOTHESIS_STORAGE_DIRECTORY" in os.environ
        folder = before if settled else _own_folder()  # which may be interrupted
        _FOUND.append(before)
        configuration.set_hypothesis_home_dir(folder)
    try:
        yield
    finally:
        with process_wide:
            before = _FOUND.pop()
            if not _FOUND:
                configuration.set_hypothesis_home_dir(before)


def _gather(report: Report, claim: Claim, effort: Effort, seed: int) -> Report:
    """Search, derivation, evidence of other kinds, mutants, hypotheses: until one of them has decided."""
    if isinstance(claim, StatedClaim):
        return gather_stated(report, claim, effort, seed)
    found = SearchResult(seed)
    if claim.conclusion is not None:
        found = attempt(claim, effort.examples, seed)
        report, decided = _searched(report, claim, found, seed)
        if decided or claim.derivation is None:
            unproved = (Proof(each, None) for each in claim.propositions)
            report = replace(report, models=models(claim, found, unproved, seed=seed))
        if decided:
            return report
        climbed = climb(claim, found, evaluations=effort.climb)
        if climbed.violation is not None:
            violated = replace(
                found, counterexample=climbed.violation, judgement=climbed.judgement, while_sharpening=True
            )
            return _searched(report, claim, violated, seed)[0]
        report = replace(report, sharpness=climbed.sharpness)
    if claim.derivation is not None:
        derived, held = _derived(claim, claim.derivation, found, effort, seed)
        report = replace(
            report,
            evidence=(derived, *report.evidence),
            mutants=derived.mutants,
            models=held,
        )
        if derived.status is not Status.FOR:
            return report
    for source in claim.further_evidence:
        try:
            finding = source.gather(effort=effort, seed=seed)
        except Exception as error:
            name = f"gathering {source.kind} evidence"
            raise StatementError(name) from error
        report = replace(
            report, evidence=(*report.evidence, finding.evidence), mutants=report.mutants + finding.mutants
        )
        if finding.evidence.status is Status.AGAINST:
            return report
    mutants = report.mutants + _killed(claim, effort, seed)
    mutants += variants_tried(claim, found, searches=effort.open_variants, seed=seed)
    report = replace(report, mutants=mutants, error=_blindness(mutants))
    if report.error or claim.conclusion is None:
        return report
    hypotheses = weigh(claim, found, examples=effort.mutant_examples, seed=seed)
    pairs = weigh_pairs(claim, hypotheses, examples=effort.mutant_examples, seed=seed)
    return replace(report, hypotheses=hypotheses, pairs=pairs, error=_unsaid(claim, hypotheses))


def _searched(report: Report, claim: Claim, found: SearchResult, seed: int) -> tuple[Report, bool]:
    """The report with what the search for counterexamples amounts to, and whether that decides."""
    evidence = found.evidence
    if found.counterexample is None:
        silent = _silent(claim, found, seed)
        if silent is not None:
            why = f"of the premises of {silent.says} {silent.lacking}"
            evidence = replace(evidence, silent=silent.says, summary=f"{evidence.summary}; {why}")
        trivial = _always_trivial(claim, found)
        if trivial:
            summary = f"{evidence.summary}; the hypotheses hold together only where {trivial}"
            evidence = replace(evidence, trivial=trivial, summary=summary)
        if claim.propositions and not isinstance(claim.conclusion, StatedConclusion):
            summary = f"{evidence.summary} to what the search evaluates, which is not what the claim says"
            evidence = replace(evidence, status=Status.NONE, summary=summary)
            return replace(report, evidence=(evidence,)), True
        return replace(report, evidence=(evidence,)), evidence.vacuous
    counterexample = re_verified(claim, found)
    if counterexample is None:
        worst = None if found.judgement is None else found.judgement.worst
        where = f": {worst.name}" if worst is not None and worst.name else ""
        doubtful = f"an example fails, but not certainly (or not in the limit){where}"
        return replace(report, evidence=(replace(evidence, status=Status.NONE, summary=doubtful),)), True
    pieces: tuple[Evidence, ...] = (evidence,)
    if counterexample.certificate is not None:
        contrary = LimitEvidence(status=Status.AGAINST, summary=counterexample.certificate, seconds=0.0)
        pieces = (*pieces, contrary)
    return replace(report, evidence=pieces, counterexample=counterexample), True


def _silent(claim: Claim, found: SearchResult, seed: int) -> Model | None:
    """A proposition whose premises hold at no accepted example, and at no other point that is known."""
    if not found.accepted:
        return None
    unheard = {p for position, p in enumerate(claim.propositions) if position not in found.speaking}
    tried = models(claim, found, (Proof(each, None) for each in unheard), seed=seed)
    return next((each for each in tried if each.lacking), None)


def _always_trivial(claim: Claim, found: SearchResult) -> str:
    """The trivial case, of those the claim names, into which every accepted example falls; '' if none."""
    if not found.accepted:
        return ""
    return next((name for name in claim.trivial if found.cases.get(name) == found.accepted), "")


def _derived(
    claim: Claim, derive: Callable[[], Derivation], found: SearchResult, effort: Effort, seed: int
) -> tuple[DerivationEvidence, tuple[Model, ...]]:
    """The claim's derivation, checked, and models of all that it assumes."""
    start = perf_counter()
    try:
        derivation = derive()
        if derivation.label != claim.label:
            message = f"it derives {derivation.label!r}; expected a derivation labelled like the claim"
            raise InputError(message)
        check = check_derivation(derivation, seed=seed, most_mutants=effort.step_mutants)
    except Exception as error:
        name = "derivation"
        raise StatementError(name) from error
    proofs = [proof_of(each, derivation) for each in claim.propositions]
    held = models(claim, found, proofs, seed=seed) if check.holds else ()
    zero = dict.fromkeys(each for model in held for each in model.trivial)
    trivial = f"every point found at which all assumptions hold has ${', '.join(zero)}$" if zero else ""
    lacking = _shortfall(claim, derivation, proofs, held)
    if not check.holds:
        summary = f"a step is not accepted: {check.rejections[0]}"
    else:
        count = len(check.steps)
        summary = f"{count} steps, each checked twice" if count > 1 else "one step, checked twice"
        if effort.step_mutants is not None:
            summary += f"; {effort.step_mutants} mutants of each"
        if check.mutants.unrefuted:
            summary += f"; variants that no point refutes: {check.mutants.unrefuted}"
        if trivial:
            summary += f"; {trivial}"
        if lacking:
            summary += f"; no proof of the claim: {lacking}"
    evidence = DerivationEvidence(
        status=Status.FOR if check.holds else Status.AGAINST,
        summary=summary,
        seconds=perf_counter() - start,
        steps=len(check.steps),
        generality="; ".join(filter(None, [derivation.scope, trivial])),
        general=derivation.general,
        assumptions=tuple(assumption.title.replace("$", "") for assumption in derivation.assumptions),
        mutants_per_step=effort.step_mutants,
        mutants=check.mutants,
        taken=", ".join(dict.fromkeys(each.title for each in _unproved_lemmas(derivation))),
        lacking=lacking,
        fingerprint=fingerprint(derivation),
    )
    return evidence, held


def _unproved_lemmas(derivation: Derivation) -> Iterator[Lemma]:
    """What a derivation, and all that it rests on, takes without proof."""
    return (lemma for each in (*derivation.lemmas, derivation) for lemma in each.unproved_lemmas)


def _shortfall(claim: Claim, derivation: Derivation, proofs: Sequence[Proof], held: Sequence[Model]) -> str:
    """By what a derivation falls short of what a claim says; empty if it shows all of it."""
    if not claim.propositions:
        # Evidence of other kinds is about more than any derivation shows.
        return "" if claim.further_evidence else "the claim has no propositions for it to end in"
    premises = (each for proposition in claim.propositions for each in proposition.given)
    if taken := taken_beyond_the_theory(derivation, premises):
        return f"it takes '{taken[0]}' without proof, as no derivation of jacspec does: show it, or assume it"
    unproved = next((each for each in proofs if each.calculation is None), None)
    if unproved is not None:
        return "what follows from its last line is said in words" if derivation.argument else unproved.lacking
    return next((each.lacking for each in held if each.lacking), "")


def _killed(claim: Claim, effort: Effort, seed: int) -> Mutants:
    """Search for a counterexample to every mutant of the conclusion; one must be found."""
    tried = (
        (name, attempt(claim, effort.mutant_examples, seed, conclusion=mutant, name=f"mutant '{name}'"))
        for name, mutant in claim.mutants.items()
    )
    return Mutants.named(
        (f"'{name}' is not refuted", found.counterexample is not None) for name, found in tried
    )


def _blindness(mutants: Mutants) -> str:
    """Why the check could not have failed; empty if it could: then it is no error."""
    if not mutants.total:
        return "no mutant: name at least one wrong variant in 'mutants', to show that the check can fail"
    if mutants.survivors:
        return f"the check cannot tell the claim from a wrong variant of it: {mutants.survivors[0]}"
    return ""


def _unsaid(claim: Claim, weighed: Sequence[Hypothesis]) -> str:
    """What a claim needs and its propositions do not say; empty if they say it."""
    if not isinstance(claim.conclusion, StatedConclusion):
        return ""
    said = {each.title for one in claim.conclusion.propositions for each in one.given}
    needed = (each.name for each in weighed if each.needed and each.name not in said)
    return next((f"it fails without '{each}', which none of its premises says" for each in needed), "")


def _raised(error: StatementError, cause: BaseException) -> str:
    return _where(error, f"raised {said_by(cause)}", cause)


def _where(error: StatementError | OutOfTime, what: str, raised: BaseException | None) -> str:
    """What became of one of a claim's functions, in which file and line, and at which example."""
    example = ""
    with suppress(Exception):  # a value need not be one that can be written
        example = ", ".join(line for name, value in error.example.items() for line in to_text(name, value))
    at = f"; the example was {example}" if example else ""
    return f"{error.name or 'the claim'} {what}{place_of(raised)}{at}"
