"""Means that are computed: against closed forms, and against quadrature by another library."""

from math import exp as e, gamma, log as ln, pi, sqrt as root

import pytest
from flint import arb, fmpq
from scipy.integrate import quad
from scipy.special import psi
from scipy.stats import norm as normal

from jacspec import (
    det,
    exp,
    factors,
    inner,
    kronecker,
    log,
    matrix,
    maximum,
    minimum,
    norm,
    number,
    s,
    scalar,
    sqrt,
    total,
    tr,
    vector,
)
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.referee.statements.means.exact_mean import exact_mean
from jacspec.theory.statements.vocabulary import index, size

A, B, M, v, x, y = matrix("A"), matrix("B"), factors("M"), vector("v"), scalar("x"), scalar("y")
i, n = index("i"), size("n")
HALF = number("1/2")
J = M.J


def computed(body, law="gaussian", width=2, depth=3):
    shapes = {"A": (width, width), "B": (width, width), "M": (depth, width, width), "v": (width, 1)}
    names = {str(part.data) for part in body.walk() if part.op.name in ("SCALAR", "MATRIX", "CHAIN")}
    with balls(128):
        return exact_mean(
            body, law, {name: shapes.get(name, ()) for name in names}, {"n": width, "N": depth}, {}
        )


@pytest.mark.parametrize(
    ("body", "law", "width", "value"),
    [
        (tr(A @ A.T), "gaussian", 2, 4),
        (tr(A @ A.T) ** 2, "gaussian", 4, 16 * 18),
        (tr(A @ A.T) ** 3, "gaussian", 3, 9 * 11 * 13),
        (norm(A, "frobenius") ** 4, "gaussian", 2, 24),
        (det(A) ** 2, "gaussian", 4, 24),
        (det(A) ** 4, "gaussian", 3, 6 * 60),
        (det(A) ** 2, "±1", 3, 6),
        (det(A) ** 2, "±1", 4, 24),
        (abs(det(A)), "±1", 2, 1),
        (tr(A.T @ B @ A @ B.T), "gaussian", 3, 3),
        (tr(kronecker(A, A)), "gaussian", 3, 3),
        (tr(J @ J.T), "gaussian", 3, 81),
        (tr(M[2] @ M[1] @ M[1].T @ M[2].T), "gaussian", 2, 8),
        (inner(v, v) ** 2, "gaussian", 4, 24),
        (A[1, 2] ** 3, "uniform", 2, fmpq(1, 4)),
        ((x - HALF) ** 2 / 3, "uniform", 2, fmpq(1, 36)),
        (x**6, "gaussian", 2, 15),
        (sqrt(x**4), "gaussian", 2, 1),
        (norm(v) ** 2 * v[1] ** 2, "gaussian", 2, 4),
        (total(A[i, i], i, 1, n) * 2 - tr(A) + 7, "gaussian", 2, 7),
    ],
    ids=str,
)
def test_polynomials_are_summed_exactly(body, law, width, value):
    found = computed(body, law, width)
    assert isinstance(found, fmpq)
    assert found == value


def chi(k, power):
    return 2 ** (power / 2) * gamma((k + power) / 2) / gamma(k / 2)


@pytest.mark.parametrize(
    ("body", "law", "width", "value"),
    [
        (abs(x), "gaussian", 2, chi(1, 1)),
        (abs(x) ** 3, "gaussian", 2, chi(1, 3)),
        (sqrt(abs(x)), "gaussian", 2, chi(1, 0.5)),
        (abs(x) ** -HALF, "gaussian", 2, chi(1, -0.5)),
        (sqrt(x**2), "gaussian", 2, chi(1, 1)),
        (sqrt(x**2 * y**2), "gaussian", 2, chi(1, 1) ** 2),
        (norm(v), "gaussian", 3, chi(3, 1)),
        (s(1, v), "gaussian", 2, chi(2, 1)),
        (1 / norm(v) ** 2, "gaussian", 3, 1),
        (norm(A, "frobenius"), "gaussian", 3, chi(9, 1)),
        (abs(tr(A)), "gaussian", 3, root(3) * chi(1, 1)),
        (log(abs(x)), "gaussian", 2, (psi(0.5) + ln(2)) / 2),
        (log(abs(x * y)), "gaussian", 2, psi(0.5) + ln(2)),
        (log(norm(v)), "gaussian", 3, (psi(1.5) + ln(2)) / 2),
        (log(abs(x)) ** 2, "gaussian", 2, pi**2 / 8 + (psi(0.5) + ln(2)) ** 2 / 4),
        (exp(2 * x - 1), "gaussian", 2, e(1)),
        (exp(x + y), "gaussian", 2, e(1)),
        (exp(-(x**2)), "gaussian", 2, 1 / root(3)),
        (maximum(x, y), "gaussian", 2, 1 / root(pi)),
        (maximum(x, 0) * maximum(y, 0), "gaussian", 2, 1 / (2 * pi)),
        (exp(number(1)) * x**2, "gaussian", 2, e(1)),
        (norm(A), "±1", 2, (root(2) + 2) / 2),
        (log(x), "uniform", 2, -1),
        (x * log(x), "uniform", 2, -0.25),
        (sqrt(1 - x**2), "uniform", 2, pi / 4),
        (abs(x - HALF), "uniform", 2, 0.25),
        (maximum(x, HALF), "uniform", 2, 0.625),
        (abs(1 / (x - 2)), "uniform", 2, ln(2)),
        (maximum(1 / (x - 2), 0), "uniform", 2, 0),
        ((x**-2) ** -HALF, "gaussian", 2, root(2 / pi)),
        (abs(x / x), "gaussian", 2, 1),
    ],
    ids=str,
)
def test_functions_of_one_number_are_integrated(body, law, width, value):
    found = computed(body, law, width)
    assert isinstance(found, arb)
    assert found.rad() < 1e-15
    assert abs(float(found.mid()) - value) < 1e-13


@pytest.mark.parametrize(
    ("body", "f", "kinks"),
    [
        (1 / (1 + x**2), lambda x: 1 / (1 + x**2), []),
        (sqrt(1 + x**2), lambda x: root(1 + x**2), []),
        (log(1 + abs(x)), lambda x: ln(1 + abs(x)), [0]),
        (minimum(abs(x), 1), lambda x: min(abs(x), 1), [-1, 0, 1]),
        (abs(x**2 - 1), lambda x: abs(x**2 - 1), [-1, 1]),
        (sqrt(abs(x - 1)), lambda x: root(abs(x - 1)), [1]),
        (abs(exp(x) - 1) / (1 + exp(x)), lambda x: abs(e(x) - 1) / (1 + e(x)), [0]),
        (exp(-abs(x)) * x**2, lambda x: e(-abs(x)) * x**2, [0]),
        (maximum(x, -x / 10), lambda x: max(x, -x / 10), [0]),
    ],
    ids=lambda each: getattr(each, "__name__", str(each)),
)
def test_functions_of_a_gaussian_number_agree_with_another_quadrature(body, f, kinks):
    value, error = quad(lambda x: f(x) * normal.pdf(x), -12, 12, points=[*kinks, 0], limit=400)
    assert abs(float(computed(body).mid()) - value) < 1e-9 + 10 * error


@pytest.mark.parametrize(
    ("body", "law", "width"),
    [
        (1 / x, "gaussian", 2),  # no mean
        (minimum(1 / x, -HALF), "gaussian", 2),
        (1 / (x - 2), "gaussian", 2),
        (1 / x, "uniform", 2),
        (exp(x**2), "gaussian", 2),
        (log(x), "gaussian", 2),  # no value
        (sqrt(x * y), "gaussian", 2),
        ((x**3) ** number("1/3"), "gaussian", 2),
        (exp(x * y), "gaussian", 2),  # of two numbers
        (abs(x + y) * x, "gaussian", 2),
        (maximum(x, y), "uniform", 2),
        (s(1, A), "gaussian", 2),
        (tr(A.inv), "gaussian", 2),
        (tr(J @ J.T) ** 2, "gaussian", 3),  # of too many terms
        (tr(A.inv), "±1", 2),  # without a value at some of its signs
    ],
    ids=str,
)
def test_what_is_not_computed_has_no_value_rather_than_a_wrong_one(body, law, width):
    assert computed(body, law, width) is None
