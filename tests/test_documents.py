"""The README and the tutorial show what happens: their code is run, their output compared."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from jacspec.proofs_check.experiments import EXPERIMENTS
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.shell.commands import _jacspec
from jacspec.theory.results.catalogue import catalogue

ROOT = Path(__file__).parent.parent
DOCUMENTS = (
    "README.md",
    *(f"docs/{page}.md" for page in ("balls", "flint", "paper", "start", "statements", "strategies")),
    "docs/your-own-claims.md",
    "docs/networks.md",
)
SHOWN = (*DOCUMENTS, "docs/derivations.md")
EXAMPLES = ("residual_chain", "weight_decay", "weight_decay_wrong")
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    *sorted(page.relative_to(ROOT).as_posix() for page in (ROOT / "docs").rglob("*.md")),
)


def _blocks(document: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)


def _without_time(line: str) -> str:
    """A line as far as it is the same in every run: the seconds at its end set the widths of a table."""
    return re.sub(r" \d+\.\d s$", "", " ".join(line.split()))


@pytest.mark.parametrize("file", EXAMPLES)
def test_what_is_shown_of_an_example_stands_in_its_file(file: str) -> None:
    blocks = _blocks("docs/derivations.md", f"python examples/{file}.py")
    assert blocks
    for block in blocks:
        assert block in (ROOT / f"examples/{file}.py").read_text()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_blocks_run_in_order(document: str) -> None:
    namespace: dict[str, object] = {}
    blocks = _blocks(document, "python")
    assert blocks
    for block in blocks:
        exec(compile(block, document, "exec"), namespace)  # noqa: S102 -- our own documents


@pytest.mark.parametrize("package", ["torch", "onnx"])
def test_blocks_that_need_an_extra_run_in_order(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are marked by its name."""
    pytest.importorskip(package)
    monkeypatch.chdir(tmp_path)  # they write files
    namespace: dict[str, object] = {}
    blocks = _blocks("docs/networks.md", f"python {package}")
    assert blocks
    for block in blocks:
        exec(compile(block, "docs/networks.md", "exec"), namespace)  # noqa: S102 -- our own document


@pytest.mark.parametrize(
    ("block", "status"),
    [
        pytest.param(block, status, id=block.splitlines()[0])
        for document in SHOWN
        for language, status in (("console", 0), ("console 1", 1))
        for block in _blocks(document, language)
    ],
)
def test_console_blocks_show_what_they_say(block: str, status: int) -> None:
    command, *shown = block.splitlines()
    arguments = shlex.split(command.removeprefix("$ jacspec "))
    made = subprocess.run(
        [sys.executable, "-m", "jacspec", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == status, made.stderr
    lines = [_without_time(line) for line in made.stdout.splitlines()]
    assert shown
    for line in shown:
        assert _without_time(line) in lines


def test_no_block_of_code_escapes() -> None:
    """Each is run, or is a command whose words are looked at below; a contents is no code."""
    run = {(page, language) for page in DOCUMENTS for language in ("python", "console")}
    run |= {("docs/derivations.md", f"python examples/{file}.py") for file in EXAMPLES}
    run |= {("docs/derivations.md", language) for language in ("console", "console 1")}
    run |= {("docs/networks.md", language) for language in ("python torch", "python onnx", "sh")}
    run |= {("docs/index.md", "{toctree}"), ("README.md", "sh")}
    found = {
        (page, language)
        for page in PAGES
        for language in re.findall(r"^```(.*)\n(?:(?!```).*\n)*```$", (ROOT / page).read_text(), re.MULTILINE)
    }
    assert ("docs/networks.md", "sh") in found
    assert found - run == set()


def _commands() -> list[tuple[str, str]]:
    """Every command that a page shows, on a line or in a block, with the page."""
    shown = re.compile(r"^(?: {4}|\$ |```sh\n)(jacspec [^`\n]*)$|`(jacspec [^`]*)`", re.MULTILINE)
    # In tables a bar is escaped, and says that there are alternatives.
    return [
        (page, " ".join((line or inline).replace("\\|", "|").split()))
        for page in PAGES
        for line, inline in shown.findall((ROOT / page).read_text())
    ]


def test_every_command_that_is_shown_has_its_options_and_its_labels() -> None:
    names = {*LEDGER, *catalogue(), *EXPERIMENTS, "NAME", "LABEL", "SOURCE"}
    commands = _commands()
    assert len({page for page, _ in commands}) > 5
    for page, command in commands:
        name, *words = shlex.split(re.split(" [>|] ", command)[0])[1:]
        subcommand = _jacspec.commands[name]
        context = click.Context(subcommand, info_name=name)
        values, rest, _ = subcommand.make_parser(context).parse_args(words)
        assert rest == [], (page, command)
        said: list[str] = []
        for each in subcommand.params:
            given = values.get(each.name) if isinstance(each, click.Argument) else None
            said += [given] if isinstance(given, str) else given if isinstance(given, tuple) else ()
        if name in {"verify", "derive", "reproduce"}:
            unknown = [word for word in said if word not in names and not re.search(r"\.py|\||\[|\]|…", word)]
            assert unknown == [], (page, command)


def test_every_target_that_is_shown_can_be_made() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = {
        target
        for page in PAGES
        for target in re.findall(r"(?:^|`)make ([a-z]+)(?=`|$)", (ROOT / page).read_text(), re.MULTILINE)
    }
    assert {"verify", "test", "docs"} <= shown <= targets


def test_every_word_of_the_vocabulary_has_an_example() -> None:
    stub = (ROOT / "theory/__init__.pyi").read_text()
    imports = re.findall(r"from \.statements(?!\.mutation)\S* import (\([^)]*\)|.*)", stub)
    words = {word for each in imports for word in re.findall(r"(\w+) as", each)}
    examples = "".join(_blocks("docs/statements.md", "python"))
    assert {"s", "iff", "tends", "mean", "factors"} <= words
    used = examples.replace("map(matrix,", "matrix(").replace(", oo)", ", oo()")
    assert [word for word in sorted(words) if f"{word}(" not in used] == []
