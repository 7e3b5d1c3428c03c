"""Numbers of the notation that are plain symbols, each declared once and explained in the glossary."""

from __future__ import annotations

from sympy import Symbol

# One mode under its drive: ṡ = c s^{2-2/N}.
strength, start, time, base = (Symbol(name, positive=True) for name in ("c", "s_0", "t", "b"))

# What is drawn: entries of standard deviation σ, gates that are open with probability p.
deviation, chance = Symbol("sigma", positive=True), Symbol("p", positive=True)

# χ_m, the length of m independent standard normal numbers: a value of it, and a power.
chi, power = Symbol("chi", positive=True), Symbol("a", positive=True)

count = Symbol("m", integer=True, positive=True)
terms, term = (Symbol(name, integer=True, nonnegative=True) for name in "Hm")

small = Symbol("h", positive=True)
"""What tends to 0 while everything else stays."""

# n = 2: the ratios of singular values of A_l and of J, and the condition number of B_l.
ratio_of_A, ratio_of_J, kappa = (Symbol(name, positive=True) for name in ("x", "x_J", "kappa"))
room, root = Symbol("room", positive=True), Symbol("root", positive=True)

# To first order in the ratios of singular values: see theory/results/alignment/first_order.py.
mu, length = Symbol("mu", positive=True), Symbol("length", positive=True)


def gram(first: int, second: int) -> Symbol:
    """g_ij = g_ji, an entry of V_Aᵀ B Bᵀ V_A."""
    low, high = sorted((first, second))
    return Symbol(f"g_{low}{high}", positive=low == high or None, real=True)


def overlap(i: int, k: int) -> Symbol:
    """R_ik, its sign chosen so that R_kk is positive."""
    return Symbol(f"R_{i}{k}", real=True)


def coordinate(index: int) -> Symbol:
    """λ_i, a coordinate of an eigenvector in units of a ratio."""
    return Symbol(f"lambda_{index}", real=True)


def ratio(lower: int, upper: int) -> Symbol:
    """s_lower/s_upper of A, in units of what tends to 0."""
    return Symbol(f"zeta_{lower}{upper}", positive=True)
