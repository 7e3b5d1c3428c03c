"""The notation of ``theory`` read off an actual chain, in balls.

Formulas that ``theory`` derives can thus be evaluated on the chains that the search draws, without
being typed again. Singular vectors are fixed up to sign; those of the partial products are given
the signs that align them with J's. The empty products, whose singular vectors are arbitrary, take
J's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from flint import arb, arb_mat, fmpq_mat

from jacspec.numerics import Chain
from jacspec.numerics.chains.flows import partial_products
from jacspec.numerics.spectra.exact_velocities import singular_value_velocities
from jacspec.numerics.spectra.small_exact import SingularDecomposition, singular_decomposition
from jacspec.numerics.support.precision import current_bits
from jacspec.proofs_check.interpretation import Interpretation, Value, transposed
from jacspec.theory.notation.symbols import HEADS, Head, i, k

__all__ = ["ChainPoint"]

_Pair = tuple[arb, arb_mat, arb_mat]
"""A singular value with its left and its right singular vector."""


class ChainPoint(Interpretation):
    """Values of the notation's heads for mode ``k`` of a square chain that moves with ``motion``.

    ``gradient`` is G, where the motion is a gradient flow. Depth scaling is read off the last two
    partial products: γ_k = log s_k(A_{N-1}) - log s_k(A_N), δ_k = log s_k(A_N) - γ_k.
    """

    def __init__(
        self, chain: Chain, motion: Sequence[fmpq_mat], mode: int, gradient: fmpq_mat | None = None
    ) -> None:
        width = chain.shape[0]
        # Where a formula names a second direction i, it is the next one.
        super().__init__(chain.depth, width, {k: mode, i: mode % width + 1})
        self._chain = chain
        self._motion = tuple(motion)
        self._gradient = gradient
        self._decompositions: dict[tuple[str, int, int], SingularDecomposition] = {}
        self._pairs: dict[tuple[str, int, int], _Pair] = {}

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Return the value of a head for this chain."""
        name = head.name
        if head.transpose is not None and name == head.transpose + "T":
            return transposed(self.head(HEADS[head.transpose], indices))
        if name in ("J", "A", "B"):
            return arb_mat(self._exact(name, *indices))
        if name in ("M", "Mdot", "G"):
            return self._given(name, indices)
        if name == "sdot":
            return self._velocities[indices[0] - 1]
        if name in ("gamma", "delta"):
            return self._scaling(indices[0])[name == "delta"]
        if name in ("C", "P", "Q"):
            return arb_mat(self._gram(name, indices[0]))
        if name in ("Ainv", "Binv"):
            return arb_mat(self._exact(name[0], *indices).inv())
        kind, product = name[0], name[1:] or "J"
        if kind == "s" and product in ("J", "A", "B"):
            # No vectors are asked for: the singular value need not be simple.
            mode, *layer = indices
            return self._decomposition(product, layer[0] if layer else 0).singular_values[mode - 1]
        if kind in "uv" and product in ("J", "A", "B"):
            mode, *layer = indices
            return self._pair(product, layer[0] if layer else 0, mode)["suv".index(kind)]
        message = f"a chain does not define {name}"
        raise KeyError(message)

    def _given(self, name: str, indices: tuple[int, ...]) -> arb_mat:
        if name == "G":
            if self._gradient is None:
                message = "this point has no gradient G"
                raise KeyError(message)
            return arb_mat(self._gradient)
        factors = self._chain.exact if name == "M" else self._motion
        return arb_mat(factors[indices[0] - 1])

    def _gram(self, name: str, index: int) -> fmpq_mat:
        """C_l = M_lᵀM_l and C_{N+1} = M_N M_Nᵀ, or a power of P = C_{N+1} or of Q = C_1."""
        layer = index if name == "C" else {"P": self.depth + 1, "Q": 1}[name]
        factors = self._chain.exact
        beyond = layer == self.depth + 1
        factor = factors[-1] if beyond else factors[layer - 1]
        gram = factor * factor.transpose() if beyond else factor.transpose() * factor
        return gram if name == "C" else gram**index

    def _exact(self, product: str, layer: int = 0) -> fmpq_mat:
        left, right = self._partials
        if product == "J":
            return left[0]
        return (left if product == "A" else right)[layer - 1]

    @cached_property
    def _partials(self) -> tuple[list[fmpq_mat], list[fmpq_mat]]:
        return partial_products(self._chain)

    def _decomposition(self, product: str, layer: int) -> SingularDecomposition:
        key = (product, layer, current_bits())
        if key not in self._decompositions:
            self._decompositions[key] = singular_decomposition(self._exact(product, layer))
        return self._decompositions[key]

    def _pair(self, product: str, layer: int, mode: int) -> _Pair:
        key = (product, layer, mode)
        if key not in self._pairs:
            self._pairs[key] = self._aligned(product, layer, mode)
        return self._pairs[key]

    def _aligned(self, product: str, layer: int, mode: int) -> _Pair:
        if product != "J":
            _, u, v = self._pair("J", 0, mode)
            if layer == (self.depth + 1 if product == "A" else 1):
                return arb(1), *((u, u) if product == "A" else (v, v))
        value, left, right = self._decomposition(product, layer).simple(mode)
        if product == "A" and (left.transpose() * u)[0, 0] < 0:
            left, right = left * arb(-1), right * arb(-1)
        if product == "B" and (right.transpose() * v)[0, 0] < 0:
            left, right = left * arb(-1), right * arb(-1)
        return value, left, right

    @cached_property
    def _velocities(self) -> list[arb]:
        """ṡ by implicit differentiation of the characteristic polynomial: no singular vector enters."""
        return singular_value_velocities(self._chain, self._motion)

    def _scaling(self, mode: int) -> tuple[arb, arb]:
        last, before = (self._pair("A", layer, mode)[0].log() for layer in (self.depth, self.depth - 1))
        rate = before - last
        return rate, last - rate
