"""Section 2 of the ledger: how far u_1 turns for n = 2, exactly, and the constant to first order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from flint import arb, fmpq
from hypothesis import strategies as st
from sympy import Expr

from jacspec.numerics import Chain
from jacspec.numerics.spectra.small_exact import condition_number, singular_decomposition
from jacspec.proofs_check.claims.claim import Claim, Statement, Whose
from jacspec.proofs_check.claims.margin import equal
from jacspec.proofs_check.interpretation import evaluate_formula, evaluate_scalar
from jacspec.proofs_check.interpretation.points.ordered import SplitPoint, right_angled, steepest
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.strategies import chains, orthogonal, rationals
from jacspec.theory.notation.numbers import kappa, room
from jacspec.theory.notation.symbols import BT, B, eta, l, vA
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment import first_order, first_order_constant, two_by_two
from jacspec.theory.results.propositions.alignment import PROPOSITIONS


class _Plane(SplitPoint):
    """A = M_2 and B = M_1, with κ = κ(B), any room, and what the right angle asks for at 1/x = κ + room."""

    def __init__(self, chain: Chain, room: fmpq) -> None:
        super().__init__(chain, 1, 1, "")
        self._room = room

    def symbol(self, name: str) -> arb:
        """Return κ, the room, or what the premises say of x, root and x_J."""
        if name == kappa.name:
            return condition_number(self._chain.exact[0])
        if name == room.name:
            return arb(self._room)
        given = {
            str(rule.lhs): rule.rhs for each in (two_by_two.ROOM, two_by_two.WITNESS) for rule in each.rules
        }
        return evaluate_scalar(given[name], self)


def _simple(chain: Chain, **_: object) -> bool:
    """A and J are nonsingular, and their singular values differ: the vectors are determined."""
    found = [(each, singular_decomposition(each)) for each in (chain.exact[1], chain.product())]
    return all(bool(each.det() != 0) and max(values.multiplicities) == 1 for each, values in found)


_DETERMINED: Mapping[str, Statement] = {"$A$ and $J$ nonsingular, with simple spectra": _simple}
_ROOM = rationals(0, 9, denominator=9).map(lambda value: fmpq(value.p + 1, value.q))


_EXACT = Claim(
    label="alignment-exact-two",
    **searched(PROPOSITIONS["alignment-exact-two"], _Plane, _DETERMINED),
    given={
        "chain": st.one_of(
            chains(2, 2), st.builds(right_angled, st.sampled_from((0, 1)), orthogonal(2), orthogonal(2))
        ),
        "room": _ROOM,
    },
    free=("chain",),
    derivation=two_by_two.exact_two,
    whose=Whose.OURS,
    remark=(
        "in words: the sine of twice the angle by which $u_1$ turns, beside $sinh(log κ)/sinh(log(1/x))$; "
        "whether there is a $B_l$ with the right angle was tried on exact chains, and not derived"
    ),
)


def _split(chain: Chain) -> SplitPoint:
    return SplitPoint(chain, 1, 1, "")


@cache
def _entry(left: int, right: int) -> Expr:
    """⟨v_left(A), B Bᵀ v_right(A)⟩."""
    return inner(vA(left, l), B(l) * BT(l) * vA(right, l))


@cache
def _taken(i: int, k: int) -> Expr:
    """What η_k has of v_i."""
    return inner(vA(i, l), eta(k, l))


def _minors(chain: Chain) -> Iterator[tuple[str, arb]]:
    """What η_k takes of v_i, i < k, is the ratio of minors of overlap-first-order."""
    point = _split(chain)
    for k in range(2, point.width + 1):
        for i in range(1, k):
            formula = first_order.leading_overlap(i, k)
            entries = [evaluate_scalar(_entry(r, c), point) for r in range(1, k + 1) for c in range(r, k + 1)]
            taken = evaluate_scalar(_taken(i, k), point)
            yield f"$R_{{{i}{k}}}$", equal(1 + evaluate_formula(formula, entries), 1 + taken, bits=40)


_CONSTANT = Claim(
    label="alignment-first-order-constant",
    **searched(PROPOSITIONS["alignment-first-order-constant"], _split, _DETERMINED, beside=_minors),
    given={"chain": st.one_of(chains(2, st.integers(2, 3)), _ROOM.map(lambda room: steepest(1 + room)))},
    free=("chain",),
    derivation=first_order_constant.first_order_constant,
    whose=Whose.OURS,
    remark="at widths 2 and 3, `overlap-first-order` has these as $R_{ik}$ in units of $s_k(A)/s_i(A)$",
)

CLAIMS = (_EXACT, _CONSTANT)
"""The claims of this part of section 2."""
