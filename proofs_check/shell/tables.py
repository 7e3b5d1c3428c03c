"""Results for the terminal: aligned tables of at most 100 columns, colour only where there is a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jacspec.documents import text
from jacspec.documents.blocks import Block, Heading, Paragraph, Table as TableBlock
from jacspec.documents.prose import code
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.report_blocks import as_prose, plain_words, weighed_rows
from jacspec.proofs_check.claims.verdict import Verdict

_LABEL = 24
"""Columns for a label, beside which its evidence can be read."""

_STYLES = {
    Verdict.PROVED: "bold green",
    Verdict.SUPPORTED: "green",
    Verdict.REFUTED: "bold magenta",
    Verdict.UNDECIDED: "yellow",
    Verdict.VACUOUS: "yellow",
    Verdict.ERROR: "bold red",
}


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False)
    for position, heading in enumerate(headings):
        # Labels are typed in again: they stay whole.
        table.add_column(heading, overflow="fold", no_wrap=position == 0)
    return table


def verdict_table(reports: Sequence[Report], columns: int = text.COLUMNS) -> Table:
    """One row for every claim: verdict, what was expected, whose it is, evidence, mutants caught, time.

    Beside long labels there is no room for the evidence: then it stands below them. In less than the usual
    columns all of it stands below.
    """
    if columns < text.COLUMNS:
        return _narrow(reports)
    below = max((len(report.label) for report in reports), default=0) > _LABEL
    table = _table("claim", "verdict", "expected", "whose", *([] if below else ["evidence"]))
    table.add_column("mutants", justify="right")
    table.add_column("time", justify="right")
    for column in table.columns:
        column.no_wrap = column.header != "evidence"
    table.columns[0].no_wrap = not below
    for report in reports:
        tally = report.mutants
        evidence = "\n".join(_summaries(report))
        table.add_row(
            Group(report.label, Padding(evidence, (0, 0, 1, 2))) if below else report.label,
            Text(report.verdict.value, style=_STYLES[report.verdict]),
            Text(report.expected.value + (" ✓" if report.as_expected else " ✗")),
            report.author,
            *([] if below else [evidence]),
            f"{tally.killed}/{tally.total}" if tally.total else "",
            f"{report.seconds:.1f} s",
        )
    return table


def _narrow(reports: Sequence[Report]) -> Table:
    table = Table.grid()
    for report in reports:
        tally, met = report.mutants, "✓" if report.as_expected else "✗"
        said = [f"{report.expected.value} {met}", report.author, f"{report.seconds:.1f} s"]
        said += [f"mutants {tally.killed}/{tally.total}"] if tally.total else []
        verdict = (report.verdict.value, _STYLES[report.verdict])
        table.add_row(Text.assemble(f"{report.label}: ", verdict, f" ({', '.join(said)})"))
        table.add_row(Padding("\n".join(_summaries(report)), (0, 0, 1, 4)))
    return table


def _summaries(report: Report) -> Iterator[str]:
    """What each piece of evidence says; the certificate of a counterexample is printed with it."""
    certificate = report.counterexample.certificate if report.counterexample is not None else None
    for each in report.evidence:
        if each.summary != certificate:
            yield plain_words(each.summary)


def details(reports: Sequence[Report], columns: int = text.COLUMNS) -> str:
    """What the table has no room for: counterexamples, remarks, errors."""
    blocks: list[Block] = []
    for report in reports:
        notes = tuple(report.notes(3))
        if notes:
            blocks += [report.heading(2), Paragraph(as_prose(report.statement)), *notes]
    return text.write(blocks, columns)


def weighing(reports: Sequence[Report], columns: int = text.COLUMNS) -> str:
    """What carries weight: each hypothesis, how sharp each bound is, which variants were not caught."""
    blocks: list[Block] = []
    for report in reports:
        rows = tuple(weighed_rows((*report.hypotheses, *report.pairs), report.sharpness))
        uncaught = tuple(("not caught", f"the variant {as_prose(each)}") for each in report.mutants.survivors)
        # What holds up a false claim is not asked.
        if (rows or uncaught) and report.verdict is not Verdict.REFUTED:
            found = tuple((state, f"{name}: {why}" if why else name) for name, state, why in rows)
            blocks += [Heading(code(report.label), 3), TableBlock(("", ""), (*found, *uncaught))]
    return text.write([Heading("Hypotheses and bounds", 1), *blocks], columns) if blocks else ""


def claims_table(claims: Iterable[Claim]) -> Table:
    """The ledger: label, expected verdict, whose it is, whether it is derived; the statement below."""
    table = Table.grid()
    table.add_row("claim (what is expected, whose it is, whether it is derived)\n")
    for claim in claims:
        derived = "derived" if claim.derivation is not None else "not derived"
        table.add_row(f"{claim.label} ({claim.expected.value}, {claim.author}, {derived})")
        table.add_row(Padding(plain_words(claim.statement), (0, 0, 1, 4)))
    return table
