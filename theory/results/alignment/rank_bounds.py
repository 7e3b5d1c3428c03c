"""Section 2 of the ledger: the overlap bounds when only part of B is known to be regular.

``c = s_r(Y_1) > 0`` for the first r rows Y_1 of V_Aᵀ B; all bounds are for k ≤ r, with ``q = ‖B‖/c``.

* i > k: ``s_k(J) R_ik = s_i ⟨v_i(A), B v_k⟩`` and ``JᵀJ ⪰ Y_1ᵀ S_1² Y_1`` give ``|R_ik| ≤ q s_i/s_k``.
* i < k: ``Σ_{i≤r} s_i R_ik Y_i = s_k(J) v_kᵀ - Σ_{i>r} s_i R_ik Y_i``, times the right inverse of
  Y_1. The last sum is at most ‖B‖ s_{r+1} times the length of (R_ik)_{i>r}, which is at most 1, and
  by the first bound, taken for all i > r at once, at most ``q s_{r+1}/s_k``.

The ledger takes 1 for that length and s_k for s_{r+1}, hence its factor 2; what is kept here tends
to the factor 1 as the spectrum separates, and is 1 for r = n.
"""

from __future__ import annotations

from functools import cache

from sympy import Integer, Max, Min, Symbol

from jacspec.theory.algebra.formula import Formula

__all__ = ["rank_bound", "rank_bound_above", "rank_bound_below"]

_q, _s_i, _s_k = (Symbol(name, positive=True) for name in ("q", "s_i", "s_k"))
_s_next = Symbol("s_next", nonnegative=True)
_DOMAIN = "$k ≤ r$, $c > 0$, $s_k > 0$"


@cache
def rank_bound() -> Formula:
    """2 (‖B‖/c) min(s_i, s_k)/max(s_i, s_k), the bound on |R_ik| as the ledger states it."""
    bound = 2 * _q * Min(_s_i, _s_k) / Max(_s_i, _s_k)
    return Formula("alignment-rank-r", (_q, _s_i, _s_k), bound, _DOMAIN)


@cache
def rank_bound_above() -> Formula:
    """(‖B‖/c) s_i/s_k, for i > k."""
    return Formula("alignment-rank-r", (_q, _s_i, _s_k), _q * _s_i / _s_k, f"{_DOMAIN}, $i > k$")


@cache
def rank_bound_below() -> Formula:
    """(‖B‖/c) (s_k/s_i) [1 + (s_{r+1}/s_k) min(1, (‖B‖/c) s_{r+1}/s_k)], for i < k; s_{n+1} = 0."""
    length = Min(Integer(1), _q * _s_next / _s_k)
    bound = _q * _s_k / _s_i * (1 + _s_next / _s_k * length)
    return Formula("alignment-rank-r", (_q, _s_i, _s_k, _s_next), bound, f"{_DOMAIN}, $i < k$")
