"""Pictures for the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from jacspec.numerics import InputError, Spectrum
from jacspec.numerics.files.writing import refuse_unwritable, replacing

__all__ = ["check_picture", "plot_spectrum"]

_FORMATS = (".png", ".svg", ".pdf")
_FLOAT64_RANGE = float(np.log(2.0**53))
"""log of how far below s_1 a float64 product still resolves singular values, at best."""


def check_picture(file: Path) -> None:
    """Refuse a file that no picture can be written to, before anything is computed."""
    if file.suffix not in _FORMATS:
        message = f"cannot draw {str(file)!r}: expected a file that ends in {', '.join(_FORMATS)}"
        raise InputError(message)
    refuse_unwritable(file)


def plot_spectrum(result: Spectrum, source: str, file: Path) -> None:
    """Draw log s_k against k, with the depth below s_1 at which a float64 product is noise.

    Raises InputError for a file that cannot be written.
    """
    check_picture(file)
    logs = result.log_singular_values
    modes = np.arange(1, len(logs) + 1)
    finite = np.isfinite(logs)
    figure = Figure(figsize=(7.2, 4.4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.plot(
        modes[finite], logs[finite], "o-", color="#21618c", markersize=4, linewidth=1, label="log $s_k$"
    )
    if finite.any():
        floor = logs[0] - _FLOAT64_RANGE
        low, high = axes.get_ylim()
        if floor > low:
            axes.axhspan(low, floor, color="#b03a2e", alpha=0.08, linewidth=0)
            note = "shaded: below $s_1/2^{53}$, where a float64 product is noise"
            axes.text(0.02, 0.03, note, color="#943126", fontsize=8, transform=axes.transAxes)
            axes.set_ylim(low, high)
    axes.set_title(f"{source}\n{_summary(result)}", fontsize=10)
    axes.set_xlabel("k")
    axes.set_ylabel("log $s_k$ (natural logarithm)")
    axes.set_xlim(0.5, len(logs) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(visible=True, linewidth=0.4, alpha=0.5)
    axes.spines[["top", "right"]].set_visible(False)
    with replacing(file) as out:
        figure.savefig(out, format=file.suffix.removeprefix("."), dpi=150)


def _summary(result: Spectrum) -> str:
    """Depth, rank and the zeros of the whole spectrum, of which only the largest values may be kept."""
    size, shown = min(result.shape), len(result.log_values)
    zeros = size - result.rank
    count = f" and {zeros} exact zero{'s' * (zeros > 1)}" if zeros else ""
    part = f"; the largest {shown} of {size}" if shown < size else ""
    return f"depth {result.depth}, rank {result.rank}{count}{part}"
