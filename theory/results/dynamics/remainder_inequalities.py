"""The inequalities of the remainder, derived from what a norm, an absolute value and the level ε are.

Where directions may coincide with mode k, the indicator [i = k] is a factor that is 0 or 1: a case
distinction in one line.
"""

from __future__ import annotations

from functools import cache

from sympy import Abs, Expr, Integer, KroneckerDelta

from jacspec.theory.derivations.derivation import Calculation, Derivation
from jacspec.theory.derivations.lemmas import Lemma
from jacspec.theory.notation.symbols import Mdot, epsilon, i, inner, j, k, l, speed, u, uA, uB, v, vA, vB
from jacspec.theory.results.dynamics.remainder_derivation import (
    EXCHANGE,
    EXCHANGE_NEGATIVE,
    LEVEL,
    MISALIGNMENT,
    SMALL_LEVEL,
)

__all__ = ["exchange", "exchange_negative", "misalignment", "small_level"]

_GENERALITY = "any depth $N ≥ 2$, any width $n$ and any $l$"
_one = Integer(1)
_left, _right = inner(u(k), uA(i, l + 1)), inner(vB(j, l), v(k))
_at_i, _at_j = KroneckerDelta(i, k), KroneckerDelta(j, k)


def _known(title: str, small: Expr, large: Expr) -> Lemma:
    return Lemma(title.replace(" ", "-"), title, small, large, by_definition=True)


@cache
def exchange() -> Derivation:
    """X ⟨a, Ṁ b⟩ ≤ |x| ‖Ṁ‖ for unit vectors (ledger: ``lemma-exchange``)."""
    return _exchanged(EXCHANGE, 1, "What a layer exchanges, from above")


@cache
def exchange_negative() -> Derivation:
    """-x ⟨a, Ṁ b⟩ ≤ |x| ‖Ṁ‖ for unit vectors (ledger: ``lemma-exchange-negative``)."""
    return _exchanged(EXCHANGE_NEGATIVE, -1, "What a layer exchanges, from below")


def _exchanged(lemma: Lemma, sign: int, title: str) -> Derivation:
    moved = inner(vA(i, l + 1), Mdot(l) * uB(j, l))
    overlap = _left * _right - _at_i * _at_j
    sizes = Abs(overlap) * Abs(moved)
    part = (
        Calculation("Size by size", lemma.small)
        .at_most(
            sizes,
            "a product is at most the product of the sizes",
            lemmas=((_one, _known("absolute value", sign * overlap * moved, sizes)),),
        )
        .at_most(
            lemma.large,
            "unit vectors: the definition of the norm",
            lemmas=((Abs(overlap), _known("norm", Abs(moved), speed(l))),),
        )
    )
    return Derivation(f"lemma-{lemma.label}", title, (part,), generality=_GENERALITY)


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
                (_at_i, _known("level", off_right, epsilon)),
                (
                    _at_i * _at_j + (1 - _at_i) * (_at_j + (1 - _at_j) * off_right),
                    _known("level", off_left, epsilon),
                ),
            ),
        )
        .at_most(
            MISALIGNMENT.large,
            "the other misalignment",
            LEVEL,
            lemmas=((epsilon * (1 - _at_i) * (1 - _at_j), _known("level", off_right, epsilon)),),
        )
    )
    return Derivation(
        "lemma-misalignment",
        "Two overlaps of a mode that is aligned up to $ε$",
        (part,),
        generality=_GENERALITY,
    )


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
            (epsilon * neither, _known("level", epsilon, _one)),
            (epsilon * (neither + only_one), _known("0 at most 1", Integer(0), _one)),
        ),
    )
    return Derivation("lemma-small-level", "Weights at a small level", (part,), generality=_GENERALITY)
