"""Singular values of a product, from above and below, compared as Courant and Fischer do: by one vector.

k directions of one matrix always hold a unit vector that the first k-1 directions of another do not see,
because k-1 equations in k unknowns have a solution.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sympy import Expr, Integer, KroneckerDelta, Sum

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption, Condition
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation, DerivedLemma
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    JT,
    A,
    B,
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
    uB,
    uBT,
    uT,
    v,
    vA,
    vAT,
    vB,
    vBT,
    vT,
    w,
    wT,
    x,
    xT,
)
from jacspec.theory.notation.words import inner, transpose_word
from jacspec.theory.results.alignment.facts import NONSINGULAR, SPLIT, fact, in_order

_first = Integer(1)

_SVD_OF_J = fact(
    "svd-of-J",
    "decomposition of J",
    Rule(J, Sum(s(i) * u(i) * vT(i), (i, 1, n))),
    Rule(JT, Sum(s(i) * v(i) * uT(i), (i, 1, n))),
    Rule(vT(i) * v(j), KroneckerDelta(i, j), (i, j)),
)
_SVD_OF_A = fact(
    "svd-of-A",
    "decomposition of A",
    Rule(A(l), Sum(sA(i, l) * uA(i, l) * vAT(i, l), (i, 1, n))),
    Rule(AT(l), Sum(sA(i, l) * vA(i, l) * uAT(i, l), (i, 1, n))),
    Rule(vAT(i, l) * vA(j, l), KroneckerDelta(i, j), (i, j)),
)
_FULL_SVD_OF_B = fact(
    "svd-of-B-orthonormal",
    "decomposition of B",
    Rule(B(l), Sum(sB(i, l) * uB(i, l) * vBT(i, l), (i, 1, n))),
    Rule(BT(l), Sum(sB(i, l) * vB(i, l) * uBT(i, l), (i, 1, n))),
    Rule(vBT(i, l) * vB(j, l), KroneckerDelta(i, j), (i, j)),
)
_BASIS_INSIDE = fact(
    "basis-inside",
    "orthonormal basis of B",
    Rule(A(l) * AT(l), Sum(A(l) * uB(i, l) * uBT(i, l) * AT(l), (i, 1, n))),
)


def _seen(vector: Expr, basis: Callable[[Expr], Expr]) -> Expr:
    """The part of a vector's squared length along direction i of a basis."""
    return inner(vector, basis(i)) * inner(basis(i), vector)


def _basis(turned: Expr, vector: Expr, directions: Callable[[Expr], Expr], name: str) -> Assumption:
    return fact(
        f"basis-{name}",
        f"orthonormal basis of {name}",
        Rule(turned * vector, Sum(_seen(vector, directions), (i, 1, n))),
    )


def common_vector(vector: Expr, within: Callable[[Expr], Expr], beside: Callable[[Expr], Expr]) -> Assumption:
    """A unit vector that sees no direction of one basis beyond k, and of another none before k."""
    zero = Integer(0)
    return fact(
        f"courant-fischer-{vector.func}",
        "vector of Courant and Fischer",
        Rule(transpose_word(vector) * vector, _first),
        conditions=tuple(
            Condition(inner(basis(i), vector), Relation.EQUAL, zero, (i,), ranges=((i, first, last),))
            for basis, first, last in ((within, k + 1, n), (beside, _first, k - 1))
        ),
    )


def _uB(direction: Expr) -> Expr:
    return uB(direction, l)


def _uA(direction: Expr) -> Expr:
    return uA(direction, l)


@cache
def submultiplicativity() -> Derivation:
    """s_k(AB)² ≤ s_k(A)² s_1(B)² (ledger: ``lemma-submultiplicativity``)."""
    vector, turned = w(k), wT(k)
    chosen = common_vector(vector, u, _uA)
    of_J, of_A = _basis(turned, vector, u, "J"), _basis(turned, vector, _uA, "$A_l$")
    largest = sB(_first, l) ** 2
    seen_J, seen_A = _seen(vector, u), _seen(vector, _uA)
    inside = _seen(AT(l) * vector, _uB)
    descending_A = in_order(seen_A, sA(i, l) ** 2, sA(k, l) ** 2, chosen)
    part = (
        Calculation("One vector, seen from J and from A", s(k) ** 2)
        .equals(s(k) ** 2 * inner(vector, vector), "a unit vector", chosen)
        .equals(s(k) ** 2 * Sum(seen_J, (i, 1, n)), "length in a basis", of_J)
        .at_most(
            Sum(s(i) ** 2 * seen_J, (i, 1, n)),
            "$w_k$ sees no direction of J beyond the first k",
            chosen,
            lemmas=((Sum(_first, (i, 1, n)), in_order(seen_J, s(k) ** 2, s(i) ** 2, chosen)),),
        )
        .equals(inner(JT * vector, JT * vector), "collect J", _SVD_OF_J)
        .equals(inner(BT(l) * AT(l) * vector, BT(l) * AT(l) * vector), "split the product", SPLIT)
        .equals(Sum(sB(i, l) ** 2 * inside, (i, 1, n)), "expand $B_l$", _FULL_SVD_OF_B)
        .at_most(
            largest * Sum(inside, (i, 1, n)),
            "every singular value is at most the largest",
            lemmas=((Sum(_first, (i, 1, n)), in_order(inside, sB(i, l) ** 2, largest)),),
        )
        .equals(largest * inner(AT(l) * vector, AT(l) * vector), "length in a basis", _BASIS_INSIDE)
        .equals(largest * Sum(sA(i, l) ** 2 * seen_A, (i, 1, n)), "expand $A_l$", _SVD_OF_A)
        .at_most(
            largest * sA(k, l) ** 2 * Sum(seen_A, (i, 1, n)),
            "$w_k$ does not see the first k-1 directions of A",
            chosen,
            lemmas=((Sum(largest, (i, 1, n)), descending_A),),
        )
        .equals(largest * sA(k, l) ** 2 * inner(vector, vector), "length in a basis", of_A)
        .equals(SUBMULTIPLICATIVE.large, "a unit vector", chosen)
    )
    return Derivation(
        "lemma-submultiplicativity",
        "Singular values of a product, from above",
        (part,),
        remark="The argument is that of Weyl's inequalities.",
    )


SUBMULTIPLICATIVE = DerivedLemma(
    "submultiplicativity",
    "submultiplicativity",
    s(k) ** 2,
    sA(k, l) ** 2 * sB(_first, l) ** 2,
    shown_by=submultiplicativity,
)
"""s_k(AB) ≤ s_k(A) s_1(B)."""


def from_below(
    label: str, title: str, least: Expr, needed: Assumption, middle: Callable[[Calculation], Calculation]
) -> Derivation:
    """s_k(AB)^{-2} ≤ s_k(A)^{-2} least^{-2}; ``middle`` goes from ‖Aᵀx‖² to ‖BᵀAᵀx‖²/least²."""
    vector, turned = x(k), xT(k)
    chosen = common_vector(vector, _uA, u)
    of_J, of_A = _basis(turned, vector, u, "J"), _basis(turned, vector, _uA, "$A_l$")
    seen_J, seen_A = _seen(vector, u), _seen(vector, _uA)
    descending_J = in_order(seen_J, s(i) ** 2, s(k) ** 2, chosen)
    inverse = s(k) ** -2
    both = inverse * sA(k, l) ** -2
    start = (
        Calculation("One vector, seen from A and from J", inverse)
        .equals(inverse * inner(vector, vector), "a unit vector", chosen)
        .equals(inverse * Sum(seen_A, (i, 1, n)), "length in a basis", of_A)
        .at_most(
            both * Sum(sA(i, l) ** 2 * seen_A, (i, 1, n)),
            "$x_k$ sees no direction of A beyond the first k",
            chosen,
            needed,
            lemmas=((Sum(both, (i, 1, n)), in_order(seen_A, sA(k, l) ** 2, sA(i, l) ** 2, chosen)),),
        )
        .equals(both * inner(AT(l) * vector, AT(l) * vector), "collect $A_l$", _SVD_OF_A)
    )
    part = (
        middle(start)
        .equals(both * least**-2 * inner(JT * vector, JT * vector), "the product is J", SPLIT)
        .equals(both * least**-2 * Sum(s(i) ** 2 * seen_J, (i, 1, n)), "expand J", _SVD_OF_J)
        .at_most(
            both * least**-2 * s(k) ** 2 * Sum(seen_J, (i, 1, n)),
            "$x_k$ does not see the first k-1 directions of J",
            chosen,
            lemmas=((Sum(both * least**-2, (i, 1, n)), descending_J),),
        )
        .equals(both * least**-2 * s(k) ** 2 * inner(vector, vector), "length in a basis", of_J)
        .equals(both * least**-2 * s(k) ** 2, "a unit vector", chosen)
    )
    return Derivation(label, title, (part,))


@cache
def supermultiplicativity() -> Derivation:
    """s_k(AB)^{-2} ≤ s_k(A)^{-2} s_n(B)^{-2} (ledger: ``lemma-supermultiplicativity``)."""
    least = sB(n, l)
    both = s(k) ** -2 * sA(k, l) ** -2
    inside = _seen(AT(l) * x(k), _uB)

    def middle(part: Calculation) -> Calculation:
        return (
            part.equals(both * Sum(inside, (i, 1, n)), "length in a basis", _BASIS_INSIDE)
            .at_most(
                both * least**-2 * Sum(sB(i, l) ** 2 * inside, (i, 1, n)),
                "every singular value is at least the smallest",
                NONSINGULAR,
                lemmas=((Sum(both * least**-2, (i, 1, n)), in_order(inside, least**2, sB(i, l) ** 2)),),
            )
            .equals(
                both * least**-2 * inner(BT(l) * AT(l) * x(k), BT(l) * AT(l) * x(k)),
                "collect $B_l$",
                _FULL_SVD_OF_B,
            )
        )

    return from_below(
        "lemma-supermultiplicativity",
        "Singular values of a product, from below",
        least,
        NONSINGULAR,
        middle,
    )


SUPERMULTIPLICATIVE = DerivedLemma(
    "supermultiplicativity",
    "submultiplicativity of the inverse",
    s(k) ** -2,
    sA(k, l) ** -2 * sB(n, l) ** -2,
    (NONSINGULAR,),
    shown_by=supermultiplicativity,
)
"""s_k(A) = s_k(JB⁻¹) ≤ s_k(J) / s_n(B)."""
