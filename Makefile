# Two commands are all that a newcomer needs: `make verify` and `make test`.
# Each sets everything up by itself, in .venv, on a machine with Python 3.11 (or later) and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PACKAGES := jacspec theory numerics proofs_check tests benchmarks examples docs/conf.py docs/_ext
QUICK := alignment-as-stated alignment alignment-forces-zero-intercept deep-linear-dynamics \
  separation-dynamics separation-dynamics-any-depth

# While pip installs, how many packages it has found.
COUNTED := import sys; found = (line for line in sys.stdin if line.startswith("Collecting")); \
  [print(f"\r  {number} packages", end="", flush=True) for number, _ in enumerate(found, 1)]; print()

.DEFAULT_GOAL := help
.PHONY: help setup extras quick verify test check docs format ledger findings deep soak bench clean

help:  ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "jacspec needs Python 3.11 or later; $(PYTHON) is older. Try: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 2; }
	@echo "Setting up $(VENV) (once; a minute or more) ..."
	@$(PYTHON) -m venv $(VENV)
	@rm -f $(VENV)/.failed; \
	  { $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt -e '.[dev]' || touch $(VENV)/.failed; } \
	  | $(BIN)/python -c '$(COUNTED)'; test ! -e $(VENV)/.failed
	@touch $@

setup: $(READY)  ## make the virtual environment, and nothing else

extras: $(READY)  ## install PyTorch, JAX, ONNX, Dask, pandas and axe-core, so that no test is skipped for want of them
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[all,accessibility]'

quick: $(READY)  ## set up, then verify six claims of the story at quick effort, in seconds
	@$(BIN)/jacspec verify $(QUICK) --effort quick

verify: $(READY)  ## set up, then verify every claim of the ledger
	@$(BIN)/jacspec verify

test: $(READY)  ## set up, then run the tests
	@$(BIN)/pytest -n auto --quiet

check: $(READY)  ## formatting, lint, types, the import contract and the rules of the house
	$(BIN)/ruff format --check $(PACKAGES)
	$(BIN)/ruff check $(PACKAGES)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest --quiet tests/test_imports.py tests/numerics/test_names.py

docs: $(READY)  ## build the documentation, with the report of `make verify`, into build/site
	@$(BIN)/sphinx-build -W --keep-going -q docs build/site
	@$(BIN)/jacspec verify --report build/site/report > /dev/null
	@echo "open build/site/index.html"

format: $(READY)  ## format the code and apply safe fixes
	$(BIN)/ruff format $(PACKAGES)
	$(BIN)/ruff check --fix $(PACKAGES)

ledger: $(READY)  ## write docs/ledger.md from the claims
	@$(BIN)/python -m jacspec.proofs_check.ledger.document docs/ledger.md

findings: $(READY)  ## verify again what docs/findings/derived tells of, and write it there
	@for page in docs/findings/derived/*.md; do \
	  labels=$$(sed -n 's/^`jacspec verify \([^`]*\)`.*/\1/p' $$page) && \
	  $(BIN)/jacspec verify $$labels --json docs/findings/derived/data/$$(basename $$page .md).json > /dev/null || exit; \
	done
	@$(BIN)/python -m jacspec.proofs_check.ledger.findings docs/findings/derived

deep: $(READY)  ## the tests with many more random examples
	@HYPOTHESIS_PROFILE=deep $(BIN)/pytest -n auto

soak: $(READY)  ## thousands of malformed files, command lines, faults, signals, forks and threads (an hour)
	@JACSPEC_SOAK=5000 $(BIN)/pytest -q -s tests/numerics/files/test_fuzzing.py \
	  tests/proofs_check/shell/test_command_lines.py tests/proofs_check/shell/test_faults.py \
	  tests/proofs_check/shell/test_kept_verdicts.py tests/proofs_check/shell/test_kills.py \
	  tests/numerics/support/test_forks.py tests/test_together.py

bench: $(READY)  ## compare with mpmath, FLINT, NumPy and Eigen; writes docs/benchmarks.md (an hour or so)
	@$(BIN)/python benchmarks/spectra.py --json build/benchmarks.json --markdown docs/benchmarks.md

clean:  ## remove the virtual environment and every cache
	rm -rf $(VENV) .hypothesis .jacspec .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
