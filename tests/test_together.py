"""Calls of every kind at once, from threads and from coroutines: the same results as one by one.

64 calls in every run; JACSPEC_SOAK=5000 makes 1024 (`make soak`).
"""

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import flint
import mpmath
import numpy as np
import pytest
from hypothesis import configuration, strategies as st
from threadpoolctl import threadpool_info

from jacspec import (
    Chain,
    Claim,
    claim,
    depth_scaling,
    gradient_flow,
    left_overlap,
    matrix,
    s,
    spectrum,
    verify,
)
from jacspec.proofs_check.derivation_check.check import check_derivation
from jacspec.proofs_check.ledger import LEDGER

THREADS = 64
CALLS = 1024 if "JACSPEC_SOAK" in os.environ else THREADS
CHAIN = Chain.gaussian(depth=3, width=3, seed=0)
A, B = matrix("A"), matrix("B")
STATED = claim("product-norm", s(1, A @ B) <= s(1, A) * s(1, B))
WRITTEN = Claim(
    "square", "x² + 1 > 0", {"x": st.integers(-9, 9)}, lambda x: x * x + 1, mutants={"-x²": lambda x: -x * x}
)


def timeless(data):
    if isinstance(data, dict):
        return {name: timeless(each) for name, each in data.items() if name != "seconds"}
    return [timeless(each) for each in data] if isinstance(data, list) else data


KINDS = (
    lambda: timeless(spectrum(CHAIN, digits=40, vectors=True).to_json()),
    lambda: spectrum(Chain.gaussian(depth=40, width=12, seed=1), engine="float64").log_values,
    lambda: spectrum(CHAIN, engine="mpmath").decimal_strings(),
    lambda: spectrum(CHAIN, digits=200).decimal_strings(),
    lambda: str(left_overlap(CHAIN, layer=2)),
    lambda: str(depth_scaling(CHAIN)),
    lambda: [factor.tolist() for factor in gradient_flow(CHAIN, np.eye(3))],
    lambda: timeless(verify(WRITTEN, effort="quick").to_json()),
    lambda: timeless(verify(STATED, effort="quick").to_json()),
    lambda: check_derivation(LEDGER["velocity-identity"].derivation(), most_mutants=1).holds,
)


def settings():
    """All that a process has one of."""
    blas = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    home = getattr(configuration, "__hypothesis_home_directory")
    return (
        flint.ctx.prec,
        flint.ctx.threads,
        mpmath.mp.prec,
        blas,
        home,
        np.geterr(),
        signal.getsignal(signal.SIGINT),
    )


@pytest.fixture(scope="module")
def expected():
    return [kind() for kind in KINDS]


def one(number):
    return KINDS[number % len(KINDS)]()


def in_threads():
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(CALLS)))


def in_coroutines():
    async def all_of_them():
        return await asyncio.gather(*(asyncio.to_thread(one, number) for number in range(CALLS)))

    return asyncio.run(all_of_them())


@pytest.mark.parametrize("together", [in_threads, in_coroutines])
def test_calls_of_every_kind_at_once_give_what_each_gives_alone(expected, together):
    before = settings()
    found = together()
    wrong = {number % len(KINDS) for number in range(CALLS) if found[number] != expected[number % len(KINDS)]}
    assert wrong == set()
    assert settings() == before
