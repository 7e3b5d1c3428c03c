"""Examples in which two matrices have to do with each other: drawn independently, they hardly ever do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakSet

from flint import fmpq_mat
from hypothesis import strategies as st

_TURNS = 2
"""One example in so many has a pair."""

_ANY: WeakSet[st.SearchStrategy[fmpq_mat]] = WeakSet()


def any_integers(strategy: st.SearchStrategy[fmpq_mat]) -> st.SearchStrategy[fmpq_mat]:
    """The strategy, noted as one of which any integer matrix of the shape that it draws may be taken."""
    _ANY.add(strategy)
    return strategy


def examples(draws: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Values by name; where there are two of any integers, half of the examples have two that are related."""
    independent = st.fixed_dictionaries(dict(draws))
    names = [name for name, strategy in draws.items() if strategy in _ANY]
    return independent if len(names) < 2 else _with_pairs(independent, names)


@st.composite
def _with_pairs(
    draw: st.DrawFn, independent: st.SearchStrategy[dict[str, Any]], names: list[str]
) -> dict[str, Any]:
    """``B`` is replaced by ±A, ±Aᵀ or B - A."""
    example = draw(independent)
    if draw(st.integers(0, _TURNS - 1)) < _TURNS - 1:
        return example
    first, second, *_ = draw(st.permutations(names))
    A, B = example[first], example[second]
    if (A.nrows(), A.ncols()) == (B.nrows(), B.ncols()):
        related = [-A, A, B - A]
        if A.nrows() == A.ncols():
            related += [-A.transpose(), A.transpose()]
        example[second] = related[draw(st.integers(0, len(related) - 1))]
    return example
