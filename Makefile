# Everything runs in .venv, which the first target that needs it makes with pip alone.
PYTHON ?= python3
BIN := .venv/bin
INDEX := $(or $(ASSISTANT_INDEX),.index)
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt
# exit status 5: no test was selected, which is no failure
PYTEST := $(BIN)/python -m pytest
export Q

.DEFAULT_GOAL := help
.PHONY: help ask ingest serve results gate test test-unit test-browser lint format train reader bench install clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

ask: $(BIN)/.installed $(INDEX)/current ## answer one question: make ask Q="问题"
	@if [ -z "$$Q" ]; then echo '用法：make ask Q="2023年首台套装备最高奖励多少？"' >&2; exit 2; fi
	@$(BIN)/assistant ask "$$Q"

ingest: $(BIN)/.installed ## take new, changed and removed sources into the index
	@$(BIN)/assistant ingest

serve: $(BIN)/.installed $(INDEX)/current ## open the chat on http://127.0.0.1:7860
	@$(BIN)/assistant serve

test: $(BIN)/.installed-dev ## run the tests (those with a browser skip where there is none)
	@$(PYTEST) $(PYTEST_ARGS) || [ $$? -eq 5 ]

test-unit: $(BIN)/.installed-dev ## only the quick tests
	@$(PYTEST) -m "not integration and not browser" $(PYTEST_ARGS) || [ $$? -eq 5 ]

results: $(BIN)/.installed-baselines $(INDEX)/current ## score us and the baselines; write the README's table
	@$(BIN)/assistant eval run
	@$(BIN)/assistant eval baselines
	@$(BIN)/assistant eval readme --beside langchain-bm25 --beside langchain-ensemble

gate: $(BIN)/.installed-dev $(INDEX)/current ## fail when the scores of a fast subset fall
	@$(BIN)/assistant eval gate --profile fast

test-browser: $(BIN)/.installed-browser ## run the tests that need Chromium
	@REQUIRE_BROWSER=1 $(PYTEST) -m browser $(PYTEST_ARGS) || [ $$? -eq 5 ]

lint: $(BIN)/.installed-dev ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(BIN)/.installed-dev ## let ruff format and mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

train: $(BIN)/.installed-train $(INDEX)/current ## train the bundled encoder anew: TRAIN_ARGS="--laws FOLDER …"
	@$(BIN)/assistant export --documents build/documents.jsonl --measures build/measures.jsonl
	@$(BIN)/python -m embeddings.training --documents build/documents.jsonl \
		--measures build/measures.jsonl $(TRAIN_ARGS)

reader: $(BIN)/.installed-train $(INDEX)/current ## train the bundled reader anew (hours; alone on the machine)
	@$(BIN)/python -m embeddings.training.base build/base data/sources/*.txt \
		data/questions/reading/*.jsonl data/questions/reading/laws-clauses.txt
	@$(BIN)/python scripts/reader_examples.py data/questions/reading build/examples
	@$(BIN)/python -m embeddings.training.reader build/base build/examples build/reader $(READER_ARGS)
	@$(BIN)/python -m embeddings.training.reader_export build/base build/reader/checkpoint.pt \
		embeddings/reader_model $(EXPORT_ARGS)
	@$(BIN)/python scripts/train_ranker.py
	@$(BIN)/python scripts/fit_reader.py

bench: $(BIN)/.installed $(INDEX)/current ## measure ingest and a cold question
	@$(BIN)/python scripts/bench_ingest.py
	@$(BIN)/python scripts/bench_ask.py

install: $(BIN)/.installed-dev ## make .venv with everything that developers need

clean: ## remove the environment, the index and all caches
	rm -rf .venv .index build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis

# an index made with another model or dictionary cannot be asked: it is brought up to date
$(INDEX)/current: $(wildcard embeddings/model/*.* data/lexicon/*.txt) | $(BIN)/.installed
	@$(BIN)/assistant ingest && touch $@

$(BIN)/python:
	@echo '正在建立运行环境 .venv（只在第一次，约 2 分钟）……' >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更新版本")'
	@$(PYTHON) -m venv .venv

$(BIN)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) -e .
	@touch $@

$(BIN)/.installed-dev: $(BIN)/.installed
	@$(PIP) -e '.[dev]'
	@touch $@

$(BIN)/.installed-baselines: $(BIN)/.installed-dev
	@$(PIP) -e '.[dev,baselines]'
	@touch $@

$(BIN)/.installed-browser: $(BIN)/.installed-dev
	@$(PIP) -e '.[dev,browser]'
	@touch $@

$(BIN)/.installed-train: $(BIN)/.installed-dev
	@$(PIP) -e '.[dev,train]'
	@touch $@
