"""What the symbols of the notation stand for, in words; mathematics stands between dollar signs."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Expr
from sympy.core.function import AppliedUndef

from jacspec.theory.notation.heads import Head, Own, head_of
from jacspec.theory.notation.symbols import (
    A,
    Ainv,
    B,
    Binv,
    C,
    E,
    F,
    G,
    J,
    M,
    P,
    Q,
    W,
    beyond,
    c,
    cY,
    delta,
    eA,
    eB,
    eta,
    gamma,
    gate,
    p,
    q,
    rho,
    s,
    sA,
    sB,
    sigma,
    speed,
    tau,
    u,
    uA,
    uB,
    v,
    vA,
    vB,
    w,
    wR,
    x,
    xR,
    y,
    z,
)

__all__ = ["GLOSSARY", "meanings"]


def _heads(*named: Head | Expr) -> frozenset[Head]:
    """Heads, given as such or, where they have no index, as expressions."""
    heads = (each if isinstance(each, Head) else head_of(each) for each in named)
    return frozenset(head for head in heads if head is not None)


GLOSSARY: tuple[tuple[frozenset[Head], str], ...] = (
    (_heads(M), "$M_l$: the factor of layer $l$"),
    (_heads(J), "$J = M_N ⋯ M_1$: the product of all factors"),
    (_heads(A, B), "$A_l$, $B_l$: the partial products $M_N ⋯ M_l$ and $M_{l-1} ⋯ M_1$"),
    (_heads(Ainv, Binv), "$A_l^{-1}$, $B_l^{-1}$: the inverses of the partial products"),
    (_heads(s, u, v), "$s_k$, $u_k$, $v_k$: singular values and vectors of $J$"),
    (_heads(sA, uA, vA), "$s_k(A_l)$, $u_k(A_l)$, $v_k(A_l)$: those of $A_l$"),
    (_heads(sB, uB, vB), "$s_k(B_l)$, $u_k(B_l)$, $v_k(B_l)$: those of $B_l$"),
    (_heads(G), "$G = ∂L/∂J$: the gradient of the loss"),
    (_heads(gamma, delta), "$γ_k$, $δ_k$: the rate and the intercept of depth scaling"),
    (_heads(eA, eB), "$e_k(A_l)$, $e_k(B_l)$: the bounded misalignments that $ε$ multiplies"),
    (_heads(C), "$C_l = M_lᵀ M_l$: the Gram matrix of a factor"),
    (_heads(P, Q), "$P^j$, $Q^j$: powers of $P = M_N M_Nᵀ$ and of $Q = M_1ᵀ M_1$"),
    (_heads(sigma, q), "$σ_k$, $q_k(l)$: the spectrum of every factor, and orthonormal frames"),
    (_heads(W), "$W_l$: the raw weights of layer $l$"),
    (_heads(gate), "$D_l$: the gate behind layer $l$"),
    (_heads(E, F), "$E_l$, $F_l$: what stands left and right of $W_l$ in the product"),
    (_heads(c, p), "$c$, $p$: the strength of the drive, and its power of the singular value"),
    (_heads(cY), "$c = s_r(Y)$: the least singular value of the first $r$ rows $Y$ of $V_{A_l}ᵀ B_l$"),
    (_heads(y), "$y_j$: the columns of the right inverse of $Y$"),
    (_heads(z), "$z_j$: combinations of the first $r$ $v_i(A_l)$ with $y_j = B_lᵀ z_j$"),
    (_heads(beyond), "$A^>$: $A_l$ without its $r$ leading modes"),
    (
        _heads(eta),
        "$η_k(A_l)$: $v_k(A_l)$ and a combination of those before it, which do not see $B_l B_lᵀ η_k(A_l)$",
    ),
    (_heads(speed), "$‖Ṁ_l‖$: the norm of the velocity of a factor"),
    (
        _heads(w, x, wR, xR),
        "$w_k$, $x_k$: unit vectors in the span of the first $k$ left singular vectors of one matrix ($J$ or "
        "$A_l$) and orthogonal to the first $k-1$ of the other; $w̃_k$, $x̃_k$: right ones, of $J$ and $B_l$",
    ),
    (_heads(rho, tau), "$ρ_i$, $τ_j$: overlaps in units of ratios of singular values"),
)
"""Heads, and what they stand for. Transposes and velocities are explained with what they belong to."""


def meanings(expressions: Iterable[Expr]) -> tuple[str, ...]:
    """What the symbols of the expressions stand for, in the order of the notation."""
    heads = (head_of(atom) for each in expressions for atom in each.atoms(AppliedUndef))
    used = {head.upright.at_rest for head in heads if head is not None}
    own = sorted({head.quantity.described for head in used if isinstance(head.quantity, Own)})
    return (*(words for named, words in GLOSSARY if named & used), *own)
