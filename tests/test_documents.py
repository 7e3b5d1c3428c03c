"""The README and the tutorial show what happens: their code is run, their output compared."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "docs/your-own-claims.md")


def _blocks(document: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_blocks_run_in_order(document: str) -> None:
    namespace: dict[str, object] = {}
    blocks = _blocks(document, "python")
    assert blocks
    for block in blocks:
        exec(compile(block, document, "exec"), namespace)  # noqa: S102 -- our own documents


@pytest.mark.parametrize("block", _blocks("README.md", "console"), ids=lambda block: block.splitlines()[0])
def test_console_blocks_show_what_they_say(block: str) -> None:
    command, *shown = block.splitlines()
    arguments = shlex.split(command.removeprefix("$ jacspec "))
    made = subprocess.run(
        [sys.executable, "-m", "proofs_check", *arguments],
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
