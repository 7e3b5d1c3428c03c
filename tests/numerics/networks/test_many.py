"""A network at many inputs has the factors, the origins and the refusals that it has at each of them."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from jacspec.numerics import Chain, InputError
from jacspec.numerics.networks import many
from jacspec.numerics.networks.build import average_pool, convolution, dense, flatten, max_pool, normalisation
from jacspec.numerics.networks.inputs import as_example
from jacspec.numerics.networks.linearise import factors_at
from jacspec.numerics.networks.many import factors_at_each
from jacspec.numerics.networks.pointwise import Gate

rng = np.random.default_rng(0)


def drawn(*shape):
    return rng.normal(size=shape)


MLP = [
    dense("a", drawn(6, 4), drawn(6)),
    Gate("r"),
    dense("b", drawn(5, 6), None),
    Gate("s"),
    dense("c", drawn(2, 5), drawn(2)),
]
PICTURE = [
    convolution("conv", drawn(3, 2, 3, 3), drawn(3), 1, 1, 1, 1),
    Gate("relu"),
    average_pool("pool", 2, 2, None, 0, False, True, None),
    flatten("flat", 1, -1),
    dense("head", drawn(4, 12), drawn(4)),
]
CASES = {
    "dense": (MLP, drawn(7, 1, 4)),
    "float32": (MLP, drawn(7, 1, 4).astype(np.float32)),
    "whole numbers": (MLP, rng.integers(-9, 9, (7, 1, 4))),
    "convolution": (PICTURE, drawn(3, 1, 2, 4, 4)),
    "a gate alone": ([Gate("r")], drawn(3, 1, 4)),
    "a gate first and last": ([Gate("r"), *MLP, Gate("t")], drawn(7, 1, 4)),
    "nothing but shape": ([flatten("f", 0, -1)], drawn(2, 1, 2, 2)),
    "leaky": ([MLP[0], Gate("l", Fraction(1, 4)), *MLP[2:]], drawn(4, 1, 4)),
    "rounded": (
        [MLP[0], normalisation("n", None, None, drawn(6), drawn(6) ** 2, 0.1, (2,)), *MLP[1:]],
        drawn(4, 1, 4),
    ),
    "rounded, without an offset": (
        [MLP[0], normalisation("n", None, None, np.zeros(6), drawn(6) ** 2, 0.1, (2,)), *MLP[1:]],
        drawn(4, 1, 4),
    ),
    "lost by the layer before": (
        [
            dense("w", np.array([[1e16, 1, -1e16]]), None),
            dense("v", np.ones((2, 1)), np.array([-0.5, -2])),
            Gate("r"),
        ],
        np.ones((1, 1, 3)),
    ),
    "pooled": ([PICTURE[0], max_pool("m", 2, 2, None, 0, 1, False), *PICTURE[3:]], drawn(3, 1, 2, 4, 4)),
    "thirds": ([PICTURE[0], average_pool("t", 2, 3, 1, 1, False, False, None)], drawn(2, 1, 2, 4, 4)),
}


def assert_the_same(found, expected):
    assert Chain(found) == Chain(expected)
    assert found.origins == expected.origins


@pytest.mark.parametrize("name", CASES)
def test_the_factors_are_those_at_each_input(name):
    layers, inputs = CASES[name]
    found = list(factors_at_each(layers, inputs))
    assert len(found) == len(inputs)
    for x, factors in zip(inputs, found, strict=True):
        assert_the_same(factors, factors_at(layers, as_example(x)))


@given(
    st.lists(st.lists(st.integers(-(2**53), 2**53), min_size=4, max_size=4), min_size=1, max_size=4),
    st.data(),
)
def test_a_gate_that_rounding_could_decide_is_decided_exactly(rows, data):
    """Sums that cancel: in float64 such a pre-activation has any sign."""
    scales = data.draw(st.lists(st.sampled_from([1.0, 2.0**-53, 2.0**53, -1.0]), min_size=4, max_size=4))
    weight = np.array([scales, scales[::-1]])
    layers = [dense("w", weight, None), Gate("r"), dense("v", weight @ weight.T, None), Gate("s")]
    inputs = np.array(rows, dtype=np.float64)
    for x, factors in zip(inputs, factors_at_each(layers, inputs, kinks="left"), strict=True):
        assert_the_same(factors, factors_at(layers, as_example(x), kinks="left"))


def test_only_what_float64_cannot_decide_is_followed_exactly(monkeypatch):
    followed = []
    monkeypatch.setattr(
        many, "factors_at", lambda layers, example, **_: followed.append(example) or "exactly"
    )
    near = np.array([[1.0, 1.0], [1.0, -1.0], [3.0, -3.0 + 2.0**-51], [1e300, 1e300]])
    layers = [dense("w", np.array([[1e10, 1e10]]), None), Gate("r"), dense("v", np.array([[1.0]]), None)]
    found = list(factors_at_each(layers, near))
    assert [each == "exactly" for each in found] == [False, True, True, True]
    assert len(followed) == 3


def test_refusals_are_those_at_one_input():
    inputs = np.array([[[1.0, 2.0]], [[1.0, -1.0]]])
    layers = [dense("w", np.ones((1, 2)), None), Gate("r")]
    each = factors_at_each(layers, inputs)
    assert np.array_equal(next(each)[0], [[1.0, 1.0]])
    with pytest.raises(InputError, match="the input lies on a kink"):
        next(each)
    for wrong, part in (
        (inputs * np.nan, "expected a finite number"),
        (inputs[:, :, :1], "expected one example of 2 features"),
    ):
        with pytest.raises(InputError, match=part):
            next(factors_at_each(layers, wrong))
    with pytest.raises(InputError, match="kinks='right'"):
        next(factors_at_each(layers, inputs, kinks="right"))
