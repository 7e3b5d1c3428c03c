"""Statements: what they are about, how they read, and what is refused."""

import pickle

import pytest

from jacspec import det, eig, factors, index, matrix, s, scalar, size, total, tr, whole
from jacspec.theory.statements.statement import statement

A, B, x = matrix("A"), matrix("B"), scalar("x")
i, k, n = index("i"), index("k"), size("n")


def test_a_statement_knows_its_variables_sizes_and_shared_indices():
    C = matrix("C", "n", "m")
    said = statement(s(i, A @ C) <= s(1, A) * s(i, C), given=[s(k, A) > 0, i >= 2], ranges={"m": (2, 3)})
    assert list(said.variables) == ["A", "C"]
    assert said.sizes == {"n": (1, 4), "m": (2, 3)}
    assert said.shared == {"i"}


def test_a_statement_reads_as_prose_and_as_latex():
    said = statement([s(1, A @ B) <= x, det(A) >= 0], given=[A.T == A, x > 0])
    assert said.text == "for $Aᵀ = A$, $x > 0$: $s_1(A B) ≤ x$, $det(A) ≥ 0$"
    assert str(said) == "for Aᵀ = A, x > 0: s_1(A B) ≤ x, det(A) ≥ 0"
    assert said.latex == r"A^{\top} = A,\ x > 0\colon\quad s_{1}(A B) \le x,\quad \det(A) \ge 0"


def test_a_statement_pickles():
    said = statement(s(1, A) <= x, given=x > 0)
    assert pickle.loads(pickle.dumps(said)).relations[0] is said.relations[0]  # noqa: S301 -- our own


@pytest.mark.parametrize(
    ("write", "error", "remedy"),
    [
        (lambda: statement([]), ValueError, "without a relation"),
        (lambda: statement(s(1, A)), TypeError, "no relation"),
        (lambda: statement(1 < 2), TypeError, "two plain numbers"),
        (lambda: statement("s_1(A) >= 0"), TypeError, "no relation"),
        (lambda: statement(s(1, A) >= 0, given=[True]), TypeError, "two plain numbers"),
        (lambda: statement(tr(A) + scalar("A") >= 0), ValueError, "two things"),
        (lambda: statement(tr(A) + tr(matrix("A", "m")) >= 0), ValueError, "declared twice"),
        (lambda: statement(scalar("n") <= n), ValueError, "two things, a variable and a size"),
        (lambda: statement(scalar("xn") <= x * n), ValueError, "xn is read as the product of x, n"),
        (lambda: statement(scalar("log") * (x + 1) <= x), ValueError, "'log' is read as something else"),
        (lambda: statement(scalar("x_") <= x), ValueError, "'x_' is read as something else"),
        (lambda: statement(scalar("i") <= i), ValueError, "two things, a variable and an index"),
        (lambda: statement(index("n") <= n), ValueError, "two things, a size and an index"),
        (lambda: statement(total(x, index("n"), 1, n) <= n), ValueError, "a size and an index"),
        (
            lambda: statement([whole("N") <= 3, s(1, factors("M").J) >= 0]),
            ValueError,
            "a variable and a size",
        ),
        (lambda: statement(s(1, factors("M")[1] @ matrix("M_1")) >= 0), ValueError, "factor of the chain M"),
        (lambda: matrix("I"), ValueError, "read as something else"),
        (lambda: matrix("Aᵀ"), ValueError, "read as something else"),
        (lambda: scalar("2"), ValueError, "expected letters"),
        (lambda: size("n ≤ 3"), ValueError, "expected letters"),
        (lambda: statement(s(x, A) >= 0), TypeError, "whole numbers"),
        (lambda: statement(s(whole("w"), A) >= 0), TypeError, "whole numbers"),
        (lambda: statement(total(s(i, A), i, 1, x) >= 0), TypeError, "whole numbers"),
        (lambda: statement(s(1, A) >= 0, ranges={"m": (1, 2)}), ValueError, "range m"),
        (lambda: statement(s(1, A) >= 0, ranges={"n": (3, 2)}), ValueError, "range n"),
        (lambda: statement(s(1, A) >= 0, ranges={"n": (0, 2)}), ValueError, "range n"),
        (lambda: statement(eig(k / 2, A) >= 0), TypeError, "whole numbers"),
    ],
)
def test_what_is_no_statement_is_refused(write, error, remedy):
    with pytest.raises(error, match=remedy):
        write()
