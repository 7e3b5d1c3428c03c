"""Every function accepts the same values of an argument, and refuses the others in the same words."""

import math
import operator
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpz

from jacspec.numerics import (
    Chain,
    InputError,
    depth_scaling,
    gradient_flow,
    left_overlap,
    partial_spectra,
    principal_angles,
    rank,
    right_overlap,
    spectrum,
    strong_alignment,
    velocities,
)
from jacspec.numerics.spectra.small_exact import singular_decomposition
from jacspec.numerics.support.arguments import choice, positive_number, probability

CHAIN = Chain.gaussian(depth=3, width=3, seed=0)
OVERLAP = left_overlap(CHAIN, 2)
MOTION = gradient_flow(CHAIN, np.eye(3))
SIZE = {"depth": 2, "width": 3, "seed": 0}


class Index:
    """What is no number, and says which integer it stands for."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


def _ensemble(name, option, **others):
    return lambda n: getattr(Chain, name)(**{**SIZE, **others, option: n})


# Each: the function of one integer, the argument's name, and its least and largest value.
INTEGERS = {
    "spectrum": (lambda n: spectrum(CHAIN, digits=n).decimal_strings(), "digits", 1, 4000),
    "spectrum, float64": (lambda n: spectrum(CHAIN, digits=n, engine="float64").digits, "digits", 1, 10),
    "spectrum, mpmath": (lambda n: spectrum(CHAIN, digits=n, engine="mpmath").digits, "digits", 1, 4000),
    "spectrum, top": (lambda n: spectrum(CHAIN, top=n).decimal_strings(), "top", 1, 3),
    "partial_spectra": (lambda n: partial_spectra(CHAIN, digits=n).whole.digits, "digits", 1, 4000),
    "partial_spectra, float64": (
        lambda n: partial_spectra(CHAIN, digits=n, engine="float64").whole.digits, "digits", 1, 10,
    ),
    "left_overlap": (lambda n: left_overlap(CHAIN, n).values.tolist(), "layer", 1, 4),
    "right_overlap": (lambda n: right_overlap(CHAIN, n).values.tolist(), "layer", 1, 4),
    "left_overlap, digits": (lambda n: left_overlap(CHAIN, 2, digits=n).digits, "digits", 1, 4000),
    "right_overlap, digits": (lambda n: right_overlap(CHAIN, 2, digits=n).digits, "digits", 1, 4000),
    "strong_alignment": (lambda n: strong_alignment(CHAIN, digits=n).epsilon, "digits", 1, 4000),
    "velocities": (lambda n: str(velocities(CHAIN, MOTION, digits=n)), "digits", 1, 4000),
    "principal_angles": (lambda n: str(principal_angles(OVERLAP, n)), "r", 1, 3),
    "Overlap.block": (lambda n: OVERLAP.block(n).values.tolist(), "rows", 1, 3),
    "Overlap.block, columns": (lambda n: OVERLAP.block(2, n).values.tolist(), "columns", 1, 3),
    "Overlap.cluster_norm": (lambda n: str(OVERLAP.cluster_norm(n, 0)), "row", 0, 2),
    "DepthScaling.predicted": (lambda n: depth_scaling(CHAIN).predicted(n).tolist(), "factors", 0, None),
    "Chain.left_partial": (CHAIN.left_partial, "layer", 1, 4),
    "Chain.right_partial": (CHAIN.right_partial, "layer", 1, 4),
    "mode": (lambda n: singular_decomposition(CHAIN.exact[0]).cluster(n), "mode", 1, 3),
    **{
        f"{name}, {option}": (_ensemble(name, option), option, least, most)
        for name in ("gaussian", "haar", "masked", "fgln", "balanced")
        for option, least, most in (("depth", 1, 10**18), ("width", 1, 10**18), ("seed", 0, None))
    },
    "masked, min_active": (_ensemble("masked", "min_active"), "min_active", 0, 3),
    "fgln, min_active": (_ensemble("fgln", "min_active"), "min_active", 0, 3),
}  # fmt: skip

each_integer = pytest.mark.parametrize("case", INTEGERS)


@each_integer
@pytest.mark.parametrize("kind", [np.int64, np.uint8, fmpz, Index], ids=operator.attrgetter("__name__"))
def test_whole_numbers_of_every_kind_are_whole_numbers(case, kind):
    function, *_ = INTEGERS[case]
    assert function(kind(2)) == function(2)


@each_integer
@pytest.mark.parametrize(
    "value", [True, np.True_, 2.0, np.float64(2), Fraction(2), "3", math.nan, (2,), -1], ids=repr
)
def test_what_is_no_whole_number_is_refused_in_the_same_words(case, value):
    _refused(case, value)


@each_integer
def test_whole_numbers_out_of_bounds_are_refused_in_the_same_words(case):
    _, _, least, most = INTEGERS[case]
    _refused(case, least - 1)
    if most is not None:
        _refused(case, most + 1)
        _refused(case, 10**30)


def _refused(case, value):
    function, name, least, most = INTEGERS[case]
    bounds = f"of at least {least}" if most is None else f"from {least} to {most}"
    expected = f"{name} {value!r}: expected an integer {bounds}"
    with pytest.raises(InputError) as caught:
        function(value)
    message = str(caught.value)
    assert message == expected or message.startswith(f"{expected}, ")


USUAL = ("spectrum", "partial_spectra", "Overlap.block, columns")
"""Functions in which None stands for the usual value."""


@each_integer
def test_none_is_refused_where_it_does_not_stand_for_the_usual_value(case):
    if case.startswith(USUAL):
        INTEGERS[case][0](None)
    else:
        _refused(case, None)


CHAINS = {
    "spectrum": spectrum,
    "rank": rank,
    "partial_spectra": partial_spectra,
    "strong_alignment": strong_alignment,
    "depth_scaling": depth_scaling,
    "left_overlap": lambda chain: left_overlap(chain, 1),
    "right_overlap": lambda chain: right_overlap(chain, 1),
    "velocities": lambda chain: velocities(chain, MOTION),
    "gradient_flow": lambda chain: gradient_flow(chain, np.eye(3)),
}


@pytest.mark.parametrize("name", CHAINS)
def test_what_is_no_chain_is_refused_in_the_same_words(name):
    message = rf"^{name} was given list; expected a Chain: give Chain\(\[M1, M2, …\]\)$"
    with pytest.raises(InputError, match=message):
        CHAINS[name]([np.eye(3)])


def test_what_is_no_overlap_is_refused():
    with pytest.raises(
        InputError, match="principal_angles was given list; expected an Overlap: give left_ove"
    ):
        principal_angles([[1]], 1)


@pytest.mark.parametrize("engine", ["lapack", "", None, ["float64"]], ids=repr)
@pytest.mark.parametrize("function", [spectrum, partial_spectra, depth_scaling])
def test_unknown_engines_are_refused_in_the_same_words(function, engine):
    with pytest.raises(InputError) as caught:
        function(CHAIN, engine=engine)
    assert str(caught.value).startswith(f"engine {engine!r}: expected one of certified, ")


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, True, "2", None, [2]], ids=repr)
def test_positive_numbers(value):
    assert positive_number("spread", np.float32(2), example=2) == 2
    with pytest.raises(InputError) as caught:
        positive_number("spread", value, example=2)
    assert str(caught.value) == f"spread {value!r}: expected a positive number, such as 2"


@pytest.mark.parametrize("value", [0, 1.5, math.nan, True, "1", None], ids=repr)
def test_probabilities(value):
    assert probability("p", Fraction(1, 2)) == 0.5
    with pytest.raises(InputError) as caught:
        probability("p", value)
    assert str(caught.value) == f"p {value!r}: expected a probability with 0 < p ≤ 1, such as 0.5"


def test_choices():
    assert choice("side", "left", ("left", "right")) == "left"
    with pytest.raises(InputError, match=r"^side 'up': expected one of left, right$"):
        choice("side", "up", ("left", "right"))
