"""The journal of a run: what was reached counts again for the very same claim, and for nothing else."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flint import arb
from hypothesis import strategies as st

import jacspec
from jacspec.numerics.support.versions import versions
from jacspec.proofs_check import Claim, Report, at_most, verify
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.shell import journal
from jacspec.proofs_check.shell.claim_tasks import ClaimTask, select
from jacspec.proofs_check.shell.cli import main
from jacspec.proofs_check.shell.commands.shared import COMPUTES_WITH
from jacspec.proofs_check.shell.journal import Journal

VERSIONS = {"python": "3.11"}
WHOLE = {"x": st.integers(-20, 20)}

REPORTS = {
    "refuted": verify(Claim("x-below-8", "x ≤ 7", WHOLE, lambda x: 7 - x)),
    "certified": verify(LEDGER["alignment-as-stated"], effort="quick"),
    "error": verify(Claim("no-value", "1/x", WHOLE, lambda x: 1 // x)),
    "sharp": verify(
        Claim(
            "bound",
            "|x| ≤ 2|x|, x ≠ 0",
            WHOLE,
            conclusion=lambda x: at_most(arb(abs(x)), arb(2 * abs(x))),
            hypotheses={"x ≠ 0": lambda x: abs(x)},
            mutants={"|x|/2": lambda x: at_most(arb(abs(x)), arb(abs(x)) / 2)},
        )
    ),
    "weighed in pairs": verify(
        Claim(
            "at-least-one",
            "x² + 1 > 0",
            WHOLE,
            conclusion=lambda x: x * x + 1,
            hypotheses={"x < 9": lambda x: 9 - x, "x > -9": lambda x: x + 9},
            mutants={"-x²": lambda x: -x * x},
        )
    ),
    "derived": verify(LEDGER["separation-closed-form"], effort="quick"),
}
REPORT = REPORTS["refuted"]


def test_the_reports_below_hold_every_kind_of_finding():
    assert REPORTS["certified"].counterexample.certificate
    assert REPORTS["error"].error
    assert REPORTS["sharp"].sharpness.ratio == pytest.approx(0.5)
    assert REPORTS["weighed in pairs"].pairs
    assert REPORTS["derived"].mutants.total


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_a_report_survives_the_way_through_json(report):
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report


# --- what is kept -------------------------------------------------------------------------------


@pytest.fixture
def tasks(tmp_path):
    file = tmp_path / "claims.py"
    file.write_text("claims = []\n")
    return [ClaimTask("alignment", None, "quick", 0), ClaimTask("mine", str(file), "quick", 0)]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / ".jacspec"


@pytest.fixture
def written(tasks, folder):
    journal = Journal(tasks, VERSIONS, folder)
    for task in tasks:
        journal.add(task, REPORT)
    journal.close()
    return journal


@pytest.mark.usefixtures("written")
def test_the_next_identical_run_finds_all_reports(tasks, folder):
    assert Journal(tasks, VERSIONS, folder).kept() == dict.fromkeys(tasks, REPORT)


def test_the_folder_keeps_itself_out_of_git(written, folder):
    assert (folder / ".gitignore").read_text() == "*\n"


def test_a_truncated_last_line_is_passed_over_and_written_behind(written, tasks, folder):
    written.file.write_bytes(written.file.read_bytes()[:-20])
    again = Journal(tasks, VERSIONS, folder)
    assert again.kept() == {tasks[0]: REPORT}
    again.add(tasks[1], REPORT)
    again.close()
    assert Journal(tasks, VERSIONS, folder).kept() == dict.fromkeys(tasks, REPORT)


@pytest.mark.parametrize("line", ["", "[]", "3", '{"key": 3}', '{"key": "x", "report": {}}', "\xff\x00"])
def test_a_line_of_something_else_is_passed_over(written, tasks, folder, line):
    written.file.write_bytes(line.encode("latin-1") + b"\n" + written.file.read_bytes())
    assert Journal(tasks, VERSIONS, folder).kept() == dict.fromkeys(tasks, REPORT)


@pytest.mark.usefixtures("written")
def test_another_content_of_the_file_counts_for_nothing(tasks, folder, tmp_path):
    (tmp_path / "claims.py").write_text("claims = [1]\n")
    assert Journal(tasks, VERSIONS, folder).kept() == {tasks[0]: REPORT}


@pytest.mark.usefixtures("written")
def test_other_versions_count_for_nothing(tasks, folder):
    assert Journal(tasks, {"python": "3.12"}, folder).kept() == {}


@pytest.mark.usefixtures("written")
def test_another_source_of_the_toolkit_counts_for_nothing(tasks, folder, monkeypatch):
    monkeypatch.setattr("jacspec.proofs_check.shell.journal._toolkit", lambda: "changed")
    assert Journal(tasks, VERSIONS, folder).kept() == {}


@pytest.mark.parametrize("change", [{"effort": "deep"}, {"seed": 1}])
@pytest.mark.usefixtures("written")
def test_another_request_has_a_journal_of_its_own(tasks, folder, change):
    others = [ClaimTask(**{**vars(task), **change}) for task in tasks]
    other = Journal(others, VERSIONS, folder)
    assert other.kept() == {}
    other.add(others[0], REPORT)
    other.discard()
    assert Journal(tasks, VERSIONS, folder).kept() == dict.fromkeys(tasks, REPORT)


def test_a_run_that_completes_leaves_nothing_behind(written, folder):
    written.discard()
    assert not folder.exists()


def test_the_folder_stays_if_something_else_is_in_it(written, folder):
    (folder / "other").write_text("mine")
    written.discard()
    assert sorted(each.name for each in folder.iterdir()) == [".gitignore", "other"]


# --- end to end ---------------------------------------------------------------------------------

SLOW = '''
"""Claims that take their time."""
import time
from hypothesis import strategies as st
from jacspec import Claim

def slowly(value):
    time.sleep(0.003)
    return value

claims = [
    Claim(
        label=f"slow-{k}",
        statement=f"x + {k} > 0",
        given={"x": st.integers(0, 50)},
        conclusion=lambda x, k=k: slowly(x + k if k < 5 else 7 - x),
        hypotheses={"x > 1": lambda x: x - 1},
        mutants={"-x": lambda x: slowly(-x)},
    )
    for k in range(1, 7)
]
'''


def verification(file, folder, *more):
    command = [sys.executable, "-m", "jacspec", "verify", str(file), "--effort", "quick"]
    return [*command, "--jobs", "1", "--json", str(folder / "reports.json"), *more]


def timeless(file):
    def without(data):
        if isinstance(data, dict):
            return {key: without(value) for key, value in data.items() if key != "seconds"}
        return [without(each) for each in data] if isinstance(data, list) else data

    return without(json.loads(file.read_text()))


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_killed_run_resumes_and_reports_the_same_as_one_that_was_not(tmp_path):
    file, killed, whole = tmp_path / "slow.py", tmp_path / "killed", tmp_path / "whole"
    file.write_text(SLOW)
    for each in (killed, whole):
        each.mkdir()
    running = subprocess.Popen(verification(file, killed), cwd=killed, stderr=subprocess.PIPE, text=True)
    with running:
        for _ in range(3):
            assert "slow-" in running.stderr.readline()
        running.send_signal(signal.SIGKILL)
    assert not (killed / "reports.json").exists()

    resumed = subprocess.run(
        verification(file, killed), cwd=killed, capture_output=True, text=True, check=False, timeout=100
    )
    first, *rest = resumed.stderr.splitlines()
    kept = int(first.removeprefix("resuming: ").split()[0])
    assert kept in (3, 4)
    assert first == f"resuming: {kept} of 6 claims are kept from an interrupted run"
    assert [line.split(":")[0] for line in rest] == [f"slow-{k}" for k in range(kept + 1, 7)]
    assert rest[-1].endswith("6 of 6)")
    assert not (killed / ".jacspec").exists()

    straight = subprocess.run(
        verification(file, whole), cwd=whole, capture_output=True, text=True, check=False, timeout=100
    )
    assert (resumed.returncode, straight.returncode) == (1, 1)
    assert "resuming" not in straight.stderr
    assert timeless(killed / "reports.json") == timeless(whole / "reports.json")


@pytest.mark.parametrize("fresh", [True, False])
def test_fresh_starts_again(tmp_path, monkeypatch, capsys, fresh):
    file = tmp_path / "slow.py"
    file.write_text(SLOW.replace("0.003", "0"))
    monkeypatch.chdir(tmp_path)
    journal = Journal(select((str(file),), effort="quick", seed=0), versions(*COMPUTES_WITH))
    for task in select((str(file),), effort="quick", seed=0):
        journal.add(task, REPORT)
    journal.close()
    with pytest.raises(SystemExit):
        main(["verify", str(file), "--effort", "quick", "--jobs", "1", *["--fresh"] * fresh])
    out, err = capsys.readouterr()
    assert ("resuming: 6 of 6 claims" in err) is not fresh
    assert ("slow-1" in out) is fresh
    assert ("x-below-8" in out) is not fresh
    assert not journal.file.exists()


def test_a_folder_that_cannot_be_written_is_a_note(tmp_path, monkeypatch, capsys):
    file = tmp_path / "slow.py"
    file.write_text(SLOW.replace("0.003", "0"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".jacspec").write_text("a file where the folder should be")
    with pytest.raises(SystemExit):
        main(["verify", str(file), "--effort", "quick", "--jobs", "1"])
    err = capsys.readouterr().err
    assert err.count("note: verdicts are not kept") == 1
    assert "slow-6: " in err


def test_the_toolkit_is_all_that_is_installed() -> None:
    root = Path(jacspec.__file__).parent
    folders = {folder.resolve() for folder in root.iterdir() if (folder / "__init__.py").exists()}
    assert set(journal._PACKAGES) == folders
