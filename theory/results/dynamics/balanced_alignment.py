"""Section 1 of the ledger: balanced factors scale with depth and are aligned, exactly (``balance-aligns``).

The singular vectors of J are eigenvectors of the Gram matrices of all partial products. Two orthonormal bases
of eigenvectors of one matrix, each with its eigenvalues in descending order, are compared as Courant and
Fischer do, by one vector: the k-th eigenvalues agree. Vectors of different eigenvalues are orthogonal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from sympy import Expr, Sum

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation, Proof, ShownEquations
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    A,
    B,
    N,
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
    v,
    vAT,
    vB,
    w,
    wR,
    x,
    xR,
)
from jacspec.theory.notation.words import inner, transpose_word
from jacspec.theory.results.alignment.facts import fact, in_order
from jacspec.theory.results.alignment.product_inequalities import common_vector
from jacspec.theory.results.assumptions import ORTHONORMAL
from jacspec.theory.results.dynamics.balanced_products import (
    gram_powers,
    roots_on_singular_vectors,
)

FULL_RANK = Assumption(
    name="full-rank",
    title="full rank",
    positive=(s(n),),
)

_PAIRS_OF_A = fact(
    "singular-pairs-of-A",
    "singular pairs of $A_l$",
    Rule(uAT(i, l) * A(l), sA(i, l) * vAT(i, l), (i,)),
    Rule(vAT(i, l) * AT(l), sA(i, l) * uAT(i, l), (i,)),
)
_PAIRS_OF_B = fact(
    "singular-pairs-of-B",
    "singular pairs of $B_l$",
    Rule(B(l) * vB(i, l), sB(i, l) * uB(i, l), (i,)),
    Rule(BT(l) * uB(i, l), sB(i, l) * vB(i, l), (i,)),
)


@dataclass(frozen=True)
class _Eigenbasis:
    """Singular vectors of the product ``of``: eigenvectors of a Gram matrix, as ``uses`` say."""

    of: str
    vector: Callable[[Expr], Expr]
    value: Callable[[Expr], Expr]
    uses: tuple[Assumption, ...]


@dataclass(frozen=True)
class _CommonVector:
    """A unit vector in the span of k directions of one basis, and orthogonal to k-1 directions of another.

    ``outer`` and ``inside`` are the factors of the Gram matrix.
    """

    vector: Expr
    outer: Expr
    inside: Expr

    def bounds(self, first: _Eigenbasis, other: _Eigenbasis) -> Calculation:
        """The k-th eigenvalue of the first basis is at most that of the other."""
        chosen = common_vector(self.vector, first.vector, other.vector)
        unit = inner(self.vector, self.vector)
        largest, least = first.value, other.value
        within = in_order(self._seen(first), largest(k), largest(i), chosen)
        beyond = in_order(self._seen(other), least(i), least(k), chosen)
        return (
            Calculation(f"One vector, seen from {first.of} and from {other.of}", largest(k))
            .equals(largest(k) * unit, "a unit vector", chosen)
            .equals(largest(k) * Sum(self._seen(first), (i, 1, n)), "length in a basis", self._length(first))
            .at_most(
                Sum(largest(i) * self._seen(first), (i, 1, n)),
                f"it sees no direction of {first.of} beyond the first k",
                chosen,
                lemmas=((Sum(1, (i, 1, n)), within),),
            )
            .equals(Sum(self._acted(first), (i, 1, n)), f"eigenvectors of {first.of}", *first.uses)
            .equals(
                inner(self.vector, self.outer * self.inside * self.vector),
                "collect them",
                self._expansion(first),
            )
            .equals(Sum(self._acted(other), (i, 1, n)), "expand in the other basis", self._expansion(other))
            .equals(Sum(least(i) * self._seen(other), (i, 1, n)), f"eigenvectors of {other.of}", *other.uses)
            .at_most(
                least(k) * Sum(self._seen(other), (i, 1, n)),
                f"it does not see the first k-1 directions of {other.of}",
                chosen,
                lemmas=((Sum(1, (i, 1, n)), beyond),),
            )
            .equals(least(k) * unit, "length in a basis", self._length(other))
            .equals(least(k), "a unit vector", chosen)
        )

    def _seen(self, basis: _Eigenbasis) -> Expr:
        """The part of its squared length along direction i."""
        return inner(self.vector, basis.vector(i)) * inner(basis.vector(i), self.vector)

    def _acted(self, basis: _Eigenbasis) -> Expr:
        """The part along direction i of its scalar product with the Gram matrix times it."""
        acted = self.outer * self.inside * self.vector
        return inner(self.vector, basis.vector(i)) * inner(basis.vector(i), acted)

    def _length(self, basis: _Eigenbasis) -> Assumption:
        row = transpose_word(self.vector)
        return _complete(basis, Rule(row * self.vector, Sum(self._seen(basis), (i, 1, n))))

    def _expansion(self, basis: _Eigenbasis) -> Assumption:
        row, along = transpose_word(self.vector), basis.vector(i)
        expanded = Sum(row * along * transpose_word(along) * self.outer, (i, 1, n))
        return _complete(basis, Rule(row * self.outer, expanded))


def _complete(basis: _Eigenbasis, rule: Rule) -> Assumption:
    return fact(f"basis-{basis.of}", f"orthonormal basis of {basis.of}", rule)


def _equal(name: str, value: Expr, power: Expr, bounds: tuple[Calculation, Calculation]) -> ShownEquations:
    """The equation of two numbers that are not negative, whose squares bound each other."""
    equation = (Rule(value, power, (k, l)),)
    return ShownEquations(
        f"singular-values-of-{name}",
        f"singular values of ${name}_l$",
        rules=equation,
        model=equation,
        proof=Proof(equation, bounds),
    )


def power_of(layers: Expr, direction: Expr = k) -> Expr:
    """s_k^{layers/N}: the singular value of so many balanced layers."""
    return s(direction) ** (layers / N)


@cache
def balance_aligns() -> Derivation:
    """s_k(A_l) = s_k^{(N-l+1)/N}, and u_i(A_l) ⟂ u_k unless s_i = s_k; so for B_l (``balance-aligns``)."""
    left, right, roots = roots_on_singular_vectors(FULL_RANK)
    gram_of_A, gram_of_B = gram_powers()
    ahead, behind = N - l + 1, l - 1

    def squared(layers: Expr) -> Callable[[Expr], Expr]:
        return lambda direction: power_of(layers, direction) ** 2

    A_own = _Eigenbasis("$A_l$", lambda at: uA(at, l), lambda at: sA(at, l) ** 2, (_PAIRS_OF_A,))
    A_by_J = _Eigenbasis("J", u, squared(ahead), (gram_of_A, left))
    B_own = _Eigenbasis("$B_l$", lambda at: vB(at, l), lambda at: sB(at, l) ** 2, (_PAIRS_OF_B,))
    B_by_J = _Eigenbasis("J", v, squared(behind), (gram_of_B, right))
    of_A = (
        _CommonVector(x(k), A(l), AT(l)).bounds(A_own, A_by_J),
        _CommonVector(w(k), A(l), AT(l)).bounds(A_by_J, A_own),
    )
    of_B = (
        _CommonVector(xR(k), BT(l), B(l)).bounds(B_own, B_by_J),
        _CommonVector(wR(k), BT(l), B(l)).bounds(B_by_J, B_own),
    )
    equal_A = _equal("A", sA(k, l), power_of(ahead), of_A)
    equal_B = _equal("B", sB(k, l), power_of(behind), of_B)
    return Derivation(
        "balance-aligns",
        "Balanced factors of full rank scale with depth and are aligned",
        (
            *roots,
            *of_A,
            Calculation("Depth scaling of $A_l$", sA(k, l)).equals(
                power_of(ahead), "from both sides", equal_A
            ),
            *of_B,
            Calculation("Depth scaling of $B_l$", sB(k, l)).equals(
                power_of(behind), "from both sides", equal_B
            ),
            _aligned(A_own, A_by_J, equal_A, (A(l), AT(l))),
            _aligned(B_own, B_by_J, equal_B, (BT(l), B(l))),
        ),
    )


def _aligned(
    own: _Eigenbasis, by_J: _Eigenbasis, equal: ShownEquations, gram: tuple[Expr, Expr]
) -> Calculation:
    """Singular vectors of a partial product are orthogonal to those of J of another eigenvalue."""
    outer, inside = gram
    row, along = transpose_word(own.vector(i)), by_J.vector(j)
    expanded = _complete(by_J, Rule(row * outer, Sum(row * along * transpose_word(along) * outer, (j, 1, n))))
    overlap = inner(own.vector(i), by_J.vector(k))
    acted = outer * inside * by_J.vector(k)
    within = inner(own.vector(i), along)
    return (
        Calculation(f"Alignment of {own.of}", by_J.value(i) * overlap)
        .equals(own.value(i) * overlap, equal.title, equal)
        .equals(inner(own.vector(i), acted), f"eigenvectors of {own.of}", *own.uses)
        .equals(Sum(within * inner(along, acted), (j, 1, n)), "expand in the basis", expanded)
        .equals(
            Sum(by_J.value(j) * within * inner(along, by_J.vector(k)), (j, 1, n)),
            "eigenvectors of J",
            *by_J.uses,
        )
        .equals(by_J.value(k) * overlap, "orthonormal", ORTHONORMAL)
    )
