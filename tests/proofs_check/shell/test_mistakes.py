"""The command line refuses: one line that names the value, status 2, and nothing computed before."""

import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from jacspec.proofs_check.shell.cli import main


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A folder with every kind of file that cannot be used, in which to work."""
    eye = np.eye(2)
    np.savez(tmp_path / "text.npz", M_1=np.array([["a", "b"], ["c", "d"]]))
    np.savez(tmp_path / "objects.npz", M_1=np.array([[object()]], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "nan.npz", M_1=eye, M_2=np.array([[np.nan, 0], [0, 1]]))
    np.savez(tmp_path / "infinite.npz", M_1=np.array([[np.inf, 0], [0, 1]]))
    np.savez(tmp_path / "shapes.npz", M_1=np.ones((3, 2)), M_2=np.ones((2, 2)))
    np.savez(tmp_path / "gap.npz", M_1=eye, M_3=eye)
    np.savez(tmp_path / "vector.npz", M_1=np.ones(3))
    np.savez(tmp_path / "empty.npz")
    with zipfile.ZipFile(tmp_path / "hollow.npz", "w"):
        pass
    (tmp_path / "nothing.npz").write_bytes(b"")
    (tmp_path / "garbage.safetensors").write_bytes(b"not a tensor")
    (tmp_path / "chain.txt").write_text("1 2 3")
    (tmp_path / "folder.npz").mkdir()
    (tmp_path / "syntax.py").write_text("claim = Claim(\n")
    (tmp_path / "names.py").write_text(MISNAMED)
    (tmp_path / "no_claims.py").write_text("x = 1\n")
    (tmp_path / "raises.py").write_text("\nraise RuntimeError('two\\nlines')\n")
    (tmp_path / "exits.py").write_text("import sys\nsys.exit(7)\n")
    (tmp_path / "own_kind.py").write_text("class Own(BaseException): pass\nraise Own(1)\n")
    (tmp_path / "unsaid.py").write_text(UNSAID)
    (tmp_path / "trap.py").write_text(TRAP)
    (tmp_path / "derivations.py").write_text(DERIVATIONS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


UNSAID = """class Unsaid(Exception):
    def __str__(self):
        raise self

raise Unsaid
"""
TRAP = """class Trap(list):
    def __iter__(self):
        raise ValueError("no")

class Proxy:
    @property
    def __class__(self):
        raise ValueError("no")

trap, proxy = Trap(), Proxy()
"""
DERIVATIONS = """from dataclasses import replace
from functools import reduce
from jacspec import Calculation, Derivation
from jacspec.theory.notation.symbols import M, MT, l
from sympy import Symbol

class Leaving:
    def __getattr__(self, name):
        import sys
        sys.exit(5)

sums = (Calculation("Sum", M(l) + MT(l)).equals(MT(l) + M(l), "order"),)
nested = reduce(lambda so_far, _: so_far * M(l) + MT(l), range(2000), M(l))
deep = Derivation("deep", "Deep", (Calculation("Deep", nested).equals(nested, "same"),))
untitled, leaving = (Derivation("sum", title, sums) for title in (3, Leaving()))
named = Symbol("\\x1b[31m") * M(l)
obeyed = Derivation("sum", "Sum", (Calculation("Sum", named).equals(named, "order"),))
"""
MISNAMED = """from hypothesis import strategies as st
from jacspec import Claim

conclusion = lambda a: a
claim = Claim("misnamed", "x > 0", {"x": st.integers(1, 5)}, conclusion)
"""
ENSEMBLE = "gaussian:depth=3,width=2,seed=0"
EXAMPLES = Path(__file__).parents[3] / "examples"
EXAMPLE_NETWORK, EXAMPLE_INPUT = str(EXAMPLES / "conv-relu.pt2"), str(EXAMPLES / "conv-relu-input.npy")

MISTAKES = [
    # what is given, and what the one line must name
    (("probe", "missing.npz"), "missing.npz"),
    (("probe", "gaussian:depth=1e12,width=3,seed=0"), "1000000000000 factors 3×3 takes about 466 TB"),
    (("verify", "own_kind.py"), "own_kind.py:2: Own: 1; mend the file"),
    (("verify", "unsaid.py"), "unsaid.py:5: Unsaid; mend the file"),
    (("verify", "trap.py"), "trap.py defines no claim"),
    (("derive", "trap.py:x"), "trap.py:x: expected the name or the label of a derivation"),
    (("probe", "model.pt"), "'model.pt' is taken for a pickle"),
    (("probe", "model.pt2"), "--input x.npy"),
    (("probe", "model.pt2", "--input", "missing.npy"), "missing.npy"),
    (("probe", "missing.pt2", "--input", EXAMPLE_INPUT), "missing.pt2"),
    (("probe", EXAMPLE_NETWORK, "--input", EXAMPLE_INPUT, "--kinks", "ignore"), "kinks='ignore'"),
    (("probe", ENSEMBLE, "--input", EXAMPLE_INPUT), "takes no input"),
    (("probe", "folder.npz"), "folder.npz"),
    (("probe", "chain.txt"), "chain.txt"),
    (("probe", "text.npz"), "M_1"),
    (("probe", "objects.npz"), "M_1"),
    (("probe", "nan.npz"), "M_2"),
    (("probe", "infinite.npz"), "M_1"),
    (("probe", "shapes.npz"), "M_2 (2×2)"),
    (("probe", "gap.npz"), "holds M_1, M_3 but no M_2"),
    (("probe", "vector.npz"), "M_1"),
    (("probe", "empty.npz"), "empty.npz"),
    (("probe", "hollow.npz"), "hollow.npz"),
    (("probe", "nothing.npz"), "nothing.npz"),
    (("probe", "garbage.safetensors"), "garbage.safetensors"),
    (("probe", "gausian:depth=3,width=2,seed=0"), "did you mean gaussian?"),
    (("probe", "gaussian:depth=3"), "lacks width;"),
    (("probe", "gaussian:depth=3,width=2,seed=0,colour=1"), "colour=1"),
    (("probe", "gaussian:depth=3,depth=4,width=2,seed=0"), "'depth'"),
    (("probe", "gaussian:depth=many,width=2,seed=0"), "'many'"),
    (("probe", "gaussian:depth=0,width=2,seed=0"), "depth 0"),
    (("probe", "gaussian:depth=3,width=2,seed=-1"), "seed -1"),
    (("probe", "gaussian:depth=3,width=2.5,seed=0"), "width 2.5"),
    (("probe", "masked:depth=3,width=2,seed=0,p=2"), "p 2"),
    (
        ("probe", "gaussian:depth=1000000000,width=64,seed=0"),
        "takes about 98.6 TB of memory; expected at most",
    ),
    (("probe", "haar:depth=1,width=100000,seed=0"), "1 factors 100000×100000 takes about 720 GB"),
    (
        ("probe", "fgln:depth=1000,width=100,seed=0", "--max-memory", "10 MB"),
        "241 MB of memory; expected at most 10 MB",
    ),
    (
        ("probe", "fgln:depth=1000,width=100,seed=0", "--max-memory", "300 MB"),
        "the spectrum of Chain(depth=1000",
    ),
    (("probe", ENSEMBLE, "--max-memory", "lots"), "max_memory 'lots'"),
    (("probe", ENSEMBLE, "--digits", "-3"), "digits -3"),
    (("probe", ENSEMBLE, "--digits", "0"), "digits 0"),
    (("probe", ENSEMBLE, "--digits", "thirty"), "'thirty'"),
    (("probe", ENSEMBLE, "--digits", "1000000000"), "digits 1000000000"),
    (("probe", ENSEMBLE, "--top", "0"), "top 0"),
    (("probe", ENSEMBLE, "--top", "3"), "top 3"),
    (("probe", ENSEMBLE, "--engine", "steam"), "'steam'"),
    (("probe", ENSEMBLE, "--json", "nowhere/spectrum.json"), "nowhere/spectrum.json"),
    (("probe", ENSEMBLE, "--json", "folder.npz"), "folder.npz"),
    (("probe", ENSEMBLE, "--plot", "picture.gif"), "picture.gif"),
    (("probe", ENSEMBLE, "--plot", "nowhere/picture.png"), "nowhere/picture.png"),
    (("probe", ENSEMBLE, "--colour", "red"), "--colour"),
    (("probe", "gap.npz", "--json", "./gap.npz"), "./gap.npz': another file of this command is there"),
    (("probe", ENSEMBLE, "--json", "x.png", "--plot", "x.png"), "x.png': another file"),
    (("probe", EXAMPLE_NETWORK, "--input", "x.npy", "--json", "x.npy"), "x.npy': another file"),
    (("probe",), "SOURCE"),
    (("verify", "allignment"), "did you mean alignment?"),
    (("verify", "missing.py"), "missing.py"),
    (("verify", "syntax.py"), "syntax.py:1: SyntaxError"),
    (("verify", "no_claims.py"), "no_claims.py"),
    (("verify", "raises.py"), "raises.py:2: RuntimeError: two lines"),
    (("verify", "exits.py"), "exits.py:2: SystemExit: 7"),
    (("verify", "alignment-as-stated", "missing.py"), "missing.py"),
    (("verify", "--effort", "heroic"), "'heroic'"),
    (("verify", "names.py"), "names.py:4"),
    (("verify", "--regression", "nowhere/test_x.py"), "nowhere/test_x.py"),
    (("verify", "names.py:misnamed", "--regression", "names.py"), "names.py': another file"),
    (("verify", "names.py", "--json", "names.py"), "names.py': another file"),
    (("verify", "--json", "x.py", "--regression", "x.py"), "x.py': another file"),
    (("verify", "names.py", "--replay", "x.py", "--regression", "x.py"), "x.py': another file"),
    (("verify", "--replay", "missing.json"), "missing.json"),
    (("verify", "alignment", "--replay", "missing.json"), "missing.json"),
    (("verify", "--seed", "-1"), "-1"),
    (("verify", "--jobs", "0"), "0"),
    (("verify", "--json", "nowhere/reports.json"), "nowhere/reports.json"),
    (("verify", "--json", "folder.npz"), "folder.npz"),
    (("verify", "--jsn", "reports.json"), "--jsn"),
    (("derive", "general-dynamic"), "did you mean general-dynamics?"),
    (("derive", "loop-closes-top-mode"), "'loop-closes-top-mode' has no derivation"),
    (("derive", "general-dynamics", "--format", "html"), "'html'"),
    (("derive", "derivations.py:deep"), "derivations.py: RecursionError: "),
    (("derive", "derivations.py:untitled", "--checked"), "derivations.py: TypeError: "),
    (("derive", "derivations.py:leaving", "--format", "latex"), "derivations.py:10: SystemExit: 5"),
    (("derive", "derivations.py:obeyed"), "derivations.py:obeyed with the control character '\\x1b'"),
    (("reproduce", "turing"), "'turing'"),
    (("reproduce", "training", "--seed", "x"), "'x'"),
    (("verfy",), "verfy"),
]


@pytest.mark.parametrize(("arguments", "named"), MISTAKES, ids=[" ".join(each) for each, _ in MISTAKES])
@pytest.mark.usefixtures("broken")
def test_a_mistake_is_one_line_that_names_the_value(jacspec, arguments, named):
    status, out, err = jacspec(*arguments)
    assert status == 2
    assert out == ""
    assert err.startswith("jacspec: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert named in err
    assert "Traceback" not in err


def test_experiments_without_a_report_are_refused_before_anything_is_computed(tmp_path, capsys):
    for arguments, said in (
        (["verify", "--experiments", str(tmp_path)], "expected --report DIR beside it"),
        (
            ["verify", "--experiments", str(tmp_path), "--report", str(tmp_path)],
            "holds no results of experiments",
        ),
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert said in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_refused_before_anything_is_computed(tmp_path, capsys):
    kept = tmp_path / "kept.json"
    kept.write_text("mine", encoding="utf-8")
    for arguments in (["probe", "haar:depth=2,width=2,seed=0"], ["verify", "no-such-claim"]):
        with pytest.raises(SystemExit):
            main([*arguments, "--json", "/dev/null/x.json"])
        assert "cannot write '/dev/null/x.json'" in capsys.readouterr().err
        with pytest.raises(SystemExit):
            main([*arguments, "--json", str(kept), "--nonsense"])
        assert kept.read_text(encoding="utf-8") == "mine"


def test_usage_errors_say_where_to_look(capsys):
    for arguments, said in (
        (["probe"], "Missing argument 'SOURCE': see 'jacspec probe --help'"),
        (
            ["verify", "--jobs", "0"],
            "'0': expected a whole number of at least 1: see 'jacspec verify --help'",
        ),
        (["verify", "--jobs", "two"], "'two': expected a whole number of at least 1: see"),
        (["reproduce", "overlap", "--seed", "-1"], "'-1': expected a whole number of at least 0: see"),
        (["reproduce", "trainin"], "unknown experiment 'trainin': did you mean training?"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert said in capsys.readouterr().err


def test_an_error_of_our_own_has_its_status_its_line_and_its_details(jacspec, monkeypatch):
    def fail(*_, **__):
        raise KeyError("nobody\x1b[31m\nexpected this")

    monkeypatch.setattr("jacspec.numerics.chains.sources.ENSEMBLES", {"gaussian": fail, "haar": fail})
    monkeypatch.setattr("jacspec.numerics.chains.sources._options", lambda *_: {})
    status, out, err = jacspec("probe", ENSEMBLE)
    assert (status, out, err.count("\n")) == (70, "", 1)
    assert err.startswith("jacspec: internal error, KeyError: ")
    assert "\x1b" not in err
    details = Path(re.search(r"the details are in (\S+\.txt)", err)[1])
    assert "Traceback" in details.read_text(encoding="utf-8")
    assert "expected this" in details.read_text(encoding="utf-8")
    details.unlink()


def test_memory_that_runs_out_is_one_line(jacspec, monkeypatch):
    def fail(*_, **__):
        raise MemoryError

    monkeypatch.setattr("jacspec.numerics.chains.sources._options", fail)
    status, _, err = jacspec("probe", ENSEMBLE)
    assert (status, err.count("\n")) == (2, 1)
    assert "memory ran out" in err
