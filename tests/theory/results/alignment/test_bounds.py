"""Section 2's closed forms against NumPy's eigenvectors and singular vectors."""

import numpy as np
import pytest
from sympy import Integer, Matrix, Rational, Symbol, limit, oo

from jacspec.theory import Formula
from jacspec.theory.results.alignment import bounds

EPS = np.finfo(float).eps


@pytest.mark.parametrize("seed", range(8))
def test_the_top_overlap_is_that_of_numpy_s_eigenvector(seed):
    x, y, z = (int(entry) for entry in np.random.default_rng(seed).integers(-9, 10, 3))
    gram = np.array([[x, y], [y, z]], dtype=float)
    values, vectors = np.linalg.eigh(gram)
    gap = values[1] - values[0]
    assert gap > 0  # the seeds were chosen so: the top eigenvector is determined
    exact = float(bounds.top_overlap_squared(Matrix([[x, y], [y, z]])))
    assert abs(exact - vectors[0, 1] ** 2) <= 16 * EPS * np.abs(gram).max() / gap


def test_the_top_overlap_of_diagonal_matrices():
    assert bounds.top_overlap_squared(Matrix([[5, 0], [0, 2]])) == 1
    assert bounds.top_overlap_squared(Matrix([[2, 0], [0, 5]])) == 0
    assert bounds.top_overlap_squared(Matrix([[3, 1], [1, 3]])) == Rational(1, 2)


def test_the_counterexample_to_alignment_as_stated_has_no_overlap_at_any_separation():
    x = Symbol("x", positive=True)
    J = Matrix([[x, 0], [0, 1]]) * Matrix([[0, 0], [0, 1]])
    assert limit(bounds.top_overlap_squared(J * J.T), x, oo) == 0


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
