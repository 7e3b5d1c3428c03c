"""Writing a report: Markdown for co-authors, a web page for readers, an appendix for the paper."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jacspec.documents.prose import literal
from jacspec.numerics.files.writing import made_folder, place, write_text
from jacspec.numerics.support.budget import demand
from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.user_code import said_by
from jacspec.proofs_check.reports.appendix import report_appendix
from jacspec.proofs_check.reports.document import report_markdown
from jacspec.proofs_check.reports.experiments import ShownExperiment, belongs_to, described, found_experiments
from jacspec.proofs_check.reports.page import report_page, report_pages
from jacspec.proofs_check.reports.run import Run

_DOCUMENTS = Path(__file__).resolve().parents[2] / "docs"
"""Of a checkout; an installed package has none."""
_FINDINGS = "findings.md"
_CLAIM, _TEXT = 10**5, 6
"""Bytes that a claim takes in all forms of a report together, beside those for each byte of its verdict."""


def write_report(
    folder: Path, run: Run, experiments: Sequence[ShownExperiment] = (), *, on_ledger: bool = False
) -> tuple[Path, ...]:
    """Write ``report.md``, ``appendix.tex`` and the pages; return the paths of what to open.

    The pages are ``index.html`` with one for each claim in ``claims/``, and the same in one file to send by
    mail, ``single.html``.

    The folder is made if it is not there. They show the experiments given and those whose results lie
    in the folder; a report ``on_ledger``, in a checkout, also the pictures of its documents. Raises
    InputError if a file cannot be written, or for more than memory holds.
    """
    said = sum(len(json.dumps(report.to_json())) for _, report in run.verdicts)
    demand(f"a report on {len(run.verdicts)} claims", _CLAIM * len(run.verdicts) + _TEXT * said)
    made_folder(folder)
    shown = list(experiments)
    for others in (found_experiments([folder]), described(_DOCUMENTS / _FINDINGS) if on_ledger else []):
        names = [each.name for each in shown]
        shown += [each for each in others if belongs_to(each.name, names) is None]
    try:
        contents = _contents(run, shown)
    except (Exception, SystemExit):  # of a user's derivation, most likely
        contents = _contents(replace(run, verdicts=[_showable(run, *each) for each in run.verdicts]), shown)
    made_folder(folder / "claims")
    for name, content in contents.items():
        write_text(place(folder, name), content, streams=False)
    return tuple(folder / name for name in ("index.html", "single.html", "report.md", "appendix.tex"))


def _contents(run: Run, shown: Sequence[ShownExperiment]) -> dict[str, str]:
    """All files of a report, by name."""
    return {
        "report.md": report_markdown(run, shown),
        **report_pages(run, shown),
        "single.html": report_page(run, shown),
        "appendix.tex": report_appendix(run),
    }


def _showable(run: Run, claim: Claim, report: Report) -> tuple[Claim, Report]:
    """A claim and its report, without a derivation that cannot be shown; why, is said."""
    try:
        _contents(replace(run, verdicts=[(claim, report)]), ())
    except (Exception, SystemExit) as error:
        if claim.derivation is None:
            raise
        remark = f"{report.remark} Its derivation cannot be shown: {literal(said_by(error))}.".strip()
        return replace(claim, derivation=None), replace(report, remark=remark)
    return claim, report
