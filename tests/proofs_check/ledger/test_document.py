"""docs/ledger.md is what the claims say, whole, and its links lead somewhere."""

import re
from pathlib import Path

from jacspec.documents import prose
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.ledger.document import ledger_blocks, ledger_document

FILE = Path(__file__).parents[3] / "docs" / "ledger.md"


def test_the_file_in_the_tree_is_up_to_date():
    assert FILE.read_text(encoding="utf-8") == ledger_document(), "run 'make ledger'"


def test_every_claim_is_there_and_every_link_leads_to_one():
    text = ledger_document()
    headings = re.findall(r"^### `(.+)`$", text, flags=re.MULTILINE)
    assert headings == list(LEDGER)
    assert re.findall(r"\]\(#(.+?)\)", text) == headings


def test_no_mark_is_left_over():
    """A dollar sign or a backtick without its partner would stand in the words."""
    for block in ledger_blocks():
        for text in (getattr(block, "text", ""), *getattr(block, "items", ())):
            for span in prose.spans(text):
                assert not isinstance(span, prose.Words) or not set("$`") & set(span.text), text
