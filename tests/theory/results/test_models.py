"""Rules read literally, at all values of their indices: within their ranges they have a model, beyond none.

The entries of all matrices and vectors at a small depth and width are unknowns, the rules are polynomial
equations between them; these have no solution, real or complex, if and only if their Gröbner basis is 1. A
model is checked by insertion.
"""

from itertools import product

import pytest
from sympy import Add, Expr, Integer, Matrix, Mul, Pow, Rational, Symbol, eye, groebner, zeros

from jacspec.theory.algebra.rules import Rule
from jacspec.theory.notation.heads import Kind, head_of
from jacspec.theory.notation.symbols import M, N, k, l, n, s, sA
from jacspec.theory.results.assumptions import ORTHONORMAL, PARTIAL_PRODUCTS
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.results.dynamics.balanced import BALANCED, GRAM

WITHOUT_VELOCITIES = tuple(
    rule
    for each in (PARTIAL_PRODUCTS, GRAM, BALANCED)
    for rule in each.rules
    if not any(head is not None and head.velocity for head in map(head_of, rule.pattern))
)


def entries(expression: Expr, width: int) -> Matrix:
    """The value of an expression, whose indices are numbers, in unknown entries."""
    if isinstance(expression, Add):
        return sum((entries(part, width) for part in expression.args[1:]), entries(expression.args[0], width))
    if isinstance(expression, Mul):
        total = eye(1)
        for part in expression.args:
            value = entries(part, width)
            total = total[0, 0] * value if total.shape == (1, 1) else total * value
        return total
    if isinstance(expression, Pow):
        return entries(expression.base, width) ** int(expression.exp)
    head = head_of(expression)
    if head is None:
        return Matrix([[expression]])
    rows, columns = {Kind.MATRIX: (width, width), Kind.COLUMN: (width, 1)}.get(head.upright.kind, (1, 1))
    at = "_".join(map(str, (head.upright.name, *expression.args)))
    value = Matrix(rows, columns, lambda row, column: Symbol(f"{at}[{row},{column}]"))
    return value.T if head.transposed else value


def equations(rules, depth: int, width: int, reach: int | None = None) -> list[Expr]:
    """The rules at all values of their indices, from 1 up to ``reach`` where they are read without ranges."""
    sizes = {N: Integer(depth), n: Integer(width)}
    found = []
    for rule in rules:
        spans = []
        for index in rule.indices:
            first, last = rule.claimed[index]
            within = range(int(first.xreplace(sizes)), int(last.xreplace(sizes)) + 1)
            spans.append(within if reach is None else range(1, reach + 1))
        for values in product(*spans):
            at = sizes | {each: Integer(value) for each, value in zip(rule.indices, values, strict=True)}
            left, right = (entries(side.xreplace(at), width) for side in (rule.lhs, rule.rhs))
            if left.shape != right.shape:
                right = right[0, 0] * eye(left.shape[0]) if right.shape == (1, 1) else zeros(*left.shape)
            found.extend(left - right)
    return [each for each in found if each != 0]


def solvable(found: list[Expr]) -> bool:
    unknowns = sorted(set().union(*(each.free_symbols for each in found)), key=str)
    return groebner(found, *unknowns, order="grevlex").exprs != [1]


@pytest.mark.parametrize("width", [1, 2])
def test_orthonormal_vectors_have_a_model_only_within_their_range(width: int) -> None:
    assert solvable(equations(ORTHONORMAL.rules[:1], 2, width))
    assert not solvable(equations(ORTHONORMAL.rules[:1], 2, width, reach=width + 1))


def test_balance_read_without_its_range_makes_the_last_factor_invertible() -> None:
    last_is_zero = [Symbol("M_2[0,0]")]
    assert solvable(equations(WITHOUT_VELOCITIES, 2, 1) + last_is_zero)
    assert not solvable(equations(WITHOUT_VELOCITIES, 2, 1, reach=3) + last_is_zero)


def balanced_values(depth: int) -> dict[Symbol, Expr]:
    """Entries of balanced factors of width 2, M_l = q(l) diag(2, 1/3) q(l-1)ᵀ, and of their products."""
    turns = [(3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25)]
    frames = [Matrix(2, 2, [a, -b, b, a]) / c for a, b, c in turns[: depth + 1]]
    factors = [frames[at + 1] * Matrix([[2, 0], [0, Rational(1, 3)]]) * frames[at].T for at in range(depth)]
    known = {f"M_{at + 1}": factor for at, factor in enumerate(factors)}
    known |= {f"C_{at + 1}": factor.T * factor for at, factor in enumerate(factors)}
    ahead, behind = eye(2), eye(2)
    for at in range(depth + 1):
        known |= {f"A_{depth + 1 - at}": ahead, f"B_{at + 1}": behind}
        if at < depth:
            ahead, behind = ahead * factors[depth - 1 - at], factors[at] * behind
    last = factors[-1] * factors[-1].T
    known |= {"J": behind, "P_1": last, f"C_{depth + 1}": last, "Q_1": known["C_1"]}
    return {
        Symbol(f"{name}[{row},{column}]"): value[row, column]
        for name, value in known.items()
        for row in range(2)
        for column in range(2)
    }


@pytest.mark.parametrize("depth", [2, 3])
def test_balanced_factors_of_width_two_have_a_model(depth: int) -> None:
    found = equations(WITHOUT_VELOCITIES, depth, 2)
    values = balanced_values(depth)
    assert len(found) >= 30
    assert not set().union(*(each.free_symbols for each in found)) - values.keys()
    assert {each.xreplace(values).expand() for each in found} == {0}
    slip = values | {Symbol("M_1[0,0]"): values[Symbol("M_1[0,0]")] + 1}
    assert any(each.xreplace(slip).expand() != 0 for each in found)


def test_every_rule_of_every_premise_says_for_which_indices_it_holds() -> None:
    used = {each for derivation in catalogue().values() for step in derivation.steps for each in step.uses}
    rules = {rule for each in used for rule in each.rules if type(rule) is Rule}
    assert len(rules) > 100
    for rule in rules:
        assert rule.claimed.keys() == {*rule.indices}
        for first, last in rule.claimed.values():
            assert first >= 0
            counted = {each.value for atom in rule.pattern for each in head_of(atom).takes}
            assert last is not None or "power" in counted


def test_a_range_is_that_in_which_all_heads_of_a_rule_stand_for_something() -> None:
    assert Rule(M(l), M(l + 1), (l,)).claimed == {l: (1, N - 1)}
    assert Rule(sA(k, l), s(k), (k, l)).claimed == {k: (1, n), l: (1, N + 1)}
    assert Rule(sA(k, l), s(k), (k, l), ((l, Integer(2), N),)).claimed == {k: (1, n), l: (2, N)}
