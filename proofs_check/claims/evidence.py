"""What was tried on a claim and what came of it: one class for each kind of evidence, and counterexamples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Any, ClassVar

from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.claims.records import Record, left_out
from jacspec.theory import Derivation


class Status(Enum):
    """Whether a piece of evidence speaks for or against the claim."""

    FOR = "for"
    AGAINST = "against"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Evidence(Record):
    """One piece of evidence: what it says of the claim, in a line, and the time it took."""

    kind: ClassVar[str]

    status: Status
    summary: str
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """The evidence as JSON data, with its kind."""
        return {"kind": self.kind, **super().to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Evidence:
        """The evidence of which ``to_json`` made the data, of the kind that they name."""
        if cls is Evidence:
            return _CLASSES[data["kind"]].from_json(data)
        return super().from_json(data)


@dataclass(frozen=True, kw_only=True)
class DerivationEvidence(Evidence):
    """A derivation, every step of which was checked twice.

    ``general`` says whether it holds for all sizes, ``generality`` for which; of each step no more than
    ``mutants_per_step`` mutants were tried, all if that is None. ``taken`` are the inequalities that it, or
    what it rests on, takes without proof, by their titles. ``lacking`` says by what it falls short of what
    the claim says. ``fingerprint`` is that of what was checked: no page shows another.
    """

    kind = "derivation"

    steps: int
    generality: str
    general: bool
    assumptions: tuple[str, ...]
    mutants_per_step: int | None
    mutants: Mutants
    taken: str = left_out("")
    lacking: str = left_out("")
    fingerprint: str = left_out("")

    @property
    def proves(self) -> bool:
        """Whether it proves the claim: all of it, at every size."""
        return self.status is Status.FOR and self.general and not self.lacking


def fingerprint(derivation: Derivation) -> str:
    """That of all that is shown of a derivation, and of those that it rests on."""
    shown = [(each.label, each.blocks()) for each in (*derivation.lemmas, derivation)]
    return sha256(repr(shown).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class SearchEvidence(Evidence):
    """A search for counterexamples among ``drawn`` examples, of which ``accepted`` satisfied the hypotheses.

    ``worst_margin`` is the least margin at which the conclusion held; ``trivial`` the case, of those that
    the claim names, into which every accepted example falls, if there is one; ``silent`` what the claim says
    and no accepted example satisfies the premises of.
    """

    kind = "property"

    drawn: int
    accepted: int
    undecided: int
    worst_margin: float | None
    precision_bits: int
    seed: int
    trivial: str = left_out("")
    silent: str = left_out("")

    @property
    def vacuous(self) -> bool:
        """Whether the hypotheses hold at no drawn example, or at trivial ones alone, or those of a part."""
        return not self.accepted or bool(self.trivial or self.silent)


class Trend(Enum):
    """What a quantity does along a growing parameter, as far as its errors show."""

    TENDS = "tends"
    STAYS_AWAY = "stays away"
    OPEN = "open"


@dataclass(frozen=True)
class Approach(Record):
    """One quantity against its limit: |x - limit| ~ N^power and |x| ~ e^(rate N), with standard errors.

    ``median_magnitude`` is the median of |x| at each of the ``points``.
    """

    name: str
    limit: float
    points: tuple[int, ...]
    median_magnitude: tuple[float, ...]
    power: float
    power_error: float
    rate: float
    rate_error: float
    reading: Trend


@dataclass(frozen=True, kw_only=True)
class LimitEvidence(Evidence):
    """Quantities of random instances, enclosed along a growing parameter; or a certified contrary limit.

    A contrary limit has its certificate for a summary, and no series.
    """

    kind = "limit"

    instances: int | None = left_out(None)
    precision_bits: int | None = left_out(None)
    seed: int | None = left_out(None)
    series: tuple[Approach, ...] = left_out(())


@dataclass(frozen=True)
class Comparison(Record):
    """The mean of ``samples`` values against its prediction.

    The mean is claimed to lie in [predicted + low, predicted + high], ``systematic`` = (low, high); ``score``
    is its signed distance from there in standard errors, 0 inside.
    """

    name: str
    samples: int
    mean: float
    standard_error: float
    predicted: float
    systematic: tuple[float, float]
    score: float
    threshold: float

    @property
    def rejected(self) -> bool:
        """Whether the mean is farther away than chance allows."""
        return abs(self.score) > self.threshold

    def __str__(self) -> str:
        low, high = self.systematic
        return (
            f"{self.name}: {self.mean:.6g} ± {self.standard_error:.2g}, predicted "
            f"{self.predicted:.6g} [{low:+.2g}, {high:+.2g}], score {self.score:.2f}"
        )


@dataclass(frozen=True, kw_only=True)
class StatisticsEvidence(Evidence):
    """Means of independent samples against predictions, at a false-alarm probability."""

    kind = "statistics"

    sample_size: int
    false_alarm: float
    threshold: float
    quantities: tuple[Comparison, ...]
    assumes: str
    seed: int


@dataclass(frozen=True)
class ComputedMean(Record):
    """A mean that was computed, ``exact`` or to the digits that are shown, and what it is compared with."""

    name: str
    mean: str
    exact: bool
    sign: str
    claimed: str


@dataclass(frozen=True, kw_only=True)
class MeanEvidence(Evidence):
    """Means of a law that were computed, summed exactly or integrated in balls; ``left`` names the others."""

    kind = "mean"

    quantities: tuple[ComputedMean, ...]
    left: tuple[str, ...] = ()


_CLASSES: Mapping[str, type[Evidence]] = {
    each.kind: each
    for each in (DerivationEvidence, SearchEvidence, LimitEvidence, StatisticsEvidence, MeanEvidence)
}


@dataclass(frozen=True)
class Counterexample(Record):
    """An exact example at which the hypotheses hold and the conclusion fails, re-verified.

    ``values`` maps each name to exact data (integers, fractions as 'p/q', matrices as rows, chains
    as lists of factors in order of application), and ``types`` to what it takes to rebuild the value from
    them (see :mod:`jacspec.proofs_check.claims.exact_values`); ``margin`` is the failing margin as a ball;
    ``precision_bits`` the precision of the re-verification; ``certificate`` why it stays failing, for a claim
    about a limit, in its author's words; ``witness`` what a second, independent evaluation found.
    """

    values: dict[str, Any]
    text: str
    margin: str
    precision_bits: int
    certificate: str | None = left_out(None)
    witness: str = ""
    types: dict[str, Any] = field(default_factory=dict)


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
        """Whether it is needed, in a word or two; ``why`` says what kept it from being weighed."""
        return {True: "needed ✓", False: "superfluous?", None: "never weighed"}[self.needed]


@dataclass(frozen=True)
class Model(Record):
    """A point at which the premises of a statement hold at once, and all that its proof assumes and defines.

    ``says`` is the conclusion, ``of`` the titles of what holds there, ``trivial`` what vanishes at every such
    point that was found, of what the conclusion speaks of. Without a ``point``, ``lacking`` says why.
    """

    says: str
    of: tuple[str, ...]
    point: str
    trivial: tuple[str, ...] = ()
    lacking: str = ""


@dataclass(frozen=True)
class Sharpness(Record):
    """The largest quotient of the two sides of a bound that was found, and where.

    What was not ``climbed`` to, at quick effort, says little of how far the bound can be improved.
    """

    ratio: float
    example: str
    climbed: bool = True

    @property
    def reading(self) -> str:
        """What the quotient says about the constant."""
        if self.ratio >= SHARP:
            return "sharp"
        if self.ratio >= IMPROVABLE:
            return "not far from sharp"
        return "looks improvable" if self.climbed else "hardly looked for"


SHARP, IMPROVABLE = 0.999, 0.9
"""From the first on a constant counts as sharp; below the second it looks improvable."""
