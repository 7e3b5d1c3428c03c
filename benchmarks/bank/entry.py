"""One statement of the bank: written once, a claim in balls and a property test in float64."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flint import arb, fmpq

from benchmarks.bank.arithmetic import BALLS
from benchmarks.bank.domains import Domain
from jacspec.proofs_check import Claim, Expectation, at_most, equal

__all__ = ["AtMost", "Entry", "Equal", "Relation"]


@dataclass(frozen=True)
class AtMost:
    """``left ≤ right``."""

    left: Any
    right: Any
    name: str = ""

    def margin(self) -> Any:
        """Positive where it holds strictly; relative to the sides, where these are not zero.

        The search is driven towards small margins: an absolute one would drive it to small matrices.
        """
        sides = arb(self.left), arb(self.right)
        if sides[0] >= 0 and sides[1] > 0:
            return at_most(*sides)
        margin, scale = self.right - self.left, abs(self.left) + abs(self.right)
        return margin / scale if isinstance(scale, arb | fmpq) and scale > 0 else margin

    def in_floats(self, tolerance: float) -> bool:
        """As one would test it, with a tolerance relative to the sides and absolute near zero, or none."""
        slack = tolerance * max(1.0, abs(self.left), abs(self.right))
        return bool(self.left <= self.right + slack)


@dataclass(frozen=True)
class Equal:
    """``left = right``: exactly, where both are rational; to 80 bits elsewhere."""

    left: Any
    right: Any
    name: str = ""

    def margin(self) -> Any:
        """Positive where it holds."""
        return equal(self.left, self.right)

    def in_floats(self, tolerance: float) -> bool:
        """As one would test it, like ``numpy.isclose``."""
        return bool(abs(self.left - self.right) <= tolerance * max(1.0, abs(self.left), abs(self.right)))


Relation = AtMost | Equal
Conclusion = Callable[..., Iterable[Relation]]
"""A function of an arithmetic and of the named values: what is claimed of them."""
Condition = Callable[..., Any]
"""A function of the same: a number that is positive where a hypothesis holds."""


@dataclass(frozen=True)
class Entry:
    """A statement, true or false; ``given``, ``hypotheses``, ``conclusion`` and ``mutants`` as in Claim."""

    label: str
    statement: str
    true: bool
    given: Mapping[str, Domain]
    conclusion: Conclusion
    hypotheses: Mapping[str, Condition] = field(default_factory=dict)
    mutants: Mapping[str, Conclusion] = field(default_factory=dict)
    source: str = ""
    free: tuple[str, ...] = ()

    def claim(self) -> Claim:
        """The statement as a claim on exact values, judged in balls."""
        return Claim(
            label=self.label,
            statement=self.statement,
            given={name: domain.exact for name, domain in self.given.items()},
            conclusion=_in_balls(self.conclusion),
            hypotheses={
                name: lambda condition=condition, **values: condition(BALLS, **values)
                for name, condition in self.hypotheses.items()
            },
            mutants={name: _in_balls(mutant) for name, mutant in self.mutants.items()},
            expected=Expectation.SUPPORTED if self.true else Expectation.REFUTED,
            source=self.source,
            free=self.free,
        )


def _in_balls(conclusion: Conclusion) -> Callable[..., list[tuple[str, Any]]]:
    def margins(**values: Any) -> list[tuple[str, Any]]:
        relations = conclusion(BALLS, **values)
        return [
            (relation.name or str(position), relation.margin()) for position, relation in enumerate(relations)
        ]

    return margins
