"""How fast the singular values of a small exact product move, rigorously and without any singular vector."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from flint import arb, fmpq, fmpq_mat, fmpq_poly

from jacspec.numerics.chains.chain import Chain
from jacspec.numerics.spectra.small_exact import singular_decomposition
from jacspec.numerics.support.errors import InputError


def singular_value_velocities(chain: Chain, motion: Sequence[fmpq_mat]) -> list[arb]:
    """Enclose ``ṡ_k = λ̇_k/(2 s_k)`` by implicit differentiation, without any singular vector.

    ``p(λ, t) = det(λ - J(t) J(t)ᵀ)`` with ``J(t) = ∏(M_l + t Ṁ_l)`` gives ``λ̇ = -∂_t p/∂_λ p``. Both
    derivatives at t = 0 are exact: J̇ and then ∂_t p by interpolation of polynomials in t.
    The velocity of a zero or repeated singular value, which has none in general, is returned as
    NaN.

    Raises InputError if ``motion`` does not match the factors in number or shape.
    """
    factors = chain.exact
    _check_motion(factors, motion)
    rows, columns = chain.shape
    moved = [_moved(factors, motion, t) for t in range(chain.depth + 1)]
    J = moved[0]
    J_dot = fmpq_mat(
        rows,
        columns,
        [_derivative_at_zero([m[i, j] for m in moved]) for i in range(rows) for j in range(columns)],
    )
    # J Jᵀ to first order in t, which is all that ∂_t p needs; p is then of degree ``rows`` in t.
    half = J_dot * J.transpose()
    samples = [(J * J.transpose() + (half + half.transpose()) * t).charpoly() for t in range(rows + 1)]
    rates = fmpq_poly(
        [_derivative_at_zero([sample[power] for sample in samples]) for power in range(rows + 1)]
    )
    polynomial = samples[0]
    slope = polynomial.derivative()
    decomposition = singular_decomposition(J)
    velocities = []
    for mode, value in enumerate(decomposition.singular_values, 1):
        if value.is_zero() or decomposition.multiplicity(mode) != 1:
            velocities.append(arb.nan())
            continue
        eigenvalue = decomposition.eigenvalues[decomposition.cluster(mode)]
        velocities.append(-_at(rates, eigenvalue) / _at(slope, eigenvalue) / (2 * value))
    return velocities


def _check_motion(factors: Sequence[fmpq_mat], motion: Sequence[fmpq_mat]) -> None:
    shapes = [(m.nrows(), m.ncols()) for m in motion]
    expected = [(m.nrows(), m.ncols()) for m in factors]
    if shapes != expected:
        message = f"the motion has shapes {shapes}; expected those of the factors, {expected}"
        raise InputError(message)


def _moved(factors: Sequence[fmpq_mat], motion: Sequence[fmpq_mat], t: int) -> fmpq_mat:
    result = factors[0] + motion[0] * t
    for factor, velocity in zip(factors[1:], motion[1:], strict=True):
        result = (factor + velocity * t) * result
    return result


def _derivative_at_zero(values: Sequence[fmpq]) -> fmpq:
    """f′(0) from f(0), f(1), …, f(d), d the degree: Newton's forward differences.

    f = Σ_j Δ^j f(0) binom(t, j), and binom(t, j)′ at 0 is (-1)^{j-1}/j.
    """
    differences = list(values)
    slope = fmpq(0)
    for order in range(1, len(values)):
        differences = [after - before for before, after in pairwise(differences)]
        slope += differences[0] * fmpq((-1) ** (order - 1), order)
    return slope


def _at(polynomial: fmpq_poly, point: arb) -> arb:
    """Horner's rule on balls."""
    result = arb(0)
    for coefficient in reversed(polynomial.coeffs()):
        result = result * point + arb(coefficient)
    return result
