"""The partial products of balanced factors, however these move: their Gram matrices are powers of P and Q.

And P and Q act on the singular vectors of J as roots of s_k². It is what the velocity of s_k rests on.
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, Integer, Sum

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation, Proof, ShownEquations
from jacspec.theory.derivations.derivation import Derivation, LentEquations
from jacspec.theory.derivations.induction import Induction
from jacspec.theory.notation.heads import Head
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    JT,
    MT,
    QT,
    A,
    B,
    C,
    J,
    M,
    N,
    P,
    Q,
    k,
    l,
    s,
    uT,
    v,
    vT,
)
from jacspec.theory.results.assumptions import SIMPLE
from jacspec.theory.results.dynamics.balanced import (
    BALANCED,
    BALANCED_SPECTRUM,
    GRAM,
    POWERS,
    PRODUCTS,
    SINGULAR_PAIRS_OF_J,
    SYMMETRIC,
    ZEROTH_POWER,
)


def balanced_powers() -> Derivation:
    """A_l A_lᵀ = P^{N-l+1} and B_lᵀ B_l = Q^{l-1}: the Gram matrices of balanced partial products."""
    return _balanced_powers()[0]


@cache
def _balanced_powers() -> tuple[Derivation, ShownEquations, ShownEquations]:
    """The derivation, and its two conclusions for later steps."""
    within = (BALANCED, PRODUCTS)
    carried = Induction(
        "P passes through A",
        Rule(A(l) * C(l), P(1) * A(l), (l,)),
        first=N + 1, known=l + 1, wanted=l, within=within,
    )  # fmt: skip
    through_A = (
        Calculation("P passes through $A_l$: first layer", A(N + 1) * C(N + 1)).equals(
            P(1) * A(N + 1), "empty product", PRODUCTS, GRAM
        ),
        Calculation("P passes through $A_l$: from $l+1$ to $l$", A(l) * C(l))
        .equals(A(l + 1) * M(l) * MT(l) * M(l), "split off a factor", PRODUCTS, GRAM)
        .equals(A(l + 1) * C(l + 1) * M(l), "balance", BALANCED)
        .equals(P(1) * A(l + 1) * M(l), "induction", carried.hypothesis)
        .equals(P(1) * A(l), "absorb the factor", PRODUCTS),
    )
    passes_A = carried.concluded(*through_A)
    powers_A = Induction(
        "powers of P",
        Rule(A(l) * AT(l), P(N - l + 1), (l,)),
        first=N + 1, known=l + 1, wanted=l, within=within,
    )  # fmt: skip
    outer = (
        Calculation("$A_l A_lᵀ$ is a power of P: first layer", A(N + 1) * AT(N + 1)).equals(
            P(0), "empty product", PRODUCTS, ZEROTH_POWER
        ),
        Calculation("$A_l A_lᵀ$ is a power of P: from $l+1$ to $l$", A(l) * AT(l))
        .equals(A(l + 1) * M(l) * MT(l) * AT(l + 1), "split off a factor", PRODUCTS)
        .equals(A(l + 1) * C(l + 1) * AT(l + 1), "balance", BALANCED)
        .equals(P(1) * A(l + 1) * AT(l + 1), "P passes through", passes_A)
        .equals(P(1) * P(N - l), "induction", powers_A.hypothesis)
        .equals(P(N - l + 1), "powers add", POWERS),
    )
    shown_A = powers_A.concluded(*outer)
    back = Induction(
        "Q passes through B",
        Rule(C(l) * B(l), B(l) * Q(1), (l,)),
        first=Integer(1), known=l, wanted=l + 1, within=within,
    )  # fmt: skip
    through_B = (
        Calculation("Q passes through $B_l$: first layer", C(1) * B(1)).equals(
            B(1) * Q(1), "empty product", PRODUCTS, GRAM
        ),
        Calculation("Q passes through $B_l$: from $l$ to $l+1$", C(l + 1) * B(l + 1))
        .equals(C(l + 1) * M(l) * B(l), "split off a factor", PRODUCTS)
        .equals(M(l) * MT(l) * M(l) * B(l), "balance", BALANCED)
        .equals(M(l) * C(l) * B(l), "Gram matrix of $M_l$", GRAM)
        .equals(M(l) * B(l) * Q(1), "induction", back.hypothesis)
        .equals(B(l + 1) * Q(1), "absorb the factor", PRODUCTS),
    )
    passes_B = back.concluded(*through_B)
    powers_B = Induction(
        "powers of Q",
        Rule(BT(l) * B(l), Q(l - 1), (l,)),
        first=Integer(1), known=l, wanted=l + 1, within=within,
    )  # fmt: skip
    inside = (
        Calculation("$B_lᵀ B_l$ is a power of Q: first layer", BT(1) * B(1)).equals(
            Q(0), "empty product", PRODUCTS, ZEROTH_POWER
        ),
        Calculation("$B_lᵀ B_l$ is a power of Q: from $l$ to $l+1$", BT(l + 1) * B(l + 1))
        .equals(BT(l) * MT(l) * M(l) * B(l), "split off a factor", PRODUCTS)
        .equals(BT(l) * C(l) * B(l), "Gram matrix of $M_l$", GRAM)
        .equals(BT(l) * B(l) * Q(1), "Q passes through", passes_B)
        .equals(Q(l - 1) * Q(1), "induction", powers_B.hypothesis)
        .equals(Q(l), "powers add", POWERS),
    )
    shown_B = powers_B.concluded(*inside)
    whole = (
        Calculation("$A_l A_lᵀ$ is a power of P", A(l) * AT(l)).equals(P(N - l + 1), "induction", shown_A),
        Calculation("$B_lᵀ B_l$ is a power of Q", BT(l) * B(l)).equals(Q(l - 1), "induction", shown_B),
    )
    derivation = Derivation(
        "balanced-powers",
        "The partial products of balanced factors",
        (*through_A, *outer, *through_B, *inside, *whole),
        remark="No singular value or vector enters: this is algebra, by induction over the layers.",
    )
    return derivation, shown_A, shown_B


def eigenvalue_of(power: Expr) -> Expr:
    """s_k^{2 power/N}: how a power of P or Q acts on a singular vector of J."""
    return s(k) ** (2 * power / N)


def _root_on_singular_vectors(
    name: str,
    X: Head,
    row: Expr,
    gram: tuple[ShownEquations, Expr, Expr],
    nonzero: Assumption,
) -> tuple[ShownEquations, tuple[Calculation, ...]]:
    """X^l acts on u_kᵀ or v_kᵀ as s_k^{2l/N}, for X^N = JJᵀ or JᵀJ; and the calculations that show it.

    First X itself: X^N - s_k² is X - s_k^{2/N} times a sum that is positive definite. Then its powers.
    """
    shown, factored, whole = gram
    eigenvalue = eigenvalue_of(Integer(1))
    telescoping = Sum(s(k) ** (2 - 2 * l / N) * X(l - 1), (l, 1, N))
    first = (
        Calculation(f"The root of ${name}^N$", row * (X(1) - eigenvalue) * telescoping)
        .equals(row * X(N) - s(k) ** 2 * row * X(0), "the sum telescopes", POWERS, nonzero)
        .equals(row * X(N) - s(k) ** 2 * row, "zeroth power", ZEROTH_POWER)
        .equals(row * factored - s(k) ** 2 * row, f"a Gram matrix is ${name}^N$", shown)
        .equals(row * whole - s(k) ** 2 * row, "where the partial product is J", PRODUCTS)
        .equals(Integer(0), "singular pair", SINGULAR_PAIRS_OF_J)
    )
    every = () if k in nonzero.particulars else (k,)
    rules = (Rule(row * X(1), eigenvalue * row, every),)
    root = ShownEquations(
        name=f"root-{name}",
        title="root of a positive matrix",
        rules=rules,
        model=BALANCED_SPECTRUM.model,
        frames=BALANCED.frames,
        proof=Proof(rules, (first,)),
    )
    powers = Induction(
        f"powers of {name} on singular vectors",
        Rule(row * X(l), eigenvalue_of(l) * row, (l, *every)),
        first=Integer(0), known=l, wanted=l + 1, within=(BALANCED_SPECTRUM,),
    )  # fmt: skip
    base = Calculation(f"Powers of ${name}$ on singular vectors: the zeroth", row * X(0)).equals(
        row, "zeroth power", ZEROTH_POWER
    )
    step = (
        Calculation(f"Powers of ${name}$ on singular vectors: from $l$ to $l+1$", row * X(l + 1))
        .equals(row * X(1) * X(l), "powers add", POWERS)
        .equals(eigenvalue * row * X(l), "the root", root)
        .equals(powers.statement.rhs.subs(l, l + 1), "induction", powers.hypothesis)
    )
    return powers.concluded(base, step), (first, base, step)


def balanced_roots() -> Derivation:
    """P^l and Q^l act on the singular vectors of J as s_k^{2l/N}, for balanced factors."""
    return _balanced_roots()[0]


@cache
def _balanced_roots() -> tuple[Derivation, ShownEquations, ShownEquations]:
    """The derivation, and its two conclusions for later steps."""
    left, right, parts = roots_on_singular_vectors(SIMPLE)
    rows = Calculation("Powers of P on singular vectors", uT(k) * P(l)).equals(
        eigenvalue_of(l) * uT(k), "induction", left
    )
    columns = (
        Calculation("Powers of Q on singular vectors", Q(l) * v(k))
        .equals(QT(l) * v(k), "transpose", SYMMETRIC)
        .equals(eigenvalue_of(l) * v(k), "induction, transposed", right.with_transpose())
    )
    derivation = Derivation(
        "balanced-roots",
        "Singular vectors of balanced products are eigenvectors of P and Q",
        (*parts, rows, columns),
    )
    rule = Rule(columns.start, columns.end, (l,))
    return derivation, left, columns.as_lemma("columns-of-Q", columns.title, rule)


def roots_on_singular_vectors(
    nonzero: Assumption,
) -> tuple[ShownEquations, ShownEquations, tuple[Calculation, ...]]:
    """P^l acts on u_kᵀ, and Q^l on v_kᵀ, as s_k^{2l/N} where s_k is not 0; and what shows it."""
    shown_A, shown_B = gram_powers()
    left, on_the_left = _root_on_singular_vectors("P", P, uT(k), (shown_A, A(1) * AT(1), J * JT), nonzero)
    right, on_the_right = _root_on_singular_vectors(
        "Q", Q, vT(k), (shown_B, BT(N + 1) * B(N + 1), JT * J), nonzero
    )
    return left, right, (*on_the_left, *on_the_right)


def gram_powers() -> tuple[LentEquations, LentEquations]:
    """A_l A_lᵀ = P^{N-l+1} and B_lᵀ B_l = Q^{l-1}, as lemmas."""
    powers, shown_A, shown_B = _balanced_powers()
    return powers.lends(shown_A), powers.lends(shown_B)


def balanced_lemmas() -> tuple[LentEquations, LentEquations, LentEquations, LentEquations]:
    """A_l A_lᵀ = P^{N-l+1}, B_lᵀ B_l = Q^{l-1}; u_kᵀ P^l = s_k^{2l/N} u_kᵀ, Q^l v_k = s_k^{2l/N} v_k.

    Lemmas for derivations about balanced factors, however these move.
    """
    roots, left, right = _balanced_roots()
    return (*gram_powers(), roots.lends(left), roots.lends(right))
