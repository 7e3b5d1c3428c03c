"""Section 1 of the ledger: the explicit error of the decoupled velocity, on chains that move."""

from __future__ import annotations

from flint import fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics import Chain
from jacspec.proofs_check.claims.claim import Claim, Whose
from jacspec.proofs_check.interpretation.points.moving import MovingPoint
from jacspec.proofs_check.ledger.dynamics.examples import WIDTH, aligned, alike
from jacspec.proofs_check.ledger.lemmas import claim_of
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.strategies import chains, motions
from jacspec.theory.results.assumptions import DEPTH_SCALING_NON_EMPTY
from jacspec.theory.results.dynamics import remainder_derivation
from jacspec.theory.results.dynamics.remainder_inequalities import LEVEL
from jacspec.theory.results.propositions.dynamics import ON_LAYERS, PROPOSITIONS

Moving = tuple[Chain, tuple[fmpq_mat, ...]]


def _moves(moving: Moving, **_: object) -> bool:
    return any(bool(velocity != 0 * velocity) for velocity in moving[1])


def _at(moving: Moving, mode: int, part: int) -> MovingPoint:
    chain, motion = moving
    return MovingPoint(chain, list(motion), mode, "", part)


@st.composite
def _moved(draw: st.DrawFn, chain: st.SearchStrategy[Chain]) -> Moving:
    drawn = draw(chain)
    return drawn, draw(motions(drawn))


_MOVES = {"some factor moves": _moves}
_GIVEN = {
    "moving": _moved(chains(2, WIDTH)),
    "mode": st.integers(1, WIDTH),
    "part": st.just(1),
}
_SMALLER = {LEVEL.title: {"part": st.just(64)}}
"""An ε that is less than the misalignment: a part of it."""

_SCALING = {**_GIVEN, "moving": _moved(st.one_of(alike(), aligned(2, 3)))}

CLAIMS = (
    Claim(
        label="remainder-bound",
        **searched(PROPOSITIONS["remainder-bound"], _at, _MOVES),
        given=_GIVEN,
        relaxed=_SMALLER,
        free=("moving",),
        derivation=remainder_derivation.remainder,
        whose=Whose.OURS,
        remark="$ε$ is the largest misalignment of mode $k$ at any layer",
    ),
    Claim(
        label="general-dynamics-remainder",
        **searched(PROPOSITIONS["general-dynamics-remainder"], _at),
        given=_SCALING,
        relaxed={DEPTH_SCALING_NON_EMPTY.title: _GIVEN, **_SMALLER},
        derivation=remainder_derivation.remainder_with_intercepts,
        whose=Whose.OURS,
        remark=(
            "what holds with intercepts is no limit: at fixed spectra and $ε = 0$ none would be left; the "
            "search ran at $N = 2$ where there are any"
        ),
    ),
    *(
        claim_of(
            lemma,
            ON_LAYERS,
            _at,
            _MOVES,
            given=_GIVEN,
            relaxed=_SMALLER if LEVEL in lemma.hypotheses else {},
            whose=Whose.OURS,
        )
        for lemma in remainder_derivation.REMAINDER_LEMMAS
    ),
)
"""The claim on the remainder, and the inequalities that its derivation names."""
