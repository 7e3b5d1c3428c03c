"""How sharp a bound is, where the best constant is known."""

import pytest
from flint import arb, fmpq, fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics.spectra.small_exact import singular_values
from jacspec.proofs_check import Claim, Verdict, at_most, exactly, verify
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.strategies import square

EFFORT = Effort("test", 60, 60, climb=600)


def bounded(factor, **particulars):
    """‖A + B‖ ≤ factor·(‖A‖ + ‖B‖): 1 is the best factor."""

    def conclusion(A, B):
        both = singular_values(A)[0] + singular_values(B)[0]
        return at_most(singular_values(A + B)[0], factor * both)

    return Claim(
        label="norm-of-a-sum",
        statement="…",
        given={"A": square(2), "B": square(2)},
        hypotheses={"A, B ≠ 0": lambda A, B: exactly(bool(A != 0 * A and B != 0 * B))},
        conclusion=conclusion,
        mutants={
            "half": lambda A, B: (
                (singular_values(A)[0] + singular_values(B)[0]) / 2 - singular_values(A + B)[0]
            )
        },
        **particulars,
    )


@pytest.mark.parametrize(("factor", "reading"), [(arb(1), "sharp"), (arb(2), "looks improvable")])
def test_the_best_constant_is_called_sharp_and_twice_that_improvable(factor, reading):
    sharpness = verify(bounded(factor, free=("A", "B")), effort=EFFORT).sharpness
    assert sharpness.reading == reading
    assert sharpness.ratio == pytest.approx(float(1 / factor.mid()), abs=1e-3)
    assert "A = [[" in sharpness.example


def test_the_climb_goes_beyond_what_the_strategies_draw():
    # x(1-x) ≤ 1/4 is sharp at x = 1/2 only, which no integer is.
    claim = Claim(
        label="parabola",
        statement="x(1-x) ≤ 1/4",
        given={"x": st.integers(0, 3).map(fmpq)},
        conclusion=lambda x: at_most(arb(x * (1 - x)), arb(fmpq(1, 4))),
        mutants={"≤ -1": lambda x: at_most(arb(x * (1 - x)), arb(-1))},
    )
    assert verify(claim, effort=EFFORT).sharpness.ratio == 0
    free = Claim(**{**vars(claim), "free": ("x",)})
    assert verify(free, effort=EFFORT).sharpness.ratio == pytest.approx(1, abs=1e-6)


def test_a_violation_met_on_the_climb_refutes_the_claim():
    claim = Claim(
        label="parabola",
        statement="x(1-x) ≤ 1/5",
        given={"x": st.integers(0, 3).map(fmpq)},
        free=("x",),
        conclusion=lambda x: at_most(arb(x * (1 - x)), arb(fmpq(1, 5))),
        mutants={"≤ -1": lambda x: at_most(arb(x * (1 - x)), arb(-1))},
    )
    report = verify(claim, effort=EFFORT)
    assert report.verdict is Verdict.REFUTED
    assert report.counterexample.text == "x = 1/2"
    assert "sharpening" in report.evidence[0].summary


def test_a_bound_that_is_attained_is_crossed_where_it_is_wrong():
    """x ≤ 3 below 4: among whole numbers it is sharp."""
    claim = Claim(
        label="below-four",
        statement="x ≤ 3",
        given={"x": st.integers(1, 3).map(fmpq)},
        hypotheses={"x < 4": lambda x: 4 - x},
        free=("x",),
        conclusion=lambda x: at_most(x, fmpq(3)),
    )
    report = verify(claim, effort=EFFORT)
    assert report.verdict is Verdict.REFUTED
    assert report.counterexample.text == "x = 7/2"


def test_two_matrices_are_moved_by_as_much():
    """x ≤ 10 + 100 |x - y|: either one alone, moved, loosens it."""
    numbers = st.integers(1, 3).map(lambda x: fmpq_mat([[x]]))
    claim = Claim(
        label="ridge",
        statement="x ≤ 10 + 100 |x - y|",
        given={"x": numbers, "y": numbers},
        free=("x", "y"),
        conclusion=lambda x, y: at_most(x[0, 0], 10 + 100 * abs(x[0, 0] - y[0, 0])),
    )
    report = verify(claim, effort=EFFORT)
    assert report.verdict is Verdict.REFUTED
    x, y = (report.counterexample.values[name][0][0] for name in "xy")
    assert x == y > 10


def rooted(hypothesis):
    """x ≤ the bound that a table has for it: it has none beyond x = 3."""
    bound = [arb(1), arb(2), arb(3), arb(4)]
    return Claim(
        label="table",
        statement="…",
        given={"x": st.integers(0, 3).map(fmpq)},
        hypotheses={"x ≤ 3": hypothesis},
        free=("x",),
        conclusion=lambda x: at_most(arb(x), bound[int(x)]),
        mutants={"≤ -1": lambda x: at_most(arb(x), arb(-1))},
    )


def test_a_conclusion_that_means_nothing_without_its_hypothesis_is_climbed():
    report = verify(rooted(lambda x: exactly(bool(0 <= x <= 3))), effort=EFFORT)
    assert report.verdict is Verdict.SUPPORTED
    assert report.sharpness.ratio > 0.75  # that of x = 3, which was drawn
    beyond = verify(rooted(lambda x: exactly(bool(x >= 0))), effort=EFFORT)
    assert beyond.verdict is Verdict.ERROR
    assert "IndexError" in beyond.error


def test_a_margin_that_is_no_bound_has_no_sharpness():
    claim = Claim(
        label="square",
        statement="x² ≥ 0",
        given={"x": st.integers(1, 3)},
        conclusion=lambda x: fmpq(x * x),
        mutants={"x² < 0": lambda x: fmpq(-x * x)},
    )
    assert verify(claim, effort=EFFORT).sharpness is None


@pytest.mark.parametrize(("trivial", "ratio"), [(None, 1.0), (1, 0.5)])
def test_a_bound_that_says_nothing_is_not_called_sharp(trivial, ratio):
    # x² ≤ x is attained at x = 1, where the right side is what the left never exceeds.
    claim = Claim(
        label="square-of-a-part",
        statement="x² ≤ x ≤ 1",
        given={"x": st.integers(1, 2).map(lambda part: fmpq(part, 2))},
        conclusion=lambda x: at_most(x * x, x, trivial=trivial),
        mutants={"2x² ≤ x": lambda x: at_most(2 * x * x, x)},
    )
    assert verify(claim, effort=EFFORT).sharpness.ratio == pytest.approx(ratio)
