"""Coupled coordinates of a chain: against the blocks of products of generic matrices of the same pattern."""

import itertools

import numpy as np
from flint import arb, arb_mat
from hypothesis import given, strategies as st

from jacspec.numerics import Chain
from jacspec.numerics.chains.components import component_of_columns, components


@st.composite
def patterns(draw):
    widths = draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    return [
        np.array([[draw(st.integers(0, 3)) == 0 for _ in range(a)] for _ in range(b)])
        for a, b in itertools.pairwise(widths)
    ]


@given(patterns())
def test_components_are_those_of_the_graph(links):
    """By powers of the adjacency matrix of all coordinates of all layers."""
    found = components(Chain([link.astype(float) for link in links]))
    widths = [links[0].shape[1], *(link.shape[0] for link in links)]
    ends = np.cumsum([0, *widths])
    adjacency = np.eye(ends[-1], dtype=bool)
    for layer, link in enumerate(links):
        inner, outer = slice(ends[layer], ends[layer + 1]), slice(ends[layer + 1], ends[layer + 2])
        adjacency[outer, inner] |= link
        adjacency[inner, outer] |= link.T
    reachable = np.linalg.matrix_power(adjacency.astype(float), int(ends[-1])) > 0
    labels = np.concatenate([found.columns, found.rows])
    places = [*range(widths[0]), *range(ends[-2], ends[-1])]
    assert ((labels[:, None] == labels[None, :]) == reachable[np.ix_(places, places)]).all()


def test_a_column_belongs_to_the_component_of_its_largest_entry():
    vectors = arb_mat([[0, arb(0, 1)], [arb(-1), arb(0, 1)], [arb(0.5), arb(0, 1)]])
    assert component_of_columns(vectors, np.array([0, 1, 1])) == [1, -1]
