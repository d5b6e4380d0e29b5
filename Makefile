# Every target makes what it needs: .venv on a machine that has Python 3.11 or newer and nothing else.
PYTHON ?= python3
BIN := .venv/bin
IMAGE ?= pinpoint-sms-emu
ARGS ?=
# Docker where its engine runs, else buildah; the OCI format, buildah's own choice, has no HEALTHCHECK.
BUILD_IMAGE ?= $(if $(shell docker info >/dev/null 2>&1 && echo yes),docker build,buildah build --format docker)

.DEFAULT_GOAL := help
.PHONY: help run test check format coverage bench observe soak mutants docs image constraints

help: ## list these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: .venv/run ## serve on http://127.0.0.1:7670 (ARGS="--port 0" for more)
	@exec $(BIN)/pinpoint-sms-emu serve $(ARGS)

test: .venv/dev ## run the tests that need only Python, and name the others
	$(BIN)/python -m pytest --numprocesses auto $(ARGS)

check: .venv/dev ## check lint, formatting, types and the Dockerfile
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy \
	    && $(BIN)/pyright && $(BIN)/hadolint Dockerfile

format: .venv/dev ## fix and format what ruff can
	$(BIN)/ruff check --fix-only . && $(BIN)/ruff format .

coverage: .venv/dev ## run the tests, and list the lines and branches that they do not reach
	$(BIN)/coverage run -m pytest --numprocesses auto $(ARGS); $(BIN)/coverage combine --quiet && $(BIN)/coverage report

bench: .venv/dev ## compare speed and memory with the limits and with moto (ARGS=--record keeps them)
	$(BIN)/python -m benchmarks $(ARGS)

observe: .venv/dev ## compare the emulator with AWS, by calls that are free (OBSERVE_AWS=yes; docs/how-to/observe.md)
	@$(BIN)/python -m observe $(ARGS)

soak: .venv/fuzzing ## the long tests: endurance, kills, fuzzing; about an hour
	SOAK=1 REQUIRE=$$($(BIN)/python -c 'import atheris; print("fuzzing")' 2>/dev/null) \
	    $(BIN)/python -m pytest --verbose tests/soak tests/persistence/test_any_sequence.py tests/persistence/test_any_operation.py \
	    tests/persistence/test_edited_states.py tests/messaging/events/test_dispatcher.py $(ARGS)

mutants: .venv/mutation ## small changes that the tests should notice (ARGS=pinpoint_sms_emu/state/clock.py)
	$(BIN)/python -m mutmut run $(addsuffix *,$(subst /,.,$(ARGS:.py=))) && $(BIN)/python -m mutmut results

docs: .venv/dev ## build the documentation into site/
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group docs && $(BIN)/mkdocs build --strict

image: ## build the container image (BASE=... for another base)
	$(BUILD_IMAGE) $(if $(BASE),--build-arg BASE=$(BASE)) --tag $(IMAGE) .

.venv/run: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

.venv/dev: .venv/run
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	@touch $@

.venv/fuzzing: .venv/dev
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group fuzzing
	@touch $@

.venv/mutation: .venv/dev
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group mutation
	@touch $@

constraints: .venv/dev ## pin the newest version of every package
	$(BIN)/python -m pip install --quiet --upgrade --editable . --group dev --group docs --group fuzzing --group mutation
	(sed '/^[^#]/d' constraints.txt; $(BIN)/python -m pip freeze --all --exclude-editable | grep -vE '^(setuptools|wheel)=') > constraints.new && mv constraints.new constraints.txt
