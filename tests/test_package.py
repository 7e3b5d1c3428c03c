"""What is installed is jacspec alone: beside a user's own files; and a checkout without links runs."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent

OWN = {
    "theory.py": "CONSTANT = 2\n",
    "numerics.py": "def twice(x):\n    return 2 * x\n",
    "proofs_check.py": "raise ImportError('this one is the user\\'s, and nobody asked for it')\n",
    "tests/test_square.py": (
        "from hypothesis import strategies as st\n"
        "from jacspec import Claim, exactly, strategies\n"
        "from numerics import twice\n"
        "from theory import CONSTANT\n"
        "SQUARES = Claim(\n"
        "    label='squares', statement='2xy ≤ x² + y²',\n"
        "    given={'x': strategies.rationals(), 'y': strategies.rationals()},\n"
        "    conclusion=lambda x, y: exactly(CONSTANT * x * y <= x * x + y * y),\n"
        "    mutants={'3xy': lambda x, y: exactly(3 * x * y <= x * x + y * y)},\n"
        ")\n"
        "def test_twice():\n"
        "    assert twice(CONSTANT) == 4\n"
    ),
    "script.py": (
        "import jacspec, theory, numerics\n"
        "from jacspec import Chain, spectrum\n"
        "print(jacspec.__file__, jacspec.theory.__file__, theory.__file__)\n"
        "print(numerics.twice(float(spectrum(Chain([[[2, 0], [0, 1]]])).log_singular_values[0])))\n"
    ),
}
"""A user's folder, with names that ours have too."""


def run(*command: str, cwd: Path, path: Path | None = None, site: bool = True) -> str:
    """What Python prints, told to look at ``path`` first; without ``site``, there and nowhere else."""
    environment = {**os.environ, "PYTHONPATH": str(path or ""), "PYTHONIOENCODING": "utf-8"}
    options = () if site else ("-S",)
    made = subprocess.run(
        [sys.executable, *options, *command],
        cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout


def built(source: Path, target: str, folder: Path) -> Path:
    """The wheel or the source distribution of a tree, made offline in an empty folder."""
    run("-m", "hatchling", "build", "--target", target, "--directory", str(folder), cwd=source)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked."""
    site = tmp_path_factory.mktemp("site")
    with ZipFile(wheel) as archive:
        archive.extractall(site)  # noqa: S202 -- our own
    return site


@pytest.fixture
def user(tmp_path: Path) -> Path:
    for name, content in OWN.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_the_wheel_holds_one_package_with_every_file_of_the_tree(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"jacspec"}
    for folder in ("theory", "numerics", "proofs_check", "jacspec/documents"):
        for file in (ROOT / folder).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                name = file.relative_to(ROOT).as_posix()
                assert (name if name.startswith("jacspec/") else f"jacspec/{name}") in names
    assert {"jacspec/__init__.py", "jacspec/__init__.pyi", "jacspec/__main__.py", "jacspec/py.typed"} < names


def test_the_source_distribution_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(built(ROOT, "sdist", tmp_path / "sdist")) as archive:
        assert not any(member.issym() or member.islnk() for member in archive)
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    assert built(source, "wheel", tmp_path / "wheel").read_bytes() == wheel.read_bytes()


def test_a_script_finds_its_own_files_and_ours(user: Path, installed: Path) -> None:
    ours, inner, own, number = run("script.py", cwd=user, path=installed).split()
    assert Path(ours).parent == Path(inner).parents[1] == installed / "jacspec"
    assert Path(own) == user / "theory.py"
    assert float(number) == pytest.approx(2 * 0.6931471805599453, rel=1e-15)


def test_the_command_runs_beside_them(user: Path, installed: Path) -> None:
    assert "velocity-identity" in run("-m", "jacspec", "list", cwd=user, path=installed)


def test_pytest_verifies_their_claims(user: Path, installed: Path) -> None:
    shown = run("-m", "pytest", "-q", "-o", "jacspec_effort=quick", "tests", cwd=user, path=installed)
    assert "2 passed" in shown


def test_a_notebook_cell_runs(user: Path, installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(installed))
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(user))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(OWN["script.py"])])
    NotebookClient(
        notebook, timeout=100, kernel_name="python3", resources={"metadata": {"path": user}}
    ).execute()
    (output,) = notebook.cells[0].outputs
    assert output.text.startswith(str(installed))


def test_a_checkout_without_links_runs_uninstalled(tmp_path: Path) -> None:
    """As on Windows: each of the three links is a text file that holds its target."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    checkout, others = tmp_path / "checkout", tmp_path / "others"
    clone = ["git", "-c", "core.symlinks=false", "clone", "--quiet", str(ROOT), str(checkout)]
    subprocess.run(clone, check=True, capture_output=True)
    assert (checkout / "jacspec" / "theory").read_text() == "../theory"
    others.mkdir()
    for package in Path(sysconfig.get_path("purelib")).iterdir():  # everything but jacspec itself
        if "jacspec" not in package.name:
            (others / package.name).symlink_to(package)
    assert "velocity-identity" in run("-m", "jacspec", "list", cwd=checkout, path=others, site=False)
