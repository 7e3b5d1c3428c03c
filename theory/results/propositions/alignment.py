"""What the claims of chapter 2 say: separated singular values bound the overlaps, squared throughout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Expr, Integer, KroneckerDelta, oo

from jacspec.theory.derivations.assumption import Assumption, Condition
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.transposition import transposed_assumption
from jacspec.theory.notation import numbers
from jacspec.theory.notation.symbols import N, cX, cY, i, k, l, n, r, s, sA, sB, u, uA, v, vB
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment import (
    elimination,
    first_order,
    first_order_constant as constant,
    lengths,
    two_by_two as two,
)
from jacspec.theory.results.alignment.facts import NONSINGULAR
from jacspec.theory.results.alignment.rank_inequalities import LEADING_OF_A, LEADING_RANK

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

_PLANES = Domain((Parameter(N, Integer(2)), Parameter(n, Integer(2), Integer(2)), Parameter(l, _one, N)))
_PAIRS = Domain((*EVERY_PAIR.parameters[:-1], _PLANES.parameters[-1]))
_IN_THE_PLANE = (lengths.PLANE, lengths.REGULAR)


def _bounded(overlap: Expr, bound: Expr, domain: Domain, *given: Assumption) -> Proposition:
    """A bound of a squared overlap, which is at most 1 anyway."""
    return Proposition(overlap, Relation.AT_MOST, bound, given, domain, trivial=_one)


def _farthest(left: Expr, right: Expr) -> Proposition:
    return Proposition(left, Relation.EQUAL, right, (*_IN_THE_PLANE, two.RIGHT_ANGLE), _PLANES)


SEPARATION = Assumption(
    name="separation",
    title="$A_l$ separates at a fixed $l$",
    conditions=(Condition(sA(i + 1, l) / sA(i, l), Relation.LIMIT, Integer(0), (i,), towards=(N, oo)),),
    on_chains=True,
)

COLUMNS = Assumption(
    name="independent-columns",
    title="leading columns",
    positive=(cX(l),),
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
    _bounded(_left, (_excess * sA(k, l) / sA(i, l)) ** 2 * (1 + rest) ** 2, LEADING_PAIRS, LEADING_RANK)
    for rest in (_beyond, _excess * _beyond**2)
)
"""What nothing is found against: a factor that tends to 1 as the spectrum separates."""


def _first_order(i: int, k: int, least: int) -> Proposition:
    """R_ik over s_k/s_i tends to a ratio of minors of G, at widths from the least to 3."""
    modes = range(1, k + 1)
    domain = Domain(
        (
            Parameter(n, Integer(least), Integer(3)),
            Parameter(numbers.small, Integer(0)),
            Parameter(numbers.ratio(k, i), Integer(0)),
            *(Parameter(numbers.gram(row, row), Integer(0)) for row in modes),
            *(Parameter(numbers.gram(a, b), -oo, oo) for a in modes for b in modes if a < b),
        )
    )
    quotient = numbers.overlap(i, k) / (numbers.small * numbers.ratio(k, i))
    limit = first_order.leading_overlap(i, k).expression
    towards = (numbers.small, Integer(0))
    return Proposition(quotient, Relation.LIMIT, limit, first_order.premises(k), domain, towards)


PROPOSITIONS: Mapping[str, tuple[Proposition, ...]] = {
    "alignment": tuple(
        _bounded(_left, _condition_of_B * ratio**2, EVERY_PAIR, NONSINGULAR)
        for ratio in (sA(k, l) / sA(i, l), sA(i, l) / sA(k, l))
    ),
    "right-alignment": tuple(
        _bounded(_right, _condition_of_A * ratio**2, EVERY_PAIR, _TURNED)
        for ratio in (sB(k, l) / sB(i, l), sB(i, l) / sB(k, l))
    ),
    "alignment-exact-two": (
        Proposition(
            two.turn * two.stretch,
            Relation.AT_MOST,
            two.bound,
            _IN_THE_PLANE,
            _PLANES,
            trivial=two.stretch,
        ),
        _farthest(two.turn * two.stretch, two.bound),
        _farthest(two.condition_squared, two.asked_squared),
        Proposition(two.of_J, Relation.EQUAL, two.asked, (two.WITNESS,), two.ANY),
        Proposition(two.asked, Relation.AT_LEAST, Integer(2), (two.ROOM,), two.BELOW),
        Proposition(two.asked, Relation.AT_MOST, two.of_A, (), two.ANY),
    ),
    "alignment-first-order-constant": (
        Proposition(
            constant.coefficient,
            Relation.AT_MOST,
            constant.bound,
            (constant.APART, constant.REGULAR_B),
            _PAIRS,
        ),
        Proposition(
            constant.across,
            Relation.EQUAL,
            constant.attained,
            (lengths.PLANE, constant.REGULAR_B, constant.STEEPEST),
            _PLANES,
        ),
    ),
    "alignment-rank-r": (
        _bounded(_left, (_excess * sA(i, l) / sA(k, l)) ** 2, _led(n), LEADING_RANK),
        _bounded(_left, (2 * _excess * sA(k, l) / sA(i, l)) ** 2, LEADING_PAIRS, LEADING_RANK, LEADING_OF_A),
    ),
    "overlap-elimination": (
        Proposition(elimination.coordinate, Relation.EQUAL, sA(i, l) * elimination.overlap, (), EVERY_PAIR),
        Proposition(
            sA(i, l) * elimination.eliminated, Relation.EQUAL, s(k) ** 2 * elimination.overlap, (), EVERY_PAIR
        ),
        Proposition(
            elimination.eliminated**2, Relation.AT_MOST, elimination.bound, (NONSINGULAR,), EVERY_PAIR
        ),
    ),
    "overlap-first-order": (_first_order(1, 2, 2), _first_order(1, 3, 3), _first_order(2, 3, 3)),
}
"""By the label of the claim."""
