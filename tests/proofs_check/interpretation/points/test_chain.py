"""The notation on actual chains, against NumPy's singular value decomposition."""

import re

import numpy as np
import pytest
from flint import arb, arb_mat, fmpq_mat

from jacspec.numerics import Chain, InputError, gradient_flow
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.interpretation import evaluate, evaluate_scalar
from jacspec.proofs_check.interpretation.base import UnknownSymbolError
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.theory.notation.heads import HEADS
from jacspec.theory.notation.symbols import epsilon, k, s
from jacspec.theory.results.dynamics import general

EPS = np.finfo(float).eps
BITS = 128


def integers(seed, count, width):
    drawn = np.random.default_rng(seed).integers(-3, 4, (count, width, width))
    return [fmpq_mat(width, width, [int(x) for x in matrix.flat]) for matrix in drawn]


def dense(matrix):
    if isinstance(matrix, arb_mat):
        return np.array([[float(entry.mid()) for entry in row] for row in matrix.tolist()])
    return np.array([[float(entry.p) for entry in row] for row in matrix.tolist()])


CASES = [(seed, depth, width) for seed in range(4) for depth, width in ((2, 2), (3, 2), (3, 3))]


@pytest.fixture(params=CASES, ids=str)
def benign(request):
    """A chain with simple, non-zero singular values everywhere, with NumPy's view of J, A_2 and B_2."""
    seed, depth, width = request.param
    generator = np.random.default_rng(seed)
    while True:
        exact = integers(int(generator.integers(1 << 30)), depth, width)
        chain = Chain(exact)
        parts = {
            ("J", ()): chain.product(),
            ("A", (2,)): chain.left_partial(2).product(),
            ("B", (2,)): chain.right_partial(2).product(),
        }
        decomposed = {key: np.linalg.svd(dense(matrix)) for key, matrix in parts.items()}
        ratios = [np.append(s[1:], 0) / s for _, s, _ in decomposed.values() if s[-1] > 1e-9]
        if len(ratios) == 3 and max(ratio.max() for ratio in ratios) < 0.9:
            return chain, decomposed, integers(seed + 100, depth, width)


def tolerance(values):
    """Backward stability: an error of a few ε s_1, magnified by the gap for vectors."""
    gap = min(np.min(-np.diff(values)), values[-1])
    return 32 * EPS * values[0] / gap


def number(point, name, *indices):
    return float(point.head(HEADS[name], indices).mid())


def vector(point, name, *indices):
    value = point.head(HEADS[name], indices)
    assert isinstance(value, arb_mat)
    return dense(value).ravel()


def test_singular_values_and_vectors_are_numpy_s_up_to_sign(benign):
    chain, decomposed, motion = benign
    with balls(BITS):
        point = ChainPoint(chain, motion, 1)
        for (product, layer), (U, values, Vt) in decomposed.items():
            suffix = "" if product == "J" else product
            for mode, value in enumerate(values, 1):
                assert abs(number(point, f"s{suffix}", mode, *layer) - value) <= 32 * EPS * values[0]
                for name, theirs in ((f"u{suffix}", U[:, mode - 1]), (f"v{suffix}", Vt[mode - 1])):
                    mine = vector(point, name, mode, *layer)
                    distance = min(np.linalg.norm(mine - theirs), np.linalg.norm(mine + theirs))
                    assert distance <= tolerance(values)


def test_signs_align_the_partial_products_with_the_product(benign):
    chain, _, motion = benign
    with balls(BITS):
        point = ChainPoint(chain, motion, 1)
        for mode in range(1, chain.shape[0] + 1):
            assert vector(point, "uA", mode, 2) @ vector(point, "u", mode) >= 0
            assert vector(point, "vB", mode, 2) @ vector(point, "v", mode) >= 0


def test_the_empty_products_take_the_vectors_of_the_product(benign):
    chain, _, motion = benign
    with balls(BITS):
        point = ChainPoint(chain, motion, 1)
        N = chain.depth
        assert number(point, "sA", 1, N + 1) == number(point, "sB", 1, 1) == 1
        for name in ("uA", "vA"):
            assert np.array_equal(vector(point, name, 1, N + 1), vector(point, "u", 1))
        for name in ("uB", "vB"):
            assert np.array_equal(vector(point, name, 1, 1), vector(point, "v", 1))


def test_the_velocity_is_that_of_first_order_perturbation_theory(benign):
    chain, decomposed, motion = benign
    U, values, Vt = decomposed["J", ()]
    factors, moves = [dense(m) for m in chain.exact], [dense(m) for m in motion]
    rate = np.zeros_like(factors[0])
    for moving in range(chain.depth):
        term = np.eye(len(rate))
        for layer, factor in enumerate(factors):
            term = (moves[layer] if layer == moving else factor) @ term
        rate += term
    with balls(BITS):
        point = ChainPoint(chain, motion, 1)
        for mode in range(len(values)):
            expected = U[:, mode] @ rate @ Vt[mode]
            assert abs(number(point, "sdot", mode + 1) - expected) <= tolerance(values) * np.linalg.norm(rate)


def test_the_velocity_identity_evaluates_to_the_velocity(benign):
    chain, _, motion = benign
    result = general.velocity_identity().result
    with balls(BITS):
        point = ChainPoint(chain, motion, 1)
        left, right = evaluate_scalar(result.before, point), evaluate_scalar(result.after, point)
        assert left.overlaps(right)
        assert (left - right).rad() < 2.0 ** -(BITS // 2)


def test_transposes_and_given_matrices():
    chain, motion = Chain(integers(1, 2, 2)), integers(2, 2, 2)
    gradient = integers(3, 1, 2)[0]
    with balls(BITS):
        point = ChainPoint(chain, gradient_flow(chain, gradient), 1, gradient)
        assert np.array_equal(dense(point.head(HEADS["G"], ())), dense(gradient))
        assert np.array_equal(dense(point.head(HEADS["GT"], ())), dense(gradient).T)
        assert np.array_equal(dense(point.head(HEADS["M"], (2,))), dense(chain.exact[1]))
        moved = ChainPoint(chain, motion, 1)
        assert np.array_equal(dense(moved.head(HEADS["Mdot"], (1,))), dense(motion[0]))
        with pytest.raises(KeyError, match="no gradient"):
            moved.head(HEADS["G"], ())
        with pytest.raises(KeyError, match="does not define"):
            moved.head(HEADS["eA"], (1, 1))


def test_depth_scaling_is_read_off_the_last_partial_products():
    """diag(3, 2) thrice: γ_k = log 3, log 2 and δ_k = 0; with diag(6, 2) at the end, δ_1 = log 2."""
    step, last = [[3, 0], [0, 2]], [[6, 0], [0, 2]]
    motion = integers(0, 3, 2)
    with balls(BITS):
        plain = ChainPoint(Chain([step] * 3), motion, 1)
        assert plain.head(HEADS["gamma"], (1,)).overlaps(arb(3).log())
        assert plain.head(HEADS["delta"], (1,)).contains(0)
        lifted = ChainPoint(Chain([step, step, last]), motion, 1)
        assert lifted.head(HEADS["gamma"], (1,)).overlaps(arb(3).log())
        assert lifted.head(HEADS["delta"], (1,)).overlaps(arb(2).log())


@pytest.mark.parametrize(
    ("name", "indices", "shown"),
    [
        ("A", (0,), "A_0"),
        ("B", (0,), "B_0"),
        ("A", (5,), "A_5"),
        ("C", (0,), "C_0"),
        ("Mdot", (0,), "Ṁ_0"),
        ("s", (0,), "s_0"),
        ("s", (3,), "s_3"),
        ("sA", (0, 1), "s_0(A_1)"),
        ("P", (-1,), "P^{-1}"),
    ],
)
def test_what_a_chain_has_not_is_refused_by_name_and_python_does_not_count_from_the_end(name, indices, shown):
    point = ChainPoint(Chain(integers(1, 3, 2)), integers(2, 3, 2), 1)
    said = rf"^{re.escape(shown)} stands for nothing on a chain of 3 factors of width 2, where the "
    with balls(BITS), pytest.raises(InputError, match=said):
        point.head(HEADS[name], indices)


def test_a_level_outside_of_a_limit_is_refused_in_one_line():
    point = ChainPoint(Chain(integers(1, 2, 2)), integers(2, 2, 2), 1)
    with balls(BITS), pytest.raises(UnknownSymbolError) as refused:
        evaluate(s(k) - epsilon, point)
    said = "no value for ε, which stands in limits only: declare a symbol of your own for a level"
    assert str(refused.value) == said
