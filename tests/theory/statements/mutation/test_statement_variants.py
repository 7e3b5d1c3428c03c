"""Wrong variants: every single site is changed, once, and what results is a statement again."""

import pytest

from jacspec import det, index, matrix, norm, s, scalar, size, total
from jacspec.theory.statements.mutation.expression_variants import Kind
from jacspec.theory.statements.mutation.statement_variants import mutants_of
from jacspec.theory.statements.printing import text
from jacspec.theory.statements.rebuilding import rebuilt
from jacspec.theory.statements.statement import statement
from jacspec.theory.statements.tree import RELATIONS
from tests.theory.statements.examples import EXAMPLES

A, B, x = matrix("A"), matrix("B"), scalar("x")
i, n = index("i"), size("n")


@pytest.mark.parametrize(
    "node", [e for op, e in EXAMPLES.items() if op not in RELATIONS], ids=lambda e: e.op.name
)
def test_every_operation_is_rebuilt_from_its_arguments(node):
    assert rebuilt(node, node.args) is node


def changes(relations, given=()):
    return {text(m.statement.relations[0]) for m in mutants_of(statement(relations, given))}


def test_the_variants_of_a_product_inequality():
    assert changes(s(2, A @ B) <= s(1, A) * x**2) == {
        "s_3(A B) ≤ s_1(A) x^2", "s_1(A B) ≤ s_1(A) x^2",  # index
        "s_2(B A) ≤ s_1(A) x^2", "s_2(Aᵀ B) ≤ s_1(A) x^2", "s_2(A Bᵀ) ≤ s_1(A) x^2",
        "s_2(B B) ≤ s_1(A) x^2", "s_2(A A) ≤ s_1(A) x^2",  # another variable
        "s_2(A B) ≤ s_2(A) x^2", "s_2(A B) ≤ s_1(Aᵀ) x^2", "s_2(A B) ≤ s_1(B) x^2",
        "s_2(A B) ≤ s_1(A)", "s_2(A B) ≤ x^2", "s_2(A B) ≤ s_1(A) x^3", "s_2(A B) ≤ s_1(A) x",
        "s_2(A B) ≤ s_1(A) x^4", "s_2(A B) ≤ s_1(A) x^{-2}", "s_2(A B) ≥ s_1(A) x^2",
        "s_2(A B) < s_1(A) x^2", "s_2(A B) ≤ 0.95 s_1(A) x^2",
        "-s_2(A B) ≤ s_1(A) x^2", "2 s_2(A B) ≤ s_1(A) x^2",
        "s_2(A B) ≤ -s_1(A) x^2", "s_2(A B) ≤ 2 s_1(A) x^2",
    }  # fmt: skip


def test_sums_norms_and_premises_have_variants():
    found = changes(total(s(i, A), i, 1, n) <= norm(A, "nuclear") + 1)
    assert "Σ_{i=2}^{n} s_i(A) ≤ ‖A‖_* + 1" in found
    assert "Σ_{i=1}^{n - 1} s_i(A) ≤ ‖A‖_* + 1" in found
    assert "Σ_{i=1}^{n} s_i(A) ≤ ‖A‖ + 1" in found
    assert "Σ_{i=1}^{n} s_i(A) ≤ ‖A‖_* - 1" in found
    kept = [m for m in mutants_of(statement(det(A) > 0, given=[A > 0, x > 0])) if m.kind is Kind.PREMISE]
    assert [len(m.statement.given) for m in kept] == [1, 1]


def test_no_variant_is_the_statement_itself_or_another_variant():
    said = statement(s(1, A + B) <= s(1, A) + s(1, B), given=[A.T == A])
    found = [(m.statement.relations, m.statement.given) for m in mutants_of(said)]
    keys = [tuple(map(id, (*relations, *given))) for relations, given in found]
    assert len(set(keys)) == len(keys)
    assert tuple(map(id, (*said.relations, *said.given))) not in keys
