"""What FLINT leaves to its users: working precision, locally, and numbers that pickle.

This is the only file that touches the contexts of FLINT and mpmath. FLINT has one precision and one number of
threads for the whole process. Ours are in force only within a block, and of the threads that call us one at a
time is in such a block; but a thread that computes with FLINT itself, while another is within one of ours,
computes at our precision. Processes share nothing; what they send one another is exact.
"""

from __future__ import annotations

import copyreg
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import flint
from flint import arb, arb_mat, fmpq, fmpq_mat

from jacspec.numerics.support.cores import process_wide

if TYPE_CHECKING:
    from mpmath.ctx_mp import MPContext


@contextmanager
def balls(bits: int) -> Iterator[None]:
    """Run the block with FLINT balls of ``bits`` bits; the precision before is restored, come what may."""
    with process_wide:
        before = flint.ctx.prec
        flint.ctx.prec = bits
        try:
            yield
        finally:
            flint.ctx.prec = before


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Let FLINT's large matrix products run on ``count`` threads within the block."""
    with process_wide:
        before = flint.ctx.threads
        flint.ctx.threads = count
        try:
            yield
        finally:
            flint.ctx.threads = before


def current_bits() -> int:
    """The ball precision in force, in bits."""
    return int(flint.ctx.prec)


def mp_context(bits: int) -> MPContext:
    """A private mpmath context of ``bits`` bits; the global ``mpmath.mp`` is never changed."""
    from mpmath.ctx_mp import MPContext

    context = MPContext()
    context.prec = bits
    return context


# --- balls as text ---------------------------------------------------------------------------------

_RADIUS_BITS = 40
"""By so many bits a radius is lowered by one before FLINT, which rounds it up to 30 bits, raises it."""
SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
"""What is not m·2^e, as it is written."""


def ball_to_text(ball: arb) -> str:
    """A ball as its very midpoint and radius, each as ``m`` and ``e`` of m·2^e: ``1fp-3 1p-64``."""
    return f"{_of_exact(ball.mid())} {_of_exact(ball.rad())}"


def ball_of_text(text: str) -> arb:
    """The ball of which :func:`ball_to_text` made the text, whatever the precision in force."""
    middle, radius = text.split()
    centre = arb(SPECIAL[middle]) if middle in SPECIAL else arb(mantissa_and_exponent(middle))
    if radius == "inf":
        return centre + arb(0, math.inf)
    mantissa, exponent = mantissa_and_exponent(radius)
    if not mantissa:
        return centre
    # FLINT adds one in the 30th bit, always; one less in a later bit becomes the radius that was meant.
    return arb(centre, arb(((mantissa << _RADIUS_BITS) - 1, exponent - _RADIUS_BITS)))


def _of_exact(number: arb) -> str:
    if not number.is_finite():
        return "nan" if number.is_nan() else ("inf" if number > 0 or not number.is_exact() else "-inf")
    mantissa, exponent = map(int, number.man_exp())
    return f"{mantissa:x}p{exponent}"


def mantissa_and_exponent(text: str) -> tuple[int, int]:
    """The integers m and e of m·2^e, of the text ``mpe`` in which m is hexadecimal."""
    mantissa, exponent = text.split("p")
    return int(mantissa, 16), int(exponent)


# --- pickles -----------------------------------------------------------------------------------------
# FLINT's own refuse to be pickled, and to be copied; results hold them. By functions of ours, so that a
# process that unpickles one can pickle it too.


def _balls(rows: int, columns: int, texts: list[str]) -> arb_mat:
    return arb_mat(rows, columns, [ball_of_text(text) for text in texts])


def _rationals(rows: int, columns: int, entries: list[fmpq]) -> fmpq_mat:
    return fmpq_mat(rows, columns, entries)


def _pickled_balls(matrix: arb_mat) -> tuple[Callable[..., arb_mat], tuple[Any, ...]]:
    texts = [ball_to_text(entry) for entry in matrix.entries()]
    return _balls, (matrix.nrows(), matrix.ncols(), texts)


def _pickled_rationals(matrix: fmpq_mat) -> tuple[Callable[..., fmpq_mat], tuple[Any, ...]]:
    return _rationals, (matrix.nrows(), matrix.ncols(), matrix.entries())


copyreg.pickle(arb, lambda ball: (ball_of_text, (ball_to_text(ball),)))
copyreg.pickle(arb_mat, _pickled_balls)
copyreg.pickle(fmpq_mat, _pickled_rationals)
