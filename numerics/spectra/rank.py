"""The rank of a product, decided exactly.

``rank(M_N ⋯ M_1 mod p) ≤ rank(J) ≤ min`` over the widths and ranks along the chain: the two meet
for almost every chain; when they do not, the exact integer product decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from flint import fmpz_mat, nmod_mat
from numpy.typing import NDArray

from jacspec.numerics.chains.chain import Chain, as_chain
from jacspec.numerics.support.factors import Factor, Uniform, as_exact, shapes_of

_SMALL_PRIMES = {
    2**11: (2**20 - 3, 2**20 - 5),
    2**13: (2**19 - 1, 2**19 - 19),
    2**15: (2**18 - 5, 2**18 - 11),
}
"""Primes for arithmetic in float64 by the widths n up to which they are small enough: n (2p)² ≤ 2^53."""

_AT_ONCE = 2**16
"""Entries of factors that are handled together: what a cache holds."""

_PRIMES = (2**62 - 57, 2**62 - 87, 2**61 - 1)
"""Primes below 2^62. A rank falls modulo one of them only by accident, which the upper bound reveals."""


def rank(chain: Chain) -> int:
    """The rank of ``J = M_N ⋯ M_1``, exactly."""
    nonzero = without_zeros(as_chain("rank", chain))
    return 0 if nonzero is None else rank_of(nonzero, chain)


def rank_of(nonzero: NonzeroChain, chain: Chain) -> int:
    """The rank of a chain, from its part that is not zero."""
    upper: int = min(map(min, shapes_of(nonzero.factors)))
    # Two primes of float64's size first, at the speed of BLAS: for most chains that is all.
    lower, widest = 0, max(map(max, shapes_of(nonzero.factors)))
    for prime in next((primes for most, primes in _SMALL_PRIMES.items() if widest <= most), ()):
        lower = max(lower, _rank_in_floats(nonzero.factors, prime))
        if lower == upper:
            return upper
    integers = [as_exact(factor).numer_denom()[0] for factor in nonzero.factors]
    lower = max(lower, *(_rank_modulo(integers, prime) for prime in _PRIMES))
    upper = min(upper, *(matrix.rank() for matrix in integers))
    if lower == upper:
        return lower
    return int(chain.product().numer_denom()[0].rank())


def prefix_ranks(chain: Chain) -> list[int]:
    """The ranks of ``M_k ⋯ M_1`` for k = 1 … N, exactly, by one running product modulo a prime.

    That bounds each rank from below; the ranks before it, and the coordinates that anything reaches, bound it
    from above. Where the two do not meet, :func:`rank` decides.
    """
    ranks: list[int] = []
    product: nmod_mat | None = None
    reached = np.ones(chain.shape[1], dtype=bool)
    upper = chain.shape[1]
    for layer, (factor, exact) in enumerate(zip(chain.factors, chain.exact, strict=True), 2):
        upper = min(upper, int((reached & (factor != 0).any(axis=0)).sum()))
        reached = (factor[:, reached] != 0).any(axis=1)
        upper = min(upper, int(reached.sum()))
        residue = nmod_mat(exact.numer_denom()[0], _PRIMES[0])
        product = residue if product is None else residue * product
        upper = upper if product.rank() == upper else rank(chain.right_partial(layer))
        ranks.append(upper)
    return ranks


class NonzeroChain(NamedTuple):
    """A chain without the coordinates through which nothing passes, and the rows and columns of J kept."""

    factors: Sequence[Factor]
    rows: NDArray[np.bool_]
    columns: NDArray[np.bool_]


def without_zeros(chain: Chain) -> NonzeroChain | None:
    """The part of the chain that carries J's non-zero singular values; None if nothing passes at all.

    A coordinate between two factors through which nothing passes (that no way of non-zero entries from J's
    input to its output meets) is removed from both.
    """
    if isinstance(chain.factors, Uniform) and chain.factors.stack.all():
        return NonzeroChain(chain.factors, *(np.ones(length, dtype=bool) for length in chain.shape))
    links = [factor != 0 for factor in chain.factors]
    alive = [np.ones(chain.shape[1], dtype=bool)]
    for link in links:
        alive.append(link @ alive[-1])
    if not alive[-1].any():
        return None
    for position in reversed(range(len(links))):
        alive[position] = alive[position] & (alive[position + 1] @ links[position])
    factors = [
        factor if rows.all() and columns.all() else factor[rows][:, columns]
        for factor, (columns, rows) in zip(chain.factors, pairwise(alive), strict=True)
    ]
    return NonzeroChain(factors, alive[-1], alive[0])


def _rank_in_floats(factors: Sequence[Factor], prime: int) -> int:
    """The rank of the product modulo a small prime, by float64 products; 0 where they do not apply.

    They apply to float64 factors. Factors enter scaled by powers of two, as integers.
    """
    if any(factor.dtype != np.float64 for factor in factors):
        return 0
    result: NDArray[np.float64] | None = None
    for block in blocks(factors):
        part = _product_modulo(_residues(block, prime), prime)
        result = part if result is None else _reduced(part @ result, prime)
    assert result is not None  # noqa: S101 -- narrows the type; a chain has a factor
    rows, columns = result.shape
    entries = np.remainder(result, prime).astype(np.int64).ravel().tolist()
    return int(nmod_mat(rows, columns, entries, prime).rank())


def blocks(factors: Sequence[Factor]) -> Iterator[NDArray[np.float64]]:
    """The factors in order, as arrays (k, m, n) of those that are small and of one shape, or one by one."""
    if not isinstance(factors, Uniform):
        yield from (factor[None] for factor in factors)
        return
    step = max(_AT_ONCE // factors[0].size, 1)
    for start in range(0, len(factors), step):
        yield factors.stack[start : start + step]


def _product_modulo(stack: NDArray[np.float64], prime: int) -> NDArray[np.float64]:
    """The product of residues (k, m, n), the first applied first, in a balanced tree."""
    while len(stack) > 1:
        products = _reduced(stack[1::2] @ stack[: len(stack) // 2 * 2 : 2], prime)
        stack = np.concatenate([products, stack[-1:]]) if len(stack) % 2 else products
    return np.asarray(stack[0], dtype=np.float64)


def _residues(block: NDArray[np.float64], prime: int) -> NDArray[np.float64]:
    """``2^c M`` modulo p, between -p and 2p, for the least c that makes M integral, for each M of a block."""
    mantissas, exponents = np.frexp(block)
    integers = mantissas * 2.0**53
    there = integers != 0
    least = np.min(exponents, axis=(1, 2), where=there, initial=np.iinfo(exponents.dtype).max)
    shifts = np.where(there, exponents - least[:, None, None], 0)
    return _reduced(_reduced(integers, prime) * _powers_of_two(prime)[shifts], prime)


def _reduced(integers: NDArray[np.float64], prime: int) -> NDArray[np.float64]:
    """Integers within ±2^53 modulo p, between -p and 2p; only the quotient is rounded, and that towards 0."""
    quotients = integers * ((1 - 2.0**-50) / prime)
    np.floor(quotients, out=quotients)
    quotients *= prime
    return np.subtract(integers, quotients, out=quotients)


@cache
def _powers_of_two(prime: int) -> NDArray[np.float64]:
    """``2^s mod p`` for every difference s of two exponents of float64."""
    return np.array([pow(2, shift, prime) for shift in range(2200)], dtype=np.float64)


def _rank_modulo(integers: Sequence[fmpz_mat], prime: int) -> int:
    """The rank of the product modulo a prime: a lower bound of the rank."""
    result = nmod_mat(integers[0], prime)
    for matrix in integers[1:]:
        result = nmod_mat(matrix, prime) * result
    return int(result.rank())
