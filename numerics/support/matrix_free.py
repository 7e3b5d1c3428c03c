"""A factor without entries: what it does to columns, and what its transpose does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jacspec.numerics.support.arguments import whole_number
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor, Uniform, as_factor

Floats = NDArray[np.float64]

_AGREE = 1e-9
"""Far above the rounding of float64, and below that of float32."""


@dataclass(frozen=True, eq=False)
class MatrixFree:
    """A linear map ``A`` of ``shape`` (m, n), by ``apply``, X ↦ AX, and ``apply_transpose``, Y ↦ AᵀY.

    X is an array (n, k), Y an array (m, k), k columns at once, float64: NumPy's, or tensors of PyTorch, of
    the type and on the device of the tensor ``like``. Two columns and a combination of them are tried here:
    raises InputError for what is not linear, not finite, of another shape, or where ⟨Ax, y⟩ ≠ ⟨x, Aᵀy⟩.
    """

    apply: Callable[[Any], Any]
    apply_transpose: Callable[[Any], Any]
    shape: tuple[int, int]
    like: Any = None

    def __post_init__(self) -> None:
        rows, columns = (whole_number("a size of a matrix-free factor", size) for size in self.shape)
        object.__setattr__(self, "shape", (rows, columns))
        draw = np.random.default_rng(20261127).standard_normal
        x, y = draw((columns, 2)), draw((rows, 2))
        ax, ay = self._tried(x, transposed=False), self._tried(y, transposed=True)
        size = max(np.abs(ax).max(), np.abs(ay).max()) or 1.0
        ax, ay = ax / size, ay / size
        scale = np.linalg.norm(ax, axis=0)[:, None] * np.linalg.norm(y, axis=0)
        scale += np.linalg.norm(x, axis=0)[:, None] * np.linalg.norm(ay, axis=0)
        if (np.abs(ax.T @ y - x.T @ ay) > _AGREE * scale).any():
            message = (
                "apply_transpose is not the transpose of apply in float64: ⟨Ax, y⟩ ≠ ⟨x, Aᵀy⟩ at random x "
                "and y; expected the map with the matrix Aᵀ: check both"
            )
            raise InputError(message)

    @property
    def T(self) -> MatrixFree:
        """The transpose."""
        return MatrixFree(self.apply_transpose, self.apply, self.shape[::-1], self.like)

    def times(self, columns: Any, *, transposed: bool = False) -> Any:
        """AX, or AᵀX, of columns in NumPy or PyTorch."""
        function = self.apply_transpose if transposed else self.apply
        if self.like is None:
            return function(as_numpy(columns))
        same = isinstance(columns, type(self.like))
        return function(columns.to(self.like) if same else self.like.new_tensor(columns))

    def _tried(self, columns: Floats, *, transposed: bool) -> Floats:
        """What the map makes of two columns, if it makes 2Ax - 3Ay of 2x - 3y."""
        name, size = ("apply_transpose", self.shape[1]) if transposed else ("apply", self.shape[0])
        given = np.column_stack([columns, columns @ [2.0, -3.0]])
        found = as_numpy(self.times(given, transposed=transposed))
        if found.shape != (size, 3) or not np.isfinite(found).all():
            message = (
                f"{name} makes an array of shape {found.shape} of one of shape {given.shape}; expected "
                f"({size}, 3), all of it finite: a column for each column"
            )
            raise InputError(message)
        scaled = found / (np.abs(found).max() or 1.0)
        if np.linalg.norm(scaled @ [2.0, -3.0, -1.0]) > _AGREE * np.linalg.norm(scaled):
            message = (
                f"{name} is not linear in float64: of 2x - 3y it does not make 2Ax - 3Ay; expected what a "
                f"matrix does: no offsets, no gates that move, nothing rounded to float32"
            )
            raise InputError(message)
        return found[:, :2]


def as_numpy(columns: Any) -> Floats:
    """The columns in NumPy, wherever they are."""
    return np.asarray(columns.detach().cpu() if hasattr(columns, "detach") else columns, dtype=np.float64)


def as_maps(values: Sequence[Any]) -> tuple[Factor | MatrixFree, ...]:
    """Validate the factors of a chain, matrices or not; see :func:`as_factors`."""
    return Uniform.of(values) or tuple(
        value if isinstance(value, MatrixFree) else as_factor(value, f"M_{layer}")
        for layer, value in enumerate(values, 1)
    )
