"""The verdicts that evidence amounts to, and what the ledger expects of them."""

from __future__ import annotations

from enum import Enum
from typing import Any

__all__ = ["Expectation", "Verdict"]


class _Shown:
    """In a notebook; an enumeration lets no such name be defined in itself."""

    def _repr_html_(self: Any) -> str:
        from jacspec.proofs_check.reports.notebook import verdict_html

        return verdict_html(self)


class Verdict(_Shown, Enum):
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
