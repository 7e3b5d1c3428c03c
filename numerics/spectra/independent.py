"""A second way to the singular decomposition of an exact matrix, by mpmath: an independent witness.

:mod:`jacspec.numerics.spectra.small_exact` isolates the roots of a characteristic polynomial and forms
projectors by Lagrange interpolation, in FLINT. Within :func:`by_mpmath` it takes eigenvalues and eigenvectors
of J Jᵀ from mpmath's symmetric QL iteration instead, in floats of four times the precision. These are
estimates with a nominal radius, no enclosures: good for confirming what balls have decided, never for
deciding it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from flint import arb, arb_mat, fmpq_mat

from jacspec.numerics.support.precision import current_bits, mp_context


@dataclass
class Usage:
    """How many decompositions were taken by mpmath within one block."""

    decompositions: int = 0


usage: ContextVar[Usage | None] = ContextVar("usage", default=None)
"""Set within :func:`by_mpmath`; None outside."""


@contextmanager
def by_mpmath() -> Iterator[Usage]:
    """Within the block, decompositions of exact matrices are mpmath's; yields the count of them."""
    counted = Usage()
    token = usage.set(counted)
    try:
        yield counted
    finally:
        usage.reset(token)


@dataclass(frozen=True)
class Eigensystem:
    """Distinct eigenvalues of a symmetric matrix, descending, with multiplicities and projectors."""

    eigenvalues: tuple[arb, ...]
    multiplicities: tuple[int, ...]
    projectors: tuple[arb_mat, ...]


def eigensystem(gram: fmpq_mat) -> Eigensystem:
    """The eigensystem of an exact positive semidefinite matrix, estimated by mpmath.

    Eigenvalues closer than half of the digits computed count as equal, and as zero below that.
    """
    size, bits = gram.nrows(), current_bits()
    context = mp_context(4 * bits + 64)
    matrix = context.matrix(size, size)
    for row in range(size):
        for column in range(size):
            entry = gram[row, column]
            matrix[row, column] = context.mpf(int(entry.p)) / int(entry.q)
    values, vectors = context.eigsy(matrix)
    order = sorted(range(size), key=lambda position: values[position], reverse=True)
    resolution = context.ldexp(max(abs(values[order[0]]), context.ldexp(1, -bits)), -(2 * bits))
    groups: list[list[int]] = []
    for position in order:
        if groups and values[groups[-1][-1]] - values[position] <= resolution:
            groups[-1].append(position)
        else:
            groups.append([position])
    eigenvalues = [
        arb(0) if abs(values[group[0]]) <= resolution else _ball(values[group[0]], bits) for group in groups
    ]
    projectors = []
    for group in groups:
        entries = [
            _ball(sum(vectors[row, k] * vectors[column, k] for k in group), bits)
            for row in range(size)
            for column in range(size)
        ]
        projectors.append(arb_mat(size, size, entries))
    return Eigensystem(tuple(eigenvalues), tuple(map(len, groups)), tuple(projectors))


def _ball(value: Any, bits: int) -> arb:
    """A number of mpmath's with the nominal radius 2^-bits, relative and absolute."""
    sign, mantissa, exponent, _ = value._mpf_
    middle = arb((int(-mantissa if sign else mantissa), int(exponent)))
    return arb(middle, (abs(middle) + 1) * arb((1, -bits)))
