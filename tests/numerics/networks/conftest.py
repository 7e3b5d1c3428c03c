"""What the tests of networks share."""

import numpy as np
import pytest


@pytest.fixture
def jacobian_of():
    """The product of a chain: multiplied exactly, rounded once."""

    def rounded(chain):
        return np.array([[int(e.p) / int(e.q) for e in row] for row in chain.product().tolist()])

    return rounded
