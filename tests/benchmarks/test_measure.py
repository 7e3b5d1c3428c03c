"""One measurement: agreement in digits, the bits a peer needs, the limit, failures, and a true chain."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from mpmath import mp

from benchmarks import measure as module, worker
from benchmarks.eigen import Eigen, parse_answer
from benchmarks.measure import Measurement, Runner, agreement
from benchmarks.peers import JACSPEC, PEERS, Peer, needed_bits

ABSENT = Eigen(None, "", "no C++ compiler found")
RUNNER = Runner(digits=20, limit=60.0, threads=1, eigen=ABSENT)


def test_agreement_counts_digits() -> None:
    reference = ["1.0", "-3.25", "2.0", "0.5", "7.0"]
    logs = ["1.0001", "-3.25", "nan", "-inf", "9.0"]
    assert agreement(logs, reference, 50.0) == pytest.approx([4.0, 50.0, 0.0, 0.0, 0.0])


def test_agreement_sees_digits_far_beyond_float64() -> None:
    true = "-3388." + "1234567890" * 6
    assert agreement([true[:-10]], [true], 69.0)[0] == pytest.approx(50 - math.log10(0.123456789), abs=1e-6)
    assert agreement([true[:-10]], [true], 45.0) == [45.0]


def test_bits_follow_the_range() -> None:
    assert needed_bits(280.0, 50, scale=1, guard=40) == 280 + 167 + 40
    assert needed_bits(280.0, 50, scale=2, guard=64) == 560 + 167 + 64
    assert needed_bits(280.0, 50, scale=0, guard=40) == 53


def test_range_of_a_reference() -> None:
    one = Measurement(JACSPEC, 2, 1, logs=(f"{math.log(8)!r}", f"{math.log(0.25)!r}"))
    assert one.range_bits == pytest.approx(5.0)


def _logs_by_mpmath() -> list[str]:
    """The chain n = 4, N = 5, seed 0, by mpmath alone, at 400 bits."""
    generator = np.random.default_rng(0)
    factors = [generator.standard_normal((4, 4)) / 2 for _ in range(5)]
    with mp.workprec(400):
        product = mp.eye(4)
        for factor in factors:
            product = mp.matrix(factor.tolist()) * product
        return sorted(
            (mp.nstr(mp.log(s), 60) for s in mp.svd_r(product, compute_uv=False)), key=float, reverse=True
        )


def test_every_method_finds_the_singular_values() -> None:
    truth = _logs_by_mpmath()
    range_bits = (float(truth[0]) - float(truth[-1])) / math.log(2)
    for method, peer in PEERS.items():
        if method in (
            "bare sweep",
            "bare sweep, batch",
            "exponents stream",
        ):  # yardsticks: they give other numbers
            continue
        answer = worker.measure(method, 4, 5, 20, range_bits)
        # The numpy product loses the range, some five bits; the others of float64 promise ten digits.
        wanted = 10.0 if peer.scale == 0 and "jacspec" not in method else 20.0
        assert min(agreement(answer["logs"], truth, 50.0)) >= wanted, method
        if answer["certified_digits"] is not None:
            assert min(answer["certified_digits"]) >= 20
        assert answer["seconds"] > 0
        assert answer["peak_kib"] >= answer["idle_kib"] > 10_000


def test_a_stream_is_the_chain() -> None:
    drawn = list(worker._stream(3, 4))
    assert np.allclose(drawn, worker.gaussian(depth=3, width=4, seed=worker.SEED), rtol=4e-16, atol=0)


def test_a_failing_method_may_try_again_with_a_tenth_more_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(factors: list[np.ndarray], digits: int, bits: int) -> list[float]:
        if bits < 140:
            raise ZeroDivisionError
        return [1.0, 0.5]

    stubborn = Peer(run, PEERS["numpy"].read, 1)
    monkeypatch.setattr(worker, "PEERS", {"stubborn": replace(stubborn, attempts=3), "once": stubborn})
    answer = worker.measure("stubborn", 2, 1, 20, 10.0)  # 117 bits, then 128, then 141
    assert (answer["note"], answer["logs"]) == ("1.2× bits", ["1.0", "0.5"])
    assert worker.measure("once", 2, 1, 20, 10.0) == {"failed": "ZeroDivisionError"}


def test_a_child_measures_and_is_compared() -> None:
    ours = RUNNER.run((JACSPEC, 4, 5), None)
    assert (ours.status, ours.certified, ours.right) == ("done", True, 4)
    assert ours.digits is not None
    assert ours.digits >= 20
    peer = RUNNER.run(("mpmath values", 4, 5), ours)
    assert (peer.status, peer.certified, peer.right, peer.logs) == ("done", False, 4, ())
    assert peer.digits is not None
    assert 20 <= peer.digits <= ours.digits


def test_a_child_over_the_limit_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GRACE", 0.0)
    stopped = replace(RUNNER, limit=0.05).run((JACSPEC, 4, 5), None)
    assert (stopped.status, stopped.seconds) == ("over limit", None)


def test_without_the_range_no_peer_is_tried() -> None:
    assert RUNNER.run(("mpmath values", 4, 5), None).status == "not tried"
    assert RUNNER.run(("mpmath values", 4, 5), Measurement(JACSPEC, 4, 5, "over limit")).status == "not tried"


def test_a_child_that_dies_says_why() -> None:
    failed = RUNNER.run(("no such method", 4, 5), None)
    assert failed.status == "failed"
    assert "KeyError" in failed.note


def test_eigen_is_absent_without_a_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", str(tmp_path / "none"))
    built = Eigen.build(tmp_path)
    assert built.program is None
    made = replace(RUNNER, eigen=built).run(("eigen-bdc values", 4, 5), None)
    assert made.status == "absent"
    assert "does not start" in made.note
    assert "apt-get install" in made.note


def test_answer_of_the_program_for_eigen() -> None:
    text = "seconds 0.5\nproduct_seconds 0.25\ncpu_seconds 0.5\npeak_kib 4748\nlog 1.25\nlog -2\n"
    answer = parse_answer(text)
    assert (answer["seconds"], answer["peak_kib"], answer["logs"]) == (0.5, 4748, ["1.25", "-2"])
