"""Parallel work: the same results through any executor, and an interrupt that leaves no process behind."""

import gc
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from operator import neg

import pytest

from jacspec.interrupts import interrupts
from jacspec.numerics.support.budget import allowed, max_memory
from jacspec.numerics.support.cores import available_cores
from jacspec.numerics.support.parallel import process_pool, run
from jacspec.proofs_check.shell.claim_tasks import run_task, select
from jacspec.proofs_check.shell.commands import parallel_verdicts

CLAIMS = """
from hypothesis import strategies as st
from jacspec import Claim

xy = {"x": st.integers(-9, 9), "y": st.integers(-9, 9)}
true = Claim("true", "2xy ≤ x² + y²", xy, lambda x, y: (x - y) ** 2, mutants={"m": lambda x, y: x})
false = Claim("false", "x ≤ y", xy, lambda x, y: y - x)
"""


def timeless(report):
    data = report.to_json()
    return {
        **data,
        "seconds": None,
        "evidence": [{**each, "seconds": None} for each in data["evidence"]],
    }


def test_without_an_executor_tasks_run_here_and_in_order():
    started = []

    def task(number):
        started.append(number)
        return -number

    results = run(task, [3, 1, 2])
    assert next(results) == (3, -3)
    assert started == [3]  # lazily: what was reached before an interrupt is kept
    assert list(results) == [(1, -1), (2, -2)]


@pytest.mark.parametrize("workers", [1, 2])
def test_any_executor_gives_the_same_results(workers):
    with ThreadPoolExecutor(workers) as executor:
        assert sorted(run(neg, range(20), executor)) == [(x, -x) for x in range(20)]


def test_one_worker_is_no_pool():
    with process_pool(1) as executor:
        assert executor is None


@pytest.mark.parametrize("workers", [1, 2])
def test_whoever_works_looks_for_garbage_seldom(workers):
    usual = gc.get_threshold()
    with process_pool(workers) as executor:
        at_work = gc.get_threshold() if executor is None else executor.submit(gc.get_threshold).result()
        assert at_work[0] > usual[0]
    assert gc.get_threshold() == usual


def printed(code, **environment):
    inherited = {name: value for name, value in os.environ.items() if name != "SYMPY_CACHE_SIZE"}
    command = [sys.executable, "-c", code]
    return subprocess.check_output(command, env={**inherited, **environment}, text=True, timeout=100).split()


def test_what_was_imported_is_not_looked_through_for_garbage_when_claims_are_verified():
    before, after = printed(
        "import gc\n"
        "from jacspec.proofs_check.shell.claim_tasks import select\n"
        "from jacspec.proofs_check.shell.commands.parallel_verdicts import _traced\n"
        "print(gc.get_freeze_count())\n"
        "_traced(*select(('lyapunov-masked-unconditioned',), effort='quick', seed=0))\n"
        "print(gc.get_freeze_count())"
    )
    assert int(after) > int(before) + 50_000


@pytest.mark.parametrize(("asked", "size"), [({}, 20_000), ({"SYMPY_CACHE_SIZE": "500"}, 500)])
def test_the_program_remembers_more_of_sympys_results_unless_told_otherwise(asked, size):
    code = "import jacspec.__main__; from sympy.core.add import Add; print(Add.__new__.cache_info().maxsize)"
    assert printed(code, **asked) == [str(size)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are not forked")
def test_workers_find_imported_what_they_work_with():
    code = (
        "from jacspec.numerics.support.parallel import process_pool\n"
        "with process_pool(2, 'colorsys') as executor:\n"
        '    print(*executor.map(eval, [\'"colorsys" in __import__("sys").modules\'] * 4))'
    )
    assert printed(code) == ["True"] * 4


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are not forked")
def test_who_imports_for_workers_ends_with_its_parent(tmp_path):
    (tmp_path / "slow.py").write_text(
        "import time\n"
        "from jacspec.interrupts import ending_with_parent\n"
        "with ending_with_parent():\n"
        "    print('in', flush=True)\n"
        "    time.sleep(600)\n",
        encoding="utf-8",
    )
    code = (
        "import os, sys, time\n"
        "from jacspec.numerics.support.parallel import import_for_workers\n"
        "import_for_workers('slow')\n"
        "time.sleep(3)\n"
        "os._exit(0)"
    )
    # It holds our pipe as long as it is there.
    assert printed(code, PYTHONPATH=os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])) == [
        "in"
    ]


def test_two_processes_reach_the_same_reports_as_one(tmp_path):
    file = tmp_path / "claims.py"
    file.write_text(CLAIMS, encoding="utf-8")
    tasks = select(("alignment-as-stated", str(file)), effort="standard", seed=4)
    assert len(tasks) == 3
    alone = dict(run(run_task, tasks))
    with process_pool(2) as executor:
        together = dict(run(run_task, tasks, executor))
    assert set(alone) == set(together) == set(tasks)
    for task in tasks:
        assert timeless(alone[task]) == timeless(together[task])


def test_what_other_threads_draw_at_random_is_not_blamed_on_a_claim(tmp_path):
    interval = sys.getswitchinterval()
    file = tmp_path / "claims.py"
    file.write_text(CLAIMS, encoding="utf-8")
    tasks = select((str(file),), effort="quick", seed=0)
    alone, over = [timeless(run_task(task)) for task in tasks], threading.Event()

    def draw():
        while not over.is_set():
            random.random()  # noqa: S311 -- as Dask does

    with ThreadPoolExecutor(2) as pool:
        pool.submit(draw)
        sys.setswitchinterval(1e-5)
        try:
            assert [timeless(pool.submit(run_task, task).result()) for task in tasks] == alone
        finally:
            sys.setswitchinterval(interval)
            over.set()


def allowed_there(_task):
    return allowed()


@pytest.mark.parametrize(
    ("change", "said"),
    [({"flint": "0.1"}, "flint 0.1, and we with none"), ({"source": "x"}, "source x, and we"), ({}, "")],
)
def test_a_worker_that_is_another_program_is_refused(change, said, jacspec, tmp_path, monkeypatch):
    """As workers of a cluster may be, which are installed elsewhere."""
    ours = parallel_verdicts.made_with()
    made = iter([{**ours, **change}])  # of the worker's first, ours afterwards
    monkeypatch.setattr(parallel_verdicts, "made_with", lambda: next(made, ours))
    (tmp_path / "claims.py").write_text(CLAIMS, encoding="utf-8")
    status, _, err = jacspec("verify", f"{tmp_path / 'claims.py'}:true", "--jobs", 1, "--effort", "quick")
    assert status == (2 if change else 0)
    assert said in err


def test_workers_may_take_as_much_memory_as_their_parent():
    with max_memory("123 MB"), process_pool(2) as executor:
        assert [found for _, found in run(allowed_there, [1], executor)] == [123 * 10**6]


def test_an_exception_in_a_worker_reaches_the_caller():
    with pytest.raises(TypeError), process_pool(2) as executor:
        list(run(neg, ["text"], executor))


def interrupted_pool(seconds):
    with process_pool(2) as executor:
        waiting = run(time.sleep, [0, *[seconds] * 4], executor)
        next(waiting)
        raise KeyboardInterrupt


def test_an_interrupt_ends_the_workers_at_once():
    others = {*multiprocessing.active_children()}  # joblib keeps its own from test to test
    start = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        interrupted_pool(600)
    deadline = start + 60
    while {*multiprocessing.active_children()} - others and time.perf_counter() < deadline:
        time.sleep(0.05)
    assert {*multiprocessing.active_children()} <= others


def test_an_interrupt_that_gets_lost_is_noted_without_a_traceback(capsys):
    class Losing:
        def __del__(self):
            signal.raise_signal(signal.SIGINT)

    said = sys.unraisablehook
    with interrupts() as noted:
        Losing()
        assert noted == [True]
    assert sys.unraisablehook is said
    assert capsys.readouterr().err == ""


def test_there_is_at_least_one_processor():
    assert available_cores() >= 1
