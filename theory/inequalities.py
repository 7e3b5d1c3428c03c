"""The inequalities that steps use, derived: the difference of two sides, written as what is not negative.

Cauchy-Schwarz is Lagrange's identity, whose rest is a sum of squares. Singular values of a product are
compared as Courant and Fischer do, with one vector: k directions of one matrix always hold a unit vector
that the first k-1 directions of another do not see, because k-1 equations in k unknowns have a solution.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sympy import Expr, Integer, KroneckerDelta, Rational, Sum, Symbol

from theory.alignment_bounds import NONSINGULAR
from theory.assumptions import Assumption
from theory.derivation import Derivation, Part
from theory.lemmas import (
    NORM_OF_B,
    NORM_OF_INVERSE,
    SUBMULTIPLICATIVE,
    Lemma,
    square,
)
from theory.notation import (
    AT,
    BT,
    JT,
    A,
    B,
    BinvT,
    J,
    i,
    inner,
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
from theory.rules import Rule

__all__ = ["from_below", "norm_of_B", "norm_of_inverse", "submultiplicativity", "supermultiplicativity"]

_first = Integer(1)
_m = Symbol("m", integer=True, positive=True)
_GENERALITY = "any width $n$ and any $l$; square factors"


def _fact(name: str, title: str, statement: str, *rules: Rule) -> Assumption:
    return Assumption(name, title, statement, rules=rules, definition=True, on_chains=True)


# --- Cauchy-Schwarz -----------------------------------------------------------------------------

_UNIT = _fact(
    "unit-vectors",
    "unit vectors",
    "$v_i(A_l)$ and $v_k$ have length 1",
    Rule(vAT(i, l) * vA(i, l), _first),
    Rule(vT(k) * v(k), _first),
)
_BASIS_OF_B = _fact(
    "bases-of-B",
    "orthonormal bases of B",
    "Pythagoras: the $u_j(B_l)$ and the $v_j(B_l)$ are orthonormal bases",
    Rule(vAT(i, l) * vA(i, l), Sum(inner(vA(i, l), uB(j, l)) ** 2, (j, 1, n))),
    Rule(vT(k) * v(k), Sum(inner(vB(j, l), v(k)) ** 2, (j, 1, n))),
)
_SVD_OF_B = _fact(
    "svd-of-B",
    "decomposition of B",
    "$B_l$ in its singular vectors",
    Rule(B(l), Sum(sB(j, l) * uB(j, l) * vBT(j, l), (j, 1, n))),
)
_SVD_OF_INVERSE = _fact(
    "svd-of-inverse",
    "decomposition of the inverse",
    "the transposed inverse of $B_l$ has its singular vectors, and the inverse singular values",
    Rule(BinvT(l), Sum(sB(j, l) ** -1 * uB(j, l) * vBT(j, l), (j, 1, n))),
)


def _bilinear(
    lemma: Lemma,
    decomposition: Assumption,
    size: Callable[[Expr], Expr],
    extreme: Expr,
    matrix: str,
    *needed: Assumption,
) -> Derivation:
    """⟨a, X b⟩² ≤ max_j size(j)², X = Σ_j size(j) u_j v_jᵀ."""

    def left(direction: Expr) -> Expr:
        return inner(vA(i, l), uB(direction, l))

    def right(direction: Expr) -> Expr:
        return size(direction) * inner(vB(direction, l), v(k))

    weighted = Sum(right(j) ** 2, (j, 1, n))
    seen = inner(vB(j, l), v(k)) ** 2
    largest = _order(seen, size(j) ** 2, extreme**2, "always")
    part = (
        Part("Lagrange's identity, and the largest of the singular values", lemma.small)
        .equals(
            Sum(left(j) * right(j), (j, 1, n)) ** 2, f"expand {matrix} in its singular vectors", decomposition
        )
        .at_most(
            Sum(left(j) ** 2, (j, 1, n)) * weighted,
            "Lagrange's identity",
            lemmas=(
                (
                    Sum(Rational(1, 2), (j, 1, n), (_m, 1, n)),
                    square(left(j) * right(_m) - left(_m) * right(j)),
                ),
            ),
        )
        .equals(inner(vA(i, l), vA(i, l)) * weighted, "length in a basis", _BASIS_OF_B)
        .equals(weighted, "a unit vector", _UNIT)
        .at_most(
            extreme**2 * Sum(seen, (j, 1, n)),
            "every singular value is at most the largest",
            *needed,
            lemmas=((Sum(_first, (j, 1, n)), largest),),
        )
        .equals(extreme**2 * inner(v(k), v(k)), "length in a basis", _BASIS_OF_B)
        .equals(lemma.large, "a unit vector", _UNIT)
    )
    return Derivation(
        f"lemma-{lemma.label}",
        f"{lemma.title} for {matrix}",
        (part,),
        generality=_GENERALITY,
        remark="What Lagrange's identity leaves out is half of the sum of all squares "
        "$(x_j y_m - x_m y_j)²$.",
    )


@cache
def norm_of_B() -> Derivation:
    """⟨a, B b⟩² ≤ s_1(B)² for unit vectors (ledger: ``lemma-cauchy-schwarz``)."""
    return _bilinear(NORM_OF_B, _SVD_OF_B, lambda mode: sB(mode, l), sB(_first, l), "$B_l$")


@cache
def norm_of_inverse() -> Derivation:
    """⟨a, B⁻ᵀ b⟩² ≤ s_n(B)⁻² for unit vectors (ledger: ``lemma-cauchy-schwarz-inverse``)."""
    return _bilinear(
        NORM_OF_INVERSE,
        _SVD_OF_INVERSE,
        lambda mode: sB(mode, l) ** -1,
        sB(n, l) ** -1,
        "the inverse of $B_l$",
        NONSINGULAR,
    )


# --- singular values of a product -----------------------------------------------------------------

_PRODUCT = _fact(
    "product-at-l", "partial products", "$J = A_l B_l$", Rule(A(l) * B(l), J), Rule(BT(l) * AT(l), JT)
)
_SVD_OF_J = _fact(
    "svd-of-J",
    "decomposition of J",
    "J in its singular vectors, with orthonormal v's",
    Rule(J, Sum(s(i) * u(i) * vT(i), (i, 1, n))),
    Rule(JT, Sum(s(i) * v(i) * uT(i), (i, 1, n))),
    Rule(vT(i) * v(j), KroneckerDelta(i, j), (i, j)),
)
_SVD_OF_A = _fact(
    "svd-of-A",
    "decomposition of A",
    "$A_l$ in its singular vectors, with orthonormal v's",
    Rule(A(l), Sum(sA(i, l) * uA(i, l) * vAT(i, l), (i, 1, n))),
    Rule(AT(l), Sum(sA(i, l) * vA(i, l) * uAT(i, l), (i, 1, n))),
    Rule(vAT(i, l) * vA(j, l), KroneckerDelta(i, j), (i, j)),
)
_FULL_SVD_OF_B = _fact(
    "svd-of-B-orthonormal",
    "decomposition of B",
    "$B_l$ in its singular vectors, with orthonormal v's",
    Rule(B(l), Sum(sB(i, l) * uB(i, l) * vBT(i, l), (i, 1, n))),
    Rule(BT(l), Sum(sB(i, l) * vB(i, l) * uBT(i, l), (i, 1, n))),
    Rule(vBT(i, l) * vB(j, l), KroneckerDelta(i, j), (i, j)),
)
_BASIS_INSIDE = _fact(
    "basis-inside",
    "orthonormal basis of B",
    "the $u_i(B_l)$ are an orthonormal basis, in which $A_lᵀ w$ is expanded",
    Rule(A(l) * AT(l), Sum(A(l) * uB(i, l) * uBT(i, l) * AT(l), (i, 1, n))),
)


def _seen(vector: Expr, basis: Callable[[Expr], Expr]) -> Expr:
    """The part of a vector's squared length along direction i of a basis."""
    return inner(vector, basis(i)) * inner(basis(i), vector)


def _basis(turned: Expr, vector: Expr, directions: Callable[[Expr], Expr], name: str) -> Assumption:
    return _fact(
        f"basis-{name}",
        f"orthonormal basis of {name}",
        "Pythagoras: its left singular vectors are an orthonormal basis",
        Rule(turned * vector, Sum(_seen(vector, directions), (i, 1, n))),
    )


def _unit(turned: Expr, vector: Expr, statement: str) -> Assumption:
    return _fact("courant-fischer", "vector of Courant and Fischer", statement, Rule(turned * vector, _first))


def _order(of: Expr, small: Expr, large: Expr, why: str) -> Lemma:
    """size² ⟨w, u⟩² ≤ size² ⟨w, u⟩² where the directions that w sees have the right sizes."""
    return Lemma("order", "descending order", small * of, large * of, why, by_definition=True)


def _uB(direction: Expr) -> Expr:
    return uB(direction, l)


def _uA(direction: Expr) -> Expr:
    return uA(direction, l)


@cache
def submultiplicativity() -> Derivation:
    """s_k(AB)² ≤ s_k(A)² s_1(B)² (ledger: ``lemma-submultiplicativity``)."""
    vector, turned = w(k), wT(k)
    chosen = _unit(
        turned,
        vector,
        "$w_k$ has length 1, lies in the span of $u_1, …, u_k$, and is orthogonal to "
        "$u_1(A_l), …, u_{k-1}(A_l)$",
    )
    of_J, of_A = _basis(turned, vector, u, "J"), _basis(turned, vector, _uA, "$A_l$")
    largest = sB(_first, l) ** 2
    seen_J, seen_A = _seen(vector, u), _seen(vector, _uA)
    inside = _seen(AT(l) * vector, _uB)
    part = (
        Part("One vector, seen from J and from A", s(k) ** 2)
        .equals(s(k) ** 2 * inner(vector, vector), "a unit vector", chosen)
        .equals(s(k) ** 2 * Sum(seen_J, (i, 1, n)), "length in a basis", of_J)
        .at_most(
            Sum(s(i) ** 2 * seen_J, (i, 1, n)),
            "$w_k$ sees no direction of J beyond the first k",
            chosen,
            lemmas=((Sum(_first, (i, 1, n)), _order(seen_J, s(k) ** 2, s(i) ** 2, "0 for i > k")),),
        )
        .equals(inner(JT * vector, JT * vector), "collect J", _SVD_OF_J)
        .equals(inner(BT(l) * AT(l) * vector, BT(l) * AT(l) * vector), "split the product", _PRODUCT)
        .equals(Sum(sB(i, l) ** 2 * inside, (i, 1, n)), "expand $B_l$", _FULL_SVD_OF_B)
        .at_most(
            largest * Sum(inside, (i, 1, n)),
            "every singular value is at most the largest",
            lemmas=((Sum(_first, (i, 1, n)), _order(inside, sB(i, l) ** 2, largest, "always")),),
        )
        .equals(largest * inner(AT(l) * vector, AT(l) * vector), "length in a basis", _BASIS_INSIDE)
        .equals(largest * Sum(sA(i, l) ** 2 * seen_A, (i, 1, n)), "expand $A_l$", _SVD_OF_A)
        .at_most(
            largest * sA(k, l) ** 2 * Sum(seen_A, (i, 1, n)),
            "$w_k$ does not see the first k-1 directions of A",
            chosen,
            lemmas=((Sum(largest, (i, 1, n)), _order(seen_A, sA(i, l) ** 2, sA(k, l) ** 2, "0 for i < k")),),
        )
        .equals(largest * sA(k, l) ** 2 * inner(vector, vector), "length in a basis", of_A)
        .equals(SUBMULTIPLICATIVE.large, "a unit vector", chosen)
    )
    return Derivation(
        "lemma-submultiplicativity",
        "Singular values of a product, from above",
        (part,),
        generality=_GENERALITY,
        remark="For $k = 1$ this is $‖AB‖ ≤ ‖A‖ ‖B‖$; the argument is that of Weyl's inequalities.",
    )


def from_below(
    label: str, title: str, least: Expr, needed: Assumption, middle: Callable[[Part], Part]
) -> Derivation:
    """s_k(AB)^{-2} ≤ s_k(A)^{-2} least^{-2}; ``middle`` goes from ‖Aᵀx‖² to ‖BᵀAᵀx‖²/least²."""
    vector, turned = x(k), xT(k)
    chosen = _unit(turned, vector, _SEEN_FROM_A)
    of_J, of_A = _basis(turned, vector, u, "J"), _basis(turned, vector, _uA, "$A_l$")
    seen_J, seen_A = _seen(vector, u), _seen(vector, _uA)
    inverse = s(k) ** -2
    both = inverse * sA(k, l) ** -2
    start = (
        Part("One vector, seen from A and from J", inverse)
        .equals(inverse * inner(vector, vector), "a unit vector", chosen)
        .equals(inverse * Sum(seen_A, (i, 1, n)), "length in a basis", of_A)
        .at_most(
            both * Sum(sA(i, l) ** 2 * seen_A, (i, 1, n)),
            "$x_k$ sees no direction of A beyond the first k",
            chosen,
            needed,
            lemmas=((Sum(both, (i, 1, n)), _order(seen_A, sA(k, l) ** 2, sA(i, l) ** 2, "0 for i > k")),),
        )
        .equals(both * inner(AT(l) * vector, AT(l) * vector), "collect $A_l$", _SVD_OF_A)
    )
    part = (
        middle(start)
        .equals(both * least**-2 * inner(JT * vector, JT * vector), "the product is J", _PRODUCT)
        .equals(both * least**-2 * Sum(s(i) ** 2 * seen_J, (i, 1, n)), "expand J", _SVD_OF_J)
        .at_most(
            both * least**-2 * s(k) ** 2 * Sum(seen_J, (i, 1, n)),
            "$x_k$ does not see the first k-1 directions of J",
            chosen,
            lemmas=((Sum(both * least**-2, (i, 1, n)), _order(seen_J, s(i) ** 2, s(k) ** 2, "0 for i < k")),),
        )
        .equals(both * least**-2 * s(k) ** 2 * inner(vector, vector), "length in a basis", of_J)
        .equals(both * least**-2 * s(k) ** 2, "a unit vector", chosen)
    )
    return Derivation(label, title, (part,), generality=_GENERALITY)


_SEEN_FROM_A = (
    "$x_k$ has length 1, lies in the span of $u_1(A_l), …, u_k(A_l)$, and is orthogonal to $u_1, …, u_{k-1}$"
)


@cache
def supermultiplicativity() -> Derivation:
    """s_k(AB)^{-2} ≤ s_k(A)^{-2} s_n(B)^{-2} (ledger: ``lemma-supermultiplicativity``)."""
    least = sB(n, l)
    both = s(k) ** -2 * sA(k, l) ** -2
    inside = _seen(AT(l) * x(k), _uB)

    def middle(part: Part) -> Part:
        return (
            part.equals(both * Sum(inside, (i, 1, n)), "length in a basis", _BASIS_INSIDE)
            .at_most(
                both * least**-2 * Sum(sB(i, l) ** 2 * inside, (i, 1, n)),
                "every singular value is at least the smallest",
                NONSINGULAR,
                lemmas=(
                    (Sum(both * least**-2, (i, 1, n)), _order(inside, least**2, sB(i, l) ** 2, "always")),
                ),
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
