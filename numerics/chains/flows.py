"""How the factors move: gradient flow on the factors of a chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb_mat, fmpq_mat

from jacspec.numerics.chains.chain import Chain, as_chain
from jacspec.numerics.support.errors import InputError
from jacspec.numerics.support.factors import as_exact, as_factor, identity
from jacspec.numerics.support.precision import balls


def gradient_flow(chain: Chain, gradient: Any) -> tuple[fmpq_mat, ...]:
    """``Ṁ_l = -A_{l+1}ᵀ G B_lᵀ`` for l = 1 … N, exactly, with G = ∂L/∂J (docs/ledger.md, section 0).

    ``gradient`` is G, a matrix of J's shape; 2N matrix products are shared among all layers. Raises
    InputError if it has another shape.
    """
    chain = as_chain("gradient_flow", chain)
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
    left, right = [identity(rows)], [identity(columns)]
    for factor in reversed(chain.exact):
        left.append(left[-1] * factor)
    for factor in chain.exact:
        right.append(factor * right[-1])
    return left[::-1], right


def product_velocity(chain: Chain, motion: Sequence[fmpq_mat], bits: int) -> arb_mat:
    """``J̇ = Σ_l A_{l+1} Ṁ_l B_l`` in balls of ``bits`` bits, by 3N products in a balanced tree."""
    with balls(bits):
        moving = [(arb_mat(M), arb_mat(velocity)) for M, velocity in zip(chain.exact, motion, strict=True)]
        return _product_rule(moving)[1]


def _product_rule(moving: Sequence[tuple[arb_mat, arb_mat]]) -> tuple[arb_mat, arb_mat]:
    """The product ``M_N ⋯ M_1`` of pairs (M, Ṁ), and its derivative."""
    if len(moving) == 1:
        return moving[0]
    middle = len(moving) // 2
    (B, B_dot), (A, A_dot) = _product_rule(moving[:middle]), _product_rule(moving[middle:])
    return A * B, A_dot * B + A * B_dot
