"""Variables as their premises make them: in float64 and exactly, by the same formulas."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq_mat
from hypothesis import given, strategies as st

from jacspec import Chain, det, factors, hadamard, identity, matrix, s, scalar, tr, whole
from jacspec.proofs_check.interpretation.statements.matrix_relations import is_psd
from jacspec.proofs_check.referee.statements.examples.domains import Kind, domain_of
from jacspec.proofs_check.referee.statements.examples.families import draw, simplest
from jacspec.proofs_check.referee.statements.examples.parameters import exact_values, float_values
from jacspec.proofs_check.referee.statements.examples.rounding import as_exact
from jacspec.theory.statements.statement import statement

A, B, C, D, Q, W = map(matrix, "ABCDQW")
ID, x, y, w = identity(), scalar("x"), scalar("y"), whole("w")
BODY = tr(A + B + C + D + Q + W) + x + y + w >= 0


def kinds(*given):
    return dict(domain_of(statement(BODY, given)).kinds)


@pytest.mark.parametrize(
    ("premises", "name", "kind"),
    [
        ([], "A", Kind.ANY),
        ([A.T == A], "A", Kind.SYMMETRIC),
        ([A == A.T], "A", Kind.SYMMETRIC),
        ([A >= 0], "A", Kind.POSITIVE),
        ([A > 0, A.T == A], "A", Kind.POSITIVE),
        ([x >= 0], "x", Kind.REAL),
        ([Q.T @ Q == ID], "Q", Kind.ORTHOGONAL),
        ([ID == Q @ Q.T], "Q", Kind.ORTHOGONAL),
        ([hadamard(D, ID) == D], "D", Kind.DIAGONAL),
        ([hadamard(D, ID) == D, D @ D == D], "D", Kind.GATE),
        ([W == Q @ A.T], "W", Kind.DEFINED),
        ([Q @ A.T == W], "W", Kind.DEFINED),
        ([C >= A], "C", Kind.POSITIVE),
        ([w >= 3], "w", Kind.WHOLE),
        ([x == y + 1], "x", Kind.DEFINED),
    ],
    ids=str,
)
def test_premises_of_a_known_form_are_read(premises, name, kind):
    assert kinds(*premises)[name] is kind


def test_definitions_are_in_an_order_in_which_they_can_be_made_and_never_in_a_circle():
    found = kinds(A == B @ C, B == D.T)
    assert list(found).index("D") < list(found).index("B") < list(found).index("A")
    assert [name for name, kind in kinds(A == B + ID, B == A - ID).items() if kind is Kind.DEFINED] == ["A"]
    assert kinds(A == A @ B)["A"] is Kind.ANY


def test_bounds_are_read_off():
    found = domain_of(statement(BODY, [x > 0, x <= 8, y < 2, w >= 2.5, w <= 9.5])).bounds
    assert found == {"x": (0, 8), "y": (None, 2), "w": (3, 9)}


GIVEN = [
    A.T == A, B >= 0, C >= B, hadamard(D, ID) == D, D @ D == D, Q.T @ Q == ID, W == Q @ A.T, x > 0, x <= 8,
    w >= 3,
]  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3])
def test_both_formulas_give_the_same_and_meet_the_premises(size):
    said = statement(BODY, GIVEN)
    domain, sizes = domain_of(said), {"n": size}
    batch = draw(np.random.default_rng(size), domain, sizes, 20)
    floats = float_values(domain, batch, sizes)
    for row in range(20):
        exact = exact_values(domain, {name: as_exact(P[row]) for name, P in batch.items()}, sizes)
        for name, value in exact.items():
            entries = value.entries() if isinstance(value, fmpq_mat) else [value]
            plain = np.array([int(e.p) / int(e.q) for e in entries]).reshape(floats[name][row].shape)
            np.testing.assert_allclose(floats[name][row], plain, rtol=1e-6, atol=1e-6)
        assert exact["A"] == exact["A"].transpose()
        assert is_psd(exact["B"])
        assert is_psd(exact["C"] - exact["B"])
        assert exact["D"] * exact["D"] == exact["D"]
        assert exact["Q"].transpose() * exact["Q"] == exact["Q"].inv() * exact["Q"]
        assert exact["W"] == exact["Q"] * exact["A"]
        assert 0 <= exact["x"] <= 8
        assert exact["w"] >= 3
        assert exact["w"].q == 1


@given(st.fractions(-50, 50), st.fractions(-3, 3), st.fractions(Fraction(1, 10), 9))
def test_a_bounded_number_is_folded_into_its_interval_and_stays_where_it_is_inside(value, low, width):
    domain = domain_of(statement(x >= 0, [x >= low, x <= low + width]))
    found = exact_values(domain, {"x": np.array(value, dtype=object)}, {})["x"]
    found = Fraction(int(found.p), int(found.q))
    assert low <= found <= low + width
    assert found == value or not low <= value <= low + width
    approximate = float_values(domain, {"x": np.array([float(value)])}, {})["x"][0]
    assert approximate == pytest.approx(float(found), abs=1e-9)


def test_a_chain_has_a_parameter_for_each_layer_and_layers_may_be_alike():
    M = factors("M")
    domain = domain_of(statement(det(M.J) >= 0))
    assert [str(node) for node in domain.shapes["M"]] == ["N", "n", "n"]
    drawn = draw(np.random.default_rng(0), domain, {"N": 3, "n": 2}, 500)["M"]
    assert drawn.shape == (500, 3, 2, 2)
    assert 10 < (drawn[:, 0] == drawn[:, 1]).all(axis=(1, 2)).sum() < 250
    exact = exact_values(domain, {"M": as_exact(drawn[0])}, {"N": 3, "n": 2})["M"]
    assert isinstance(exact, Chain)
    assert exact.depth == 3


def test_drawing_is_deterministic_and_the_simplest_examples_are_all_there():
    said = statement(s(1, A) + x >= 0)
    domain = domain_of(said)
    one, two = (draw(np.random.default_rng(5), domain, {"n": 3}, 50) for _ in range(2))
    assert all((one[name] == two[name]).all() for name in one)
    few = simplest(np.random.default_rng(0), domain, {"n": 1}, 10**6)
    assert len(few["x"]) == len(few["A"]) == 10 * len(np.unique(few["A"], axis=0))
    assert {Fraction(0), Fraction(1), Fraction(1, 3)} <= {as_exact(value).item() for value in few["x"]}
