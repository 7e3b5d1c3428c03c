"""Results for the terminal: aligned tables of at most 100 columns, colour only where there is a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jacspec.proofs_check.claims.claim import Claim, Verdict
from jacspec.proofs_check.claims.report import Report

__all__ = [
    "COLUMNS",
    "claims_table",
    "console",
    "plain",
    "report_details",
    "report_text",
    "verdict_table",
    "weighing_table",
]

COLUMNS = 100

_STYLES = {
    Verdict.PROVED: "bold green",
    Verdict.SUPPORTED: "green",
    Verdict.REFUTED: "bold magenta",
    Verdict.UNDECIDED: "yellow",
    Verdict.VACUOUS: "yellow",
    Verdict.ERROR: "bold red",
}
_FINDING = len("not far from sharp")
_WEIGHT = {True: "green", False: "yellow", None: "dim"}


def console(*, stderr: bool = False) -> Console:
    """A console no wider than 100 columns, and exactly 100 where the output is no terminal."""
    made = _Console(stderr=stderr)
    width = min(made.width, COLUMNS) if made.is_terminal else COLUMNS
    return _Console(stderr=stderr, highlight=False, markup=False, width=width)


class _Console(Console):
    """A console that leaves a closed pipe to the command line."""

    def on_broken_pipe(self) -> None:
        """Raise it again, where rich would end the program with status 1."""
        raise BrokenPipeError


def plain(renderable: RenderableType) -> str:
    """Render without colour or control characters."""
    out = StringIO()
    # In a notebook rich would write to the notebook, and nothing to the file.
    Console(
        file=out, force_jupyter=False, width=COLUMNS, highlight=False, markup=False, color_system=None
    ).print(renderable)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False)
    for position, heading in enumerate(headings):
        # Labels are typed in again: they stay whole.
        table.add_column(heading, overflow="fold", no_wrap=position == 0)
    return table


def verdict_table(reports: Sequence[Report]) -> Table:
    """One line for every claim: verdict, what was expected, evidence, mutants caught, time."""
    table = _table("claim", "verdict", "expected", "evidence")
    table.add_column("mutants", justify="right")
    table.add_column("time", justify="right")
    for report in reports:
        tally = report.mutants
        table.add_row(
            report.label,
            Text(report.verdict.value, style=_STYLES[report.verdict]),
            Text(report.expected.value + (" ✓" if report.as_expected else " ✗")),
            "\n".join(_summaries(report)),
            f"{tally.killed}/{tally.total}" if tally.total else "",
            f"{report.seconds:.1f} s",
        )
    return table


def weighing_table(reports: Sequence[Report]) -> RenderableType | None:
    """What carries weight: each hypothesis, and how sharp each bound is; None if there is neither."""
    parts: list[RenderableType] = []
    for report in reports:
        rows = list(_weighed(report))
        if rows and report.verdict is not Verdict.REFUTED:  # what holds up a false claim is not asked
            grid = Table.grid(padding=(0, 3, 0, 0))
            grid.add_column(width=_FINDING)
            grid.add_column(overflow="fold")
            for row in rows:
                grid.add_row(*row)
            parts += [Text(report.label, style="bold"), Padding(grid, (0, 0, 0, 4))]
    return Group(Text("hypotheses and bounds"), Text("─" * COLUMNS), *parts) if parts else None


def _weighed(report: Report) -> Iterator[tuple[Text, Text]]:
    for each in (*report.hypotheses, *report.pairs):
        why = f": {each.why}" if each.why else ""
        yield Text(each.state, style=_WEIGHT[each.needed]), Text(each.name + why)
    if report.sharpness is not None:
        found = report.sharpness
        at = "; ".join(found.example.splitlines())
        yield Text(found.reading), Text(f"bound: {found.ratio:.4f} of it is reached, at {at}")


def _summaries(report: Report) -> Sequence[str]:
    """What each piece of evidence says; the certificate of a counterexample is printed with it."""
    certificate = report.counterexample.certificate if report.counterexample is not None else None
    return [each.summary for each in report.evidence if each.summary != certificate]


def report_details(report: Report) -> RenderableType:
    """What the table has no room for: the counterexample, the remark, the error."""
    parts: list[RenderableType] = []
    if report.counterexample is not None:
        found = report.counterexample
        parts.append(Text(f"Counterexample to {report.label}", style="bold"))
        parts.append(Padding(Text(report.statement), (0, 0, 0, 4)))
        parts.append(Padding(Text(found.text), (0, 0, 0, 4)))
        parts.append(
            Padding(Text(f"margin {found.margin}, re-verified at {found.precision_bits} bits"), (0, 0, 0, 4))
        )
        if found.certificate:
            parts.append(Padding(Text(found.certificate), (0, 0, 0, 4)))
    if report.remark:
        parts.append(Text(f"Note on {report.label}", style="bold"))
        parts.append(Padding(Text(report.remark), (0, 0, 0, 4)))
    if report.error:
        parts.append(Text(f"Trouble with {report.label}", style="bold red"))
        parts.append(Padding(Text(report.error), (0, 0, 0, 4)))
    return Group(*parts)


def report_text(report: Report) -> str:
    """A report as plain text."""
    weighed = weighing_table([report])
    parts = [report_details(report), verdict_table([report]), *([weighed] if weighed is not None else [])]
    return plain(Group(*parts))


def claims_table(claims: Iterable[Claim]) -> Table:
    """The ledger: label, expected verdict, whether there is a derivation, statement."""
    table = _table("claim", "expected", "derivation", "statement")
    for claim in claims:
        derived = "yes" if claim.derivation is not None else "–"
        table.add_row(claim.label, claim.expected.value, derived, claim.statement)
    return table
