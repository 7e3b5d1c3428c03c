"""The report as a web page: whole, closed, escaped, self-contained, and as a browser shows it."""

from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from posixpath import dirname, join, normpath

import pytest
from hypothesis import strategies as st

from jacspec.documents import html
from jacspec.documents.blocks import Matrix
from jacspec.proofs_check import Claim, verify
from jacspec.proofs_check.claims.verdict import Verdict
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.reports import Run, found_experiments, report_page, write_report
from jacspec.proofs_check.reports.page import report_pages
from jacspec.proofs_check.reports.run import anchors_of
from jacspec.proofs_check.reports.tooltips import with_tooltips
from tests.proofs_check.reports.browser import INSTALLED, LINTED, browser
from tests.proofs_check.reports.results import ONE_PIXEL, results

VERSIONS = {"python": "3.11", "jacspec": "0.1.0"}
VOID = {"meta", "link", "img", "br", "wbr"}
ENTITY = '&lt;i&gt; & "x"'
"""A remark must not claim, so that it holds no relation."""
HOSTILE = "<script>alert('1')</script> & \"x\" > 0"


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
        remark=ENTITY,
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


def test_headings_of_tables_say_what_they_are_of(page):
    tags = Page(page).tags
    counts = Counter(tag for tag, _ in tags)
    scopes = Counter(attributes["scope"] for tag, attributes in tags if tag == "th")
    assert set(scopes) == {"col", "row"}
    assert counts["table"] > 1
    statements = page.count('<tr><td class="brief"')
    assert scopes["row"] == counts["tr"] - counts["table"] - statements


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
    # As statement here, in the summary and above it, as hypothesis and source.
    assert "".join(Page(page).words).count(HOSTILE) >= 5
    assert ENTITY in "".join(Page(page).words)


def test_the_summary_says_it_at_once(run, page):
    assert "<h1>Verdicts</h1>" in page
    assert "3 of 4 verdicts as expected." in page
    assert 'Not as expected: <a href="#claim-b-mine-b">' in page
    counts = Counter(report.verdict.value for report in run.reports)
    assert counts["refuted"] == 2
    assert f"refuted</span> {counts['refuted']}" in page
    assert "python</dt><dd>3.11</dd>" in page
    assert "seed</dt><dd>5</dd>" in page


def test_each_claim_shows_its_counterexample_and_its_derivation(run, page):
    chain = run.reports[0].counterexample.values["chain"]
    assert all(
        html.write([Matrix(f"M_{layer}", [list(map(str, row)) for row in factor])]) in page
        for layer, factor in enumerate(chain, 1)
    )
    derivation = LEDGER["velocity-identity"].derivation()
    assert f"Derivation, {len(list(derivation.steps))} steps" in page
    assert all(html.prose(step.reason) in page for step in derivation.steps)


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
    assert "s_1 <b>grows" in words


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


# --- the pages ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(run):
    return report_pages(run)


def test_every_link_of_the_pages_leads_to_a_page_and_to_an_id_of_it(pages):
    parsed = {path: Page(source) for path, source in pages.items() if path.endswith(".html")}
    assert len(parsed) == 1 + 4
    count = 0
    for path, page in parsed.items():
        assert max(Counter(page.values("id")).values(), default=1) == 1
        for link in page.values("href"):
            if link.startswith("data:"):
                continue
            file, _, anchor = link.partition("#")
            target = normpath(join(dirname(path), file)) if file else path
            assert target in pages, (path, link)
            assert not anchor or anchor in parsed[target].values("id"), (path, link)
            count += 1
    assert count > 30


def test_the_pages_are_read_without_a_network_and_without_scripts(pages):
    for path, source in pages.items():
        assert "http" not in source
        scripts = [attributes for tag, attributes in Page(source).tags if tag == "script"]
        assert scripts == ([{}] if path == "index.html" else [])
        assert "<b>mine" not in source
    words = "".join(Page(pages["claims/velocity-identity.html"]).words)
    assert "Derivation, " in words
    assert "<details><summary>Derivation" not in pages["claims/velocity-identity.html"]


def test_headings_of_the_pages_leave_out_no_level(pages):
    for source in (source for path, source in pages.items() if path.endswith(".html")):
        levels = [int(tag[1]) for tag, _ in Page(source).tags if tag in {"h1", "h2", "h3", "h4", "h5"}]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_symbol_says_what_it_stands_for():
    described = ("$A_l$, $B_l$: the products of $M_l$", "$w̃_k$: <unit>")
    page = "<mi>A</mi><mi>M</mi><mi>w</mi><p>A</p>"
    told = with_tooltips(page, described)
    first, second = '<mi title="A_l, B_l: the products of M_l">A</mi>', '<mi title="w̃_k: &lt;unit&gt;">w</mi>'
    assert told == f"{first}<mi>M</mi>{second}<p>A</p>"


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
        colours = {}
        for scheme in ("light", "dark"):
            shown.media(scheme)
            colours[scheme] = shown.evaluate(background)
            assert shown.picture().startswith(b"\x89PNG")
        assert colours["light"] != colours["dark"]
        shown.media("dark", "print")
        assert shown.evaluate(background) == "rgb(255, 255, 255)"
        assert shown.pdf().startswith(b"%PDF")


@pytest.mark.skipif(not LINTED, reason="needs chromium, chromedriver and axe-core (make extras)")
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_an_accessibility_linter_has_no_findings_in_a_single_file(page, tmp_path, scheme, width):
    file = tmp_path / "single.html"
    file.write_text(page, encoding="utf-8")
    with browser(tmp_path / "profile") as shown:
        shown.size(width)
        shown.media(scheme)
        shown.open(file)
        assert shown.violations() == []
        shown.evaluate("document.documentElement.removeAttribute('lang')")  # what it would find
        assert [found[0] for found in shown.violations()] == ["html-has-lang"]


@pytest.mark.skipif(not INSTALLED, reason="needs chromium and chromedriver")
def test_a_browser_filters_the_summary_and_fits_the_pages_to_a_phone(run, tmp_path):
    index, *_ = write_report(tmp_path / "report", run)
    with browser(tmp_path / "profile") as shown:
        shown.size(390)
        for page in (index, *sorted((tmp_path / "report" / "claims").glob("*.html"))):
            shown.open(page)
            assert shown.evaluate("return document.documentElement.scrollWidth") <= 390
            assert shown.console() == []
        shown.open(index)
        shown.evaluate(
            "const field = document.querySelector('input[type=search]'); field.value = 'refuted ours';"
            "field.dispatchEvent(new Event('input'))"
        )
        rows = "[...document.querySelectorAll('.summary tbody')].filter(row => row.offsetHeight)"
        assert shown.evaluate(f"return {rows}.length") == sum(
            report.verdict is Verdict.REFUTED and report.author == "ours" for report in run.reports
        )
