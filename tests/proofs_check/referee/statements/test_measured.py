"""Limits and means in one line: what is shown of them, what is refuted, what no evidence decides."""

import json
import pickle

import numpy as np
import pytest

from jacspec import (
    Verdict,
    claim,
    det,
    digamma,
    exp,
    expm,
    factors,
    gaussian,
    identity,
    index,
    log,
    matrix,
    maximum,
    mean,
    minimum,
    norm,
    number,
    oo,
    product,
    s,
    scalar,
    signs,
    size,
    sqrt,
    tends,
    tr,
    uniform,
    verify,
    whole,
)
from jacspec.theory.statements.mutation.statement_variants import mutants_of
from jacspec.theory.statements.printing import latex, text
from jacspec.theory.statements.statement import statement

A, M, x, t, N = matrix("A"), factors("M"), scalar("x"), scalar("t"), whole("N")
i, k, n, depth = index("i"), index("k"), size("n"), size("N")
EULER = number("0.57721566490153286")
SLOPE = (det(identity() + t * A) - 1) / t


def verdict(relation, given=()):
    return verify(claim("measured", relation, given), effort="quick").verdict.value


@pytest.mark.parametrize(
    ("relation", "given", "expected"),
    [
        (tends((1 + 1 / N) ** N, exp(1), N, oo), (), "supported"),
        (tends((1 + 1 / N) ** N, number("2.71828"), N, oo), (), "refuted"),
        (tends((1 + x / N) ** N, exp(x), N, oo), x >= 0, "supported"),
        (tends((1 + x / N) ** N, exp(2 * x), N, oo), x >= 0, "refuted"),
        (tends(SLOPE, tr(A), t, 0), (), "supported"),
        (tends(SLOPE, s(1, A), t, 0), (), "refuted"),  # a quotient of polynomials in t, at every matrix
        (tends(t * A[1, 1] / (t + 1), A[1, 1], t, oo), (), "supported"),
        (tends(tr((identity() + t * A @ A.T).inv), n - A.rank, t, oo), (), "supported"),
        (tends(tr((identity() + t * A @ A.T).inv), n - 1, t, oo), (), "refuted"),
        (tends(tr(A + t * identity()) / t**2, 0, t, 0), (), "refuted"),  # infinite
        (tends(tr(M.J) + t, tr(M[1]), t, 0), (), "refuted"),
        (tends(s(1, A + t * A.T), s(2, A), t, 0), (), "undecided"),  # of roots no contrary limit is proved
        (tends(s(k, A + t * A.T), s(k, A), t, 0), (), "supported"),
        (tends((x**2 - 4) / (t - 2), x, t, 2), x == t, "undecided"),  # x is fixed: no example has x = t
        (tends(1 / t + number("1e-30"), 0, t, oo), (), "refuted"),  # below what is followed in balls
        (tends(s(1, A) / N + number("1e-30") * s(1, A), 0, N, oo), (), "refuted"),
        (tends(s(1, A) / sqrt(N) + number("1e-30") * s(1, A), 0, N, oo), (), "undecided"),
        (tends(s(1, A) / N ** number("1/8") + number("1e-300") * s(1, A), 0, N, oo), (), "undecided"),
        (tends(s(1, A) / N + exp(-100 * s(1, A)), 0, N, oo), det(A) != 0, "undecided"),
        (tends(number("1e30") * s(1, A) / N + x, x, N, oo), (), "supported"),
        (tends(x / log(t) + x, x, t, oo), x >= 2, "supported"),
        (tends(1 / log(t), 0, t, oo), (), "supported"),
        (tends(1 / log(log(log(t))), 0, t, oo), (), "undecided"),  # too slow to be told from staying away
        (tends(x * t / t, x, t, oo), (), "supported"),  # equal all the way
        (tends((x * t + t) / (3 * t), (x + 1) / 3, t, 0), (), "supported"),  # no binary number
        (tends((x * t + t) / (3 * t), (x + 1) / 3 + number("1e-40"), t, 0), (), "refuted"),
        (tends(t ** (i - 1), 0, t, 0), (i - 1) ** 2 > 0, "supported"),  # 1 at i = 1, where the premise fails
        (tends(s(i, A) ** N, 0, N, oo), s(i, A) < 1, "supported"),
        (tends(x**t, 1, t, 0), x * (1 - x) == 0, "undecided"),  # 0^t = 0
        (tends(minimum(N, 10), 10, N, oo), (), "supported"),  # SymPy's limit ends in a TypeError
    ],
    ids=str,
)
def test_a_limit(relation, given, expected):
    assert verdict(relation, given) == expected


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        (mean(tr(A @ A.T), gaussian(A)) == n**2, "supported"),
        (mean(tr(A @ A.T), gaussian(A)) == n, "refuted"),
        (mean(tr(A @ A.T), signs(A)) == n**2, "supported"),  # ±1: no spread at all
        (mean(A[1, k] ** 2, gaussian(A)) == 1, "supported"),
        (mean(x**2, uniform(x)) == number("1/3"), "supported"),
        (mean(log(abs(x)), gaussian(x)) == (digamma(number("1/2")) + log(2)) / 2, "supported"),
        (mean(log(abs(x)), gaussian(x)) == -(EULER + log(2)) / 2, "refuted"),  # right to 17 digits
        (mean(det(A) ** 2, gaussian(A)) == product(i, i, 1, n), "supported"),
        (mean(exp(2 * x * t), gaussian(x, t)) == 5, "undecided"),  # too skewed for its sample
    ],
    ids=str,
)
def test_a_mean(relation, expected):
    assert verdict(relation) == expected


def test_a_mean_is_taken_where_the_premises_on_sizes_and_indices_hold():
    crossed = mean(A[i, k] * A[k, i], gaussian(A)) == 0
    assert verdict(crossed, [(i - k) ** 2 > 0, (n - 3) ** 2 > 0]) == "supported"
    assert verdict(mean(A[1, 1] ** n, gaussian(A)) == 1, (n - 2) ** 2 == 0) == "supported"
    assert verdict(crossed, (i - k) ** 2 >= 0) == "refuted"


def test_what_is_shown():
    limit = statement(tends((1 + 1 / N) ** N, exp(1), N, oo))
    assert limit.text == "$(1 + 1/N)^N → exp(1)$ as $N → ∞$"
    assert r"\to \infty" in limit.latex
    average = statement(mean(tr(A @ A.T), gaussian(A)) == n**2)
    assert average.text == "$E[tr(A Aᵀ)] = n^2$ with gaussian $A$"
    assert latex(average.relations[0]).isascii()
    for said in (limit, average):
        assert pickle.loads(pickle.dumps(said)).relations[0] is said.relations[0]  # noqa: S301 -- our own


def test_a_contrary_limit_is_proved_or_refutes_nothing():
    at_matrices = verify(claim("away", tends(s(1, A + t * A.T), tr(A), t, 0)), effort="quick")
    assert at_matrices.verdict is Verdict.UNDECIDED
    summary = at_matrices.evidence[0].summary
    assert "no contrary limit is proved: at A = [[" in summary
    shown = summary[summary.index("[[") : summary.index("]]") + 2]
    matrix_there = np.array(json.loads(shown), dtype=float)
    # s_1(A + tAᵀ) tends to s_1(A), and stays that far from the trace.
    away = abs(np.trace(matrix_there) - np.linalg.norm(matrix_there, 2))
    assert f"the deviation is {away:.5f}"[:24] in summary
    slope = verify(claim("slope", tends(SLOPE, s(1, A), t, 0)), effort="quick")
    assert slope.verdict is Verdict.REFUTED
    there = np.array(json.loads(slope.evidence[0].summary.split(" = ")[1].split(": ")[0]), dtype=float)
    # (det(I + tA) - 1)/t tends to the trace.
    assert slope.evidence[0].summary.endswith(f": the limit is ${np.trace(there):g}$")
    proved = verify(claim("e", tends((1 + 1 / N) ** N, 3, N, oo), expected="refuted"), effort="quick")
    assert proved.verdict is Verdict.REFUTED
    assert proved.evidence[0].summary == "as it stands: the limit is $2.71828…$, by SymPy"


def test_a_limit_that_is_reached_late_is_not_refuted():
    late = tends(x * exp(-x / 2**100), 0, x, oo)
    assert verdict(late) == "undecided"


def test_a_mean_of_a_polynomial_that_is_off_by_a_thousandth_is_refuted_exactly():
    report = verify(claim("off", mean(tr(A @ A.T), gaussian(A)) == number("1.001") * n**2), effort="quick")
    assert report.verdict is Verdict.REFUTED
    assert report.evidence[0].summary == "the mean is $1$, exactly, at n = 1"
    assert verdict(mean(x**4, gaussian(x)) == number("3.003")) == "refuted"
    assert verdict(mean(x**2, uniform(x)) == number("0.3334")) == "refuted"
    assert verdict(mean(x**2, uniform(x)) == exp(-log(3))) == "supported"


@pytest.mark.parametrize(
    ("relation", "expected", "said"),
    [
        (mean(x**4, gaussian(x)) == 3, "supported", "computed exactly"),
        (mean(x**4, gaussian(x)) <= 3, "supported", "computed exactly"),
        (mean(x**4, gaussian(x)) >= 3, "supported", "computed exactly"),
        (mean(x**4, gaussian(x)) < 3, "refuted", "the mean is $3$, exactly"),
        (mean(x**4, gaussian(x)) > 3, "refuted", "the mean is $3$, exactly"),
        (mean(x**4, gaussian(x)) != 3, "refuted", "the mean is $3$, exactly"),
        (mean(x**4, gaussian(x)) != number("3.0001"), "supported", "computed exactly"),
        (mean(x**4, gaussian(x)) <= number("2.9999"), "refuted", "the mean is $3$, exactly"),
        (mean(x**4, gaussian(x)) < 4, "supported", "computed exactly"),
        (mean(det(A) ** 2, gaussian(A)) <= n**n, "supported", "computed exactly, at n = 1, 2, 3, 4"),
        (mean(det(A) ** 2, gaussian(A)) <= 2 * n, "refuted", "the mean is $24$, exactly, at n = 4"),
        (
            mean(tr(M.J @ M.J.T), gaussian(M)) == n**depth,
            "refuted",
            "the mean is $4$, exactly, at N = 1, n = 2",
        ),
        (
            mean(abs(x), gaussian(x)) == number("0.79789"),
            "refuted",
            "the mean is $0.797884560802865…$, in balls",
        ),
        (mean(abs(x), gaussian(x)) < number("0.79789"), "supported", "computed in balls"),
        (mean(norm(A, "frobenius"), gaussian(A)) < n, "supported", "in balls, at n = 1, 2, 3, 4"),
        (
            mean(s(1, A), gaussian(A)) <= 2 * n,
            "supported",
            "n = 1; not computed at n = 2; n = 3; n = 4; 3 means of",
        ),
        (mean(abs(det(A)), gaussian(A)) <= 1, "refuted", "n = 4 is"),  # about 1.6 at n = 3
        (mean(abs(det(A)), gaussian(A)) >= 1 / n, "refuted", "the mean is $0.797884560802865…$"),
        (mean(s(1, A), gaussian(A)) != 2 * n, "undecided", "n = 1; not computed at n = 2; n = 3; n = 4"),
        (mean(exp(x * t) / 2, gaussian(x, t)) >= number("1/2"), "undecided", "too few for their skewness"),
        (mean(s(1, A @ A), gaussian(A)) <= 0, "refuted", "at n = 1"),
        (mean(exp(x), gaussian(x)) == exp(number("1/2")), "supported", "agree as far as they are computed"),
        (mean(exp(x), gaussian(x)) < exp(number("1/2")), "undecided", "agree as far as they are computed"),
        (mean(tr(expm(A)), gaussian(A)) != 99, "undecided", "the mean is not computed"),
    ],
    ids=str,
)
def test_a_mean_that_is_computed_is_decided(relation, expected, said):
    report = verify(claim("computed", relation), effort="quick")
    assert report.verdict.value == expected
    assert said in report.evidence[0].summary
    assert type(report.evidence[0]).from_json(report.evidence[0].to_json()) == report.evidence[0]


def test_variants_of_a_computed_mean_are_decided_like_it():
    report = verify(claim("variants", mean(x**4, gaussian(x)) <= 3), effort="quick")
    # Of sixteen: what is wider than the claim follows from it, and E[x^{-4}] is not computed.
    assert (report.mutants.killed, report.mutants.weaker, report.mutants.unrefuted) == (6, 6, 1)
    assert not report.mutants.survivors
    changes = {
        text(each.statement.relations[0]) for each in mutants_of(statement(mean(x**4, gaussian(x)) <= 3))
    }
    assert {f"E[x^4] {said} with gaussian x" for said in ("≥ 3", "< 3", "≤ 0.95 · 3", "≤ -3")} <= changes


def test_what_is_not_computed_is_sampled_at_the_sizes_that_are_left():
    deep = claim(
        "deep", mean(tr(M.J @ M.J.T), gaussian(M)) == n ** (depth + 1), sizes={"N": (3, 4), "n": (4, 4)}
    )
    seen = verify(deep, effort="quick")
    assert seen.verdict is Verdict.SUPPORTED
    assert seen.evidence[0].kind == "statistics"
    assert seen.evidence[0].summary.startswith(
        "computed exactly, at N = 3; n = 4; not computed at N = 4, n = 4; one mean"
    )


def test_a_mean_names_its_level():
    seen = verify(
        claim("level", mean(s(1, A), gaussian(A)) == 1, sizes={"n": (2, 2)}), effort="quick"
    ).evidence[0]
    assert seen.false_alarm == 1e-9
    assert "independent and gaussian" in seen.assumes


def test_what_has_no_value_at_a_sample_has_no_mean():
    """0/0 is no 0: with probability two thirds there is nothing to take the mean of."""
    body = (x - x) / (minimum(x, 2) - maximum(x, -1))
    report = verify(claim("nothing", mean(body, gaussian(x)) == 0), effort="quick")
    assert report.verdict.value == "error"
    assert "expected at least two finite numbers" in report.error


@pytest.mark.parametrize("ends", [2, (2,), (1, 2, 3), ("1", "2"), (2, 1), (1.0, 2.0), None])
def test_sizes_that_are_no_range_are_refused_by_name(ends):
    with pytest.raises(
        ValueError, match="expected the least and the largest, from 1 on, of one of the sizes n"
    ):
        statement(det(A) <= 1, ranges={"n": ends})


def test_every_site_of_the_two_sides_is_varied_and_wrong_variants_are_caught():
    said = statement(tends(x + 1 / N, x, N, oo))
    assert {"x + 2/N → x as N → ∞", "x - 1/N → x as N → ∞", "x → x as N → ∞"} <= {
        text(m.statement.relations[0]) for m in mutants_of(said)
    }
    report = verify(claim("variants", mean(3 * x**2, uniform(x)) == 1), effort="quick")
    assert report.mutants.killed >= report.mutants.total - 1 >= 6


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (lambda: tends(1 / n, 0, n, oo), "expected a number that moves"),
        (lambda: tends(1 / N, 1 / N, N, oo), "depends on N"),
        (lambda: tends(1 / N, 0, N, 3), "tends to oo only"),
        (lambda: tends(A, A, t, 0), "matrix"),
        (lambda: mean(x * t, gaussian(x)) == 0, "no law is given for t"),
        (lambda: mean(x, gaussian(x)) == t, "depends on no variable"),
        (lambda: mean(x, gaussian(x)) <= t, "depends on no variable"),
        (lambda: mean(x, gaussian(2 * x)), "expected variables, such as"),
        (lambda: statement(mean(x, gaussian(x)) == 0, given=x > 0), "over all of its law"),
        (lambda: statement([x >= 0, tends(1 / N, 0, N, oo)]), "alone"),
    ],
)
def test_what_has_no_meaning_is_refused(write, expected):
    with pytest.raises((TypeError, ValueError), match=expected):
        write()
