"""The error of the decoupled velocity: its derivation, and the points at which it is evaluated."""

from __future__ import annotations

import numpy as np

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.interpretation.points.moving import moving_points
from jacspec.theory.notation.heads import HEADS
from jacspec.theory.notation.symbols import epsilon


def test_the_level_and_the_speed_are_what_numpy_says() -> None:
    point = moving_points(0)[0]
    with balls(128):
        M_1, M_2 = (np.array(point.head(HEADS["M"], (layer,)).tolist(), dtype=float) for layer in (1, 2))
        pushed = np.array(point.head(HEADS["Mdot"], (1,)).tolist(), dtype=float)
        level, speed = point.symbol(epsilon.name), point.head(HEADS["speed"], (1,))
    U, _, Vh = np.linalg.svd(M_2 @ M_1)
    left = np.abs(np.linalg.svd(M_2)[0].T @ U)[:, 0] - [1, 0]
    right = np.abs(np.linalg.svd(M_1)[2] @ Vh.T)[:, 0] - [1, 0]
    assert abs(float(level.mid()) - np.abs([*left, *right]).max()) < 1e-12
    assert abs(float(speed.mid()) - np.linalg.norm(pushed, 2)) < 1e-12


def test_beyond_the_ends_nothing_moves() -> None:
    point = moving_points(0)[0]
    assert point.head(HEADS["speed"], (0,)) == 0
    assert point.head(HEADS["Mdot"], (point.depth + 1,)).nrows() == point.width
    assert point.head(HEADS["sA"], (1, point.depth + 2)) == 1
