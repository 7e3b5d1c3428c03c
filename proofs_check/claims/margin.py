"""Three-valued truth on balls: what a rigorous margin says, at the least precision that decides it.

A *margin* is a ball that is positive where a statement holds. A ball that excludes zero decides;
one that does not is evaluated again at higher precision, up to a cap. At the cap the statement is
*indistinguishable from equality* there: it is counted, never a counterexample, never a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from numbers import Rational
from typing import overload

from flint import arb, fmpq, fmpz

from jacspec.numerics.support.precision import balls

START_BITS = 96
"""Precision of the first evaluation; enough for most examples made of small integers."""


class Truth(Enum):
    """What a margin has decided."""

    __hash__ = object.__hash__  # Enum hashes names, in Python

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "indistinguishable from equality"


Number = arb | fmpq | fmpz | Rational
"""A number: a ball, or exact."""


def _number(value: Number) -> arb | fmpq:
    """A number as FLINT's; raises TypeError for a float and a bool, which are no exact numbers."""
    if isinstance(value, arb | fmpq):
        return value
    if isinstance(value, fmpz):
        return fmpq(value)
    if isinstance(value, Rational) and not isinstance(value, bool):
        return fmpq(int(value.numerator), int(value.denominator))
    message = f"{value!r} is no number that can be compared; expected a ball (flint.arb) or an exact number"
    raise TypeError(message)


@dataclass(frozen=True)
class Bound:
    """An inequality ``small ≤ large`` between two computed numbers: its margin, and how sharp it is.

    Where ``small`` is at most ``trivial`` anyway, the inequality says something below that only. Of
    ``squares``, how sharp it is, is that of their roots.
    """

    small: Number
    large: Number
    trivial: Number | None = None
    squares: bool = False

    @property
    def exact(self) -> bool:
        """Whether both numbers are exact, so that equality decides too."""
        return not isinstance(self.small, arb) and not isinstance(self.large, arb)

    @property
    def margin(self) -> arb:
        """``large - small``: positive where the inequality holds with room to spare."""
        small, large = _number(self.small), _number(self.large)
        return arb(large - small) if self.exact else arb(large) - arb(small)

    @property
    def ratio(self) -> float | None:
        """A lower bound of ``small/large``, or of its root; None where they may be zero or negative."""
        small, large = arb(_number(self.small)), arb(_number(self.large))
        if not (large > 0 and small >= 0):
            return None
        quotient = small / large
        return float((quotient.sqrt() if self.squares else quotient).lower())

    @property
    def telling(self) -> bool:
        """Whether ``large`` is below what ``small`` never exceeds anyway."""
        return self.trivial is None or bool(arb(_number(self.large)) < arb(_number(self.trivial)))


@dataclass(frozen=True)
class Margin:
    """One named margin, evaluated: what it decides, and the ball as text.

    The ``ratio`` of a bound's two sides says how sharp it is where the bound is ``telling``.
    """

    name: str
    truth: Truth
    midpoint: float
    ball: str
    exactly_zero: bool = False
    ratio: float | None = None
    telling: bool = True

    def __str__(self) -> str:
        name = f"{self.name}: " if self.name else ""
        return f"{name}{self.ball} ({self.truth.value})"


Outcome = Bound | Margin | arb | fmpq | fmpz | Rational | bool
Margins = Outcome | Mapping[str, Outcome] | Iterable[tuple[str, Outcome] | Outcome]
"""What a user's function may return: one margin, or several, by name or in order (all must hold)."""


@dataclass(frozen=True)
class Judgement:
    """All margins of a statement at one example, and the precision that it took."""

    truth: Truth
    margins: tuple[Margin, ...]
    bits: int

    @property
    def worst(self) -> Margin | None:
        """The margin that decides: the least one among those that decided the truth."""
        decisive = [margin for margin in self.margins if margin.truth is self.truth]
        return min(decisive, key=lambda margin: margin.midpoint, default=None)

    @property
    def ratio(self) -> float | None:
        """The largest quotient of the two sides among the margins that are bounds; None without one."""
        return _largest(self.margins)

    @property
    def sharpness(self) -> float | None:
        """The same among the bounds that say something at this example."""
        return _largest(margin for margin in self.margins if margin.telling)

    def __str__(self) -> str:
        return f"{self.truth.value}: {self.worst} at {self.bits} bits"


def _largest(margins: Iterable[Margin]) -> float | None:
    return max((each.ratio for each in margins if each.ratio is not None), default=None)


def at_most(small: Number, large: Number, *, trivial: Number | None = None) -> Bound:
    """The inequality ``small ≤ large``, of which the referee also reports how sharp it is.

    The largest ``small/large`` that the search finds: near 1 the constant cannot be improved. Where ``small``
    is at most ``trivial`` anyway (1 for an overlap), only bounds below that count. Between exact numbers,
    equality holds.
    """
    return Bound(small, large, trivial)


def less_than(small: Number, large: Number) -> Margin:
    """The inequality ``small < large``, which fails at equality of exact numbers."""
    return compare(small, "<", large)


def compare(left: Number, sign: str, right: Number) -> Margin:
    """What ``left sign right`` says, one of ≤ < ≥ > = ≠; equality decides if the difference is exact.

    The margin is how far the relation holds: of ``=`` minus the distance of the two sides, of ``≠`` the
    distance.
    """
    small, large = (right, left) if sign in ("≥", ">") else (left, right)
    bound = Bound(small, large)
    ball = arb(0) if left is right else bound.margin  # one value, whatever it is
    if sign in ("=", "≠"):
        ball = -abs(ball) if sign == "=" else abs(ball)
    if ball.is_zero():
        truth = Truth.HOLDS if sign in ("≤", "≥", "=") else Truth.FAILS
    elif ball > 0 or ball < 0:
        truth = Truth.HOLDS if ball > 0 else Truth.FAILS
    else:
        truth = Truth.UNDECIDED
    ratio = bound.ratio if sign in ("≤", "≥") else None
    shown = f"{_side(left)} {sign} {_side(right)}"
    return Margin("", truth, float(ball.mid()), f"{ball.str(8)}: {shown}", ratio=ratio)


def _side(value: Number) -> str:
    number = _number(value)
    return str(number) if isinstance(number, fmpq) and len(str(number)) < 20 else arb(number).str(8)


@overload
def equal(left: arb, right: Number, *, bits: int = 80) -> arb: ...
@overload
def equal(left: Number, right: arb, *, bits: int = 80) -> arb: ...
@overload
def equal(left: Number, right: Number, *, bits: int = 80) -> arb | Margin: ...
def equal(left: Number, right: Number, *, bits: int = 80) -> arb | Margin:
    """The equality ``left = right``: between exact numbers decided, with a ball to a stated resolution.

    The margin is then 2^-bits·(|left| + |right|) - |left - right|. Exact equality of two computed numbers
    cannot be decided by balls; that they agree to ``bits`` bits, or that they do not, can.
    """
    if not isinstance(left, arb) and not isinstance(right, arb):
        return compare(left, "=", right)
    a, b = arb(_number(left)), arb(_number(right))
    return (abs(a) + abs(b)) * arb(2) ** (-bits) - abs(a - b)


def exactly(condition: bool) -> fmpz:
    """The margin ±1 of a condition that was decided exactly, on integers or rationals, never on balls."""
    return fmpz(1 if condition else -1)


def without_bools(margins: Margins) -> Margins:
    """The margins as given; raises TypeError for a bool, which a comparison of balls may have made.

    ``a >= b`` on balls is False both where it is false and where it is undecided: no counterexample.
    """
    named = list(_named(margins))
    if any(isinstance(value, bool) for _, value in named):
        message = (
            "a conclusion returned a bool, which a comparison of balls makes of 'undecided' too; return the "
            "difference of the two sides, or jacspec.exactly(condition) if it was decided exactly"
        )
        raise TypeError(message)
    return named


def judge(evaluate: Callable[[], Margins], *, cap: int, start: int = START_BITS) -> Judgement:
    """Evaluate margins at doubling precision until they decide, or ``cap`` bits are reached.

    One failing margin decides that the statement fails; it holds if all margins do. A margin that
    is exactly zero is equality, which no precision can move.
    """
    bits = start
    while True:
        with balls(bits):
            margins = tuple(_read(name, value) for name, value in _named(evaluate()))
        truth = _together(margins)
        open_margins = [m for m in margins if m.truth is Truth.UNDECIDED and not m.exactly_zero]
        if truth is not Truth.UNDECIDED or not open_margins or bits >= cap:
            return Judgement(truth, margins, bits)
        bits = min(2 * bits, cap)


def _named(margins: Margins) -> Iterable[tuple[str, Outcome]]:
    if isinstance(margins, Mapping):
        return margins.items()
    if isinstance(margins, Outcome):
        return [("", margins)]
    if isinstance(margins, Iterable) and not isinstance(margins, str | bytes):
        return [_pair(position, each) for position, each in enumerate(margins, 1)]
    message = (
        f"a margin must be a ball (flint.arb), an exact number or a bool, or several of them by name; "
        f"got {type(margins).__name__}: {margins!r}"
    )
    raise TypeError(message)


def _pair(position: int, margin: object) -> tuple[str, Outcome]:
    """One of several margins with its name, or, if it has none, its position."""
    if isinstance(margin, tuple) and len(margin) == 2 and isinstance(margin[0], str):
        return margin
    if isinstance(margin, Outcome):
        return f"margin {position}", margin
    message = (
        f"margin {position} of several is {margin!r}; expected a ball, an exact number or a bool, or a "
        f"pair of its name and such a value"
    )
    raise TypeError(message)


def _read(name: str, value: Outcome) -> Margin:
    telling = not isinstance(value, Bound | Margin) or value.telling
    if isinstance(value, Bound) and value.exact:
        value = compare(value.small, "≤", value.large)
    if isinstance(value, Margin):
        return replace(value, name=name, telling=telling)
    if isinstance(value, bool):
        return Margin(name, Truth.HOLDS if value else Truth.FAILS, 1.0 if value else -1.0, str(value))
    ratio = None
    if isinstance(value, Bound):
        ball, ratio = value.margin, value.ratio
    elif isinstance(value, fmpq | fmpz):
        ball = arb(value)
    elif isinstance(value, arb):
        ball = value
    elif isinstance(value, Rational):
        exact = Fraction(value)
        ball = arb(fmpq(exact.numerator, exact.denominator))
    else:
        message = f"margin {name or '(unnamed)'} is {value!r}; expected a ball, an exact number or a bool"
        raise TypeError(message)
    if ball > 0:
        truth = Truth.HOLDS
    elif ball < 0:
        truth = Truth.FAILS
    else:
        truth = Truth.UNDECIDED
    return Margin(name, truth, float(ball.mid()), ball.str(8), bool(ball.is_zero()), ratio, telling)


def _together(margins: tuple[Margin, ...]) -> Truth:
    if any(margin.truth is Truth.FAILS for margin in margins):
        return Truth.FAILS
    # Nothing to judge is not a pass.
    if margins and all(margin.truth is Truth.HOLDS for margin in margins):
        return Truth.HOLDS
    return Truth.UNDECIDED
