"""Means, variances, probabilities and laws as expressions: how they are written, and the laws themselves."""

import pickle

import numpy as np
import pytest
from sympy import Integer, Rational, Symbol, cos, diff, exp, integrate, limit, log, oo, pi

from jacspec.documents.mathematics import latex_of
from jacspec.documents.mathml import mathml
from jacspec.theory.derivations.proposition import Proposition
from jacspec.theory.derivations.relation import Relation
from jacspec.theory.notation.chance import LAWS, Convergence, Law, Mean, Probability, Variance
from jacspec.theory.notation.printing import latex, text
from jacspec.theory.notation.symbols import N, k, s

t, x = Symbol("t", positive=True), Symbol("x", real=True)
WRITTEN = {
    Mean(log(s(k))) / N: ("E[log(s_k)]/N", r"\frac{\mathbb{E}\left[\log s_{k}\right]}{N}"),
    Variance(log(s(k))): ("Var(log(s_k))", r"\operatorname{Var}\left(\log s_{k}\right)"),
    Probability(s(1), 0): ("P(s_1 = 0)", r"\mathbb{P}\left(s_{1} = 0\right)"),
    Convergence(s(1), N): (
        "P(lim_{N → ∞} s_1 ∈ ℝ)",
        r"\mathbb{P}\left(\lim_{N \to \infty} s_{1} \in \mathbb{R}\right)",
    ),
    Law("normal", k): ("𝒩(0, k)", r"\mathcal{N}\left(0, k\right)"),
}


@pytest.mark.parametrize("expression", WRITTEN, ids=text)
def test_they_are_written_in_three_ways(expression):
    assert (text(expression), latex(expression)) == WRITTEN[expression]
    assert mathml(latex(expression)).startswith("<math")
    assert latex_of(text(expression)).isascii()


@pytest.mark.parametrize("expression", WRITTEN, ids=text)
def test_they_are_values(expression):
    assert pickle.loads(pickle.dumps(expression)) == expression  # noqa: S301 -- our own
    assert expression.func(*expression.args) == expression
    assert expression.subs(k, 2).subs(N, 3).free_symbols == set()


def test_a_limit_to_a_law_says_so():
    said = Proposition(log(s(k)) / N, Relation.LIMIT, Law("normal", 1), towards=(N, oo))
    assert said.conclusion == "$log(s_k)/N → 𝒩(0, 1)$ as $N → ∞$ in law"
    assert "in law" in said.formula.text
    assert all(r"\text{in law}" in line for line in said.formula.latex)


def test_a_law_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="the law 'Cauchy': expected one of normal, Laplace"):
        Law("Cauchy", 1)


DENSITIES = {
    "normal": exp(-(x**2) / 2) / (2 * pi) ** Rational(1, 2),
    "Laplace": exp(-(2 ** Rational(1, 2)) * x) / 2 ** Rational(1, 2),
    "uniform": 1 / (2 * 3 ** Rational(1, 2)),
}


@pytest.mark.parametrize("name", DENSITIES)
def test_characteristic_functions_are_those_of_the_densities(name):
    last = 3 ** Rational(1, 2) if name == "uniform" else oo
    found = 2 * integrate(DENSITIES[name] * cos(t * x), (x, 0, last))
    for at in (Rational(1, 3), Integer(2)):
        assert complex(found.subs(t, at)).real == pytest.approx(float(Law(name, 1).characteristic(at)))


@pytest.mark.parametrize("name", LAWS)
def test_every_law_has_variance_1(name):
    assert limit(diff(Law(name, 1).characteristic(t), (t, 2)), t, 0) == -1
    assert np.isclose(float(Law(name, 4).characteristic(t).subs(t, 1)), float(LAWS[name][1].subs(t, 2)))
