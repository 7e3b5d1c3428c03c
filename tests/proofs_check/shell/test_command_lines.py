"""Command lines that nobody would type: each ends, with a status that is documented, and with no traceback.

A fixed number of them, the same in every run; JACSPEC_SOAK=5000 makes a twelfth of that (`make soak`).
"""

import os
import random
import time
from collections import Counter

import pytest

from jacspec.proofs_check.shell.cli import main
from tests.numerics.files.mutants import mutant, valid_files

LINES = max(60, int(os.environ.get("JACSPEC_SOAK", "0")) // 12)
STATUSES = {0, 1, 2}
"""As documented, where nobody interrupts and nobody closes the output."""

CLAIMS = """
from hypothesis import strategies as st
from jacspec import Claim
false, true = (Claim(name, f"x < {most}", {"x": st.integers(1, 9)}, lambda x, m=most: m - x)
               for name, most in (("false", 5), ("true", 10)))
"""
NUMBERS = ("0", "1", "2", "3", "-1", "2.5", "1e3", "nan", "x", "", "9" * 30, "9" * 5000, "²", "0x3", " 1 ")
FILES = ("-", "", ".", "/dev/null", "/dev/zero", "/dev/full", "nowhere/x", "made.json", "made.py", "pipe",
         "x" * 5000, "\x1b[2J", os.fsdecode(b"caf\xe9"))  # fmt: skip
OPTIONS = {
    "probe": {
        "--digits": NUMBERS, "--top": NUMBERS, "--engine": ("certified", "float64", "mpmath", "x"),
        "--json": FILES, "--plot": (*FILES, "a.png", "a.svg"), "--kinks": ("left", "x"), "--input": FILES,
        "--max-memory": (*NUMBERS, "1 GB", "1 MB"),
    },
    "verify": {
        "--json": FILES, "--report": FILES, "--experiments": FILES, "--effort": ("quick", "x"),
        "--seed": NUMBERS, "--keep": FILES, "--regression": FILES, "--replay": (*FILES, "kept.json"),
        "--max-memory": ("1 GB", "x"),
    },
    "derive": {"--format": ("text", "latex", "markdown", "x"), "--seed": NUMBERS, "--out": FILES},
    "list": {"--seed": NUMBERS},
    "reproduce": {"--out": FILES, "--seed": NUMBERS},
}  # fmt: skip
ENSEMBLES = ("gaussian", "haar", "masked", "fgln", "balanced", "gausian", "", "\x00")
KEYS = ("depth", "width", "seed", "p", "min_active", "variance", "spread", "x", "")
LABELS = (
    "gradient-flow-dynamics",
    "alignment",
    "x",
    "",
    "\x1b[2J",
    "x" * 5000,
    "claims.py:false",
    "claims.py:x",
)


def source(dice, files):
    if dice.random() < 0.4:
        return dice.choice([*files, *FILES])
    numbers = [*NUMBERS, "2", "3", "4"]
    options = ",".join(
        f"{key}={dice.choice(numbers)}" for key in ("depth", "width", "seed", *dice.sample(KEYS, 2))
    )
    return f"{dice.choice(ENSEMBLES)}:{options if dice.random() < 0.5 else 'depth=3,width=2,seed=0'}"


def command_line(dice, files):
    command = dice.choice([*OPTIONS, "probe", "probe", "verify", "verify"])
    first = {
        "probe": [source(dice, files)],
        "verify": [dice.choice(["claims.py", "claims.py", "claims.py:true", *LABELS[2:], *FILES])],
        "derive": [dice.choice(LABELS)],
        "reproduce": [dice.choice(["x", "", "\x1b[2J"])],
        "list": [],
    }[command]
    given = [
        part
        for option, values in OPTIONS[command].items()
        if dice.random() < 1.5 / (1 + len(OPTIONS[command]))
        for part in (option, dice.choice(values))
    ]
    if command == "verify":
        given = ["--jobs", "1", *([] if "--effort" in given else ["--effort", "quick"]), *given]
    line = [command, *first, *given]
    if dice.random() < 0.1:
        line.insert(dice.randrange(len(line)), dice.choice(["--", "-x", "--nonsense", "", "--help"]))
    return line


def test_every_command_line_ends_as_it_is_documented(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    dice = random.Random(1)  # noqa: S311 -- dice
    files = valid_files(tmp_path)
    (tmp_path / "claims.py").write_text(CLAIMS)
    os.mkfifo(tmp_path / "pipe")
    found, slowest = Counter(), 0.0
    for _ in range(LINES):
        for name, data in files.items():
            (tmp_path / name).write_bytes(data if dice.random() < 0.5 else mutant(dice, data))
        line = command_line(dice, files)
        if "pipe" in line[2:]:
            continue  # an output that waits for its reader
        start = time.process_time()
        with pytest.raises(SystemExit) as ended:
            main(line)
        slowest = max(slowest, time.process_time() - start)
        said = capsys.readouterr()
        assert ended.value.code in STATUSES, (line, said.err)
        assert "Traceback" not in said.out + said.err, line
        assert "\x1b[2J" not in said.out + said.err, line
        if ended.value.code == 2:
            assert said.err.splitlines()[-1].startswith("jacspec: "), line
        found[ended.value.code] += 1
    with capsys.disabled():
        print(f"{found.total()} command lines: {dict(found)}, slowest {slowest:.1f} s")  # noqa: T201
    assert slowest < 10
    assert min(found[0], found[2]) > 0
