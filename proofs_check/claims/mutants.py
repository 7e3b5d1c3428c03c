"""What became of the wrong variants of a statement or a step, one by one and counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from jacspec.proofs_check.claims.records import Record


class Fate(Enum):
    """What became of a variant; the last two are those that nothing has caught."""

    REFUTED = "refuted"
    EQUIVALENT = "the same statement after all, or one about no example"
    WEAKER = "follows from the statement"
    UNREFUTED = "not refuted, and may be true"
    SURVIVES = "not refuted"


@dataclass(frozen=True)
class Mutants(Record):
    """Wrong variants of a claim, or of derivation steps: ``total`` of them, of which ``killed`` were caught.

    All should be caught: each that was not is named among the ``survivors``, or is one of the ``unrefuted``,
    which may be true: variants of inequalities that no lemma gives and no point refutes, and wider ranges.
    Beside the total, ``equivalent`` were the same statement after all, or one about no example; ``weaker``
    followed from it.
    """

    total: int = 0
    killed: int = 0
    survivors: tuple[str, ...] = ()
    unrefuted: int = 0
    equivalent: int = 0
    weaker: int = 0

    @classmethod
    def of(cls, fates: Iterable[tuple[str, Fate]]) -> Mutants:
        """Variants, each by what changed, counted by their fates."""
        found = list(fates)
        count = {fate: sum(each is fate for _, each in found) for fate in Fate}
        return cls(
            total=count[Fate.REFUTED] + count[Fate.UNREFUTED] + count[Fate.SURVIVES],
            killed=count[Fate.REFUTED],
            survivors=tuple(change for change, fate in found if fate is Fate.SURVIVES),
            unrefuted=count[Fate.UNREFUTED],
            equivalent=count[Fate.EQUIVALENT],
            weaker=count[Fate.WEAKER],
        )

    @classmethod
    def named(cls, caught: Iterable[tuple[str, bool]]) -> Mutants:
        """Wrong variants that a claim names, and whether each was caught."""
        return cls.of((name, Fate.REFUTED if found else Fate.SURVIVES) for name, found in caught)

    @property
    def generated(self) -> int:
        """All that were made, before it was known which of them are wrong."""
        return self.total + self.equivalent + self.weaker

    def __add__(self, other: Mutants) -> Mutants:
        return Mutants(
            self.total + other.total,
            self.killed + other.killed,
            self.survivors + other.survivors,
            self.unrefuted + other.unrefuted,
            self.equivalent + other.equivalent,
            self.weaker + other.weaker,
        )
