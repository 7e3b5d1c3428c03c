"""Every derivation of the theory, in the ledger's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.transposition import transposed_proof
from jacspec.theory.results import loop, separation
from jacspec.theory.results.alignment import (
    cauchy_schwarz,
    elimination,
    first_order,
    first_order_constant,
    full_rank,
    leading_rank,
    product_inequalities,
    rank_inequalities,
    two_by_two,
)
from jacspec.theory.results.alignment.cauchy_schwarz import NORM_OF_B, NORM_OF_INVERSE
from jacspec.theory.results.alignment.product_inequalities import SUBMULTIPLICATIVE, SUPERMULTIPLICATIVE
from jacspec.theory.results.dynamics import (
    balanced_alignment,
    balanced_products,
    deep_linear,
    gates,
    general,
    intercepts,
    remainder_derivation,
    remainder_inequalities,
)
from jacspec.theory.results.initialisation import exponents, gap_orders, gaps

SECTIONS: Mapping[str, Mapping[str, Callable[[], Derivation]]] = {
    "Inequalities": {
        "lemma-cauchy-schwarz": cauchy_schwarz.norm_of_B,
        "lemma-cauchy-schwarz-inverse": cauchy_schwarz.norm_of_inverse,
        "lemma-submultiplicativity": product_inequalities.submultiplicativity,
        "lemma-supermultiplicativity": product_inequalities.supermultiplicativity,
        "lemma-exchange": remainder_inequalities.exchange,
        "lemma-exchange-negative": remainder_inequalities.exchange_negative,
        "lemma-misalignment": remainder_inequalities.misalignment,
        "lemma-small-level": remainder_inequalities.small_level,
        "lemma-leading-rows": rank_inequalities.leading_rows,
        "lemma-parallelogram": rank_inequalities.parallelogram,
        "lemma-right-inverse": rank_inequalities.right_inverse,
        "lemma-beyond-r": rank_inequalities.beyond_rank,
        "lemma-cauchy-schwarz-inverse-transposed": partial(transposed_proof, NORM_OF_INVERSE),
        "lemma-submultiplicativity-transposed": partial(transposed_proof, SUBMULTIPLICATIVE),
        "lemma-cauchy-schwarz-transposed": partial(transposed_proof, NORM_OF_B),
        "lemma-supermultiplicativity-transposed": partial(transposed_proof, SUPERMULTIPLICATIVE),
    },
    "Dynamics": {
        "velocity-identity": general.velocity_identity,
        "decoupled-velocity": general.decoupled_velocity,
        "general-dynamics": general.general,
        "remainder-bound": remainder_derivation.remainder,
        "alignment-forces-zero-intercept": intercepts.alignment_forces_zero_intercept,
        "depth-scaling-boundary": general.depth_scaling_boundary,
        "general-dynamics-remainder": remainder_derivation.remainder_with_intercepts,
        "gradient-flow-dynamics": general.gradient_flow,
        "deep-linear-dynamics-by-scaling": deep_linear.deep_linear_by_scaling,
        "balanced-powers": balanced_products.balanced_powers,
        "balanced-roots": balanced_products.balanced_roots,
        "balance-aligns": balanced_alignment.balance_aligns,
        "deep-linear-dynamics": deep_linear.deep_linear,
        "gate-absorption": gates.absorption,
        "imbalance-conserved": deep_linear.imbalance_conserved,
        "imbalance-where-open": gates.imbalance_where_open,
    },
    "Alignment": {
        "alignment": full_rank.alignment,
        "right-alignment": full_rank.right_alignment,
        "alignment-exact-two": two_by_two.exact_two,
        "alignment-first-order-constant": first_order_constant.first_order_constant,
        "alignment-rank-r": leading_rank.alignment_of_rank,
        "overlap-elimination": elimination.overlap_elimination,
        "overlap-first-order": first_order.overlap_first_order,
    },
    "Random initialisation": {
        "chi-cumulants": exponents.chi_cumulants,
        "lyapunov-gaussian": exponents.lyapunov_gaussian,
        "lyapunov-masked": exponents.lyapunov_masked,
        "lyapunov-distinct": gaps.distinct,
        "lyapunov-gap": gaps.gap,
        "lyapunov-gap-all-orders": gap_orders.gap_all_orders,
        "depth-intercept": exponents.minor_sums,
        "intercept-closed-form": exponents.intercepts,
        "lyapunov-fluctuations": exponents.lyapunov_fluctuations,
    },
    "Separation": {
        "separation-closed-form": separation.closed_form,
        "separation-dynamics": separation.separation,
        "separation-rate": separation.rate,
    },
    "The loop": {"alignment-budget": loop.alignment_budget},
}
"""The derivations by section and label; functions, so that nothing is derived before it is asked for."""


class _Catalogue(Mapping[str, Derivation]):
    """Derivations by label, each derived when it is asked for: one that cannot be leaves the others whole."""

    _derive: Mapping[str, Callable[[], Derivation]] = {
        label: derive for section in SECTIONS.values() for label, derive in section.items()
    }

    def __getitem__(self, label: str) -> Derivation:
        return self._derive[label]()

    def __contains__(self, label: object) -> bool:
        return label in self._derive

    def __iter__(self) -> Iterator[str]:
        return iter(self._derive)

    def __len__(self) -> int:
        return len(self._derive)


def catalogue() -> Mapping[str, Derivation]:
    """Every derivation by its label, in the ledger's order."""
    return _Catalogue()
