"""‖B‖² and ‖B⁻¹‖² (Frobenius) by the singular values of A and J and the overlaps of their left vectors.

B = A⁻¹J, in the bases of v_i(A) and v_k: Σ_j s_j(B)² = Σ_ik (s_k/s_i(A))² R_ik², and the same of the inverse
with the ratios turned over. For n = 2, R_11² is all that is left of the overlaps.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sympy import Expr, Integer, Sum, Symbol

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation, ShownEquations
from jacspec.theory.derivations.domain import Parameter
from jacspec.theory.notation.declare import declare
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    JT,
    A,
    B,
    Binv,
    BinvT,
    J,
    i,
    j,
    k,
    l,
    n,
    s,
    sA,
    sB,
    u,
    uA,
    uAT,
    uT,
    v,
    vA,
    vAT,
    vB,
    vBT,
)
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment.facts import SPLIT, fact

_one, _two = Integer(1), Integer(2)

PLANE = Assumption("plane", "$n = 2$", on_chains=True, restricts=(Parameter(n, _two, _two),))

REGULAR = Assumption(
    name="both-nonsingular",
    title="$A_l$ and $B_l$ nonsingular",
    rules=(Rule(BinvT(l) * BT(l), _one),),
    positive=(sA(n, l), sB(n, l), s(n)),
    on_chains=True,
)


def squared(left: Expr, right: Expr) -> Expr:
    """⟨left, right⟩⟨right, left⟩: a square of which no variant is a root of a negative number."""
    return inner(left, right) * inner(right, left)


def overlap(i: Expr, k: Expr) -> Expr:
    """R_ik²."""
    return squared(uA(i, l), u(k))


length = declare(
    "β", l, meaning="squared length (Frobenius) of $B_l$", on_chains=Sum(sB(j, l) ** 2, (j, 1, n))
)
back = declare(
    "β′",
    l,
    meaning="squared length (Frobenius) of the inverse of $B_l$",
    on_chains=Sum(sB(j, l) ** -2, (j, 1, n)),
)

LENGTHS = fact(
    "lengths-of-B",
    "lengths of $B_l$ and its inverse",
    Rule(length(l), Sum(sB(j, l) ** 2, (j, 1, n))),
    Rule(back(l), Sum(sB(j, l) ** -2, (j, 1, n))),
)
UNIT = fact(
    "unit-vectors-of-all",
    "unit vectors",
    Rule(uT(k) * u(k), _one, (k,)),
    Rule(uAT(i, l) * uA(i, l), _one, (i,)),
    Rule(vBT(j, l) * vB(j, l), _one, (j,)),
)
_GRAM_OF_B = fact(
    "gram-of-B",
    "decomposition of B",
    Rule(BT(l) * B(l), Sum(sB(j, l) ** 2 * vB(j, l) * vBT(j, l), (j, 1, n))),
    Rule(Binv(l) * BinvT(l), Sum(sB(j, l) ** -2 * vB(j, l) * vBT(j, l), (j, 1, n))),
)
_BASIS_OF_A = fact(
    "basis-of-A",
    "orthonormal basis of A",
    Rule(BT(l) * B(l), Sum(BT(l) * vA(i, l) * vAT(i, l) * B(l), (i, 1, n))),
    Rule(Binv(l) * BinvT(l), Sum(Binv(l) * vA(i, l) * vAT(i, l) * BinvT(l), (i, 1, n))),
)
_PAIRS = fact(
    "singular-pairs-of-A-and-J",
    "singular pairs",
    Rule(vAT(i, l) * AT(l), sA(i, l) * uAT(i, l), (i,)),
    Rule(uAT(i, l) * A(l), sA(i, l) * vAT(i, l), (i,)),
    Rule(J * v(k), s(k) * u(k), (k,)),
    Rule(JT * u(k), s(k) * v(k), (k,)),
)
_EVERY_I, _EVERY_J, _EVERY_K = (i, 1, n), (j, 1, n), (k, 1, n)


def _basis(vectors: str, of: Expr, seen: Expr, limits: tuple[Expr, int, Expr], index: Symbol) -> Assumption:
    """Pythagoras: |of|² = Σ seen."""
    name = f"basis-{vectors}"
    return fact(name, "orthonormal basis", Rule(of, Sum(seen, limits), (index,)))


_IN_V = _basis("v_k", vBT(j, l) * vB(j, l), squared(vB(j, l), v(k)), _EVERY_K, j)
_IN_U = _basis("u_k", uAT(i, l) * uA(i, l), overlap(i, k), _EVERY_K, i)
IN_U_OF_A = _basis("u_i(A_l)", uT(k) * u(k), overlap(i, k), _EVERY_I, k)


def _along(power: int, size: Callable[[Expr], Expr]) -> Expr:
    """Σ_i s_i(A)^{-p} ((s_1^p - s_2^p) R_i1² + s_2^p length_i), for p = ±2."""
    first, rest = s(1) ** power - s(2) ** power, s(2) ** power
    seen = first * overlap(i, _one) + rest * size(i)
    return Sum(sA(i, l) ** -power * seen, _EVERY_I)


def _begun(title: str, start: Expr, power: int, matrix: Expr) -> Calculation:
    """From Σ_j s_j(B)^p to Σ_ik ⟨v_i(A), X v_k⟩², X = B or B⁻ᵀ."""
    weight, seen = sB(j, l) ** power, squared(vB(j, l), v(k))
    return (
        Calculation(title, start)
        .equals(Sum(weight, _EVERY_J), "by definition", LENGTHS)
        .equals(Sum(weight * inner(vB(j, l), vB(j, l)), _EVERY_J), "unit vectors", UNIT)
        .equals(Sum(weight * seen, _EVERY_J, _EVERY_K), "length in a basis", _IN_V)
        .equals(Sum(inner(matrix * v(k), matrix * v(k)), _EVERY_K), "collect $B_l$", _GRAM_OF_B)
        .equals(_everywhere(squared(vA(i, l), matrix * v(k))), "expand in a basis", _BASIS_OF_A)
    )


def _everywhere(summand: Expr) -> Expr:
    return Sum(summand, _EVERY_I, _EVERY_K)


def _in_the_plane(part: Calculation, power: int) -> Calculation:
    """For n = 2, u_2 is what u_1 leaves, and R_21² = ⟨u_1, u_1⟩ - R_11²."""
    unit, first = inner(u(1), u(1)), overlap(_one, _one)
    beside = (sA(1, l) * s(1)) ** power + (sA(2, l) * s(2)) ** power
    across = (sA(1, l) * s(2)) ** power + (sA(2, l) * s(1)) ** power
    return (
        part.equals(
            _along(power, lambda each: inner(uA(each, l), uA(each, l))), "length in a basis", PLANE, _IN_U
        )
        .equals(_along(power, lambda _: inner(u(1), u(1))), "unit vectors", UNIT)
        .equals(
            (unit * beside + first * (across - beside)) / (sA(1, l) * sA(2, l)) ** power,
            "length in a basis, written out",
            PLANE,
            IN_U_OF_A,
        )
    )


@cache
def lengths() -> tuple[Calculation, Calculation]:
    """‖B‖² and ‖B⁻¹‖², by the singular values of A and J and the overlaps of their left vectors."""
    ahead = (
        _begun("The length of $B_l$", length(l), 2, B(l))
        .equals(
            _everywhere(sA(i, l) ** -2 * squared(uA(i, l), A(l) * B(l) * v(k))),
            "singular pair of $A_l$",
            _PAIRS,
            REGULAR,
        )
        .equals(_everywhere(sA(i, l) ** -2 * squared(uA(i, l), J * v(k))), "the product is J", SPLIT)
        .equals(_everywhere((s(k) / sA(i, l)) ** 2 * overlap(i, k)), "singular pair of J", _PAIRS)
    )
    behind = (
        _begun("The length of its inverse", back(l), -2, BinvT(l))
        .equals(
            _everywhere(s(k) ** -2 * squared(vA(i, l), BinvT(l) * JT * u(k))), "singular pair of J", _PAIRS
        )
        .equals(
            _everywhere(s(k) ** -2 * squared(vA(i, l), BinvT(l) * BT(l) * AT(l) * u(k))),
            "split the product",
            SPLIT,
        )
        .equals(_everywhere(s(k) ** -2 * squared(vA(i, l), AT(l) * u(k))), "$B_l$ and its inverse", REGULAR)
        .equals(_everywhere((sA(i, l) / s(k)) ** 2 * overlap(i, k)), "singular pair of $A_l$", _PAIRS)
    )
    return _in_the_plane(ahead, 2), _in_the_plane(behind, -2)


def both_lengths() -> tuple[ShownEquations, ...]:
    """Both lengths for n = 2, to be used by later steps."""
    return tuple(
        part.as_lemma(part.title.lower(), part.title, Rule(part.start, part.end)) for part in lengths()
    )
