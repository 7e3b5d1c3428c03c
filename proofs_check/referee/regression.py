"""Counterexamples as a pytest file: what was refuted once is evaluated again in every run of the tests."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from unicodedata import normalize

from jacspec.numerics import InputError
from jacspec.numerics.files.writing import made_folder, write_text
from jacspec.proofs_check.claims.exact_values import to_source
from jacspec.proofs_check.referee.counterexample_files import KeptCounterexample

_HEAD = '''"""Exact counterexamples that jacspec has found, evaluated again rigorously: run it with pytest."""
'''
_IMPORTS = {
    "Fraction": "from fractions import Fraction",
    "fmpq": "from flint import fmpq",
    "fmpq_mat": "from flint import fmpq_mat",
    "fmpz": "from flint import fmpz",
    "Chain": "from jacspec import Chain",
}
_LIBRARY = "from jacspec import find_claim, replay\n"


def write_regression_test(path: Path, found: Sequence[tuple[KeptCounterexample, str | None]]) -> None:
    """Write a test for each counterexample; beside each, the user's file that holds its claim, or None.

    The test passes as long as the example satisfies the claim's hypotheses and certainly violates its
    conclusion. Raises InputError if the file cannot be written, or a value cannot be written as Python.
    """
    refuse_no_test(path)
    names: set[str] = set()
    tests = [_test(kept, _beside(path, file), names) for kept, file in found]
    body = "\n\n".join(tests)
    used = [line for name, line in _IMPORTS.items() if re.search(rf"\b{name}\(", body)]
    standard = ["from pathlib import Path"] if "Path(" in body else []
    standard = [*(line for line in used if line.startswith("from fractions")), *standard]
    third_party = [line for line in used if not line.startswith("from fractions")]
    blocks = [_HEAD, *(["\n".join(standard) + "\n"] if standard else [])]
    blocks.append("\n".join(third_party) + "\n" * bool(third_party) + _LIBRARY)
    made_folder(path.parent)
    write_text(path, "\n".join(blocks) + "\n\n" + body)


def refuse_no_test(path: Path) -> None:
    """Raise InputError for a file that is no test by its name."""
    if path.suffix != ".py":
        message = f"cannot write the test {str(path)!r}: expected a file that ends in .py"
        raise InputError(message)


def _beside(path: Path, file: str | None) -> str | None:
    """The way from the test's folder to the user's file, so that both can be moved together."""
    if file is None:
        return None
    try:
        return Path(os.path.relpath(file, path.resolve().parent)).as_posix()
    except ValueError:  # another drive
        return Path(file).resolve().as_posix()


def _test(kept: KeptCounterexample, file: str | None, names: set[str]) -> str:
    # As Python reads names: letters that it takes for the same are the same, and ² is none.
    letters = normalize("NFKC", "".join(each if f"_{each}".isidentifier() else "_" for each in kept.label))
    stem = f"test_{letters}_is_refuted"
    name = next(
        each for each in (stem, *(f"{stem}_{n}" for n in range(2, len(names) + 3))) if each not in names
    )
    names.add(name)
    where = "" if file is None else f", Path(__file__).parent / {_quoted(file)}"
    values = [f"        {_quoted(key)}: {to_source(value)}," for key, value in kept.example().items()]
    comment = " ".join(kept.statement.split())
    lines = [
        f"def {name}():",
        f"    # {comment}",
        f"    claim = find_claim({_quoted(kept.label)}{where})",
        "    example = {",
        *values,
        "    }",
        "    found = replay(claim, example)",
        "    assert found.refutes, str(found)",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A string as Python writes it between double quotes."""
    return json.dumps(text, ensure_ascii=False)
