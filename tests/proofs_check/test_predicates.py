"""Assumptions tested against chains at which they hold, and at which they do not."""

from __future__ import annotations

import pytest
from flint import arb, fmpq_mat

from numerics import Chain, InputError
from numerics.flows import gradient_flow
from numerics.precision import balls
from proofs_check.chain_point import ChainPoint
from proofs_check.predicates import satisfied
from theory import Assumption
from theory.assumptions import (
    DEPTH_SCALING,
    EMPTY_SPECTRUM,
    GRADIENT_FLOW,
    SIMPLE,
    SINGULAR_PAIR_OF_J,
    STRONG_ALIGNMENT,
)

SCALING = Chain([[[3, 0], [0, 2]]] * 3)
GENERIC = Chain([[[1, 2], [0, 1]], [[3, 1], [1, 1]], [[2, 1], [-1, 1]]])
GRADIENT = fmpq_mat(2, 2, [1, 2, 3, -1])
STILL = [fmpq_mat(2, 2)] * 3


def _holds(chain: Chain, motion: list[fmpq_mat], assumption: Assumption) -> bool:
    with balls(256):
        margins = [margin for _, margin in satisfied(ChainPoint(chain, motion, 1, GRADIENT), assumption)]
    assert margins
    assert all(margin > 0 or margin < 0 for margin in margins)
    return all(margin > arb(0) for margin in margins)


def test_depth_scaling_holds_for_powers_of_a_diagonal_and_not_for_every_chain() -> None:
    assert _holds(SCALING, STILL, DEPTH_SCALING)
    assert not _holds(GENERIC, STILL, DEPTH_SCALING)


def test_definitions_hold_for_every_chain() -> None:
    assert _holds(GENERIC, STILL, SINGULAR_PAIR_OF_J)
    assert _holds(GENERIC, STILL, EMPTY_SPECTRUM)


def test_gradient_flow_is_a_matter_of_the_motion() -> None:
    assert _holds(GENERIC, list(gradient_flow(GENERIC, GRADIENT)), GRADIENT_FLOW)
    assert not _holds(GENERIC, STILL, GRADIENT_FLOW)


@pytest.mark.parametrize("assumption", [SIMPLE, STRONG_ALIGNMENT], ids=lambda each: each.name)
def test_what_no_chain_defines_is_refused(assumption: Assumption) -> None:
    with pytest.raises(InputError, match=assumption.name):
        _holds(GENERIC, STILL, assumption)
