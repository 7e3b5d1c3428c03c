"""The verdicts and the derivations behind them as an appendix in LaTeX that a stock installation compiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jacspec.documents import latex
from jacspec.documents.blocks import Block, Heading, Paragraph, Table
from jacspec.documents.prose import code
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.report_blocks import as_prose, counterexample_blocks, weighed_rows
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.reports.document import opening
from jacspec.proofs_check.reports.run import Run

_MOST_CHARACTERS = 800
"""Longer examples are in their files only."""


def report_appendix(run: Run) -> str:
    """A document: verdicts, counterexamples, what was weighed, and each derivation, once."""
    return latex.document(tuple(_appendix(run)), appendix=True)


def _appendix(run: Run) -> Iterator[Block]:
    yield Heading("Verdicts", 2)
    yield from opening(run)
    yield Table(("claim", "verdict", "whose", "statement"), tuple(map(_row, run.reports)))
    found = [report for report in run.reports if report.counterexample is not None]
    if found:
        yield Heading("Counterexamples", 2)
        yield Paragraph("Each is exact, and was verified again at the precision it names.")
        for report in found:
            yield from _counterexample(report)
    weighed = tuple(_weighed(run))
    if weighed:
        yield Heading("Hypotheses and bounds", 2)
        yield Paragraph(
            "Each hypothesis is dropped in turn, and the search for a counterexample is run again."
        )
        yield Table(("claim", "hypothesis or bound", "what was found"), weighed)
    yield Heading("Derivations", 2)
    tops = run.derivations.values()
    derivations = tuple(dict.fromkeys(each for top in tops for each in (*top.lemmas, top)))
    anchors = {each.label: each.label for each in derivations}
    for derivation in derivations:
        yield from derivation.blocks(level=3, anchors=anchors)


def _row(report: Report) -> tuple[str, str, str, str]:
    verdict = report.verdict.value
    shown = f"**{verdict}**" if report.verdict is Verdict.REFUTED else verdict
    unexpected = "" if report.as_expected else f" (expected: {report.expected.value})"
    return code(report.label), shown + unexpected, report.author, as_prose(report.statement)


def _counterexample(report: Report) -> Iterator[Block]:
    found = report.counterexample
    assert found is not None  # noqa: S101 -- only such reports come here
    if len(found.text) > _MOST_CHARACTERS:
        found = replace(found, text="kept in the folder counterexamples", values={}, types={})
    _, *others = counterexample_blocks(found, 3)
    yield Paragraph(as_prose(report.statement), lead=code(report.label))
    yield from others


def _weighed(run: Run) -> Iterator[tuple[str, str, str]]:
    for report in run.reports:
        rows = weighed_rows((*report.hypotheses, *report.pairs), report.sharpness)
        for number, (name, state, why) in enumerate(rows):
            found = f"{state}: {why}" if why else state
            yield code(report.label) if number == 0 else "", name, found
