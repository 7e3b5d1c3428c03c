"""The notation of the ledger (claims.md §0) as SymPy objects.

Every symbol of the theory is declared once, here, as a *head*: its name, what kind of thing it is,
how it is printed, and which heads are its transpose and its time derivative. Matrices and vectors
are non-commutative, so that a SymPy product of them is a matrix product of unspecified width ``n``;
the depth ``N`` and every index are symbols too. A formula written with these heads therefore holds
for general ``N`` and ``n``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sympy import Add, Expr, Function, Mul, Symbol, sympify

__all__ = [
    "AT",
    "BT",
    "ET",
    "FT",
    "GT",
    "HEADS",
    "JT",
    "MT",
    "WT",
    "A",
    "Ainv",
    "AinvT",
    "B",
    "Bdot",
    "Binv",
    "BinvT",
    "C",
    "D",
    "E",
    "F",
    "G",
    "Head",
    "Inner",
    "J",
    "Jdot",
    "Kind",
    "M",
    "Mdot",
    "MdotT",
    "N",
    "P",
    "Q",
    "W",
    "Wdot",
    "WdotT",
    "beyond",
    "c",
    "cY",
    "delta",
    "eA",
    "eB",
    "epsilon",
    "gamma",
    "gate",
    "head_of",
    "i",
    "inner",
    "j",
    "k",
    "l",
    "n",
    "p",
    "q",
    "qT",
    "r",
    "rho",
    "s",
    "sA",
    "sB",
    "sdot",
    "sigma",
    "speed",
    "tau",
    "transpose_word",
    "u",
    "uA",
    "uAT",
    "uB",
    "uBT",
    "uT",
    "udot",
    "udotT",
    "v",
    "vA",
    "vAT",
    "vB",
    "vBT",
    "vT",
    "vdot",
    "w",
    "wT",
    "word_kinds",
    "x",
    "xT",
    "y",
    "yT",
    "z",
]


class Kind(Enum):
    """What a head stands for; decides how words of heads multiply."""

    SCALAR = "scalar"
    MATRIX = "n×n matrix"
    COLUMN = "column of length n"
    ROW = "row of length n"


@dataclass(frozen=True)
class Head:
    """One symbol of the notation: ``name`` applied to ``arity`` integer indices.

    ``text`` and ``latex`` are templates into which the printed indices go (``{0}``, ``{1}``).
    ``positive`` marks a scalar that is positive by definition (a non-zero singular value).
    """

    name: str
    kind: Kind
    arity: int
    text: str
    latex: str
    positive: bool = False
    transpose: str | None = None
    derivative: str | None = None

    @property
    def symbol(self) -> Callable[..., Expr]:
        """The SymPy function that builds this head from its indices."""
        if self.kind is Kind.SCALAR:
            return Function(self.name, real=True, positive=self.positive or None)  # type: ignore[no-any-return]
        return Function(self.name, commutative=False)  # type: ignore[no-any-return]


HEADS: dict[str, Head] = {}
"""Every head by its SymPy name."""


def _declare(head: Head) -> Callable[..., Expr]:
    HEADS[head.name] = head
    return head.symbol


def _scalar(
    name: str, arity: int, text: str, latex: str, *, positive: bool = False, dot: str | None = None
) -> Callable[..., Expr]:
    return _declare(Head(name, Kind.SCALAR, arity, text, latex, positive=positive, derivative=dot))


def _pair(
    name: str, kind: Kind, arity: int, text: str, latex: str, *, dot: str | None = None
) -> tuple[Callable[..., Expr], Callable[..., Expr]]:
    """Declare a matrix or a column together with its transpose, named with a ``T``."""
    flipped = {Kind.MATRIX: Kind.MATRIX, Kind.COLUMN: Kind.ROW}[kind]
    dot_t = None if dot is None else dot + "T"
    plain = _declare(Head(name, kind, arity, text, latex, transpose=name + "T", derivative=dot))
    turned = _declare(
        Head(
            name + "T",
            flipped,
            arity,
            text.replace("⁻¹", "⁻") + "ᵀ",
            latex[:-4] + r"-\top}}" if latex.endswith("-1}}") else latex + r"^{{\top}}",
            transpose=name,
            derivative=dot_t,
        )
    )
    return plain, turned


# Indices, depth, width and the level of strong alignment.
N = Symbol("N", integer=True, positive=True)
n = Symbol("n", integer=True, positive=True)
i, j, k, l, r = (Symbol(name, integer=True, positive=True) for name in "ijklr")  # noqa: E741
epsilon = Symbol("epsilon", nonnegative=True)

# The chain: factors, partial products, J, and their velocities.
M, MT = _pair("M", Kind.MATRIX, 1, "M_{0}", "M_{{{0}}}", dot="Mdot")
Mdot, MdotT = _pair("Mdot", Kind.MATRIX, 1, "Ṁ_{0}", r"\dot M_{{{0}}}")
A, AT = _pair("A", Kind.MATRIX, 1, "A_{0}", "A_{{{0}}}", dot="Adot")
Adot, AdotT = _pair("Adot", Kind.MATRIX, 1, "Ȧ_{0}", r"\dot A_{{{0}}}")
B, BT = _pair("B", Kind.MATRIX, 1, "B_{0}", "B_{{{0}}}", dot="Bdot")
Bdot, BdotT = _pair("Bdot", Kind.MATRIX, 1, "Ḃ_{0}", r"\dot B_{{{0}}}")
Ainv, AinvT = _pair("Ainv", Kind.MATRIX, 1, "A_{0}⁻¹", "A_{{{0}}}^{{-1}}")
Binv, BinvT = _pair("Binv", Kind.MATRIX, 1, "B_{0}⁻¹", "B_{{{0}}}^{{-1}}")
_J, _JT = _pair("J", Kind.MATRIX, 0, "J", "J", dot="Jdot")
_Jdot, _JdotT = _pair("Jdot", Kind.MATRIX, 0, "J̇", r"\dot J")
_G, _GT = _pair("G", Kind.MATRIX, 0, "G", "G")
J, Jdot, G = _J(), _Jdot(), _G()
JT, GT = _JT(), _GT()

# Singular values and vectors of J, of A_l and of B_l.
sdot = _scalar("sdot", 1, "ṡ_{0}", r"\dot s_{{{0}}}")
s = _scalar("s", 1, "s_{0}", "s_{{{0}}}", positive=True, dot="sdot")
sA = _scalar("sA", 2, "s_{0}(A_{1})", "s_{{{0}}}(A_{{{1}}})", positive=True)
sB = _scalar("sB", 2, "s_{0}(B_{1})", "s_{{{0}}}(B_{{{1}}})", positive=True)
u, uT = _pair("u", Kind.COLUMN, 1, "u_{0}", "u_{{{0}}}", dot="udot")
v, vT = _pair("v", Kind.COLUMN, 1, "v_{0}", "v_{{{0}}}", dot="vdot")
udot, udotT = _pair("udot", Kind.COLUMN, 1, "u̇_{0}", r"\dot u_{{{0}}}")
vdot, vdotT = _pair("vdot", Kind.COLUMN, 1, "v̇_{0}", r"\dot v_{{{0}}}")
uA, uAT = _pair("uA", Kind.COLUMN, 2, "u_{0}(A_{1})", "u_{{{0}}}(A_{{{1}}})")
vA, vAT = _pair("vA", Kind.COLUMN, 2, "v_{0}(A_{1})", "v_{{{0}}}(A_{{{1}}})")
uB, uBT = _pair("uB", Kind.COLUMN, 2, "u_{0}(B_{1})", "u_{{{0}}}(B_{{{1}}})")
vB, vBT = _pair("vB", Kind.COLUMN, 2, "v_{0}(B_{1})", "v_{{{0}}}(B_{{{1}}})")

# Depth scaling and strong alignment: rates, intercepts, and the bounded misalignments that ε
# multiplies.
gamma = _scalar("gamma", 1, "γ_{0}", r"\gamma_{{{0}}}")
delta = _scalar("delta", 1, "δ_{0}", r"\delta_{{{0}}}")
eA, eAT = _pair("eA", Kind.COLUMN, 2, "e_{0}(A_{1})", "e_{{{0}}}(A_{{{1}}})")
eB, eBT = _pair("eB", Kind.COLUMN, 2, "e_{0}(B_{1})", "e_{{{0}}}(B_{{{1}}})")

# Balanced chains: C_l = M_lᵀ M_l and the powers of P = M_N M_Nᵀ and of Q = M_1ᵀ M_1; the spectrum
# that all factors share there, and the frames between which they act.
C, CT = _pair("C", Kind.MATRIX, 1, "C_{0}", "C_{{{0}}}")
P, PT = _pair("P", Kind.MATRIX, 1, "P^{0}", "P^{{{0}}}")
Q, QT = _pair("Q", Kind.MATRIX, 1, "Q^{0}", "Q^{{{0}}}")
sigma = _scalar("sigma", 1, "σ_{0}", r"\sigma_{{{0}}}", positive=True)
q, qT = _pair("q", Kind.COLUMN, 2, "q_{0}({1})", "q_{{{0}}}({1})")

# Gated networks: raw weights, gates, and the products of both on either side of a layer.
W, WT = _pair("W", Kind.MATRIX, 1, "W_{0}", "W_{{{0}}}", dot="Wdot")
Wdot, WdotT = _pair("Wdot", Kind.MATRIX, 1, "Ẇ_{0}", r"\dot W_{{{0}}}")
gate, gateT = _pair("gate", Kind.MATRIX, 1, "D_{0}", "D_{{{0}}}")
E, ET = _pair("E", Kind.MATRIX, 1, "E_{0}", "E_{{{0}}}")
F, FT = _pair("F", Kind.MATRIX, 1, "F_{0}", "F_{{{0}}}")

# Drives ṡ_k = c s_k^{2-2/N+p}; overlaps measured in units of the ratios of singular values.
_c = _scalar("c", 0, "c", "c", positive=True)
_p = _scalar("p", 0, "p", "p")
c, p = _c(), _p()
# The first r directions of A_l: c = s_r of the first r rows of V_Aᵀ B, the columns y_i of their right
# inverse, and what of A_l lies beyond them. And the norm of a factor's velocity.
cY = _scalar("cY", 1, "c_{0}", "c_{{{0}}}", positive=True)
y, yT = _pair("y", Kind.COLUMN, 2, "y_{0}(B_{1})", "y_{{{0}}}(B_{{{1}}})")
z, zT = _pair("z", Kind.COLUMN, 2, "z_{0}(A_{1})", "z_{{{0}}}(A_{{{1}}})")
beyond, beyondT = _pair("beyond", Kind.MATRIX, 1, "A^>_{0}", "{{A^{{>}}_{{{0}}}}}")
speed = _scalar("speed", 1, "‖Ṁ_{0}‖", r"\lVert\dot M_{{{0}}}\rVert", positive=True)
# Courant and Fischer's vectors: w_k of J against A_l, x_k of A_l against J; those of the transposed chain.
w, wT = _pair("w", Kind.COLUMN, 1, "w_{0}", "w_{{{0}}}")
x, xT = _pair("x", Kind.COLUMN, 1, "x_{0}", "x_{{{0}}}")
wR, wRT = _pair("wR", Kind.COLUMN, 1, "w̃_{0}", r"\tilde w_{{{0}}}")
xR, xRT = _pair("xR", Kind.COLUMN, 1, "x̃_{0}", r"\tilde x_{{{0}}}")
rho = _scalar("rho", 1, "ρ_{0}", r"\rho_{{{0}}}")
tau = _scalar("tau", 1, "τ_{0}", r"\tau_{{{0}}}")


def head_of(atom: Expr) -> Head | None:
    """Return the head of an applied symbol, or None for anything else."""
    return HEADS.get(atom.func.__name__) if isinstance(atom, Expr) and atom.is_Function else None


class Inner(Expr):  # type: ignore[misc]
    """⟨a, b⟩ = aᵀ b: the scalar product of a word that starts with a row and ends with a column."""

    is_commutative = True
    is_extended_real = True

    def __new__(cls, word: Expr) -> Inner:
        """Wrap a word; the word's transpose is the same scalar, which the normal form knows."""
        return Expr.__new__(cls, sympify(word))  # type: ignore[no-any-return]


class D(Expr):  # type: ignore[misc]
    """The time derivative d/dt of an expression, not yet carried out."""

    def __new__(cls, expression: Expr) -> D:
        """Wrap an expression in d/dt."""
        return Expr.__new__(cls, sympify(expression))  # type: ignore[no-any-return]

    def _eval_is_commutative(self) -> bool:
        return bool(self.args[0].is_commutative)


def inner(left: Expr, right: Expr) -> Expr:
    """⟨left, right⟩ = leftᵀ·right for words of columns and matrices."""
    return Inner(transpose_word(left) * right)


def transpose_word(expression: Expr) -> Expr:
    """(XY⋯Z)ᵀ = Zᵀ⋯YᵀXᵀ, linear over sums; scalars are left alone."""
    if isinstance(expression, Add):
        return Add(*(transpose_word(term) for term in expression.args))
    scalars, factors = expression.args_cnc()
    turned: list[Expr] = []
    for factor in reversed(factors):
        head = head_of(factor)
        if head is None or head.transpose is None:
            message = f"cannot transpose {factor}: it is no head of the notation"
            raise TypeError(message)
        turned.append(HEADS[head.transpose].symbol(*factor.args))
    return Mul(*scalars, *turned)


def word_kinds(factors: tuple[Expr, ...]) -> list[Kind]:
    """Return the kind of each factor of a word."""
    kinds = []
    for factor in factors:
        head = head_of(factor)
        if head is None:
            message = f"{factor} is no matrix or vector of the notation"
            raise TypeError(message)
        kinds.append(head.kind)
    return kinds
