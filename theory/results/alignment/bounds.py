"""Section 2 of the ledger: separated singular values force the singular vectors to align."""

from __future__ import annotations

from functools import cache

from sympy import Expr, Matrix, Max, Min, Rational, Symbol, sqrt

from jacspec.theory.algebra.formula import Formula

__all__ = ["overlap_bound", "top_overlap_squared"]


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


def top_overlap_squared(gram: Matrix) -> Expr:
    """⟨e_1, u_1⟩² for a symmetric 2×2 matrix X with distinct eigenvalues, u_1 its top eigenvector.

    The top spectral projector is P_1 = I/2 + (X - (tr X/2) I)/(λ_1 - λ_2) (Sylvester's formula), so
    (P_1)_11 = 1/2 + (x_11 - x_22)/(2 √((x_11 - x_22)² + 4 x_12²)). Entries may hold symbols.
    """
    difference, off = gram[0, 0] - gram[1, 1], gram[0, 1]
    return Rational(1, 2) + difference / (2 * sqrt(difference**2 + 4 * off**2))
