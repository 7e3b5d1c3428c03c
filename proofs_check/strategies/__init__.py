"""Hypothesis strategies for exact scalars, matrices and chains; they shrink to small numbers.

Every draw is exact: integers and rationals, never floats. Sizes that must agree are tied by name
(:func:`size`), and square matrices mix in the structured families that are known to break theorems.
"""

from jacspec.proofs_check.strategies.aligned import aligned_chains
from jacspec.proofs_check.strategies.chains import chains, motions
from jacspec.proofs_check.strategies.families import (
    FAMILIES,
    dominant_row,
    jordan,
    nilpotent,
    permutation,
    rank_one,
    repeated,
    structured,
)
from jacspec.proofs_check.strategies.gates import gates
from jacspec.proofs_check.strategies.matrices import dense, matrices, of_rank, square
from jacspec.proofs_check.strategies.orthogonal import orthogonal, rotations
from jacspec.proofs_check.strategies.scalars import rationals, small_integers
from jacspec.proofs_check.strategies.sizes import size
from jacspec.proofs_check.strategies.spectra import (
    diagonal,
    graded_values,
    near_degenerate_values,
    repeated_values,
    scalings,
    special_values,
    with_eigenvalues,
    with_singular_values,
)
from jacspec.proofs_check.strategies.symmetric import positive, symmetric

__all__ = [
    "FAMILIES",
    "aligned_chains",
    "chains",
    "dense",
    "diagonal",
    "dominant_row",
    "gates",
    "graded_values",
    "jordan",
    "matrices",
    "motions",
    "near_degenerate_values",
    "nilpotent",
    "of_rank",
    "orthogonal",
    "permutation",
    "positive",
    "rank_one",
    "rationals",
    "repeated",
    "repeated_values",
    "rotations",
    "scalings",
    "size",
    "small_integers",
    "special_values",
    "square",
    "structured",
    "symmetric",
    "with_eigenvalues",
    "with_singular_values",
]


def __dir__() -> list[str]:
    return __all__
