"""The top mode of many chains at once, against certified velocities and closed forms."""

import numpy as np
import pytest

from jacspec.numerics import Chain, gradient_flow, velocities
from jacspec.numerics.measures.top_mode import top_mode_quotients


@pytest.mark.parametrize(("depth", "width"), [(1, 3), (2, 2), (7, 3), (40, 3), (12, 5)])
def test_both_quotients_are_those_of_certified_velocities(depth, width):
    generator = np.random.default_rng(depth)
    factors = generator.standard_normal((depth, 4, width, width))
    gradients = generator.standard_normal((4, width, width))
    found = top_mode_quotients(list(factors), gradients)
    for number in range(4):
        chain = Chain(list(factors[:, number]))
        expected = velocities(chain, gradient_flow(chain, gradients[number]))
        assert found.decoupled[number] == pytest.approx(expected.ratios[0], rel=1e-9)
        U, s, V = np.linalg.svd(np.linalg.multi_dot([*chain.factors[::-1], np.eye(width), np.eye(width)]))
        closed = -depth * s[0] ** (2 - 2 / depth) * (U[:, 0] @ gradients[number] @ V[0])
        assert found.closed_form[number] == pytest.approx(closed / float(expected.exact[0].mid()), rel=1e-9)


def test_balanced_chains_have_both_exactly():
    """M_l = Q_l D Q_{l-1}ᵀ with one D: beyond the range of float64 too."""
    generator = np.random.default_rng(0)
    frames = np.linalg.qr(generator.standard_normal((501, 3, 2, 2)))[0]
    factors = [frames[i + 1] @ np.diag([30.0, 0.1]) @ frames[i].swapaxes(1, 2) for i in range(500)]
    found = top_mode_quotients(factors, generator.standard_normal((3, 2, 2)))
    np.testing.assert_allclose(found.decoupled, 1, rtol=1e-11)
    np.testing.assert_allclose(found.closed_form, 1, rtol=1e-11)
