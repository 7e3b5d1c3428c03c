"""The notation of ``theory`` read off an actual chain, in balls.

Formulas that ``theory`` derives can thus be evaluated on the chains that the search draws, without
being typed again. Singular vectors are fixed up to sign; those of the partial products are given
the signs that align them with J's. The empty products, whose singular vectors are arbitrary, take
J's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, cached_property, reduce
from operator import add
from types import MappingProxyType

from flint import arb, arb_mat, fmpq, fmpq_mat
from sympy import Integer

from jacspec.numerics import Chain, InputError
from jacspec.numerics.chains.flows import partial_products, product_velocity
from jacspec.numerics.spectra.exact_velocities import singular_value_velocities
from jacspec.numerics.spectra.small_exact import SingularDecomposition, singular_decomposition
from jacspec.numerics.support.precision import current_bits
from jacspec.proofs_check.interpretation import Interpretation, Value, evaluate, transposed
from jacspec.proofs_check.interpretation.base import UnknownSymbolError
from jacspec.theory.notation.heads import Argument, Head, Product, Quantity, UserSymbol
from jacspec.theory.notation.index_ranges import ENDS
from jacspec.theory.notation.printing import text
from jacspec.theory.notation.symbols import N, i, k, l, n, r, u, uA, v, vB, w, wR, x, xR
from jacspec.theory.notation.words import D

_Pair = tuple[arb, arb_mat, arb_mat]
"""A singular value with its left and its right singular vector."""


class ChainPoint(Interpretation):
    """Values of the notation's heads for mode ``k`` of a square chain that moves with ``motion``.

    ``gradient`` is G, where the motion is a gradient flow. Depth scaling is read off the last two
    partial products: γ_k = log s_k(A_{N-1}) - log s_k(A_N), δ_k = log s_k(A_N) - γ_k. ``values`` are those
    of a user's own symbols, by name, that are free.
    """

    def __init__(
        self,
        chain: Chain,
        motion: Sequence[fmpq_mat],
        mode: int = 1,
        gradient: fmpq_mat | None = None,
        *,
        values: Mapping[str, int | fmpq | fmpq_mat] = MappingProxyType({}),
    ) -> None:
        width = chain.shape[0]
        # Where a formula names a second direction i, it is the next one.
        super().__init__(chain.depth, width, {k: mode, i: mode % width + 1})
        self._chain = chain
        self._motion = tuple(motion)
        self._gradient = gradient
        self._values = values
        self._decompositions: dict[tuple[Product, int, int], SingularDecomposition] = {}
        self._pairs: dict[tuple[Product, int, int], _Pair] = {}

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        """Return the value of a head for this chain."""
        if head.transposed:
            return transposed(self.head(head.upright, indices))
        self._refuse_outside(head, indices)
        if isinstance(head.quantity, UserSymbol):
            return self._declared(head.quantity, head.velocity, indices)
        if head in _SEEN:
            return self._seen_by_both(indices[0], *_SEEN[head])
        read = _READ.get((head.quantity, head.velocity))
        if read is None:
            message = f"a chain does not define {head.name}"
            raise UnknownSymbolError(message)
        return read(self, head, *indices)

    def _refuse_outside(self, head: Head, indices: tuple[int, ...]) -> None:
        """Raise InputError for a layer, or a direction, that this chain has not."""
        for index, counted in zip(indices, head.takes, strict=True):
            first, last = _ends(counted, self.depth, self.width)
            if index < first or (last is not None and index > last):
                has = f"{first} … {last}" if last is not None else f"{first}, {first + 1}, …"
                message = (
                    f"{text(head(*indices))} stands for nothing on a chain of {self.depth} factors of width "
                    f"{self.width}, where the {counted.value} is {has}"
                )
                raise InputError(message)

    def _declared(self, own: UserSymbol, velocity: bool, indices: tuple[int, ...]) -> Value:
        """A user's own symbol: what it is on chains, or what this point says."""
        if own.on_chains is not None:
            meant = D(own.on_chains) if velocity else own.on_chains
            return evaluate(meant, self, dict(zip(own.indices, indices, strict=True)))
        if velocity or own.name not in self._values:
            message = (
                f"this point has no {own.name}{' that moves' if velocity else ''}: give it among its values"
            )
            raise UnknownSymbolError(message)
        value = self._values[own.name]
        return arb_mat(value) if isinstance(value, fmpq_mat) else arb(value)

    def _partial_product(self, head: Head, *layer: int) -> arb_mat:
        exact = self._exact(_product(head), *layer)
        return arb_mat(exact.inv() if head.inverse else exact)

    def _velocity_of_product(self, head: Head, *layer: int) -> arb_mat:
        first = layer[0] if head.of is Product.A else 1
        last = layer[0] - 1 if head.of is Product.B else self.depth
        if last < first:
            return arb_mat(self.width, self.width)
        part = Chain(list(self._chain.exact[first - 1 : last]))
        return product_velocity(part, self._motion[first - 1 : last], current_bits())

    def _factor(self, _head: Head, layer: int) -> arb_mat:
        return arb_mat(self._chain.exact[layer - 1])

    def _factor_velocity(self, _head: Head, layer: int) -> arb_mat:
        return arb_mat(self._motion[layer - 1])

    def _gradient_of_loss(self, _head: Head) -> arb_mat:
        if self._gradient is None:
            message = "this point has no gradient G"
            raise UnknownSymbolError(message)
        return arb_mat(self._gradient)

    def _singular_value(self, head: Head, mode: int, layer: int = 0) -> arb:
        # No vectors are asked for: the singular value need not be simple.
        return self._decomposition(_product(head), layer).singular_values[mode - 1]

    def _left_vector(self, head: Head, mode: int, layer: int = 0) -> arb_mat:
        return self._pair(_product(head), layer, mode)[1]

    def _right_vector(self, head: Head, mode: int, layer: int = 0) -> arb_mat:
        return self._pair(_product(head), layer, mode)[2]

    def _velocity_of_vector(self, head: Head, mode: int) -> arb_mat:
        """u̇_k or v̇_k: first-order perturbation of simple singular values."""
        moving = self._velocity_of_product(head)
        left = head.quantity is Quantity.LEFT_VECTOR
        own, u, v = self._pair(Product.J, 0, mode)
        total = arb_mat(self.width, 1)
        for other in range(1, self.width + 1):
            if other == mode:
                continue
            value, u_other, v_other = self._pair(Product.J, 0, other)
            ahead = (u_other.transpose() * moving * v)[0, 0]
            back = (u.transpose() * moving * v_other)[0, 0]
            weights = (own * ahead + value * back) if left else (own * back + value * ahead)
            total += (u_other if left else v_other) * (weights / (own**2 - value**2))
        return total

    def _eliminated(self, _head: Head, mode: int, layer: int) -> arb_mat:
        """η_k = v_k + Σ_{j<k} ρ_j v_j, of which B Bᵀ η_k is orthogonal to the v_j."""
        *before, own = (self._pair(Product.A, layer, each)[2] for each in range(1, mode + 1))
        if not before:
            return own
        turned = arb_mat(self._exact(Product.B, layer).transpose())
        images = [turned * each for each in before]
        gram = arb_mat([[(a.transpose() * b)[0, 0] for b in images] for a in images])
        beside = arb_mat([[-(each.transpose() * turned * own)[0, 0]] for each in images])
        taken = gram.solve(beside)
        return reduce(add, (each * taken[row, 0] for row, each in enumerate(before)), own)

    def _seen_by_both(self, mode: int, inside: Head, beside: Head) -> arb_mat:
        """The unit vector in the span of the first k of ``inside``, and orthogonal to k-1 of ``beside``.

        Its coordinates are the cofactors of the overlaps of the two, at the layer l of the point.
        """

        def vector(of: Head, direction: int) -> arb_mat:
            at = (direction, self.indices[l]) if len(of.takes) == 2 else (direction,)
            return self.head(of, at)  # type: ignore[return-value]

        span = [vector(inside, direction) for direction in range(1, mode + 1)]
        avoided = [vector(beside, direction) for direction in range(1, mode)]
        total = arb_mat(self.width, 1)
        for position, column in enumerate(span):
            others = [*span[:position], *span[position + 1 :]]
            overlaps = [[(row.transpose() * other)[0, 0] for other in others] for row in avoided]
            minor = arb_mat(overlaps).det() if overlaps else arb(1)
            total += column * (minor * (-1) ** position)
        return total * (1 / (total.transpose() * total)[0, 0].sqrt())

    def _singular_value_velocity(self, _head: Head, mode: int) -> arb:
        return self._velocities[mode - 1]

    def _rate(self, _head: Head, mode: int) -> arb:
        return self._scaling(mode)[0]

    def _intercept(self, _head: Head, mode: int) -> arb:
        return self._scaling(mode)[1]

    def _gram(self, _head: Head, layer: int) -> arb_mat:
        """C_l = M_lᵀM_l, and C_{N+1} = M_N M_Nᵀ."""
        return arb_mat(self._exact_gram(layer))

    def _left_power(self, _head: Head, power: int) -> arb_mat:
        return arb_mat(self._exact_gram(self.depth + 1) ** power)

    def _right_power(self, _head: Head, power: int) -> arb_mat:
        return arb_mat(self._exact_gram(1) ** power)

    def _exact_gram(self, layer: int) -> fmpq_mat:
        factors = self._chain.exact
        if layer == self.depth + 1:
            return factors[-1] * factors[-1].transpose()
        return factors[layer - 1].transpose() * factors[layer - 1]

    def _exact(self, product: Product, layer: int = 0) -> fmpq_mat:
        left, right = self._partials
        if product is Product.J:
            return left[0]
        return (left if product is Product.A else right)[layer - 1]

    @cached_property
    def _partials(self) -> tuple[list[fmpq_mat], list[fmpq_mat]]:
        return partial_products(self._chain)

    def _decomposition(self, product: Product, layer: int) -> SingularDecomposition:
        """One for A_1, B_{N+1} and J, which are the same."""
        if layer == (1 if product is Product.A else self.depth + 1):
            product = Product.J
        key = product, 0 if product is Product.J else layer, current_bits()
        if key not in self._decompositions:
            self._decompositions[key] = singular_decomposition(self._exact(product, layer))
        return self._decompositions[key]

    def _pair(self, product: Product, layer: int, mode: int) -> _Pair:
        key = (product, layer, mode)
        if key not in self._pairs:
            self._pairs[key] = self._aligned(product, layer, mode)
        return self._pairs[key]

    def _aligned(self, product: Product, layer: int, mode: int) -> _Pair:
        if product is not Product.J and layer == (self.depth + 1 if product is Product.A else 1):
            _, u, v = self._pair(Product.J, 0, mode)
            return arb(1), *((u, u) if product is Product.A else (v, v))
        value, left, right = self._decomposition(product, layer).simple(mode)
        if product is Product.J:
            return value, left, right
        with suppress(InputError):  # where J's vectors are not determined, any sign will do
            _, u, v = self._pair(Product.J, 0, mode)
            own, other = (left, u) if product is Product.A else (right, v)
            if (own.transpose() * other)[0, 0] < 0:
                left, right = left * arb(-1), right * arb(-1)
        return value, left, right

    @cached_property
    def _velocities(self) -> list[arb]:
        """ṡ by implicit differentiation of the characteristic polynomial: no singular vector enters."""
        return singular_value_velocities(self._chain, self._motion)

    def _scaling(self, mode: int) -> tuple[arb, arb]:
        last, before = (self._pair(Product.A, layer, mode)[0].log() for layer in (self.depth, self.depth - 1))
        rate = before - last
        return rate, last - rate


@cache
def _ends(counted: Argument, depth: int, width: int) -> tuple[int, int | None]:
    """The first and the last value; a leading direction is one of all."""
    known = {N: Integer(depth), n: Integer(width), r: Integer(width)}
    first, last = (None if end is None else int(end.xreplace(known)) for end in ENDS[counted])
    assert first is not None  # noqa: S101 -- all begin somewhere
    return first, last


def _product(head: Head) -> Product:
    """The product of which the head is a quantity."""
    assert head.of is not None  # noqa: S101 -- so declared
    return head.of


_SEEN = {w: (u, uA), x: (uA, u), wR: (v, vB), xR: (vB, v)}
"""The vectors of Courant and Fischer: in the span of which vectors, and orthogonal to which."""

_READ: dict[tuple[Quantity, bool], Callable[..., Value]] = {
    (Quantity.PRODUCT, False): ChainPoint._partial_product,
    (Quantity.PRODUCT, True): ChainPoint._velocity_of_product,
    (Quantity.FACTOR, False): ChainPoint._factor,
    (Quantity.FACTOR, True): ChainPoint._factor_velocity,
    (Quantity.GRADIENT, False): ChainPoint._gradient_of_loss,
    (Quantity.SINGULAR_VALUE, False): ChainPoint._singular_value,
    (Quantity.SINGULAR_VALUE, True): ChainPoint._singular_value_velocity,
    (Quantity.LEFT_VECTOR, False): ChainPoint._left_vector,
    (Quantity.RIGHT_VECTOR, False): ChainPoint._right_vector,
    (Quantity.LEFT_VECTOR, True): ChainPoint._velocity_of_vector,
    (Quantity.RIGHT_VECTOR, True): ChainPoint._velocity_of_vector,
    (Quantity.ELIMINATED, False): ChainPoint._eliminated,
    (Quantity.RATE, False): ChainPoint._rate,
    (Quantity.INTERCEPT, False): ChainPoint._intercept,
    (Quantity.GRAM, False): ChainPoint._gram,
    (Quantity.LEFT_POWER, False): ChainPoint._left_power,
    (Quantity.RIGHT_POWER, False): ChainPoint._right_power,
}
"""How a quantity, or its velocity, is read off a chain."""
