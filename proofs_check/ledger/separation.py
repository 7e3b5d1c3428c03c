"""Section 4 of the ledger: separation by the dynamics, at exact singular values and drives.

The two sides of each derived rate are compared at rational points; velocities are those that the
drive prescribes, and the derivative of the closed form is taken by SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial

from flint import arb, fmpq
from hypothesis import strategies as st
from sympy import Expr

from jacspec.proofs_check.claims.claim import Claim, Expectation, Whose
from jacspec.proofs_check.claims.margin import equal
from jacspec.proofs_check.interpretation import (
    Interpretation,
    Value,
    evaluate,
    evaluate_formula,
    evaluate_scalar,
)
from jacspec.proofs_check.ledger.derived_mutants import derived_mutants
from jacspec.theory import Formula
from jacspec.theory.notation.heads import Head, Quantity
from jacspec.theory.notation.symbols import N, j, k, s
from jacspec.theory.results import separation
from jacspec.theory.results.propositions.separation import PROPOSITIONS

__all__ = ["CLAIMS"]

_NO_POWER = fmpq(0)
_VISIBLE = arb(2) ** -80
"""A rate that is exactly zero shows a ball around it: growth must be told from that."""

Pair = tuple[fmpq, fmpq]


class _Modes(Interpretation):
    """Two modes, k = 1 and j = 2, at some depth, driven as ``POWER_DRIVE`` of the theory says."""

    def __init__(self, depth: int, values: Pair, drive: fmpq, power: fmpq) -> None:
        super().__init__(depth, 2, {k: 1, j: 2})
        self._values = values
        self._scalars = {Quantity.STRENGTH: arb(drive), Quantity.POWER: arb(power)}

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Return c, p, a singular value, or its velocity under the drive."""
        if head.quantity in self._scalars:
            return self._scalars[head.quantity]
        if head is s:
            return arb(self._values[indices[0] - 1])
        (rule,) = separation.POWER_DRIVE.rules
        return evaluate(rule.rhs, self, {k: indices[0]})


def _rationals(low: Fraction, high: int) -> st.SearchStrategy[fmpq]:
    return st.fractions(low, high, max_denominator=6).map(lambda x: fmpq(x.numerator, x.denominator))


_POSITIVE = _rationals(Fraction(1, 5), 5)
_COMMON = {"depth": st.integers(1, 8), "values": st.tuples(_POSITIVE, _POSITIVE), "drive": _POSITIVE}
_APART = {"$s_j ≠ s_k$": lambda values, **_: bool(values[0] != values[1])}


def _rates(left: Expr, right: Expr) -> Callable[..., arb]:
    """``left = right`` for two modes under their drive."""

    def conclusion(depth: int, values: Pair, drive: fmpq, power: fmpq = _NO_POWER) -> arb:
        point = _Modes(depth, values, drive, power)
        return equal(1 + evaluate_scalar(left, point), 1 + evaluate_scalar(right, point))

    return conclusion


# --- the ratio of two modes ---------------------------------------------------------------------


def _ratio(growth: Callable[[int], int]) -> Callable[..., Iterator[tuple[str, arb]]]:
    """log(s_j/s_k), s_j > s_k, moves at the derived rate, whose sign is ``growth`` of the depth."""

    def conclusion(depth: int, values: Pair, drive: fmpq) -> Iterator[tuple[str, arb]]:
        (derived, *_) = separation.separation().calculations
        velocity = derived.steps[1].after
        point = _Modes(depth, (min(values), max(values)), drive, _NO_POWER)
        rate = evaluate_scalar(velocity, point)
        yield "rate", equal(1 + evaluate_scalar(derived.start, point), 1 + rate)
        sign = growth(depth)
        yield "sign", rate * sign - _VISIBLE if sign else equal(1 + rate, arb(1))

    return conclusion


def _sign(depth: int) -> int:
    return (depth > 2) - (depth < 2)


_SEPARATION = Claim(
    label="separation-dynamics",
    propositions=PROPOSITIONS["separation-dynamics"],
    given=_COMMON,
    hypotheses=_APART,
    conclusion=_ratio(_sign),
    mutants={
        "grows iff $N ≥ 2$": _ratio(lambda depth: 1 if depth >= 2 else -1),
        "grows iff $N ≥ 4$": _ratio(lambda depth: 1 if depth >= 4 else _sign(depth) * (depth < 3)),
        "constant at $N = 1$": _ratio(lambda depth: int(depth > 2)),
    },
    derivation=separation.separation,
    whose=Whose.POSTER,
)

_ANY_DEPTH = Claim(
    label="separation-dynamics-any-depth",
    statement="a common drive $c > 0$: $s_j/s_k$, $s_j > s_k$, grows at every depth",
    given=_COMMON,
    hypotheses=_APART,
    conclusion=_ratio(lambda _: 1),
    expected=Expectation.REFUTED,
    whose=Whose.OURS,
)

(_RATE_STATED,) = PROPOSITIONS["separation-rate"]

_RATE = Claim(
    label="separation-rate",
    propositions=PROPOSITIONS["separation-rate"],
    given={**_COMMON, "power": _rationals(Fraction(-2), 2)},
    hypotheses=_APART,
    conclusion=_rates(_RATE_STATED.left, _RATE_STATED.right),
    mutants=derived_mutants(
        _RATE_STATED.right, ("sign changed", "factor $2$", "factor $N$"), partial(_rates, _RATE_STATED.left)
    ),
    derivation=separation.rate,
    whose=Whose.FOLLOW_UP,
    source="Theorem 13 of the first author's public notes",
)


# --- the closed form ----------------------------------------------------------------------------


_POWER = 2 - 2 / N


@dataclass(frozen=True)
class _Solutions:
    """The closed forms, and what is claimed of them; changed in a wrong variant."""

    power: Formula = field(default_factory=separation.power_form)
    exponential: Formula = field(default_factory=separation.exponential_form)
    end: Formula = field(default_factory=separation.blow_up_time)
    share: int = 1
    exponent: Expr = _POWER

    def __call__(self, depth: int, values: Pair, drive: fmpq) -> Iterator[tuple[str, arb]]:
        """ṡ = share · c s^exponent, s(0) = s_0, and for N ≥ 3: at (1 - x) t*, s is s_0 x^{-N/(N-2)}."""
        strength, start, elapsed = arb(drive), arb(values[0]), arb(values[1])
        if depth >= 3:
            # Any share of the time until the blow-up.
            left = 1 / (1 + elapsed)
            elapsed = evaluate_formula(self.end, (depth, strength, start)) * (1 - left)
            yield (
                "end",
                equal(
                    self._at(depth, (strength, start, elapsed)), start * left ** (arb(depth) / (2 - depth))
                ),
            )
        velocity, driven = self._sides(depth)
        at = (strength, start, elapsed)
        yield "equation", equal(self._evaluated(velocity, depth, at), self._evaluated(driven, depth, at))
        yield "start", equal(self._at(depth, (strength, start, arb(0))), start)

    def _closed(self, depth: int) -> Formula:
        return self.exponential if depth == 2 else self.power

    def _at(self, depth: int, at: tuple[arb, ...]) -> arb:
        return self._evaluated(self._closed(depth), depth, at)

    def _evaluated(self, formula: Formula, depth: int, at: tuple[arb, ...]) -> arb:
        return evaluate_formula(replace(formula, conditions=()), at if depth == 2 else (depth, *at))

    def _sides(self, depth: int) -> tuple[Formula, Formula]:
        closed = self._closed(depth)
        drive, _, time = closed.parameters[-3:]
        exponent = self.exponent.subs(N, 2) if depth == 2 else self.exponent
        return (
            replace(closed, expression=closed.expression.diff(time)),
            replace(closed, expression=self.share * drive * closed.expression**exponent),
        )


def _other_power(formula: Formula) -> Formula:
    """s_0^{-(2-2/N)} for s_0^{-(1-2/N)}."""
    start = next(each for each in formula.parameters if each.name == "s_0")
    return replace(
        formula, expression=formula.expression.xreplace({start ** (2 / N - 1): start ** (2 / N - 2)})
    )


_CLOSED_FORM = Claim(
    label="separation-closed-form",
    propositions=PROPOSITIONS["separation-closed-form"],
    given=_COMMON,
    conclusion=_Solutions(),
    mutants={
        "sign changed": _Solutions(share=-1),
        "factor $2$": _Solutions(share=2),
        "exponent $2 - 1/N$": _Solutions(exponent=_POWER + 1 / N),
        "$s_0^{-(2-2/N)}$ in the closed form": _Solutions(power=_other_power(separation.power_form())),
        "$s_0^{-(2-2/N)}$ in the blow-up time": _Solutions(end=_other_power(separation.blow_up_time())),
    },
    derivation=separation.closed_form,
    whose=Whose.POSTER,
)

CLAIMS = (_CLOSED_FORM, _SEPARATION, _ANY_DEPTH, _RATE)
"""The claims of section 4, in the ledger's order."""
