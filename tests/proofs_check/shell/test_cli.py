"""The command line end to end: what it prints and what it writes."""

import html
import importlib.metadata
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from mpmath.ctx_mp import MPContext

from jacspec.documents.formats import FORMATS
from jacspec.numerics import Chain, spectrum
from jacspec.numerics.spectra.compute import ENGINES
from jacspec.proofs_check.claims.mutants import Mutants
from jacspec.proofs_check.experiments import EXPERIMENTS
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.shell import derivation_table
from jacspec.proofs_check.shell.derivation_table import Summary
from jacspec.theory.results.dynamics import general

USER_CLAIMS = '''
"""Singular values of products of two matrices, as a user would state them."""
from hypothesis import strategies as st

from jacspec.numerics.spectra.small_exact import singular_values
from jacspec import Claim, Expectation, exactly
from jacspec.proofs_check.strategies import square

pairs = {"A": square(2), "B": square(2)}

submultiplicative = Claim(
    label="submultiplicative",
    statement="s_1(AB) ≤ s_1(A) s_1(B)",
    given=pairs,
    conclusion=lambda A, B: singular_values(A)[0] * singular_values(B)[0] - singular_values(A * B)[0],
    mutants={"s_1(B) missing": lambda A, B: singular_values(A)[0] - singular_values(A * B)[0]},
)
'''
FALSE_CLAIM = """
commute = Claim(
    label="products-commute",
    statement="AB = BA",
    given=pairs,
    conclusion=lambda A, B: exactly(A * B == B * A),
    hypotheses={"A nonsingular": lambda A, B: abs(A.det())},
)
"""
REFUTABLE = FALSE_CLAIM.replace("given=", "expected=Expectation.REFUTED,\n    given=")


@pytest.fixture
def user_file(tmp_path):
    def write(content):
        file = tmp_path / "my_claims.py"
        file.write_text(content, encoding="utf-8")
        return file

    return write


# --- verify -------------------------------------------------------------------------------------


def test_verify_finds_and_prints_the_counterexample(jacspec, tmp_path):
    file = tmp_path / "reports.json"
    status, out, err = jacspec("verify", "alignment-as-stated", "--jobs", 1, "--json", file)
    assert status == 0
    assert "alignment-as-stated: refuted" in err
    assert "M_1 = [" in out
    assert "M_2 = [" in out
    (claim,) = json.loads(file.read_text())["claims"]
    assert claim["verdict"] == claim["expected"] == "refuted"
    M_1, M_2 = (np.array(factor, dtype=float) for factor in claim["counterexample"]["values"]["chain"])
    assert M_1.shape == M_2.shape == (2, 2)
    # With M_2 repeated, s_2/s_1 → 0; the overlap of the top vectors would have to tend to 1.
    for depth in (1, 10, 40):
        A = np.linalg.matrix_power(M_2, depth)
        assert abs(np.linalg.svd(A)[0][:, 0] @ np.linalg.svd(A @ M_1)[0][:, 0]) < 0.5


def test_verify_with_several_processes_gives_the_same_reports(jacspec, user_file):
    file = user_file(USER_CLAIMS + REFUTABLE)

    def reports(jobs):
        status, out, _ = jacspec("verify", file, "alignment-as-stated", "--jobs", jobs, "--json", "-")
        claims = json.loads(out)["claims"]
        for each in (*claims, *(evidence for claim in claims for evidence in claim["evidence"])):
            each["seconds"] = None
        return status, claims

    assert reports(1) == reports(2)


def test_a_true_claim_of_the_user_s(jacspec, user_file):
    status, out, _ = jacspec("verify", user_file(USER_CLAIMS), "--jobs", 1)
    assert status == 0
    assert "supported" in out
    assert "not as expected" not in out


def test_prose_is_set_on_the_page_and_plain_in_json_and_on_the_terminal(jacspec, user_file, tmp_path):
    file = user_file((USER_CLAIMS + REFUTABLE).replace("AB = BA", "all $A, B$: $A B = B A$"))
    found = tmp_path / "found.json"
    options = ("--jobs", 1, "--json", found, "--report", tmp_path / "report", "--effort", "quick")
    status, out, _ = jacspec("verify", file, *options)
    assert status == 0
    assert "all A, B: A B = B A" in out
    (report,) = (
        each for each in json.loads(found.read_text())["claims"] if each["label"] == "products-commute"
    )
    assert report["statement"] == "all A, B: A B = B A"
    for made in (out, found.read_text(), (tmp_path / "report" / "index.html").read_text(encoding="utf-8")):
        assert "$" not in made
    assert "all $A, B$: $A \\, B = B \\, A$" in (tmp_path / "report" / "report.md").read_text(
        encoding="utf-8"
    )


def test_a_false_claim_of_the_user_s(jacspec, user_file):
    status, out, _ = jacspec("verify", user_file(USER_CLAIMS + FALSE_CLAIM), "--jobs", 1)
    assert status == 1
    assert "products-commute" in out
    assert "A = [" in out
    assert "not as expected: products-commute" in out
    assert "verdicts are as expected" not in out


def test_a_false_claim_that_is_expected_to_be_refuted(jacspec, user_file):
    status, out, _ = jacspec("verify", user_file(USER_CLAIMS + REFUTABLE), "--jobs", 1)
    assert status == 0
    assert "refuted ✓" in out
    assert out.rstrip().endswith("all 2 verdicts are as expected: 1 supported, 1 refuted")


def test_the_json_holds_the_fields_that_were_promised(jacspec, user_file):
    status, out, _ = jacspec("verify", user_file(USER_CLAIMS + FALSE_CLAIM), "--jobs", 1, "--json", "-")
    assert status == 1
    data = json.loads(out)
    assert set(data) == {"claims", "versions"}
    packages = {"jacspec", "sympy", "mpmath", "numpy", "python-flint", "hypothesis"}
    assert packages | {"python"} <= set(data["versions"])
    promised = {
        "label": str,
        "verdict": str,
        "expected": str,
        "whose": str | None,
        "source": str,
        "as_expected": bool,
        "evidence": list,
        "counterexample": dict | None,
        "sharpness": float | None,
        "mutants": dict,
        "hypotheses": list,
        "seconds": float,
    }
    for claim in data["claims"]:
        for name, kind in promised.items():
            assert isinstance(claim[name], kind), name
        assert all({"kind", "status"} <= evidence.keys() for evidence in claim["evidence"])
        assert {"total", "killed"} <= claim["mutants"].keys()
    true, false = data["claims"]
    assert (true["verdict"], true["expected"], true["as_expected"]) == ("supported", "holds", True)
    assert true["counterexample"] is None
    assert true["mutants"]["total"] == true["mutants"]["killed"] == 1
    assert (false["verdict"], false["expected"], false["as_expected"]) == ("refuted", "holds", False)
    assert [(each["name"], each["needed"]) for each in false["hypotheses"]] == [("A nonsingular", None)]
    A, B = (np.array(false["counterexample"]["values"][name]) for name in "AB")
    assert not np.array_equal(A @ B, B @ A)
    assert np.linalg.det(A) != 0


def test_a_claim_that_raises_is_a_verdict_and_no_traceback(jacspec, user_file):
    file = user_file(USER_CLAIMS + FALSE_CLAIM.replace("A * B == B * A", "1 // 0"))
    status, out, err = jacspec("verify", file, "--jobs", 1)
    assert status == 1
    assert "ZeroDivisionError" in out
    lines = file.read_text(encoding="utf-8").splitlines()
    raised_at = lines.index("    conclusion=lambda A, B: exactly(1 // 0),") + 1
    assert f"{file.name}:{raised_at}" in "".join(line.strip() for line in out.splitlines())
    assert "Traceback" not in out + err


def test_the_report_is_written(jacspec, tmp_path):
    folder = tmp_path / "out"
    status, out, _ = jacspec("verify", "alignment-as-stated", "--jobs", 1, "--report", folder)
    assert status == 0
    assert "### `alignment-as-stated`" in (folder / "report.md").read_text(encoding="utf-8")
    assert "report.md" in "".join(out.split())


def test_the_report_says_how_to_run_its_claims_again(jacspec, tmp_path):
    file, folder = tmp_path / "my claims.py", tmp_path / "out"
    file.write_text(
        "from hypothesis import strategies as st\n"
        "from jacspec import Claim\n"
        "where = {'x': st.integers(1, 9)}\n"
        "mine = Claim('of-mine', 'x > 0', where, lambda x: x, mutants={'-': lambda x: -x})\n"
    )
    given = ("alignment-as-stated", f"{file}:mine", "--effort", "quick", "--seed", "3")
    assert jacspec("verify", *given, "--jobs", 1, "--report", folder)[0] == 0
    page = html.unescape((folder / "index.html").read_text(encoding="utf-8"))
    assert f"<pre>{shlex.join(('jacspec', 'verify', *given))}</pre>" in page


def test_the_seed_is_reported_and_changes_the_search(jacspec):
    seeds = []
    for seed in (0, 0, 1):
        _, out, _ = jacspec("verify", "alignment-as-stated", "--jobs", 1, "--json", "-", "--seed", seed)
        seeds.append(json.loads(out)["claims"][0]["evidence"][0]["seed"])
    assert seeds[0] == seeds[1] != seeds[2]


# --- list and derive ----------------------------------------------------------------------------


def test_list_names_every_claim(jacspec):
    status, out, err = jacspec("list")
    assert (status, err) == (0, "")
    assert all(label in out for label in LEDGER)


@pytest.mark.parametrize("style", FORMATS)
def test_derive_prints_the_derivation(jacspec, style):
    status, out, err = jacspec("derive", "gradient-flow-dynamics", "--format", style)
    assert (status, err) == (0, "")
    assert out.rstrip("\n") == FORMATS[style](general.gradient_flow().blocks()).rstrip("\n")


def test_derive_writes_each_derivation_in_a_file_of_its_own(jacspec, tmp_path):
    status, out, err = jacspec("derive", "--all", "--format", "latex", "--out", str(tmp_path / "theory"))
    assert (status, err) == (0, "")
    assert "theory.tex inputs the others" in out
    assert "\\input{alignment}" in (tmp_path / "theory" / "theory.tex").read_text()
    assert "\\begin{theorem}" in (tmp_path / "theory" / "alignment.tex").read_text()


@pytest.mark.parametrize("asked", [("alignment", "--format", "latex"), ("--all",)])
def test_derive_refuses_a_folder_for_what_is_one_document(jacspec, tmp_path, asked):
    status, _, err = jacspec("derive", *asked, "--out", str(tmp_path / "theory"))
    assert status == 2
    assert "expected it with --all --format latex" in err
    assert not (tmp_path / "theory").exists()


def test_derive_can_add_what_its_checks_found(jacspec):
    status, out, err = jacspec("derive", "imbalance-conserved", "--checked", "--jobs", "1")
    assert (status, err) == (0, "")
    assert "Checks. 3 steps" in out
    accepted = re.search(r"accepts them all \((\d+) moves\)", " ".join(out.split()))
    assert accepted is not None
    assert int(accepted[1]) > 3
    record = re.search(r"Of (\d+) wrong variants of them, both checks reject (\d+)", " ".join(out.split()))
    assert record is not None
    assert 0 < int(record[2]) <= int(record[1])
    assert " ".join(out.split()).endswith("none survives.")


def test_derive_says_by_its_status_that_a_derivation_is_rejected(jacspec, monkeypatch):
    label = "imbalance-conserved"
    wrong = Summary(label, False, 3, "", (), (), Mutants(), ("'absorb' (gates.py:7): …",))
    monkeypatch.setattr(derivation_table, "summary_of", lambda *_, **__: wrong)
    status, out, err = jacspec("derive", label, "--checked")
    assert (status, err) == (1, "")
    assert "The derivation does not hold: 'absorb' (gates.py:7)" in " ".join(out.split())


def test_derive_prints_text_if_not_told_otherwise(jacspec):
    assert (
        jacspec("derive", "decoupled-velocity")[1]
        .split("\n")[2]
        .startswith("decoupled-velocity, for N ≥ 2, n ≥ 1, 1 ≤ k ≤ n.")
    )


EXAMPLES = Path(__file__).parents[3] / "examples"
EXAMPLE_NETWORK, EXAMPLE_INPUT = str(EXAMPLES / "conv-relu.pt2"), str(EXAMPLES / "conv-relu-input.npy")

# --- probe --------------------------------------------------------------------------------------


def reference_logs(chain, digits):
    """log s_k by mpmath's product and SVD at ten times the dynamic range that such chains have."""
    mp = MPContext()
    mp.dps = 10 * digits + 10 * chain.depth
    product = mp.eye(chain.shape[1])
    for factor in chain.factors:
        product = mp.matrix(factor.tolist()) * product
    return mp, [mp.log(value) for value in mp.svd_r(product, compute_uv=False)]


@pytest.mark.parametrize("digits", [30, 45])
def test_probe_agrees_with_mpmath_to_the_digits_asked_for(jacspec, digits):
    source = "gaussian:depth=60,width=4,seed=0"
    status, out, _ = jacspec("probe", source, "--json", "-", "--digits", digits)
    assert status == 0
    data = json.loads(out)
    promised = "depth shape engine rank log_singular_values log_radii precision_bits seconds"
    assert set(promised.split()) <= set(data)
    assert (data["depth"], data["shape"], data["rank"]) == (60, [4, 4], 4)
    mp, expected = reference_logs(Chain.gaussian(depth=60, width=4, seed=0), digits)
    assert len(data["log_singular_values"]) == len(data["log_radii"]) == 4
    for string, value in zip(data["log_singular_values"], expected, strict=True):
        # right to 10^-digits, and printed with as many decimals
        assert abs(mp.mpf(string) - value) <= 2 * mp.mpf(10) ** -digits
    assert expected == sorted(expected, reverse=True)


def test_probe_reads_files_and_writes_json_and_pictures(jacspec, tmp_path):
    chain, data, picture = (tmp_path / name for name in ("chain.npz", "spectrum.json", "spectrum.png"))
    Chain([[[3.0, 0.0], [0.0, 0.0]]] * 4).save(chain)
    status, out, err = jacspec("probe", chain, "--json", data, "--plot", picture)
    assert (status, err) == (0, "")
    assert "rank 1" in out
    assert json.loads(data.read_text())["log_singular_values"][1] == "-inf"
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_probe_takes_a_network_at_an_input(jacspec):
    status, out, err = jacspec("probe", EXAMPLE_NETWORK, "--input", EXAMPLE_INPUT, "--digits", 12)
    chain = Chain.from_exported(EXAMPLE_NETWORK, np.load(EXAMPLE_INPUT))
    assert (status, err) == (0, "")
    assert "J = M_6 ⋯ M_1: 10×64, rank 10" in out
    _, references = reference_logs(chain, 30)
    for printed, reference in zip(out.splitlines()[2:], references, strict=True):
        assert abs(float(printed.split()[1]) - float(reference)) < 1e-11


def test_probe_shows_only_the_largest(jacspec):
    _, out, _ = jacspec("probe", "haar:depth=3,width=5,seed=1", "--top", 2, "--json", "-")
    assert len(json.loads(out)["log_singular_values"]) == 2


def test_probe_estimates_leading_modes_without_matrices(jacspec, tmp_path):
    source, picture = "gaussian:depth=5,width=6,seed=0", tmp_path / "picture.svg"
    status, out, _ = jacspec("probe", source, "--engine", "matrix-free", "--top", 3, "--json", "-")
    found, known = json.loads(out), spectrum(Chain.gaussian(depth=5, width=6, seed=0), top=3)
    assert status == 0
    assert found["engine"] == "matrix-free"
    np.testing.assert_allclose(list(map(float, found["log_singular_values"])), known, rtol=0, atol=1e-9)
    # The certified engine takes 90 kB here, the columns take less.
    status, out, err = jacspec("probe", source, "--top", 3, "--max-memory", "20 kB", "--plot", picture)
    assert (status, err) == (0, "")
    assert "matrix-free" in out
    assert "estimated" in picture.read_text()
    status, _, err = jacspec("probe", source, "--engine", "matrix-free")
    assert status == 2
    assert "expected --top K" in err


# --- help ---------------------------------------------------------------------------------------


def test_help_and_version(jacspec):
    status, out, _ = jacspec("--help")
    assert status == 0
    assert all(command in out for command in ("verify", "list", "derive", "probe", "reproduce"))
    status, out, _ = jacspec("--version")
    assert (status, out) == (0, f"jacspec {importlib.metadata.version('jacspec')}\n")
    for command in ("verify", "probe", "derive", "reproduce"):
        assert jacspec(command, "--help")[0] == 0


def test_the_help_of_reproduce_names_the_experiments(jacspec):
    _, out, _ = jacspec("reproduce", "--help")
    listed = out.partition("Experiments:")[2].split()
    assert set(EXPERIMENTS) <= set(listed)


def test_the_help_of_probe_names_the_engines(jacspec):
    _, out, _ = jacspec("probe", "--help")
    listed = out.partition("--engine TEXT")[2].partition(".")[0]
    assert set(ENGINES) <= set(listed.replace(",", " ").split())


def test_without_a_command_the_help_is_shown(jacspec):
    status, out, err = jacspec()
    assert status == 0
    assert "verify" in out + err


# --- as a program of its own --------------------------------------------------------------------

PROGRAM = [sys.executable, "-m", "jacspec"]


def program(*arguments, **options):
    return subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, text=True, timeout=300, check=False, **options
    )


def test_the_module_runs_as_a_program():
    done = program("list")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(label in done.stdout for label in LEDGER)


def test_the_installed_command_is_the_same_program():
    command = Path(sys.executable).with_name("jacspec")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == f"jacspec {importlib.metadata.version('jacspec')}\n"


def test_the_program_refuses_in_one_line():
    done = program("probe", "missing.npz")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "'missing.npz'" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("as_json", [False, True])
def test_an_interrupt_prints_the_verdicts_already_reached(as_json, tmp_path):
    arguments = ["verify", "--jobs", "1", "--effort", "deep", "alignment-as-stated", "general-dynamics"]
    running = subprocess.Popen(
        [*PROGRAM, *arguments, *(["--json", "-"] if as_json else [])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    try:
        assert running.stderr.readline().startswith("alignment-as-stated: refuted (")
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 130
    assert "interrupted; 1 of 2 verdicts were reached" in err
    assert "Traceback" not in out + err
    if as_json:
        assert [claim["label"] for claim in json.loads(out)["claims"]] == ["alignment-as-stated"]
    else:
        assert "refuted ✓" in out
        assert "general-dynamics" not in out


def test_probe_takes_the_order_of_a_file_and_prints_it(jacspec, tmp_path):
    file = tmp_path / "attention.npz"
    np.savez(file, q=np.diag([2.0, 1]), k=np.diag([1.0, 3]), bias=np.ones(2))
    status, _, said = jacspec("probe", file)
    assert status == 2
    assert "--order" in said
    status, out, _ = jacspec("probe", file, "--order", "q, k")
    assert status == 0
    assert out.startswith("factors, in the order in which they are applied: q, k\n\nJ = M_2 M_1")
    status, _, said = jacspec("probe", "gaussian:depth=2,width=2,seed=0", "--order", "q,k")
    assert status == 2
    assert "takes no order ('q, k')" in said


def test_on_a_terminal_probe_shows_what_it_does_and_prints_the_spectrum_whole(tmp_path):
    pty = pytest.importorskip("pty")
    reader, terminal = pty.openpty()
    command = [sys.executable, "-m", "jacspec", "probe", "gaussian:depth=60,width=4,seed=0"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "90"}
    made = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=terminal, env=environment, text=True, check=False
    )
    os.close(terminal)
    shown = os.read(reader, 1 << 16).decode()
    os.close(reader)
    assert made.returncode == 0
    assert "\x1b" not in made.stdout
    assert len(re.findall(r"^ +[1-4] +-\d", made.stdout, re.MULTILINE)) == 4
    assert "reading" in shown
    assert "left" in shown
    assert "refining" in shown
