"""What was tried and what came of it: evidence, counterexamples, reports of claims; all plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from proofs_check.verdict import Expectation, Verdict

__all__ = ["Counterexample", "Evidence", "Hypothesis", "Mutants", "Report", "Sharpness"]


@dataclass(frozen=True)
class Counterexample:
    """An exact example at which the hypotheses hold and the conclusion fails, re-verified.

    ``values`` maps each name to exact data (integers, fractions as 'p/q', matrices as rows, chains
    as lists of factors in order of application); ``margin`` is the failing margin as a ball;
    ``bits`` the precision of the re-verification; ``certificate`` why it stays failing, for a claim
    about a limit; ``witness`` what a second, independent evaluation found.
    """

    values: dict[str, Any]
    text: str
    margin: str
    bits: int
    certificate: str | None = None
    witness: str = ""

    def to_json(self) -> dict[str, Any]:
        """The counterexample as JSON data."""
        data = {
            "values": self.values,
            "margin": self.margin,
            "precision_bits": self.bits,
            "witness": self.witness,
        }
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

    def __add__(self, other: Mutants) -> Mutants:
        return Mutants(
            self.total + other.total,
            self.killed + other.killed,
            self.survivors + other.survivors,
            self.unrefuted + other.unrefuted,
        )


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis of the claim, or several together, and whether the claim needs it.

    ``needed`` is True if a certified counterexample to the conclusion violates only this; False if none
    was found among the examples that violate it (it may be superfluous); None if that could not be
    tried. ``why`` says so in one line; ``example`` is the counterexample, as text.
    """

    name: str
    needed: bool | None = None
    why: str = ""
    example: str = ""

    def to_json(self) -> dict[str, Any]:
        """The hypothesis as JSON data."""
        return {"name": self.name, "needed": self.needed, "why": self.why, "example": self.example}


@dataclass(frozen=True)
class Sharpness:
    """The largest quotient of the two sides of a bound that was found, and where."""

    ratio: float
    example: str

    @property
    def reading(self) -> str:
        """What the quotient says about the constant."""
        if self.ratio >= SHARP:
            return "sharp"
        return "looks improvable" if self.ratio < IMPROVABLE else "not far from sharp"


SHARP, IMPROVABLE = 0.999, 0.9
"""From the first on a constant counts as sharp; below the second it looks improvable."""


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
    sharpness: Sharpness | None = None
    pairs: tuple[Hypothesis, ...] = ()

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
            "sharpness": self.sharpness.ratio if self.sharpness else None,
            "sharpest_example": self.sharpness.example if self.sharpness else None,
            "mutants": {
                "total": self.mutants.total,
                "killed": self.mutants.killed,
                "survivors": list(self.mutants.survivors),
                "unrefuted": self.mutants.unrefuted,
            },
            "hypotheses": [each.to_json() for each in self.hypotheses],
            "pairs": [each.to_json() for each in self.pairs],
            "remark": self.remark,
            "trouble": self.trouble,
            "seconds": round(self.seconds, 3),
        }

    def __str__(self) -> str:
        from proofs_check.tables import report_text

        return report_text(self)
