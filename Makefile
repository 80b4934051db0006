# Every target that people type. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help run shell manage test lint fix messages bench sbom

PYTHON := .venv/bin/python
DEMONSTRATION := $(PYTHON) scripts/run_demonstration.py
SERVICES := python3 scripts/with_services.py

help: ## List these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: ## Start the portal with demonstration data on http://localhost:8000 (PORT=… for another port)
	@python3 scripts/bootstrap.py run
	@$(DEMONSTRATION)

shell: ## Open a Django shell on the demonstration's data
	@python3 scripts/bootstrap.py run
	@$(DEMONSTRATION) manage shell

manage: ## Run manage.py on the demonstration's data: make manage ARGS="showmigrations"
	@python3 scripts/bootstrap.py run
	@$(DEMONSTRATION) manage $(ARGS)

test: ## Check and test everything, with the services that it needs (what CI runs)
	@python3 scripts/bootstrap.py test
	@$(SERVICES) $(PYTHON) scripts/check.py all

lint: ## Check the code without running it: ruff, mypy, import contracts, templates, migrations, settings
	@python3 scripts/bootstrap.py test
	@$(PYTHON) scripts/check.py lint

fix: ## Correct what ruff can correct, and format
	@python3 scripts/bootstrap.py test
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

messages: ## Collect the screen's sentences into locale/
	@python3 scripts/bootstrap.py messages
	@$(DEMONSTRATION) manage makemessages --locale en --no-location --no-obsolete --ignore .venv --ignore var

sbom: ## Write the bill of materials (CycloneDX, JSON) to var/sbom.cdx.json
	@python3 scripts/bootstrap.py test
	@mkdir -p var
	@.venv/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible --of JSON -o var/sbom.cdx.json

bench: ## Measure the main pages on PostgreSQL, as ratios to a bare view (ARGS="--json" for a machine)
	@python3 scripts/bootstrap.py test
	@$(SERVICES) $(PYTHON) -m bench $(ARGS)
