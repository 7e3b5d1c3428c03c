"""Section 4 of the ledger: what ṡ = c s^{2-2/N} does to one mode, and to the ratio of two.

Derived for every depth at once: s^{-(1-2/N)} moves at a constant rate, which gives the closed form
and the blow-up; the difference of two log velocities has the sign of 1 - 2/N.
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, Symbol, exp, log, sinh

from jacspec.theory.algebra.formula import Formula
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.notation.symbols import N, c, j, k, p, s, sdot
from jacspec.theory.notation.words import D

__all__ = [
    "COMMON_DRIVE",
    "POWER_DRIVE",
    "blow_up_time",
    "closed_form",
    "exponential_form",
    "power_form",
    "rate",
    "separation",
]


def _drive(name: str, title: str, statement: str, velocity: Expr) -> Assumption:
    rules = (Rule(sdot(k), velocity, (k,)),)
    return Assumption(name, title, statement, rules=rules, model=rules)


COMMON_DRIVE = _drive(
    "common-drive",
    "common drive",
    "every mode follows $ṡ_k = c s_k^{2-2/N}$ with the same $c > 0$",
    c * s(k) ** (2 - 2 / N),
)

POWER_DRIVE = _drive(
    "power-drive",
    "drive by a power",
    "every mode follows $ṡ_k = c_k s_k^{2-2/N}$ with $c_k = c s_k^p$",
    c * s(k) ** (2 - 2 / N + p),
)


@cache
def closed_form() -> Derivation:
    """d/dt s^{-(1-2/N)} = -(1-2/N) c, and d/dt log s = c s^{1-2/N} (ledger: ``separation-closed-form``)."""
    exponential = (
        Calculation("The logarithm", D(log(s(k))))
        .equals(s(k) ** -1 * sdot(k), "chain rule")
        .equals(c * s(k) ** (1 - 2 / N), "insert the velocity", COMMON_DRIVE)
    )
    power = (
        Calculation("A power that moves at a constant rate", D(s(k) ** (2 / N - 1)))
        .equals((2 / N - 1) * s(k) ** (2 / N - 2) * sdot(k), "chain rule")
        .equals(-(1 - 2 / N) * c, "insert the velocity", COMMON_DRIVE)
    )
    return Derivation(
        "separation-closed-form",
        "The solution in closed form",
        (exponential, power),
        remark=(
            "At $N = 2$ the first line is constant: $s = s_0 e^{ct}$. Otherwise the second gives "
            "$s^{-(1-2/N)} = s_0^{-(1-2/N)} - (1-2/N) c t$: linear growth at $N = 1$, and for $N ≥ 3$ "
            "infinity at the time at which the right-hand side is 0."
        ),
    )


@cache
def separation() -> Derivation:
    """d/dt log(s_j/s_k) = c (s_j^{1-2/N} - s_k^{1-2/N}) (ledger: ``separation-dynamics``)."""
    part = (
        Calculation("The ratio of two modes", D(log(s(j)) - log(s(k))))
        .equals(s(j) ** -1 * sdot(j) - s(k) ** -1 * sdot(k), "chain rule")
        .equals(c * s(j) ** (1 - 2 / N) - c * s(k) ** (1 - 2 / N), "insert the velocities", COMMON_DRIVE)
    )
    return Derivation(
        "separation-dynamics",
        "Two modes separate at depth three and beyond",
        (part,),
        remark=(
            "For $s_j > s_k$ the difference has the sign of the exponent $1 - 2/N$: the ratio grows for "
            "$N ≥ 3$, is constant at $N = 2$ and shrinks at $N = 1$."
        ),
    )


@cache
def rate() -> Derivation:
    """ṙ = 2 ω̄ sinh(ψr/2), r = log(s_j/s_k), ψ = 1-2/N+p (ledger: ``separation-rate``)."""
    psi = 1 - 2 / N + p
    middle = c * exp(psi * (log(s(j)) + log(s(k))) / 2)
    part = (
        Calculation("The rate of separation", D(log(s(j)) - log(s(k))))
        .equals(s(j) ** -1 * sdot(j) - s(k) ** -1 * sdot(k), "chain rule")
        .equals(c * s(j) ** psi - c * s(k) ** psi, "insert the velocities", POWER_DRIVE)
        .equals(
            2 * middle * sinh(psi * (log(s(j)) - log(s(k))) / 2),
            "take out the geometric mean of the two log velocities",
        )
    )
    return Derivation(
        "separation-rate",
        "The rate of separation",
        (part,),
        remark=(
            "With $r = log(s_j/s_k)$, $ψ = 1 - 2/N + p$ and $ω$ the log velocity $c s^ψ$ at the geometric "
            "mean of the two modes: $dr/dt = 2 ω sinh(ψ r/2)$."
        ),
    )


# --- closed forms -------------------------------------------------------------------------------

_c, _s0, _t = (Symbol(name, positive=True) for name in ("c", "s_0", "t"))
_power = 1 - 2 / N


def power_form() -> Formula:
    """s(t) = (s_0^{-(1-2/N)} - (1-2/N) c t)^{-1/(1-2/N)}, N ≠ 2."""
    solution = (_s0**-_power - _power * _c * _t) ** (-1 / _power)
    return Formula(
        "separation-closed-form",
        (N, _c, _s0, _t),
        solution,
        "$N = 1$ or $N ≥ 3$, and $0 < t < t*$ if $N ≥ 3$",
        ((N - 2) ** 2 > 0, _s0**-_power - _power * _c * _t > 0),
    )


def exponential_form() -> Formula:
    """s(t) = s_0 e^{ct}, N = 2."""
    return Formula("separation-closed-form", (_c, _s0, _t), _s0 * exp(_c * _t), "$N = 2$")


def blow_up_time() -> Formula:
    """t* = s_0^{-(1-2/N)}/((1-2/N) c), where the base of ``power_form`` vanishes; N ≥ 3."""
    return Formula("separation-closed-form", (N, _c, _s0), _s0**-_power / (_power * _c), "$N ≥ 3$", (N >= 3,))
