"""What the claims of chapter 5 say: one term of the velocity of a mode, at either order of the overlaps."""

from __future__ import annotations

from collections.abc import Mapping

from jacspec.theory.derivations.domain import Domain
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.symbols import G, Mdot, i, j, k, l, rho, sA, sB, tau, u, uA, uB, v, vA, vB
from jacspec.theory.notation.words import inner
from jacspec.theory.results.assumptions import GRADIENT_FLOW
from jacspec.theory.results.loop import FIRST_ORDER, SECOND_ORDER

__all__ = ["PROPOSITIONS"]

_overlaps = inner(uA(i, l + 1), u(k)) * inner(vB(j, l), v(k))
_term = sA(i, l + 1) * sB(j, l) * _overlaps * inner(vA(i, l + 1), Mdot(l) * uB(j, l))
_coefficients = rho(i) * tau(j) * inner(uA(i, l + 1), G * vB(j, l))
_weight = sA(k, l + 1) * sB(k, l)
_larger = sA(i, l + 1) * sB(j, l)

PROPOSITIONS: Mapping[str, tuple[Proposition, ...]] = {
    "alignment-budget": (
        Proposition(
            _term, Relation.EQUAL, -_weight * _larger * _coefficients, (GRADIENT_FLOW, FIRST_ORDER), Domain()
        ),
        Proposition(
            _term, Relation.EQUAL, -(_weight**2) * _coefficients, (GRADIENT_FLOW, SECOND_ORDER), Domain()
        ),
    ),
}
"""By the label of the claim."""
