"""How many wrong variants of a statement were tried, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass

from jacspec.proofs_check.claims.records import Record

__all__ = ["Mutants"]


@dataclass(frozen=True)
class Mutants(Record):
    """Wrong variants of a claim, or of derivation steps: ``total`` of them, of which ``killed`` were caught.

    All should be caught: each that was not is named among the ``survivors``, or is one of the ``unrefuted``,
    variants of inequalities that no lemma gives and no point refutes. Beside the total, ``equivalent`` were
    the same statement after all, and ``weaker`` followed from it.
    """

    total: int = 0
    killed: int = 0
    survivors: tuple[str, ...] = ()
    unrefuted: int = 0
    equivalent: int = 0
    weaker: int = 0

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
