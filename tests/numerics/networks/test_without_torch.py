"""The core works, and says what is missing, where neither PyTorch nor JAX is installed."""

import subprocess
import sys

PROGRAM = """
import sys
sys.modules["torch"] = sys.modules["jax"] = None  # an import of either fails
from jacspec import Chain, InputError
assert Chain.from_weights([[[2]]], [1]) == Chain([[[2]]])
try:
    Chain.from_torch(object(), [1])
except InputError as error:
    print(error)
"""


def test_a_module_without_pytorch_is_one_clear_error():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert "PyTorch is not installed" in done.stdout
    assert "pip install 'jacspec[torch]'" in done.stdout


def test_importing_the_core_imports_neither():
    program = (
        "import sys; from jacspec import Chain, Claim; print(sorted({'torch', 'jax'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
