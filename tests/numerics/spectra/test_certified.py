"""The certified engine against exact arithmetic: every enclosure contains the truth and is narrow."""

import itertools
import os
import random

import numpy as np
import pytest
from flint import arb, arb_mat, fmpq, fmpq_mat

from jacspec.numerics import Chain, spectrum
from jacspec.numerics.products import tree
from jacspec.numerics.spectra.certified import narrow, svd
from jacspec.numerics.spectra.certified.merge import orthogonalised
from jacspec.numerics.spectra.certified.refine import apply_inverse
from jacspec.numerics.support.precision import balls

DIGITS = 30
BITS = 1200
"""Precision of the exact reference: well beyond 30 digits of any value that these chains have."""


# --- random exact chains: clusters, multiplicities, rank deficiency ------------------------------


def _entry(source, kind):
    if kind == "integer":
        return fmpq(source.randint(-3, 3))
    if kind == "rational":
        return fmpq(source.randint(-9, 9), source.randint(1, 9))
    return fmpq(source.randint(-99, 99)) * fmpq(2) ** source.choice([0, 0, 0, -40, 30, -400])


def _matrix(rows, columns, entry):
    return fmpq_mat(rows, columns, [entry(r, c) for r in range(rows) for c in range(columns)])


def _diagonal(values):
    return _matrix(len(values), len(values), lambda r, c: values[r] if r == c else 0)


def _orthogonal(source, size):
    """A Cayley transform of a random skew-symmetric matrix."""
    skew = fmpq_mat(size, size)
    for row in range(size):
        for column in range(row):
            skew[row, column] = fmpq(source.randint(-2, 2), source.randint(1, 2))
            skew[column, row] = -skew[row, column]
    one = _diagonal([1] * size)
    return (one - skew) * (one + skew).inv()


def _random_chain(seed):
    source = random.Random(seed)  # noqa: S311 -- examples, not secrets
    style = source.choice(["plain", "rectangular", "multiple", "cluster", "deficient", "jordan"])
    depth, size = source.randint(1, 5), source.randint(1, 4)
    kind = source.choice(["integer", "rational", "dyadic"])

    def drawn(rows, columns):
        return _matrix(rows, columns, lambda r, c: _entry(source, kind))

    if style == "rectangular":
        widths = [source.randint(1, 4) for _ in range(depth + 1)]
        return [drawn(widths[layer + 1], widths[layer]) for layer in range(depth)]
    if style in ("multiple", "cluster"):
        pool = [_entry(source, kind) for _ in range(2)]
        values = [source.choice(pool) for _ in range(size)]
        if style == "cluster":
            close = [fmpq(source.randint(0, 3)) / fmpq(10) ** source.choice([3, 8, 20, 45]) for _ in values]
            values = [value * (1 + by) for value, by in zip(values, close, strict=True)]
        factors = [_orthogonal(source, size) for _ in range(depth)]
        return [*factors[:1], _diagonal(values), *factors[1:]]
    if style == "deficient":
        inner = source.randint(1, size)
        return [drawn(size, size), drawn(size, inner) * drawn(inner, size), drawn(size, size)]
    if style == "jordan":
        value = _entry(source, kind)
        return [_matrix(size, size, lambda r, c: value if r == c else int(c == r + 1))] * depth
    return [drawn(size, size) for _ in range(depth)]


def _exact_logs(chain):
    """ln of the non-zero singular values from the roots of the exact characteristic polynomial."""
    J = chain.product()
    gram = J * J.transpose() if J.nrows() <= J.ncols() else J.transpose() * J
    logs = []
    for root, count in gram.charpoly().complex_roots():
        value = arb(getattr(root, "real", root))
        if not value.is_zero():
            logs += [value.log() / 2] * int(count)
    return sorted(logs, key=lambda ball: ball.mid(), reverse=True)


BLOCKS = 667 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 10
"""Of 30 chains: a few hundred in CI, 20 000 for ``make deep``."""


PATHS = {
    "full": (svd, {"WIDEST": 0}),
    "eigenvalues": (narrow, {"_SHORT": np.inf}),
    "elimination": (narrow, {"_SHORT": -1, "_STRETCH": np.inf}),
    "stretches": (narrow, {"_SHORT": -1, "_STRETCH": 0.01}),
}
"""What makes each path of the engine the one that is taken."""


def _forced(monkeypatch, path):
    """Take this path where it gets through; lists what it finds, if it is one of those for narrow chains."""
    module, settings = PATHS[path]
    found = []
    for name, value in settings.items():
        monkeypatch.setattr(module, name, value)
    if module is narrow:
        function = {"eigenvalues": "_by_eigenvalues"}.get(path, "_refined")
        taken = getattr(narrow, function)
        monkeypatch.setattr(narrow, function, lambda *given: found.append(taken(*given)) or found[-1])
    return found


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_enclosure_contains_the_exact_value_and_is_narrow(block, path, monkeypatch):
    found = _forced(monkeypatch, path)
    for seed in range(30 * block, 30 * block + 30):
        # Where factors are floats, two in three multiply by residues, as only wide chains do otherwise.
        monkeypatch.setattr(tree, "_NARROWEST", 1 if seed % 3 else 1000)
        chain = Chain(_random_chain(seed))
        with_vectors = path in ("full", "eigenvalues") and seed % 2 == 0
        result = spectrum(chain, digits=DIGITS, vectors=with_vectors)
        with balls(BITS):
            expected = _exact_logs(chain)
            assert result.rank == len(expected), seed
            assert not result.shortfall, (seed, result.shortfall)
            for ball, truth in zip(result.enclosures, expected, strict=False):
                assert ball.rad() <= arb(10) ** -DIGITS, seed
                assert ball.overlaps(truth), seed
                assert ball.contains(truth) or truth.rad() > ball.rad() / 1000, seed
            assert all(not ball.is_finite() for ball in result.enclosures[result.rank :])
            if with_vectors and result.rank:
                _check_vectors(chain, result)
    assert path == "full" or sum(one is not None for one in found) > 10


def _check_vectors(chain, result):
    """UᵀU and VᵀV contain I, and J v_k = s_k u_k for every value that was told apart."""
    J = arb_mat(chain.product())
    u, v = result.left_enclosures, result.right_enclosures
    for frame in (u, v):
        gram = frame.transpose() * frame
        for row in range(gram.nrows()):
            for column in range(gram.nrows()):
                assert gram[row, column].contains(int(row == column))
    clustered = {position for cluster in result.clusters for position in cluster}
    image = J * v
    for mode in set(range(result.rank)) - clustered:
        value = result.enclosures[mode].exp()
        assert all(image[row, mode].overlaps(value * u[row, mode]) for row in range(image.nrows()))


def _deep_chain(seed):
    """Hundreds of factors out of a pool of three nonsingular ones."""
    source = random.Random(seed)  # noqa: S311 -- examples, not secrets
    size, depth = source.randint(2, 4), source.choice([256, 300, 600])
    drawn = (_matrix(size, size, lambda r, c: _entry(source, "integer")) for _ in itertools.count())
    pool = list(itertools.islice((factor for factor in drawn if factor.det() != 0), 3))
    return Chain([source.choice(pool) for _ in range(depth)])


def test_chains_merged_from_stretches_contain_the_exact_values(monkeypatch):
    monkeypatch.setattr(svd, "WIDEST", 0)
    monkeypatch.setattr(svd, "_STRETCH", 0.5)  # merging is for longer chains than exact values allow
    merged = []
    monkeypatch.setattr(svd, "orthogonalised", lambda state: merged.append(state) or orthogonalised(state))
    chains = 6 if BLOCKS == 10 else 200
    for seed in range(chains):
        chain = _deep_chain(seed)
        result = spectrum(chain, digits=DIGITS)
        with balls(4 * BITS):
            expected = _exact_logs(chain)
            assert result.rank == len(expected), seed
            for ball, truth in zip(result.enclosures, expected, strict=True):
                assert ball.rad() <= arb(10) ** -DIGITS, seed
                assert ball.contains(truth), seed
    assert len(merged) > chains / 2  # the others separate too slowly for it


# --- special chains ----------------------------------------------------------------------------------


def test_orthogonal_chains_have_only_ones_and_say_that_they_are_a_cluster():
    result = spectrum(Chain([[[0, -1], [1, 0]]] * 50), vectors=True)
    assert result.clusters == ((0, 1),)
    assert all(ball.contains(0) for ball in result.enclosures)


def test_hilbert_matrices_have_their_determinant():
    hilbert = _matrix(8, 8, lambda r, c: fmpq(1, r + c + 1))
    result = spectrum(Chain([hilbert]), digits=40)
    with balls(BITS):
        assert sum(result.enclosures, arb(0)).contains(abs(arb(hilbert.det())).log())


def test_huge_and_subnormal_entries_side_by_side():
    entries = (1e300, 1e-300, 5e-324)
    result = spectrum(Chain([np.diag(entries)]))
    with balls(BITS):
        assert all(
            ball.contains(arb(entry).log()) for ball, entry in zip(result.enclosures, entries, strict=True)
        )


def test_a_dead_gate_is_an_exact_zero():
    result = spectrum(Chain([np.diag([2.0, 0.0, 3.0]), np.ones((3, 3))]))
    assert result.rank == 1
    assert result.log_singular_values[1:].tolist() == [-np.inf, -np.inf]


# --- deep chains, and the other engines ---------------------------------------------------------------


@pytest.mark.parametrize(("depth", "width"), [(1500, 8), (400, 16)])
def test_deep_chains_have_the_determinant_of_their_factors(depth, width):
    chain = Chain.gaussian(depth=depth, width=width, seed=3)
    result = spectrum(chain, digits=20)
    with balls(400):
        exact = sum((abs(arb(factor.det())).log() for factor in chain.exact), arb(0))
        assert sum(result.enclosures, arb(0)).contains(exact)


@pytest.mark.parametrize(("depth", "width"), [(60, 6), (300, 5)])
def test_the_engines_agree(depth, width):
    chain = Chain.gaussian(depth=depth, width=width, seed=1)
    certified = spectrum(chain, digits=DIGITS)
    reference = spectrum(chain, digits=DIGITS, engine="mpmath")
    assert certified.decimal_strings() == reference.decimal_strings()
    quick = spectrum(chain, engine="float64")
    assert np.abs(quick.log_singular_values - certified.log_singular_values).max() < 1e-10


@pytest.mark.parametrize("size", [fmpq(1, 3), fmpq(1, 2**20), fmpq(1, 2**70), fmpq(0)])
def test_the_inverse_of_a_small_turn_is_enclosed_narrowly(size):
    Z = fmpq_mat(3, 3, [size * fmpq(entry, 16) for entry in (3, -4, 1, 2, 0, -3, 4, 1, -2)])
    A = fmpq_mat(3, 3, [2, -1, 3, 0, 1, -3, 2, 2, -2])
    exact = A * (fmpq_mat(3, 3, [int(i == j) for i in range(3) for j in range(3)]) + Z).inv()
    with balls(150):
        enclosure = apply_inverse(arb_mat(A), arb_mat(Z), 150)
        assert enclosure.contains(exact)
        assert all(entry.rad() < arb(2) ** -140 for entry in enclosure.entries())


def test_logarithms_near_zero_keep_their_significant_digits():
    # log s_1 = log(1 + 10^-9): 30 digits after the point would leave 21 significant ones.
    small = spectrum(Chain([np.array([[fmpq(10**9 + 1, 10**9)]], dtype=object)]), digits=30)
    with balls(400):
        exact = (1 + arb(fmpq(1, 10**9))).log()
        assert small.enclosures[0].contains(exact)
        assert small.enclosures[0].rad() <= arb(10) ** -39
    assert small.decimal_strings()[0] == "0.000000000999999999500000000333333333083"
