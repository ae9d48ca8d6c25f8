# Everything a developer or a curious visitor does, one word each: `make help`.
#
# POSIX make and sh only. Nothing is installed outside of .venv.

PY ?= python3
VENV = .venv
BIN = $(VENV)/bin
RUN = $(BIN)/python
UV_VERSION = 0.13.9
PORT ?= 8000
MICROSITE_PORT ?= 8001
PARTNER_PORT ?= 8002
# The first of the other four microsites; 0 takes those behind the highest of the three.
OTHERS_PORT ?= 0
# Of `make fuzz`: which requests, by chance unless it is given, and how many at least.
SEED =
CASES = 5000
# Of `make kills`: how many.
KILLS = 100
# Of `make lighthouse`: another site than the demo's, and whether to write the report.
SITE =
WRITE =
# Of `make screenshots`: a part of the names of those to take.
ONLY =
# Of `make bench`: with how many articles, from few to many.
ARTICLES = 1000 20000
# Of `make bench-clock`: how long the load lasts.
MINUTES = 5
# What is passed on to pytest: make test ARGS="-k byline"
ARGS =
# How many processes share the tests, each with a database of its own.
JOBS = 2

# An installation is done again when the lock it was made from has changed.
STAMP = $(VENV)/.installed
STAMP_DEV = $(VENV)/.installed-dev

.PHONY: help demo stop test test-slow test-thorough fuzz kills fuzz-text accuracy lighthouse screenshots \
	bench bench-growth bench-sync bench-clock check format lock clean

help:
	@echo 'make demo      everything, with sample content: prints where to click'
	@echo '               PORT, MICROSITE_PORT, PARTNER_PORT: 8000, 8001, 8002;'
	@echo '               the other four microsites follow: 8003 to 8006'
	@echo 'make stop      stops a demo that runs in another terminal'
	@echo 'make test      the tests; ARGS="-k byline" picks some, JOBS=4 in four processes'
	@echo 'make test-slow the long rest: whole demos, Varnish, 20,000 articles, who sees what'
	@echo 'make test-thorough every page once more, in light and wide, by both checkers'
	@echo 'make lighthouse the microsite on a phone; WRITE=1 writes docs/lighthouse.md'
	@echo 'make screenshots every screen into docs/screenshots; ONLY=login takes some'
	@echo 'make fuzz      5,000 requests nobody thought of; SEED=7 CASES=20000'
	@echo 'make kills     web and worker killed 100 times under load; SEED=7 KILLS=300'
	@echo 'make fuzz-text 100,000 pasted texts nobody thought of; SEED=7 CASES=20000'
	@echo 'make accuracy  how rightly bylines and citations are read, beside public tools'
	@echo 'make bench     speed beside other systems and the limit, in 15 minutes;'
	@echo '               WRITE=1 writes docs/performance.md, as with the next three'
	@echo 'make bench-growth cost with up to 100,000 articles, and up to 300 channels'
	@echo 'make bench-sync the change feed of 10,000 articles on 30 channels'
	@echo 'make bench-clock first byte, start, and memory after MINUTES=5 of load'
	@echo 'make check     lint, format, types, floors, migrations, OpenAPI'
	@echo 'make format    formats the code, and mends what can be mended'
	@echo 'make lock      writes requirements*.txt anew from pyproject.toml'
	@echo 'make clean     removes .venv and caches; keeps .data'

demo: $(STAMP)
	@exec $(RUN) -m cms.demo --port $(PORT) \
		--microsite-port $(MICROSITE_PORT) --partner-port $(PARTNER_PORT) \
		--others-port $(OTHERS_PORT)

stop: $(STAMP)
	@$(RUN) -m cms.demo --stop

test: $(STAMP_DEV)
	$(RUN) -m pytest -n $(JOBS) -m 'not slow' $(ARGS)

# These start and kill whole demos, or stand Varnish (7.1 or newer) in front. A file stays
# together, since what it sets up takes long, and in its place: those that commit come last.
test-slow: $(STAMP_DEV)
	$(RUN) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder \
		-m 'slow and not thorough' $(ARGS)

test-thorough: $(STAMP_DEV)
	$(RUN) -m pytest -n $(JOBS) -m thorough $(ARGS)

fuzz: $(STAMP_DEV)
	@SEED="$(SEED)" CASES="$(CASES)" $(RUN) -m pytest -q -s tests/contract/fuzz.py

kills: $(STAMP_DEV)
	@SEED="$(SEED)" KILLS="$(KILLS)" $(RUN) -m pytest -q -s tests/end_to_end/kills.py

fuzz-text: $(STAMP_DEV)
	@SEED="$(SEED)" CASES="$(if $(filter file,$(origin CASES)),100000,$(CASES))" \
		$(RUN) -m tests.fuzz_text

# Public tools are installed apart from ours; without them only ours are measured.
ACCURACY_TOOLS = refextract==1.1.7 refparse==0.5.0 nameparser==1.1.3 probablepeople==0.5.6

accuracy: $(STAMP_DEV)
	@test -e .data/accuracy/.installed || { \
		$(PY) -m venv .data/accuracy && \
		.data/accuracy/bin/pip install --quiet --disable-pip-version-check \
			$(ACCURACY_TOOLS) && touch .data/accuracy/.installed; } || \
		echo 'The public tools could not be installed: only ours is measured.'
	@CLINICAST_DATA_DIR="$(or $(CLINICAST_TEST_DATA_DIR),.data/test)" $(RUN) -m tests.accuracy

bench: $(STAMP_DEV)
	@$(RUN) -m tests.bench speed --articles $(ARTICLES) $(if $(WRITE),--write)

bench-growth: $(STAMP_DEV)
	@$(RUN) -m tests.bench growth $(if $(WRITE),--write)

bench-sync: $(STAMP_DEV)
	@$(RUN) -m tests.bench sync $(if $(WRITE),--write)

bench-clock: $(STAMP_DEV)
	@$(RUN) -m tests.bench clock --minutes $(MINUTES) $(if $(WRITE),--write)

lighthouse: $(STAMP_DEV)
	@SITE="$(SITE)" WRITE="$(WRITE)" CLINICAST_DATA_DIR="$(or $(CLINICAST_TEST_DATA_DIR),.data/test)" \
		$(RUN) -m tests.lighthouse

screenshots: $(STAMP_DEV)
	@$(RUN) -m tests.screenshots --only "$(ONLY)" --port $(PORT) \
		--microsite-port $(MICROSITE_PORT) --partner-port $(PARTNER_PORT) \
		--others-port $(OTHERS_PORT)

check: $(STAMP_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(RUN) -m pytest -q tests/architecture $(OPENAPI)

OPENAPI = tests/api/test_openapi.py::test_the_committed_document_is_the_one_that_is_served

format: $(STAMP_DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(BIN)/uv
	$(COMPILE) --extra demo -o requirements.txt
	$(COMPILE) --extra demo --extra dev -o requirements-dev.txt

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --custom-compile-command 'make lock' pyproject.toml

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

# --- Installation ----------------------------------------------------------------

$(RUN):
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Clinicast needs Python 3.11 or newer; point PY at one:' >&2; \
		echo '    make demo PY=python3.12' >&2; exit 1; }
	@$(PY) -m venv $(VENV) || { \
		echo 'Could not make $(VENV). On Debian: apt-get install python3-venv' >&2; \
		rm -rf $(VENV); exit 1; }

# uv is ten times faster; where it cannot be had, pip reads the same locks.
$(BIN)/uv: | $(RUN)
	-@$(RUN) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# $(call install,LOCK)
define install
	@echo 'Installing $(1) into $(VENV) ...'
	@if [ -x $(BIN)/uv ]; then \
		$(BIN)/uv pip install --quiet --python $(RUN) --require-hashes -r $(1); \
	else \
		$(RUN) -m pip install --quiet --disable-pip-version-check \
			--require-hashes -r $(1); \
	fi
endef

$(STAMP): requirements.txt | $(BIN)/uv
	$(call install,requirements.txt)
	@touch $@

$(STAMP_DEV): requirements-dev.txt | $(BIN)/uv
	$(call install,requirements-dev.txt)
	@touch $@ $(STAMP)
