# Shanshi 善时. `make` alone lists what can be done; each target makes the environment it needs.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Chinese is printed whatever the machine's language is.
export PYTHONUTF8 := 1

BIN := .venv/bin
PYTHON ?=
# Two processes share the tests; more do not help on the small machines these run on.
TEST_PROCESSES ?= 2

# The first Python that is new enough; `python3` first, since that is the one people know.
find_python = python=; \
	for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$candidate" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo 'Error: Shanshi needs Python 3.11 or later with its venv module, and none is here (PYTHON=/path/to/python3 names one).' >&2; \
		echo '错误：善时需要 Python 3.11 或更高版本（含 venv 模块），这里没有找到（可用 PYTHON=/path/to/python3 指明）。' >&2; \
		exit 1; \
	fi

.PHONY: help
help:
	@echo 'Shanshi 善时: volunteer service of a city, from a scan to a coffee.'
	@echo
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)$$/\1|\2/p' Makefile | while IFS='|' read -r name what; do \
		printf '  make %-16s %s\n' "$$name" "$$what"; done
	@echo
	@echo 'Settings: PORT (8000), SHANSHI_HOME (.data), DATABASE_URL (an embedded PostgreSQL)'

.PHONY: demo
demo: base ## serve the Hangzhou demo on http://127.0.0.1:8000 (Ctrl-C ends it)
	@exec $(BIN)/shanshi serve --demo --with-parent

.PHONY: test
test: dev browser ## run all tests, those in a browser included
	@exec $(BIN)/python -m pytest -n $(TEST_PROCESSES)

.PHONY: drill
drill: dev ## run the slow drills: kill, fill, race
	@exec $(BIN)/python -m pytest -m drill

.PHONY: check
check: dev ## look at format, lint, types, contracts, migrations, translations, licences, rules of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	SHANSHI_MODE=test $(BIN)/mypy
	$(BIN)/lint-imports
	SHANSHI_MODE=test $(BIN)/python manage.py makemigrations --check --dry-run
	SHANSHI_MODE=test $(BIN)/python -m tools.translations check
	$(BIN)/python -m tools.vendor check
	$(BIN)/python -m tools.dependencies check
	$(BIN)/python -m pytest tests/house

.PHONY: fix
fix: dev ## format, and mend what lint can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: dev ## measure on a fresh database; writes bench/results.json
	@exec $(BIN)/python -m bench

.PHONY: docs
docs: dev ## renew the generated pages under docs/reference
	@exec env SHANSHI_MODE=test $(BIN)/python -m tools.docs

.PHONY: translations
translations: dev ## take new sentences into locale/, and compile what has Chinese
	SHANSHI_MODE=test $(BIN)/python -m tools.translations update
	SHANSHI_MODE=test $(BIN)/python -m tools.translations compile

.PHONY: renew-vendored
renew-vendored: dev ## fetch the vendored assets of the manifests again (needs npm)
	$(BIN)/python -m tools.vendor renew

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock'

.PHONY: lock
lock: dev ## lock requirements/ anew from pyproject.toml
	$(LOCK) --extra build --output-file requirements/base.txt pyproject.toml
	$(LOCK) --extra build --extra dev --output-file requirements/dev.txt pyproject.toml

.PHONY: advisories
advisories: dev ## ask the package index for known weaknesses of what is locked
	$(BIN)/python -m tools.dependencies renew

.PHONY: base
base:
	@$(find_python); "$$python" -P tools/bootstrap.py base

.PHONY: dev
dev:
	@$(find_python); "$$python" -P tools/bootstrap.py dev

.PHONY: browser
browser: dev
	@$(BIN)/python -P tools/browser.py
