# The list of commands. On a fresh machine each of them does its own set-up.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet install --require-hashes
INSTALL_PACKAGE := $(BIN)/pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation -e .
PAGE := src/drawn_digits/web/static/.vite/manifest.json
LIGHTHOUSE := benchmarks/lighthouse/node_modules/.package-lock.json
PAGE_SOURCES := $(shell find frontend -path frontend/node_modules -prune -o -type f -print)

.DEFAULT_GOAL := help
.PHONY: help serve test python-test drawings page-test lint format api-types train evaluate export bench bench-training reliability lighthouse notebooks notebooks-run pictures lock clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: $(VENV)/.serve $(PAGE) ## Serve the page and the API at http://127.0.0.1:8000
	$(BIN)/drawn-digits serve --host $(HOST) --port $(PORT)

test: lint page-test python-test ## Run every test and every check

# Files in their own order: xdist would begin those of few tests last, and they take longest.
python-test: $(VENV)/.dev $(PAGE) chromium curl
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not alone"
	$(BIN)/python -m pytest -m alone

drawings: $(VENV)/.dev $(PAGE) chromium ## Draw 500 drawings of unseen writers in Chromium (5 minutes)
	SAMPLES_OF_EACH=5 $(BIN)/python -m pytest -s tests/browser/test_reading.py -k unseen_writers

page-test: $(VENV)/.serve $(PAGE)
	$(BIN)/python hatch_build.py npm test

lint: $(VENV)/.dev $(PAGE) ## Check style and types of Python and TypeScript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python hatch_build.py npm run lint
	$(BIN)/python hatch_build.py npm run typecheck

format: $(VENV)/.dev $(PAGE) ## Put Python and TypeScript into the common form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python hatch_build.py npm run format

api-types: $(VENV)/.dev ## Write the page's types of the API from its OpenAPI document
	$(BIN)/python -m tests.web.api_types

train: $(VENV)/.dev ## Train the shipped network: choose, then repeat on all data (resumable)
	$(BIN)/drawn-digits train
	$(BIN)/drawn-digits train --chosen-run runs/evidence

evaluate: $(VENV)/.dev ## Measure the shipped model on the test sets
	$(BIN)/drawn-digits evaluate

bench: $(VENV)/.dev $(PAGE) ## Time the shipped model in Python and WebAssembly, and the classic way
	$(BIN)/python benchmarks/inference.py
	$(BIN)/python hatch_build.py npm run --silent bench

bench-training: $(VENV)/.dev ## Time the classic recipe and the own to 99.4 % on MNIST (3 seeds; resumable)
	$(BIN)/python -m benchmarks.training_speed

reliability: $(VENV)/.dev $(PAGE) ## Measure the service under load, attack and failure (15 minutes; docs/reliability.md)
	$(BIN)/python -m benchmarks.reliability

lighthouse: $(VENV)/.dev $(PAGE) $(LIGHTHOUSE) chromium ## Rate the page with Lighthouse, five times
	$(BIN)/python -m benchmarks.page_scores

notebooks: $(VENV)/.dev ## Open the notebooks in JupyterLab, on 127.0.0.1
	$(BIN)/jupyter lab --ip 127.0.0.1 $$([ "$$(id -u)" != 0 ] || echo --allow-root) notebooks

# TensorFlow's notes name this machine's process and time: cells tagged quiet keep no output.
notebooks-run: $(VENV)/.dev ## Run the notebooks in place (13 minutes on 2 cores)
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace \
	  --ExecutePreprocessor.record_timing=False notebooks/*.ipynb
	$(BIN)/jupyter nbconvert --to notebook --inplace --TagRemovePreprocessor.enabled=True \
	  --TagRemovePreprocessor.remove_all_outputs_tags=quiet notebooks/*.ipynb

pictures: $(VENV)/.dev $(PAGE) chromium ## Take the screenshots in docs/pictures
	$(BIN)/python -m tests.browser.pictures

# Without its extras in the list, "pydantic[email]" of another package is no pin to pip 23, once a newer pydantic is out.
LOCK = uv pip compile -q --universal --no-strip-extras --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

lock: ## Renew the hashed lists in requirements/ (needs uv)
	$(LOCK) --extra dev pyproject.toml requirements/build.in -o requirements/dev.txt
	$(LOCK) -c requirements/dev.txt pyproject.toml -o requirements/serve.txt
	$(LOCK) -c requirements/dev.txt requirements/build.in -o requirements/build.txt

clean: ## Remove the environment and everything that was built
	rm -rf $(VENV) src/drawn_digits/web/static frontend/node_modules benchmarks/lighthouse/node_modules

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with make PYTHON=...")'
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/.serve: requirements/serve.txt requirements/build.txt pyproject.toml | $(BIN)/python
	$(PIP) -r requirements/serve.txt -r requirements/build.txt
	$(INSTALL_PACKAGE)
	@touch $@

# Everything in serve.txt and build.txt is in dev.txt too, at the same versions.
$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/.serve
	$(PIP) -r requirements/dev.txt
	@touch $@

$(PAGE): $(PAGE_SOURCES) hatch_build.py | $(VENV)/.serve
	$(BIN)/python hatch_build.py
	@touch $@

# Half the size of all that the page is built with, so only who asks for it installs it.
$(LIGHTHOUSE): benchmarks/lighthouse/package-lock.json | $(VENV)/.serve
	$(BIN)/python hatch_build.py npm ci --prefix ../benchmarks/lighthouse
	@touch $@

# The browser tests drive the system's Chromium; the guide's commands and an https server need the others.
INSTALL = { [ "$$(id -u)" = 0 ] || [ -n "$$SUDO" ]; } && command -v apt-get >/dev/null && \
	  $$SUDO apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$SUDO apt-get install -y -qq --no-install-recommends

.PHONY: chromium curl
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	  echo "Installing Chromium from the system's packages"; $(INSTALL) chromium fonts-dejavu-core >/dev/null; } || { \
	  echo "The browser tests need Chromium. Install it (Debian: sudo apt-get install chromium) or run make test as root."; exit 1; }

curl:
	@command -v curl >/dev/null && command -v openssl >/dev/null || { \
	  echo "Installing curl and openssl from the system's packages"; $(INSTALL) curl openssl >/dev/null; } || { \
	  echo "The tests need curl and openssl. Install them (Debian: sudo apt-get install curl openssl) or run make test as root."; exit 1; }
