# `make demo` and `make test` set up all they need in .venv first.

PYTHON ?= python3
VENV ?= .venv
JAX_VENV ?= .venv-jax
BIN := $(VENV)/bin
# Errors only: no notices of newer versions and of what pip will change one day.
QUIETLY := --quiet --quiet --disable-pip-version-check
export TF_CPP_MIN_LOG_LEVEL ?= 2

.PHONY: demo test test-slow test-jax format clean

demo: $(VENV)/installed
	@$(BIN)/fast-style demo --output=demo

test: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile -m "not slow"

# Whole commands in processes of their own: what CI runs too.
test-slow: $(VENV)/installed
	$(BIN)/python -m pytest --numprocesses=2 --dist=worksteal -m slow

# The same training on JAX, in an environment without TensorFlow.
test-jax: $(VENV)/installed $(JAX_VENV)/installed
	FAST_STYLE_JAX_PYTHON=$(abspath $(JAX_VENV))/bin/python \
	    $(BIN)/python -m pytest tests/integration/test_jax.py

format: $(VENV)/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The file is written last, so an interrupted installation is begun again.
$(VENV)/installed: setup.cfg pyproject.toml
	@$(PYTHON) -c "import sys; v = sys.version_info; sys.exit(None if v >= (3, 10) else \
	    'fast_style needs Python 3.10 or newer, this is %d.%d; name another with: make PYTHON=python3.12' % v[:2])"
	@echo "Installing into $(VENV); this takes some minutes."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install $(QUIETLY) --upgrade pip
	@$(BIN)/python -m pip install $(QUIETLY) --editable ".[dev,demo]"
	@touch $@

# All that setup.cfg asks for but TensorFlow.
REQUIREMENTS := import configparser; config = configparser.ConfigParser(); \
    config.read("setup.cfg"); \
    lines = config["options"]["install_requires"].split("\n"); \
    print(*[x.replace(" ", "") for x in lines if x and x[:10] != "tensorflow"])

$(JAX_VENV)/installed: setup.cfg pyproject.toml
	$(PYTHON) -m venv $(JAX_VENV)
	$(JAX_VENV)/bin/python -m pip install $(QUIETLY) --upgrade pip
	$(JAX_VENV)/bin/python -m pip install $(QUIETLY) jax \
	    $$($(PYTHON) -c '$(REQUIREMENTS)')
	$(JAX_VENV)/bin/python -m pip install $(QUIETLY) --no-deps --editable .
	touch $@

clean:
	rm -rf $(VENV) $(JAX_VENV) build dist demo *.egg-info .pytest_cache .ruff_cache
