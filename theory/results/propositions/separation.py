"""What the claims of chapter 4 say: one mode, and the ratio of two, under their drive."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Derivative, Expr, Function, Integer, Subs, exp, log, sinh

from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.numbers import small, start, strength, time
from jacspec.theory.notation.symbols import N, c, j, k, n, p, s
from jacspec.theory.notation.words import D
from jacspec.theory.results.separation import (
    BEFORE_THE_END,
    COMMON_DRIVE,
    DEEP,
    ORDERED,
    POWER_DRIVE,
    drive_at,
)

_one = Integer(1)
_PAIR = (Parameter(n, _one), Parameter(k, _one, n), Parameter(j, _one, n))
_MODES = (Parameter(N, _one), *_PAIR)
_psi = 1 - 2 / N + p
_r = log(s(j)) - log(s(k))

_DEEP = Domain((Parameter(N, Integer(3)), Parameter(strength, Integer(0)), Parameter(start, Integer(0))))
_SHALLOW = Domain((Parameter(strength, Integer(0)), Parameter(start, Integer(0))))
_FROM_START = Domain((*_SHALLOW.parameters, Parameter(time, Integer(0))))
_BEFORE = Domain((*_DEEP.parameters, Parameter(small, Integer(0), _one)))
_of_time = (start ** -(1 - 2 / N) - (1 - 2 / N) * strength * time) ** (-1 / (1 - 2 / N))
_end = start ** -(1 - 2 / N) / ((1 - 2 / N) * strength)
_twofold, _single = start * exp(strength * time), start + strength * time


_NAMES = {
    form: Function(f"S_{depth}")(time) for form, depth in ((_of_time, "N"), (_twofold, 2), (_single, 1))
}


def _equals(of: Expr, left: Expr, right: Expr, domain: Domain, *given: Assumption) -> Proposition:
    return Proposition(left, Relation.EQUAL, right, given, domain, named=(of, _NAMES[of]))


ANY_DEPTH = Proposition(D(_r), Relation.AT_LEAST, Integer(0), (COMMON_DRIVE, ORDERED), Domain(_MODES))
"""What is not so: the ratio of two modes grows at every depth."""

PROPOSITIONS: Mapping[str, tuple[Proposition, ...]] = {
    "separation-closed-form": (
        _equals(
            _of_time, Derivative(_of_time, time), strength * _of_time ** (2 - 2 / N), _DEEP, BEFORE_THE_END
        ),
        _equals(_of_time, Subs(_of_time, time, 0), start, _DEEP),
        Proposition(
            Subs(_of_time, time, (1 - small) * _end) ** -1,
            Relation.LIMIT,
            Integer(0),
            (),
            _BEFORE,
            (small, Integer(0)),
            (_of_time, _NAMES[_of_time]),
        ),
        _equals(_twofold, Derivative(_twofold, time), strength * _twofold, _FROM_START),
        _equals(_twofold, Subs(_twofold, time, 0), start, _SHALLOW),
        _equals(_single, Derivative(_single, time), strength, _FROM_START),
        _equals(_single, Subs(_single, time, 0), start, _SHALLOW),
    ),
    "separation-dynamics": (
        Proposition(
            D(_r),
            Relation.AT_LEAST,
            (1 - 2 / N) * c * exp((1 - 2 / N) * (log(s(j)) + log(s(k))) / 2) * _r,
            (COMMON_DRIVE, ORDERED, DEEP),
            Domain((Parameter(N, Integer(3)), *_PAIR)),
        ),
        Proposition(D(_r), Relation.EQUAL, Integer(0), (drive_at(2),), Domain(_PAIR)),
        Proposition(
            D(-_r),
            Relation.AT_LEAST,
            c * exp(-(log(s(j)) + log(s(k))) / 2) * _r,
            (drive_at(1), ORDERED),
            Domain(_PAIR),
        ),
    ),
    "separation-rate": (
        Proposition(
            D(_r),
            Relation.EQUAL,
            2 * c * exp(_psi * (log(s(j)) + log(s(k))) / 2) * sinh(_psi * _r / 2),
            (POWER_DRIVE,),
            Domain(_MODES),
        ),
    ),
}
"""By the label of the claim."""
