"""The command line as a process among others: signals, pipes, full devices, workers that die."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "jacspec"]
FULL = Path("/dev/full")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and devices")

CLAIMS = """
import os, time
from hypothesis import strategies as st
from jacspec import Claim

def claim(label, conclusion):
    return Claim(label, "x ≥ 0", {"x": st.integers(1, 9)}, conclusion, mutants={"minus": lambda x: -x})

first = claim("first", lambda x: x)
"""
DEADLY = CLAIMS + 'second = claim("second", lambda x: os._exit(3) if time.sleep(2) is None else x)\n'
ENDLESS = CLAIMS + 'endless = [claim(label, lambda x: time.sleep(600)) for label in ("second", "third")]\n'


def program(*arguments, **options):
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "timeout": 100, **options}
    return subprocess.run([*PROGRAM, *map(str, arguments)], check=False, **given)


def in_shell(script, folder):
    options = {"capture_output": True, "text": True, "timeout": 100}
    return subprocess.run(["/bin/sh", "-c", script], cwd=folder, check=False, **options)


@pytest.fixture
def claims(tmp_path):
    def write(content):
        file = tmp_path / "claims.py"
        file.write_text(content, encoding="utf-8")
        return file

    return write


def test_the_help_does_not_wait_for_what_computes():
    code = (
        "import sys\n"
        "from jacspec.proofs_check.shell.commands import run\n"
        "assert run(['--help']) == 0\n"
        "heavy = {'sympy', 'flint', 'mpmath', 'numpy', 'hypothesis', 'rich', 'numerics', 'theory'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert "verify" in done.stdout


# --- output that cannot be written --------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("list",), ("derive", "--all"), ("--help",)])
def test_a_closed_pipe_ends_quietly(arguments):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = program(*arguments, stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not FULL.exists(), reason="no full device")
@pytest.mark.parametrize("arguments", [("list",), ("probe", "haar:depth=2,width=2,seed=0", "--json", "-")])
def test_a_full_device_is_one_line(arguments):
    with FULL.open("w") as full:
        done = program(*arguments, stdout=full)
    assert done.returncode == 2
    assert done.stderr.startswith("jacspec: cannot write the output: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_closed_streams_lead_nowhere(claims, jobs, tmp_path):
    file = claims(CLAIMS.replace("lambda x: x)", "lambda x: print(x) or x)"))
    command = shlex.join(
        [*PROGRAM, "verify", str(file), "--jobs", jobs, "--effort", "quick", "--json", "it.json"]
    )
    done = in_shell(f"{command} <&- >&- 2>&-", tmp_path)
    assert done.returncode == 0
    assert json.loads((tmp_path / "it.json").read_text())["claims"][0]["verdict"] == "supported"


def test_a_file_that_may_not_grow_is_one_line(tmp_path):
    done = in_shell(f"ulimit -f 0; exec {shlex.join(PROGRAM)} list > list", tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("jacspec: cannot write the output: File too large")


@pytest.mark.parametrize("arguments", ["list", "probe haar:depth=2,width=2,seed=0"])
def test_a_folder_that_is_gone_is_one_line(arguments, tmp_path):
    done = in_shell(f'rmdir "$PWD"; exec {shlex.join(PROGRAM)} {arguments}', tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "jacspec: the current folder cannot be used (No such file or directory): " + (
        "change to one that is there\n"
    )


def test_a_terminal_that_cannot_show_a_letter_gets_an_escape():
    done = program("derive", "gradient-flow-dynamics", env={**os.environ, "PYTHONIOENCODING": "cp1252"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u" in done.stdout


def test_a_path_that_is_no_text_is_a_path(tmp_path):
    folder = tmp_path / os.fsdecode(b"caf\xe9\n\x1b[31m")
    folder.mkdir()
    (folder / "claims.py").write_text(CLAIMS.replace("lambda x: x)", "lambda x: 5 - x)"), encoding="utf-8")
    written = (
        "--keep",
        "found",
        "--report",
        "report",
        "--regression",
        "found/test_it.py",
        "--json",
        "it.json",
    )
    done = program("verify", folder / "claims.py", *written, cwd=folder)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert json.loads((folder / "it.json").read_text())["claims"][0]["verdict"] == "refuted"
    done = program("verify", folder / "claims.py", "--replay", folder / "found" / "first.json", cwd=tmp_path)
    assert done.returncode == 0
    done = program("probe", folder / "none.npz")
    assert done.returncode == 2
    assert done.stderr.isascii()
    assert "\x1b" not in done.stderr


# --- interrupts ---------------------------------------------------------------------------------


INTERRUPTED_AT = """
import os, runpy, signal, sys

class Interrupting:
    def find_spec(self, name, *_):
        if name == {name!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
sys.argv[1:] = ["verify", "alignment", "--jobs", "1"]
runpy.run_module("jacspec", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("name", ["jacspec.proofs_check", "click", "numpy", "jacspec.proofs_check.ledger"])
def test_an_interrupt_while_modules_load_is_one_line(name, tmp_path):
    command = [sys.executable, "-c", INTERRUPTED_AT.format(name=name)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "jacspec: interrupted\n")


# --- workers ------------------------------------------------------------------------------------


def test_a_worker_that_dies_costs_only_what_was_not_reached(claims, tmp_path):
    done = program("verify", claims(DEADLY), "--jobs", 2, "--json", "reports.json", cwd=tmp_path)
    assert done.returncode == 1
    assert "a worker process died; 1 of 2 verdicts were reached" in done.stderr
    assert "Traceback" not in done.stderr
    reported = json.loads((tmp_path / "reports.json").read_text())["claims"]
    assert [claim["label"] for claim in reported] == ["first"]
    (kept,) = (tmp_path / ".jacspec").glob("*.json")
    assert json.loads(kept.read_text())["report"]["label"] == "first"  # the next run goes on from there


def test_workers_end_when_their_parent_is_killed(claims, tmp_path):
    running = subprocess.Popen(
        [*PROGRAM, "verify", str(claims(ENDLESS)), "--jobs", "2"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with running:
        assert running.stderr.readline().startswith("first: supported")
        running.kill()
    deadline = time.monotonic() + 30
    while _anyone_in_group(running.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    try:
        assert not _anyone_in_group(running.pid)
    finally:
        if _anyone_in_group(running.pid):
            os.killpg(running.pid, signal.SIGKILL)


def _anyone_in_group(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_probe_of_a_small_chain_loads_only_what_it_needs():
    code = (
        "import sys\n"
        "from jacspec.proofs_check.shell.cli import main\n"
        "try:\n"
        "    main(['probe', 'gaussian:depth=20,width=4,seed=0'])\n"
        "except SystemExit as left:\n"
        "    assert left.code == 0\n"
        "print(*sys.modules)"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in made.stdout.splitlines()[-1].split()}
    assert "flint" in loaded
    assert not loaded & {
        "sympy",
        "matplotlib",
        "mpmath",
        "scipy",
        "hypothesis",
        "jinja2",
        "rich",
        "safetensors",
    }
