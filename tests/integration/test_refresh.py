"""What a second run, a re-dropped file, a corrected file, a full refresh and a rollback do to the published values."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.integration.warehouse import Workspace, differing_tables

pytestmark = pytest.mark.slow

ORDER_LINES = """order_id,sku,quantity,ordered_at,unit_price,customer_id
1001,A-1,2,2026-09-01 10:00:00,10.00,c1
1002,A-1,1,2026-09-02 11:00:00,10.00,c2
1003,B-2,3,2026-09-02 12:00:00,5.50,c1
"""
CONFIGURATION = """
project: {name: Small shop, timezone: Europe/London, currency: GBP}
brands:
  shop: {name: Shop, name_fa: فروشگاه}
publish: {detail: true}
sources:
  shop_lines: {connector: order_lines_file, brand: shop, path: "exports/lines/*.csv", currency: GBP}
"""


def _small(home: Path) -> Workspace:
    (home / "exports" / "lines").mkdir(parents=True)
    (home / "sanjeh.yml").write_text(CONFIGURATION, encoding="utf-8")
    (home / "exports" / "lines" / "september.csv").write_text(ORDER_LINES, encoding="utf-8")
    return Workspace(home)


@pytest.fixture(scope="module")
def finished_small(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = _small(tmp_path_factory.mktemp("small") / "workspace")
    workspace.run()
    return workspace


@pytest.fixture
def small(finished_small: Workspace, tmp_path: Path) -> Workspace:
    """A finished small workspace of three order lines, to change at will."""
    shutil.copytree(finished_small.home, tmp_path / "workspace", copy_function=shutil.copy2)
    return Workspace(tmp_path / "workspace")


def _snapshot(workspace: Workspace, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy(workspace.published, folder / "before.duckdb"))


def test_a_second_run_and_a_full_refresh_change_no_value(real_copy: Workspace, tmp_path: Path) -> None:
    before = _snapshot(real_copy, tmp_path / "kept")
    real_copy.run()
    assert differing_tables(before, real_copy.published) == {}
    real_copy.run("--full-refresh")
    assert differing_tables(before, real_copy.published) == {}


def test_the_same_file_again_and_under_another_name_changes_nothing(small: Workspace, tmp_path: Path) -> None:
    before = _snapshot(small, tmp_path / "kept")
    file = small.home / "exports" / "lines" / "september.csv"
    file.write_text(ORDER_LINES, encoding="utf-8")
    shutil.copy(file, file.with_name("september (1).csv"))
    small.run()
    assert differing_tables(before, small.published) == {}


def test_a_corrected_file_changes_exactly_its_rows(small: Workspace) -> None:
    folder = small.home / "exports" / "lines"
    (folder / "october.csv").write_text(
        "order_id,sku,quantity,ordered_at,unit_price,customer_id\n2001,A-1,1,2026-10-01 09:00:00,7.00,c3\n",
        encoding="utf-8",
    )
    small.run()
    october = small.rows("select * from marts.fct_orders where order_date >= '2026-10-01'")
    (folder / "september.csv").write_text(ORDER_LINES.replace("1002,A-1,1", "1002,A-1,4"), encoding="utf-8")
    small.run()
    assert small.rows("select * from marts.fct_orders where order_date >= '2026-10-01'") == october
    assert small.rows(
        "select period_start::varchar, numerator::varchar from marts.fct_kpi_daily where kpi_id = 'revenue' "
        "and segment_type = 'overall' and numerator <> 0 order by 1"
    ) == [("2026-09-01", "20.000000"), ("2026-09-02", "56.500000"), ("2026-10-01", "7.000000")]
    incremental = _snapshot(small, small.home / "kept")
    small.run("--full-refresh")
    assert differing_tables(incremental, small.published) == {}


def test_a_bad_file_publishes_the_rest_and_keeps_what_was_stored(small: Workspace) -> None:
    (small.home / "exports" / "lines" / "broken.csv").write_text(
        ORDER_LINES.replace("2026-09-02 11:00:00", "yesterday"), encoding="utf-8"
    )
    failed = small.run(check=False)
    assert failed.returncode != 0
    assert "broken.csv" in failed.stdout + failed.stderr
    assert small.value("select count(*) from marts.fct_order_lines") == 3


def test_rollback_restores_the_previous_version_and_holds_publishing(
    small: Workspace, tmp_path: Path
) -> None:
    first = _snapshot(small, tmp_path / "first")
    folder = small.home / "exports" / "lines"
    (folder / "september.csv").write_text(ORDER_LINES.replace("1002,A-1,1", "1002,A-1,4"), encoding="utf-8")
    small.run()
    assert differing_tables(first, small.published) != {}

    small.sanjeh("rollback")
    assert differing_tables(first, small.published) == {}
    held = small.run(check=False)
    assert held.returncode != 0
    assert "sanjeh publish" in held.stdout + held.stderr
    assert differing_tables(first, small.published) == {}

    small.sanjeh("publish")
    assert (
        small.value("select sum(line_amount) from marts.fct_order_lines where line_date = '2026-09-02'")
        == 56.5
    )
    reasons = small.rows(
        "select reason, count(*) from marts.fct_kpi_history where kpi_id = 'revenue' and grain = 'day' "
        "and period_start = date '2026-09-02' and segment_type = 'overall' group by 1 order by 1"
    )
    assert {"new data", "restated", "rolled_back"} <= {reason for reason, _ in reasons}


def test_a_full_refresh_keeps_the_history(small: Workspace) -> None:
    (small.home / "exports" / "lines" / "september.csv").write_text(
        ORDER_LINES.replace("1002,A-1,1", "1002,A-1,4"), encoding="utf-8"
    )
    small.run()
    small.run("--full-refresh")
    values = small.rows(
        "select value from marts.fct_kpi_history where kpi_id = 'revenue' and grain = 'day' "
        "and period_start = date '2026-09-02' and segment_type = 'overall' order by valid_from"
    )
    assert values == [(26.5,), (56.5,)]
