# ruff: noqa: DTZ001 - local times have no zone yet
"""Dates in all spellings, checked against jdatetime for every day of the Jalali range."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import jdatetime
import pyarrow as pa
import pytest

from connectors.core.dates import Calendar, date_sql, excel_timestamp_sql, timestamp_sql, to_utc_sql
from connectors.core.text import persian_digits

_ABAN_10 = datetime(2026, 11, 1)


def _value(expression: str, text: str) -> object:
    sql = f"select {expression} from (select cast(? as varchar) as x)"
    return duckdb.connect().execute(sql, [text]).fetchall()[0][0]


@pytest.mark.parametrize(
    "text",
    [
        "۱۴۰۵/۰۸/۱۰",
        "١٤٠٥/٠٨/١٠",
        "1405-8-10",
        "1405.08.10",
        "10 آبان 1405",
        "۱۰ آبان‌ماه ۱۴۰۵".replace("‌", " "),
        "\u200f۱۴۰۵/۸/۱۰ ",
        "14050810",
        "1405810",
        "2026-11-01",
        "2026/11/1",
    ],
)
def test_jalali_and_gregorian_spellings_are_told_apart_by_the_year(text: str) -> None:
    assert _value(timestamp_sql("x"), text) == _ABAN_10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05/08/10", _ABAN_10),
        ("99/12/30", datetime(2021, 3, 20)),
        ("۱۴۰۵/۰۸/۱۰ ۱۴:۰۵", _ABAN_10 + timedelta(hours=14, minutes=5)),
        ("1405/08/10 14:05:09.5", _ABAN_10 + timedelta(hours=14, minutes=5, seconds=9.5)),
        ("1405/08/10 ساعت 14:05", _ABAN_10 + timedelta(hours=14, minutes=5)),
        ("10 امرداد 1405", datetime(2026, 8, 1)),
    ],
)
def test_declared_jalali_dates_may_be_short_and_have_a_time(text: str, expected: datetime) -> None:
    assert _value(timestamp_sql("x", calendar=Calendar.JALALI), text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1404/12/30",
        "1405/07/31",
        "1405/13/01",
        "1405/00/10",
        "1405/08/10 24:00",
        "2026-02-30",
        "1200/01/01",
        "2200-01-01",
        "1600/01/01",
        "05/08/10",
        "1405101",
        "10 نوامبر 1405",
        "2026-11-01T00:00:00+03:30",
        "",
        "x",
    ],
)
def test_what_is_no_date_is_null(text: str) -> None:
    assert _value(timestamp_sql("x"), text) is None


def test_formats_are_followed() -> None:
    gregorian = timestamp_sql("x", formats=["%d/%m/%Y %H:%M"], calendar=Calendar.GREGORIAN)
    assert _value(gregorian, "01/11/2026 08:26") == datetime(2026, 11, 1, 8, 26)
    assert _value(gregorian, "۰۱/۱۱/۲۰۲۶ ۰۸:۲۶") == datetime(2026, 11, 1, 8, 26)
    assert _value(gregorian, "01/13/2026 08:26") is None
    jalali = date_sql("x", formats=["%d/%m/%Y", "%d %B %y"], calendar=Calendar.JALALI)
    assert _value(jalali, "10/08/1405") == _ABAN_10.date()
    assert _value(jalali, "10 آبان 05") == _ABAN_10.date()
    assert _value(jalali, "1405/08/10") is None
    with pytest.raises(ValueError, match="%Q"):
        date_sql("x", formats=["%Q"], calendar=Calendar.JALALI)


def test_every_jalali_day_equals_jdatetime() -> None:
    first, last = jdatetime.date(1300, 1, 1).togregorian(), jdatetime.date(1480, 12, 29).togregorian()
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    jalali = [jdatetime.date.fromgregorian(date=day) for day in days]
    table = pa.table(
        {
            "day": pa.array(days, pa.date32()),
            "numbers": [persian_digits(f"{each.year}/{each.month:02d}/{each.day:02d}") for each in jalali],
            "joined": [f"{each.year}{each.month:02d}{each.day:02d}" for each in jalali],
        }
    )
    con = duckdb.connect()
    con.register("days", table)
    for column in ("numbers", "joined"):
        wrong = con.execute(
            f"select * from days where {date_sql(column)} is distinct from day limit 5"
        ).fetchall()
        assert wrong == []


def test_impossible_jalali_days_are_refused_in_every_year() -> None:
    leap = [year for year in range(1300, 1481) if jdatetime.date(year, 1, 1).isleap()]
    con = duckdb.connect()
    sql = f"select y from (select y, y || '/12/30' as x from range(1300, 1481) r(y)) where {date_sql('x')} is not null"
    assert [row[0] for row in con.execute(sql).fetchall()] == leap


@pytest.mark.parametrize(
    ("serial", "expected"),
    [
        ("46327", datetime(2026, 11, 1)),
        ("46327.5", datetime(2026, 11, 1, 12)),
        ("61", datetime(1900, 3, 1)),
        ("60", None),
        ("-3", None),
        ("99999", None),
        ("x", None),
    ],
)
def test_excel_serials_are_gregorian(serial: str, expected: datetime | None) -> None:
    assert _value(excel_timestamp_sql("x"), serial) == expected


def test_local_times_become_utc() -> None:
    con = duckdb.connect()
    moment = "timestamp '2026-11-01 00:00:00'"
    utc = con.execute(f"select {to_utc_sql(moment, 'Asia/Tehran')}, {to_utc_sql(moment, 'UTC')}").fetchall()
    assert utc == [(datetime(2026, 10, 31, 20, 30), datetime(2026, 11, 1))]
    assert con.execute(f"select typeof({to_utc_sql(moment, 'Asia/Tehran')})").fetchall() == [("TIMESTAMP",)]
