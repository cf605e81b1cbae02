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
.PHONY: help run test check format bench bench-runs bench-scale study screenshots starter pretrained clean

help: ## Show these verbs.
	@echo "make run          Start the dashboard (PORT=8599 make run chooses the port)."
	@echo "make test         Run every test, those in a real browser included (ARGS='-k review' chooses)."
	@echo "make check        Check style, formatting, types and import arrows."
	@echo "make format       Mend what can be mended by machine."
	@echo "make bench        Measure speed against the usual way, growth, and the starter model."
	@echo "make bench-runs   Measure what a run and the people who watch it cost each other (some minutes, a browser)."
	@echo "make bench-scale  Measure the scan and the Dataset page with 100,000 photos (some minutes, 12 GB of disk)."
	@echo "make study        Cross-validate both networks over castings (DATA=folder; an hour)."
	@echo "make screenshots  Take pictures of every page into docs/images."
	@echo "make starter      Train the starter model anew (some minutes)."
	@echo "make pretrained   Teach anew what networks know before the first photo (half an hour)."
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

$(VENV)/.run-installed: requirements.txt | $(VENV)/.made
	@echo "Installing what the dashboard needs (about 500 MB, once; some minutes)."
	$(PY) -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev-installed: requirements-dev.txt $(VENV)/.run-installed
	@echo "Installing what the tests need."
	$(PY) -m pip install --disable-pip-version-check --quiet -r requirements-dev.txt
	@touch $@
