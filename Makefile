# The two commands: `make run` serves the app, `make test` checks everything. Both set up .venv first.
PYTHON ?= python3.11
BIN := .venv/bin

.PHONY: run test lint bench bench-full lock screenshots clean

.venv/app: requirements/app.txt pyproject.toml
	@echo "Setting up .venv: some two minutes the first time"
	@test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/app.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/app requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

run: .venv/app
	$(BIN)/streamlit run Home.py

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: .venv/dev lint
	$(BIN)/python -m pytest -n auto --dist loadgroup

bench: .venv/dev
	$(BIN)/python -m benchmarks

bench-full: .venv/dev
	$(BIN)/python -m benchmarks --full

# The README's picture, from the demo.
screenshots: .venv/dev
	RAPPORT_PICTURED_POSTS=40000 $(BIN)/python -m pytest tests/browser -q -k pictured
	@mkdir -p docs/images
	cp build/pictures/today-light.png docs/images/today.png

# Needs uv (https://docs.astral.sh/uv) on the PATH; writes no host name.
lock:
	uv pip compile --quiet --python-version 3.11 --generate-hashes --extra build pyproject.toml -o requirements/app.txt
	uv pip compile --quiet --python-version 3.11 --generate-hashes --extra build --extra dev pyproject.toml -o requirements/dev.txt
	uv pip compile --quiet --python-version 3.11 --generate-hashes requirements/bench-attribution-build.in -o requirements/bench-attribution-build.txt
	uv pip compile --quiet --python-version 3.11 --generate-hashes -c requirements/bench-attribution-build.txt requirements/bench-attribution.in -o requirements/bench-attribution.txt

clean:
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
