"""Section 5 of the ledger: whether decoupling the modes predicts their velocities at initialisation.

Gradient flow, n = 3, σ² = 1/3, one Gaussian G for each chain: the quotients of the propositions in certified
balls. Entries are Gaussian numbers rounded to multiples of 2^-12, so that the exact products stay short. The
rates of the top mode take more and deeper chains, in float64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb, fmpq, fmpq_mat
from hypothesis import strategies as st
from numpy.typing import NDArray
from sympy import Expr, Integer, Symbol

from jacspec.numerics import Chain, gradient_flow
from jacspec.numerics.chains.batches import gaussian_batch
from jacspec.numerics.measures.top_mode import top_mode_quotients
from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.interpretation import Value, evaluate
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.proofs_check.referee.limits import Limit
from jacspec.proofs_check.referee.powers import Powers
from jacspec.proofs_check.referee.propositions.conclusion import searched
from jacspec.proofs_check.referee.propositions.laws import DrawnAsSaid, Sampler
from jacspec.proofs_check.strategies import chains, square
from jacspec.theory.notation.heads import Head
from jacspec.theory.notation.symbols import G, M, N, i, j, k, l, n, rho, sA, sB, sdot, tau, u, uA, v, vB
from jacspec.theory.notation.words import inner
from jacspec.theory.results import loop
from jacspec.theory.results.dynamics import general
from jacspec.theory.results.propositions.loop import CLOSED_FORM, DECOUPLED, GAUSSIAN, PROPOSITIONS

Floats = NDArray[np.float64]

_WIDTH, _GRAIN = 3, 12
_FACTOR, _GRADIENT = (float(each.law.variance.subs(n, _WIDTH)) ** 0.5 for each in GAUSSIAN.laws)
"""Standard deviations of the entries of factors and of G."""


@dataclass(frozen=True)
class _Moving:
    """A chain under gradient flow."""

    chain: Chain
    gradient: fmpq_mat

    @property
    def point(self) -> ChainPoint:
        """Its values of the notation."""
        return ChainPoint(self.chain, gradient_flow(self.chain, self.gradient), 1, self.gradient)


def _rounded(values: Floats) -> fmpq_mat:
    scale = 1 << _GRAIN
    rows = values.tolist()
    return fmpq_mat([[fmpq(round(value * scale), scale) for value in row] for row in rows])


def _entries(generator: np.random.Generator, count: int, depth: int) -> tuple[list[Floats], Floats]:
    """The factors of so many chains, layer by layer, and their gradients."""
    factors = list(gaussian_batch(generator, count, depth=depth, width=_WIDTH, sigma=_FACTOR))
    return factors, _GRADIENT * generator.standard_normal((count, _WIDTH, _WIDTH))


def _as_said(label: str, evidence: Limit[_Moving] | Powers) -> DrawnAsSaid:
    """The evidence, if what is drawn for its greatest depth has the laws of the premises."""

    def drawn(generator: np.random.Generator, count: int) -> dict[Expr, Floats]:
        factors, gradients = _entries(generator, count, max(evidence.points))
        return {M(l): np.stack(factors, axis=1), G: gradients[:, None]}

    return DrawnAsSaid(evidence, PROPOSITIONS[label], [Sampler(drawn, {n: Integer(_WIDTH)})])


def _gaussian(depth: int, generator: np.random.Generator) -> _Moving:
    factors, (gradient,) = _entries(generator, 1, depth)
    return _Moving(Chain(_rounded(factor) for (factor,) in factors), _rounded(gradient))


def _ratios(modes: Sequence[int], *, closed: bool = False) -> Callable[[_Moving], Mapping[str, arb]]:
    """The decoupled velocity over the exact one, mode by mode; the closed form over it too, if asked for.

    The exact one by its identity: from the product alone, by implicit differentiation, it takes 200 times as
    long.
    """
    quotients = {"decoupled": DECOUPLED, **({"closed form": CLOSED_FORM} if closed else {})}

    def measure(moving: _Moving) -> dict[str, arb]:
        point, exact = moving.point, {sdot(k): general.velocity_identity().result.after}
        return {
            _name(name, mode): _scalar(quotient.xreplace(exact), point, {k: mode})
            for mode in modes
            for name, quotient in quotients.items()
        }

    return measure


def _scalar(expression: Expr, point: ChainPoint, indices: Mapping[Symbol, int] | None = None) -> arb:
    value = evaluate(expression, point, indices)
    return value if isinstance(value, arb) else value[0, 0]


def _name(prediction: str, mode: int) -> str:
    return f"{prediction} over exact, $k = {mode}$"


_TOP = _name("decoupled", 1)

_TOP_MODE = Claim(
    label="loop-closes-top-mode",
    propositions=PROPOSITIONS["loop-closes-top-mode"],
    further_evidence=(
        _as_said(
            "loop-closes-top-mode",
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
    ),
    expected=Expectation.SUPPORTED,
    whose=Whose.OURS,
)

_ALL_MODES = Claim(
    label="loop-closes-all-modes",
    propositions=PROPOSITIONS["loop-closes-all-modes"],
    further_evidence=(
        _as_said(
            "loop-closes-all-modes",
            Limit(
                points=(5, 20, 60),
                draw=_gaussian,
                measure=_ratios((1, 2, 3)),
                limits={_name("decoupled", mode): 1.0 for mode in (1, 2, 3)},
            ),
        ),
    ),
    expected=Expectation.REFUTED,
    whose=Whose.OURS,
)

# --- the rates of the top mode -------------------------------------------------------------------

_CHUNK = 250
"""Chains in memory at once."""


def _quotients(depth: int, count: int, generator: np.random.Generator) -> dict[str, Floats]:
    """Both predictions of ṡ_1 over ṡ_1, of so many chains."""
    found = []
    for start in range(0, count, _CHUNK):
        size = min(_CHUNK, count - start)
        found.append(top_mode_quotients(*_entries(generator, size, depth)))
    return {
        _TOP: np.concatenate([each.decoupled for each in found]),
        _name("closed form", 1): np.concatenate([each.closed_form for each in found]),
    }


_RATES = Claim(
    label="top-mode-rates",
    propositions=PROPOSITIONS["top-mode-rates"],
    further_evidence=(
        _as_said(
            "top-mode-rates",
            Powers(
                points=(80, 160, 320, 640),
                sample=_quotients,
                powers={_TOP: (1.0, -2.0), _name("closed form", 1): (0.0, -1.0)},
                mutants={
                    "decoupled: $N^{-1}$": {_TOP: -1.0},
                    "decoupled: $N^{-3}$": {_TOP: -3.0},
                    "closed form: $N^{-1/2}$": {_name("closed form", 1): -0.5},
                    "closed form: $N^{-2}$": {_name("closed form", 1): -2.0},
                },
            ),
        ),
    ),
    expected=Expectation.SUPPORTED,
    whose=Whose.OURS,
    remark=(
        "a heuristic: a layer weighs the inverse square of a nearly Gaussian number, so that the sum is of "
        "order $N^2$, beside a few misaligned layers at the ends and beside $N$ weights that do not differ"
    ),
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

CLAIMS = (_TOP_MODE, _RATES, _ALL_MODES, _BUDGET)
"""The claims of section 5, in the ledger's order."""
