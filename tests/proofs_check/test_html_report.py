"""The report as a page: self-contained, every link with its target, what users wrote escaped."""

from html.parser import HTMLParser

import pytest

from proofs_check import Claim, exactly, verify
from proofs_check.commands import run
from proofs_check.strategies import small_integers

LABELS = ("alignment-as-stated", "separation-dynamics")


class Page(HTMLParser):
    """The ids, the links and the loaded resources of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.loaded, self.text = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        resource = given.get("src") or (given.get("href") if tag == "link" else "") or ""
        if tag in ("script", "iframe") or (resource and not resource.startswith("data:")):
            self.loaded.append((tag, resource))

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    run(["verify", *LABELS, "--effort", "quick", "--report", str(folder)])
    return (folder / "index.html").read_text(encoding="utf-8")


def test_every_internal_link_has_its_target_and_ids_are_unique(page):
    found = Page(page)
    assert len(found.ids) == len(set(found.ids))
    internal = {link[1:] for link in found.links if link.startswith("#")}
    assert internal
    assert internal <= set(found.ids)


def test_nothing_is_loaded_from_elsewhere_and_the_page_is_small(page):
    assert Page(page).loaded == []
    assert len(page.encode()) < 5_000_000


def test_claims_verdicts_and_counterexamples_are_told(page):
    text = "".join(Page(page).text)
    assert all(label in text for label in LABELS)
    assert "refuted" in text
    assert "proved" in text
    assert "<math" in page


def test_what_users_wrote_is_escaped():
    from proofs_check.reports.section import section_html

    claim = Claim(
        label="mine",
        statement="<script>alert(1)</script> & x < y",
        given={"x": small_integers},
        conclusion=lambda x: exactly(x == x),
        mutants={"<b>": lambda x: exactly(x != x)},
    )
    written = section_html(claim, verify(claim, effort="quick"), {"mine": "claim-mine"})
    assert "<script>" not in written
    assert "&lt;script&gt;" in written
