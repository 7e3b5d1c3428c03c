"""Files that were valid once: each is read, or refused in one line, soon and in little memory.

A fixed number of them, the same in every run; JACSPEC_SOAK=5000 makes more (`make soak`).
"""

import os
import random
import resource
import time
import warnings
from collections import Counter

import numpy as np
import pytest

from jacspec.numerics import Chain, InputError
from jacspec.numerics.files.results import Result
from jacspec.numerics.networks import read_input
from jacspec.numerics.support.budget import max_memory
from jacspec.proofs_check.referee.counterexample_files import load
from tests.numerics.files.mutants import EXAMPLES, mutant, valid_files

MUTANTS = int(os.environ.get("JACSPEC_SOAK", "700"))
SECONDS, MEGABYTES = 10, 1000
EXAMPLE = np.load(EXAMPLES / "conv-relu-input.npy")

READERS = {
    ".npz": Chain.load,
    ".safetensors": Chain.load,
    ".npy": read_input,
    **dict.fromkeys((".pt2", ".onnx"), lambda path: Chain.from_exported(path, EXAMPLE)),
    ".result": lambda path: shown(Result.load(path)),
    ".json": lambda path: load(path).example(),
}


def shown(result):
    """What is read can be shown, tabled, saved and compared, whatever its numbers have become."""
    str(result)
    result.to_records()
    np.asarray(result)
    assert result.to_data()
    assert result == result
    assert hash(result) is not None


def outcome(path):
    """'read' or 'refused'; whatever else is raised goes on."""
    refusal = ""
    try:
        READERS[path.suffix](path)
    except InputError as error:
        refusal = str(error)
    assert "\n" not in refusal
    assert len(refusal) < 5000
    return "refused" if refusal else "read"


def test_the_files_are_valid(tmp_path):
    for name, data in valid_files(tmp_path).items():
        (tmp_path / name).write_bytes(data)
        assert outcome(tmp_path / name) == "read", name


@pytest.mark.skipif(os.name == "nt", reason="no account of memory")
def test_a_mutated_file_is_read_or_refused_soon_and_in_little_memory(tmp_path):
    dice = random.Random(0)  # noqa: S311 -- dice
    files = valid_files(tmp_path)
    found = Counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    slowest = 0.0
    with max_memory("1 GB"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy's, of headers that it can read all the same
        for number in range(MUTANTS):
            name = dice.choice(list(files))
            path = tmp_path / name
            path.write_bytes(mutant(dice, files[name]))
            start = time.process_time()
            try:
                found[outcome(path)] += 1
            except BaseException as error:
                error.add_note(f"mutant {number}, {name}")
                raise
            slowest = max(slowest, time.process_time() - start)
    print(f"{MUTANTS} files: {dict(found)}, slowest {slowest:.2f} s")  # noqa: T201 -- for `make soak`
    assert slowest < SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MEGABYTES
    assert min(found["read"], found["refused"]) > MUTANTS / 20
