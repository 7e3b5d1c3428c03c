"""The whole theory: labels, no idle assumption, and a document that a stock LaTeX compiles."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from theory.catalogue import catalogue
from theory.document import WHOLE

CATALOGUE = catalogue()


@pytest.mark.parametrize("label", CATALOGUE)
def test_no_assumption_is_idle(label: str) -> None:
    idle = {(step.rule, used.title) for step, used in CATALOGUE[label].idle}
    assert idle == set()


@pytest.mark.parametrize("label", CATALOGUE)
def test_what_a_derivation_rests_on_is_in_the_catalogue_before_it(label: str) -> None:
    labels = list(CATALOGUE)
    for lemma in CATALOGUE[label].rests_on:
        assert labels.index(lemma.label) < labels.index(label)


@pytest.mark.parametrize("label", CATALOGUE)
def test_what_is_said_to_be_shown_carries_its_proof(label: str) -> None:
    used = {used for step in CATALOGUE[label].steps for used in step.uses}
    bare = [each.title for each in used if "shown" in each.statement and each.shown_by is None]
    assert bare == []


@pytest.mark.parametrize("style", WHOLE)
def test_the_document_holds_every_derivation(style: str) -> None:
    document = WHOLE[style]()
    assert [label for label in CATALOGUE if label not in document] == []


def test_no_bare_greek_or_script_is_left_in_latex() -> None:
    assert re.findall(r"[^\x00-\x7f–’]", WHOLE["latex"]()) == []


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX here")
def test_the_document_compiles(tmp_path: Path) -> None:
    (tmp_path / "theory.tex").write_text(WHOLE["latex"](), encoding="utf-8")
    compiler = shutil.which("pdflatex")
    assert compiler is not None
    made = subprocess.run(
        [compiler, "-interaction=nonstopmode", "-halt-on-error", "theory.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout[-2000:]
    assert (tmp_path / "theory.pdf").stat().st_size > 50_000
