"""The reports of the ledger's claims, each reached once for all tests, or before them by `make verify`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jacspec.numerics.support.versions import versions
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.shell.claim_tasks import ClaimTask, run_task
from jacspec.proofs_check.shell.commands.shared import COMPUTES_WITH
from jacspec.proofs_check.shell.kept_verdicts import KEPT_IN, KeptVerdicts

ROOT = Path(__file__).parents[3]


@cache
def report_of(label: str) -> Report:
    """What `jacspec verify LABEL` reports; its rules say which of the verdicts that are kept count."""
    task = ClaimTask(label, None, "standard", 0)
    kept = _kept()
    report = kept.of(task)
    if report is None:
        report = run_task(task)
        kept.add(task, report)
    return report


@cache
def _kept() -> KeptVerdicts:
    return KeptVerdicts((), versions(*COMPUTES_WITH), ROOT / KEPT_IN)
