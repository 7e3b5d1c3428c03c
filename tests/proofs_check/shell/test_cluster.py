"""A Dask cluster of two workers, one of which is killed: the report is that of one process."""

import json
import os
import signal
import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest

from jacspec import Chain, spectra
from jacspec.numerics import InputError
from jacspec.numerics.support.parallel import cluster
from jacspec.proofs_check.experiments.overlap import experiment as overlap
from jacspec.proofs_check.shell.cli import main

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of what dies, and of Dask's own
]
SMALL = {"width": 32, "shown": 16, "blocks": (16,), "chains": 2}
PATIENCE = 60
"""Seconds within which a worker gets a task."""
LABELS = ("alignment-as-stated", "imbalance-conserved-raw", "separation-dynamics-any-depth")


@pytest.fixture
def workers():
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**options) as local:
        yield local


@contextmanager
def one_killed(local):
    """End a worker process as soon as it is at work; some task must have been lost with it."""
    lost = []

    def kill():
        ends = time.monotonic() + PATIENCE
        while not lost and time.monotonic() < ends:
            time.sleep(0.01)
            for nanny in list(local.workers.values()):
                worker = local.scheduler.workers.get(nanny.worker_address)
                if worker is not None and worker.processing:
                    lost.extend(str(task.key) for task in list(worker.processing))
                    os.kill(nanny.pid, signal.SIGKILL)
                    return

    thread = threading.Thread(target=kill)
    thread.start()
    yield
    thread.join()
    assert lost


def verified(tmp_path, name, *options):
    file = tmp_path / f"{name}.json"
    with pytest.raises(SystemExit) as ended:
        main(["verify", *LABELS, "--effort", "quick", "--fresh", "--json", str(file), *options])
    claims = json.loads(file.read_text())["claims"]
    for timed in [part for claim in claims for part in (claim, *claim["evidence"])]:
        timed.pop("seconds", None)
    return ended.value.code, sorted(claims, key=lambda claim: claim["label"])


def test_verify_reports_the_same_though_a_worker_is_killed(workers, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    alone = verified(tmp_path, "alone", "--jobs", "1")
    with one_killed(workers):
        assert verified(tmp_path, "cluster", "--cluster", workers.scheduler_address) == alone


def test_a_sweep_is_the_same_though_a_worker_is_killed(workers):
    weights = [np.random.default_rng(0).normal(size=(6, 6)) for _ in range(8)]
    x = np.random.default_rng(1).normal(size=(40, 6))
    network = lambda at: Chain.from_weights(weights, at[0])  # noqa: E731 -- as users write it
    alone = spectra(network, x, engine="certified", digits=300)
    with one_killed(workers), cluster(workers.scheduler_address) as executor:
        assert spectra(network, x, engine="certified", digits=300, executor=executor) == alone


def test_an_address_without_a_scheduler_is_one_clear_error(monkeypatch):
    monkeypatch.setattr("jacspec.numerics.support.parallel._PATIENCE", "1s")
    with pytest.raises(InputError, match=r"tcp://127\.0\.0\.1:1'.*start one"), cluster("tcp://127.0.0.1:1"):
        pass


@pytest.fixture
def threads():
    """Workers of a cluster in this process, which see what is put in place of the experiments."""
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(**options) as local:
        yield local


def small(out_dir, *, seed=0, console=None):
    return overlap.run(out_dir, seed=seed, console=console, **SMALL)


def doomed(out_dir, *, seed=0, console=None):
    raise InputError("what is wrong; expected another; do it")


def reproduced(*arguments):
    with pytest.raises(SystemExit) as ended:
        main(["reproduce", *arguments])
    return ended.value.code


def said(capsys, folder):
    """What was printed but for the seconds, of files in any folder: a long name is wrapped elsewhere."""
    _, _, lines = capsys.readouterr().out.replace(str(folder), "").partition("\n")
    return " ".join(lines.split())


def test_experiments_on_a_cluster_write_what_they_write_here(threads, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("jacspec.proofs_check.experiments.EXPERIMENTS", {"overlap": small, "doomed": doomed})
    here, there, address = tmp_path / "here", tmp_path / "there", threads.scheduler_address
    assert reproduced("overlap", "--seed", "3", "--out", str(here)) == 0
    expected = said(capsys, here)
    assert reproduced("overlap", "--seed", "3", "--out", str(there), "--cluster", address) == 0
    assert said(capsys, there) == expected
    assert {file.name for file in here.iterdir()} == {file.name for file in there.iterdir()} != set()
    for file in here.iterdir():
        same, other = file.read_bytes(), (there / file.name).read_bytes()
        if file.suffix == ".json":
            same, other = ({**json.loads(each), "seconds": 0} for each in (same, other))
        assert same == other, file.name
    assert reproduced("doomed", "--out", str(there), "--cluster", address) == 2
    assert "what is wrong; expected another" in capsys.readouterr().err
