"""What the claims on dynamics assume of a chain: simple modes, exact alignment, depth scaling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flint import arb

from jacspec.numerics import Chain
from jacspec.numerics.chains.flows import partial_products
from jacspec.numerics.spectra.small_exact import SingularDecomposition, overlap_of, singular_decomposition
from jacspec.proofs_check.claims.margin import equal

__all__ = ["aligned", "scales_everywhere", "scales_short_of_the_product", "simple"]

Named = Iterator[tuple[str, arb | bool]]


def simple(chain: Chain, mode: int) -> bool:
    """s_k is simple and not zero, decided exactly."""
    decomposition = singular_decomposition(chain.product())
    nonzero = not decomposition.eigenvalues[decomposition.cluster(mode)].is_zero()
    return decomposition.multiplicity(mode) == 1 and nonzero


_HYPOTHESIS_BITS = 160
"""Equalities are assumed to a finer resolution than that to which they are concluded."""


def aligned(chain: Chain) -> Named:
    """Strong alignment at ε = 0, mode by mode and in order: |⟨u_k(A_l), u_k⟩| = |⟨v_k(B_l), v_k⟩| = 1.

    At every non-empty partial product; the singular vectors of an empty one are arbitrary.
    """
    J = chain.product()
    outer, inner = singular_decomposition(J), singular_decomposition(J.transpose())
    left, right = partial_products(chain)
    for layer in range(1, chain.depth + 1):
        yield from _same_vectors(f"A_{layer}", singular_decomposition(left[layer - 1]), outer)
        yield from _same_vectors(f"B_{layer + 1}", singular_decomposition(right[layer].transpose()), inner)


def _same_vectors(name: str, part: SingularDecomposition, whole: SingularDecomposition) -> Named:
    for mode in range(1, len(whole.singular_values) + 1):
        simple = part.multiplicity(mode) == 1 and whole.multiplicity(mode) == 1
        yield f"{name}, mode {mode} simple", simple
        if simple:
            yield (
                f"{name}, mode {mode}",
                equal(overlap_of(part, whole, mode, mode), arb(1), bits=_HYPOTHESIS_BITS),
            )


def _scales(chain: Chain, mode: int, layers: Sequence[int]) -> Named:
    """s_k(A_l) = e^{(N-l+1)γ_k + δ_k} and s_k(B_l) = e^{(l-1)γ_k + δ_k} at the given layers.

    γ_k and δ_k are read off the last two left partial products.
    """
    rate, intercept = _read_off(chain, mode)
    for layer in layers:
        for name, part, factors in (
            ("A", chain.left_partial(layer), chain.depth - layer + 1),
            ("B", chain.right_partial(layer), layer - 1),
        ):
            value = singular_decomposition(part.product()).singular_values[mode - 1]
            predicted = factors * rate + intercept
            # Shifted by one: the logs may be zero, where a relative resolution has no meaning.
            yield f"{name}_{layer}", equal(value.log() + 1, predicted + 1, bits=_HYPOTHESIS_BITS)


def scales_everywhere(chain: Chain, mode: int) -> Named:
    """Depth scaling at every l, the empty products and J included."""
    return _scales(chain, mode, range(1, chain.depth + 2))


def scales_short_of_the_product(chain: Chain, mode: int) -> Named:
    """Depth scaling on the non-empty products short of J: A_l and B_l for 2 ≤ l ≤ N."""
    return _scales(chain, mode, range(2, chain.depth + 1))


def _read_off(chain: Chain, mode: int) -> tuple[arb, arb]:
    last, before = (
        singular_decomposition(chain.left_partial(layer).product()).singular_values[mode - 1].log()
        for layer in (chain.depth, chain.depth - 1)
    )
    return before - last, 2 * last - before
