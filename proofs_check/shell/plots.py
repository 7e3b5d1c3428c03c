"""Pictures for the command line."""

from __future__ import annotations

import os
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from jacspec.numerics import InputError, LeadingModes, Spectrum
from jacspec.numerics.files.writing import refuse_unwritable, replacing

_FORMATS = (".png", ".svg", ".pdf")


def check_picture(file: Path) -> None:
    """Refuse a file that no picture can be written to, before anything is computed."""
    if file.suffix not in _FORMATS:
        message = f"cannot draw {str(file)!r}: expected a file that ends in {', '.join(_FORMATS)}"
        raise InputError(message)
    refuse_unwritable(file)


def plot_spectrum(result: Spectrum | LeadingModes, source: str, file: Path) -> None:
    """Draw the spectrum, with its source as title.

    Raises InputError for a file that cannot be written.
    """
    check_picture(file)
    figure = Figure(figsize=(7.2, 4.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = result.plot(figure.add_subplot())
    named = os.fsencode(source).decode("utf-8", "replace")  # a path need be no text, nor what a locale has
    axes.set_title(f"{named}\n{_summary(result)}", fontsize=10, parse_math=False)
    with replacing(file) as out:
        figure.savefig(out, format=file.suffix.removeprefix("."), dpi=150)


def _summary(result: Spectrum | LeadingModes) -> str:
    """Depth, rank and the zeros of the whole spectrum, of which only the largest values may be kept."""
    if isinstance(result, LeadingModes):
        return f"depth {result.depth}; the largest {len(result)} of {min(result.shape)}, estimated"
    size, shown = min(result.shape), len(result.log_values)
    zeros = size - result.rank
    count = f" and {zeros} exact zero{'s' * (zeros > 1)}" if zeros else ""
    part = f"; the largest {shown} of {size}" if shown < size else ""
    return f"depth {result.depth}, rank {result.rank}{count}{part}"
