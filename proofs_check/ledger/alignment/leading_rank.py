"""Section 2 of the ledger: alignment where only the leading part of B is regular."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flint import arb, arb_mat, fmpz
from hypothesis import strategies as st

from jacspec.numerics import Chain
from jacspec.numerics.spectra.small_exact import overlap_of, singular_decomposition, singular_values
from jacspec.proofs_check.claims.claim import Claim, Whose
from jacspec.proofs_check.claims.margin import Bound, at_most, exactly
from jacspec.proofs_check.interpretation import evaluate_formula
from jacspec.proofs_check.interpretation.points.leading import least_of_rows
from jacspec.proofs_check.strategies import chains
from jacspec.theory.results.alignment import leading_rank, rank_bounds
from jacspec.theory.results.propositions.alignment import PROPOSITIONS

__all__ = ["CLAIMS", "leading_regularity"]

Named = Iterator[tuple[str, Bound | arb]]
_WIDTH = 3
_MOST = 2


def leading_regularity(chain: Chain, rank: int) -> arb:
    """Return c = s_r(Y_1), Y_1 the first r ≤ 2 rows of V_Aᵀ B, for A = M_2 with simple leading values."""
    B, A = chain.exact
    decomposition = singular_decomposition(A)
    vectors = [decomposition.simple(mode)[2] for mode in range(1, rank + 1)]
    rows = arb_mat([[v[row, 0] for row in range(B.nrows())] for v in vectors])
    return least_of_rows(rows * arb_mat(B))


def _simple(chain: Chain, rank: int) -> bool:
    """R ≤ n, and the leading singular values of A and of J are simple and not zero."""
    outer, whole = singular_decomposition(chain.exact[1]), singular_decomposition(chain.product())
    return rank <= chain.shape[0] and all(
        each.multiplicity(mode) == 1 and not each.eigenvalues[each.cluster(mode)].is_zero()
        for each in (outer, whole)
        for mode in range(1, rank + 1)
    )


def _regular(chain: Chain, rank: int) -> arb | fmpz:
    """C > 0; where the leading values are not simple, c is not determined."""
    return leading_regularity(chain, rank) if _simple(chain, rank) else exactly(condition=False)


def _bounded(share: Callable[[arb], arb], q_of: Callable[[arb], arb] = lambda q: q) -> Callable[..., Named]:
    """|R_ik| ≤ share(bound), the ledger's bound and the sharper ones, with q = ‖B‖/c."""

    def conclusion(chain: Chain, rank: int) -> Named:
        B, A = chain.exact
        outer, whole = singular_decomposition(A), singular_decomposition(A * B)
        values = outer.singular_values
        beyond = values[rank] if rank < len(values) else arb(0)
        q = q_of(singular_values(B)[0] / leading_regularity(chain, rank))
        for k in range(1, rank + 1):
            for i, s_i in enumerate(values, 1):
                if i == k:
                    continue
                s_k = values[k - 1]
                overlap = overlap_of(outer, whole, i, k)
                ledger = evaluate_formula(rank_bounds.rank_bound(), (q, s_i, s_k))
                yield f"R_{i}{k}", at_most(overlap, share(ledger), trivial=arb(1))
                above, below = rank_bounds.rank_bound_above(), rank_bounds.rank_bound_below()
                sharper = (
                    evaluate_formula(above, (q, s_i, s_k))
                    if i > k
                    else evaluate_formula(below, (q, s_i, s_k, beyond))
                )
                yield f"R_{i}{k}, sharper", share(sharper) - overlap

    return conclusion


_RANK = Claim(
    label="alignment-rank-r",
    propositions=PROPOSITIONS["alignment-rank-r"],
    given={"chain": chains(2, st.integers(2, _WIDTH)), "rank": st.integers(1, _MOST)},
    hypotheses={"leading values simple": _simple, "$c > 0$": _regular},
    free=("chain",),
    conclusion=_bounded(lambda bound: bound),
    mutants={
        "a quarter of the bound": _bounded(lambda bound: bound / 4),
        "the square of the bound": _bounded(lambda bound: bound**2),
        "$‖B‖/c$ replaced by $1/2$": _bounded(lambda bound: bound, lambda q: q / q / 2),
    },
    derivation=leading_rank.alignment_of_rank,
    whose=Whose.OURS,
    remark=(
        "the factor 2 is improvable: for $i > k$ it is 1, and for $i < k$ it is "
        "$1 + (s_{r+1}/s_k) min(1, (‖B‖/c) s_{r+1}/s_k)$, which tends to 1 as the spectrum separates and is "
        "1 for $r = n$; both were searched beside the bound that is claimed "
        "(`jacspec.theory.results.alignment.rank_bounds`)"
    ),
)

CLAIMS = (_RANK,)
"""The claims of this part of section 2."""
