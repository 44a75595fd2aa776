"""Published files, Parquet copies, Dagster's storage and logs lose the people and keep everything else."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.core.identity import IdKind
from orchestration.erase.needles import customer_key
from orchestration.erase.purge import Purge
from orchestration.erase.scan import Proof, databases, search_file
from orchestration.erase.subject import Subject
from orchestration.erase.tokens import Namespaces, Token
from orchestration.workspace import Workspace
from tests.unit.orchestration.erase.people import plan_of

HASH = "a" * 64
NAMES = Namespaces({"site": "store", "plain_site": "plain_site", "hot": "hot"})
PLAN = plan_of(
    Token(IdKind.ADDRESS, "", HASH),
    Token(IdKind.PERSON, "store", "17"),
    Token(IdKind.ORDER, "", "o1"),
    Token(IdKind.ANSWER, "hot", "r1"),
)
SUBJECT = Subject.of(PLAN, NAMES, salt="salt")
KEY = customer_key("salt", "store:17")


def _publish(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        con.execute(f"""
            create table marts.fct_orders as from (values
                ('shop', 'site', 'o1', '{KEY}', 1), ('shop', 'site', 'o2', 'other', 2), ('shop', 'site', 'o1', null, 3),
                ('plain', 'plain_site', 'o1', 'another', 4), ('shop', 'site', null, null, 5)
            ) t(brand_id, source_id, order_id, customer_key, n)
        """)
        con.execute("""
            create table marts.fct_survey_responses as from (values
                ('shop', 'hot', 'r1/q1'), ('shop', 'hot', 'r11/q1'), ('shop', 'site', 'r1'), ('plain', 'hot', 'r1')
            ) t(brand_id, source_id, response_id)
        """)
        con.execute("create table marts.fct_kpi_monthly as select 'shop' as brand_id, 4.0 as value")
        con.execute("create view marts.best as select max(n) as n from marts.fct_orders")
        con.execute("""
            create table marts.publication_tables as from (values
                ('fct_orders', 5::bigint, 'x'), ('fct_kpi_monthly', 1, 'y')) t(table_name, row_count, content_digest)
        """)
    path.chmod(0o444)


def test_published_files_and_versions_are_written_anew_without_their_rows(workspace: Workspace) -> None:
    version = workspace.versions / "kpi-1.duckdb"
    _publish(version)
    _publish(workspace.published / "brands" / "shop.duckdb")
    inode = version.stat().st_ino
    done = {each.path: each.rows for each in Purge(workspace, SUBJECT).published()}
    assert done == dict.fromkeys(databases(workspace), 3)
    assert version.stat().st_ino != inode
    assert stat.S_IMODE(version.stat().st_mode) == 0o444
    with duckdb.connect(str(version), read_only=True) as con:
        assert con.execute("select n from marts.fct_orders order by n").fetchall() == [(2,), (4,), (5,)]
        assert con.execute("select response_id from marts.fct_survey_responses order by all").fetchall() == [
            ("r1",),
            ("r1",),
            ("r11/q1",),
        ]
        assert con.execute("select * from marts.best").fetchall() == [(5,)]
        assert con.execute("select value from marts.fct_kpi_monthly").fetchall() == [(4.0,)]
        counts = con.execute(
            "select table_name, row_count, content_digest from marts.publication_tables"
        ).fetchall()
    assert ("fct_kpi_monthly", 1, "y") in counts
    [(_, rows, digest)] = [row for row in counts if row[0] == "fct_orders"]
    assert rows == 3
    assert digest != "x"
    assert search_file(version, SUBJECT.needles, temp=workspace.temp, proof=Proof()) == []
    assert list(Purge(workspace, SUBJECT).published()) == []


def test_parquet_copies_lose_their_rows(workspace: Workspace) -> None:
    path = workspace.published / "parquet" / "v1" / "fct_leads.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(pa.table({"brand_id": ["shop", "shop"], "customer_key": [KEY, "b"]}), path)
    path.chmod(0o444)
    [purged] = Purge(workspace, SUBJECT).published()
    assert (purged.path, purged.rows) == (path, 1)
    assert pq.read_table(path).column("customer_key").to_pylist() == ["b"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_logs_and_storage_are_redacted(workspace: Workspace) -> None:
    log = workspace.dagster_home / "logs" / "run.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(f"test failed: customer_key {KEY}, ANN@example.com\nnext line\n", encoding="utf-8")
    untouched = log.with_name("other.log")
    untouched.write_text("nothing", encoding="utf-8")
    storage = workspace.dagster_home / "history" / "runs.db"
    storage.parent.mkdir(parents=True)
    with closing(sqlite3.connect(storage)) as con:
        con.execute("pragma journal_mode = wal")
        con.execute("create table events (id integer, event text, body blob, number real)")
        con.execute("insert into events values (1, ?, ?, 1.5)", (f'{{"key": "{KEY}"}}', HASH.encode()))
        con.execute("insert into events values (2, 'plain', null, null)")
        con.commit()
    pending = workspace.erasing_file
    pending.write_text(HASH, encoding="utf-8")
    done = {each.path for each in Purge(workspace, SUBJECT).texts(without=pending)}
    assert done == {log, storage}
    assert log.read_text(encoding="utf-8") == "test failed: customer_key [erased], [erased]\nnext line\n"
    with closing(sqlite3.connect(storage)) as con:
        assert con.execute("select * from events order by id").fetchall() == [
            (1, '{"key": "[erased]"}', b"[erased]", 1.5),
            (2, "plain", None, None),
        ]
    for path in storage.parent.iterdir():
        assert search_file(path, SUBJECT.needles, temp=workspace.temp, proof=Proof()) == []


def test_scratch_is_cleared(workspace: Workspace) -> None:
    (workspace.temp / "landing-1").mkdir()
    (workspace.temp / "landing-1" / "stage.duckdb").write_text("x", encoding="utf-8")
    (workspace.temp / "spill").write_text("x", encoding="utf-8")
    Purge(workspace, SUBJECT).clear_scratch()
    assert list(workspace.temp.iterdir()) == []
