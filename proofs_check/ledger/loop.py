"""Section 5 of the ledger: does decoupling the modes predict their velocities at initialisation?

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
from sympy import Expr

from numerics import Chain, gradient_flow
from proofs_check.chain_point import ChainPoint
from proofs_check.claim import Claim, Expectation
from proofs_check.interpretation import evaluate
from proofs_check.limits import Limit
from theory import deep_linear, dynamics
from theory.notation import k

__all__ = ["CLAIMS"]

_SOURCE = "ledger, section 5"
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


def _rounded(values: np.ndarray) -> fmpq_mat:
    scale = 1 << _GRAIN
    return fmpq_mat(*values.shape, [fmpq(round(float(value) * scale), scale) for value in values.flat])


def _gaussian(depth: int, generator: np.random.Generator) -> _Moving:
    factors = generator.standard_normal((depth, _WIDTH, _WIDTH)) / np.sqrt(_WIDTH)
    return _Moving(Chain(map(_rounded, factors)), _rounded(generator.standard_normal((_WIDTH, _WIDTH))))


def _ratios(modes: Sequence[int], *, closed: bool = False) -> Callable[[_Moving], Mapping[str, arb]]:
    """The decoupled velocity over the exact one, mode by mode; the closed form over it too, if asked for."""

    def measure(moving: _Moving) -> dict[str, arb]:
        point = moving.point
        exact, decoupled = (
            dynamics.velocity_identity().result.after,
            dynamics.decoupled_velocity().result.after,
        )
        ratios = {}
        for mode in modes:
            velocity = _scalar(exact, point, mode)
            ratios[_name("decoupled", mode)] = _scalar(decoupled, point, mode) / velocity
            if closed:
                ratios[_name("closed form", mode)] = (
                    _scalar(deep_linear.deep_linear().result.after, point, mode) / velocity
                )
        return ratios

    return measure


def _scalar(expression: Expr, point: ChainPoint, mode: int) -> arb:
    value = evaluate(expression, point, {k: mode})
    return value if isinstance(value, arb) else value[0, 0]


def _name(prediction: str, mode: int) -> str:
    return f"{prediction}/exact, k = {mode}"


_TOP = _name("decoupled", 1)

_TOP_MODE = Claim(
    label="loop-closes-top-mode",
    statement="Gaussian initialisation: for k = 1 the decoupled velocity over the exact one tends to 1 as N → ∞",
    inquiries=(
        Limit(
            points=(5, 10, 20, 40, 80),
            draw=_gaussian,
            measure=_ratios((1,), closed=True),
            limits={_TOP: 1.0},
            mutants={
                "half of it": {_TOP: 0.5},
                "twice": {_TOP: 2.0},
                "the opposite sign": {_TOP: -1.0},
                "-N s^{2-2/N}⟨G, uvᵀ⟩ for the sum": {_name("closed form", 1): 1.0},
            },
            least=12,
        ),
    ),
    expected=Expectation.SUPPORTED,
    source=_SOURCE,
)

_ALL_MODES = Claim(
    label="loop-closes-all-modes",
    statement="Gaussian initialisation: for every k the decoupled velocity over the exact one tends to 1 as N → ∞",
    inquiries=(
        Limit(
            points=(5, 20, 60),
            draw=_gaussian,
            measure=_ratios((1, 2, 3)),
            limits={_name("decoupled", mode): 1.0 for mode in (1, 2, 3)},
        ),
    ),
    expected=Expectation.REFUTED,
    source=_SOURCE,
)

CLAIMS = (_TOP_MODE, _ALL_MODES)
"""The claims of section 5, in the ledger's order."""
