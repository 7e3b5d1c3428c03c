"""What the claims of chapter 2 say: separated singular values bound the overlaps, squared throughout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sympy import Expr, Integer, KroneckerDelta, Symbol, oo, sin

from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.transposition import transposed_assumption
from jacspec.theory.notation.symbols import N, cY, i, k, l, n, r, sA, sB, u, uA, v, vB
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment import two_by_two as two
from jacspec.theory.results.alignment.facts import NONSINGULAR
from jacspec.theory.results.alignment.rank_inequalities import LEADING_RANK

__all__ = [
    "AS_STATED",
    "COLUMNS",
    "EVERY_PAIR",
    "LEADING_PAIRS",
    "PROPOSITIONS",
    "SHARPER",
    "WITH_COLUMNS",
]

_one = Integer(1)
_CHAINS = (Parameter(N, Integer(2)), Parameter(n, _one))
_SPLIT = Parameter(l, _one, N + 1)
_RANK = Parameter(r, _one, n - 1)
EVERY_PAIR = Domain((*_CHAINS, Parameter(i, _one, n), Parameter(k, _one, n), _SPLIT))


def _led(last: Expr) -> Domain:
    """Any r < n, k ≤ r and i ≤ last."""
    return Domain((*_CHAINS, _RANK, Parameter(i, _one, last), Parameter(k, _one, r), _SPLIT))


LEADING_PAIRS = _led(r)

_left, _right = inner(uA(i, l), u(k)) ** 2, inner(vB(i, l), v(k)) ** 2
_condition_of_B = (sB(_one, l) / sB(n, l)) ** 2
_condition_of_A = (sA(_one, l) / sA(n, l)) ** 2
_excess, _beyond = sB(_one, l) / cY(l), sA(r + 1, l) / sA(k, l)
_TURNED = transposed_assumption(NONSINGULAR)

_GRAMS = Domain(tuple(each for each in two.ANY.parameters if each.symbol != two.x))


def _bounded(overlap: Expr, bound: Expr, given: Assumption, domain: Domain) -> Proposition:
    """A bound of a squared overlap, which is at most 1 anyway."""
    return Proposition(overlap, Relation.AT_MOST, bound, (given,), domain, trivial=_one)


def _named(proposition: Proposition, times: Expr) -> Proposition:
    """With sin²2θ as the name of what turns, up to a factor."""
    angle = sin(2 * Symbol("theta", positive=True)) ** 2
    return replace(proposition, named=(two.turn * times, angle * times))


def _turned(relation: Relation, domain: Domain, *given: Assumption) -> Proposition:
    return _named(Proposition(two.turn, relation, two.bound, (two.NORMALISED, *given), domain), _one)


SEPARATION = Assumption(
    name="separation",
    title="$A_l$ separates at a fixed $l$",
    statement="$s_{i+1}(A_l)/s_i(A_l) → 0$ as $N → ∞$, for every $i < n$",
    on_chains=True,
)

COLUMNS = Assumption(
    name="independent-columns",
    title="first $r$ columns of $V_{A_l}ᵀ B_l$ independent",
    statement="at every $N$",
    on_chains=True,
)


def _aligns(modes: Sequence[Parameter], *given: Assumption) -> Proposition:
    """R_ik² → [i = k] as N → ∞, for the modes k."""
    domain = Domain((Parameter(n, _one), *modes, Parameter(i, _one, n), Parameter(l, _one)))
    return Proposition(_left, Relation.LIMIT, KroneckerDelta(i, k), given, domain, (N, oo))


AS_STATED = _aligns([Parameter(k, _one, n)], SEPARATION)
WITH_COLUMNS = _aligns([_RANK, Parameter(k, _one, r)], SEPARATION, COLUMNS)
"""What is not so: separation alone aligns, or separation with independent columns."""

SHARPER = tuple(
    _bounded(_left, (_excess * sA(k, l) / sA(i, l)) ** 2 * (1 + rest) ** 2, LEADING_RANK, LEADING_PAIRS)
    for rest in (_beyond, _excess * _beyond**2)
)
"""What nothing is found against: a factor that tends to 1 as the spectrum separates."""

PROPOSITIONS: Mapping[str, tuple[Proposition, ...]] = {
    "alignment": tuple(
        _bounded(_left, _condition_of_B * ratio**2, NONSINGULAR, EVERY_PAIR)
        for ratio in (sA(k, l) / sA(i, l), sA(i, l) / sA(k, l))
    ),
    "right-alignment": tuple(
        _bounded(_right, _condition_of_A * ratio**2, _TURNED, EVERY_PAIR)
        for ratio in (sB(k, l) / sB(i, l), sB(i, l) / sB(k, l))
    ),
    "alignment-exact-two": (
        replace(_turned(Relation.AT_MOST, two.ANY), trivial=_one),
        _turned(Relation.EQUAL, two.BELOW, two.EXTREMAL),
        Proposition(two.g11 * two.g22, Relation.AT_LEAST, _one, (two.NORMALISED, two.EXTREMAL), two.BELOW),
    ),
    "alignment-first-order-constant": (
        _named(
            Proposition(
                two.turn / (2 * two.x) ** 2,
                Relation.LIMIT,
                two.beside / two.g11**2,
                (two.NORMALISED,),
                two.ANY,
                (two.x, Integer(0)),
            ),
            (2 * two.x) ** -2,
        ),
        Proposition(two.beside / two.g11**2, Relation.AT_MOST, two.constant, (two.NORMALISED,), _GRAMS),
        Proposition(
            two.beside / two.g11**2, Relation.EQUAL, two.constant, (two.NORMALISED, two.STEEPEST), _GRAMS
        ),
    ),
    "alignment-rank-r": (
        _bounded(_left, (_excess * sA(i, l) / sA(k, l)) ** 2, LEADING_RANK, _led(n)),
        _bounded(_left, (2 * _excess * sA(k, l) / sA(i, l)) ** 2, LEADING_RANK, LEADING_PAIRS),
    ),
}
"""By the label of the claim."""
