"""A process forked while other threads compute: it computes too, and finds every setting as usual.

Four in every run of the tests; with JACSPEC_SOAK, 200 (`make soak`).
"""

import os
import threading
import time

import flint
import pytest

from jacspec.numerics import Chain, spectrum

FORKS = 200 if "JACSPEC_SOAK" in os.environ else 4

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks")


def wait_for(child, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return status
        time.sleep(0.01)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return "hangs"


@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
@pytest.mark.filterwarnings(
    "ignore:os.fork.. was called:RuntimeWarning"
)  # JAX's, where a test has imported it
def test_children_compute_what_their_parent_computes():
    small, large = Chain.gaussian(depth=3, width=3, seed=0), Chain.gaussian(depth=4, width=50, seed=0)
    expected, usual = spectrum(small).log_values, (flint.ctx.prec, flint.ctx.threads)
    stop = threading.Event()

    def compute():
        while not stop.is_set():
            spectrum(large)

    threads = [threading.Thread(target=compute) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        found = []
        for _ in range(FORKS):
            child = os.fork()
            if child == 0:
                same = (flint.ctx.prec, flint.ctx.threads) == usual and spectrum(small).log_values == expected
                os._exit(0 if same else 1)
            found.append(wait_for(child, 30))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert found == [0] * FORKS
    assert (flint.ctx.prec, flint.ctx.threads) == usual
