"""Gates: 0/1 diagonal matrices."""

from __future__ import annotations

from flint import fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics import InputError
from jacspec.proofs_check.strategies.remembered import remembered
from jacspec.proofs_check.strategies.spectra import diagonal


@remembered
def gates(width: int, *, active: int = 0) -> st.SearchStrategy[fmpq_mat]:
    """Diagonal 0/1 matrices with at least ``active`` ones; all ones is the simplest.

    Raises InputError for more active units than the width.
    """
    if not 0 <= active <= width:
        message = f"gates({width}, active={active}): expected from 0 to {width} active units"
        raise InputError(message)
    dead = st.sets(st.integers(0, width - 1), max_size=width - active)
    return dead.map(lambda off: diagonal([int(unit not in off) for unit in range(width)]))
