"""The LaTeX appendix: balanced, escaped, and compiled where there is a LaTeX."""

import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import strategies as st

from jacspec.documents import latex
from jacspec.documents.blocks import Paragraph
from jacspec.proofs_check import Claim, verify
from jacspec.proofs_check.claims.report_blocks import as_prose
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.reports import Run, report_appendix

VERSIONS = {"python": "3.11", "jacspec": "0.1.0"}
HOSTILE = r"50% of #1 & <b>x_{y}</b> ~ \end{document} $ ^ 漢 'a' \"b\""


@pytest.fixture(scope="module")
def found():
    labels = ("alignment-as-stated", "imbalance-conserved-raw", "separation-dynamics-any-depth")
    # The derivations are checked elsewhere; here they are only to be shown.
    claims = [replace(LEDGER[label], derivation=None) for label in labels]
    hostile = Claim(
        "50%_{", HOSTILE, {"x": st.integers(-3, 3)}, lambda x: x, hypotheses={HOSTILE: lambda x: 4 - x}
    )
    return [(claim, verify(claim, effort="quick")) for claim in (*claims, hostile)]


@pytest.fixture(scope="module")
def appendix(found):
    """All the ledger's claims with their derivations, and real counterexamples of four."""
    reached = {report.label: report for _, report in found}
    plain = replace(found[0][1], counterexample=None)
    shown = [
        (claim, reached.get(label, replace(plain, label=label, statement=claim.statement)))
        for label, claim in LEDGER.items()
    ]
    return report_appendix(Run([*shown, found[-1]], VERSIONS, 5, "quick"))


def test_it_is_balanced_and_shows_each_derivation_once(appendix):
    assert appendix.count(r"\begin{") == appendix.count(r"\end{")
    tops = {claim.derivation() for claim in LEDGER.values() if claim.derivation is not None}
    everything = {each for top in tops for each in (*top.lemmas, top)}
    stated = [appendix.count(rf"\begin{{{kind}}}") for kind in ("theorem", "lemma")]
    assert sum(stated) == len(everything)
    counterexamples, _ = appendix.split(r"\section{Hypotheses and bounds}")
    assert counterexamples.count(r"\begin{flushleft}") == 4


def test_counterexamples_are_matrices(found, appendix):
    chain = found[0][1].counterexample.values["chain"]
    for layer, factor in enumerate(chain, 1):
        rows = r" \\ ".join(" & ".join(map(str, row)) for row in factor)
        assert rf"$M_{{{layer}}} = \begin{{bmatrix}} {rows} \end{{bmatrix}}$" in appendix


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_it_compiles_with_every_line_within_the_margins(appendix, tmp_path):
    (tmp_path / "appendix.tex").write_text(appendix, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "appendix.tex"]
    made = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False
    )
    assert made.returncode == 0, made.stdout[-2000:]
    log = (tmp_path / "appendix.log").read_text(encoding="utf-8", errors="replace")
    assert "Overfull" not in log
    assert "Missing character" not in log
    assert (tmp_path / "appendix.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("claim", LEDGER.values(), ids=str)
def test_statements_become_ascii(claim):
    assert latex.write([Paragraph(as_prose(claim.statement))]).isascii()


def test_what_users_write_is_escaped(found, appendix):
    assert latex.write([Paragraph(as_prose(HOSTILE))]).strip() in appendix
    assert appendix.count(r"\end{document}") == 1
