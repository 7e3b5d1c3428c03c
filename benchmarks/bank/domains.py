"""What the statements of the bank are about: for each kind of value, an exact and a float64 strategy.

The exact ones are those of ``jacspec.proofs_check.strategies``. The float64 ones are what one would write
with ``hypothesis.extra.numpy``: floats from -10 to 10, sizes tied alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.bank.arithmetic import FloatMatrix
from jacspec.proofs_check import strategies as exact

__all__ = [
    "Domain",
    "gates",
    "integers",
    "numbers",
    "orthogonal",
    "positive",
    "square",
    "symmetric",
    "vector",
]

Width = int | st.SearchStrategy[int]
_ENTRIES = st.floats(-10, 10)


@dataclass(frozen=True)
class Domain:
    """One kind of value: how to draw it exactly, and in float64."""

    exact: st.SearchStrategy[Any]
    floats: st.SearchStrategy[Any]


def _arrays(width: Width, build: Callable[[np.ndarray], np.ndarray]) -> st.SearchStrategy[FloatMatrix]:
    widths = width if isinstance(width, st.SearchStrategy) else st.just(width)
    drawn = widths.flatmap(lambda n: arrays(np.float64, (n, n), elements=_ENTRIES))
    return drawn.map(lambda X: FloatMatrix(build(X)))


def square(width: Width) -> Domain:
    """Square matrices."""
    return Domain(exact.square(width), _arrays(width, lambda X: X))


def symmetric(width: Width) -> Domain:
    """Symmetric matrices."""
    return Domain(exact.symmetric(width), _arrays(width, lambda X: (X + X.T) / 2))


def positive(width: Width, *, definite: bool = False) -> Domain:
    """Positive semidefinite, or definite, matrices."""
    shift = float(definite)
    return Domain(
        exact.positive(width, definite=definite), _arrays(width, lambda X: X @ X.T + shift * np.eye(len(X)))
    )


def orthogonal(width: int) -> Domain:
    """Orthogonal matrices."""
    return Domain(exact.orthogonal(width), _arrays(width, lambda X: np.linalg.qr(X)[0]))


def gates(width: int) -> Domain:
    """0/1 diagonal matrices."""
    bits = st.lists(st.booleans(), min_size=width, max_size=width)
    return Domain(exact.gates(width), bits.map(lambda on: FloatMatrix(np.diag(np.array(on, dtype=float)))))


def vector(width: int) -> Domain:
    """Vectors, as lists of numbers."""

    def entries(of: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
        return st.lists(of, min_size=width, max_size=width)

    return Domain(entries(exact.rationals()), entries(_ENTRIES))


def numbers(least: int, most: int, *, denominator: int = 6) -> Domain:
    """Numbers of an interval."""
    return Domain(exact.rationals(least, most, denominator=denominator), st.floats(least, most))


def integers(least: int, most: int) -> Domain:
    """Integers of an interval."""
    return Domain(st.integers(least, most), st.integers(least, most))
