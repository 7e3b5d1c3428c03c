"""Where claims come from: labels of the ledger and files of the user's."""

import os
import subprocess
import sys

import pytest

from jacspec.numerics import InputError
from jacspec.proofs_check import Verdict
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.derivations import derivation_of
from jacspec.proofs_check.shell.claim_tasks import find_claim, run_task, select
from jacspec.proofs_check.shell.user_files import derivation_in, load_claims

FILE = """
from hypothesis import strategies as st
from jacspec import Claim

def claim(label, conclusion):
    return Claim(label, "x ≥ 0", {"x": st.integers(1, 9)}, conclusion, mutants={"minus": lambda x: -x})

first = claim("first", lambda x: x)
several = [claim("second", lambda x: x), claim("third", lambda x: x - 5)]
alias = first
"""


@pytest.fixture
def claims_file(tmp_path):
    def write(content):
        file = tmp_path / "claims.py"
        file.write_text(content, encoding="utf-8")
        return file

    return write


def test_the_ledger_s_labels_name_their_claims():
    assert set(LEDGER) >= {
        "velocity-identity",
        "general-dynamics",
        "depth-scaling-boundary",
        "gradient-flow-dynamics",
        "alignment-as-stated",
        "alignment",
    }
    assert all(claim.label == label for label, claim in LEDGER.items())
    with pytest.raises(TypeError):
        LEDGER["mine"] = LEDGER["alignment"]


def test_no_target_is_the_whole_ledger():
    assert [task.label for task in select((), effort="quick", seed=0)] == list(LEDGER)


def test_targets_keep_their_order_and_are_not_repeated():
    tasks = select(("alignment", "velocity-identity", "alignment"), effort="deep", seed=7)
    assert [(task.label, task.file, task.effort, task.seed) for task in tasks] == [
        ("alignment", None, "deep", 7),
        ("velocity-identity", None, "deep", 7),
    ]


def test_an_unknown_label_suggests_the_nearest():
    with pytest.raises(InputError, match=r"unknown claim 'aligment'.*did you mean alignment\?"):
        select(("aligment",), effort="quick", seed=0)
    with pytest.raises(InputError, match=r"unknown claim 'xyz'.*'jacspec list' shows all labels"):
        select(("xyz",), effort="quick", seed=0)


def test_a_file_s_claims_are_found_alone_and_in_lists(claims_file):
    assert list(load_claims(claims_file(FILE))) == ["first", "second", "third"]


def test_a_file_s_claims_are_run_by_name(claims_file):
    tasks = select((str(claims_file(FILE)),), effort="quick", seed=0)
    assert [run_task(task).verdict for task in tasks] == [
        Verdict.SUPPORTED,
        Verdict.SUPPORTED,
        Verdict.REFUTED,
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("x = (\n", r"claims\.py:1: SyntaxError"),
        ("\n\nimport nowhere_at_all\n", r"claims\.py:3: ModuleNotFoundError"),
        ("def f():\n    return 1 // 0\n\nf()\n", r"claims\.py:2: ZeroDivisionError"),
        ("import sys\nsys.exit(3)\n", r"claims\.py:2: SystemExit: 3"),
        ("x = 1\n", r"claims\.py defines no claim"),
        (FILE + "fourth = claim('first', lambda x: x)\n", "two claims are called 'first'"),
        (FILE + "fourth = claim('Fourth', lambda x: x)\n", r"claims\.py:6: InputError: label 'Fourth'"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_line(claims_file, content, message):
    with pytest.raises(InputError, match=message):
        load_claims(claims_file(content))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"no file .*nowhere\.py"):
        load_claims(tmp_path / "nowhere.py")


def test_what_is_no_regular_file_is_named_for_what_it_is(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "folder.py").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(InputError, match=rf"{name}\.py' is a {name}: expected a Python file of claims"):
            load_claims(tmp_path / f"{name}.py")


# --- derivations by label -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "label",
    [
        "velocity-identity",
        "decoupled-velocity",
        "general-dynamics",
        "depth-scaling-boundary",
        "gradient-flow-dynamics",
    ],
)
def test_derivations_are_found_by_label_lemmas_included(label):
    assert derivation_of(label).label == label


def test_a_claim_without_a_derivation_says_so():
    with pytest.raises(InputError, match="claim 'loop-closes-top-mode' has no derivation"):
        derivation_of("loop-closes-top-mode")


def test_an_unknown_derivation_suggests_the_nearest():
    with pytest.raises(InputError, match=r"did you mean general-dynamics\?"):
        derivation_of("general-dynamic")


@pytest.mark.parametrize(
    ("name", "labels"), [("alias", ["first"]), ("several", ["second", "third"]), ("third", ["third"])]
)
def test_a_claim_of_a_file_is_named_by_its_name_there_or_by_its_label(claims_file, name, labels):
    file = claims_file(FILE)
    tasks = select((f"{file}:{name}",), effort="quick", seed=0)
    assert [(task.label, task.file) for task in tasks] == [(label, str(file)) for label in labels]
    assert find_claim(labels[0], file).label == labels[0]


def test_a_name_that_a_file_does_not_hold_suggests_the_nearest(claims_file):
    with pytest.raises(InputError, match=r"claims\.py:thrid: expected the name or .* did you mean third\?"):
        select((f"{claims_file(FILE)}:thrid",), effort="quick", seed=0)


DERIVATIONS = """
from jacspec import Calculation, Derivation
from jacspec.theory.notation.symbols import M, MT, l
import beside

by_name = Derivation("by-label", "A sum", (Calculation("Sum", M(l) + MT(l)).equals(MT(l) + M(l), "order"),))

def made():
    return by_name

def broken():
    return beside.WRONG

def raising():
    return beside.missing
"""


def test_a_derivation_of_a_file_is_found_by_name_by_label_and_as_what_a_function_makes(claims_file):
    file = claims_file(DERIVATIONS)
    (file.parent / "beside.py").write_text("WRONG = 3\n")
    for name in ("by_name", "by-label", "made"):
        assert derivation_in(file, name).label == "by-label"
    with pytest.raises(InputError, match=r"py:broken is no derivation: it gives int"):
        derivation_in(file, "broken")
    with pytest.raises(InputError, match=r"claims\.py:15: AttributeError: .*missing.*; mend the file"):
        derivation_in(file, "raising")
    with pytest.raises(
        InputError, match=r"expected the name or the label of a derivation.*did you mean by_name\?"
    ):
        derivation_in(file, "by_nam")


def test_verifying_in_a_script_leaves_nothing_in_the_folder(claims_file):
    file = claims_file(FILE + "\nfrom jacspec import verify\nprint(verify(first).verdict.value)\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HYPOTHESIS")}
    made = subprocess.run(
        [sys.executable, str(file)],
        cwd=file.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout == "supported\n"
    assert [each.name for each in file.parent.iterdir()] == ["claims.py"]
