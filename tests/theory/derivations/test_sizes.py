"""What premises say of sizes counts, is shown, and is what their words say."""

import pytest
from sympy import Abs, Integer, Sum, Symbol, oo, sqrt

from jacspec.documents.mathml import mathml
from jacspec.theory import (
    Assumption,
    Calculation,
    Condition,
    Derivation,
    Domain,
    Parameter,
    Proposition,
    Relation,
    Rule,
    declare,
)
from jacspec.theory.derivations.domain import domain_of
from jacspec.theory.derivations.proposition import proof_of, stated
from jacspec.theory.notation.symbols import A, B, M, N, epsilon, i, k, l, n, s, u, v
from jacspec.theory.notation.words import inner

number = declare("sized", meaning="a number")

positive = declare("signed", meaning="a number", positive=True)


def premise(*restricts, title="a premise"):
    return Assumption("p", title, rules=(Rule(number, Integer(2)),), restricts=restricts)


@pytest.mark.parametrize("size", [N, n], ids=str)
def test_a_size_that_a_premise_fixes_is_all_that_is_shown(size):
    fixed = premise(Parameter(size, 2, 2))
    part = Calculation("part", number * s(k)).equals(2 * s(k), "as given", fixed)
    wide = Domain((Parameter(size, 1 if size == n else 2),))
    proposition = Proposition(number * s(k), Relation.EQUAL, 2 * s(k), (fixed,), wide)
    lacking = proof_of(proposition, Derivation("part", "part", (part,))).lacking
    assert lacking == f"it holds for {size} = 2 only: the proposition claims more"


def test_of_several_ranges_of_a_size_the_tightest_counts():
    ranges = (Parameter(N, 3), Parameter(N, 2, 7), Parameter(n, 1, 9), Parameter(n, 2, 5))
    assert str(domain_of([M(1)], ranges)) == "3 ≤ N ≤ 7, 2 ≤ n ≤ 5"


def test_a_fixed_size_is_shown_in_the_statement():
    def shown(*domain, title="a premise"):
        premises = (premise(Parameter(n, 2, 2), title=title),)
        return stated([Proposition(number, Relation.EQUAL, 2, premises, Domain(domain))])

    assert shown().endswith("= 2$, for $n = 2$")
    assert shown(Parameter(N, 2)).endswith(", for $n = 2, N ≥ 2$")
    assert shown(Parameter(n, 2, 2)).endswith(", for $n = 2$")
    assert "for" not in shown(title="$n = 2$")


def test_that_a_symbol_is_positive_by_declaration_is_shown():
    root = Proposition(
        sqrt(positive**2) * s(k), Relation.EQUAL, positive * s(k), domain=Domain((Parameter(N, 2),))
    )
    assert stated([root]).endswith(", for $signed > 0, N ≥ 2$")
    bounded = Assumption("b", "b", conditions=(Condition(s(1), Relation.AT_MOST, positive),))
    assert stated([Proposition(s(2), Relation.AT_MOST, s(1), (bounded,))]).endswith(", for $signed > 0$")


def test_that_directions_differ_is_shown():
    apart = Assumption("apart", "two of them", distinct=(i, k))
    other = Assumption("other", "two others", distinct=(i, k))
    shown = stated([Proposition(s(i), Relation.EQUAL, s(k), (apart, other), Domain((Parameter(N, 2),)))])
    assert shown.endswith(", for $i ≠ k, N ≥ 2$")


@pytest.mark.parametrize(
    ("domain", "shown"),
    [
        ((), ", for $N ≥ 2$"),
        ((Parameter(l, 1, N),), ", for $N ≥ 2, 1 ≤ l ≤ N$"),
        ((Parameter(l, 1, N - 1),), ", for $1 ≤ l ≤ N - 1$"),
        ((Parameter(N, 3),), ", for $N ≥ 3$"),
    ],
    ids=str,
)
def test_that_a_chain_of_one_factor_is_not_spoken_of_is_shown(domain, shown):
    """The sum over its layers is that of one factor; at least twice as much only from two on."""
    layers = Sum(inner(u(1), A(l + 1) * M(l) * B(l) * v(1)), (l, 1, N))
    assert stated([Proposition(layers, Relation.AT_LEAST, 2 * s(1), (), Domain(domain))]).endswith(
        f"2 s_1${shown}"
    )


def test_a_limit_says_in_text_latex_and_mathml_from_where_it_is_approached():
    x, t = Symbol("x", real=True), Symbol("t", positive=True)

    def shown(variable, end):
        stated_as = Proposition(variable / Abs(variable), Relation.LIMIT, 1, towards=(variable, end))
        (latex,) = stated_as.formula.latex
        return stated_as.conclusion, stated_as.formula.text, latex, mathml(latex)

    for variable, end, name, latex, above in (
        (x, Integer(0), "x → 0⁺", r"x \to 0^{+}", "<msup><mn>0</mn><mrow><mo>+</mo></mrow></msup>"),
        (x, Integer(2), "x → 2⁺", r"x \to 2^{+}", "<msup><mn>2</mn><mrow><mo>+</mo></mrow></msup>"),
        (t, Integer(0), "t → 0⁺", r"t \to 0^{+}", "<msup><mn>0</mn><mrow><mo>+</mo></mrow></msup>"),
        (epsilon, Integer(0), "ε → 0⁺", r"\varepsilon \to 0^{+}", "<mi>ε</mi><mo>→</mo><msup><mn>0</mn>"),
        (x, oo, "x → ∞", r"x \to \infty", "<mi>x</mi><mo>→</mo><mi>∞</mi>"),
    ):
        said, displayed, written, marked = shown(variable, end)
        assert f"→ ({name})" in displayed
        assert said.endswith(f" as ${name}$")
        assert rf"\xrightarrow[{latex}]" in written
        assert above in marked


def test_words_that_say_another_size_are_refused():
    (fault,) = premise(Parameter(n, 2, 2), title="$n = 3$").faults
    assert fault == "the words of the premise '$n = 3$' say $n = 3$, which its ranges do not"
    assert premise(Parameter(n, 2, 2), title="$n = 2$").faults == ()
    assert premise(title="narrow chains, $n = 2$").faults != ()
