"""A whole run through the command line, over five lines of orders: land, build, test, publish, read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.test_errors import sanjeh

SETTINGS = """\
project: {name: Shop, currency: GBP}
brands:
  shop: {name: Shop, name_fa: فروشگاه}
sources:
  shop_orders:
    connector: order_lines_file
    brand: shop
    path: exports/*.csv
    expect: until 2026-10-03
  broken_orders:
    connector: order_lines_file
    brand: shop
    path: exports/broken/*.csv
    expect: none
"""
ORDERS = """\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,10001,Cup,2,2026-10-01 10:00,5.00,7,United Kingdom
1,10002,Plate,1,2026-10-01 10:00,10.00,7,United Kingdom
2,10001,Cup,1,2026-10-02 09:00,5.00,8,United Kingdom
3,10003,Bowl,4,2026-10-02 11:30,2.50,7,United Kingdom
4,10001,Cup,3,2026-10-03 16:00,5.00,9,United Kingdom
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "sanjeh.yml").write_text(SETTINGS.split("  broken_orders", maxsplit=1)[0], encoding="utf-8")
    (folder / "exports" / "broken").mkdir(parents=True)
    (folder / "exports" / "orders.csv").write_text(ORDERS, encoding="utf-8")
    return folder


@pytest.mark.slow
def test_a_run_publishes_and_running_again_changes_nothing(home: Path) -> None:
    first = sanjeh("run", "--as-of", "2026-11-10", home=home)
    assert first.returncode == 0, first.stderr
    assert "orders/order_lines 5 rows from 1 file" in first.stderr
    assert "time: start-up" in first.stderr
    assert "\x1b" not in first.stdout + first.stderr
    rows = json.loads(sanjeh("scorecard", "--format", "json", "--grain", "month", home=home).stdout)
    values = {row["kpi_id"]: row["actual"] for row in rows if row["period_start"] == "2026-10-01"}
    assert (values["purchases"], values["revenue"], values["aov"]) == (4, 50, 12.5)

    again = sanjeh("run", "--as-of", "2026-11-10", home=home)
    assert again.returncode == 0, again.stderr
    assert "unchanged" in again.stderr
    assert "Nothing new to publish" in again.stderr

    persian = sanjeh("scorecard", "--lang", "fa", home=home).stdout
    assert "فروشگاه" in persian
    assert "۱۲٫۵۰" in persian
    assert "shop_orders" in sanjeh("status", home=home).stdout
    assert "current" in sanjeh("versions", home=home).stdout
    assert sanjeh("check", home=home).returncode == 0
    plan = sanjeh("run", "--dry-run", home=home)
    assert plan.returncode == 0
    assert "Nothing was done" in plan.stdout

    _a_source_that_fails_does_not_stop_the_others(home)


def _a_source_that_fails_does_not_stop_the_others(home: Path) -> None:
    (home / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    (home / "exports" / "broken" / "orders.csv").write_text("what;is;this\n1;2;3\n", encoding="utf-8")
    (home / "exports" / "orders.csv").write_text(
        ORDERS + "5,10001,Cup,1,2026-10-03 17:00,5.00,9,United Kingdom\n", encoding="utf-8"
    )
    done = sanjeh("run", "--as-of", "2026-11-10", home=home)
    assert done.returncode == 1
    assert "broken_orders" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Published version 2" in done.stderr
    rows = json.loads(sanjeh("scorecard", "--format", "json", home=home).stdout)
    assert {row["kpi_id"]: row["actual"] for row in rows}["purchases"] == 5
