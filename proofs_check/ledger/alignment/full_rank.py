"""Section 2 of the ledger: separated singular values force the singular vectors to align."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flint import arb, fmpq_mat
from hypothesis import strategies as st
from sympy import Matrix, Symbol, limit, oo

from jacspec.numerics import Chain
from jacspec.numerics.spectra.small_exact import (
    condition_number,
    overlap_of,
    regular_condition_number,
    singular_decomposition,
)
from jacspec.proofs_check.claims.claim import Claim, Expectation, Statement, Whose
from jacspec.proofs_check.claims.margin import Bound, Margins, at_most, exactly
from jacspec.proofs_check.interpretation import evaluate_formula
from jacspec.proofs_check.strategies import chains, square
from jacspec.theory.notation.printing import text
from jacspec.theory.results.alignment import bounds, full_rank
from jacspec.theory.results.propositions.alignment import PROPOSITIONS

__all__ = ["CLAIMS"]

Named = Iterator[tuple[str, Bound | arb]]


# --- alignment: the bound with κ(B) -------------------------------------------------------------


def _bounded_by(kappa: Callable[[fmpq_mat], arb]) -> Callable[..., Named]:
    """|R_ik| ≤ bound for all i ≠ k, with A = M_2 and B = M_1; ``kappa`` is what stands for κ(B)."""
    bound = bounds.overlap_bound()

    def conclusion(chain: Chain) -> Named:
        A, B = chain.left_partial(2).product(), chain.right_partial(2).product()
        outer, whole = singular_decomposition(A), singular_decomposition(A * B)
        scale = kappa(B)
        values = outer.singular_values
        for i, s_i in enumerate(values, 1):
            for k, s_k in enumerate(values, 1):
                if i == k or s_i.is_zero() or s_k.is_zero():
                    continue
                limit_ik = evaluate_formula(bound, (scale, s_i, s_k))
                bounded = at_most(overlap_of(outer, whole, i, k), limit_ik, trivial=arb(1))
                # Vectors that are not determined meet the bound by choice: no sign of sharpness.
                determined = outer.multiplicity(i) == whole.multiplicity(k) == 1
                yield f"R_{i}{k}", bounded if determined else bounded.margin

    return conclusion


_NONSINGULAR = {"$B$ nonsingular": lambda chain: abs(chain.right_partial(2).product().det())}

_OVERLAPS = _bounded_by(regular_condition_number)
"""κ(B) = s_1/s_r reads on where B is singular: so that dropping its regularity leaves a statement."""

_SAYS_SOMETHING = "how sharp the bound is, is measured where it is below 1: no overlap exceeds 1"

_ALIGNMENT = Claim(
    label="alignment",
    propositions=PROPOSITIONS["alignment"],
    given={"chain": chains(2, st.integers(2, 3))},
    hypotheses=_NONSINGULAR,
    conclusion=_OVERLAPS,
    mutants={
        "$κ(B)$ replaced by $1$": _bounded_by(lambda _: arb(1)),
        "$κ(B)$ replaced by its square root": _bounded_by(lambda B: condition_number(B).sqrt()),
        "$κ(B)$ replaced by $κ(B)/2$": _bounded_by(lambda B: condition_number(B) / 2),
    },
    free=("chain",),
    derivation=full_rank.alignment,
    whose=Whose.OURS,
    remark=_SAYS_SOMETHING,
)


def _mirrored(conclusion: Statement) -> Statement:
    """The same of the transposed chain: V_J against V_B, with κ(A)."""

    def turned(chain: Chain) -> Margins:
        return conclusion(Chain([factor.transpose() for factor in reversed(chain.exact)]))

    return turned


_RIGHT_ALIGNMENT = Claim(
    label="right-alignment",
    propositions=PROPOSITIONS["right-alignment"],
    given={"chain": chains(2, st.integers(2, 3))},
    hypotheses={"$A$ nonsingular": lambda chain: abs(chain.left_partial(2).product().det())},
    conclusion=_mirrored(_OVERLAPS),
    free=("chain",),
    mutants={name.replace("B", "A"): _mirrored(mutant) for name, mutant in _ALIGNMENT.mutants.items()},
    derivation=full_rank.right_alignment,
    whose=Whose.OURS,
    source="the mirror statement",
    remark=_SAYS_SOMETHING,
)


# --- alignment as the poster states it ----------------------------------------------------------


def _deepened(chain: Chain, times: int) -> tuple[fmpq_mat, fmpq_mat]:
    """A = M_2^times and J = A M_1: the chain with its second factor repeated, l = 2 held fixed."""
    B, factor = chain.exact
    A = factor
    for _ in range(times.bit_length() - 1):
        A = A * A
    return A, A * B


_DEPTHS = (1, 16, 128)
"""How often the second factor is repeated: the ratio s_2/s_1 of A falls below 2^-128."""


def _aligns(chain: Chain) -> arb:
    """|R_11| > 1/2 at one of the depths at least: what R_l → I up to signs would bring about."""
    overlaps = []
    for times in _DEPTHS:
        A, J = _deepened(chain, times)
        overlaps.append(overlap_of(singular_decomposition(A), singular_decomposition(J), 1, 1))
    best = overlaps[0]
    for overlap in overlaps[1:]:
        best = best.max(overlap)
    return best - arb(1) / 2


def _separates(chain: Chain) -> arb:
    """M_2 = diag(t, 1) with t > 1, so that s_2(A_2)/s_1(A_2) = t^{1-N} → 0 as N → ∞."""
    values = singular_decomposition(chain.exact[1]).singular_values
    return values[0] - values[1]


def _determined(chain: Chain) -> bool:
    """J's largest singular value is simple at every depth, so that u_1(J) is determined up to sign."""
    return all(singular_decomposition(_deepened(chain, times)[1]).multiplicity(1) == 1 for times in _DEPTHS)


def _contrary_limit(chain: Chain) -> str | None:
    """The exact limit of R_11² as the depth grows, by SymPy; None unless it stays away from 1."""
    x = Symbol("x", positive=True)
    B = Matrix(2, 2, [int(entry.p) for row in chain.exact[0].tolist() for entry in row])
    J = Matrix([[x, 0], [0, 1]]) * B
    reached = limit(bounds.top_overlap_squared(J * J.T), x, oo)
    if not (reached.is_number and reached < 1):
        return None
    return (
        f"with $M_2$ repeated, $l = 2$ fixed: $s_2(A_2)/s_1(A_2) → 0$ as $N → ∞$ but "
        f"$⟨u_1(A_2), u_1(J)⟩² → {text(reached)}$, exactly; $R_l → I$ would need 1"
    )


_AS_STATED = Claim(
    label="alignment-as-stated",
    statement=(
        "fixed $l$: if $s_{i+1}(A_l)/s_i(A_l) → 0$ as $N → ∞$, then $R_l → I$ up to signs, for any $B_l$"
    ),
    given={
        "chain": st.tuples(square(2), st.integers(2, 5)).map(
            lambda drawn: Chain([drawn[0], [[drawn[1], 0], [0, 1]]])
        )
    },
    hypotheses={"$A_l$ separates": _separates, "$u_1(J)$ determined": _determined},
    conclusion=_aligns,
    certify=_contrary_limit,
    expected=Expectation.REFUTED,
    whose=Whose.POSTER,
    source="as stated there",
)

# --- alignment, with independent columns --------------------------------------------------------


_RANK = 2
"""The number r of vectors that are to align."""


def _leading_columns(chain: Chain) -> bool:
    """The first two columns of V_Aᵀ B = M_1 are independent, decided exactly (A is diagonal)."""
    B = chain.exact[0]
    return bool(fmpq_mat(3, _RANK, [B[r, c] for r in range(3) for c in range(_RANK)]).rank() == _RANK)


def _two_determined(chain: Chain) -> bool:
    """J's two largest singular values are simple and not zero at every depth."""
    found = (singular_decomposition(_deepened(chain, times)[1]) for times in _DEPTHS)
    return all(
        each.multiplicity(mode) == 1 and not each.eigenvalues[each.cluster(mode)].is_zero()
        for each in found
        for mode in (1, _RANK)
    )


def _two_align(chain: Chain) -> Named:
    """|R_11|, |R_22| > 1/2 at the greatest depth: what R_l → I up to signs would bring about."""
    A, J = _deepened(chain, _DEPTHS[-1])
    outer, whole = singular_decomposition(A), singular_decomposition(J)
    for mode in (1, _RANK):
        yield f"R_{mode}{mode}", overlap_of(outer, whole, mode, mode) - arb(1) / 2


def _dependent_rows(chain: Chain) -> str | None:
    """Why no depth helps: the first two rows of V_Aᵀ B have rank 1; None if they have not."""
    B = chain.exact[0]
    if fmpq_mat(_RANK, 3, [B[r, c] for r in range(_RANK) for c in range(3)]).rank() == _RANK:
        return None
    return (
        "with $M_2$ repeated, $l = 2$ fixed: $s_3/s_2$ and $s_2/s_1$ of $A_2$ tend to 0 as $N → ∞$, but "
        "$u_1$, $u_2$ of $J$ are $J v_k/s_k$, and the first two rows of $J = A_2 M_1$ are dependent, so "
        "that $R_{11} R_{22} - R_{12} R_{21} = 0$ at every $N$, exactly; $R_l → I$ up to signs would need "
        "$±1$"
    )


_COLUMNS = Claim(
    label="alignment-columns",
    statement=(
        "fixed $l$: $A_l$ separates, first $r$ columns of $V_Aᵀ B$ independent: "
        "$R_{ik} → ±[i = k]$ for $k ≤ r$"
    ),
    given={
        "chain": st.tuples(square(3), st.integers(2, 3)).map(
            lambda drawn: Chain([drawn[0], [[drawn[1] ** 2, 0, 0], [0, drawn[1], 0], [0, 0, 1]]])
        )
    },
    hypotheses={
        "first two columns independent": lambda chain: exactly(_leading_columns(chain)),
        "$u_1(J)$, $u_2(J)$ determined": lambda chain: exactly(_two_determined(chain)),
    },
    conclusion=_two_align,
    certify=_dependent_rows,
    expected=Expectation.REFUTED,
    whose=Whose.OURS,
    remark="$n = 3$, $r = 2$; what is needed are independent rows, see `alignment-rank-r`",
)

CLAIMS = (_AS_STATED, _COLUMNS, _ALIGNMENT, _RIGHT_ALIGNMENT)
"""The claims of section 2 that have been built, in the ledger's order."""
