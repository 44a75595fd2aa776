"""Consumers get marts only: nothing in any published file tells who a customer or contact is."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
import yaml

from tests.integration.marts_only import hashes_in_bytes, leaks, leaks_of, secrets_of, words_of_others
from tests.integration.warehouse import Workspace

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def copies(real: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The real brands, published with a file per brand and Parquet by ``sanjeh publish``."""
    home = tmp_path_factory.mktemp("copies") / "workspace"
    shutil.copytree(real.home, home, copy_function=shutil.copy2)
    settings = yaml.safe_load((home / "sanjeh.yml").read_text(encoding="utf-8"))
    settings["publish"] |= {"per_brand": True, "parquet": True}
    (home / "sanjeh.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    said = Workspace(home).sanjeh("publish").stdout
    assert "Wrote 8 brand files." in said
    return Workspace(home)


def test_no_published_file_tells_who_somebody_is_or_what_another_brand_has(copies: Workspace) -> None:
    assert len(secrets_of(copies.home / "raw").ids) > 4000
    assert leaks_of(copies.home) == []


def test_brand_files_together_hold_every_row(copies: Workspace) -> None:
    brands = copies.home / "warehouse" / "published" / "brands"
    for table in ("fct_kpi_daily", "fct_kpi_history", "fct_order_lines", "fct_source_changes"):
        rows = 0
        for path in brands.glob("*.duckdb"):
            with duckdb.connect(str(path), read_only=True) as con:
                rows += con.execute(f"select count(*) from marts.{table}").fetchall()[0][0]
        assert rows == copies.value(f"select count(*) from marts.{table} where brand_id is not null") > 0


def test_what_would_leak_is_found(copies: Workspace, tmp_path: Path) -> None:
    """The check itself: one planted leak of each kind, and a row of another brand."""
    secrets = secrets_of(copies.home / "raw")
    natural = max(secrets.ids)
    planted = tmp_path / "uk_gift_shop.duckdb"
    shutil.copy2(copies.home / "warehouse" / "published" / "brands" / "uk_gift_shop.duckdb", planted)
    planted.chmod(0o644)
    hashed = "ab" * 32
    secrets = type(secrets)(hashes=frozenset({hashed}), ids=secrets.ids)
    with duckdb.connect(str(planted)) as con:
        con.execute("create schema staging")
        con.execute("create view marts.people as select * from marts.dim_customer")
        con.execute(
            "create table marts.fct_a as select ? as customer, ? as note", [natural, f"made of {hashed}"]
        )
        con.execute("create table marts.fct_b as select 'ada@shop.example' as words, 1 as contact_id")
        con.execute("insert into marts.dim_brand by name select 'nasa' as brand_id")
    with duckdb.connect(str(planted), read_only=True) as con:
        found = leaks(con, secrets)
    assert sorted(what.split(", such as")[0] for what in found) == [
        "fct_a.customer: 1 natural ids of people",
        "fct_a.note: 1 hashes of addresses, phones or names",
        "fct_b.contact_id: name of a column that tells who somebody is",
        "fct_b.words: 1 addresses",
        "schema staging",
        "view people",
    ]
    assert hashes_in_bytes(planted, secrets) == [f"uk_gift_shop.duckdb: bytes of the hash {hashed}"]
    assert words_of_others(copies.published, planted) == [
        "uk_gift_shop.duckdb dim_brand: 'nasa' of another brand"
    ]
