"""A claim file that prints, or changes the process that it runs in: its claims are verified, and others."""

import json
import subprocess
import sys

import pytest

CLAIMS = """
import os, sys
from hypothesis import strategies as st
from jacspec import Claim

print("from the file")

def claim(label, conclusion):
    return Claim(label, "x > 0", {"x": st.integers(1, 9)}, conclusion, mutants={"minus": lambda x: -x})

def printing(x):
    print("from a conclusion")
    return x

def closing(x):
    sys.stdout.close()
    return x

def shallow(x):
    sys.setrecursionlimit(60)
    return x

def shut(x):
    os.close(1)
    return x

claims = [claim(each.__name__, each) for each in (printing, closing, shallow)]
last = claim("untouched", lambda x: x)
"""


@pytest.fixture
def verified(tmp_path):
    (tmp_path / "claims.py").write_text(CLAIMS, encoding="utf-8")

    def run(*arguments, program=("-m", "jacspec")):
        return subprocess.run(
            [sys.executable, *program, "verify", "claims.py", "--effort", "quick", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_a_claim_prints_and_changes_is_its_own_affair(verified, jobs):
    ended = verified("--json", "-", "--jobs", jobs)
    reached = {each["label"]: each for each in json.loads(ended.stdout)["claims"]}
    assert {label: each["verdict"] for label, each in reached.items() if label != "shallow"} == {
        "printing": "supported",
        "closing": "supported",
        "untouched": "supported",
    }
    assert "from the file" in ended.stderr
    assert "from a conclusion" in ended.stderr
    # How deep the stack is there is no affair of the test's: at 60 it may do, or not.
    assert reached["shallow"]["verdict"] == "supported" or "ecursion" in reached["shallow"]["error"]
    assert "Traceback" not in ended.stderr


def test_what_a_kept_counterexample_and_a_derivation_print_is_no_output_either(tmp_path, verified):
    derived = (
        'Claim("derived", "x > 0", {"x": st.integers(1, 9)}, lambda x: x, derivation=lambda: print("making"))'
    )
    false = 'claims = [claim("false", lambda x: print("again") or 5 - x)]'
    (tmp_path / "claims.py").write_text(f"{CLAIMS}\n{false}\nlast = {derived}\n", encoding="utf-8")
    for _ in range(2):
        ended = verified("--json", "-", "--jobs", "1", "--report", "report", "--keep", "found")
        assert len(json.loads(ended.stdout)["claims"]) == 2
        assert "again" in ended.stderr
        assert "making" in ended.stderr
    assert ended.stderr.startswith("from the file\nagain\n")
    replayed = verified("--replay", "found/false.json")
    assert replayed.stdout.startswith("false: still refuted by")


def test_a_file_that_lowers_the_limit_of_recursion_lowers_it_for_itself(tmp_path, verified):
    lowered = CLAIMS.replace('print("from the file")', "sys.setrecursionlimit(90)")
    (tmp_path / "claims.py").write_text(lowered, encoding="utf-8")
    ended = verified("--jobs", "1", program=("-c", "from jacspec.__main__ import main; main()"))
    assert ended.returncode in (0, 1), ended.stderr
    assert "untouched: supported" in ended.stderr


def test_an_output_that_a_claim_closed_is_one_line(tmp_path, verified):
    (tmp_path / "claims.py").write_text(CLAIMS + 'claims = [claim("shut", shut)]\n', encoding="utf-8")
    ended = verified("--jobs", "1")
    assert ended.returncode == 2
    assert "shut: error" in ended.stderr
    assert "untouched: supported" in ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("jacspec: cannot write the output: Bad file descriptor")
