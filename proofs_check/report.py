"""The verdicts as a Markdown file that can be handed to a co-author."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from numerics import InputError
from proofs_check.derivations import derivation_of
from proofs_check.evidence import Report
from proofs_check.ledger import LEDGER
from theory import FORMATS

__all__ = ["make_folder", "report_markdown", "write_report"]


def make_folder(folder: Path) -> None:
    """Make the report's folder; raises InputError if that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot make the folder {str(folder)!r}: {error.strerror}; choose another"
        raise InputError(message) from error


def write_report(
    folder: Path, reports: Sequence[Report], versions: Mapping[str, str], seed: int, effort: str
) -> Path:
    """Write ``folder/report.md`` and return its path; the folder is made if it is not there.

    Raises InputError if it cannot be written.
    """
    make_folder(folder)
    file = folder / "report.md"
    try:
        file.write_text(report_markdown(reports, versions, seed, effort), encoding="utf-8")
    except OSError as error:
        message = f"cannot write {str(file)!r}: {error.strerror}; choose another folder"
        raise InputError(message) from error
    return file


def report_markdown(reports: Sequence[Report], versions: Mapping[str, str], seed: int, effort: str) -> str:
    """Render the verdicts, the evidence, counterexamples and derivations."""
    return "\n".join(_lines(reports, versions, seed, effort)) + "\n"


def _lines(reports: Sequence[Report], versions: Mapping[str, str], seed: int, effort: str) -> Iterator[str]:
    expected = sum(report.as_expected for report in reports)
    yield "# jacspec: verdicts"
    yield ""
    yield f"{expected} of {len(reports)} verdicts are as expected. Effort {effort}, seed {seed}."
    yield "Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()) + "."
    yield ""
    yield "| claim | verdict | expected | mutants caught |"
    yield "|---|---|---|---|"
    for report in reports:
        tally = report.mutants
        caught = f"{tally.killed} of {tally.total}" if tally.total else "not tried"
        row = (f"[`{report.label}`](#{report.label})", report.verdict.value, report.expected.value, caught)
        yield f"| {' | '.join(row)} |"
    for report in reports:
        yield from _claim(report)


def _claim(report: Report) -> Iterator[str]:
    yield ""
    yield f"## {report.label}"
    yield ""
    yield f"{report.statement}"
    yield ""
    yield f"**{report.verdict.value}**"
    yield ""
    for each in report.evidence:
        yield f"* {each.kind}, {each.status} the claim: {each.summary}"
    if report.counterexample is not None:
        found = report.counterexample
        yield ""
        yield f"Counterexample (margin {found.margin}, re-verified at {found.bits} bits):"
        yield ""
        yield "```"
        yield found.text
        yield "```"
    for note in filter(None, (report.remark, report.trouble)):
        yield ""
        yield note
    claim = LEDGER.get(report.label)
    if claim is not None and claim.derivation is not None:
        yield ""
        yield "#" + FORMATS["markdown"](derivation_of(report.label))
