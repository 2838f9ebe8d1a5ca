# Set-up and checks. `make` alone lists the targets.

# Another Python or address: make run PYTHON=python3.12 ADDRESS=127.0.0.1:8001
PYTHON ?= python3
ADDRESS ?= 127.0.0.1:8000

# Another environment beside it: make test PYTHON=python3.13 ENV=.venv-3.13
ENV ?= .venv
venv := $(ENV)/bin/python
manage := $(venv) manage.py
pytest := $(venv) -m pytest -n auto --dist loadfile --no-loadscope-reorder --durations=20
pip := $(venv) -m pip install --quiet --disable-pip-version-check

# What the tests run under, whatever .env says. Many processes import the same files, so
# that what Python compiles is kept, even where it is told not to.
testing := PYTHONDONTWRITEBYTECODE= \
	DEBUG=1 SECRET_KEY=only-for-tests ALLOWED_HOSTS= DATABASE_URL=sqlite:///db.sqlite3
# What a public site would set. The key has to be long; it guards nothing.
production := DEBUG=0 ALLOWED_HOSTS=record.example.org DATABASE_URL=sqlite:///db.sqlite3 \
	SECRET_KEY=$$($(venv) -c 'import secrets; print(secrets.token_urlsafe(50))')

.DEFAULT_GOAL := help
.NOTPARALLEL:

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: site .env ## start the site with the record, at 127.0.0.1:8000
	@$(manage) migrate --verbosity 0
	@$(manage) load fixtures --if-empty
	@$(manage) first_admin
	@echo "The site is at http://$(ADDRESS)/ and the admin at http://$(ADDRESS)/admin/."
	@$(manage) db_worker --no-reload & worker=$$!; \
		trap "kill $$worker" EXIT; trap exit INT TERM; \
		WORKER=1 $(manage) runserver $(ADDRESS)

.PHONY: test
test: checks ## everything that must hold before a commit, in minutes
	$(testing) $(pytest)
	$(testing) $(venv) tests/on_postgres.py $(pytest) -m database

.PHONY: test-all
test-all: checks ## the same in depth, all of it on both databases, before a release
	DEPTH=deep $(testing) $(pytest)
	DEPTH=deep $(testing) $(venv) tests/on_postgres.py $(pytest)

.PHONY: checks
checks: lint ## lint, Django's checks as a public site, migrations that are missing
	$(production) $(manage) check --deploy --fail-level WARNING
	$(testing) $(manage) makemigrations --check --dry-run

.PHONY: bench
bench: peers ## how fast it is, as ratios measured side by side; SIZES="10k 100k 1M" of the record
	@$(testing) $(manage) shell --no-imports -c 'from tests.bench import report, values; values.main(); report.main()'

# For so long, or some lines: MINUTES=20 ONLY="kill -9" make prove. SEED=1796072400.2
# repeats what that round drew by lot, and counts nothing.
SEED := $(or $(SEED),$(shell date +%s))
export MINUTES ONLY
proving = PROVE=1 SEED=$(SEED) DEPTH=deep $(testing)
rounds := $(venv) -m pytest -q -p tests.proof.rounds -o faulthandler_timeout=0

.PHONY: prove
prove: dev ## try what must never be lost, told or half done, again and again; writes docs/reliability.md
	-@$(proving) $(rounds) & $(proving) $(venv) tests/on_postgres.py $(rounds); wait
	@$(testing) $(manage) shell --no-imports -c 'from tests.proof import page; page.main()'

# Some of them: MUTANTS="provenance.values.dates*" make mutants. What was found is kept.
.PHONY: mutants
mutants: dev ## change the code in small ways, and see which no test notices; writes docs/mutants.md
	$(pip) -r requirements-mutants.txt
	-$(testing) $(venv) -m mutmut run $(MUTANTS)
	@$(venv) -m tests.mutants_report

.PHONY: screenshots
screenshots: dev ## take the pictures of the docs, of the loaded fixtures
	@$(testing) $(manage) shell --no-imports -c 'from tests import screenshots; screenshots.main()'

.PHONY: messages
messages: dev ## put the messages of the code into the catalogues of translations
	@$(testing) $(manage) shell --no-imports -c 'from tests import messages; messages.main()'

.PHONY: lock
lock: dev ## write requirements.lock anew: all that is installed, with the hashes of its files
	$(venv) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate requirements.txt --output-file requirements.lock

.PHONY: audit
audit: dev ## known faults of what the site runs on; asks the network, and fails if it cannot
	@cmp -s requirements-audit.txt $(ENV)/audit.txt || { \
		$(pip) -r requirements-audit.txt && cp requirements-audit.txt $(ENV)/audit.txt; }
	$(venv) -m pip_audit --strict --require-hashes --disable-pip --requirement requirements.lock

.PHONY: release
release: ## tag a version and make its archive: make release VERSION=1.0.0
	@$(venv) -m tests.release $(VERSION)

.PHONY: lint
lint: dev ## format, lint and the rule that no storey imports a higher one
	$(venv) -m ruff format --check .
	$(venv) -m ruff check .
	$(venv) $(ENV)/bin/lint-imports

.PHONY: format
format: dev ## put the code into its one format
	$(venv) -m ruff format .
	$(venv) -m ruff check --fix .

# An environment for the site, and one more for its tests. What was installed is kept
# beside it, so that a second run installs nothing and a changed pin is noticed.
.PHONY: site
site: python
	@$(venv) -c '' 2>/dev/null || { \
		echo "Making a Python environment in $(ENV) ..."; \
		"$(PYTHON)" -m venv --clear $(ENV); }
	@cmp -s requirements.txt $(ENV)/site.txt || { \
		echo "Installing what the site needs ..."; \
		$(pip) -r requirements.txt && cp requirements.txt $(ENV)/site.txt; }

.PHONY: dev
dev: site
	@cmp -s requirements-dev.txt $(ENV)/dev.txt || { \
		echo "Installing what the tests need ..."; \
		$(pip) -r requirements-dev.txt && cp requirements-dev.txt $(ENV)/dev.txt; }

.PHONY: peers
peers: dev
	@cmp -s requirements-bench.txt $(ENV)/bench.txt || { \
		echo "Installing what it is measured beside ..."; \
		$(pip) -r requirements-bench.txt && cp requirements-bench.txt $(ENV)/bench.txt; }

.PHONY: python
python:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
		echo "Python 3.11 or newer is needed, and there is no $(PYTHON) here."; \
		echo "Debian and Ubuntu: apt install python3 python3-venv"; \
		exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$("$(PYTHON)" --version 2>&1)."; \
		echo "If a newer one is installed, name it: make PYTHON=python3.12 $(MAKECMDGOALS)"; \
		exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make environments: its venv module is missing."; \
		echo "Debian and Ubuntu: apt install python3-venv"; \
		exit 1; }

# Only its owner may read it. Nothing writes over one that exists.
.env:
	@umask 077 && $(venv) -c 'import secrets; \
		print("DEBUG=1"); print("SECRET_KEY=" + secrets.token_urlsafe(50))' > .env.new \
		&& mv .env.new .env
