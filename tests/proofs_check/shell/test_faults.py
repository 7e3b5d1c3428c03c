"""Whatever fails while a run writes, once: one line, nothing half-written, and the next run gives the same.

Every opening, writing, forcing to the disk, renaming and removing of a file is a point at which the run fails
(the disk is full, permission is denied, somebody interrupts). JACSPEC_SOAK tries all of these at every point.
"""

import errno
import itertools
import json
import os
import re
from pathlib import Path

import pytest

from jacspec.proofs_check.shell.cli import main

CLAIMS = """
from hypothesis import strategies as st
from jacspec import Claim, Expectation
a = Claim("small", "x < 5", {"x": st.integers(1, 9)}, lambda x: 5 - x, expected=Expectation.REFUTED)
b = Claim("positive", "x > 0", {"x": st.integers(1, 9)}, lambda x: x, mutants={"minus": lambda x: -x})
"""
COMMAND = ("verify", "claims.py", "--effort", "quick", "--jobs", "1", "--json", "out.json", "--report",
           "report", "--keep", "found", "--regression", "test_found.py")  # fmt: skip
ERRORS = (
    lambda: OSError(errno.ENOSPC, "No space left on device"),
    lambda: PermissionError(errno.EACCES, "Permission denied"),
    KeyboardInterrupt,
)
THOROUGH = "JACSPEC_SOAK" in os.environ


class Faults:
    """Counts what is done to files, and fails the ``at``-th time; never, if that is None."""

    def __init__(self, monkeypatch, at=None, error=None):
        self.count, self.at, self.error, self.failed = 0, at, error, ""
        opened = Path.open

        def opening(path, mode="r", *rest, **options):
            if mode == "r" or mode == "rb":
                return opened(path, mode, *rest, **options)
            self.tick("open")
            return Written(opened(path, mode, *rest, **options), self)

        monkeypatch.setattr(Path, "open", opening)
        for place, name in ((os, "fsync"), (Path, "replace"), (Path, "unlink"), (Path, "mkdir")):
            monkeypatch.setattr(place, name, self.counted(getattr(place, name)))

    def tick(self, what):
        self.count += 1
        if self.count == self.at:
            self.failed = what
            raise self.error()

    def counted(self, function):
        def call(*arguments, **options):
            self.tick(function.__name__)
            return function(*arguments, **options)

        return call


class Written:
    """A file, each write to which may fail, half done."""

    def __init__(self, file, faults):
        self.file, self.faults = file, faults

    def write(self, data):
        try:
            self.faults.tick("write")
        except BaseException:
            self.file.write(data[: len(data) // 2])
            self.file.flush()
            raise
        return self.file.write(data)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def __getattr__(self, name):
        return getattr(self.file, name)


def run(capsys):
    with pytest.raises(SystemExit) as ended:
        main(COMMAND)
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return ended.value.code, said.err


def outputs(folder):
    """All files but the claims and what Python makes of them, without times."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "claims.py" and path.suffix != ".pyc":
            text = re.sub(r'\b[\d.]+\ss\b|"seconds": [\d.e-]+', "", path.read_text(encoding="utf-8"))
            found[path.relative_to(folder).as_posix()] = text
    return found


def is_whole(name, text):
    if name.endswith(".json"):
        return bool(json.loads(re.sub(r"(?<=[{,])\s*,", "", text)))
    return text.endswith({"html": "</html>\n", "tex": "\\end{document}\n"}.get(name.rpartition(".")[2], "\n"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A function that makes a folder for one run and moves there."""
    numbers = itertools.count()

    def make():
        made = tmp_path / f"{next(numbers):04}" / "here"
        made.mkdir(parents=True)
        (made / "claims.py").write_text(CLAIMS, encoding="utf-8")
        monkeypatch.chdir(made)
        return made

    return make


def test_a_run_that_fails_anywhere_is_made_good_by_the_next(folder, capsys):
    folder()
    run(capsys)  # the first run of a process writes what libraries keep, too
    reference = folder()
    with pytest.MonkeyPatch.context() as patch:
        faults = Faults(patch)
        assert run(capsys)[0] == 0
    expected = outputs(reference)
    assert set(expected) == {
        "out.json", "report/report.md", "report/index.html", "report/single.html", "report/style.css",
        "report/appendix.tex", "report/claims/positive.html", "report/claims/small.html", "test_found.py",
        "report/counterexamples/small.json", "found/small.json",
    }  # fmt: skip
    assert faults.count > 20
    for at in range(1, faults.count + 1):
        for error in ERRORS if THOROUGH else (ERRORS[at % len(ERRORS)],):
            here = folder()
            with pytest.MonkeyPatch.context() as patch:
                failing = Faults(patch, at, error)
                status, said = run(capsys)
            assert failing.count >= at
            where = f"fault {at} of {faults.count}, {error}: {said}"
            assert status in (0, 2, 130), where
            left = list(here.rglob("*.part"))  # only where it could not be removed
            assert not left or failing.failed == "unlink", where
            for path in left:
                path.unlink()
            for name, text in outputs(here).items():
                # An interrupted run reports what it had reached.
                assert is_whole(name, text) if "were reached" in said else text == expected[name], where
            assert run(capsys)[0] == 0, where
            assert outputs(here) == expected, where
    with capsys.disabled():
        print(f"{faults.count} points of failure")  # noqa: T201 -- for `make soak`


def test_the_verdicts_of_a_run_whose_outputs_failed_are_kept(folder, capsys, kept):
    folder()
    replace = Path.replace

    def full(path, target):
        if target.name == "out.json":
            raise ERRORS[0]()
        return replace(path, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", full)
        assert run(capsys)[0] == 2
    assert len(list(kept.glob("*.json"))) == 2
    status, said = run(capsys)
    assert status == 0
    assert "kept: 2 of 2 verdicts" in said
