"""Gradient flow with weight decay λ: the imbalance of two neighbours decays at the rate 2λ.

jacspec derive examples/weight_decay.py:imbalance_decays --checked
jacspec verify examples/weight_decay.py
"""

from hypothesis import strategies as st
from sympy import Sum

from jacspec import (
    Assumption,
    Calculation,
    ChainPoint,
    Claim,
    Derivation,
    Domain,
    Parameter,
    Proposition,
    Relation,
    Rule,
    declare,
    gradient_flow,
    searched,
    strategies,
)
from jacspec.theory.notation.symbols import (
    AT,
    BT,
    GT,
    MT,
    A,
    B,
    G,
    J,
    M,
    Mdot,
    MdotT,
    N,
    P,
    Q,
    k,
    l,
    s,
    sdot,
    u,
    v,
)  # fmt: skip
from jacspec.theory.notation.words import D, inner
from jacspec.theory.results.assumptions import ORTHONORMAL, SIMPLE
from jacspec.theory.results.dynamics.balanced import BALANCED, PRODUCTS, SINGULAR_PAIRS_OF_J, WHOLE
from jacspec.theory.results.dynamics.balanced_products import balanced_lemmas
from jacspec.theory.results.dynamics.general import velocity_identity

λ = declare("λ", meaning="the strength of weight decay", positive=True)

decay = Rule(Mdot(l), -AT(l + 1) * G * BT(l) - λ * M(l), (l,))
WEIGHT_DECAY = Assumption(
    name="weight-decay",
    title="gradient flow with weight decay",
    where="the loss is $L + (λ/2) Σ_l ‖M_l‖²$, and $G$ is the gradient of $L$",
    rules=(decay, Rule(MdotT(l), -B(l) * GT * A(l + 1) - λ * MT(l), (l,))),
    model=(decay,),
)

imbalance = MT(l + 1) * M(l + 1) - M(l) * MT(l)

imbalance_decays = Derivation(
    "imbalance-decays",
    "Weight decay balances the factors",
    (
        Calculation("The imbalance of two neighbours", D(imbalance))
        .equals(
            MdotT(l + 1) * M(l + 1) + MT(l + 1) * Mdot(l + 1) - Mdot(l) * MT(l) - M(l) * MdotT(l),
            "product rule",
        )
        .equals(
            -B(l + 1) * GT * A(l + 2) * M(l + 1)
            - MT(l + 1) * AT(l + 2) * G * BT(l + 1)
            + AT(l + 1) * G * BT(l) * MT(l)
            + M(l) * B(l) * GT * A(l + 1)
            - 2 * λ * imbalance,
            "insert the velocity of the factors",
            WEIGHT_DECAY,
        )
        .equals(-2 * λ * imbalance, "absorb the factors into the partial products", PRODUCTS),
    ),
)


identity, lemmas = velocity_identity(), balanced_lemmas()


def root(power):
    """s_k^{2 power/N}."""
    return s(k) ** (2 * power / N)


deep_linear_with_decay = Derivation(
    "deep-linear-with-decay",
    "Deep linear dynamics with weight decay",
    (
        Calculation("The velocity", sdot(k))
        .equals(identity.result.after, "velocity of a simple singular value", identity.as_lemma())
        .equals(
            -Sum(inner(u(k), A(l + 1) * AT(l + 1) * G * BT(l) * B(l) * v(k)), (l, 1, N))
            - λ * Sum(inner(u(k), A(l + 1) * M(l) * B(l) * v(k)), (l, 1, N)),
            "insert the velocity of the factors",
            WEIGHT_DECAY,
        )
        .equals(
            -Sum(inner(u(k), P(N - l) * G * Q(l - 1) * v(k)), (l, 1, N))
            - λ * Sum(inner(u(k), A(l + 1) * M(l) * B(l) * v(k)), (l, 1, N)),
            "Gram matrices of the partial products",
            *lemmas[:2],
        )
        .equals(
            -Sum(root(N - l) * root(l - 1) * inner(u(k), G * v(k)), (l, 1, N))
            - λ * Sum(inner(u(k), A(l + 1) * M(l) * B(l) * v(k)), (l, 1, N)),
            "singular vectors of J are eigenvectors of P and Q",
            *lemmas[2:],
        )
        .equals(
            -N * s(k) ** (2 - 2 / N) * inner(u(k), G * v(k)) - N * λ * inner(u(k), J * v(k)),
            "every layer contributes the same",
            PRODUCTS,
            WHOLE,
        )
        .equals(
            -N * s(k) ** (2 - 2 / N) * inner(u(k), G * v(k)) - N * λ * s(k),
            "singular pair",
            SINGULAR_PAIRS_OF_J,
            ORTHONORMAL,
        ),
    ),
)


def at(chain, gradient, strength):
    """The point at which the claim is evaluated: the factors move as weight decay says."""
    flow = gradient_flow(chain, gradient)
    motion = [step - strength * factor for step, factor in zip(flow, chain.exact, strict=True)]
    return ChainPoint(chain, motion, gradient=gradient, values={"λ": strength})


claim = Claim(
    label="imbalance-decays",
    **searched(
        [
            Proposition(
                D(imbalance),
                Relation.EQUAL,
                -2 * λ * imbalance,
                given=(WEIGHT_DECAY,),
                domain=Domain((Parameter(l, 1, N - 1),)),
            )
        ],
        at,
    ),
    given={
        "chain": strategies.chains(st.integers(2, 3), 2),
        "gradient": strategies.square(2),
        "strength": st.integers(1, 5),
    },
    derivation=lambda: imbalance_decays,
)

balanced_claim = Claim(
    label="deep-linear-with-decay",
    **searched(
        [
            Proposition(
                sdot(k),
                Relation.EQUAL,
                -N * s(k) ** (2 - 2 / N) * inner(u(k), G * v(k)) - N * λ * s(k),
                given=(SIMPLE, BALANCED, WEIGHT_DECAY),
                domain=Domain((Parameter(N, 2),)),
            )
        ],
        at,
    ),
    given={
        "chain": st.integers(2, 3).flatmap(lambda depth: strategies.aligned_chains(depth, 2)),
        "gradient": strategies.square(2),
        "strength": st.integers(1, 5),
    },
    derivation=lambda: deep_linear_with_decay,
)
