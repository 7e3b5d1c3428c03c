"""Section 4 of the ledger: what ṡ = c s^{2-2/N} does to one mode, and to the ratio of two.

Derived for every depth at once: s^{-(1-2/N)} moves at a constant rate, which gives the closed form
and the blow-up; the difference of two log velocities has the sign of 1 - 2/N.
"""

from __future__ import annotations

from functools import cache

from sympy import Derivative, Expr, Integer, Subs, exp, log, sinh

from jacspec.theory.algebra.formula import Formula
from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.lemma import Lemma, without_proof
from jacspec.theory.derivations.scalars.steps import Given, ScalarCalculation
from jacspec.theory.notation.numbers import base, small, start, strength, time
from jacspec.theory.notation.symbols import N, c, j, k, p, s, sdot, sigma
from jacspec.theory.notation.words import D


def _drive(name: str, title: str, velocity: Expr) -> Assumption:
    rules = (Rule(sdot(k), velocity, (k,)),)
    return Assumption(name, title, rules, rules, positive=(s(j), s(k)))


COMMON_DRIVE = _drive("common-drive", "common drive", c * s(k) ** (2 - 2 / N))


@cache
def drive_at(depth: int) -> Assumption:
    """The common drive at one depth."""
    at = {N: Integer(depth)}
    velocity = c * s(k) ** (2 - 2 / N).xreplace(at)
    title = f"common drive of depth {depth}"
    return _drive(f"common-drive-{depth}", title, velocity)


POWER_DRIVE = _drive("power-drive", "drive by a power", c * s(k) ** (2 - 2 / N + p))


ORDERED = Assumption(
    name="ordered-modes",
    title="ordered modes",
    positive=(s(j) - s(k),),
    model=(Rule(s(j), s(k) + sigma(j)),),
    distinct=(j, k),
)

DEEP = Assumption(
    name="depth-three",
    title="depth three and beyond",
    restricts=(Parameter(N, Integer(3)),),
)

_RATIO = log(s(j)) - log(s(k))


def _convex(power: Expr, *needed: Assumption) -> Lemma:
    """X ≤ sinh x at x = power · r/2 ≥ 0."""
    x = power * _RATIO / 2
    return without_proof(Lemma("sinh", "$x ≤ sinh x$ for $x ≥ 0$", x, sinh(x), needed))


def _velocity_of_ratio(title: str, above: Expr, below: Expr, depth: Expr, drive: Assumption) -> Calculation:
    power = 1 - 2 / depth
    return (
        Calculation(title, D(log(s(above)) - log(s(below))))
        .equals(s(above) ** -1 * sdot(above) - s(below) ** -1 * sdot(below), "chain rule")
        .equals(c * s(above) ** power - c * s(below) ** power, "insert the velocities", drive)
    )


def _middle(power: Expr) -> Expr:
    """The log velocity at the geometric mean of the two modes."""
    return c * exp(power * (log(s(j)) + log(s(k))) / 2)


@cache
def separation() -> Derivation:
    """d/dt log(s_j/s_k), s_j > s_k: positive for N ≥ 3, 0 at N = 2, negative at N = 1.

    Ledger: ``separation-dynamics``.
    """
    power = 1 - 2 / N
    deep = (
        _velocity_of_ratio("$N ≥ 3$: the ratio grows", j, k, N, COMMON_DRIVE)
        .equals(2 * _middle(power) * sinh(power * _RATIO / 2), "take out the geometric mean")
        .at_least(
            power * _middle(power) * _RATIO,
            "a convex function above its tangent",
            ORDERED,
            DEEP,
            lemmas=((2 * _middle(power), _convex(power, ORDERED, DEEP)),),
        )
    )
    single = (
        _velocity_of_ratio("$N = 1$: the inverse ratio grows", k, j, Integer(1), drive_at(1))
        .equals(2 * _middle(-Integer(1)) * sinh(_RATIO / 2), "take out the geometric mean")
        .at_least(
            _middle(-Integer(1)) * _RATIO,
            "a convex function above its tangent",
            ORDERED,
            lemmas=((2 * _middle(-Integer(1)), _convex(Integer(1), ORDERED)),),
        )
    )
    twofold = _velocity_of_ratio("$N = 2$: the ratio stays", j, k, Integer(2), drive_at(2))
    return Derivation(
        "separation-dynamics", "Two modes separate at depth three and beyond", (deep, twofold, single)
    )


@cache
def rate() -> Derivation:
    """ṙ = 2 ω̄ sinh(ψr/2), r = log(s_j/s_k), ψ = 1-2/N+α (ledger: ``separation-rate``)."""
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
    )


# --- closed forms -------------------------------------------------------------------------------

_power = 1 - 2 / N


def power_form() -> Formula:
    """s(t) = (s_0^{-(1-2/N)} - (1-2/N) c t)^{-1/(1-2/N)}, N ≠ 2."""
    solution = (start**-_power - _power * strength * time) ** (-1 / _power)
    return Formula(
        "separation-closed-form",
        (N, strength, start, time),
        solution,
        "$N = 1$ or $N ≥ 3$, and $0 < t < t*$ if $N ≥ 3$",
        ((N - 2) ** 2 > 0, start**-_power - _power * strength * time > 0),
    )


def exponential_form() -> Formula:
    """s(t) = s_0 e^{ct}, N = 2."""
    return Formula("separation-closed-form", (strength, start, time), start * exp(strength * time), "$N = 2$")


def blow_up_time() -> Formula:
    """t* = s_0^{-(1-2/N)}/((1-2/N) c), where the base of ``power_form`` vanishes; N ≥ 3."""
    return Formula(
        "separation-closed-form",
        (N, strength, start),
        start**-_power / (_power * strength),
        "$N ≥ 3$",
        (N >= 3,),
    )


# --- the closed form, derived -------------------------------------------------------------------

_START = Integer(0)
_MODES = (Parameter(strength, _START), Parameter(start, _START))
_DEEP = (Parameter(N, Integer(3)), *_MODES)

BEFORE_THE_END = Assumption(
    name="before-the-end",
    title="before $t^*$",
    rules=(Given(time, (start**-_power - base) / (_power * strength)),),
    positive=(base,),
)


def _velocity(title: str, solution: Expr, *domain: Parameter) -> ScalarCalculation:
    return ScalarCalculation(title, Derivative(solution, time), domain=Domain(domain))


def _at_start(title: str, solution: Expr, *domain: Parameter) -> ScalarCalculation:
    begun = ScalarCalculation(title, Subs(solution, time, 0), domain=Domain(domain))
    return begun.equals(start, "at $t = 0$")


@cache
def closed_form() -> Derivation:
    """The closed forms solve ṡ = c s^{2-2/N}, s(0) = s_0, and the one of N ≥ 3 ends at t*.

    Ledger: ``separation-closed-form``.
    """
    deep, twofold = power_form().expression, exponential_form().expression
    single = deep.subs(N, 1)
    left = start**-_power - _power * strength * time
    moving = Parameter(time, _START)
    before_the_end = (1 - small) * blow_up_time().expression
    return Derivation(
        "separation-closed-form",
        "The solution in closed form",
        (
            _velocity("$N ≥ 3$: the equation", deep, *_DEEP, Parameter(base, _START))
            .equals(strength * left ** (-1 / _power - 1), "chain rule", BEFORE_THE_END)
            .equals(strength * deep ** (2 - 2 / N), "a power of a power", BEFORE_THE_END),
            _at_start("$N ≥ 3$: the start", deep, *_DEEP),
            ScalarCalculation(
                "$N ≥ 3$: the end, approached through the times $(1 - h) t^*$",
                Subs(deep, time, before_the_end) ** -1,
                domain=Domain((*_DEEP, Parameter(small, _START, Integer(1)))),
            )
            .equals(small ** (1 / _power) / start, "what is left of the base is $h$ times its start")
            .in_the_limit(_START, "a positive power of $h$", of=small, at=_START),
            _velocity("$N = 2$: the equation", twofold, *_MODES, moving).equals(
                strength * twofold, "chain rule"
            ),
            _at_start("$N = 2$: the start", twofold, *_MODES),
            _velocity("$N = 1$: the equation", single, *_MODES, moving).equals(strength, "linear growth"),
            _at_start("$N = 1$: the start", single, *_MODES),
        ),
        explained=((BEFORE_THE_END.name, "beyond $t^*$ there is nothing to differentiate"),),
    )
