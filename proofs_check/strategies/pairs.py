"""Examples that single draws hardly ever give: two matrices that are related, and other scales.

Matrices of integers have s_1 ≥ 1 and |det| ≥ 1: what is true of them alone is refuted by scaled ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakSet

from flint import fmpq, fmpq_mat
from hypothesis import strategies as st

_TURNS = 2
"""One example in so many has a pair."""
_SCALED = 3
"""And one in so many a matrix that is scaled, by a power of two."""
_EXPONENTS = (-1, -2, -3, -10, -40, 1, 3, 40)

_ANY: WeakSet[st.SearchStrategy[fmpq_mat]] = WeakSet()


def any_integers(strategy: st.SearchStrategy[fmpq_mat]) -> st.SearchStrategy[fmpq_mat]:
    """The strategy, noted as one of which any matrix of the shape that it draws may be taken."""
    _ANY.add(strategy)
    return strategy


def examples(draws: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Values by name; where any matrices may be taken, half of the examples have a pair, some a scale."""
    return _varied(dict(draws), [name for name, strategy in draws.items() if strategy in _ANY])


@st.composite
def _varied(draw: st.DrawFn, draws: dict[str, st.SearchStrategy[Any]], names: list[str]) -> dict[str, Any]:
    """Of matrices by these names ``B`` is replaced by ±A, ±Aᵀ or B - A; and one of them scaled."""
    example = {name: draw(strategy) for name, strategy in draws.items()}
    if not names:
        return example
    if len(names) > 1 and draw(st.integers(0, _TURNS - 1)) == _TURNS - 1:
        first, second, *_ = draw(st.permutations(names))
        A, B = example[first], example[second]
        if (A.nrows(), A.ncols()) == (B.nrows(), B.ncols()):
            related = [-A, A, B - A]
            if A.nrows() == A.ncols():
                related += [-A.transpose(), A.transpose()]
            example[second] = related[draw(st.integers(0, len(related) - 1))]
    if draw(st.integers(0, _SCALED - 1)) == _SCALED - 1:
        name = names[draw(st.integers(0, len(names) - 1))]
        example[name] = example[name] * fmpq(2) ** _EXPONENTS[draw(st.integers(0, len(_EXPONENTS) - 1))]
    return example
