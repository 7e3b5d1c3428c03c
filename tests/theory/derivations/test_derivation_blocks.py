"""A derivation as blocks, and what they come to: text of 100 columns, LaTeX that compiles, Markdown, HTML."""

import re
import shutil
import subprocess

import pytest
from sympy import Integer, Symbol, oo

from jacspec.documents import html, latex, markdown
from jacspec.documents.blocks import Formula, Heading, Paragraph, Section
from jacspec.documents.prose import plain
from jacspec.theory import Derivation, Relation
from jacspec.theory.derivations.derivation_blocks import assumption_blocks, result_block, results_blocks
from jacspec.theory.derivations.domain import Domain, Parameter
from jacspec.theory.derivations.scalars.steps import ScalarCalculation
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.results.dynamics import general

DERIVATIONS = [
    pytest.param(make(), id=make().label)
    for make in (
        general.velocity_identity,
        general.decoupled_velocity,
        general.general,
        general.depth_scaling_boundary,
        general.gradient_flow,
    )
]


def unwrapped(text):
    return " ".join(text.split())


# --- text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_text_fits_into_a_hundred_columns(derivation):
    assert max(map(len, str(derivation).splitlines())) <= 100


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_every_line_of_the_text_names_its_rule_and_its_assumptions(derivation):
    rendered = str(derivation)
    reached = [line for line in rendered.splitlines() if re.match(r" {3}[=→] ", line)]
    steps = list(derivation.steps)
    assert len(reached) == len(steps)
    assert [line.strip()[0] for line in reached] == [step.relation.value for step in steps]
    position = 0
    flat = unwrapped(rendered)
    for step in steps:
        reason = unwrapped(f"by: {step.reason}".replace("$", ""))
        position = flat.index(reason, position) + len(reason)  # every reason, in order


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_the_text_states_what_is_assumed_and_what_it_rests_on(derivation):
    flat = unwrapped(str(derivation))
    assert flat.startswith(derivation.title)
    assert f"{derivation.label}, for {plain(derivation.scope)}" in flat
    for assumption in derivation.assumptions:
        for shown in assumption_blocks(assumption.title, assumption):
            assert unwrapped(shown.text.replace("$", "")) in flat
    for lemma in derivation.rests_on:
        assert lemma.label in flat.partition("Rests on ")[2].partition(". ")[0]
    assert unwrapped(derivation.remark.replace("$", "")) in flat


def test_gradient_flow_treats_the_boundary_terms():
    text = str(general.gradient_flow())
    assert "split off the two boundary terms" in text
    assert "two layers hold one intercept, N-2 hold two" in text
    assert "= -N s_k^{2 - 2/N} e^{δ_k (2 + 2/N)} ⟨u_k, G v_k⟩ (1 - (2 - 2 e^{-2 δ_k})/N)" in text


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_the_result_stands_at_the_top_with_its_relation(derivation):
    stated = derivation.blocks()[1]
    assert stated.kind == "theorem"
    shown = next(block for block in stated.blocks if isinstance(block, Formula))
    first = derivation.results[0]
    assert shown == result_block(first)
    assert f" {first.relation.value} " in shown.text


def test_a_limit_on_the_way_makes_the_result_a_limit():
    flow = general.gradient_flow()
    assert [step.relation.value for step in flow.steps][-1] == "="
    assert flow.blocks()[1].blocks[1].text.startswith("ṡ_k → (ε → 0⁺) -N s_k^{2 - 2/N}")


def test_a_derivation_may_be_a_part_of_a_document_that_shows_others():
    derivation = general.gradient_flow()
    (lender,) = derivation.rests_on
    title, stated, *others = derivation.blocks("None survives.", level=5, anchors={lender.label: "there"})
    assert (title.level, title.anchor) == (5, "")
    assert f"[`{lender.label}`](#there)" in stated.blocks[0].text
    (proof,) = (block for block in others if isinstance(block, Section))
    assert proof.kind == "proof"
    assert {block.level for block in (*others, *proof.blocks) if isinstance(block, Heading)} == {6}
    assert (others[-1].lead, others[-1].text) == ("Checks", "None survives.")


# --- LaTeX --------------------------------------------------------------------------------------


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_latex_is_balanced(derivation):
    document = latex.document(derivation.blocks())
    plain = document.replace(r"\{", "").replace(r"\}", "")
    depth = 0
    for character in plain:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    opened = []
    for kind, environment in re.findall(r"\\(begin|end)\{([a-z*]+)\}", document):
        if kind == "begin":
            opened.append(environment)
        else:
            assert opened.pop() == environment
    assert opened == []
    assert plain.count(r"\left(") == plain.count(r"\right)")
    assert plain.count(r"\biggl(") == plain.count(r"\biggr)")
    assert plain.count("$") % 2 == 0


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_latex_is_plain_ascii_and_gives_every_reason(derivation):
    body = latex.write(derivation.blocks())
    assert body.isascii()
    said = " ".join(body.split())
    for step in derivation.steps:
        assert " ".join(latex.write([Paragraph(step.reason)]).split()) in said


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_latex_compiles_and_stays_inside_the_page(derivation, tmp_path):
    (tmp_path / "proof.tex").write_text(latex.document(derivation.blocks()), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "proof.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    log = (tmp_path / "proof.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert (tmp_path / "proof.pdf").stat().st_size > 0
    assert "Missing character" not in log
    assert "Overfull" not in log


# --- Markdown -----------------------------------------------------------------------------------


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_markdown_is_balanced_and_gives_every_reason(derivation):
    rendered = markdown.write(derivation.blocks())
    lines = rendered.splitlines()
    assert lines[0] == f"## {derivation.title}"
    assert f"`{derivation.label}`" in rendered
    assert rendered.count("$$") % 2 == 0
    assert rendered.replace("$$", "").count("$") % 2 == 0
    assert sum(line.startswith("by ") for line in lines) == len(list(derivation.steps))


# --- HTML ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_html_gives_every_reason_and_reads_every_formula(derivation):
    page = html.write(derivation.blocks())
    assert page.count('<p class="reason">') == len(list(derivation.steps))
    assert "\\" not in page  # no LaTeX is left
    assert derivation._repr_html_().count("<math") == page.count("<math")


def test_results_say_for_which_numbers_they_hold():
    """x² ≤ x + 1 is false at x = 2, and what is shown for n ≥ 4 is not shown for n ≥ 2."""
    x, y = Symbol("x", positive=True), Symbol("y", real=True)
    domain = Domain((Parameter(x, Integer(0), Integer(1)), Parameter(y, -oo)))
    part = ScalarCalculation("x", x**2, domain=domain).bounded(Relation.AT_MOST, x + 1, "x < 1")
    (shown,) = results_blocks((part,))
    assert (shown.text, shown.where) == ("x^2 ≤ x + 1", ("0 < x < 1", "0 < x < 1"))
    assert "x^2 ≤ x + 1  (0 < x < 1)" in str(Derivation("x", "X", (part,)))
    gap = results_blocks(catalogue()["lyapunov-gap"].results)
    assert [each.where[1] for each in gap] == ["n ≥ 2", "n ≥ 2", "n ≥ 2", "n ≥ 4"]
    (single,) = results_blocks(catalogue()["velocity-identity"].results)
    assert single.where == ("", "")
