"""What was tried and what came of it: evidence, counterexamples, reports of claims; all plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from proofs_check.claim import Expectation, Verdict

__all__ = ["Counterexample", "Evidence", "Hypothesis", "Mutants", "Report"]


@dataclass(frozen=True)
class Counterexample:
    """An exact example at which the hypotheses hold and the conclusion fails, re-verified.

    ``values`` maps each name to exact data (integers, fractions as 'p/q', matrices as rows, chains
    as lists of factors in order of application); ``margin`` is the failing margin as a ball;
    ``bits`` the precision of the re-verification; ``certificate`` why it stays failing, for a claim
    about a limit.
    """

    values: dict[str, Any]
    text: str
    margin: str
    bits: int
    certificate: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The counterexample as JSON data."""
        data = {"values": self.values, "margin": self.margin, "precision_bits": self.bits}
        return data if self.certificate is None else {**data, "certificate": self.certificate}


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence: its kind, whether it speaks for or against the claim, and the particulars.

    ``kind`` is ``derivation``, ``property`` or ``limit``; ``status`` is ``for``, ``against``,
    ``none`` or ``error``; ``details`` holds what was tried (examples drawn and accepted, precision,
    seed, …).
    """

    kind: str
    status: str
    summary: str
    details: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The evidence as JSON data."""
        return {
            "kind": self.kind,
            "status": self.status,
            "summary": self.summary,
            **self.details,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True)
class Mutants:
    """Wrong variants of the claim and of its derivation steps, and how many were caught.

    ``unrefuted`` are variants of inequalities that no lemma gives and no point refutes: they are among
    the ``total``, but neither caught nor survivors.
    """

    total: int = 0
    killed: int = 0
    survivors: tuple[str, ...] = ()
    unrefuted: int = 0


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis of the claim; ``needed`` is None where dropping it was not tried."""

    name: str
    needed: bool | None = None


@dataclass(frozen=True)
class Report:
    """Everything that was found out about one claim."""

    label: str
    statement: str
    verdict: Verdict
    expected: Expectation
    evidence: tuple[Evidence, ...]
    counterexample: Counterexample | None
    mutants: Mutants
    hypotheses: tuple[Hypothesis, ...]
    remark: str
    seconds: float
    trouble: str = ""

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the one the claim expects."""
        return self.expected.met_by(self.verdict)

    def to_json(self) -> dict[str, Any]:
        """The report as the JSON data that the command line promises."""
        return {
            "label": self.label,
            "statement": self.statement,
            "verdict": self.verdict.value,
            "expected": self.expected.value,
            "as_expected": self.as_expected,
            "evidence": [each.to_json() for each in self.evidence],
            "counterexample": self.counterexample.to_json() if self.counterexample else None,
            "sharpness": None,
            "mutants": {
                "total": self.mutants.total,
                "killed": self.mutants.killed,
                "survivors": list(self.mutants.survivors),
                "unrefuted": self.mutants.unrefuted,
            },
            "hypotheses": [{"name": each.name, "needed": each.needed} for each in self.hypotheses],
            "remark": self.remark,
            "trouble": self.trouble,
            "seconds": round(self.seconds, 3),
        }

    def __str__(self) -> str:
        from proofs_check.tables import report_text

        return report_text(self)
