# Each target is thin: the README gives the same steps as plain commands.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test test-all lock vectors bench audit

run: .venv/.run
	$(BIN)/governance-assistant index
	$(BIN)/python ui.py

test: .venv/.test
	$(BIN)/python -m pytest -m "not long"

test-all: .venv/.test
	$(BIN)/python -m pytest

vectors: .venv/.run
	$(BIN)/governance-assistant knowledge vectors

bench: .venv/.run
	$(BIN)/python -m evals.benchmark

# Licences and known advisories of every pinned library, written to docs/dependencies.md; fails on what was not looked at.
audit:
	$(PYTHON) -m venv --clear .venv-audit
	.venv-audit/bin/python -m pip install --quiet -r requirements.lock -e ".[audit]"
	.venv-audit/bin/python docs/dependencies.py
	rm -r .venv-audit

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet -c requirements.lock -e .
	@touch $@

.venv/.test: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet -c requirements.lock -e ".[test]"
	@touch $@ .venv/.run

# For maintainers: install the newest versions that fit pyproject.toml and pin them (names and versions only).
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --upgrade -e ".[test,openai,anthropic,ollama]"
	.venv-lock/bin/python -m pip freeze --exclude-editable | grep -v "@" > requirements.lock
	rm -r .venv-lock
