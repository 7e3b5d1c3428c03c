"""Section 1 of the ledger, continued: what is exact; balanced chains, gates, the conserved imbalance.

Each result of ``jacspec.theory.results.dynamics.deep_linear``, ``jacspec.theory.results.dynamics.gates``
and ``jacspec.theory.results.dynamics.intercepts`` is evaluated, as derived, on exact chains.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from flint import arb, arb_mat, fmpq_mat
from hypothesis import strategies as st
from sympy import Expr, Integer

from jacspec.numerics import Chain, gradient_flow
from jacspec.numerics.spectra.small_exact import singular_decomposition
from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.claims.margin import equal
from jacspec.proofs_check.interpretation import Value, evaluate, evaluate_scalar
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.proofs_check.interpretation.points.gated import GatedPoint
from jacspec.proofs_check.ledger.derived_mutants import derived_mutants
from jacspec.proofs_check.ledger.dynamics.hypotheses import simple
from jacspec.proofs_check.strategies import aligned_chains, chains, diagonal, orthogonal, scalings, square
from jacspec.theory.notation.symbols import k, l, s, sA, sB
from jacspec.theory.results.dynamics import deep_linear, gates, intercepts
from jacspec.theory.results.propositions.dynamics import PROPOSITIONS

__all__ = ["CLAIMS"]

_WIDTH = 2


def agreement(left: Value, right: Value, *, bits: int = 80) -> arb:
    """The margin 2^-bits (1 + Σ|left| + Σ|right|) - Σ|left - right|; a lone 0 is the zero matrix."""
    if isinstance(left, arb_mat) and isinstance(right, arb):
        right = arb_mat(left.nrows(), left.ncols()) + right if not right.is_zero() else left * 0
    return (_size(left) + _size(right) + 1) * arb(2) ** (-bits) - _size(left - right)


def _size(value: Value) -> arb:
    entries = [value] if isinstance(value, arb) else value.entries()
    return sum((abs(entry) for entry in entries), arb(0))


# --- deep linear dynamics -----------------------------------------------------------------------


def _balanced(chain: Chain) -> bool:
    """M_{l+1}ᵀ M_{l+1} = M_l M_lᵀ at every l < N, exactly."""
    factors = chain.exact
    return all(
        bool(after.transpose() * after == before * before.transpose()) for before, after in pairwise(factors)
    )


def _deep_linear() -> Claim:
    (stated,) = PROPOSITIONS["deep-linear-dynamics"]
    left, right = stated.left, stated.right

    def moves_by(expression: Expr) -> Callable[..., arb]:
        def conclusion(chain: Chain, gradient: fmpq_mat, mode: int) -> arb:
            point = ChainPoint(chain, gradient_flow(chain, gradient), mode, gradient)
            return equal(evaluate_scalar(left, point), evaluate_scalar(expression, point))

        return conclusion

    return Claim(
        label="deep-linear-dynamics",
        propositions=(stated,),
        given={
            "chain": st.integers(2, 4).flatmap(lambda depth: aligned_chains(depth, _WIDTH)),
            "gradient": square(_WIDTH),
            "mode": st.integers(1, _WIDTH),
        },
        relaxed={"balanced factors": {"chain": chains(st.integers(2, 3), _WIDTH)}},
        hypotheses={
            "$s_k$ simple and not zero": lambda chain, mode, **_: simple(chain, mode),
            "balanced factors": lambda chain, **_: _balanced(chain),
        },
        conclusion=moves_by(right),
        mutants=derived_mutants(
            right,
            (
                "sign changed",
                "factor $2$",
                "exponent $2 - 2/N$ of $s_k$ changed by $-1/N$",
                "index $k$ of $v_k$",
            ),
            moves_by,
        ),
        derivation=deep_linear.deep_linear,
        whose=Whose.CLASSICAL,
        source="Arora, Cohen, Hu, Luo 2019, Theorem 3",
        remark=(
            "derived a second time, from depth scaling and alignment, as deep-linear-dynamics-by-scaling"
        ),
    )


# --- the imbalance ------------------------------------------------------------------------------


def _layers_below(depth: int) -> st.SearchStrategy[int]:
    return st.integers(1, depth - 1)


def _imbalance() -> Claim:
    (stated,) = PROPOSITIONS["imbalance-conserved"]

    def conserved(expression: Expr) -> Callable[..., arb]:
        def conclusion(moving: tuple[Chain, int], gradient: fmpq_mat) -> arb:
            chain, layer = moving
            point = ChainPoint(chain, gradient_flow(chain, gradient), 1, gradient)
            return agreement(evaluate(expression, point, {l: layer}), evaluate(stated.right, point))

        return conclusion

    return Claim(
        label="imbalance-conserved",
        propositions=(stated,),
        given={
            "moving": chains(st.integers(2, 4), _WIDTH).flatmap(
                lambda chain: st.tuples(st.just(chain), _layers_below(chain.depth))
            ),
            "gradient": square(_WIDTH),
        },
        conclusion=conserved(stated.left),
        mutants=derived_mutants(
            stated.left, ("sign of term", "factor $2$ on term", "term", "index $l$ of $M"), conserved
        ),
        derivation=deep_linear.imbalance_conserved,
        whose=Whose.CLASSICAL,
        source="Arora, Cohen, Hazan 2018",
    )


@st.composite
def _gated_networks(draw: st.DrawFn) -> tuple[Chain, tuple[tuple[int, ...], ...], int]:
    """Raw weights, the gates between them, and a layer l < N."""
    depth = draw(st.integers(2, 3))
    weights = draw(chains(depth, _WIDTH))
    pattern = st.tuples(*(st.integers(0, 1) for _ in range(_WIDTH)))
    opened = draw(st.tuples(*(pattern for _ in range(depth - 1))))
    return weights, opened, draw(_layers_below(depth))


_GATED = {"network": _gated_networks(), "gradient": square(_WIDTH)}


def _on_network(left: Expr, right: Expr) -> Callable[..., arb]:
    def conclusion(network: tuple[Chain, tuple[tuple[int, ...], ...], int], gradient: fmpq_mat) -> arb:
        weights, opened, layer = network
        point = GatedPoint(weights, opened, gradient)
        return agreement(evaluate(left, point, {l: layer}), evaluate(right, point, {l: layer}))

    return conclusion


def _raw_imbalance() -> Claim:
    return Claim(
        label="imbalance-conserved-raw",
        statement=(
            "gradient flow on the raw weights of a gated network conserves $W_{l+1}ᵀW_{l+1} - W_l W_lᵀ$"
        ),
        given=_GATED,
        conclusion=_on_network(gates.RAW_IMBALANCE, Integer(0)),
        expected=Expectation.REFUTED,
        whose=Whose.OURS,
        source="the conserved imbalance, with the raw weights",
    )


def _imbalance_where_open() -> Claim:
    (stated,) = PROPOSITIONS["imbalance-where-open"]
    return Claim(
        label="imbalance-where-open",
        propositions=(stated,),
        given=_GATED,
        conclusion=_on_network(stated.left, stated.right),
        mutants=derived_mutants(
            stated.left,
            ("sign of term", "term", "index $l$ of $D_l", "index $l$ of $W_lᵀ"),
            lambda expression: _on_network(expression, stated.right),
        ),
        derivation=gates.imbalance_where_open,
        whose=Whose.OURS,
    )


def _absorption() -> Claim:
    (stated,) = PROPOSITIONS["gate-absorption"]
    return Claim(
        label="gate-absorption",
        propositions=(stated,),
        given=_GATED,
        conclusion=_on_network(stated.left, stated.right),
        mutants=derived_mutants(
            stated.right,
            ("sign changed", "factor $2$", "index $l + 1$ of $A", "index $l$ of $B"),
            lambda expression: _on_network(stated.left, expression),
        ),
        derivation=gates.absorption,
        whose=Whose.POSTER,
        remark="the velocities of the weights were taken entry by entry, without the formula for them",
    )


# --- exact alignment ----------------------------------------------------------------------------


@st.composite
def _pairs(draw: st.DrawFn) -> Chain:
    """Two nonsingular factors with simple spectra, joined by any rational orthogonal matrix."""
    frames = [draw(orthogonal(_WIDTH)) for _ in range(3)]
    first, second = (diagonal(draw(scalings(_WIDTH))) for _ in range(2))
    return Chain([first * frames[0], frames[1] * second * frames[2]])


def _exactly_aligned(chain: Chain) -> dict[str, bool | arb]:
    """u_k(A_2) = ±u_k(J) and v_k(B_2) = ±v_k(J): they commute, exactly, and come in the same order."""
    B, A = chain.exact
    J = chain.product()
    margins: dict[str, bool | arb] = {}
    for name, X, Y in (("A", A, J), ("B", B.transpose(), J.transpose())):
        outer, whole = X * X.transpose(), Y * Y.transpose()
        margins[f"{name} commutes"] = bool(outer * whole == whole * outer)
        mine, theirs = singular_decomposition(X), singular_decomposition(Y)
        simple = mine.multiplicity(1) == theirs.multiplicity(1) == 1
        margins[f"{name} simple"] = simple
        if simple:
            overlap = (mine.left_projector(1) * theirs.left_projector(1)).trace()
            margins[f"{name} in order"] = overlap - arb(1) / 2
    return margins


def _zero_intercept() -> Claim:
    excess, one = sA(k, l) * sB(k, l) / s(k), Integer(1)

    def multiplies(expression: Expr) -> Callable[..., arb]:
        def conclusion(chain: Chain, mode: int) -> arb:
            still = [factor * 0 for factor in chain.exact]
            point = ChainPoint(chain, still, mode)
            return agreement(evaluate(expression, point, {l: 2}), evaluate(one, point))

        return conclusion

    return Claim(
        label="alignment-forces-zero-intercept",
        propositions=PROPOSITIONS["alignment-forces-zero-intercept"],
        given={"chain": _pairs(), "mode": st.integers(1, _WIDTH)},
        hypotheses={
            "$s_k$ simple and not zero": simple,
            "strong alignment, $ε = 0$": lambda chain, **_: _exactly_aligned(chain),
        },
        conclusion=multiplies(excess),
        mutants=derived_mutants(
            excess,
            ("factor $2$", "exponent $-1$ of $s_k$ changed by $1$", "index $k$ of $s_k(A_l)$"),
            multiplies,
        ),
        derivation=intercepts.alignment_forces_zero_intercept,
        whose=Whose.OURS,
    )


CLAIMS = (
    _deep_linear(),
    _absorption(),
    _imbalance(),
    _raw_imbalance(),
    _imbalance_where_open(),
    _zero_intercept(),
)
"""What section 1 claims exactly, in the ledger's order."""
