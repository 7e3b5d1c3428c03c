"""Section 1 of the ledger: the explicit error of the decoupled velocity, on chains that move."""

from __future__ import annotations

from flint import fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics import Chain
from jacspec.proofs_check.claims.claim import Claim, Whose
from jacspec.proofs_check.interpretation.points.moving import MovingPoint
from jacspec.proofs_check.ledger.dynamics.examples import WIDTH
from jacspec.proofs_check.ledger.lemmas import claim_of
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.strategies import chains, motions
from jacspec.theory.results.dynamics import remainder_derivation
from jacspec.theory.results.propositions.dynamics import ON_LAYERS, PROPOSITIONS

__all__ = ["CLAIMS"]

Moving = tuple[Chain, tuple[fmpq_mat, ...]]


def _moves(moving: Moving, **_: object) -> bool:
    return any(bool(velocity != 0 * velocity) for velocity in moving[1])


def _at(moving: Moving, mode: int) -> MovingPoint:
    chain, motion = moving
    return MovingPoint(chain, list(motion), mode, "")


_MOVES = {"some factor moves": _moves}
_GIVEN = {
    "moving": chains(2, WIDTH).flatmap(lambda chain: st.tuples(st.just(chain), motions(chain))),
    "mode": st.integers(1, WIDTH),
}

CLAIMS = (
    Claim(
        label="remainder-bound",
        **searched(PROPOSITIONS["remainder-bound"], _at, _MOVES),
        given=_GIVEN,
        free=("moving",),
        derivation=remainder_derivation.remainder,
        whose=Whose.OURS,
        remark="$ε$ is the largest misalignment of mode $k$ at any layer; $C$ is derived, not fitted",
    ),
    *(
        claim_of(lemma, ON_LAYERS, _at, _MOVES, given=_GIVEN, whose=Whose.OURS)
        for lemma in remainder_derivation.REMAINDER_LEMMAS
    ),
)
"""The claim on the remainder, and the inequalities that its derivation names."""
