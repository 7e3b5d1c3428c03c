"""Convolutions and poolings against loops that spell out their definition, in integers."""

import itertools
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq

from jacspec.numerics import Chain, InputError, max_memory
from jacspec.numerics.networks.build import (
    average_pool,
    convolution,
    dense,
    flatten,
    max_pool,
    normalisation,
    reshape,
)
from jacspec.numerics.networks.inputs import as_example
from jacspec.numerics.networks.linearise import _applied, column, factors_at
from jacspec.numerics.networks.pointwise import Gate
from jacspec.numerics.networks.weights import as_slope
from jacspec.numerics.support.factors import as_exact
from jacspec.numerics.support.precision import balls


def slide(image, kernel, stride, padding, dilation, fill):
    """Every window of one example (channels, rows, columns), by the definition; out of range is ``fill``."""
    _, *grid = image.shape
    counts = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(grid, kernel, stride, padding, dilation, strict=True)
    ]
    for place in itertools.product(*map(range, counts)):
        window = {}
        for offset in itertools.product(*map(range, kernel)):
            at = tuple(
                i * s - p + o * d
                for i, s, p, o, d in zip(place, stride, padding, offset, dilation, strict=True)
            )
            inside = all(0 <= a < n for a, n in zip(at, grid, strict=True))
            window[offset] = image[(slice(None), *at)] if inside else np.full(len(image), fill)
        yield place, window


def convolve(image, weight, bias, stride, padding, dilation, groups):
    out, each = len(weight), weight.shape[1]
    result = {}
    for place, window in slide(image, weight.shape[2:], stride, padding, dilation, 0):
        for channel in range(out):
            group = channel // (out // groups)
            result[channel, *place] = bias[channel] + sum(
                int(weight[(channel, c, *offset)]) * int(seen[group * each + c])
                for offset, seen in window.items()
                for c in range(each)
            )
    return [result[key] for key in sorted(result)]


def columns(layer, shape):
    """The layer's matrix and offset, and its output shape."""
    affine = layer.affine(shape)
    return affine.matrix, affine.offset, affine.shape


CASES = [  # channels and grid, output channels, kernel, stride, padding, dilation, groups
    ((1, 5, 5), 2, (3, 3), (1, 1), (0, 0), (1, 1), 1),
    ((3, 5, 4), 2, (3, 2), (2, 1), (1, 0), (1, 2), 1),
    ((4, 4, 5), 6, (2, 2), (1, 2), (1, 1), (1, 1), 2),
    ((3, 7), 6, (3,), (2,), (2,), (2,), 3),
    ((2, 1), 3, (1,), (1,), (0,), (1,), 1),
]


@pytest.mark.parametrize(("shape", "out", "kernel", "stride", "padding", "dilation", "groups"), CASES)
def test_a_convolution_is_its_definition(shape, out, kernel, stride, padding, dilation, groups):
    rng = np.random.default_rng(0)
    weight = rng.integers(-9, 10, size=(out, shape[0] // groups, *kernel))
    bias, image = rng.integers(-9, 10, size=out), rng.integers(-9, 10, size=shape)
    layer = convolution("conv", weight, bias, stride, padding, dilation, groups)
    matrix, offset, result = columns(layer, shape)
    expected = convolve(image, weight, bias, stride, padding, dilation, groups)
    assert (matrix @ image.ravel() + offset[0]).tolist() == expected
    assert len(expected) == np.prod(result)
    batched, _, with_batch = columns(layer, (1, *shape))
    assert np.array_equal(batched, matrix)
    assert with_batch == (1, *result)


def test_a_convolution_with_same_padding_keeps_the_shape():
    weight = np.arange(12.0).reshape(1, 1, 3, 4)
    matrix, _, shape = columns(convolution("conv", weight, None, 1, "same", 1, 1), (1, 5, 6))
    assert shape == (1, 5, 6)
    # An even kernel reaches one further to the right: column 2 sees the weights 1, 5, 9 to its left.
    assert matrix[:6, 6:12].tolist()[0] == [9, 10, 11, 0, 0, 0]


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("count_padding", [True, False])
def test_an_average_pool_is_its_definition(padding, count_padding):
    image = np.random.default_rng(1).integers(-9, 10, size=(2, 5, 6))
    layer = average_pool("pool", 2, 3, 2, padding, False, count_padding, None)
    matrix, _, shape = columns(layer, image.shape)
    expected = {}
    for place, window in slide(image.astype(object), (3, 3), (2, 2), (padding, padding), (1, 1), None):
        for channel in range(2):
            seen = [int(v[channel]) for v in window.values() if v[channel] is not None]
            expected[channel, *place] = Fraction(sum(seen), 9 if count_padding else len(seen))
    exact = [
        sum(Fraction(w) * int(z) for w, z in zip(row, image.ravel(), strict=True)) for row in matrix.tolist()
    ]
    assert exact == [expected[key] for key in sorted(expected)]
    assert len(exact) == np.prod(shape)


def test_a_window_that_reaches_past_the_padding_is_averaged_over_what_there_is():
    matrix, _, shape = columns(average_pool("pool", 1, 2, 2, 0, True, True, None), (1, 5))
    assert shape == (1, 3)
    assert matrix.tolist() == [[0.5, 0.5, 0, 0, 0], [0, 0, 0.5, 0.5, 0], [0, 0, 0, 0, 1]]
    divided, _, _ = columns(average_pool("pool", 1, 2, 2, 0, True, True, 8), (1, 5))
    assert divided.tolist() == [[0.125, 0.125, 0, 0, 0], [0, 0, 0.125, 0.125, 0], [0, 0, 0, 0, 0.125]]


def test_a_last_window_that_starts_in_the_padding_is_left_out():
    assert columns(average_pool("pool", 1, 1, 2, 0, True, True, None), (1, 4))[2] == (1, 2)


def test_a_max_pool_selects_and_merges():
    image = np.array([[[1.0, 5, 2, 0], [3, 4, 9, 8]]])
    factors = factors_at([max_pool("pool", 2, 2, None, 0, 1, False)], as_example(image))
    assert Chain(factors) == Chain([np.eye(8)[[1, 6]]])
    merged = factors_at(
        [
            dense("W", np.diag([2.0, 3.0]), None),
            reshape("r", (1, 2)),
            max_pool("pool", 1, 2, None, 0, 1, False),
        ],
        as_example([1.0, 1.0]),
    )
    assert Chain(merged) == Chain([[[0, 3]]])


def test_padding_is_never_the_largest():
    factors = factors_at([max_pool("pool", 1, 2, 2, 1, 1, False)], as_example([[-5.0, -6.0, -7.0]]))
    assert Chain(factors) == Chain([np.eye(3)[[0, 1]]])


def test_a_tie_is_a_kink_unless_the_entries_are_the_same_function():
    pool = max_pool("pool", 1, 2, None, 0, 1, False)
    with pytest.raises(InputError, match=r"pool has 1 tie\(s\).*kink.*kinks='left'"):
        factors_at([pool], as_example([[1.0, 1.0]]))
    assert Chain(factors_at([pool], as_example([[1.0, 1.0]]), kinks="left")) == Chain([[[1, 0]]])
    # Behind dead gates, and behind a layer that the dead gates feed.
    dead = [dense("W", np.eye(2), None), Gate("relu"), pool]
    assert Chain(factors_at(dead, as_example([[-1.0, -2.0]]))) == Chain([[[0, 0]]])
    behind = [*dead[:2], dense("V", np.diag([2.0, 3.0]), None), pool]
    assert Chain(factors_at(behind, as_example([[-1.0, -2.0]]))) == Chain([np.zeros((2, 2)), [[2, 0]]])
    twins = [dense("W", [[1.0, 2.0], [1.0, 2.0]], None), pool]
    assert Chain(factors_at(twins, as_example([[1.0, 2.0]]))) == Chain([[[1, 2]]])


def test_batch_normalisation_is_exact_but_for_its_scale():
    scale = np.array([3.0, -1.0]) / np.sqrt(np.array([4.0, 0.25]) + 1e-5)
    layer = normalisation("norm", [3.0, -1.0], [1.0, 0.1], [0.5, 0.3], [4.0, 0.25], 1e-5, (3,))
    matrix, offset, _ = columns(layer, (1, 2, 3))
    assert np.array_equal(matrix, np.diag(np.repeat(scale, 3)))
    exact = [
        Fraction(b) - Fraction(a) * Fraction(m) for a, b, m in zip(scale, [1.0, 0.1], [0.5, 0.3], strict=True)
    ]
    assert [Fraction(entry) for entry in offset[0]] == [exact[0]] * 3 + [exact[1]] * 3


def test_the_rounding_of_a_scale_is_within_what_its_factor_says():
    generator = np.random.default_rng(0)
    weight, variance = generator.standard_normal((2, 500))
    variance = variance**2
    layer = normalisation("norm", weight, None, np.zeros(500), variance, 1e-5, (2,))
    error = layer.affine((1, 500)).error
    with balls(200):
        true = [arb(w) / (arb(v) + arb(1e-5)).sqrt() for w, v in zip(weight, variance, strict=True)]
        off = [abs(arb(a) / b - 1) for a, b in zip(layer.scale[0], true, strict=True)]
        assert all(each < error for each in off)
        assert any(each > error / 8 for each in off), "the bound is not far off"
    (origin,) = factors_at([layer], as_example([np.ones(500)])).origins
    assert str(origin) == "norm: rounded, to about 3e-16"


def test_a_gate_in_front_is_a_diagonal_factor():
    assert Chain(factors_at([Gate("g", Fraction(1, 2))], as_example([1.0, -1.0]))) == Chain(
        [[[1, 0], [0, 0.5]]]
    )


def test_a_network_without_layers_is_the_identity():
    assert Chain(factors_at([flatten("f", 0, -1)], as_example([[1.0], [2.0]]))) == Chain([np.eye(2)])


@pytest.mark.parametrize(
    ("layer", "shape", "parts"),
    [
        (
            dense("W", np.eye(2), None),
            (3,),
            ("W is given an example of shape (3,)", "2 features", "batch axis"),
        ),
        (dense("W", np.eye(2), None), (3, 2), ("W", "shape (3, 2)", "one example")),
        (convolution("c", np.ones((1, 2, 3)), None, 1, 0, 1, 1), (3, 5), ("c is given", "2 input channels")),
        (convolution("c", np.ones((1, 2, 3)), None, 1, 0, 1, 1), (2, 2, 5), ("c is given", "one example")),
        (
            convolution("c", np.ones((1, 2, 3)), None, 1, 0, 1, 1),
            (2, 2),
            ("c: a kernel of 3", "on 2 positions"),
        ),
        (
            convolution("c", np.ones((64, 1, 3, 3)), None, 1, 0, 1, 1),
            (1, 256, 256),
            ("c, a dense matrix of", "TB of memory", "smaller"),
        ),
        (max_pool("p", 1, 3, 1, 10**11, 1, False), (1, 5), ("p: a kernel of (3,)", "TB of memory")),
        (max_pool("p", 2, 2, None, 0, 1, False), (5,), ("p is given", "shape (5,)")),
        (max_pool("p", 1, 1, 1, 1, 1, False), (1, 2), ("p is given", "padding alone")),
        (
            normalisation("n", None, None, [0.0], [1.0], 0.0, (2,)),
            (2, 1),
            ("n is given", "batch axis of one"),
        ),
        (flatten("f", 1, -1), (4,), ("f flattens axes 1 to -1", "batch axis of one")),
        (reshape("r", (1, 3)), (1, 4), ("r reshapes (1, 4) to (1, 3)", "as many entries")),
        (reshape("r", (-1, -1)), (1, 4), ("r reshapes", "as many entries")),
    ],
)
def test_a_layer_that_does_not_fit_is_one_clear_error(layer, shape, parts):
    with pytest.raises(InputError) as caught:
        factors_at([layer], as_example(np.arange(1.0, 1 + np.prod(shape)).reshape(shape)))
    for part in parts:
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("make", "parts"),
    [
        (
            lambda: convolution("c", np.ones((3, 1, 2)), None, 1, 0, 1, 2),
            ("c: weight of shape (3, 1, 2)", "2 groups"),
        ),
        (lambda: convolution("c", np.ones((3, 1, 2)), None, 1, "round", 1, 1), ("'round'", "'same'")),
        (lambda: convolution("c", np.ones((3, 1, 2)), None, 0, 0, 1, 1), ("stride", "at least 1")),
        (lambda: convolution("c", np.ones((3, 1, 2)), [1.0], 1, 0, 1, 1), ("c: bias", "expected (3,)")),
        (lambda: normalisation("n", None, None, [0.0], [-1.0], 1e-5, (2,)), ("n", "σ² + ε > 0")),
    ],
)
def test_what_is_no_layer_is_one_clear_error(make, parts):
    with pytest.raises(InputError) as caught:
        make()
    for part in parts:
        assert part in str(caught.value)


def test_a_matrix_that_is_mostly_zero_is_applied_as_exactly_as_any():
    entries = np.zeros((6, 8), dtype=object)
    entries[[0, 1, 1, 5], [7, 0, 3, 2]] = [Fraction(1, 3), 0.1, -(2.0**-1060), 1e300]
    value = column([fmpq(k, 7) for k in range(1, 9)])
    for matrix in (entries, np.where(entries == Fraction(1, 3), 0, entries).astype(np.float64)):
        assert _applied(matrix, value) == as_exact(matrix) * value


def test_all_zeros_of_a_leaky_gate_after_a_convolution_are_one():
    """Each was a fraction of its own, of 50 bytes beside the 8 of its place."""
    layer = convolution("c", np.random.default_rng(0).normal(size=(1, 1, 3, 3)), None, 1, 1, 1, 1)
    x = as_example(np.random.default_rng(1).normal(size=(1, 1, 20, 20)))
    tracemalloc.start()
    try:
        chain = Chain(factors_at([layer, Gate("leaky", as_slope(0.01, "slope"))], x))
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not chain.is_dyadic
    assert kept < 16 * chain.factors[0].size


def test_a_leaky_gate_that_does_not_fit_is_refused_before_it_is_allocated():
    layers = [dense("w", np.ones((300, 300)), None), Gate("leaky", Fraction(1, 3))]
    with max_memory("20 MB"), pytest.raises(InputError, match=r"about 56\.9 MB of memory"):
        factors_at(layers, as_example(-np.ones(300)))
