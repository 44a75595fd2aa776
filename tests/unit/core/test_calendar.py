"""Days and periods in both calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from connectors.calendar.make import CalendarKey, day_rows, land_calendar, period_rows
from connectors.calendar.streams import DAYS, PERIODS
from connectors.core.raw_zone import RawZone

_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_NAMES = [column.name for column in PERIODS.columns]
_KEYS = [CalendarKey("gregorian", "monday", 1), CalendarKey("jalali", "saturday", 7)]


def _periods(key: CalendarKey, grain: str) -> dict[date, dict[str, Any]]:
    rows = (dict(zip(_NAMES, row, strict=True)) for row in period_rows(key))
    return {row["period_start"]: row for row in rows if row["grain"] == grain}


def test_a_day_is_known_in_both_calendars() -> None:
    names = [column.name for column in DAYS.columns]
    row = next(dict(zip(names, row, strict=True)) for row in day_rows() if row[0] == date(2026, 11, 1))
    assert row["jalali_date"] == "1405/08/10"
    assert (row["jalali_quarter"], row["iso_week"], row["iso_weekday"], row["quarter"]) == (3, 44, 7, 4)
    assert (row["weekday_name_en"], row["weekday_name_fa"]) == ("Sunday", "یکشنبه")
    assert row["jalali_month_name_fa"] == "آبان"
    assert row["day_number"] == (date(2026, 11, 1) - date(1970, 1, 1)).days


@pytest.mark.parametrize("key", _KEYS)
@pytest.mark.parametrize("grain", ["day", "week", "month", "quarter"])
def test_periods_follow_each_other_without_gap(key: CalendarKey, grain: str) -> None:
    periods = list(_periods(key, grain).values())
    for before, after in pairwise(periods):
        assert before["period_end"] == after["period_start"]
        assert after["previous_start"] == before["period_start"]
        assert after["period_index"] == before["period_index"] + 1
    assert all(each["days"] == (each["period_end"] - each["period_start"]).days for each in periods)
    assert periods[0]["previous_start"] is None


def test_weeks_start_on_the_declared_day_and_compare_with_52_weeks_before() -> None:
    week = _periods(CalendarKey("jalali", "saturday", 1), "week")[date(2026, 10, 31)]
    assert week["year_ago_start"] == date(2026, 10, 31) - timedelta(weeks=52)
    assert week["label_fa"] == "هفتهٔ ۱۴۰۵/۰۸/۰۹"


def test_jalali_months_compare_with_the_same_month_of_the_year_before() -> None:
    month = _periods(CalendarKey("jalali", "saturday", 1), "month")[date(2026, 10, 23)]
    assert (month["period_end"], month["year_ago_start"]) == (date(2026, 11, 22), date(2025, 10, 23))
    assert (month["label_en"], month["label_fa"]) == ("Aban 1405", "آبان ۱۴۰۵")


def test_a_leap_day_has_no_counterpart() -> None:
    jalali = _periods(CalendarKey("jalali", "saturday", 1), "day")
    assert jalali[date(2025, 3, 20)]["label_en"] == "1403/12/30"
    assert jalali[date(2025, 3, 20)]["year_ago_start"] is None
    gregorian = _periods(CalendarKey("gregorian", "monday", 1), "day")
    assert gregorian[date(2024, 2, 29)]["year_ago_start"] is None
    assert gregorian[date(2025, 2, 28)]["year_ago_start"] == date(2024, 2, 28)


def test_quarters_follow_the_fiscal_year() -> None:
    quarters = _periods(CalendarKey("gregorian", "monday", 2), "quarter")
    quarter = quarters[date(2026, 11, 1)]
    assert (quarter["period_end"], quarter["label_en"]) == (date(2027, 2, 1), "FY2026/27 Q4")
    assert quarter["year_ago_start"] == date(2025, 11, 1)
    assert _periods(_KEYS[0], "quarter")[date(2026, 10, 1)]["label_fa"] == "سه‌ماههٔ چهارم ۲۰۲۶"


def test_a_key_reads_back_and_refuses_nonsense() -> None:
    assert CalendarKey.parse("jalali-saturday-7") == _KEYS[1]
    with pytest.raises(ValueError, match="no such calendar"):
        CalendarKey("lunar", "monday", 1)


def test_the_calendar_lands_once_and_drops_what_is_no_longer_used(zone: RawZone) -> None:
    assert len(land_calendar(zone, _KEYS, load_id=1, loaded_at=_NOW)) == 2
    assert land_calendar(zone, _KEYS, load_id=2, loaded_at=_NOW) == []
    (landed,) = land_calendar(zone, _KEYS[:1], load_id=3, loaded_at=_NOW)
    assert landed.removed_slices == (_KEYS[1].key,)
    assert list(zone.manifest(PERIODS, "calendar").slices) == [_KEYS[0].key]
    (landed,) = land_calendar(zone, _KEYS, load_id=4, loaded_at=_NOW)
    assert landed.changed_slices == (_KEYS[1].key,)
