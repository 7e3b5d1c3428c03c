"""Everything that was found out about one claim, as data that shows itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from jacspec.documents.blocks import Block, Heading, Note, Paragraph
from jacspec.documents.displayable import Displayable
from jacspec.documents.prose import code
from jacspec.proofs_check.claims.evidence import Counterexample, Evidence, Hypothesis, Model, Sharpness
from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.claims.records import Record, left_out
from jacspec.proofs_check.claims.report_blocks import (
    as_prose,
    counterexample_blocks,
    evidence_blocks,
    models_blocks,
    mutants_blocks,
    weighing_blocks,
)
from jacspec.proofs_check.claims.verdict import Attributed, Expectation, Verdict

_NO_MUTANTS = Mutants()


@dataclass(frozen=True)
class Report(Record, Attributed, Displayable):
    """Everything that was found out about one claim; undecided as long as nothing was.

    ``hypotheses`` were dropped one at a time, ``pairs`` of them two at a time; ``models`` show that the
    premises of each part of the statement hold together; ``error`` says why there is
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
    models: tuple[Model, ...] = left_out(())
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
            "sharpness_climbed": self.sharpness.climbed if self.sharpness else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The report of which ``to_json`` made the data; raises KeyError where a field is missing."""
        ratio = data["sharpness"]
        climbed = data.get("sharpness_climbed", True)
        sharpest = {"ratio": ratio, "example": data["sharpest_example"], "climbed": climbed}
        return super().from_json({**data, "sharpness": None if ratio is None else sharpest})

    def blocks(self, level: int = 2) -> tuple[Block, ...]:
        """Verdict, statement, notes and evidence, under headings from that level on."""
        return (
            self.heading(level),
            Paragraph(as_prose(self.statement)),
            *self.notes(level + 1),
            *evidence_blocks(self.evidence, self.counterexample, level + 1),
            *weighing_blocks((*self.hypotheses, *self.pairs), self.sharpness, level + 1),
            *models_blocks(self.models, level + 1),
            *mutants_blocks(self.mutants, level + 1),
        )

    def heading(self, level: int) -> Heading:
        """The label, the verdict with its mark, and whose the claim is."""
        whose = f" ({self.author})" if self.whose is not None else ""
        return Heading(f"{code(self.label)} **{self.verdict.marked}**{whose}", level)

    def notes(self, level: int) -> Iterator[Block]:
        """What no table has room for: an unexpected verdict, the remark, an error, the counterexample."""
        if not self.as_expected:
            yield Note(f"Not as expected: the verdict expected is **{self.expected.value}**.", "warning")
        if self.remark:
            yield Note(as_prose(self.remark))
        if self.error:
            yield Note(as_prose(self.error), "warning")
        if self.counterexample is not None:
            yield from counterexample_blocks(self.counterexample, level)
