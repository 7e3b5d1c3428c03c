"""Chains read with a rank: the right inverse, c and A^>; and the derivation that is evaluated there."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb_mat

from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.derivation_check.check import check_derivation
from jacspec.proofs_check.interpretation.points.leading import LeadingPoint, leading_points, least_of_rows
from jacspec.theory.notation.heads import HEADS
from jacspec.theory.results.alignment import leading_rank


def _floats(matrix: arb_mat) -> np.ndarray:
    return np.array([[float(entry.mid()) for entry in row] for row in matrix.tolist()])


@pytest.fixture(scope="module")
def point() -> LeadingPoint:
    return leading_points(0, within=True)[0]


def test_heads_are_what_numpy_says(point: LeadingPoint) -> None:
    with balls(128):
        A, B, c = (point.head(HEADS[name], (2,)) for name in ("A", "B", "cY"))
        inverse = np.hstack([_floats(point.head(HEADS["y"], (i, 2))) for i in (1, 2)])
        beyond = _floats(point.head(HEADS["beyond"], (2,)))
        v = np.hstack([_floats(point.head(HEADS["vA"], (i, 2))) for i in (1, 2)])
    rows = v.T @ _floats(B)
    np.testing.assert_allclose(rows @ inverse, np.eye(2), atol=1e-12)
    assert float(c.mid()) == pytest.approx(np.linalg.svd(rows)[1][-1], rel=1e-12)
    singular_values = np.linalg.svd(_floats(A))[1]
    np.testing.assert_allclose(np.linalg.svd(beyond)[1], [singular_values[2], 0, 0], atol=1e-12)


def test_the_least_of_one_row_is_its_length() -> None:
    with balls(128):
        assert least_of_rows(arb_mat([[3, 4]])).overlaps(arb_mat([[5]])[0, 0])


def test_alignment_of_rank_passes_both_checks_at_other_points_too() -> None:
    check = check_derivation(leading_rank.alignment_of_rank(), seed=1)
    assert check.rejections == ()
    assert check.mutants.killed > 0


def test_the_derived_bound_is_the_ledgers() -> None:
    above, below = leading_rank.alignment_of_rank().calculations
    exchanged = {"i": "k", "k": "i"}
    names = {
        symbol: type(symbol)(exchanged[symbol.name], integer=True, positive=True)
        for symbol in above.end.free_symbols
        if symbol.name in exchanged
    }
    assert below.end == 4 * above.end.subs(names, simultaneous=True)
