"""Section 1 of the ledger: the explicit error of the decoupled velocity, on chains that move."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flint import arb, fmpq_mat
from hypothesis import strategies as st
from sympy import Expr, Integer

from jacspec.numerics import Chain
from jacspec.numerics.chains.flows import partial_products
from jacspec.numerics.spectra.small_exact import singular_decomposition, singular_values
from jacspec.proofs_check.claims.claim import Claim, Whose
from jacspec.proofs_check.claims.margin import Bound, at_most
from jacspec.proofs_check.interpretation import evaluate_formula, evaluate_scalar
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.proofs_check.interpretation.points.moving import MovingPoint
from jacspec.proofs_check.ledger.lemmas import source_of
from jacspec.proofs_check.strategies import chains, motions
from jacspec.theory.derivations.derivation import DerivedLemma
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.symbols import N, i, j, k, l, n, sA, sB, u, uA, v, vB
from jacspec.theory.notation.words import inner
from jacspec.theory.results.dynamics import general, remainder, remainder_derivation
from jacspec.theory.results.propositions.dynamics import MODES, PROPOSITIONS

__all__ = ["CLAIMS", "error_and_bound"]

_WIDTH = 2
Moving = tuple[Chain, tuple[fmpq_mat, ...]]


def _determined(moving: Moving, **_: object) -> bool:
    """Every partial product has simple, non-zero singular values."""
    left, right = partial_products(moving[0])
    return all(
        bool(product.det() != 0)
        and all(count == 1 for count in singular_decomposition(product).multiplicities)
        for product in (*left[:-1], *right[1:])
    )


def error_and_bound(moving: Moving, mode: int, *, power: int = 1) -> tuple[arb, arb, arb]:
    """|exact - decoupled|, the bound, and C ε with the simple constant; ε is taken from the chain.

    With ``power`` 2 the bound is evaluated with ε² for ε, which is wrong.
    """
    chain, motion = moving
    point = ChainPoint(chain, motion, mode)
    decoupled = general.decoupled_velocity().result
    error = abs(evaluate_scalar(decoupled.before, point) - evaluate_scalar(decoupled.after, point))
    width, layers = chain.shape[0], range(1, chain.depth + 1)
    epsilon = arb(0)
    for layer in layers:
        for direction in range(1, width + 1):
            at = {l: Integer(layer), i: Integer(direction), k: Integer(mode)}
            for overlap in (inner(uA(i, l + 1), u(k)), inner(vB(i, l), v(k))):
                value = evaluate_scalar(overlap.xreplace(at), point)
                epsilon = epsilon.max(abs(value - int(direction == mode)))
    bound, simple = arb(0), arb(0)
    for layer in layers:
        outer = [evaluate_scalar(sA(d, layer + 1), point) for d in range(1, width + 1)]
        inside = [evaluate_scalar(sB(d, layer), point) for d in range(1, width + 1)]
        a_k, b_k = outer.pop(mode - 1), inside.pop(mode - 1)
        norm = singular_values(motion[layer - 1])[0]
        values = (epsilon**power, norm, a_k, b_k, sum(outer, arb(0)), sum(inside, arb(0)))
        bound += evaluate_formula(remainder.layer_remainder(), values)
        simple += epsilon**power * evaluate_formula(remainder.simple_constant(), values)
    return error, bound, simple


def _within(share: arb, power: int = 1) -> Callable[..., Iterator[tuple[str, Bound | arb]]]:
    def conclusion(moving: Moving, mode: int) -> Iterator[tuple[str, Bound | arb]]:
        error, bound, simple = error_and_bound(moving, mode, power=power)
        yield "by layers", at_most(error, share * bound)
        yield "C ε", share * simple - error

    return conclusion


_REMAINDER = Claim(
    label="remainder-bound",
    propositions=PROPOSITIONS["remainder-bound"],
    given={
        "moving": chains(2, _WIDTH).flatmap(lambda chain: st.tuples(st.just(chain), motions(chain))),
        "mode": st.integers(1, _WIDTH),
    },
    hypotheses={
        "some factor moves": lambda moving, **_: any(
            bool(velocity != 0 * velocity) for velocity in moving[1]
        ),
        "every singular vector determined": _determined,
    },
    conclusion=_within(arb(1)),
    mutants={
        "a quarter of the bound": _within(arb(1) / 4),
        "$ε²$ for $ε$": _within(arb(1), 2),
        "no error at all": _within(arb(0)),
    },
    free=("moving",),
    derivation=remainder_derivation.remainder,
    whose=Whose.OURS,
    remark="$ε$ is the largest misalignment of mode $k$ at any layer; $C$ is derived, not fitted",
)

_LAYERS = Domain(
    (*MODES, Parameter(i, Integer(1), n), Parameter(j, Integer(1), n), Parameter(l, Integer(1), N))
)


# --- its lemmas ---------------------------------------------------------------------------------


def _lemma_holds(small: Expr, large: Expr) -> Callable[..., arb]:
    """The margin large - small at layer 1, for drawn directions i and j."""

    def conclusion(moving: Moving, mode: int, first: int, second: int) -> arb:
        point = MovingPoint(moving[0], list(moving[1]), mode, "")
        point.indices |= {i: first, j: second, l: 1}
        return evaluate_scalar(large, point) - evaluate_scalar(small, point)

    return conclusion


def _lemma(lemma: DerivedLemma) -> Claim:
    small, large = lemma.small, lemma.large
    return Claim(
        label=f"lemma-{lemma.label}",
        propositions=(Proposition.of_lemma(lemma, _LAYERS),),
        given={**_REMAINDER.given, "first": st.integers(1, _WIDTH), "second": st.integers(1, _WIDTH)},
        hypotheses=_REMAINDER.hypotheses,
        conclusion=_lemma_holds(small, large),
        mutants={
            "a tenth of the larger side": _lemma_holds(small, large / 10),
            "the sides exchanged": _lemma_holds(large, small),
            "minus the larger side": _lemma_holds(small, -large),
        },
        derivation=lemma.shown_by,
        whose=Whose.OURS,
        source=source_of(lemma),
    )


CLAIMS = (_REMAINDER, *map(_lemma, remainder_derivation.REMAINDER_LEMMAS))
"""The claim on the remainder, and the inequalities that its derivation names."""
