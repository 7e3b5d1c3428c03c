"""The two arithmetics in which a statement of the bank can be evaluated: exact with balls, and float64.

A conclusion is written once, against :class:`Arithmetic`. Its matrices are ``flint.fmpq_mat`` in balls
and :class:`FloatMatrix` in float64; both have ``+ - *``, ``transpose``, ``det``, ``inv`` and indices.
"""

from __future__ import annotations

from functools import reduce
from itertools import accumulate
from operator import mul
from typing import Any, Protocol

import numpy as np
from flint import acb, arb, fmpq, fmpq_mat
from scipy import special

from jacspec.numerics.spectra.small_exact import (
    singular_decomposition,
    singular_values,
    symmetric_eigenvalues,
)

__all__ = ["BALLS", "FLOATS", "Arithmetic", "FloatMatrix"]


class Arithmetic(Protocol):
    """What a statement of the bank may compute with, besides matrix algebra."""

    def s(self, A: Any) -> list[Any]:
        """Singular values, descending."""

    def eigenvalues(self, S: Any) -> list[Any]:
        """Eigenvalues of a symmetric matrix, descending."""

    def moduli(self, A: Any) -> list[Any]:
        """Moduli of the eigenvalues of a square matrix, descending."""

    def rank(self, A: Any) -> int:
        """The rank."""

    def sine_squared(self, A: Any, B: Any) -> Any:
        """sin² of the angle between the first left singular vectors of A and B, both simple."""

    def simple(self, A: Any) -> Any:
        """Positive where the largest singular value is simple."""

    def absolute_product(self, A: Any, B: Any) -> Any:
        """``tr((AAᵀ)^½ (BBᵀ)^½)``."""

    def ratio(self, p: int, q: int) -> Any:
        """The number p/q."""

    def sqrt(self, x: Any) -> Any:
        """The root."""

    def log(self, x: Any) -> Any:
        """The natural logarithm."""

    def exp(self, x: Any) -> Any:
        """The exponential."""

    def digamma(self, x: Any) -> Any:
        """ψ(x)."""

    def trigamma(self, x: Any) -> Any:
        """ψ′(x)."""

    def max(self, values: list[Any]) -> Any:
        """The largest of several numbers."""

    def diagonal(self, values: list[Any]) -> Any:
        """The diagonal matrix."""

    def matrix(self, rows: list[list[Any]]) -> Any:
        """The matrix of the rows."""


class Balls:
    """Exact matrices; balls where a number is not rational."""

    def s(self, A: fmpq_mat) -> list[arb]:
        return singular_values(A)

    def eigenvalues(self, S: fmpq_mat) -> list[arb]:
        return symmetric_eigenvalues(S)

    def moduli(self, A: fmpq_mat) -> list[arb]:
        found: Any = A.charpoly().complex_roots()  # pairs; python-flint's stub says numbers
        roots = [abs(acb(root)) for root, count in found for _ in range(count)]
        # The k-th largest lies between the k-th largest lower and the k-th largest upper end.
        ends = zip(
            sorted((root.lower() for root in roots), reverse=True),
            sorted((root.upper() for root in roots), reverse=True),
            strict=True,
        )
        return [low.union(high) for low, high in ends]

    def rank(self, A: fmpq_mat) -> int:
        return A.rank()

    def sine_squared(self, A: fmpq_mat, B: fmpq_mat) -> arb:
        projectors = [singular_decomposition(matrix).left_projector(1) for matrix in (A, B)]
        return 1 - (projectors[0] * projectors[1]).trace()

    def simple(self, A: fmpq_mat) -> fmpq:
        return fmpq(1 if singular_decomposition(A).multiplicity(1) == 1 else -1)

    def absolute_product(self, A: fmpq_mat, B: fmpq_mat) -> arb:
        parts = [
            [
                (root.sqrt(), decomposition.left_projector(mode))
                for root, mode in zip(
                    decomposition.eigenvalues, accumulate(decomposition.multiplicities), strict=True
                )
            ]
            for decomposition in map(singular_decomposition, (A, B))
        ]
        return sum((s * t * (P * Q).trace() for s, P in parts[0] for t, Q in parts[1]), arb(0))

    def ratio(self, p: int, q: int) -> fmpq:
        return fmpq(p, q)

    def sqrt(self, x: Any) -> arb:
        return arb(x).sqrt()

    def log(self, x: Any) -> arb:
        return arb(x).log()

    def exp(self, x: Any) -> arb:
        return arb(x).exp()

    def digamma(self, x: Any) -> arb:
        return arb(x).digamma()

    def trigamma(self, x: Any) -> arb:
        return arb(2).zeta(arb(x))

    def max(self, values: list[Any]) -> Any:
        return reduce(lambda x, y: arb(x).max(arb(y)), values)

    def diagonal(self, values: list[Any]) -> fmpq_mat:
        size = len(values)
        return fmpq_mat(size, size, [values[r] if r == c else 0 for r in range(size) for c in range(size)])

    def matrix(self, rows: list[list[Any]]) -> fmpq_mat:
        return fmpq_mat(len(rows), len(rows[0]), [entry for row in rows for entry in row])


class Floats:
    """Float64 by NumPy and SciPy, as one would first write it."""

    def s(self, A: FloatMatrix) -> list[float]:
        return [float(value) for value in np.linalg.svd(A.array, compute_uv=False)]

    def eigenvalues(self, S: FloatMatrix) -> list[float]:
        return [float(value) for value in np.linalg.eigvalsh(S.array)[::-1]]

    def moduli(self, A: FloatMatrix) -> list[float]:
        return sorted((float(abs(value)) for value in np.linalg.eigvals(A.array)), reverse=True)

    def rank(self, A: FloatMatrix) -> int:
        return int(np.linalg.matrix_rank(A.array))

    def sine_squared(self, A: FloatMatrix, B: FloatMatrix) -> float:
        u, v = (np.linalg.svd(matrix.array)[0][:, 0] for matrix in (A, B))
        return 1 - float(u @ v) ** 2

    def simple(self, A: FloatMatrix) -> float:
        values = self.s(A)
        return values[0] - values[1]

    def absolute_product(self, A: FloatMatrix, B: FloatMatrix) -> float:
        roots = []
        for matrix in (A, B):
            U, values, _ = np.linalg.svd(matrix.array)
            roots.append((U * values) @ U.T)
        return float(np.trace(roots[0] @ roots[1]))

    def ratio(self, p: int, q: int) -> float:
        return p / q

    def sqrt(self, x: float) -> float:
        return float(np.sqrt(x))

    def log(self, x: float) -> float:
        return float(np.log(x))

    def exp(self, x: float) -> float:
        return float(np.exp(x))

    def digamma(self, x: float) -> float:
        return float(special.digamma(x))

    def trigamma(self, x: float) -> float:
        return float(special.polygamma(1, x))

    def max(self, values: list[float]) -> float:
        return max(values)

    def diagonal(self, values: list[float]) -> FloatMatrix:
        return FloatMatrix(np.diag(np.array(values, dtype=float)))

    def matrix(self, rows: list[list[float]]) -> FloatMatrix:
        return FloatMatrix(np.array(rows, dtype=float))


class FloatMatrix:
    """A float64 matrix with the operators of ``fmpq_mat``; ``array`` holds it."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    def __add__(self, other: FloatMatrix) -> FloatMatrix:
        return FloatMatrix(self.array + other.array)

    def __sub__(self, other: FloatMatrix) -> FloatMatrix:
        return FloatMatrix(self.array - other.array)

    def __mul__(self, other: Any) -> FloatMatrix:
        if isinstance(other, FloatMatrix):
            return FloatMatrix(self.array @ other.array)
        return FloatMatrix(self.array * float(other))

    def __getitem__(self, index: tuple[int, int]) -> float:
        return float(self.array[index])

    def __repr__(self) -> str:
        return repr(self.array)

    def transpose(self) -> FloatMatrix:
        return FloatMatrix(self.array.T)

    def inv(self) -> FloatMatrix:
        return FloatMatrix(np.linalg.inv(self.array))

    def det(self) -> float:
        return float(np.linalg.det(self.array))

    def nrows(self) -> int:
        return int(self.array.shape[0])

    def ncols(self) -> int:
        return int(self.array.shape[1])

    def entries(self) -> list[float]:
        return [float(entry) for entry in self.array.flat]


BALLS, FLOATS = Balls(), Floats()


def trace(A: Any) -> Any:
    """``Σ A_ii``."""
    return sum(A[i, i] for i in range(A.nrows()))


def frobenius_squared(A: Any) -> Any:
    """``Σ A_ij²``."""
    return sum(entry * entry for entry in A.entries())


def product(values: Any) -> Any:
    """The product of several numbers."""
    return reduce(mul, values, 1)


def hadamard(on: Arithmetic, A: Any, B: Any) -> Any:
    """The entrywise product."""
    return on.matrix([[A[i, j] * B[i, j] for j in range(A.ncols())] for i in range(A.nrows())])


def part(on: Arithmetic, A: Any, rows: list[int], columns: list[int]) -> Any:
    """The submatrix of the given rows and columns."""
    return on.matrix([[A[i, j] for j in columns] for i in rows])
