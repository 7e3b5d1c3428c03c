"""Counterexamples as files, as tests, and evaluated again: exact, and without running what is in a file."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import pytest
from flint import fmpq, fmpq_mat, fmpz
from hypothesis import strategies as st

from jacspec.numerics import Chain, InputError
from jacspec.proofs_check import Claim, verify
from jacspec.proofs_check.claims.exact_values import from_data, kind_of, to_data, to_source
from jacspec.proofs_check.claims.margin import Truth
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.referee.counterexample_files import file_names, keep, kept_of, load
from jacspec.proofs_check.referee.regression import write_regression_test
from jacspec.proofs_check.referee.replay import replay
from jacspec.proofs_check.shell.cli import main

CLAIMS = """
from fractions import Fraction
from flint import fmpq, fmpq_mat, fmpz
from hypothesis import strategies as st
from jacspec import Chain
from jacspec import Claim

kinds = Claim(
    label="kinds",
    statement="x + y ≤ 7, whatever else is drawn",
    given={
        "x": st.integers(5, 50),
        "y": st.fractions(Fraction(1, 3), 5, max_denominator=3).filter(lambda y: y.denominator == 3),
        "pair": st.tuples(st.just(Chain([[[1, "1/3"]], [[2]]])), st.just((fmpq_mat(1, 1, [fmpq(1, 7)]),))),
        "whole": st.just(fmpz(10**40)),
        "named": st.just({"flags": [True, None], "name": "it's \\"A\\"", "float": 0.1}),
    },
    conclusion=lambda x, y, pair, whole, named: 7 - x - y if type(y) is Fraction else 1 / 0,
    hypotheses={
        "types": lambda x, y, pair, whole, named: (
            isinstance(pair, tuple) and isinstance(pair[1][0], fmpq_mat) and isinstance(whole, fmpz)
            and named["flags"][0] is True and pair[0].exact[0][0, 1] == fmpq(1, 3) and type(x) is int
        ),
    },
)
"""

TRUE = """
from hypothesis import strategies as st
from jacspec import Claim

claim = Claim("positive", "x > 0", {"x": st.integers(1, 9)}, lambda x: x, mutants={"-x": lambda x: -x})
"""


@pytest.fixture
def claims_file(tmp_path):
    file = tmp_path / "my_claims.py"
    file.write_text(CLAIMS, encoding="utf-8")
    return file


@pytest.fixture
def jacspec(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as exit_:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return exit_.value.code, captured.out, captured.err

    return run


# --- kept and evaluated again -------------------------------------------------------------------


def test_what_the_command_line_keeps_is_replayed_by_it(jacspec, claims_file, tmp_path):
    folder = tmp_path / "found"
    status, out, _ = jacspec("verify", claims_file, "--jobs", 1, "--keep", folder, "--effort", "quick")
    assert status == 1
    assert str(folder / "kinds.json") in out
    status, out, err = jacspec("verify", claims_file, "--replay", folder / "kinds.json")
    assert (status, err) == (0, "")
    assert "kinds: still refuted by" in out
    assert "types: holds" in out
    # The smallest that breaks it, re-verified exactly: x + y - 7 is a number of thirds.
    x = json.loads((folder / "kinds.json").read_text())["counterexample"]["values"]
    assert "the conclusion: fails" in out
    assert 7 - x["x"] - Fraction(x["y"]) < 0


def test_a_counterexample_of_the_ledger_s_needs_no_file(jacspec, tmp_path):
    report = tmp_path / "report"
    jacspec("verify", "alignment-as-stated", "--jobs", 1, "--report", report, "--effort", "quick")
    status, out, _ = jacspec("verify", "--replay", report / "counterexamples" / "alignment-as-stated.json")
    assert status == 0
    assert "in the limit, by the claim's author: with M_2 repeated" in out
    assert "$" not in out  # mathematics of a page is plain in a terminal


def test_an_example_that_does_not_refute_is_status_1(jacspec, claims_file, tmp_path):
    jacspec("verify", claims_file, "--jobs", 1, "--keep", tmp_path, "--effort", "quick")
    file = tmp_path / "kinds.json"
    data = json.loads(file.read_text())
    data["counterexample"]["values"] |= {"x": 5, "y": "1/3"}
    file.write_text(json.dumps(data))
    status, out, _ = jacspec("verify", claims_file, "--replay", file)
    assert status == 1
    assert "kinds: not refuted by" in out
    assert "margin [1.6666667 +/-" in out


def test_a_hypothesis_that_fails_does_not_refute():
    claim = Claim(
        "small", "x ≤ 7", {"x": st.integers()}, lambda x: 7 - x, hypotheses={"even": lambda x: x % 2 == 0}
    )
    assert replay(claim, {"x": 8}).refutes
    odd = replay(claim, {"x": 9})
    assert (odd.conclusion.truth, odd.hypotheses["even"].truth) == (Truth.FAILS, Truth.FAILS)
    assert not odd.refutes


def test_a_limit_must_still_be_certified():
    claim = LEDGER["alignment-as-stated"]
    chain = Chain([[[0, 0], [0, 1]], [[2, 0], [0, 1]]])
    example = {"chain": chain, "rank": 1}
    assert replay(claim, example).refutes
    assert not replay(replace(claim, certify=lambda chain, rank: None), example).refutes


def test_what_raises_is_named_with_its_line():
    claim = Claim("inverse", "1/x > 0", {"x": st.integers()}, lambda x: Fraction(1, x))
    with pytest.raises(
        InputError, match=r"the conclusion raised ZeroDivisionError.*test_counterexample_files\.py"
    ):
        replay(claim, {"x": 0})


def test_an_example_of_other_values_is_refused():
    claim = Claim("inverse", "1/x > 0", {"x": st.integers()}, lambda x: x)
    with pytest.raises(InputError, match="with the values y: expected x"):
        replay(claim, {"y": 0})


# --- what is loaded runs no code ----------------------------------------------------------------


def test_the_user_s_file_is_run_only_if_named(jacspec, claims_file, tmp_path):
    jacspec("verify", claims_file, "--jobs", 1, "--keep", tmp_path, "--effort", "quick")
    claims_file.write_text("raise RuntimeError('was run')")
    status, out, err = jacspec("verify", "--replay", tmp_path / "kinds.json")
    assert (status, out) == (2, "")
    assert "verify my_claims.py --replay" in err
    assert "was run" not in err


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "it does not say"),
        ('{"jacspec": "counterexample", "format": 1}', "a field is missing"),
        ('{"jacspec": "counterexample", "format": 2}', "it does not say"),
    ],
)
def test_a_file_of_something_else_is_refused_in_a_line(jacspec, tmp_path, content, named):
    file = tmp_path / "found.json"
    file.write_text(content)
    status, out, err = jacspec("verify", "--replay", file)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "found.json" in err
    assert named in err


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"types": {"x": "os.system"}}, "is no value of the kind 'os.system'"),
        ({"types": {"x": None}}, "cannot be rebuilt"),
        ({"types": {}}, "cannot be rebuilt"),
        ({"types": {"x": ["tuple", "int"]}}, "is no value of the kind"),
        ({"types": {"x": ["Chain", "int"]}, "values": {"x": [1]}}, "is no value of the kind"),
        ({"values": {"x": "8"}}, "is no value of the kind"),
        ({"values": {"x": True}}, "is no value of the kind"),
        ({"precision_bits": 10**12}, "malformed"),
        ({"values": 3}, "malformed"),
    ],
)
def test_a_file_that_was_changed_is_refused(tmp_path, change, named):
    file = tmp_path / "found.json"
    report = verify(Claim("small", "x ≤ 7", {"x": st.integers(0, 99)}, lambda x: 7 - x))
    keep(file, report, None, {})
    assert load(file).example() == {"x": 8}
    data = json.loads(file.read_text())
    data["counterexample"] |= change
    file.write_text(json.dumps(data))
    with pytest.raises(InputError, match=named):
        load(file).example()


def test_a_label_cannot_leave_the_folder():
    names = file_names([("../../etc/passwd", None), ("s_k-at-ε", None)])
    assert names["s_k-at-ε", None] == "s_k-at-ε.json"
    assert re.fullmatch(r"_\.\._etc_passwd-[0-9a-f]{12}\.json", names["../../etc/passwd", None])


def test_as_many_files_as_claims_whatever_their_labels(tmp_path):
    labels = [
        "a/b",
        "a_b",
        "a\\b",
        "...",
        "_",
        ".a",
        "a",
        "é",
        "e\u0301",
        *("x" * n for n in (150, 400, 401)),
    ]
    claims = [(label, file) for label in labels for file in (None, "/one/mine.py", "/two/mine.py")]
    names = file_names(claims)
    for name in names.values():
        (tmp_path / name).write_text("")
    assert len(list(tmp_path.iterdir())) == len(claims) == 36
    assert names["a", "/one/mine.py"] != names["a", "/two/mine.py"]
    assert file_names([("a", "/one/mine.py")]) == {("a", "/one/mine.py"): "a.json"}


# --- as a test ----------------------------------------------------------------------------------


def pytest_run(*arguments):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)


def test_the_regression_test_passes_until_the_claim_is_mended(jacspec, claims_file, tmp_path):
    test = tmp_path / "tests" / "test_found.py"
    test.parent.mkdir()
    jacspec(
        "verify", claims_file, "alignment-as-stated", "--jobs", 1, "--regression", test, "--effort", "quick"
    )
    content = test.read_text(encoding="utf-8")
    for name in ("Fraction(", "fmpz(", "fmpq(1, 7)", "Chain([", "True, None", "../my_claims.py"):
        assert name in content
    namespace = {"__file__": str(test)}
    exec(compile(content, str(test), "exec"), namespace)  # noqa: S102 -- just written
    for name in ("test_kinds_is_refuted", "test_alignment_as_stated_is_refuted"):
        namespace[name]()
    claims_file.write_text(CLAIMS.replace("7 - x - y", "70 - x - y"), encoding="utf-8")
    done = pytest_run(test)
    assert "1 failed, 1 passed" in done.stdout
    assert "kinds: not refuted by" in done.stdout


def test_a_replayed_counterexample_can_become_a_test(jacspec, claims_file, tmp_path):
    jacspec("verify", claims_file, "--jobs", 1, "--keep", tmp_path, "--effort", "quick")
    test = tmp_path / "test_kinds.py"
    status, out, _ = jacspec("verify", claims_file, "--replay", tmp_path / "kinds.json", "--regression", test)
    assert status == 0
    assert "regression test:" in out
    namespace = {"__file__": str(test)}
    exec(compile(test.read_text(encoding="utf-8"), str(test), "exec"), namespace)  # noqa: S102 -- just written
    namespace["test_kinds_is_refuted"]()


def test_two_claims_of_one_label_are_two_tests(tmp_path):
    report = verify(Claim("small", "x ≤ 7", {"x": st.integers(0, 99)}, lambda x: 7 - x))
    write_regression_test(tmp_path / "test_x.py", [(kept_of(report, None), None)] * 2)
    content = (tmp_path / "test_x.py").read_text()
    assert "def test_small_is_refuted():" in content
    assert "def test_small_is_refuted_2():" in content


def test_labels_that_are_no_names_or_the_same_name_to_python_are_tests_each(tmp_path):
    labels = ("x²", "ﬁ", "fi", "a-b", "a.b", "日本", "€")
    claims = [Claim(label, "x ≤ 7", {"x": st.integers(0, 99)}, lambda x: 7 - x) for label in labels]
    write_regression_test(tmp_path / "test_x.py", [(kept_of(verify(each), None), None) for each in claims])
    namespace = {}
    exec(compile((tmp_path / "test_x.py").read_text("utf-8"), "test_x.py", "exec"), namespace)  # noqa: S102
    assert len([name for name in namespace if name.startswith("test_")]) == len(labels)


def test_without_a_counterexample_nothing_is_written(jacspec, claims_file, tmp_path):
    test = tmp_path / "test_found.py"
    claims_file.write_text(TRUE, encoding="utf-8")
    status, out, _ = jacspec("verify", claims_file, "--jobs", 1, "--regression", test, "--effort", "quick")
    assert status == 0
    assert "no counterexample" in out
    assert not test.exists()


LONG = 10**6000
"""More digits than Python writes in decimal."""

# --- exact values -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [fmpq(6, 3), Fraction(4, 2), fmpz(3), 3, True, 0.1, (1, (2,)), [1], {"a": (fmpq(1, 2),)},
     LONG, -LONG, fmpz(-LONG), fmpq(LONG, 7), Fraction(7, LONG), fmpq_mat([[fmpq(LONG), fmpq(1, LONG)]])],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_values_that_look_alike_keep_their_types(value):
    for again in (
        from_data(*json.loads(json.dumps([to_data(value), kind_of(value)]))),
        eval(to_source(value), {"fmpq": fmpq, "fmpz": fmpz, "Fraction": Fraction, "fmpq_mat": fmpq_mat}),  # noqa: S307 -- ours
    ):
        assert again == value
        assert type(again) is type(value)


@pytest.mark.parametrize("value", [{1, 2}, 1j, object(), {1: 2}, fmpq_mat(0, 2), (1, {2}), [{3}]])
def test_values_that_cannot_be_rebuilt_say_so(value):
    assert kind_of(value) is None
