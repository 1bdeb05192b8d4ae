# The commands of the house. `make` alone lists them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin

.PHONY: help
help: ## list these commands
	@echo "usage: make COMMAND [ARGS='…']"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- using the desk ---------------------------------------------------------------------------------------------------

.PHONY: setup
setup: ## set up this checkout (both Python environments and the encoder); safe to repeat
	@$(PYTHON) deploy/bootstrap.py

.PHONY: run
run: setup ## set up and start the whole desk
	@exec $(BIN)/python -m bot run $(ARGS)

.PHONY: doctor
doctor: setup ## look for faults and name the command that mends each
	@exec $(BIN)/python -m bot doctor $(ARGS)

.PHONY: evaluate
evaluate: setup ## measure answers, intents and complaints on the held-out questions
	@exec $(BIN)/python -m bot evaluate $(ARGS)

.PHONY: bench
bench: setup ## measure speed: answers beside a stock Rasa bot, delivery beside thousands of open widgets
	@$(BIN)/python -m benchmarks $(ARGS)
	@$(BIN)/python -m benchmarks.delivery

# --- changing the desk ------------------------------------------------------------------------------------------------

.PHONY: test
test: tools ## set up and run the tests (ARGS='-k words' for some, ARGS='-n 2 --dist loadgroup' for two at a time)
	@deploy/step "tests" "$(BIN)/python -m pytest --last-failed -vv    (shows the failed ones alone)" -- $(BIN)/python -m pytest --durations=40 --durations-min=10 $(ARGS)

.PHONY: check
check: tools lint types ## everything CI runs: style, types, import rules, tests
	@$(MAKE) test

.PHONY: lint
lint: tools ## form, style and import rules
	@deploy/step "formatting" "make format" -- $(BIN)/ruff format --check .
	@deploy/step "style" "make format    (mends what can be mended; the rest is named above)" -- $(BIN)/ruff check .
	@deploy/step "import rules" "follow each 'instead' above; docs/architecture.md gives the reasons" -- $(BIN)/lint-imports --no-logo

.PHONY: types
types: tools node_modules/.package-lock.json ## types of the Python code and of the browser modules
	@deploy/step "Python types" "$(BIN)/mypy    (the faults are named above)" -- $(BIN)/mypy
	@deploy/step "browser types" "node_modules/.bin/tsc --project .    (the faults are named above)" -- node_modules/.bin/tsc --project .

.PHONY: format
format: tools ## bring code into the house's form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: lock
lock: ## resolve requirements/*.in anew (UPGRADE='package …' or UPGRADE=all to move versions)
	@$(PYTHON) deploy/lock.py $(UPGRADE)

.PHONY: clean
clean: ## remove what set-up and tests made here; data in var/ stays
	@rm -rf .venv .venv-rasa .tools node_modules build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: tools
tools:
	@$(PYTHON) deploy/bootstrap.py --dev
	@$(PYTHON) deploy/system_packages.py

node_modules/.package-lock.json: package.json package-lock.json .npmrc
	@deploy/step "installing the type checker of the browser modules" "make types    (with Node and npm, once the registry is reached)" -- npm ci --silent
	@touch $@
