"""The house has no circle of imports, typing-only and local ones included, and no overfull file or folder."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = {"jacspec.documents": "jacspec/documents"} | {
    f"jacspec.{package}": package for package in ("theory", "numerics", "proofs_check")
}
"""The packages by their names, and where they are."""

MOST_FILES, MOST_LINES = 12, 333


def modules() -> dict[str, Path]:
    """Every file by its dotted name; a package goes by its folder's."""
    found = {f"jacspec.{file.stem}": file for file in (ROOT / "jacspec").glob("[!_]*.py")}
    for package, folder in FOLDERS.items():
        for file in (ROOT / folder).rglob("*.py"):
            parts = file.relative_to(ROOT / folder).with_suffix("").parts
            found[".".join((package, *parts)).removesuffix(".__init__")] = file
    return found


def sources() -> dict[str, str]:
    """The text of every file, a package's with that of its stub: what it lends, it imports when asked."""
    found = {name: file.read_text(encoding="utf-8") for name, file in modules().items()}
    for name, file in modules().items():
        stub = file.with_suffix(".pyi")
        if stub.exists():
            lent = re.sub(
                r"^from \.(?= )", f"from {name}", stub.read_text(encoding="utf-8"), flags=re.MULTILINE
            )
            found[name] += re.sub(r"^from \.", f"from {name}.", lent, flags=re.MULTILINE)
    return found


def imported(name: str, source: str, known: frozenset[str]) -> Iterator[str]:
    """What a file imports, wherever the statement stands; of a package, the member if it is a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: a relative import"
            for alias in node.names:
                member = f"{node.module}.{alias.name}"
                yield member if member in known else str(node.module)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def graph(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """The imports among files of ours."""
    known = frozenset(sources)
    return {
        name: {each for each in imported(name, source, known) if each in known}
        for name, source in sources.items()
    }


def circle(sources: Mapping[str, str]) -> list[str]:
    """The names of files that import each other in a circle; empty if there is none."""
    try:
        TopologicalSorter(graph(sources)).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_circle_of_imports_exists() -> None:
    assert len(sources()) > 200
    assert circle(sources()) == []


def test_what_a_package_lends_counts_as_imported() -> None:
    lent = {name for name, others in graph(sources()).items() if len(others) > 3} & set(FOLDERS)
    assert lent == {"jacspec.theory", "jacspec.numerics", "jacspec.proofs_check"}


def test_no_file_takes_from_the_root_what_the_packages_lend_it() -> None:
    for name, source in sources().items():
        taken = re.findall(r"^\s*from jacspec import (.+)", source, flags=re.MULTILINE)
        assert set(taken) <= {"__version__"}, name


@pytest.mark.parametrize(
    "back",
    [
        "import a.b",
        "from a.b import x",
        "from a import b",
        "def late():\n    from a.b import x",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import b",
    ],
)
def test_every_kind_of_import_is_seen(back: str) -> None:
    assert set(circle({"a": "", "a.b": "from a import c", "a.c": back})) == {"a.b", "a.c"}


def private(name: str, source: str, known: frozenset[str]) -> Iterator[str]:
    """The names with a leading underscore that a file takes from another of ours."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module in known:
            yield from (f"{node.module}.{each.name}" for each in node.names if each.name.startswith("_"))


def test_what_another_file_imports_is_public() -> None:
    """No leading underscore; that it is not merely imported there either is checked by mypy."""
    texts = sources()
    assert [each for name, text in texts.items() for each in private(name, text, frozenset(texts))] == []
    assert [*private("a", "from a.b import _x, y", frozenset({"a.b"}))] == ["a.b._x"]


def test_only_a_package_lists_what_it_lends() -> None:
    """In a file the names say it: a list beside them would say it twice."""
    listed = [name for name, file in modules().items() if "\n__all__ = " in file.read_text("utf-8")]
    assert {modules()[name].name for name in listed} == {"__init__.py"}


def test_no_module_is_imported_by_a_name_in_a_string() -> None:
    """That would hide an import from the test above."""
    for name, file in modules().items():
        assert "import_module(" not in file.read_text(encoding="utf-8"), name


def test_a_file_is_short() -> None:
    lines = {name: len(file.read_text(encoding="utf-8").splitlines()) for name, file in modules().items()}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_a_folder_holds_a_dozen_files_at_most() -> None:
    folders = Counter(file.parent for file in modules().values() if file.name != "__init__.py")
    assert {folder: count for folder, count in folders.items() if count > MOST_FILES} == {}
