"""Section 2's closed forms against NumPy's eigenvectors and singular vectors."""

import numpy as np
import pytest
from sympy import Integer, Rational

from jacspec.theory import Formula
from jacspec.theory.results.alignment import bounds

EPS = np.finfo(float).eps


def test_the_bound_on_the_overlap_is_data_and_symmetric():
    bound = bounds.overlap_bound()
    assert isinstance(bound, Formula)
    assert bound.label == "alignment"
    kappa, s_i, s_k = bound.parameters
    values = {kappa: Integer(7), s_i: Integer(2), s_k: Integer(6)}
    assert bound.expression.subs(values) == Rational(7, 3)
    assert bound.expression.subs({s_i: s_k, s_k: s_i}, simultaneous=True) == bound.expression
    assert str(bound) == "κ Min(s_i, s_k)/Max(s_i, s_k)"
    assert bound._repr_latex_().startswith("$")


@pytest.mark.parametrize("seed", range(20))
def test_the_bound_holds_of_numpy_s_singular_vectors(seed):
    generator = np.random.default_rng(seed)
    width = 2 + seed % 4
    A = generator.standard_normal((width, width)) * 2.0 ** -np.arange(width)
    B = generator.standard_normal((width, width))
    outer, values, _ = np.linalg.svd(A)
    whole, spectrum, _ = np.linalg.svd(A @ B)
    condition = np.linalg.cond(B)
    kappa, s_i, s_k = bounds.overlap_bound().parameters
    slack = 64 * EPS * spectrum[0] / np.min(-np.diff(spectrum))
    for i in range(width):
        for k in set(range(width)) - {i}:
            bound = bounds.overlap_bound().expression.subs({kappa: condition, s_i: values[i], s_k: values[k]})
            assert abs(outer[:, i] @ whole[:, k]) <= float(bound) + slack
