"""Whatever ends a run, at any moment: nothing half-written, no traceback, and the same from the next run.

JACSPEC_SOAK=5000 sends a hundred signals (`make soak`), some to `reproduce` and to the client of a cluster.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.proofs_check.shell.test_faults import CLAIMS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

THOROUGH = int(os.environ.get("JACSPEC_SOAK", "0"))
# The clock starts when the program's own lines do: before, Python answers an interrupt itself.
PROGRAM = "import sys; from jacspec.__main__ import main; print('begun', file=sys.stderr, flush=True); main()"
# Claims of every kind: a user's, refuted by a certificate, proved, sampled.
LABELS = ("alignment-as-stated", *(("chi-cumulants", "dead-layers") if THOROUGH else ()))
VERIFY = ("verify", "claims.py", *LABELS, "--effort", "quick", "--json", "out.json",
          "--report", "report", "--keep", "found", "--regression", "test_found.py", "--jobs")  # fmt: skip
COMMANDS = {
    "verify on one process": ((*VERIFY, "1"), 2, 25),
    "verify on two": ((*VERIFY, "2"), 2, 20),
    "verify on a cluster": ((*VERIFY, "1", "--cluster"), 0, 10),
    "writing the report": ((*VERIFY, "1"), 2, 20),
    "probe": (("probe", "gaussian:depth=400,width=48,seed=0", "--json", "out.json"), 1, 20),
    "reproduce": (("reproduce", "overlap", "--out", "out"), 0, 10),
}
"""Command, and how often it is ended: in every run of the tests, and by `make soak`."""
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
IN_A_ROW = 4
"""Runs in one folder that are ended before one is not."""


@dataclass
class Folder:
    """Where a command runs again and again; if ``warm``, with verdicts that are kept."""

    path: Path
    command: tuple[str, ...]
    warm: bool
    said: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.path.mkdir()
        (self.path / "claims.py").write_text(CLAIMS, encoding="utf-8")
        if self.warm:
            self._warm()

    def _warm(self):
        """Run once, and remove all of it but the verdicts that are kept: a run now does little but write."""
        assert self.run()[0] == 0
        for path in set(self.path.iterdir()) - {self.path / "claims.py", self.path / ".jacspec"}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def run(self, number=None, after=0.0):
        """The status of a run that gets a signal after so many seconds, and how long it took."""
        running = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *self.command],
            cwd=self.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        with running:
            assert running.stderr.readline() == "begun\n"
            start = time.monotonic()
            try:
                if number is not None:
                    time.sleep(after)
                    # Ctrl-C reaches all processes of a terminal.
                    send = os.killpg if number is signal.SIGINT else os.kill
                    send(running.pid, number)
                # Its workers hold the other end: this waits for them too.
                out, err = running.communicate(timeout=300)
            finally:
                if running.poll() is None:
                    os.killpg(running.pid, signal.SIGKILL)
        assert "Traceback" not in out + err, err
        self.said.append(err)
        return running.returncode, time.monotonic() - start

    def outputs(self):
        """All that it wrote, without times; each file must be whole."""
        found = {}
        for path in sorted(self.path.rglob("*")):
            name = path.relative_to(self.path).as_posix()
            if not path.is_file() or path.suffix in (".pyc", ".part") or name == "claims.py":
                continue
            assert_whole(path)
            if not name.startswith(".jacspec"):
                data = path.read_bytes().decode("latin-1")
                found[name] = re.sub(r'\b[\d.]+\ss\b|"seconds": [\d.e-]+', "", data)
        return found


def assert_whole(path):
    data = path.read_bytes()
    if path.suffix == ".json":
        json.loads(data)
    elif path.suffix == ".npz":
        assert zipfile.ZipFile(path).testzip() is None
    else:
        last = {".html": b"</html>\n", ".tex": b"\\end{document}\n", ".png": b"IEND\xaeB`\x82"}
        assert data.endswith(last.get(path.suffix, b"\n")), path


@contextmanager
def completed(name):
    """The command of that name, with the address of two workers if it is to be verified by them."""
    command = COMMANDS[name][0]
    if command[-1] != "--cluster":
        yield command
        return
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:
        yield (*command, local.scheduler_address)


@pytest.mark.filterwarnings("ignore")  # Dask's own
@pytest.mark.parametrize("name", [name for name, (_, few, _) in COMMANDS.items() if few or THOROUGH])
def test_a_run_that_is_ended_at_any_moment_is_made_good_by_the_next(name, tmp_path, capsys):
    _, few, many = COMMANDS[name]
    with completed(name) as command:
        tried(name, command, many * THOROUGH // 5000 if THOROUGH else few, tmp_path, capsys)


def tried(name, command, kills, tmp_path, capsys):
    dice = random.Random(name)  # noqa: S311 -- dice
    reference = Folder(tmp_path / "reference", command, warm=name == "writing the report")
    status, seconds = reference.run()
    assert status == 0, reference.said
    expected = reference.outputs()
    ended, parts = 0, 0
    for number in range(kills):
        if number % IN_A_ROW == 0:
            here = Folder(tmp_path / f"{number}", command, warm=reference.warm)
        kind = SIGNALS[number % len(SIGNALS)]
        after = dice.uniform(0, 0.55) + 0.55 * (number % 2)  # early and late by turns
        got, _ = here.run(kind, after=after * seconds)
        assert got in (0, -kind, *[130] * (kind is signal.SIGINT)), here.said[-1]
        ended += got != 0
        here.outputs()
        if number % IN_A_ROW == IN_A_ROW - 1 or number == kills - 1:
            assert here.run()[0] == 0
            assert here.outputs() == expected
            parts += len(list(here.path.rglob("*.part")))
    assert ended > 0, "every run was over before its signal"
    with capsys.disabled():
        print(f"{name}: {kills} signals, {ended} in time, {parts} '.part' left behind")  # noqa: T201 -- for `make soak`
