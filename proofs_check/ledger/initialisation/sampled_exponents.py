"""Section 3 of the ledger, sampled: the exponents of Gaussian chains, without and behind gates.

Of two depths of the same chains, N and 2N, the left side enters twice at the larger less once at the smaller:
the intercept cancels, and what is left is bounded by ``jacspec.theory.results.initialisation.finite_depth``.
"""

from __future__ import annotations

from collections.abc import Iterator

from flint import fmpq_mat, fmpz
from hypothesis import strategies as st
from sympy import Integer, Rational, limit, log, oo

from jacspec.numerics import Chain
from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.claims.margin import exactly
from jacspec.proofs_check.ledger.initialisation.predictions import Ensemble, rate
from jacspec.proofs_check.ledger.initialisation.sampling import Plan, numbers, sampled
from jacspec.proofs_check.referee.propositions.laws import DrawnAsSaid
from jacspec.proofs_check.referee.propositions.sampled import Quantity
from jacspec.proofs_check.referee.statistics import Prediction
from jacspec.proofs_check.strategies import diagonal
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.notation.numbers import chance as p, deviation as sigma
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import N, k, n, r, s
from jacspec.theory.results.initialisation import exponents
from jacspec.theory.results.propositions.initialisation import SAMPLED

_FIRST, _LAST = 60, 120


def _growth(proposition: Proposition, *ensembles: Ensemble) -> DrawnAsSaid:
    """The rate of growth of every mode from one depth to the other."""

    def quantities() -> Iterator[Quantity]:
        for ensemble in ensembles:
            early, late = (_name(ensemble, depth) for depth in (_FIRST, _LAST))
            batches = ((2, late, {N: Integer(_LAST)}), (-1, early, {N: Integer(_FIRST)}))
            for mode in ensemble.modes:
                slack = rate(ensemble, mode, _FIRST, _LAST)
                name = f"$γ_{mode}$, $n = {ensemble.width}$"
                yield Quantity(name, proposition, numbers(ensemble, k=mode), batches, slack)

    plans = [
        Plan(each, _LAST, {_name(each, depth): (s, slice(depth)) for depth in (_FIRST, _LAST)})
        for each in ensembles
    ]
    others = {name: (proposition, right) for name, right in _OTHERS[proposition].items()}
    return sampled(plans, (proposition,), quantities, others=others)


def _name(ensemble: Ensemble, depth: int) -> str:
    return f"$n = {ensemble.width}$, $N = {depth}$"


(_GAUSSIAN,), (_GATED,) = SAMPLED["lyapunov-gaussian"], SAMPLED["lyapunov-masked"]
_gamma, _gated = _GAUSSIAN.right, _GATED.right
_OTHERS = {
    _GAUSSIAN: {
        "$σ²$ for $2σ²$": _gamma - log(2) / 2,
        "$σ$ for $σ²$": _gamma - log(sigma) / 2,
        "$n$ for $n-k+1$": _gamma.subs(k, 1),
    },
    _GATED: {
        "gates ignored": _gamma,
        "one gate more required": _gated.subs(r, r + 1),
        "no condition beyond $m ≥ k$": _gated.subs(r, k),
        "$ψ$ at the mean number of open gates": _gamma.subs(n, n * p),
        "$σ²$ for $2σ²$": _gated - log(2) / 2,
    },
}
"""Wrong right sides."""

_LYAPUNOV_GAUSSIAN = Claim(
    label="lyapunov-gaussian",
    propositions=(_GAUSSIAN,),
    further_evidence=(_growth(_GAUSSIAN, Ensemble(2, 3.0), Ensemble(3, 3.0)),),
    derivation=exponents.lyapunov_gaussian,
    expected=Expectation.SUPPORTED,
    whose=Whose.CLASSICAL,
    source="Newman 1986",
)

_LYAPUNOV_MASKED = Claim(
    label="lyapunov-masked",
    propositions=(_GATED,),
    further_evidence=(_growth(_GATED, Ensemble(4, 3.0, 0.5, 2)),),
    derivation=exponents.lyapunov_masked,
    expected=Expectation.SUPPORTED,
    whose=Whose.POSTER,
)

# --- without the condition ------------------------------------------------------------------------

_SHALLOW, _OPEN = 2, Ensemble(3, 1.0, 0.375, 0)
(_DEAD,), (_FINITE,) = SAMPLED["dead-layers"], SAMPLED["lyapunov-masked-unconditioned"]


def _dead() -> Iterator[Quantity]:
    """How often J is 0."""
    yield Quantity("$P(s_1 = 0)$", _DEAD, numbers(_OPEN, N=_SHALLOW), ((1, "J", {}),), Prediction(0.0))


_DEAD_LAYERS = Claim(
    label="dead-layers",
    propositions=(_DEAD,),
    further_evidence=(
        sampled([Plan(_OPEN, _SHALLOW, {"J": (s, slice(None))})], (_DEAD,), _dead, least=16_000),
    ),
    expected=Expectation.SUPPORTED,
    whose=Whose.OURS,
)

_N, _n = 2, 2
_WEIGHTS = st.lists(st.sampled_from((1, -1, 2, -2, 3, -3)), min_size=_N * _n * _n, max_size=_N * _n * _n).map(
    lambda drawn: Chain([fmpq_mat(_n, _n, drawn[: _n * _n]), fmpq_mat(_n, _n, drawn[_n * _n :])])
)
_GATES = st.lists(st.integers(0, 1), min_size=_N * _n, max_size=_N * _n).map(
    lambda drawn: fmpq_mat(_N, _n, drawn)
)


def _masked(weights: Chain, gates: fmpq_mat) -> fmpq_mat:
    """J = D_2 W_2 D_1 W_1, the gates of layer l in row l."""
    masks = [diagonal([gates[layer, r] for r in range(_n)]) for layer in range(_N)]
    return masks[1] * weights.exact[1] * masks[0] * weights.exact[0]


def _alive(weights: Chain, gates: fmpq_mat) -> fmpz:
    """s_1(J) > 0, without which log s_1 has no value, here and of every chain that goes on like this one."""
    J = _masked(weights, gates)
    return exactly(J != 0 * J)


def _stays_dead(gates: fmpq_mat, **_: object) -> str | None:
    """Why every chain that goes on like this one, and almost every chain, ends the same way."""
    dead = [layer for layer in range(1, _N + 1) if all(gates[layer - 1, row] == 0 for row in range(_n))]
    chance = _DEAD.right
    if not dead or limit(chance.subs({n: _n, p: Rational(1, 2)}), N, oo) != 1:
        return None
    return (
        f"all gates of layer {dead[0]} are shut: $s_1 = 0$, exactly, whatever follows; some layer of $N$ is "
        f"dead with probability ${text(chance)}$, which tends to 1 ($p = 1/2$, $n = {_n}$: limit by SymPy)"
    )


_UNCONDITIONED = Claim(
    label="lyapunov-masked-unconditioned",
    propositions=(_FINITE,),
    given={"weights": _WEIGHTS, "gates": _GATES},
    hypotheses={"weights nonsingular": lambda weights, **_: abs(weights.product().det())},
    conclusion=_alive,
    certify=_stays_dead,
    expected=Expectation.REFUTED,
    whose=Whose.OURS,
)

CLAIMS = (_LYAPUNOV_GAUSSIAN, _LYAPUNOV_MASKED, _DEAD_LAYERS, _UNCONDITIONED)
"""The claims on exponents, in the ledger's order."""
