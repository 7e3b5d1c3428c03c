"""The inequalities of the remainder, derived from what a norm, an absolute value and the level ε are.

Where directions may coincide with mode k, the indicator [i = k] is a factor that is 0 or 1: a case
distinction in one line.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sympy import Abs, Expr, Integer, KroneckerDelta

from jacspec.theory.derivations.assumption import Assumption, Condition
from jacspec.theory.derivations.calculation import Calculation
from jacspec.theory.derivations.derivation import Derivation, DerivedLemma
from jacspec.theory.derivations.lemma import Lemma, without_proof
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.symbols import Mdot, epsilon, i, j, k, l, speed, u, uA, uB, v, vA, vB
from jacspec.theory.notation.words import inner

_one = Integer(1)
_left, _right = inner(u(k), uA(i, l + 1)), inner(vB(j, l), v(k))
_at_i, _at_j = KroneckerDelta(i, k), KroneckerDelta(j, k)

EXCHANGED = inner(vA(i, l + 1), Mdot(l) * uB(j, l))
"""What the directions i and j exchange in layer l."""

MISALIGNED = _left * _right - _at_i * _at_j
"""How far the two overlaps of mode k are from those of an aligned mode."""

SPREAD = 2 * _at_i * _at_j + _at_i * (1 - _at_j) + (1 - _at_i) * _at_j + epsilon * (1 - _at_i) * (1 - _at_j)
"""The weight of ε: 2 if both directions are k, 1 if one is, ε if none."""

LEVEL = Assumption(
    name="misalignment-level",
    title="misalignment of mode $k$",
    conditions=(
        Condition(Abs(inner(u(k), uA(i, l)) - _at_i), Relation.AT_MOST, epsilon, (i, l)),
        Condition(Abs(inner(vB(j, l), v(k)) - _at_j), Relation.AT_MOST, epsilon, (j, l)),
        Condition(epsilon, Relation.AT_MOST, _one),
    ),
    on_chains=True,
)


def _level(condition: Condition, layer: Expr = l) -> Lemma:
    return Lemma.assumed("level", LEVEL, condition, {l: layer})


_LEFT_LEVEL, _RIGHT_LEVEL, _SMALL = LEVEL.conditions


def _known(title: str, small: Expr, large: Expr, *needed: Assumption) -> Lemma:
    return without_proof(Lemma(title.replace(" ", "-"), title, small, large, needed))


def _exchanged(lemma: Lemma, sign: int, title: str) -> Derivation:
    sizes = Abs(MISALIGNED) * Abs(EXCHANGED)
    part = (
        Calculation("Size by size", lemma.small)
        .at_most(
            sizes,
            "a product is at most the product of the sizes",
            lemmas=((_one, _known("absolute value", sign * MISALIGNED * EXCHANGED, sizes)),),
        )
        .at_most(
            lemma.large,
            "unit vectors: the definition of the norm",
            lemmas=((Abs(MISALIGNED), _known("norm", Abs(EXCHANGED), speed(l))),),
        )
    )
    return Derivation(f"lemma-{lemma.label}", title, (part,))


@cache
def exchange() -> Derivation:
    """X ⟨a, Ṁ b⟩ ≤ |x| ‖Ṁ‖ for unit vectors (ledger: ``lemma-exchange``)."""
    return _exchanged(EXCHANGE, 1, "What a layer exchanges, from above")


@cache
def exchange_negative() -> Derivation:
    """-x ⟨a, Ṁ b⟩ ≤ |x| ‖Ṁ‖ for unit vectors (ledger: ``lemma-exchange-negative``)."""
    return _exchanged(EXCHANGE_NEGATIVE, -1, "What a layer exchanges, from below")


def _cauchy_schwarz(label: str, sign: int, derive: Callable[[], Derivation]) -> DerivedLemma:
    return DerivedLemma(
        label,
        "Cauchy–Schwarz",
        sign * MISALIGNED * EXCHANGED,
        Abs(MISALIGNED) * speed(l),
        shown_by=derive,
    )


EXCHANGE = _cauchy_schwarz("exchange", 1, exchange)
EXCHANGE_NEGATIVE = _cauchy_schwarz("exchange-negative", -1, exchange_negative)
"""±x ⟨a, Ṁ b⟩ ≤ |x| ‖Ṁ‖ for unit vectors."""


@cache
def misalignment() -> Derivation:
    """|R T - [i=k][j=k]| ≤ ε times 2, 1 or ε (ledger: ``lemma-misalignment``)."""
    off_left, off_right = Abs(_left - _at_i), Abs(_right - _at_j)
    bounded = _at_i * (off_right + _at_j * off_left) + (1 - _at_i) * off_left * (
        _at_j + (1 - _at_j) * off_right
    )
    levelled = epsilon * (_at_i * (1 + _at_j) + (1 - _at_i) * _at_j + (1 - _at_i) * (1 - _at_j) * off_right)
    part = (
        Calculation("By cases: $i$ is $k$ or not, $j$ is $k$ or not", MISALIGNMENT.small)
        .at_most(
            bounded,
            "the triangle inequality, with overlaps of at most 1",
            lemmas=((_one, _known("triangle inequality for unit vectors", MISALIGNMENT.small, bounded)),),
        )
        .at_most(
            levelled,
            "one misalignment",
            LEVEL,
            lemmas=(
                (_at_i, _level(_RIGHT_LEVEL)),
                (
                    _at_i * _at_j + (1 - _at_i) * (_at_j + (1 - _at_j) * off_right),
                    _level(_LEFT_LEVEL, l + 1),
                ),
            ),
        )
        .at_most(
            MISALIGNMENT.large,
            "the other misalignment",
            LEVEL,
            lemmas=((epsilon * (1 - _at_i) * (1 - _at_j), _level(_RIGHT_LEVEL)),),
        )
    )
    return Derivation(
        "lemma-misalignment",
        "Two overlaps of a mode that is aligned up to $ε$",
        (part,),
    )


MISALIGNMENT = DerivedLemma(
    "misalignment",
    "misalignment of at most $ε$",
    Abs(MISALIGNED),
    epsilon * SPREAD,
    (LEVEL,),
    shown_by=misalignment,
)
"""|RT - [i=k][j=k]| for |R - [i=k]|, |T - [j=k]| ≤ ε: 2ε if both are k, ε if one is, ε² if none."""


@cache
def small_level() -> Derivation:
    """Every weight is at most 2 for ε ≤ 1 (ledger: ``lemma-small-level``)."""
    neither = (1 - _at_i) * (1 - _at_j)
    only_one = _at_i * (1 - _at_j) + (1 - _at_i) * _at_j
    part = Calculation("By cases", SMALL_LEVEL.small).at_most(
        SMALL_LEVEL.large,
        "one and $ε$ are at most 2",
        LEVEL,
        lemmas=(
            (epsilon * neither, _level(_SMALL)),
            (epsilon * (neither + only_one), _known("0 at most 1", Integer(0), _one)),
        ),
    )
    return Derivation("lemma-small-level", "Weights at a small level", (part,))


SMALL_LEVEL = DerivedLemma(
    "small-level",
    "$ε ≤ 1$",
    epsilon * SPREAD,
    2 * epsilon,
    (LEVEL,),
    shown_by=small_level,
)
"""Every weight is at most 2."""
