"""Principal angles: known rotations, tiny angles, the reference engine, and spans that are not determined."""

import math

import mpmath
import numpy as np
import pytest
from flint import arb, fmpq

from jacspec.numerics import Chain, InputError, left_overlap, principal_angles, right_overlap, spectrum
from jacspec.numerics.support.precision import balls


def narrow(ball, truth, digits):
    return ball.overlaps(truth) and ball.rel_accuracy_bits() >= digits * math.log2(10)


def chain_with_left_vectors(A, *, factor):
    """J = A·B with J = diag(factor), so that U_J = I: B = A⁻¹ diag(factor)."""
    exact = Chain(A).product()
    size = exact.nrows()
    diagonal = type(exact)(size, size, [factor[i] if i == k else 0 for i in range(size) for k in range(size)])
    return Chain([exact.inv() * diagonal, *A])


def test_a_plane_rotation_turns_a_line_by_its_angle():
    rotation = [["4/5", "-3/5"], ["3/5", "4/5"]]
    chain = chain_with_left_vectors([np.diag([2, 1]), rotation], factor=[3, 1])
    found = principal_angles(left_overlap(chain, 2), 1)
    with balls(200):
        assert narrow(found.sines[0], arb(fmpq(3, 5)), 20)
        assert narrow(found.angles[0], (arb(3) / 4).atan(), 20)


def test_a_steep_angle_comes_from_its_cosine():
    rotation = [["5/13", "-12/13"], ["12/13", "5/13"]]
    chain = chain_with_left_vectors([np.diag([2, 1]), rotation], factor=[3, 1])
    with balls(200):
        assert narrow(principal_angles(left_overlap(chain, 2), 1).angles[0], (arb(12) / 5).atan(), 20)


def test_two_planes_in_space_share_a_line():
    """r = 2 of 3: one angle is zero exactly, by dimension; the other is that of the normals."""
    reflection = [["1/3", "-2/3", "-2/3"], ["-2/3", "1/3", "-2/3"], ["-2/3", "-2/3", "1/3"]]
    chain = chain_with_left_vectors([np.diag([4, 2, 1]), reflection], factor=[9, 3, 1])
    found = principal_angles(left_overlap(chain, 2), 2)
    with balls(200):
        assert found.angles[0].is_zero()
        assert narrow(found.angles[1], arb(fmpq(1, 3)).acos(), 20)


@pytest.mark.parametrize(("overlap", "layer"), [(left_overlap, 2), (right_overlap, 501)])
def test_tiny_angles_keep_their_digits(overlap, layer):
    """To first order tan θ = (3/2) 4^-500; arccos would have needed 600 digits of the cosine."""
    factors = [[[1, 1], [1, 2]], *[np.diag([4.0, 1.0])] * 500]
    chain = Chain(factors if overlap is left_overlap else factors[::-1])
    found = principal_angles(overlap(chain, layer), 1)
    with balls(1200):
        expected = arb(3) / 2 / arb(4) ** 500
        assert abs(found.angles[0] / expected - 1) < arb(10) ** -20


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("r", [1, 2, 3, 4])
def test_angles_agree_with_the_reference_engine(side, r):
    """Cosines by mpmath's SVD of the vectors of mpmath's engine, at a precision with digits to spare."""
    chain = Chain.gaussian(depth=12, width=5, seed=4)
    overlap, part = (
        (left_overlap(chain, 6), chain.left_partial(6))
        if side == "left"
        else (right_overlap(chain, 6), chain.right_partial(6))
    )
    found = principal_angles(overlap, r)
    assert len(found.angles) == r
    frames = [
        getattr(spectrum(c, digits=80, engine="mpmath", vectors=True), f"{side}_vectors")[:, :r]
        for c in (part, chain)
    ]
    with mpmath.workdps(90):
        first, second = (mpmath.matrix(frame.tolist()) for frame in frames)
        cosines = mpmath.svd_r(first.T * second, compute_uv=False)
        for angle, cosine in zip(found.angles, cosines, strict=True):
            expected = mpmath.acos(min(cosine, mpmath.mpf(1)))
            with balls(400):  # acos loses half of the reference's digits where the cosine is near 1
                assert (angle + arb(0, 1e-40)).contains(arb(str(expected)))
            assert angle.is_zero() or angle.rel_accuracy_bits() >= 66


def test_spans_of_everything_coincide():
    chain = Chain.gaussian(depth=4, width=3, seed=0)
    for layer in (1, 2, 5):
        assert all(angle.is_zero() for angle in principal_angles(left_overlap(chain, layer), 3).angles)


def test_a_repeated_singular_value_must_be_taken_whole():
    chain = Chain([np.array([[1.0, 2, 0], [0, 1, 3], [1, 0, 1]]), np.diag([2.0, 2.0, 1.0])])
    overlap = left_overlap(chain, 2)
    with pytest.raises(InputError, match="1 to 2 were not told apart; expected r = 2"):
        principal_angles(overlap, 1)
    angles = principal_angles(overlap, 2).angles
    assert angles[0].is_zero()
    u, _, _ = np.linalg.svd(chain.factors[1] @ chain.factors[0])
    assert float(angles[1].mid()) == pytest.approx(np.arcsin(np.linalg.norm(u[2, :2])))


@pytest.mark.parametrize("r", [0, 4, True, 1.5])
def test_ranks_out_of_range_are_refused(r):
    overlap = left_overlap(Chain.gaussian(depth=2, width=3, seed=0), 2)
    with pytest.raises(InputError, match="expected an integer from 1 to 3"):
        principal_angles(overlap, r)


def test_a_part_of_an_overlap_is_refused():
    overlap = left_overlap(Chain.gaussian(depth=2, width=3, seed=0), 2)
    with pytest.raises(InputError, match="expected the whole one"):
        principal_angles(overlap.block(2), 1)
