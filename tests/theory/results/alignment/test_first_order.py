"""Overlaps to first order, against eigenvectors computed by mpmath."""

from __future__ import annotations

import mpmath
import pytest
from sympy import Rational

from jacspec.theory.notation.numbers import gram
from jacspec.theory.results.alignment.first_order import leading_overlap, overlap_first_order

B = ((2, -1, 3), (1, 4, -2), (5, 1, 1))


def test_n_equal_two_is_the_ledgers() -> None:
    assert leading_overlap(1, 2).expression == -gram(1, 2) / gram(1, 1)


@pytest.mark.parametrize(("i", "k"), [(1, 2), (1, 3), (2, 3)])
def test_minors_against_eigenvectors(i: int, k: int) -> None:
    t = mpmath.mpf(10) ** 12
    with mpmath.workdps(120):
        b = mpmath.matrix(B)
        g = b * b.T
        s = [t**2, t, mpmath.mpf(1)]
        _, vectors = mpmath.eigsy(mpmath.matrix(3, 3) + mpmath.diag(s) * g * mpmath.diag(s))
        column = vectors[:, 3 - k]
        overlap = column[i - 1] / column[k - 1] * s[i - 1] / s[k - 1]
        formula = leading_overlap(i, k)
        values = [g[int(p.name[2]) - 1, int(p.name[3]) - 1] for p in formula.parameters]
        assert abs(overlap - formula.compiled()(*values)) < mpmath.mpf(10) ** -20


def test_every_step_names_its_size_and_holds() -> None:
    derivation = overlap_first_order()
    assert derivation.checked_for == ("n = 2", "n = 3")
    assert all(step.holds() for step in derivation.steps)
    assert [part.end for part in derivation.calculations] == [
        leading_overlap(i, k).expression for i, k in ((1, 2), (1, 2), (1, 3), (2, 3))
    ]


def test_outside_the_domain() -> None:
    with pytest.raises(ValueError, match="positive definite"):
        leading_overlap(1, 3).compiled()(1, 2, 0, 1, 0, Rational(1))
