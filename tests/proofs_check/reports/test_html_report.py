"""The report as a web page: whole, closed, escaped, self-contained, and as a browser shows it."""

import itertools
import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import strategies as st

from jacspec.numerics import InputError
from jacspec.proofs_check import Claim, verify
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.reports import Run, experiments_in, found_experiments, report_page
from jacspec.proofs_check.reports.derivation import derivation_html, result_html
from jacspec.proofs_check.reports.graph import Graph, Node, claim_graph, graph_svg
from jacspec.proofs_check.reports.html import anchors_of
from jacspec.proofs_check.reports.mathematics import mathml, matrix_mathml, prose_html, statement_html
from jacspec.proofs_check.reports.pictures import described
from jacspec.theory.results.catalogue import catalogue
from tests.proofs_check.reports.browser import INSTALLED, browser

VERSIONS = {"python": "3.11", "jacspec": "0.1.0"}
VOID = {"meta", "link", "img", "br", "wbr"}
HOSTILE = "<script>alert('1')</script> & \"x\" > 0"
ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63680000008200"
    "8177cd72b60000000049454e44ae426082"
)


class Page(HTMLParser):
    """Every tag with its attributes; an end tag that closes nothing, or the wrong thing, is an error."""

    def __init__(self, source):
        super().__init__()
        self.tags, self._open, self.words = [], [], []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), (tag, names)
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def values(self, name):
        return [attributes[name] for _, attributes in self.tags if name in attributes]


@pytest.fixture(scope="module")
def run():
    # The derivations are checked elsewhere; here they are only to be shown.
    ledger = [LEDGER[each] for each in ("alignment-as-stated", "velocity-identity", "separation-dynamics")]
    shown = [(claim, verify(replace(claim, derivation=None), effort="quick")) for claim in ledger]
    hostile = Claim(
        "<b>mine</b>",
        HOSTILE,
        {"x": st.integers(-3, 3)},
        lambda x: x,
        hypotheses={HOSTILE: lambda x: 4 - x},
        source=HOSTILE,
        remark=HOSTILE,
    )
    return Run([*shown, (hostile, verify(hostile, effort="quick"))], VERSIONS, 5, "quick")


@pytest.fixture(scope="module")
def page(run):
    return report_page(run)


# --- the page -----------------------------------------------------------------------------------


def test_every_tag_is_closed_and_every_link_has_its_target(page):
    parsed = Page(page)
    targets = Counter(parsed.values("id"))
    assert set(targets.values()) == {1}
    links = [link for link in parsed.values("href") if link.startswith("#")]
    assert len(links) > 10
    assert {link[1:] for link in links} <= set(targets)
    assert {name for names in parsed.values("aria-labelledby") for name in names.split()} <= set(targets)


def test_headings_leave_out_no_level(page):
    levels = [int(tag[1]) for tag, _ in Page(page).tags if tag in {"h1", "h2", "h3", "h4", "h5"}]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_page_needs_nothing_else(page):
    parsed = Page(page)
    assert parsed.values("src") == []
    assert all(link.startswith(("#", "data:")) for link in parsed.values("href"))
    assert not any(tag == "script" for tag, _ in parsed.tags)
    assert not any(name.startswith("on") for _, attributes in parsed.tags for name in attributes)
    assert "http" not in page
    assert "@import" not in page
    assert len(page.encode()) < 5_000_000


def test_what_users_write_is_escaped(page):
    assert "<script" not in page
    assert "<b>mine" not in page
    assert "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt; &amp; &quot;x&quot; &gt; 0" in page
    assert HOSTILE in "".join(Page(page).words)


def test_the_summary_says_it_at_once(run, page):
    assert '<h1 class="bad">3 of 4 verdicts as expected</h1>' in page
    assert 'Not as expected: <a href="#claim-b-mine-b">' in page
    counts = Counter(report.verdict.value for report in run.reports)
    assert counts["refuted"] == 2
    assert f"refuted</span> {counts['refuted']}" in page
    assert "python</dt><dd>3.11</dd>" in page
    assert "seed</dt><dd>5</dd>" in page


def test_each_claim_shows_its_counterexample_and_its_derivation(run, page):
    chain = run.reports[0].counterexample.values["chain"]
    assert all(matrix_mathml(factor) in page for factor in chain)
    derivation = LEDGER["velocity-identity"].derivation()
    assert f"Derivation, {len(list(derivation.steps))} steps" in page
    assert all(prose_html(step.reason) in page for step in derivation.steps)


def results(folder, name, **data):
    content = {"experiment": name, "seed": 3, "complete": True, "findings": ["s_1 <b>grows"], **data}
    (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def test_experiments_are_found_with_their_findings_and_pictures(tmp_path):
    results(tmp_path, "depth-scaling")
    results(tmp_path, "depth", complete=False)
    (tmp_path / "other.json").write_text("[1", encoding="utf-8")
    (tmp_path / "package.json").write_text('{"experiment": "another"}', encoding="utf-8")
    for name in ("depth.png", "depth-relu.png", "depth-scaling.png", "depth-scaling.svg", "lone_one.png"):
        (tmp_path / name).write_bytes(ONE_PIXEL)
    depth, scaling, lone = found_experiments([tmp_path])
    assert (depth.name, depth.findings, depth.complete) == ("depth", ("s_1 <b>grows",), False)
    assert [[file.name for file in files] for files in depth.pictures] == [["depth-relu.png"], ["depth.png"]]
    assert [[file.name for file in files] for files in scaling.pictures] == [
        ["depth-scaling.png", "depth-scaling.svg"]
    ]
    assert (lone.title, lone.findings) == ("Lone one", ())


def test_of_two_folders_the_first_is_shown(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    results(first, "depth")
    for name in ("depth.png", "depth-old.png", "more.png"):
        (second / name).write_bytes(ONE_PIXEL)
    assert [each.name for each in found_experiments([first, second])] == ["depth", "more"]
    assert found_experiments([tmp_path / "none"]) == []


def test_pictures_of_a_document_say_what_it_says_of_them(tmp_path):
    (tmp_path / "depth.png").write_bytes(ONE_PIXEL)
    document = tmp_path / "findings.md"
    document.write_text("# Found\n\n![Two\nlines](depth.png) and ![none](missing.png)", encoding="utf-8")
    (shown,) = described(document)
    assert (shown.name, shown.findings, shown.seed) == ("depth", ("Two lines",), None)
    assert described(tmp_path / "none.md") == []


def test_a_folder_without_results_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no results of experiments: make them by 'jacspec reproduce"):
        experiments_in(tmp_path)
    with pytest.raises(InputError, match="is no folder"):
        experiments_in(tmp_path / "none")


def test_pictures_are_held_by_the_page_unless_they_are_too_large(run, tmp_path):
    results(tmp_path, "small_one", complete=False)
    (tmp_path / "small_one.png").write_bytes(ONE_PIXEL)
    (tmp_path / "small_one.svg").write_bytes(ONE_PIXEL + bytes(9))
    (tmp_path / "large.png").write_bytes(bytes(3_000_001))
    page = Page(report_page(run, found_experiments([tmp_path])))
    (image,) = [attributes for tag, attributes in page.tags if tag == "img"]
    assert image["src"].startswith("data:image/png;base64,iVBORw0KGgo")
    assert image["alt"] == "Figure: small one: s_1 <b>grows"
    words = "".join(page.words)
    assert "large.png: 3.0 MB, too large to be held here." in words
    assert "jacspec reproduce small_one --seed 3, interrupted" in words
    assert "s_1 <b>grows" not in words  # a subscript
    assert "<b>grows" in words


def test_anchors_are_unique():
    anchors = anchors_of(["a-b", "a.b", "a_b", "ψ", "α"])
    assert len(set(anchors.values())) == 5
    assert anchors["a-b"] == "claim-a-b"
    assert all(anchor.replace("-", "").isalnum() and anchor.isascii() for anchor in anchors.values())


def test_every_verdict_has_a_mark_and_a_colour(run):
    claim, report = run.verdicts[0]
    shown = [(claim, replace(report, label=each.value, verdict=each)) for each in Verdict]
    page = report_page(Run(shown, VERSIONS, 0, "quick"))
    for each in Verdict:
        assert f'<span class="badge {each.value}">' in page
        assert f".{each.value} {{ --verdict: var(--{each.value}); }}" in page


# --- mathematics --------------------------------------------------------------------------------


@pytest.mark.parametrize("label", sorted(catalogue()))
def test_every_derivation_becomes_well_formed_mathematics(label):
    derivation = catalogue()[label]
    source = f"<div>{derivation_html(derivation, {})}{result_html(derivation)}</div>"
    tree = ET.fromstring(source)  # noqa: S314
    # What could not be read would stand there as code, or with its backslashes.
    named = [each.label for each in (*derivation.rests_on, *derivation.derivations_of_inequalities)]
    assert [each.text for each in tree.iter("code")] == [label, *named]
    assert "\\" not in source
    assert "$" not in source


def test_mathml_of_known_formulas():
    assert mathml("s_{k}") == (
        '<math display="inline"><mrow><msub><mi>s</mi><mrow><mi>k</mi></mrow></msub></mrow></math>'
    )
    assert '<mo form="prefix" stretchy="false">⟨</mo>' in mathml(r"\langle u_{k}, v_{k} \rangle")
    assert "<munder>" in mathml(r"\xrightarrow[\varepsilon \to 0]{} x")
    assert mathml("a < b").count("&lt;") == 1
    assert mathml("x^{a}^{b}") == "<code>x^{a}^{b}</code>"


def test_a_matrix_is_a_table_of_exact_numbers():
    tree = ET.fromstring(matrix_mathml([[1, "-2/3"], [0, 4]]))  # noqa: S314
    rows = [["".join(cell.itertext()) for cell in row] for row in tree.iter("mtr")]
    assert rows == [["1", "−23"], ["0", "4"]]
    assert [each.text for each in tree.find(".//mfrac")] == ["2", "3"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("A_l = <b>;", "A<sub>l</sub> = &lt;b&gt;;"),
        ("s_{i+1}(A_l) % x", "s<sub>i+1</sub>(A<sub>l</sub>) % x"),
        ("% e^{-(1+1/N)δ_k} s_k^p", "% e<sup>-(1+1/N)δ<sub>k</sub></sup> s<sub>k</sub><sup>p</sup>"),
        ("% the rank of my_matrix", "% the rank of my<sub>matrix</sub>"),
        ("% value_of_x is no index", "% value_of<sub>x</sub> is no index"),
        ("open s_{k", "open s_{k"),
        ("% _", "% _"),
    ],
)
def test_of_what_is_no_mathematics_indices_stand_below_and_exponents_above(line, shown):
    assert statement_html(line) == shown


def test_statements_are_words_and_mathematics():
    tree = ET.fromstring(f"<p>{statement_html('V_Aᵀ B < 1 for k = -1, all i')}</p>")  # noqa: S314
    assert ["".join(each.itertext()) for each in tree.iter("math")] == ["VA⊤B<1", "k=−1", "i"]
    assert "".join(tree.itertext()) == "VA⊤B<1 for k=−1, all i"
    assert [each.get("form") for each in tree.iter("mo") if each.text == "−"] == ["prefix"]


# --- the graph ----------------------------------------------------------------------------------


def test_long_labels_are_set_to_the_width_of_their_boxes():
    labels = ("short", "lemma-cauchy-schwarz-inverse-transposed", "lemma-cauchy-schwarz-transposed")
    svg = graph_svg(
        Graph({label: Node(label, "proved") for label in labels}, tuple(itertools.pairwise(labels))), {}
    )
    boxes = re.findall(r'<rect x="\d+" y="\d+" width="(\d+)"[^>]*rx="6"', svg)
    texts = re.findall(r"<text ([^>]*)>", svg)
    assert len(boxes) == len(texts) == 3
    assert sum("textLength" in text for text in texts) == 2
    assert all(
        float(m) + 15 < float(boxes[0]) for text in texts for m in re.findall(r'textLength="(\d+)"', text)
    )


def test_edges_lead_to_earlier_layers_and_nothing_is_lost():
    names = "abcdefg"
    edges = (("c", "a"), ("c", "b"), ("d", "c"), ("e", "a"), ("d", "a"), ("f", "d"))
    graph = Graph({name: Node(name, "proved") for name in names}, edges)
    layers = graph.layers()
    column = {label: place for place, layer in enumerate(layers) for label in layer}
    assert all(column[other] < column[one] for one, other in edges)
    assert sorted(column) == list("abcdef")
    assert graph.alone == ("g",)


def test_what_a_claim_rests_on_is_read_off_its_derivation(run):
    shown = [
        (LEDGER[each], run.reports[0]) for each in ("velocity-identity", "alignment", "lemma-cauchy-schwarz")
    ]
    named = [(claim, replace(report, label=claim.label)) for claim, report in shown]
    graph = claim_graph(
        [*named, (LEDGER["general-dynamics"], replace(run.reports[0], label="general-dynamics"))]
    )
    assert ("alignment", "lemma-cauchy-schwarz") in graph.edges
    assert ("decoupled-velocity", "velocity-identity") in graph.edges
    assert ("general-dynamics", "decoupled-velocity") in graph.edges
    assert graph.nodes["decoupled-velocity"].verdict == "not run"
    assert ("alignment", "lemma-submultiplicativity") in graph.edges
    assert graph.nodes["lemma-submultiplicativity"].verdict == "not run"


CLIPPED = """
const outside = (inner, outer) => inner.left < outer.left - 1 || inner.right > outer.right + 1
const found = []
for (const text of document.querySelectorAll('.node text'))
    if (outside(text.getBoundingClientRect(), text.parentNode.querySelector('rect').getBoundingClientRect()))
        found.push(text.textContent)
const columns = document.querySelectorAll('main > section > *, .claim > *, .summary td, .summary th')
for (const each of columns)
    if (getComputedStyle(each).display !== 'none') {
        if (outside(each.getBoundingClientRect(), document.querySelector('main').getBoundingClientRect()))
            found.push(each.outerHTML)
        const next = each.nextElementSibling
        if (!next || getComputedStyle(next).display === 'none') continue
        const [one, two] = [each.getBoundingClientRect(), next.getBoundingClientRect()]
        const across = Math.min(one.right, two.right) - Math.max(one.left, two.left)
        const down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top)
        if (across > 1 && down > 1) found.push([each.outerHTML, next.outerHTML])
    }
return found
"""
"""What stands outside its box or its column, and neighbours that overlap."""

# --- in a browser -------------------------------------------------------------------------------


@pytest.mark.skipif(not INSTALLED, reason="needs chromium and chromedriver")
def test_a_browser_shows_it_on_a_phone_on_a_desk_and_on_paper(page, tmp_path):
    file = tmp_path / "index.html"
    file.write_text(page, encoding="utf-8")
    background = "return getComputedStyle(document.body).backgroundColor"
    with browser(tmp_path / "profile") as shown:
        for width in (390, 1280):
            shown.size(width)
            shown.open(file)
            shown.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert shown.evaluate("return document.documentElement.scrollWidth") <= width
            assert shown.console() == []
            assert shown.evaluate(CLIPPED) == []
        shown.evaluate("window.scrollTo(0, 0)")
        shown.press("Tab")
        assert shown.evaluate("return document.activeElement.className") == "skip"
        assert shown.evaluate("return document.activeElement.getBoundingClientRect().left") >= 0
        shown.press("Enter")
        assert shown.evaluate("return document.activeElement.id") == "content"
        paint = shown.evaluate("return performance.getEntriesByType('paint').map(each => each.startTime)")
        assert paint
        colours = {}
        for scheme in ("light", "dark"):
            shown.media(scheme)
            colours[scheme] = shown.evaluate(background)
            assert shown.picture().startswith(b"\x89PNG")
        assert colours["light"] != colours["dark"]
        shown.media("dark", "print")
        assert shown.evaluate(background) == "rgb(255, 255, 255)"
        assert shown.pdf().startswith(b"%PDF")
