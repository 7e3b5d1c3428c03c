"""The tutorial notebook: it runs, it still says what is saved in it, and it is fit to be checked in."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
TUTORIAL = ROOT / "docs" / "tutorial.ipynb"
_SECONDS = re.compile(r"\d+\.\d+ s\b")
_BITS = re.compile(r"\d+ bits")


def _said(cell: Any) -> list[str]:
    """What a cell printed and showed as text, without the time it took."""
    texts = [each.get("text") or each["data"]["text/plain"] for each in cell.outputs]
    return [_BITS.sub("… bits", _SECONDS.sub("… s", text)) for text in texts]


@pytest.fixture(scope="module")
def saved() -> Any:
    return nbformat.read(TUTORIAL, as_version=4)


def test_it_runs_and_says_what_is_saved(saved: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    again = nbformat.read(TUTORIAL, as_version=4)
    NotebookClient(
        again, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    compared = 0
    for before, after in zip(saved.cells, again.cells, strict=True):
        if before.cell_type != "code":
            continue
        assert [each.output_type for each in after.outputs] == [each.output_type for each in before.outputs]
        if "rounding" not in before.metadata.get("tags", ()):  # what rounding leaves differs by machine
            assert _said(after) == _said(before), before.source
            compared += 1
    assert compared > 10


def test_every_result_has_a_rich_display(saved: Any) -> None:
    shown = [each.data for cell in saved.cells for each in cell.get("outputs", ()) if "data" in each]
    assert len(shown) > 7
    assert all({"text/html", "text/latex", "text/markdown"} & set(data) for data in shown)


def test_it_is_small_whole_and_of_no_machine(saved: Any) -> None:
    text = TUTORIAL.read_text(encoding="utf-8")
    assert len(text.encode()) < 300_000
    assert str(ROOT) not in text
    assert not re.search(r"/(home|root|tmp|usr|Users)/", text)
    assert "Traceback" not in text
    numbers = [cell.execution_count for cell in saved.cells if cell.cell_type == "code"]
    assert numbers == list(range(1, len(numbers) + 1))
    assert json.loads(text)["metadata"]["kernelspec"]["name"] == "python3"


def test_its_links_lead_somewhere(saved: Any) -> None:
    links = [link for cell in saved.cells for link in re.findall(r"\]\(([^)]+)\)", cell.source)]
    assert links
    assert all((TUTORIAL.parent / link).is_file() for link in links)
