"""What the tests of networks share."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

_MODEL = Path(__file__).parents[3] / "examples" / "conv-relu.pt2"


@pytest.fixture
def jacobian_of():
    """The product of a chain: multiplied exactly, rounded once."""

    def rounded(chain):
        return np.array([[int(e.p) / int(e.q) for e in row] for row in chain.product().tolist()])

    return rounded


@pytest.fixture
def changed(tmp_path):
    """Write an archive of PyTorch's with one member changed; a JSON member is changed as such."""

    def write(member=None, change=None, extra=()):
        path = tmp_path / "changed.pt2"
        with zipfile.ZipFile(_MODEL) as source, zipfile.ZipFile(path, "w") as target:
            for name in source.namelist():
                data = source.read(name)
                if member is not None and name.endswith(f"/{member}"):
                    content = json.loads(data) if name.endswith(".json") else data
                    data = change(content)
                    data = json.dumps(data) if name.endswith(".json") else data
                if data is not None:
                    target.writestr(name, data)
            for name, data in extra:
                target.writestr(f"conv-relu/{name}", data)
        return path

    return write
