"""The notation of the ledger (docs/ledger.md, section 0) as SymPy objects: every symbol, declared once.

The depth ``N`` and every index are symbols too. A formula written with these heads therefore holds for
general ``N`` and ``n``. What has no index (J, G, c, α) stands here as the expression itself.
"""

from __future__ import annotations

from sympy import Symbol

from jacspec.theory.notation.heads import Argument, Kind, Product, Quantity, pair, scalar

# Indices, depth, width and the level of strong alignment.
N = Symbol("N", integer=True, positive=True)
n = Symbol("n", integer=True, positive=True)
i, j, k, l, r = (Symbol(name, integer=True, positive=True) for name in "ijklr")  # noqa: E741
epsilon = Symbol("epsilon", nonnegative=True)

_FACTOR, _PRODUCT, _GATE = (Argument.FACTOR,), (Argument.PRODUCT,), (Argument.GATE,)
_DIRECTION, _POWER = (Argument.DIRECTION,), (Argument.POWER,)
_OF_PRODUCT = (Argument.DIRECTION, Argument.PRODUCT)
_LEADING = (Argument.LEADING, Argument.PRODUCT)
_FRAME = (Argument.DIRECTION, Argument.GATE)

# The chain: factors, partial products, J, and their velocities.
M, MT = pair("M", Quantity.FACTOR, Kind.MATRIX, _FACTOR, "M_{0}", "M_{{{0}}}")
Mdot, MdotT = pair("Mdot", Quantity.FACTOR, Kind.MATRIX, _FACTOR, "Ṁ_{0}", r"\dot M_{{{0}}}", velocity=True)
A, AT = pair("A", Quantity.PRODUCT, Kind.MATRIX, _PRODUCT, "A_{0}", "A_{{{0}}}", of=Product.A)
Adot, AdotT = pair(
    "Adot", Quantity.PRODUCT, Kind.MATRIX, _PRODUCT, "Ȧ_{0}", r"\dot A_{{{0}}}", of=Product.A, velocity=True
)
B, BT = pair("B", Quantity.PRODUCT, Kind.MATRIX, _PRODUCT, "B_{0}", "B_{{{0}}}", of=Product.B)
Bdot, BdotT = pair(
    "Bdot", Quantity.PRODUCT, Kind.MATRIX, _PRODUCT, "Ḃ_{0}", r"\dot B_{{{0}}}", of=Product.B, velocity=True
)
Ainv, AinvT = pair(
    "Ainv", Quantity.PRODUCT, Kind.MATRIX, _PRODUCT, "A_{0}", "A_{{{0}}}", of=Product.A, inverse=True
)
Binv, BinvT = pair(
    "Binv", Quantity.PRODUCT, Kind.MATRIX, _PRODUCT, "B_{0}", "B_{{{0}}}", of=Product.B, inverse=True
)
_J, _JT = pair("J", Quantity.PRODUCT, Kind.MATRIX, (), "J", "J", of=Product.J)
_Jdot, _JdotT = pair("Jdot", Quantity.PRODUCT, Kind.MATRIX, (), "J̇", r"\dot J", of=Product.J, velocity=True)
_G, _GT = pair("G", Quantity.GRADIENT, Kind.MATRIX, (), "G", "G")
J, Jdot, G = _J(), _Jdot(), _G()
JT, GT = _JT(), _GT()

# Singular values and vectors of J, of A_l and of B_l.
sdot = scalar(
    "sdot", Quantity.SINGULAR_VALUE, _DIRECTION, "ṡ_{0}", r"\dot s_{{{0}}}", of=Product.J, velocity=True
)
s = scalar("s", Quantity.SINGULAR_VALUE, _DIRECTION, "s_{0}", "s_{{{0}}}", of=Product.J, positive=True)
sA = scalar(
    "sA",
    Quantity.SINGULAR_VALUE,
    _OF_PRODUCT,
    "s_{0}(A_{1})",
    "s_{{{0}}}(A_{{{1}}})",
    of=Product.A,
    positive=True,
)
sB = scalar(
    "sB",
    Quantity.SINGULAR_VALUE,
    _OF_PRODUCT,
    "s_{0}(B_{1})",
    "s_{{{0}}}(B_{{{1}}})",
    of=Product.B,
    positive=True,
)
u, uT = pair("u", Quantity.LEFT_VECTOR, Kind.COLUMN, _DIRECTION, "u_{0}", "u_{{{0}}}", of=Product.J)
v, vT = pair("v", Quantity.RIGHT_VECTOR, Kind.COLUMN, _DIRECTION, "v_{0}", "v_{{{0}}}", of=Product.J)
udot, udotT = pair(
    "udot",
    Quantity.LEFT_VECTOR,
    Kind.COLUMN,
    _DIRECTION,
    "u̇_{0}",
    r"\dot u_{{{0}}}",
    of=Product.J,
    velocity=True,
)
vdot, vdotT = pair(
    "vdot",
    Quantity.RIGHT_VECTOR,
    Kind.COLUMN,
    _DIRECTION,
    "v̇_{0}",
    r"\dot v_{{{0}}}",
    of=Product.J,
    velocity=True,
)
uA, uAT = pair(
    "uA", Quantity.LEFT_VECTOR, Kind.COLUMN, _OF_PRODUCT, "u_{0}(A_{1})", "u_{{{0}}}(A_{{{1}}})", of=Product.A
)
vA, vAT = pair(
    "vA",
    Quantity.RIGHT_VECTOR,
    Kind.COLUMN,
    _OF_PRODUCT,
    "v_{0}(A_{1})",
    "v_{{{0}}}(A_{{{1}}})",
    of=Product.A,
)
uB, uBT = pair(
    "uB", Quantity.LEFT_VECTOR, Kind.COLUMN, _OF_PRODUCT, "u_{0}(B_{1})", "u_{{{0}}}(B_{{{1}}})", of=Product.B
)
vB, vBT = pair(
    "vB",
    Quantity.RIGHT_VECTOR,
    Kind.COLUMN,
    _OF_PRODUCT,
    "v_{0}(B_{1})",
    "v_{{{0}}}(B_{{{1}}})",
    of=Product.B,
)

# Depth scaling and strong alignment: rates, intercepts, and the bounded misalignments that ε
# multiplies.
gamma = scalar("gamma", Quantity.RATE, _DIRECTION, "γ_{0}", r"\gamma_{{{0}}}")
delta = scalar("delta", Quantity.INTERCEPT, _DIRECTION, "δ_{0}", r"\delta_{{{0}}}")
eA, eAT = pair(
    "eA",
    Quantity.MISALIGNMENT,
    Kind.COLUMN,
    _OF_PRODUCT,
    "f_{0}(A_{1})",
    "f_{{{0}}}(A_{{{1}}})",
    of=Product.A,
)
eB, eBT = pair(
    "eB",
    Quantity.MISALIGNMENT,
    Kind.COLUMN,
    _OF_PRODUCT,
    "f_{0}(B_{1})",
    "f_{{{0}}}(B_{{{1}}})",
    of=Product.B,
)

# Balanced chains: C_l = M_lᵀ M_l and the powers of P = M_N M_Nᵀ and of Q = M_1ᵀ M_1; the spectrum
# that all factors share there, and the frames between which they act.
C, CT = pair("C", Quantity.GRAM, Kind.MATRIX, _PRODUCT, "C_{0}", "C_{{{0}}}")
P, PT = pair("P", Quantity.LEFT_POWER, Kind.MATRIX, _POWER, "P^{0}", "{{P^{{{0}}}}}")
Q, QT = pair("Q", Quantity.RIGHT_POWER, Kind.MATRIX, _POWER, "Q^{0}", "{{Q^{{{0}}}}}")
sigma = scalar("sigma", Quantity.COMMON_VALUE, _DIRECTION, "s_{0}(M)", "s_{{{0}}}(M)", positive=True)
q, qT = pair("q", Quantity.FRAME, Kind.COLUMN, _FRAME, "q_{0}({1})", "q_{{{0}}}({1})")

# Gated networks: raw weights, gates, and the products of both on either side of a layer.
W, WT = pair("W", Quantity.WEIGHT, Kind.MATRIX, _FACTOR, "W_{0}", "W_{{{0}}}")
Wdot, WdotT = pair("Wdot", Quantity.WEIGHT, Kind.MATRIX, _FACTOR, "Ẇ_{0}", r"\dot W_{{{0}}}", velocity=True)
gate, gateT = pair("gate", Quantity.GATE, Kind.MATRIX, _GATE, "D_{0}", "D_{{{0}}}")
E, ET = pair("E", Quantity.LEFT_OF_WEIGHT, Kind.MATRIX, _GATE, "Φ_{0}", r"\Phi_{{{0}}}")
F, FT = pair("F", Quantity.RIGHT_OF_WEIGHT, Kind.MATRIX, _PRODUCT, "Ψ_{0}", r"\Psi_{{{0}}}")

# Drives ṡ_k = c s_k^{2-2/N+α}; overlaps measured in units of the ratios of singular values.
_c = scalar("c", Quantity.STRENGTH, (), "c", "c", positive=True)
_p = scalar("p", Quantity.POWER, (), "α", r"\alpha")
c, p = _c(), _p()
# The first r directions of A_l: s_r of Y_l and of X_l, the first r rows and columns of V_Aᵀ B, the columns
# y_i of the right inverse of Y_l, and what of A_l lies beyond them. And the norm of a factor's velocity.
cY = scalar("cY", Quantity.LEAST_OF_ROWS, _PRODUCT, "s_r(Y_{0})", "s_{{r}}(Y_{{{0}}})", positive=True)
cX = scalar("cX", Quantity.LEAST_OF_COLUMNS, _PRODUCT, "s_r(X_{0})", "s_{{r}}(X_{{{0}}})", positive=True)
y, yT = pair("y", Quantity.RIGHT_INVERSE, Kind.COLUMN, _LEADING, "y_{0}(B_{1})", "y_{{{0}}}(B_{{{1}}})")
z, zT = pair("z", Quantity.COMBINATION, Kind.COLUMN, _LEADING, "z_{0}(A_{1})", "z_{{{0}}}(A_{{{1}}})")
beyond, beyondT = pair("beyond", Quantity.BEYOND, Kind.MATRIX, _PRODUCT, "A^>_{0}", "{{A^{{>}}_{{{0}}}}}")
speed = scalar("speed", Quantity.SPEED, _FACTOR, "‖Ṁ_{0}‖", r"\lVert\dot M_{{{0}}}\rVert", positive=True)
# v_k(A_l) with the directions before it eliminated: they do not see B Bᵀ η_k.
eta, etaT = pair(
    "eta",
    Quantity.ELIMINATED,
    Kind.COLUMN,
    _OF_PRODUCT,
    "η_{0}(A_{1})",
    r"\eta_{{{0}}}(A_{{{1}}})",
    of=Product.A,
)
# Courant and Fischer's vectors: w_k of J against A_l, ξ_k of A_l against J; those of the transposed chain.
w, wT = pair("w", Quantity.LEFT_COMMON, Kind.COLUMN, _DIRECTION, "w_{0}", "w_{{{0}}}", of=Product.J)
x, xT = pair("x", Quantity.LEFT_COMMON, Kind.COLUMN, _DIRECTION, "ξ_{0}", r"\xi_{{{0}}}", of=Product.A)
wR, wRT = pair(
    "wR", Quantity.RIGHT_COMMON, Kind.COLUMN, _DIRECTION, "w̃_{0}", r"\tilde w_{{{0}}}", of=Product.J
)
xR, xRT = pair(
    "xR", Quantity.RIGHT_COMMON, Kind.COLUMN, _DIRECTION, "ξ̃_{0}", r"\tilde\xi_{{{0}}}", of=Product.B
)
rho = scalar("rho", Quantity.LEFT_OVERLAP, _DIRECTION, "ρ_{0}", r"\rho_{{{0}}}")
tau = scalar("tau", Quantity.RIGHT_OVERLAP, _DIRECTION, "τ_{0}", r"\tau_{{{0}}}")
