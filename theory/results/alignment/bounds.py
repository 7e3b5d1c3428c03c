"""Section 2 of the ledger: separated singular values force the singular vectors to align."""

from __future__ import annotations

from functools import cache

from sympy import Max, Min, Symbol

from jacspec.theory.algebra.formula import Formula


@cache
def overlap_bound() -> Formula:
    """κ(B) · min(s_i, s_k)/max(s_i, s_k), the bound on |R_ik| (ledger: ``alignment``).

    Here s_i and s_k are singular values of A, not zero, and κ(B) = s_1(B)/s_min(B) the
    condition number of a nonsingular B. The proof (ledger, section 2): for i < k, s_i(A) R_ik =
    s_k(J) ⟨v_k(J), B⁻¹ v_i(A)⟩ with s_k(J) ≤ s_k(A) s_1(B); for i > k, s_k(J) R_ik = s_i(A)
    ⟨v_i(A), B v_k(J)⟩ with s_k(J) ≥ s_k(A) s_min(B).
    """
    kappa, s_i, s_k = (Symbol(name, positive=True) for name in ("kappa", "s_i", "s_k"))
    return Formula(
        "alignment",
        (kappa, s_i, s_k),
        kappa * Min(s_i, s_k) / Max(s_i, s_k),
        "$B$ nonsingular, $i ≠ k$, $s_i$ and $s_k$ not zero",
    )
