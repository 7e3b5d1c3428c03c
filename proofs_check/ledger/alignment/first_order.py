"""Section 2 of the ledger: overlaps to first order, with the order of what is left out measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flint import arb, fmpq, fmpq_mat
from hypothesis import strategies as st
from sympy import Expr

from jacspec.numerics.spectra.small_exact import singular_decomposition
from jacspec.proofs_check.claims.claim import Claim, Whose
from jacspec.proofs_check.interpretation import evaluate_formula
from jacspec.proofs_check.strategies import square
from jacspec.theory import Formula
from jacspec.theory.results.alignment import first_order

__all__ = ["CLAIMS", "leading_coefficient", "measured_order"]

_SEPARATIONS = (2**20, 2**30)
"""s_i/s_{i+1} of A at the two points between which the order is measured."""

_TOLERANCE = fmpq(1, 100)
"""By how much the order may be seen to fall short of 2 at a finite separation."""


def _overlap(B: fmpq_mat, separation: int, i: int, k: int) -> arb:
    """R_ik R_kk s_i/s_k for A = diag(t^{n-1}, …, t, 1): no sign of a vector enters, and R_kk → 1."""
    width = B.nrows()
    A = fmpq_mat(
        width,
        width,
        [separation ** (width - 1 - r) * int(r == c) for r in range(width) for c in range(width)],
    )
    u = singular_decomposition(A * B).simple(k)[1]
    overlap: arb = u[i - 1, 0] * u[k - 1, 0] * separation ** (k - i)
    return overlap


def measured_order(B: fmpq_mat, i: int, k: int, leading: arb) -> arb:
    """The order p of ``R_ik s_i/s_k - leading = O((s_{j+1}/s_j)^p)``, from two separations."""
    near, far = (abs(_overlap(B, separation, i, k) - leading).log() for separation in _SEPARATIONS)
    return (near - far) / (arb(_SEPARATIONS[1]) / _SEPARATIONS[0]).log()


def leading_coefficient(formula: Formula, B: fmpq_mat) -> arb:
    """The formula at G = B Bᵀ: here V_A is the identity."""
    gram = B * B.transpose()
    known = {
        first_order.gram(r + 1, c + 1): arb(gram[r, c]) for r in range(B.nrows()) for c in range(r, B.nrows())
    }
    return evaluate_formula(formula, [known[symbol] for symbol in formula.parameters])


def _second_order(variant: Callable[[Formula], Expr]) -> Callable[..., Iterator[tuple[str, arb]]]:
    """Every R_ik, i < k, differs from ``variant`` of the leading formula at second order."""

    def conclusion(B: fmpq_mat) -> Iterator[tuple[str, arb]]:
        for k in range(2, B.nrows() + 1):
            for i in range(1, k):
                formula = first_order.leading_overlap(i, k)
                reached = Formula(formula.label, formula.parameters, variant(formula), formula.domain)
                yield (
                    f"order, R_{i}{k}",
                    measured_order(B, i, k, leading_coefficient(reached, B)) - 2 + _TOLERANCE,
                )

    return conclusion


_FIRST_ORDER = Claim(
    label="overlap-first-order",
    statement=(
        "$R_{ik}$ is $s_k/s_i$ times a ratio of minors of $V_Aᵀ B Bᵀ V_A$, up to higher order, "
        "for $i < k$ ($n = 2, 3$)"
    ),
    given={"B": square(st.integers(2, 3))},
    hypotheses={"$B$ nonsingular": lambda B: abs(B.det())},
    conclusion=_second_order(lambda formula: formula.expression),
    mutants={
        "sign changed": _second_order(lambda formula: -formula.expression),
        "factor $2$": _second_order(lambda formula: 2 * formula.expression),
        "$g_{22}$ for $g_{11}$": _second_order(
            lambda formula: formula.expression.subs(first_order.gram(1, 1), first_order.gram(2, 2))
        ),
    },
    derivation=first_order.overlap_first_order,
    whose=Whose.OURS,
    remark=(
        "the order of what is left out is measured at separations $2^{20}$ and $2^{30}$: 2, relative to the "
        "leading term; where a minor vanishes exactly there is nothing to measure, and the example is "
        "undecided"
    ),
)

CLAIMS = (_FIRST_ORDER,)
"""The claim of this part of section 2."""
