"""The warehouse as assets: its inputs in the build database, and every dbt model, seed and test.

Keys are ``staging/<model>``, ``intermediate/<model>``, ``marts/<model>`` and ``seeds/<seed>``; dbt tests are
checks. A failed model or error-severity test fails the step, so that nothing is published.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from connectors.registry import STREAMS
from orchestration.assets.conventions import CONTROL_INPUTS, DUCKDB_WRITER, OWNERS
from orchestration.dbt_runtime import (
    failed_nodes,
    forget_run_results,
    prepare_manifest,
    read_run_results,
    warned_counts,
    warned_tests,
)
from orchestration.pipeline import RefreshRun
from orchestration.progress import Phase
from orchestration.resources import RefreshResource, WarehouseDbt, spark_dbt, step_of
from orchestration.run_options import Target
from orchestration.spark.installation import remove_spark_files, spark_log, tables_folder
from orchestration.spark.results import contracts, load_marts

SHOWN_FAILURES = 5
SHOWN_CHARACTERS = 400
WHOLE_ON_SPARK = (
    "Spark keeps no model from run to run, so that it can't build a part of the warehouse. Launch the whole "
    "job, or take target duckdb. Nothing was built."
)


@dg.asset(
    key=CONTROL_INPUTS,
    deps=[dg.AssetKey([stream.connector, stream.name]) for stream in STREAMS.values()],
    group_name="control",
    owners=OWNERS,
    kinds={"duckdb"},
    pool=DUCKDB_WRITER,
    description="Views over the raw zone's listed files; the control tables: settings, run clock, work list.",
)
def control_inputs(refresh: RefreshResource) -> dg.MaterializeResult[None]:
    """Write what the models read into the build database."""
    run = refresh.run
    with step_of(run):
        run.progress.enter(Phase.DBT)
        run.progress.step("preparing the build", advance=False)
        inputs = run.prepare_build()
        return dg.MaterializeResult(
            metadata={
                "load_id": inputs.load_id,
                "built_through": inputs.built_through,
                "changed_slices": inputs.changed_slices,
                "is_full_refresh": inputs.is_full_refresh,
            }
        )


class WarehouseTranslator(DagsterDbtTranslator):
    """Asset keys, groups and owners of the dbt nodes; raw sources name theirs in their meta."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """``<layer>/<name>``; the tables of schema control are one asset."""
        if dbt_resource_props["resource_type"] == "source":
            if dbt_resource_props["source_name"] == "control":
                return CONTROL_INPUTS
            return super().get_asset_key(dbt_resource_props)
        return dg.AssetKey([_layer(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer."""
        return _layer(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str]:  # noqa: ARG002 - one owner for all
        """The data team."""
        return OWNERS


def _layer(props: Mapping[str, Any]) -> str:
    return str(props["schema"])


def build_warehouse_assets() -> dg.AssetsDefinition:
    """The dbt project as assets; parses it first where that is needed.

    Raises:
        WorkspaceError: the project can't be parsed.
    """
    manifest = prepare_manifest()
    translator = WarehouseTranslator(
        # Every control table is the same asset.
        DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True)
    )

    @dbt_assets(manifest=manifest, dagster_dbt_translator=translator, name="warehouse", pool=DUCKDB_WRITER)
    def warehouse(
        context: dg.AssetExecutionContext, refresh: RefreshResource, dbt: WarehouseDbt
    ) -> Iterator[Any]:
        run = refresh.run
        with step_of(run):
            inputs = run.prepare_build()
            run.progress.enter(Phase.DBT, total=len(context.selected_asset_keys))
            forget_run_results(run.workspace)
            on_spark = run.options.target is Target.SPARK
            if on_spark and context.is_subset:
                raise dg.Failure(description=WHOLE_ON_SPARK, allow_retries=False)
            invocation = (spark_dbt(run.workspace) if on_spark else dbt).cli(
                build_arguments(full_refresh=inputs.is_full_refresh),
                context=context,
                target_path=run.workspace.dbt_target,
            )
            try:
                for event in invocation.stream():
                    _report(run, event)
                    yield event
                if on_spark:
                    load_marts(run.workspace.build_db, tables_folder(run.workspace), contracts(manifest))
            except DagsterDbtCliRuntimeError as error:
                raise dg.Failure(description=_failure(run, error), allow_retries=False) from error
            finally:
                if on_spark:
                    remove_spark_files(run.workspace)
            results = read_run_results(run.workspace)
            for text in warned_counts(results) if on_spark else warned_tests(results, run.workspace.build_db):
                run.progress.warn(text)
            if not context.is_subset:
                run.mark_built()

    return warehouse


def build_arguments(*, full_refresh: bool) -> list[str]:
    """Arguments of dbt: models, seeds and data tests; unit tests test the SQL, which a run doesn't change."""
    return ["build", "--exclude-resource-type", "unit_test", *(["--full-refresh"] if full_refresh else [])]


def _report(run: RefreshRun, event: object) -> None:
    match event:
        case dg.Output(output_name=name):
            run.progress.step(name.split("__", 1)[-1])
        case dg.AssetCheckResult(
            passed=False, check_name=name, severity=dg.AssetCheckSeverity.ERROR as severity
        ):
            run.progress.warn(f"test {name} failed ({severity.value.lower()})")
        case _:
            pass


def _failure(run: RefreshRun, error: DagsterDbtCliRuntimeError) -> str:
    failed = failed_nodes(read_run_results(run.workspace))
    said = failed or [str(error).rsplit("Errors parsed from dbt logs:", 1)[-1]]
    shown = "; ".join(_one_line(text) for text in said[:SHOWN_FAILURES])
    more = f"; and {len(failed) - SHOWN_FAILURES} more" if len(failed) > SHOWN_FAILURES else ""
    return (
        f"The warehouse could not be built, so nothing was published and readers keep the version they have. "
        f"dbt says: {shown}{more}. Its log is {run.workspace.dbt_target / 'dbt.log'}.{_spark_words(run)}"
    )


def _spark_words(run: RefreshRun) -> str:
    """Where Spark speaks of what it did, and its last words if it never came to calling dbt."""
    if run.options.target is not Target.SPARK:
        return ""
    log = spark_log(run.workspace)
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n") if log.exists() else []
    last = next((line for line in reversed(lines) if line.strip()), "nothing")
    return f" Spark's own log is {log}; it ends with: {_one_line(last)}"


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[:SHOWN_CHARACTERS]} …"
