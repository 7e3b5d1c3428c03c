"""Section 3 of the ledger: the gaps between exponents, bounded on both sides by elementary means.

    h(z) = ½ [ψ((z+1)/2) - ψ(z/2)],    γ_k - γ_{k+1} = h(n-k),    h(z) - h(z+2) = 1/(z(z+1)),

and h tends to 0. If a rational E tends to 0 as well and E(z) - E(z+2) is never below (above)
1/(z(z+1)), the sum over z, z+2, … telescopes: E is never below (above) h. The partial sums of the
expansion of h in 1/z do so in turn.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sympy import Expr, Integer, Rational, Sum, polygamma

from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.scalars.steps import ScalarCalculation
from jacspec.theory.notation.numbers import term as _m, terms
from jacspec.theory.notation.symbols import k as _k, n as _n
from jacspec.theory.results.initialisation import gaussian

MOST_TERMS = 3
"""Partial sums of up to so many terms are compared with the gap."""

_one = Integer(1)


def _h(z: Expr) -> Expr:
    return (polygamma(0, (z + 1) / 2) - polygamma(0, z / 2)) / 2


def _by_telescoping(
    part: ScalarCalculation, z: Expr, bound: Callable[[Expr], Expr], relation: Relation
) -> ScalarCalculation:
    """From h(z) to ``bound(z)``, by comparing the differences at z, z+2 and so on."""
    rest = _h(z + 2 * terms)
    jumps = Sum(1 / ((z + 2 * _m) * (z + 2 * _m + 1)), (_m, 0, terms - 1))
    differences = Sum(bound(z + 2 * _m) - bound(z + 2 * _m + 2), (_m, 0, terms - 1))
    step_down = part.by_induction(
        jumps + rest, "$ψ(x+1) = ψ(x) + 1/x$: a jump by 2 costs $1/(z(z+1))$", on=terms
    )
    compared = step_down.bounded(relation, differences + rest, "compare term by term")
    telescoped = compared.by_induction(bound(z) - bound(z + 2 * terms) + rest, "the sum telescopes", on=terms)
    return telescoped.in_the_limit(bound(z), "both rests vanish", of=terms)


@cache
def distinct() -> Derivation:
    """γ_k - γ_{k+1} ≥ 1/(2(n-k)) > 0 (ledger: ``lyapunov-distinct``)."""
    exponent = gaussian.lyapunov_gaussian().expression
    domain = Domain((Parameter(_k, _one), Parameter(_n, _k + 1), Parameter(terms, _one)))
    start = ScalarCalculation(
        "Two successive exponents, in which $σ$ cancels", exponent - exponent.subs(_k, _k + 1), domain=domain
    )
    part = _by_telescoping(start, _n - _k, lambda z: 1 / (2 * z), Relation.AT_LEAST)
    return Derivation(
        "lyapunov-distinct",
        "No two exponents coincide",
        (part,),
    )


@cache
def gap() -> Derivation:
    """E_1, E_3 ≤ γ_1 - γ_2 ≤ E_2, and 1/(2n) ≤ γ_1 - γ_2 ≤ 1/(2n) + 10/(9n²) for n ≥ 4.

    Ledger: ``lyapunov-gap``. E_c holds the first c terms of the expansion in 1/(n-1).
    """
    one, two, three = (_enclosed(count) for count in range(1, MOST_TERMS + 1))
    below = one.bounded(Relation.AT_LEAST, 1 / (2 * _n), "$n - 1 < n$")
    wide = _enclosed(2, least=4, title="2 terms, $n ≥ 4$")
    above = wide.bounded(
        Relation.AT_MOST, 1 / (2 * _n) + Rational(10, 9) / _n**2, "equal at $n = 4$, and then below"
    )
    return Derivation(
        "lyapunov-gap",
        "The gap at the top",
        (below, two, three, above),
    )


def _enclosed(count: int, *, least: int = 2, title: str = "") -> ScalarCalculation:
    """From the gap to the first ``count`` terms of its expansion, which bound it."""
    upper = count % 2 == 0
    title = title or f"{count} term{'s'[: count > 1]}"
    return _by_telescoping(
        ScalarCalculation(
            f"{title}: a bound from {'above' if upper else 'below'}",
            gaussian.gap().expression,
            domain=Domain((Parameter(_n, Integer(least)), Parameter(terms, _one))),
        ),
        _n - 1,
        lambda z: gaussian.gap_expansion(count).expression.subs(_n, z + 1),
        Relation.AT_MOST if upper else Relation.AT_LEAST,
    )
