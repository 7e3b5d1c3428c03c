"""Width 2: the exact law and the best constant are derived from a formula for θ; width 3 is searched."""

import pytest

from jacspec.proofs_check import Verdict, verify
from jacspec.proofs_check.ledger import LEDGER


@pytest.mark.parametrize("label", ["alignment-exact-two", "alignment-first-order-constant"])
def test_the_law_of_width_two_is_sharp_and_not_proved_as_its_angle_is_a_formula_in_words(label):
    report = verify(LEDGER[label], effort="quick")
    assert report.verdict is Verdict.SUPPORTED, report.error
    derived = report.evidence[0]
    assert not derived.lacking
    assert "from the steps to the result in words" in derived.generality
    assert report.sharpness.reading == "sharp"
    assert not report.mutants.survivors


def test_the_constant_of_width_three_is_supported_only():
    report = verify(LEDGER["alignment-first-order-constant-three"], effort="quick")
    assert report.verdict is Verdict.SUPPORTED, report.error
