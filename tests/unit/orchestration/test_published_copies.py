"""Copies of the published file: one per brand with nothing of others, Parquet behind a pointer."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.brand_files import ABOUT_THE_FILE, SHARED_TABLES
from orchestration.errors import PublishError, SettingsError
from orchestration.parquet_copies import POINTER
from orchestration.settings import PublishSettings, load_settings
from orchestration.workspace import Workspace
from tests.unit.orchestration.published_builds import Publisher, Value

ROOT = Path(__file__).parents[3]
BOTH = PublishSettings(per_brand=True, parquet=True)
OF_OTHERS = ("globex", "jalali", "moonshine")
"""What only brand globex has: its id, its calendar, a channel."""


def build(publisher: Publisher, value: float, *, brands: Iterable[str] = ("acme", "globex")) -> None:
    """A build of brand acme, and of globex where it takes part, with the tables that brands share."""
    publisher.build([Value(value=value)], inputs=f"slices {value}")
    calendars = {"acme": "gregorian-monday-1", "globex": "jalali-saturday-1"}
    with duckdb.connect(str(publisher.workspace.build_db)) as con:
        con.execute("create table marts.dim_brand (brand_id varchar, name varchar, calendar_key varchar)")
        con.execute("create table marts.dim_period (calendar_key varchar, grain varchar)")
        con.execute("create table marts.dim_kpi as select 'sessions' as kpi_id")
        con.execute("create table marts.dim_date as select date '2026-01-01' as calendar_date")
        con.execute("create table marts.dim_channel (channel_id varchar, is_mapped boolean)")
        con.execute(
            "insert into marts.dim_channel values ('email', true), ('pigeons', false), ('moonshine', false)"
        )
        con.execute(
            "create table marts.fct_costs (brand_id varchar, channel_id varchar, amount decimal(18, 6))"
        )
        con.execute("create table marts.fct_of_nobody as select 'globex' as words")
        for brand in brands:
            con.execute(
                "insert into marts.dim_brand values (?, ?, ?)", [brand, brand.title(), calendars[brand]]
            )
            con.execute("insert into marts.dim_period values (?, 'month')", [calendars[brand]])
            channel = {"acme": "pigeons", "globex": "moonshine"}[brand]
            con.execute("insert into marts.fct_costs values (?, ?, 1.5)", [brand, channel])
        if "globex" in brands:
            con.execute(
                "insert into marts.fct_kpi_monthly select 'globex', * exclude (brand_id) from marts.fct_kpi_monthly"
            )


def read(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()


def brand_file(workspace: Workspace, brand: str = "acme") -> Path:
    return workspace.brand_files / f"{brand}.duckdb"


def events(workspace: Workspace) -> set[int]:
    """The event that the published file and each of its copies say they are of."""
    files = [workspace.published_file, *workspace.brand_files.glob("*.duckdb")]
    said = {read(path, "select event_id from marts.publication")[0][0] for path in files}
    return said | {pointer(workspace)["event_id"]}


def pointer(workspace: Workspace) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((workspace.parquet / POINTER).read_text(encoding="utf-8"))
    return content


def parquet_rows(workspace: Workspace, table: str) -> list[tuple[Any, ...]]:
    path = workspace.parquet / pointer(workspace)["folder"] / f"{table}.parquet"
    return duckdb.execute(f"from '{path}'").fetchall()


@pytest.fixture
def both(publisher: Publisher) -> Publisher:
    """Publishes both kinds of copies; version 1 of two brands is out."""
    publisher.settings = BOTH
    build(publisher, 10.0)
    publisher.publish()
    return publisher


def test_brand_file_holds_the_rows_of_its_brand_in_every_table(both: Publisher) -> None:
    for brand, value in (("acme", 10.0), ("globex", 10.0)):
        path = brand_file(both.workspace, brand)
        assert read(path, "select brand_id, value from marts.fct_kpi_monthly") == [(brand, value)]
        assert read(path, "select distinct brand_id from marts.fct_kpi_history") == [(brand,)]
        assert read(path, "select brand_id from marts.dim_brand") == [(brand,)]
        assert read(path, "select kpi_id, calendar_date::varchar from marts.dim_kpi, marts.dim_date") == [
            ("sessions", "2026-01-01")
        ]
    acme = brand_file(both.workspace)
    assert read(acme, "select channel_id from marts.dim_channel order by 1") == [("email",), ("pigeons",)]
    assert read(acme, "select calendar_key from marts.dim_period") == [("gregorian-monday-1",)]


def test_no_byte_and_no_value_of_another_brand_is_in_a_brand_file(both: Publisher) -> None:
    path = brand_file(both.workspace)
    content = path.read_bytes()
    assert [word for word in OF_OTHERS if word.encode() in content] == []
    tables = read(path, "select table_name from duckdb_tables()")
    text = str([read(path, f"from marts.{table}") for (table,) in tables]).lower()
    assert [word for word in OF_OTHERS if word in text] == []
    whole = str(
        read(both.workspace.published_file, "from marts.dim_brand, marts.dim_channel, marts.dim_period")
    )
    assert all(word in whole for word in OF_OTHERS)


def test_table_that_may_be_anybodys_is_left_out_of_brand_files(both: Publisher) -> None:
    tables = {
        table for (table,) in read(brand_file(both.workspace), "select table_name from duckdb_tables()")
    }
    whole = {table for (table,) in both.read("select table_name from duckdb_tables()")}
    assert whole - tables == {"fct_of_nobody"}
    assert tables > SHARED_TABLES | ABOUT_THE_FILE


def test_brand_file_counts_and_hashes_its_own_rows(both: Publisher) -> None:
    path = brand_file(both.workspace)
    [(rows, digest)] = read(path, "select row_count, content_digest from marts.publication")
    [(counted,)] = read(path, "select sum(row_count) from marts.publication_tables")
    assert rows == counted
    assert read(path, "select row_count from marts.publication_tables where table_name = 'fct_costs'") == [
        (1,)
    ]
    assert digest != both.read("select content_digest from marts.publication")[0][0]


def test_brand_files_are_read_only_without_log_and_in_an_old_storage_version(both: Publisher) -> None:
    names = sorted(path.name for path in both.workspace.brand_files.iterdir())
    assert names == ["acme.duckdb", "globex.duckdb"]
    path = brand_file(both.workspace)
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert int.from_bytes(path.read_bytes()[12:20], "little") == 64


def test_parquet_holds_what_the_published_file_holds(both: Publisher) -> None:
    said = pointer(both.workspace)
    assert (said["version"], said["folder"], said["kind"]) == (1, "v1", "published")
    tables = {table for (table,) in both.read("select table_name from duckdb_tables()")}
    assert said["tables"].keys() == tables
    for table in tables:
        assert parquet_rows(both.workspace, table) == both.read(f"from marts.{table}")
        assert said["tables"][table]["rows"] == len(parquet_rows(both.workspace, table))
        path = both.workspace.parquet / "v1" / f"{table}.parquet"
        assert said["tables"][table]["bytes"] == path.stat().st_size
        codecs = duckdb.execute(f"select distinct compression from parquet_metadata('{path}')").fetchall()
        assert codecs == ([("ZSTD",)] if said["tables"][table]["rows"] else [])


def test_next_version_brings_every_copy_along_and_says_so(both: Publisher) -> None:
    build(both, 20.0)
    result = both.publish()
    assert result.message.endswith("Wrote 2 brand files. Wrote Parquet to warehouse/published/parquet/v2.")
    assert read(
        brand_file(both.workspace), "select value, version from marts.fct_kpi_monthly, marts.publication"
    ) == [(20.0, 2)]
    assert events(both.workspace) == {2}
    assert (both.workspace.parquet / "v1").is_dir()  # a reader that was pointed to it goes on


def test_unchanged_content_leaves_the_copies_alone(both: Publisher) -> None:
    before = {path: path.stat().st_ino for path in both.workspace.published.rglob("*")}
    build(both, 10.0)
    assert not both.publish().published
    assert {path: path.stat().st_ino for path in both.workspace.published.rglob("*")} == before


def test_brand_that_is_gone_loses_its_file(both: Publisher) -> None:
    build(both, 20.0, brands=["acme"])
    both.publish()
    assert [path.name for path in both.workspace.brand_files.iterdir()] == ["acme.duckdb"]


def test_options_switched_off_and_on_are_followed_without_new_content(both: Publisher) -> None:
    both.settings = PublishSettings()
    result = both.publish()
    assert not result.published
    assert "Removed 2 brand files" in result.message
    assert "Removed the Parquet copies" in result.message
    assert sorted(path.name for path in both.workspace.published.iterdir()) == ["kpi.duckdb", "versions"]
    both.settings = BOTH
    assert "Wrote 2 brand files" in both.publish().message
    assert events(both.workspace) == {1}


def test_files_that_are_not_ours_survive_the_switch_off(both: Publisher) -> None:
    notes = [folder / "notes.txt" for folder in (both.workspace.brand_files, both.workspace.parquet)]
    for note in notes:
        note.write_text("kept by hand", encoding="utf-8")
    both.settings = PublishSettings()
    both.publish()
    assert all(note.is_file() for note in notes)


def test_rollback_takes_the_copies_along_without_asking_the_settings(both: Publisher) -> None:
    build(both, 20.0)
    both.publish()
    (both.workspace.settings_file).write_text("broken: [", encoding="utf-8")
    both.rollback()
    assert events(both.workspace) == {3}
    assert read(brand_file(both.workspace), "select value from marts.fct_kpi_monthly") == [(10.0,)]
    assert read(brand_file(both.workspace), "select restored_at is not null from marts.publication") == [
        (True,)
    ]
    said = pointer(both.workspace)
    assert (said["version"], said["folder"], said["kind"]) == (1, "v1-event3", "rolled_back")
    for table in said["tables"]:
        assert parquet_rows(both.workspace, table) == both.read(f"from marts.{table}")


def test_held_publishing_still_mends_copies(both: Publisher) -> None:
    build(both, 20.0)
    both.publish()
    both.rollback()
    brand_file(both.workspace).unlink()
    build(both, 30.0)
    result = both.publish()
    assert not result.published
    assert "Wrote 1 brand file." in result.message
    assert read(brand_file(both.workspace), "select value from marts.fct_kpi_monthly") == [(10.0,)]


def test_rollback_without_copies_makes_none(publisher: Publisher) -> None:
    for value in (1.0, 2.0):
        build(publisher, value)
        publisher.publish()
    publisher.rollback()
    assert not publisher.workspace.brand_files.exists()
    assert not publisher.workspace.parquet.exists()


def test_old_parquet_folders_go_with_keep_but_never_what_readers_were_just_pointed_to(
    both: Publisher,
) -> None:
    both.settings = PublishSettings(parquet=True, keep=2)
    for value in (20.0, 30.0):
        build(both, value)
        both.publish()
    folders = {path.name for path in both.workspace.parquet.iterdir() if path.is_dir()}
    assert folders == {"v2", "v3"}
    both.rollback(2)
    build(both, 40.0)
    both.publish(release_hold=True)
    folders = {path.name for path in both.workspace.parquet.iterdir() if path.is_dir()}
    assert folders == {"v2-event4", "v3", "v4"}


@pytest.mark.parametrize("damage", [b"", b"no database", None])
def test_damaged_or_lost_copy_is_made_anew(both: Publisher, damage: bytes | None) -> None:
    table = both.workspace.parquet / "v1" / "fct_costs.parquet"
    for path in (brand_file(both.workspace), table, both.workspace.parquet / POINTER):
        path.unlink()
        if damage is not None:
            path.write_bytes(damage)
    both.publish()
    assert events(both.workspace) == {1}
    assert parquet_rows(both.workspace, "fct_costs") == both.read("from marts.fct_costs")


def test_stale_log_beside_a_brand_file_is_removed(both: Publisher) -> None:
    log = both.workspace.brand_files / "acme.duckdb.wal"
    log.write_bytes(b"left by somebody who wrote")
    both.publish()
    assert not log.exists()
    assert read(brand_file(both.workspace), "select value from marts.fct_kpi_monthly") == [(10.0,)]


def test_copy_that_cannot_be_made_leaves_the_others_whole_and_says_what_readers_see(both: Publisher) -> None:
    (both.workspace.brand_files / ".globex.duckdb.next").mkdir()
    build(both, 20.0)
    with pytest.raises(
        PublishError, match=r"see version 2, but its copies .* next `sanjeh run` completes them"
    ):
        both.publish()
    assert both.read("select version from marts.publication") == [(2,)]
    assert read(brand_file(both.workspace, "globex"), "select version from marts.publication") == [(1,)]
    assert pointer(both.workspace)["version"] == 1
    (both.workspace.brand_files / ".globex.duckdb.next").rmdir()
    both.publish()
    assert events(both.workspace) == {2}


def test_space_for_copies_is_asked_for(both: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = both.workspace
    one = workspace.published_file.stat().st_size
    free = workspace.build_db.stat().st_size + 3 * one + 64 * 1024 * 1024
    monkeypatch.setattr(
        "orchestration.workspace.shutil.disk_usage", lambda _: type("U", (), {"free": free})()
    )
    workspace.require_space(copies=1)
    with pytest.raises(Exception, match="Nothing was changed"):
        workspace.require_space(copies=2)


def test_brand_named_like_the_schema_is_refused_for_brand_files(workspace: Workspace) -> None:
    text = workspace.settings_file.read_text(encoding="utf-8")
    text = text.replace("acme: {name: Acme,", "marts: {name: Acme,").replace("brand: acme", "brand: marts")
    workspace.settings_file.write_text(text, encoding="utf-8")
    load_settings(workspace)
    workspace.settings_file.write_text(f"{text}publish: {{per_brand: true}}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"brands\.marts.*ambiguous"):
        load_settings(workspace)


PUBLISHER = """
import sys
from pathlib import Path
from orchestration.workspace import Workspace
from tests.unit.orchestration.published_builds import Publisher
from tests.unit.orchestration.test_published_copies import BOTH, build
publisher = Publisher(Workspace(Path(sys.argv[1])), settings=BOTH, steps=int(sys.argv[2]))
while True:
    build(publisher, float(publisher.steps))
    sys.stdout.write(f"{publisher.steps}\\n")
    sys.stdout.flush()
    publisher.publish()
"""
READER = """
import json, select, sys
from pathlib import Path
import duckdb
root, brand_file = Path(sys.argv[1]), sys.argv[2]
reads, seen = 0, set()
sys.stdout.write("reading\\n")
sys.stdout.flush()
while not select.select([sys.stdin], [], [], 0)[0]:
    said = json.loads((root / "current.json").read_text())
    folder = root / said["folder"]
    found = {path.stem for path in folder.glob("*.parquet")}
    assert found == said["tables"].keys(), (found, said)
    with duckdb.connect() as con:
        [(value, version)] = con.execute(
            f"select value, version from '{folder}/fct_kpi_monthly.parquet' as v, '{folder}/publication.parquet' "
            "where v.brand_id = 'acme'"
        ).fetchall()
        assert version == said["version"] == value, (value, version, said)
    with duckdb.connect(brand_file, read_only=True) as con:
        [(value, version)] = con.execute(
            "select value, version from marts.fct_kpi_monthly, marts.publication"
        ).fetchall()
        assert version == value, (value, version)
    reads += 1
    seen.add(said["version"])
sys.stdout.write(f"{reads} {len(seen)}\\n")
"""


def test_readers_of_copies_see_no_error_and_no_mixture(publisher: Publisher) -> None:
    publisher.settings = PublishSettings(per_brand=True, parquet=True, keep=2)
    build(publisher, 1.0)
    publisher.publish()
    command = [
        *(sys.executable, "-c", READER),
        *(str(publisher.workspace.parquet), str(brand_file(publisher.workspace))),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        for version in range(2, 7):
            build(publisher, float(version))
            publisher.publish()
        out, _ = reader.communicate("stop\n", timeout=60)
    assert reader.returncode == 0
    reads, seen = map(int, out.split())
    assert reads > seen > 1


@pytest.mark.parametrize("delay", [0.1, 0.2, 0.4])
def test_kill_between_swap_and_copies_is_mended_by_the_next_publication(
    publisher: Publisher, delay: float
) -> None:
    publisher.settings = BOTH
    build(publisher, 0.5)
    publisher.publish()
    command = [sys.executable, "-c", PUBLISHER, str(publisher.workspace.root), str(publisher.steps)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        steps = [int(process.stdout.readline()) for _ in range(2)]
        try:
            process.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            process.kill()
    for brand in ("acme", "globex"):  # whatever moment it died at, each copy is whole
        assert len(read(brand_file(publisher.workspace, brand), "from marts.fct_kpi_monthly")) == 1
    assert len(parquet_rows(publisher.workspace, "fct_kpi_monthly")) == 2
    publisher.steps = steps[-1] + 10
    build(publisher, 1000.0)
    publisher.publish()
    assert len(events(publisher.workspace)) == 1
    leftovers = [path.name for path in publisher.workspace.published.rglob(".*")]
    assert [name for name in leftovers if "kpi" not in name] == []
