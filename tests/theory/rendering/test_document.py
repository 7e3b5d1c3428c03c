"""The whole theory as one document: everything is in it, and a stock LaTeX compiles it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from jacspec.documents import latex
from jacspec.documents.blocks import Bullets, Formula, Paragraph, Section
from jacspec.documents.formats import FORMATS
from jacspec.documents.prose import plain
from jacspec.theory.derivations.calculation import ShownEquations
from jacspec.theory.derivations.derivation import LentEquations
from jacspec.theory.derivations.derivation_blocks import assumption_blocks, inequality_block
from jacspec.theory.rendering.document import theory_blocks
from jacspec.theory.results.catalogue import catalogue
from jacspec.theory.results.evaluated_formulas import FORMULAS

CATALOGUE = catalogue()
BLOCKS = theory_blocks({})


@pytest.mark.parametrize("style", FORMATS)
def test_the_document_holds_every_derivation(style: str) -> None:
    document = FORMATS[style](BLOCKS).replace(r"\allowbreak{}", "")
    assert [label for label in CATALOGUE if label not in document] == []


def test_the_document_states_every_assumption_and_every_formula() -> None:
    document = " ".join(FORMATS["text"](BLOCKS).split())
    for derivation in CATALOGUE.values():
        for each in derivation.assumptions:
            assert " ".join(plain(each.title).split()) in document
            for shown in assumption_blocks("", each):
                assert " ".join(plain(shown.text).split()) in document
    for name, make in FORMULAS.items():
        assert f"{name}: {make().label}, for {plain(make().domain)}" in document


BULLETS = [item for block in BLOCKS if isinstance(block, Bullets) for item in block.items]
STATED = {
    section.anchor: frozenset(section.blocks)
    for item in BULLETS
    for section in item
    if isinstance(section, Section)
}
"""What stands under each number."""


def test_a_number_leads_to_what_the_premise_says() -> None:
    theorems = [each for each in BLOCKS if isinstance(each, Section) and each.kind in ("theorem", "lemma")]
    for derivation, theorem in zip(CATALOGUE.values(), theorems, strict=True):
        said = theorem.blocks[0]
        assert isinstance(said, Paragraph)
        numbers = re.findall(r"\[(A\d+)\]", said.text.partition("**Assumed:**")[2])
        for number, each in zip(numbers, derivation.assumptions, strict=True):
            named = f"**{number} {each.title}**"
            assert STATED[number] == frozenset(assumption_blocks(named, each))


def _cited(proof: Section) -> set[int]:
    """The calculations that another proof shows."""
    said = [each.text for each in proof.blocks if isinstance(each, Paragraph)]
    runs = [found for text in said if (found := re.match(r"(\d+)\.(?:–(\d+)\.)? As ", text))]
    return {number for run in runs for number in range(int(run[1]), int(run[2] or run[1]) + 1)}


def test_each_step_cites_what_states_all_that_it_uses() -> None:
    proofs = [each for each in BLOCKS if isinstance(each, Section) and each.kind == "proof"]
    for derivation, proof in zip(CATALOGUE.values(), proofs, strict=True):
        if derivation.turned:
            (said,) = proof.blocks
            assert isinstance(said, Paragraph)
            assert f"[`{derivation.turned.label}`](#{derivation.turned.label})" in said.text
            continue
        shown = [
            part for number, part in enumerate(derivation.calculations, 1) if number not in _cited(proof)
        ]
        steps = [step for part in shown for step in part.steps]
        reasons = [each.reason for each in proof.blocks if isinstance(each, Formula) and each.reason]
        for step, reason in zip(steps, reasons, strict=True):
            numbers = re.findall(r"\[([ADT]\d+)\]", reason)
            cited: frozenset[object] = frozenset().union(*(STATED[number] for number in numbers))
            for each in step.uses:
                if isinstance(each, LentEquations):
                    assert f"(#{each.lender.label})" in reason
                elif isinstance(each, ShownEquations) or each.supposed_for:
                    assert each.title in reason
                else:
                    assert cited.issuperset(assumption_blocks("", each)[1:])
            for _, lemma in step.lemmas:
                shown_by = derivation.proofs.get(lemma)
                assert f"(#{shown_by.label})" in reason if shown_by else inequality_block(lemma) in cited


def test_what_is_usual_is_said_once() -> None:
    document = FORMATS["text"](BLOCKS)
    assert document.count("N ≥ 2, n ≥ 1") == 1
    assert "alignment-exact-two, for n = 2, 1 ≤ l ≤ N." in document
    assert "separation-rate, for N ≥ 1." in document


def test_what_says_the_same_has_one_number() -> None:
    flow = {each for derivation in CATALOGUE.values() for each in derivation.assumptions}
    assert len([each for each in flow if each.name == "gradient-flow"]) == 2  # one has the transpose as well
    assert len(re.findall(r"A\d+ gradient flow\n", FORMATS["text"](BLOCKS))) == 1


def test_the_text_fits_into_a_hundred_columns() -> None:
    assert max(map(len, FORMATS["text"](BLOCKS).splitlines())) <= 100


def test_the_document_says_what_the_checks_found() -> None:
    document = FORMATS["markdown"](theory_blocks({"general-dynamics": "12 steps hold."}))
    assert document.count("**Checks.** 12 steps hold.") == 1


def test_no_bare_greek_or_script_is_left_in_latex() -> None:
    assert re.findall(r"[^\x00-\x7f]", latex.document(BLOCKS)) == []


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
def test_the_document_compiles_without_a_warning_from_its_files(tmp_path: Path) -> None:
    files = latex.files(BLOCKS, "theory")
    for name, source in files.items():
        (tmp_path / name).write_text(source)
    log = _compiled(files["theory.tex"], tmp_path, passes=3)
    assert _complaints(log) == []
    pages = re.search(r"Output written on theory.pdf \((\d+) pages", log)
    assert pages is not None
    assert int(pages[1]) <= 20  # such as one hands to a co-author
    assert (tmp_path / "theory.pdf").stat().st_size > 50_000


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX here")
def test_every_derivation_stands_by_itself(tmp_path: Path) -> None:
    alone = [latex.write(derivation.blocks("Checked.")) for derivation in CATALOGUE.values()]
    document = "\n".join([latex.PREAMBLE + r"\begin{document}", *alone, r"\end{document}"])
    assert _complaints(_compiled(document, tmp_path, passes=2)) == []


def test_the_files_are_the_document_with_each_derivation_in_its_own() -> None:
    files = latex.files(BLOCKS, "theory")
    once = {f"theory-{each}.tex" for each in ("notation", "definitions", "assumptions", "taken")}
    assert set(files) == {"theory.tex", *once, *(f"{label}.tex" for label in CATALOGUE)}
    whole = re.sub(r"\\input\{(.*)\}\n", lambda found: files[f"{found[1]}.tex"], files["theory.tex"])
    assert whole == latex.document(BLOCKS)
    assert all("\\begin{proof}" in source for name, source in files.items() if name[:-4] in CATALOGUE)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX here")
def test_a_paper_inputs_a_theorem_with_what_it_cites(tmp_path: Path) -> None:
    for name, source in latex.files(BLOCKS, "theory").items():
        (tmp_path / name).write_text(source)
    alignment = CATALOGUE["alignment"]
    derivations = [each.label for each in (*alignment.lemmas, alignment)]
    inputs = ["theory-notation", "theory-definitions", "theory-assumptions", "theory-taken", *derivations]
    body = "\n".join(rf"\input{{{each}}}" for each in inputs)
    paper = "\n".join([latex.PREAMBLE + r"\begin{document}", body, r"\end{document}"])
    assert _complaints(_compiled(paper, tmp_path, passes=2)) == []


def test_numbers_and_links_lead_somewhere() -> None:
    document = latex.document(BLOCKS)
    linked = set(re.findall(r"\\hyperlink\{(\w+)\}", document))
    assert linked
    assert linked <= set(re.findall(r"\\hypertarget\{(\w+)\}", document))
    assert set(re.findall(r"\\ref\{([\w-]+)\}", document)) <= set(CATALOGUE)
