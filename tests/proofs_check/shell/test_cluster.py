"""A Dask cluster of two workers, one of which is killed: the report is that of one process."""

import json
import os
import signal
import threading
import time

import numpy as np
import pytest

from jacspec import Chain, spectra
from jacspec.numerics import InputError
from jacspec.numerics.support.parallel import cluster
from jacspec.proofs_check.shell.cli import main

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of what dies, and of Dask's own
]
LABELS = ("alignment-as-stated", "imbalance-conserved-raw", "separation-dynamics-any-depth")


@pytest.fixture
def workers():
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**options) as local:
        yield local


def kill_one_soon(local):
    """End one of the worker processes, once it is at work."""

    def kill():
        time.sleep(2)
        os.kill(next(iter(local.workers.values())).pid, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


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
    killer = kill_one_soon(workers)
    assert verified(tmp_path, "cluster", "--cluster", workers.scheduler_address) == alone
    killer.join()


def test_a_sweep_is_the_same_though_a_worker_is_killed(workers):
    weights = [np.random.default_rng(0).normal(size=(6, 6)) for _ in range(8)]
    x = np.random.default_rng(1).normal(size=(40, 6))
    network = lambda at: Chain.from_weights(weights, at[0])  # noqa: E731 -- as users write it
    alone = spectra(network, x, engine="certified", digits=300)
    killer = kill_one_soon(workers)
    with cluster(workers.scheduler_address) as executor:
        assert spectra(network, x, engine="certified", digits=300, executor=executor) == alone
    killer.join()


def test_an_address_without_a_scheduler_is_one_clear_error(monkeypatch):
    monkeypatch.setattr("jacspec.numerics.support.parallel._PATIENCE", "1s")
    with pytest.raises(InputError, match=r"tcp://127\.0\.0\.1:1'.*start one"), cluster("tcp://127.0.0.1:1"):
        pass
