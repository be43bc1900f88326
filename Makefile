# Deux commandes : `make run` ouvre l'application, `make test` vérifie tout.
PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3,$(shell command -v $(p) 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: help run test check fast lint types contracts lint-js unit browser bench geo clean

help: ## cette aide
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: $(VENV)/.run ## créer l'environnement, installer, ouvrir l'application
	$(BIN)/esscarto serve --port $(PORT)

test: $(VENV)/.test browsers check ## installer ce que les tests demandent, puis tout vérifier
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: lint types contracts lint-js ## format, règles, types, contrats d'import

$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Il faut Python 3.11 ou plus récent : make run PYTHON=chemin"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --constraint constraints.txt
	@touch $@

$(VENV)/.test: $(VENV)/.run constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt Authlib import-linter marionette_driver mypy playwright pypdf pytest pytest-xdist python-pptx ruff
	@touch $@

.PHONY: browsers
browsers: # those of the system; installed where this user may
	@sh scripts/install_browsers.sh

lint: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.test
	$(BIN)/mypy

contracts: $(VENV)/.test
	$(BIN)/lint-imports

lint-js: $(VENV)/.test
	sh scripts/lint_js.sh $(VENV)

unit: $(VENV)/.test ## seulement les tests sans navigateur
	$(BIN)/python -m pytest -m "not browser"

browser: $(VENV)/.test browsers ## seulement les parcours dans un navigateur
	$(BIN)/python -m pytest -m browser

bench: $(VENV)/.test browsers ## mesures côte à côte (voir benchmarks/README.md)
	$(BIN)/python -m benchmarks

geo: $(VENV)/.run ## refaire data/geo depuis les paquets publics
	sh scripts/fetch_geo_sources.sh build/geo
	$(BIN)/esscarto geo build build/geo/*.whl build/geo/*.tgz

clean: ## oublier l'environnement
	rm -rf $(VENV) build dist
