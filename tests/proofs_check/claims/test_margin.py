"""Three-valued truth: what a ball decides, and when precision is raised."""

from fractions import Fraction

import pytest
from flint import arb, fmpq, fmpz

from jacspec.numerics.support.precision import balls, current_bits
from jacspec.proofs_check import at_most, equal, less_than
from jacspec.proofs_check.claims.margin import START_BITS, Truth, compare, judge

CAP = 1536


def tiny_margin(decimals):
    """√2² - 2 + 10^-decimals: a ball around zero until the precision resolves it."""
    return lambda: arb(2).sqrt() ** 2 - 2 + arb(10) ** -decimals


@pytest.mark.parametrize(
    "margin", [True, 1, fmpz(3), fmpq(1, 3), Fraction(1, 3), arb("1e-300"), arb(2).sqrt()]
)
def test_positive_margins_hold(margin):
    assert judge(lambda: margin, cap=CAP).truth is Truth.HOLDS


@pytest.mark.parametrize("margin", [False, -1, fmpz(-3), fmpq(-1, 3), Fraction(-1, 3), arb("-1e-300")])
def test_negative_margins_fail(margin):
    assert judge(lambda: margin, cap=CAP).truth is Truth.FAILS


@pytest.mark.parametrize("margin", [0, fmpz(0), fmpq(0), Fraction(0), arb(0)])
def test_an_exact_zero_is_equality_and_no_precision_is_wasted_on_it(margin):
    judgement = judge(lambda: margin, cap=CAP)
    assert judgement.truth is Truth.UNDECIDED
    assert judgement.bits == START_BITS
    assert judgement.worst.exactly_zero


def test_a_ball_around_zero_is_evaluated_up_to_the_cap_and_stays_undecided():
    seen = []

    def evaluate():
        seen.append(current_bits())
        return arb(2).sqrt() ** 2 - 2

    judgement = judge(evaluate, cap=CAP)
    assert judgement.truth is Truth.UNDECIDED
    assert seen == [96, 192, 384, 768, 1536]
    assert judgement.bits == CAP


@pytest.mark.parametrize(("decimals", "bits"), [(20, 96), (40, 192), (100, 384), (400, 1536)])
def test_a_small_margin_is_decided_at_the_precision_that_it_needs(decimals, bits):
    judgement = judge(tiny_margin(decimals), cap=CAP)
    assert judgement.truth is Truth.HOLDS
    assert judgement.bits == bits


def test_beyond_the_cap_a_small_margin_is_not_decided():
    assert judge(tiny_margin(40), cap=100).truth is Truth.UNDECIDED
    assert judge(tiny_margin(500), cap=CAP).truth is Truth.UNDECIDED


def test_not_a_number_decides_nothing():
    assert judge(arb.nan, cap=200).truth is Truth.UNDECIDED


def test_the_precision_outside_is_left_alone():
    with balls(77):
        judge(tiny_margin(100), cap=CAP)
        assert current_bits() == 77
        with pytest.raises(ZeroDivisionError):
            judge(lambda: 1 // 0, cap=CAP)
        assert current_bits() == 77


# --- several margins ----------------------------------------------------------------------------


def test_all_margins_must_hold():
    assert judge(lambda: {"a": 1, "b": 2}, cap=CAP).truth is Truth.HOLDS
    assert judge(lambda: [("a", 1), ("b", 0)], cap=CAP).truth is Truth.UNDECIDED


def test_one_failing_margin_decides_at_once():
    judgement = judge(lambda: {"open": arb(2).sqrt() ** 2 - 2, "wrong": -1}, cap=CAP)
    assert judgement.truth is Truth.FAILS
    assert judgement.bits == START_BITS
    assert judgement.worst.name == "wrong"


def test_margins_may_be_yielded():
    def statement():
        yield "a", arb(3)
        yield "b", Fraction(1, 2)

    judgement = judge(statement, cap=CAP)
    assert judgement.truth is Truth.HOLDS
    assert judgement.worst.name == "b"
    assert str(judgement).startswith("holds: b: ")


# --- the wrong kind -----------------------------------------------------------------------------


@pytest.mark.parametrize("margin", [0.5, None, "positive", b"1", 1j])
def test_the_wrong_kind_of_margin_is_named(margin):
    with pytest.raises(TypeError, match=rf"a margin must be a ball .*{type(margin).__name__}"):
        judge(lambda: margin, cap=CAP)


def test_the_wrong_kind_of_named_margin_is_named():
    with pytest.raises(TypeError, match=r"margin gap is 0\.5"):
        judge(lambda: {"gap": 0.5}, cap=CAP)


# --- equality to a resolution -------------------------------------------------------------------


def test_equal_decides_agreement_to_its_resolution():
    with balls(256):
        third = arb(1) / 3
        assert equal(third, arb(fmpq(1, 3))) > 0
        assert equal(arb(1), 1 + arb(2) ** -90) > 0
        assert equal(arb(1), 1 + arb(2) ** -70) < 0
        assert equal(arb(1), 1 + arb(2) ** -90, bits=100) < 0
        assert equal(arb(1), arb(-1)) < 0


def test_equal_of_exact_numbers_is_decided():
    assert judge(lambda: equal(2, fmpq(4, 2)), cap=CAP).truth is Truth.HOLDS
    assert judge(lambda: equal(Fraction(1, 3), fmpq(10**40, 3 * 10**40 - 1)), cap=CAP).truth is Truth.FAILS


def test_equal_is_relative():
    with balls(256):
        assert equal(arb("1e-100"), arb("2e-100")) < 0
        assert equal(arb("1e100"), arb("1e100") + 1) > 0


def test_equal_needs_the_precision_of_its_resolution():
    root = lambda: equal(arb(2).sqrt() ** 2, arb(2), bits=200)  # noqa: E731
    judgement = judge(root, cap=CAP)
    assert judgement.truth is Truth.HOLDS
    assert judgement.bits == 384


def test_margins_without_names_are_named_by_their_position():
    with balls(96):
        judged = judge(lambda: [arb(1), fmpq(-1, 2), ("gap", arb(2))], cap=96)
    assert [margin.name for margin in judged.margins] == ["margin 1", "margin 2", "gap"]
    assert judged.truth is Truth.FAILS
    assert judged.worst.name == "margin 2"
    assert judge(lambda: (ball for ball in [arb(1)]), cap=96).truth is Truth.HOLDS


@pytest.mark.parametrize("margin", [0.5, "ab", ("x",), (1, arb(1)), [arb(1)], None])
def test_what_is_no_margin_among_several_is_named(margin):
    with pytest.raises(
        TypeError, match=r"margin 2 of several is .*expected a ball, an exact number or a bool"
    ):
        judge(lambda: [arb(1), margin], cap=96)


@pytest.mark.parametrize("number", [int, fmpz, fmpq, Fraction])
def test_relations_take_any_exact_number_and_equality_decides(number):
    two, three = number(2), number(3)
    for relation, truth in (
        (at_most(two, three), Truth.HOLDS),
        (at_most(two, two), Truth.HOLDS),
        (at_most(three, two), Truth.FAILS),
        (less_than(two, three), Truth.HOLDS),
        (less_than(two, two), Truth.FAILS),
    ):
        assert judge(lambda relation=relation: relation, cap=CAP).truth is truth


@pytest.mark.parametrize(
    ("sign", "below", "equal", "above"),
    [
        ("≤", Truth.HOLDS, Truth.HOLDS, Truth.FAILS),
        ("<", Truth.HOLDS, Truth.FAILS, Truth.FAILS),
        ("≥", Truth.FAILS, Truth.HOLDS, Truth.HOLDS),
        (">", Truth.FAILS, Truth.FAILS, Truth.HOLDS),
        ("=", Truth.FAILS, Truth.HOLDS, Truth.FAILS),
        ("≠", Truth.HOLDS, Truth.FAILS, Truth.HOLDS),
    ],
)
def test_every_relation_compares_exact_numbers_and_balls(sign, below, equal, above):
    for one, other, truth in ((1, 2, below), (2, 2, equal), (2, 1, above)):
        assert compare(one, sign, other).truth is truth
        if one != other:
            assert compare(arb(one).sqrt(), sign, arb(other).sqrt()).truth is truth
    assert compare(arb(2).sqrt(), sign, arb(2).sqrt()).truth is Truth.UNDECIDED
    same = arb(2).sqrt()
    assert compare(same, sign, same).truth is equal


@pytest.mark.parametrize("value", [0.5, True, "1", None])
def test_what_is_no_exact_number_is_not_compared(value):
    with pytest.raises(TypeError, match="expected a ball"):
        compare(value, "≤", 1)


def test_a_bound_between_exact_numbers_says_how_sharp_it_is():
    judgement = judge(lambda: at_most(1, Fraction(4, 3)), cap=CAP)
    assert judgement.ratio == pytest.approx(0.75)
