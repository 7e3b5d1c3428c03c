"""The verdict that evidence amounts to, what the ledger expects of it, and whose the claim is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from jacspec.documents import html
from jacspec.proofs_check.claims.evidence import (
    Counterexample,
    DerivationEvidence,
    Evidence,
    SearchEvidence,
    Status,
)


class _ShownInNotebooks:
    """In a notebook; an enumeration lets no such name be defined in itself."""

    def _repr_html_(self: Any) -> str:
        return html.prose(f"**{self.marked}**")


class Verdict(_ShownInNotebooks, Enum):
    """What the evidence amounts to."""

    PROVED = "proved"
    SUPPORTED = "supported"
    REFUTED = "refuted"
    UNDECIDED = "undecided"
    VACUOUS = "vacuous"
    ERROR = "error"

    @property
    def mark(self) -> str:
        """A sign that tells it without its colour."""
        return _MARKS[self]

    @property
    def meaning(self) -> str:
        """What it rests on."""
        return _MEANINGS[self]

    @property
    def marked(self) -> str:
        """The mark and the word."""
        return f"{self.mark} {self.value}"


_MARKS = dict(zip(Verdict, "✓≈✗?∅!", strict=True))
_MEANINGS = {
    Verdict.PROVED: "a derivation that ends in what the claim says, checked step by step, and a search that "
    "found no counterexample",
    Verdict.SUPPORTED: "a search, or statistics, that found nothing against it; a mean that was computed, at "
    "the sizes that are named; or a derivation that is not complete",
    Verdict.REFUTED: "an exact counterexample, evaluated with rigorous error bounds; a limit that is "
    "certainly another, or a trend away from it on rigorous values; a mean that was computed and is another; "
    "or statistics, which refute a true claim with probability at most 1e-9",
    Verdict.UNDECIDED: "something was looked at and decided neither way",
    Verdict.VACUOUS: "no example satisfies the hypotheses and the ranges",
    Verdict.ERROR: "the check could not be made, or cannot fail",
}


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


class Whose(Enum):
    """Who states a claim of the ledger."""

    POSTER = "poster"
    """Haas, Gatine, Cosse and Bouraoui (ICML 2026)."""
    CLASSICAL = "classical"
    FOLLOW_UP = "follow-up"
    """The first author's public notes."""
    OURS = "ours"


@dataclass(frozen=True, kw_only=True)
class Attributed:
    """What says whose it is, and where it stands."""

    whose: Whose | None = None
    source: str = ""

    @property
    def author(self) -> str:
        """Whose it is, in a word; a dash where that is not said."""
        return self.whose.value if self.whose is not None else "–"

    @property
    def credit(self) -> str:
        """Whose it is and where it stands, in one phrase; empty where neither is said."""
        return ": ".join(filter(None, (self.whose.value if self.whose is not None else "", self.source)))


def verdict_of(
    evidence: Iterable[Evidence], *, counterexample: Counterexample | None = None, error: str = ""
) -> Verdict:
    """What all the evidence amounts to, in whatever order it came: the weakest piece counts.

    A certified counterexample refutes whatever else is said. A derivation proves only what a search can
    test: of a limit or a mean it gives the value, not that it is attained.
    """
    if error:
        return Verdict.ERROR
    if counterexample is not None:
        return Verdict.REFUTED
    pieces = tuple(evidence)
    said = {_said_by(piece) for piece in pieces} or {Verdict.UNDECIDED}
    for weak in (Verdict.VACUOUS, Verdict.REFUTED, Verdict.UNDECIDED):
        if weak in said:
            return weak
    provable = all(isinstance(piece, DerivationEvidence | SearchEvidence) for piece in pieces)
    return Verdict.PROVED if provable and Verdict.PROVED in said else Verdict.SUPPORTED


def _said_by(piece: Evidence) -> Verdict:
    """What one piece of evidence amounts to."""
    if isinstance(piece, SearchEvidence) and piece.vacuous:
        return Verdict.VACUOUS
    if piece.status is Status.FOR:
        proves = isinstance(piece, DerivationEvidence) and piece.proves
        return Verdict.PROVED if proves else Verdict.SUPPORTED
    # A derivation that fails refutes nothing, and neither does an example that is not certified.
    decides = not isinstance(piece, DerivationEvidence | SearchEvidence)
    return Verdict.REFUTED if decides and piece.status is Status.AGAINST else Verdict.UNDECIDED
