"""What tables and pictures of numbers have in common when they are shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import arb
from numpy.typing import NDArray

from jacspec.documents.prose import code

_MOST_ROWS = 24
"""Longer tables leave out their middle."""


def shortened(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The rows of a table, or those at both ends."""
    if len(rows) <= _MOST_ROWS:
        return tuple(rows)
    half = _MOST_ROWS // 2
    rest = ("…", f"({len(rows) - 2 * half} more)", *("" for _ in rows[0][2:]))
    return (*rows[:half], rest, *rows[-half:])


def ball_code(value: arb) -> str:
    """Twelve digits of a ball, or that it is not determined."""
    return "not determined" if value.is_nan() else code(str(value.str(12, radius=False)))


def mode_colours(count: int) -> NDArray[np.float64]:
    """Colours of so many modes, dark to light: they are told apart in grey too."""
    from matplotlib import colormaps

    return np.asarray(colormaps["viridis"](np.linspace(0.0, 0.9, count)))
