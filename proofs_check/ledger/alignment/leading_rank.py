"""Section 2 of the ledger: alignment where only the leading part of B is regular."""

from __future__ import annotations

from hypothesis import strategies as st

from jacspec.proofs_check.claims.claim import Claim, Whose
from jacspec.proofs_check.interpretation.points.leading import LeadingPoint
from jacspec.proofs_check.ledger.alignment.full_rank import split_chains
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.theory.results.alignment import leading_rank
from jacspec.theory.results.propositions.alignment import PROPOSITIONS, SHARPER

_EXAMPLES = {"chain": split_chains(), "rank": st.integers(1, 2)}

CLAIMS = (
    Claim(
        label="alignment-rank-r",
        **searched(PROPOSITIONS["alignment-rank-r"], LeadingPoint),
        given=_EXAMPLES,
        free=("chain",),
        derivation=leading_rank.alignment_of_rank,
        whose=Whose.OURS,
        remark="for the factor $4$, of squares, see `alignment-rank-r-sharper`",
    ),
    Claim(
        label="alignment-rank-r-sharper",
        **searched(SHARPER, LeadingPoint),
        given=_EXAMPLES,
        free=("chain",),
        whose=Whose.OURS,
        remark="searched, not derived",
    ),
)
"""The claims of this part of section 2."""
