"""Derivations on paper: text of 100 columns, LaTeX that compiles, Markdown."""

import re
import shutil
import subprocess

import pytest

from jacspec.theory import FORMATS
from jacspec.theory.rendering.latex import as_latex_body, as_latex_document
from jacspec.theory.rendering.text import as_markdown, as_text
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
    assert max(map(len, as_text(derivation).splitlines())) <= 100


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_every_line_of_the_text_names_its_rule_and_its_assumptions(derivation):
    rendered = as_text(derivation)
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
    flat = unwrapped(as_text(derivation))
    assert flat.startswith(f"{derivation.label}: {derivation.title}")
    for assumption in derivation.assumptions:
        assert unwrapped(f"{assumption.title}: {assumption.statement}".replace("$", "")) in flat
    for lemma in derivation.rests_on:
        assert f"rests on {lemma.label}" in flat
    assert unwrapped(derivation.remark.replace("$", "")) in flat


def test_gradient_flow_treats_the_boundary_terms():
    text = as_text(general.gradient_flow())
    assert "split off the two boundary terms" in text
    assert "two layers hold one intercept, N-2 hold two" in text
    assert "= -N s_k^{2 - 2/N} e^{δ_k (2 + 2/N)} ⟨u_k, G v_k⟩ (1 - (2 - 2 e^{-2 δ_k})/N)" in text


def test_printing_a_derivation_renders_it():
    derivation = general.velocity_identity()
    assert str(derivation) == as_text(derivation)
    assert derivation._repr_latex_() == as_latex_body(derivation)


# --- LaTeX --------------------------------------------------------------------------------------


@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_latex_is_balanced(derivation):
    document = as_latex_document(derivation)
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
    body = as_latex_body(derivation)
    assert body.isascii()
    assert body.count(r"{\footnotesize") == len(list(derivation.steps))


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("derivation", DERIVATIONS)
def test_latex_compiles_and_stays_inside_the_page(derivation, tmp_path):
    (tmp_path / "proof.tex").write_text(as_latex_document(derivation), encoding="utf-8")
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
    rendered = as_markdown(derivation)
    lines = rendered.splitlines()
    assert lines[0] == f"## {derivation.title}"
    assert f"`{derivation.label}`" in rendered
    assert rendered.count("$$") % 2 == 0
    assert rendered.replace("$$", "").count("$") % 2 == 0
    assert sum(line.startswith("by ") for line in lines) == len(list(derivation.steps))


def test_the_formats_of_the_command_line():
    assert set(FORMATS) == {"text", "latex", "markdown"}
    derivation = general.general()
    assert FORMATS["text"](derivation) == as_text(derivation)
