# Everything here works on a machine with Python 3.11, make and git; the rest goes into .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STORES ?= some
BENCH ?= .bench
SIZES ?= 10000 100000
SHARE ?= 1
SEED ?= 1
YEARS ?= 4000

# Thousands of stores that live for a second each need no disk, where memory has the room.
SCRATCH := $(shell \
  if test -w /dev/shm && ! grep -q ' /dev/shm .*noexec' /proc/mounts && \
    test "$$(df -Pk /dev/shm | awk 'NR == 2 {print $$4}')" -gt 8000000; \
  then echo /dev/shm; else echo "$${TMPDIR:-/tmp}"; fi)
test faults: export TMPDIR := $(SCRATCH)

.PHONY: help demo test lint format bench faults roll-up-errors year screenshots build clean

help:
	@echo "make demo         seed the demo in .demo/ and open the console"
	@echo "make test         lint, types, import contracts, every test, the wheel, the screenshots"
	@echo "make test STORES=all   every test with a store on PostgreSQL too, not a fifth of them"
	@echo "make lint         ruff, mypy and the import contracts"
	@echo "make format       let ruff format and mend what it can"
	@echo "make bench        measure it beside its peers: SIZES=\"10000 100000\", up to 1000000"
	@echo "make faults       break it at every point, on both stores: SHARE=0.1 for a part of it"
	@echo "make roll-up-errors    how often the roll-up detector is wrong: YEARS=4000 generated ones"
	@echo "make year         live a simulated year of five districts, and write docs/year.md"
	@echo "make screenshots  draw screenshots/ again"
	@echo "make build        an sdist and a wheel in dist/"
	@echo "make clean        remove what was made, but keep .venv"

demo: .venv/.demo-ready
	$(BIN)/rollbook --home .demo demo

# Bytecode is kept whatever the environment says: else each of hundreds of processes compiles all.
test faults bench: export PYTHONDONTWRITEBYTECODE :=
test: lint
	$(BIN)/python -m compileall -q -j 0 core tui
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder --stores $(STORES)

lint: .venv/.dev-ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.dev-ready
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/.bench-ready
	$(BIN)/python -m compileall -q -j 0 core
	PYTHONPATH=tests $(BIN)/python -m bench.measure $(BENCH) $(SIZES)
	PYTHONPATH=tests $(BIN)/python -m bench.pulls $(BENCH) $(firstword $(SIZES))

faults: .venv/.dev-ready
	PYTHONPATH="$(CURDIR)/core:$(CURDIR)/tests" $(BIN)/python -m faults $(SHARE) $(SEED)

roll-up-errors: .venv/.dev-ready
	PYTHONPATH="$(CURDIR)/core:$(CURDIR)/tests" $(BIN)/python -m roll_ups $(YEARS)

year: .venv/.dev-ready
	PYTHONPATH="$(CURDIR)/core:$(CURDIR)/tests" $(BIN)/python -m year --seed $(SEED) --report docs/year.md

screenshots: .venv/.dev-ready
	$(BIN)/python screenshots/make.py

build: .venv/.dev-ready
	$(BIN)/python -m build --no-isolation

clean:
	rm -rf .demo .bench dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find core tui tests screenshots -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "rollbook needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 2; }
	$(PYTHON) -m venv .venv

# The stamps are newer than what they were made from, so that a second call has nothing to do.
.venv/.demo-ready: requirements/core.txt requirements/demo.txt requirements/build.txt pyproject.toml | .venv/bin/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  -r requirements/demo.txt -r requirements/build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev-ready: requirements/dev.txt .venv/.demo-ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	@touch $@

.venv/.bench-ready: requirements/bench.txt .venv/.demo-ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/bench.txt
	@touch $@
