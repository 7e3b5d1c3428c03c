"""The search for counterexamples: found, shrunk to the least, the same every time, never by rounding."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq, fmpq_mat
from hypothesis import reject, settings, strategies as st

from jacspec import Claim, Verdict, equal, verify
from jacspec.numerics import Chain
from jacspec.numerics.spectra.small_exact import singular_values
from jacspec.numerics.support.precision import current_bits
from jacspec.proofs_check.claims.margin import START_BITS, Truth, exactly
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.referee.refutation import attempt
from jacspec.proofs_check.referee.search import STUCK_AFTER, StatementError, search
from jacspec.proofs_check.referee.search_result import Reach
from jacspec.proofs_check.strategies import chains, square

RATIONALS = st.fractions(-10, 10, max_denominator=50)


def hunt(draws, conclusion, hypotheses=None, *, examples=200, seed=0, **options):
    return search(draws, hypotheses or {}, conclusion, examples=examples, seed=seed, **options)


@pytest.mark.parametrize("seed", range(5))
def test_a_false_claim_shrinks_to_its_least_counterexample(seed):
    found = hunt({"x": st.integers(0, 10_000)}, lambda x: 42 - x, seed=seed)
    assert found.counterexample == {"x": 43}
    assert found.judgement.truth is Truth.FAILS


@pytest.mark.parametrize("seed", range(3))
def test_a_matrix_counterexample_shrinks_to_small_integers(seed):
    # "A product of matrices is zero only if one of them is."
    def conclusion(A, B):
        return exactly(A * B != A * 0 or A == A * 0 or B == B * 0)

    found = hunt({"A": square(2), "B": square(2)}, conclusion, seed=seed, examples=2000)
    entries = [int(x.p) for matrix in found.counterexample.values() for x in matrix.entries()]
    assert sorted(map(abs, entries)) == [0, 0, 0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize("seed", range(20))
def test_matrices_that_cancel_are_tried(seed):
    """s_1 + s_2 of A + B is not at least that of A less s_2 + s_3 of B: B = -A (Loyka, arXiv 1507.06630)."""

    def conclusion(A, B):
        first, second = singular_values(A), singular_values(B)
        return sum(singular_values(A + B)[:2]) - sum(first[:2]) + sum(second[1:])

    found = hunt({"A": square(3), "B": square(3)}, conclusion, seed=seed, shrink=False)
    assert found.counterexample is not None


@pytest.mark.parametrize("seed", range(5))
def test_what_is_true_of_integers_alone_is_refuted(seed):
    """Integer matrices that are not singular have |det| ≥ 1."""
    found = hunt({"A": square(2)}, lambda A: A.det() ** 2 - abs(A.det()), seed=seed)
    assert found.judgement.truth is Truth.FAILS
    assert 0 < abs(found.counterexample["A"].det()) < 1


def test_a_true_claim_survives_and_its_worst_margin_is_reported():
    found = hunt({"x": RATIONALS, "y": RATIONALS}, lambda x, y: x * x + y * y + 1)
    assert found.counterexample is None
    assert found.judgement is None
    assert found.drawn >= found.accepted == 200
    assert found.undecided == 0
    assert found.worst_margin == 1.0
    assert found.precision_bits == 96


def test_the_sizes_and_scales_of_examples_are_known():
    assert str(Reach()) == ""
    few = Reach().including({"A": fmpq_mat([[0, 3]]), "n": 5, "x": Fraction(-1, 700)})
    assert str(few) == "1×2, numbers of 0.001 to 10"
    chain = Chain([fmpq_mat([[1, 0], [0, 10**40]])] * 3)
    assert str(few.including([chain, (fmpq(1, 10**7),)])) == "3 factors, 1×2 to 2×2, numbers of 1e-7 to 1e40"
    found = hunt({"A": square(2)}, lambda A: exactly(A == A))
    assert found.evidence.summary == f"200 examples ({found.reach}), no counterexample"
    assert str(found.reach).startswith("2×2, numbers of ")


def test_the_search_is_driven_towards_equality():
    # Uniform draws come nowhere near 1000 of 10^6 on both sides; following the margin does.
    draws = {"x": st.integers(0, 10**6)}
    found = hunt(draws, lambda x: Fraction(abs(x - 777_777) + 1), examples=1000)
    assert found.counterexample is None
    assert found.worst_margin < 1000


@pytest.mark.parametrize("seed", [0, 1])
def test_the_same_seed_finds_the_same(seed):
    def run():
        seen = []

        def conclusion(x, y):
            seen.append((x, y))
            return 50 - abs(x - 2 * y)

        draws = {"x": st.integers(-99, 99), "y": st.integers(-99, 99)}
        found = hunt(draws, conclusion, seed=seed)
        return seen, found

    assert run() == run()


def test_another_seed_draws_other_examples():
    def seen(seed):
        drawn = []
        hunt({"x": st.integers()}, lambda x: exactly(not drawn.append(x)), seed=seed)
        return drawn

    assert seen(1) != seen(2)


def test_the_profile_of_the_tests_does_not_change_the_search():
    def seen():
        drawn = []
        hunt({"x": st.integers()}, lambda x: exactly(not drawn.append(x)), seed=5)
        return drawn

    before = seen()
    current = settings.get_current_profile_name()
    settings.load_profile("deep")
    try:
        assert seen() == before
    finally:
        settings.load_profile(current)


# --- hypotheses ---------------------------------------------------------------------------------


def test_only_examples_that_satisfy_the_hypotheses_count():
    found = hunt({"x": st.integers(-100, 100)}, lambda x: x, {"positive": lambda x: x})
    assert found.counterexample is None
    assert 0 < found.accepted < found.drawn
    without = hunt({"x": st.integers(-100, 100)}, lambda x: x + Fraction(1, 2))
    assert without.counterexample == {"x": -1}


def test_hypotheses_that_nothing_satisfies_accept_nothing():
    found = hunt({"x": st.integers(0, 5)}, lambda **_: False, {"impossible": lambda **_: -1})
    assert found.accepted == 0
    assert found.drawn > 0
    assert found.counterexample is None


def test_an_undecided_hypothesis_does_not_admit_an_example():
    found = hunt({"x": st.integers(0, 0)}, lambda **_: False, {"zero": lambda x: x})
    assert found.accepted == 0


# --- undecided is neither a pass nor a counterexample ---------------------------------------------


def test_equality_is_counted_as_undecided():
    found = hunt({"x": st.integers(0, 50)}, lambda x: x)
    assert found.counterexample is None
    assert found.undecided >= 1
    assert found.worst_margin == 1.0


def test_rounding_refutes_nothing():
    # √(x²) = x exactly: the ball around zero never shrinks to it.
    found = hunt({"x": st.integers(1, 10)}, lambda x: arb(x * x).sqrt() / 3 * 3 - x, examples=20)
    assert found.counterexample is None
    assert found.undecided == found.accepted > 0
    assert found.worst_margin is None


def test_precision_is_raised_until_the_margin_decides():
    thin = lambda x: arb(2).sqrt() ** 2 - 2 + arb(10) ** -40 * x  # noqa: E731
    found = hunt({"x": st.integers(1, 10)}, thin, examples=20)
    assert (found.undecided, found.precision_bits) == (0, 192)
    wrong = hunt({"x": st.integers(-10, -1)}, thin, examples=20)
    assert wrong.counterexample == {"x": -1}
    capped = hunt({"x": st.integers(1, 10)}, thin, examples=20, cap=100)
    assert capped.undecided == capped.accepted


# --- exceptions ---------------------------------------------------------------------------------


def test_what_took_more_precision_starts_there_at_the_next_example():
    taken = []

    def conclusion(x):
        taken.append(current_bits())
        return arb(x + 2).sqrt() ** 2 - x - 2 + arb(2) ** -110

    assert hunt({"x": st.integers(0, 10**6)}, conclusion, examples=50).decided == 50
    assert taken.count(2 * START_BITS) == 50
    assert taken.count(START_BITS) == 1


def test_an_exception_names_the_function_and_the_example():
    with pytest.raises(StatementError) as caught:
        hunt({"x": st.integers(0, 9)}, lambda x: 1 // x)
    assert caught.value.name == "the conclusion"
    assert caught.value.example == {"x": 0}
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with pytest.raises(StatementError) as caught:
        hunt({"x": st.integers(0, 9)}, lambda **_: True, {"invertible": lambda x: 1 // x})
    assert caught.value.name == "invertible"


@pytest.mark.parametrize(
    "strategy", [st.integers(5, 1), st.integers().map(lambda x: x // 0), st.just([]).map(Chain)]
)
def test_a_strategy_that_cannot_draw_is_an_error_of_the_claim(strategy):
    with pytest.raises(StatementError, match="drawing an example"):
        hunt({"x": strategy}, lambda **_: True)


def test_a_rare_exception_of_a_strategy_is_found_and_reported():
    rare = st.lists(st.integers(0, 99), max_size=20).map(lambda drawn: 1 // (sum(drawn) < 300))
    with pytest.raises(StatementError, match="drawing an example") as caught:
        hunt({"x": rare}, lambda **_: exactly(True), examples=500)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_search_that_draws_without_end_stops_with_what_it_found():
    """As Hypothesis's hill climbing may at a local optimum, where it repeats incomplete draws for minutes."""
    begun = 0

    @st.composite
    def never_done(draw):
        nonlocal begun
        begun += 1
        draw(st.integers(0, 10**9))
        if begun > 50:
            reject()

    found = hunt({"x": never_done()}, lambda **_: exactly(True), examples=10_000)
    assert found.counterexample is None
    assert found.accepted == found.drawn == 50
    # One restart, from which nothing came either.
    assert begun <= 50 + 2 * (STUCK_AFTER + 2)


def test_a_comparison_of_balls_is_refused_as_a_conclusion():
    """``a >= a`` on balls is False where it is undecided: it must never refute."""
    draws = {"x": st.integers(2, 9)}
    with pytest.raises(StatementError) as caught:
        hunt(draws, lambda x: arb(x).sqrt() >= arb(x).sqrt())
    assert "return the difference" in str(caught.value.__cause__)


def test_a_climb_along_which_a_hypothesis_fails_is_left():
    # With this seed Hypothesis tries thousands of chains around the best one, all of them singular.
    found = attempt(LEDGER["lemma-cauchy-schwarz"], 200, 0)
    assert found.accepted == 200
    assert found.drawn < 1000


def test_a_hypothesis_that_fails_alone_is_noted():
    small = {"x < 5": lambda x: 5 - x, "x < 8": lambda x: 8 - x}
    assert hunt({"x": st.integers(0, 9)}, lambda x: x + 1, small).alone.keys() == {"x < 5"}


def test_a_hypothesis_may_mean_nothing_where_another_fails():
    positive = {"x > 0": lambda x: x, "1/x > 1/9": lambda x: Fraction(1, x) - Fraction(1, 9)}
    found = hunt({"x": st.integers(0, 20)}, lambda x: x, positive)
    assert (found.accepted, found.alone.keys()) == (8, {"1/x > 1/9"})


def _in_an_array(matrix):
    array = np.empty(1, dtype=object)
    array[0] = matrix
    return array


@pytest.mark.parametrize(
    ("drawn", "matrix_of"),
    [
        (square(2), lambda given: given),
        (st.tuples(st.just(1), square(2)), lambda given: given[1]),
        (st.fixed_dictionaries({"pair": st.tuples(square(2))}), lambda given: given["pair"][0]),
        (square(2).map(_in_an_array), lambda given: given[0]),
        (chains(1, 2), lambda given: given.exact[0]),
    ],
    ids=["matrix", "tuple", "dictionary", "array", "chain"],
)
def test_a_hypothesis_that_changes_its_argument_changes_nothing_for_the_conclusion(drawn, matrix_of):
    def clearing(given):
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            matrix_of(given)[i, j] = 0
        return fmpq(1)

    singular = Claim(
        label="cleared",
        statement="det = 0",
        given={"given": drawn},
        conclusion=lambda given: equal(matrix_of(given).det(), fmpq(0)),
        hypotheses={"it clears": clearing},
    )
    assert verify(singular, effort="quick").verdict is Verdict.REFUTED


def test_a_counterexample_without_a_hypothesis_is_small_soon():
    """It shows that the hypothesis is needed; the least one is sought of the claim itself alone."""

    def conclusion(x):
        return exactly(sum(k * each for k, each in enumerate(x, 1)) % 7 != 3 or sum(x) < 10**6)

    def hunted(**options):
        return hunt({"x": st.tuples(*12 * [st.integers(0, 10**6)])}, conclusion, **options)

    least, small = hunted(), hunted(violating=[lambda x: exactly(False)])
    assert sum(least.counterexample["x"]) <= sum(small.counterexample["x"])
    assert small.drawn < least.drawn / 2
