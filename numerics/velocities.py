"""How fast singular values move: exactly, and as if the modes were decoupled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from flint import fmpq_mat
from numpy.typing import NDArray

from numerics.chain import Chain
from numerics.errors import InputError
from numerics.factors import as_exact, as_factor
from numerics.precision import mp_context
from numerics.products import mp_matrix
from numerics.spectrum import Spectrum, spectrum

__all__ = ["Velocities", "velocities"]


@dataclass(frozen=True, eq=False)
class Velocities:
    """Velocities of the non-zero singular values, as mpmath numbers, mode 1 first; estimates.

    ``exact[k-1]`` is ``ṡ_k = u_kᵀ J̇ v_k`` with ``J̇ = Σ_l A_{l+1} Ṁ_l B_l``; ``decoupled[k-1]`` is
    ``Σ_l s_k(A_{l+1}) s_k(B_l) ⟨v_k(A_{l+1}), Ṁ_l u_k(B_l)⟩``, what is left of it when all overlaps
    of the partial products with J are those of the identity. Both are NaN for a repeated singular
    value, whose vectors are not determined.
    """

    exact: tuple[Any, ...]
    decoupled: tuple[Any, ...]
    log_singular_values: NDArray[np.float64]

    @property
    def ratios(self) -> NDArray[np.float64]:
        """decoupled/exact per mode; NaN where the exact velocity is zero."""
        return np.array(
            [
                float(decoupled / exact) if exact else float("nan")
                for exact, decoupled in zip(self.exact, self.decoupled, strict=True)
            ]
        )

    def __str__(self) -> str:
        lines = [f"{'k':>4}  {'log s_k':>12}  {'exact ṡ_k':>16}  {'decoupled':>16}  {'ratio':>12}"]
        rows = zip(self.log_singular_values, self.exact, self.decoupled, self.ratios, strict=True)
        for mode, (log_value, exact, decoupled, ratio) in enumerate(rows, 1):
            lines.append(
                f"{mode:>4}  {log_value:>12.4f}  {_short(exact):>16}  {_short(decoupled):>16}  {ratio:>12.4g}"
            )
        return "\n".join(lines)


def velocities(chain: Chain, motion: Sequence[Any], *, digits: int = 30) -> Velocities:
    """Velocities of the singular values of J while factor l moves with ``motion[l-1]`` = Ṁ_l.

    Precision follows the chain's dynamic range, so that modes of any size come out to about
    ``digits`` digits relative to the terms they are made of. Raises InputError if the motion does
    not match the factors in number or shape.
    """
    moving = [_as_matrix(velocity, layer) for layer, velocity in enumerate(motion, 1)]
    _check_shapes(chain, moving)
    # mpmath's vectors are good relative to each mode's own singular value; a certified enclosure of
    # the entries alone would not do here.
    whole = spectrum(chain, digits=digits, engine="mpmath", vectors=True)
    # The sums over layers cancel down to s_k; carry twice the precision of the spectrum itself.
    context = mp_context(2 * whole.precision_bits)
    left, right = _partials(chain, context)
    matrices = [mp_matrix(as_factor(velocity), context) for velocity in moving]
    u, v = _converted(whole.left_vectors, context), _converted(whole.right_vectors, context)
    modes = whole.rank
    exact = [context.zero] * modes
    decoupled = [context.zero] * modes
    for layer, velocity in enumerate(matrices, 1):
        A, B = left[layer], right[layer - 1]
        outer = spectrum(chain.left_partial(layer + 1), digits=digits, engine="mpmath", vectors=True)
        inner = spectrum(chain.right_partial(layer), digits=digits, engine="mpmath", vectors=True)
        for mode in range(modes):
            u_k, v_k = u[:, mode], v[:, mode]
            exact[mode] += (u_k.T * A * velocity * B * v_k)[0]
            s_a, v_a = _aligned(outer, A, u_k, mode, context, side="A")
            s_b, u_b = _aligned(inner, B, v_k, mode, context, side="B")
            decoupled[mode] += s_a * s_b * (v_a.T * velocity * u_b)[0]
    for mode in _repeated(whole):
        exact[mode] = decoupled[mode] = context.nan
    logs = whole.log_singular_values[:modes]
    return Velocities(tuple(exact), tuple(decoupled), logs)


def _repeated(whole: Spectrum) -> set[int]:
    """Positions of the non-zero singular values that agree with a neighbour to the digits requested."""
    logs = whole.log_values[: whole.rank]
    return {
        position
        for k, (larger, smaller) in enumerate(pairwise(logs))
        if larger - smaller < larger.context.mpf(10) ** -whole.digits
        for position in (k, k + 1)
    }


def _aligned(
    part: Spectrum, product: Any, reference: Any, mode: int, context: Any, *, side: str
) -> tuple[Any, Any]:
    """``(s_k, v_k)`` of A_{l+1}, or ``(s_k, u_k)`` of B_l, with the sign that aligns it with J.

    The empty product is the identity, whose singular vectors are arbitrary: it takes J's.
    """
    if product == context.eye(product.rows):
        return context.one, reference
    value = context.exp(context.convert(part.log_values[mode]))
    mine, others = (
        (part.left_vectors, part.right_vectors) if side == "A" else (part.right_vectors, part.left_vectors)
    )
    sign = -1 if (_converted(mine, context)[:, mode].T * reference)[0] < 0 else 1
    return value, sign * _converted(others, context)[:, mode]


def _partials(chain: Chain, context: Any) -> tuple[list[Any], list[Any]]:
    left, right = [context.eye(chain.shape[0])], [context.eye(chain.shape[1])]
    for factor in reversed(chain.factors):
        left.append(left[-1] * mp_matrix(factor, context))
    for factor in chain.factors:
        right.append(mp_matrix(factor, context) * right[-1])
    return left[::-1], right


def _as_matrix(velocity: Any, layer: int) -> fmpq_mat:
    return velocity if isinstance(velocity, fmpq_mat) else as_exact(as_factor(velocity, f"Ṁ_{layer}"))


def _check_shapes(chain: Chain, moving: Sequence[fmpq_mat]) -> None:
    shapes = [(m.nrows(), m.ncols()) for m in moving]
    expected = [factor.shape for factor in chain.factors]
    if shapes != expected:
        message = f"the motion has shapes {shapes}; expected those of the factors, {expected}"
        raise InputError(message)


def _converted(matrix: Any, context: Any) -> Any:
    return context.matrix(matrix.tolist())


def _short(value: Any) -> str:
    return str(value.context.nstr(value, 8))
