"""The products of a chain are told one by one, by every engine that multiplies them out."""

import numpy as np
import pytest

from jacspec.numerics import Chain, spectrum
from jacspec.numerics.support.progress import done, watching


def told(chain, engine):
    steps = []
    with watching(lambda of: steps.append(None)):
        spectrum(chain, engine=engine, digits=5)
    done()  # nobody listens any more
    return len(steps)


@pytest.mark.parametrize("engine", ["certified", "mpmath"])
@pytest.mark.parametrize("depth", [1, 2, 7])
def test_narrow_chains(engine, depth):
    assert told(Chain.haar(depth=depth, width=3, seed=0), engine) >= depth - 1


def test_wide_chains_whose_products_run_side_by_side():
    assert told(Chain([np.eye(48) + np.tri(48) / 64] * 9), "certified") >= 8
