"""Actual chains at which steps about singular values in descending order are evaluated.

Random integer chains, and chains at which the inequalities of section 2 are equalities: there a
bound that claims more than its proof gives is refuted.
"""

from __future__ import annotations

from functools import cache
from random import Random

from flint import fmpq, fmpq_mat

from jacspec.numerics import Chain
from jacspec.numerics.chains.flows import partial_products
from jacspec.numerics.spectra.small_exact import singular_decomposition
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.theory.notation.symbols import N, i, j, k, l, n

_LAYER = 2


class SplitPoint(ChainPoint):
    """A chain read at layer l = 2, for the directions i and k."""

    particular = frozenset({N, n, l})

    def __init__(self, chain: Chain, first: int = 1, second: int = 1, description: str = "") -> None:
        super().__init__(chain, [factor * 0 for factor in chain.exact], second)
        self.indices.update({i: first, j: first, k: second, l: _LAYER})
        self.kind, self.description = description, f"{description}, i={first}, k={second}"


def split_points(seed: int, *, equality_in_B: bool) -> list[SplitPoint]:
    """Random chains at two pairs of directions each, and two chains of equality at i = k.

    ``equality_in_B``: there B is a multiple of an orthogonal matrix; otherwise A is. One of the two has
    singular values above 1 and the other below: a power too many makes a bound too small at one of them.
    """
    points = []
    for depth, width, pairs in ((3, 2, ((1, 2), (2, 1))), (2, 3, ((1, 3), (2, 1)))):
        chain = generic_chain(seed, depth, width)
        points += [SplitPoint(chain, *pair, f"N={depth}, n={width}, seed={seed}") for pair in pairs]
    for size, sizes in (
        ("large", (fmpq(2), fmpq(5), fmpq(2))),
        ("small", (fmpq(1, 3), fmpq(1, 2), fmpq(1, 5))),
    ):
        equality = _equality(equality_in_B, *sizes)
        description = f"N=2, n=2, a chain of equality with {size} singular values"
        points += [SplitPoint(equality, mode, mode, description) for mode in (1, 2)]
    return points


def chains_of_both(seed: int) -> list[SplitPoint]:
    """Where singular vectors of A and of B are needed: random chains, and one with a nearly isometric B.

    At i = k the bounds are nearly attained there.
    """
    points = []
    for depth, width, pairs in ((3, 2, ((1, 2), (2, 1))), (2, 3, ((1, 3), (3, 2)))):
        chain = generic_chain(seed, depth, width)
        points += [SplitPoint(chain, *pair, f"N={depth}, n={width}, seed={seed}") for pair in pairs]
    for name, scale in (("large", fmpq(2)), ("small", fmpq(1, 9))):
        chain = _nearly_isometric(scale)
        points += [SplitPoint(chain, mode, mode, f"N=2, n=2, B nearly isometric, {name}") for mode in (1, 2)]
    return points


@cache
def _nearly_isometric(scale: fmpq) -> Chain:
    """A with singular values 5 and 2 times a scale, after a B of singular values near that scale."""
    spread = rotation(3, 4, 5) * fmpq_mat(2, 2, [5 * scale, 0, 0, 2 * scale]) * rotation(5, 12, 13)
    stretch = fmpq_mat(2, 2, [scale * fmpq(103, 100), 0, 0, scale])
    return Chain([rotation(8, 15, 17) * stretch * rotation(20, 21, 29), spread])


@cache
def generic_chain(seed: int, depth: int, width: int) -> Chain:
    """An integer chain all of whose partial products have simple, non-zero singular values."""
    random = Random(f"chain {seed} {depth} {width}")  # noqa: S311 -- points, not secrets
    while True:
        entries = [[random.randint(-5, 5) for _ in range(width * width)] for _ in range(depth)]
        chain = Chain([fmpq_mat(width, width, values) for values in entries])
        left, right = partial_products(chain)
        if all(_is_generic(product) for product in (*left[:-1], *right[1:])):
            return chain


def _is_generic(product: fmpq_mat) -> bool:
    decomposition = singular_decomposition(product)
    simple = all(count == 1 for count in decomposition.multiplicities)
    return simple and product.det() != 0


@cache
def _equality(in_B: bool, scale: fmpq, first: fmpq, second: fmpq) -> Chain:
    """A factor with two different singular values, next to a multiple of an orthogonal one."""
    spread = rotation(3, 4, 5) * fmpq_mat(2, 2, [first, 0, 0, second]) * rotation(5, 12, 13)
    isometry = rotation(8, 15, 17) * scale
    return Chain([isometry, spread] if in_B else [spread, isometry])


def rotation(p: int, q: int, r: int) -> fmpq_mat:
    """The rational rotation of the plane with cosine p/r and sine q/r."""
    return fmpq_mat(2, 2, [fmpq(p, r), fmpq(-q, r), fmpq(q, r), fmpq(p, r)])


_RIGHT_ANGLES = ((fmpq(7, 30), (40, 7)), (fmpq(7, 40), (30, 7)))
"""s_2/s_1 of A, and cos θ : sin θ; both leave J the rational ratio 350/1201."""


def right_angled(number: int, left: fmpq_mat, right: fmpq_mat) -> Chain:
    """Two factors of width 2 between which u_1 turns as far as κ(B) lets it; turned left and right."""
    ratio, (cosine, sine) = _RIGHT_ANGLES[number]
    turned = fmpq_mat(2, 2, [cosine, -sine, sine, cosine])
    spread, narrow = fmpq_mat(2, 2, [3, 0, 0, 3 * ratio]), fmpq_mat(2, 2, [2, 0, 0, 2 * fmpq(350, 1201)])
    whole = turned * narrow * turned.transpose()
    return Chain([spread.inv() * whole * right, left * spread])


def steepest(spread: fmpq) -> Chain:
    """A of any spectrum after a B with κ(B) = spread that turns u_1 the most, to first order."""
    trace = spread + 1 / spread
    p, h = 2 / trace, (spread - 1 / spread) / trace
    return Chain([fmpq_mat(2, 2, [p, 0, h, 1]), fmpq_mat(2, 2, [5, 0, 0, 1])])


def chains_of_the_plane() -> list[SplitPoint]:
    """Chains of width 2 at which the bounds on how far u_1 turns are attained."""
    turn, twist = rotation(5, 12, 13), rotation(3, 4, 5)
    B, A = right_angled(0, turn, twist).exact
    chains = {
        "N=2, n=2, right angle": right_angled(1, turn, twist),
        "N=3, n=2, right angle": Chain([B, turn.transpose(), A * turn]),
    }
    first, second = steepest(fmpq(3)).exact
    chains["N=3, n=2, steepest B with κ=3"] = Chain([first, turn.transpose(), second * turn])
    chains |= {f"N=2, n=2, steepest B with κ={spread}": steepest(fmpq(spread)) for spread in (2, 5)}
    return [SplitPoint(chain, 1, 2, description) for description, chain in chains.items()]
