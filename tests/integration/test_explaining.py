"""``sanjeh history``, ``explain`` and ``diff`` over two published versions: which source moved what.

Acme counts sessions on a web site and in an app; the app restates a day between the two runs, and an order is
refunded. Sib sells in rial by the Jalali calendar. The clock is 1 November 2026, noon and evening.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.integration.warehouse import Workspace

pytestmark = pytest.mark.slow

SETTINGS = """
project: {name: Explained, timezone: UTC, currency: EUR}
brands:
  acme: {name: Acme, name_fa: اکمی}
  sib: {name: Sib, name_fa: سیب, timezone: Asia/Tehran, currency: IRR, calendar: jalali, week_start: saturday}
sources:
  acme_web: {connector: ga4_report_file, brand: acme, path: exports/web.csv, expect: none}
  acme_app: {connector: ga4_report_file, brand: acme, path: exports/app.csv, expect: until 2026-10-04}
  acme_orders:
    connector: orders_file
    brand: acme
    path: exports/orders.csv
    currency: EUR
    expect: until 2026-10-31
    coverage: {from: 2026-10-01, to: 2026-10-31}
  sib_orders:
    connector: orders_file
    brand: sib
    path: exports/sib.csv
    delimiter: semicolon
    calendar: jalali
    money_unit: rial
    expect: none
"""
SCORECARDS = """
scorecards:
  - id: daily
    brand: acme
    name: Daily sessions
    goal: awareness
    grain: day
    kpis: [{kpi: sessions, target: 450, valid_from: 2026-10-03}]
"""
REPORT = """# Days
# Start date: 202610{first:02d}
# End date: 202610{last:02d}

Date,Sessions,Views
{rows}"""
ORDERS = "Order ID,Date,Customer ID,Subtotal,Total,Refunded,Refund date,Currency\n"
SIB = "شماره سفارش;تاریخ;کد مشتری;مبلغ (ریال)\n۱;1405/07/15;م۱;۱۲۰۰۰\n۲;1405/08/01;م۱;۲۰۰۰۰\n"


def _report(days: dict[int, int]) -> str:
    """A GA4 export of (day of October: sessions)."""
    rows = "".join(f"202610{day:02d},{sessions},{3 * sessions}\n" for day, sessions in days.items())
    return REPORT.format(first=min(days), last=max(days), rows=rows)


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two versions of the same October."""
    home = tmp_path_factory.mktemp("explained") / "workspace"
    exports = home / "exports"
    exports.mkdir(parents=True)
    (home / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    (home / "scorecards.yml").write_text(SCORECARDS, encoding="utf-8")
    (home / ".env").write_text("SANJEH_PII_KEY=a key of the tests\n", encoding="utf-8")
    (exports / "web.csv").write_text(_report({1: 100, 2: 200, 3: 300, 4: 50}), encoding="utf-8")
    (exports / "app.csv").write_text(_report({1: 10, 2: 20, 3: 30}), encoding="utf-8")
    (exports / "orders.csv").write_text(
        ORDERS + "1,2026-10-01 09:00,c1,100,100,,,EUR\n2,2026-10-05 09:00,c2,60,60,,,EUR\n", encoding="utf-8"
    )
    (exports / "sib.csv").write_text(SIB, encoding="utf-8")
    workspace = Workspace(home)
    workspace.run()
    (exports / "app.csv").write_text(_report({1: 10, 2: 25, 3: 30}), encoding="utf-8")
    (exports / "orders.csv").write_text(
        ORDERS + "1,2026-10-01 09:00,c1,100,100,40,2026-10-20 09:00,EUR\n2,2026-10-05 09:00,c2,60,60,,,EUR\n",
        encoding="utf-8",
    )
    workspace.sanjeh("run", "--as-of", "2026-11-01T18:00:00+00:00")
    return workspace


def told(workspace: Workspace, *arguments: str) -> Any:
    """What a command says as JSON."""
    return json.loads(workspace.sanjeh(*arguments, "--format", "json").stdout)


def test_history_says_when_why_and_which_source(explained: Workspace) -> None:
    first, second = told(explained, "history", "acme", "sessions", "2026-10")
    assert (first["value"], first["reason"], first["moved_by"]) == (710.0, "new data", "acme_app, acme_web")
    assert (second["value"], second["reason"], second["moved_by"]) == (715.0, "restated", "acme_app")
    assert second["changed_slices"] == ["acme_app ga4/totals 2026-10-02 (replaced)"]
    assert (first["version"], first["superseded_by_version"], second["valid_to"]) == (1, 2, None)
    assert first["valid_to"] == second["valid_from"]
    assert first["superseded_by_run_id"] == second["run_id"]
    table = explained.sanjeh("history", "Acme", "sessions", "2026-10").stdout
    assert "version 2: acme_app ga4/totals 2026-10-02 (replaced)" in table


def test_history_as_csv_and_of_one_source(explained: Workspace) -> None:
    text = explained.sanjeh(
        "history", "acme", "sessions", "2026-10", "--segment", "source/acme_web", "--format", "csv"
    ).stdout
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["value"], row["segment"], row["moved_by"], row["valid_to"]) == (
        "650.0",
        "acme_web",
        "acme_app, acme_web",
        "",
    )


def test_refund_on_another_day_is_told_by_its_source(explained: Workspace) -> None:
    rows = told(explained, "history", "acme", "revenue", "2026-10-20")
    assert [(row["value"], row["moved_by"]) for row in rows] == [(0.0, "acme_orders"), (-40.0, "acme_orders")]


def test_diff_names_the_cells_that_moved_and_no_others(explained: Workspace) -> None:
    rows = told(explained, "diff", "1", "2")
    overall = {
        (row["kpi_id"], row["grain"], row["period_start"]): row for row in rows if row["segment"] == "all"
    }
    assert {kpi for kpi, _, _ in overall} == {"sessions", "page_views", "revenue"}
    october = overall["sessions", "month", "2026-10-01"]
    assert (october["before"], october["after"], october["moved_by"]) == (710.0, 715.0, ["acme_app"])
    assert ("sessions", "day", "2026-10-02") in overall
    assert ("sessions", "day", "2026-10-01") not in overall
    assert overall["revenue", "quarter", "2026-10-01"]["difference"] == -40.0
    # A refund on a day without orders makes segments that were not there.
    assert {(row["kpi_id"], row["segment_type"]) for row in rows if row["change"] == "new"} == {
        ("revenue", "country"),
        ("revenue", "campaign"),
    }
    back = {
        (row["kpi_id"], row["grain"], row["period_start"], row["segment"]): row
        for row in told(explained, "diff", "2", "1")
    }
    reverse = back["sessions", "month", "2026-10-01", "all"]
    assert (reverse["before"], reverse["after"], reverse["moved_by"]) == (715.0, 710.0, ["acme_app"])


def test_diff_table_puts_the_biggest_mover_first(explained: Workspace) -> None:
    text = explained.sanjeh("diff").stdout
    assert "version 1 of" in text and "version 2 of" in text
    places = [text.index(f" {kpi} ") for kpi in ("revenue", "sessions")]
    assert places == sorted(places)
    cells = explained.sanjeh("diff", "1", "--kpi", "revenue", "--brand", "acme").stdout
    assert "-40.00 EUR" in cells
    assert "sessions" not in cells


def test_diff_since_a_moment_is_what_readers_saw_then(explained: Workspace) -> None:
    assert told(explained, "diff", "--since", "2026-11-01T17:59:00") == told(explained, "diff", "1", "2")
    assert told(explained, "diff", "--since", "2026-11-01") == []
    refused = explained.sanjeh("diff", "--since", "2020-01-01", check=False)
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: Nothing was published by 2020-01-01. The first version is of")


def test_explain_adds_up_and_ends_at_file_and_line(explained: Workspace) -> None:
    said = told(explained, "explain", "acme", "sessions", "2026-10")
    parts = {part["source_id"]: Decimal(part["adds"]) for part in said["parts"]}
    assert parts == {"acme_web": Decimal(650), "acme_app": Decimal(65)}
    assert sum(parts.values()) == Decimal(said["numerator"])
    assert said["status"] == "stale"
    assert "acme_app 2026-10-04" in said["why"]
    assert [(run["source_id"], run["first_day"], run["is_overdue"]) for run in said["missing_days"]] == [
        ("acme_app", "2026-10-04", True)
    ]
    days = {day["day"]: day["sessions"] for day in said["days"]}
    assert (days["2026-10-02"], days["2026-10-04"]) == ("225.000000", None)
    app = {each["slice"]: each for each in said["raw"] if each["source_id"] == "acme_app"}
    assert list(app) == ["2026-10-01", "2026-10-02", "2026-10-03"]
    line = app["2026-10-02"]
    assert (line["original"], line["rows"], line["rows_in_period"], line["is_current"]) == (
        "app.csv",
        1,
        1,
        True,
    )
    records = (
        (explained.home / "exports" / "app.csv").read_text(encoding="utf-8").split("Views\n")[1].splitlines()
    )
    assert records[line["first_record"] - 1] == "20261002,25,75"
    assert (explained.home / line["raw_file"]).is_file()


def test_explain_speaks_of_a_ratio_and_of_a_measure_across_sources(explained: Workspace) -> None:
    said = told(explained, "explain", "acme", "aov", "2026-10")
    assert [(part["side"], part["measure"], part["amount"]) for part in said["parts"]] == [
        ("numerator", "aov_order_value", "160.000000"),
        ("denominator", "orders", "2.000000"),
    ]
    text = explained.sanjeh("explain", "acme", "aov", "2026-10").stdout
    assert "160 / 2 = 80" in text
    assert "low_sample: The sample is 2, below the 30" in text
    assert "2 rows, 2 dated in the period, records 1 to 2, of orders.csv" in text
    customers = told(explained, "explain", "acme", "customers", "2026-10")
    assert [(part["source_id"], part["fed_by"], part["amount"]) for part in customers["parts"]] == [
        ("(all)", ["acme_orders"], "2.000000")
    ]


def test_explain_says_which_segments_moved_a_value_and_which_miss_the_target(explained: Workspace) -> None:
    before, target = told(explained, "explain", "acme", "sessions", "2026-10-03")["changes"]
    assert (before["compared_with"], before["total_before"], before["total_after"]) == (
        "previous_period",
        225.0,
        330.0,
    )
    [by_source] = before["breakdowns"]
    assert (by_source["segment_type"], by_source["other_segments"]) == ("source", 0)
    assert [(row["segment"], row["contribution"]) for row in by_source["segments"]] == [
        ("acme_web", 100.0),
        ("acme_app", 5.0),
    ]
    # The day before 200 of 225 sessions were on the web: it owes as much of the 450.
    assert (target["scorecard_id"], target["total_change"]) == ("daily", -120.0)
    [owed] = target["breakdowns"]
    assert [(row["segment"], row["contribution"], row["is_bottleneck"]) for row in owed["segments"]] == [
        ("acme_web", pytest.approx(-100), True),
        ("acme_app", pytest.approx(-20), False),
    ]
    text = explained.sanjeh("explain", "acme", "sessions", "2026-10-03").stdout
    assert "since the period before: +105, from 225 to 330" in text
    assert "against the target of daily: -120, from 450 to 330" in text
    assert told(explained, "explain", "acme", "sessions", "2026-10")["changes"] == []
    web = ("explain", "acme", "sessions", "2026-10-03", "--segment", "source/acme_web")
    assert told(explained, *web)["changes"] == []


def test_jalali_months_and_persian_digits_are_understood(explained: Workspace) -> None:
    said = told(explained, "explain", "سیب", "تعداد خریدها", "۱۴۰۵-۰۷")
    assert (said["period_start"], said["period_end"], said["value"]) == ("2026-09-23", "2026-10-23", 1.0)
    assert [row["value"] for row in told(explained, "history", "sib", "revenue", "1405-08")] == [20000.0]


def test_slice_that_landed_again_is_not_shown_as_the_rows_behind_the_version(
    explained: Workspace, tmp_path: Path
) -> None:
    copy = tmp_path / "workspace"
    shutil.copytree(explained.home, copy)
    [manifest] = copy.glob("raw/ga4/totals/source=acme_app/manifest.json")
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["slices"]["2026-10-02"]["content_hash"] = "of a newer landing"
    manifest.write_text(json.dumps(content), encoding="utf-8")
    text = Workspace(copy).sanjeh("explain", "acme", "sessions", "2026-10").stdout
    assert "2026-10-02 (2026-10-02 to 2026-10-02): 1 row, has landed again since this version" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("history", "acmee", "sessions", "2026-10"), "There is no brand acmee"),
        (("history", "acme", "sesions", "2026-10"), "Near: sessions"),
        (("explain", "acme", "nps", "2026-10"), "acme has no nps"),
        (("explain", "acme", "sessions", "2031-01"), "is not in marts.fct_kpi_monthly"),
        (("history", "acme", "sessions", "2026-10-09"), "never had a value"),
        (("diff", "9"), "Version 9 was never published. There are versions 1 to 2"),
    ],
)
def test_wrong_words_are_one_paragraph(explained: Workspace, arguments: tuple[str, ...], said: str) -> None:
    done = explained.sanjeh(*arguments, check=False)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
