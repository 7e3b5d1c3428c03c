"""One document through every writer: nothing is lost, nothing of a user's text is read as a mark."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st

from jacspec.documents import html, latex, markdown, text
from jacspec.documents.blocks import Block, Bullets, Formula, Heading, Matrix, Paragraph, Section, Table
from jacspec.documents.displayable import Displayable
from jacspec.documents.prose import literal
from tests.documents.example import EVERYTHING, LONG, RAW

ESSENTIAL = ("Many words follow", "As it stands", "singular pair", "a bound", "proved", "refuted", "in words",
             "All of them", "How", "2 steps of", "Inside", "folded away", "the end", "expected")  # fmt: skip


@pytest.mark.parametrize("write", [text.write, markdown.write, latex.write, html.write, html.notebook])
def test_everything_is_there(write: object) -> None:
    written = " ".join(write(EVERYTHING).split())  # type: ignore[operator]
    assert [each for each in ESSENTIAL if each not in written] == []
    assert write(()) in ("", "<div></div>")  # type: ignore[operator]


@example("᥆")  # a digit, but not one of ours
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Zs")), max_size=30))
def test_any_text_of_a_user_is_shown_and_breaks_nothing(raw: str) -> None:
    blocks = [Paragraph(literal(raw)), Table(("a",), ((literal(raw),),))]
    assert Page(html.write(blocks)).text == f"{raw}a{raw}"
    assert "".join(text.write([Paragraph(literal(raw))]).split()) == raw
    written = latex.write(blocks).replace(r"\{", "").replace(r"\}", "")
    assert written.count("{") == written.count("}")
    assert all(character.isascii() or "¡" <= character <= "ÿ" for character in written)


@pytest.mark.parametrize("block", [Bullets(()), Matrix("A", ()), Table(("a", "b"), ())])
def test_what_is_empty_can_be_written(block: Block) -> None:
    assert text.write([block]) in ("", "A = []", "a  b\n-  -")
    assert "itemize" not in latex.write([block])
    assert markdown.write([block]).count("|") in (0, 6)
    assert Page(html.write([block])).open == []


# --- the terminal -----------------------------------------------------------------------------------


def test_text_fits_into_a_hundred_columns() -> None:
    lines = text.write(EVERYTHING).splitlines()
    assert max(map(len, lines)) <= 100
    assert max(map(len, text.write(EVERYTHING, 60).splitlines())) <= 60
    assert all(line == line.rstrip() for line in lines)


def test_text_shows_what_a_user_wrote_and_no_marks_of_ours() -> None:
    written = text.write(EVERYTHING)
    assert " ".join(f"As it stands. {RAW}".split()) in " ".join(written.split())
    assert "**" not in written
    assert "for N ≥ 2\n=====" in written


def test_text_of_a_calculation_has_its_relations_below_one_another() -> None:
    lines = text.write(EVERYTHING[4:7]).splitlines()
    assert lines[:3] == ["     s_k(J)", "   = ⟨u_k, J v_k⟩", "         by: singular pair [J v_k, label]"]
    assert lines[3].startswith("   ≤ s_1(A_{l+1}) + s_2")
    assert " ".join("".join(lines[3:-1]).split()) == f"≤ {LONG} (1 ≤ k ≤ n)"
    assert lines[-1] == "         by: a bound"


def test_text_sets_matrices_side_by_side_and_tables_in_columns() -> None:
    written = text.write(EVERYTHING)
    assert "M_1 = [ 1  -1/2]   Ṁ_2 = [0]\n      [10     3]" in written
    table = text.write([Table(("k", "value"), (("1", "-2.5"), ("$ṡ_k$", "10")), right=(1,))])
    assert table.splitlines() == ["k    value", "---  -----", "1     -2.5", "ṡ_k     10"]


def test_text_of_a_matrix_too_wide_is_a_list() -> None:
    written = text.write([Matrix("A", (tuple(str(10**9 + k) for k in range(20)),))])
    assert written.startswith("A = [[1000000000, 1000000001,")
    assert max(map(len, written.splitlines())) <= 100


# --- Markdown ---------------------------------------------------------------------------------------


def test_markdown_escapes_what_a_user_wrote() -> None:
    written = markdown.write([Paragraph(literal("*a* _b_ c_d <i> [x](#y) `z` $1 &amp; & \\"))])
    assert written == r"\*a\* \_b\_ c_d \<i> [x\](#y) \`z\` \$1 \&amp; & \\"
    assert markdown.write([Paragraph("# no heading"), Paragraph("1. no list"), Paragraph("- nor this")]) == (
        "\\# no heading\n\n1\\. no list\n\n\\- nor this"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# h", "\\# h"),
        ("> q", "\\> q"),
        ("- x", "\\- x"),
        ("---", "\\---"),
        ("1. x", "1\\. x"),
        ("12) x", "12\\) x"),
        ("~~~ x", "\\~\\~\\~ x"),
        ("-1 # x", "-1 # x"),
    ],
)
def test_markdown_of_a_line_begins_nothing_but_a_line(text: str, written: str) -> None:
    assert markdown.write([Paragraph(text)]) == written
    assert markdown.write([Bullets((text,))]) == f"* {written}"


def test_markdown_sets_mathematics_as_latex_and_links_as_links() -> None:
    written = markdown.write(EVERYTHING)
    assert r"# The whole, for $N \ge 2$" in written
    assert "[`the-claim`](#the-claim)" in written
    assert '<a id="the-claim"></a>\n\n## The claim of' in written
    assert (
        r"$$ \begin{aligned} & \le x_{1} \qquad (1 \le k \le n) \\ & \qquad + x_{2} \end{aligned} $$"
        in written
    )
    assert "\n\nby a bound" in written
    assert written.replace(r"\$", "").count("$") % 2 == 0
    assert "````\nas  it <stands>,\n\n``` 1_000\n````" in written


def test_markdown_of_a_table_keeps_its_columns() -> None:
    rows = [line for line in markdown.write(EVERYTHING).splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}
    assert rows[1] == "| --- | --: | --- |"


def test_markdown_of_a_list_indents_what_belongs_to_an_item() -> None:
    written = markdown.write([Bullets(("one", (Paragraph("two"), Formula("x", ("x",)))))])
    assert written == "* one\n* two\n\n  $$ x $$"


# --- LaTeX ------------------------------------------------------------------------------------------


def test_latex_is_escaped_and_balanced() -> None:
    document = latex.document(EVERYTHING)
    assert document.replace("é", "").isascii()
    assert r"a\_b *c* \ensuremath{{}<}i\ensuremath{{}>} \& 50 \% of \#1 \{x\} \textasciitilde{}" in document
    assert "it's -{}- " in document
    bare = document.replace(r"\{", "").replace(r"\}", "")
    assert bare.count("{") == bare.count("}")
    opened: list[str] = []
    for kind, environment in re.findall(r"\\(begin|end)\{([a-z*]+)\}", document):
        if kind == "begin":
            opened.append(environment)
        else:
            assert opened.pop() == environment
    assert opened == []


def test_latex_of_a_calculation_has_a_letter_for_each_reason() -> None:
    written = latex.write(EVERYTHING[4:7])
    assert written.count(r"\begin{steps}") == 1
    assert "$\\by{b}{\\le} x_{1}$\n$+\\;x_{2}$\\ \\ ($1 \\le k \\le n$)\n\\reasons\n(a)~singular" in written
    again = latex.write([*EVERYTHING[4:7], replace(EVERYTHING[5], latex=(r"\ge y",))])  # type: ignore[type-var]
    assert r"\by{a}{\ge} y" in again  # a reason is said once
    assert again.count("singular pair") == 1


def test_latex_sets_a_short_reason_beside_its_formula_and_a_long_one_below() -> None:
    short, long = (
        latex.write([Formula("= x", ("= x",), reason=words)]) for words in ("a bound", "word " * 30)
    )
    assert "$= x$\n\\quad\\mbox{\\footnotesize a bound}\n" in short
    assert r"\mbox" not in long
    assert "\\reasons\n(a)~word word" in long


def test_latex_says_once_for_which_indices_formulas_hold() -> None:
    ranges = (("1 \\le k", "1 ≤ k"), ("1 \\le k", "1 ≤ k"), ("", ""))
    written = latex.write(
        [Formula(name, (name,), where=each) for name, each in zip("abc", ranges, strict=True)]
    )
    assert written.splitlines()[1:-1] == ["$a$,\\quad", "$b$\\ \\ ($1 \\le k$);\\quad", "$c$"]


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [
        (r"\frac{a}{b}", "a/b"),
        (r"\frac{a + b}{c}", "(a + b)/c"),
        (r"\frac{a}{b \, c} + d", r"a/(b \, c) + d"),
        (r"\frac{a}{b} \, c", r"\frac{a}{b} \, c"),  # a/b c would be read as a/(b c)
        (r"\log \frac{a}{b}", r"\log \frac{a}{b}"),
        (r"\left(\frac{s_{1}}{s_{2}}\right)^{2}", r"\left(s_{1}/s_{2}\right)^{2}"),
        (r"s^{1 - \frac{1}{N}} \, c", r"s^{1 - 1/N} \, c"),
        (r"\frac{a}{\sum_{i=1}^{n} b}", r"\frac{a}{\sum_{i=1}^{n} b}"),
        (r"\frac{" + "a" * 80 + r"}{s^{\frac{1}{N}}}", r"\frac{" + "a" * 80 + r"}{s^{1/N}}"),
        (r"\frac{\sum_{i=1}^{n} a_{i}}{s_{i}}", r"(\sum_{i=1}^{n} a_{i})/s_{i}"),
    ],
)
def test_latex_has_a_slash_in_a_fraction_only_where_it_means_the_same(fraction: str, shown: str) -> None:
    assert latex.write([Formula("", (fraction,))]).splitlines()[1] == f"${shown}$"


def test_latex_sets_a_formula_in_the_line_of_a_title_and_below_a_sentence() -> None:
    titled, said = (latex.write([Paragraph(each), Formula("x", ("x",))]) for each in ("One", "It is so."))
    assert titled == "One\n\\unskip: \n\\begin{steps}\n$x$\n\\end{steps}"
    assert said == "It is so.\n\n\\begin{steps}\n$x$\n\\end{steps}"


def test_the_heading_of_a_theorem_is_its_title_and_links_give_its_number() -> None:
    stated = Section((Paragraph("for all $N$"),), kind="lemma")
    written = latex.write(
        [Heading("On $N$", 3, "on-n"), stated, Paragraph("by [`on-n`](#on-n) and [that](#on-n)")]
    )
    assert "\\begin{lemma}[{On $N$}]\\label{on-n}\nfor all $N$\n\n\\end{lemma}" in written
    assert r"by Lemma~\ref{on-n} and that (Lemma~\ref{on-n})" in written
    assert "section" not in written


def test_the_sign_at_the_end_of_a_proof_stands_on_its_last_line() -> None:
    steps, words = (
        latex.write([Section((block,), kind="proof")])
        for block in (Formula("x", ("x",)), Paragraph("Clear."))
    )
    assert "$x$\n\\qedhere\n\\end{steps}\n\\end{proof}" in steps
    assert "Clear.\n\\end{proof}" in words


def test_a_long_list_of_short_items_has_two_columns() -> None:
    assert "multicols" in latex.write([Bullets(("short",) * 12)])
    assert "multicols" not in latex.write([Bullets(("short",) * 11)])
    assert "multicols" not in latex.write([Bullets(("long " * 20,) * 12)])


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX here")
def test_latex_of_a_notebook_brings_what_its_document_lacks(tmp_path: Path) -> None:
    theorem = [Section((Formula("x", ("x",)),), kind=kind) for kind in ("theorem", "lemma", "proof")]
    body = latex.notebook([*EVERYTHING[1:9], *theorem, Bullets(("short",) * 12)])
    packages = r"\usepackage{amsmath, amssymb, array, longtable, graphicx, hyperref}"
    source = "\n".join(
        [r"\documentclass{article}", packages, r"\begin{document}", body, body, r"\end{document}"]
    )
    (tmp_path / "cell.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "cell.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert latex.notebook(EVERYTHING[1:3]) == latex.write(EVERYTHING[1:3])


def test_links_lead_somewhere() -> None:
    document = latex.document(EVERYTHING)
    assert r"\texttt{the-\allowbreak{}claim} (\ref{the-claim})" in document
    assert r"\label{the-claim}" in document
    assert "and nowhere." in document
    alone = latex.write(EVERYTHING)
    assert r"\hyperlink{the-claim}" in alone
    assert r"\hypertarget{the-claim}" in alone


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX here")
@pytest.mark.parametrize("blocks", [EVERYTHING, EVERYTHING[1:]], ids=["with a title", "without"])
def test_latex_compiles_without_a_warning(blocks: Sequence[Block], tmp_path: Path) -> None:
    (tmp_path / "all.tex").write_text(latex.document(blocks), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "all.tex"]
    for _ in range(3):
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=os.environ | {"max_print_line": "1000"},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:]
    log = (tmp_path / "all.log").read_text(encoding="utf-8", errors="replace")
    assert re.findall(r".*(?:Warning|Missing character|Overfull|undefined).*", log) == []


# --- HTML -------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The text of a page; every tag is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("write", [html.write, html.notebook])
def test_html_is_well_formed_and_shows_what_a_user_wrote(write: object) -> None:
    page = Page(write(EVERYTHING))  # type: ignore[operator]
    assert RAW in page.text
    assert "as  it <stands>,\n\n``` 1_000" in page.text
    assert "$" not in page.text.replace(RAW, "").replace("$expected", "")


def test_a_page_has_classes_and_a_notebook_styles() -> None:
    page, cell = html.write(EVERYTHING), html.notebook(EVERYTHING)
    for part in ('<ol class="steps">', '<p class="reason">', '<p class="warning">',
                 '<section id="A3" class="proved">',
                 '<th scope="col">', '<h2 id="the-claim">', '<a href="#the-claim"><code>the-claim</code></a>',
                 "<details><summary>2 steps of <math", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"):  # fmt: skip
        assert part in page
    assert "style=" not in page
    assert "class=" not in cell.replace('class="long', "")
    assert "text-align:left" in cell


def test_keys_reach_what_scrolls() -> None:
    scrolling = re.findall(
        r"<[^>]*class=\"(?:long|formula)[^>]*>", html.write([*EVERYTHING, Paragraph(f"${LONG}$")])
    )
    assert {each.split()[0] for each in scrolling} == {"<div", "<span"}
    assert all('tabindex="0"' in each for each in scrolling)


@pytest.mark.parametrize("write", [html.write, html.notebook])
def test_a_heading_of_mathematics_alone_has_text_that_is_read(write: object) -> None:
    page: str = write([Table(("$γ_k$", "size of $γ_k$"), (("$k < n$", "1"),))])  # type: ignore[operator]
    assert page.count('<math aria-label="γ_k" ') == 1
    assert page.count('<math aria-label="k &lt; n" ') == (1 if write is html.write else 0)
    assert page.count("aria-label") == (2 if write is html.write else 1)


def test_attributes_are_escaped() -> None:
    anchor = '"><script>'
    assert "<script>" not in html.write([Heading("x", anchor=anchor), Paragraph(f"[y](#{anchor})")])


# --- what shows itself ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Result(Displayable):
    numbers: tuple[int, ...]

    def blocks(self) -> Sequence[Block]:
        return [Paragraph(f"${len(self.numbers)} ≤ N$ numbers")]


class _Printer:
    shown = ""

    def text(self, given: str) -> None:
        self.shown += given


def test_what_has_blocks_shows_itself_everywhere() -> None:
    result = _Result((1, 2))
    assert str(result) == "2 ≤ N numbers"
    assert result._repr_markdown_() == r"$2 \le N$ numbers"
    assert "<math" in result._repr_html_()
    assert result._repr_latex_() == "$2 \\le N$ numbers\n"
    assert repr(result) == "_Result(numbers=(1, 2))"


def test_a_console_shows_what_print_would_though_a_dataclass_has_a_repr() -> None:
    printer = _Printer()
    _Result.__dict__["_repr_pretty_"](_Result((1,)), printer, False)
    assert printer.shown == "1 ≤ N numbers"
