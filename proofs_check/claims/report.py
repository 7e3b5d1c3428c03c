"""Everything that was found out about one claim, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from jacspec.numerics.support.printing import as_printed
from jacspec.proofs_check.claims.evidence import Counterexample, Evidence
from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.claims.records import Record
from jacspec.proofs_check.claims.verdict import Expectation, Verdict

__all__ = ["Hypothesis", "Report", "Sharpness"]


@dataclass(frozen=True)
class Hypothesis(Record):
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


@dataclass(frozen=True)
class Sharpness(Record):
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

_NO_MUTANTS = Mutants()


@dataclass(frozen=True)
class Report(Record):
    """Everything that was found out about one claim; undecided as long as nothing was.

    ``hypotheses`` were dropped one at a time, ``pairs`` of them two at a time; ``error`` says why there is
    no other verdict: a function that raised, or a check that cannot fail.
    """

    label: str
    statement: str
    expected: Expectation
    remark: str = ""
    verdict: Verdict = Verdict.UNDECIDED
    evidence: tuple[Evidence, ...] = ()
    counterexample: Counterexample | None = None
    mutants: Mutants = _NO_MUTANTS
    hypotheses: tuple[Hypothesis, ...] = ()
    pairs: tuple[Hypothesis, ...] = ()
    sharpness: Sharpness | None = None
    error: str = ""
    seconds: float = 0.0

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the one the claim expects."""
        return self.expected.met_by(self.verdict)

    def to_json(self) -> dict[str, Any]:
        """The report as the JSON data that the command line promises."""
        return {
            **super().to_json(),
            "as_expected": self.as_expected,
            "sharpness": self.sharpness.ratio if self.sharpness else None,
            "sharpest_example": self.sharpness.example if self.sharpness else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The report of which ``to_json`` made the data; raises KeyError where a field is missing."""
        ratio = data["sharpness"]
        sharpest = None if ratio is None else {"ratio": ratio, "example": data["sharpest_example"]}
        return super().from_json({**data, "sharpness": sharpest})

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
