"""Section 2 of the ledger: for n = 2, how far u_1 can turn away from u_1(A), exactly.

In log ratios of singular values, ξ = log s_1(A)/s_2(A), ρ = log s_1/s_2 of J and λ = log κ(B), this is a
hyperbolic triangle. B = A⁻¹J has the squared length Σ_ik (s_k/s_i(A))² R_ik², and B⁻¹ = J⁻¹A the same with
the ratios turned over; for n = 2 their product is the law of cosines,

    cosh λ = cosh ξ cosh ρ - cos 2θ sinh ξ sinh ρ,

with θ the angle between u_1(A) and u_1. By what sinh²λ exceeds sin²2θ sinh²ξ is a square: the law of sines,
sin 2θ ≤ sinh λ/sinh ξ, with equality where the angle between λ and ρ is right.
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, Integer, sqrt

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.derivations.assumption import Assumption
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.lemma import square
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.derivations.scalars.steps import Given, ScalarCalculation
from jacspec.theory.notation.declare import declare
from jacspec.theory.notation.numbers import kappa, ratio_of_A as x, ratio_of_J, room, root
from jacspec.theory.notation.symbols import l, s, sA, sB, u, uAT
from jacspec.theory.notation.words import inner
from jacspec.theory.results.alignment.facts import fact
from jacspec.theory.results.alignment.lengths import (
    IN_U_OF_A,
    LENGTHS,
    PLANE,
    REGULAR,
    UNIT,
    back,
    both_lengths,
    length,
    lengths,
    overlap,
)

_one, _two = Integer(1), Integer(2)

_condition = sB(1, l) / sB(2, l)
_ratio_of_A, _ratio_of_J = sA(2, l) / sA(1, l), s(2) / s(1)
turn: Expr = 4 * overlap(_one, _one) * overlap(_two, _one)
"""sin²2θ."""

stretch: Expr = (1 / _ratio_of_A - _ratio_of_A) ** 2
"""(2 sinh ξ)²."""

_turns = (sA(1, l) * s(1)) ** 2 - (sA(2, l) * s(2)) ** 2
_weight = (s(1) ** 2 + s(2) ** 2) * (sA(1, l) ** 2 - sA(2, l) ** 2)
RIGHT_ANGLE = Assumption(
    name="right-angle",
    title="right angle",
    rules=(Rule(uAT(1, l) * u(1), sqrt(_turns / _weight)),),
    positive=(sB(1, l) - sB(2, l),),
    on_chains=True,
)

# --- the law of sines ----------------------------------------------------------------------------------

_excess = (inner(u(1), u(1)) * _turns - overlap(_one, _one) * _weight) / (sA(1, l) * sA(2, l) * s(1) * s(2))
_left_out = declare(
    "ω",
    l,
    meaning="what the law of sines leaves out, its root",
    on_chains=_excess,
)
_LEFT_OUT = fact("left-out", "what is left out", Rule(_left_out(l), _excess))

bound: Expr = (_condition - 1 / _condition) ** 2
"""(2 sinh λ)²."""

condition_squared: Expr = (_condition + 1 / _condition) ** 2
asked_squared: Expr = 4 * (1 / _ratio_of_A + _ratio_of_A) ** 2 / (1 / _ratio_of_J + _ratio_of_J) ** 2
"""(2 cosh λ)² and (2 cosh ξ/cosh ρ)²: Pythagoras."""


def _turned() -> Calculation:
    """From sin²2θ (2 sinh ξ)² to (2 sinh λ)²."""
    start, lengths = turn * stretch, length(l) * back(l)
    unit, seen = inner(u(1), u(1)), overlap(_one, _one) + overlap(_two, _one)
    return (
        Calculation("The turn of $u_1$", start)
        .at_most(
            start + _left_out(l) ** 2,
            "a square is not negative",
            PLANE,
            REGULAR,
            lemmas=((_one, square(_left_out(l))),),
        )
        .equals(lengths - 4 * unit * seen, "both lengths", PLANE, IN_U_OF_A, _LEFT_OUT, *both_lengths())
        .equals(lengths - 4 * seen, "a unit vector", UNIT)
        .equals(lengths - 4 * unit, "length in a basis", PLANE, IN_U_OF_A)
        .equals(lengths - 4, "a unit vector", UNIT)
        .equals(bound, "by definition", PLANE, LENGTHS)
    )


def _attained() -> tuple[Calculation, Calculation]:
    unit, first = inner(u(1), u(1)), overlap(_one, _one)
    lengths = length(l) * back(l)
    return (
        Calculation("Where it is attained", turn * stretch)
        .equals(4 * first * (unit - first) * stretch, "length in a basis", PLANE, IN_U_OF_A)
        .equals(4 * first * (1 - first) * stretch, "a unit vector", UNIT)
        .equals(asked_squared - 4, "insert the angle", PLANE, RIGHT_ANGLE)
        .equals(lengths - 4, "both lengths, at the right angle", PLANE, RIGHT_ANGLE, UNIT, *both_lengths())
        .equals(bound, "by definition", PLANE, LENGTHS),
        Calculation("The condition number there", condition_squared)
        .equals(lengths, "by definition", PLANE, LENGTHS)
        .equals(asked_squared, "both lengths, at the right angle", PLANE, RIGHT_ANGLE, UNIT, *both_lengths()),
    )


# --- that every condition number occurs -----------------------------------------------------------------

of_A, _of_B, of_J = (each + 1 / each for each in (x, kappa, ratio_of_J))
asked: Expr = 2 * of_A / _of_B
"""What x_J + 1/x_J is at the right angle."""

WITNESS = Assumption(
    name="witness",
    title="witness",
    rules=(Given(root, sqrt(of_A**2 - _of_B**2)), Given(ratio_of_J, (of_A - root) / _of_B)),
)
ROOM = Assumption(name="room", title="room for an angle", rules=(Given(x, 1 / (kappa + room)),))
_KAPPA = Parameter(kappa, _one)
BELOW = Domain((_KAPPA, Parameter(room, Integer(0))))
"""Any κ and any room."""

ANY = Domain((Parameter(x, Integer(0), _one), Parameter(kappa, _one, 1 / x)))
"""Any x, and any κ with κ x < 1."""


def _occurs() -> tuple[Calculation, ...]:
    """The x_J of the right angle exists, as x_J + 1/x_J ≥ 2; and x_J ≥ x, so that the overlaps are real."""
    inserted = asked.subs(x, 1 / (kappa + room))
    return (
        ScalarCalculation("The ratio of J that is asked for", of_J, domain=ANY).equals(
            asked, "solve for $x_J$", WITNESS
        ),
        ScalarCalculation("There is one", asked, domain=BELOW)
        .equals(inserted, "insert $x$", ROOM)
        .bounded(Relation.AT_LEAST, _two, "no coefficient is negative"),
        ScalarCalculation("It is between that of A and 1", asked, domain=ANY).bounded(
            Relation.AT_MOST, of_A, "$κ + 1/κ$ is at least 2"
        ),
    )


@cache
def exact_two() -> Derivation:
    """sin²2θ (1/x - x)² ≤ (κ - 1/κ)², attained for every κ < 1/x (ledger: ``alignment-exact-two``)."""
    return Derivation(
        "alignment-exact-two",
        "How far two singular vectors turn",
        (*lengths(), _turned(), *_attained(), *_occurs()),
        remark=(
            "That there is a $J$ with the singular values and overlaps of the right angle is not derived; "
            "$A⁻¹ J$ is then the $B$. This is the law of sines of a hyperbolic triangle with twice the angle "
            "of $u_1(A)$ and $u_1$."
        ),
    )
