"""The warehouse as assets: its inputs in the build database, and every dbt model, seed and test.

Keys are ``staging/<model>``, ``intermediate/<model>``, ``marts/<model>`` and ``seeds/<seed>``; dbt tests
are checks. A failed model or error-severity test fails the step, so that nothing is published. What need
not be computed again is left as it is (:mod:`orchestration.build_selection`): Dagster is told that the
asset is up to date and was not rebuilt, and its checks keep their last verdict.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import dagster as dg
import orjson
from dagster_dbt import DbtCliInvocation
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from connectors.registry import STREAMS
from orchestration.assets.conventions import CONTROL_INPUTS, DUCKDB_WRITER, OWNERS
from orchestration.assets.dbt_nodes import DBT_OP_TAGS, WarehouseTranslator, dbt_specs
from orchestration.build_selection import BuildSelection, Graph
from orchestration.dbt_runtime import (
    build_arguments,
    failed_nodes,
    forget_run_results,
    read_run_results,
    warned_counts,
    warned_nodes,
    warned_tests,
)
from orchestration.parsed_project import ParsedProject, parsed_project
from orchestration.pipeline import RefreshRun
from orchestration.progress import Phase
from orchestration.resources import RefreshResource, WarehouseDbt, spark_dbt, step_of
from orchestration.run_options import Target
from orchestration.spark.installation import remove_spark_files, spark_log, tables_folder

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


def build_warehouse_assets() -> dg.AssetsDefinition:
    """The dbt project as assets; parses it first where that is needed.

    Raises:
        WorkspaceError: the project can't be parsed.
    """
    project = parsed_project()
    manifest = orjson.loads(project.manifest.read_bytes())
    translator = WarehouseTranslator()
    specs, check_specs = dbt_specs(manifest, translator)

    @dg.multi_asset(
        name="warehouse",
        specs=specs,
        check_specs=check_specs,
        can_subset=True,
        pool=DUCKDB_WRITER,
        op_tags=DBT_OP_TAGS,
        # Tests of seeds, which no model of a subset may stand on.
        allow_arbitrary_check_specs=True,
    )
    def warehouse(
        context: dg.AssetExecutionContext, refresh: RefreshResource, dbt: WarehouseDbt
    ) -> Iterator[Any]:
        from orchestration.build_record import forget_nodes, record_nodes  # noqa: PLC0415 - only a run needs it

        run = refresh.run
        with step_of(run):
            inputs = run.prepare_build()
            run.progress.enter(Phase.DBT, total=len(context.selected_asset_keys))
            forget_run_results(run.workspace)
            build = build_arguments(full_refresh=inputs.is_full_refresh)
            started = partial(
                (spark_dbt(run.workspace) if run.options.target is Target.SPARK else dbt).build,
                project=project,
                workspace=run.workspace,
                context=context,
                manifest=manifest,
                translator=translator,
            )
            if run.options.target is Target.SPARK:
                yield from _built_on_spark(run, context, started=started, build=build, manifest=manifest)
                return
            if context.is_subset:
                # Somebody chose; what else stands on it is not brought up to date with it.
                forget_nodes(run.workspace.build_db)
                yield from _built(run, started(build))
                return
            selection = _selection(run, project, manifest)
            forget_nodes(run.workspace.build_db, selection.stale)
            run.progress.say(_extent(selection))
            for unique_id in selection.kept("seed", "snapshot", "model"):
                yield _unchanged(translator.get_asset_key(manifest["nodes"][unique_id]), run)
            if selection.stale:
                yield from _built(run, started([*build, *selection.arguments(manifest)]))
            results = read_run_results(run.workspace)
            record_nodes(run.workspace.build_db, selection, except_for=warned_nodes(results))
            run.mark_built()

    return warehouse


def _built_on_spark(
    run: RefreshRun,
    context: dg.AssetExecutionContext,
    *,
    started: Callable[[list[str]], DbtCliInvocation],
    build: list[str],
    manifest: Mapping[str, Any],
) -> Iterator[Any]:
    """Dagster's events of a whole build on Spark, whose marts end up in the build file.

    Raises:
        dagster.Failure: a part of the assets was asked for, or a model or a test of severity error failed.
    """
    if context.is_subset:
        raise dg.Failure(description=WHOLE_ON_SPARK, allow_retries=False)
    from orchestration.build_record import forget_nodes  # noqa: PLC0415 - only a run needs it
    from orchestration.spark.results import contracts, load_marts  # noqa: PLC0415

    forget_nodes(run.workspace.build_db)
    try:
        yield from _built(run, started(build), told=warned_counts)
        load_marts(run.workspace.build_db, tables_folder(run.workspace), contracts(manifest))
    finally:
        remove_spark_files(run.workspace)
    run.mark_built()


def _selection(run: RefreshRun, project: ParsedProject, manifest: Mapping[str, Any]) -> BuildSelection:
    from connectors.calendar.make import SOURCE as CALENDAR_SOURCE  # noqa: PLC0415
    from orchestration.build_record import plan_build  # noqa: PLC0415

    shown = {CALENDAR_SOURCE, *run.settings.sources}
    listed = [each for _, each in run.zone.manifests() if each.source in shown]
    return plan_build(run.workspace.build_db, Graph(manifest), listed, project_hash=project.digest)


def _extent(selection: BuildSelection) -> str:
    """What is built, in words."""
    kept, stale = len(selection.now) - len(selection.stale), len(selection.stale)
    if not stale:
        return f"warehouse: nothing it depends on has changed, so all {kept} models, seeds and tests stand"
    if not kept:
        return f"warehouse: all {stale} models, seeds and tests"
    return f"warehouse: {stale} models, seeds and tests; {kept} whose inputs have not changed stand"


def _unchanged(key: dg.AssetKey, run: RefreshRun) -> dg.MaterializeResult[None]:
    run.progress.step(key.path[-1])
    return dg.MaterializeResult(asset_key=key, metadata={"rebuilt": False})


def _built(
    run: RefreshRun,
    invocation: DbtCliInvocation,
    told: Callable[[Mapping[str, object]], list[str]] | None = None,
) -> Iterator[Any]:
    """Dagster's events of a dbt call that is under way.

    Args:
        run: that it belongs to.
        invocation: of dbt.
        told: texts of tests that warned; by default with the rows that the build file shows.

    Raises:
        dagster.Failure: a model or a test of severity error failed.
    """
    try:
        for event in invocation.stream():
            _report(run, event)
            yield event
    except DagsterDbtCliRuntimeError as error:
        raise dg.Failure(description=_failure(run, error), allow_retries=False) from error
    results = read_run_results(run.workspace)
    for text in told(results) if told else warned_tests(results, run.workspace.build_db):
        run.progress.warn(text)


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
