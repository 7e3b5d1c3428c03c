"""Claims as data: what is asserted, of which examples, under which hypotheses, and how it could be wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from hypothesis.strategies import SearchStrategy

from numerics import InputError
from proofs_check.margin import Margins
from theory import Derivation

__all__ = ["Claim", "Expectation", "Statement", "Verdict"]

Statement = Callable[..., Margins]
"""A function of an example's values, by name, that returns margins: positive where it holds."""


class Verdict(Enum):
    """What the evidence amounts to."""

    PROVED = "proved"
    """Every derivation step was checked, and the search for counterexamples found none."""
    SUPPORTED = "supported"
    """Search or statistics only."""
    REFUTED = "refuted"
    """A certified counterexample, or a certified contrary limit."""
    UNDECIDED = "undecided"
    VACUOUS = "vacuous"
    """No drawn example satisfies the hypotheses."""
    ERROR = "error"


class Expectation(Enum):
    """What the ledger expects of a claim; compared with the verdict only after it was reached."""

    HOLDS = "holds"
    SUPPORTED = "supported"
    REFUTED = "refuted"

    def met_by(self, verdict: Verdict) -> bool:
        """Whether a verdict is the expected one; a claim holds if it is proved, or at least supported."""
        if self is Expectation.REFUTED:
            return verdict is Verdict.REFUTED
        return verdict in (Verdict.PROVED, Verdict.SUPPORTED)


@dataclass(frozen=True)
class Claim:
    """A statement about exact examples, ready to be searched for counterexamples.

    Parameters
    ----------
    label:
        Permanent name, lower case with hyphens.
    statement:
        The statement in one line, as a reader should see it.
    given:
        A Hypothesis strategy for each named value of an example. Draw exact values: chains of small
        integers, rationals.
    conclusion:
        Function of the named values that returns the margin (or named margins) of the conclusion:
        balls that are positive where it holds. It runs at the ball precision in force and is called
        again at a higher one when that does not decide.
    hypotheses:
        By name, functions like ``conclusion``: an example counts only where all of them certainly
        hold.
    mutants:
        By name, wrong variants of ``conclusion``, each of which the search must refute.
    derivation:
        Function that returns the SymPy derivation of the claim, if it has one.
    certify:
        For claims about limits: function of the named values that says, in one line, why a failing
        example stays failing all the way to the limit, or returns None if it may not.
    expected:
        What a correct toolkit should find.
    source:
        Where the claim comes from.
    remark:
        What should be reported beside the verdict.
    """

    label: str
    statement: str
    given: Mapping[str, SearchStrategy[Any]]
    conclusion: Statement
    hypotheses: Mapping[str, Statement] = field(default_factory=dict)
    mutants: Mapping[str, Statement] = field(default_factory=dict)
    derivation: Callable[[], Derivation] | None = None
    certify: Callable[..., str | None] | None = None
    expected: Expectation = Expectation.HOLDS
    source: str = ""
    remark: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be searched, before anything is computed."""
        if not self.label or self.label != self.label.strip().lower() or " " in self.label:
            message = f"label {self.label!r}: expected lower case without spaces, such as 'my-claim'"
            raise InputError(message)
        if not self.given:
            message = f"claim {self.label}: 'given' is empty; name at least one value and its strategy"
            raise InputError(message)
        for name, strategy in self.given.items():
            if not isinstance(strategy, SearchStrategy):
                message = (
                    f"claim {self.label}: given[{name!r}] is {strategy!r}; expected a Hypothesis strategy, "
                    f"such as hypothesis.strategies.integers(1, 5)"
                )
                raise InputError(message)
        if not isinstance(self.expected, Expectation):
            known = ", ".join(map(str, Expectation))
            message = f"claim {self.label}: expected={self.expected!r} is none of {known}"
            raise InputError(message)
        functions = {"conclusion": self.conclusion, **self.hypotheses, **self.mutants}
        for name, function in functions.items():
            if not callable(function):
                values = ", ".join(self.given)
                message = f"claim {self.label}: {name!r} is {function!r}; expected a function of {values}"
                raise InputError(message)

    def __str__(self) -> str:
        return f"{self.label}: {self.statement}"
