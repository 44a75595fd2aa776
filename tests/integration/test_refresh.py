"""What a second run, a re-dropped file, a corrected file, a full refresh and a rollback do to the published values.

Runs cost seconds, so the small workspace lives through one story; each step says what it shows.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.integration.warehouse import Workspace, differing_tables

pytestmark = pytest.mark.slow

SEPTEMBER = """order_id,sku,quantity,ordered_at,unit_price,customer_id
1001,A-1,2,2026-09-01 10:00:00,10.00,c1
1002,A-1,1,2026-09-02 11:00:00,10.00,c2
1003,B-2,3,2026-09-02 12:00:00,5.50,c1
"""
OCTOBER = """order_id,sku,quantity,ordered_at,unit_price,customer_id
2001,A-1,1,2026-10-01 09:00:00,7.00,c3
"""
CONFIGURATION = """
project: {name: Small shop, timezone: Europe/London, currency: GBP}
brands:
  shop: {name: Shop, name_fa: فروشگاه}
sources:
  shop_lines: {connector: order_lines_file, brand: shop, path: "exports/lines/*.csv", currency: GBP}
publish: {detail: true}
"""
REVENUE_BY_DAY = (
    "select period_start::varchar, value from marts.fct_kpi_daily where kpi_id = 'revenue' "
    "and segment_type = 'overall' and value <> 0 order by 1"
)
HISTORY_OF_2_SEPTEMBER = (
    "select value, reason from marts.fct_kpi_history where kpi_id = 'revenue' and grain = 'day' "
    "and period_start = date '2026-09-02' and segment_type = 'overall' order by valid_from, value"
)


def test_a_second_run_and_a_full_refresh_change_no_value(real_copy: Workspace, tmp_path: Path) -> None:
    before = Path(shutil.copy(real_copy.published, tmp_path / "before.duckdb"))
    real_copy.run()
    assert differing_tables(before, real_copy.published) == {}
    real_copy.run("--full-refresh")
    assert differing_tables(before, real_copy.published) == {}


def test_files_come_again_are_corrected_broken_and_rolled_back(tmp_path: Path) -> None:
    """The corrected file sells four of article A-1 on 2 September instead of one: 56.50 instead of 26.50."""
    small = Workspace(tmp_path / "workspace")
    folder = small.home / "exports" / "lines"
    folder.mkdir(parents=True)
    (small.home / "sanjeh.yml").write_text(CONFIGURATION, encoding="utf-8")
    september, october = folder / "september.csv", folder / "october.csv"

    def keep(name: str) -> Path:
        return Path(shutil.copy(small.published, tmp_path / f"{name}.duckdb"))

    # A first load.
    september.write_text(SEPTEMBER, encoding="utf-8")
    small.run()
    assert small.rows(REVENUE_BY_DAY) == [("2026-09-01", 20.0), ("2026-09-02", 26.5)]
    first = keep("first")

    # The same file again, and a copy of it under another name, change nothing; a new file adds its rows.
    september.write_text(SEPTEMBER, encoding="utf-8")
    shutil.copy(september, folder / "september (1).csv")
    october.write_text(OCTOBER, encoding="utf-8")
    small.run()
    assert small.rows(REVENUE_BY_DAY) == [("2026-09-01", 20.0), ("2026-09-02", 26.5), ("2026-10-01", 7.0)]
    assert small.value("select count(*) from marts.fct_order_lines") == 4
    second = keep("second")

    # A broken file fails its source, names itself, and what was stored stays and is published.
    broken = folder / "broken.csv"
    broken.write_text(SEPTEMBER.replace("2026-09-02 11:00:00", "yesterday"), encoding="utf-8")
    failed = small.run(check=False)
    assert failed.returncode != 0
    assert "broken.csv, line 3" in failed.stdout + failed.stderr
    assert small.rows(REVENUE_BY_DAY) == [("2026-09-01", 20.0), ("2026-09-02", 26.5), ("2026-10-01", 7.0)]
    broken.unlink()

    # A corrected file changes exactly its rows.
    october_orders = "select * from marts.fct_orders where order_date >= '2026-10-01'"
    before = small.rows(october_orders)
    september.write_text(SEPTEMBER.replace("1002,A-1,1", "1002,A-1,4"), encoding="utf-8")
    small.run()
    assert small.rows(october_orders) == before
    assert small.rows(REVENUE_BY_DAY) == [("2026-09-01", 20.0), ("2026-09-02", 56.5), ("2026-10-01", 7.0)]
    corrected = keep("corrected")
    assert differing_tables(second, corrected) != {}

    # Rollback brings the first version back and holds publishing until `sanjeh publish`.
    versions = [line.split()[0] for line in small.sanjeh("versions").stdout.splitlines() if "2026" in line]
    assert len(versions) >= 2
    small.sanjeh("rollback", "1")
    assert differing_tables(first, small.published) == {}
    held = small.run("--full-refresh", check=False)
    assert held.returncode != 0
    assert "sanjeh publish" in held.stdout + held.stderr
    assert differing_tables(first, small.published) == {}

    # Publishing goes on; the full refresh equals the incremental state, and the history knows all of it.
    small.sanjeh("publish")
    assert differing_tables(corrected, small.published) == {}
    history = small.rows(HISTORY_OF_2_SEPTEMBER)
    assert {value for value, _ in history} == {26.5, 56.5}
    assert {"new data", "restated", "rolled_back"} <= {reason for _, reason in history}
