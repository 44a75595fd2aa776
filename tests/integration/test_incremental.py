"""An incremental build says what a full refresh says, whatever changed: files, rules, salt or time zone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.integration.warehouse import Workspace, differing_tables

pytestmark = pytest.mark.slow

CONFIGURATION = """
project: {name: Small shop, timezone: Europe/London, currency: GBP, customer_salt: one}
brands:
  shop: {name: Shop, name_fa: فروشگاه}
publish: {detail: true}
sources:
  shop_lines:
    connector: order_lines_file
    brand: shop
    path: "exports/lines/*.csv"
    covers: dates
    timezone: UTC
    rules: {require_customer: false}
"""
HEADER = "order_id,sku,quantity,ordered_at,unit_price,customer_id\n"
AUGUST = HEADER + "901,A-1,1,2026-08-30 10:00:00,4.00,c1\n"
SEPTEMBER = (
    HEADER
    + "1001,A-1,2,2026-09-01 10:00:00,10.00,c1\n"
    + "1002,A-1,1,2026-09-02 23:30:00,10.00,\n"
    + "1003,B-2,3,2026-09-03 12:00:00,5.50,c1\n"
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return two_months(tmp_path_factory.mktemp("incremental") / "workspace")


def two_months(home: Path) -> Workspace:
    """A workspace at ``home`` with a file of August and one of September, after its first run."""
    (home / "exports" / "lines").mkdir(parents=True)
    (home / "sanjeh.yml").write_text(CONFIGURATION, encoding="utf-8")
    (home / "exports" / "lines" / "august.csv").write_text(AUGUST, encoding="utf-8")
    (home / "exports" / "lines" / "september.csv").write_text(SEPTEMBER, encoding="utf-8")
    workspace = Workspace(home)
    workspace.run()
    return workspace


@pytest.fixture
def shop(finished: Workspace, tmp_path: Path) -> Workspace:
    """A finished workspace of two files, to change at will."""
    shutil.copytree(finished.home, tmp_path / "workspace", copy_function=shutil.copy2)
    return Workspace(tmp_path / "workspace")


def _assert_full_refresh_changes_nothing(workspace: Workspace) -> None:
    before = Path(shutil.copy(workspace.published, workspace.home / "before.duckdb"))
    workspace.run("--full-refresh")
    assert differing_tables(before, workspace.published) == {}


def _orders(workspace: Workspace) -> list[tuple[str, str, bool]]:
    rows = workspace.rows(
        "select order_id, order_date::varchar, counts_as_order from marts.fct_orders order by 1"
    )
    return [(order, day, counts) for order, day, counts in rows]


def test_corrected_removed_and_added_files(shop: Workspace) -> None:
    """September loses a line and corrects another; October is new and takes over 30 August; August's file is gone."""
    folder = shop.home / "exports" / "lines"
    (folder / "august.csv").unlink()
    (folder / "september.csv").write_text(
        HEADER + "1001,A-1,5,2026-09-01 10:00:00,10.00,c1\n1002,A-1,1,2026-09-02 23:30:00,10.00,\n",
        encoding="utf-8",
    )
    (folder / "october.csv").write_text(
        HEADER + "902,A-1,1,2026-08-30 10:00:00,6.00,c2\n2001,A-1,1,2026-10-01 09:00:00,7.00,c3\n",
        encoding="utf-8",
    )
    shop.run()
    assert dict(
        shop.rows("select order_id, sum(line_amount)::double from marts.fct_order_lines group by 1")
    ) == {
        "902": 6,
        "1001": 50,
        "1002": 10,
        "2001": 7,
    }
    _assert_full_refresh_changes_nothing(shop)


def test_changed_rules_salt_and_time_zone_rebuild_what_stood_already(shop: Workspace) -> None:
    """23:30 UTC is the next day in London's summer and not in UTC; the order without a customer stops counting."""
    assert ("1002", "2026-09-03", True) in _orders(shop)
    keys = set(shop.rows("select customer_key from marts.dim_customer"))
    (shop.home / "sanjeh.yml").write_text(
        CONFIGURATION.replace("Europe/London", "UTC")
        .replace("require_customer: false", "require_customer: true")
        .replace("customer_salt: one", "customer_salt: two"),
        encoding="utf-8",
    )
    shop.run()
    assert ("1002", "2026-09-02", False) in _orders(shop)
    assert keys.isdisjoint(shop.rows("select customer_key from marts.dim_customer"))
    _assert_full_refresh_changes_nothing(shop)
