"""The README and the tutorial show what happens: their code is run, their output compared."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "docs/statements.md", "docs/your-own-claims.md", "docs/your-own-network.md")


def _blocks(document: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_blocks_run_in_order(document: str) -> None:
    namespace: dict[str, object] = {}
    blocks = _blocks(document, "python")
    assert blocks
    for block in blocks:
        exec(compile(block, document, "exec"), namespace)  # noqa: S102 -- our own documents


def test_pytorch_blocks_run_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are marked as such: PyTorch is an extra, and CI goes without."""
    pytest.importorskip("torch")
    monkeypatch.chdir(tmp_path)  # they write files
    namespace: dict[str, object] = {}
    blocks = _blocks("docs/your-own-network.md", "python torch")
    assert blocks
    for block in blocks:
        exec(compile(block, "docs/your-own-network.md", "exec"), namespace)  # noqa: S102 -- our own document


@pytest.mark.parametrize(
    "block",
    [block for document in DOCUMENTS for block in _blocks(document, "console")],
    ids=lambda block: block.splitlines()[0],
)
def test_console_blocks_show_what_they_say(block: str) -> None:
    command, *shown = block.splitlines()
    arguments = shlex.split(command.removeprefix("$ jacspec "))
    made = subprocess.run(
        [sys.executable, "-m", "jacspec", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    lines = [line.rstrip() for line in made.stdout.splitlines()]
    assert shown
    for line in shown:
        assert line.rstrip() in lines


def test_every_word_of_the_vocabulary_has_an_example() -> None:
    stub = (ROOT / "theory/__init__.pyi").read_text()
    imports = re.findall(r"from \.statements\S* import (\([^)]*\)|.*)", stub)
    words = {word for each in imports for word in re.findall(r"(\w+) as", each)}
    examples = "".join(_blocks("docs/statements.md", "python"))
    assert {"s", "iff", "tends", "mean", "factors"} <= words
    used = examples.replace("map(matrix,", "matrix(").replace(", oo)", ", oo()")
    assert [word for word in sorted(words) if f"{word}(" not in used] == []
