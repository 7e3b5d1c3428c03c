"""Chains as values of the theory's notation, so that its formulas are evaluated and not typed again.

`jacspec.proofs_check.interpretation.points.chain` does that exactly, for the small chains of the search.
Here are two more: what
float64 makes of a chain, and the singular values and vectors of J as the certified engine encloses them, for
chains of any width.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, arb_mat, fmpq_mat
from numpy.typing import NDArray
from sympy import Expr

from jacspec.numerics import Chain, Spectrum, gradient_flow
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.interpretation import Interpretation, Value, evaluate, transposed
from jacspec.theory.notation.heads import Head, Product, Quantity
from jacspec.theory.notation.symbols import Mdot, k
from jacspec.theory.results.dynamics import deep_linear, general

_FLOAT64_BITS = 53
_BITS = 128

_Triple = tuple[arb, arb_mat, arb_mat]
"""A singular value with its left and its right singular vector."""

_TRIPLE = (Quantity.SINGULAR_VALUE, Quantity.LEFT_VECTOR, Quantity.RIGHT_VECTOR)


def closed_form(whole: Spectrum, gradient: NDArray[np.float64]) -> tuple[arb, ...]:
    """``-N s_k^{2-2/N} ⟨G, u_k v_kᵀ⟩`` for every mode of a spectrum with vectors, in balls.

    The derivation `deep-linear-dynamics` shows it exact for balanced factors under gradient flow.
    """
    point = _OfSpectrum(whole, gradient)
    with balls(_BITS):
        return _by_mode(deep_linear.deep_linear().result.after, point, whole.rank)


def float64_velocities(
    chain: Chain, gradient: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Exact and decoupled velocities under gradient flow as float64 has them: products and SVDs by NumPy.

    The motion itself is exact before it is rounded. Both sums are those of the derivations
    `velocity-identity` and `general-dynamics`.
    """
    point = _InFloat64(chain, gradient)
    modes = chain.shape[0]
    with balls(_FLOAT64_BITS):
        exact, decoupled = (
            _by_mode(formula.result.after, point, modes)
            for formula in (general.velocity_identity(), general.decoupled_velocity())
        )
    return tuple(np.array([float(value.mid()) for value in each]) for each in (exact, decoupled))  # type: ignore[return-value]


def _by_mode(expression: Expr, point: Interpretation, modes: int) -> tuple[arb, ...]:
    values = (evaluate(expression, point, {k: mode}) for mode in range(1, modes + 1))
    return tuple(value if isinstance(value, arb) else value[0, 0] for value in values)


class _Point(Interpretation):
    """Heads of square chains: s_k, u_k, v_k of J, A_l and B_l, and matrices."""

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        if head.transposed:
            return transposed(self.head(head.upright, indices))
        if head.quantity in _TRIPLE and head.of is not None and not head.velocity:
            mode, *layer = indices
            return self.triple(head.of, layer[0] if layer else 0, mode)[_TRIPLE.index(head.quantity)]
        return self.matrix_of(head, *indices)

    @abstractmethod
    def triple(self, product: Product, layer: int, mode: int) -> _Triple:
        """Give s_k, u_k and v_k."""

    @abstractmethod
    def matrix_of(self, head: Head, *indices: int) -> arb_mat:
        """The matrix of another head; KeyError if there is none."""


class _OfSpectrum(_Point):
    """J by its enclosed singular values and vectors."""

    def __init__(self, whole: Spectrum, gradient: NDArray[np.float64]) -> None:
        super().__init__(whole.depth, whole.shape[0], {})
        self._whole = whole
        self._gradient = _balls(gradient)

    def triple(self, product: Product, _layer: int, mode: int) -> _Triple:
        whole = self._whole
        if product is not Product.J or whole.enclosures is None:
            message = f"only J's enclosures are known, not those of {product.name}"
            raise KeyError(message)
        assert whole.left_enclosures is not None  # noqa: S101 - asked for
        assert whole.right_enclosures is not None  # noqa: S101
        u, v = _column(whole.left_enclosures, mode), _column(whole.right_enclosures, mode)
        return whole.enclosures[mode - 1].exp(), u, v

    def matrix_of(self, head: Head, *_indices: int) -> arb_mat:
        if head.quantity is not Quantity.GRADIENT:
            raise KeyError(head.name)
        return self._gradient


class _InFloat64(_Point):
    """Everything by NumPy; the vectors of partial products signed so as to align with J's."""

    def __init__(self, chain: Chain, gradient: NDArray[np.float64]) -> None:
        super().__init__(chain.depth, chain.shape[0], {})
        self._factors = [np.asarray(factor, dtype=np.float64) for factor in chain.factors]
        self._motion = [_floats(each) for each in gradient_flow(chain, gradient)]
        self._triples: dict[tuple[Product, int], tuple[Any, Any, Any]] = {}

    @cached_property
    def _products(self) -> dict[Product, list[NDArray[np.float64]]]:
        left, right = [np.eye(self.width)], [np.eye(self.width)]
        for factor in reversed(self._factors):
            left.append(left[-1] @ factor)
        for factor in self._factors:
            right.append(factor @ right[-1])
        return {Product.A: left[::-1], Product.B: right, Product.J: [left[-1]]}

    def triple(self, product: Product, layer: int, mode: int) -> _Triple:
        key = product, layer
        if key not in self._triples:
            self._triples[key] = self._decomposed(product, layer)
        s, U, V = self._triples[key]
        column = slice(mode - 1, mode)
        return arb(s[mode - 1]), _balls(U[:, column]), _balls(V[:, column])

    def _decomposed(self, product: Product, layer: int) -> tuple[Any, Any, Any]:
        if product is Product.J:
            U, s, Vt = np.linalg.svd(self._products[Product.J][0])
            return s, U, Vt.T
        self.triple(Product.J, 0, 1)
        _, U_J, V_J = self._triples[Product.J, 0]
        # Of the empty product any vectors are its own.
        if layer == (self.depth + 1 if product is Product.A else 1):
            same = U_J if product is Product.A else V_J
            return np.ones(self.width), same, same
        U, s, Vt = np.linalg.svd(self._products[product][layer - 1])
        V = Vt.T
        overlaps = np.sum(U * U_J, axis=0) if product is Product.A else np.sum(V * V_J, axis=0)
        signs = np.where(overlaps < 0, -1.0, 1.0)
        return s, U * signs, V * signs

    def matrix_of(self, head: Head, *indices: int) -> arb_mat:
        if head is Mdot:
            return _balls(self._motion[indices[0] - 1])
        if head.of is None or head.quantity is not Quantity.PRODUCT or head.inverse or head.velocity:
            message = f"no matrix for {head.name}"
            raise KeyError(message)
        return _balls(self._products[head.of][indices[0] - 1 if indices else 0])


def _balls(matrix: NDArray[np.float64]) -> arb_mat:
    return arb_mat(matrix.tolist())


def _floats(matrix: fmpq_mat) -> NDArray[np.float64]:
    return np.array([[int(x.p) / int(x.q) for x in row] for row in matrix.tolist()])


def _column(matrix: arb_mat, mode: int) -> arb_mat:
    return arb_mat([[matrix[row, mode - 1]] for row in range(matrix.nrows())])
