"""Fully connected networks: exact difference quotients, kinks decided exactly, one clear error each."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError, spectrum

SMALL = Fraction(1, 2**40)
"""A step that stays on the input's piece: the networks below have integer weights."""


def product(chain):
    """J as a nested list of Fractions."""
    return [[Fraction(int(e.p), int(e.q)) for e in row] for row in chain.product().tolist()]


def forward(weights, biases, x, slope):
    """The network itself, entry by entry."""
    h = [Fraction(entry) for entry in x]
    for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True), 1):
        h = [sum(w * z for w, z in zip(row, h, strict=True)) + b for row, b in zip(weight, bias, strict=True)]
        if layer < len(weights):
            h = [z if z > 0 else slope * z for z in h]
    return h


def difference_quotients(function, x):
    """The Jacobian of a function that is affine around x, exactly."""
    here = function(x)
    columns = []
    for index in range(len(x)):
        moved = [entry + SMALL * (index == position) for position, entry in enumerate(x)]
        columns.append([(b - a) / SMALL for a, b in zip(here, function(moved), strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


def integer_network(seed, widths=(4, 6, 5, 6, 3)):
    rng = np.random.default_rng(seed)
    weights = [rng.integers(-4, 5, size=(rows, columns)).tolist() for columns, rows in pairwise(widths)]
    biases = [rng.integers(-4, 5, size=len(weight)).tolist() for weight in weights]
    # An odd multiple of 1/32 keeps the input off every kink of the first layer that matters.
    return weights, biases, [Fraction(int(n), 32) for n in rng.integers(-32, 32, size=widths[0]) * 2 + 1]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("activation", "slope"),
    [("relu", 0), ("leaky", Fraction(1, 3)), ("leaky", Fraction(1, 4)), ("linear", 1)],
)
def test_the_product_is_the_exact_difference_quotient(seed, activation, slope):
    weights, biases, x = integer_network(seed)
    chain = Chain.from_weights(weights, x, biases=biases, activation=activation, slope=slope)
    assert chain.depth == len(weights)
    assert product(chain) == difference_quotients(lambda z: forward(weights, biases, z, slope), x)


def test_the_seeds_open_and_close_gates():
    """The test above is not vacuous: ReLU and linear networks differ, and the former are not zero."""
    for seed in range(6):
        weights, biases, x = integer_network(seed)
        gated = Chain.from_weights(weights, x, biases=biases)
        assert gated != Chain.from_weights(weights, x, biases=biases, activation="linear")
        assert all(factor.any() for factor in gated.factors)


def test_gates_are_merged_and_stay_float64():
    W1, W2 = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.1, 0.2]])
    chain = Chain.from_weights([W1, W2], [3.0, -2.0])
    assert chain == Chain([[[1, 0], [0, 0]], W2])
    assert chain.is_dyadic
    assert not np.signbit(chain.factors[0]).any()


def test_a_leaky_slope_is_exact_not_rounded():
    """0.01 · 0.1 has more than 53 bits; rounding it would be another network."""
    chain = Chain.from_weights([[[0.1]], [[1.0]]], [-1.0], activation="leaky")
    assert product(chain) == [[Fraction(0.01) * Fraction(0.1)]]
    assert Fraction(0.01 * 0.1) != Fraction(0.01) * Fraction(0.1)


def test_transposed_weights_are_those_of_y_equals_x_w():
    rng = np.random.default_rng(0)
    weights, x = [rng.normal(size=(4, 4)) for _ in range(3)], rng.normal(size=4)
    assert Chain.from_weights([w.T for w in weights], x, transposed=True) == Chain.from_weights(weights, x)


def test_float32_and_float16_weights_are_exact():
    rng = np.random.default_rng(1)
    W1, W2 = rng.normal(size=(5, 3)).astype(np.float32), rng.normal(size=(2, 5)).astype(np.float16)
    chain = Chain.from_weights([W1, W2], np.float32([1, 2, 3]), activation="linear")
    assert chain == Chain([W1.astype(float), W2.astype(float)])


def test_a_deep_network_does_not_underflow():
    rng = np.random.default_rng(2)
    weights = [rng.normal(scale=0.02, size=(6, 6)) for _ in range(300)]
    result = spectrum(Chain.from_weights(weights, rng.normal(size=6), activation="leaky", slope=0.5), top=1)
    assert -1400 < result.log_singular_values[0] < -700  # exp(-745) is the least float64


# --- kinks ---------------------------------------------------------------------------------------


def test_an_input_on_a_kink_is_refused():
    with pytest.raises(InputError, match=r"after W_1 has 1 pre-activation.* entry 2.*kinks='left'"):
        Chain.from_weights([[[1, 0], [1, -1]], [[1, 1]]], [2, 2])


@pytest.mark.parametrize(("activation", "slope"), [("relu", 0), ("leaky", 0.25)])
def test_left_takes_the_left_derivative(activation, slope):
    chain = Chain.from_weights(
        [[[1, 0], [1, -1]], [[1, 1]]], [2, 2], activation=activation, slope=0.25, kinks="left"
    )
    assert chain == Chain([[[1, 0], [slope, -slope]], [[1, 1]]])


def test_a_kink_is_seen_where_float64_sees_none_and_none_where_it_sees_one():
    tenths = [[Fraction(1, 10), Fraction(2, 10), Fraction(-3, 10)]]
    assert sum(float(w) for w in tenths[0]) != 0  # 0.1 + 0.2 - 0.3 in float64
    with pytest.raises(InputError, match="kink"):
        Chain.from_weights([tenths, [[1]]], [1, 1, 1])
    absorbed = [[1e20, 1.0, -1e20]]
    assert sum(absorbed[0]) == 0
    assert product(Chain.from_weights([absorbed, [[1]]], [1, 1, 1])) == [[10**20, 1, -(10**20)]]


def test_what_is_zero_all_around_is_no_kink():
    """The first layer is dead, so that the second one's pre-activations are zero around the input."""
    chain = Chain.from_weights([[[-1.0], [-2.0]], [[1.0, 1.0]], [[1.0]]], [1.0])
    assert product(chain) == [[0]]


def test_linear_networks_have_no_kinks():
    assert product(Chain.from_weights([[[1, -1]], [[2]]], [1, 1], activation="linear")) == [[2, -2]]


# --- refusals ------------------------------------------------------------------------------------

EYE = np.eye(2)


@pytest.mark.parametrize(
    ("weights", "x", "options", "parts"),
    [
        ([], [1, 1], {}, ("weights is empty", "give [W1, W2")),
        ("W", [1, 1], {}, ("weights is a str", "expected a list")),
        ([EYE, np.ones((2, 3))], [1, 1], {}, ("W_2 takes 3", "W_1 gives 2", "say transposed=True")),
        ([np.ones((2, 3)), EYE], [1, 1], {"transposed": True}, ("W_2 takes 2", "W_1 gives 3", "leave out")),
        ([EYE], [1, 1, 1], {}, ("shape (3,)", "expected (2,)", "transposed")),
        ([EYE], [[1, 1], [1, 1]], {}, ("shape (2, 2)", "give one example")),
        ([EYE], [1, np.inf], {}, ("the input x", "is inf", "finite")),
        ([EYE], [], {}, ("shape (0,)", "give its entries")),
        ([EYE], [[1], [1, 2]], {}, ("the input x", "[1]", "finite real number")),
        ([EYE], [1, 1j], {}, ("the input x", "real")),
        ([EYE, EYE], [1, 1], {"biases": [None]}, ("1 biases for 2 weights", "give None")),
        ([EYE], [1, 1], {"biases": [[1]]}, ("b_1 has shape (1,)", "expected (2,)")),
        ([np.ones(2)], [1, 1], {}, ("W_1", "expected a matrix")),
        ([EYE], [1, 1], {"activation": "tanh"}, ("'tanh'", "relu, leaky, linear")),
        ([EYE], [1, 1], {"activation": "leaky", "slope": "x"}, ("slope", "'x'", "finite real")),
        ([EYE], [1, 1], {"kinks": "ignore"}, ("kinks='ignore'", "refuse, left")),
    ],
)
def test_what_is_no_network_is_one_clear_error(weights, x, options, parts):
    with pytest.raises(InputError) as caught:
        Chain.from_weights(weights, x, **options)
    for part in parts:
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)
