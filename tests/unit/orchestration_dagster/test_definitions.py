"""The code location: it loads without a workspace, and every asset can be found and has an owner."""

from __future__ import annotations

import subprocess
import sys

import dagster as dg
import pytest

from connectors.registry import STREAMS
from orchestration.definitions import build_definitions


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SANJEH_HOME", raising=False)
        return build_definitions()


@pytest.fixture(scope="module")
def specs(definitions: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}


def test_definitions_load_without_a_workspace(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_what_only_a_run_needs_is_not_imported() -> None:
    """Every process of Dagster's loads this module; a step imports what it works with."""
    program = (
        "import sys, orchestration.definitions\n"
        "of_runs = ('pyarrow', 'rich', 'boto3', 'orchestration.control', 'orchestration.publish', "
        "'orchestration.spark.inputs', 'orchestration.spark.results', 'connectors.core.compaction')\n"
        "print([m for m in of_runs if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_stream_is_an_asset_by_its_own_id(specs: dict[str, dg.AssetSpec]) -> None:
    assert set(STREAMS) <= set(specs)


def test_keys_are_layer_and_name(specs: dict[str, dg.AssetSpec]) -> None:
    layers = {key.split("/")[0] for key in specs}
    connectors = {stream.connector for stream in STREAMS.values()}
    warehouse = {"seeds", "staging", "intermediate", "marts"}
    assert layers == connectors | warehouse | {"control", "published", "operations"}
    assert all(key.count("/") == 1 for key in specs)


def test_every_asset_has_group_owner_and_description(specs: dict[str, dg.AssetSpec]) -> None:
    groups = {"raw", "control", "seeds", "staging", "intermediate", "marts", "published", "operations"}
    assert {spec.group_name for spec in specs.values()} == groups
    assert [key for key, spec in specs.items() if not (spec.owners and spec.description and spec.kinds)] == []


def test_models_follow_the_streams_they_read(specs: dict[str, dg.AssetSpec]) -> None:
    staging = specs["staging/stg_orders__order_lines"]
    assert dg.AssetKey(["orders", "order_lines"]) in {dep.asset_key for dep in staging.deps}


def test_the_build_waits_for_its_inputs_and_the_file_for_every_mart(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    marts = {key for key in graph.materializable_asset_keys if key.path[0] == "marts"}
    assert marts <= graph.get(dg.AssetKey(["published", "kpi"])).parent_keys
    streams = {dg.AssetKey([stream.connector, stream.name]) for stream in STREAMS.values()}
    assert streams == graph.get(dg.AssetKey(["control", "inputs"])).parent_keys
    assert dg.AssetKey(["control", "inputs"]) in graph.get(dg.AssetKey(["marts", "dim_brand"])).parent_keys


def test_alerts_wait_for_the_file_alone_and_the_outcome_for_them(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    alerts = dg.AssetKey(["published", "alerts"])
    assert graph.get(alerts).parent_keys == {dg.AssetKey(["published", "kpi"])}
    assert alerts in graph.get(dg.AssetKey(["operations", "run_outcome"])).parent_keys


def test_writers_of_the_build_database_share_a_pool(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("refresh")
    pools = {node.name: node.definition.pool for node in job.graph.nodes if hasattr(node.definition, "pool")}
    assert pools["warehouse"] == pools["control__inputs"] == "duckdb_writer"


def test_the_job_selects_everything_and_runs_in_one_process(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("refresh")
    graph = definitions.resolve_asset_graph()
    assert job.asset_layer.selected_asset_keys == graph.materializable_asset_keys
    assert job.executor_def.name == "in_process"


def test_every_stream_but_the_calendar_has_the_landing_checks(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    checks = {(key.asset_key.to_user_string(), key.name) for key in graph.asset_check_keys}
    names = ("sources_landed", "rows_landed", "rejects", "window_covered", "newest_day")
    for stream in STREAMS.values():
        if stream.connector != "calendar":
            assert {(stream.id, name) for name in names} <= checks
