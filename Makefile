# Two commands on a fresh machine: make demo, make test. Everything lives in .venv.
PYTHON ?= python3
BIN := .venv/bin
# A .venv that is no more (the system brought another Python) or was never finished is set up again.
$(shell $(BIN)/python -c 'import pip' 2>/dev/null || rm -f .venv/ready)

.PHONY: setup demo test check format lint types golden clean help

help:            ## say what there is
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

setup: .venv/ready  ## set up .venv from the lock file

.venv/ready: requirements.lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "digest needs Python 3.11 or newer; this is " + sys.version.split()[0] + " (make PYTHON=/path/to/python3.12 …)")'
	@$(BIN)/python -c 'import pip' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@echo "setting up .venv (a minute on a first run) …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup      ## run the whole job offline on the bundled sample, into out/
	@$(BIN)/digest demo --out out

test: setup      ## run every test
	@$(BIN)/python -m pytest -n 2

check: setup lint types test  ## what to run before a commit

format: setup    ## put the code into its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lint: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: setup
	@$(BIN)/mypy

golden: setup    ## make the golden whole runs under tests/issues/ anew, to be read as a diff
	@$(BIN)/python -m pytest tests/issues -q --refresh-golden

clean:           ## remove what was made (not the store of a live digest)
	rm -rf .venv out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
