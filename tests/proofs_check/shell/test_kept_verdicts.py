"""Kept verdicts: what was reached counts again for the very same claim, and for nothing else."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from flint import arb
from hypothesis import strategies as st

import jacspec
from jacspec.numerics import InputError
from jacspec.proofs_check import Claim, Expectation, Report, Verdict, at_most, verify
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.shell import kept_verdicts
from jacspec.proofs_check.shell.claim_tasks import ClaimTask, run_task, select
from jacspec.proofs_check.shell.cli import main
from jacspec.proofs_check.shell.kept_verdicts import KeptVerdicts
from tests.numerics.files.mutants import mutant

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
SUPPORTED, DERIVED = REPORTS["weighed in pairs"], REPORTS["derived"]
SUPPORTED_CLAIM = """
from hypothesis import strategies as st
from jacspec import Claim
mine = Claim("at-least-one", "x² + 1 > 0", {"x": st.integers(-20, 20)}, lambda x: x * x + 1)
"""


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
    file.write_text(SUPPORTED_CLAIM)
    return [
        ClaimTask("separation-closed-form", None, "quick", 0),
        ClaimTask("at-least-one", str(file), "quick", 0),
    ]


def kept_of(tasks, versions=VERSIONS):
    verdicts = KeptVerdicts(tasks, versions)
    return [verdicts.of(task) for task in tasks], verdicts.outdated


@pytest.fixture
def written(tasks):
    verdicts = KeptVerdicts(tasks, VERSIONS)
    for task, report in zip(tasks, (DERIVED, SUPPORTED), strict=True):
        verdicts.add(task, report)
    return verdicts


@pytest.mark.usefixtures("written")
def test_what_was_reached_counts_for_the_very_same_claims(tasks):
    assert kept_of(tasks) == ([DERIVED, SUPPORTED], 0)


@pytest.mark.usefixtures("written")
def test_the_folder_keeps_itself_out_of_git(kept):
    assert (kept / ".gitignore").read_text() == "*\n"


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("change", [{"effort": "deep"}, {"seed": 1}, {"label": "other"}])
def test_another_request_is_neither_kept_nor_outdated(tasks, change):
    others = [ClaimTask(**{**vars(task), **change}) for task in tasks]
    assert kept_of(others) == ([None, None], 0)


@pytest.mark.usefixtures("written")
def test_another_content_of_the_file_outdates_its_claims(tasks, tmp_path):
    (tmp_path / "claims.py").write_text(SUPPORTED_CLAIM + "more = 1\n")
    assert kept_of(tasks) == ([DERIVED, None], 1)


LAZY = """
import sys
from hypothesis import strategies as st
from jacspec import Claim

{at_the_top}
def least(x):
    {at_call}
    return {bound} - x

mutants = {{"minus": lambda x: -9 - x}}
mine = Claim("bounded", "x is bounded", {{"x": st.integers(-20, 20)}}, least, mutants=mutants)
"""


@pytest.mark.parametrize(
    ("place", "when"), [("", "at_call"), ("../elsewhere", "at_the_top"), ("../elsewhere", "at_call")]
)
def test_another_content_of_a_module_that_a_claim_imports_outdates_it(place, when, tmp_path):
    folder = tmp_path / "claims"
    folder.mkdir()
    helper = (folder / place / "bounds_of_mine.py").resolve()
    helper.parent.mkdir(exist_ok=True)
    helper.write_text("most = 30")
    imported = f"sys.path.insert(0, {str(helper.parent)!r}); from bounds_of_mine import most"
    imports = {"at_the_top": "", "at_call": "pass", when: imported}
    file = folder / "claims.py"
    file.write_text(LAZY.format(bound="most", **imports))
    assert run(file, tmp_path).returncode == 0
    helper.write_text("most = 3")
    changed = run(file, tmp_path)
    assert changed.stderr.startswith("not kept: 1 of 1 verdicts; something on which they rest was changed\n")
    assert changed.returncode == 1


def led_elsewhere(helper):
    helper.unlink()
    helper.symlink_to("other.py")


def put_in_front(helper):
    (helper.parent / helper.stem).mkdir()
    (helper.parent / helper.stem / "__init__.py").write_text("most = 3")


@pytest.mark.parametrize("change", [None, led_elsewhere, put_in_front])
@pytest.mark.parametrize("inside", [False, True])
def test_another_file_of_the_name_of_a_module_outdates_a_claim(change, inside, tmp_path):
    place = tmp_path / "inside" if inside else tmp_path
    place.mkdir(exist_ok=True)
    for name, most in (("mine", 30), ("other", 3), ("__init__" if inside else "unused", 4)):
        (place / f"{name}.py").write_text(f"most = {most}")
    helper = place / "bounds_of_mine.py"
    helper.symlink_to("mine.py")
    file = tmp_path / "claims.py"
    imported = f"from {'inside.' * inside}bounds_of_mine import most"
    file.write_text(LAZY.format(bound="most", at_the_top=imported, at_call="pass"))
    assert run(file, tmp_path).returncode == 0
    if change is not None:
        change(helper)
    again = run(file, tmp_path)
    assert again.returncode == int(change is not None)
    assert again.stderr.startswith("not kept: 1 of 1" if change is not None else "kept: 1 of 1")


CHANGES = {
    "none": lambda _claims, _late, older: older,
    "a module saved": lambda _claims, late, _older: late.write_text("x = 2") and late,
    "a module removed": lambda _claims, late, _older: late.unlink() or late,
    "a module replaced by an older file": lambda _claims, late, older: older.replace(late),
    "the claims saved": lambda claims, _late, _older: claims.write_text("x = 2") and claims,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_source_changed_while_a_verdict_is_reached_is_not_taken_for_what_was_used(change, tasks, tmp_path):
    late, older = tmp_path / "late.py", tmp_path / "older.py"
    for path in (late, older):
        path.write_text(path.name)
    verdicts = KeptVerdicts(tasks, VERSIONS)
    time.sleep(0.05)  # more than the clock of a file system is behind
    changed = Path(CHANGES[change](Path(tasks[1].file), late, older))
    if changed != older and changed.exists():
        os.utime(changed, ns=(0, 0))  # a time that can be set says nothing
    assert [*verdicts.add(tasks[1], SUPPORTED, [late])] == [str(changed)] * (changed != older)
    assert kept_of(tasks)[0][1] == (SUPPORTED if changed == older else None)


@pytest.mark.parametrize("saved", [True, False])
def test_a_file_that_is_saved_while_it_is_imported_is_verified_again(saved, tmp_path):
    file = tmp_path / "claims.py"
    wrong = SUPPORTED_CLAIM.replace("x * x + 1)", "x)")
    save = f"\nimport pathlib; pathlib.Path(__file__).write_text({wrong!r})"
    file.write_text(SUPPORTED_CLAIM.replace("+ 1)", "+ 1, mutants={'-x': lambda x: -x})") + save * saved)
    first, second = run(file, tmp_path), run(file, tmp_path)
    assert (first.returncode, second.returncode) == (0, int(saved))
    assert (f"note: at-least-one is not kept, as {file} was changed meanwhile" in first.stderr) is saved


@pytest.mark.usefixtures("written")
def test_other_versions_outdate_everything(tasks):
    assert kept_of(tasks, {"python": "3.12"}) == ([None, None], 2)


@pytest.mark.usefixtures("written")
def test_another_source_of_the_toolkit_outdates_everything(tasks, tmp_path, monkeypatch):
    package = tmp_path / "theory"
    package.mkdir()
    monkeypatch.setattr(kept_verdicts, "_PACKAGES", (package,))
    KeptVerdicts(tasks, VERSIONS).add(tasks[0], DERIVED)
    assert kept_of(tasks) == ([DERIVED, None], 1)
    (package / "new.py").write_text("")
    kept_verdicts._toolkit.cache_clear()  # as in another process
    assert kept_of(tasks) == ([None, None], 2)


@pytest.mark.parametrize(
    "change",
    [
        {"label": "other"},
        {"statement": "P = NP"},
        {"remark": "more"},
        {"expected": Expectation.REFUTED},
        {"verdict": Verdict.REFUTED},
        {"verdict": Verdict.PROVED},
        {"verdict": Verdict.PROVED, "evidence": REPORTS["derived"].evidence},
    ],
)
def test_a_report_that_no_run_reaches_does_not_count_whatever_its_digest(tasks, change):
    KeptVerdicts(tasks, VERSIONS).add(tasks[1], replace(SUPPORTED, **change))
    assert kept_of(tasks) == ([None, None], 1)


def test_what_was_edited_by_hand_does_not_count(written, tasks):
    file = written.file(tasks[0])
    file.write_text(file.read_text().replace("proved", "supported"))
    assert kept_of(tasks) == ([None, SUPPORTED], 1)


@pytest.mark.parametrize("content", ["", "[]", "3", '{"digest": 3}', '{"digest": "x", "report": {}}', "\xff"])
def test_something_else_in_its_place_is_reached_again(written, tasks, content):
    written.file(tasks[0]).write_bytes(content.encode("latin-1"))
    assert kept_of(tasks)[0] == [None, SUPPORTED]


def test_no_mutated_file_changes_a_verdict(written, tasks):
    """The same in every run; JACSPEC_SOAK=5000 makes 312 (`make soak`)."""
    dice = random.Random(2)  # noqa: S311 -- dice
    file = written.file(tasks[0])
    data = file.read_bytes()
    verdicts = KeptVerdicts(tasks, VERSIONS)
    believed = 0
    for _ in range(max(100, int(os.environ.get("JACSPEC_SOAK", "0")) // 16)):
        file.write_bytes(mutant(dice, data))
        report = verdicts.of(tasks[0])
        assert report in (None, DERIVED)
        believed += report is not None
    assert believed < 10


def test_an_error_is_looked_at_again(tasks):
    verdicts = KeptVerdicts(tasks, VERSIONS)
    verdicts.add(tasks[0], REPORTS["error"])
    assert kept_of(tasks) == ([None, None], 0)


@pytest.mark.parametrize("refutes", [True, False])
def test_a_kept_counterexample_is_evaluated_again(tmp_path, monkeypatch, refutes):
    file = tmp_path / "claims.py"
    file.write_text(ONE_FALSE)
    (task,) = select((str(file),), effort="quick", seed=0)
    report = run_task(task)
    KeptVerdicts([task], VERSIONS).add(task, report)
    if not refutes:
        monkeypatch.setattr(
            ClaimTask, "claim", lambda _: Claim("x-below-8", "x ≤ 7", WHOLE, lambda x: x * x + 1)
        )
    assert kept_of([task]) == (([report], 0) if refutes else ([None], 1))


# --- end to end ---------------------------------------------------------------------------------

ONE_FALSE = """
from hypothesis import strategies as st
from jacspec import Claim
small = Claim("x-below-8", "x ≤ 7", {"x": st.integers(-20, 20)}, lambda x: 7 - x)
"""

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


def run(file, folder, *more, **variables):
    command, options = (
        verification(file, folder, *more),
        {"capture_output": True, "text": True, "timeout": 100},
    )
    return subprocess.run(command, cwd=folder, env={**os.environ, **variables}, check=False, **options)


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

    resumed = run(file, killed)
    first, *rest = resumed.stderr.splitlines()
    kept = int(first.removeprefix("kept: ").split()[0])
    assert kept in (3, 4)
    assert first == f"kept: {kept} of 6 verdicts, from earlier runs (--fresh reaches them again)"
    assert [line.split(":")[0] for line in rest] == [f"slow-{k}" for k in range(kept + 1, 7)]
    assert rest[-1].endswith("6 of 6)")

    straight = run(file, whole)
    assert (resumed.returncode, straight.returncode) == (1, 1)
    assert "kept" not in straight.stderr
    assert timeless(killed / "reports.json") == timeless(whole / "reports.json")


def test_the_same_again_reports_the_same_and_a_change_is_said(tmp_path):
    file = tmp_path / "slow.py"
    file.write_text(SLOW.replace("0.003", "0"))
    straight, reported = run(file, tmp_path), (tmp_path / "reports.json").read_text()
    again = run(file, tmp_path)
    assert (tmp_path / "reports.json").read_text() == reported
    assert (again.returncode, again.stdout) == (straight.returncode, straight.stdout)
    assert again.stderr == "kept: 6 of 6 verdicts, from earlier runs (--fresh reaches them again)\n"
    file.write_text(SLOW.replace("0.003", "0").replace("range(1, 7)", "range(1, 6)"))
    changed = run(file, tmp_path).stderr.splitlines()
    assert changed[0] == "not kept: 5 of 5 verdicts; something on which they rest was changed"
    assert changed[-1].endswith("5 of 5)")


def test_assertions_that_were_not_heeded_outdate_a_verdict(tmp_path):
    file = tmp_path / "claims.py"
    file.write_text(LAZY.format(bound="30", at_the_top="", at_call="assert x != 7"))
    assert run(file, tmp_path, PYTHONOPTIMIZE="1").returncode == 0
    heeded = run(file, tmp_path)
    assert heeded.stderr.startswith("not kept: 1 of 1 verdicts")
    assert heeded.returncode == 1


@pytest.mark.parametrize("fresh", [True, False])
def test_fresh_starts_again(tmp_path, fresh):
    file = tmp_path / "slow.py"
    file.write_text(SLOW.replace("0.003", "0"))
    assert run(file, tmp_path).returncode == 1
    again = run(file, tmp_path, *["--fresh"] * fresh)
    assert ("kept: 6 of 6 verdicts" in again.stderr) is not fresh
    assert ("slow-1: supported" in again.stderr) is fresh
    assert "slow-1" in again.stdout


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


def test_a_folder_of_somebody_else_s_is_a_note(tasks, kept, monkeypatch):
    kept.mkdir()
    with monkeypatch.context() as patch:
        stat = Path.stat

        def denied(path, **how):
            if path.parent == kept:
                raise PermissionError(13, "Permission denied")
            return stat(path, **how)

        patch.setattr(Path, "stat", denied)
        assert kept_of(tasks) == ([None, None], 0)
        with pytest.raises(InputError, match="Permission denied"):
            KeptVerdicts(tasks, VERSIONS).add(tasks[1], SUPPORTED)


def test_the_toolkit_is_all_that_is_installed() -> None:
    root = Path(jacspec.__file__).parent
    folders = {folder.resolve() for folder in root.iterdir() if (folder / "__init__.py").exists()}
    assert set(kept_verdicts._PACKAGES) == folders
