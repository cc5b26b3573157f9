# `make demo` and `make test` set up all they need in .venv first.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export TF_CPP_MIN_LOG_LEVEL ?= 2

.PHONY: demo test test-slow format clean

demo: $(VENV)/installed
	$(BIN)/fast-style demo --output=demo

test: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile -m "not slow"

# Whole commands in processes of their own: what CI runs too.
test-slow: $(VENV)/installed
	$(BIN)/python -m pytest --numprocesses=2 --dist=worksteal -m slow

format: $(VENV)/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The file is written last, so an interrupted installation is begun again.
$(VENV)/installed: setup.cfg pyproject.toml
	$(PYTHON) -c "import sys; v = sys.version_info; sys.exit(None if v >= (3, 10) else \
	    'fast_style needs Python 3.10 or newer, this is %d.%d; name another with: make PYTHON=python3.12' % v[:2])"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev,demo]"
	touch $@

clean:
	rm -rf $(VENV) build dist demo *.egg-info .pytest_cache .ruff_cache
