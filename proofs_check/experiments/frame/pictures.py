"""What the pictures of all experiments have in common, so that they look alike and are written alike."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from jacspec.numerics.files.writing import replacing

_DPI: Final = 160


def new_figure(width: float, height: float, *, dpi: int = _DPI) -> Figure:
    """An empty figure of so many inches, independent of pyplot and of any display.

    ``dpi`` are the dots per inch of its PNG: fewer for a picture full of detail, which no compression helps.

    Place its axes by hand (``gridspec_kw``): a layout engine's solver varies in the last digit from one run
    to the next, and the files would differ.
    """
    figure = Figure(figsize=(width, height), dpi=dpi)
    FigureCanvasAgg(figure)
    return figure


def palette(count: int) -> ListedColormap:
    """Colours for modes 1 … count, in order.

    Viridis is readable in grey and by the colour-blind; its palest end would vanish on white.
    """
    return ListedColormap(mpl.colormaps["viridis"](np.linspace(0.0, 0.9, count)))


def tidy(*axes: Axes) -> None:
    """A faint grid, and no frame above and on the right."""
    for each in axes:
        each.grid(color="0.9", linewidth=0.6)
        each.set_axisbelow(True)
        each.spines[["top", "right"]].set_visible(False)


def reference_line(axes: Axes, height: float, label: str, *, below: bool = False) -> None:
    """A dashed horizontal line with its label above its right end, or below it."""
    axes.axhline(height, color="0.45", linewidth=1, linestyle="--")
    axes.annotate(
        label,
        (1, height),
        xycoords=("axes fraction", "data"),
        xytext=(-4, -3 if below else 3),
        textcoords="offset points",
        ha="right",
        va="top" if below else "baseline",
        color="0.35",
        fontsize="small",
    )


def save(figure: Figure, file: Path) -> None:
    """Write a figure in the format that the suffix names: the same bytes for the same figure."""
    # The SVG backend salts the names of its elements at random and dates the file, unless told.
    with mpl.rc_context({"svg.hashsalt": "jacspec"}):
        metadata = {"Date": None} if file.suffix == ".svg" else None
        with replacing(file) as out:
            figure.savefig(out, format=file.suffix.removeprefix("."), dpi="figure", metadata=metadata)
