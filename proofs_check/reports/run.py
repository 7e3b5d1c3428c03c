"""What a report is about: the verdicts of one run, and with what they were reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.report import Report

__all__ = ["Run"]


@dataclass(frozen=True)
class Run:
    """Each report beside its claim, of which the derivation is taken; the versions, the seed, the effort."""

    verdicts: Sequence[tuple[Claim, Report]]
    versions: Mapping[str, str]
    seed: int
    effort: str

    @property
    def reports(self) -> list[Report]:
        """The reports, in the order in which the claims were given."""
        return [report for _, report in self.verdicts]

    @property
    def as_expected(self) -> int:
        """How many verdicts are the expected ones."""
        return sum(report.as_expected for report in self.reports)

    @property
    def seconds(self) -> float:
        """The time that the claims took, added up."""
        return sum(report.seconds for report in self.reports)
