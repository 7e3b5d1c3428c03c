"""What the symbols of the notation stand for, in words; mathematics stands between dollar signs."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Expr
from sympy.core.function import AppliedUndef

from jacspec.theory.notation.symbols import HEADS

__all__ = ["GLOSSARY", "meanings"]

GLOSSARY: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"M"}), "$M_l$: the factor of layer $l$"),
    (frozenset({"J"}), "$J = M_N ⋯ M_1$: the product of all factors"),
    (frozenset({"A", "B"}), "$A_l$, $B_l$: the partial products $M_N ⋯ M_l$ and $M_{l-1} ⋯ M_1$"),
    (frozenset({"Ainv", "Binv"}), "$A_l^{-1}$, $B_l^{-1}$: the inverses of the partial products"),
    (frozenset({"s", "u", "v"}), "$s_k$, $u_k$, $v_k$: singular values and vectors of J"),
    (frozenset({"sA", "uA", "vA"}), "$s_k(A_l)$, $u_k(A_l)$, $v_k(A_l)$: those of $A_l$"),
    (frozenset({"sB", "uB", "vB"}), "$s_k(B_l)$, $u_k(B_l)$, $v_k(B_l)$: those of $B_l$"),
    (frozenset({"G"}), "$G = ∂L/∂J$: the gradient of the loss"),
    (frozenset({"gamma", "delta"}), "$γ_k$, $δ_k$: the rate and the intercept of depth scaling"),
    (frozenset({"eA", "eB"}), "$e_k(A_l)$, $e_k(B_l)$: the bounded misalignments that $ε$ multiplies"),
    (frozenset({"C"}), "$C_l = M_lᵀ M_l$: the Gram matrix of a factor"),
    (frozenset({"P", "Q"}), "$P^j$, $Q^j$: powers of $P = M_N M_Nᵀ$ and of $Q = M_1ᵀ M_1$"),
    (frozenset({"sigma", "q"}), "$σ_k$, $q_k(l)$: the spectrum of every factor, and orthonormal frames"),
    (frozenset({"W"}), "$W_l$: the raw weights of layer $l$"),
    (frozenset({"gate"}), "$D_l$: the gate behind layer $l$"),
    (frozenset({"E", "F"}), "$E_l$, $F_l$: what stands left and right of $W_l$ in the product"),
    (frozenset({"c", "p"}), "$c$, $p$: the strength of the drive, and its power of the singular value"),
    (frozenset({"cY"}), "$c = s_r(Y)$: the least singular value of the first $r$ rows $Y$ of $V_{A_l}ᵀ B_l$"),
    (frozenset({"y"}), "$y_j$: the columns of the right inverse of $Y$"),
    (frozenset({"z"}), "$z_j$: combinations of the first $r$ $v_i(A_l)$ with $y_j = B_lᵀ z_j$"),
    (frozenset({"beyond"}), "$A^>$: $A_l$ without its $r$ leading modes"),
    (frozenset({"speed"}), "$‖Ṁ_l‖$: the norm of the velocity of a factor"),
    (
        frozenset({"w", "x", "wR", "xR"}),
        "$w_k$, $x_k$: unit vectors in the span of the first $k$ left singular vectors of one matrix (J or "
        "$A_l$) and orthogonal to the first $k-1$ of the other; $w̃_k$, $x̃_k$: right ones, of J and $B_l$",
    ),
    (frozenset({"rho", "tau"}), "$ρ_i$, $τ_j$: overlaps in units of ratios of singular values"),
)
"""Names of heads, and what they stand for. Transposes and velocities are named after their heads."""


def meanings(expressions: Iterable[Expr]) -> tuple[str, ...]:
    """What the symbols of the expressions stand for, in the order of the notation."""
    used = {_plain_name(atom.func.__name__) for each in expressions for atom in each.atoms(AppliedUndef)}
    return tuple(words for names, words in GLOSSARY if names & used)


def _plain_name(name: str) -> str:
    """The head of which this is the transpose, the velocity, or both."""
    head = HEADS[name]
    if head.transpose is not None and name == head.transpose + "T":
        return _plain_name(head.transpose)
    moving = next((each.name for each in HEADS.values() if each.derivative == name), None)
    return name if moving is None else moving
