"""A claim that loops is stopped and named; other claims, timers and handlers are as they were."""

import json
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest
from hypothesis import strategies as st

from jacspec.proofs_check import Claim, Verdict, verify
from jacspec.proofs_check.claims.effort import Effort
from jacspec.proofs_check.referee.time_limit import OutOfTime, time_limit

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timers")

WHOLE = {"x": st.integers(-9, 9)}


def loops(x):
    while True:
        pass


def sleeps(x):
    time.sleep(600)


def catches_everything(x):
    while True:
        with suppress(Exception):
            time.sleep(600)


CLAIMS = {
    "the conclusion": {"conclusion": loops},
    "bound": {"hypotheses": {"bound": sleeps}},
    "mutant 'wrong'": {"mutants": {"wrong": catches_everything}},
    "the claim": {"given": {"x": st.integers(1, 9).map(loops)}},
}


@pytest.mark.parametrize("name", CLAIMS)
def test_what_loops_is_stopped_and_named(name):
    parts = {"given": WHOLE, "conclusion": lambda x: x * x + 1, "mutants": {"-x²": lambda x: -x * x - 1}}
    claim = Claim("looping", "x² + 1 > 0", **{**parts, **CLAIMS[name]})
    before = signal.getsignal(signal.SIGALRM)
    report = verify(claim, effort=Effort("few", 3, 3), seconds=3)
    assert report.seconds < 60
    assert report.verdict is Verdict.ERROR
    assert report.error.startswith(f"{name} was stopped after 3 s at {__file__}:")
    assert ("the example was x = " in report.error) is (name != "the claim")
    assert (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)) == (before, (0.0, 0.0))


def test_what_has_time_enough_is_not_stopped():
    claim = Claim("fine", "x² + 1 > 0", WHOLE, lambda x: x * x + 1, mutants={"-x²": lambda x: -x * x})
    for seconds in (None, 100):
        assert verify(claim, effort="quick", seconds=seconds).verdict is Verdict.SUPPORTED


def test_it_is_raised_again_where_it_was_caught():
    def catches():
        with suppress(BaseException):
            time.sleep(600)
        time.sleep(600)

    with pytest.raises(OutOfTime), time_limit(0.1):
        catches()


@pytest.mark.parametrize(("due", "rings"), [(0.05, True), (60, False)])
def test_a_timer_that_runs_already_goes_on(due, rings):
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    try:
        signal.setitimer(signal.ITIMER_REAL, due, 7)
        with time_limit(30):
            time.sleep(0.2)
            assert not rung
        time.sleep(0.01)
        left, every = signal.getitimer(signal.ITIMER_REAL)
        assert rung == [True] * rings
        assert every == 7
        assert rings or 50 < left < 59.9
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_in_a_thread_there_is_no_limit():
    ended = []

    def work():
        with time_limit(0.01):
            time.sleep(0.1)
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended


FILE = """
from hypothesis import strategies as st
from jacspec import Claim

def loops(x):
    while True: pass

def claim(label, conclusion):
    return Claim(label, "x > 0", {"x": st.integers(1, 9)}, conclusion, mutants={"minus": lambda x: -x})

endless, fine = claim("endless", loops), claim("fine", lambda x: x)
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_other_claims_of_a_file_are_verified(jobs, tmp_path):
    (tmp_path / "claims.py").write_text(FILE)
    command = [sys.executable, "-m", "jacspec", "verify", "claims.py", "--jobs", jobs, "--time-limit", "5"]
    done = subprocess.run(
        [*command, "--effort", "quick", "--json", "out.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 1
    claims = {each["label"]: each for each in json.loads((tmp_path / "out.json").read_text())["claims"]}
    assert {label: each["verdict"] for label, each in claims.items()} == {
        "endless": "error", "fine": "supported",
    }  # fmt: skip
    stopped = f"the conclusion was stopped after 5 s at {tmp_path / 'claims.py'}:6; the example was x = "
    assert claims["endless"]["error"].startswith(stopped)
    assert len(list((tmp_path / ".jacspec").glob("*.json"))) == 1
