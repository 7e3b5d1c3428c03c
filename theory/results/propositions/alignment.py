"""What the claims of chapter 2 say: separated singular values bound the overlaps, squared throughout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sympy import Expr, Integer, Symbol, sin

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

__all__ = ["EVERY_PAIR", "LEADING_PAIRS", "PROPOSITIONS"]

_one = Integer(1)
_CHAINS = (Parameter(N, Integer(2)), Parameter(n, _one))
_SPLIT = Parameter(l, _one, N + 1)
EVERY_PAIR = Domain((*_CHAINS, Parameter(i, _one, n), Parameter(k, _one, n), _SPLIT))


def _led(last: Expr) -> Domain:
    """Any r < n, k ≤ r and i ≤ last."""
    rank = Parameter(r, _one, n - 1)
    return Domain((*_CHAINS, rank, Parameter(i, _one, last), Parameter(k, _one, r), _SPLIT))


LEADING_PAIRS = _led(r)

_left, _right = inner(uA(i, l), u(k)) ** 2, inner(vB(i, l), v(k)) ** 2
_condition_of_B = (sB(_one, l) / sB(n, l)) ** 2
_condition_of_A = (sA(_one, l) / sA(n, l)) ** 2
_excess = (sB(_one, l) / cY(l)) ** 2
_TURNED = transposed_assumption(NONSINGULAR)

_GRAMS = Domain(tuple(each for each in two.ANY.parameters if each.symbol != two.x))


def _named(proposition: Proposition, times: Expr) -> Proposition:
    """With sin²2θ as the name of what turns, up to a factor."""
    angle = sin(2 * Symbol("theta", positive=True)) ** 2
    return replace(proposition, named=(two.turn * times, angle * times))


def _turned(relation: Relation, domain: Domain, *given: Assumption) -> Proposition:
    return _named(Proposition(two.turn, relation, two.bound, (two.NORMALISED, *given), domain), _one)


PROPOSITIONS: Mapping[str, tuple[Proposition, ...]] = {
    "alignment": tuple(
        Proposition(_left, Relation.AT_MOST, _condition_of_B * ratio**2, (NONSINGULAR,), EVERY_PAIR)
        for ratio in (sA(k, l) / sA(i, l), sA(i, l) / sA(k, l))
    ),
    "right-alignment": tuple(
        Proposition(_right, Relation.AT_MOST, _condition_of_A * ratio**2, (_TURNED,), EVERY_PAIR)
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
        Proposition(_left, Relation.AT_MOST, _excess * (sA(i, l) / sA(k, l)) ** 2, (LEADING_RANK,), _led(n)),
        Proposition(
            _left, Relation.AT_MOST, 4 * _excess * (sA(k, l) / sA(i, l)) ** 2, (LEADING_RANK,), LEADING_PAIRS
        ),
    ),
}
"""By the label of the claim."""
