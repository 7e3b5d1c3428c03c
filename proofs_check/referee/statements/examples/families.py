"""Batches of parameters: families of matrices and numbers at every scale, and variables that are alike.

Counterexamples are rarely generic: they are small whole numbers, of low rank, nilpotent, nearly orthogonal,
badly scaled, or nearly equal to one another.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from jacspec.proofs_check.interpretation.statements.evaluation import Places, whole_value
from jacspec.proofs_check.interpretation.statements.float_functions import Array
from jacspec.proofs_check.referee.statements.examples.domains import Domain, Kind

Generator = np.random.Generator
_Shape = tuple[int, int, int]
"""Examples, rows, columns."""


def _signs(rng: Generator, shape: _Shape) -> Array:
    return rng.choice([-1.0, 1.0], shape)


def _small(rng: Generator, shape: _Shape) -> Array:
    """Whole numbers from -3 to 3, more or less sparse."""
    kept = rng.random(shape) < rng.choice([0.4, 0.7, 1.0], (shape[0], 1, 1))
    return np.where(kept, rng.integers(-3, 4, shape), 0.0)


def _fractions(rng: Generator, shape: _Shape) -> Array:
    return rng.integers(-6, 7, shape) / rng.integers(2, 9, (shape[0], 1, 1))


def _gaussian(rng: Generator, shape: _Shape) -> Array:
    return rng.standard_normal(shape)


def _graded(rng: Generator, shape: _Shape) -> Array:
    """Rows and columns of different sizes."""
    rows, columns = (10.0 ** -rng.integers(0, 4, (shape[0], n)) for n in shape[1:])
    X: Array = rng.standard_normal(shape) * rows[:, :, None] * columns[:, None, :]
    return X


def _low_rank(rng: Generator, shape: _Shape) -> Array:
    """Whole numbers, of rank one half of the time, of rank two or three otherwise."""
    count, rows, columns = shape
    kept = np.arange(3) < rng.choice([1, 1, 2, 3], (count, 1, 1))
    left, right = rng.integers(-2, 3, (count, rows, 3)), rng.integers(-2, 3, (count, 3, columns))
    return np.asarray((left * kept) @ right, dtype=float)


def _nilpotent(rng: Generator, shape: _Shape) -> Array:
    X = np.triu(rng.integers(-3, 4, shape), 1) * 1.0
    return np.where(rng.random((shape[0], 1, 1)) < 0.5, X, X[:, ::-1, ::-1])


def _selections(rng: Generator, shape: _Shape) -> Array:
    """In every row one entry of ±1, or in every column; columns may repeat."""
    count, rows, columns = shape
    across = rng.integers(0, columns, (count, rows, 1)) == np.arange(columns)
    down = rng.integers(0, rows, (count, 1, columns)) == np.arange(rows)[:, None]
    X: Array = np.where(rng.random((count, 1, 1)) < 0.5, across, down) * _signs(rng, (count, rows, 1))
    return X


def _permutations(rng: Generator, shape: _Shape) -> Array:
    count, rows, columns = shape
    order = rng.permuted(np.broadcast_to(np.arange(columns), (count, columns)), axis=1)
    X = (order[:, None, :] == np.arange(rows)[None, :, None]) * 1.0
    signed: Array = X * rng.choice([-1.0, 1.0, 1.0], (count, 1, columns))
    return signed


def _diagonal(rng: Generator, shape: _Shape) -> Array:
    return np.eye(shape[1], shape[2]) * rng.integers(-3, 4, (shape[0], 1, shape[2]))


def _units(rng: Generator, shape: _Shape) -> Array:
    """One entry of ±1."""
    count, rows, columns = shape
    X = np.zeros(shape)
    X[np.arange(count), rng.integers(0, rows, count), rng.integers(0, columns, count)] = rng.choice(
        [-1.0, 1.0], count
    )
    return X


def _near_identity(rng: Generator, shape: _Shape) -> Array:
    return np.eye(shape[1], shape[2]) + rng.standard_normal(shape) * 10.0 ** -rng.integers(
        0, 5, (shape[0], 1, 1)
    )


def _orthogonal(rng: Generator, shape: _Shape) -> Array:
    side = max(shape[1:])
    return np.linalg.qr(rng.standard_normal((shape[0], side, side)))[0][:, : shape[1], : shape[2]]


_FAMILIES: dict[Callable[[Generator, _Shape], Array], float] = {
    _signs: 1.0, _small: 3.0, _fractions: 2.0, _gaussian: 3.0, _graded: 1.5, _low_rank: 1.0, _nilpotent: 1.0,
    _permutations: 0.7, _selections: 0.7, _diagonal: 1.0, _units: 0.7, _near_identity: 1.5, _orthogonal: 1.0,
}  # fmt: skip
"""The families, and how often each is drawn."""
_NEAR = (1.0, 1.0, -1.0, 0.5, 2.0, 0.999, 1.001)
"""Multiples of a number of the statement that are tried."""
_SCALED = 0.35
"""The share of matrices that are scaled by a power of two."""
_UNSCALED = (Kind.WHOLE, Kind.ORTHOGONAL, Kind.GATE)
_STRETCHED = (0.77, 0.11, 0.04, 0.08)
"""Where the scale matters, the shares not scaled, far, very far, and by a number of the statement."""


def draw(
    rng: Generator, domain: Domain, sizes: Places, count: int, uneven: frozenset[str] = frozenset()
) -> dict[str, Array]:
    """One batch of parameters; two in five of later variables, or layers, resemble an earlier one.

    Variables that are ``uneven``, whose scale matters, are scaled further.
    """
    parameters: dict[str, Array] = {}
    known: list[Array] = []

    def resembling(X: Array) -> Array:
        alike = [other for other in known if other.shape == X.shape]
        known.append(_resembling(rng, X, alike[rng.integers(len(alike))]) if alike else X)
        return known[-1]

    for name in domain.free:
        shape = [whole_value(each, sizes) for each in domain.shapes[name]]
        if not shape:
            parameters[name] = resembling(_numbers(rng, count, domain, name))
        elif len(shape) == 2:
            parameters[name] = resembling(_matrices(rng, count, *shape))
        else:
            layers = [resembling(_matrices(rng, count, *shape[1:])) for _ in range(shape[0])]
            parameters[name] = np.stack(layers, axis=1)
        if name.partition("·")[0] in uneven and domain.kinds[name] not in _UNSCALED:
            parameters[name] = _stretched(rng, parameters[name], domain.numbers)
    return parameters


def _stretched(rng: Generator, P: Array, numbers: tuple[float, ...]) -> Array:
    """Some examples scaled by up to 2^±40, some by up to 2^±110, some by about a number of the statement."""
    count = len(P)
    near = rng.choice([*numbers, 1.0], count) * 2.0 ** rng.integers(-3, 4, count)
    far = [1.0, 2.0 ** rng.integers(-40, 41, count), 2.0 ** rng.integers(-110, 111, count), near]
    scale = np.choose(rng.choice(4, count, p=_STRETCHED), far)
    return np.asarray(P * scale.reshape((-1,) + (1,) * (P.ndim - 1)))


def _matrices(rng: Generator, count: int, rows: int, columns: int) -> Array:
    weights = np.array(list(_FAMILIES.values()))
    parts = rng.multinomial(count, weights / weights.sum())
    blocks = [
        family(rng, (int(part), rows, columns)) for family, part in zip(_FAMILIES, parts, strict=True) if part
    ]
    X = np.concatenate(blocks)[rng.permutation(count)]
    scales = np.where(rng.random(count) < _SCALED, 2.0 ** rng.integers(-12, 8, count), 1.0)
    return X * scales[:, None, None]


def _numbers(rng: Generator, count: int, domain: Domain, name: str) -> Array:
    """Whole, rational, in the unit interval, of any magnitude, Gaussian, near those of the statement.

    And between two bounds, evenly.
    """
    kind, (low, high) = domain.kinds[name], domain.bounds.get(name, (None, None))
    kinds = [
        rng.integers(-6, 7, count) * 1.0,
        rng.integers(-12, 13, count) / rng.integers(2, 13, count),
        rng.random(count),
        rng.choice([-1, 1, 1], count) * 10.0 ** rng.uniform(-4, 4, count),
        rng.standard_normal(count),
        rng.integers(1, 401, count) * 1.0,
    ]
    if domain.numbers:
        kinds.append(rng.choice(domain.numbers, count) * rng.choice(_NEAR, count))
    if low is not None and high is not None:
        kinds.append(float(low) + float(high - low) * rng.random(count))
    elif low is not None:  # near the end of the ray
        kinds.append(float(low) + 10.0 ** rng.uniform(-4, 2, count))
    elif kind is Kind.REAL and high is not None:
        kinds.append(float(high) - 10.0 ** rng.uniform(-4, 2, count))
    return np.choose(rng.integers(0, len(kinds), count), kinds)


def _resembling(rng: Generator, X: Array, A: Array) -> Array:
    """X, or in its place ±A, ±Aᵀ, A and a little, A with entries cancelled, c A; X with A X = 0."""
    one = (len(X),) + (1,) * (X.ndim - 1)
    how = rng.choice(9, len(X), p=[0.57, 0.05, 0.05, 0.06, 0.08, 0.06, 0.06, 0.04, 0.03])
    sign = rng.choice([-1.0, 1.0], one)
    square = X.ndim == 3 and X.shape[1] == X.shape[2]
    near = _sizes(A).reshape(one) * rng.standard_normal(X.shape) * 10.0 ** -rng.integers(0, 5, one)
    others = [
        X,
        A,
        -A,
        sign * (np.swapaxes(A, -1, -2) if square else A),
        sign * A + near,
        sign * A + near * (rng.random(X.shape) < 0.4),
        A * rng.choice([-1.0, 0.0, 1.0], A.shape),
        A * rng.choice([0.5, 2.0, -2.0, 3.0], one),
        X * (np.swapaxes(A, -1, -2) == 0).all(axis=-1, keepdims=True) if square else X,
    ]
    return np.select([(how == position).reshape(one) for position in range(len(others))], others)


def _sizes(A: Array) -> Array:
    """The largest entry of each example."""
    return np.abs(A).reshape(len(A), -1).max(axis=1)  # type: ignore[no-any-return]


def stiff(rng: Generator, domain: Domain, sizes: Places, count: int) -> dict[str, Array]:
    """Rows of sizes that lie up to 2^220 apart, some with one entry more: float64 sees no inverse of them."""
    parameters = dict[str, Array]()
    for name in domain.free:
        shape = [whole_value(each, sizes) for each in domain.shapes[name]]
        *layers, rows, columns = shape if shape else (1, 1)
        many = count * int(np.prod(layers, dtype=int))
        more = _units(rng, (many, rows, columns)) * rng.integers(0, 2, (many, 1, 1))
        P = 2.0 ** rng.choice(_APART, (many, rows, 1)) * (np.eye(rows, columns) + more * bool(shape))
        parameters[name] = P.reshape(count, *shape)
    return parameters


_APART = (0, 0, 0, 10, -10, 25, -25, 50, -50, 110, -110)
_SIMPLE_NUMBERS = np.array([0, 1, -1, 2, 0.5, -0.5, 3, 1 / 3, 10.0, 0.1])


def simplest(rng: Generator, domain: Domain, sizes: Places, most: int) -> dict[str, Array]:
    """All combinations of the simplest parameters, or a sample of ``most`` of them."""
    pools = [
        _simple(rng, [whole_value(each, sizes) for each in domain.shapes[name]], most) for name in domain.free
    ]
    if np.prod([float(len(pool)) for pool in pools]) <= most:
        picks = [
            grid.ravel() for grid in np.meshgrid(*(np.arange(len(pool)) for pool in pools), indexing="ij")
        ]
    else:
        picks = [rng.integers(0, len(pool), most) for pool in pools]
    return {name: pool[pick] for name, pool, pick in zip(domain.free, pools, picks, strict=True)}


def _simple(rng: Generator, shape: list[int], most: int) -> Array:
    """The simplest numbers or matrices; of chains of the latter, a sample."""
    if not shape:
        return _SIMPLE_NUMBERS
    matrices = _simple_matrices(*shape[-2:])
    return matrices if len(shape) == 2 else matrices[rng.integers(0, len(matrices), (most, shape[0]))]


def _simple_matrices(rows: int, columns: int) -> Array:
    """Multiples of the identity, ones, triangular, diagonal and unit matrices, a cycle, a turn."""
    eye, ones, steps = np.eye(rows, columns), np.ones((rows, columns)), np.arange(columns)
    found = [
        0 * eye, eye, -eye, 2 * eye, eye / 2, ones, ones / 2, eye[::-1], np.triu(ones), np.tril(ones),
        np.triu(ones, 1), np.tril(-ones, -1), eye * (steps + 1), eye * (columns - steps), eye * (steps == 0),
        eye * (steps > 0), eye * np.where(steps % 2, -1, 1),
    ]  # fmt: skip
    for i, j in np.ndindex(min(rows, 2), min(columns, 2)):
        unit = np.zeros((rows, columns))
        unit[i, j] = 1
        found += [unit, -unit]
    if rows == columns and rows > 1:
        turn = eye.copy()
        turn[:2, :2] = [[0, -1], [1, 0]]
        found += [np.roll(eye, 1, axis=0), turn, eye + turn]
    return np.unique(np.stack(found), axis=0)
