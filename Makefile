# Two commands do everything: `make run` and `make test`. Both set up what is missing, and can be run again.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check format bench clean help

help:  ## what there is
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## */  make \1	/'

run: .venv/.installed  ## set up, load the Hama chronology, serve it
	@echo "Loading the chronology hama-2024 (what is there already stays as it is)"
	@$(BIN)/chronology load hama-2024
	@echo "Serving it"
	@$(BIN)/chronology serve

test: check  ## set up, run every check and every test
	@echo "Testing"
	@$(BIN)/pytest -n auto --dist worksteal

check: .venv/.checkable  ## set up, check lint, format and types
	@echo "Checking lint, format and types"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: .venv/.checkable  ## put the code in its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: .venv/.checkable  ## measure, each figure beside a peer
	@$(BIN)/python -m benchmarks.appends
	@$(BIN)/python -m benchmarks.bulk
	@$(BIN)/python -m benchmarks.chronology

clean:  ## remove what was set up, but no chronology
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 …"; exit 1; }
	@echo "Setting up a virtual environment in .venv"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: .venv/.python pyproject.toml constraints.txt
	@echo "Installing what the service needs"
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/.checkable: .venv/.installed
	@echo "Installing what the checks and tests need"
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
