"""Which hypotheses carry weight: on claims of which it is known."""

from flint import fmpq_mat
from hypothesis import strategies as st

from jacspec.numerics.spectra.small_exact import condition_number, singular_values
from jacspec.proofs_check import Claim, at_most, exactly, verify
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.strategies import square

EFFORT = Effort("test", 60, 100)
NUMBER = st.integers(-5, 5)


def weighed(*, effort=EFFORT, **particulars):
    report = verify(Claim(label="c", statement="…", **particulars), effort=effort)
    return {each.name: each for each in report.hypotheses}


def test_a_needed_hypothesis_has_a_certified_counterexample_and_a_superfluous_one_has_none():
    found = weighed(
        given={"x": NUMBER},
        hypotheses={"x ≥ 1": lambda x: exactly(x >= 1), "x even": lambda x: exactly(x % 2 == 0)},
        conclusion=lambda x: exactly(x > 0),
        mutants={"x < 0": lambda x: exactly(x < 0)},
    )
    assert found["x ≥ 1"].needed is True
    assert found["x ≥ 1"].example == "x = 0"  # shrunk: even, and not positive
    assert found["x even"].needed is False
    assert found["x even"].example == ""


def test_what_holds_by_construction_is_not_called_superfluous():
    found = weighed(
        given={"x": st.integers(1, 5)},
        hypotheses={"x ≥ 1": lambda x: exactly(x >= 1)},
        conclusion=lambda x: exactly(x > 0),
        mutants={"x < 0": lambda x: exactly(x < 0)},
    )
    assert found["x ≥ 1"].needed is None
    assert "none of" in found["x ≥ 1"].why


def test_what_no_example_of_the_search_violates_is_not_searched_again():
    drawn = []
    found = weighed(
        given={"x": st.integers(1, 10**9).map(lambda x: drawn.append(x) or x)},
        hypotheses={"x ≥ 1": lambda x: exactly(x >= 1), "x whole": lambda x: exactly(x == int(x))},
        conclusion=lambda x: exactly(x > 0),
        mutants={"x < 0": lambda x: exactly(x < 0)},
        effort=Effort("test", 200, 200),
    )
    assert {each.why for each in found.values()} == {"none of 200 examples violates it and keeps the others"}
    assert len(drawn) < 210  # those of the search, and of the mutant, which falls at the first


def test_a_wider_strategy_lets_such_a_hypothesis_be_weighed():
    found = weighed(
        given={"x": st.integers(1, 5)},
        hypotheses={"x ≥ 1": lambda x: exactly(x >= 1)},
        relaxed={"x ≥ 1": {"x": NUMBER}},
        conclusion=lambda x: exactly(x > 0),
        mutants={"x < 0": lambda x: exactly(x < 0)},
    )
    assert found["x ≥ 1"].needed is True


def test_a_hypothesis_that_gives_the_conclusion_its_meaning_is_said_to_do_so():
    found = weighed(
        given={"A": square(2)},
        hypotheses={"A nonsingular": lambda A: abs(A.det())},
        conclusion=lambda A: condition_number(A) - fmpq_mat([[1]])[0, 0] / 2,
        mutants={"κ < 1/2": lambda A: fmpq_mat([[1]])[0, 0] / 2 - condition_number(A)},
    )
    assert found["A nonsingular"].needed is None
    assert found["A nonsingular"].why == "the conclusion is not defined without it"


def test_two_hypotheses_of_which_either_suffices_are_needed_together():
    report = verify(
        Claim(
            label="pair",
            statement="x ≥ 1 or y ≥ 1 where both are",
            given={"x": NUMBER, "y": NUMBER},
            hypotheses={
                "x ≥ 1": lambda x, **_: exactly(x >= 1),
                "y ≥ 1": lambda y, **_: exactly(y >= 1),
            },
            conclusion=lambda x, y: exactly(x >= 1 or y >= 1),
            mutants={"neither": lambda x, y: exactly(x < 1 and y < 1)},
        ),
        effort=EFFORT,
    )
    assert [each.needed for each in report.hypotheses] == [False, False]
    (pair,) = report.pairs
    assert (pair.name, pair.needed) == ("x ≥ 1 and y ≥ 1", True)


def test_refuted_claims_are_not_weighed():
    report = verify(
        Claim(
            label="false",
            statement="s_1 ≤ |det|",
            given={"A": square(2)},
            hypotheses={"A ≠ 0": lambda A: exactly(bool(A != 0 * A))},
            conclusion=lambda A: at_most(singular_values(A)[0], abs(singular_values(A)[0] * 0)),
        ),
        effort=EFFORT,
    )
    assert [each.needed for each in report.hypotheses] == [None]
