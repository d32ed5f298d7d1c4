# The commands of the house; `make help` lists them. PORT, DATA_DIR and PYTHON may be given.

# Bytecode is kept, as modules are first imported: without it every process compiles the product again.
unexport PYTHONDONTWRITEBYTECODE
export UV_PYTHON_DOWNLOADS := never

# The Python that makes .venv: tried, not only looked for, since a version manager's stand-in may answer to the name.
PYTHON ?= $(firstword $(foreach name,python3.12 python3.11 python3,$(shell \
	$(name) -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null && echo $(name))))

# A stamp carries the hash of its lock, so .venv follows the lock and a current one never touches the network.
# A .venv whose Python is gone has no valid stamp.
gone := $(if $(wildcard .venv/bin/python),,-gone)
RUN := .venv/.run-$(shell cksum < requirements.lock | tr ' ' '-')$(gone)
DEV := .venv/.dev-$(shell cat requirements.lock requirements-dev.lock | cksum | tr ' ' '-')$(gone)

# Each worker of the tests has a PostgreSQL and a Redis of its own.
WORKERS ?= 2

say = @printf '== %s\n' '$(1)'

.PHONY: help demo run test check bench soak clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

demo: $(RUN) ## the product with data, a pretend store and a mailbox: http://127.0.0.1:8000/acme/
	@exec .venv/bin/python manage.py run --demo

run: $(RUN) ## the product alone
	@exec .venv/bin/python manage.py run

test: $(DEV) ## all tests, against real PostgreSQL and Redis
	$(call say,tests)
	@.venv/bin/python -m pytest -n $(WORKERS) --dist loadgroup

check: $(DEV) ## everything CI runs
	$(call say,ruff format)
	@.venv/bin/ruff format --check --quiet .
	$(call say,ruff check)
	@.venv/bin/ruff check --quiet .
	$(call say,mypy)
	@.venv/bin/mypy .
	$(call say,import contracts)
	@.venv/bin/lint-imports --no-cache
	$(call say,templates)
	@find templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +
	$(call say,migrations)
	@.venv/bin/python manage.py makemigrations --check --dry-run
	$(call say,deployment)
	@deploy/check .venv/bin/python
	@$(MAKE) --no-print-directory test

bench: $(DEV) ## measurements
	@.venv/bin/python -m bench

soak: $(DEV) ## the long property and fault runs
	@SOAK=1 .venv/bin/python -m pytest

clean: ## removes .venv and caches, keeps .data
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.data/*' -prune -exec rm -rf {} +

$(RUN):
	$(call install,requirements.lock)
	@rm -f .venv/.run-* .venv/.dev-* && touch $(subst -gone,,$(RUN))

$(DEV):
	$(call install,requirements-dev.lock)
	@rm -f .venv/.run-* .venv/.dev-* && touch $(subst -gone,,$(RUN) $(DEV))

define install
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null || { \
		echo "Python 3.11 or 3.12 is needed: install one, or say where it is: make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "== .venv from $(1)"
	@test -z "$(gone)" || { rm -rf .venv && "$(PYTHON)" -m venv $(if $(uv),--without-pip) .venv; }
	@$(if $(uv),$(by_uv),$(by_pip)) --require-hashes -r $(1)
endef

uv = $(shell uv --version 2>/dev/null)
by_uv = uv pip install --quiet --python .venv/bin/python
by_pip = .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null; \
	.venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check
