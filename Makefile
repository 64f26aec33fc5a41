# make demo: from a bare machine to the running demo. make test: likewise to a green suite. Nothing else is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Two more than there are cores: a test that waits for the disk or a process leaves its core to another.
WORKERS = $(shell $(BIN)/python -c "import os; print((os.cpu_count() or 1) + 2)")

.PHONY: dev demo test check lint types bench soak clean

dev: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt dev-requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; set PYTHON=…")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt -r dev-requirements.txt \
	  || $(BIN)/python -m pip install --quiet --no-compile -c constraints.txt -r dev-requirements.txt  # reads pip's settings
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps -e .
	$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null || true  # on all cores, where pip would use one
	touch $@

demo: dev
	$(BIN)/xiaoliuzi demo

test: export PYTHONDONTWRITEBYTECODE :=# the commands that tests start find their sources compiled
test: dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --ignore tests/alone
	$(BIN)/python -m pytest tests/alone  # whole processes in real time: each has the machine to itself

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: dev
	$(BIN)/mypy

check: lint types test

bench: dev
	$(BIN)/python -m benchmarks

soak: dev
	$(BIN)/python -m benchmarks.soak

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache dist build
