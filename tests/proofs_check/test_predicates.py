"""Assumptions tested against chains at which they hold, and at which they do not."""

from __future__ import annotations

import pytest
from flint import arb, fmpq, fmpq_mat

from jacspec.numerics import Chain, InputError
from jacspec.numerics.chains.flows import gradient_flow
from jacspec.numerics.support.precision import balls
from jacspec.proofs_check.interpretation import Value
from jacspec.proofs_check.interpretation.points.chain import ChainPoint
from jacspec.proofs_check.interpretation.points.chain_predicates import OUTSIDE
from jacspec.proofs_check.interpretation.points.gated import GatedPoint
from jacspec.proofs_check.interpretation.points.leading import LeadingPoint
from jacspec.proofs_check.interpretation.points.ordered import generic_chain
from jacspec.proofs_check.interpretation.predicates import satisfied
from jacspec.theory import Assumption
from jacspec.theory.notation.symbols import Head
from jacspec.theory.results.assumptions import (
    DEPTH_SCALING,
    EMPTY_SPECTRUM,
    GRADIENT_FLOW,
    ORTHONORMAL,
    SINGULAR_PAIR_OF_J,
    STRONG_ALIGNMENT,
)
from jacspec.theory.results.catalogue import catalogue

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
    assert _holds(GENERIC, STILL, ORTHONORMAL)


def test_gradient_flow_is_a_matter_of_the_motion() -> None:
    assert _holds(GENERIC, list(gradient_flow(GENERIC, GRADIENT)), GRADIENT_FLOW)
    assert not _holds(GENERIC, STILL, GRADIENT_FLOW)


# --- every assumption of the theory -------------------------------------------------------------

ASSUMPTIONS = {each.name: each for proof in catalogue().values() for each in proof.assumptions}
TURNED = fmpq_mat(2, 2, [fmpq(3, 5), fmpq(-4, 5), fmpq(4, 5), fmpq(3, 5)])
SPREAD = fmpq_mat(2, 2, [3, 0, 0, 2])
BALANCED = Chain([SPREAD, SPREAD * TURNED.transpose() * TURNED, TURNED * SPREAD])
"""M_2 = diag and M_3 = Q diag: neighbours share their Gram matrices."""
ALIGNED = Chain([SPREAD, SPREAD, SPREAD])
ISOMETRIC = Chain([TURNED, TURNED, TURNED])
SINGULAR = Chain([[[1, 2], [2, 4]], [[3, 1], [1, 1]], [[1, 0], [0, 0]]])
ROOTS = Chain([[[4, 0], [0, 1]], [[1, 0], [0, 1]]])
"""At depth 2, ṡ = c s: velocities proportional to the singular values 4 and 1."""
THIRD = Chain([generic_chain(1, 2, 3).exact[0], generic_chain(1, 2, 3).exact[1]])
UNRANKED = Chain([[[1, 0, 0], [0, 0, 0], [0, 0, 0]], [[5, 0, 0], [0, 3, 0], [0, 0, 2]]])


def _diagonal(first: int, second: int) -> fmpq_mat:
    return fmpq_mat(2, 2, [first, 0, 0, second])


def _point(chain: Chain, motion: list[fmpq_mat] | None = None) -> ChainPoint:
    return ChainPoint(chain, motion or [factor * 0 for factor in chain.exact], 1, GRADIENT)


def _gated(gates: list[list[int]]) -> GatedPoint:
    return GatedPoint(GENERIC, gates, GRADIENT)


class _Slower(GatedPoint):
    """Weights that move by half of their descent; the factors do not follow."""

    def head(self, head: Head, indices: tuple[int, ...]) -> Value:
        value = super().head(head, indices)
        return value / 2 if head.name == "Wdot" else value


FLOW = list(gradient_flow(GENERIC, GRADIENT))
HOLDS_AND_FAILS: dict[str, tuple[ChainPoint, ChainPoint]] = {
    "simple": (_point(GENERIC), _point(ISOMETRIC)),
    "strong-alignment": (_point(ALIGNED), _point(GENERIC)),
    "misalignment-level": (_point(ALIGNED), _point(GENERIC)),
    "exact-alignment": (_point(ALIGNED), _point(GENERIC)),
    "depth-scaling": (_point(ALIGNED), _point(GENERIC)),
    "depth-scaling-non-empty": (_point(ALIGNED), _point(GENERIC)),
    "depth-scaling-at-l": (_point(ALIGNED), _point(GENERIC)),
    "zero-intercept": (_point(ALIGNED), _point(GENERIC)),
    "gradient-flow": (_point(GENERIC, FLOW), _point(GENERIC)),
    "balanced": (_point(BALANCED), _point(GENERIC)),
    "nonsingular": (_point(GENERIC), _point(SINGULAR)),
    "nonsingular-transposed": (_point(GENERIC), _point(SINGULAR)),
    "leading-rank": (LeadingPoint(THIRD, 1, 2, ""), LeadingPoint(UNRANKED, 1, 2, "")),
    "gates": (_gated([[1, 0], [0, 1]]), _gated([[2, 0], [0, 1]])),
    "untrained-gates": (_gated([[1, 0], [1, 1]]), _Slower(GENERIC, [[1, 0], [1, 1]], GRADIENT)),
    "flow-on-weights": (_gated([[1, 1], [1, 0]]), _Slower(GENERIC, [[1, 1], [1, 0]], GRADIENT)),
    "common-drive": (
        _point(ROOTS, [_diagonal(8, 2), _diagonal(0, 0)]),
        _point(ROOTS, [_diagonal(8, 3), _diagonal(0, 0)]),
    ),
    "power-drive": (
        _point(ROOTS, [_diagonal(8, 3), _diagonal(0, 0)]),
        _point(ROOTS, [_diagonal(8, -3), _diagonal(0, 0)]),
    ),
}
"""A chain that satisfies each assumption, and one that violates it."""


def test_every_assumption_has_a_predicate_or_a_reason() -> None:
    assert set(ASSUMPTIONS) == set(HOLDS_AND_FAILS) | (set(OUTSIDE) & set(ASSUMPTIONS))
    assert not set(HOLDS_AND_FAILS) & set(OUTSIDE)
    assert set(OUTSIDE) <= set(ASSUMPTIONS)


def _margins(point: ChainPoint, name: str) -> list[arb]:
    with balls(256):
        return [margin for _, margin in satisfied(point, ASSUMPTIONS[name], level=arb(1) / 100)]


@pytest.mark.parametrize("name", HOLDS_AND_FAILS)
def test_a_chain_that_satisfies_it_and_one_that_does_not(name: str) -> None:
    good, bad = HOLDS_AND_FAILS[name]
    margins = _margins(good, name)
    assert margins
    assert all(margin > 0 for margin in margins)
    assert any(margin <= arb(2) ** -100 for margin in _margins(bad, name))


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_is_not_about_single_chains_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(InputError, match=OUTSIDE[name][:20]):
        _margins(_point(GENERIC), name)


def test_alignment_needs_a_level() -> None:
    with balls(256), pytest.raises(InputError, match="expected level="):
        list(satisfied(_point(ALIGNED), STRONG_ALIGNMENT))


def test_what_the_point_does_not_define_is_named() -> None:
    with pytest.raises(InputError, match=r"gates cannot be read off this chain: .*gate"):
        _margins(_point(GENERIC), "gates")


def test_gates_and_rank_deficiency_at_other_layers() -> None:
    with balls(256):
        margins = dict(satisfied(_point(SINGULAR), ASSUMPTIONS["nonsingular"], layer=3))
    assert not margins["s_n(B_3)"] > 0


def test_leading_rank_asks_for_the_mode_of_a_too() -> None:
    flat = Chain([THIRD.exact[0], fmpq_mat(3, 3, [5, 0, 0, 0, 3, 0, 0, 0, 0])])
    with balls(256):
        margins = dict(satisfied(LeadingPoint(flat, 1, 3, ""), ASSUMPTIONS["leading-rank"]))
    assert margins["c_2"] > 0
    assert not margins["s_3(A_2)"] > 0
