"""The parts of a report on a run as blocks: summary, what does not hold, claims, provenance."""

from __future__ import annotations

from collections.abc import Iterator

from jacspec.documents.blocks import Block, Folded, Heading, Paragraph, Section, Table
from jacspec.documents.prose import code
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.report_blocks import as_prose, example_block, fine, mutants_tally
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.reports.run import Run
from jacspec.theory.derivations.derivation_blocks import results_blocks

COLUMNS = ("claim", "verdict", "expected", "whose", "mutants caught", "hypotheses needed", "sharpness")
"""Of the summary."""
_BRIEF = 160
"""Characters up to which a counterexample is shown at the top, too."""
_LEVEL = 3
"""Of the headings of claims, which stand below the heading of them all."""


def summary_table(run: Run) -> Table:
    """One row for every claim, which links to its section."""
    return Table(COLUMNS, tuple((_link(run, each), *summary_cells(each)) for each in run.reports))


def summary_cells(report: Report) -> tuple[str, ...]:
    """What the summary says of a claim, behind its label."""
    return (
        report.verdict.value,
        report.expected.value + (" ✓" if report.as_expected else " **✗**"),
        report.author,
        mutants_tally(report.mutants),
        _needed_tally(report),
        "–" if report.sharpness is None else f"{report.sharpness.ratio:.4f}",
    )


def _needed_tally(report: Report) -> str:
    """How many hypotheses are known to carry weight."""
    tried = [each for each in report.hypotheses if each.needed is not None]
    if not report.hypotheses:
        return "–"
    return f"{sum(bool(each.needed) for each in tried)} of {len(tried)} tried" if tried else "not tried"


def _link(run: Run, report: Report) -> str:
    return f"[{code(report.label)}](#{run.anchors[report.label]})"


def refuted_blocks(run: Run) -> Iterator[Block]:
    """What a reader with ten seconds should see: the claims that do not hold, with short counterexamples."""
    found = [report for report in run.reports if report.verdict is Verdict.REFUTED]
    if found:
        yield Heading("What does not hold", 2, "refuted")
        yield Section(tuple(_brief(run, report) for report in found), kind="found")


def _brief(run: Run, report: Report) -> Section:
    found = report.counterexample
    example = (example_block(found),) if found is not None and len(found.text) <= _BRIEF else ()
    return Section((Paragraph(_link(run, report)), Paragraph(as_prose(report.statement)), *example))


def claim_section(run: Run, claim: Claim, report: Report, level: int = _LEVEL) -> Section:
    """All about one claim, under its anchor: the report, and the derivation, folded.

    On a page of its own, which has its heading of level 1, the derivation is not folded.
    """
    anchor = run.anchors[report.label]
    return Section(tuple(_claim(run, claim, report, level)), anchor, kind=f"claim {report.verdict.value}")


def _claim(run: Run, claim: Claim, report: Report, level: int) -> Iterator[Block]:
    heading, statement, *others = report.blocks(level)
    derivation = run.derivations.get(claim.label)
    yield from (heading, statement)
    if derivation is not None:
        yield Section((Paragraph("Derived:"), *results_blocks(derivation.results)), kind="result")
    yield from others
    if derivation is not None:
        steps = len(list(derivation.steps))
        count = "1 step" if steps == 1 else f"{steps} steps"
        if lent := sum(len(list(lemma.steps)) for lemma in derivation.lemmas):
            count += f", and {lent} of its lemmas"
        # Its own label leads to this section, not to a heading in it.
        anchors = {label: anchor for label, anchor in run.anchors.items() if label != derivation.label}
        if level == 1:
            yield Heading(f"Derivation, {count}")
            yield from derivation.blocks(level=3, anchors=anchors)
        else:
            blocks = derivation.blocks(level=level + 1, anchors=anchors)
            yield Folded(f"Derivation, {count}", tuple(blocks))
    whose = f"Whose: {as_prose(claim.credit)}. " if claim.credit else ""
    yield fine(f"{whose}{report.seconds:.1f} s. [Back to the summary](#summary)")
