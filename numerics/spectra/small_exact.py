"""Singular values and vectors of small exact matrices, rigorously and at any multiplicity.

Enclosures. The eigenvalues of ``J Jᵀ`` are the roots of its exact characteristic polynomial,
isolated with their multiplicities by FLINT; the spectral projector of each distinct eigenvalue is a
polynomial in ``J Jᵀ`` (Lagrange interpolation, Sylvester's formula). Repeated values, clusters and
rank deficiency are therefore ordinary input. The cost grows steeply with size: meant for matrices
of up to about 6×6. Balls are computed at the precision in force
(:func:`jacspec.numerics.support.precision.balls`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

from flint import acb, arb, arb_mat, fmpq_mat, fmpq_poly

from jacspec.numerics.spectra.independent import eigensystem, usage
from jacspec.numerics.support.arguments import whole_number
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import identity
from jacspec.numerics.support.precision import balls, current_bits


@dataclass(frozen=True)
class SingularDecomposition:
    """``J = Σ_c √λ_c · (…)``: the distinct eigenvalues of J Jᵀ with their multiplicities, descending.

    ``eigenvalues[c]`` encloses λ_c, exactly zero included; ``multiplicities[c]`` counts it among
    the rows of J. Modes are numbered from 1, as in the ledger; several modes may share a λ_c.
    ``known_projectors`` are those that came with the eigenvalues; None has them interpolated.
    """

    matrix: fmpq_mat
    eigenvalues: tuple[arb, ...]
    multiplicities: tuple[int, ...]
    known_projectors: tuple[arb_mat, ...] | None = None

    @property
    def singular_values(self) -> list[arb]:
        """s_1 ≥ s_2 ≥ …, min(rows, columns) of them, each an enclosure."""
        values = [
            root.sqrt()
            for root, count in zip(self.eigenvalues, self.multiplicities, strict=True)
            for _ in range(count)
        ]
        return values[: min(self.matrix.nrows(), self.matrix.ncols())]

    def cluster(self, mode: int) -> int:
        """The position of the distinct eigenvalue to which a mode (1 … rows) belongs."""
        mode = whole_number("mode", mode, most=sum(self.multiplicities), note="the number of rows")
        ends = accumulate(self.multiplicities)
        return next(position for position, end in enumerate(ends) if mode <= end)

    def multiplicity(self, mode: int) -> int:
        """How many modes share the singular value of this one."""
        return self.multiplicities[self.cluster(mode)]

    def left_projector(self, mode: int) -> arb_mat:
        """The orthogonal projector onto the left singular vectors of the mode's singular value."""
        return self._projectors[self.cluster(mode)]

    def simple(self, mode: int) -> tuple[arb, arb_mat, arb_mat]:
        """``(s_k, u_k, v_k)`` of a simple non-zero singular value; u_k's largest entry is positive.

        Raises InputError if the singular value is zero or not simple: its vectors are not
        determined.
        """
        eigenvalue = self.eigenvalues[self.cluster(mode)]
        if self.multiplicity(mode) != 1 or eigenvalue.is_zero():
            message = (
                f"singular value {mode} is {'zero' if eigenvalue.is_zero() else 'repeated'}; expected a "
                f"simple, non-zero one: its singular vectors are not determined"
            )
            raise InputError(message)
        projector = self.left_projector(mode)
        size = projector.nrows()
        pivot = max(range(size), key=lambda row: float(projector[row, row].mid()))
        length = projector[pivot, pivot].sqrt()
        u = arb_mat(size, 1, [projector[row, pivot] / length for row in range(size)])
        value = eigenvalue.sqrt()
        v = arb_mat(self.matrix).transpose() * u * (1 / value)
        return value, u, v

    @cached_property
    def _projectors(self) -> Sequence[arb_mat]:
        if self.known_projectors is not None:
            return self.known_projectors
        gram = arb_mat(_gram(self.matrix))
        one = arb_mat(identity(gram.nrows()))
        projectors = []
        for mine in self.eigenvalues:
            projector = one
            for other in self.eigenvalues:
                if other is not mine:
                    projector = projector * ((gram - one * other) * (1 / (mine - other)))
            projectors.append(projector)
        return projectors


def singular_decomposition(matrix: fmpq_mat) -> SingularDecomposition:
    """Decompose an exact matrix; see :class:`SingularDecomposition`."""
    counted = usage.get()
    if counted is not None:
        counted.decompositions += 1
        found = eigensystem(_gram(matrix))
        return SingularDecomposition(matrix, found.eigenvalues, found.multiplicities, found.projectors)
    roots = _descending_roots(_gram(matrix).charpoly())
    return SingularDecomposition(matrix, tuple(root for root, _ in roots), tuple(count for _, count in roots))


def singular_values(matrix: fmpq_mat) -> list[arb]:
    """Enclosures of s_1 ≥ s_2 ≥ …, min(rows, columns) of them; zero singular values are exactly 0."""
    smaller = matrix if matrix.nrows() <= matrix.ncols() else matrix.transpose()
    return singular_decomposition(smaller).singular_values


def symmetric_eigenvalues(matrix: fmpq_mat) -> list[arb]:
    """Enclosures of λ_1 ≥ λ_2 ≥ …, with their multiplicities; raises InputError unless it is symmetric."""
    if matrix != matrix.transpose():
        message = f"the matrix {matrix.tolist()} is not symmetric; expected one that equals its transpose"
        raise InputError(message)
    return [root for root, count in _descending_roots(matrix.charpoly()) for _ in range(count)]


def _descending_roots(polynomial: fmpq_poly) -> list[tuple[arb, int]]:
    """The roots, separated, in descending order, with multiplicities; all of them must be real."""
    # complex_roots works on the squarefree parts, hence knows multiplicities exactly, but separates only
    # the roots of one part. The roots of different parts differ too: raise the precision until it shows.
    bits = current_bits()
    while True:
        with balls(bits):
            roots = _BY_DEGREE.get(polynomial.degree(), _isolated)(polynomial)
            roots.sort(key=lambda pair: pair[0].mid(), reverse=True)
            if all(larger > smaller for (larger, _), (smaller, _) in pairwise(roots)):
                return roots
        bits *= 2


def _isolated(polynomial: fmpq_poly) -> list[tuple[arb, int]]:
    found: Any = polynomial.complex_roots()
    return [(real_part(root), int(count)) for root, count in found]


def _of_quadratic(polynomial: fmpq_poly) -> list[tuple[arb, int]]:
    """The roots of x² + bx + c by the formula, which is quicker: the one that does not cancel, and c over it.

    That of two equal ones, and 0, are exact.
    """
    c, b = (polynomial[power] / polynomial[2] for power in range(2))
    discriminant = b * b - 4 * c
    if discriminant <= 0:
        return [(arb(-b / 2), 2)] if discriminant == 0 else _isolated(polynomial)
    root = arb(discriminant).sqrt()
    far = (arb(-b) + (root if b <= 0 else -root)) / 2
    return [(far, 1), (arb(c) / far, 1)]


def _of_cubic(polynomial: fmpq_poly) -> list[tuple[arb, int]]:
    """Three roots by Viète's formula, and a step of Newton's for those beside which others are large.

    A root r in x lies in m - q(m)/q'(x), as q(m) = q'(ξ)(m - r) for a ξ between m and r. Where digits are
    lost, as at roots that are nearly equal, and at 0, they are found as those of other polynomials.
    """
    c, b, a = (polynomial[power] / polynomial[3] for power in range(3))
    stretch, shift = a * a / 9 - b / 3, (2 * a * a * a - 9 * a * b + 27 * c) / 54
    if c == 0 or stretch <= 0:
        return _isolated(polynomial)
    size = arb(stretch).sqrt()
    angle, third = (-shift / (size * stretch)).acos() / 3, 2 * arb.pi() / 3
    found = []
    for turn in range(3):
        x = 2 * size * (angle + turn * third).cos() - a / 3
        m = x.mid()
        found.append(m - (((m + a) * m + b) * m + c) / ((3 * x + 2 * a) * x + b))
    least = current_bits() - _LOST
    return (
        [(x, 1) for x in found]
        if all(x.rel_accuracy_bits() > least for x in found)
        else _isolated(polynomial)
    )


_LOST = 24
_BY_DEGREE = {2: _of_quadratic, 3: _of_cubic}


def condition_number(matrix: fmpq_mat) -> arb:
    """``κ = s_1/s_min``; raises InputError for a singular matrix."""
    values = singular_values(matrix)
    if values[-1].is_zero():
        message = "the condition number of a singular matrix is infinite; expected a nonsingular one"
        raise InputError(message)
    return values[0] / values[-1]


def overlap_magnitude(A: fmpq_mat, J: fmpq_mat, i: int, k: int) -> arb:
    """Enclose ``‖P_i(A) P_k(J)‖₂``, the largest |⟨u_i(A), u_k(J)⟩| over all choices of singular vectors.

    For simple singular values it is |R_ik| itself. P_i and P_k are the projectors onto the left
    singular vectors of the i-th and the k-th singular value.
    """
    return overlap_of(singular_decomposition(A), singular_decomposition(J), i, k)


def overlap_of(A: SingularDecomposition, J: SingularDecomposition, i: int, k: int) -> arb:
    """:func:`overlap_magnitude` of decompositions already made."""
    product = A.left_projector(i) * J.left_projector(k)
    gram = product * product.transpose()
    rank = min(A.multiplicity(i), J.multiplicity(k))
    return _largest_eigenvalue(gram, rank).sqrt()


def _largest_eigenvalue(gram: arb_mat, rank: int) -> arb:
    """Enclose λ_1 of a positive semidefinite X of the given rank from t = tr X^m.

    λ_1 ≤ t^{1/m} ≤ rank^{1/m} λ_1, with m = 2^(half the bits in force): good to about half of them.
    """
    trace = gram.trace().nonnegative_part()
    if rank == 1 or trace.is_zero():
        return trace
    # Every squaring doubles the radii and halves the distance of the two ends: meet half way.
    squarings = current_bits() // 2
    log_trace = arb(0)
    power = gram
    for step in range(squarings):
        size = power.trace()
        if not size > 0:
            # The ball touches zero: all that is known is 0 ≤ λ_1 ≤ tr X.
            return arb(0).union(trace)
        # Scaled by an exact number: dividing by the ball would feed its radius back each time.
        scale = size.mid()
        log_trace += scale.log() / arb(2) ** step
        power = power * (1 / scale)
        power = power * power
    size = power.trace()
    if not size > 0:
        return arb(0).union(trace)
    exponent = arb(2) ** squarings
    upper = (log_trace + size.log() / exponent).exp()
    return (upper * (-arb(rank).log() / exponent).exp()).union(upper)


def real_part(root: Any) -> arb:
    """The real part of a root that is an acb, or an arb as it is."""
    return root.real if isinstance(root, acb) else arb(root)


def _gram(matrix: fmpq_mat) -> fmpq_mat:
    return matrix * matrix.transpose()
