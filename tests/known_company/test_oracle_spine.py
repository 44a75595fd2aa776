"""The oracle's calendars and status rules, on days that a person can count."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.known_company.oracle.cells import Amount, CellKey
from tests.known_company.oracle.feeds import Answers, Brand, Feed
from tests.known_company.oracle.periods import Calendar, Period, local_day, midnight
from tests.known_company.oracle.spine import cells

BRAND = Brand(
    "b", "Europe/Berlin", "EUR", Calendar(fiscal_year_start=4), datetime(2024, 3, 11, 6, tzinfo=UTC)
)
ORACLE = Path(__file__).with_name("oracle")
LOADED = ((date(2024, 2, 1), date(2024, 3, 8)),)


@pytest.mark.parametrize(
    ("calendar", "grain", "day", "start", "end"),
    [
        (Calendar(), "week", "2024-02-29", "2024-02-26", "2024-03-04"),
        (Calendar(week_start="sunday"), "week", "2024-02-29", "2024-02-25", "2024-03-03"),
        (Calendar(week_start="saturday"), "week", "2024-03-01", "2024-02-24", "2024-03-02"),
        (Calendar(), "month", "2024-02-29", "2024-02-01", "2024-03-01"),
        (Calendar(fiscal_year_start=4), "quarter", "2024-03-31", "2024-01-01", "2024-04-01"),
        (Calendar(fiscal_year_start=2), "quarter", "2024-01-15", "2023-11-01", "2024-02-01"),
        (Calendar("jalali"), "month", "2025-03-20", "2025-02-19", "2025-03-21"),
        (Calendar("jalali"), "quarter", "2024-03-19", "2023-12-22", "2024-03-20"),
    ],
)
def test_periods(calendar: Calendar, grain: str, day: str, start: str, end: str) -> None:
    expected = Period(grain, date.fromisoformat(start), date.fromisoformat(end))
    assert calendar.period(grain, date.fromisoformat(day)) == expected
    assert calendar.before(expected).end == expected.start


@pytest.mark.parametrize(
    ("calendar", "grain", "day", "expected"),
    [
        (Calendar(), "day", "2024-02-29", None),
        (Calendar(), "day", "2025-02-28", "2024-02-28"),
        (Calendar(), "week", "2024-03-01", "2023-02-27"),
        (Calendar(fiscal_year_start=4), "quarter", "2024-05-05", "2023-04-01"),
        (Calendar("jalali"), "day", "2025-03-20", None),
        (Calendar("jalali"), "month", "2025-03-20", "2024-02-20"),
    ],
)
def test_a_year_before(calendar: Calendar, grain: str, day: str, expected: str | None) -> None:
    """29 February and 30 Esfand have no counterpart; a week is compared with the one 52 weeks before."""
    found = calendar.year_ago(calendar.period(grain, date.fromisoformat(day)))
    assert found == (None if expected is None else date.fromisoformat(expected))


def test_days_of_23_and_25_hours() -> None:
    lengths = [
        midnight(date(2024, month, day + 1), "Europe/Berlin")
        - midnight(date(2024, month, day), "Europe/Berlin")
        for month, day in ((3, 30), (10, 27))
    ]
    assert lengths == [timedelta(hours=24), timedelta(hours=25)]
    short = midnight(date(2024, 4, 1), "Europe/Berlin") - midnight(date(2024, 3, 31), "Europe/Berlin")
    assert short == timedelta(hours=23)
    assert local_day(datetime(2024, 3, 30, 23, tzinfo=UTC), "Europe/Berlin") == date(2024, 3, 31)
    assert local_day(datetime(2024, 3, 31, 22, tzinfo=UTC), "Europe/Berlin") == date(2024, 4, 1)


def _feed(measure: str, **more: object) -> Feed:
    return Feed("s", measure, LOADED, **more)  # type: ignore[arg-type]


def _statuses(answers: Answers, kpi: str, grain: str) -> dict[str, str | None]:
    found = cells(BRAND, answers)
    return {
        key.period_start: cell.status
        for key, cell in found.items()
        if (key.kpi_id, key.grain) == (kpi, grain)
    }


def test_status_is_the_first_that_holds() -> None:
    """Loaded through 7 March, today is the 11th: 8 and 9 March are overdue, numbers settle after three days."""
    answers = Answers(
        feeds=[
            _feed(name, usable_after_days=1, final_after_days=3) for name in ("sessions", "engaged_sessions")
        ]
    )
    answers.add("s", "sessions", date(2024, 2, 5), 40)
    answers.add("s", "engaged_sessions", date(2024, 2, 5), 10)
    answers.add("s", "sessions", date(2024, 3, 7), 5)
    weeks = _statuses(answers, "bounce_rate", "week")
    assert weeks == {
        "2024-01-29": "no_denominator",
        "2024-02-05": "final",
        "2024-02-12": "no_denominator",
        "2024-02-19": "no_denominator",
        "2024-02-26": "no_denominator",
        "2024-03-04": "stale",
        "2024-03-11": "not_loaded",
    }
    days = _statuses(answers, "bounce_rate", "day")
    assert (days["2024-03-07"], days["2024-03-08"]) == ("low_sample", "not_loaded")
    assert _statuses(answers, "sessions", "day")["2024-03-07"] == "provisional"
    assert _statuses(answers, "sessions", "day")["2024-03-06"] == "final"


def test_a_loaded_day_without_a_row_is_zero_and_an_unknown_amount_is_not() -> None:
    answers = Answers(feeds=[_feed("ad_spend"), _feed("order_value")])
    answers.add("s", "ad_spend", date(2024, 2, 2), Decimal("10.50"))
    answers.add("s", "ad_spend", date(2024, 2, 3), None)
    answers.add("s", "ad_spend", date(2024, 2, 3), Decimal(7))
    answers.add("s", "order_value", date(2024, 2, 2), Decimal(21))
    found = cells(BRAND, answers)
    day = {
        key.period_start: cell for key, cell in found.items() if (key.kpi_id, key.grain) == ("roas", "day")
    }
    assert (day["2024-02-02"].value, day["2024-02-02"].status) == (2.0, "final")
    assert (day["2024-02-03"].denominator, day["2024-02-03"].status) == (None, "no_denominator")
    assert (day["2024-02-04"].denominator, day["2024-02-04"].numerator) == (0, 0)
    month = found[CellKey("b", "roas", "month", "2024-02-01", "overall", "all")]
    assert (month.numerator, month.denominator, month.value) == (21, None, None)


def test_counts_of_a_moment_are_carried_seven_days() -> None:
    answers = Answers(feeds=[Feed("s", "followers", ((date(2024, 2, 1), date(2024, 2, 2)),), expect="daily")])
    answers.periodic["s", "followers", "day", date(2024, 2, 1), ("overall", "all")] = Amount(Decimal(7))
    assert answers.feeds[0].loaded(BRAND.today) == {date(2024, 2, day) for day in range(1, 9)}


def test_users_of_two_sources_have_no_total() -> None:
    answers = Answers(feeds=[Feed(source, "active_users", LOADED) for source in ("s", "t")])
    for source in ("s", "t"):
        for segment in (("overall", "all"), ("source", source)):
            answers.periodic[source, "active_users", "month", date(2024, 2, 1), segment] = Amount(
                Decimal(3), 3
            )
    found = {key for key in cells(BRAND, answers) if key.grain == "month"}
    assert {(key.segment_type, key.segment) for key in found} == {("source", "s"), ("source", "t")}


def test_the_oracle_shares_no_code_with_what_it_judges() -> None:
    foreign = re.compile(
        r"^\s*(?:from|import)\s+(connectors|orchestration|dbt|duckdb|pyarrow|pandas|sqlite3)\b", re.MULTILINE
    )
    files = [
        *ORACLE.rglob("*.py"),
        *(ORACLE.parent / name for name in ("records.py", "clickstream.py", "clock.py")),
    ]
    assert len(files) > 20
    assert [path.name for path in files if foreign.search(path.read_text(encoding="utf-8"))] == []
