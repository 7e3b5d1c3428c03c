"""Whatever ends a run, at any moment: nothing half-written, no traceback, and the same from the next run.

A moment is one of the run's own CPU time, which other load does not move, and a signal that comes when the
run is over does not count. JACSPEC_SOAK=5000 sends 125 (`make soak`), some to `reproduce`, to the client of a
cluster, and to runs of the whole ledger, of which each goes on from what is kept.
"""

import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.proofs_check.shell.test_faults import CLAIMS

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="signals, and the CPU time of processes"
)

THOROUGH = int(os.environ.get("JACSPEC_SOAK", "0"))
# The clock starts when the program's own lines do: before, Python answers an interrupt itself.
PROGRAM = "import sys; from jacspec.__main__ import main; print('begun', file=sys.stderr, flush=True); main()"
# Claims of every kind: a user's, refuted by a certificate, proved, sampled.
LABELS = ("alignment-as-stated", *(("chi-cumulants", "dead-layers") if THOROUGH else ()))
VERIFY = ("verify", "claims.py", *LABELS, "--effort", "quick", "--json", "out.json",
          "--report", "report", "--keep", "found", "--regression", "test_found.py", "--jobs")  # fmt: skip
LEDGER = ("verify", "--effort", "quick", "--json", "out.json", "--report", "report", "--jobs")


@dataclass(frozen=True)
class Tried:
    """A command, and how often it is ended: in every run of the tests, and by `make soak`.

    In one folder so often before it is let be; each time within that share of its CPU time.
    """

    command: tuple[str, ...]
    few: int
    many: int
    in_a_row: int = 4
    share: float = 0.95


TRIED = {
    "verify on one process": Tried((*VERIFY, "1"), 2, 25),
    "verify on two": Tried((*VERIFY, "2"), 2, 20),
    "verify on a cluster": Tried((*VERIFY, "1", "--cluster"), 0, 10),
    "the whole ledger on one process": Tried((*LEDGER, "1"), 0, 10, 10, 0.08),
    "the whole ledger on two": Tried((*LEDGER, "2"), 0, 10, 10, 0.08),
    "writing the report": Tried((*VERIFY, "1"), 2, 20),
    "probe": Tried(("probe", "gaussian:depth=400,width=48,seed=0", "--json", "out.json"), 1, 20),
    "reproduce": Tried(("reproduce", "overlap", "--out", "out"), 0, 10),
}
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


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
        """The status of a run that gets a signal after so many seconds of CPU, and how many it took."""
        running = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *self.command],
            cwd=self.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        with running:
            assert running.stderr.readline() == "begun\n"
            begun, children = used(running.pid), resource.getrusage(resource.RUSAGE_CHILDREN)
            with ThreadPoolExecutor(1) as reader:
                # Its workers hold the other end: this waits for them too.
                said = reader.submit(running.communicate, timeout=1200)
                try:
                    if number is not None:
                        while not said.done() and (left := begun + after - used(running.pid)) > 0:
                            time.sleep(max(0.002, left / 4))  # its processes use two cores
                        # Ctrl-C reaches all processes of a terminal.
                        send = os.killpg if number is signal.SIGINT else os.kill
                        with suppress(ProcessLookupError):
                            send(running.pid, number)
                    out, err = said.result()
                finally:
                    with suppress(ProcessLookupError):
                        os.killpg(running.pid, signal.SIGKILL)
        assert "Traceback" not in out + err, err
        self.said.append(err)
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        return running.returncode, now.ru_utime + now.ru_stime - children.ru_utime - children.ru_stime - begun

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


def used(group):
    """Seconds of CPU of the processes of a group, and of those of their children that are over."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # over by now
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[2]) == group:
                ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


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
def completed(command):
    """The command, with the address of two workers if it is to be verified by them."""
    if command[-1] != "--cluster":
        yield command
        return
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:
        yield (*command, local.scheduler_address)


@pytest.mark.filterwarnings("ignore")  # Dask's own
@pytest.mark.parametrize("name", [name for name, tried in TRIED.items() if tried.few or THOROUGH])
def test_a_run_that_is_ended_at_any_moment_is_made_good_by_the_next(name, tmp_path, capsys):
    tried = TRIED[name]
    kills = tried.many * THOROUGH // 5000 if THOROUGH else tried.few
    with completed(tried.command) as command:
        sent, parts = ended(name, command, kills, tried, tmp_path)
    with capsys.disabled():
        print(f"{name}: {kills} signals before its end ({sent} sent), {parts} '.part' left behind")  # noqa: T201 -- for `make soak`


def ended(name, command, kills, tried, tmp_path):
    """How many signals it took to end runs so often, and how many temporary files were left."""
    dice = random.Random(name)  # noqa: S311 -- dice
    reference = Folder(tmp_path / "reference", command, warm=name == "writing the report")
    status, seconds = reference.run()
    assert status == 0, reference.said
    expected = reference.outputs()
    over, sent, parts = 0, 0, 0
    while over < kills:
        here, begun = Folder(tmp_path / f"from {sent}", command, warm=reference.warm), over
        got = None
        while got != 0 and over < min(kills, begun + tried.in_a_row):
            kind = SIGNALS[sent % len(SIGNALS)]
            got, _ = here.run(kind, after=dice.uniform(0, tried.share) * seconds)
            assert got in (0, -kind, *[130] * (kind is signal.SIGINT)), here.said[-1]
            over += got != 0
            sent += 1
            here.outputs()
        assert sent <= 3 * kills + 3, "most runs are over before their signal"
        assert here.run()[0] == 0
        assert here.outputs() == expected
        parts += len(list(here.path.rglob("*.part")))
    return sent, parts
