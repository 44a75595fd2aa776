# Every target works from a bare Python >= 3.11; CI calls the same ones.
PYTHON ?= python3
WORKSPACE ?= .workspace/real
UV_VERSION := 0.13.8
BIN := .venv/bin
SEMANTIC := .venv-semantic
SPARK := .venv-spark
READY := .venv/.ready
REPORT_ENV := .workspace/report_browser
DLT_ENV := .workspace/bench/dlt
RUNS ?= 50
SEED ?= 2026

.DEFAULT_GOAL := help
.PHONY: help setup run demo-apis test test-postgres test-report test-bi test-semantic test-spark test-spark-cluster test-faults semantic spark-env spark-cluster prove check format lock dev bench bench-large bench-apis clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Sanjeh needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Call make PYTHON=/path/to/python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv==$(UV_VERSION)'
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m compileall -q connectors orchestration
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --upgrade-deps .venv >/dev/null
	@$(BIN)/python -m orchestration.parsed_project || true
	@touch $@

setup: $(READY) ## install everything into .venv, from the lock file

run: setup ## the eight real brands, from drop folder to published KPIs (WORKSPACE=... for another)
	@if [ ! -e '$(WORKSPACE)/sanjeh.yml' ]; then mkdir -p '$(WORKSPACE)' && cp -R examples/real/. '$(WORKSPACE)/'; fi
	@$(BIN)/sanjeh --workspace '$(WORKSPACE)' run

demo-apis: setup ## every API connector over local servers, from API to published KPIs, in .workspace/apis
	@$(BIN)/python -m tests.fakes.demo .workspace/apis

test: setup ## the whole test suite, real data included
	@$(BIN)/pytest --numprocesses auto --dist loadfile

test-report: setup ## the HTML reports in a headless Chromium: requests, layout, axe-core
	@test -x $(REPORT_ENV)/venv/bin/python || $(PYTHON) -m venv $(REPORT_ENV)/venv
	@$(BIN)/uv pip sync --quiet --python $(REPORT_ENV)/venv/bin/python tests/report_browser/requirements.txt
	@$(BIN)/python -m tests.report_browser.story $(REPORT_ENV)/story
	@$(REPORT_ENV)/venv/bin/python -m tests.report_browser.look $(REPORT_ENV)/story/reports --shots $(REPORT_ENV)/shots \
	  --pages 'index*.html' '*/monthly.*.html' 'orion/daily.*.html'

test-bi: setup ## Superset and other BI clients over a published file while a run replaces it; installs them into .workspace/bi
	@$(BIN)/python -m tests.bi

test-faults: setup ## all connectors at once against slow and failing servers (RUNS=50 SEED=2026); goes on where it broke off
	@$(BIN)/python -m tests.chaos '.workspace/faults_$(SEED)' --runs '$(RUNS)' --seed '$(SEED)'

test-postgres: setup ## schedules, daemon and UI with Dagster's storage in PostgreSQL (needs its server installed)
	@$(BIN)/python -c 'import sys; from tests.postgres_server import programs; programs() or sys.exit("PostgreSQL is missing: apt-get install postgresql, or put initdb and pg_ctl on the PATH")'
	@$(BIN)/pytest tests/integration/test_dagster_postgres.py

prove: setup ## known company against its oracle, properties at 200 examples, mutation check
	@$(BIN)/python -m tests.prove

$(SEMANTIC)/.ready: dbt_project/semantic/requirements.txt | setup
	@test -x $(SEMANTIC)/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python $(SEMANTIC)
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(SEMANTIC)/bin/python dbt_project/semantic/requirements.txt
	@touch $@

# Builds the workspace only where nothing is published yet.
PUBLISHED = @test -e '$(WORKSPACE)/warehouse/published/kpi.duckdb' || $(MAKE) run

semantic: $(SEMANTIC)/.ready ## MetricFlow in its own environment, views over the published file (docs/semantic.md)
	$(PUBLISHED)
	@cd dbt_project/semantic && SANJEH_PUBLISHED='$(abspath $(WORKSPACE))/warehouse/published/kpi.duckdb' ../../$(SEMANTIC)/bin/dbt --quiet run
	@echo "now: cd dbt_project/semantic && export SANJEH_PUBLISHED='$(abspath $(WORKSPACE))/warehouse/published/kpi.duckdb' && ../../$(SEMANTIC)/bin/mf list metrics"

test-semantic: $(SEMANTIC)/.ready ## KPIs by MetricFlow beside the KPI facts: WORKSPACE and the known company (COMPANY=... if built)
	$(PUBLISHED)
	@$(BIN)/python -m tests.semantic.prove --programs $(SEMANTIC)/bin $(if $(COMPANY),--company '$(COMPANY)') '$(WORKSPACE)'

$(SPARK)/.ready: dbt_project/spark/requirements.txt | setup
	@test -x $(SPARK)/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python $(SPARK)
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(SPARK)/bin/python dbt_project/spark/requirements.txt
	@touch $@

spark-env: $(SPARK)/.ready ## dbt-spark and PySpark in an environment of their own, for sanjeh run --target spark (docs/scale.md)

spark-cluster: $(SPARK)/.ready ## a standalone Spark cluster on loopback: one master, two workers, until Ctrl-C
	@$(BIN)/python -m orchestration.spark.cluster

test-spark: $(SPARK)/.ready ## the KPIs of a slice of the known company built by DuckDB and by Spark, cell by cell
	@$(BIN)/python -m tests.spark

test-spark-cluster: $(SPARK)/.ready ## the same on a standalone cluster of a master and two workers
	@$(BIN)/python -m tests.spark --cluster

check: setup ## format, lint, types, import layers, SQL, dbt parse
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/sqlfmt --reset-cache --check --quiet dbt_project/models dbt_project/tests dbt_project/macros dbt_project/semantic/models
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/semantic/models
	@$(BIN)/python -m orchestration.sql_lint dbt_project
	@$(BIN)/python -m orchestration.sql_lint dbt_project/semantic
	@$(BIN)/python -m orchestration.dbt_sources --check
	@$(BIN)/python -m orchestration.data_dictionary --check
	@$(BIN)/python -m orchestration.kpi_dictionary --check
	@$(BIN)/python -m orchestration.semantic_models --check
	@SANJEH_BUILD_DB=:memory: $(BIN)/dbt --quiet --warn-error parse --no-partial-parse --project-dir dbt_project --profiles-dir dbt_project --target-path $(CURDIR)/dbt_project/target/check
	@$(BIN)/dbt --quiet --warn-error parse --no-partial-parse --project-dir dbt_project/semantic --profiles-dir dbt_project/semantic --target-path $(CURDIR)/dbt_project/target/check-semantic
	@echo 'check: all green'

format: setup ## rewrite Python and SQL in the house layout
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .
	@$(BIN)/sqlfmt --reset-cache --quiet dbt_project/models dbt_project/tests dbt_project/macros dbt_project/semantic/models

lock: setup ## resolve requirements.lock afresh
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --group dev --extra s3 --extra postgres pyproject.toml --output-file requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  dbt_project/semantic/requirements.in --output-file dbt_project/semantic/requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  dbt_project/spark/requirements.in --output-file dbt_project/spark/requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  benchmarks/dlt_environment/requirements.in --output-file benchmarks/dlt_environment/requirements.txt

dev: setup ## the Dagster UI on 127.0.0.1 over the workspace
	@if [ ! -e '$(WORKSPACE)/sanjeh.yml' ]; then mkdir -p '$(WORKSPACE)' && cp -R examples/real/. '$(WORKSPACE)/'; fi
	@$(BIN)/sanjeh --workspace '$(WORKSPACE)' dev

$(DLT_ENV)/.ready: benchmarks/dlt_environment/requirements.txt | setup
	@test -x $(DLT_ENV)/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python $(DLT_ENV)
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(DLT_ENV)/bin/python benchmarks/dlt_environment/requirements.txt
	@touch $@

bench: $(DLT_ENV)/.ready ## speed and memory beside the bare engine, as a table with targets (10 minutes; docs/performance.md)
	@$(BIN)/python -m benchmarks

bench-large: setup ## the same for 100 million events (45 minutes)
	@$(BIN)/python -m benchmarks --large

bench-apis: setup ## landing from local API servers beside bare loops over the same pages, ratios of one run
	@$(BIN)/python -m benchmarks.api_landing

clean: ## remove the environment, caches and the quick-start workspace
	@rm -rf .venv $(SEMANTIC) $(SPARK) .workspace .mypy_cache .ruff_cache .pytest_cache .hypothesis dbt_project/target dbt_project/logs dbt_project/semantic/target dbt_project/semantic/logs
