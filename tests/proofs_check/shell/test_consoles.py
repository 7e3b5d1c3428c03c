"""Consoles and locales that lack our letters: exit status and files are those of UTF-8."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="locales of POSIX")

CLAIMS = '''
"""Claims with letters: λ, σ₁, ≥."""
from jacspec import claim, matrix, s

A, B = matrix("A"), matrix("B")
CLAIMS = [
    claim("σ-product", s(2, A @ B) <= s(1, A) * s(1, B)),
    claim("σ-too-strong", s(1, A @ B) <= s(2, A) * s(1, B)),
]
'''
VERIFY = (
    "verify", "claims.py", "--effort", "quick", "--jobs", "1", "--json", "σ.json", "--report", "report-λ",
    "--keep", "kept", "--regression", "test_σ.py",
)  # fmt: skip
COMMANDS = {
    "list": (("list",), 0),
    "derive": (("derive", "gradient-flow-dynamics"), 0),
    "derive in LaTeX": (("derive", "gradient-flow-dynamics", "--format", "latex"), 0),
    "verify": (VERIFY, 1),
    "replay": (("verify", "claims.py", "--replay", "given-σ/σ-too-strong.json"), 0),
    "probe": (("probe", "λ.npz", "--digits", "12", "--json", "s.json", "--plot", "s.svg"), 0),
    "unknown file": (("probe", "nirgends-σ.npz"), 2),
    "unknown experiment": (("reproduce", "σ"), 2),
    "help": (("verify", "--help"), 0),
}
CONSOLES = {
    "UTF-8": {"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ASCII": {
        "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A counterexample that was kept in UTF-8."""
    folder = tmp_path_factory.mktemp("kept")
    prepared(folder)
    run("verify", "UTF-8", folder)
    return (folder / "kept" / "σ-too-strong.json").read_bytes()


def prepared(folder, counterexample=b""):
    (folder / "claims.py").write_text(CLAIMS, encoding="utf-8")
    np.savez(folder / "λ.npz", σ_1=np.eye(2), σ_2=2 * np.eye(2))
    (folder / "given-σ").mkdir()
    (folder / "given-σ" / "σ-too-strong.json").write_bytes(counterexample)


def run(name, console, folder):
    environment = {**os.environ, **CONSOLES[console], "SOURCE_DATE_EPOCH": "0"}
    program = [sys.executable, "-m", "jacspec", *COMMANDS[name][0]]
    return subprocess.run(program, cwd=folder, env=environment, capture_output=True, timeout=100, check=False)


def files_in(folder):
    """What every file holds, but for numbers (times, versions) and the bytes of pictures."""
    return {
        str(file.relative_to(folder)): re.sub(rb"[\d.]+(e-?\d+)?", b"", file.read_bytes())
        for file in folder.rglob("*")
        if file.is_file() and ".jacspec" not in file.parts and file.suffix not in (".svg", ".npz")
    } | {str(file.relative_to(folder)): b"" for file in folder.rglob("*.svg")}


@pytest.mark.parametrize("name", COMMANDS)
def test_status_and_files_are_those_of_utf_8(name, kept, tmp_path):
    outcomes = {}
    for console in CONSOLES:
        folder = tmp_path / console
        folder.mkdir()
        prepared(folder, kept)
        done = run(name, console, folder)
        assert done.returncode == COMMANDS[name][1], (console, done.stderr.decode(errors="replace"))
        assert b"Traceback" not in done.stderr
        assert bool(done.stdout) == (done.returncode != 2)
        outcomes[console] = files_in(folder)
    for console, found in outcomes.items():
        assert found == outcomes["UTF-8"], console
    assert (len(outcomes["UTF-8"]) > 2) == (name in ("verify", "probe"))
