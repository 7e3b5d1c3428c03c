"""Working precision is local: nothing that numerics does changes what a caller had set."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import flint
import mpmath
import numpy as np
import pytest
from threadpoolctl import threadpool_info

from jacspec.numerics import (
    Chain,
    InputError,
    gradient_flow,
    left_overlap,
    rank,
    right_overlap,
    spectrum,
    velocities,
)
from jacspec.numerics.spectra.exact_velocities import singular_value_velocities
from jacspec.numerics.spectra.small_exact import overlap_magnitude, singular_decomposition
from jacspec.numerics.support.precision import ball_to_text, balls, current_bits, mp_context, threads

CHAIN = Chain.gaussian(depth=3, width=3, seed=0)
FLOW = gradient_flow(CHAIN, np.eye(3))

CALLS = {
    "spectrum": lambda: spectrum(CHAIN, digits=40, vectors=True).to_json(),
    "table": lambda: str(spectrum(CHAIN)),
    "rank": lambda: rank(CHAIN),
    "left_overlap": lambda: left_overlap(CHAIN, 2).log_magnitudes,
    "right_overlap": lambda: right_overlap(CHAIN, 2).epsilon,
    "velocities": lambda: str(velocities(CHAIN, FLOW)),
    "exact velocities": lambda: singular_value_velocities(CHAIN, FLOW),
    "decomposition": lambda: singular_decomposition(CHAIN.product()).simple(1),
    "overlap": lambda: overlap_magnitude(CHAIN.product(), CHAIN.exact[0], 1, 2),
}

FAILING_CALLS = {
    "digits": lambda: spectrum(CHAIN, digits=0),
    "shape": lambda: Chain([np.ones((2, 3)), np.ones((2, 3))]),
    "motion": lambda: velocities(CHAIN, FLOW[:2]),
    "mode": lambda: singular_decomposition(CHAIN.product()).simple(4),
}


@pytest.fixture
def unusual():
    """Precisions that nothing in the package would choose by itself."""
    flint_bits, mpmath_bits = flint.ctx.prec, mpmath.mp.prec
    flint.ctx.prec, mpmath.mp.prec = 71, 59
    yield 71, 59
    flint.ctx.prec, mpmath.mp.prec = flint_bits, mpmath_bits


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_calls_leave_every_precision_alone(unusual, call):
    call()
    assert (flint.ctx.prec, mpmath.mp.prec) == unusual


@pytest.mark.parametrize("call", FAILING_CALLS.values(), ids=FAILING_CALLS)
def test_failing_calls_leave_every_precision_alone(unusual, call):
    with pytest.raises(InputError):
        call()
    assert (flint.ctx.prec, mpmath.mp.prec) == unusual


def test_balls_nest_and_restore():
    before = current_bits()
    with balls(100):
        with balls(300):
            assert current_bits() == 300
        assert current_bits() == 100
    assert current_bits() == before


def test_balls_restore_after_an_exception():
    before = current_bits()
    with pytest.raises(ZeroDivisionError), balls(100):
        raise ZeroDivisionError
    assert current_bits() == before


def test_balls_are_as_narrow_as_asked():
    with balls(500):
        assert flint.arb(2).sqrt().rel_accuracy_bits() >= 498


def test_mp_contexts_are_private():
    first, second = mp_context(100), mp_context(300)
    assert (first.prec, second.prec) == (100, 300)
    first.prec = 77
    assert second.prec == 300
    assert mpmath.mp.prec not in (77, 300)


def test_threads_are_put_back_come_what_may():
    before = flint.ctx.threads

    def fail():
        with threads(before + 1):
            raise ZeroDivisionError(flint.ctx.threads)

    with pytest.raises(ZeroDivisionError, match=str(before + 1)):
        fail()
    assert flint.ctx.threads == before


def test_several_threads_leave_the_settings_of_the_process_as_they_were():
    chains = [Chain.gaussian(depth=12, width=4, seed=seed) for seed in range(8)]
    expected = [spectrum(chain, digits=40).decimal_strings() for chain in chains]
    before = flint.ctx.prec, flint.ctx.threads, blas_threads()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda chain: spectrum(chain, digits=40).decimal_strings(), chains))
    assert found == expected
    assert (flint.ctx.prec, flint.ctx.threads, blas_threads()) == before


def blas_threads():
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_flint_s_balls_and_matrices_pickle_and_copy_exactly_at_any_precision():
    with balls(200):
        ball = flint.arb(1) / 3
        matrix = flint.arb_mat([[ball, flint.arb(2)], [flint.arb(0, float("inf")), ball.sqrt()]])
    rational = flint.fmpq_mat([[flint.fmpq(1, 3), 2]])
    with balls(2):
        for again in (copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))):  # noqa: S301 -- our own
            assert again(rational) == rational
            for entry, back in zip(
                [ball, *matrix.entries()], [again(ball), *again(matrix).entries()], strict=True
            ):
                assert ball_to_text(back) == ball_to_text(entry)
            assert (again(matrix).nrows(), again(matrix).ncols()) == (2, 2)
