"""Chains: the factors of ``J = M_N ⋯ M_1``, exact, in order of application."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq_mat

from jacspec.documents.blocks import Block, Columns, Matrix, Paragraph
from jacspec.documents.displayable import Displayable
from jacspec.documents.prose import literal
from jacspec.numerics import networks
from jacspec.numerics.chains import ensembles
from jacspec.numerics.products.exact import exact_product
from jacspec.numerics.support.arguments import instance, whole_number
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import Factor, Uniform, as_exact
from jacspec.numerics.support.matrix_free import MatrixFree, as_maps

_MOST_FACTORS, _MOST_ENTRIES = 4, 36
"""Chains beyond this are described, not shown."""


@dataclass(frozen=True, eq=False, repr=False)
class Chain(Displayable):
    """The chain ``J = M_N ⋯ M_1`` (docs/ledger.md, section 0); ``factors[0]`` is M_1, applied first.

    Exact: float64 entries are dyadic rationals, and rationals are kept as such. Immutable, and
    equal to another chain with the same factors. Layers are numbered from 1, as in the ledger.
    A factor may be a :class:`MatrixFree`: for the leading modes of what no memory holds as matrices.

    Raises InputError if there is no factor, if two neighbours do not compose, or if an entry is not
    a finite real number.
    """

    maps: tuple[Factor | MatrixFree, ...]
    """The factors, matrices or not, M_1 first."""
    origins: tuple[networks.Origin, ...] = ()
    """Of a network: of which layers each factor is the Jacobian, and whether it is exact."""
    names: tuple[str, ...] = ()
    """Of a file: the name under which each factor stands there."""

    def __init__(
        self, factors: Iterable[Any], origins: Iterable[networks.Origin] = (), names: Iterable[str] = ()
    ) -> None:
        if isinstance(factors, str | bytes | dict) or not isinstance(factors, Iterable):
            message = (
                f"a chain was given {type(factors).__name__}; expected a list of matrices [M1, M2, …], "
                f"the first applied first"
            )
            raise InputError(message)
        given = as_maps(tuple(factors))
        if not given:
            message = "the chain is empty; expected at least one factor: give [M1, M2, …]"
            raise InputError(message)
        for layer, (inner, outer) in enumerate(
            pairwise(given[:2] if isinstance(given, Uniform) else given), 1
        ):
            if outer.shape[1] != inner.shape[0]:
                message = (
                    f"M_{layer + 1} ({_shape(outer)}) cannot follow M_{layer} ({_shape(inner)}): expected "
                    f"{inner.shape[0]} columns in M_{layer + 1}; check the order (first applied first) "
                    f"or transpose"
                )
                raise InputError(message)
        object.__setattr__(self, "maps", given)
        object.__setattr__(self, "origins", tuple(origins))
        object.__setattr__(self, "names", tuple(names))

    # --- shape and exact values ------------------------------------------------------------------

    @property
    def is_dense(self) -> bool:
        """Whether every factor is a matrix."""
        return isinstance(self.maps, Uniform) or not any(isinstance(each, MatrixFree) for each in self.maps)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The factors as matrices; raises InputError if one has no entries."""
        if not self.is_dense:
            message = (
                f"{self!r} has factors without entries; expected matrices: ask leading_modes(chain, k) for "
                f"the k largest singular values, or 'jacspec probe' with --top"
            )
            raise InputError(message)
        return self.maps  # type: ignore[return-value]

    @property
    def depth(self) -> int:
        """The number of factors, N."""
        return len(self.maps)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of J."""
        return self.maps[-1].shape[0], self.maps[0].shape[1]

    def __len__(self) -> int:
        return self.depth

    @property
    def is_dyadic(self) -> bool:
        """Whether every entry is exactly a float64."""
        return isinstance(self.maps, Uniform) or all(each.dtype == np.float64 for each in self.factors)

    @property
    def exact(self) -> tuple[fmpq_mat, ...]:
        """The factors as exact rational matrices, copies: FLINT's can be changed, a chain cannot."""
        return tuple(map(fmpq_mat, self._exact))

    @cached_property
    def _exact(self) -> tuple[fmpq_mat, ...]:
        return tuple(as_exact(factor) for factor in self.factors)

    def product(self) -> fmpq_mat:
        """J, exactly."""
        return exact_product(self._exact)

    # --- other chains ----------------------------------------------------------------------------

    def transpose(self) -> Chain:
        """The chain of ``Jᵀ = M_1ᵀ ⋯ M_Nᵀ``."""
        return Chain(factor.T for factor in reversed(self.maps))

    def left_partial(self, layer: int) -> Chain:
        """``A_l = M_N ⋯ M_l`` for 1 ≤ l ≤ N+1; ``A_{N+1} = I``."""
        return Chain(self.maps[self.checked_layer(layer) - 1 :] or [np.eye(self.shape[0])])

    def right_partial(self, layer: int) -> Chain:
        """``B_l = M_{l-1} ⋯ M_1`` for 1 ≤ l ≤ N+1; ``B_1 = I``."""
        return Chain(self.maps[: self.checked_layer(layer) - 1] or [np.eye(self.shape[1])])

    def checked_layer(self, layer: int) -> int:
        """The layer of a partial product, 1 … N+1, as an int; raises InputError for anything else."""
        return whole_number("layer", layer, most=self.depth + 1, note="N+1")

    # --- files -----------------------------------------------------------------------------------

    @classmethod
    def load(cls, path: str | Path, *, order: Sequence[str] | None = None) -> Chain:
        """Read a chain from ``.npz`` or ``.safetensors``, running no code.

        The factors are in the order of the one number in which their names differ, or named in ``order``,
        that applied first first. See ``networks/storage.py``.
        """
        read = networks.storage.read(Path(path), order)
        return cls(read.values(), names=read)

    def save(self, path: str | Path) -> None:
        """Write the chain, exactly, to ``.npz`` or ``.safetensors``."""
        networks.storage.write(Path(path), self.factors)

    # --- networks --------------------------------------------------------------------------------

    @classmethod
    def from_weights(
        cls,
        weights: Iterable[Any],
        x: Any,
        *,
        biases: Iterable[Any] | None = None,
        activation: str = "relu",
        slope: float = 0.01,
        transposed: bool = False,
        kinks: str = "refuse",
    ) -> Chain:
        """The Jacobian of a fully connected network at x; see ``networks/weights.py``."""
        made = networks.weight_factors(
            weights,
            x,
            biases=biases,
            activation=activation,
            slope=slope,
            transposed=transposed,
            kinks=kinks,
        )
        return cls(made, made.origins)

    @classmethod
    def from_torch(
        cls, module: Any, x: Any, *, kinks: str = "refuse", matrix_free: bool | None = None
    ) -> Chain:
        """The Jacobian of a PyTorch module at x; see :func:`jacspec.numerics.networks.torch_factors`."""
        made = networks.torch_factors(module, x, kinks=kinks, matrix_free=matrix_free)
        return cls(made, made.origins)

    @classmethod
    def from_blocks(
        cls, blocks: Iterable[Any], x: Any, *, kinks: str = "refuse", matrix_free: bool | None = None
    ) -> Chain:
        """The Jacobian at x of blocks, a factor each; see :func:`jacspec.numerics.networks.block_factors`."""
        made = networks.block_factors(blocks, x, kinks=kinks, matrix_free=matrix_free)
        return cls(made, made.origins)

    @classmethod
    def from_exported(
        cls, path: str | Path, x: Any, *, kinks: str = "refuse", matrix_free: bool | None = None
    ) -> Chain:
        """The Jacobian of a ``.pt2`` or ``.onnx``; see :func:`jacspec.numerics.networks.exported_factors`."""
        made = networks.exported_factors(path, x, kinks=kinks, matrix_free=matrix_free)
        return cls(made, made.origins)

    # --- ensembles -------------------------------------------------------------------------------

    @classmethod
    def gaussian(cls, *, depth: int, width: int, seed: int, variance: float | None = None) -> Chain:
        """Independent Gaussian factors; see :func:`jacspec.numerics.chains.ensembles.gaussian`."""
        return cls(ensembles.gaussian(depth=depth, width=width, seed=seed, variance=variance))

    @classmethod
    def haar(cls, *, depth: int, width: int, seed: int) -> Chain:
        """Haar orthogonal factors, rounded to float64; see :func:`jacspec.numerics.chains.ensembles.haar`."""
        return cls(ensembles.haar(depth=depth, width=width, seed=seed))

    @classmethod
    def masked(
        cls,
        *,
        depth: int,
        width: int,
        seed: int,
        p: float = 0.5,
        min_active: int = 1,
        variance: float | None = None,
    ) -> Chain:
        """Gaussian factors behind random gates; see :func:`jacspec.numerics.chains.ensembles.masked`."""
        return cls(
            ensembles.masked(
                depth=depth, width=width, seed=seed, p=p, min_active=min_active, variance=variance
            )
        )

    @classmethod
    def fgln(
        cls,
        *,
        depth: int,
        width: int,
        seed: int,
        p: float = 0.5,
        min_active: int = 1,
        variance: float | None = None,
    ) -> Chain:
        """A fixed-gates linear network, gates absorbed; see ``chains/ensembles.py``."""
        return cls(
            ensembles.fgln(depth=depth, width=width, seed=seed, p=p, min_active=min_active, variance=variance)
        )

    @classmethod
    def balanced(cls, *, depth: int, width: int, seed: int, spread: float = 2.0) -> Chain:
        """Balanced factors, up to rounding; see :func:`jacspec.numerics.chains.ensembles.balanced`."""
        return cls(ensembles.balanced(depth=depth, width=width, seed=seed, spread=spread))

    # --- comparison and printing -----------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Chain):
            return NotImplemented
        return self.depth == other.depth and all(
            mine is theirs or np.array_equal(np.asarray(mine), np.asarray(theirs))
            for mine, theirs in zip(self.maps, other.maps, strict=True)
        )

    def __hash__(self) -> int:
        first = tuple(self.factors[0].flat) if self.is_dense else ()
        return hash((self.depth, self.shape, first))

    def __reduce__(self) -> tuple[Any, ...]:
        # The factors say everything: what ``_exact`` caches need not travel.
        return type(self), (tuple(self.maps), self.origins, self.names)

    def blocks(self) -> list[Block]:
        """What the chain is, and its factors where they are few and small; M_1, applied first, is first."""
        said = Paragraph(literal(repr(self)))
        if (
            not self.is_dense
            or self.depth > _MOST_FACTORS
            or any(factor.size > _MOST_ENTRIES for factor in self.factors)
        ):
            return [said]
        factors = (Matrix(f"M_{layer}", _shown(factor)) for layer, factor in enumerate(self.factors, 1))
        return [said, Columns(tuple(factors))]

    def __str__(self) -> str:
        return repr(self)

    def __repr__(self) -> str:
        free = 0 if self.is_dense else sum(isinstance(factor, MatrixFree) for factor in self.maps)
        entries = f"{free} matrix-free" if free else "float64" if self.is_dyadic else "rational"
        rounded = [origin.error for origin in self.origins if origin.error]
        if rounded:
            entries += f", {len(rounded)} factor{'s' * (len(rounded) > 1)} rounded, to {max(rounded):.0e}"
        return f"Chain(depth={self.depth}, J: {self.shape[0]}×{self.shape[1]}, {entries})"


def as_chain(name: str, value: Any) -> Chain:
    """The argument of a function of chains; raises InputError, in the function's name, for anything else."""
    return instance(name, value, Chain, "give Chain([M1, M2, …])")


def _shown(factor: Factor) -> tuple[tuple[str, ...], ...]:
    """The entries of a factor: rationals exactly, floats to six digits."""
    rows = factor.tolist()
    return tuple(tuple(f"{x:.6g}" if isinstance(x, float) else str(x) for x in row) for row in rows)


def _shape(factor: Factor | MatrixFree) -> str:
    return f"{factor.shape[0]}×{factor.shape[1]}"
