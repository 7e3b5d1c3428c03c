"""Section 2 of the ledger: how far u_1 turns for n = 2, exactly, and the best constant to first order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from flint import arb, fmpq, fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics import Chain
from jacspec.numerics.spectra.small_exact import condition_number, overlap_of, singular_decomposition
from jacspec.proofs_check.claims.claim import Claim, Statement, Whose
from jacspec.proofs_check.claims.margin import Bound, at_most, equal
from jacspec.proofs_check.interpretation import evaluate_scalar
from jacspec.proofs_check.interpretation.points.numbers import NumbersPoint
from jacspec.proofs_check.ledger.alignment.first_order import leading_coefficient
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.strategies import chains, square
from jacspec.theory import Assumption
from jacspec.theory.results.alignment import first_order, two_by_two
from jacspec.theory.results.alignment.two_by_two import EXTREMAL, STEEPEST, g11, kappa, x
from jacspec.theory.results.propositions.alignment import PROPOSITIONS

__all__ = ["CLAIMS"]


_FAR = fmpq(1)


class _Turn(NumbersPoint):
    """κ, x and G, read off A = M_2 and B = M_1; or the G of a witness, of B's κ, at 1/x = κ + room."""

    def __init__(self, chain: Chain, room: fmpq = _FAR, witness: Assumption | None = None) -> None:
        super().__init__({}, depth=2, width=2)
        self._chain, self._room, self._witness = chain, room, witness
        self._known: dict[str, arb] = {}

    def symbol(self, name: str) -> arb:
        """Return κ, x, g_11 or g_22."""
        if name not in self._known:
            self._known[name] = self._value(name)
        return self._known[name]

    def _value(self, name: str) -> arb:
        B, A = self._chain.exact
        if name == kappa.name:
            return condition_number(B)
        if self._witness is None:
            outer = singular_decomposition(A)
            if name == x.name:
                return outer.simple(2)[0] / outer.simple(1)[0]
            v = outer.simple(1 if name == g11.name else 2)[2]
            (norm,) = (v.transpose() * B * B.transpose() * v).entries()
            return norm / arb(abs(B.det()))
        spread = self.symbol(kappa.name)
        if name == x.name:
            return 1 / (spread + arb(self._room))
        if name == g11.name:
            (extremal,) = self._witness.rules
            return evaluate_scalar(extremal.rhs, self)
        return spread + 1 / spread - self.symbol(g11.name)


def _overlaps(chain: Chain, **_: object) -> Iterator[tuple[str, arb]]:
    """sin²2θ is 4 R_11² R_21², of the overlaps themselves."""
    A, J = singular_decomposition(chain.exact[1]), singular_decomposition(chain.product())
    turned = 4 * (overlap_of(A, J, 1, 1) * overlap_of(A, J, 2, 1)) ** 2
    own = evaluate_scalar(two_by_two.turn, _Turn(chain))
    yield "$4 R_{11}^2 R_{21}^2$", equal(1 + own, 1 + turned, bits=40)


def _simple(chain: Chain, **_: object) -> bool:
    """A and J have two different singular values, none of them 0."""
    return all(
        bool(each.det() != 0) and singular_decomposition(each).multiplicity(1) == 1
        for each in (chain.exact[1], chain.product())
    )


def _spread(chain: Chain, **_: object) -> arb:
    values = singular_decomposition(chain.exact[0]).singular_values
    return values[0] - values[1]


_HYPOTHESES: Mapping[str, Statement] = {
    "$A$ and $J$ nonsingular, with two different singular values": _simple,
    "$κ(B) > 1$": _spread,
}
_ROOM = st.fractions(0, 9, max_denominator=9).map(lambda value: fmpq(value.numerator + 1, value.denominator))


_EXAMPLES = {"chain": chains(2, 2), "room": _ROOM, "attained": st.sampled_from((0, 1))}


def _or(witness: Assumption) -> Callable[..., _Turn]:
    """The chain's own G, or the witness's."""
    return lambda chain, room, attained: _Turn(chain, room, witness if attained else None)


_EXACT = Claim(
    label="alignment-exact-two",
    **searched(PROPOSITIONS["alignment-exact-two"], _or(EXTREMAL), _HYPOTHESES, beside=_overlaps),
    given=_EXAMPLES,
    free=("chain",),
    derivation=two_by_two.exact_two,
    whose=Whose.OURS,
    remark="the bound is $(sinh(log κ)/sinh(log(1/x)))^2$",
)

_CONSTANT = Claim(
    label="alignment-first-order-constant",
    **searched(PROPOSITIONS["alignment-first-order-constant"], _or(STEEPEST), _HYPOTHESES),
    given=_EXAMPLES,
    free=("chain",),
    derivation=two_by_two.first_order_constant,
    whose=Whose.OURS,
)


# --- width 3 --------------------------------------------------------------------------------------


def _steepest(spread: fmpq) -> fmpq_mat:
    """B with κ(B) = κ whose G has g_11 = 2/(κ + 1/κ), up to its size; and a singular value in between."""
    trace = spread + 1 / spread
    p, h = 2 / trace, (spread - 1 / spread) / trace
    return fmpq_mat(3, 3, [p, 0, 0, h, 1, 0, 0, 0, p])


def _coefficients(share: Callable[[arb], arb]) -> Callable[..., Iterator[tuple[str, Bound | arb]]]:
    """Every coefficient is at most ``share`` of (κ - 1/κ)/2, which the first reaches."""

    def conclusion(B: fmpq_mat, spread: fmpq) -> Iterator[tuple[str, Bound | arb]]:
        kappa = condition_number(B)
        for i, k in ((1, 2), (1, 3), (2, 3)):
            found = abs(leading_coefficient(first_order.leading_overlap(i, k), B))
            yield f"$R_{{{i}{k}}}$", at_most(found, share((kappa - 1 / kappa) / 2))
        witness = _steepest(spread)
        reached = abs(leading_coefficient(first_order.leading_overlap(1, 2), witness))
        kappa = condition_number(witness)
        yield "reached", equal(reached, share((kappa - 1 / kappa) / 2))

    return conclusion


_THREE = Claim(
    label="alignment-first-order-constant-three",
    statement=(
        "$n = 3$, $i < k$: the coefficient of $s_k(A)/s_i(A)$ in $R_{ik}$, to first order, is at most "
        "$(κ(B) - 1/κ(B))/2$, and some $B$ reaches it for every $κ(B) > 1$"
    ),
    given={"B": square(3), "spread": _ROOM.map(lambda value: 1 + value)},
    hypotheses={"$B$ nonsingular": lambda B, **_: abs(B.det())},
    free=("B",),
    conclusion=_coefficients(lambda bound: bound),
    mutants={
        "twice, as far as it is reached": _coefficients(lambda bound: 2 * bound),
        "half of it": _coefficients(lambda bound: bound / 2),
        "the cube root of it": _coefficients(lambda bound: bound ** (arb(1) / 3)),
    },
    whose=Whose.OURS,
    remark="searched, not derived",
)

CLAIMS = (_EXACT, _CONSTANT, _THREE)
"""The claims of this part of section 2."""
