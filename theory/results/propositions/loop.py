"""What the claims of chapter 5 say: predictions of a velocity against depth, and terms of the velocity."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Abs, Expr, Integer, Sum, log, oo

from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.relation import Drawn, Relation
from jacspec.theory.notation.chance import Law
from jacspec.theory.notation.symbols import (
    G,
    M,
    Mdot,
    N,
    i,
    j,
    k,
    l,
    n,
    rho,
    s,
    sA,
    sB,
    sdot,
    tau,
    u,
    uA,
    uB,
    v,
    vA,
    vB,
)
from jacspec.theory.notation.words import inner
from jacspec.theory.results.assumptions import GRADIENT_FLOW
from jacspec.theory.results.loop import FIRST_ORDER, SECOND_ORDER

_overlaps = inner(uA(i, l + 1), u(k)) * inner(vB(j, l), v(k))
_term = sA(i, l + 1) * sB(j, l) * _overlaps * inner(vA(i, l + 1), Mdot(l) * uB(j, l))
_coefficients = rho(i) * tau(j) * inner(uA(i, l + 1), G * vB(j, l))
_weight = sA(k, l + 1) * sB(k, l)
_larger = sA(i, l + 1) * sB(j, l)

GAUSSIAN = Assumption(
    "gaussian-initialisation",
    "Gaussian initialisation, in probability",
    laws=(Drawn(M(l), Law("normal", 1 / n)), Drawn(G, Law("normal", 1))),
)

DECOUPLED = Sum(sA(k, l + 1) * sB(k, l) * inner(vA(k, l + 1), Mdot(l) * uB(k, l)), (l, 1, N)) / sdot(k)
"""The decoupled velocity over the exact one."""

CLOSED_FORM = -N * s(k) ** (2 - 2 / N) * inner(u(k), G * v(k)) / sdot(k)
"""The velocity that balanced factors would have, over the exact one."""


def _deep(left: Expr, right: int, modes: Expr) -> Proposition:
    """``left → right`` as N → ∞, for gradient flow from Gaussian chains of width 3."""
    domain = Domain((Parameter(n, Integer(3), Integer(3)), Parameter(k, Integer(1), modes)))
    return Proposition(left, Relation.LIMIT, Integer(right), (GAUSSIAN, GRADIENT_FLOW), domain, (N, oo))


def _power(quotient: Expr) -> Expr:
    """The power of N with which a quotient goes: its logarithm over log N."""
    return log(Abs(quotient)) / log(N)


PROPOSITIONS: Mapping[str, tuple[Proposition, ...]] = {
    "loop-closes-top-mode": (_deep(DECOUPLED, 1, Integer(1)),),
    "loop-closes-all-modes": (_deep(DECOUPLED, 1, n),),
    "top-mode-rates": (
        _deep(_power(DECOUPLED - 1), -2, Integer(1)),
        _deep(_power(CLOSED_FORM), -1, Integer(1)),
    ),
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
