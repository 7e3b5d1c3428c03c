"""Claims as tests of pytest's: what is collected, what a failure prints, whom it does not disturb."""

import subprocess
import sys
from importlib.metadata import entry_points

import pytest

import jacspec.proofs_check.referee.referee
import jacspec.proofs_check.shell.tables  # noqa: F401 -- NumPy and FLINT can be loaded once in a process, not once a run

CLAIMS = """
from hypothesis import strategies as st
from jacspec import Claim, Expectation

below = {"x": st.integers(0, 50)}
true = Claim("positive", "x + 1 > 0", below, lambda x: x + 1, mutants={"-x": lambda x: -x})
false = Claim("at-most-seven", "x ≤ 7", below, lambda x: 7 - x)
expected = Claim("below-nine", "x < 9", below, lambda x: 8 - x, expected=Expectation.REFUTED)
alias = true
several = [expected, Claim("third", "x < 60", below, lambda x: 60 - x, mutants={"-x": lambda x: -x})]

def test_of_another_kind():
    assert true.label == "positive"

class TestClass:
    claim = false
"""


def test_the_distribution_registers_it():
    (entry,) = entry_points(group="pytest11", name="jacspec")
    assert entry.value == "jacspec.proofs_check.shell.pytest_plugin"


def test_each_claim_of_a_test_module_is_one_test(pytester):
    pytester.makepyfile(test_claims=CLAIMS)
    result = pytester.runpytest_inprocess("-v", "-p", "no:cacheprovider", "-p", "no:randomly")
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines_random(
        [
            "test_claims.py::positive PASSED*",
            "test_claims.py::at-most-seven FAILED*",
            "test_claims.py::below-nine PASSED*",
            "test_claims.py::third PASSED*",
            "test_claims.py::test_of_another_kind PASSED*",
        ]
    )
    # The report, with the exact counterexample, and no traceback of ours.
    result.stdout.fnmatch_lines(["*at-most-seven ✗ refuted", "Counterexample", "x = 8"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_file_named_on_the_command_line_is_collected(pytester):
    pytester.makepyfile(my_claims=CLAIMS, test_other="def test_other(): pass")
    pytester.runpytest_inprocess().assert_outcomes(passed=1)
    pytester.runpytest_inprocess("my_claims.py").assert_outcomes(passed=4, failed=1)
    one = pytester.runpytest_inprocess("my_claims.py::positive", "--import-mode=importlib")
    one.assert_outcomes(passed=1)
    two = pytester.runpytest_inprocess("my_claims.py", "-k", "third or below")
    two.assert_outcomes(passed=2, deselected=3)


PROXIES = """
class Proxy:
    @property
    def __class__(self):
        raise RuntimeError("outside of a request")

class Trap(list):
    def __iter__(self):
        raise RuntimeError("not here")

request, trap = Proxy(), Trap()
"""


def test_objects_that_raise_when_they_are_looked_at_disturb_nobody(pytester):
    pytester.makepyfile(test_claims=CLAIMS + PROXIES)
    pytester.runpytest_inprocess().assert_outcomes(passed=4, failed=1)


def test_it_can_be_switched_off(pytester):
    pytester.makepyfile(test_claims=CLAIMS)
    pytester.runpytest_inprocess("-p", "no:jacspec").assert_outcomes(passed=1)


def test_effort_and_seed_come_from_the_configuration(pytester):
    pytester.makepyfile(
        test_seen="""
        from hypothesis import strategies as st
        from jacspec import Claim
        from jacspec.proofs_check.claims.evidence import LimitEvidence, Status
        from jacspec.proofs_check.claims.evidence_source import Finding
        from jacspec.proofs_check.claims.mutants import Mutants

        class Recorder:
            kind = "limit"

            def gather(self, *, effort, seed):
                with open("seen", "a") as out:
                    print(effort.name, seed, file=out)
                return Finding(LimitEvidence(status=Status.FOR, summary="", seconds=0.0), Mutants(1, 1))

        claim = Claim("recorded", "nothing", further_evidence=[Recorder()])
        """
    )
    for options in ("", "jacspec_effort = deep", "jacspec_effort = deep\njacspec_seed = 7"):
        pytester.makeini(f"[pytest]\n{options}\n")
        pytester.runpytest_inprocess().assert_outcomes(passed=1)
    seen = (pytester.path / "seen").read_text().splitlines()
    efforts, seeds = zip(*map(str.split, seen), strict=True)
    assert efforts == ("standard", "deep", "deep")
    assert seeds[0] == seeds[1] != seeds[2]


@pytest.mark.parametrize(("option", "value"), [("effort", "heroic"), ("seed", "-1"), ("seed", "x")])
def test_a_wrong_option_is_named(pytester, option, value):
    pytester.makepyfile(test_claims=CLAIMS)
    pytester.makeini(f"[pytest]\njacspec_{option} = {value}\n")
    result = pytester.runpytest_inprocess("-k", "positive")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"*jacspec_{option} = '{value}': expected *"])


def test_whoever_has_no_claims_imports_nothing_of_ours(tmp_path):
    (tmp_path / "test_empty.py").write_text(
        "import sys\n\n"
        "def test_nothing():\n"
        "    assert 'jacspec.proofs_check.shell.pytest_plugin' in sys.modules\n"
        "    heavy = {'sympy', 'flint', 'mpmath', 'numpy', 'click', 'rich'}\n"
        "    assert heavy.isdisjoint(sys.modules)\n"
        "    ours = sorted(name for name in sys.modules if name.startswith('jacspec'))\n"
        "    room = 'jacspec.proofs_check.shell'\n"
        "    assert ours == ['jacspec', 'jacspec.proofs_check', room, f'{room}.pytest_plugin']\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert "1 passed" in done.stdout, done.stdout
