"""The whole theory: labels, no unneeded assumption, and a document that a stock LaTeX compiles."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from jacspec.theory.derivations.calculation import ShownEquations
from jacspec.theory.rendering.document import WHOLE
from jacspec.theory.rendering.latex import PREAMBLE, as_latex_body
from jacspec.theory.results.catalogue import catalogue

CATALOGUE = catalogue()


@pytest.mark.parametrize("label", CATALOGUE)
def test_no_assumption_is_idle(label: str) -> None:
    unneeded = {(step.rule, used.title) for step, used in CATALOGUE[label].unneeded}
    assert unneeded == set()


@pytest.mark.parametrize("label", CATALOGUE)
def test_what_a_derivation_rests_on_is_in_the_catalogue_before_it(label: str) -> None:
    labels = list(CATALOGUE)
    for lemma in CATALOGUE[label].rests_on:
        assert labels.index(lemma.label) < labels.index(label)


@pytest.mark.parametrize("label", CATALOGUE)
def test_what_is_said_to_be_shown_carries_its_proof(label: str) -> None:
    used = {used for step in CATALOGUE[label].steps for used in step.uses}
    bare = [each.title for each in used if "shown" in each.statement and not isinstance(each, ShownEquations)]
    assert bare == []


@pytest.mark.parametrize("style", WHOLE)
def test_the_document_holds_every_derivation(style: str) -> None:
    document = WHOLE[style]({}).replace(r"\allowbreak{}", "")
    assert [label for label in CATALOGUE if label not in document] == []


def test_no_bare_greek_or_script_is_left_in_latex() -> None:
    assert re.findall(r"[^\x00-\x7f–’]", WHOLE["latex"]({})) == []


# --- LaTeX --------------------------------------------------------------------------------------


def _compiled(document: str, folder: Path, *, passes: int) -> str:
    """The log of a document's last pass, without the line breaks that TeX puts into it."""
    (folder / "theory.tex").write_text(document, encoding="utf-8")
    compiler = shutil.which("pdflatex")
    assert compiler is not None
    for _ in range(passes):
        made = subprocess.run(
            [compiler, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "theory.tex"],
            cwd=folder,
            env=os.environ | {"max_print_line": "1000"},
            capture_output=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout[-2000:]
    return (folder / "theory.log").read_text(encoding="utf-8", errors="replace")


def _complaints(log: str) -> list[str]:
    """Whatever is wrong on the pages: undefined references, missing letters, lines beyond the margin."""
    return re.findall(r".*(?:Warning|Missing character|Overfull|undefined).*", log)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX here")
def test_the_document_compiles_without_a_warning(tmp_path: Path) -> None:
    assert _complaints(_compiled(WHOLE["latex"]({}), tmp_path, passes=3)) == []
    assert (tmp_path / "theory.pdf").stat().st_size > 50_000


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX here")
def test_every_derivation_stands_by_itself(tmp_path: Path) -> None:
    alone = [as_latex_body(derivation, "Checked.") for derivation in CATALOGUE.values()]
    document = "\n".join([PREAMBLE + r"\begin{document}", *alone, r"\end{document}"])
    assert _complaints(_compiled(document, tmp_path, passes=2)) == []


def test_numbers_and_links_lead_somewhere() -> None:
    document = WHOLE["latex"]({})
    linked = set(re.findall(r"\\hyperlink\{(\w+)\}", document))
    assert linked
    assert linked <= set(re.findall(r"\\hypertarget\{(\w+)\}", document))
    assert set(re.findall(r"\\ref\{([\w-]+)\}", document)) <= set(CATALOGUE)
