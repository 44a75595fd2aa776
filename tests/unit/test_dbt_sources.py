"""The generated dbt sources follow the stream declarations and are noticed when stale."""

from pathlib import Path

import yaml
from click.testing import CliRunner

from connectors.registry import STREAMS
from orchestration.control_tables import CONTROL_TABLES
from orchestration.dbt_sources import main, render_sources, stale_files, write_sources


def test_every_stream_is_a_source_with_its_landed_columns_and_asset_key() -> None:
    tables = {
        table["name"]: table
        for text in render_sources().values()
        for source in yaml.safe_load(text)["sources"]
        if source["name"] == "raw"
        for table in source["tables"]
    }
    assert tables.keys() == {stream.view for stream in STREAMS.values()}
    for stream in STREAMS.values():
        table = tables[stream.view]
        assert [column["name"] for column in table["columns"]] == [name for name, _ in stream.landed_columns]
        assert all(column["description"] for column in table["columns"])
        assert table["config"]["meta"]["dagster"]["asset_key"] == [stream.connector, stream.name]


def test_every_control_table_is_a_source() -> None:
    (source,) = yaml.safe_load(render_sources()["_control__sources.yml"])["sources"]
    assert {table["name"] for table in source["tables"]} == set(CONTROL_TABLES)


def test_missing_changed_and_left_over_files_are_stale_and_writing_mends_them(tmp_path: Path) -> None:
    write_sources(tmp_path)
    assert stale_files(tmp_path) == []
    (tmp_path / "_ga4__sources.yml").unlink()
    (tmp_path / "_web__sources.yml").write_text("changed", encoding="utf-8")
    (tmp_path / "_gone__sources.yml").write_text("left over", encoding="utf-8")
    assert write_sources(tmp_path) == ["_ga4__sources.yml", "_gone__sources.yml", "_web__sources.yml"]
    assert stale_files(tmp_path) == []


def test_the_committed_sources_are_up_to_date() -> None:
    result = CliRunner().invoke(main, ["--check"])
    assert result.exit_code == 0, result.output
