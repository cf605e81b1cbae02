# The verbs of the project. `make` alone shows them; each repeats in seconds when nothing has changed.

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY := $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help run test check format bench bench-runs bench-scale study screenshots starter pretrained lock licences bundle s3 clean

help: ## Show these verbs.
	@echo "make run          Start the dashboard (PORT=8599 make run chooses the port)."
	@echo "make test         Run every test, those in a real browser included (ARGS='-k review' chooses)."
	@echo "make check        Check style, formatting, types and import arrows."
	@echo "make format       Mend what can be mended by machine."
	@echo "make bench        Measure speed against the usual way, growth, and the starter model."
	@echo "make bench-runs   Measure what a run and the people who watch it cost each other (some minutes, a browser)."
	@echo "make bench-scale  Measure the scan and the Dataset page with 100,000 photos (some minutes, 12 GB of disk)."
	@echo "make study        Cross-validate every network over castings (DATA=folder; hours)."
	@echo "make screenshots  Take pictures of every page into docs/images."
	@echo "make starter      Train the starter model anew (some minutes)."
	@echo "make pretrained   Teach anew what networks know before the first photo (half an hour)."
	@echo "make lock         Work out anew which packages requirements*.txt bring, and their sums."
	@echo "make licences     List the installed packages with their licences."
	@echo "make bundle       All for a plant without a network, in one folder: wheels, weights, papers, sums (OUT=folder)."
	@echo "make s3           Install a server that speaks S3, for the test of the object store."
	@echo "make clean        Remove .venv and caches; data and models stay."

run: $(VENV)/.run-installed
	$(PY) -m streamlit run dashboard.py $(if $(PORT),--server.port $(PORT))

test: $(VENV)/.dev-installed
	@$(PY) -m tests.browser.find_browser --install
	$(PY) -m pytest $(ARGS)

check: $(VENV)/.dev-installed
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev-installed
	$(PY) -m ruff check --fix-only
	$(PY) -m ruff format

bench: $(VENV)/.dev-installed
	$(PY) -m tests.bench $(ARGS)

bench-runs: $(VENV)/.dev-installed
	@$(PY) -m tests.browser.find_browser --install
	$(PY) -m tests.bench.readers
	$(PY) -m tests.bench.watching

bench-scale: $(VENV)/.dev-installed
	$(PY) -m tests.bench.scale $(ARGS)

study: $(VENV)/.run-installed
	$(PY) -m casting_core study $(or $(DATA),../shared/casting_data) --drawn $(ARGS)

screenshots: $(VENV)/.dev-installed
	@$(PY) -m tests.browser.find_browser --install
	$(PY) -m tests.browser.screenshots docs/images

starter: $(VENV)/.dev-installed
	$(PY) -m tests.bench.starter

pretrained: $(VENV)/.dev-installed
	$(PY) -m casting_core.learning.pretraining

lock: $(VENV)/lock/.made
	$(PY) -m tests.lock $(VENV)/lock/bin/uv

licences: $(VENV)/.run-installed
	$(PY) -m casting_core licences

bundle: $(VENV)/.run-installed
	OUT="$(OUT)" PYTHONPATH=. $(PY) deploy/bundle.py

s3: $(VENV)/s3/.made

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is touched only after its step has succeeded, so what failed half-way is tried again.

$(VENV)/.made:
	@$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" || \
	  { echo "This needs Python 3.11, 3.12 or 3.13, and '$(PYTHON)' is not one of them. Name one: make PYTHON=python3.11 run" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "No virtual environment could be made. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

# Installed is what the lock says, and each file only if its sum is there: nobody can slip another one in.

$(VENV)/.run-installed: requirements.lock | $(VENV)/.made
	@echo "Installing what the dashboard needs (about 500 MB, once; some minutes)."
	$(PY) -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

# The server that speaks S3 for one test pins old packages, so it has an environment of its own, too.

$(VENV)/s3/.made: requirements-s3.lock | $(VENV)/.made
	$(PY) -m venv $(VENV)/s3
	$(VENV)/s3/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-s3.lock
	@touch $@

$(VENV)/.dev-installed: requirements-dev.lock $(VENV)/.run-installed
	@echo "Installing what the tests need."
	$(PY) -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# The tool that works out a lock for all machines at once; in an environment of its own, for nothing else needs it.

$(VENV)/lock/.made: | $(VENV)/.made
	$(PY) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip install --disable-pip-version-check --quiet uv==0.13.9
	@touch $@
