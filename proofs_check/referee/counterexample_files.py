"""Counterexamples as files: exact values in JSON, read again without running any code."""

from __future__ import annotations

import json
import re
import reprlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from unicodedata import normalize

from jacspec.numerics import InputError
from jacspec.numerics.files.reading import MOST_JSON, contents, json_of, parsing
from jacspec.numerics.files.writing import made_folder, write_text
from jacspec.proofs_check.claims.evidence import Counterexample
from jacspec.proofs_check.claims.exact_values import from_data
from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.claims.report_blocks import plain_words

_FORMAT = 1
_UNSAFE = re.compile(r"[^\w.+-]")
_LONGEST = 150
"""Bytes of a label in a file name, of which systems allow 255, and some fewer."""
_MOST_BITS = 2**20
"""Far beyond what any verdict needs: a file must not be able to ask for all memory."""


@dataclass(frozen=True)
class KeptCounterexample:
    """A counterexample, and the claim that it refutes: by label, in the ledger or in a user's file.

    ``file`` is the name of the user's file, which says where to look and is never opened by itself.
    """

    label: str
    statement: str
    file: str | None
    counterexample: Counterexample

    def example(self) -> dict[str, Any]:
        """The exact values, with the types that they had; raises InputError where one cannot be rebuilt."""
        values = {}
        for name, data in self.counterexample.values.items():
            kind = self.counterexample.types.get(name)
            if kind is None:
                message = (
                    f"counterexample to {self.label}: {name} = {reprlib.repr(data)} cannot be rebuilt; "
                    f"expected integers, rationals, matrices (fmpq_mat), chains, and tuples, lists or dicts "
                    f"of them"
                )
                raise InputError(message)
            try:
                values[name] = from_data(data, kind)
            except ValueError as error:
                message = f"counterexample to {self.label}: {name}: {error}; was the file changed?"
                raise InputError(message) from error
        return values


def kept_of(report: Report, file: str | None) -> KeptCounterexample:
    """What is kept of a report; ``file`` is the user's file that holds the claim, None for the ledger.

    Raises InputError if there is no counterexample.
    """
    if report.counterexample is None:
        message = (
            f"the verdict on {report.label} is {report.verdict.value}: there is no counterexample to keep"
        )
        raise InputError(message)
    name = None if file is None else Path(file).name
    return KeptCounterexample(report.label, plain_words(report.statement), name, report.counterexample)


def keep(path: Path, report: Report, file: str | None, versions: Mapping[str, str]) -> None:
    """Write the counterexample of a report to ``path``; see :func:`kept_of`.

    Raises InputError if there is no counterexample or the file cannot be written.
    """
    kept = kept_of(report, file)
    data = {
        "jacspec": "counterexample",
        "format": _FORMAT,
        "label": kept.label,
        "statement": kept.statement,
        "file": kept.file,
        "counterexample": kept.counterexample.to_json(),
        "versions": dict(versions),
    }
    made_folder(path.parent)
    write_text(path, json.dumps(data, indent=2, ensure_ascii=False) + "\n", streams=False)


def load(path: Path) -> KeptCounterexample:
    """Read a counterexample that :func:`keep` has written; runs no code.

    Raises InputError for a file that is missing or holds anything else.
    """
    text = contents(path, "a counterexample kept by 'verify'", most=MOST_JSON)
    with parsing(lambda why: _foreign(path, f"it is no JSON ({why})")):
        data = json_of(text)
    if not isinstance(data, dict) or data.get("jacspec") != "counterexample" or data.get("format") != _FORMAT:
        raise _foreign(path, f"it does not say 'jacspec': 'counterexample', 'format': {_FORMAT}")
    with parsing(lambda why: _foreign(path, f"a field is missing or malformed ({why})")):
        found = Counterexample.from_json(data["counterexample"])
        kept = KeptCounterexample(data["label"], data["statement"], data["file"], found)
    words = (kept.label, kept.statement, kept.file or "", found.text, found.margin)
    typed = all(isinstance(each, str) for each in words) and all(
        isinstance(each, dict) for each in (found.values, found.types)
    )
    if not typed or type(found.precision_bits) is not int or not 1 <= found.precision_bits <= _MOST_BITS:
        raise _foreign(path, "its words, values, types or precision are malformed")
    return kept


def file_names(claims: Sequence[tuple[str, str | None]]) -> dict[tuple[str, str | None], str]:
    """A file name for each claim, given by its label and its file: no two the same, none too long.

    It is the label, with the user's file in front where labels coincide, if a file can be called that, and if
    not, or if even these coincide, what there is of it with a digest of both.
    """
    labels = Counter(label for label, _ in claims)
    plain = {
        (label, file): label if file is None or labels[label] == 1 else f"{Path(file).stem}.{label}"
        for label, file in claims
    }
    taken = Counter(plain.values())
    names = {}
    for claim, name in plain.items():
        safe = _UNSAFE.sub("_", normalize("NFC", name)).lstrip(".")
        if safe != name or taken[name] > 1 or len(safe.encode()) > _LONGEST:
            digest = sha256(json.dumps(claim).encode()).hexdigest()[:12]
            safe = f"{safe.encode()[:_LONGEST].decode(errors='ignore')}-{digest}"
        names[claim] = f"{safe}.json"
    return names


def _foreign(path: Path, reason: str) -> InputError:
    return InputError(
        f"{str(path)!r} is no kept counterexample: {reason}; expected a file that "
        f"'jacspec verify --keep' wrote"
    )
