"""What experiments found and drew, as ``jacspec reproduce`` leaves it, to be held by the page itself."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jacspec.documents.blocks import Block, Bullets, Figure, Heading, Paragraph, Section
from jacspec.documents.prose import code, literal
from jacspec.numerics import InputError
from jacspec.numerics.files.reading import MOST_JSON, contents, json_of, what_is_there
from jacspec.proofs_check.claims.report_blocks import as_prose, fine, plain_words

_MOST_BYTES = 2_900_000
"""Of all pictures together, so that the page stays below 5 MB."""
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([\w-]+\.(?:png|svg))\)")
_MEDIA = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True)
class ShownExperiment:
    """An experiment by name: the sentences worth reading, its pictures, and with what it was run.

    Each picture is the files that show it, one for each format.
    """

    name: str
    findings: tuple[str, ...]
    pictures: tuple[tuple[Path, ...], ...]
    seed: int | None = None
    complete: bool = True

    @property
    def title(self) -> str:
        """The name as a heading."""
        words = self.name.replace("_", " ").replace("-", " ")
        return words[:1].upper() + words[1:]


def experiments_in(folder: Path) -> list[ShownExperiment]:
    """The results that a folder which the user named holds.

    Raises InputError if it is no folder, or holds none.
    """
    found = found_experiments([folder])
    if not found:
        what = "holds no results of experiments" if folder.is_dir() else "is no folder"
        message = f"{str(folder)!r} {what}: make them by 'jacspec reproduce training --out {folder}'"
        raise InputError(message)
    return found


def found_experiments(folders: Iterable[Path]) -> list[ShownExperiment]:
    """The experiments whose results or pictures folders hold, in order of name.

    Of two of one name, that of the first folder. A picture without results is an experiment that says
    nothing, unless it belongs to one already found.
    """
    found: dict[str, ShownExperiment] = {}
    for folder in folders:
        results = {name: data for name, data in _results(folder) if name not in found}
        pictures: dict[str, dict[str, list[Path]]] = {name: {} for name in results}
        for file in sorted(folder.glob("*")):
            if file.suffix not in _MEDIA or what_is_there(file) or belongs_to(file.stem, found) is not None:
                continue
            owner = belongs_to(file.stem, results) or file.stem
            pictures.setdefault(owner, {}).setdefault(file.stem, []).append(file)
        for name, drawn in pictures.items():
            data = results.get(name, {})
            found[name] = ShownExperiment(
                name,
                tuple(map(str, data.get("findings", ()))),
                tuple(tuple(files) for files in drawn.values()),
                data.get("seed"),
                data.get("complete", True),
            )
    return [found[name] for name in sorted(found)]


def described(document: Path) -> list[ShownExperiment]:
    """The pictures of a Markdown document beside it, each of which says what its alternative text does."""
    if not document.is_file():
        return []
    text = document.read_text(encoding="utf-8")
    shown = ((" ".join(words.split()), document.parent / name) for words, name in _PICTURE.findall(text))
    return [ShownExperiment(file.stem, (words,), ((file,),)) for words, file in shown if file.is_file()]


def _results(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(folder.glob("*.json")):
        try:
            data = json_of(contents(file, "results", most=MOST_JSON))
        except ValueError:
            continue  # somebody else's
        known = isinstance(data, dict) and data.get("experiment") == file.stem
        if known and isinstance(data.get("findings"), list):
            yield file.stem, data


def belongs_to(stem: str, names: Iterable[str]) -> str | None:
    """The experiment that drew a picture: ``training-relu`` is of ``training``, if of no longer name."""
    owners = [name for name in names if stem == name or stem.startswith(f"{name}-")]
    return max(owners, key=len, default=None)


def experiments_blocks(experiments: Sequence[ShownExperiment]) -> Iterator[Block]:
    """Each experiment with its findings and its pictures; those for which there is no room are named."""
    if experiments:
        yield Heading("Experiments", 2, "experiments")
    room = _MOST_BYTES
    for each in experiments:
        shown: list[Block] = [Heading(literal(each.title), 3), *_findings(each)]
        for files in each.pictures:
            file = min(files, key=lambda file: file.stat().st_size)
            size = file.stat().st_size
            if size > room:
                large = literal(f"{file.name}: {size / 1e6:.1f} MB, too large to be held here.")
                shown.append(Paragraph(large))
                continue
            room -= size
            try:
                shown.append(_figure(each, file))
            except InputError as error:
                shown.append(Paragraph(literal(str(error))))
        yield Section((*shown, *_command(each)), f"experiment-{each.name}", kind="experiment")


def experiments_summary(experiments: Sequence[ShownExperiment]) -> Iterator[Block]:
    """The experiments that say something, without their pictures."""
    told = [each for each in experiments if each.seed is not None]
    if told:
        yield Heading("Experiments", 2)
    for each in told:
        yield from (Heading(literal(each.title), 3), *_findings(each), *_command(each))


def _findings(experiment: ShownExperiment) -> Iterator[Block]:
    if experiment.findings:
        yield Bullets(tuple(map(as_prose, experiment.findings)))


def _command(experiment: ShownExperiment) -> Iterator[Block]:
    if experiment.seed is not None:
        state = "" if experiment.complete else ", interrupted"
        yield fine(code(f"jacspec reproduce {experiment.name} --seed {experiment.seed}") + state)


def _figure(experiment: ShownExperiment, file: Path) -> Figure:
    words = file.stem.replace("_", " ").replace("-", " ")
    shows = f": {plain_words(experiment.findings[0])}" if experiment.findings else ""
    source = f"data:{_MEDIA[file.suffix]};base64,{b64encode(contents(file, 'a picture')).decode('ascii')}"
    return Figure(literal(words), f"Figure: {words + shows}", file=source)
