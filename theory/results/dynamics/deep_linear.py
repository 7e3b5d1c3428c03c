"""Section 1 of the ledger: ṡ_k = -N s_k^{2-2/N} ⟨u_k, G v_k⟩ for deep linear networks, twice.

Once as the limit of the decoupled velocity at δ_k = 0, which needs depth scaling and strong
alignment; once exactly, from balanced factors alone (Arora, Cohen, Hu, Luo 2019, Theorem 3). And
why gradient flow keeps balanced factors balanced.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sympy import Expr, Integer, Mul, Sum

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation, Proof, ShownEquations
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.induction import Induction
from jacspec.theory.notation.heads import Head
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    GT,
    JT,
    MT,
    A,
    B,
    C,
    G,
    J,
    M,
    Mdot,
    MdotT,
    N,
    P,
    Q,
    delta,
    k,
    l,
    s,
    sdot,
    u,
    uT,
    v,
)
from jacspec.theory.notation.words import D, inner
from jacspec.theory.results.assumptions import SIMPLE
from jacspec.theory.results.dynamics.balanced import (
    BALANCED,
    BALANCED_SPECTRUM,
    FLOW,
    GRAM,
    POWERS,
    PRODUCTS,
    SINGULAR_PAIRS_OF_J,
    ZEROTH_POWER,
)
from jacspec.theory.results.dynamics.general import gradient_flow, velocity_identity

__all__ = ["balanced_powers", "deep_linear", "deep_linear_by_scaling", "imbalance_conserved"]

_RESULT = -N * s(k) ** (2 - 2 / N) * inner(u(k), G * v(k))

ZERO_INTERCEPT = Assumption(
    name="zero-intercept",
    title="zero intercepts",
    statement="as exact alignment forces them to be",
    rules=(Rule(delta(k), Integer(0), (k,)),),
    model=(Rule(delta(k), Integer(0), (k,)),),
)


@cache
def deep_linear_by_scaling() -> Derivation:
    """ṡ_k ~ -N s_k^{2-2/N} ⟨u_k, G v_k⟩, from DS and SA with δ_k = 0 and ε → 0."""
    flow = gradient_flow()
    part = (
        Calculation("No intercept", sdot(k))
        .tends_to(flow.result.after, "decoupled velocity under gradient flow", flow.as_lemma())
        .equals(_RESULT, "set $δ_k = 0$: the boundary correction disappears", ZERO_INTERCEPT)
    )
    return Derivation(
        "deep-linear-dynamics-by-scaling",
        "Deep linear dynamics, from depth scaling and alignment",
        (part,),
        remark="The same equation as for balanced factors, where it is exact.",
    )


@cache
def imbalance_conserved() -> Derivation:
    """d/dt (M_{l+1}ᵀ M_{l+1} - M_l M_lᵀ) = 0 under gradient flow (ledger: ``imbalance-conserved``)."""
    part = (
        Calculation("The imbalance of two neighbours", D(MT(l + 1) * M(l + 1) - M(l) * MT(l)))
        .equals(
            MdotT(l + 1) * M(l + 1) + MT(l + 1) * Mdot(l + 1) - Mdot(l) * MT(l) - M(l) * MdotT(l),
            "product rule",
        )
        .equals(
            -B(l + 1) * GT * A(l + 2) * M(l + 1)
            - MT(l + 1) * AT(l + 2) * G * BT(l + 1)
            + AT(l + 1) * G * BT(l) * MT(l)
            + M(l) * B(l) * GT * A(l + 1),
            "insert the velocity of the factors",
            FLOW,
        )
        .equals(
            -B(l + 1) * GT * A(l + 1)
            - AT(l + 1) * G * BT(l + 1)
            + AT(l + 1) * G * BT(l + 1)
            + B(l + 1) * GT * A(l + 1),
            "absorb the factors into the partial products: what enters one neighbour leaves the other",
            PRODUCTS,
        )
    )
    return Derivation(
        "imbalance-conserved",
        "Gradient flow conserves the imbalance",
        (part,),
        remark="Balanced factors stay balanced. For a gated network, $M_l$ are the absorbed factors.",
    )


# --- balanced factors ---------------------------------------------------------------------------


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
    derivation = Derivation(
        "balanced-powers",
        "The partial products of balanced factors",
        (*through_A, *outer, *through_B, *inside),
        remark="No singular value or vector enters: this is algebra, by induction over the layers.",
    )
    return derivation, shown_A, shown_B


def _root(power: Expr) -> Expr:
    return s(k) ** (2 * power / N)


def _root_on_singular_vectors(
    name: str, X: Head, on: Callable[[Expr], Expr], gram: tuple[ShownEquations, Expr, Expr]
) -> tuple[ShownEquations, tuple[Calculation, ...]]:
    """X^l acts on u_kᵀ or v_k as s_k^{2l/N}, for X^N = JJᵀ or JᵀJ; and the calculations that show it.

    First X itself: X^N - s_k² is X - s_k^{2/N} times a sum that is positive definite. Then its powers.
    """
    shown, factored, whole = gram
    eigenvalue = _root(Integer(1))
    telescoping = Sum(s(k) ** (2 - 2 * l / N) * X(l - 1), (l, 1, N))
    ends = on(X(1) - eigenvalue), telescoping
    first = (
        Calculation(f"The root of ${name}^N$", Mul(*(ends if on(X(1)).args[-1] == X(1) else reversed(ends))))
        .equals(on(X(N)) - s(k) ** 2 * on(X(0)), "the sum telescopes", POWERS, SIMPLE)
        .equals(on(X(N)) - s(k) ** 2 * on(Integer(1)), "zeroth power", ZEROTH_POWER)
        .equals(on(factored) - s(k) ** 2 * on(Integer(1)), f"a Gram matrix is ${name}^N$", shown)
        .equals(on(whole) - s(k) ** 2 * on(Integer(1)), "where the partial product is J", PRODUCTS)
        .equals(Integer(0), "singular pair", SINGULAR_PAIRS_OF_J)
    )
    rules = (Rule(on(X(1)), eigenvalue * on(Integer(1)), (k,)),)
    root = ShownEquations(
        name=f"root-{name}",
        title="root of a positive matrix",
        statement="shown above: the sum is positive definite",
        rules=rules,
        model=BALANCED_SPECTRUM.model,
        frames=BALANCED.frames,
        definition=True,
        proof=Proof(rules, (first,)),
    )
    powers = Induction(
        f"powers of {name} on singular vectors",
        Rule(on(X(l)), _root(l) * on(Integer(1)), (l, k)),
        first=Integer(0), known=l, wanted=l + 1, within=(BALANCED_SPECTRUM,),
    )  # fmt: skip
    base = Calculation(f"Powers of ${name}$ on singular vectors: the zeroth", on(X(0))).equals(
        on(Integer(1)), "zeroth power", ZEROTH_POWER
    )
    step = (
        Calculation(f"Powers of ${name}$ on singular vectors: from $l$ to $l+1$", on(X(l + 1)))
        .equals(on(X(l) * X(1)) if on(X(1)).args[-1] != X(1) else on(X(1) * X(l)), "powers add", POWERS)
        .equals(eigenvalue * on(X(l)), "the root", root)
        .equals(powers.statement.rhs.subs(l, l + 1), "induction", powers.hypothesis)
    )
    return powers.concluded(base, step), (first, base, step)


@cache
def deep_linear() -> Derivation:
    """ṡ_k = -N s_k^{2-2/N} ⟨u_k, G v_k⟩ exactly, for balanced factors (ledger: ``deep-linear-dynamics``)."""
    identity = velocity_identity()
    powers, *shown = _balanced_powers()
    shown_A, shown_B = map(powers.lends, shown)
    on_the_left = _root_on_singular_vectors("P", P, lambda X: uT(k) * X, (shown_A, A(1) * AT(1), J * JT))
    on_the_right = _root_on_singular_vectors(
        "Q", Q, lambda X: X * v(k), (shown_B, BT(N + 1) * B(N + 1), JT * J)
    )
    roots = (on_the_left[0], on_the_right[0])
    velocity = (
        Calculation("The velocity", sdot(k))
        .equals(identity.result.after, "velocity of a simple singular value", identity.as_lemma())
        .equals(
            -Sum(inner(u(k), A(l + 1) * AT(l + 1) * G * BT(l) * B(l) * v(k)), (l, 1, N)),
            "insert the velocity of the factors",
            FLOW,
        )
        .equals(
            -Sum(inner(u(k), P(N - l) * G * Q(l - 1) * v(k)), (l, 1, N)),
            "Gram matrices of the partial products",
            shown_A,
            shown_B,
        )
        .equals(
            -Sum(_root(N - l) * _root(l - 1) * inner(u(k), G * v(k)), (l, 1, N)),
            "singular vectors of J are eigenvectors of P and Q",
            *roots,
        )
        .equals(_RESULT, "every layer contributes the same")
    )
    return Derivation(
        "deep-linear-dynamics",
        "Deep linear dynamics, from balanced factors alone",
        (*on_the_left[1], *on_the_right[1], velocity),
        remark=(
            "Exact at every depth and every singular value that is simple and not zero: neither depth "
            "scaling nor alignment is assumed."
        ),
    )
