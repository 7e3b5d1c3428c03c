"""Evidence beyond the search: what a claim about a limit or a mean brings along to be gathered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.claims.evidence import Evidence
from jacspec.proofs_check.claims.mutants import Mutants


@dataclass(frozen=True)
class Finding:
    """One piece of evidence, and the wrong variants that the same data reject."""

    evidence: Evidence
    mutants: Mutants


class EvidenceSource(Protocol):
    """A way of gathering evidence of one kind, ``limit`` or ``statistics``, for or against a claim."""

    @property
    def kind(self) -> str:
        """The kind of evidence."""
        ...

    def gather(self, *, effort: Effort, seed: int) -> Finding:
        """Gather it, deterministically for a seed."""
        ...
