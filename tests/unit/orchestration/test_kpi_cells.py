"""Words that name a cell: brands, KPIs, periods in two calendars, and what a wrong word is answered with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import pyarrow as pa
import pytest

from connectors.calendar.make import CalendarKey, day_rows, period_rows
from connectors.calendar.streams import DAYS, PERIODS
from connectors.core.stream import Stream
from orchestration.errors import LookupFailure
from orchestration.kpi_cells import Cell, find_brand, find_cell, find_kpi
from orchestration.workspace import dbt_project_dir

KEYS = ("gregorian-monday-1", "jalali-saturday-1", "gregorian-sunday-4")
BRANDS = [
    ("acme", "Acme", "اکمی", "gregorian", KEYS[0]),
    ("sib", "Sib", "سیب", "jalali", KEYS[1]),
    ("fiscal", "Fiscal", None, "gregorian", KEYS[2]),
]


def _table(stream: Stream, rows: list[tuple[object, ...]]) -> pa.Table:
    columns = map(list, zip(*rows, strict=True))
    return pa.table(dict(zip([column.name for column in stream.columns], columns, strict=True)))


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Schema marts with the calendar, the catalogue, three brands and a few published cells."""
    with duckdb.connect() as con:
        con.execute("create schema marts")
        days = _table(DAYS, day_rows())
        periods = _table(PERIODS, [row for key in KEYS for row in period_rows(CalendarKey.parse(key))])
        con.register("days", days)
        con.register("periods", periods)
        con.execute("create table marts.dim_date as select * rename (date as calendar_date) from days")
        con.execute("create table marts.dim_period as select * from periods")
        con.execute(
            "create table marts.dim_kpi as select * from read_csv(?)",
            [str(dbt_project_dir() / "seeds" / "kpi_catalogue.csv")],
        )
        con.execute(
            "create table marts.dim_brand (brand_id text, name text, name_fa text, calendar text, "
            "calendar_key text)"
        )
        con.executemany("insert into marts.dim_brand values (?, ?, ?, ?, ?)", BRANDS)
        con.execute("create table marts.dim_kpi_inputs (brand_id text, kpi_id text)")
        con.execute(
            "insert into marts.dim_kpi_inputs select brand_id, kpi_id from marts.dim_brand, marts.dim_kpi "
            "where kpi_id in ('cost_per_conversion', 'net_revenue_retention', 'sessions')"
        )
        con.execute("create table marts.fct_kpi_history (brand_id text, kpi_id text)")
        con.execute(
            "create table marts.fct_kpi_monthly as select 'acme' as brand_id, 'sessions' as kpi_id, "
            "date '2026-11-01' as period_start, * from (values ('overall', 'all'), ('channel', 'email'), "
            "('channel', 'paid_search')) t(segment_type, segment)"
        )
        yield con


def cell(con: duckdb.DuckDBPyConnection, brand: str, period: str, grain: str | None = None) -> Cell:
    return find_cell(con, brand, "sessions", period, grain=grain)


@pytest.mark.parametrize(
    ("brand", "text", "grain", "start", "end"),
    [
        ("acme", "2026-11", "month", date(2026, 11, 1), date(2026, 12, 1)),
        ("acme", "2026/2", "month", date(2026, 2, 1), date(2026, 3, 1)),
        ("acme", "2026-11-03", "day", date(2026, 11, 3), date(2026, 11, 4)),
        ("acme", "2026-W45", "week", date(2026, 11, 2), date(2026, 11, 9)),
        ("acme", "2026-w53", "week", date(2026, 12, 28), date(2027, 1, 4)),
        ("acme", "2026-Q4", "quarter", date(2026, 10, 1), date(2027, 1, 1)),
        ("acme", "۲۰۲۶-۱۱", "month", date(2026, 11, 1), date(2026, 12, 1)),
        ("acme", "1405-08-12", "day", date(2026, 11, 3), date(2026, 11, 4)),
        # Saturday to Friday around the Thursday of ISO week 45.
        ("sib", "2026-W45", "week", date(2026, 10, 31), date(2026, 11, 7)),
        ("sib", "1405-08", "month", date(2026, 10, 23), date(2026, 11, 22)),
        ("sib", "۱۴۰۵/۰۸", "month", date(2026, 10, 23), date(2026, 11, 22)),
        ("sib", "١٤٠٥-٠٨-١٢", "day", date(2026, 11, 3), date(2026, 11, 4)),
        ("sib", "2026-11-03", "day", date(2026, 11, 3), date(2026, 11, 4)),
        ("sib", "1405-Q3", "quarter", date(2026, 9, 23), date(2026, 12, 22)),
        ("sib", "1403-12", "month", date(2025, 2, 19), date(2025, 3, 21)),
        ("fiscal", "2026-Q1", "quarter", date(2026, 4, 1), date(2026, 7, 1)),
        ("fiscal", "2026-Q4", "quarter", date(2027, 1, 1), date(2027, 4, 1)),
    ],
)
def test_period_follows_the_brands_calendar(
    con: duckdb.DuckDBPyConnection, *, brand: str, text: str, grain: str, start: date, end: date
) -> None:
    found = cell(con, brand, text).period
    assert (found.grain, found.start, found.end) == (grain, start, end)


def test_day_with_a_grain_is_the_period_that_holds_it(con: duckdb.DuckDBPyConnection) -> None:
    assert cell(con, "sib", "2026-11-03", "month").period.start == date(2026, 10, 23)
    assert cell(con, "acme", "2026-11-03", "quarter").period.start == date(2026, 10, 1)
    assert cell(con, "acme", "2026-11-03", "week").period.start == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("brand", "text", "grain", "said"),
    [
        ("acme", "November", None, "November is no period. For acme write 2026-11"),
        ("sib", "آبان", None, "For sib write 1405-08"),
        ("acme", "2026-13", None, "2026-13 is no month of the calendar"),
        ("acme", "2026-02-29", None, "2026-02-29 is no day of the calendar"),
        ("sib", "1404-12-30", None, "1404-12-30 is no day of the calendar"),
        ("acme", "2026-W54", None, "2026-W54 is no week"),
        ("acme", "2026-11", "week", "2026-11 is a month, and --grain asks for a week"),
        ("sib", "1405-W30", None, "weeks are numbered by the ISO calendar"),
        ("acme", "1405-08", None, "Jalali period, and the periods of acme are Gregorian. .*2026-10"),
        (
            "sib",
            "2026-11",
            None,
            r"Gregorian period, and the periods of sib are Jalali. .*1405-08 \(Aban 1405\)",
        ),
        ("sib", "2026-Q4", None, r"Gregorian period.*1405-Q3 \(1405 Q3\)"),
    ],
)
def test_wrong_period_is_told_what_would_do(
    con: duckdb.DuckDBPyConnection, brand: str, text: str, grain: str | None, said: str
) -> None:
    with pytest.raises(LookupFailure, match=said):
        cell(con, brand, text, grain)


@pytest.mark.parametrize(
    ("text", "kpi_id"),
    [
        ("CPA", "cost_per_conversion"),
        ("nrr", "net_revenue_retention"),
        ("NDR", "net_revenue_retention"),
        ("CTOR", "email_click_to_open_rate"),
        ("churn_rate", "customer_churn_rate"),
        ("Average order value", "aov"),
        ("نرخ پرش", "bounce_rate"),
        ("نرخ پرش".replace("ی", "ي"), "bounce_rate"),
        ("Bounce-Rate", "bounce_rate"),
    ],
)
def test_kpi_is_found_by_alias_and_name(con: duckdb.DuckDBPyConnection, text: str, kpi_id: str) -> None:
    assert find_kpi(con, text)["kpi_id"] == kpi_id


def test_brand_is_found_by_either_name(con: duckdb.DuckDBPyConnection) -> None:
    assert find_brand(con, "ACME")["brand_id"] == "acme"
    assert find_brand(con, "سيب")["brand_id"] == "sib"


def test_unknown_words_name_what_comes_near(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(LookupFailure, match=r"no brand acne .*Near: acme\. It holds acme, fiscal, sib\."):
        find_brand(con, "acne")
    with pytest.raises(LookupFailure, match=r"no KPI bounse .*Near: bounce_rate\..*all 54"):
        find_kpi(con, "bounse")
    with pytest.raises(
        LookupFailure, match=r"acme has no nps: .*nps_responses.*acme has cost_per_conversion,"
    ):
        find_cell(con, "acme", "nps", "2026-11")


def test_segment_is_found_and_a_wrong_one_lists_those_there_are(con: duckdb.DuckDBPyConnection) -> None:
    found = find_cell(con, "acme", "sessions", "2026-11", segment="channel/Paid Search")
    assert (found.segment_type, found.segment) == ("channel", "paid_search")
    with pytest.raises(LookupFailure, match=r"no segment channel/emial .*Near: channel/email\..*email, paid"):
        find_cell(con, "acme", "sessions", "2026-11", segment="channel/emial")
    with pytest.raises(
        LookupFailure, match=r"no segment device/phone .*It has no device; breakdowns: channel"
    ):
        find_cell(con, "acme", "sessions", "2026-11", segment="device/phone")
    with pytest.raises(LookupFailure, match="write type/name"):
        find_cell(con, "acme", "sessions", "2026-11", segment="email")
