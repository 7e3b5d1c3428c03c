"""What results draw is told apart in grey: by lightness, or by the kind of a line."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from jacspec.numerics import Chain, depth_scaling, partial_spectra, strong_alignment
from jacspec.numerics.files.results import Result
from jacspec.numerics.measures.sweeps import spectra

pyplot = pytest.importorskip("matplotlib.pyplot")
CHAIN = Chain.gaussian(depth=4, width=4, seed=0)


@pytest.mark.parametrize(
    "result",
    [
        partial_spectra(CHAIN),
        strong_alignment(CHAIN),
        depth_scaling(CHAIN),
        spectra(lambda _: CHAIN, np.eye(2)),
    ],
    ids=lambda result: type(result).__name__,
)
def test_lines_are_told_apart_in_grey(result: Result) -> None:
    from matplotlib.colors import to_rgb

    figure, axes = pyplot.subplots()
    result.plot(axes)
    lines = [
        (
            line.get_linestyle(),
            line.get_marker(),
            sum(c * w for c, w in zip(to_rgb(line.get_color()), (0.3, 0.6, 0.1), strict=True)),
        )
        for line in axes.lines
    ]
    pyplot.close(figure)
    assert len(lines) > 1
    for (kind, sign, grey), (other_kind, other_sign, other_grey) in combinations(lines, 2):
        assert (kind, sign) != (other_kind, other_sign) or abs(grey - other_grey) > 0.1
