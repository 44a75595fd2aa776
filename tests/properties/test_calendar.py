"""Periods of any calendar, week start and fiscal year: no day is in none or in two, quarters are three months."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from connectors.calendar.make import CalendarKey, period_rows
from connectors.calendar.streams import PERIODS
from tests.properties.drawn import PROFILE
from tests.properties.periods import ONE_DAY, period_of

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@PROFILE
@given(st.sampled_from(["gregorian", "jalali"]), st.sampled_from(WEEKDAYS), st.integers(1, 12))
def test_periods_cover_every_day_once(calendar: str, week_start: str, fiscal_start: int) -> None:
    key = CalendarKey(calendar, week_start, fiscal_start)
    names = [column.name for column in PERIODS.columns]
    rows = [dict(zip(names, row, strict=True)) for row in period_rows(key)]
    by_grain = {
        grain: [row for row in rows if row["grain"] == grain] for grain in ("day", "week", "month", "quarter")
    }
    for grain, periods in by_grain.items():
        for before, after in pairwise(periods):
            assert before["period_end"] == after["period_start"]
            assert after["previous_start"] == before["period_start"]
            assert after["period_index"] == before["period_index"] + 1
        assert periods[0]["period_start"] < date(1990, 8, 1)
        assert periods[-1]["period_end"] > date(2060, 6, 1)
        starts = {row["period_start"] for row in periods}
        for row in periods[:: 1 if grain != "day" else 97]:
            assert (row["period_start"], row["period_end"]) == period_of(key.key, grain, row["period_start"])
            ago = row["year_ago_start"]
            assert ago is None or ago in starts
            days = (row["period_start"] - ago).days if ago else 365
            assert days == 364 if grain == "week" and ago else days in range(364, 368)
            assert row["days"] == (row["period_end"] - row["period_start"]).days
    assert all(row["period_start"].strftime("%A").lower() == week_start for row in by_grain["week"])
    months = {row["period_start"]: index for index, row in enumerate(by_grain["month"])}
    for quarter in by_grain["quarter"]:
        first = months[quarter["period_start"]]
        assert by_grain["month"][first + 2]["period_end"] == quarter["period_end"]
    years = [row for row in by_grain["week"] if row["period_start"] > date(1991, 6, 1)]
    assert all(row["year_ago_start"] == row["period_start"] - timedelta(weeks=52) for row in years)
    assert period_of(key.key, "day", date(2026, 3, 20))[1] - ONE_DAY == date(2026, 3, 20)
