"""How the factors move: gradient flow on the factors of a chain."""

from __future__ import annotations

from typing import Any

from flint import fmpq_mat

from numerics.chain import Chain
from numerics.errors import InputError
from numerics.factors import as_exact, as_factor

__all__ = ["gradient_flow", "partial_products"]


def gradient_flow(chain: Chain, gradient: Any) -> tuple[fmpq_mat, ...]:
    """``Ṁ_l = -A_{l+1}ᵀ G B_lᵀ`` for l = 1 … N, exactly, with G = ∂L/∂J (ledger, section 0).

    ``gradient`` is G, a matrix of J's shape; 2N matrix products are shared among all layers. Raises
    InputError if it has another shape.
    """
    G = gradient if isinstance(gradient, fmpq_mat) else as_exact(as_factor(gradient, "G"))
    if (G.nrows(), G.ncols()) != chain.shape:
        message = f"G is {G.nrows()}×{G.ncols()}; expected the shape of J, {chain.shape[0]}×{chain.shape[1]}"
        raise InputError(message)
    left, right = partial_products(chain)
    return tuple(
        -(left[layer].transpose() * G * right[layer - 1].transpose()) for layer in range(1, chain.depth + 1)
    )


def partial_products(chain: Chain) -> tuple[list[fmpq_mat], list[fmpq_mat]]:
    """``[A_1, …, A_{N+1}]`` and ``[B_1, …, B_{N+1}]``, exactly, by 2N multiplications."""
    rows, columns = chain.shape
    left, right = [_identity(rows)], [_identity(columns)]
    for factor in reversed(chain.exact):
        left.append(left[-1] * factor)
    for factor in chain.exact:
        right.append(factor * right[-1])
    return left[::-1], right


def _identity(size: int) -> fmpq_mat:
    return fmpq_mat(size, size, [int(r == c) for r in range(size) for c in range(size)])
