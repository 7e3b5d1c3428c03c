"""Section 1 of the ledger: how fast the singular values of a deep product move.

Four results, each resting on the one before: the velocity identity; the decoupled velocity under
depth scaling and strong alignment; what depth scaling says at the empty products; and gradient
flow.
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, Integer, Rational, Sum, exp, log

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    A,
    B,
    Bdot,
    G,
    J,
    Jdot,
    M,
    Mdot,
    N,
    delta,
    gamma,
    i,
    j,
    k,
    l,
    n,
    s,
    sA,
    sB,
    sdot,
    u,
    uA,
    uB,
    udot,
    v,
    vA,
    vB,
    vdot,
)
from jacspec.theory.notation.words import D, inner
from jacspec.theory.results.assumptions import (
    DECOMPOSITION_OF_PARTIAL_PRODUCTS,
    DEPTH_SCALING,
    DEPTH_SCALING_NON_EMPTY,
    EMPTY_SPECTRUM,
    GRADIENT_FLOW,
    ORTHONORMAL,
    PARTIAL_PRODUCTS,
    SIMPLE,
    SINGULAR_PAIR_OF_J,
    SINGULAR_PAIRS,
    STRONG_ALIGNMENT,
)


def _layers(summand: Expr, first: int = 1, last: Expr = N) -> Expr:
    return Sum(summand, (l, first, last))


def drive(layer: Expr) -> Expr:
    """⟨v_k(A_{l+1}), Ṁ_l u_k(B_l)⟩: how layer l's velocity drives mode k."""
    return inner(vA(k, layer + 1), Mdot(layer) * uB(k, layer))


@cache
def velocity_identity() -> Derivation:
    """ṡ_k = Σ_l ⟨u_k, A_{l+1} Ṁ_l B_l v_k⟩ for a simple s_k (ledger: ``velocity-identity``)."""
    product = (
        Calculation("The velocity of the product", _layers(A(l + 1) * Mdot(l) * B(l)))
        .equals(
            _layers(A(l + 1) * (D(M(l) * B(l)) - M(l) * Bdot(l))),
            "product rule, solved for $Ṁ_l B_l$",
        )
        .equals(
            _layers(A(l + 1) * Bdot(l + 1) - A(l) * Bdot(l)),
            "absorb the factor $M_l$ into its neighbours",
            PARTIAL_PRODUCTS,
        )
        .equals(A(N + 1) * Bdot(N + 1) - A(1) * Bdot(1), "the sum telescopes")
        .equals(Jdot, "the empty products $A_{N+1}$ and $B_1$ are constant", PARTIAL_PRODUCTS)
    )
    product_velocity = product.as_lemma(
        "product-velocity", "velocity of the product", Rule(Jdot, product.start)
    )
    singular_value = (
        Calculation("The velocity of a singular value", sdot(k))
        .equals(
            D(inner(u(k), J * v(k))),
            "differentiate $s_k = ⟨u_k, J v_k⟩$",
            SIMPLE,
            SINGULAR_PAIR_OF_J,
            ORTHONORMAL,
        )
        .equals(
            inner(udot(k), J * v(k)) + inner(u(k), Jdot * v(k)) + inner(u(k), J * vdot(k)),
            "product rule",
        )
        .equals(
            s(k) * inner(udot(k), u(k)) + inner(u(k), Jdot * v(k)) + s(k) * inner(v(k), vdot(k)),
            "apply J to its singular vectors",
            SINGULAR_PAIR_OF_J,
        )
        .equals(
            Rational(1, 2) * s(k) * D(inner(u(k), u(k)))
            + inner(u(k), Jdot * v(k))
            + Rational(1, 2) * s(k) * D(inner(v(k), v(k))),
            "product rule, with $⟨a, b⟩ = ⟨b, a⟩$",
        )
        .equals(
            inner(u(k), Jdot * v(k)),
            "unit vectors have constant length",
            ORTHONORMAL,
        )
        .equals(
            _layers(inner(u(k), A(l + 1) * Mdot(l) * B(l) * v(k))),
            "insert the velocity of the product",
            product_velocity,
        )
    )
    return Derivation(
        "velocity-identity",
        "The velocity of a simple singular value",
        (product, singular_value),
        remark="Exact: every later velocity is this one, with something said of $A_l$ and $B_l$.",
    )


@cache
def decoupled_velocity() -> Derivation:
    """ṡ_k → Σ_l s_k(A_{l+1}) s_k(B_l) ⟨v_k(A_{l+1}), Ṁ_l u_k(B_l)⟩ as ε → 0."""
    identity = velocity_identity()
    overlaps = inner(u(k), uA(i, l + 1)) * inner(vB(j, l), v(k))
    exchange = inner(vA(i, l + 1), Mdot(l) * uB(j, l))
    part = (
        Calculation("Decoupling the modes", sdot(k))
        .equals(identity.result.after, "velocity of a simple singular value", identity.as_lemma())
        .equals(
            Sum(sA(i, l + 1) * sB(j, l) * overlaps * exchange, (i, 1, n), (j, 1, n), (l, 1, N)),
            "expand both partial products in their singular vectors",
            DECOMPOSITION_OF_PARTIAL_PRODUCTS,
        )
        .tends_to(
            _layers(sA(k, l + 1) * sB(k, l) * drive(l)),
            "only $i = j = k$ survives",
            STRONG_ALIGNMENT,
        )
    )
    return Derivation(
        "decoupled-velocity",
        "The decoupled velocity",
        (part,),
        remark="The spectra are held fixed while $ε → 0$.",
    )


@cache
def general() -> Derivation:
    """ṡ_k ~ e^{(1+1/N)δ_k} s_k^{1-1/N} K_k with K_k = Σ_l drive (ledger: ``general-dynamics``)."""
    decoupled = decoupled_velocity()
    part = (
        Calculation("The prefactor", sdot(k))
        .tends_to(decoupled.result.after, "decoupled velocity", decoupled.as_lemma())
        .equals(
            exp((N - 1) * gamma(k) + 2 * delta(k)) * _layers(drive(l)),
            "every layer carries the same weight",
            DEPTH_SCALING,
        )
        .equals(
            exp((1 + 1 / N) * delta(k)) * s(k) ** (1 - 1 / N) * _layers(drive(l)),
            "eliminate $γ_k$ in favour of $s_k$",
            DEPTH_SCALING,
        )
    )
    return Derivation(
        "general-dynamics",
        "The decoupled velocity under depth scaling",
        (part,),
        remark=(
            "$K_k$ is the last sum. As in the poster, depth scaling is used at every $l$, the empty "
            "products included; depth-scaling-boundary says what that costs."
        ),
    )


@cache
def depth_scaling_boundary() -> Derivation:
    """DS at the empty products forces δ_k = 0; on non-empty ones the ends weigh e^{-δ_k}.

    Ledger: ``depth-scaling-boundary``.
    """
    forced = (
        Calculation("Depth scaling at every l leaves no intercept", delta(k))
        .equals(log(sB(k, 1)), "depth scaling at $l = 1$ says $s_k(B_1) = e^{δ_k}$", DEPTH_SCALING)
        .equals(Integer(0), "$s_k(I) = 1$", EMPTY_SPECTRUM)
    )
    corrected = (
        Calculation(
            "Depth scaling on non-empty products only",
            _layers(sA(k, l + 1) * sB(k, l) * drive(l)),
        )
        .equals(
            sA(k, 2) * sB(k, 1) * drive(Integer(1))
            + _layers(sA(k, l + 1) * sB(k, l) * drive(l), 2, N - 1)
            + sA(k, N + 1) * sB(k, N) * drive(N),
            "split off the two boundary terms",
        )
        .equals(
            sA(k, 2) * drive(Integer(1))
            + _layers(sA(k, l + 1) * sB(k, l) * drive(l), 2, N - 1)
            + sB(k, N) * drive(N),
            "$s_k(I) = 1$",
            EMPTY_SPECTRUM,
        )
        .equals(
            exp((N - 1) * gamma(k) + delta(k)) * (drive(Integer(1)) + drive(N))
            + exp((N - 1) * gamma(k) + 2 * delta(k)) * _layers(drive(l), 2, N - 1),
            "the boundary terms hold one intercept, the others two",
            DEPTH_SCALING_NON_EMPTY,
        )
        .equals(
            exp((1 + 1 / N) * delta(k))
            * s(k) ** (1 - 1 / N)
            * (exp(-delta(k)) * (drive(Integer(1)) + drive(N)) + _layers(drive(l), 2, N - 1)),
            "eliminate $γ_k$ in favour of $s_k$",
            DEPTH_SCALING_NON_EMPTY,
        )
    )
    return Derivation(
        "depth-scaling-boundary",
        "What depth scaling says at the empty products",
        (forced, corrected),
        remark=(
            "Two statements: of depth scaling imposed at every $l$, and of depth scaling on non-empty "
            "products."
        ),
    )


@cache
def gradient_flow() -> Derivation:
    """ṡ_k ~ -N [1 - 2(1 - e^{-2δ_k})/N] e^{2(1+1/N)δ_k} s_k^{2-2/N} ⟨u_k, G v_k⟩.

    Ledger: ``gradient-flow-dynamics``, with the boundary-corrected sum.
    """
    decoupled = decoupled_velocity()
    gradient = inner(u(k), G * v(k))
    weight = (sA(k, l + 1) * sB(k, l)) ** 2
    prefactor = exp(2 * (1 + 1 / N) * delta(k)) * s(k) ** (2 - 2 / N) * gradient
    part = (
        Calculation("Gradient flow", sdot(k))
        .tends_to(decoupled.result.after, "decoupled velocity", decoupled.as_lemma())
        .equals(
            -_layers(sA(k, l + 1) * sB(k, l) * inner(vA(k, l + 1), AT(l + 1) * G * BT(l) * uB(k, l))),
            "insert the velocity of the factors",
            GRADIENT_FLOW,
        )
        .equals(
            -_layers(weight * inner(uA(k, l + 1), G * vB(k, l))),
            "apply the partial products to their singular vectors",
            SINGULAR_PAIRS,
        )
        .tends_to(
            -gradient * _layers(weight),
            "the singular vectors of the partial products are those of J",
            STRONG_ALIGNMENT,
        )
        .equals(
            -gradient
            * ((sA(k, 2) * sB(k, 1)) ** 2 + _layers(weight, 2, N - 1) + (sA(k, N + 1) * sB(k, N)) ** 2),
            "split off the two boundary terms",
        )
        .equals(
            -gradient * (sA(k, 2) ** 2 + _layers(weight, 2, N - 1) + sB(k, N) ** 2),
            "$s_k(I) = 1$",
            EMPTY_SPECTRUM,
        )
        .equals(
            -gradient
            * (
                2 * exp(2 * (N - 1) * gamma(k) + 2 * delta(k))
                + (N - 2) * exp(2 * (N - 1) * gamma(k) + 4 * delta(k))
            ),
            "two layers hold one intercept, $N-2$ hold two",
            DEPTH_SCALING_NON_EMPTY,
        )
        .equals(
            -prefactor * (N - 2 + 2 * exp(-2 * delta(k))),
            "eliminate $γ_k$ in favour of $s_k$",
            DEPTH_SCALING_NON_EMPTY,
        )
        .equals(
            -N * prefactor * (1 - 2 * (1 - exp(-2 * delta(k))) / N),
            "compare with the N equal layers of the poster",
        )
    )
    return Derivation(
        "gradient-flow-dynamics",
        "The decoupled velocity under gradient flow",
        (part,),
        remark=("The last bracket is the boundary correction: two layers of all hold one intercept."),
    )
