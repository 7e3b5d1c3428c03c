"""A claim in one line: its report, counterexamples, premises and wrong variants; the command line."""

import json
import re
import subprocess
import sys

import pytest

from jacspec import (
    Expectation,
    InputError,
    Verdict,
    claim,
    det,
    eig,
    exp,
    index,
    log,
    matrix,
    s,
    scalar,
    tr,
    verify,
)
from jacspec.proofs_check.claims.evidence import Counterexample, SearchEvidence, Status
from jacspec.proofs_check.claims.exact_values import from_data
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.referee.replay import replay

A, B, x, y = matrix("A"), matrix("B"), scalar("x"), scalar("y")
i, j = index("i"), index("j")
FALSE = claim("wrong-index", s(1, A @ B) <= s(1, A) * s(2, B), given=[det(A) != 0], expected="refuted")


@pytest.fixture(scope="module")
def refuted():
    return verify(FALSE, effort="quick")


@pytest.fixture(scope="module")
def horn():
    return verify(
        claim("horn", s(i + j - 1, A @ B) <= s(i, A) * s(j, B), sizes={"n": (1, 2)}), effort="quick"
    )


def test_a_false_claim_is_refuted_with_a_certificate(refuted):
    assert refuted.verdict is Verdict.REFUTED
    assert refuted.as_expected
    found = refuted.counterexample
    assert isinstance(found, Counterexample)
    assert found.precision_bits >= 4 * 96
    assert "contradicts" not in found.witness
    assert set(found.values) == {"A", "B"}


def test_its_statement_is_printed_from_the_tree(refuted):
    assert refuted.statement == "for $det(A) ≠ 0$: $s_1(A B) ≤ s_1(A) s_2(B)$"


def test_a_counterexample_is_replayed_from_its_data(refuted):
    found = refuted.counterexample
    example = {name: from_data(found.values[name], found.types[name]) for name in found.values}
    assert replay(FALSE, example).refutes
    assert "  det(A) ≠ 0: holds" in str(replay(FALSE, example))
    assert not replay(FALSE, {**example, "B": example["A"] * 0}).refutes


def test_a_report_survives_json(refuted, horn):
    for report in (refuted, horn):
        assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report


def test_a_theorem_is_supported_and_no_more(horn):
    assert horn.verdict is Verdict.SUPPORTED
    (evidence,) = horn.evidence
    assert isinstance(evidence, SearchEvidence)
    assert evidence.status is Status.FOR
    assert evidence.accepted - evidence.undecided >= 40
    assert horn.sharpness.ratio > 0.999


def test_a_bound_that_was_hardly_looked_at_is_not_called_improvable():
    half = claim("half", 2 * s(1, A @ B) <= 4 * s(1, A) * s(1, B))
    assert verify(half, effort="quick").sharpness.reading == "hardly looked for"
    assert verify(half).sharpness.reading == "looks improvable"


def test_no_constant_makes_zero_a_better_bound():
    assert verify(claim("positive", s(1, A) >= 0), effort="quick").sharpness is None


def test_all_wrong_variants_of_a_theorem_are_refuted_or_follow_from_it(horn):
    assert horn.mutants.survivors == ()
    assert horn.mutants.killed == horn.mutants.total >= 8
    assert horn.mutants.equivalent >= 3  # transposes, and A for B


def test_premises_are_weighed():
    needed = verify(claim("square", eig(1, A) <= tr(A), given=[A >= 0], sizes={"n": (1, 2)}), effort="quick")
    assert needed.verdict is Verdict.SUPPORTED
    assert [(h.name, h.needed) for h in needed.hypotheses] == [("$A ⪰ 0$", True)]
    assert "A = " in needed.hypotheses[0].example
    norm = claim("norm", s(1, A @ B) <= s(1, A) * s(1, B), given=[det(A) == 0], sizes={"n": (1, 2)})
    superfluous = verify(norm, effort="quick")
    assert [h.needed for h in superfluous.hypotheses] == [False]


def test_an_identity_is_supported_by_exact_evaluation():
    report = verify(claim("transposed", det(A) == det(A.T)), effort="quick")
    assert report.verdict is Verdict.SUPPORTED
    assert report.evidence[0].undecided == 0


def test_a_strict_inequality_is_refuted_at_equality():
    report = verify(claim("strict", x**2 + y**2 > 2 * x * y), effort="quick")
    assert report.verdict is Verdict.REFUTED
    assert report.counterexample.values == {"x": 0, "y": 0}


def test_what_is_indistinguishable_from_equality_everywhere_is_undecided_and_named():
    report = verify(claim("transcendental", exp(log(1 + x**2)) == 1 + x**2), effort="quick")
    assert report.verdict in (Verdict.UNDECIDED, Verdict.SUPPORTED)
    assert "indistinguishable from equality" in report.evidence[0].summary


def test_an_equality_of_irrational_numbers_is_decided():
    report = verify(
        claim("squares", s(1, A) ** 2 + s(2, A) ** 2 == tr(A @ A.T), sizes={"n": (2, 2)}), effort="quick"
    )
    assert report.verdict is Verdict.SUPPORTED
    assert report.evidence[0].undecided == 0
    assert report.mutants.killed == report.mutants.total


def test_premises_without_an_example_make_a_claim_vacuous():
    report = verify(claim("nothing", tr(A) >= 0, given=[tr(A) > 2, tr(A) < 1]), effort="quick")
    assert report.verdict is Verdict.VACUOUS


def test_few_examples_are_said_to_be_few():
    report = verify(
        claim("few", tr(A) <= 2, given=[A == 2 * A, tr(A) == 0], sizes={"n": (1, 2)}), effort="quick"
    )
    assert "only " in report.evidence[0].summary


def test_the_evidence_names_the_sizes_and_scales_that_were_searched(horn):
    (search,) = horn.evidence
    assert "exact examples (1×1 to 2×2, numbers of " in search.summary
    wide = verify(claim("scale", s(1, A) <= s(1, A) ** 2 + 1, sizes={"n": (2, 3)}), effort="quick")
    found = re.search(r"\(2×2 to 3×3, numbers of 1e-(\d+) to 1e(\d+)\)", wide.evidence[0].summary)
    assert int(found[1]) >= 10
    assert int(found[2]) >= 10


def test_the_same_seed_gives_the_same_report(refuted):
    again = verify(FALSE, effort="quick")
    assert again.counterexample == refuted.counterexample


@pytest.mark.parametrize(
    ("write", "error", "remedy"),
    [
        (lambda: claim("My claim", tr(A) >= 0), InputError, "lower case"),
        (lambda: claim("none", 1 <= 2), TypeError, "bool"),
        (lambda: claim("none", tr(A) >= 0, expected="maybe"), InputError, "one of holds, supported"),
        (lambda: claim("none", index("i") >= 1), InputError, "no variable"),
    ],
)
def test_what_is_no_claim_is_refused(write, error, remedy):
    with pytest.raises(error, match=remedy):
        write()


FILE = """from jacspec import claim, matrix, s

A, B = matrix("A"), matrix("B")
true = claim("product-norm", s(2, A @ B) <= s(1, A) * s(2, B), sizes={"n": (1, 2)})
false = claim("wrong-index", s(1, A @ B) <= s(1, A) * s(2, B), expected="refuted")
"""


def test_the_command_line_verifies_a_file_of_such_claims(tmp_path):
    file = tmp_path / "own.py"
    file.write_text(FILE)
    options = "--effort quick --json found.json --keep kept --report report --jobs 1"
    command = [sys.executable, "-m", "jacspec", "verify", str(file), *options.split()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "s_1(A B) ≤ s_1(A) s_2(B)" in done.stdout
    reports = json.loads((tmp_path / "found.json").read_text())["claims"]
    assert {each["label"]: each["verdict"] for each in reports} == {
        "product-norm": "supported",
        "wrong-index": "refuted",
    }
    assert (tmp_path / "report" / "index.html").read_text()
    replayed = [sys.executable, "-m", "jacspec", "verify", str(file), "--replay", "kept/wrong-index.json"]
    done = subprocess.run(replayed, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pytest_collects_such_claims(pytester):
    pytester.makepyfile(own=FILE)
    pytester.makeini("[pytest]\njacspec_effort = quick\n")
    result = pytester.runpytest("-p", "jacspec", "own.py")
    result.assert_outcomes(passed=2)


def test_expectations_may_be_written_as_words():
    assert FALSE.expected is Expectation.REFUTED
