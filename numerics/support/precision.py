"""Working precision, locally: the only file that touches the contexts of FLINT and mpmath.

FLINT has one precision and one number of threads for the whole process. Ours are in force only within a
block, and of the threads that call us one at a time is in such a block; but a thread that computes with FLINT
itself, while another is within one of ours, computes at our precision. Processes share nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import flint

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
