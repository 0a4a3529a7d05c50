# The only entry points. Each first brings .venv up to date, which takes no time when it is.
PYTHON := .venv/bin/python

CODE := manage.py accounts badges config interviews mentoring roadmaps roles tests

# Checks read the settings as on a laptop; tests never do, whatever the shell says.
CHECKING := DEBUG=1
# Where byte code is not kept beside the sources, each worker would compile 2,800 modules anew: seven seconds.
TESTING := DEBUG=0 PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/var/bytecode
# A worker keeps a file's tests together, for what they share, until the other has nothing left to do.
WORKERS := -n 2 --dist worksteal

.PHONY: help run dev test quick check format bench lock
.DEFAULT_GOAL := help

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name what; do \
		printf '%-12s %s\n' "$$name" "$$what"; done

run: ## Start Rounds at http://localhost:8000/ (another port: make run PORT=8001)
	@./bootstrap
	@DEBUG="$${DEBUG-1}" exec $(PYTHON) manage.py up --parent $$PPID

dev: ## The same by Django's own server, which follows edits
	@./bootstrap
	@DEBUG="$${DEBUG-1}" exec $(PYTHON) manage.py up --reload

test: check ## Everything: checks, then all tests, browser tests included
	@$(PYTHON) tests/browser/chromium.py
	@$(TESTING) exec $(PYTHON) -m pytest $(WORKERS)

quick: ## Tests without the browser's, the slow ones and the rest of long tables
	@./bootstrap
	@$(TESTING) exec $(PYTHON) -m pytest $(WORKERS) -m "not browser and not slow"

check: ## Lint, formats, types, Django's checks, missing migrations
	@./bootstrap
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@find templates -name '*.html' | xargs .venv/bin/djade --target-version 6.1 --check
	@find $(CODE) -name '*.py' -not -path '*/migrations/*' | xargs $(PYTHON) -m django_upgrade --target-version 6.1 --check
	@$(CHECKING) $(PYTHON) -m mypy
	@$(CHECKING) $(PYTHON) manage.py check --fail-level WARNING
	@$(CHECKING) $(PYTHON) manage.py makemigrations --check --dry-run

format: ## Put code and templates into form
	@./bootstrap
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .
	@find templates -name '*.html' | xargs .venv/bin/djade --target-version 6.1 || [ $$? -eq 123 ] # it says 123 when it changed something

bench: ## Measure pages side by side (more learners: make bench LEARNERS=1000000)
	@./bootstrap
	@exec $(PYTHON) -m tests.bench

# Universal: one lock for every system and Python. Without addresses: whoever installs has an index of their own.
COMPILE = "$$uv" pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header

lock: ## Write requirements/*.txt anew from pyproject.toml
	@uv=$$(./bootstrap uv) && \
		$(COMPILE) pyproject.toml -o requirements/base.txt && \
		$(COMPILE) pyproject.toml --extra s3 -c requirements/base.txt -o requirements/s3.txt && \
		$(COMPILE) pyproject.toml --group dev -c requirements/base.txt -o requirements/dev.txt && \
		$(COMPILE) requirements/uv.in -o requirements/uv.txt
