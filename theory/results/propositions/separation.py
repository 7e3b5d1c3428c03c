"""What the claims of chapter 4 say: one mode, and the ratio of two, under their drive."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Integer, exp, log, sinh

from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.symbols import N, c, j, k, n, p, s
from jacspec.theory.notation.words import D
from jacspec.theory.results.separation import COMMON_DRIVE, POWER_DRIVE

__all__ = ["PROPOSITIONS"]

_one = Integer(1)
_MODE = (Parameter(N, _one), Parameter(n, _one), Parameter(k, _one, n))
_MODES = (*_MODE, Parameter(j, _one, n))
_psi = 1 - 2 / N + p
_r = log(s(j)) - log(s(k))

PROPOSITIONS: Mapping[str, tuple[Proposition, ...]] = {
    "separation-dynamics": (
        Proposition(
            D(_r),
            Relation.EQUAL,
            c * s(j) ** (1 - 2 / N) - c * s(k) ** (1 - 2 / N),
            (COMMON_DRIVE,),
            Domain(_MODES),
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
