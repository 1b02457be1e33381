# make figure   draw the founding figure            make test    run the tests
# make site     write the explorer as one page that needs no server (SITE=folder)
# make quick    run a short set of tests, under a minute
# make test-slow   run the slow tests, which make test leaves out
# make coverage run the tests, and list the lines they do not reach
# make bench    time netwarp beside its rivals      make lint    ruff and mypy      make format    make docs
# make kernels  compile the kernels that are shipped, after a change to one
# make fuzz     hostile inputs, as many as you have time for (FUZZ=10000)
# make test-browser   run the tests in a real browser             make web   build the explorer's page (Node.js 20)
# Each sets up what it needs, once; afterwards it works offline and installs nothing.

VENV   ?= .venv
BENCH  ?= .venv-bench
TORCH  ?= torch==2.13.0
FIGURE ?= netwarp-figure
SITE   ?= netwarp-site
BIN    := $(VENV)/bin

# the first of these that is Python 3.11 or newer and can make environments; PYTHON=/path/to/python overrides
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  "$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { command -v "$$p"; break; }; done)

.DEFAULT_GOAL := help
.PHONY: help kernels figure site quick test test-slow coverage fuzz test-browser web bench lint format docs ci clean

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

figure: $(VENV)/.installed-core
	@$(BIN)/netwarp figure --out $(FIGURE) $(ARGS)

site: $(VENV)/.installed-core
	@$(BIN)/netwarp site $(SITE) $(ARGS)

# what most changes break, without the slow ones
quick: $(VENV)/.installed-test
	@$(BIN)/python -m pytest -m "not slow and not browser" tests/test_*.py tests/architecture tests/network tests/theory tests/contracts/test_faces.py $(ARGS)

test: $(VENV)/.installed-test
	@$(BIN)/python -m pytest -m "not slow and not browser" $(ARGS)

# those that take seconds each
test-slow: $(VENV)/.installed-test
	@$(BIN)/python -m pytest -m "slow and not browser" $(ARGS)

# a kernel's lines count as not reached: what runs is compiled (see CONTRIBUTING.md)
coverage: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest --cov --cov-report=term-missing $(ARGS)

# FUZZ examples a door, others in every run
FUZZ ?= 10000
fuzz: $(VENV)/.installed-test
	@NETWARP_FUZZ=$(FUZZ) $(BIN)/python -m pytest tests/fuzz $(ARGS)

test-browser: $(VENV)/.installed-browser
	@$(BIN)/python -m pytest -m browser tests/browser $(ARGS)

web:
	cd web && npm ci --no-audit --no-fund && npm run check && npm run build

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.installed-test
	$(BIN)/python docs/build.py
	$(BIN)/python docs/measure_reference.py
	$(BIN)/python docs/cli_reference.py

kernels: $(VENV)/.installed-core
	@$(BIN)/python tools/kernels.py $(ARGS)

bench: $(BENCH)/.installed-bench
	@$(BENCH)/bin/python -m benchmarks $(ARGS)

ci:
	bash .ci/run

clean:
	rm -rf $(VENV) $(BENCH) .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis

# $(1) environment, $(2) extras in brackets or nothing, $(3) stamp. Installed again only where pyproject.toml says something new:
# its time alone (a fresh checkout, another branch) must not need the network. Modules become bytecode when first imported:
# of the thousands that are installed a command imports some hundreds.
define install
	@test -n "$(PYTHON)" || { echo "netwarp needs Python 3.11 or newer with venv: install it, or say make PYTHON=/path/to/python" >&2; exit 1; }
	@if ! cmp -s pyproject.toml "$(3)"; then \
	  echo "setting up $(1), once ..." && "$(PYTHON)" -m venv "$(1)" && \
	  "$(1)/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check --editable ".$(2)"; fi
endef

$(VENV)/.installed-core: pyproject.toml
	$(call install,$(VENV),,$@)
	@cp pyproject.toml $@

$(VENV)/.installed-test: pyproject.toml
	$(call install,$(VENV),[test],$@)
	@cp pyproject.toml $@ && cp pyproject.toml $(VENV)/.installed-core

$(VENV)/.installed-dev: pyproject.toml
	$(call install,$(VENV),[dev],$@)
	@cp pyproject.toml $@ && cp pyproject.toml $(VENV)/.installed-test && cp pyproject.toml $(VENV)/.installed-core

# Debian's chromium and Firefox; NETWARP_CHROMIUM and NETWARP_FIREFOX name others
$(VENV)/.installed-browser: pyproject.toml
	$(call install,$(VENV),[browser],$@)
	@command -v "$${NETWARP_CHROMIUM:-chromium}" >/dev/null || apt-get install -y --no-install-recommends chromium >/dev/null || \
	  { echo "tests in a browser need chromium: apt-get install chromium, or set NETWARP_CHROMIUM" >&2; exit 1; }
	@command -v "$${NETWARP_FIREFOX:-firefox-esr}" >/dev/null || apt-get install -y --no-install-recommends firefox-esr >/dev/null || \
	  echo "no Firefox here: its tests are skipped" >&2
	@cp pyproject.toml $@

# every rival is optional: what cannot be installed here is reported as absent by the benchmark itself
$(BENCH)/.installed-bench: pyproject.toml
	$(call install,$(BENCH),,$@)
	@for rival in "$(TORCH)" jax "onnxruntime onnx" openvino regioncam scikit-learn; do \
	  $(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check $$rival || echo "no $$rival here" >&2; done
	@cp pyproject.toml $@
