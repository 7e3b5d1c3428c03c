"""Section 5 of the ledger: whether decoupling the modes predicts their velocities at initialisation.

Gradient flow, n = 3, σ² = 1/3, one Gaussian G for each chain: the decoupled sum over the exact velocity,

    Σ_l s_k(A_{l+1}) s_k(B_l) ⟨v_k(A_{l+1}), Ṁ_l u_k(B_l)⟩ / ṡ_k,

in certified balls, both sides from the expressions of ``theory``. Entries are Gaussian numbers rounded to
multiples of 2^-12, so that the exact products stay short.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb, fmpq, fmpq_mat
from hypothesis import strategies as st
from numpy.typing import NDArray
from sympy import Expr, Symbol

from jacspec.numerics import Chain, gradient_flow
from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.interpretation import Value, evaluate
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.proofs_check.referee.limits import Limit
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.strategies import chains, square
from jacspec.theory.notation.heads import Head
from jacspec.theory.notation.symbols import N, i, j, k, l, n, rho, sA, sB, tau, u, uA, v, vB
from jacspec.theory.notation.words import inner
from jacspec.theory.results import loop
from jacspec.theory.results.dynamics import deep_linear, general
from jacspec.theory.results.propositions.loop import PROPOSITIONS

__all__ = ["CLAIMS"]

_WIDTH, _GRAIN = 3, 12


@dataclass(frozen=True)
class _Moving:
    """A chain under gradient flow."""

    chain: Chain
    gradient: fmpq_mat

    @property
    def point(self) -> ChainPoint:
        """Its values of the notation."""
        return ChainPoint(self.chain, gradient_flow(self.chain, self.gradient), 1, self.gradient)


def _rounded(values: NDArray[np.float64]) -> fmpq_mat:
    scale = 1 << _GRAIN
    rows = values.tolist()
    return fmpq_mat([[fmpq(round(value * scale), scale) for value in row] for row in rows])


def _gaussian(depth: int, generator: np.random.Generator) -> _Moving:
    factors = generator.standard_normal((depth, _WIDTH, _WIDTH)) / np.sqrt(_WIDTH)
    return _Moving(Chain(map(_rounded, factors)), _rounded(generator.standard_normal((_WIDTH, _WIDTH))))


def _ratios(modes: Sequence[int], *, closed: bool = False) -> Callable[[_Moving], Mapping[str, arb]]:
    """The decoupled velocity over the exact one, mode by mode; the closed form over it too, if asked for."""

    def measure(moving: _Moving) -> dict[str, arb]:
        point = moving.point
        exact, decoupled = (
            general.velocity_identity().result.after,
            general.decoupled_velocity().result.after,
        )
        ratios = {}
        for mode in modes:
            velocity = _scalar(exact, point, {k: mode})
            ratios[_name("decoupled", mode)] = _scalar(decoupled, point, {k: mode}) / velocity
            if closed:
                ratios[_name("closed form", mode)] = (
                    _scalar(deep_linear.deep_linear().result.after, point, {k: mode}) / velocity
                )
        return ratios

    return measure


def _scalar(expression: Expr, point: ChainPoint, indices: Mapping[Symbol, int] | None = None) -> arb:
    value = evaluate(expression, point, indices)
    return value if isinstance(value, arb) else value[0, 0]


def _name(prediction: str, mode: int) -> str:
    return f"{prediction} over exact, $k = {mode}$"


_TOP = _name("decoupled", 1)

_TOP_MODE = Claim(
    label="loop-closes-top-mode",
    statement=(
        "Gaussian initialisation: for $k = 1$ the decoupled velocity over the exact one tends to 1 as $N → ∞$"
    ),
    further_evidence=(
        Limit(
            points=(5, 10, 20, 40, 80),
            draw=_gaussian,
            measure=_ratios((1,), closed=True),
            limits={_TOP: 1.0},
            mutants={
                "half of it": {_TOP: 0.5},
                "twice": {_TOP: 2.0},
                "the opposite sign": {_TOP: -1.0},
                "$-N s_k^{2-2/N} ⟨G, u_k v_kᵀ⟩$ for the sum": {_name("closed form", 1): 1.0},
            },
            least=20,
        ),
    ),
    expected=Expectation.SUPPORTED,
    whose=Whose.OURS,
)

_ALL_MODES = Claim(
    label="loop-closes-all-modes",
    statement=(
        "Gaussian initialisation: for every $k$ the decoupled velocity over the exact one tends to 1 as "
        "$N → ∞$"
    ),
    further_evidence=(
        Limit(
            points=(5, 20, 60),
            draw=_gaussian,
            measure=_ratios((1, 2, 3)),
            limits={_name("decoupled", mode): 1.0 for mode in (1, 2, 3)},
        ),
    ),
    expected=Expectation.REFUTED,
    whose=Whose.OURS,
)

# --- how much alignment decoupling needs ----------------------------------------------------------

_DEPTH, _NARROW = 3, 2


class _BudgetPoint(ChainPoint):
    """Mode k of a chain at layer l, ρ and τ read off its overlaps: R_ik = ρ_i (s_k/s_i)^order."""

    particular = frozenset({N, n, k, l})

    def __init__(self, moving: _Moving, mode: int, layer: int, order: int) -> None:
        super().__init__(moving.chain, gradient_flow(moving.chain, moving.gradient), mode, moving.gradient)
        self.indices[l] = layer
        self._order, self._mode = order, mode

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Return ρ_i or τ_j, or the value of another head for this chain."""
        if head not in (rho, tau):
            return super().head(head, indices)
        own, other = {i: indices[0], j: indices[0]}, {i: self._mode, j: self._mode}
        value, overlap = (
            (sA(i, l + 1), inner(uA(i, l + 1), u(k))) if head is rho else (sB(j, l), inner(vB(j, l), v(k)))
        )
        ratio = _scalar(value, self, own) / _scalar(value, self, other)
        return _scalar(overlap, self, own) * ratio**self._order


def _at_budget(chain: Chain, gradient: fmpq_mat, mode: int, layer: int, order: int) -> _BudgetPoint:
    return _BudgetPoint(_Moving(chain, gradient), mode, layer, order)


_BUDGET = Claim(
    label="alignment-budget",
    **searched(PROPOSITIONS["alignment-budget"], _at_budget),
    given={
        "chain": chains(_DEPTH, _NARROW),
        "gradient": square(_NARROW),
        "mode": st.integers(1, _NARROW),
        "layer": st.integers(1, _DEPTH),
        "order": st.integers(1, 2),
    },
    derivation=loop.alignment_budget,
    whose=Whose.OURS,
)

CLAIMS = (_TOP_MODE, _ALL_MODES, _BUDGET)
"""The claims of section 5, in the ledger's order."""
