"""One claim of the HTML report: statement, evidence, what was weighed, counterexample, derivation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape

from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.evidence import Counterexample, Evidence
from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.claims.report import Hypothesis, Report, Sharpness
from jacspec.proofs_check.reports.derivation import derivation_html, result_html
from jacspec.proofs_check.reports.mathematics import mathml, matrix_mathml, statement_html
from jacspec.proofs_check.reports.notebook import value_html

__all__ = ["badge", "example_html", "section_html"]

_MARKS = {"proved": "✓", "supported": "≈", "refuted": "✗", "undecided": "?", "vacuous": "∅", "error": "!"}
"""A verdict is told by its word and its mark too, not by its colour alone."""
_MOST_CHARACTERS = 2000
"""Longer examples are shown as text."""
_DETAILS = {
    "drawn": "examples drawn",
    "accepted": "accepted",
    "undecided": "undecided",
    "worst_margin": "worst margin",
    "precision_bits": "precision (bits)",
    "steps": "steps",
    "generality": "for",
    "seed": "seed",
}


def badge(verdict: str) -> str:
    """A verdict with its mark and its colour."""
    return f'<span class="badge {verdict}">{_MARKS[verdict]} {verdict}</span>'


def section_html(claim: Claim, report: Report, anchors: Mapping[str, str]) -> str:
    """The article on a claim, under its anchor."""
    return "\n".join(_pieces(claim, report, anchors))


def _pieces(claim: Claim, report: Report, anchors: Mapping[str, str]) -> Iterator[str]:
    anchor = anchors[report.label]
    yield f'<article id="{anchor}" class="claim {report.verdict.value}" aria-labelledby="{anchor}-title">'
    yield f'<h3 id="{anchor}-title"><code>{escape(report.label)}</code> {badge(report.verdict.value)}</h3>'
    yield f'<p class="statement">{statement_html(report.statement)}</p>'
    if not report.as_expected:
        yield f'<p class="warning">Not as expected: the claim says that it is {report.expected.value}.</p>'
    derivation = claim.derivation() if claim.derivation is not None else None
    if derivation is not None:
        yield f'<div class="result"><p>Derived:</p>{result_html(derivation)}</div>'
    for note, kind in ((report.remark, "note"), (report.error, "warning")):
        if note:
            yield f'<p class="{kind}">{statement_html(note)}</p>'
    if report.counterexample is not None:
        yield _counterexample(report.counterexample)
    certificate = report.counterexample.certificate if report.counterexample is not None else None
    # What the certificate says stands with the counterexample.
    evidence = [
        replace(each, summary="see the counterexample") if each.summary == certificate else each
        for each in report.evidence
    ]
    yield f"<h4>Evidence</h4><ul>{''.join(map(_evidence, evidence))}</ul>"
    if report.hypotheses or report.pairs:
        yield _hypotheses((*report.hypotheses, *report.pairs))
    if report.sharpness is not None:
        yield _sharpness(report.sharpness)
    if report.mutants.total:
        yield _mutants(report.mutants)
    if derivation is not None:
        steps = len(list(derivation.steps))
        count = "1 step" if steps == 1 else f"{steps} steps"
        yield f"<details><summary>Derivation, {count}</summary>"
        yield f"{derivation_html(derivation, anchors)}</details>"
    source = f"Source: {escape(claim.source)}. " if claim.source else ""
    yield f'<p class="fine">{source}{report.seconds:.1f} s. <a href="#summary">Back to the summary</a></p>'
    yield "</article>"


def _counterexample(found: Counterexample) -> str:
    notes = (
        found.certificate,
        found.witness,
        f"margin {found.margin}, re-verified at {found.precision_bits} bits",
    )
    lines = "".join(f"<li>{statement_html(note)}</li>" for note in notes if note)
    return f'<h4>Counterexample</h4><div class="example">{example_html(found)}</div><ul>{lines}</ul>'


def example_html(found: Counterexample) -> str:
    """The values of an example, its matrices as matrices."""
    if len(found.text) > _MOST_CHARACTERS or found.types.keys() != found.values.keys():
        return _pre(found.text)
    return "".join(
        f'<span class="value">{line}</span>'
        for name, data in found.values.items()
        for line in value_html(name, data, found.types[name], matrix_mathml, _name)
    )


def _name(name: str) -> str:
    """M_1 as mathematics; a name in letters, as words."""
    return mathml(f"{name[0]}_{{{name[2:]}}}") if name[1:2] == "_" else statement_html(name)


def _evidence(each: Evidence) -> str:
    told = {key: getattr(each, key, None) for key in _DETAILS}
    rows = [(_DETAILS[key], value) for key, value in told.items() if value is not None]
    head = f"<strong>{escape(each.kind)}</strong>, {escape(each.status.value)} the claim: "
    particulars = ", ".join(f"{escape(name)} {escape(_shown(value))}" for name, value in rows)
    small = f'<br><span class="fine">{particulars}</span>' if particulars else ""
    return f"<li>{head}{statement_html(each.summary)}{small}</li>"


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _hypotheses(weighed: Sequence[Hypothesis]) -> str:
    rows = "".join(
        f"<tr><th scope=row>{statement_html(each.name)}</th><td>{each.state}</td><td>{_why(each)}</td></tr>"
        for each in weighed
    )
    head = "<tr><th scope=col>hypothesis</th><th scope=col>needed?</th><th scope=col>why</th></tr>"
    table = f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"
    return f'<h4>Hypotheses</h4><div class="scroll">{table}</div>'


def _why(each: Hypothesis) -> str:
    if not each.example:
        return statement_html(each.why)
    return f"<details><summary>{statement_html(each.why)}</summary>{_pre(each.example)}</details>"


def _sharpness(found: Sharpness) -> str:
    percent = min(100.0, max(0.0, 100 * found.ratio))
    return (
        f"<h4>Sharpness</h4><p>{found.ratio:.6f} of the bound is reached: {escape(found.reading)}.</p>"
        f'<div class="meter" aria-hidden="true"><span style="width:{percent:.1f}%"></span></div>'
        f"<details><summary>Where</summary>{_pre(found.example)}</details>"
    )


def _mutants(tally: Mutants) -> str:
    text = f"{tally.killed} of {tally.total} wrong variants were caught."
    if tally.unrefuted:
        text += f" No lemma gives {tally.unrefuted} others, and no point refutes them."
    survivors = "".join(f"<li>{escape(each)}</li>" for each in tally.survivors)
    return f"<h4>Mutants</h4><p>{text}</p>" + (f"<p>Survivors:</p><ul>{survivors}</ul>" if survivors else "")


def _pre(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"
