# `make up` and `make test` are all that a fresh machine needs (Python 3.11+ with pip and venv, and make).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ROOMS := schema server migrations partitions privacy seeds cli

.PHONY: up down test lint types soak bench lock build clean

up: $(VENV)/runtime.stamp
	$(BIN)/airside up

down: $(VENV)/runtime.stamp
	$(BIN)/airside down

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n 2 -q

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --processes 2 -q $(ROOMS)

types: $(VENV)/dev.stamp
	$(BIN)/basedpyright

soak: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -q -m soak --soak

bench: $(VENV)/dev.stamp
	$(BIN)/python bench/differ.py
	$(BIN)/python bench/speed.py
	$(BIN)/python bench/partitions.py
	$(BIN)/python bench/drain.py
	$(BIN)/python bench/archive.py
	$(BIN)/python bench/archive_parquet.py
	$(BIN)/python bench/seeds.py
	$(BIN)/python bench/checks.py

build: $(VENV)/dev.stamp
	rm -rf build dist
	$(BIN)/pip wheel -q --no-deps --no-build-isolation -w dist .
	rm -rf build *.egg-info

lock: $(VENV)/dev.stamp
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q pyproject.toml --extra build --universal --generate-hashes --python-version 3.11 --no-annotate \
	    --custom-compile-command "make lock" -o requirements/runtime.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra build --extra dev --universal --generate-hashes --python-version 3.11 \
	    --no-annotate --custom-compile-command "make lock" -o requirements/dev.lock

clean:
	rm -rf $(VENV) build dist *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.stamp: $(VENV)/bin/python requirements/runtime.lock pyproject.toml setup.py
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/runtime.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev.stamp: $(VENV)/runtime.stamp requirements/dev.lock
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.lock
	touch $@
