"""What was tried and what came of it: evidence, counterexamples, reports of claims; all plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jacspec.numerics.support.printing import as_printed
from jacspec.proofs_check.claims.verdict import Expectation, Verdict

__all__ = ["Counterexample", "Evidence", "Hypothesis", "Mutants", "Report", "Sharpness"]


@dataclass(frozen=True)
class Counterexample:
    """An exact example at which the hypotheses hold and the conclusion fails, re-verified.

    ``values`` maps each name to exact data (integers, fractions as 'p/q', matrices as rows, chains
    as lists of factors in order of application), and ``types`` to what it takes to rebuild the value from
    them (see :mod:`jacspec.proofs_check.claims.exact_values`); ``margin`` is the failing margin as a ball;
    ``bits`` the precision of the re-verification; ``certificate`` why it stays failing, for a claim
    about a limit; ``witness`` what a second, independent evaluation found.
    """

    values: dict[str, Any]
    text: str
    margin: str
    bits: int
    certificate: str | None = None
    witness: str = ""
    types: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The counterexample as JSON data."""
        data = {
            "values": self.values,
            "types": self.types,
            "text": self.text,
            "margin": self.margin,
            "precision_bits": self.bits,
            "witness": self.witness,
        }
        return data if self.certificate is None else {**data, "certificate": self.certificate}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Counterexample:
        """The counterexample of which ``to_json`` made the data."""
        return cls(
            values=data["values"],
            text=data["text"],
            margin=data["margin"],
            bits=data["precision_bits"],
            certificate=data.get("certificate"),
            witness=data["witness"],
            types=data["types"],
        )


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
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Evidence:
        """The evidence of which ``to_json`` made the data."""
        known = {name: data[name] for name in ("kind", "status", "summary", "seconds")}
        return cls(**known, details={name: value for name, value in data.items() if name not in known})


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

    def to_json(self) -> dict[str, Any]:
        """The tally as JSON data."""
        return {
            "total": self.total,
            "killed": self.killed,
            "survivors": list(self.survivors),
            "unrefuted": self.unrefuted,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Mutants:
        """The tally of which ``to_json`` made the data."""
        return cls(data["total"], data["killed"], tuple(data["survivors"]), data["unrefuted"])


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

    @property
    def state(self) -> str:
        """Whether it is needed, in a word or two."""
        return {True: "needed ✓", False: "superfluous?", None: "not tried"}[self.needed]

    def to_json(self) -> dict[str, Any]:
        """The hypothesis as JSON data."""
        return {"name": self.name, "needed": self.needed, "why": self.why, "example": self.example}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Hypothesis:
        """The hypothesis of which ``to_json`` made the data."""
        return cls(data["name"], data["needed"], data["why"], data["example"])


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
            "mutants": self.mutants.to_json(),
            "hypotheses": [each.to_json() for each in self.hypotheses],
            "pairs": [each.to_json() for each in self.pairs],
            "remark": self.remark,
            "trouble": self.trouble,
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Report:
        """The report of which ``to_json`` made the data; raises KeyError where a field is missing."""
        found, ratio = data["counterexample"], data["sharpness"]
        return cls(
            label=data["label"],
            statement=data["statement"],
            verdict=Verdict(data["verdict"]),
            expected=Expectation(data["expected"]),
            evidence=tuple(map(Evidence.from_json, data["evidence"])),
            counterexample=None if found is None else Counterexample.from_json(found),
            mutants=Mutants.from_json(data["mutants"]),
            hypotheses=tuple(map(Hypothesis.from_json, data["hypotheses"])),
            remark=data["remark"],
            seconds=data["seconds"],
            trouble=data["trouble"],
            sharpness=None if ratio is None else Sharpness(ratio, data["sharpest_example"]),
            pairs=tuple(map(Hypothesis.from_json, data["pairs"])),
        )

    _repr_pretty_ = as_printed

    def _repr_html_(self) -> str:
        from jacspec.proofs_check.reports.notebook import report_html

        return report_html(self)

    def _repr_markdown_(self) -> str:
        from jacspec.proofs_check.reports import report_section

        return report_section(self)

    def __str__(self) -> str:
        from jacspec.proofs_check.shell.tables import report_text

        return report_text(self)
