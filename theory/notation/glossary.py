"""What the symbols of the notation stand for, in words; mathematics stands between dollar signs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef

from jacspec.theory.notation import numbers
from jacspec.theory.notation.heads import Head, UserSymbol, head_of
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
    cX,
    cY,
    delta,
    eA,
    eB,
    epsilon,
    eta,
    gamma,
    gate,
    p,
    q,
    r,
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


def letter(number: Symbol) -> str:
    """The name of a number without its indices: g of g_12."""
    return str(number).partition("_")[0]


@dataclass(frozen=True)
class Meaning:
    """What heads, and numbers by their letters, stand for."""

    words: str
    heads: frozenset[Head] = field(default=frozenset(), kw_only=True)
    numbers: frozenset[str] = field(default=frozenset(), kw_only=True)


def _said(words: str, *named: Head | Expr) -> Meaning:
    """Of heads, given as such or, where they have no index, as expressions; and of numbers."""
    heads = (each if isinstance(each, Head) else head_of(each) for each in named)
    return Meaning(
        words,
        heads=frozenset(head for head in heads if head is not None),
        numbers=frozenset(letter(each) for each in named if isinstance(each, Symbol)),
    )


GLOSSARY: tuple[Meaning, ...] = (
    _said("$M_l$: the factor of layer $l$", M),
    _said("$J = M_N ⋯ M_1$: the product of all factors", J),
    _said("$A_l$, $B_l$: the partial products $M_N ⋯ M_l$ and $M_{l-1} ⋯ M_1$", A, B),
    _said("$A_l^{-1}$, $B_l^{-1}$: the inverses of the partial products", Ainv, Binv),
    _said("$s_k$, $u_k$, $v_k$: singular values and vectors of $J$", s, u, v),
    _said("$s_k(A_l)$, $u_k(A_l)$, $v_k(A_l)$: those of $A_l$", sA, uA, vA),
    _said("$s_k(B_l)$, $u_k(B_l)$, $v_k(B_l)$: those of $B_l$", sB, uB, vB),
    _said("$s_k(M)$, $q_k(l)$: the singular values of every factor alike, and orthonormal frames", sigma, q),
    _said("$G = ∂L/∂J$: the gradient of the loss", G),
    _said("$γ_k$, $δ_k$: the rate and the intercept of depth scaling", gamma, delta),
    _said("$f_k(A_l)$, $f_k(B_l)$: the bounded misalignments that $ε$ multiplies", eA, eB),
    _said("$ε$: the level of misalignment", epsilon),
    _said("$C_l = M_lᵀ M_l$: the Gram matrix of a factor", C),
    _said("$P^j$, $Q^j$: powers of $P = M_N M_Nᵀ$ and of $Q = M_1ᵀ M_1$", P, Q),
    _said("$W_l$: the raw weights of layer $l$", W),
    _said("$D_l$: the gate behind layer $l$", gate),
    _said("$Φ_l$, $Ψ_l$: what stands left and right of $W_l$ in the product", E, F),
    _said("$c$, $α$: the strength of the drive, and its power of the singular value", c, p, numbers.strength),
    _said(
        "$t$: time; $s_0$: a singular value at $t = 0$; $b$: the base of the power that $S_N(t)$ is",
        numbers.time,
        numbers.start,
        numbers.base,
    ),
    _said("$r$: a number of leading directions", r),
    _said("$s_r(Y_l)$: the least singular value of $Y_l$, the first $r$ rows of $V_{A_l}ᵀ B_l$", cY),
    _said("$s_r(X_l)$: the least singular value of $X_l$, the first $r$ columns of $V_{A_l}ᵀ B_l$", cX),
    _said("$y_j(B_l)$: the columns of the right inverse of $Y_l$", y),
    _said("$z_j(A_l)$: combinations of the first $r$ $v_i(A_l)$ with $y_j(B_l) = B_lᵀ z_j(A_l)$", z),
    _said("$A^>_l$: $A_l$ without its $r$ leading modes", beyond),
    _said(
        "$η_k(A_l)$: $v_k(A_l)$ and a combination of those before it, which do not see $B_l B_lᵀ η_k(A_l)$",
        eta,
    ),
    _said("$‖Ṁ_l‖$: the norm of the velocity of a factor", speed),
    _said(
        "$w_k$, $ξ_k$: unit vectors in the span of the first $k$ left singular vectors of one matrix ($J$ or "
        "$A_l$) and orthogonal to the first $k-1$ of the other; $w̃_k$, $ξ̃_k$: right ones, of $J$ and $B_l$",
        w,
        x,
        wR,
        xR,
    ),
    _said("$ρ_i$, $τ_j$: overlaps in units of ratios of singular values", rho, tau),
    _said(
        "$R_l = U_{A_l}ᵀ U_J$: the overlap of $A_l$ with $J$, signs chosen so that the diagonal is not "
        "negative; $R_{ik}$ an entry; $V_Jᵀ V_{B_l}$ is the one on the right",
        numbers.overlap(1, 2),
    ),
    _said("$κ(B) = s_1(B)/s_n(B)$: the condition number; $κ$ that of $B_l$", numbers.kappa),
    _said(
        "$x$, $x_J$: for $n = 2$ the ratios $s_2/s_1$ of $A_l$ and of $J$; room: by how much $1/x$ exceeds "
        "$κ$; root: an auxiliary square root",
        numbers.ratio_of_A,
        numbers.ratio_of_J,
        numbers.room,
        numbers.root,
    ),
    _said("$h$: a positive number; $h → 0$ in limits", numbers.small),
    _said(
        "$σ$, $p$: the standard deviation of Gaussian entries; the probability with which a gate is open",
        numbers.deviation,
        numbers.chance,
    ),
    _said(
        "$χ_m$, $a$: the length of $m$ independent standard normal numbers, and a power of it",
        numbers.chi,
        numbers.power,
    ),
    _said("$m$, $H$: a whole number, as of open gates; a number of terms", numbers.count, numbers.terms),
    _said("$g_{ij}$: the entries of $V_{A_l}ᵀ B_l B_lᵀ V_{A_l}$", numbers.gram(1, 2)),
    _said("$ζ_{ki}$: the ratio $s_k(A_l)/s_i(A_l)$ in units of $h$", numbers.ratio(2, 1)),
    _said(
        "$λ_i$: the coordinates of an eigenvector of $(s_i(A_l) g_{ij} s_j(A_l))$, in units of $h ζ_{ki}$ or "
        "$h ζ_{ik}$; $μ$: its eigenvalue over $s_k(A_l)^2$; length: its length",
        numbers.coordinate(1),
        numbers.mu,
        numbers.length,
    ),
)
"""What each symbol stands for. Transposes and velocities are explained with what they belong to."""


def meanings(expressions: Iterable[Expr]) -> tuple[str, ...]:
    """What the symbols of the expressions stand for, in the order of the notation."""
    expressions = tuple(expressions)
    heads = (head_of(atom) for each in expressions for atom in each.atoms(AppliedUndef))
    used = {head.upright.at_rest for head in heads if head is not None}
    if any(head.of is not None for head in used):  # those of a partial product
        used |= {A, B}
    letters = {letter(symbol) for each in expressions for symbol in each.free_symbols}
    own = sorted({head.quantity.described for head in used if isinstance(head.quantity, UserSymbol)})
    return (*(each.words for each in GLOSSARY if each.heads & used or each.numbers & letters), *own)
