"""Section 1 of the ledger: how far the decoupled velocity is from the exact one, at ε > 0.

    ṡ_k = Σ_l Σ_{i,j} s_i(A_{l+1}) s_j(B_l) R_ik T_jk ⟨v_i(A_{l+1}), Ṁ_l u_j(B_l)⟩

exactly, with R_ik = ⟨u_i(A_{l+1}), u_k⟩ and T_jk = ⟨v_j(B_l), v_k⟩; decoupled is its term i = j = k with
R_kk T_kk replaced by 1. Let |R_ik - δ_ik|, |T_jk - δ_jk| ≤ ε. Then |R_kk T_kk - 1| ≤ 2ε, because
1 - RT = (1-R) + R(1-T); of the other terms those with one index k are at most ε, those with none at
most ε²; and |⟨v_i, Ṁ_l u_j⟩| ≤ ‖Ṁ_l‖ by Cauchy–Schwarz. Summing the weights gives the bound.
"""

from __future__ import annotations

from functools import cache

from sympy import Symbol

from jacspec.theory.algebra.formula import Formula

__all__ = ["layer_remainder", "simple_constant"]

_eps = Symbol("epsilon", nonnegative=True)
_norm, _a_rest, _b_rest = (Symbol(name, nonnegative=True) for name in ("norm", "a_rest", "b_rest"))
_a_k, _b_k = (Symbol(name, positive=True) for name in ("a_k", "b_k"))
_PARAMETERS = (_eps, _norm, _a_k, _b_k, _a_rest, _b_rest)
_DOMAIN = "$0 ≤ ε ≤ 1$, singular values of $A_{l+1}$ ($a$) and $B_l$ ($b$); rest: the sum over the others"


@cache
def layer_remainder() -> Formula:
    """ε ‖Ṁ_l‖ [2 a_k b_k + a_k b_rest + a_rest b_k + ε a_rest b_rest], one layer's share of the error."""
    weights = 2 * _a_k * _b_k + _a_k * _b_rest + _a_rest * _b_k + _eps * _a_rest * _b_rest
    return Formula("remainder-bound", _PARAMETERS, _eps * _norm * weights, _DOMAIN, (_eps <= 1,))


@cache
def simple_constant() -> Formula:
    """C_l = 2 ‖Ṁ_l‖ Σ_i s_i(A_{l+1}) Σ_j s_j(B_l): for ε ≤ 1 the layer's share is at most C_l ε."""
    bound = 2 * _norm * (_a_k + _a_rest) * (_b_k + _b_rest)
    return Formula("remainder-bound", _PARAMETERS, bound, _DOMAIN)
