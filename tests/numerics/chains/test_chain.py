"""Chains: order, shapes, partial products, value semantics."""

import itertools
import pickle
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq, fmpq_mat
from hypothesis import given, strategies as st

from jacspec.numerics import Chain, InputError
from jacspec.numerics.measures.sweeps import spectra

SHEAR, SWAP = [[1, 1], [0, 1]], [[0, 1], [1, 0]]


def integer_matrices(rows, columns):
    row = st.lists(st.integers(-3, 3), min_size=columns, max_size=columns)
    return st.lists(row, min_size=rows, max_size=rows)


@st.composite
def integer_chains(draw):
    widths = draw(st.lists(st.integers(1, 3), min_size=2, max_size=5))
    return Chain([draw(integer_matrices(b, a)) for a, b in itertools.pairwise(widths)])


# --- products ----------------------------------------------------------------------------------


def test_the_first_factor_is_applied_first():
    assert Chain([SHEAR, SWAP]).product() == fmpq_mat(2, 2, [0, 1, 1, 1])


def test_the_product_of_floats_is_exact():
    tenth = fmpq(*(0.1).as_integer_ratio())
    assert Chain([[[0.1]]] * 50).product()[0, 0] == tenth**50


@given(integer_chains())
def test_the_product_agrees_with_integers_of_python(chain):
    expected = np.eye(chain.shape[1], dtype=int).astype(object)
    for factor in chain.factors:
        expected = factor.astype(int).astype(object) @ expected
    assert [[int(x.p) for x in row] for row in chain.product().tolist()] == expected.tolist()


@given(integer_chains())
def test_partial_products_multiply_to_the_whole(chain):
    for layer in range(1, chain.depth + 2):
        A, B = chain.left_partial(layer), chain.right_partial(layer)
        assert A.product() * B.product() == chain.product()


def test_partial_products_are_the_ones_of_the_notation():
    chain = Chain([np.full((2, 1), 2), np.full((3, 2), 3), np.full((4, 3), 5)])
    assert chain.left_partial(1) == chain
    assert chain.left_partial(2) == Chain(chain.factors[1:])  # A_l includes M_l
    assert chain.right_partial(2) == Chain(chain.factors[:1])  # B_l does not
    assert chain.right_partial(4) == chain


def test_empty_products_are_identities_of_the_right_size():
    chain = Chain([np.ones((2, 1)), np.ones((3, 2))])
    assert chain.left_partial(3) == Chain([np.eye(3)])
    assert chain.right_partial(1) == Chain([np.eye(1)])


@given(integer_chains())
def test_the_transpose_is_the_chain_of_the_transpose(chain):
    assert chain.transpose().product() == chain.product().transpose()
    assert chain.transpose().transpose() == chain
    assert chain.transpose().shape == chain.shape[::-1]


# --- values ------------------------------------------------------------------------------------


def test_chains_are_equal_by_exact_value():
    assert Chain([SHEAR]) == Chain([np.array(SHEAR, dtype=np.float32)])
    assert hash(Chain([SHEAR])) == hash(Chain([np.array(SHEAR, dtype=np.float32)]))
    assert Chain([[[0.1]]]) != Chain([[["1/10"]]])
    assert Chain([SHEAR]) != Chain([SHEAR, np.eye(2)])
    assert Chain([[[0.0]]]) == Chain([[[-0.0]]])
    assert Chain([SHEAR]) != SHEAR


def test_chains_cannot_be_changed():
    chain = Chain([SHEAR])
    with pytest.raises(AttributeError):
        chain.factors = ()
    with pytest.raises(ValueError, match="read-only"):
        chain.factors[0][0, 0] = 5


def test_chains_travel_to_other_processes():
    chain = Chain([[[Fraction(1, 3), 2]], [[5]]])
    assert chain.exact  # cached, and not picklable itself
    assert pickle.loads(pickle.dumps(chain)) == chain  # noqa: S301


def test_the_representation_says_what_matters():
    assert repr(Chain([np.ones((2, 3)), np.ones((4, 2))])) == "Chain(depth=2, J: 4×3, float64)"
    assert "rational" in repr(Chain([[["1/3"]]]))


def test_is_dyadic():
    assert Chain([SHEAR]).is_dyadic
    assert not Chain([SHEAR, [["1/3", "0"]]]).is_dyadic


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factors", "parts"),
    [
        ([], ("empty", "at least one", "[M1")),
        ([np.ones((2, 3)), np.ones((4, 5))], ("M_2 (4×5)", "M_1 (2×3)", "expected 2 columns", "transpose")),
        ("weights.npz", ("str", "expected a list", "[M1")),
        (3, ("int", "expected a list", "[M1")),
        ({"a": SHEAR}, ("dict", "expected a list", "[M1")),
        (np.eye(2), ("M_1", "expected a matrix", "reshape")),
    ],
    ids=("empty", "shapes", "text", "number", "dict", "matrix"),
)
def test_a_bad_chain_is_refused_with_a_remedy(factors, parts):
    with pytest.raises(InputError) as caught:
        Chain(factors)
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize("layer", [0, 4, -1, 1.0, True, None])
@pytest.mark.parametrize("side", ["left_partial", "right_partial"])
def test_layers_are_counted_from_one_to_beyond_the_last(side, layer):
    chain = Chain([SHEAR, SWAP])
    with pytest.raises(InputError, match=r"expected an integer from 1 to 3, N\+1"):
        getattr(chain, side)(layer)


@pytest.mark.parametrize(
    "read",
    [
        lambda masked: Chain([masked]),
        lambda masked: Chain([np.eye(2), masked]),
        lambda masked: Chain.from_weights([masked], [1.0, 2.0]),
        lambda masked: Chain.from_weights([np.eye(2)], masked[0]),
        lambda masked: spectra(lambda x: Chain.from_weights([np.eye(2)], x[0]), masked),
    ],
)
def test_what_is_masked_is_not_read(read):
    entries = np.array([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(InputError, match="1 masked entry; expected a value for each"):
        read(np.ma.array(entries, mask=[[0, 1], [0, 0]]))
    read(np.ma.array(entries, mask=False))
