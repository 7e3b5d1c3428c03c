"""Section 2 of the ledger: separated singular values force the singular vectors to align, B nonsingular."""

from __future__ import annotations

from flint import fmpq
from hypothesis import strategies as st

from jacspec.numerics import Chain
from jacspec.proofs_check.claims.claim import Claim, Whose
from jacspec.proofs_check.interpretation.points.ordered import SplitPoint
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.strategies import orthogonal, square
from jacspec.theory.results.alignment import full_rank
from jacspec.theory.results.propositions.alignment import PROPOSITIONS


@st.composite
def split_chains(draw: st.DrawFn) -> Chain:
    """Two factors; in one case of two, one of them is a multiple of an orthogonal matrix.

    There the bounds are attained at i = k, so that those that are smaller anywhere fail.
    """
    width = draw(st.integers(2, 3))
    factors = [draw(square(width)), draw(square(width))]
    if draw(st.booleans()):
        scale, other = draw(_SCALES), draw(_SCALES)
        factors = [factors[0] * scale, draw(orthogonal(width)) * other]
    return Chain(factors if draw(st.booleans()) else factors[::-1])


_SCALES = st.sampled_from([fmpq(1, 5), fmpq(1), fmpq(4)])
_EXAMPLES = {"chain": split_chains()}
_SAYS_SOMETHING = "how sharp the bound is, is measured where it says something of an overlap"

CLAIMS = (
    Claim(
        label="alignment",
        **searched(PROPOSITIONS["alignment"], SplitPoint),
        given=_EXAMPLES,
        free=("chain",),
        derivation=full_rank.alignment,
        whose=Whose.OURS,
        remark=_SAYS_SOMETHING,
    ),
    Claim(
        label="right-alignment",
        **searched(PROPOSITIONS["right-alignment"], SplitPoint),
        given=_EXAMPLES,
        free=("chain",),
        derivation=full_rank.right_alignment,
        whose=Whose.OURS,
        source="the mirror statement",
        remark=_SAYS_SOMETHING,
    ),
)
"""The bounds with a condition number, in the ledger's order."""
