"""What a report is about: the verdicts of one run, and with what they were reached."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from jacspec.proofs_check.claims.claim import Claim
from jacspec.proofs_check.claims.evidence import DerivationEvidence, fingerprint
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.theory import Derivation


@dataclass(frozen=True)
class Run:
    """Each report beside its claim, of which the derivation is taken; the versions, the seed, the effort.

    ``targets`` are what named the claims on the command line, as ``FILE.py:NAME``; their labels if none.
    """

    verdicts: Sequence[tuple[Claim, Report]]
    versions: Mapping[str, str]
    seed: int
    effort: str
    targets: Sequence[str] = ()

    @property
    def reports(self) -> list[Report]:
        """The reports, in the order in which the claims were given."""
        return [report for _, report in self.verdicts]

    @property
    def headline(self) -> str:
        """How many verdicts are the expected ones."""
        total = len(self.reports)
        return f"{total - len(self.unexpected)} of {total} verdicts as expected"

    @property
    def tally(self) -> str:
        """How often each verdict was reached, in words."""
        return ", ".join(f"{count} {verdict.value}" for verdict, count in self.counts.items())

    @property
    def unexpected(self) -> list[Report]:
        """The reports whose verdicts are not the expected ones."""
        return [report for report in self.reports if not report.as_expected]

    @property
    def counts(self) -> dict[Verdict, int]:
        """How often each verdict was reached, without those that were not."""
        reached = Counter(report.verdict for report in self.reports)
        return {verdict: reached[verdict] for verdict in Verdict if reached[verdict]}

    @property
    def seconds(self) -> float:
        """The time that the claims took, added up."""
        return sum(report.seconds for report in self.reports)

    @property
    def provenance(self) -> dict[str, str]:
        """With what the verdicts were reached, by name."""
        settings = {"effort": self.effort, "seed": str(self.seed)}
        return {**settings, **self.versions, "time": f"{self.seconds:.1f} s"}

    @property
    def command(self) -> str:
        """What reaches them again."""
        targets = self.targets or [report.label for report in self.reports]
        return f"jacspec verify {shlex.join(targets)} --effort {self.effort} --seed {self.seed}"

    @cached_property
    def derivations(self) -> dict[str, Derivation]:
        """By label of the claim, its derivation; none where the one that was checked is another.

        A function may return one derivation to the check and another to the page.
        """
        made = {report.label: (claim.derived, report.evidence) for claim, report in self.verdicts}
        return {
            label: derivation
            for label, (derivation, evidence) in made.items()
            if derivation is not None
            and {each.fingerprint for each in evidence if isinstance(each, DerivationEvidence)}
            <= {fingerprint(derivation)}
        }

    @cached_property
    def anchors(self) -> dict[str, str]:
        """Where links to each claim lead, by label."""
        return anchors_of([report.label for report in self.reports])


def anchors_of(labels: Sequence[str]) -> dict[str, str]:
    """An id for every label, no two the same: letters, digits and hyphens only."""
    anchors: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for label in labels:
        plain = "claim-" + (re.sub(r"[^a-z0-9]+", "-", label).strip("-") or "unnamed")
        taken[plain] += 1
        # Two hyphens are in no plain one.
        anchors[label] = plain if taken[plain] == 1 else f"{plain}--{taken[plain]}"
    return anchors
